/**
 * Counters that native code adds to and JavaScript reads without a call.
 *
 * @module
 */

import { COUNTER_WORDS, counterOffset } from '@rtap/native';
import type { QueueCounterName } from '@rtap/native';

/** What has passed a queue, or all queues of a device, since it was made or last reset. */
export interface Counters {
  /** Frames received. */
  readonly rxPackets: bigint;
  /** Bytes received, without headers of our own. */
  readonly rxBytes: bigint;
  /**
   * Super-frames of a kind that the header has no word for, reads that failed, and frames that `batches()` left out
   * because their header is not true of them.
   */
  readonly rxErrors: bigint;
  /** Frames that the kernel took. */
  readonly txPackets: bigint;
  /** Bytes of those. */
  readonly txBytes: bigint;
  /** Frames that were refused as bad, or dropped by `writable` because the link was down. */
  readonly txErrors: bigint;
}

/** Bytes of a queue's counters. */
export const COUNTER_BYTES: number = COUNTER_WORDS * BigUint64Array.BYTES_PER_ELEMENT;

/** A queue's counters: 64-bit words in shared memory, each where `counterOffset` says. */
export function createCounterWords(): BigUint64Array<SharedArrayBuffer> {
  return new BigUint64Array(new SharedArrayBuffer(COUNTER_BYTES));
}

/** Adds to a word; for what is seen in JavaScript, on the thread that the queue's bursts run on. */
export function addToCounter(words: BigUint64Array, name: QueueCounterName, count: number): void {
  const offset = counterOffset[name];
  words[offset] = (words[offset] ?? 0n) + BigInt(count);
}

/** The counters that words stand for. */
export function readCounters(words: BigUint64Array): Counters {
  return {
    rxPackets: words[counterOffset.rx_packets] ?? 0n,
    rxBytes: words[counterOffset.rx_bytes] ?? 0n,
    rxErrors: words[counterOffset.rx_errors] ?? 0n,
    txPackets: words[counterOffset.tx_packets] ?? 0n,
    txBytes: words[counterOffset.tx_bytes] ?? 0n,
    txErrors: words[counterOffset.tx_errors] ?? 0n,
  };
}

/** Adds up the words of queues, each wrapping around as they do. */
export function sumWords(queues: Iterable<BigUint64Array>): BigUint64Array {
  const sum = new BigUint64Array(COUNTER_WORDS);
  for (const words of queues) {
    for (const [index, word] of words.entries()) sum[index] = (sum[index] ?? 0n) + word;
  }
  return sum;
}
