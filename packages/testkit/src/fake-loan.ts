/**
 * Fake queues that one owner lends to another, as `@rtap/native` has the real ones.
 *
 * @module
 */

import type {
  KernelDeviceQueue,
  KernelQueue,
  KernelQueueLoan,
  KernelReceivedQueue,
} from '@rtap/native';
import { NativeError } from '@rtap/native';
import { closedError } from './fake-kernel-error.ts';

const USED_TICKET =
  'a ticket is good once, in the process that gave it out, and until its device is closed or has other queues';

/** The loans that wait to be received. A fake kernel lives in one JavaScript thread, and its queues do. */
export class FakeLoans {
  readonly #waiting = new Map<bigint, FakeLoan>();

  /**
   * Lets a loan wait, and tells its ticket.
   *
   * @internal
   */
  add(loan: FakeLoan): bigint {
    const [ticket = 0n] = crypto.getRandomValues(new BigUint64Array(1));
    this.#waiting.set(ticket, loan);
    return ticket;
  }

  /** Forgets a ticket. */
  withdraw(ticket: bigint): void {
    this.#waiting.delete(ticket);
  }

  /** Gives the queue to whoever has its ticket, once. */
  receive(ticket: bigint): KernelReceivedQueue {
    const loan = this.#waiting.get(ticket);
    if (loan === undefined)
      throw new NativeError('no queue waits for this ticket', {
        code: 'ERR_RTAP_CLOSED',
        hint: USED_TICKET,
      });
    this.#waiting.delete(ticket);
    return new FakeReceivedQueue(loan);
  }
}

/** What a queue that can be lent is made of. */
export interface FakeDeviceQueueParts {
  /** The queue itself. */
  readonly queue: KernelQueue;
  /** Its number in the device. */
  readonly index: number;
  /** What the interface was called when its device was opened. */
  readonly interfaceName: string;
  /** Where its loan waits. */
  readonly loans: FakeLoans;
}

/** A fake queue that its device can lend. */
export class FakeDeviceQueue implements KernelDeviceQueue {
  readonly index: number;
  readonly #parts: FakeDeviceQueueParts;
  #loan: FakeLoan | undefined;

  /** Made by the fake device. */
  constructor(parts: FakeDeviceQueueParts) {
    this.#parts = parts;
    this.index = parts.index;
  }

  rxBurst(...burst: Parameters<KernelQueue['rxBurst']>): number {
    return this.#here().rxBurst(...burst);
  }

  txBurst(...burst: Parameters<KernelQueue['txBurst']>): number {
    return this.#here().txBurst(...burst);
  }

  discard(): number {
    return this.#parts.queue.discard();
  }

  onReadable(listener: (() => void) | undefined): void {
    if (listener === undefined) this.#parts.queue.onReadable(undefined);
    else this.#here().onReadable(listener);
  }

  lend(): KernelQueueLoan {
    this.#here().onReadable(undefined);
    const loan = new FakeLoan(this.#parts, () => {
      if (this.#loan === loan) this.#loan = undefined;
    });
    this.#loan = loan;
    return loan;
  }

  /** The device is closed, or has other queues. */
  shut(): void {
    void this.#loan?.end();
  }

  #here(): KernelQueue {
    const { queue, interfaceName } = this.#parts;
    if (this.#loan === undefined) return queue;
    throw closedError(`queue ${this.index}, which is lent to another thread,`, interfaceName);
  }
}

class FakeLoan implements KernelQueueLoan {
  readonly ticket: bigint;
  readonly parts: FakeDeviceQueueParts;
  readonly #ended: () => void;
  #state: 'suspended' | 'open' | 'ended' = 'suspended';

  constructor(parts: FakeDeviceQueueParts, ended: () => void) {
    this.parts = parts;
    this.#ended = ended;
    this.ticket = parts.loans.add(this);
  }

  /** Told of what its lender tells, and of the end. */
  onTold: (() => void) | undefined;

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#state === 'ended';
  }

  /** Tells it in a turn of its own. */
  tell(): void {
    setImmediate(() => this.onTold?.());
  }

  /** The queue, if its receiver may use it. */
  get queue(): KernelQueue | undefined {
    return this.#state === 'open' ? this.parts.queue : undefined;
  }

  resume(): void {
    if (this.#state === 'suspended') this.#state = 'open';
  }

  async suspend(): Promise<void> {
    this.#close('suspended');
  }

  async end(): Promise<void> {
    if (this.#state === 'ended') return;
    this.#close('ended');
    this.parts.loans.withdraw(this.ticket);
    this.#ended();
    this.tell();
  }

  #close(state: 'suspended' | 'ended'): void {
    if (this.#state === 'open') this.parts.queue.onReadable(undefined);
    if (this.#state !== 'ended') this.#state = state;
  }
}

class FakeReceivedQueue implements KernelReceivedQueue {
  readonly index: number;
  readonly interfaceName: string;
  readonly #loan: FakeLoan;
  #released = false;

  constructor(loan: FakeLoan) {
    this.#loan = loan;
    this.index = loan.parts.index;
    this.interfaceName = loan.parts.interfaceName;
  }

  rxBurst(...burst: Parameters<KernelQueue['rxBurst']>): number {
    return this.#lent().rxBurst(...burst);
  }

  txBurst(...burst: Parameters<KernelQueue['txBurst']>): number {
    return this.#lent().txBurst(...burst);
  }

  discard(): number {
    return this.#lent().discard();
  }

  onReadable(listener: (() => void) | undefined): void {
    if (!this.#released) this.#loan.queue?.onReadable(listener);
  }

  onTold(listener: (() => void) | undefined): void {
    this.#loan.onTold = listener;
  }

  get isOver(): boolean {
    return this.#loan.isOver;
  }

  /** Does nothing: a fake queue keeps no event loop alive. */
  ref(): void {}

  /** Does nothing: a fake queue keeps no event loop alive. */
  unref(): void {}

  release(): void {
    this.onReadable(undefined);
    this.onTold(undefined);
    this.#released = true;
  }

  #lent(): KernelQueue {
    const queue = this.#released ? undefined : this.#loan.queue;
    if (queue === undefined) throw closedError(`queue ${this.index}`, this.interfaceName);
    return queue;
  }
}
