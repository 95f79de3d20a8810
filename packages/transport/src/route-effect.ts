/**
 * What the kernel's messages about routes do to those that are known.
 *
 * @module
 */

import { NLM_F_REPLACE, RTPROT_RA, RTPROT_REDIRECT } from '@rtap/netlink';
import type { RouteMessage, RouteNexthop } from '@rtap/netlink/route';
import { routeKey, sharedText } from './route-identity.ts';
import type { TableEffect, TableMessage } from './table-family.ts';

type Effect = TableEffect<RouteMessage>;
type Message = TableMessage<RouteMessage>;

const NOTHING: Effect = { gone: [], set: [], certain: true };
/** The flags of a way within those of a route: RTNH_F_*. */
const WAY_FLAGS = 0xff;

/**
 * IPv4: NLM_F_REPLACE puts a route in the place of the first of its group, or tells that the nexthop of one that
 * is known was changed.
 */
export function ipv4RouteEffect(
  { item, removed, flags }: Message,
  group: readonly RouteMessage[],
  replayed: boolean,
): Effect {
  if (removed) return { gone: [item], set: [], certain: true };
  if ((flags & NLM_F_REPLACE) === 0) return { gone: [], set: [item], certain: true };
  const key = routeKey(item);
  const others = group.filter((route) => routeKey(route) !== key);
  if (others.length < group.length) {
    // Known already: from a dump that was later, perhaps, and then one of the others may be what it replaced.
    return { gone: [], set: [item], certain: !replayed || others.length === 0 };
  }
  return inPlaceOf(others, item);
}

/**
 * IPv6: a route with a gateway is told with all the ways of its group, and each that goes is told alone, unless all
 * go at once.
 */
export function ipv6RouteEffect(
  { item, removed, flags }: Message,
  group: readonly RouteMessage[],
): Effect {
  if (removed) return withoutWay(item, group);
  if ((flags & NLM_F_REPLACE) !== 0) {
    const same = group.filter((route) => isSpread(route) === isSpread(item));
    const candidates = same.length > 0 ? same : group;
    return inPlaceOf(candidates, item);
  }
  const { multipath } = item;
  if (multipath === undefined) return { gone: [], set: [item], certain: true };
  const joined = group.filter(
    (route) => route.multipath === undefined && multipath.some((way) => isSameWay(way, route)),
  );
  // The rest of what is told is of the way that came, while a dump tells that of the first.
  const before = group.find((route) => routeKey(route) === routeKey(item)) ?? joined[0];
  const certain = before === undefined || sharedText(before) === sharedText(item);
  return { gone: joined, set: [item], certain };
}

/** The first of some has gone for it; which one that is isn't told, when there are more. */
function inPlaceOf(candidates: readonly RouteMessage[], item: RouteMessage): Effect {
  if (candidates.length > 1) return { gone: [], set: [item], certain: false };
  const key = routeKey(item);
  return {
    gone: candidates.filter((route) => routeKey(route) !== key),
    set: [item],
    certain: true,
  };
}

function withoutWay(item: RouteMessage, group: readonly RouteMessage[]): Effect {
  const key = routeKey(item);
  if (item.multipath !== undefined || group.some((route) => routeKey(route) === key)) {
    return { gone: [item], set: [], certain: true };
  }
  const spread = group.find((route) => route.multipath !== undefined);
  const ways = spread?.multipath ?? [];
  const left = ways.filter((way) => !isSameWay(way, item));
  if (spread === undefined || left.length === ways.length) return NOTHING;
  const [last, ...more] = left;
  if (last === undefined) return { gone: [spread], set: [], certain: true };
  // If it was the first, a dump tells what is common to all as the next one has it.
  if (more.length > 0) return { gone: [], set: [{ ...spread, multipath: left }], certain: false };
  return { gone: [spread], set: [alone(spread, last)], certain: false };
}

/** A multipath route of which one way is left, as the kernel tells it. */
function alone(route: RouteMessage, way: RouteNexthop): RouteMessage {
  const { flags, gateway, index, encapType, encap } = way;
  return {
    ...route,
    multipath: undefined,
    flags: (route.flags & ~WAY_FLAGS) | flags,
    gateway,
    outputIndex: index,
    encapType,
    encap,
  };
}

/** Whether the kernel makes one multipath route of it and others of its group (rt6_qualify_for_ecmp). */
function isSpread({ multipath, gateway, nexthopId, protocol }: RouteMessage): boolean {
  if (nexthopId !== undefined) return false;
  if (multipath !== undefined) return true;
  return gateway !== undefined && protocol !== RTPROT_RA && protocol !== RTPROT_REDIRECT;
}

function isSameWay(way: RouteNexthop, route: RouteMessage): boolean {
  return way.index === route.outputIndex && String(way.gateway) === String(route.gateway);
}
