/**
 * Counters that native code adds to and JavaScript reads without a call.
 *
 * @module
 */

/** What has passed a queue, or all queues of a device. */
export interface Counters {
  /** Frames received. */
  readonly rxPackets: bigint;
  /** Bytes received, without headers of our own. */
  readonly rxBytes: bigint;
  /** Reads that failed. */
  readonly rxErrors: bigint;
  /** Frames sent. */
  readonly txPackets: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Frames that were refused as bad. */
  readonly txErrors: bigint;
}

const WORDS = 6;

/** A queue's counters: 64-bit words in shared memory, in the order of {@link Counters}. */
export function createCounterWords(): BigUint64Array {
  return new BigUint64Array(new SharedArrayBuffer(WORDS * BigUint64Array.BYTES_PER_ELEMENT));
}

/** Adds up the counters of queues. */
export function sumCounters(queues: Iterable<BigUint64Array>): Counters {
  let rxPackets = 0n;
  let rxBytes = 0n;
  let rxErrors = 0n;
  let txPackets = 0n;
  let txBytes = 0n;
  let txErrors = 0n;
  for (const words of queues) {
    rxPackets += words[0] ?? 0n;
    rxBytes += words[1] ?? 0n;
    rxErrors += words[2] ?? 0n;
    txPackets += words[3] ?? 0n;
    txBytes += words[4] ?? 0n;
    txErrors += words[5] ?? 0n;
  }
  return { rxPackets, rxBytes, rxErrors, txPackets, txBytes, txErrors };
}
