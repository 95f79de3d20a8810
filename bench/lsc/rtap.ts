/**
 * The contender of rtap: commands on its input, an answer of one line each, as `c/contender.c` has them.
 *
 *     devices COUNT  opens devices until there are so many; prints the index of the first
 *     listen COUNT   prints `ready`, then, when the first device has told so many changes: `CPU TIME ...`
 *     open NUMBER    openTap() to the first frame sent, with this number; prints CLOCK_MONOTONIC before it
 *     close          closes that device; prints `closed`
 *     memory         prints what the process holds, as JSON, after a garbage collection
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { openTap, type TapDevice } from '@rtap/core';

import type { Memory } from './memory.ts';

/** Devices that are opened at once. */
const AT_ONCE = 16;

const devices: TapDevice[] = [];
let opened: TapDevice | undefined;

for await (const line of createInterface(process.stdin)) {
  const [command = '', argument = ''] = line.split(' ');
  const number = Number(argument);
  switch (command) {
    case 'devices':
      answer(await openDevices(number));
      break;
    case 'listen':
      answer(await listen(number));
      break;
    case 'open': {
      const frame = numbered(number);
      const start = process.hrtime.bigint();
      opened = await openTap();
      opened.send(frame);
      answer(start);
      break;
    }
    case 'close':
      await opened?.close();
      answer('closed');
      break;
    case 'memory':
      answer(JSON.stringify(memory()));
      break;
    default:
      throw new Error(`no such command: ${command}`);
  }
}
process.exit();

function answer(text: string | number | bigint): void {
  process.stdout.write(`${text}\n`);
}

async function openDevices(count: number): Promise<number> {
  while (devices.length < count) {
    const more = Math.min(AT_ONCE, count - devices.length);
    devices.push(...(await Promise.all(Array.from({ length: more }, () => openTap()))));
  }
  return first().ifindex;
}

function first(): TapDevice {
  const [device] = devices;
  if (device === undefined) throw new Error('there is no device');
  return device;
}

/** Nothing but the clock is looked at in the listener. */
async function listen(count: number): Promise<string> {
  const tap = first();
  const times: bigint[] = [];
  return new Promise((resolve) => {
    const before = process.cpuUsage();
    const listener = (): void => {
      times.push(process.hrtime.bigint());
      if (times.length < count) return;
      tap.off('link', listener);
      const { user, system } = process.cpuUsage(before);
      resolve(`${(user + system) * 1000} ${times.join(' ')}`);
    };
    tap.on('link', listener);
    answer('ready');
  });
}

/** Broadcast, of ethertype 0x88b5 (for experiments): what the judge looks for. */
function numbered(number: number): Uint8Array {
  const frame = new Uint8Array(60);
  frame.fill(0xff, 0, 6);
  frame.set([0x02, 0, 0, 0, 0, 0, 0x88, 0xb5], 6);
  new DataView(frame.buffer).setUint32(14, number, true);
  return frame;
}

function memory(): Memory {
  globalThis.gc?.();
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) * 1024;
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return {
    rss: field('Rss'),
    pss: field('Pss'),
    anonymous: field('Anonymous'),
    heapUsed,
    external,
    arrayBuffers,
  };
}
