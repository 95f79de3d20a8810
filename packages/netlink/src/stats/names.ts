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
  2: 'link-xstats',
  3: 'link-xstats-slave',
  4: ['link-offload-xstats', statsOffloadNames],
  5: 'af-spec',
};
