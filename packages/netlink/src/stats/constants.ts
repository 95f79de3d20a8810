/**
 * Numbers of the attributes of statistics messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/if_link.h

/** Counters. Struct. */
export const IFLA_STATS_LINK_64 = 1;
/** What its kind counts. Nested. */
export const IFLA_STATS_LINK_XSTATS = 2;
/** What the kind of its master counts of it. Nested. */
export const IFLA_STATS_LINK_XSTATS_SLAVE = 3;
/** What hardware did in place of the kernel. Nested. */
export const IFLA_STATS_LINK_OFFLOAD_XSTATS = 4;
/** What address families count. Nested. */
export const IFLA_STATS_AF_SPEC = 5;

// Inside: StatsBond3ad

/** LACP frames received. u64. */
export const BOND_3AD_STAT_LACPDU_RX = 0;
/** LACP frames sent. u64. */
export const BOND_3AD_STAT_LACPDU_TX = 1;
/** Unknown ones. u64. */
export const BOND_3AD_STAT_LACPDU_UNKNOWN_RX = 2;
/** Illegal ones. u64. */
export const BOND_3AD_STAT_LACPDU_ILLEGAL_RX = 3;
/** Markers received. u64. */
export const BOND_3AD_STAT_MARKER_RX = 4;
/** Markers sent. u64. */
export const BOND_3AD_STAT_MARKER_TX = 5;
/** Answers received. u64. */
export const BOND_3AD_STAT_MARKER_RESP_RX = 6;
/** Answers sent. u64. */
export const BOND_3AD_STAT_MARKER_RESP_TX = 7;
/** Unknown markers. u64. */
export const BOND_3AD_STAT_MARKER_UNKNOWN_RX = 8;
/** Not decoded here. */
export const BOND_3AD_STAT_PAD = 9;

// Inside: StatsBond

/** 802.3ad. Nested. */
export const BOND_XSTATS_3AD = 1;

// Inside: StatsBridge

/** By VLAN. Struct. */
export const BRIDGE_XSTATS_VLAN = 1;
/** IGMP and MLD, where it counts them. Struct. */
export const BRIDGE_XSTATS_MCAST = 2;
/** The spanning tree; of ports only. Struct. */
export const BRIDGE_XSTATS_STP = 4;
/** Not decoded here. */
export const BRIDGE_XSTATS_PAD = 3;

// Inside: StatsKinds

/** A bridge. Nested. */
export const LINK_XSTATS_TYPE_BRIDGE = 1;
/** A bond. Nested. */
export const LINK_XSTATS_TYPE_BOND = 2;

// Inside: StatsMpls

/** Of the interface. Struct. */
export const MPLS_STATS_LINK = 1;

// Inside: StatsOffload

/** Counters of what went through the processor all the same. Struct. */
export const IFLA_OFFLOAD_XSTATS_CPU_HIT = 1;
/** Which counters of hardware are in use. Nested. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO = 2;
/** Counters of hardware at layer 3. Struct. */
export const IFLA_OFFLOAD_XSTATS_L3_STATS = 3;

// Inside: StatsOffloadUse

/** Whether somebody asked for them. u8, 0 or 1. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST = 1;
/** Whether hardware provides them. u8, 0 or 1. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED = 2;
