/**
 * Many commands of `ip`, `tc` or `bridge` in one process.
 *
 * @module
 */

import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/native';

/** Runs the commands in their order. @throws Error with what was said when one of them fails. */
export async function batch(
  netns: NetworkNamespace,
  lines: readonly string[],
  [program, ...options]: readonly ['ip' | 'tc' | 'bridge', ...string[]] = ['ip'],
): Promise<void> {
  const child = await netns.exec(program, [...options, '-batch', '-'], { stdio: 'pipe' });
  child.stdin?.end(`${lines.join('\n')}\n`);
  child.stdout?.resume();
  const [said, { code }] = await Promise.all([
    child.stderr === null ? '' : text(child.stderr),
    child.exited,
  ]);
  if (code === 0) return;
  const line = Number(/Command failed -:(\d+)/.exec(said)?.[1]);
  throw new Error(`${program} ${lines[line - 1]}: ${said.trim()}`);
}
