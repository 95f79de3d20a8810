/**
 * Names of the attributes of route messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { AttributeNames } from '../names.ts';

const routeMetricsNames: AttributeNames = {
  1: 'lock',
  2: 'mtu',
  3: 'window',
  4: 'rtt',
  5: 'rttvar',
  6: 'ssthresh',
  7: 'cwnd',
  8: 'advmss',
  9: 'reordering',
  10: 'hoplimit',
  11: 'initcwnd',
  12: 'features',
  13: 'rto-min',
  14: 'initrwnd',
  15: 'quickack',
  16: 'cc-algo',
  17: 'fastopen-no-cookie',
};

/**
 * Names of the attributes of route messages: those of linux/rtnetlink.h without `RTA_`, small,
 * with dashes.
 */
export const routeAttributeNames: AttributeNames = {
  1: 'dst',
  2: 'src',
  3: 'iif',
  4: 'oif',
  5: 'gateway',
  6: 'priority',
  7: 'prefsrc',
  8: ['metrics', routeMetricsNames],
  9: 'multipath',
  10: 'protoinfo',
  11: 'flow',
  12: 'cacheinfo',
  13: 'session',
  14: 'mp-algo',
  15: 'table',
  16: 'mark',
  17: 'mfc-stats',
  18: 'via',
  19: 'newdst',
  20: 'pref',
  21: 'encap-type',
  22: 'encap',
  23: 'expires',
  24: 'pad',
  25: 'uid',
  26: 'ttl-propagate',
  27: 'ip-proto',
  28: 'sport',
  29: 'dport',
  30: 'nh-id',
  31: 'flowlabel',
  32: 'del-reason',
};
