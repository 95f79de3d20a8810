/**
 * Numbers of the attributes of neighbour messages: linux/neighbour.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/neighbour.h

/**
 * Network address of the neighbour; of a forwarding database: of the tunnel end. 4 or 16 bytes.
 * Bytes.
 */
export const NDA_DST = 1;
/** Link-layer address of the neighbour. Bytes. */
export const NDA_LLADDR = 2;
/** When it was used last, and by how many. Struct. */
export const NDA_CACHEINFO = 3;
/** Probes sent and not answered. u32. */
export const NDA_PROBES = 4;
/** VLAN id. u16. */
export const NDA_VLAN = 5;
/** UDP port of the tunnel end. u16. */
export const NDA_PORT = 6;
/** VXLAN network identifier. u32. */
export const NDA_VNI = 7;
/**
 * Index of the interface to the tunnel end; in a dump request: of the interface to tell about.
 * u32.
 */
export const NDA_IFINDEX = 8;
/** Index of the master of the interface. u32. */
export const NDA_MASTER = 9;
/** Id of the network namespace of the tunnel. s32. */
export const NDA_LINK_NETNSID = 10;
/** VXLAN network identifier of the source. u32. */
export const NDA_SRC_VNI = 11;
/** Who made the entry: RTPROT_* of linux/rtnetlink.h. u8. */
export const NDA_PROTOCOL = 12;
/** Id of a nexthop. u32. */
export const NDA_NH_ID = 13;
/** More of an entry of a forwarding database. Nested. */
export const NDA_FDB_EXT_ATTRS = 14;
/** NTF_EXT_*. u32. */
export const NDA_FLAGS_EXT = 15;
/** Which bits of the state a request is about. u16. */
export const NDA_NDM_STATE_MASK = 16;
/** Which bits of the flags a request is about. u8. */
export const NDA_NDM_FLAGS_MASK = 17;

// Inside: NeighbourFdb

/** Whether activity is told: FDB_NOTIFY_BIT, FDB_NOTIFY_INACTIVE_BIT. u8. */
export const NFEA_ACTIVITY_NOTIFY = 1;
/** A change does not count as use. Without a value. */
export const NFEA_DONT_REFRESH = 2;
