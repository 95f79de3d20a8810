/**
 * The message that ICMP and ICMPv6 echo share: they differ in their type numbers and in what the
 * checksum covers.
 *
 * @module
 */

import { checkBytes, checkFields, checkInteger, outOfRange } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8, writeU16 } from './bytes.ts';

/** Bytes before the data. */
export const ECHO_HEADER_LENGTH = 8;

/**
 * What an echo message holds, whichever the family. Made once, the `read` of `IcmpEcho` and
 * `Icmpv6Echo` serves for any number of messages without allocating.
 */
export abstract class EchoMessage {
  /** The question or its answer. */
  type: 'request' | 'reply' = 'request';
  /** The checksum, as it stands there. */
  checksum = 0;
  /** Which asker it is. */
  identifier = 0;
  /** Which question of that asker it is. */
  sequence = 0;
  /** Where the data starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the data. */
  payloadLength = 0;

  /** Reads the message at `offset`, given the family's type numbers. */
  protected readAs(
    request: number,
    reply: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
  ): boolean {
    if (!isRange(bytes, offset, length, ECHO_HEADER_LENGTH)) return false;
    const type = readU8(bytes, offset);
    if ((type !== request && type !== reply) || readU8(bytes, offset + 1) !== 0) return false;
    this.type = type === request ? 'request' : 'reply';
    this.checksum = readU16(bytes, offset + 2);
    this.identifier = readU16(bytes, offset + 4);
    this.sequence = readU16(bytes, offset + 6);
    this.payloadOffset = offset + ECHO_HEADER_LENGTH;
    this.payloadLength = length - ECHO_HEADER_LENGTH;
    return true;
  }
}

/** What `buildIcmpEcho` and `buildIcmpv6Echo` put into a message. */
export interface EchoFields {
  /** The question or its answer. */
  readonly type: 'request' | 'reply';
  /** Which asker it is, 0 to 65535. */
  readonly identifier: number;
  /** Which question of that asker it is, 0 to 65535. */
  readonly sequence: number;
  /**
   * The data that comes back in the reply.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/** Builds an echo message whose checksum is still zero; internal. */
export function buildEcho(
  request: number,
  reply: number,
  fields: EchoFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { type, identifier, sequence, payload = NO_BYTES } = fields;
  if (type !== 'request' && type !== 'reply') {
    throw outOfRange('type', "'request' or 'reply'", type);
  }
  checkInteger('identifier', identifier, 0, 0xffff);
  checkInteger('sequence', sequence, 0, 0xffff);
  checkBytes('payload', payload, 0, 0xffff - ECHO_HEADER_LENGTH);
  const message = new Uint8Array(ECHO_HEADER_LENGTH + payload.length);
  message[0] = type === 'request' ? request : reply;
  writeU16(message, 4, identifier);
  writeU16(message, 6, sequence);
  message.set(payload, ECHO_HEADER_LENGTH);
  return message;
}
