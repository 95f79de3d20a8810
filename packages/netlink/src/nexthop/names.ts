/**
 * Names of the attributes of nexthop messages: linux/nexthop.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const nexthopResilientGroupNames: AttributeNames = {
  1: 'buckets',
  2: 'idle-timer',
  3: 'unbalanced-timer',
  4: 'unbalanced-time',
};

const nexthopBucketNames: AttributeNames = {
  1: 'index',
  2: 'idle-time',
  3: 'nh-id',
};

const nexthopGroupStatisticsNames: AttributeNames = {
  1: 'id',
  2: 'packets',
  3: 'packets-hw',
};

/**
 * Names of the attributes of nexthop messages: those of linux/nexthop.h without `NHA_`, small,
 * with dashes.
 */
export const nexthopAttributeNames: AttributeNames = {
  1: 'id',
  2: 'group',
  3: 'group-type',
  4: 'blackhole',
  5: 'oif',
  6: 'gateway',
  7: 'encap-type',
  8: 'encap',
  9: 'groups',
  10: 'master',
  11: 'fdb',
  12: ['res-group', nexthopResilientGroupNames],
  13: ['res-bucket', nexthopBucketNames],
  14: 'op-flags',
  15: ['group-stats', { 1: ['group-stats-entry', nexthopGroupStatisticsNames] }],
  16: 'hw-stats-enable',
  17: 'hw-stats-used',
};
