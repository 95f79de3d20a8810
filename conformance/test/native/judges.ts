/**
 * What these tests judge rtap by: `ip`, and what /proc says of this process.
 *
 * @module
 */

import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { COUNTER_WORDS, kernel, NativeError } from '@rtap/native';
import type { EngineName, NetworkNamespace } from '@rtap/native';
import { run } from '@rtap/testkit';

/** Runs `ip`, which has to succeed, and returns what it wrote. */
export async function ip(netns: NetworkNamespace, args: string): Promise<string> {
  const { code, stdout, stderr } = await run(netns, 'ip', args.split(' '));
  if (code !== 0) throw new Error(`ip ${args}: ${stderr}`);
  return stdout;
}

/** Whether `ip` finds the interface. */
export async function hasLink(netns: NetworkNamespace, name: string): Promise<boolean> {
  const { code } = await run(netns, 'ip', ['link', 'show', 'dev', name]);
  return code === 0;
}

/** Waits until `condition` holds: for what gives no event, such as the end of another process. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

/** Why an engine can't be had here; undefined when it can. */
export async function whyNot(
  engine: EngineName,
  netns: NetworkNamespace,
): Promise<string | undefined> {
  if (engine === 'syscall') return undefined;
  const tap = await kernel.openTap({ name: 'probe%d', queues: 1, netns, engine });
  await tap.close();
  const { reason } = tap.engine;
  return reason === undefined ? undefined : `kernel lacks io_uring: ${reason}`;
}

/** The network namespaces that threads of this process are in. */
export function threadNamespaces(): Set<string> {
  const found = readdirSync('/proc/self/task').map((task) => {
    try {
      return readlinkSync(`/proc/self/task/${task}/ns/net`);
    } catch {
      return ''; // It has just ended.
    }
  });
  return new Set(found.filter((link) => link !== ''));
}

/** The NativeError that `call` throws or rejects with. */
export async function nativeErrorOf(call: () => unknown): Promise<NativeError> {
  try {
    await call();
  } catch (error) {
    if (error instanceof NativeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A slab with room for a burst, its descriptors and counters. */
export interface Slab {
  readonly bytes: Uint8Array;
  readonly descriptors: Uint32Array;
  readonly counters: BigUint64Array;
}

/** Makes a slab; `shared` puts all of it over SharedArrayBuffers. */
export function makeSlab(shared = false): Slab {
  const buffer = (length: number): ArrayBuffer | SharedArrayBuffer =>
    shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
  return {
    bytes: new Uint8Array(buffer(640 * 1024)),
    descriptors: new Uint32Array(buffer(256 * 8)),
    counters: new BigUint64Array(buffer(COUNTER_WORDS * 8)),
  };
}

/** The frames that the first `count` descriptors describe, copied. */
export function frames({ bytes, descriptors }: Slab, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const [offset = 0, length = 0] = descriptors.subarray(2 * index, 2 * index + 2);
    return bytes.slice(offset, offset + length);
  });
}

/** Puts frames into a slab, each with an empty header in front. */
export function fill({ bytes, descriptors }: Slab, all: readonly Uint8Array[]): void {
  let position = 0;
  for (const [index, one] of all.entries()) {
    bytes.fill(0, position, position + 10);
    bytes.set(one, position + 10);
    descriptors.set([position + 10, one.length], 2 * index);
    position += Math.ceil((10 + one.length) / 64) * 64;
  }
}

/** A broadcast frame of an EtherType for local experiments. */
export function frame(length: number, byte: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(byte);
  bytes.set([255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 0x88, 0xb5]);
  return bytes;
}

/** A promise with what settles it. */
export interface Resolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Makes a promise that is resolved from outside. */
export function withResolvers<T>(): Resolvers<T> {
  let settle: ((value: T) => void) | undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle?.(value) };
}
