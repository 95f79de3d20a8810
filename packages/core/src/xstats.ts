/**
 * Extended statistics, by the names that DPDK has for them.
 *
 * @module
 */

import { counterOffset } from '@rtap/native';
import { readCounters, sumWords } from './counters.ts';

/**
 * What {@link TapDevice.xstats} tells, by DPDK's names: first those of the device, then those of each queue, such as
 * `rx_q0_size_64_packets`, `rx_q0_broadcast_packets` or `tx_q1_checksum_offload`.
 *
 * A queue has one for each name in `counterOffset`, with `q` and its index put in; what it counts, and how the
 * classes are cut, is said there. Classes of size and of destination each add up to the queue's `packets`.
 */
export interface Xstats {
  /** Frames received. */
  readonly rx_good_packets: bigint;
  /** Frames sent. */
  readonly tx_good_packets: bigint;
  /** Bytes received. */
  readonly rx_good_bytes: bigint;
  /** Bytes sent. */
  readonly tx_good_bytes: bigint;
  /** Frames that the kernel dropped as a queue was full: `rxMissed` of `stats`. */
  readonly rx_missed_errors: bigint;
  /** Super-frames without a name, and reads that failed. */
  readonly rx_errors: bigint;
  /** Frames refused as bad. */
  readonly tx_errors: bigint;
  /** Stays 0: nothing is allocated for a frame. */
  readonly rx_mbuf_allocation_errors: bigint;
  /** What a queue has counted. */
  readonly [name: `${'rx' | 'tx'}_q${number}_${string}`]: bigint;
}

/** Names what queues have counted. */
export function xstatsOf(queues: readonly BigUint64Array[], rxMissed: bigint): Xstats {
  const sum = sumWords(queues);
  const all = readCounters(sum);
  return {
    rx_good_packets: all.rxPackets,
    tx_good_packets: all.txPackets,
    rx_good_bytes: all.rxBytes,
    tx_good_bytes: all.txBytes,
    rx_missed_errors: rxMissed,
    rx_errors: all.rxErrors,
    tx_errors: all.txErrors,
    rx_mbuf_allocation_errors: sum[counterOffset.rx_mbuf_alloc_failed] ?? 0n,
    ...Object.fromEntries(
      queues.flatMap((words, queue) =>
        Object.entries(counterOffset).map(([name, offset]) => [
          name.replace('_', `_q${queue}_`),
          words[offset] ?? 0n,
        ]),
      ),
    ),
  };
}
