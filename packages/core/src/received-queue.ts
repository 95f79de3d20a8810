/**
 * A queue pair in another thread than its device.
 *
 * @module
 */

import type { Kernel, KernelReceivedQueue } from '@rtap/native';
import {
  checkBoolean,
  checkOptions,
  checkSharedMemory,
  checkSignal,
  invalidArgumentType,
} from './argument.ts';
import { COUNTER_BYTES, readCounters } from './counters.ts';
import type { Counters } from './counters.ts';
import { closedError, removedError } from './device-errors.ts';
import type { QueueTicket } from './device-queue.ts';
import { requireLegal, stateError } from './device-state.ts';
import type { DeviceOperation } from './device-state.ts';
import { RtapError, asRtapError } from './errors.ts';
import { createFrameBatch } from './frame-batch.ts';
import type { FrameBatch } from './frame-batch.ts';
import { checkKernel } from './kernel.ts';
import { QUEUE_LIFE_BYTES, QueueLife } from './queue-life.ts';
import type { TransferredQueueState } from './queue-life.ts';
import { TapQueue } from './tap-queue.ts';
import type { QueueOwner, WaitOptions } from './tap-queue.ts';
import type { WireFrameMaker } from './wire-frames.ts';

/** What {@link receiveQueue} takes. */
export interface ReceiveQueueOptions {
  /** The kernel that the device is on: the real one when left out, or the fake one that it was opened with. */
  readonly kernel?: Kernel;
}

/**
 * Receives a queue that the thread of its device has handed over by `transfer()`.
 *
 * @throws TypeError when it is no ticket; RtapError `ERR_RTAP_STATE` when its queue was received before, taken back, or
 * never handed over, or its device is closed or has other queues now.
 *
 * @example
 * ```ts
 * import { openTap, receiveQueue } from '@rtap/core';
 * import { FakeKernel } from '@rtap/testkit';
 *
 * const kernel = new FakeKernel();
 * const tap = await openTap({ kernel, queues: 2 });
 * const ticket = tap.queue(1).transfer(); // on the real kernel: worker.postMessage(tap.queue(1).transfer())
 *
 * const queue = receiveQueue(ticket, { kernel }); // in the worker: receiveQueue(ticket)
 * kernel.interface(tap.name).send(new Uint8Array(60), 1);
 * for await (const batch of queue.batches()) {
 *   console.log(batch.count, queue.txBurst(batch)); // 1 1
 *   break;
 * }
 * console.log(tap.counters.txPackets); // 1n
 * await tap.close();
 * console.log(queue.state); // closed
 * ```
 */
export function receiveQueue(ticket: QueueTicket, options?: ReceiveQueueOptions): ReceivedQueue {
  const parts = checkTicket(ticket);
  const kernel = checkKernel(checkOptions('options', options).kernel);
  try {
    return new ReceivedQueue(kernel.receiveQueue(ticket.id), { ...parts, wireFrameMaker: kernel });
  } catch (error) {
    const wrapped = asRtapError(error, 'receiveQueue', 'a queue');
    if (!(wrapped instanceof RtapError) || wrapped.code !== 'ERR_RTAP_CLOSED') throw wrapped;
    throw new RtapError('ERR_RTAP_STATE', 'receiveQueue(): no queue waits for this ticket', {
      hint: 'a ticket is good once, in the process that gave it out, until the queue is taken back or its device is closed or has other queues: ask for a new one by transfer()',
      cause: error,
    });
  }
}

/** A queue pair that was received: the same bursts, in a thread of one's own. */
export class ReceivedQueue extends TapQueue {
  readonly #queue: KernelReceivedQueue;
  readonly #owner: DistantDevice;
  readonly #untils = new Set<() => void>();

  /**
   * Made by {@link receiveQueue}.
   *
   * @internal
   */
  constructor(queue: KernelReceivedQueue, parts: ReceivedParts) {
    const owner = new DistantDevice(queue.interfaceName, parts);
    super(queue, owner, parts);
    this.#queue = queue;
    this.#owner = owner;
    owner.onChange((end) => this.#changed(end));
    queue.onTold(() => {
      owner.look();
      // Whoever takes it back says so before. If not: the device's thread has ended, and the device with it.
      if (queue.isOver) owner.leave('closed');
    });
  }

  /**
   * Where its device is in its life, as its thread has told; `reclaimed` when the queue was taken back, or the device has
   * others since `configure`; `closed` also when it was closed here. After `removed`, `closed` and `reclaimed` comes nothing.
   */
  get state(): TransferredQueueState {
    return this.#owner.state;
  }

  /**
   * Resolves when the device is started, at once if it is.
   *
   * @throws RtapError `ERR_RTAP_REMOVED`, `ERR_RTAP_CLOSED`, or `ERR_RTAP_STATE` when the queue was taken back; the
   * signal's reason when it is aborted.
   */
  async until(state: 'started', options?: WaitOptions): Promise<void> {
    const signal = checkSignal('options.signal', checkOptions('options', options).signal);
    if (state !== 'started') throw invalidArgumentType('state', "'started'", state);
    signal?.throwIfAborted();
    let look: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        look = () => {
          if (signal?.aborted === true) reject(signal.reason);
          else if (this.state === 'started') resolve();
          else if (this.state !== 'configured') reject(this.#owner.reason('until'));
        };
        this.#untils.add(look);
        signal?.addEventListener('abort', look, { once: true });
        look();
      });
    } finally {
      if (look !== undefined) {
        this.#untils.delete(look);
        signal?.removeEventListener('abort', look);
      }
    }
  }

  /** Makes an empty batch to fill with `push` and hand to any queue's `txBurst`. */
  createBatch(): FrameBatch {
    return createFrameBatch();
  }

  /** Makes the queue keep this thread's event loop alive, as it does from the beginning until it ends. */
  ref(): this {
    this.#queue.ref();
    return this;
  }

  /** Lets the event loop end in spite of the queue. */
  unref(): this {
    this.#queue.unref();
    return this;
  }

  /**
   * Gives the queue up, any number of times, as the end of the thread does. The device goes on, and whoever has it can
   * take the queue back and use it or hand it to another thread.
   */
  async close(): Promise<void> {
    this.#owner.leave('closed');
  }

  /** The same as {@link ReceivedQueue.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #changed(end: boolean): void {
    const reason = this.#owner.reason('waitReadable');
    this.forget();
    if (end) {
      this.retire(reason);
      this.#queue.release();
    } else {
      void this.end(reason);
    }
    for (const look of this.#untils) look();
  }
}

/** What a queue is received with. */
interface ReceivedParts {
  readonly life: QueueLife;
  readonly counterWords: BigUint64Array;
  readonly sharedBuffers: boolean;
  readonly wireFrameMaker: WireFrameMaker;
}

/** The device in the other thread. */
class DistantDevice implements QueueOwner {
  readonly name: string;
  readonly wireFrameMaker: WireFrameMaker;
  readonly #life: QueueLife;
  #moment: number;
  /** How it ended on this side. */
  #left: 'removed' | 'closed' | undefined;
  #onChange: (end: boolean) => void = () => undefined;

  constructor(name: string, { life, wireFrameMaker }: ReceivedParts) {
    this.name = name;
    this.wireFrameMaker = wireFrameMaker;
    this.#life = life;
    this.#moment = life.moment;
  }

  get state(): TransferredQueueState {
    this.#follow();
    return this.#left ?? QueueLife.stateAt(this.#moment);
  }

  get offloaded(): boolean {
    return this.#life.offloaded;
  }

  countersOf(words: BigUint64Array): Counters {
    return readCounters(words);
  }

  requireLegal(operation: DeviceOperation): void {
    const { state } = this;
    if (state === 'started') return;
    if (state === 'reclaimed') throw this.reason(operation);
    requireLegal(operation, state, this.name);
  }

  interfaceGone(): void {
    this.leave('removed');
  }

  superFrameRefused(): void {
    this.#life.countRefused();
  }

  /** Sets who is told that the state was told, and whether it was for the last time. */
  onChange(listener: (end: boolean) => void): void {
    this.#onChange = listener;
  }

  /** It is over on this side. */
  leave(how: 'removed' | 'closed'): void {
    const { state } = this;
    if (state !== 'configured' && state !== 'started') return;
    this.#left = how;
    this.#onChange(true);
  }

  /** Looks whether the state was told; whoever is to know knows then. */
  look(): void {
    this.#follow();
  }

  /** Why nothing passes. */
  reason(operation: DeviceOperation): RtapError {
    const { state } = this;
    if (state === 'removed') return removedError(operation, this.name);
    if (state === 'closed') return closedError(this.name);
    if (state !== 'reclaimed') return stateError(operation, 'configured', this.name);
    const what = `${operation}() of a queue of '${this.name}', which was taken back`;
    return new RtapError('ERR_RTAP_STATE', what, {
      interface: this.name,
      hint: 'the device has it, or has other queues: ask its thread for another ticket',
    });
  }

  #follow(): void {
    const { moment } = this.#life;
    if (moment === this.#moment || this.#left !== undefined) return;
    this.#moment = moment;
    const state = QueueLife.stateAt(moment);
    this.#onChange(state !== 'configured' && state !== 'started');
  }
}

function checkTicket(ticket: QueueTicket): Omit<ReceivedParts, 'wireFrameMaker'> {
  const { id, counters, life, sharedBuffers } = checkOptions('ticket', ticket);
  if (typeof id !== 'bigint') throw invalidArgumentType('ticket.id', 'of type bigint', id);
  const words = checkSharedMemory('ticket.counters', counters, COUNTER_BYTES);
  return {
    counterWords: new BigUint64Array(words),
    life: new QueueLife(checkSharedMemory('ticket.life', life, QUEUE_LIFE_BYTES)),
    sharedBuffers: checkBoolean('ticket.sharedBuffers', sharedBuffers),
  };
}
