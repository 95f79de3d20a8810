/**
 * The workloads: each times what this process does, and not what fills the queues.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { ping } from '@rtap/testkit';
import { CliError } from '../frame/cli-error.ts';
import { echo } from '../run/echo.ts';
import { Port } from '../run/port.ts';
import { framesOf } from './arena.ts';
import type { Arena } from './arena.ts';
import { FILLING, burstOf, drain, sendBursts, timeWork } from './queue-work.ts';
import { takeRounds } from './rounds.ts';

/** Frames of a burst. */
const BURST = 64;
/** Rounds that warm up the compiler, and don't count. */
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
  const queue = arena.first.queue(0);
  return rounds(
    how,
    () => drain(queue, BURST, ({ count }) => count),
    () => arena.fill(frames),
  );
}

/** Sends frames that the kernel drops: nobody knows their type. */
export function measureSend(arena: Arena, size: number, how: HowLong): Promise<number[]> {
  const batch = burstOf(arena.second, size, BURST);
  const queue = arena.second.queue(0);
  return rounds(how, () => sendBursts(queue, batch, FILLING / BURST));
}

/** Reads a full queue of the first device and sends on the second. */
export function measureForward(arena: Arena, size: number, how: HowLong): Promise<number[]> {
  const frames = framesOf(size);
  const [from, to] = [arena.first.queue(0), arena.second.queue(0)];
  return rounds(
    how,
    () => drain(from, BURST, (batch) => to.txBurst(batch)),
    () => arena.fill(frames),
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

/** Times rounds of some work, a number of frames each, until it has been long enough; others get a turn after each. */
async function rounds(
  { seconds, signal }: HowLong,
  work: () => number,
  prepare?: () => void,
): Promise<number[]> {
  const visit = async (): Promise<number> => {
    signal.throwIfAborted();
    const { time, sum } = timeWork(1, work, prepare);
    await nextTurn();
    return time / sum;
  };
  const end = performance.now() + seconds * 1000;
  const again = (done: number): boolean => done === 0 || performance.now() < end;
  const times = await takeRounds([visit], { warmUp: WARM_UP, again });
  return times.flat(2);
}
