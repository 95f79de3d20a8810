/**
 * Running programs in a namespace.
 *
 * @module
 */

import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/native';
import { checkOptions, invalidType } from './argument.ts';

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
 * @param options - `signal` sends it SIGTERM when aborted.
 * @throws what starting it throws: code `ENOENT` when there is no such program; TypeError, RangeError; the signal's
 *   reason, once the program has ended.
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
  checkOptions('options', options);
  checkOptions('netns', netns);
  if (typeof netns.exec !== 'function') {
    throw invalidType('netns', 'a NetworkNamespace', netns);
  }
  const { signal } = options;
  const child = await netns.exec(file, args, { stdio: 'pipe', ...options });
  child.stdin?.end();
  // Whoever the program has started may hold its output open for long.
  const letGo = (): void => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  signal?.addEventListener('abort', letGo, { once: true });
  if (signal?.aborted === true) letGo();
  const output = Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
  ]);
  // It rejects when it is let go of: what is told then is why.
  const [written, exit] = await Promise.all([
    output.catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
      return ['', ''] as const;
    }),
    child.exited,
  ]);
  signal?.removeEventListener('abort', letGo);
  signal?.throwIfAborted();
  const [stdout, stderr] = written;
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
