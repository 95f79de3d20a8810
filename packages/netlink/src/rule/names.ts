/**
 * Names of the attributes of rule messages: linux/fib_rules.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

/**
 * Names of the attributes of rule messages: those of linux/fib_rules.h without `FRA_`, small,
 * with dashes.
 */
export const ruleAttributeNames: AttributeNames = {
  1: 'dst',
  2: 'src',
  3: 'iifname',
  4: 'goto',
  5: 'unused2',
  6: 'priority',
  7: 'unused3',
  8: 'unused4',
  9: 'unused5',
  10: 'fwmark',
  11: 'flow',
  12: 'tun-id',
  13: 'suppress-ifgroup',
  14: 'suppress-prefixlen',
  15: 'table',
  16: 'fwmask',
  17: 'oifname',
  18: 'pad',
  19: 'l3mdev',
  20: 'uid-range',
  21: 'protocol',
  22: 'ip-proto',
  23: 'sport-range',
  24: 'dport-range',
  25: 'dscp',
  26: 'flowlabel',
  27: 'flowlabel-mask',
  28: 'sport-mask',
  29: 'dport-mask',
  30: 'dscp-mask',
};
