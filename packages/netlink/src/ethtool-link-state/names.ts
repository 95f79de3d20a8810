/**
 * Names of the attributes of ethtool link state messages: linux/ethtool_netlink.h.
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
 * Names of the attributes of ethtool link state messages: those of linux/ethtool_netlink.h
 * without `ETHTOOL_A_LINKSTATE_`, small, with dashes.
 */
export const ethtoolLinkStateAttributeNames: AttributeNames = {
  1: ['header', ethtoolHeaderNames],
  2: 'link',
  3: 'sqi',
  4: 'sqi-max',
  5: 'ext-state',
  6: 'ext-substate',
  7: 'ext-down-cnt',
};
