/**
 * Runs other programs: captured, quietly with a label, or in the foreground with signals passed on.
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** @typedef {{ cwd: string, env: Record<string, string | undefined> }} Place */

/**
 * Runs to the end and returns what was printed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Place} place
 */
export function capture(file, args, place) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    ...place,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: status ?? 1, stdout: stdout ?? '', stderr: stderr ?? '', error };
}

/**
 * Runs a step of the setup: nothing is printed while it is quick, what it does (to standard error)
 * when it is not, and all its output when it fails. With RTAP_VERBOSE=1 the output is shown as it comes.
 * @param {{ label: string, note?: string, patience?: number }} about what is done; how long that takes; milliseconds before it is said
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Place} place
 * @returns {Promise<void>}
 */
export async function step({ label, note = '', patience = 0 }, file, args, place) {
  const verbose = place.env.RTAP_VERBOSE === '1';
  const say = () => process.stderr.write(`rtap: ${label}${note === '' ? '' : ` (${note})`} ...\n`);
  const timer = setTimeout(say, patience);
  const child = spawn(file, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const output = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      if (verbose) process.stderr.write(chunk);
      else output.push(chunk);
    });
  }
  const end = await ended(child);
  clearTimeout(timer);
  if (end.code === 0) return;
  process.stderr.write(Buffer.concat(output));
  throw new Failed(`rtap: ${label} failed (${file} ended with ${end.text})`, end.code);
}

/** A program ended badly; the message has been or will be printed, no stack is of use. */
export class Failed extends Error {
  /**
   * @param {string} message
   * @param {number} code exit code to end with
   */
  constructor(message, code) {
    super(message);
    this.name = 'Failed';
    this.code = code;
  }
}

/** @typedef {{ code: number, text: string }} End */

/**
 * Waits for a child: its exit code, 128 + n for signal n, 127 when it could not be started.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<End>}
 */
export function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, text: error.message }));
    child.once('close', (code, signal) => {
      if (signal === null) resolve({ code: code ?? 1, text: `code ${code}` });
      else resolve({ code: 128 + constants.signals[signal], text: signal });
    });
  });
}

/** Signals that ask for an end. */
const ending = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Passes the signals that ask for an end on to a child, and keeps this process alive until the child
 * has ended by itself. Ctrl-C in a terminal reaches the child without help, and npm repeats it: so a
 * second signal within half a second is the same one, and none is passed on that the terminal gave.
 * @param {import('node:child_process').ChildProcess} child
 * @param {{ insist: boolean }} options whether SIGINT is passed on all the same when the child still lives a second later: it may have been sent to this process only
 * @returns {() => void} stops passing on
 */
export function forwardSignals(child, { insist }) {
  let last = -Infinity;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now();
    if (now - last < 500) return;
    last = now;
    if (signal !== 'SIGINT' || !hasTerminal()) child.kill(signal);
    else if (insist) setTimeout(() => child.kill(signal), 1000).unref();
  };
  for (const signal of ending) process.on(signal, forward);
  return () => {
    for (const signal of ending) process.off(signal, forward);
  };
}

/** Whether this process group has the terminal, and so gets its Ctrl-C. */
function hasTerminal() {
  try {
    // proc(5): after the name in parentheses: state, ppid, pgrp, session, tty_nr, tpgid.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[2] === fields[5];
  } catch {
    return false;
  }
}

/**
 * Runs a program in the foreground, with this process's own streams, and passes signals on.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Place} place
 * @param {{ insist: boolean }} signals
 * @returns {Promise<number>} its exit code
 */
export async function foreground(file, args, place, signals = { insist: false }) {
  const child = spawn(file, args, { ...place, stdio: 'inherit' });
  const stop = forwardSignals(child, signals);
  const end = await ended(child);
  stop();
  if (end.code === 127) process.stderr.write(`rtap: ${end.text}\n`);
  return end.code;
}
