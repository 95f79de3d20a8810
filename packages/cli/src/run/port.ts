/**
 * A device that frames pass through, and what could not be sent there.
 *
 * @module
 */

import type { FrameBatch, TapDevice } from '@rtap/core';

/** What the kernel says when it takes no frame now: the link is down, or there is no memory. */
const NOT_NOW: ReadonlySet<string> = new Set(['EIO', 'ENOMEM', 'ENOBUFS', 'EAGAIN', 'ENETDOWN']);
/** What a device says that is on its way, or gone. */
const NOT_HERE: ReadonlySet<string> = new Set([
  'ERR_RTAP_STATE',
  'ERR_RTAP_REMOVED',
  'ERR_RTAP_CLOSED',
]);

/** A device, its queues' drops beside it. */
export class Port {
  readonly tap: TapDevice;
  /** Frames that a splice could not send here: of its own count, which no queue has. */
  droppedBySplice: () => bigint = () => 0n;
  readonly #dropped: number[];

  constructor(tap: TapDevice) {
    this.tap = tap;
    this.#dropped = Array.from({ length: tap.queueCount }, () => 0);
  }

  /** Frames that could not be sent on a queue. */
  droppedOf(queue: number): number {
    return this.#dropped[queue] ?? 0;
  }

  /** Frames that could not be sent. */
  get dropped(): number {
    return this.#dropped.reduce((sum, each) => sum + each, Number(this.droppedBySplice()));
  }

  /** Whether its interface is there. */
  get present(): boolean {
    return this.tap.state === 'started' || this.tap.state === 'configured';
  }

  /** Sends a batch; what the device does not take is dropped and counted. @returns frames that were taken. */
  send(queue: number, batch: FrameBatch): number {
    const sent = this.offer(queue, batch);
    let rest = 0;
    // One of no length is not to be sent.
    for (let index = sent; index < batch.count; index += 1) if (batch.length(index) > 0) rest += 1;
    if (rest > 0) this.#dropped[queue] = this.droppedOf(queue) + rest;
    return sent;
  }

  /** Sends as many of a batch as the device takes now, and counts no drops. @returns frames that were taken. */
  offer(queue: number, batch: FrameBatch): number {
    let sent = 0;
    try {
      while (sent < batch.count) sent += this.tap.queue(queue).txBurst(batch, sent);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!NOT_NOW.has(code) && !NOT_HERE.has(code)) throw error;
    }
    return sent;
  }
}
