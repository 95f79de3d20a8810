/**
 * What control operations and `openTap` take: checked, and made into what netlink carries.
 *
 * @module
 */

import { parseIpAddress, parseMacAddress } from '@rtap/frames';
import type { KernelTapOwner } from '@rtap/native';
import { AF_INET, AF_INET6 } from '@rtap/netlink';
import type { InterfaceAddress, Route, WhichLink } from '@rtap/transport';
import {
  checkInteger,
  checkInterfaceName,
  checkOptions,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';

/** Least MTU of a TAP device: ETH_MIN_MTU of linux/if_ether.h. */
export const MIN_MTU = 68;
/** Greatest MTU of a TAP device: MAX_MTU of drivers/net/tun.c, less the Ethernet header. */
export const MAX_MTU = 65_521;
/** The largest number of a user or group; the next one means none. */
const LARGEST_ID = 0xffff_fffe;
const U32 = 0xffff_ffff;

/** Who may open a device without CAP_NET_ADMIN. */
export interface TapOwner {
  /** Number of a user, 0 to 4,294,967,294. */
  readonly uid?: number;
  /** Number of a group, 0 to 4,294,967,294. */
  readonly gid?: number;
}

/** An address of an interface, when it is more than `10.0.0.1/24`. */
export interface TapAddress {
  /** The address with the length of its prefix: `10.0.0.1/24`, `2001:db8::1/64`. */
  readonly local: string;
  /** The other end of a point-to-point link; the prefix is then its. */
  readonly peer?: string;
  /** Broadcast address; IPv4 only. */
  readonly broadcast?: string;
}

/** A route out of an interface, when it is more than its destination. */
export interface TapRoute {
  /** Destination: `10.0.0.0/8`, `2001:db8::/32`, or `default`. */
  readonly destination: string;
  /** The gateway; without one the destination is on the link. */
  readonly gateway?: string;
  /** Source address that packets get. */
  readonly source?: string;
  /** Metric: of several, the least counts. */
  readonly metric?: number;
  /** Number of the routing table; the main one when left out. */
  readonly table?: number;
}

/** Checks an MTU. */
export function checkMtu(name: string, value: unknown): number {
  return checkInteger(name, value, MIN_MTU, MAX_MTU);
}

/** Checks the MAC address of an interface: unicast, and not zero. */
export function checkMacAddress(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw invalidArgumentType(name, 'of type string or an instance of Uint8Array', value);
  }
  const bytes = typeof value === 'string' ? macOf(name, value) : value.slice();
  if (bytes.length !== 6) throw outOfRange(`${name}.length`, '6', bytes.length);
  const [first = 0] = bytes;
  if ((first & 1) !== 0) throw outOfRange(name, 'no group address (its first bit is set)', value);
  if (bytes.every((byte) => byte === 0)) throw outOfRange(name, 'not all zeros', value);
  return bytes;
}

/** Checks a master: a name or an index. */
export function checkMaster(name: string, value: unknown): WhichLink | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { index: checkInteger(name, value, 1, 0x7fff_ffff) };
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string or number', value);
  return { name: checkInterfaceName(name, value) };
}

/** Checks an owner: a user, a group, or both. */
export function checkOwner(name: string, value: unknown): KernelTapOwner {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgumentType(name, 'of type object', value);
  }
  const { uid, gid }: TapOwner = checkOptions(name, value);
  if (uid === undefined && gid === undefined) {
    throw outOfRange(name, 'an object with uid, gid, or both', value);
  }
  return {
    ...(uid !== undefined && { uid: checkInteger(`${name}.uid`, uid, 0, LARGEST_ID) }),
    ...(gid !== undefined && { gid: checkInteger(`${name}.gid`, gid, 0, LARGEST_ID) }),
  };
}

/** Parses an address with its prefix, and what else is said of it. */
export function parseAddress(name: string, value: unknown): Omit<InterfaceAddress, 'index'> {
  if (typeof value === 'string') return parsePrefix(name, value);
  if (typeof value !== 'object' || value === null || !('local' in value)) {
    throw invalidArgumentType(name, "of type string or an object with 'local'", value);
  }
  const { local, peer, broadcast }: Partial<Record<keyof TapAddress, unknown>> = value;
  const parsed = parsePrefix(`${name}.local`, local);
  const other = (key: string, text: unknown): Uint8Array => {
    const bytes = ipOf(`${name}.${key}`, text);
    if (bytes.length === parsed.local.length) return bytes;
    throw outOfRange(`${name}.${key}`, 'of the same family', text);
  };
  return {
    ...parsed,
    ...(peer !== undefined && { peer: other('peer', peer) }),
    ...(broadcast !== undefined && { broadcast: other('broadcast', broadcast) }),
  };
}

/** Parses a route, but for its interface. */
export function parseRoute(name: string, value: unknown): Omit<Route, 'outputIndex'> {
  if (typeof value === 'string') return parseRoute(name, { destination: value });
  if (typeof value !== 'object' || value === null || !('destination' in value)) {
    throw invalidArgumentType(name, "of type string or an object with 'destination'", value);
  }
  const { destination, gateway, source, metric, table }: Partial<Record<keyof TapRoute, unknown>> =
    value;
  const via = gateway === undefined ? undefined : ipOf(`${name}.gateway`, gateway);
  const from = source === undefined ? undefined : ipOf(`${name}.source`, source);
  const to =
    destination === 'default' ? undefined : parsePrefix(`${name}.destination`, destination);
  const length = (to?.local ?? via ?? from)?.length ?? 4;
  // The gateway alone may be of the other family (RFC 8950).
  if (from !== undefined && from.length !== length) {
    throw outOfRange(`${name}.source`, 'of the family of the destination', source);
  }
  return {
    family: length === 4 ? AF_INET : AF_INET6,
    ...(to !== undefined && {
      destination: masked(to.local, to.prefixLength),
      destinationLength: to.prefixLength,
    }),
    ...(via !== undefined && { gateway: via }),
    ...(from !== undefined && { preferredSource: from }),
    ...(metric !== undefined && { priority: checkInteger(`${name}.metric`, metric, 0, U32) }),
    ...(table !== undefined && { table: checkInteger(`${name}.table`, table, 1, U32) }),
  };
}

/** An address without the bits behind its prefix, of which the kernel takes none. */
function masked(address: Uint8Array, length: number): Uint8Array {
  return address.map((byte, index) => {
    const bits = Math.min(Math.max(length - index * 8, 0), 8);
    return byte & (0xff << (8 - bits));
  });
}

function parsePrefix(
  name: string,
  value: unknown,
): Pick<InterfaceAddress, 'local'> & { readonly prefixLength: number } {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string', value);
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const local = ipOf(name, address, value);
  const prefixLength = prefix === undefined ? local.length * 8 : Number(prefix);
  if (prefixLength > local.length * 8) {
    throw outOfRange(name, `an address with a prefix of at most ${local.length * 8} bits`, value);
  }
  return { local, prefixLength };
}

function ipOf(name: string, text: unknown, whole: unknown = text): Uint8Array {
  if (typeof text !== 'string') throw invalidArgumentType(name, 'of type string', whole);
  try {
    return parseIpAddress(text);
  } catch {
    throw outOfRange(name, 'an IPv4 or IPv6 address', whole);
  }
}

function macOf(name: string, text: string): Uint8Array {
  try {
    return parseMacAddress(text);
  } catch {
    throw outOfRange(name, 'a MAC address as 02:00:00:00:00:01', text);
  }
}
