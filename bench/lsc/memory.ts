/**
 * What many devices hold: of the process's memory, and of the kernel's.
 *
 * @module
 */

import { readFileSync } from 'node:fs';

/** Memory of a process, in bytes. */
export interface Memory {
  /** Resident, of `smaps_rollup`. */
  readonly rss: number;
  /** Resident, what is shared counted in parts. */
  readonly pss: number;
  /** Resident and of no file: heaps and stacks. */
  readonly anonymous: number;
  /** Of JavaScript objects. */
  readonly heapUsed: number;
  /** Of what JavaScript objects hold outside the heap. */
  readonly external: number;
  /** The part of it that is ArrayBuffers. */
  readonly arrayBuffers: number;
}

/** What a device adds, in bytes: the differences of two moments over the number of devices between them. */
export type PerDevice = Readonly<Record<string, number>>;

/** Lines of /proc/meminfo that the kernel's own memory shows in. */
const KERNEL = ['Slab', 'Percpu', 'VmallocUsed', 'KernelStack', 'PageTables'];

/** The kernel's memory now, in bytes, by lines of /proc/meminfo; of the whole machine. */
export function kernelMemory(): PerDevice {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const line = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  // What is in use of all pages, and is neither a program's nor a file's: where no line of its own says it.
  const used = line('MemTotal') - line('MemFree') - line('AnonPages') - line('Cached');
  return {
    ...Object.fromEntries(KERNEL.map((name) => [name, line(name)])),
    'all but programs and files': used - line('Buffers'),
  };
}

/** What each of `devices` devices added. */
export function perDevice(before: PerDevice, after: PerDevice, devices: number): PerDevice {
  return Object.fromEntries(
    Object.entries(after).map(([name, bytes]) => [name, (bytes - (before[name] ?? 0)) / devices]),
  );
}
