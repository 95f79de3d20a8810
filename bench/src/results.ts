/**
 * The files of a run.
 *
 * @module
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Machine } from './machine.ts';

/** Writes what came out, named by kernel, processor and commit; tells where. */
export async function writeResults(
  bench: string,
  { kernel, cpu, commit }: Machine,
  folder: string,
  told: { readonly json: unknown; readonly markdown: string },
): Promise<string> {
  const name = [bench, kernel, cpu, commit]
    .map((part) => part.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, ''))
    .join('_')
    .toLowerCase();
  const file = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.json`, `${JSON.stringify(told.json, undefined, 2)}\n`);
  await writeFile(`${file}.md`, told.markdown);
  return `${file}.md, .json`;
}
