/**
 * Numbers of the attributes of generic netlink family messages: linux/genetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/genetlink.h

/** Type of the messages of the family. u16. */
export const CTRL_ATTR_FAMILY_ID = 1;
/** Name, of at most 15 bytes. String. */
export const CTRL_ATTR_FAMILY_NAME = 2;
/** Version of the family. u32. */
export const CTRL_ATTR_VERSION = 3;
/** Bytes of the family's own fixed header. u32. */
export const CTRL_ATTR_HDRSIZE = 4;
/** Highest number of an attribute; 0 where each command has attributes of its own. u32. */
export const CTRL_ATTR_MAXATTR = 5;
/** The commands that it takes. Nested. */
export const CTRL_ATTR_OPS = 6;
/** The multicast groups that it tells its events to. Nested. */
export const CTRL_ATTR_MCAST_GROUPS = 7;
/** Command whose policy is asked for. u32. */
export const CTRL_ATTR_OP = 10;
/** Not decoded here. */
export const CTRL_ATTR_POLICY = 8;
/** Not decoded here. */
export const CTRL_ATTR_OP_POLICY = 9;

// Inside: GenericOperation

/** Number of the command. u32. */
export const CTRL_ATTR_OP_ID = 1;
/** What it can, and who may: GENL_ADMIN_PERM, GENL_CMD_CAP_*, GENL_UNS_ADMIN_PERM. u32. */
export const CTRL_ATTR_OP_FLAGS = 2;

// Inside: GenericGroup

/** Name. String. */
export const CTRL_ATTR_MCAST_GRP_NAME = 1;
/** Number by which a socket joins it. u32. */
export const CTRL_ATTR_MCAST_GRP_ID = 2;
