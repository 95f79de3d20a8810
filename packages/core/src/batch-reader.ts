/**
 * The iterator behind `batches()`.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { RtapError } from './errors.ts';
import type { FrameBatch } from './frame-batch.ts';
import type { QueueReader, TapQueue } from './tap-queue.ts';

/** Frames in a row before timers and other I/O of the process have their turn; whoever makes them counts as much. */
const FRAMES_A_TURN = 1024;
/** Reasons that are an end and no failure. */
const ENDS: ReadonlySet<string> = new Set([
  'ERR_RTAP_STATE',
  'ERR_RTAP_CLOSED',
  'ERR_RTAP_REMOVED',
]);

/** How an iterator reads. */
export interface BatchReaderOptions {
  /** Ends it. */
  readonly signal: AbortSignal | undefined;
  /** Whether frames are handed out as the kernel gave them. */
  readonly superFrames: boolean;
  /** Microseconds after the last frame in which the event loop doesn't sleep. */
  readonly busyPoll: number;
}

/**
 * Reads queues fairly, one burst of each in turn, and waits for all of them together.
 *
 * It becomes the queues' reader with the first `next` and gives them free when it ends.
 */
export class BatchReader implements AsyncIterableIterator<FrameBatch> {
  readonly #queues: readonly TapQueue[];
  readonly #options: BatchReaderOptions;
  readonly #releases: (() => void)[] = [];
  #position = 0;
  #frames = 0;
  /** When there was a frame last, while that is of interest. */
  #lastFrame = Number.NEGATIVE_INFINITY;
  #claimed = false;
  #done = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #waiting: (() => void)[] = [];

  /** Made by `batches()`. */
  constructor(queues: readonly TapQueue[], options: BatchReaderOptions) {
    this.#queues = queues;
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next burst that has frames; done when the device is stopped, closed or removed. */
  async next(): Promise<IteratorResult<FrameBatch, undefined>> {
    if (!this.#claimed && !this.#done) this.#claim();
    for (;;) {
      if (this.#failure !== undefined) {
        const { error } = this.#failure;
        this.#failure = undefined;
        throw error;
      }
      if (this.#done) return { done: true, value: undefined };
      if (this.#frames >= FRAMES_A_TURN) {
        this.#frames = 0;
        await nextTurn();
        continue;
      }
      const batch = this.#burst();
      if (batch !== undefined) return { done: false, value: batch };
      if (this.#done) continue;
      if (this.#isBusyPolling()) await nextTurn();
      else await this.#wait();
    }
  }

  /** Gives the queues free. */
  return(): Promise<IteratorResult<FrameBatch, undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  #claim(): void {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const reader: QueueReader = {
      exclusive: true,
      readable: () => {
        const waiting = this.#waiting.length > 0;
        this.#wake();
        return waiting;
      },
      end: (reason) => {
        if (!ENDS.has(reason.code)) this.#failure = { error: reason };
        this.#finish();
        return undefined;
      },
    };
    try {
      for (const queue of this.#queues) this.#releases.push(queue.claim(reader));
    } catch (error) {
      this.#finish();
      throw error;
    }
    this.#claimed = true;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.#failure = { error: this.#options.signal?.reason };
    this.#finish();
  };

  #burst(): FrameBatch | undefined {
    for (let tried = 0; tried < this.#queues.length; tried += 1) {
      const queue = this.#queues[this.#position];
      this.#position = (this.#position + 1) % this.#queues.length;
      if (queue === undefined) continue;
      try {
        const batch = queue.nextBurst(this.#options.superFrames);
        if (batch.count > 0) {
          this.#frames += batch.count;
          if (this.#options.busyPoll > 0) this.#lastFrame = performance.now();
          return batch;
        }
      } catch (error) {
        // Removal has ended this reader already; anything else is the queue's own failure.
        if (error instanceof RtapError && ENDS.has(error.code)) {
          this.#finish();
          return undefined;
        }
        this.#finish();
        throw error;
      }
    }
    return undefined;
  }

  /** Whether the last frame is so near that the event loop must not sleep. */
  #isBusyPolling(): boolean {
    const { busyPoll } = this.#options;
    return busyPoll > 0 && performance.now() - this.#lastFrame < busyPoll / 1000;
  }

  #wait(): Promise<void> {
    this.#frames = 0;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      for (const queue of this.#queues) queue.arm();
    });
  }

  #finish(): void {
    this.#done = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    for (const release of this.#releases.splice(0)) release();
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
