/**
 * Statistics: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { loadU32, loadU64 } from '../load.ts';
import { putNumber } from '../request.ts';
import type { MessageWriter } from '../writer.ts';

/**
 * The counters of an interface. One that the kernel does not have yet is 0n. `struct
 * rtnl_link_stats64`
 */
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

/** Reads a `struct rtnl_link_stats64`; a longer one is fine. */
export function readLinkStatistics(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): LinkStatistics {
  return {
    rxPackets: end - start < 8 ? 0n : loadU64(body, start, little),
    txPackets: end - start < 16 ? 0n : loadU64(body, start + 8, little),
    rxBytes: end - start < 24 ? 0n : loadU64(body, start + 16, little),
    txBytes: end - start < 32 ? 0n : loadU64(body, start + 24, little),
    rxErrors: end - start < 40 ? 0n : loadU64(body, start + 32, little),
    txErrors: end - start < 48 ? 0n : loadU64(body, start + 40, little),
    rxDropped: end - start < 56 ? 0n : loadU64(body, start + 48, little),
    txDropped: end - start < 64 ? 0n : loadU64(body, start + 56, little),
    multicast: end - start < 72 ? 0n : loadU64(body, start + 64, little),
    collisions: end - start < 80 ? 0n : loadU64(body, start + 72, little),
    rxLengthErrors: end - start < 88 ? 0n : loadU64(body, start + 80, little),
    rxOverErrors: end - start < 96 ? 0n : loadU64(body, start + 88, little),
    rxCrcErrors: end - start < 104 ? 0n : loadU64(body, start + 96, little),
    rxFrameErrors: end - start < 112 ? 0n : loadU64(body, start + 104, little),
    rxFifoErrors: end - start < 120 ? 0n : loadU64(body, start + 112, little),
    rxMissedErrors: end - start < 128 ? 0n : loadU64(body, start + 120, little),
    txAbortedErrors: end - start < 136 ? 0n : loadU64(body, start + 128, little),
    txCarrierErrors: end - start < 144 ? 0n : loadU64(body, start + 136, little),
    txFifoErrors: end - start < 152 ? 0n : loadU64(body, start + 144, little),
    txHeartbeatErrors: end - start < 160 ? 0n : loadU64(body, start + 152, little),
    txWindowErrors: end - start < 168 ? 0n : loadU64(body, start + 160, little),
    rxCompressed: end - start < 176 ? 0n : loadU64(body, start + 168, little),
    txCompressed: end - start < 184 ? 0n : loadU64(body, start + 176, little),
    rxNoHandler: end - start < 192 ? 0n : loadU64(body, start + 184, little),
    rxOtherHostDropped: end - start < 200 ? 0n : loadU64(body, start + 192, little),
  };
}

/** Writes a `struct rtnl_link_stats64`. */
export function writeLinkStatistics(
  writer: MessageWriter,
  value: LinkStatistics,
  at: string,
): void {
  putNumber(writer, 'u64', `${at}.rxPackets`, value.rxPackets);
  putNumber(writer, 'u64', `${at}.txPackets`, value.txPackets);
  putNumber(writer, 'u64', `${at}.rxBytes`, value.rxBytes);
  putNumber(writer, 'u64', `${at}.txBytes`, value.txBytes);
  putNumber(writer, 'u64', `${at}.rxErrors`, value.rxErrors);
  putNumber(writer, 'u64', `${at}.txErrors`, value.txErrors);
  putNumber(writer, 'u64', `${at}.rxDropped`, value.rxDropped);
  putNumber(writer, 'u64', `${at}.txDropped`, value.txDropped);
  putNumber(writer, 'u64', `${at}.multicast`, value.multicast);
  putNumber(writer, 'u64', `${at}.collisions`, value.collisions);
  putNumber(writer, 'u64', `${at}.rxLengthErrors`, value.rxLengthErrors);
  putNumber(writer, 'u64', `${at}.rxOverErrors`, value.rxOverErrors);
  putNumber(writer, 'u64', `${at}.rxCrcErrors`, value.rxCrcErrors);
  putNumber(writer, 'u64', `${at}.rxFrameErrors`, value.rxFrameErrors);
  putNumber(writer, 'u64', `${at}.rxFifoErrors`, value.rxFifoErrors);
  putNumber(writer, 'u64', `${at}.rxMissedErrors`, value.rxMissedErrors);
  putNumber(writer, 'u64', `${at}.txAbortedErrors`, value.txAbortedErrors);
  putNumber(writer, 'u64', `${at}.txCarrierErrors`, value.txCarrierErrors);
  putNumber(writer, 'u64', `${at}.txFifoErrors`, value.txFifoErrors);
  putNumber(writer, 'u64', `${at}.txHeartbeatErrors`, value.txHeartbeatErrors);
  putNumber(writer, 'u64', `${at}.txWindowErrors`, value.txWindowErrors);
  putNumber(writer, 'u64', `${at}.rxCompressed`, value.rxCompressed);
  putNumber(writer, 'u64', `${at}.txCompressed`, value.txCompressed);
  putNumber(writer, 'u64', `${at}.rxNoHandler`, value.rxNoHandler);
  putNumber(writer, 'u64', `${at}.rxOtherHostDropped`, value.rxOtherHostDropped);
}

/**
 * The counters of an interface in 32 bits: they wrap. One that the kernel does not have is 0.
 * `struct rtnl_link_stats`
 */
export interface LinkStatistics32 {
  /** Packets received. */
  readonly rxPackets: number;
  /** Packets sent. */
  readonly txPackets: number;
  /** Bytes received. */
  readonly rxBytes: number;
  /** Bytes sent. */
  readonly txBytes: number;
  /** Bad packets received. */
  readonly rxErrors: number;
  /** Packets that could not be sent. */
  readonly txErrors: number;
  /** Packets received but not processed, for want of resources or of a taker. */
  readonly rxDropped: number;
  /** Packets dropped on their way out. */
  readonly txDropped: number;
  /** Multicast packets received. */
  readonly multicast: number;
  /** Collisions. */
  readonly collisions: number;
  /** Received with a wrong length. */
  readonly rxLengthErrors: number;
  /** Receiver ring overflows. */
  readonly rxOverErrors: number;
  /** Received with a wrong checksum. */
  readonly rxCrcErrors: number;
  /** Received with a frame alignment error. */
  readonly rxFrameErrors: number;
  /** Receiver FIFO overruns. */
  readonly rxFifoErrors: number;
  /** Missed by the receiver. */
  readonly rxMissedErrors: number;
  /** Aborted by the transmitter. */
  readonly txAbortedErrors: number;
  /** Not sent for want of a carrier. */
  readonly txCarrierErrors: number;
  /** Transmitter FIFO errors. */
  readonly txFifoErrors: number;
  /** Heartbeat errors. */
  readonly txHeartbeatErrors: number;
  /** Late collisions. */
  readonly txWindowErrors: number;
  /** Compressed packets received. */
  readonly rxCompressed: number;
  /** Compressed packets sent. */
  readonly txCompressed: number;
  /** Received with nobody to take them. Since Linux 4.6. */
  readonly rxNoHandler: number;
}

/** Reads a `struct rtnl_link_stats`; a longer one is fine. */
export function readLinkStatistics32(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): LinkStatistics32 {
  return {
    rxPackets: end - start < 4 ? 0 : loadU32(body, start, little),
    txPackets: end - start < 8 ? 0 : loadU32(body, start + 4, little),
    rxBytes: end - start < 12 ? 0 : loadU32(body, start + 8, little),
    txBytes: end - start < 16 ? 0 : loadU32(body, start + 12, little),
    rxErrors: end - start < 20 ? 0 : loadU32(body, start + 16, little),
    txErrors: end - start < 24 ? 0 : loadU32(body, start + 20, little),
    rxDropped: end - start < 28 ? 0 : loadU32(body, start + 24, little),
    txDropped: end - start < 32 ? 0 : loadU32(body, start + 28, little),
    multicast: end - start < 36 ? 0 : loadU32(body, start + 32, little),
    collisions: end - start < 40 ? 0 : loadU32(body, start + 36, little),
    rxLengthErrors: end - start < 44 ? 0 : loadU32(body, start + 40, little),
    rxOverErrors: end - start < 48 ? 0 : loadU32(body, start + 44, little),
    rxCrcErrors: end - start < 52 ? 0 : loadU32(body, start + 48, little),
    rxFrameErrors: end - start < 56 ? 0 : loadU32(body, start + 52, little),
    rxFifoErrors: end - start < 60 ? 0 : loadU32(body, start + 56, little),
    rxMissedErrors: end - start < 64 ? 0 : loadU32(body, start + 60, little),
    txAbortedErrors: end - start < 68 ? 0 : loadU32(body, start + 64, little),
    txCarrierErrors: end - start < 72 ? 0 : loadU32(body, start + 68, little),
    txFifoErrors: end - start < 76 ? 0 : loadU32(body, start + 72, little),
    txHeartbeatErrors: end - start < 80 ? 0 : loadU32(body, start + 76, little),
    txWindowErrors: end - start < 84 ? 0 : loadU32(body, start + 80, little),
    rxCompressed: end - start < 88 ? 0 : loadU32(body, start + 84, little),
    txCompressed: end - start < 92 ? 0 : loadU32(body, start + 88, little),
    rxNoHandler: end - start < 96 ? 0 : loadU32(body, start + 92, little),
  };
}

/** Writes a `struct rtnl_link_stats`. */
export function writeLinkStatistics32(
  writer: MessageWriter,
  value: LinkStatistics32,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.rxPackets`, value.rxPackets);
  putNumber(writer, 'u32', `${at}.txPackets`, value.txPackets);
  putNumber(writer, 'u32', `${at}.rxBytes`, value.rxBytes);
  putNumber(writer, 'u32', `${at}.txBytes`, value.txBytes);
  putNumber(writer, 'u32', `${at}.rxErrors`, value.rxErrors);
  putNumber(writer, 'u32', `${at}.txErrors`, value.txErrors);
  putNumber(writer, 'u32', `${at}.rxDropped`, value.rxDropped);
  putNumber(writer, 'u32', `${at}.txDropped`, value.txDropped);
  putNumber(writer, 'u32', `${at}.multicast`, value.multicast);
  putNumber(writer, 'u32', `${at}.collisions`, value.collisions);
  putNumber(writer, 'u32', `${at}.rxLengthErrors`, value.rxLengthErrors);
  putNumber(writer, 'u32', `${at}.rxOverErrors`, value.rxOverErrors);
  putNumber(writer, 'u32', `${at}.rxCrcErrors`, value.rxCrcErrors);
  putNumber(writer, 'u32', `${at}.rxFrameErrors`, value.rxFrameErrors);
  putNumber(writer, 'u32', `${at}.rxFifoErrors`, value.rxFifoErrors);
  putNumber(writer, 'u32', `${at}.rxMissedErrors`, value.rxMissedErrors);
  putNumber(writer, 'u32', `${at}.txAbortedErrors`, value.txAbortedErrors);
  putNumber(writer, 'u32', `${at}.txCarrierErrors`, value.txCarrierErrors);
  putNumber(writer, 'u32', `${at}.txFifoErrors`, value.txFifoErrors);
  putNumber(writer, 'u32', `${at}.txHeartbeatErrors`, value.txHeartbeatErrors);
  putNumber(writer, 'u32', `${at}.txWindowErrors`, value.txWindowErrors);
  putNumber(writer, 'u32', `${at}.rxCompressed`, value.rxCompressed);
  putNumber(writer, 'u32', `${at}.txCompressed`, value.txCompressed);
  putNumber(writer, 'u32', `${at}.rxNoHandler`, value.rxNoHandler);
}
