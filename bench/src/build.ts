/**
 * What is built for benchmarks.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { cache, root } from './machine.ts';

/** Runs a builder; its output shows only when it fails. */
export function run(file: string, args: readonly string[], cwd: string = root): void {
  execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Where a benchmark's program in C is, once compiled. */
export function programOf(bench: string, name: string): string {
  return join(cache, `${bench}-${name}`);
}

/**
 * Compiles a program in C.
 *
 * @param source - its file, without `.c`.
 */
export function compile(bench: string, source: string): void {
  mkdirSync(cache, { recursive: true });
  const flags = ['-O3', '-Wall', '-Wextra', '-o', programOf(bench, basename(source))];
  run('gcc', [...flags, `${source}.c`]);
}
