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
/**
 * What its kind counts: attributes LINK_XSTATS_TYPE_*, each with attributes of the kind inside.
 * Bytes.
 */
export const IFLA_STATS_LINK_XSTATS = 2;
/** What the kind of its master counts of it: as `xstats`. Bytes. */
export const IFLA_STATS_LINK_XSTATS_SLAVE = 3;
/** What hardware did in place of the kernel. Nested. */
export const IFLA_STATS_LINK_OFFLOAD_XSTATS = 4;
/** What address families count: attributes by AF_*. Bytes. */
export const IFLA_STATS_AF_SPEC = 5;

// Inside: StatsOffload

/** Counters of what went through the processor all the same. Struct. */
export const IFLA_OFFLOAD_XSTATS_CPU_HIT = 1;
/** Which counters of hardware are in use. Nested. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO = 2;
/** Counters of hardware at layer 3: `struct rtnl_hw_stats64`. Bytes. */
export const IFLA_OFFLOAD_XSTATS_L3_STATS = 3;

// Inside: StatsOffloadUse

/** Whether somebody asked for them. u8, 0 or 1. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST = 1;
/** Whether hardware provides them. u8, 0 or 1. */
export const IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED = 2;
