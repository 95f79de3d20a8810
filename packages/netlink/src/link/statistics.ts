/**
 * Statistics: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { padded } from '../body.ts';
import { loadU64 } from '../load.ts';
import { putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
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
  source: MessageSource,
  start: number,
  end: number,
): LinkStatistics {
  if (end - start < 200) return readLinkStatistics(padded(source, start, end, 200), 0, 200);
  const { view, little } = source;
  return {
    rxPackets: loadU64(view, start, little),
    txPackets: loadU64(view, start + 8, little),
    rxBytes: loadU64(view, start + 16, little),
    txBytes: loadU64(view, start + 24, little),
    rxErrors: loadU64(view, start + 32, little),
    txErrors: loadU64(view, start + 40, little),
    rxDropped: loadU64(view, start + 48, little),
    txDropped: loadU64(view, start + 56, little),
    multicast: loadU64(view, start + 64, little),
    collisions: loadU64(view, start + 72, little),
    rxLengthErrors: loadU64(view, start + 80, little),
    rxOverErrors: loadU64(view, start + 88, little),
    rxCrcErrors: loadU64(view, start + 96, little),
    rxFrameErrors: loadU64(view, start + 104, little),
    rxFifoErrors: loadU64(view, start + 112, little),
    rxMissedErrors: loadU64(view, start + 120, little),
    txAbortedErrors: loadU64(view, start + 128, little),
    txCarrierErrors: loadU64(view, start + 136, little),
    txFifoErrors: loadU64(view, start + 144, little),
    txHeartbeatErrors: loadU64(view, start + 152, little),
    txWindowErrors: loadU64(view, start + 160, little),
    rxCompressed: loadU64(view, start + 168, little),
    txCompressed: loadU64(view, start + 176, little),
    rxNoHandler: loadU64(view, start + 184, little),
    rxOtherHostDropped: loadU64(view, start + 192, little),
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
  source: MessageSource,
  start: number,
  end: number,
): LinkStatistics32 {
  if (end - start < 96) return readLinkStatistics32(padded(source, start, end, 96), 0, 96);
  const { view, little } = source;
  return {
    rxPackets: view.getUint32(start, little),
    txPackets: view.getUint32(start + 4, little),
    rxBytes: view.getUint32(start + 8, little),
    txBytes: view.getUint32(start + 12, little),
    rxErrors: view.getUint32(start + 16, little),
    txErrors: view.getUint32(start + 20, little),
    rxDropped: view.getUint32(start + 24, little),
    txDropped: view.getUint32(start + 28, little),
    multicast: view.getUint32(start + 32, little),
    collisions: view.getUint32(start + 36, little),
    rxLengthErrors: view.getUint32(start + 40, little),
    rxOverErrors: view.getUint32(start + 44, little),
    rxCrcErrors: view.getUint32(start + 48, little),
    rxFrameErrors: view.getUint32(start + 52, little),
    rxFifoErrors: view.getUint32(start + 56, little),
    rxMissedErrors: view.getUint32(start + 60, little),
    txAbortedErrors: view.getUint32(start + 64, little),
    txCarrierErrors: view.getUint32(start + 68, little),
    txFifoErrors: view.getUint32(start + 72, little),
    txHeartbeatErrors: view.getUint32(start + 76, little),
    txWindowErrors: view.getUint32(start + 80, little),
    rxCompressed: view.getUint32(start + 84, little),
    txCompressed: view.getUint32(start + 88, little),
    rxNoHandler: view.getUint32(start + 92, little),
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
