/**
 * Link statistics: `struct rtnl_link_stats64` of linux/if_link.h.
 *
 * @module
 */

import { loadU64 } from './load.ts';

/** The counters of an interface. One that the kernel does not have yet is 0n. */
export interface LinkStatistics {
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Bad packets received. */
  readonly rxErrors: bigint;
  /** Packets that could not be sent. */
  readonly txErrors: bigint;
  /** Packets received but not processed, for want of resources or of a taker. */
  readonly rxDropped: bigint;
  /** Packets dropped on their way out. */
  readonly txDropped: bigint;
  /** Multicast packets received. */
  readonly multicast: bigint;
  /** Collisions. */
  readonly collisions: bigint;
  /** Received with a wrong length. */
  readonly rxLengthErrors: bigint;
  /** Receiver ring overflows. */
  readonly rxOverErrors: bigint;
  /** Received with a wrong checksum. */
  readonly rxCrcErrors: bigint;
  /** Received with a frame alignment error. */
  readonly rxFrameErrors: bigint;
  /** Receiver FIFO overruns. */
  readonly rxFifoErrors: bigint;
  /** Missed by the receiver. */
  readonly rxMissedErrors: bigint;
  /** Aborted by the transmitter. */
  readonly txAbortedErrors: bigint;
  /** Not sent for want of a carrier. */
  readonly txCarrierErrors: bigint;
  /** Transmitter FIFO errors. */
  readonly txFifoErrors: bigint;
  /** Heartbeat errors. */
  readonly txHeartbeatErrors: bigint;
  /** Late collisions. */
  readonly txWindowErrors: bigint;
  /** Compressed packets received. */
  readonly rxCompressed: bigint;
  /** Compressed packets sent. */
  readonly txCompressed: bigint;
  /** Received with nobody to take them. Since Linux 4.6. */
  readonly rxNoHandler: bigint;
  /** Received and dropped as for another host. Since Linux 5.19. */
  readonly rxOtherHostDropped: bigint;
}

/** In the order of the struct. */
export const STATISTICS_FIELDS: readonly (keyof LinkStatistics)[] = [
  'rxPackets',
  'txPackets',
  'rxBytes',
  'txBytes',
  'rxErrors',
  'txErrors',
  'rxDropped',
  'txDropped',
  'multicast',
  'collisions',
  'rxLengthErrors',
  'rxOverErrors',
  'rxCrcErrors',
  'rxFrameErrors',
  'rxFifoErrors',
  'rxMissedErrors',
  'txAbortedErrors',
  'txCarrierErrors',
  'txFifoErrors',
  'txHeartbeatErrors',
  'txWindowErrors',
  'rxCompressed',
  'txCompressed',
  'rxNoHandler',
  'rxOtherHostDropped',
];

/**
 * Reads the counters from `start` to `end`.
 *
 * Kernels add counters at the end: those that an older one lacks are 0n, those that a newer one
 * has are passed over.
 */
export function readStatistics(
  bytes: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): LinkStatistics {
  const at = (index: number): bigint => {
    const offset = start + index * 8;
    return offset + 8 <= end ? loadU64(bytes, offset, little) : 0n;
  };
  return {
    rxPackets: at(0),
    txPackets: at(1),
    rxBytes: at(2),
    txBytes: at(3),
    rxErrors: at(4),
    txErrors: at(5),
    rxDropped: at(6),
    txDropped: at(7),
    multicast: at(8),
    collisions: at(9),
    rxLengthErrors: at(10),
    rxOverErrors: at(11),
    rxCrcErrors: at(12),
    rxFrameErrors: at(13),
    rxFifoErrors: at(14),
    rxMissedErrors: at(15),
    txAbortedErrors: at(16),
    txCarrierErrors: at(17),
    txFifoErrors: at(18),
    txHeartbeatErrors: at(19),
    txWindowErrors: at(20),
    rxCompressed: at(21),
    txCompressed: at(22),
    rxNoHandler: at(23),
    rxOtherHostDropped: at(24),
  };
}
