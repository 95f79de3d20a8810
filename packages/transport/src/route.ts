/**
 * Routes as `ip route` takes them.
 *
 * @module
 */

import type { RouteMetrics, RouteRequest } from '@rtap/netlink/route';

/** One of the ways of a multipath route: `nexthop via ... dev ... weight ...`. */
export interface RouteWay {
  /** The gateway: 4 or 16 bytes, of the route's family or the other one. */
  readonly gateway?: Uint8Array;
  /** Index of the interface; left out, the gateway tells. */
  readonly outputIndex?: number;
  /** How many of all packets go this way, 1 to 256; 1 when left out. */
  readonly weight?: number;
  /** The gateway is on the link, whatever the addresses say. RTNH_F_ONLINK */
  readonly onlink?: boolean;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. RTA_ENCAP_TYPE */
  readonly encapType?: number;
  /** Its parameters, as attributes. RTA_ENCAP */
  readonly encap?: Uint8Array;
}

/**
 * A route: see {@link NetlinkClient.addRoute}.
 *
 * Attributes are sent in the order of the properties, but for the interface, the metrics and the ways of a
 * multipath route, which stand at the end, as those of iproute2 do.
 */
export interface Route extends Pick<
  RouteRequest,
  'raw' | 'preference' | 'expires' | 'newDestination' | 'ttlPropagate' | 'encapType' | 'encap'
> {
  /** AF_INET or AF_INET6. Left out: that of the addresses; AF_INET without any. */
  readonly family?: number;
  /** Destination: 4 or 16 bytes. Left out: the default route. RTA_DST */
  readonly destination?: Uint8Array;
  /** Length of the destination's prefix in bits. Left out: all of it. */
  readonly destinationLength?: number;
  /** Source that the route is for; IPv6 only. RTA_SRC */
  readonly source?: Uint8Array;
  /** Length of the source's prefix in bits. Left out: all of it. */
  readonly sourceLength?: number;
  /** RTN_*. Left out: RTN_UNICAST; to delete, any. */
  readonly type?: number;
  /** RT_TABLE_*, or any number of 32 bits. Left out: RT_TABLE_LOCAL of types that belong there, else RT_TABLE_MAIN. */
  readonly table?: number;
  /** Who makes it: RTPROT_*. Left out: RTPROT_BOOT; to delete, any. */
  readonly protocol?: number;
  /** RT_SCOPE_*. Left out: by type, gateway and family, as iproute2 has it; to delete, any. */
  readonly scope?: number;
  /** Type of service; IPv4 only. */
  readonly tos?: number;
  /** Metric; IPv6 has 1024 when it is left out. RTA_PRIORITY */
  readonly priority?: number;
  /** The gateway: 4 or 16 bytes; of the other family too. RTA_GATEWAY, or RTA_VIA */
  readonly gateway?: Uint8Array;
  /** Index of the interface. RTA_OIF */
  readonly outputIndex?: number;
  /** Source address that packets get. RTA_PREFSRC */
  readonly preferredSource?: Uint8Array;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number;
  /** Id of a nexthop. RTA_NH_ID */
  readonly nexthopId?: number;
  /** The gateway is on the link, whatever the addresses say. RTNH_F_ONLINK */
  readonly onlink?: boolean;
  /** What is known of the path: MTU, MSS and so on, in the order in which they are sent. RTA_METRICS */
  readonly metrics?: RouteMetrics;
  /** The ways of a multipath route. RTA_MULTIPATH */
  readonly ways?: readonly RouteWay[];
}
