/**
 * Names of the attributes of neighbour messages: linux/neighbour.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const neighbourFdbNames: AttributeNames = {
  1: 'activity-notify',
  2: 'dont-refresh',
};

/**
 * Names of the attributes of neighbour messages: those of linux/neighbour.h without `NDA_`,
 * small, with dashes.
 */
export const neighbourAttributeNames: AttributeNames = {
  1: 'dst',
  2: 'lladdr',
  3: 'cacheinfo',
  4: 'probes',
  5: 'vlan',
  6: 'port',
  7: 'vni',
  8: 'ifindex',
  9: 'master',
  10: 'link-netnsid',
  11: 'src-vni',
  12: 'protocol',
  13: 'nh-id',
  14: ['fdb-ext-attrs', neighbourFdbNames],
  15: 'flags-ext',
  16: 'ndm-state-mask',
  17: 'ndm-flags-mask',
};
