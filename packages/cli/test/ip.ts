/**
 * Many commands of `ip` in one process.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/core';
import { run } from '@rtap/testkit';

/** Runs the commands in their order. @throws Error with what was said when one of them fails. */
export async function ip(
  netns: NetworkNamespace,
  lines: readonly string[],
  flags: '' | '-6' = '',
): Promise<void> {
  const script = `printf '%s\\n' "$@" | ip ${flags} -batch -`;
  const { code, stderr } = await run(netns, 'sh', ['-c', script, 'sh', ...lines]);
  if (code === 0) return;
  const line = Number(/Command failed -:(\d+)/.exec(stderr)?.[1]);
  throw new Error(`ip ${lines[line - 1]}: ${stderr.trim()}`);
}
