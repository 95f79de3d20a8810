/**
 * Names of the attributes of traffic control messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

/**
 * Names of the attributes of traffic control messages: those of linux/rtnetlink.h without `TCA_`,
 * small, with dashes.
 */
export const trafficControlAttributeNames: AttributeNames = {
  1: 'kind',
  2: 'options',
  3: 'stats',
  4: 'xstats',
  5: 'rate',
  6: 'fcnt',
  7: 'stats2',
  8: 'stab',
  9: 'pad',
  10: 'dump-invisible',
  11: 'chain',
  12: 'hw-offload',
  13: 'ingress-block',
  14: 'egress-block',
  15: 'dump-flags',
  16: 'ext-warn-msg',
};
