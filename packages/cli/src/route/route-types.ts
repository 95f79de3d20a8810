/**
 * Types of routes: RTN_* of linux/rtnetlink.h.
 *
 * @module
 */

import {
  RTN_ANYCAST,
  RTN_BLACKHOLE,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_NAT,
  RTN_PROHIBIT,
  RTN_THROW,
  RTN_UNICAST,
  RTN_UNREACHABLE,
  RTN_UNSPEC,
  RTN_XRESOLVE,
} from '@rtap/netlink';

/** By their names. */
export const ROUTE_TYPES: Readonly<Record<string, number>> = {
  unicast: RTN_UNICAST,
  local: RTN_LOCAL,
  broadcast: RTN_BROADCAST,
  anycast: RTN_ANYCAST,
  multicast: RTN_MULTICAST,
  blackhole: RTN_BLACKHOLE,
  unreachable: RTN_UNREACHABLE,
  prohibit: RTN_PROHIBIT,
  throw: RTN_THROW,
  nat: RTN_NAT,
  xresolve: RTN_XRESOLVE,
  none: RTN_UNSPEC,
};

/** The name of a type; the number when it has none. */
export function typeName(type: number): string {
  const found = Object.entries(ROUTE_TYPES).find(([, value]) => value === type);
  return found?.[0] ?? String(type);
}
