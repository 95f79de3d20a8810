/**
 * A queue pair on the side of its device.
 *
 * @module
 */

import type { KernelDeviceQueue, KernelQueueLoan } from '@rtap/native';
import { createCounterWords } from './counters.ts';
import type { DeviceOperation, DeviceState } from './device-state.ts';
import { RtapError, asRtapError } from './errors.ts';
import { QueueLife } from './queue-life.ts';
import { TapQueue } from './tap-queue.ts';
import type { QueueOwner } from './tap-queue.ts';

/**
 * What another thread receives a queue by: plain data, for `postMessage` or the `workerData` of a worker thread of this
 * process. Good once.
 */
export interface QueueTicket {
  /** Which loan it is; it can't be guessed. */
  readonly id: bigint;
  /** The queue's counters: those of `counterWords`. */
  readonly counters: SharedArrayBuffer;
  /** What both sides tell each other. */
  readonly life: SharedArrayBuffer;
  /** Whether the receiver's slab is to be shared, as `openTap` was told. */
  readonly sharedBuffers: boolean;
}

/** What a queue needs of its device, to hand itself over. */
export interface DeviceQueueOwner extends QueueOwner {
  /** Where the device is in its life. */
  readonly state: DeviceState;
}

/** Such a queue's options. */
export interface DeviceQueueOptions {
  /** Whether slabs are shared. */
  readonly sharedBuffers: boolean;
}

interface Loan {
  /** Who has it. */
  readonly to: 'thread' | 'process';
  readonly kernel: KernelQueueLoan;
  readonly life: QueueLife;
  /** How many super-frames without a name the device knows of. */
  refused: number;
}

/** A queue pair of a device, which can be handed to another thread. Got from `tap.queue(i)`. */
export class DeviceQueue extends TapQueue {
  readonly #queue: KernelDeviceQueue;
  readonly #owner: DeviceQueueOwner;
  readonly #counters: SharedArrayBuffer;
  readonly #shared: boolean;
  #loan: Loan | undefined;

  /**
   * Made by the device.
   *
   * @internal
   */
  constructor(queue: KernelDeviceQueue, owner: DeviceQueueOwner, options: DeviceQueueOptions) {
    const counterWords = createCounterWords();
    super(queue, owner, { ...options, counterWords });
    this.#queue = queue;
    this.#owner = owner;
    this.#counters = counterWords.buffer;
    this.#shared = options.sharedBuffers;
  }

  /**
   * Whether it is with another thread, from `transfer` until `reclaim` has resolved, or offered to other processes or with
   * one, from `tap.share` until it is back.
   */
  get transferred(): boolean {
    return this.#loan !== undefined;
  }

  /**
   * Hands the queue to another thread: `receiveQueue(ticket)` takes it there. Legal when configured or started.
   *
   * Nothing can be received or sent by it here until {@link DeviceQueue.reclaim}; its counters stay to be read. What the
   * kernel has for it waits, 1,000 frames by default, and is missed beyond that (`rxMissed`), as long as nobody reads
   * there: also when the other thread has ended.
   *
   * @throws RtapError `ERR_RTAP_STATE` when somebody reads the queue, or it is with another thread already.
   */
  transfer(): QueueTicket {
    this.require('transfer');
    const { kernel, life } = this.#lend('thread');
    return {
      id: kernel.ticket,
      counters: this.#counters,
      life: life.buffer,
      sharedBuffers: this.#shared,
    };
  }

  /**
   * Offers the queue to other processes: nothing can be received or sent by it here from now on.
   *
   * @throws RtapError `ERR_RTAP_STATE` when somebody reads the queue, or it is with somebody already.
   *
   * @internal
   */
  offer(): void {
    this.requireHere('share');
    this.#lend('process');
  }

  /**
   * Has the queue back that was offered to other processes, when no other one has it.
   *
   * @internal
   */
  async takeBack(): Promise<void> {
    const loan = this.#loan;
    if (loan?.to === 'process') await this.#takeBack(loan);
  }

  /**
   * What a share hands over.
   *
   * @internal
   */
  get kernelQueue(): KernelDeviceQueue {
    return this.#queue;
  }

  /**
   * Takes the queue back, whatever the other thread does, and if it has ended: iterators end there. Legal when
   * configured or started; nothing happens when the queue is here.
   *
   * When it resolves the other thread can't use it any more, and it can be used here, or be handed over again.
   *
   * @throws RtapError `ERR_RTAP_STATE` when it is shared with other processes: no file can be taken away from one.
   */
  async reclaim(): Promise<void> {
    this.requireLegal('reclaim');
    const loan = this.#loan;
    if (loan === undefined) return;
    if (loan.to === 'process') this.requireHere('reclaim');
    await this.#takeBack(loan);
  }

  async #takeBack(loan: Loan): Promise<void> {
    await this.#end(loan, 'reclaimed');
    if (this.#loan !== loan) return;
    this.#loan = undefined;
    this.errorsAreKnown();
  }

  #lend(to: Loan['to']): Loan {
    const operation = to === 'thread' ? 'transfer' : 'share';
    this.forget();
    // Nobody can come in between: it is the reader's place that is looked at.
    this.claim({ exclusive: true, readable: () => false, end: () => undefined })();
    const { name, state } = this.#owner;
    let kernel: KernelQueueLoan;
    try {
      kernel = this.#queue.lend();
    } catch (error) {
      throw asRtapError(error, operation, name);
    }
    const life = new QueueLife();
    const loan: Loan = { to, kernel, life, refused: life.refused };
    this.#loan = loan;
    this.offloadsChanged();
    if (state === 'started') this.resume();
    return loan;
  }

  /**
   * Lets the other thread use it: the device is started.
   *
   * @internal
   */
  resume(): void {
    const loan = this.#loan;
    if (loan?.to !== 'thread') return;
    loan.kernel.resume();
    loan.life.tell('started');
    loan.kernel.tell();
  }

  /**
   * Sees whether the other thread met a super-frame that the kernel had no word for: what it may leave undone is the
   * device's to decide.
   *
   * @internal
   */
  lookForRefused(): void {
    const loan = this.#loan;
    if (loan === undefined || loan.refused === loan.life.refused) return;
    loan.refused = loan.life.refused;
    this.#owner.superFrameRefused();
  }

  /**
   * Tells the other thread whether frames may come with work left undone.
   *
   * @internal
   */
  offloadsChanged(): void {
    if (this.#loan !== undefined) this.#loan.life.offloaded = this.#owner.offloaded;
  }

  /** @internal */
  override end(reason: RtapError): Promise<unknown> | undefined {
    const ended = super.end(reason);
    const loan = this.#loan;
    if (loan === undefined) return ended;
    loan.life.tell(reason.code === 'ERR_RTAP_CLOSED' ? 'closed' : 'configured');
    loan.kernel.tell();
    return loan.kernel.suspend();
  }

  /** @internal */
  override retire(reason: RtapError): void {
    const loan = this.#loan;
    this.#loan = undefined;
    super.retire(reason);
    if (loan === undefined) return;
    // Before what the device does next to its files: it waits for this.
    void this.#end(loan, ENDS[reason.code] ?? 'reclaimed');
  }

  protected override requireHere(operation: DeviceOperation): void {
    if (this.#loan === undefined) return;
    const { name } = this.#owner;
    const { where, hint } = WHEREABOUTS[this.#loan.to];
    const what = `${operation}() of queue ${this.index} of '${name}', which is ${where}`;
    throw new RtapError('ERR_RTAP_STATE', what, { interface: name, hint });
  }

  /** @internal */
  protected override get remarks(): readonly string[] {
    return this.transferred ? ['with another thread'] : super.remarks;
  }

  #end(loan: Loan, state: 'reclaimed' | 'removed' | 'closed'): Promise<void> {
    loan.life.tell(state);
    return loan.kernel.end();
  }
}

const WHEREABOUTS = {
  thread: {
    where: 'with another thread',
    hint: 'use it there, or take it back with reclaim()',
  },
  process: {
    where: 'shared with other processes',
    hint: 'it is back when its share is closed, and the process that has it has ended or closed it',
  },
} as const;

/** What ends a queue for good, by the code of the reason. */
const ENDS: Readonly<Record<string, 'removed' | 'closed'>> = {
  ERR_RTAP_REMOVED: 'removed',
  ERR_RTAP_CLOSED: 'closed',
};
