/**
 * The contender of rtap: commands on its input, an answer of one line each, as `c/contender.c` has them, and
 *
 *     allocate FRAMES  takes so many frames from a flood and sends them back; prints what the heap grew by, as JSON
 *     echo MICROSECONDS answers pings as C does, and polls busily for so long after each
 *     delay MS FLOOD   reads `batches()` for so long, flooded or not; prints by how much the event loop was late, as JSON
 *     resources        prints what keeps the event loop alive, as JSON
 *
 * The file of the built `@rtap/core` is its argument: what is published is measured. `io_uring` behind it asks for that.
 *
 * @module
 */

import { readSync, writeSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { burstOf, drain, sendBursts, timeWork } from '@rtap/cli/bench';
import type { FrameBatch, TapDevice, TapQueue } from '@rtap/core';

import { core } from './built.ts';
import { answerEcho } from './icmp-echo.ts';

const engine = process.argv[3] === 'io_uring' ? 'io_uring' : 'syscall';

/** Where requests to the filler go, and its answers come from (`c/request.h`). */
const REQUESTS = 3;
const ANSWERS = 4;
const RAW = 0;
const FLOOD = 1;
/** Where the type stands in a frame, and the number that is written to each. */
const TYPE = 12;
const NUMBER = 14;
/** Frames of which nothing is measured yet when memory is: compilers of JavaScript take their time, and space. */
const WARM = 500_000;
/** The same for time. */
const WARM_MILLISECONDS = 500;

const devices: TapDevice[] = [];
const request = new Uint32Array(4);
const requestBytes = new Uint8Array(request.buffer);
const answerBytes = new Uint8Array(4);
/** The slab that was seen last, and its 16-bit words: views cost time to make. */
let seen: ArrayBufferLike | undefined;
let words: Uint16Array = new Uint16Array();

const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
for (;;) {
  const { done, value } = await lines.next();
  if (done === true) break;
  const [command = '', ...rest] = value.split(' ');
  say(await obey(command, rest.map(Number)));
}
process.exit();

async function obey(command: string, numbers: readonly number[]): Promise<string | number> {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = numbers;
  switch (command) {
    case 'open':
      return open(first !== 0);
    case 'rx':
      return rx(first, second, third, fourth, fifth);
    case 'tx':
      return tx(first, second, third);
    case 'forward':
      return forward(first, second, third, fourth);
    case 'echo':
      return echo(first);
    case 'allocate':
      return JSON.stringify(allocate(first));
    case 'delay':
      return JSON.stringify(await delay(first, second !== 0));
    case 'resources':
      return JSON.stringify(process.getActiveResourcesInfo());
    default:
      throw new Error(`no such command: ${command}`);
  }
}

function say(text: string | number): void {
  process.stdout.write(`${text}\n`);
}

async function open(offloads: boolean): Promise<string> {
  const tap = await core.openTap({ offloads: offloads ? 'auto' : 'none', engine });
  devices.push(tap);
  const { granted, reason } = tap.info().offloads;
  if (offloads && !granted.includes('uso4')) return `absent ${reason ?? 'no offload of UDP'}`;
  return `${tap.name} ${tap.ifindex}`;
}

function deviceAt(index: number): TapDevice {
  const tap = devices[index];
  if (tap === undefined) throw new Error(`there is no device ${index}`);
  return tap;
}

function queueOf(device: number): TapQueue {
  return deviceAt(device).queue(0);
}

function ask(kind: number, count: number, length: number): void {
  request.set([kind, devices[0]?.ifindex ?? 0, count, length]);
  writeSync(REQUESTS, requestBytes);
}

function fill(kind: number, count: number, length: number): void {
  ask(kind, count, length);
  readSync(ANSWERS, answerBytes);
}

function rx(kind: number, count: number, length: number, burst: number, chunks: number): string {
  const queue = queueOf(0);
  const before = queue.counters;
  const { time, sum } = timeWork(
    chunks,
    () => sumOfTypes(queue, burst),
    () => fill(kind, count, length),
  );
  const { rxPackets, rxBytes } = queue.counters;
  return `${time} ${rxPackets - before.rxPackets} ${rxBytes - before.rxBytes} ${sum}`;
}

/** Of all frames that are there. Not by `drain`: a call a burst, on top, made it 1 to 2 % slower. */
function sumOfTypes(queue: TapQueue, burst: number): number {
  let sum = 0;
  for (;;) {
    const batch = queue.rxBurst(burst);
    const { count, slab } = batch;
    if (count === 0) return sum;
    for (let index = 0; index < count; index += 1) {
      const type = batch.offset(index) + TYPE;
      sum += ((slab[type] ?? 0) << 8) | (slab[type + 1] ?? 0);
    }
  }
}

function tx(length: number, burst: number, batches: number): string {
  const queue = queueOf(0);
  const batch = burstOf(deviceAt(0), length, burst);
  const before = queue.counters;
  const numbers = new Uint32Array(batch.slab.buffer);
  const change = (first: number): void => {
    for (let index = 0; index < burst; index += 1) {
      // Frames begin 10 bytes behind a multiple of 64: their 15th byte stands at a multiple of 4.
      numbers[(batch.offset(index) + NUMBER) >> 2] = first + index;
    }
  };
  const { time, sum } = timeWork(1, () => sendBursts(queue, batch, batches, change));
  const { txPackets, txBytes } = queue.counters;
  return `${time} ${txPackets - before.txPackets} ${txBytes - before.txBytes} ${sum}`;
}

function forward(count: number, length: number, burst: number, chunks: number): string {
  const from = queueOf(0);
  const to = queueOf(1);
  const before = from.counters;
  const sentBefore = to.counters.txPackets;
  const { time } = timeWork(
    chunks,
    () => drain(from, burst, (batch) => passOn(batch, to)),
    () => fill(RAW, count, length),
  );
  const { rxPackets, rxBytes } = from.counters;
  const sent = to.counters.txPackets - sentBefore;
  return `${time} ${rxPackets - before.rxPackets} ${rxBytes - before.rxBytes} ${sent}`;
}

/** Sends a burst with its MAC addresses swapped. */
function passOn(batch: FrameBatch, to: TapQueue): number {
  swapAddresses(batch);
  return to.txBurst(batch);
}

function swapAddresses(batch: FrameBatch): void {
  if (seen !== batch.slab.buffer) {
    seen = batch.slab.buffer;
    words = new Uint16Array(seen);
  }
  const { count } = batch;
  for (let index = 0; index < count; index += 1) {
    const at = batch.offset(index) >> 1;
    for (let word = at; word < at + 3; word += 1) {
      const kept = words[word] ?? 0;
      words[word] = words[word + 3] ?? 0;
      words[word + 3] = kept;
    }
  }
}

/** Answers pings; after each the event loop stays awake for so many microseconds. */
async function echo(busyPoll: number): Promise<number> {
  const queue = queueOf(0);
  const ending = new AbortController();
  let answered = 0;
  say('ready');
  const stopped = lines.next().then(() => ending.abort());
  try {
    for await (const batch of queue.batches({ signal: ending.signal, busyPoll })) {
      for (let index = 0; index < batch.count; index += 1) {
        if (answerEcho(batch.slab, batch.offset(index), batch.length(index))) answered += 1;
        else batch.setLength(index, 0);
      }
      queue.txBurst(batch);
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
  await stopped;
  return answered;
}

/** By how much timers of a millisecond are late, in nanoseconds, while frames are sent back as they come. */
async function delay(
  milliseconds: number,
  flooded: boolean,
): Promise<{ readonly p50: number; readonly p99: number; readonly max: number; frames: number }> {
  const queue = queueOf(0);
  const ending = new AbortController();
  let frames = 0;
  const reading = (async (): Promise<void> => {
    for await (const batch of queue.batches({ signal: ending.signal })) {
      frames += passOn(batch, queue);
    }
  })();
  if (flooded) ask(FLOOD, 0, 64);
  await wait(WARM_MILLISECONDS);
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const before = frames;
  histogram.enable();
  await wait(milliseconds);
  histogram.disable();
  const passed = frames - before;
  if (flooded) fill(FLOOD, 0, 64);
  ending.abort();
  await reading.catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  const { max } = histogram;
  return { p50: histogram.percentile(50), p99: histogram.percentile(99), max, frames: passed };
}

/** What the heap grew by, in bytes: with all that became garbage, and without. */
function allocate(frames: number): { readonly allocated: number; readonly kept: number } {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('no gc');
  const queue = queueOf(0);
  const take = (count: number): void => {
    for (let taken = 0; taken < count;) taken += passOn(queue.rxBurst(64), queue);
  };
  ask(FLOOD, 0, 64);
  take(WARM);
  collect();
  collect();
  const before = process.memoryUsage().heapUsed;
  take(frames);
  const allocated = process.memoryUsage().heapUsed - before;
  collect();
  collect();
  const kept = process.memoryUsage().heapUsed - before;
  fill(FLOOD, 0, 64);
  return { allocated, kept };
}
