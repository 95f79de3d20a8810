/**
 * Statistics of interfaces: linux/if_link.h.
 *
 * @module
 */

import { field, row, type Family } from '../table.ts';
import { linkStatistics } from './link-statistics.ts';

export const stats: Family = {
  file: 'stats',
  noun: 'Stats',
  words: { one: 'statistics', a: 'a statistics' },
  title: 'Statistics of interfaces: RTM_NEWSTATS and RTM_GETSTATS, linux/if_link.h.',
  source: 'linux/if_link.h',
  prefix: 'IFLA_STATS_',
  messages: {
    events: { RTM_NEWSTATS: 'new' },
    requests: ['RTM_GETSTATS'],
  },
  header: {
    kernel: 'if_stats_msg',
    fields: [
      field('family', 'u8', 'AF_UNSPEC.'),
      { pad: 3 },
      field('index', 'u32', 'Index of the interface; 0 in a dump request.'),
      field(
        'filterMask',
        'u32',
        'Which groups are asked for, or are told: bit `n - 1` for the attribute of number `n`. The ' +
          'attributes of a request (IFLA_STATS_GET_FILTERS) have numbers of their own: `raw`.',
      ),
    ],
  },
  attributes: [
    row(1, 'IFLA_STATS_LINK_64', 'stats64', { struct: 'LinkStatistics' }, 'Counters.', {
      lazy: true,
    }),
    row(
      2,
      'IFLA_STATS_LINK_XSTATS',
      'xstats',
      'bytes',
      'What its kind counts: attributes LINK_XSTATS_TYPE_*, each with attributes of the kind inside.',
    ),
    row(
      3,
      'IFLA_STATS_LINK_XSTATS_SLAVE',
      'slaveXstats',
      'bytes',
      'What the kind of its master counts of it: as `xstats`.',
    ),
    row(
      4,
      'IFLA_STATS_LINK_OFFLOAD_XSTATS',
      'offload',
      { nest: 'StatsOffload' },
      'What hardware did in place of the kernel.',
    ),
    row(
      5,
      'IFLA_STATS_AF_SPEC',
      'addressFamilies',
      'bytes',
      'What address families count: attributes by AF_*.',
    ),
  ],
  nests: {
    StatsOffload: {
      doc: 'What hardware did in place of the kernel.',
      prefix: 'IFLA_OFFLOAD_XSTATS_',
      attributes: [
        row(
          1,
          'IFLA_OFFLOAD_XSTATS_CPU_HIT',
          'cpuHit',
          { struct: 'LinkStatistics' },
          'Counters of what went through the processor all the same.',
        ),
        row(
          2,
          'IFLA_OFFLOAD_XSTATS_HW_S_INFO',
          'info',
          { nest: 'StatsOffloadInfo' },
          'Which counters of hardware are in use.',
          { nested: true },
        ),
        row(
          3,
          'IFLA_OFFLOAD_XSTATS_L3_STATS',
          'l3',
          'bytes',
          'Counters of hardware at layer 3: `struct rtnl_hw_stats64`.',
        ),
      ],
    },
    StatsOffloadInfo: {
      doc: 'Which counters of hardware are in use.',
      prefix: 'IFLA_OFFLOAD_XSTATS_',
      attributes: [
        row(
          3,
          'IFLA_OFFLOAD_XSTATS_L3_STATS',
          'l3',
          { nest: 'StatsOffloadUse' },
          'Counters at layer 3.',
          { nested: true },
        ),
      ],
    },
    StatsOffloadUse: {
      doc: 'Whether counters of hardware are in use.',
      prefix: 'IFLA_OFFLOAD_XSTATS_HW_S_INFO_',
      attributes: [
        row(
          1,
          'IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST',
          'requested',
          'bool',
          'Whether somebody asked for them.',
        ),
        row(
          2,
          'IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED',
          'used',
          'bool',
          'Whether hardware provides them.',
        ),
      ],
    },
  },
  structs: {
    LinkStatistics: { ...linkStatistics, borrowed: true },
  },
  examples: {
    decode: [
      "import { decodeStats, encodeStats, messages, RTM_NEWSTATS } from '@rtap/netlink';",
      '',
      'const offload = { info: { l3: { requested: true, used: false } } };',
      'const header = { flags: 0, sequence: 0 };',
      'for (const message of messages(encodeStats(RTM_NEWSTATS, { index: 7, offload }, header))) {',
      '  const stats = decodeStats(message);',
      '  console.log(stats.index, stats.offload?.info?.l3?.used); // 7 false',
      '}',
    ],
    encode: [
      "import { encodeStats, NLM_F_REQUEST, RTM_GETSTATS } from '@rtap/netlink';",
      '',
      '// Only the counters, which are the first group.',
      'const header = { flags: NLM_F_REQUEST, sequence: 1 };',
      'const request = encodeStats(RTM_GETSTATS, { index: 7, filterMask: 1 }, header);',
      'console.log(request.length); // 28',
    ],
  },
};
