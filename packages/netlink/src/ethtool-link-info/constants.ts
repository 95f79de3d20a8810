/**
 * Numbers of the attributes of ethtool link info messages: linux/ethtool_netlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

// Attributes: linux/ethtool_netlink.h

/** The interface. Nested. */
export const ETHTOOL_A_LINKINFO_HEADER = 1;
/** Connector: PORT_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKINFO_PORT = 2;
/** Address of the PHY. u8. */
export const ETHTOOL_A_LINKINFO_PHYADDR = 3;
/** Whether the pairs are crossed: ETH_TP_MDI_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKINFO_TP_MDIX = 4;
/** Whether they are to be crossed: ETH_TP_MDI_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKINFO_TP_MDIX_CTRL = 5;
/** Where the transceiver is: XCVR_* of linux/ethtool.h. u8. */
export const ETHTOOL_A_LINKINFO_TRANSCEIVER = 6;
