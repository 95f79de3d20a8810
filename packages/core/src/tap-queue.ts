/**
 * One queue pair of a device.
 *
 * @module
 */

import type { KernelQueue } from '@rtap/native';
import { PROGRESS_WORDS, counterOffset, progressWord } from '@rtap/native';
import {
  checkBoolean,
  checkInteger,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { BatchReader } from './batch-reader.ts';
import type { BatchReaderOptions } from './batch-reader.ts';
import { addToCounter } from './counters.ts';
import type { Counters } from './counters.ts';
import { stateError } from './device-state.ts';
import type { DeviceOperation } from './device-state.ts';
import { RtapError } from './errors.ts';
import { BATCH_FRAMES, FrameBatch, SLAB_BYTES, createFrameBatch } from './frame-batch.ts';
import { inspectQueue, showAs } from './inspect.ts';
import { WireFrames } from './wire-frames.ts';
import type { WireFrameMaker } from './wire-frames.ts';

/** Frames of a burst when the caller names no number: more gains nothing, fewer costs. */
export const DEFAULT_BURST = 64;

/** What a queue needs of its device. */
export interface QueueOwner {
  /** The interface's name, for errors. */
  readonly name: string;
  /** What a queue has counted since it was last reset, by its words. */
  countersOf(words: BigUint64Array): Counters;
  /** Throws unless the operation is legal now. */
  requireLegal(operation: DeviceOperation): void;
  /** A burst found that the interface is gone. */
  interfaceGone(): void;
  /** The kernel had a super-frame for us that it has no word for; it is counted as an error. */
  superFrameRefused(): void;
  /** What makes frames for the wire. */
  readonly wireFrameMaker: WireFrameMaker;
  /** Whether frames may come with work left undone. */
  readonly offloaded: boolean;
}

/** Who reads a queue: there is one at a time. */
export interface QueueReader {
  /** Whether nobody else may take frames while it reads. */
  readonly exclusive: boolean;
  /** Frames have come, or may have; returns whether it was waiting for them. */
  readable(): boolean;
  /**
   * There will be none: the device was stopped, closed or removed (then `reason` says which), or the queue broke.
   * What is returned settles when it doesn't use the queue any more.
   */
  end(reason: RtapError): Promise<unknown> | undefined;
}

/** A queue in the hands of a splice. */
export interface LentQueue {
  /** The kernel's queue. */
  readonly queue: KernelQueue;
  /** Where what passes it is counted. */
  readonly words: BigUint64Array;
  /** Gives it back. */
  readonly release: () => void;
}

/** What a queue is made with. */
export interface TapQueueOptions {
  /** Whether slabs are shared. */
  readonly sharedBuffers: boolean;
  /** Where it counts. */
  readonly counterWords: BigUint64Array;
}

/** What waiting takes. */
export interface WaitOptions {
  /** Ends the wait; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What `batches` takes. */
export interface BatchOptions extends WaitOptions {
  /**
   * Whether to hand out what the kernel gave, as `rxBurst` does: super-frames and frames whose checksum is still to
   * be made, which `txBurst` takes as they are. Otherwise all are as the wire has them.
   *
   * @default false
   */
  readonly superFrames?: boolean;
  /**
   * For how many microseconds after the last frame to look for the next one in every turn of the event loop, without
   * letting it sleep: frames are met sooner, and a processor is busy for as long.
   *
   * @default 0
   */
  readonly busyPoll?: number;
}

/**
 * A queue pair: bursts in and out, one native call each.
 *
 * Got from `tap.queue(i)`, or in another thread from `receiveQueue`; valid until the device is configured anew.
 */
export class TapQueue {
  static {
    showAs(TapQueue.prototype, (queue, _depth, options) => {
      return inspectQueue(queue, [queue.#owner.name, ...queue.remarks], options);
    });
  }

  /** Which queue pair of the device, from 0. */
  readonly index: number;
  readonly #words: BigUint64Array;
  readonly #queue: KernelQueue;
  readonly #owner: QueueOwner;
  readonly #shared: boolean;
  /** Half of the word that counts errors: enough to see that it has changed, and no BigInt. */
  readonly #errors: Uint32Array;
  #errorsSeen = 0;
  #batch: FrameBatch | undefined;
  #wireFrames: WireFrames | undefined;
  #coalesced: FrameBatch | undefined;
  readonly #progress = new Uint32Array(PROGRESS_WORDS);
  #reader: QueueReader | undefined;
  #armed = false;
  #stale = false;
  /** Adds to the words what a splice has counted by now; there while it has the queue. */
  #catchUp: (() => void) | undefined;

  /**
   * Made by the device.
   *
   * @internal
   */
  constructor(queue: KernelQueue, owner: QueueOwner, options: TapQueueOptions) {
    this.#words = options.counterWords;
    this.index = queue.index;
    this.#queue = queue;
    this.#owner = owner;
    this.#shared = options.sharedBuffers;
    const { buffer, byteOffset } = this.#words.subarray(counterOffset.rx_errors);
    this.#errors = new Uint32Array(buffer, byteOffset, 2);
    this.errorsAreKnown();
  }

  /**
   * The counters as native code writes them, in shared memory, never reset: `counterOffset` says which word is which.
   *
   * They may be read from any thread; nobody else may write to them. Those of a splice are added when they are asked
   * for here, by `counters` or by the device's statistics, and when it ends. Configured anew, the device has other
   * queues with other words.
   */
  get counterWords(): BigUint64Array {
    this.#catchUp?.();
    return this.#words;
  }

  /** What has passed this queue since it was made, or, but for a received one, since the device's `resetStats`. */
  get counters(): Counters {
    return this.#owner.countersOf(this.counterWords);
  }

  /**
   * What else is to be said of it where it is shown.
   *
   * @internal
   */
  protected get remarks(): readonly string[] {
    return this.#reader === undefined ? [] : ['being read'];
  }

  /**
   * Takes up to `max` frames without waiting, as the kernel gives them: with offloads there are super-frames and frames
   * whose checksum is still to be made among them, and their virtio-net headers say so.
   *
   * @param max - 1 to 5,120; fewer come when fewer are there, when the slab is full, or when there are 128 KiB
   * with super-frames among them, as more would not stay in the processor's cache.
   * @returns the queue's own batch, valid until the next `rxBurst` of this queue; `count` is 0 when nothing was there.
   * @throws RtapError `ERR_RTAP_STATE` when the device isn't started, or an iterator or a splice reads this queue;
   * `ERR_RTAP_REMOVED` when the interface is gone.
   */
  rxBurst(max: number = DEFAULT_BURST): FrameBatch {
    checkInteger('max', max, 1, BATCH_FRAMES);
    if (this.#reader?.exclusive === true) throw this.#occupied();
    this.forget();
    return this.#receive(max);
  }

  /**
   * The next burst for an iterator, which is the queue's reader.
   *
   * @internal
   */
  nextBurst(superFrames: boolean): FrameBatch {
    if (superFrames || !this.#owner.offloaded) {
      const rest = this.#wireFrames?.rest();
      if (rest !== undefined) return rest;
      return this.#receive(DEFAULT_BURST);
    }
    this.#wireFrames ??= new WireFrames(this.#owner.wireFrameMaker, (refused) => {
      addToCounter(this.#words, 'rx_errors', refused);
      this.#errorsChanged();
    });
    return this.#wireFrames.rest() ?? this.#wireFrames.of(this.#receive(DEFAULT_BURST));
  }

  #receive(max: number): FrameBatch {
    this.require('rxBurst');
    const batch = (this.#batch ??= this.#createBatch());
    try {
      batch.filled(this.#queue.rxBurst(batch.slab, batch.descriptors, max, this.#words));
    } catch (error) {
      batch.filled(0);
      this.#errorsChanged();
      throw this.#burstError('rxBurst', error);
    }
    // What a read that failed left uncounted by its exception: a super-frame without a name.
    if (this.#errorsChanged()) this.#owner.superFrameRefused();
    return batch;
  }

  /** Whether errors were counted since it was last asked. */
  #errorsChanged(): boolean {
    const errors = (this.#errors[0] ?? 0) + (this.#errors[1] ?? 0);
    if (errors === this.#errorsSeen) return false;
    this.#errorsSeen = errors;
    return true;
  }

  /**
   * Sends the frames of a batch, of this or any other queue or device, from the one at `from` on.
   *
   * @returns how many were consumed: sent, skipped (length 0) or refused as bad (counted in `txErrors`). Fewer
   * than there are when the device had enough: go on from there later, or give up.
   * @throws RtapError with the kernel's code, only when nothing was consumed: `EIO` when the link is down.
   */
  txBurst(batch: FrameBatch, from: number = 0): number {
    if (!(batch instanceof FrameBatch)) {
      throw invalidArgumentType('batch', 'an instance of FrameBatch', batch);
    }
    checkInteger('from', from, 0, batch.count);
    this.require('txBurst');
    if (from === batch.count) return 0;
    try {
      return this.#queue.txBurst(
        batch.slab,
        batch.descriptors,
        from,
        batch.count - from,
        this.#words,
      );
    } catch (error) {
      throw this.#burstError('txBurst', error);
    }
  }

  /**
   * Puts consecutive segments of TCP and UDP flows together, for `txBurst`: the kernel takes one super-frame many times
   * as fast as its segments, and hands them on as if they had come one by one. All other frames are as they were.
   *
   * The rules are those of the kernel's generic receive offload, so it takes neighbours in the order that they have in
   * this batch, with right checksums; each flow stays in order.
   *
   * @param batch - of any queue, or made by `createBatch`: frames for the wire, or with work left to be done.
   * @returns a batch of this queue's own, valid until the next `coalesce` of this queue; all frames are in it.
   * @throws TypeError, RangeError.
   *
   * @example
   * ```ts
   * import { openTap } from '@rtap/core';
   * import { FakeKernel } from '@rtap/testkit';
   *
   * const kernel = new FakeKernel();
   * const [from, to] = [await openTap({ kernel }), await openTap({ kernel })];
   * kernel.interface(from.name).send(new Uint8Array(60));
   * for await (const batch of from.batches()) {
   *   // Here frames have the size that the wire wants ...
   *   to.queue(0).txBurst(to.queue(0).coalesce(batch)); // ... and there the size that the kernel likes.
   *   break;
   * }
   * await Promise.all([from.close(), to.close()]);
   * ```
   */
  coalesce(batch: FrameBatch): FrameBatch {
    if (!(batch instanceof FrameBatch)) {
      throw invalidArgumentType('batch', 'an instance of FrameBatch', batch);
    }
    const coalesced = (this.#coalesced ??= createFrameBatch());
    if (batch === coalesced) throw outOfRange('batch', 'another one than this returns', batch);
    const { slab, descriptors, count } = batch;
    const written = this.#owner.wireFrameMaker.coalesceBurst(
      slab,
      descriptors,
      0,
      count,
      coalesced.slab,
      coalesced.descriptors,
      BATCH_FRAMES,
      this.#progress,
    );
    coalesced.filled(written);
    // Frames that share bytes of their slab can be more than a slab holds.
    if (this.#progress[progressWord.consumed] !== count) {
      throw outOfRange('batch', 'of frames that fit in a slab', `${count} frames`);
    }
    return coalesced;
  }

  /**
   * Resolves when there is something to read.
   *
   * @throws RtapError `ERR_RTAP_STATE` when somebody else reads this queue, or when the device is stopped meanwhile;
   * `ERR_RTAP_REMOVED` or `ERR_RTAP_CLOSED` when it goes; the signal's reason when it is aborted.
   */
  async waitReadable(options?: WaitOptions): Promise<void> {
    const signal = checkSignal('options.signal', checkOptions('options', options).signal);
    signal?.throwIfAborted();
    this.require('waitReadable');
    let onAbort: (() => void) | undefined;
    let release: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const readable = (): boolean => {
          resolve();
          return true;
        };
        const end = (reason: RtapError): undefined => {
          reject(reason);
        };
        release = this.claim({ exclusive: false, readable, end });
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        this.arm();
      });
    } finally {
      release?.();
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
    }
  }

  /**
   * The frames of this queue, burst by burst, as they come.
   *
   * Each batch is valid until the next is asked for. Ends when the device is stopped, closed or removed.
   */
  batches(options?: BatchOptions): AsyncIterableIterator<FrameBatch> {
    const checked = checkBatchOptions(options);
    this.require('batches');
    return new BatchReader([this], checked);
  }

  /**
   * Makes somebody the reader of this queue; for readers, not for users.
   *
   * @returns what gives the place free again.
   * @throws RtapError `ERR_RTAP_STATE` when there is another one.
   *
   * @internal
   */
  claim(reader: QueueReader): () => void {
    this.requireHere('batches');
    this.requireNoReader();
    this.#reader = reader;
    return () => {
      if (this.#reader === reader) this.#reader = undefined;
    };
  }

  /**
   * Gives the queue to a splice, which is its reader until it gives it back.
   *
   * @param catchUp - adds to the words what it has counted by then.
   * @throws RtapError `ERR_RTAP_STATE` when there is another reader.
   *
   * @internal
   */
  lend(reader: QueueReader, catchUp: () => void): LentQueue {
    const release = this.claim(reader);
    this.#wireFrames?.forget();
    this.#catchUp = catchUp;
    return {
      queue: this.#queue,
      words: this.#words,
      release: () => {
        this.#catchUp = undefined;
        release();
      },
    };
  }

  /**
   * Lets the event loop tell the reader of the next frame; for readers.
   *
   * @internal
   */
  arm(): void {
    if (this.#armed || this.#stale) return;
    this.#armed = true;
    this.#queue.onReadable(() => {
      // Left armed for a reader that comes back at once, stopped by a wake-up that finds nobody waiting.
      if (this.#reader?.readable() !== true) this.#disarm();
    });
  }

  /**
   * Throws away what is queued.
   *
   * @internal
   */
  discard(): void {
    this.forget();
    this.#queue.discard();
  }

  /**
   * Tells the reader that nothing more comes, and stops waking up.
   *
   * @returns what settles when nobody uses the queue any more: a splice, or another thread, takes a moment.
   *
   * @internal
   */
  end(reason: RtapError): Promise<unknown> | undefined {
    this.#disarm();
    const reader = this.#reader;
    // A splice has it until it gives it back.
    if (this.#catchUp === undefined) this.#reader = undefined;
    return reader?.end(reason);
  }

  /**
   * Ends the queue for good: the device was configured anew, closed, or is gone.
   *
   * @internal
   */
  retire(reason: RtapError): void {
    this.#stale = true;
    void this.end(reason);
  }

  /** Lets go of what an iterator has left of the last burst. */
  protected forget(): void {
    this.#wireFrames?.forget();
  }

  /** What was counted as an error by now is no news. */
  protected errorsAreKnown(): void {
    this.#errorsChanged();
  }

  /** Throws when somebody reads it. */
  protected requireNoReader(): void {
    if (this.#reader !== undefined) throw this.#occupied();
  }

  /** Throws unless frames may pass here and now. */
  protected require(operation: DeviceOperation): void {
    this.requireLegal(operation);
    this.requireHere(operation);
  }

  /** Throws unless the operation is legal now, and the device's queues are the same still. */
  protected requireLegal(operation: DeviceOperation): void {
    this.#owner.requireLegal(operation);
    if (!this.#stale) return;
    throw new RtapError('ERR_RTAP_STATE', `queue ${this.index} is from before configure()`, {
      interface: this.#owner.name,
      hint: 'take the queue from tap.queue() again',
    });
  }

  /** Throws when it is with another thread. */
  protected requireHere(_operation: DeviceOperation): void {}

  #occupied(): RtapError {
    const what = `queue ${this.index} of '${this.#owner.name}' has a reader already`;
    return new RtapError('ERR_RTAP_STATE', what, { interface: this.#owner.name });
  }

  #disarm(): void {
    if (!this.#armed) return;
    this.#armed = false;
    this.#queue.onReadable(undefined);
  }

  #burstError(operation: 'rxBurst' | 'txBurst', error: unknown): unknown {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
      return error;
    }
    if (error instanceof TypeError || error instanceof RangeError) return error;
    const name = this.#owner.name;
    if (error.code === 'EBADFD') {
      this.#owner.interfaceGone();
      return new RtapError('ERR_RTAP_REMOVED', `${operation}: '${name}' is gone`, {
        interface: name,
        cause: error,
      });
    }
    if (error.code === 'ERR_RTAP_CLOSED') {
      // Of a queue whose device was just stopped by another thread, or started again since.
      this.require(operation);
      return stateError(operation, 'configured', name);
    }
    return new RtapError(error.code, `${operation} '${name}': ${error.message}`, {
      interface: name,
      cause: error,
      hint: error.code === 'EIO' ? 'the link is down: frames can be sent when it is up' : undefined,
    });
  }

  #createBatch(): FrameBatch {
    const bytes = this.#shared ? new SharedArrayBuffer(SLAB_BYTES) : new ArrayBuffer(SLAB_BYTES);
    return new FrameBatch(new Uint8Array(bytes), new Uint32Array(BATCH_FRAMES * 2));
  }
}

/** Longest busy polling, in microseconds: a second. */
const BUSY_POLL_MAX = 1_000_000;

/** Checks what `batches` takes. */
export function checkBatchOptions(options: BatchOptions | undefined): BatchReaderOptions {
  const { signal, superFrames = false, busyPoll = 0 } = checkOptions('options', options);
  return {
    signal: checkSignal('options.signal', signal),
    superFrames: checkBoolean('options.superFrames', superFrames),
    busyPoll: checkInteger('options.busyPoll', busyPoll, 0, BUSY_POLL_MAX),
  };
}
