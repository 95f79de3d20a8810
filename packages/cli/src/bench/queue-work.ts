/**
 * The work that is timed: a queue drained in bursts, bursts sent. Nothing is allocated in the loops over bursts.
 *
 * The types alone come from `@rtap/core`: queues may be those of a copy that was built.
 *
 * @module
 */

import type { FrameBatch, TapDevice, TapQueue } from '@rtap/core';

/** Frames that a queue is filled with: about half of what the kernel's holds (`txqueuelen`, 1,000 of a TAP device). */
export const FILLING = 512;
/** Of an EtherType for experiments (IEEE Std 802), so that nobody takes them. */
const HEADER = [0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, 0x88, 0xb5];

/** What was done, and how long it took. */
export interface TimedWork {
  /** Nanoseconds of the work, by the monotonic clock. */
  readonly time: number;
  /** What the work returned, added up. */
  readonly sum: number;
}

/**
 * Does some work over and over, and times it, but not what goes before it.
 *
 * @param times - how often.
 * @param prepare - done before each time, such as filling a queue.
 */
export function timeWork(times: number, work: () => number, prepare?: () => void): TimedWork {
  let time = 0;
  let sum = 0;
  for (let done = 0; done < times; done += 1) {
    prepare?.();
    const begin = process.hrtime.bigint();
    sum += work();
    time += Number(process.hrtime.bigint() - begin);
  }
  return { time, sum };
}

/**
 * Reads a queue in bursts until it is empty.
 *
 * @param burst - the most frames of a burst, as `rxBurst` takes it.
 * @param take - what is done with each burst; the batch is the queue's, valid until `take` returns.
 * @returns what `take` returned, added up.
 * @throws what `rxBurst` throws.
 */
export function drain(queue: TapQueue, burst: number, take: (batch: FrameBatch) => number): number {
  for (let sum = 0; ;) {
    const batch = queue.rxBurst(burst);
    if (batch.count === 0) return sum;
    sum += take(batch);
  }
}

/**
 * Sends a batch over and over.
 *
 * @param bursts - how often.
 * @param change - done before each time: told how many frames were given before.
 * @returns how many frames were consumed.
 * @throws what `txBurst` throws.
 */
export function sendBursts(
  queue: TapQueue,
  batch: FrameBatch,
  bursts: number,
  change?: (first: number) => void,
): number {
  let sent = 0;
  for (let burst = 0; burst < bursts; burst += 1) {
    change?.(burst * batch.count);
    sent += queue.txBurst(batch);
  }
  return sent;
}

/**
 * Frames to send: the kernel drops them, as nobody knows their type.
 *
 * @param length - bytes of each, Ethernet header included.
 * @param count - how many; fewer when no more fit in a batch.
 * @throws RangeError for fewer than 14 bytes, which are no Ethernet frame.
 */
export function burstOf(device: TapDevice, length: number, count: number): FrameBatch {
  const frame = frameOf(length);
  const batch = device.createBatch();
  while (batch.count < count && batch.push(frame));
  return batch;
}

/** One of them. */
export function frameOf(length: number): Uint8Array {
  const frame = new Uint8Array(length);
  frame.set(HEADER);
  return frame;
}
