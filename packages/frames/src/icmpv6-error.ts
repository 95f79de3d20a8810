/**
 * ICMPv6 errors (RFC 4443 section 3, RFC 4884): they quote the packet they are about.
 *
 * @module
 */

import { checkBytes, checkFields, checkInteger, outOfRange } from './argument.ts';
import { isRange, readU16, readU32, readU8, writeU32 } from './bytes.ts';
import { withIcmpv6Checksum } from './icmpv6.ts';

/** What an ICMPv6 error can be about. */
export type Icmpv6ErrorType =
  'destination-unreachable' | 'packet-too-big' | 'time-exceeded' | 'parameter-problem';

/** By their numbers less one. */
const TYPES: readonly Icmpv6ErrorType[] = [
  'destination-unreachable',
  'packet-too-big',
  'time-exceeded',
  'parameter-problem',
];

/** Bytes before the quoted packet. */
const HEADER_LENGTH = 8;
/** Bytes of a quoted packet, so that the error's own packet has 1280 at most (RFC 4443 section 2.4). */
const QUOTE_LENGTH = 1232;

/**
 * An ICMPv6 error, as {@link readIcmpv6Error} gives it. Made once, `read` serves for any number of
 * messages without allocating.
 *
 * What it quotes is its payload: the beginning of an IPv6 packet, for `Ipv6Header.readStart` and
 * `Ipv6UpperLayer.readStart`.
 */
export class Icmpv6Error {
  /** What it is about. */
  type: Icmpv6ErrorType = 'destination-unreachable';
  /** Which case of it: of an unreachable destination 0 no route, 1 prohibited, 3 address, 4 port. */
  code = 0;
  /** The checksum, as it stands there. */
  checksum = 0;
  /** The MTU of the next link, 32 bits; of a packet too big, else 0. */
  mtu = 0;
  /** Which byte of the quoted packet is wrong, 32 bits; of a parameter problem, else 0. */
  pointer = 0;
  /** Where the quoted packet starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes that are quoted; without extensions that stand behind (RFC 4884). */
  payloadLength = 0;

  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
   * @returns false when it is too short or another message; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, HEADER_LENGTH)) return false;
    const type = TYPES[readU8(bytes, offset) - 1];
    if (type === undefined) return false;
    const extensible = type === 'destination-unreachable' || type === 'time-exceeded';
    const original = extensible ? readU8(bytes, offset + 4) * 8 : 0;
    const here = length - HEADER_LENGTH;
    this.type = type;
    this.code = readU8(bytes, offset + 1);
    this.checksum = readU16(bytes, offset + 2);
    this.mtu = type === 'packet-too-big' ? readU32(bytes, offset + 4) : 0;
    this.pointer = type === 'parameter-problem' ? readU32(bytes, offset + 4) : 0;
    this.payloadOffset = offset + HEADER_LENGTH;
    this.payloadLength = original === 0 ? here : Math.min(original, here);
    return true;
  }
}

/**
 * Reads an ICMPv6 error.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv6 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
 * @returns undefined when it is too short or another message. The checksum is not verified:
 *   `checksum(bytes, offset, length, header.pseudoHeaderSum) === 0` says that it is right.
 */
export function readIcmpv6Error(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<Icmpv6Error> | undefined {
  const message = new Icmpv6Error();
  return message.read(bytes, offset, length) ? message : undefined;
}

/** What {@link buildIcmpv6Error} puts into a message; the addresses go into its checksum only. */
export interface Icmpv6ErrorFields {
  /** Source address of the packet: 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: 16 bytes. */
  readonly destination: Uint8Array;
  /** What it is about. */
  readonly type: Icmpv6ErrorType;
  /**
   * Which case of it, 0 to 255.
   *
   * @default 0
   */
  readonly code?: number | undefined;
  /**
   * The MTU of the next link, 32 bits; only of a packet too big.
   *
   * @default 0
   */
  readonly mtu?: number | undefined;
  /**
   * Which byte of the quoted packet is wrong, 32 bits; only of a parameter problem.
   *
   * @default 0
   */
  readonly pointer?: number | undefined;
  /** The packet it is about, from its IPv6 header on; more than 1232 bytes of it are left out. */
  readonly quoted: Uint8Array;
}

/**
 * Builds an ICMPv6 error with its checksum: the payload of a packet with `IPPROTO_ICMPV6` between
 * the same addresses.
 *
 * @returns bytes of its own; the quoted packet is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also for a field that the
 *   type does not have.
 */
export function buildIcmpv6Error(fields: Icmpv6ErrorFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, type, code = 0, mtu = 0, pointer = 0, quoted } = fields;
  const index = TYPES.indexOf(type);
  if (index === -1) throw outOfRange('type', 'a type of ICMPv6 error', type);
  checkInteger('code', code, 0, 0xff);
  checkInteger('mtu', mtu, 0, type === 'packet-too-big' ? 0xffffffff : 0);
  checkInteger('pointer', pointer, 0, type === 'parameter-problem' ? 0xffffffff : 0);
  checkBytes('quoted', quoted, 0, Infinity);
  const quote = quoted.subarray(0, QUOTE_LENGTH);
  const message = new Uint8Array(HEADER_LENGTH + quote.length);
  message[0] = index + 1;
  message[1] = code;
  writeU32(message, 4, mtu + pointer);
  message.set(quote, HEADER_LENGTH);
  return withIcmpv6Checksum(message, source, destination);
}
