/**
 * A route as `ip -j route show` prints it.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import {
  AF_INET6,
  RTM_F_NOTIFY,
  RTM_F_OFFLOAD,
  RTM_F_OFFLOAD_FAILED,
  RTM_F_TRAP,
  RTNH_F_DEAD,
  RTNH_F_LINKDOWN,
  RTNH_F_OFFLOAD,
  RTNH_F_ONLINK,
  RTNH_F_PERVASIVE,
  RTNH_F_TRAP,
  RTNH_F_UNRESOLVED,
  RTN_UNICAST,
  RTPROT_BOOT,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_MAIN,
  hostEndian,
} from '@rtap/netlink';
import type { RouteMessage, RouteMetrics, RouteNexthop } from '@rtap/netlink/route';
import { flagNames } from '../ip/flag-names.ts';
import { nameAt } from '../ip/known-links.ts';
import type { KnownLinks } from '../ip/known-links.ts';
import { protocols, realms, scopes, services, tables } from '../ip/named-numbers.ts';
import { typeName } from './route-types.ts';

/** In ip's order. */
const FLAGS: Readonly<Record<string, number>> = {
  dead: RTNH_F_DEAD,
  onlink: RTNH_F_ONLINK,
  pervasive: RTNH_F_PERVASIVE,
  offload: RTNH_F_OFFLOAD,
  trap: RTNH_F_TRAP,
  notify: RTM_F_NOTIFY,
  linkdown: RTNH_F_LINKDOWN,
  unresolved: RTNH_F_UNRESOLVED,
  rt_offload: RTM_F_OFFLOAD,
  rt_trap: RTM_F_TRAP,
  rt_offload_failed: RTM_F_OFFLOAD_FAILED,
};

/** RFC 4191. */
const PREFERENCES: Readonly<Record<number, string>> = { 0: 'medium', 1: 'high', 3: 'low' };

/** A gateway of another family. */
export interface ShownVia {
  /** Its family. */
  readonly family: 'inet' | 'inet6';
  /** Its address. */
  readonly host: string;
}

/** Realms of a route. */
export interface ShownRealms {
  /** Of the source. */
  readonly from: string | undefined;
  /** Of the destination. */
  readonly to: string;
}

/** One of the ways of a multipath route. */
export interface ShownWay {
  /** Gateway. */
  readonly gateway: string | undefined;
  /** Gateway of another family. */
  readonly via: ShownVia | undefined;
  /** Interface. */
  readonly dev: string | undefined;
  /** How many of all packets go this way. */
  readonly weight: number;
  /** RTNH_F_*. */
  readonly flags: readonly string[];
  /** Realms. */
  readonly flow: ShownRealms | undefined;
}

/** What `ip -j route show` prints of a route; what isn't told is not there. */
export interface ShownRoute {
  /** Its type, unless it is unicast. */
  readonly type: string | undefined;
  /** Destination, with the length of its prefix unless it is a host; `default`. */
  readonly dst: string;
  /** Source that it is for. */
  readonly from: string | undefined;
  /** Type of service. */
  readonly tos: string | undefined;
  /** Id of the nexthop. */
  readonly nhid: number | undefined;
  /** Gateway. */
  readonly gateway: string | undefined;
  /** Gateway of another family. */
  readonly via: ShownVia | undefined;
  /** Interface; not told when only those of one are asked for. */
  readonly dev: string | undefined;
  /** Table, unless it is main or asked for. */
  readonly table: string | undefined;
  /** Who made it, unless that is `boot` or asked for. */
  readonly protocol: string | undefined;
  /** Scope, unless it is global or asked for. */
  readonly scope: string | undefined;
  /** Preferred source. */
  readonly prefsrc: string | undefined;
  /** Metric. */
  readonly metric: number | undefined;
  /** RTM_F_* and RTNH_F_*. */
  readonly flags: readonly string[];
  /** Realms. */
  readonly flow: ShownRealms | undefined;
  /** Seconds until it goes away. */
  readonly expires: number | undefined;
  /** Error that it gives. */
  readonly error: number | undefined;
  /** What is known of the path. */
  readonly metrics: readonly [Readonly<Record<string, number | string | null>>] | undefined;
  /** Preference of the router; IPv6 only. */
  readonly pref: string | undefined;
  /** The ways of a multipath route. */
  readonly nexthops: readonly ShownWay[] | undefined;
}

/** How routes are shown. */
export interface RouteContext {
  /** The interfaces that they refer to. */
  readonly links: KnownLinks;
  /** Whether to tell also what goes without saying. */
  readonly details: boolean;
  /** What was asked for, and so goes without saying. */
  readonly asked: ReadonlySet<'table' | 'dev' | 'protocol' | 'scope'>;
}

/** Makes what is printed of a route, in ip's order. */
export function shownRoute(route: RouteMessage, context: RouteContext): ShownRoute {
  const { links, details, asked } = context;
  const { destination, source, cacheInfo, outputIndex, multipath } = route;
  const told = (
    what: 'table' | 'protocol' | 'scope',
    value: number,
    usual: number,
    name: string,
  ): string | undefined => ((details || value !== usual) && !asked.has(what) ? name : undefined);
  return {
    type: details || route.routeType !== RTN_UNICAST ? typeName(route.routeType) : undefined,
    dst: destination ? prefix(destination, route.destinationLength) : noDestination(route),
    from: source && prefix(source, route.sourceLength),
    tos:
      route.tos === 0
        ? undefined
        : services.nameOf(route.tos, (tos) => `0x${tos.toString(16).padStart(2, '0')}`),
    nhid: route.nexthopId,
    gateway: text(route.gateway),
    via: via(route.via),
    dev: outputIndex === undefined || asked.has('dev') ? undefined : nameAt(links, outputIndex),
    table: told('table', route.table, RT_TABLE_MAIN, tables.nameOf(route.table)),
    protocol: told('protocol', route.protocol, RTPROT_BOOT, protocols.nameOf(route.protocol)),
    scope: told('scope', route.scope, RT_SCOPE_UNIVERSE, scopes.nameOf(route.scope)),
    prefsrc: text(route.preferredSource),
    metric: route.priority,
    flags: flagNames(route.flags, FLAGS),
    flow: flow(route.flow),
    expires: cacheInfo?.expires ? Math.trunc(cacheInfo.expires / 100) : undefined,
    error: cacheInfo?.error || undefined,
    metrics: route.metrics && [shownMetrics(route.metrics)],
    pref: PREFERENCES[route.preference ?? -1],
    nexthops: multipath?.map((way) => shownWay(way, links)),
  };
}

function noDestination({ destinationLength }: RouteMessage): string {
  return destinationLength === 0 ? 'default' : `0/${destinationLength}`;
}

function shownWay(way: RouteNexthop, links: KnownLinks): ShownWay {
  return {
    gateway: text(way.gateway),
    via: via(way.via),
    dev: way.index === 0 ? undefined : nameAt(links, way.index),
    weight: way.hops + 1,
    flags: flagNames(way.flags, FLAGS),
    flow: flow(way.flow),
  };
}

/** Times of the path are told by the kernel in eighths, and fourths, of a millisecond. */
function shownMetrics(of: RouteMetrics): Readonly<Record<string, number | string | null>> {
  const { roundTripTime: rtt, roundTripTimeVariance: rttvar, features = 0 } = of;
  const all = {
    mtu: of.mtu,
    window: of.window,
    rtt: rtt === undefined ? undefined : rtt / 8,
    rttvar: rttvar === undefined ? undefined : rttvar / 4,
    ssthresh: of.slowStartThreshold,
    cwnd: of.congestionWindow,
    advmss: of.advertisedMss,
    reordering: of.reordering,
    hoplimit: of.hopLimit,
    initcwnd: of.initialCongestionWindow,
    ecn: (features & 1) === 0 ? undefined : null,
    rto_min: of.minRetransmissionTimeout,
    initrwnd: of.initialReceiveWindow,
    quickack: of.quickAck,
    congestion: of.congestionControl,
    fastopen_no_cookie: of.fastOpenNoCookie,
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** `struct rtvia` of linux/rtnetlink.h. */
function via(bytes: Uint8Array | undefined): ShownVia | undefined {
  if (bytes === undefined || bytes.length < 6) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const family = view.getUint16(0, hostEndian === 'little');
  const host = formatIpAddress(bytes.subarray(2, family === AF_INET6 ? 18 : 6));
  return { family: family === AF_INET6 ? 'inet6' : 'inet', host };
}

function flow(value: number | undefined): ShownRealms | undefined {
  if (value === undefined) return undefined;
  const from = value >>> 16;
  return {
    from: from === 0 ? undefined : realms.nameOf(from),
    to: realms.nameOf(value & 0xffff),
  };
}

function prefix(bytes: Uint8Array, length: number): string {
  const host = formatIpAddress(bytes);
  return length === 8 * bytes.length ? host : `${host}/${length}`;
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && formatIpAddress(bytes);
}
