/**
 * The workloads: each times what this process does, and not what fills the queues.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FrameBatch, TapDevice } from '@rtap/core';
import { ping } from '@rtap/testkit';
import { CliError } from '../frame/cli-error.ts';
import { echo } from '../run/echo.ts';
import { Port } from '../run/port.ts';
import { ROUND, framesOf } from './arena.ts';
import type { Arena } from './arena.ts';

/** Frames of a burst. */
const BURST = 64;
/** Rounds that warm up the compiler. */
const WARM_UP = 20;
/** Who is pinged. */
const NEIGHBOUR = '10.77.0.2';
/** Pings for each second that a workload is to take; they come one after the other, so it takes less. */
const PINGS_A_SECOND = 1000;

/** For how long, and until when. */
export interface HowLong {
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Reads a full queue. @returns nanoseconds of a frame, for each round. */
export function measureReceive(arena: Arena, size: number, how: HowLong): Promise<number[]> {
  const frames = framesOf(size);
  return rounds(
    how,
    () => arena.fill(frames),
    () => drain(arena.first, () => undefined),
  );
}

/** Sends frames that the kernel drops: nobody knows their type. */
export function measureSend(arena: Arena, size: number, how: HowLong): Promise<number[]> {
  const { slab } = framesOf(size);
  const batch = arena.second.createBatch();
  while (batch.count < BURST && batch.push(slab));
  const queue = arena.second.queue(0);
  return rounds(
    how,
    () => undefined,
    () => {
      let sent = 0;
      while (sent < ROUND) sent += queue.txBurst(batch);
      return sent;
    },
  );
}

/** Reads a full queue of the first device and sends on the second. */
export function measureForward(arena: Arena, size: number, how: HowLong): Promise<number[]> {
  const frames = framesOf(size);
  const queue = arena.second.queue(0);
  return rounds(
    how,
    () => arena.fill(frames),
    () => drain(arena.first, (batch) => queue.txBurst(batch)),
  );
}

/** Pings this process from the kernel's side. @returns nanoseconds of each. */
export async function measurePing(arena: Arena, how: HowLong): Promise<number[]> {
  const ending = new AbortController();
  const answering = echo(new Port(arena.first), ending.signal);
  try {
    const { replies } = await ping({
      ...{ address: NEIGHBOUR, netns: arena.netns, signal: how.signal },
      count: Math.ceil(how.seconds * PINGS_A_SECOND) + 1,
    });
    if (replies.length < 2) throw new CliError('Pings are not answered: this machine is too busy');
    // The first one waits for the neighbour's address.
    return replies.slice(1).map(({ milliseconds }) => milliseconds * 1e6);
  } finally {
    ending.abort();
    await answering;
  }
}

function drain(device: TapDevice, take: (batch: FrameBatch) => unknown): number {
  const queue = device.queue(0);
  for (let count = 0; ;) {
    const batch = queue.rxBurst(BURST);
    if (batch.count === 0) return count;
    take(batch);
    count += batch.count;
  }
}

/** Times rounds until it has been long enough; others get a turn after each. */
async function rounds(
  { seconds, signal }: HowLong,
  prepare: () => void,
  work: () => number,
): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end || times.length === 0; round += 1) {
    signal.throwIfAborted();
    prepare();
    const begin = process.hrtime.bigint();
    const frames = work();
    const time = Number(process.hrtime.bigint() - begin);
    if (round >= WARM_UP && frames > 0) times.push(time / frames);
    // oxlint-disable-next-line no-await-in-loop -- signals and timers have their turn
    await nextTurn();
  }
  return times;
}
