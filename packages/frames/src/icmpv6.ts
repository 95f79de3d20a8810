/**
 * ICMPv6 echo request and reply (RFC 4443 section 4), and the checksum of any ICMPv6 message.
 *
 * @module
 */

import { checkBytes } from './argument.ts';
import { writeU16 } from './bytes.ts';
import { checksum, pseudoHeaderSum } from './checksum.ts';
import { IPPROTO_ICMPV6 } from './constants.ts';
import { buildEcho, EchoMessage, type EchoFields } from './echo.ts';

/** ICMPv6 type of an echo request (RFC 4443). */
export const ICMPV6_ECHO_REQUEST = 128;
/** ICMPv6 type of an echo reply (RFC 4443). */
export const ICMPV6_ECHO_REPLY = 129;

/** An ICMPv6 echo request or reply, as {@link readIcmpv6Echo} gives it. */
export class Icmpv6Echo extends EchoMessage {
  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
   * @returns false when it is no echo request or reply; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    return this.readAs(ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY, bytes, offset, length);
  }
}

/**
 * Reads an ICMPv6 echo request or reply.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv6 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
 * @returns undefined when it is too short or another message. The checksum is not verified:
 *   `checksum(bytes, offset, length, header.pseudoHeaderSum) === 0` says that it is right.
 */
export function readIcmpv6Echo(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<Icmpv6Echo> | undefined {
  const message = new Icmpv6Echo();
  return message.read(bytes, offset, length) ? message : undefined;
}

/** What {@link buildIcmpv6Echo} puts into a message; the addresses go into its checksum only. */
export interface Icmpv6EchoFields extends EchoFields {
  /** Source address of the packet: 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: 16 bytes. */
  readonly destination: Uint8Array;
}

/**
 * Builds an ICMPv6 echo request or reply with its checksum: the payload of a packet with
 * `IPPROTO_ICMPV6` between the same addresses.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIcmpv6Echo(fields: Icmpv6EchoFields): Uint8Array<ArrayBuffer> {
  const message = buildEcho(ICMPV6_ECHO_REQUEST, ICMPV6_ECHO_REPLY, fields);
  return withIcmpv6Checksum(message, fields.source, fields.destination);
}

/** Fills in the checksum of an ICMPv6 message where it is still zero; internal. */
export function withIcmpv6Checksum<T extends Uint8Array>(
  message: T,
  source: Uint8Array,
  destination: Uint8Array,
): T {
  checkBytes('source', source, 16, 16);
  checkBytes('destination', destination, 16, 16);
  const initial = pseudoHeaderSum(source, destination, IPPROTO_ICMPV6, message.length);
  writeU16(message, 2, checksum(message, 0, message.length, initial));
  return message;
}
