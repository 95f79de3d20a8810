/**
 * The machine that is measured on: what it is, and which programs it has.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { delimiter, join } from 'node:path';

import { findProgram } from '@rtap/testkit';

/** The top of the repository. */
export const root: string = join(import.meta.dirname, '../..');
/** What is built and fetched for benchmarks; git ignores it. */
export const cache: string = join(root, '.rtap/bench');

/** What a result is told apart by. */
export interface Machine {
  /** Release of the kernel. */
  readonly kernel: string;
  /** Model of the processor. */
  readonly cpu: string;
  /** Processors that this process may use. */
  readonly cores: number;
  /** The commit that is checked out, short, with `-dirty` when files differ; `unknown` without git. */
  readonly commit: string;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    kernel: release(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    commit: commit(),
  };
}

function commit(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=10', '--exclude=*'];
    return output('git', args).trim();
  } catch {
    return 'unknown';
  }
}

/** What a program prints; throws when it fails. */
function output(file: string, args: readonly string[]): string {
  return execFileSync(file, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Why nothing in C can be built; undefined when it can. */
export function missingCompiler(): string | undefined {
  return findProgram('gcc') === undefined
    ? 'gcc is not installed: apt-get install gcc libc6-dev'
    : undefined;
}

/** Why the contenders of netlink in C cannot be built; undefined when they can. */
export function missingForC(): string | undefined {
  const missing = missingCompiler();
  if (missing !== undefined) return missing;
  if (!existsSync('/usr/include/libmnl/libmnl.h')) {
    return 'libmnl-dev is not installed: apt-get install libmnl-dev';
  }
  return undefined;
}

/** The first Node of a major version on PATH, and where `--peers` would have put one. */
export function findNode(major: number): string | undefined {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'));
  return [...folders, join(cache, `node${major}/node_modules/.bin/node`)].find(
    (file) => existsSync(file) && nodeVersion(file)?.startsWith(`v${major}.`),
  );
}

/** The version of a Node, such as `v20.19.6`; undefined when it does not run. */
export function nodeVersion(file: string): string | undefined {
  try {
    return output(file, ['--version']).trim();
  } catch {
    return undefined;
  }
}

/** The processors that this process may run on, as `taskset --cpu-list` takes them. */
export function allCpus(): string {
  const status = readFileSync('/proc/self/status', 'utf8');
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
}

/** The last of them. */
export function lastCpu(): string {
  return allCpus().split(/[,-]/).at(-1) ?? '0';
}

/** The first of them. */
export function firstCpu(): string {
  return allCpus().split(/[,-]/)[0] ?? '0';
}

/**
 * The processor to run on.
 *
 * @param asked - its number, or `none`: any.
 * @returns the last one when nothing was asked; undefined for any, and where there is no taskset.
 */
export function chooseCpu(asked: string | undefined): string | undefined {
  if (asked === 'none' || findProgram('taskset') === undefined) return undefined;
  return asked ?? lastCpu();
}
