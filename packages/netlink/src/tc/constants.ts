/**
 * Numbers of the attributes of traffic control messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/rtnetlink.h

/** Kind: `fq_codel`, `htb`, `u32`. String. */
export const TCA_KIND = 1;
/** What its kind has: mostly attributes. Bytes. */
export const TCA_OPTIONS = 2;
/** Counters. Struct. */
export const TCA_STATS = 3;
/** Counters of its kind: a struct. Bytes. */
export const TCA_XSTATS = 4;
/** In a request: how rates are estimated. Struct. */
export const TCA_RATE = 5;
/** Counters: attributes TCA_STATS_*. Bytes. */
export const TCA_STATS2 = 7;
/** Table of sizes: attributes TCA_STAB_*. Bytes. */
export const TCA_STAB = 8;
/** In a dump request: also hidden ones. Without a value. */
export const TCA_DUMP_INVISIBLE = 10;
/** The chain, or that which a filter is in. u32. */
export const TCA_CHAIN = 11;
/** Whether hardware does it. u8, 0 or 1. */
export const TCA_HW_OFFLOAD = 12;
/** Block of filters for what comes in. u32. */
export const TCA_INGRESS_BLOCK = 13;
/** Block of filters for what goes out. u32. */
export const TCA_EGRESS_BLOCK = 14;
/** In a dump request: how much is told; 1 for only the basics (TCA_DUMP_FLAGS_TERSE). Struct. */
export const TCA_DUMP_FLAGS = 15;
/** What the kernel warns of. String. */
export const TCA_EXT_WARN_MSG = 16;
/** Not decoded here. */
export const TCA_FCNT = 6;
/** Not decoded here. */
export const TCA_PAD = 9;
