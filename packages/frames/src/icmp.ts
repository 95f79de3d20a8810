/**
 * ICMP echo request and reply (RFC 792). What the two families share stands in `echo.ts`.
 *
 * @module
 */

import { writeU16 } from './bytes.ts';
import { checksum } from './checksum.ts';
import { buildEcho, EchoMessage, type EchoFields } from './echo.ts';

/** ICMP type of an echo reply (RFC 792). */
export const ICMP_ECHOREPLY = 0;
/** ICMP type of an echo request (RFC 792). */
export const ICMP_ECHO = 8;

/** An ICMP echo request or reply, as {@link readIcmpEcho} gives it. */
export class IcmpEcho extends EchoMessage {
  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv4 header.
   * @returns false when it is no echo request or reply; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    return this.readAs(ICMP_ECHO, ICMP_ECHOREPLY, bytes, offset, length);
  }
}

/**
 * Reads an ICMP echo request or reply.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv4 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv4 header.
 * @returns undefined when it is too short or another message. The checksum is not verified:
 *   `checksum(bytes, offset, length) === 0` says that it is right.
 */
export function readIcmpEcho(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<IcmpEcho> | undefined {
  const message = new IcmpEcho();
  return message.read(bytes, offset, length) ? message : undefined;
}

/**
 * Builds an ICMP echo request or reply with its checksum: the payload of a packet with
 * `IPPROTO_ICMP`.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { buildIcmpEcho, readIcmpEcho } from '@rtap/frames';
 *
 * const message = buildIcmpEcho({ type: 'request', identifier: 1, sequence: 2 });
 * console.log(readIcmpEcho(message)?.sequence); // 2
 * ```
 */
export function buildIcmpEcho(fields: EchoFields): Uint8Array<ArrayBuffer> {
  const message = buildEcho(ICMP_ECHO, ICMP_ECHOREPLY, fields);
  writeU16(message, 2, checksum(message));
  return message;
}
