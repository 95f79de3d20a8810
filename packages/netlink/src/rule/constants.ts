/**
 * Numbers of the attributes of rule messages: linux/fib_rules.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/fib_rules.h

/** Destination. 4 or 16 bytes. Bytes. */
export const FRA_DST = 1;
/** Source. 4 or 16 bytes. Bytes. */
export const FRA_SRC = 2;
/** Name of the interface that packets come from. String. */
export const FRA_IIFNAME = 3;
/** Priority of the rule to go on with. u32. */
export const FRA_GOTO = 4;
/** Priority. u32. */
export const FRA_PRIORITY = 6;
/** Mark of the packet. u32. */
export const FRA_FWMARK = 10;
/** Realms: of the source in the upper 16 bits, of the destination in the lower. u32. */
export const FRA_FLOW = 11;
/** Id of the tunnel that packets come from. u64. */
export const FRA_TUN_ID = 12;
/** Routes by way of interfaces of this group do not count; 0xffffffff: of none. u32. */
export const FRA_SUPPRESS_IFGROUP = 13;
/** Routes whose prefix is as long or shorter do not count; 0xffffffff: all count. u32. */
export const FRA_SUPPRESS_PREFIXLEN = 14;
/** Table. u32. */
export const FRA_TABLE = 15;
/** Which bits of the mark count. u32. */
export const FRA_FWMASK = 16;
/** Name of the interface that a socket is bound to. String. */
export const FRA_OIFNAME = 17;
/** Whether the table is that of the VRF of the interface. u8, 0 or 1. */
export const FRA_L3MDEV = 19;
/** Users. Struct. */
export const FRA_UID_RANGE = 20;
/** Who made the rule: RTPROT_*. u8. */
export const FRA_PROTOCOL = 21;
/** IP protocol. u8. */
export const FRA_IP_PROTO = 22;
/** Source ports. Struct. */
export const FRA_SPORT_RANGE = 23;
/** Destination ports. Struct. */
export const FRA_DPORT_RANGE = 24;
/** DSCP, 6 bits. u8. */
export const FRA_DSCP = 25;
/** Flow label of IPv6, 20 bits. u32. */
export const FRA_FLOWLABEL = 26;
/** Which bits of the flow label count. u32. */
export const FRA_FLOWLABEL_MASK = 27;
/** Which bits of the source port count. u16. */
export const FRA_SPORT_MASK = 28;
/** Which bits of the destination port count. u16. */
export const FRA_DPORT_MASK = 29;
/** Which bits of the DSCP count. u8. */
export const FRA_DSCP_MASK = 30;
/** Not decoded here. */
export const FRA_UNUSED2 = 5;
/** Not decoded here. */
export const FRA_UNUSED3 = 7;
/** Not decoded here. */
export const FRA_UNUSED4 = 8;
/** Not decoded here. */
export const FRA_UNUSED5 = 9;
/** Not decoded here. */
export const FRA_PAD = 18;
