/**
 * What a capture holds, whichever its format.
 *
 * @module
 */

/** Link type of Ethernet frames (`pcap-linktype`). */
export const LINKTYPE_ETHERNET = 1;
/** Link type of IP packets without a link header, IPv4 or IPv6 by their version (`pcap-linktype`). */
export const LINKTYPE_RAW = 101;

/** Order of the bytes of a number: `little` has the lowest first. */
export type ByteOrder = 'little' | 'big';

/** An option of a pcapng block, as it stands there. */
export interface CaptureOption {
  /** Which option, 1 to 65535: 1 is a comment in every block. */
  readonly code: number;
  /** What it holds, up to 65535 bytes; numbers in it are in the order of the section. */
  readonly value: Uint8Array;
}

/** What all records have. */
interface Optional {
  /** The options of the block in their order, known ones too; none in pcap. */
  readonly options: readonly CaptureOption[];
}

/** The start of a capture, or of another section of it: interfaces are counted anew. */
export interface CaptureSection extends Optional {
  /** Which record it is. */
  readonly kind: 'section';
  /** Which format it has. */
  readonly format: 'pcapng' | 'pcap';
  /** Order of the bytes of its numbers. */
  readonly byteOrder: ByteOrder;
  /** The format's version, such as `1.0` of pcapng and `2.4` of pcap. */
  readonly version: string;
}

/** An interface that packets were captured on. */
export interface CaptureInterface extends Optional {
  /** Which record it is. */
  readonly kind: 'interface';
  /** Its number in its section, from 0. */
  readonly id: number;
  /** What its packets start with: a `LINKTYPE_*` number. */
  readonly linkType: number;
  /** Bytes of a packet that are captured at most; 0 is no bound. */
  readonly snapshotLength: number;
  /** Its name, such as `rtap0`. */
  readonly name: string | undefined;
  /** Ticks of its clock in a second, that timestamps in the file count (if_tsresol). */
  readonly ticksPerSecond: bigint;
  /** Seconds to be added to its timestamps (if_tsoffset); done already in those given here. */
  readonly timestampOffset: bigint;
}

/** A packet. */
export interface CapturedPacket extends Optional {
  /** Which record it is. */
  readonly kind: 'packet';
  /** Where it was captured. */
  readonly interface: CaptureInterface;
  /** Nanoseconds since 1970, rounded down; undefined of a simple packet block. */
  readonly timestamp: bigint | undefined;
  /** Its bytes, as many as were captured: a view. */
  readonly data: Uint8Array;
  /** Bytes that it had. */
  readonly originalLength: number;
  /** Which way it went, if that is told. */
  readonly direction: 'inbound' | 'outbound' | undefined;
  /** What somebody wrote about it. */
  readonly comments: readonly string[];
}

/** What an interface counted. */
export interface CaptureStatistics extends Optional {
  /** Which record it is. */
  readonly kind: 'statistics';
  /** The interface that counted. */
  readonly interface: CaptureInterface;
  /** When, in nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** Packets that the interface received, if it is told (isb_ifrecv). */
  readonly received: bigint | undefined;
  /** Packets that the interface dropped for want of room, if it is told (isb_ifdrop). */
  readonly dropped: bigint | undefined;
}

/** What a `CaptureReader` gives, told apart by `kind`. */
export type CaptureRecord = CaptureSection | CaptureInterface | CapturedPacket | CaptureStatistics;

/** Turns ticks of an interface's clock into nanoseconds since 1970; internal. */
export function nanosecondsOf(
  ticks: bigint,
  { ticksPerSecond, timestampOffset }: CaptureInterface,
): bigint {
  return (ticks * 1_000_000_000n) / ticksPerSecond + timestampOffset * 1_000_000_000n;
}
