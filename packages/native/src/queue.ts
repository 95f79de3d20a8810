/**
 * Queues of a TAP device.
 *
 * @module
 */

import { checkCount, checkListener } from './argument.ts';
import type { Poll, Queue } from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';

/**
 * One queue pair of a device: bursts of frames in and out.
 *
 * Frame `i` of a slab begins at `descriptors[2 * i]` and is `descriptors[2 * i + 1]` bytes long; the
 * 10 bytes before it are its virtio-net header (`struct virtio_net_hdr`, linux/virtio_net.h). Both
 * may be over an ArrayBuffer or a SharedArrayBuffer; no pointer to them is kept between calls.
 *
 * `counters` has `COUNTER_WORDS` elements or more, which each burst adds to, at its end: `counterOffset`
 * says where each stands and what it counts. Nothing else writes to them.
 */
export interface KernelQueue {
  /** Its number in the device, from 0. */
  readonly index: number;

  /**
   * Reads what is queued, at most `max` frames; returns how many.
   *
   * The slab is filled from its start: each header at a multiple of 64 bytes. It ends at `max`, when
   * nothing is left, when the descriptors are full, when less than 65,600 bytes (a super-frame with its
   * header) are left in the slab, or behind a frame of more than 16 KiB when 128 KiB are read: more would not stay in
   * the processor's cache. 0 when nothing is queued.
   *
   * @throws NativeError when nothing was read: EBADFD when the interface is gone. TypeError,
   * RangeError for an array that is detached, or too small for a super-frame.
   */
  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    max: number,
    counters: BigUint64Array,
  ): number;

  /**
   * Sends the frames `from` to `from + count - 1`; returns how many were consumed: sent, skipped
   * (length 0), or refused and counted in txErrors (the kernel's EINVAL, less than 14 bytes, not
   * inside the slab together with its header). Counted as sent is what the kernel took.
   *
   * @throws NativeError when nothing was consumed: EIO when the link is down, ENOMEM or ENOBUFS,
   * EBADFD when the interface is gone. TypeError, RangeError for arrays that don't fit.
   */
  txBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    from: number,
    count: number,
    counters: BigUint64Array,
  ): number;

  /**
   * Reads and throws away what is queued, at most 65,536 frames; returns how many.
   *
   * @throws NativeError: EBADFD when the interface is gone.
   */
  discard(): number;

  /**
   * Calls `listener` on each turn of the event loop that finds something to read, until `undefined`
   * is given. When the interface is gone it is called once more, and no more after that: `rxBurst`
   * then throws EBADFD. Doesn't keep the event loop alive: the device does.
   */
  onReadable(listener: (() => void) | undefined): void;
}

/** The addon's object behind a queue of a real device. */
export function nativeQueue(queue: KernelQueue): Queue | undefined {
  return queue instanceof NativeQueue ? queue.native : undefined;
}

/** A queue of a real device. */
export class NativeQueue implements KernelQueue {
  readonly index: number;
  /** The addon's object. */
  readonly native: Queue;
  readonly #rxBurst: ReturnType<Queue['rxBurst']>;
  readonly #txBurst: ReturnType<Queue['txBurst']>;
  readonly #interface: string;
  #poll: Poll | undefined;
  #listener: (() => void) | undefined;
  #released = false;

  constructor(native: Queue, index: number, interfaceName: string) {
    this.native = native;
    this.#rxBurst = native.rxBurst();
    this.#txBurst = native.txBurst();
    this.index = index;
    this.#interface = interfaceName;
  }

  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    max: number,
    counters: BigUint64Array,
  ): number {
    checkCount('max', max);
    this.#check();
    try {
      return this.#rxBurst(slab, descriptors, max, counters);
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  txBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    from: number,
    count: number,
    counters: BigUint64Array,
  ): number {
    checkCount('from', from);
    checkCount('count', count);
    this.#check();
    try {
      return this.#txBurst(slab, descriptors, from, count, counters);
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  discard(): number {
    this.#check();
    try {
      return this.native.discard();
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  onReadable(listener: (() => void) | undefined): void {
    checkListener('listener', listener);
    if (listener === undefined) {
      this.#listener = undefined;
      this.#poll?.stop();
      return;
    }
    this.#check();
    if (this.#listener === undefined) {
      this.#poll ??= this.#openPoll();
      this.#poll.startReadable();
    }
    this.#listener = listener;
  }

  /** Lets go of the file, so that the device's next step can close it. */
  release(): void {
    this.#released = true;
    this.#listener = undefined;
    this.#poll?.close();
    this.#poll = undefined;
    this.native.release();
  }

  #openPoll(): Poll {
    const poll = this.native.poll((status) => {
      const listener = this.#listener;
      // The device is gone, and libuv has stopped: every further wait would end like this one.
      if (status < 0) this.#listener = undefined;
      listener?.();
    });
    poll.setReferenced(false);
    return poll;
  }

  #check(): void {
    if (this.#released) throw closedError(`queue ${this.index}`, this.#interface);
  }
}
