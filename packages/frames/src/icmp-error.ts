/**
 * ICMP errors and redirects (RFC 792, RFC 1191, RFC 4884): they quote the packet they are about.
 *
 * @module
 */

import { checkBytes, checkFields, checkInteger, checkString, outOfRange } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8, writeU16 } from './bytes.ts';
import { checksum } from './checksum.ts';

/** What an ICMP error can be about. */
export type IcmpErrorType =
  'destination-unreachable' | 'redirect' | 'time-exceeded' | 'parameter-problem';

/** Their numbers in `linux/icmp.h`. */
const NUMBERS: Readonly<Record<IcmpErrorType, number>> = {
  'destination-unreachable': 3,
  redirect: 5,
  'time-exceeded': 11,
  'parameter-problem': 12,
};

/** Code of a destination that is unreachable because the packet would have to be fragmented. */
const FRAGMENTATION_NEEDED = 4;
/** Bytes before the quoted packet. */
const HEADER_LENGTH = 8;
/** Bytes of a quoted packet, so that the error's own packet has 576 at most (RFC 1812 section 4.3.2.3). */
const QUOTE_LENGTH = 548;

function typeOf(number: number): IcmpErrorType | undefined {
  switch (number) {
    case 3:
      return 'destination-unreachable';
    case 5:
      return 'redirect';
    case 11:
      return 'time-exceeded';
    case 12:
      return 'parameter-problem';
    default:
      return undefined;
  }
}

/**
 * An ICMP error or redirect, as {@link readIcmpError} gives it. Made once, `read` serves for any
 * number of messages without allocating.
 *
 * What it quotes is its payload: the beginning of an IPv4 packet, for `Ipv4Header.readStart`.
 */
export class IcmpError {
  /** What it is about. */
  type: IcmpErrorType = 'destination-unreachable';
  /** Which case of it: of an unreachable destination 0 network, 1 host, 3 port, 4 fragmentation needed. */
  code = 0;
  /** The checksum, as it stands there. */
  checksum = 0;
  /**
   * The MTU of the next link, when the code is 4 of an unreachable destination (RFC 1191); else, and
   * when the router did not tell it, 0.
   */
  mtu = 0;
  /** Which byte of the quoted packet is wrong; of a parameter problem with code 0, else 0. */
  pointer = 0;
  /** Where the quoted packet starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes that are quoted; without extensions that stand behind (RFC 4884). */
  payloadLength = 0;
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv4 header.
   * @returns false when it is too short or another message; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, HEADER_LENGTH)) return false;
    const type = typeOf(readU8(bytes, offset));
    if (type === undefined) return false;
    const code = readU8(bytes, offset + 1);
    const here = length - HEADER_LENGTH;
    const original = type === 'redirect' ? 0 : readU8(bytes, offset + 5) * 4;
    const tooBig = type === 'destination-unreachable' && code === FRAGMENTATION_NEEDED;
    this.type = type;
    this.code = code;
    this.checksum = readU16(bytes, offset + 2);
    this.mtu = tooBig ? readU16(bytes, offset + 6) : 0;
    this.pointer = type === 'parameter-problem' && code === 0 ? readU8(bytes, offset + 4) : 0;
    this.payloadOffset = offset + HEADER_LENGTH;
    this.payloadLength = original === 0 ? here : Math.min(original, here);
    this.#bytes = bytes;
    this.#offset = offset;
    return true;
  }

  /** The better router that a redirect names: a view of four bytes; undefined of an error. */
  get gateway(): Uint8Array | undefined {
    if (this.type !== 'redirect') return undefined;
    return this.#bytes.subarray(this.#offset + 4, this.#offset + 8);
  }
}

/**
 * Reads an ICMP error or redirect.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv4 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv4 header.
 * @returns undefined when it is too short or another message. The checksum is not verified:
 *   `checksum(bytes, offset, length) === 0` says that it is right.
 */
export function readIcmpError(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<IcmpError> | undefined {
  const message = new IcmpError();
  return message.read(bytes, offset, length) ? message : undefined;
}

/** What {@link buildIcmpError} puts into a message. */
export interface IcmpErrorFields {
  /** What it is about. */
  readonly type: IcmpErrorType;
  /**
   * Which case of it, 0 to 255.
   *
   * @default 0
   */
  readonly code?: number | undefined;
  /**
   * The MTU of the next link, 0 to 65535; only of an unreachable destination with code 4.
   *
   * @default 0
   */
  readonly mtu?: number | undefined;
  /**
   * Which byte of the quoted packet is wrong, 0 to 255; only of a parameter problem.
   *
   * @default 0
   */
  readonly pointer?: number | undefined;
  /** The better router: four bytes; of a redirect, which needs it, and of nothing else. */
  readonly gateway?: Uint8Array | undefined;
  /** The packet it is about, from its IPv4 header on; more than 548 bytes of it are left out. */
  readonly quoted: Uint8Array;
}

/**
 * Builds an ICMP error or redirect with its checksum: the payload of a packet with `IPPROTO_ICMP`.
 *
 * @returns bytes of its own; the quoted packet is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE`, also for a field that the
 *   type does not have.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const source = frames.parseIpAddress('192.0.2.1');
 * const destination = frames.parseIpAddress('198.51.100.1');
 * const quoted = frames.buildIpv4({ source, destination, protocol: 17, dontFragment: true });
 * const type = 'destination-unreachable';
 * const message = frames.buildIcmpError({ type, code: 4, mtu: 1300, quoted });
 *
 * const error = frames.readIcmpError(message);
 * const about = new frames.Ipv4Header();
 * about.readStart(message, error?.payloadOffset, error?.payloadLength);
 * console.log(error?.mtu, frames.formatIpAddress(about.destination)); // 1300 198.51.100.1
 * ```
 */
export function buildIcmpError(fields: IcmpErrorFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { type, code = 0, mtu = 0, pointer = 0, gateway, quoted } = fields;
  checkString('type', type);
  if (!Object.hasOwn(NUMBERS, type)) throw outOfRange('type', 'a type of ICMP error', type);
  checkInteger('code', code, 0, 0xff);
  const tooBig = type === 'destination-unreachable' && code === FRAGMENTATION_NEEDED;
  checkInteger('mtu', mtu, 0, tooBig ? 0xffff : 0);
  checkInteger('pointer', pointer, 0, type === 'parameter-problem' ? 0xff : 0);
  checkBytes('quoted', quoted, 0, Infinity);
  const quote = quoted.subarray(0, QUOTE_LENGTH);
  const message = new Uint8Array(HEADER_LENGTH + quote.length);
  message[0] = NUMBERS[type];
  message[1] = code;
  message[4] = pointer;
  writeU16(message, 6, mtu);
  if (type === 'redirect') {
    checkBytes('gateway', gateway ?? NO_BYTES, 4, 4);
    message.set(gateway ?? NO_BYTES, 4);
  } else if (gateway !== undefined) {
    throw outOfRange('gateway', 'left out but in a redirect', gateway);
  }
  message.set(quote, HEADER_LENGTH);
  writeU16(message, 2, checksum(message));
  return message;
}
