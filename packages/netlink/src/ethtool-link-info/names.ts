/**
 * Names of the attributes of ethtool link info messages: linux/ethtool_netlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const ethtoolHeaderNames: AttributeNames = {
  1: 'dev-index',
  2: 'dev-name',
  3: 'flags',
  4: 'phy-index',
};

/**
 * Names of the attributes of ethtool link info messages: those of linux/ethtool_netlink.h without
 * `ETHTOOL_A_LINKINFO_`, small, with dashes.
 */
export const ethtoolLinkInfoAttributeNames: AttributeNames = {
  1: ['header', ethtoolHeaderNames],
  2: 'port',
  3: 'phyaddr',
  4: 'tp-mdix',
  5: 'tp-mdix-ctrl',
  6: 'transceiver',
};
