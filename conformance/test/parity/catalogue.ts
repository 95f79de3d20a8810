/**
 * The parity table: the reference beside rtap, as Markdown.
 *
 * @module
 */

import { cases } from './catalogue-cases.ts';
import type { Entry } from './catalogue-cases.ts';
import { defects } from './catalogue-defects.ts';

/** All there is, with the name of the test that each has when it is tested. */
export const catalogue: readonly (Entry & { readonly test: string })[] = [
  ...cases.map((one) => ({ ...one, test: `${one.id}: ${one.name}` })),
  ...defects.map((one) => ({ ...one, test: `${one.id}: ${one.rtap}` })),
];

/** A table with columns as wide as their widest cell, as prettier wants it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...others] = rows.map((row) => line(row, ' '));
  return [
    head,
    line(
      widths.map(() => ''),
      '-',
    ),
    ...others,
  ].join('\n');
}

/** The page `docs/parity.md`. */
export function parityPage(): string {
  const count = (wanted: string): number =>
    catalogue.filter(({ status }) => status.startsWith(wanted)).length;
  return `# The reference beside rtap

The reference is DPDK's \`net/rtap\` driver, version 6 of its series, with its 32 test cases and the defects that were found in it. Each has a test in \`conformance/test/parity/\` that bears its name; \`ip\`, \`tcpdump\`, \`ping\` and the kernel are the judges. ${count('tested')} are tested, ${count('open')} are open, ${count('n/a')} do not apply.

This page is made of \`conformance/test/parity/catalogue*.ts\` by \`npm test -- conformance/test/parity -u\`; a test fails when it is out of date.

## Cases

${table([
  ['case', 'name', 'the reference asserts', 'here', 'status'],
  ...cases.map(({ id, name, reference, rtap, status }) => [
    ...[id.replace('case ', ''), `\`${name}\``, reference, rtap, status],
  ]),
])}

## Defects

${table([
  ['defect', 'of the reference', 'here', 'status'],
  ...defects.map(({ id, reference, rtap, status }) => [id, reference, rtap, status]),
])}
`;
}
