/**
 * IPv6 packets (RFC 8200). Extension headers are the payload here; `ipv6-extensions.ts` walks them.
 *
 * @module
 */

import { checkBytes, checkFields, checkInteger } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8, writeU16 } from './bytes.ts';
import { protocolSum, sumWords } from './checksum.ts';

/** Bytes of the fixed header; internal. */
export const IPV6_HEADER_LENGTH = 40;

/**
 * The fixed header of an IPv6 packet, as {@link readIpv6} gives it. Made once, `read` serves for any
 * number of packets without allocating; the addresses are views made when they are asked for.
 */
export class Ipv6Header {
  /** Traffic class: DSCP in the upper six bits, ECN in the lower two. */
  trafficClass = 0;
  /** Flow label, 20 bits. */
  flowLabel = 0;
  /** What the payload is: an `IPPROTO_*` number, that of an extension header included. */
  nextHeader = 0;
  /** Hops it may still take. */
  hopLimit = 0;
  /** Where the payload starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the payload by the header, without padding of the frame. */
  payloadLength = 0;
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the header of the packet at `offset`.
   *
   * @param length - bytes there are, padding included.
   * @returns false when it is not IPv6 or not all there; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isIpv6(bytes, offset, length)) return false;
    this.#take(bytes, offset, readU16(bytes, offset + 4));
    return true;
  }

  /**
   * Reads the header of a packet of which perhaps only the beginning is here, as ICMPv6 errors quote
   * one and captures cut it off. `payloadLength` counts what is here, `pseudoHeaderSum` is of no use.
   *
   * @returns false when it is not IPv6, or cut off within the header.
   */
  readStart(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isIpv6Start(bytes, offset, length)) return false;
    const here = length - IPV6_HEADER_LENGTH;
    this.#take(bytes, offset, Math.min(readU16(bytes, offset + 4), here));
    return true;
  }

  #take(bytes: Uint8Array, offset: number, payloadLength: number): void {
    this.trafficClass = (readU16(bytes, offset) >>> 4) & 0xff;
    this.flowLabel = ((readU8(bytes, offset + 1) & 0x0f) << 16) | readU16(bytes, offset + 2);
    this.nextHeader = readU8(bytes, offset + 6);
    this.hopLimit = readU8(bytes, offset + 7);
    this.payloadOffset = offset + IPV6_HEADER_LENGTH;
    this.payloadLength = payloadLength;
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Source address: a view of 16 bytes. */
  get source(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 8, this.#offset + 24);
  }

  /** Destination address: a view of 16 bytes. */
  get destination(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 24, this.#offset + 40);
  }

  /**
   * Sum of the pseudo-header for the payload, to be the `initial` of `checksum`; right when no
   * extension header stands between, else that of `Ipv6UpperLayer` is.
   */
  get pseudoHeaderSum(): number {
    const tail = protocolSum(this.nextHeader, this.payloadLength);
    return sumWords(this.#bytes, this.#offset + 8, 32, tail);
  }
}

/** Tells whether an IPv6 packet stands there, as long as its header says; internal. */
export function isIpv6(bytes: Uint8Array, offset: number, length: number): boolean {
  return (
    isIpv6Start(bytes, offset, length) && readU16(bytes, offset + 4) <= length - IPV6_HEADER_LENGTH
  );
}

/** Tells whether the fixed header of an IPv6 packet stands there; internal. */
export function isIpv6Start(bytes: Uint8Array, offset: number, length: number): boolean {
  return isRange(bytes, offset, length, IPV6_HEADER_LENGTH) && readU8(bytes, offset) >>> 4 === 6;
}

/**
 * Reads the fixed header of an IPv6 packet.
 *
 * @param offset - where it starts: the `payloadOffset` of the Ethernet header.
 * @param length - bytes there are, padding included; without it all from `offset` on.
 * @returns undefined when it is not IPv6, or shorter than its header says. Its addresses are views of
 *   `bytes`.
 */
export function readIpv6(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<Ipv6Header> | undefined {
  const header = new Ipv6Header();
  return header.read(bytes, offset, length) ? header : undefined;
}

/** What {@link buildIpv6} puts into a packet. */
export interface Ipv6Fields {
  /** Source address: 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address: 16 bytes. */
  readonly destination: Uint8Array;
  /** What the payload is: an `IPPROTO_*` number. */
  readonly nextHeader: number;
  /**
   * What the packet carries.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
  /**
   * Hops it may take, 0 to 255. Neighbour discovery needs 255.
   *
   * @default 64
   */
  readonly hopLimit?: number | undefined;
  /**
   * Traffic class, 0 to 255.
   *
   * @default 0
   */
  readonly trafficClass?: number | undefined;
  /**
   * Flow label, 20 bits.
   *
   * @default 0
   */
  readonly flowLabel?: number | undefined;
}

/**
 * Builds an IPv6 packet, with its length.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIpv6(fields: Ipv6Fields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, nextHeader, payload = NO_BYTES } = fields;
  const { hopLimit = 64, trafficClass = 0, flowLabel = 0 } = fields;
  checkBytes('source', source, 16, 16);
  checkBytes('destination', destination, 16, 16);
  checkInteger('nextHeader', nextHeader, 0, 0xff);
  checkBytes('payload', payload, 0, 0xffff);
  checkInteger('hopLimit', hopLimit, 0, 0xff);
  checkInteger('trafficClass', trafficClass, 0, 0xff);
  checkInteger('flowLabel', flowLabel, 0, 0xfffff);
  const packet = new Uint8Array(IPV6_HEADER_LENGTH + payload.length);
  writeU16(packet, 0, 0x6000 | (trafficClass << 4) | (flowLabel >>> 16));
  writeU16(packet, 2, flowLabel);
  writeU16(packet, 4, payload.length);
  packet[6] = nextHeader;
  packet[7] = hopLimit;
  packet.set(source, 8);
  packet.set(destination, 24);
  packet.set(payload, IPV6_HEADER_LENGTH);
  return packet;
}
