/**
 * Names of the attributes of traffic control action messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

/**
 * Names of the attributes of traffic control action messages: those of linux/rtnetlink.h without
 * `TCA_ROOT_`, small, with dashes.
 */
export const trafficControlActionAttributeNames: AttributeNames = {
  1: 'tab',
  2: 'flags',
  3: 'count',
  4: 'time-delta',
  5: 'ext-warn-msg',
};
