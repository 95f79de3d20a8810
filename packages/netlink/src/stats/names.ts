/**
 * Names of the attributes of statistics messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const statsBond3adNames: AttributeNames = {
  0: 'lacpdu-rx',
  1: 'lacpdu-tx',
  2: 'lacpdu-unknown-rx',
  3: 'lacpdu-illegal-rx',
  4: 'marker-rx',
  5: 'marker-tx',
  6: 'marker-resp-rx',
  7: 'marker-resp-tx',
  8: 'marker-unknown-rx',
  9: 'pad',
};

const statsBondNames: AttributeNames = {
  1: ['3ad', statsBond3adNames],
};

const statsBridgeNames: AttributeNames = {
  1: 'vlan',
  2: 'mcast',
  3: 'pad',
  4: 'stp',
};

const statsKindsNames: AttributeNames = {
  1: ['bridge', statsBridgeNames],
  2: ['bond', statsBondNames],
};

const statsMplsNames: AttributeNames = {
  1: 'link',
};

const statsAddressFamiliesNames: AttributeNames = {
  28: ['mpls', statsMplsNames],
};

const statsOffloadUseNames: AttributeNames = {
  1: 'request',
  2: 'used',
};

const statsOffloadInfoNames: AttributeNames = {
  3: ['l3-stats', statsOffloadUseNames],
};

const statsOffloadNames: AttributeNames = {
  1: 'cpu-hit',
  2: ['hw-s-info', statsOffloadInfoNames],
  3: 'l3-stats',
};

/**
 * Names of the attributes of statistics messages: those of linux/if_link.h without `IFLA_STATS_`,
 * small, with dashes.
 */
export const statsAttributeNames: AttributeNames = {
  1: 'link-64',
  2: ['link-xstats', statsKindsNames],
  3: ['link-xstats-slave', statsKindsNames],
  4: ['link-offload-xstats', statsOffloadNames],
  5: ['af-spec', statsAddressFamiliesNames],
};
