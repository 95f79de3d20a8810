/**
 * Numbers of the attributes of statistics query messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/if_link.h

/** Of RTM_GETSTATS: what to tell of groups that can be told in part. Nested. */
export const IFLA_STATS_GET_FILTERS = 1;
/** Of RTM_SETSTATS: whether hardware is to count at layer 3. u8, 0 or 1. */
export const IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS = 2;
