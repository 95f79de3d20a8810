/**
 * What a splice counts, for itself and for its devices.
 *
 * @module
 */

import { COUNTER_WORDS, SPLICE_WORDS, spliceOffset } from '@rtap/native';
import type { KernelSplice } from '@rtap/native';
import { readCounters, sumWords } from './counters.ts';
import type { Counters } from './counters.ts';

/**
 * What one direction of a splice has counted: `rx` is what it read of the one device, `tx` what the other's kernel took.
 *
 * Every frame that was read is in one of `txPackets`, `txErrors` and `dropped`, or on its way.
 */
export interface SpliceCounters extends Counters {
  /** Frames that were read and could not be sent: the other link was down, or its kernel had no memory. */
  readonly dropped: bigint;
  /** Frames that were shown: those of `samples()`, and those that wait for it. */
  readonly samples: bigint;
  /** Frames that were to be shown when the most that may wait were waiting. */
  readonly samplesMissed: bigint;
}

/** What both directions of a splice have counted. */
export interface SpliceTraffic {
  /** From the first device to the second. */
  readonly aToB: SpliceCounters;
  /** From the second device to the first. */
  readonly bToA: SpliceCounters;
}

/** Reads the words of a splice, and adds them to those of the queues that it has. */
export class SpliceLedger {
  readonly #splice: KernelSplice;
  readonly #queuesOfA: number;
  readonly #queues: readonly BigUint64Array[];
  /** What has been added to the queues' words by now. */
  #added: BigUint64Array;
  #read: BigUint64Array;

  /**
   * Made by the splice.
   *
   * @param queues - the words of the queues of a, then of b.
   */
  constructor(splice: KernelSplice, queuesOfA: number, queues: readonly BigUint64Array[]) {
    this.#splice = splice;
    this.#queuesOfA = queuesOfA;
    this.#queues = queues;
    this.#added = new BigUint64Array(splice.counterWords);
    this.#read = new BigUint64Array(splice.counterWords);
  }

  /** What has passed by now. */
  traffic(): SpliceTraffic {
    this.catchUp();
    const queues = this.#queues.map((_, index) => wordsOf(this.#added, index));
    const a = readCounters(sumWords(queues.slice(0, this.#queuesOfA)));
    const b = readCounters(sumWords(queues.slice(this.#queuesOfA)));
    return { aToB: this.#direction(0, a, b), bToA: this.#direction(1, b, a) };
  }

  /** Adds to the queues' words what was counted since it was last done. */
  catchUp(): void {
    this.#splice.copyCounters(this.#read);
    for (const [index, words] of this.#queues.entries()) {
      const before = wordsOf(this.#added, index);
      for (const [word, now] of wordsOf(this.#read, index).entries()) {
        const more = now - (before[word] ?? 0n);
        if (more !== 0n) Atomics.add(words, word, more);
      }
    }
    [this.#added, this.#read] = [this.#read, this.#added];
  }

  #direction(index: number, from: Counters, to: Counters): SpliceCounters {
    const start = this.#queues.length * COUNTER_WORDS + index * SPLICE_WORDS;
    const word = (name: keyof typeof spliceOffset): bigint =>
      this.#added[start + spliceOffset[name]] ?? 0n;
    const { rxPackets, rxBytes, rxErrors } = from;
    const { txPackets, txBytes, txErrors } = to;
    return {
      rxPackets,
      rxBytes,
      rxErrors,
      txPackets,
      txBytes,
      txErrors,
      dropped: word('dropped'),
      samples: word('shown'),
      samplesMissed: word('missed'),
    };
  }
}

function wordsOf(words: BigUint64Array, queue: number): BigUint64Array {
  return words.subarray(queue * COUNTER_WORDS, (queue + 1) * COUNTER_WORDS);
}
