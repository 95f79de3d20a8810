/**
 * What the two sides of a queue that was handed to another thread tell each other.
 *
 * @module
 */

import type { DeviceState } from './device-state.ts';

/** What can be known of a queue that was handed over: the state of its device, or that it was taken back. */
export type TransferredQueueState = DeviceState | 'reclaimed';

const STATES: readonly TransferredQueueState[] = [
  'configured',
  'started',
  'removed',
  'closed',
  'reclaimed',
];
/** The low bits of the word hold the state, those above count its changes. */
const STATE_MASK = 7;
const WORDS = 3;
/** The state. */
const STATE = 0;
/** Whether frames may come with work left undone. */
const OFFLOADED = 1;
/** How many bursts met a super-frame that the kernel had no word for. */
const REFUSED = 2;

/** Size of the memory that both sides have, in bytes. */
export const QUEUE_LIFE_BYTES: number = WORDS * Int32Array.BYTES_PER_ELEMENT;

/**
 * A few words in shared memory: the device's thread writes the state, the receiver's thread counts what the device has to
 * know. Either side may sleep: words are looked at, and no message can be lost. Who is to look is woken by other means:
 * `Atomics.waitAsync` and the end of a worker don't go together.
 */
export class QueueLife {
  /** The words. */
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(QUEUE_LIFE_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Changes whenever the state is told, also when it is told again. */
  get moment(): number {
    return Atomics.load(this.#words, STATE);
  }

  /** The state at a moment. */
  static stateAt(moment: number): TransferredQueueState {
    return STATES[moment & STATE_MASK] ?? 'reclaimed';
  }

  /** Tells the state; nothing follows what ends the queue for good. */
  tell(state: TransferredQueueState): void {
    const { moment } = this;
    const before = QueueLife.stateAt(moment);
    if (before !== 'configured' && before !== 'started') return;
    const count = (moment & ~STATE_MASK) + (STATE_MASK + 1);
    Atomics.store(this.#words, STATE, count | STATES.indexOf(state));
  }

  /** Whether frames may come with work left undone. */
  get offloaded(): boolean {
    return Atomics.load(this.#words, OFFLOADED) !== 0;
  }

  /** @see QueueLife.offloaded */
  set offloaded(offloaded: boolean) {
    Atomics.store(this.#words, OFFLOADED, offloaded ? 1 : 0);
  }

  /** How many bursts met a super-frame that the kernel had no word for; wraps around. */
  get refused(): number {
    return Atomics.load(this.#words, REFUSED);
  }

  /** Counts such a burst. */
  countRefused(): void {
    Atomics.add(this.#words, REFUSED, 1);
  }
}
