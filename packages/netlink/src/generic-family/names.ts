/**
 * Names of the attributes of generic netlink family messages: linux/genetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { type AttributeNames, EVERY } from '../names.ts';

const genericOperationNames: AttributeNames = {
  1: 'id',
  2: 'flags',
};

const genericGroupNames: AttributeNames = {
  1: 'name',
  2: 'id',
};

/**
 * Names of the attributes of generic netlink family messages: those of linux/genetlink.h without
 * `CTRL_ATTR_`, small, with dashes.
 */
export const genericFamilyAttributeNames: AttributeNames = {
  1: 'family-id',
  2: 'family-name',
  3: 'version',
  4: 'hdrsize',
  5: 'maxattr',
  6: ['ops', { [EVERY]: ['', genericOperationNames] }],
  7: ['mcast-groups', { [EVERY]: ['', genericGroupNames] }],
  8: 'policy',
  9: 'op-policy',
  10: 'op',
};
