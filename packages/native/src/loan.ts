/**
 * Queues that one JavaScript thread lends to another.
 *
 * @module
 */

import { checkListener, checkTicket } from './argument.ts';
import type { LentQueue, Poll, ReceivedQueue } from './binding.d.ts';
import { NativeBursts } from './bursts.ts';
import { NativeError, closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import type { KernelQueue } from './queue.ts';

/** A queue in the hands of another thread, as its device sees it. */
export interface KernelQueueLoan {
  /** What the queue is received by, once: it can't be guessed, and is good until the loan ends. */
  readonly ticket: bigint;
  /** Lets whoever receives the queue use it; before that they can't. */
  resume(): void;
  /** Has the other thread's `onTold` called, in a turn of its event loop; it is not waited for. */
  tell(): void;
  /** Lets no burst begin from now on. Resolves when none runs any more, whatever the other thread does meanwhile. */
  suspend(): Promise<void>;
  /** Takes the queue back for good, any number of times. Resolves when no burst runs any more, and no file is held. */
  end(): Promise<void>;
}

/**
 * A queue that another thread lends: bursts throw ERR_RTAP_CLOSED, and nobody is told of frames, while the loan is
 * suspended and after its end.
 *
 * When the interface is gone the listener of `onReadable` is called in each turn, until it is taken away.
 */
export interface KernelReceivedQueue extends KernelQueue {
  /** What the interface was called when its device was opened. */
  readonly interfaceName: string;
  /** Sets who is told that whoever lends the queue has called `tell`, and that the loan has ended. */
  onTold(listener: (() => void) | undefined): void;
  /** Whether the loan has ended, by its lender or by the end of that one's thread. */
  readonly isOver: boolean;
  /** Makes the queue keep this thread's event loop alive, as it does from the start. */
  ref(): void;
  /** Lets the event loop end while the queue is held. */
  unref(): void;
  /** Gives the queue up, any number of times. The end of the thread does that, too. */
  release(): void;
}

/** A loan of a real queue. */
export class NativeLoan implements KernelQueueLoan {
  readonly ticket: bigint;
  readonly #native: LentQueue;
  readonly #ended: () => void;

  /** @param ended - told when the queue is back. */
  constructor(native: LentQueue, ended: () => void) {
    this.#native = native;
    this.#ended = ended;
    this.ticket = native.ticket;
  }

  resume(): void {
    this.#native.resume();
  }

  tell(): void {
    this.#native.tell();
  }

  suspend(): Promise<void> {
    return this.#native.suspend();
  }

  async end(): Promise<void> {
    await this.#native.end();
    this.#ended();
  }
}

/**
 * Takes the queue that a loan's ticket is for.
 *
 * @throws NativeError ERR_RTAP_CLOSED when it is for none: never given out by this process, used, or its loan has ended.
 */
export function receiveQueue(ticket: bigint): KernelReceivedQueue {
  checkTicket('ticket', ticket);
  try {
    const native = binding().receiveQueue(ticket);
    if (native !== null) return new NativeReceivedQueue(native);
  } catch (error) {
    throw nativeError(error);
  }
  throw new NativeError('no queue waits for this ticket', {
    code: 'ERR_RTAP_CLOSED',
    hint: 'a ticket is good once, in the process that gave it out, and until its device is closed or has other queues',
  });
}

class NativeReceivedQueue extends NativeBursts implements KernelReceivedQueue {
  readonly interfaceName: string;
  readonly #native: ReceivedQueue;
  readonly #poll: Poll;
  #listener: (() => void) | undefined;
  #onTold: (() => void) | undefined;
  #released = false;

  constructor(native: ReceivedQueue) {
    super(native, native.index, native.interfaceName);
    this.#native = native;
    this.interfaceName = native.interfaceName;
    try {
      this.#poll = native.poll(() => this.#wake());
      this.#poll.startReadable();
    } catch (error) {
      native.release();
      throw error;
    }
  }

  onReadable(listener: (() => void) | undefined): void {
    checkListener('listener', listener);
    this.#listener = listener;
    if (listener === undefined) {
      this.#native.disarm();
      return;
    }
    this.check();
    try {
      this.#native.arm();
    } catch (error) {
      throw nativeError(error, this.interfaceName);
    }
  }

  onTold(listener: (() => void) | undefined): void {
    this.#onTold = checkListener('listener', listener);
  }

  get isOver(): boolean {
    return this.#native.isOver;
  }

  ref(): void {
    this.#poll.setReferenced(true);
  }

  unref(): void {
    this.#poll.setReferenced(false);
  }

  release(): void {
    this.#released = true;
    this.#listener = undefined;
    this.#onTold = undefined;
    this.#poll.close();
    this.#native.release();
  }

  #wake(): void {
    // Every further wait would end like this one.
    if (this.isOver) this.#poll.close();
    else if (!this.#native.heard()) {
      this.#listener?.();
      return;
    }
    // What is readable besides wakes again.
    this.#onTold?.();
  }

  protected override checkHeld(): void {
    if (this.#released) throw closedError(`queue ${this.index}`, this.interfaceName);
  }
}
