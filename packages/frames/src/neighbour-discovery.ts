/**
 * Neighbour solicitation and advertisement (RFC 4861 sections 4.3, 4.4) over Ethernet.
 *
 * @module
 */

import { checkBytes, checkFields, checkFlags } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU8 } from './bytes.ts';
import { withIcmpv6Checksum } from './icmpv6.ts';
import { solicitedNodeAddress } from './ip-address.ts';

/** ICMPv6 type of a neighbour solicitation (RFC 4861). */
export const NDISC_NEIGHBOUR_SOLICITATION = 135;
/** ICMPv6 type of a neighbour advertisement (RFC 4861). */
export const NDISC_NEIGHBOUR_ADVERTISEMENT = 136;
/** Option of a solicitation: the sender's MAC address; internal. */
export const SOURCE_LINK_LAYER_ADDRESS = 1;
/** Option of an advertisement: the target's MAC address; internal. */
export const TARGET_LINK_LAYER_ADDRESS = 2;
/** Bytes before the options; internal. */
export const NEIGHBOUR_HEADER_LENGTH = 24;
/** {@link findOption}: the options are good, this one is not among them; internal. */
export const OPTION_ABSENT = 0;
/** {@link findOption}: the message is to be thrown away; internal. */
export const OPTIONS_MALFORMED = -1;

/**
 * A neighbour solicitation or advertisement, as {@link readNeighbourDiscovery} gives it. Made once,
 * `read` serves for any number of messages without allocating; addresses are views made when they
 * are asked for.
 */
export class NeighbourDiscoveryMessage {
  /** Who has this address, or: it is here. */
  type: 'solicitation' | 'advertisement' = 'solicitation';
  /** The checksum, as it stands there. */
  checksum = 0;
  /** Whether the sender is a router; of an advertisement. */
  router = false;
  /** Whether it answers a solicitation; of an advertisement. */
  solicited = false;
  /** Whether it replaces a MAC address already known; of an advertisement. */
  override = false;
  #bytes = NO_BYTES;
  #offset = 0;
  #option = OPTION_ABSENT;

  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
   * @returns false when it is another message or not valid by itself; the fields then keep what they
   *   had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, NEIGHBOUR_HEADER_LENGTH)) return false;
    const type = readU8(bytes, offset);
    const solicitation = type === NDISC_NEIGHBOUR_SOLICITATION;
    if (!solicitation && type !== NDISC_NEIGHBOUR_ADVERTISEMENT) return false;
    if (readU8(bytes, offset + 1) !== 0 || readU8(bytes, offset + 8) === 0xff) return false;
    const wanted = solicitation ? SOURCE_LINK_LAYER_ADDRESS : TARGET_LINK_LAYER_ADDRESS;
    const option = findOption(bytes, offset, length, wanted);
    if (option === OPTIONS_MALFORMED) return false;
    const flags = solicitation ? 0 : readU8(bytes, offset + 4);
    this.type = solicitation ? 'solicitation' : 'advertisement';
    this.checksum = readU16(bytes, offset + 2);
    this.router = (flags & 0x80) !== 0;
    this.solicited = (flags & 0x40) !== 0;
    this.override = (flags & 0x20) !== 0;
    this.#bytes = bytes;
    this.#offset = offset;
    this.#option = option;
    return true;
  }

  /** The address that is asked for or told of: a view of 16 bytes. */
  get target(): Uint8Array {
    return this.#bytes.subarray(this.#offset + 8, this.#offset + 24);
  }

  /**
   * MAC address in the options, of the sender in a solicitation and of the target in an
   * advertisement: a view of six bytes, or undefined when there is none.
   */
  get mac(): Uint8Array | undefined {
    if (this.#option === OPTION_ABSENT) return undefined;
    return this.#bytes.subarray(this.#option + 2, this.#option + 8);
  }
}

/**
 * Finds the first option of a type that holds a MAC address; internal.
 *
 * @returns where it starts, {@link OPTION_ABSENT}, or {@link OPTIONS_MALFORMED} when any option has
 *   length zero or goes beyond the message (RFC 4861 sections 7.1.1, 7.1.2), or this one is not as
 *   long as a MAC address makes it (RFC 2464 section 6).
 */
export function findOption(
  bytes: Uint8Array,
  offset: number,
  length: number,
  wanted: number,
): number {
  const end = offset + length;
  let found = OPTION_ABSENT;
  let option = offset + NEIGHBOUR_HEADER_LENGTH;
  while (option < end) {
    if (end - option < 8) return OPTIONS_MALFORMED;
    const size = readU8(bytes, option + 1) * 8;
    if (size === 0 || size > end - option) return OPTIONS_MALFORMED;
    if (readU8(bytes, option) === wanted) {
      if (size !== 8) return OPTIONS_MALFORMED;
      if (found === OPTION_ABSENT) found = option;
    }
    option += size;
  }
  return found;
}

/**
 * Reads a neighbour solicitation or advertisement.
 *
 * What only the packet around it tells is left to the caller: hop limit 255, and the checksum by
 * `checksum(bytes, offset, length, header.pseudoHeaderSum) === 0`.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv6 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
 * @returns undefined when it is another message, too short, for a multicast target, with an option
 *   of length zero or one that goes beyond the message. Its addresses are views of `bytes`.
 */
export function readNeighbourDiscovery(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<NeighbourDiscoveryMessage> | undefined {
  const message = new NeighbourDiscoveryMessage();
  return message.read(bytes, offset, length) ? message : undefined;
}

/** What {@link buildNeighbourSolicitation} puts into a message. */
export interface NeighbourSolicitationFields {
  /** Source address of the packet: 16 bytes; all zero when duplicates are looked for. */
  readonly source: Uint8Array;
  /**
   * Destination address of the packet: 16 bytes.
   *
   * @default the solicited-node group of `target`
   */
  readonly destination?: Uint8Array | undefined;
  /** The address that is asked for: 16 bytes. */
  readonly target: Uint8Array;
  /**
   * MAC address of the sender: six bytes. RFC 4861 forbids it when `source` is all zero.
   *
   * @default no such option
   */
  readonly mac?: Uint8Array | undefined;
}

/**
 * Builds a neighbour solicitation with its checksum: the payload of a packet with `IPPROTO_ICMPV6`
 * and hop limit 255 between the same addresses.
 *
 * @returns 24 or 32 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const mac = frames.parseMacAddress('02:00:00:00:00:01');
 * const source = frames.parseIpAddress('2001:db8::1');
 * const target = frames.parseIpAddress('2001:db8::2');
 * const group = frames.solicitedNodeAddress(target);
 * const frame = frames.buildEthernet({
 *   destination: frames.multicastMacAddress(group),
 *   source: mac,
 *   etherType: frames.ETH_P_IPV6,
 *   payload: frames.buildIpv6({
 *     source,
 *     destination: group,
 *     nextHeader: frames.IPPROTO_ICMPV6,
 *     hopLimit: 255,
 *     payload: frames.buildNeighbourSolicitation({ source, target, mac }),
 *   }),
 * });
 * console.log(frame.length); // 86
 * ```
 */
export function buildNeighbourSolicitation(
  fields: NeighbourSolicitationFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { source, target, mac } = fields;
  const message = buildMessage(
    NDISC_NEIGHBOUR_SOLICITATION,
    SOURCE_LINK_LAYER_ADDRESS,
    target,
    mac,
  );
  const { destination = solicitedNodeAddress(target) } = fields;
  return withIcmpv6Checksum(message, source, destination);
}

/** What {@link buildNeighbourAdvertisement} puts into a message. */
export interface NeighbourAdvertisementFields {
  /** Source address of the packet: 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: 16 bytes. */
  readonly destination: Uint8Array;
  /** The address that is told of: 16 bytes. */
  readonly target: Uint8Array;
  /**
   * MAC address of the target: six bytes.
   *
   * @default no such option
   */
  readonly mac?: Uint8Array | undefined;
  /**
   * Whether the sender is a router.
   *
   * @default false
   */
  readonly router?: boolean | undefined;
  /**
   * Whether it answers a solicitation.
   *
   * @default false
   */
  readonly solicited?: boolean | undefined;
  /**
   * Whether it replaces a MAC address already known.
   *
   * @default false
   */
  readonly override?: boolean | undefined;
}

/**
 * Builds a neighbour advertisement with its checksum: the payload of a packet with `IPPROTO_ICMPV6`
 * and hop limit 255 between the same addresses.
 *
 * @returns 24 or 32 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildNeighbourAdvertisement(
  fields: NeighbourAdvertisementFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  checkFlags(fields, ['router', 'solicited', 'override']);
  const { source, destination, target, mac } = fields;
  const message = buildMessage(
    NDISC_NEIGHBOUR_ADVERTISEMENT,
    TARGET_LINK_LAYER_ADDRESS,
    target,
    mac,
  );
  message[4] =
    (fields.router ? 0x80 : 0) | (fields.solicited ? 0x40 : 0) | (fields.override ? 0x20 : 0);
  return withIcmpv6Checksum(message, source, destination);
}

function buildMessage(
  type: number,
  option: number,
  target: Uint8Array,
  mac: Uint8Array | undefined,
): Uint8Array<ArrayBuffer> {
  checkBytes('target', target, 16, 16);
  if (mac !== undefined) checkBytes('mac', mac, 6, 6);
  const message = new Uint8Array(NEIGHBOUR_HEADER_LENGTH + (mac === undefined ? 0 : 8));
  message[0] = type;
  message.set(target, 8);
  if (mac !== undefined) {
    message[24] = option;
    message[25] = 1; // in units of 8 bytes
    message.set(mac, 26);
  }
  return message;
}
