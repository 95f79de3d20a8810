/**
 * The files of a run.
 *
 * @module
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Machine } from './machine.ts';

/** The contents of the files. */
export interface Files {
  readonly json: unknown;
  readonly markdown: string;
  /** A picture. */
  readonly svg?: string;
}

/**
 * Writes what came out, named by kernel, processor and commit; tells where.
 *
 * @param contents - told the name of the picture's file.
 */
export async function writeResults(
  bench: string,
  { kernel, cpu, commit }: Machine,
  folder: string,
  contents: (picture: string) => Files,
): Promise<string> {
  const name = [bench, kernel, cpu, commit]
    .map((part) => part.replaceAll(/[^\w.]+/g, '-').replaceAll(/^-|-$/g, ''))
    .join('_')
    .toLowerCase();
  const file = join(folder, name);
  const { json, markdown, svg } = contents(`${name}.svg`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.json`, `${JSON.stringify(json, undefined, 2)}\n`);
  await writeFile(`${file}.md`, markdown);
  if (svg === undefined) return `${file}.md, .json`;
  await writeFile(`${file}.svg`, svg);
  return `${file}.md, .json, .svg`;
}
