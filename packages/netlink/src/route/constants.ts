/**
 * Numbers of the attributes of route messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/rtnetlink.h

/** Destination. 4 or 16 bytes. Bytes. */
export const RTA_DST = 1;
/** Source. 4 or 16 bytes. Bytes. */
export const RTA_SRC = 2;
/** Index of the interface that packets come from. u32. */
export const RTA_IIF = 3;
/** Index of the interface that packets go to. u32. */
export const RTA_OIF = 4;
/** Address of the gateway, of the family of the route. 4 or 16 bytes. Bytes. */
export const RTA_GATEWAY = 5;
/** Metric. u32. */
export const RTA_PRIORITY = 6;
/** Source address that packets get. 4 or 16 bytes. Bytes. */
export const RTA_PREFSRC = 7;
/** What is known of the path. Nested. */
export const RTA_METRICS = 8;
/** The ways that packets are spread over. Nested. */
export const RTA_MULTIPATH = 9;
/** Realms: of the source in the upper 16 bits, of the destination in the lower. u32. */
export const RTA_FLOW = 11;
/** How the route is used. Struct. */
export const RTA_CACHEINFO = 12;
/** Table. u32. */
export const RTA_TABLE = 15;
/** Mark of the packet to find a route for. u32. */
export const RTA_MARK = 16;
/** Counters of a multicast route. Struct. */
export const RTA_MFC_STATS = 17;
/**
 * Gateway of another family: `struct rtvia`, the family as u16 of the machine's byte order, and
 * its address. Bytes.
 */
export const RTA_VIA = 18;
/** Destination that packets get: MPLS labels. Bytes. */
export const RTA_NEWDST = 19;
/** Preference of an IPv6 router (RFC 4191): 0 medium, 1 high, 3 low. u8. */
export const RTA_PREF = 20;
/** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. u16. */
export const RTA_ENCAP_TYPE = 21;
/** Parameters of what packets are put into: attributes, by `encapType`. Bytes. */
export const RTA_ENCAP = 22;
/** Of a multicast route: hundredths of a second until it goes away. u64. */
export const RTA_EXPIRES = 23;
/** User to find a route for. u32. */
export const RTA_UID = 25;
/** Whether the TTL of MPLS goes to the packet inside. u8, 0 or 1. */
export const RTA_TTL_PROPAGATE = 26;
/** IP protocol to find a route for. u8. */
export const RTA_IP_PROTO = 27;
/** Source port to find a route for. u16. */
export const RTA_SPORT = 28;
/** Destination port to find a route for. u16. */
export const RTA_DPORT = 29;
/** Id of a nexthop. u32. */
export const RTA_NH_ID = 30;
/** Flow label of IPv6 to find a route for, 20 bits. u32. */
export const RTA_FLOWLABEL = 31;
/**
 * Of a delete that is told: why the route was deleted, RT_DEL_REASON_*; 0 or none: not told. u32.
 */
export const RTA_DEL_REASON = 32;
/** Not decoded here. */
export const RTA_PROTOINFO = 10;
/** Not decoded here. */
export const RTA_SESSION = 13;
/** Not decoded here. */
export const RTA_MP_ALGO = 14;
/** Not decoded here. */
export const RTA_PAD = 24;

// Inside: RouteMetrics

/** Bits, by the numbers of the metrics: which the kernel must not change. u32. */
export const RTAX_LOCK = 1;
/** Maximum transmission unit. u32. */
export const RTAX_MTU = 2;
/** Greatest window of TCP that is told, in bytes. u32. */
export const RTAX_WINDOW = 3;
/** Round-trip time in eighths of a millisecond. u32. */
export const RTAX_RTT = 4;
/** Variance of the round-trip time in quarters of a millisecond. u32. */
export const RTAX_RTTVAR = 5;
/** Threshold of slow start in segments. u32. */
export const RTAX_SSTHRESH = 6;
/** Greatest congestion window in segments. u32. */
export const RTAX_CWND = 7;
/** Maximum segment size that is told. u32. */
export const RTAX_ADVMSS = 8;
/** How far packets may be out of order. u32. */
export const RTAX_REORDERING = 9;
/** Hop limit. u32. */
export const RTAX_HOPLIMIT = 10;
/** Congestion window at the start in segments. u32. */
export const RTAX_INITCWND = 11;
/** RTAX_FEATURE_*. u32. */
export const RTAX_FEATURES = 12;
/** Least time until TCP sends again, in milliseconds. u32. */
export const RTAX_RTO_MIN = 13;
/** Receive window at the start in segments. u32. */
export const RTAX_INITRWND = 14;
/** Not 0: TCP acknowledges at once. u32. */
export const RTAX_QUICKACK = 15;
/** Algorithm of congestion control. String. */
export const RTAX_CC_ALGO = 16;
/** Not 0: TCP Fast Open needs no cookie. u32. */
export const RTAX_FASTOPEN_NO_COOKIE = 17;
