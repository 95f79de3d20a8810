/**
 * A shell in a network namespace that one pastes commands into.
 *
 * @module
 */

import { readFileSync, readlinkSync } from 'node:fs';
import type { NetworkNamespace } from '@rtap/core';
import { expect } from 'vitest';

/** A terminal. Disposing presses Ctrl-C and leaves. */
export interface Terminal extends AsyncDisposable {
  /** Pastes lines, and waits until all of them have run; one that fails, fails the test. */
  readonly run: (lines: string) => Promise<void>;
  /** Pastes lines whose last goes on, and waits until it has said something. */
  readonly begin: (lines: string) => Promise<void>;
  /** The folder that it is in. */
  readonly folder: () => string;
  /** All that was printed. */
  readonly printed: () => string;
}

/** Reads line by line, as a shell that somebody types into does, and stops at the first line that fails. */
const SHELL = 'set -e; while IFS= read -r line; do eval "$line"; done';

/** Longer than a reader waits. */
const PATIENCE = 240_000;

/** Opens one, in a folder. */
export async function openTerminal(
  netns: NetworkNamespace,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const shell = await netns.exec('bash', ['--norc', '-c', SHELL], { cwd, env, stdio: 'pipe' });
  const { stdin, stdout, stderr, pid } = shell;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('no terminal');
  let printed = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  // A line that fails ends it; what was pasted after that is not read.
  stdin.on('error', () => {});
  void shell.exited.then(() => {
    printed += '\nthe shell has ended\n';
  });
  const waitFor = async (pattern: RegExp, from: number): Promise<void> => {
    const said = (): string => printed.slice(from);
    const end = new RegExp(`${pattern.source}|the shell has ended`, 'm');
    await expect.poll(said, { timeout: PATIENCE }).toMatch(end);
    expect(said()).toMatch(new RegExp(pattern, 'm'));
  };
  let pastes = 0;
  return {
    run: async (lines) => {
      pastes += 1;
      const from = printed.length;
      stdin.write(`${lines}\necho "end of paste ${pastes}"\n`);
      await waitFor(new RegExp(`^end of paste ${pastes}$`), from);
    },
    begin: async (lines) => {
      const from = printed.length;
      stdin.write(`${lines}\n`);
      await waitFor(/^.+$/, from);
    },
    folder: () => readlinkSync(`/proc/${pid}/cwd`),
    printed: () => printed,
    [Symbol.asyncDispose]: async () => {
      for (const child of childrenOf(pid)) process.kill(child, 'SIGINT');
      stdin.end();
      await shell.exited;
    },
  };
}

/** What a process has started and what still runs, by proc_pid_task(5). */
function childrenOf(pid: number): readonly number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended.
    return [];
  }
}
