/**
 * Inputs in files: those that reached code that the seeds do not, one packed file a target, and those
 * that broke something once, each in a file of its own.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';

import { readInput, writeInput, type Input } from './input.ts';

/** Where the packed files are. */
export const corpusFolder: string = join(import.meta.dirname, 'corpus');
/** Where the finds are: `TARGET-NAME.bin`. They stay when what they broke is mended. */
export const findsFolder: string = join(import.meta.dirname, 'finds');

/** Reads the packed inputs of a target. */
export function readCorpus(target: string, folder: string = corpusFolder): Input[] {
  const file = join(folder, `${target}.br`);
  if (!existsSync(file)) return [];
  // Inputs are parts, and so is a list of them: each part's bytes are one input.
  const packed = readInput(new Uint8Array(brotliDecompressSync(readFileSync(file))));
  return packed.map(({ bytes }) => readInput(bytes));
}

/** Writes the inputs of a target, and tells the file. */
export function writeCorpus(
  target: string,
  inputs: readonly Input[],
  folder: string = corpusFolder,
): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target}.br`);
  const packed = writeInput(inputs.map((input) => ({ control: 0, bytes: writeInput(input) })));
  writeFileSync(file, brotliCompressSync(packed));
  return file;
}

/** The finds of a target, by the names of their files. */
export function readFinds(target: string, folder: string = findsFolder): [string, Input][] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => targetOf(file) === target)
    .map((file) => [file, readInput(new Uint8Array(readFileSync(join(folder, file))))]);
}

/** Writes a find, and tells the file. */
export function writeFind(target: string, input: Input, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const bytes = writeInput(input);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const file = join(folder, `${target}-${hash}.bin`);
  writeFileSync(file, bytes);
  return file;
}

/** The target that a file of {@link writeFind} is for. */
export function targetOf(file: string): string | undefined {
  return /([a-z0-9-]+)-[0-9a-z]+\.bin$/.exec(file)?.[1];
}
