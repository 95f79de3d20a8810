/**
 * Numbers of the attributes of ethtool link state messages: linux/ethtool_netlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/ethtool_netlink.h

/** The interface. Nested. */
export const ETHTOOL_A_LINKSTATE_HEADER = 1;
/** Whether there is a link. u8, 0 or 1. */
export const ETHTOOL_A_LINKSTATE_LINK = 2;
/** Signal quality index. u32. */
export const ETHTOOL_A_LINKSTATE_SQI = 3;
/** Highest signal quality. u32. */
export const ETHTOOL_A_LINKSTATE_SQI_MAX = 4;
/** Why there is no link: ETHTOOL_LINK_EXT_STATE_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKSTATE_EXT_STATE = 5;
/** More of the reason: ETHTOOL_LINK_EXT_SUBSTATE_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKSTATE_EXT_SUBSTATE = 6;
/** How often the link went down, as the device counts it. u32. */
export const ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT = 7;

// Inside: EthtoolHeader

/** Index of the interface. u32. */
export const ETHTOOL_A_HEADER_DEV_INDEX = 1;
/** Name of the interface. String. */
export const ETHTOOL_A_HEADER_DEV_NAME = 2;
/** Of requests: ETHTOOL_FLAG_*. u32. */
export const ETHTOOL_A_HEADER_FLAGS = 3;
/** Index of one of its PHYs, for messages that are about a PHY. u32. */
export const ETHTOOL_A_HEADER_PHY_INDEX = 4;
