/**
 * What is asked of statistics of interfaces: linux/if_link.h. Its attributes have numbers that mean
 * something else in the answers, so it is a family of its own.
 *
 * @module
 */

import { row, type Family } from '../table.ts';
import { stats } from './stats.ts';

export const statsQuery: Family = {
  file: 'stats-query',
  noun: 'StatsQuery',
  words: { one: 'statistics query', a: 'a statistics query', told: 'as it is asked' },
  title:
    'What is asked of statistics of interfaces: RTM_GETSTATS and RTM_SETSTATS, linux/if_link.h.',
  source: 'linux/if_link.h',
  prefix: 'IFLA_STATS_',
  messages: {
    events: { RTM_GETSTATS: 'get', RTM_SETSTATS: 'set' },
    requests: [],
  },
  header: stats.header,
  attributes: [
    row(
      1,
      'IFLA_STATS_GET_FILTERS',
      'filters',
      { nest: 'StatsFilters' },
      'Of RTM_GETSTATS: what to tell of groups that can be told in part. Since Linux 5.19.',
      { nested: true },
    ),
    row(
      2,
      'IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS',
      'layer3Offload',
      'bool',
      'Of RTM_SETSTATS: whether hardware is to count at layer 3. Since Linux 5.18.',
    ),
  ],
  nests: {
    StatsFilters: {
      doc: 'What to tell of each group: bit `n - 1` for the attribute of number `n` inside.',
      prefix: 'IFLA_STATS_',
      numbers: false,
      attributes: [
        row(1, 'IFLA_STATS_LINK_64', 'stats64', 'u32', 'Mask of `stats64`: it has no parts.'),
        row(2, 'IFLA_STATS_LINK_XSTATS', 'xstats', 'u32', 'Mask of `xstats`.'),
        row(3, 'IFLA_STATS_LINK_XSTATS_SLAVE', 'slaveXstats', 'u32', 'Mask of `slaveXstats`.'),
        row(
          4,
          'IFLA_STATS_LINK_OFFLOAD_XSTATS',
          'offload',
          'u32',
          'Mask of `offload`: 1 for `cpuHit`, 2 for `info`, 4 for `l3`. The kernel takes no other mask.',
        ),
        row(5, 'IFLA_STATS_AF_SPEC', 'addressFamilies', 'u32', 'Mask of `addressFamilies`.'),
      ],
    },
  },
  examples: {
    decode: [
      "import { decodeStatsQuery, encodeStatsQuery, messages, RTM_SETSTATS } from '@rtap/netlink';",
      '',
      'const said = { index: 7, layer3Offload: true };',
      'for (const message of messages(encodeStatsQuery(RTM_SETSTATS, said, { flags: 0, sequence: 0 }))) {',
      '  const { event, index, layer3Offload } = decodeStatsQuery(message);',
      '  console.log(event, index, layer3Offload); // set 7 true',
      '}',
    ],
    encode: [
      "import { encodeStatsQuery, NLM_F_REQUEST, RTM_GETSTATS } from '@rtap/netlink';",
      '',
      '// Of what hardware does (the fourth group) only which counters of it are in use.',
      'const query = { index: 7, filterMask: 1 << 3, filters: { offload: 2 } };',
      'const request = encodeStatsQuery(RTM_GETSTATS, query, { flags: NLM_F_REQUEST, sequence: 1 });',
      'console.log(request.length); // 40',
    ],
  },
};
