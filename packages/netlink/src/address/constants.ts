/**
 * Numbers of the attributes of address messages: linux/if_addr.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/if_addr.h

/** Address; of a point-to-point link: that of the peer. 4 or 16 bytes. Bytes. */
export const IFA_ADDRESS = 1;
/** Local address; IPv6 leaves it out unless there is a peer. 4 or 16 bytes. Bytes. */
export const IFA_LOCAL = 2;
/** Label; IPv4 only. String. */
export const IFA_LABEL = 3;
/** Broadcast address; IPv4 only. Bytes. */
export const IFA_BROADCAST = 4;
/** Anycast address; IPv6 only. Bytes. */
export const IFA_ANYCAST = 5;
/** Multicast address. Bytes. */
export const IFA_MULTICAST = 7;
/** Lifetimes. Struct. */
export const IFA_CACHEINFO = 6;
/** IFA_F_*. u32. */
export const IFA_FLAGS = 8;
/** Metric of the prefix route. u32. */
export const IFA_RT_PRIORITY = 9;
/** Id of the namespace that the request is about. s32. */
export const IFA_TARGET_NETNSID = 10;
/** Who set the address: IFAPROT_* of linux/if_addr.h, or one's own. u8. */
export const IFA_PROTO = 11;
/** How many use a multicast address. u32. */
export const IFA_MC_USERS = 12;
