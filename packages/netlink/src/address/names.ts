/**
 * Names of the attributes of address messages: linux/if_addr.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

/**
 * Names of the attributes of address messages: those of linux/if_addr.h without `IFA_`, small,
 * with dashes.
 */
export const addressAttributeNames: AttributeNames = {
  1: 'address',
  2: 'local',
  3: 'label',
  4: 'broadcast',
  5: 'anycast',
  6: 'cacheinfo',
  7: 'multicast',
  8: 'flags',
  9: 'rt-priority',
  10: 'target-netnsid',
  11: 'proto',
  12: 'mc-users',
};
