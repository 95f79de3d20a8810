/**
 * Numbers of the attributes of nexthop messages: linux/nexthop.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/nexthop.h

/** Id; 0: the kernel chooses. u32. */
export const NHA_ID = 1;
/** The nexthops of a group. Array. */
export const NHA_GROUP = 2;
/** How a group spreads packets: NEXTHOP_GRP_TYPE_*. u16. */
export const NHA_GROUP_TYPE = 3;
/** Packets are dropped. Without a value. */
export const NHA_BLACKHOLE = 4;
/** Index of the interface that packets go to. u32. */
export const NHA_OIF = 5;
/** Address of the gateway. 4 or 16 bytes. Bytes. */
export const NHA_GATEWAY = 6;
/** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. u16. */
export const NHA_ENCAP_TYPE = 7;
/** Parameters of what packets are put into: attributes, by `encapType`. Bytes. */
export const NHA_ENCAP = 8;
/** In a dump request: groups only. Without a value. */
export const NHA_GROUPS = 9;
/** In a dump request: only those whose interface has the master of this index. u32. */
export const NHA_MASTER = 10;
/** For the forwarding database of a bridge. Without a value. */
export const NHA_FDB = 11;
/** Of a resilient group. Nested. */
export const NHA_RES_GROUP = 12;
/** A bucket of a resilient group; in a dump request: which buckets. Nested. */
export const NHA_RES_BUCKET = 13;
/** In a request: what to tell in addition, NHA_OP_FLAG_*; in an answer: what is told. u32. */
export const NHA_OP_FLAGS = 14;
/** What is counted of the nexthops of a group. Nested. */
export const NHA_GROUP_STATS = 15;
/** What is counted of the nexthops of a group. One of the list. */
export const NHA_GROUP_STATS_ENTRY = 1;
/** Whether hardware is to count: not 0. u32. */
export const NHA_HW_STATS_ENABLE = 16;
/** Whether hardware counts: not 0. u32. */
export const NHA_HW_STATS_USED = 17;

// Inside: NexthopResilientGroup

/** Number of buckets. u16. */
export const NHA_RES_GROUP_BUCKETS = 1;
/** How long a bucket is without use to be idle. u32. */
export const NHA_RES_GROUP_IDLE_TIMER = 2;
/** How long the group may be out of balance. u32. */
export const NHA_RES_GROUP_UNBALANCED_TIMER = 3;
/** How long the group is out of balance. u64. */
export const NHA_RES_GROUP_UNBALANCED_TIME = 4;

// Inside: NexthopBucket

/** Number of the bucket. u16. */
export const NHA_RES_BUCKET_INDEX = 1;
/** How long it is without use, in hundredths of a second. u64. */
export const NHA_RES_BUCKET_IDLE_TIME = 2;
/** Id of its nexthop. u32. */
export const NHA_RES_BUCKET_NH_ID = 3;

// Inside: NexthopGroupStatistics

/** Id of the nexthop. u32. */
export const NHA_GROUP_STATS_ENTRY_ID = 1;
/** Packets, those of hardware among them. uint. */
export const NHA_GROUP_STATS_ENTRY_PACKETS = 2;
/** Packets that hardware forwarded. uint. */
export const NHA_GROUP_STATS_ENTRY_PACKETS_HW = 3;
