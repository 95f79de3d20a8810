/**
 * What a route is told by: what makes two routes of the kernel's tables two.
 *
 * @module
 */

import { AF_INET, RTNH_F_ONLINK } from '@rtap/netlink';
import type { RouteMessage, RouteMetrics, RouteNexthop } from '@rtap/netlink/route';

/** The flags of a way that are part of it; the others tell how it is. */
const OWN_FLAGS = RTNH_F_ONLINK;

/** What routes have in common of which one can be in the place of another: destination, metric and so on. */
export function routeGroup(route: RouteMessage): string {
  const { family, table, destination, destinationLength, source, sourceLength } = route;
  const to = `${destination?.join('.') ?? ''}/${destinationLength}`;
  const from = `${source?.join('.') ?? ''}/${sourceLength}`;
  return `${family} ${table} ${to} ${from} ${route.tos} ${route.priority ?? 0}`;
}

/**
 * What a route is told by.
 *
 * IPv4 (fib_table_insert, fib_find_info): all that it says, but for the state of its ways, and the ways of a
 * nexthop object, which can be changed. IPv6 (fib6_add_rt2node): its type and its way; all routes with a gateway
 * of a group are one multipath route, so that its key is the group's.
 */
export function routeKey(route: RouteMessage): string {
  const group = routeGroup(route);
  if (route.family !== AF_INET) return `${group} ${route.routeType} ${ipv6Way(route)}`;
  return `${group} ${sharedText(route)} ${ipv4Ways(route)}`;
}

/** All that can change of a route, but for counters and times. */
export function routeState(route: RouteMessage): string {
  const { flags, multipath } = route;
  const ways = multipath?.map((way) => `${wayText(way)} ${way.flags} ${way.hops}`);
  // The kernel doesn't tell the ways of IPv6 in the same order each time.
  const told = route.family === AF_INET ? ways : ways?.toSorted();
  const way = wayText({ ...route, index: route.outputIndex ?? 0 });
  return [flags, sharedText(route), way, route.nexthopId, told?.join('/')].join(' ');
}

/** What the ways of a multipath route have in common, or should have. */
export function sharedText(route: RouteMessage): string {
  const { routeType, scope, protocol, preferredSource, metrics, preference } = route;
  const content = [routeType, scope, protocol, preferredSource?.join('.'), preference];
  return `${content.join(' ')} ${metricsText(metrics)}`;
}

/** One way: interface, gateway, and what packets are put into. */
function wayText(way: Omit<RouteNexthop, 'flags' | 'hops'>): string {
  const { index, gateway, via, flow, encapType, encap } = way;
  return [index, gateway?.join('.'), via?.join('.'), flow, encapType, encap?.join('.')].join(',');
}

function ipv4Ways(route: RouteMessage): string {
  if (route.nexthopId !== undefined) return `nhid ${route.nexthopId}`;
  const { multipath, outputIndex, flags } = route;
  if (multipath === undefined) {
    return `${wayText({ ...route, index: outputIndex ?? 0 })} ${flags & OWN_FLAGS}`;
  }
  return multipath.map((way) => `${wayText(way)} ${way.flags & OWN_FLAGS} ${way.hops}`).join('/');
}

function ipv6Way(route: RouteMessage): string {
  if (route.nexthopId !== undefined) return `nhid ${route.nexthopId}`;
  if (route.multipath !== undefined) return 'multipath';
  return `${route.outputIndex ?? 0} ${route.gateway?.join('.') ?? ''}`;
}

function metricsText(metrics: RouteMetrics | undefined): string {
  return metrics === undefined ? '' : JSON.stringify(metrics);
}
