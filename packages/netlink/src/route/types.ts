/**
 * What route messages say: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { RawAttribute } from '../attribute.ts';

/** How a route is used. `struct rta_cacheinfo` */
export interface RouteCacheInfo {
  /** How many hold it. */
  readonly references: number;
  /** Hundredths of a second since it was used. */
  readonly lastUse: number;
  /** Hundredths of a second until it goes away; 0: never. */
  readonly expires: number;
  /** Error that it gives, as errno, or its negative. */
  readonly error: number;
  /** How often it was used. */
  readonly used: number;
  /** Not used any more. */
  readonly id: number;
  /** Not used any more. */
  readonly timestamp: number;
  /** Not used any more. */
  readonly timestampAge: number;
}

/** Counters of a multicast route. `struct rta_mfc_stats` */
export interface RouteMulticastStatistics {
  /** Packets. */
  readonly packets: bigint;
  /** Bytes. */
  readonly bytes: bigint;
  /** Packets from an unexpected interface. */
  readonly wrongInterface: bigint;
}

/** One of the ways of a multipath route. */
export interface RouteNexthop {
  /** RTNH_F_*. */
  readonly flags: number;
  /** Weight less one. */
  readonly hops: number;
  /** Index of the interface; 0: told by the gateway. */
  readonly index: number;
  /** Address of the gateway, of the family of the route. 4 or 16 bytes. RTA_GATEWAY */
  readonly gateway?: Uint8Array | undefined;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number | undefined;
  /**
   * Gateway of another family: `struct rtvia`, the family as u16 of the machine's byte order, and
   * its address. RTA_VIA
   */
  readonly via?: Uint8Array | undefined;
  /** Destination that packets get: MPLS labels. RTA_NEWDST */
  readonly newDestination?: Uint8Array | undefined;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. RTA_ENCAP_TYPE */
  readonly encapType?: number | undefined;
  /** Parameters of what packets are put into: attributes, by `encapType`. RTA_ENCAP */
  readonly encap?: Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** What is known of the path of a route. */
export interface RouteMetrics {
  /** Bits, by the numbers of the metrics: which the kernel must not change. RTAX_LOCK */
  readonly lock?: number | undefined;
  /** Maximum transmission unit. RTAX_MTU */
  readonly mtu?: number | undefined;
  /** Greatest window of TCP that is told, in bytes. RTAX_WINDOW */
  readonly window?: number | undefined;
  /** Round-trip time in eighths of a millisecond. RTAX_RTT */
  readonly roundTripTime?: number | undefined;
  /** Variance of the round-trip time in quarters of a millisecond. RTAX_RTTVAR */
  readonly roundTripTimeVariance?: number | undefined;
  /** Threshold of slow start in segments. RTAX_SSTHRESH */
  readonly slowStartThreshold?: number | undefined;
  /** Greatest congestion window in segments. RTAX_CWND */
  readonly congestionWindow?: number | undefined;
  /** Maximum segment size that is told. RTAX_ADVMSS */
  readonly advertisedMss?: number | undefined;
  /** How far packets may be out of order. RTAX_REORDERING */
  readonly reordering?: number | undefined;
  /** Hop limit. RTAX_HOPLIMIT */
  readonly hopLimit?: number | undefined;
  /** Congestion window at the start in segments. RTAX_INITCWND */
  readonly initialCongestionWindow?: number | undefined;
  /** RTAX_FEATURE_*. RTAX_FEATURES */
  readonly features?: number | undefined;
  /** Least time until TCP sends again, in milliseconds. RTAX_RTO_MIN */
  readonly minRetransmissionTimeout?: number | undefined;
  /** Receive window at the start in segments. RTAX_INITRWND */
  readonly initialReceiveWindow?: number | undefined;
  /** Not 0: TCP acknowledges at once. RTAX_QUICKACK */
  readonly quickAck?: number | undefined;
  /** Algorithm of congestion control. RTAX_CC_ALGO */
  readonly congestionControl?: string | undefined;
  /** Not 0: TCP Fast Open needs no cookie. RTAX_FASTOPEN_NO_COOKIE */
  readonly fastOpenNoCookie?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** What a route message and a route request can both say, header apart. */
export interface RouteAttributes {
  /** Destination. 4 or 16 bytes. RTA_DST */
  readonly destination?: Uint8Array | undefined;
  /** Source. 4 or 16 bytes. RTA_SRC */
  readonly source?: Uint8Array | undefined;
  /** Index of the interface that packets come from. RTA_IIF */
  readonly inputIndex?: number | undefined;
  /** Index of the interface that packets go to. RTA_OIF */
  readonly outputIndex?: number | undefined;
  /** Address of the gateway, of the family of the route. 4 or 16 bytes. RTA_GATEWAY */
  readonly gateway?: Uint8Array | undefined;
  /** Metric. RTA_PRIORITY */
  readonly priority?: number | undefined;
  /** Source address that packets get. 4 or 16 bytes. RTA_PREFSRC */
  readonly preferredSource?: Uint8Array | undefined;
  /** What is known of the path. RTA_METRICS */
  readonly metrics?: RouteMetrics | undefined;
  /** The ways that packets are spread over. RTA_MULTIPATH */
  readonly multipath?: readonly RouteNexthop[] | undefined;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number | undefined;
  /** How the route is used. RTA_CACHEINFO */
  readonly cacheInfo?: RouteCacheInfo | undefined;
  /** Mark of the packet to find a route for. RTA_MARK */
  readonly mark?: number | undefined;
  /** Counters of a multicast route. RTA_MFC_STATS */
  readonly multicastStatistics?: RouteMulticastStatistics | undefined;
  /**
   * Gateway of another family: `struct rtvia`, the family as u16 of the machine's byte order, and
   * its address. RTA_VIA
   */
  readonly via?: Uint8Array | undefined;
  /** Destination that packets get: MPLS labels. RTA_NEWDST */
  readonly newDestination?: Uint8Array | undefined;
  /** Preference of an IPv6 router (RFC 4191): 0 medium, 1 high, 3 low. RTA_PREF */
  readonly preference?: number | undefined;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. RTA_ENCAP_TYPE */
  readonly encapType?: number | undefined;
  /** Parameters of what packets are put into: attributes, by `encapType`. RTA_ENCAP */
  readonly encap?: Uint8Array | undefined;
  /** Of a multicast route: hundredths of a second until it goes away. RTA_EXPIRES */
  readonly multicastExpires?: bigint | undefined;
  /** Seconds until it goes away. RTA_EXPIRES */
  readonly expires?: number | undefined;
  /** User to find a route for. RTA_UID */
  readonly uid?: number | undefined;
  /** Whether the TTL of MPLS goes to the packet inside. RTA_TTL_PROPAGATE */
  readonly ttlPropagate?: boolean | undefined;
  /** IP protocol to find a route for. RTA_IP_PROTO */
  readonly ipProtocol?: number | undefined;
  /** Source port to find a route for. RTA_SPORT */
  readonly sourcePort?: number | undefined;
  /** Destination port to find a route for. RTA_DPORT */
  readonly destinationPort?: number | undefined;
  /** Id of a nexthop. RTA_NH_ID */
  readonly nexthopId?: number | undefined;
  /** Flow label of IPv6 to find a route for, 20 bits. RTA_FLOWLABEL */
  readonly flowLabel?: number | undefined;
  /**
   * Of a delete that is told: why the route was deleted, RT_DEL_REASON_*; 0 or none: not told.
   * RTA_DEL_REASON
   */
  readonly deleteReason?: number | undefined;
}

/** A route as the kernel tells it: RTM_NEWROUTE or RTM_DELROUTE. */
export interface RouteMessage extends RouteAttributes {
  /** `new`: RTM_NEWROUTE. `delete`: RTM_DELROUTE. */
  readonly event: 'new' | 'delete';
  /** AF_INET, AF_INET6 or another family that has routes. */
  readonly family: number;
  /**
   * Length of the prefix of the destination in bits; 0 without `destination`: the default route.
   */
  readonly destinationLength: number;
  /** Length of the prefix of the source in bits. */
  readonly sourceLength: number;
  /** Type of service. */
  readonly tos: number;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of RTA_TABLE, when it is there, else of the header.
   */
  readonly table: number;
  /** Who made the route: RTPROT_*. */
  readonly protocol: number;
  /** RT_SCOPE_*. */
  readonly scope: number;
  /** RTN_*. */
  readonly routeType: number;
  /** RTM_F_* and RTNH_F_*. */
  readonly flags: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/**
 * What to say in a route request. Only what is given is sent, in the order in which it is given.
 */
export interface RouteRequest extends RouteAttributes {
  /** AF_INET, AF_INET6 or another family that has routes. @default 0 */
  readonly family?: number | undefined;
  /**
   * Length of the prefix of the destination in bits; 0 without `destination`: the default route.
   * @default 0
   */
  readonly destinationLength?: number | undefined;
  /** Length of the prefix of the source in bits. @default 0 */
  readonly sourceLength?: number | undefined;
  /** Type of service. @default 0 */
  readonly tos?: number | undefined;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of RTA_TABLE, when it is there, else of the header.
   * @default 0
   */
  readonly table?: number | undefined;
  /** Who made the route: RTPROT_*. @default 0 */
  readonly protocol?: number | undefined;
  /** RT_SCOPE_*. @default 0 */
  readonly scope?: number | undefined;
  /** RTN_*. @default 0 */
  readonly routeType?: number | undefined;
  /** RTM_F_* and RTNH_F_*. @default 0 */
  readonly flags?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}
