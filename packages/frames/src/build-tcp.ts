/**
 * Building of TCP segments (RFC 9293) over IPv4 and IPv6.
 *
 * @module
 */

import { checkBytes, checkFields, checkFlags, checkInteger } from './argument.ts';
import { NO_BYTES, writeU16, writeU32 } from './bytes.ts';
import { checksum, pseudoHeaderSum } from './checksum.ts';
import { IPPROTO_TCP } from './constants.ts';
import { buildTcpOptions, type TcpOption } from './tcp-options.ts';
import { TCP_FLAGS, TCP_HEADER_LENGTH } from './tcp.ts';

/** What {@link buildTcp} puts into a segment; the addresses go into its checksum only. */
export interface TcpFields {
  /** Source address of the packet: 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: as many bytes. */
  readonly destination: Uint8Array;
  /** Port of the sender, 0 to 65535. */
  readonly sourcePort: number;
  /** Port of the receiver, 0 to 65535. */
  readonly destinationPort: number;
  /** Sequence number of the first byte of the data, or of SYN: 32 bits. */
  readonly sequence: number;
  /**
   * The sequence number that the sender waits for: 32 bits. It counts with `ack` only, which is not
   * set by it.
   *
   * @default 0
   */
  readonly acknowledgement?: number | undefined;
  /**
   * The sender has no more data.
   *
   * @default false
   */
  readonly fin?: boolean | undefined;
  /**
   * Opens a connection.
   *
   * @default false
   */
  readonly syn?: boolean | undefined;
  /**
   * Breaks the connection off.
   *
   * @default false
   */
  readonly rst?: boolean | undefined;
  /**
   * The data is to be handed over at once.
   *
   * @default false
   */
  readonly psh?: boolean | undefined;
  /**
   * `acknowledgement` counts.
   *
   * @default false
   */
  readonly ack?: boolean | undefined;
  /**
   * `urgentPointer` counts.
   *
   * @default false
   */
  readonly urg?: boolean | undefined;
  /**
   * Congestion was seen (RFC 3168); one of three bits of AccECN (RFC 9768).
   *
   * @default false
   */
  readonly ece?: boolean | undefined;
  /**
   * The sender has slowed down (RFC 3168); one of three bits of AccECN.
   *
   * @default false
   */
  readonly cwr?: boolean | undefined;
  /**
   * The highest bit of AccECN (RFC 9768).
   *
   * @default false
   */
  readonly ae?: boolean | undefined;
  /**
   * Bytes that the sender takes, shifted right by its window scale, 0 to 65535.
   *
   * @default 65535
   */
  readonly window?: number | undefined;
  /**
   * Where urgent data ends, counted from `sequence`, 0 to 65535.
   *
   * @default 0
   */
  readonly urgentPointer?: number | undefined;
  /**
   * The options, in this order and with no padding but that at the end: 40 bytes at most.
   *
   * @default none
   */
  readonly options?: readonly TcpOption[] | undefined;
  /**
   * What the segment carries.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Builds a TCP segment with its data offset and its checksum: the payload of a packet with
 * `IPPROTO_TCP` between the same addresses.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildTcp(fields: TcpFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, sourcePort, destinationPort, sequence } = fields;
  const { acknowledgement = 0, window = 0xffff, urgentPointer = 0, payload = NO_BYTES } = fields;
  checkInteger('sourcePort', sourcePort, 0, 0xffff);
  checkInteger('destinationPort', destinationPort, 0, 0xffff);
  checkInteger('sequence', sequence, 0, 0xffffffff);
  checkInteger('acknowledgement', acknowledgement, 0, 0xffffffff);
  checkInteger('window', window, 0, 0xffff);
  checkInteger('urgentPointer', urgentPointer, 0, 0xffff);
  checkFlags(fields, ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr', 'ae']);
  const options = buildTcpOptions(fields.options);
  const headerLength = TCP_HEADER_LENGTH + options.length;
  checkBytes('payload', payload, 0, 0xffff - headerLength);
  const segment = new Uint8Array(headerLength + payload.length);
  writeU16(segment, 0, sourcePort);
  writeU16(segment, 2, destinationPort);
  writeU32(segment, 4, sequence);
  writeU32(segment, 8, acknowledgement);
  writeU16(segment, 12, ((headerLength / 4) << 12) | flagsOf(fields));
  writeU16(segment, 14, window);
  writeU16(segment, 18, urgentPointer);
  segment.set(options, TCP_HEADER_LENGTH);
  segment.set(payload, headerLength);
  const initial = pseudoHeaderSum(source, destination, IPPROTO_TCP, segment.length);
  writeU16(segment, 16, checksum(segment, 0, segment.length, initial));
  return segment;
}

function flagsOf(fields: TcpFields): number {
  return (
    (fields.fin ? TCP_FLAGS.fin : 0) |
    (fields.syn ? TCP_FLAGS.syn : 0) |
    (fields.rst ? TCP_FLAGS.rst : 0) |
    (fields.psh ? TCP_FLAGS.psh : 0) |
    (fields.ack ? TCP_FLAGS.ack : 0) |
    (fields.urg ? TCP_FLAGS.urg : 0) |
    (fields.ece ? TCP_FLAGS.ece : 0) |
    (fields.cwr ? TCP_FLAGS.cwr : 0) |
    (fields.ae ? TCP_FLAGS.ae : 0)
  );
}
