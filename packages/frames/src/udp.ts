/**
 * UDP datagrams (RFC 768) over IPv4 and IPv6.
 *
 * @module
 */

import { checkBytes, checkFields, checkInteger } from './argument.ts';
import { isRange, NO_BYTES, readU16, writeU16 } from './bytes.ts';
import { checksum, pseudoHeaderSum } from './checksum.ts';
import { IPPROTO_UDP } from './constants.ts';

/** Bytes before the data. */
const HEADER_LENGTH = 8;

/**
 * The header of a UDP datagram, as {@link readUdp} gives it. Made once, `read` serves for any number
 * of datagrams without allocating.
 */
export class UdpHeader {
  /** Port of the sender; 0 when it wants no answer. */
  sourcePort = 0;
  /** Port of the receiver. */
  destinationPort = 0;
  /** The checksum, as it stands there; 0 over IPv4: the sender made none. */
  checksum = 0;
  /** Where the data starts, counted from the start of the bytes. */
  payloadOffset = 0;
  /** Bytes of the data, by the datagram's own length. */
  payloadLength = 0;

  /**
   * Reads the datagram at `offset`.
   *
   * @param length - bytes there are: the `payloadLength` of the IP header.
   * @returns false when it is too short; the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, HEADER_LENGTH)) return false;
    const datagramLength = readU16(bytes, offset + 4);
    if (datagramLength < HEADER_LENGTH || datagramLength > length) return false;
    this.sourcePort = readU16(bytes, offset);
    this.destinationPort = readU16(bytes, offset + 2);
    this.checksum = readU16(bytes, offset + 6);
    this.payloadOffset = offset + HEADER_LENGTH;
    this.payloadLength = datagramLength - HEADER_LENGTH;
    return true;
  }
}

/**
 * Reads the header of a UDP datagram.
 *
 * @param offset - where it starts: the `payloadOffset` of the IP header.
 * @param length - bytes there are: the `payloadLength` of the IP header.
 * @returns undefined when it is shorter than a header or than its own length says. The checksum is
 *   not verified: `checksum(bytes, offset, length, header.pseudoHeaderSum) === 0` says that it is
 *   right, unless the packet is longer than the datagram; then the sum is `pseudoHeaderSum` of the
 *   datagram's length.
 */
export function readUdp(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<UdpHeader> | undefined {
  const header = new UdpHeader();
  return header.read(bytes, offset, length) ? header : undefined;
}

/** What {@link buildUdp} puts into a datagram; the addresses go into its checksum only. */
export interface UdpFields {
  /** Source address of the packet: 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: as many bytes. */
  readonly destination: Uint8Array;
  /** Port of the sender, 0 to 65535. */
  readonly sourcePort: number;
  /** Port of the receiver, 0 to 65535. */
  readonly destinationPort: number;
  /**
   * What the datagram carries.
   *
   * @default nothing
   */
  readonly payload?: Uint8Array | undefined;
}

/**
 * Builds a UDP datagram with its length and its checksum: the payload of a packet with `IPPROTO_UDP`
 * between the same addresses.
 *
 * @returns bytes of its own; the payload is copied.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildUdp(fields: UdpFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, destination, sourcePort, destinationPort, payload = NO_BYTES } = fields;
  checkInteger('sourcePort', sourcePort, 0, 0xffff);
  checkInteger('destinationPort', destinationPort, 0, 0xffff);
  checkBytes('payload', payload, 0, 0xffff - HEADER_LENGTH);
  const datagram = new Uint8Array(HEADER_LENGTH + payload.length);
  writeU16(datagram, 0, sourcePort);
  writeU16(datagram, 2, destinationPort);
  writeU16(datagram, 4, datagram.length);
  datagram.set(payload, HEADER_LENGTH);
  const initial = pseudoHeaderSum(source, destination, IPPROTO_UDP, datagram.length);
  const sum = checksum(datagram, 0, datagram.length, initial);
  // Zero would say that there is no checksum; its other form says the same number (RFC 768).
  writeU16(datagram, 6, sum === 0 ? 0xffff : sum);
  return datagram;
}
