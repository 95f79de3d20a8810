/**
 * Names of the attributes of network namespace id messages: linux/net_namespace.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

/**
 * Names of the attributes of network namespace id messages: those of linux/net_namespace.h
 * without `NETNSA_`, small, with dashes.
 */
export const netnsIdAttributeNames: AttributeNames = {
  1: 'nsid',
  2: 'pid',
  3: 'fd',
  4: 'target-nsid',
  5: 'current-nsid',
};
