/**
 * IPv4 packets (RFC 791).
 *
 * @module
 */

import { checkBytes, checkFields, checkFlags, checkInteger, outOfRange } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8, writeU16 } from './bytes.ts';
import { checksum, protocolSum, sumWords } from './checksum.ts';

/**
 * The header of an IPv4 packet, as {@link readIpv4} gives it.
 *
 * Made once, `read` serves for any number of packets without allocating; the addresses are views
 * made when they are asked for. The checksum is not verified by reading:
 * `checksum(bytes, offset, header.headerLength) === 0` says that it is right.
 */
export class Ipv4Header {
  /** Bytes of the header, options included: 20 to 60. */
  headerLength = 0;
  /** Type of service: DSCP in the upper six bits, ECN in the lower two. */
  typeOfService = 0;
  /** Bytes of the packet, header included, by the header and not by the frame. */
  totalLength = 0;
  /** Which packet this is a fragment of. */
  identification = 0;
  /** Whether routers may not fragment it. */
  dontFragment = false;
  /** Whether fragments with higher offsets follow. */
  moreFragments = false;
  /** Where the payload stands in the whole packet, in bytes: a multiple of 8. */
  fragmentOffset = 0;
  /** Hops it may still take. */
  timeToLive = 0;
  /** What the payload is: an `IPPROTO_*` number. */
  protocol = 0;
  /** The header checksum, as it stands there. */
  checksum = 0;
  /** Where the payload starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the payload, without padding of the frame. */
  payloadLength = 0;
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the header of the packet at `offset`.
   *
   * @param length - bytes there are, padding included.
   * @returns false when it is not IPv4 or not all there; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    const headerLength = ipv4HeaderLength(bytes, offset, length);
    if (headerLength === 0) return false;
    this.#take(bytes, offset, headerLength, readU16(bytes, offset + 2) - headerLength);
    return true;
  }

  /**
   * Reads the header of a packet of which perhaps only the beginning is here, as ICMP errors quote
   * one and captures cut it off. `payloadLength` counts what is here, `pseudoHeaderSum` is of no use.
   *
   * @returns false when it is not IPv4, or cut off within the header.
   */
  readStart(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    const headerLength = ipv4StartLength(bytes, offset, length);
    if (headerLength === 0) return false;
    const here = Math.min(readU16(bytes, offset + 2), length);
    this.#take(bytes, offset, headerLength, here - headerLength);
    return true;
  }

  #take(bytes: Uint8Array, offset: number, headerLength: number, payloadLength: number): void {
    const fragment = readU16(bytes, offset + 6);
    this.headerLength = headerLength;
    this.typeOfService = readU8(bytes, offset + 1);
    this.totalLength = readU16(bytes, offset + 2);
    this.identification = readU16(bytes, offset + 4);
    this.dontFragment = (fragment & 0x4000) !== 0;
    this.moreFragments = (fragment & 0x2000) !== 0;
    this.fragmentOffset = (fragment & 0x1fff) * 8;
    this.timeToLive = readU8(bytes, offset + 8);
    this.protocol = readU8(bytes, offset + 9);
    this.checksum = readU16(bytes, offset + 10);
    this.payloadOffset = offset + headerLength;
    this.payloadLength = payloadLength;
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /**
   * Whether it is one of several fragments. If `fragmentOffset` is not 0, the payload is a part of
   * what `protocol` says, and not its start.
   */
  get isFragment(): boolean {
    return this.moreFragments || this.fragmentOffset !== 0;
  }

  /** Source address: a view of four bytes. */
  get source(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 12, this.#offset + 16);
  }

  /** Destination address: a view of four bytes. */
  get destination(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 16, this.#offset + 20);
  }

  /** The options: a view of 0 to 40 bytes, for `readIpv4Options`. */
  get options(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 20, this.#offset + this.headerLength);
  }

  /** Sum of the pseudo-header for the payload, to be the `initial` of `checksum`. */
  get pseudoHeaderSum(): number {
    const tail = protocolSum(this.protocol, this.payloadLength);
    return sumWords(this.#bytes, this.#offset + 12, 8, tail);
  }
}

/** Tells the header length of the IPv4 packet there, 0 when there is none or not all; internal. */
export function ipv4HeaderLength(bytes: Uint8Array, offset: number, length: number): number {
  const headerLength = ipv4StartLength(bytes, offset, length);
  return headerLength !== 0 && readU16(bytes, offset + 2) <= length ? headerLength : 0;
}

/** The same for a packet whose end may be missing. */
function ipv4StartLength(bytes: Uint8Array, offset: number, length: number): number {
  if (!isRange(bytes, offset, length, 20) || readU8(bytes, offset) >>> 4 !== 4) return 0;
  const headerLength = (readU8(bytes, offset) & 0x0f) * 4;
  const least = Math.min(readU16(bytes, offset + 2), length);
  return headerLength >= 20 && headerLength <= least ? headerLength : 0;
}

/**
 * Reads the header of an IPv4 packet.
 *
 * @param offset - where it starts: the `payloadOffset` of the Ethernet header.
 * @param length - bytes there are, padding included; without it all from `offset` on.
 * @returns undefined when it is not IPv4, or shorter than its header says. Its addresses are views of
 *   `bytes`. The checksum is not verified.
 */
export function readIpv4(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<Ipv4Header> | undefined {
  const header = new Ipv4Header();
  return header.read(bytes, offset, length) ? header : undefined;
}

/** What {@link buildIpv4} puts into a packet. */
export interface Ipv4Fields {
  /** Source address: four bytes. */
  readonly source: Uint8Array;
  /** Destination address: four bytes. */
  readonly destination: Uint8Array;
  /** What the payload is: an `IPPROTO_*` number. */
  readonly protocol: number;
  /**
   * What the packet carries.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
  /**
   * Type of service, 0 to 255.
   *
   * @default 0
   */
  readonly typeOfService?: number | undefined;
  /**
   * Which packet this is a fragment of, 0 to 65535.
   *
   * @default 0
   */
  readonly identification?: number | undefined;
  /**
   * Whether routers may not fragment it.
   *
   * @default false
   */
  readonly dontFragment?: boolean | undefined;
  /**
   * Whether fragments with higher offsets follow.
   *
   * @default false
   */
  readonly moreFragments?: boolean | undefined;
  /**
   * Where the payload stands in the whole packet, in bytes: a multiple of 8 up to 65528.
   *
   * @default 0
   */
  readonly fragmentOffset?: number | undefined;
  /**
   * Hops it may take, 0 to 255.
   *
   * @default 64
   */
  readonly timeToLive?: number | undefined;
  /**
   * The options: up to 40 bytes, a multiple of 4; `buildIpv4Options` makes them.
   *
   * @default none
   */
  readonly options?: Uint8Array | undefined;
}

/**
 * Builds an IPv4 packet, with its lengths and its header checksum.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIpv4(fields: Ipv4Fields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, protocol, payload = NO_BYTES, options = NO_BYTES } = fields;
  const { typeOfService = 0, identification = 0, fragmentOffset = 0, timeToLive = 64 } = fields;
  checkBytes('source', source, 4, 4);
  checkBytes('destination', destination, 4, 4);
  checkInteger('protocol', protocol, 0, 0xff);
  checkBytes('options', options, 0, 40);
  if (options.length % 4 !== 0)
    throw outOfRange('options', 'a multiple of 4 bytes', options.length);
  const headerLength = 20 + options.length;
  checkBytes('payload', payload, 0, 0xffff - headerLength);
  checkInteger('typeOfService', typeOfService, 0, 0xff);
  checkInteger('identification', identification, 0, 0xffff);
  checkFlags(fields, ['dontFragment', 'moreFragments']);
  checkInteger('fragmentOffset', fragmentOffset, 0, 0xfff8);
  if (fragmentOffset % 8 !== 0)
    throw outOfRange('fragmentOffset', 'a multiple of 8', fragmentOffset);
  checkInteger('timeToLive', timeToLive, 0, 0xff);

  const packet = new Uint8Array(headerLength + payload.length);
  packet[0] = 0x40 | (headerLength / 4);
  packet[1] = typeOfService;
  writeU16(packet, 2, packet.length);
  writeU16(packet, 4, identification);
  const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  writeU16(packet, 6, flags | (fragmentOffset / 8));
  packet[8] = timeToLive;
  packet[9] = protocol;
  packet.set(source, 12);
  packet.set(destination, 16);
  packet.set(options, 20);
  writeU16(packet, 10, checksum(packet, 0, headerLength));
  packet.set(payload, headerLength);
  return packet;
}
