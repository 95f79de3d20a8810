/**
 * Reading of TCP segments (RFC 9293).
 *
 * @module
 */

import { isRange, NO_BYTES, readU16, readU32, readU8 } from './bytes.ts';
import {
  TCPOPT_EOL,
  TCPOPT_MSS,
  TCPOPT_SACK_PERM,
  TCPOPT_TIMESTAMP,
  TCPOPT_WINDOW,
  tcpOptionSize,
} from './tcp-options.ts';

/** Bytes before the options; internal. */
export const TCP_HEADER_LENGTH = 20;

/** The control bits, under their names in RFC 9293, RFC 3168 and RFC 9768; internal. */
export const TCP_FLAGS = {
  fin: 0x001,
  syn: 0x002,
  rst: 0x004,
  psh: 0x008,
  ack: 0x010,
  urg: 0x020,
  ece: 0x040,
  cwr: 0x080,
  ae: 0x100,
} as const;

/**
 * The header of a TCP segment, as {@link readTcp} gives it. Made once, `read` serves for any number
 * of segments without allocating; what the options hold is looked up when it is asked for.
 */
export class TcpHeader {
  /** Port of the sender. */
  sourcePort = 0;
  /** Port of the receiver. */
  destinationPort = 0;
  /** Sequence number of the first byte of the data, or of SYN: 32 bits. */
  sequence = 0;
  /** The sequence number that the sender waits for, when `ack` is set: 32 bits. */
  acknowledgement = 0;
  /** Bytes of the header, options included: 20 to 60. */
  headerLength = 0;
  /** The control bits as one number: FIN is 1, AE 256; the three above are reserved. */
  flags = 0;
  /** Bytes that the sender takes, not scaled yet. */
  window = 0;
  /** The checksum, as it stands there. */
  checksum = 0;
  /** Where urgent data ends, counted from `sequence`, when `urg` is set. */
  urgentPointer = 0;
  /** Where the data starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the data. */
  payloadLength = 0;
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the segment at `offset`.
   *
   * @param length - bytes of the segment: the `payloadLength` of the IP header.
   * @returns false when it is shorter than a header or than its own header says; the fields then
   *   keep what they had. Options may be malformed.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, TCP_HEADER_LENGTH)) return false;
    const headerLength = (readU8(bytes, offset + 12) >>> 4) * 4;
    if (headerLength < TCP_HEADER_LENGTH || headerLength > length) return false;
    this.sourcePort = readU16(bytes, offset);
    this.destinationPort = readU16(bytes, offset + 2);
    this.sequence = readU32(bytes, offset + 4);
    this.acknowledgement = readU32(bytes, offset + 8);
    this.headerLength = headerLength;
    this.flags = readU16(bytes, offset + 12) & 0xfff;
    this.window = readU16(bytes, offset + 14);
    this.checksum = readU16(bytes, offset + 16);
    this.urgentPointer = readU16(bytes, offset + 18);
    this.payloadOffset = offset + headerLength;
    this.payloadLength = length - headerLength;
    this.#bytes = bytes;
    this.#offset = offset;
    return true;
  }

  /** Whether the sender has no more data. */
  get fin(): boolean {
    return (this.flags & TCP_FLAGS.fin) !== 0;
  }

  /** Whether it opens a connection. */
  get syn(): boolean {
    return (this.flags & TCP_FLAGS.syn) !== 0;
  }

  /** Whether it breaks the connection off. */
  get rst(): boolean {
    return (this.flags & TCP_FLAGS.rst) !== 0;
  }

  /** Whether the data is to be handed over at once. */
  get psh(): boolean {
    return (this.flags & TCP_FLAGS.psh) !== 0;
  }

  /** Whether `acknowledgement` counts. */
  get ack(): boolean {
    return (this.flags & TCP_FLAGS.ack) !== 0;
  }

  /** Whether `urgentPointer` counts. */
  get urg(): boolean {
    return (this.flags & TCP_FLAGS.urg) !== 0;
  }

  /** Whether congestion was seen (RFC 3168); one of three bits of AccECN (RFC 9768). */
  get ece(): boolean {
    return (this.flags & TCP_FLAGS.ece) !== 0;
  }

  /** Whether the sender has slowed down (RFC 3168); one of three bits of AccECN. */
  get cwr(): boolean {
    return (this.flags & TCP_FLAGS.cwr) !== 0;
  }

  /** The highest bit of AccECN (RFC 9768), NS before. */
  get ae(): boolean {
    return (this.flags & TCP_FLAGS.ae) !== 0;
  }

  /** The options: a view of 0 to 40 bytes, for `readTcpOptions`. */
  get options(): Uint8Array {
    const start = this.#offset + TCP_HEADER_LENGTH;
    return this.#bytes.subarray(start, this.#offset + this.headerLength);
  }

  /** Option: the longest segment that the sender takes; undefined without it. */
  get maximumSegmentSize(): number | undefined {
    const option = this.#find(TCPOPT_MSS, 4);
    return option === 0 ? undefined : readU16(this.#bytes, option + 2);
  }

  /** Option: bits that the sender's windows are to be shifted left by; undefined without it. */
  get windowScale(): number | undefined {
    const option = this.#find(TCPOPT_WINDOW, 3);
    return option === 0 ? undefined : readU8(this.#bytes, option + 2);
  }

  /** Option: whether the sender takes selective acknowledgements. */
  get sackPermitted(): boolean {
    return this.#find(TCPOPT_SACK_PERM, 2) !== 0;
  }

  /** Option: the sender's clock, 32 bits; undefined without timestamps. */
  get timestampValue(): number | undefined {
    const option = this.#find(TCPOPT_TIMESTAMP, 10);
    return option === 0 ? undefined : readU32(this.#bytes, option + 2);
  }

  /** Option: the other's clock, as the sender saw it last; undefined without timestamps. */
  get timestampEchoReply(): number | undefined {
    const option = this.#find(TCPOPT_TIMESTAMP, 10);
    return option === 0 ? undefined : readU32(this.#bytes, option + 6);
  }

  /** Where the first option of a kind and size starts, 0 when there is none. */
  #find(kind: number, wanted: number): number {
    const end = this.#offset + this.headerLength;
    let option = this.#offset + TCP_HEADER_LENGTH;
    while (option < end && readU8(this.#bytes, option) !== TCPOPT_EOL) {
      const size = tcpOptionSize(this.#bytes, option, end);
      if (size === 0) return 0;
      if (size === wanted && readU8(this.#bytes, option) === kind) return option;
      option += size;
    }
    return 0;
  }
}

/**
 * Reads the header of a TCP segment.
 *
 * @param offset - where it starts: the `payloadOffset` of the IP header.
 * @param length - bytes of the segment: the `payloadLength` of the IP header.
 * @returns undefined when it is shorter than a header or than its own header says. The checksum is
 *   not verified: `checksum(bytes, offset, length, ip.pseudoHeaderSum) === 0` says that it is right.
 * @example
 * ```ts
 * import { buildTcp, parseIpAddress, readTcp } from '@rtap/frames';
 *
 * const segment = buildTcp({
 *   source: parseIpAddress('192.0.2.1'),
 *   destination: parseIpAddress('192.0.2.2'),
 *   sourcePort: 40000,
 *   destinationPort: 80,
 *   syn: true,
 *   sequence: 1,
 *   options: [{ kind: 'maximum-segment-size', value: 1460 }],
 * });
 * const header = readTcp(segment);
 * console.log(header?.syn, header?.ack, header?.maximumSegmentSize); // true false 1460
 * ```
 */
export function readTcp(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<TcpHeader> | undefined {
  const header = new TcpHeader();
  return header.read(bytes, offset, length) ? header : undefined;
}
