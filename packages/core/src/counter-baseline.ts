/**
 * What counters stood at when they were last reset.
 *
 * @module
 */

/**
 * A reset that takes nothing away: native code's words, and the kernel's, go on, and what they stood at is
 * subtracted from then on.
 */
export class CounterBaseline {
  /** By the words themselves: those of new queues have none, and count from 0. */
  readonly #queues = new WeakMap<BigUint64Array, BigUint64Array>();
  #missed = 0n;

  /** Counts from here on. */
  take(queues: readonly BigUint64Array[], missed: bigint): void {
    for (const words of queues) this.#queues.set(words, words.slice());
    this.#missed = missed;
  }

  /** What a queue has counted since; differences wrap around as the words do. */
  since(words: BigUint64Array): BigUint64Array {
    const before = this.#queues.get(words);
    return words.map((word, index) => word - (before?.[index] ?? 0n));
  }

  /** What the interface has missed since. */
  missedSince(missed: bigint): bigint {
    return BigInt.asUintN(64, missed - this.#missed);
  }
}
