/**
 * The `rtap` command, started as a user starts it.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Its program. */
export const RTAP: string = new URL('../src/bin.ts', import.meta.url).pathname;

/** How it ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it with pipes for its output; it ends with the test. */
export function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [RTAP, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Runs it to its end. */
export async function rtap(...args: readonly string[]): Promise<Ended> {
  const child = start(...args);
  if (child.stdout === null || child.stderr === null) throw new TypeError('no output');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

/** Runs it with `--json` and reads what it prints. @throws Error with what it says when it fails. */
export async function rtapJson(...args: readonly string[]): Promise<readonly Json[]> {
  const { code, stdout, stderr } = await rtap('--json', ...args);
  if (code !== 0) throw new Error(`rtap ${args.join(' ')}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** An object that was printed. */
export type Json = Readonly<Record<string, unknown>>;

/** Keeps the lines of JSON that it prints, as they come. */
export function linesOf(child: ChildProcess): readonly Json[] {
  if (child.stdout === null) throw new TypeError('no stdout');
  const lines: Json[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return lines;
}

/** Sends it a signal and waits for its end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}
