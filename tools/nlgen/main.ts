/**
 * Writes the families of `@rtap/netlink` from their tables: `npm run nlgen`. With `--check` nothing is
 * written, and the process fails when a file is not what its table gives. With `--compare FOLDER` the
 * tables are compared with the kernel's own descriptions there (`Documentation/netlink/specs` of its
 * sources), and the process fails when there is news.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

import { report } from './compare/report.ts';
import { familyFiles } from './family.ts';
import { families } from './spec/index.ts';
import type { Family } from './table.ts';

/** The generated files, formatted, by their path in the sources of `@rtap/netlink`. */
export async function generate(tables: readonly Family[]): Promise<Map<string, string>> {
  const config = await resolveConfig(import.meta.filename);
  const files = tables.flatMap((family) => [...familyFiles(family)]);
  const formatted = files.map(
    async ([path, code]) =>
      [path, await format(code, { ...config, parser: 'typescript' })] as const,
  );
  return new Map(await Promise.all(formatted));
}

/** The files below `folder` that are not as generated. */
export function outdated(files: ReadonlyMap<string, string>, folder: string): string[] {
  return [...files]
    .filter(([path, code]) => {
      const file = join(folder, path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== code;
    })
    .map(([path]) => path);
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === '--compare') {
    const { lines, news } = report(families, args[1] ?? '');
    console.log(lines.join('\n'));
    return news > 0 ? 1 : 0;
  }
  const folder = join(import.meta.dirname, '../../packages/netlink/src');
  const files = await generate(families);
  const stale = outdated(files, folder);
  if (args[0] === '--check') {
    for (const path of stale) {
      console.error(`packages/netlink/src/${path} is not what its table gives: npm run nlgen`);
    }
    return stale.length > 0 ? 1 : 0;
  }
  for (const path of stale) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), files.get(path) ?? '');
    console.log(path);
  }
  return 0;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));
