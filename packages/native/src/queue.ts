/**
 * Queues of a TAP device.
 *
 * @module
 */

import { checkListener } from './argument.ts';
import type { LentQueue, Poll, Queue } from './binding.d.ts';
import { NativeBursts } from './bursts.ts';
import { closedError, nativeError } from './errors.ts';
import { NativeLoan } from './loan.ts';
import type { KernelQueueLoan } from './loan.ts';

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

/** A queue that its device can lend to another thread. */
export interface KernelDeviceQueue extends KernelQueue {
  /**
   * Lends the queue to another JavaScript thread of this process, or to this one: `Kernel.receiveQueue` takes it there,
   * when the loan is resumed it can be used. Until the loan has ended nothing but `discard` is allowed here, and that
   * while it is suspended.
   *
   * @throws NativeError ERR_RTAP_CLOSED when it is lent already.
   */
  lend(): KernelQueueLoan;
}

/** A queue of a real device. */
export class NativeQueue extends NativeBursts implements KernelDeviceQueue {
  /** The addon's object. */
  readonly native: Queue;
  readonly #interface: string;
  #poll: Poll | undefined;
  #listener: (() => void) | undefined;
  #loan: KernelQueueLoan | undefined;
  #released = false;

  constructor(native: Queue, index: number, interfaceName: string) {
    super(native, index, interfaceName);
    this.native = native;
    this.#interface = interfaceName;
  }

  onReadable(listener: (() => void) | undefined): void {
    checkListener('listener', listener);
    if (listener === undefined) {
      this.#listener = undefined;
      this.#poll?.stop();
      return;
    }
    this.check();
    if (this.#listener === undefined) {
      this.#poll ??= this.#openPoll();
      this.#poll.startReadable();
    }
    this.#listener = listener;
  }

  lend(): KernelQueueLoan {
    this.check();
    let native: LentQueue;
    try {
      native = this.native.lend(this.index, this.#interface);
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
    // Each file descriptor is in one event loop at a time.
    this.#closePoll();
    const loan = new NativeLoan(native, () => {
      if (this.#loan === loan) this.#loan = undefined;
    });
    this.#loan = loan;
    return loan;
  }

  /** Lets go of the file, so that the device's next step can close it. */
  release(): void {
    this.#released = true;
    this.#closePoll();
    // Before the device's next step, as both are of its lane.
    void this.#loan?.end();
    this.native.release();
  }

  #closePoll(): void {
    this.#listener = undefined;
    this.#poll?.close();
    this.#poll = undefined;
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

  protected override checkHeld(): void {
    if (this.#released) throw closedError(`queue ${this.index}`, this.#interface);
  }

  protected override check(): void {
    this.checkHeld();
    if (this.#loan === undefined) return;
    throw closedError(`queue ${this.index}, which is lent to another thread,`, this.#interface);
  }
}
