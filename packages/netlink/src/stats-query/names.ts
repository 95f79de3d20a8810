/**
 * Names of the attributes of statistics query messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const statsFiltersNames: AttributeNames = {
  1: 'link-64',
  2: 'link-xstats',
  3: 'link-xstats-slave',
  4: 'link-offload-xstats',
  5: 'af-spec',
};

/**
 * Names of the attributes of statistics query messages: those of linux/if_link.h without
 * `IFLA_STATS_`, small, with dashes.
 */
export const statsQueryAttributeNames: AttributeNames = {
  1: ['get-filters', statsFiltersNames],
  2: 'set-offload-xstats-l3-stats',
};
