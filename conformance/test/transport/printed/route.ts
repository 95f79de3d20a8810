/**
 * Routes as `ip -N -j -d -s route show table all` prints them, made of what we have decoded.
 *
 * @module
 */

import { AF_INET6 } from '@rtap/netlink';
import type { RouteMessage, RouteMetrics, RouteNexthop } from '@rtap/netlink';
import { flagNames, hex, ip, prefix } from './text.ts';
import type { NameOf } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** RTNH_F_* of linux/rtnetlink.h, and RTM_F_*. */
const FLAGS = {
  dead: 1,
  onlink: 4,
  pervasive: 2,
  offload: 8,
  trap: 0x40,
  notify: 0x100,
  linkdown: 0x10,
  unresolved: 0x20,
  rt_offload: 0x4000,
  rt_trap: 0x8000,
};

/** RFC 4191. */
const PREFERENCES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 3: 'low' };

/** A gateway of another family: `struct rtvia`. */
function via(bytes: Uint8Array | undefined): object | undefined {
  if (bytes === undefined) return undefined;
  const family = new DataView(bytes.buffer, bytes.byteOffset).getUint16(0, true);
  return { family: family === AF_INET6 ? 'inet6' : 'inet', host: ip(bytes.subarray(2)) };
}

/** Realms. */
function realms(flow: number | undefined): object | undefined {
  if (flow === undefined) return undefined;
  const from = flow >>> 16;
  return { from: from === 0 ? undefined : String(from), to: String(flow & 0xffff) };
}

/** Times are told in eighths, and fourths, of a millisecond. */
function metrics(of: RouteMetrics): object[] {
  const ecn = ((of.features ?? 0) & 1) === 1;
  return [
    {
      mtu: of.mtu,
      window: of.window,
      rtt: of.roundTripTime === undefined ? undefined : of.roundTripTime / 8,
      rttvar: of.roundTripTimeVariance === undefined ? undefined : of.roundTripTimeVariance / 4,
      ssthresh: of.slowStartThreshold,
      cwnd: of.congestionWindow,
      advmss: of.advertisedMss,
      reordering: of.reordering,
      hoplimit: of.hopLimit,
      initcwnd: of.initialCongestionWindow,
      ecn: ecn ? null : undefined,
      rto_min: of.minRetransmissionTimeout,
      initrwnd: of.initialReceiveWindow,
      quickack: of.quickAck,
      congestion: of.congestionControl,
      fastopen_no_cookie: of.fastOpenNoCookie,
    },
  ];
}

function nexthop(of: RouteNexthop, nameOf: NameOf): object {
  return {
    gateway: ip(of.gateway),
    via: via(of.via),
    dev: nameOf(of.index),
    weight: of.hops + 1,
    flags: flagNames(of.flags, FLAGS),
    flow: realms(of.flow),
  };
}

/**
 * One route.
 *
 * @param nexthopOf - a nexthop by its id, as printed.
 */
export function printedRoute(
  route: RouteMessage,
  nameOf: NameOf,
  nexthopOf: (id: number) => object | undefined,
): object {
  refuseUnknown(route);
  const { cacheInfo } = route;
  const { destination, source, nexthopId } = route;
  return {
    type: String(route.routeType),
    dst: destination ? prefix(destination, route.destinationLength) : 'default',
    from: source && prefix(source, route.sourceLength),
    tos: hex(route.tos || undefined),
    nhid: nexthopId,
    gateway: ip(route.gateway),
    via: via(route.via),
    dev: nameOf(route.outputIndex),
    table: String(route.table),
    protocol: String(route.protocol),
    scope: String(route.scope),
    prefsrc: ip(route.preferredSource),
    metric: route.priority,
    flags: flagNames(route.flags, FLAGS),
    flow: realms(route.flow),
    mark: route.mark,
    uid: route.uid,
    expires: cacheInfo?.expires ? Math.trunc(cacheInfo.expires / 100) : undefined,
    error: cacheInfo?.error || undefined,
    users: cacheInfo?.references || undefined,
    used: cacheInfo?.used || undefined,
    age: cacheInfo?.lastUse ? Math.trunc(cacheInfo.lastUse / 100) : undefined,
    metrics: route.metrics && metrics(route.metrics),
    pref: PREFERENCES[route.preference ?? -1],
    'ttl-propogate': route.ttlPropagate,
    nexthops: route.multipath?.map((one) => nexthop(one, nameOf)),
    nh_info: nexthopId === undefined ? undefined : nexthopOf(nexthopId),
  };
}
