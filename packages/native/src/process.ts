/**
 * Processes in a network namespace.
 *
 * @module
 */

import { Socket } from 'node:net';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';

import {
  checkOptions,
  checkString,
  checkText,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import type { ChildProcess, Namespace, SpawnOptions } from './binding.d.ts';
import { nativeError } from './errors.ts';
import { binding } from './load.ts';

/** How a program is started. */
export interface NamespaceExecOptions {
  /** Its whole environment. @default process.env */
  readonly env?: Readonly<Record<string, string>>;
  /** Its working directory. @default this process's */
  readonly cwd?: string;
  /** Its standard streams: pipes to this process, this process's own, or none. @default 'pipe' */
  readonly stdio?: 'pipe' | 'inherit' | 'ignore';
  /** Aborted, it sends the process SIGTERM; `exited` resolves as ever. */
  readonly signal?: AbortSignal;
}

/** How a process ended: one of the two is there. */
export interface ProcessEnd {
  /** Its exit code, or null. */
  readonly code: number | null;
  /** The signal that killed it, or null. */
  readonly signal: NodeJS.Signals | null;
}

/** A running process in a namespace. */
export interface NamespaceProcess {
  /** Its process id. */
  readonly pid: number;
  /** Its standard input, with `stdio: 'pipe'`; destroyed when it has ended. */
  readonly stdin: Writable | null;
  /**
   * Its standard output, with `stdio: 'pipe'`. What nobody has begun to read by the turn of the event
   * loop after `exited` is thrown away.
   */
  readonly stdout: Readable | null;
  /** Its standard error, in the same way. */
  readonly stderr: Readable | null;
  /** Resolves when it has ended; never rejects. Keeps the event loop alive until then. */
  readonly exited: Promise<ProcessEnd>;
  /** Sends a signal; false when it has ended. @default 'SIGTERM' */
  kill(signal?: NodeJS.Signals): boolean;
}

/** Starts a program in a namespace of the addon; the arguments are checked here. */
export async function spawnIn(
  namespace: Namespace,
  file: string,
  args: readonly string[],
  options: NamespaceExecOptions,
): Promise<NamespaceProcess> {
  const checked = checkArguments(file, args, options);
  const { signal } = options;
  signal?.throwIfAborted();
  let child;
  try {
    child = await binding().spawnProcess(namespace, checked);
  } catch (error) {
    throw nativeError(error);
  }
  return wrap(child, signal);
}

function wrap(child: ChildProcess, signal: AbortSignal | undefined): NamespaceProcess {
  const [input = -1, output = -1, error = -1] = child.takePipes();
  const kill = (name: NodeJS.Signals = 'SIGTERM'): boolean => {
    const number: number | undefined = constants.signals[name];
    if (number === undefined) throw outOfRange('signal', 'the name of a signal', name);
    try {
      return child.kill(number);
    } catch (thrown) {
      throw nativeError(thrown);
    }
  };
  const abort = (): void => {
    kill();
  };
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  const stdin = input < 0 ? null : new Socket({ fd: input, readable: false, writable: true });
  const stdout = output < 0 ? null : new Socket({ fd: output, readable: true, writable: false });
  const stderr = error < 0 ? null : new Socket({ fd: error, readable: true, writable: false });
  const exited = child.exited().then((exit): ProcessEnd => {
    signal?.removeEventListener('abort', abort);
    stdin?.destroy();
    // Who reads only now may begin when told of the end.
    setImmediate(() => {
      flush(stdout);
      flush(stderr);
    });
    return { code: exit.code ?? null, signal: signalName(exit.signal) };
  });
  return {
    pid: child.pid,
    stdin,
    stdout,
    stderr,
    exited,
    kill,
  };
}

/** Reads a stream to its end when nobody else does, so that it is closed. */
function flush(stream: Readable | null): void {
  // Null before anything was done to make it flow, or to keep it from that.
  if (stream?.readableFlowing === null) stream.resume();
}

const NAMES: ReadonlyMap<number, NodeJS.Signals> = signalNames();

function signalNames(): Map<number, NodeJS.Signals> {
  const names = new Map<number, NodeJS.Signals>();
  let name: NodeJS.Signals;
  for (name in constants.signals) {
    const number = constants.signals[name];
    // Some have two names; the first is the usual one (SIGABRT, SIGIOT).
    if (!names.has(number)) names.set(number, name);
  }
  return names;
}

function signalName(number: number | undefined): NodeJS.Signals | null {
  return number === undefined ? null : (NAMES.get(number) ?? null);
}

const STDIO: readonly string[] = ['pipe', 'inherit', 'ignore'];

function checkArguments(
  file: string,
  args: readonly string[],
  options: NamespaceExecOptions,
): SpawnOptions {
  checkText('file', file);
  if (!Array.isArray(args)) throw invalidArgumentType('args', 'an instance of Array', args);
  checkOptions('options', options);
  const { cwd, stdio = 'pipe', signal } = options;
  if (!STDIO.includes(stdio))
    throw outOfRange('options.stdio', "'pipe', 'inherit' or 'ignore'", stdio);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidArgumentType('options.signal', 'an instance of AbortSignal', signal);
  }
  const checked: SpawnOptions = {
    file,
    // Unlike `map` this sees the holes of an array.
    args: Array.from(args, (argument, index) => checkString(`args[${index}]`, argument)),
    env: checkEnvironment(options.env),
    stdio,
  };
  if (cwd !== undefined) checked.cwd = checkText('options.cwd', cwd);
  return checked;
}

/** Names and values in turn. */
function checkEnvironment(given: NamespaceExecOptions['env']): string[] {
  if (given !== undefined) checkOptions('options.env', given);
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(given ?? process.env)) {
    // As in Node a variable that is undefined is none; `process.env` can have one without a name.
    if (value === undefined || (given === undefined && name === '')) continue;
    checkText('options.env', name);
    if (name.includes('=')) throw outOfRange('options.env', "names without '='", name);
    pairs.push(name, checkString(`options.env.${name}`, value));
  }
  return pairs;
}
