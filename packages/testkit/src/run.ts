/**
 * Running programs in a namespace.
 *
 * @module
 */

import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/native';

/** How a program ended, and what it wrote. */
export interface RunResult {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it; null when it exited. */
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error. */
  readonly stderr: string;
}

/**
 * Runs a program in a namespace to its end.
 *
 * @throws what starting it throws: code `ENOENT` when there is no such program.
 *
 * @example
 * ```ts
 * import { NetworkNamespace } from '@rtap/native';
 * import { run } from '@rtap/testkit';
 *
 * const netns = await NetworkNamespace.create();
 * const { stdout } = await run(netns, 'ls', ['/sys/class/net']);
 * console.log(stdout.length > 0);
 * await netns.close();
 * ```
 */
export async function run(
  netns: NetworkNamespace,
  file: string,
  args: readonly string[] = [],
  options: { readonly signal?: AbortSignal } = {},
): Promise<RunResult> {
  const child = await netns.exec(file, args, { stdio: 'pipe', ...options });
  child.stdin?.end();
  const [stdout, stderr, exit] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    child.exited,
  ]);
  return { ...exit, stdout, stderr };
}

/**
 * Runs `ip -j` in a namespace and parses what it prints: the judge of everything that netlink says.
 *
 * @param args - such as `['-d', 'link', 'show', 'rtap0']`.
 * @throws Error with what `ip` wrote when it exits with another code than 0.
 */
export async function ipJson(netns: NetworkNamespace, args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(netns, 'ip', ['-j', ...args]);
  if (code !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim() === '' ? [] : JSON.parse(stdout);
}
