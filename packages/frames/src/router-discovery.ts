/**
 * Router solicitation and advertisement, and redirect (RFC 4861 sections 4.1, 4.2, 4.5).
 *
 * @module
 */

import { checkBytes, checkFields, checkFlags, checkInteger, outOfRange } from './argument.ts';
import { isRange, NO_BYTES, readU16, readU32, readU8, writeU16, writeU32 } from './bytes.ts';
import { withIcmpv6Checksum } from './icmpv6.ts';
import {
  buildNeighbourOptions,
  hasGoodOptions,
  readNeighbourOptions,
  type NeighbourOption,
} from './neighbour-options.ts';

/** Which message of router discovery it is. */
export type RouterDiscoveryType = 'router-solicitation' | 'router-advertisement' | 'redirect';

/** Their numbers (RFC 4861), and the bytes before their options. */
const KINDS = {
  'router-solicitation': { number: 133, headerLength: 8 },
  'router-advertisement': { number: 134, headerLength: 16 },
  redirect: { number: 137, headerLength: 40 },
} as const;

function typeOf(number: number): RouterDiscoveryType | undefined {
  if (number === 133) return 'router-solicitation';
  if (number === 134) return 'router-advertisement';
  return number === 137 ? 'redirect' : undefined;
}

/**
 * A router solicitation, a router advertisement or a redirect, as {@link readRouterDiscovery} gives
 * it. Made once, `read` serves for any number of messages without allocating; addresses and options
 * are made when they are asked for.
 */
export class RouterDiscoveryMessage {
  /** Which message it is. */
  type: RouterDiscoveryType = 'router-solicitation';
  /** The checksum, as it stands there. */
  checksum = 0;
  /** Hop limit that hosts are to use, 0 for no word on it; of an advertisement, else 0. */
  hopLimit = 0;
  /** Whether addresses are to be had by DHCPv6; of an advertisement. */
  managed = false;
  /** Whether other settings are to be had by DHCPv6; of an advertisement. */
  otherConfiguration = false;
  /** Seconds that the router is a default router, 0 for not at all; of an advertisement, else 0. */
  routerLifetime = 0;
  /** Milliseconds that a neighbour counts as reachable, 0 for no word on it; of an advertisement. */
  reachableTime = 0;
  /** Milliseconds between solicitations, 0 for no word on it; of an advertisement. */
  retransmitTimer = 0;
  #bytes = NO_BYTES;
  #offset = 0;
  #end = 0;

  /**
   * Reads the message at `offset`.
   *
   * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
   * @returns false when it is another message or not valid by itself; the fields then keep what they
   *   had.
   */
  read(bytes: Uint8Array, offset = 0, length: number = bytes.length - offset): boolean {
    if (!isRange(bytes, offset, length, 8) || readU8(bytes, offset + 1) !== 0) return false;
    const type = typeOf(readU8(bytes, offset));
    if (type === undefined || length < KINDS[type].headerLength) return false;
    const end = offset + length;
    if (!hasGoodOptions(bytes, offset + KINDS[type].headerLength, end)) return false;
    const advertisement = type === 'router-advertisement';
    const flags = advertisement ? readU8(bytes, offset + 5) : 0;
    this.type = type;
    this.checksum = readU16(bytes, offset + 2);
    this.hopLimit = advertisement ? readU8(bytes, offset + 4) : 0;
    this.managed = (flags & 0x80) !== 0;
    this.otherConfiguration = (flags & 0x40) !== 0;
    this.routerLifetime = advertisement ? readU16(bytes, offset + 6) : 0;
    this.reachableTime = advertisement ? readU32(bytes, offset + 8) : 0;
    this.retransmitTimer = advertisement ? readU32(bytes, offset + 12) : 0;
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = end;
    return true;
  }

  /** The better next hop, of a redirect: a view of 16 bytes; else undefined. */
  get target(): Uint8Array | undefined {
    return this.#redirectAddress(8);
  }

  /** The address that a redirect is about: a view of 16 bytes; else undefined. */
  get destination(): Uint8Array | undefined {
    return this.#redirectAddress(24);
  }

  #redirectAddress(at: number): Uint8Array | undefined {
    if (this.type !== 'redirect') return undefined;
    return this.#bytes.subarray(this.#offset + at, this.#offset + at + 16);
  }

  /** The options, in a list made anew each time; what they hold are views. */
  get options(): readonly NeighbourOption[] {
    const start = this.#offset + KINDS[this.type].headerLength;
    return readNeighbourOptions(this.#bytes, start, this.#end) ?? [];
  }
}

/**
 * Reads a router solicitation, a router advertisement or a redirect.
 *
 * What only the packet around it tells is left to the caller: hop limit 255, and the checksum by
 * `checksum(bytes, offset, length, header.pseudoHeaderSum) === 0`.
 *
 * @param offset - where it starts: the `payloadOffset` of the IPv6 header.
 * @param length - bytes of the message: the `payloadLength` of the IPv6 header.
 * @returns undefined when it is another message, too short, or has an option of length zero, of a
 *   length that is not its kind's, or one that goes beyond the message.
 */
export function readRouterDiscovery(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
): Readonly<RouterDiscoveryMessage> | undefined {
  const message = new RouterDiscoveryMessage();
  return message.read(bytes, offset, length) ? message : undefined;
}

/** What all builders of router discovery want. */
export interface RouterDiscoveryFields {
  /** Source address of the packet: 16 bytes. */
  readonly source: Uint8Array;
  /** Destination address of the packet: 16 bytes; `ff02::2` is all routers, `ff02::1` all nodes. */
  readonly destination: Uint8Array;
  /**
   * The options, in this order.
   *
   * @default none
   */
  readonly options?: readonly NeighbourOption[] | undefined;
}

/**
 * Builds a router solicitation with its checksum: the payload of a packet with `IPPROTO_ICMPV6` and
 * hop limit 255 between the same addresses.
 *
 * @returns bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildRouterSolicitation(fields: RouterDiscoveryFields): Uint8Array<ArrayBuffer> {
  return finish(startMessage('router-solicitation', fields), fields);
}

/** What {@link buildRouterAdvertisement} puts into a message. */
export interface RouterAdvertisementFields extends RouterDiscoveryFields {
  /**
   * Hop limit that hosts are to use, 0 to 255; 0 says nothing.
   *
   * @default 64
   */
  readonly hopLimit?: number | undefined;
  /**
   * Whether addresses are to be had by DHCPv6.
   *
   * @default false
   */
  readonly managed?: boolean | undefined;
  /**
   * Whether other settings are to be had by DHCPv6.
   *
   * @default false
   */
  readonly otherConfiguration?: boolean | undefined;
  /** Seconds that the router is a default router, 0 to 65535; 0 is not at all. */
  readonly routerLifetime: number;
  /**
   * Milliseconds that a neighbour counts as reachable: 32 bits; 0 says nothing.
   *
   * @default 0
   */
  readonly reachableTime?: number | undefined;
  /**
   * Milliseconds between solicitations: 32 bits; 0 says nothing.
   *
   * @default 0
   */
  readonly retransmitTimer?: number | undefined;
}

/**
 * Builds a router advertisement with its checksum: the payload of a packet with `IPPROTO_ICMPV6` and
 * hop limit 255 between the same addresses; `source` is to be link-local.
 *
 * @returns bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const message = frames.buildRouterAdvertisement({
 *   source: frames.parseIpAddress('fe80::1'),
 *   destination: frames.parseIpAddress('ff02::1'),
 *   routerLifetime: 1800,
 *   options: [
 *     { kind: 'source-mac', mac: frames.parseMacAddress('02:00:00:00:00:01') },
 *     { kind: 'mtu', mtu: 1400 },
 *   ],
 * });
 * const read = frames.readRouterDiscovery(message);
 * console.log(read?.type, read?.options[1]); // router-advertisement { kind: 'mtu', mtu: 1400 }
 * ```
 */
export function buildRouterAdvertisement(
  fields: RouterAdvertisementFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const { hopLimit = 64, routerLifetime, reachableTime = 0, retransmitTimer = 0 } = fields;
  checkInteger('hopLimit', hopLimit, 0, 0xff);
  checkInteger('routerLifetime', routerLifetime, 0, 0xffff);
  checkInteger('reachableTime', reachableTime, 0, 0xffffffff);
  checkInteger('retransmitTimer', retransmitTimer, 0, 0xffffffff);
  checkFlags(fields, ['managed', 'otherConfiguration']);
  const message = startMessage('router-advertisement', fields);
  message[4] = hopLimit;
  message[5] = (fields.managed ? 0x80 : 0) | (fields.otherConfiguration ? 0x40 : 0);
  writeU16(message, 6, routerLifetime);
  writeU32(message, 8, reachableTime);
  writeU32(message, 12, retransmitTimer);
  return finish(message, fields);
}

/** What {@link buildIcmpv6Redirect} puts into a message. */
export interface Icmpv6RedirectFields extends RouterDiscoveryFields {
  /** The better next hop: 16 bytes; the same as `redirected` when that is on the link. */
  readonly target: Uint8Array;
  /** The address that is better reached by `target`: 16 bytes. */
  readonly redirected: Uint8Array;
}

/**
 * Builds a redirect with its checksum: the payload of a packet with `IPPROTO_ICMPV6` and hop limit
 * 255 between the same addresses; `source` is to be link-local.
 *
 * @returns bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function buildIcmpv6Redirect(fields: Icmpv6RedirectFields): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  checkBytes('target', fields.target, 16, 16);
  checkBytes('redirected', fields.redirected, 16, 16);
  const message = startMessage('redirect', fields);
  message.set(fields.target, 8);
  message.set(fields.redirected, 24);
  return finish(message, fields);
}

function startMessage(
  type: RouterDiscoveryType,
  fields: RouterDiscoveryFields,
): Uint8Array<ArrayBuffer> {
  checkFields(fields);
  const options = buildNeighbourOptions(fields.options);
  const { number, headerLength } = KINDS[type];
  if (options.length > 0xffff - headerLength) {
    throw outOfRange('options', `at most ${0xffff - headerLength} bytes`, options.length);
  }
  const message = new Uint8Array(headerLength + options.length);
  message[0] = number;
  message.set(options, headerLength);
  return message;
}

function finish(
  message: Uint8Array<ArrayBuffer>,
  fields: RouterDiscoveryFields,
): Uint8Array<ArrayBuffer> {
  return withIcmpv6Checksum(message, fields.source, fields.destination);
}
