/**
 * `npm run nlgen -- --compare FOLDER`: the tables beside the kernel's own descriptions.
 *
 * @module
 */

import type { Family } from '../table.ts';
import { compare, type Finding } from './compare.ts';
import { readSpecs } from './kernel-spec.ts';
import { reasonFor } from './known.ts';

/**
 * Compares tables with the specifications in a folder (`Documentation/netlink/specs` of a kernel's
 * sources): a line each difference, and how many of them are news.
 */
export function report(
  families: readonly Family[],
  folder: string,
): { readonly lines: readonly string[]; readonly news: number } {
  const specs = readSpecs(folder);
  const lines: string[] = [];
  let news = 0;
  for (const family of families) {
    const { counterpart, findings } = compare(family, specs);
    lines.push(`${family.file}: ${counterpart ?? 'in none of the specifications'}`);
    for (const finding of findings) {
      const reason = reasonFor(finding);
      if (reason === undefined) news += 1;
      lines.push(`  ${line(finding)}${reason === undefined ? '' : ` (known: ${reason})`}`);
    }
  }
  const known = lines.length - families.length - news;
  lines.push(`${specs.length} specifications, ${news} news, ${known} known differences`);
  return { lines, news };
}

function line({ kind, where, ours, spec }: Finding): string {
  return `${kind.padEnd(6)} ${where}; table: ${ours}; specification: ${spec}`;
}
