/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * @module
 */

import { checkBytes, checkFields, outOfRange } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8, writeU16 } from './bytes.ts';
import { ETH_P_IP } from './constants.ts';

/** Bytes of an ARP packet for IPv4 over Ethernet. */
const LENGTH = 28;
const REQUEST = 1;
const REPLY = 2;

/**
 * An ARP packet, as {@link readArp} gives it. Made once, `read` serves for any number of packets
 * without allocating; the addresses are views made when they are asked for.
 */
export class ArpPacket {
  /** Who has this address, or: it is here. */
  operation: 'request' | 'reply' = 'request';
  #bytes = NO_BYTES;
  #offset = 0;

  /**
   * Reads the packet at `offset`.
   *
   * @param length - bytes there are, padding included.
   * @returns false when it is too short, not for IPv4 over Ethernet, or neither request nor reply;
   *   the fields then keep what they had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isArp(bytes, offset, length)) return false;
    const operation = readU16(bytes, offset + 6);
    if (operation !== REQUEST && operation !== REPLY) return false;
    this.operation = operation === REQUEST ? 'request' : 'reply';
    this.#bytes = bytes;
    this.#offset = offset;
    return true;
  }

  /** MAC address of the sender: a view of six bytes. */
  get senderMac(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 8, this.#offset + 14);
  }

  /** IPv4 address of the sender: a view of four bytes; all zero in a probe (RFC 5227). */
  get senderIp(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 14, this.#offset + 18);
  }

  /** MAC address of the target: a view of six bytes; means nothing in a request. */
  get targetMac(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 18, this.#offset + 24);
  }

  /** IPv4 address that is asked for: a view of four bytes. */
  get targetIp(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 24, this.#offset + 28);
  }
}

/** Tells whether an ARP packet for IPv4 over Ethernet, of any operation, stands there; internal. */
export function isArp(bytes: Uint8Array, offset: number, length: number): boolean {
  return (
    isRange(bytes, offset, length, LENGTH) &&
    readU16(bytes, offset) === 1 && // hardware: Ethernet
    readU16(bytes, offset + 2) === ETH_P_IP &&
    readU8(bytes, offset + 4) === 6 &&
    readU8(bytes, offset + 5) === 4
  );
}

/**
 * Reads an ARP packet for IPv4 over Ethernet.
 *
 * @param offset - where it starts: the `payloadOffset` of the Ethernet header.
 * @param length - bytes there are, padding included; without it all from `offset` on.
 * @returns undefined when it is too short, for other addresses, or neither request nor reply. Its
 *   addresses are views of `bytes`.
 */
export function readArp(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<ArpPacket> | undefined {
  const packet = new ArpPacket();
  return packet.read(bytes, offset, length) ? packet : undefined;
}

/** What {@link buildArp} puts into a packet. */
export interface ArpFields {
  /** Who has this address, or: it is here. */
  readonly operation: 'request' | 'reply';
  /** MAC address of the sender: six bytes. */
  readonly senderMac: Uint8Array;
  /** IPv4 address of the sender: four bytes. */
  readonly senderIp: Uint8Array;
  /**
   * MAC address of the target: six bytes.
   *
   * @default all zero
   */
  readonly targetMac?: Uint8Array | undefined;
  /** IPv4 address that is asked for: four bytes. */
  readonly targetIp: Uint8Array;
}

/**
 * Builds an ARP packet, the payload of a frame with `ETH_P_ARP`.
 *
 * @returns 28 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import { buildArp, buildEthernet, ETH_P_ARP, parseIpAddress, parseMacAddress } from '@rtap/frames';
 *
 * const mac = parseMacAddress('02:00:00:00:00:01');
 * const whoHas = buildEthernet({
 *   destination: parseMacAddress('ff:ff:ff:ff:ff:ff'),
 *   source: mac,
 *   etherType: ETH_P_ARP,
 *   payload: buildArp({
 *     operation: 'request',
 *     senderMac: mac,
 *     senderIp: parseIpAddress('192.0.2.1'),
 *     targetIp: parseIpAddress('192.0.2.2'),
 *   }),
 * });
 * console.log(whoHas.length); // 42
 * ```
 */
export function buildArp(fields: ArpFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { operation, senderMac, senderIp, targetMac, targetIp } = fields;
  if (operation !== 'request' && operation !== 'reply') {
    throw outOfRange('operation', "'request' or 'reply'", operation);
  }
  checkBytes('senderMac', senderMac, 6, 6);
  checkBytes('senderIp', senderIp, 4, 4);
  if (targetMac !== undefined) checkBytes('targetMac', targetMac, 6, 6);
  checkBytes('targetIp', targetIp, 4, 4);
  const packet = new Uint8Array(LENGTH);
  writeU16(packet, 0, 1);
  writeU16(packet, 2, ETH_P_IP);
  packet[4] = 6;
  packet[5] = 4;
  writeU16(packet, 6, operation === 'request' ? REQUEST : REPLY);
  packet.set(senderMac, 8);
  packet.set(senderIp, 14);
  if (targetMac !== undefined) packet.set(targetMac, 18);
  packet.set(targetIp, 24);
  return packet;
}
