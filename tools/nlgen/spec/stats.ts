/**
 * Statistics of interfaces: linux/if_link.h.
 *
 * @module
 */

import { field, row, type Family, type Field } from '../table.ts';
import { linkStatistics } from './link-statistics.ts';

/** Counters with the names and docs that those of a link have. */
function traffic(names: readonly string[]): Field[] {
  return names.map((name) => {
    const counter = linkStatistics.fields.find((one) => !('pad' in one) && one.name === name);
    if (counter === undefined || 'pad' in counter) throw new Error(`a link has no ${name}`);
    return counter;
  });
}

/** Counters of what was received, each followed by that of what was sent. */
function bothWays(names: readonly (readonly [name: string, doc: string])[]): Field[] {
  return names.flatMap(([name, doc]) => [
    field(`${name}Rx`, 'u64', `${doc}, received.`),
    field(`${name}Tx`, 'u64', `${doc}, sent.`),
  ]);
}

export const stats: Family = {
  file: 'stats',
  noun: 'Stats',
  words: { one: 'statistics', a: 'a statistics' },
  title: 'Statistics of interfaces: RTM_NEWSTATS, linux/if_link.h.',
  source: 'linux/if_link.h',
  prefix: 'IFLA_STATS_',
  messages: {
    events: { RTM_NEWSTATS: 'new' },
    requests: [],
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
        'Which groups are asked for, or are told: bit `n - 1` for the attribute of number `n`.',
      ),
    ],
  },
  attributes: [
    row(1, 'IFLA_STATS_LINK_64', 'stats64', { struct: 'LinkStatistics' }, 'Counters.', {
      lazy: true,
    }),
    row(2, 'IFLA_STATS_LINK_XSTATS', 'xstats', { nest: 'StatsKinds' }, 'What its kind counts.'),
    row(
      3,
      'IFLA_STATS_LINK_XSTATS_SLAVE',
      'slaveXstats',
      { nest: 'StatsKinds' },
      'What the kind of its master counts of it.',
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
      { nest: 'StatsAddressFamilies' },
      'What address families count.',
    ),
  ],
  nests: {
    StatsBond3ad: {
      doc: 'What a bond counts of 802.3ad.',
      prefix: 'BOND_3AD_STAT_',
      file: 'stats/bond',
      others: { 9: 'BOND_3AD_STAT_PAD' },
      attributes: [
        row(0, 'BOND_3AD_STAT_LACPDU_RX', 'lacpduRx', 'u64', 'LACP frames received.'),
        row(1, 'BOND_3AD_STAT_LACPDU_TX', 'lacpduTx', 'u64', 'LACP frames sent.'),
        row(2, 'BOND_3AD_STAT_LACPDU_UNKNOWN_RX', 'lacpduUnknownRx', 'u64', 'Unknown ones.'),
        row(3, 'BOND_3AD_STAT_LACPDU_ILLEGAL_RX', 'lacpduIllegalRx', 'u64', 'Illegal ones.'),
        row(4, 'BOND_3AD_STAT_MARKER_RX', 'markerRx', 'u64', 'Markers received.'),
        row(5, 'BOND_3AD_STAT_MARKER_TX', 'markerTx', 'u64', 'Markers sent.'),
        row(6, 'BOND_3AD_STAT_MARKER_RESP_RX', 'markerResponseRx', 'u64', 'Answers received.'),
        row(7, 'BOND_3AD_STAT_MARKER_RESP_TX', 'markerResponseTx', 'u64', 'Answers sent.'),
        row(8, 'BOND_3AD_STAT_MARKER_UNKNOWN_RX', 'markerUnknownRx', 'u64', 'Unknown markers.'),
      ],
    },
    StatsBond: {
      doc: 'What a bond counts.',
      prefix: 'BOND_XSTATS_',
      file: 'stats/bond',
      attributes: [row(1, 'BOND_XSTATS_3AD', 'lacp', { nest: 'StatsBond3ad' }, '802.3ad.')],
    },
    StatsBridge: {
      doc: 'What a bridge counts, of itself or of a port.',
      prefix: 'BRIDGE_XSTATS_',
      file: 'stats/bridge',
      others: { 3: 'BRIDGE_XSTATS_PAD' },
      attributes: [
        row(1, 'BRIDGE_XSTATS_VLAN', 'vlans', { struct: 'StatsBridgeVlan' }, 'By VLAN.', {
          multiple: true,
        }),
        row(
          2,
          'BRIDGE_XSTATS_MCAST',
          'multicast',
          { struct: 'StatsBridgeMulticast' },
          'IGMP and MLD, where it counts them.',
        ),
        row(
          4,
          'BRIDGE_XSTATS_STP',
          'spanningTree',
          { struct: 'StatsBridgeSpanningTree' },
          'The spanning tree; of ports only.',
        ),
      ],
    },
    StatsKinds: {
      doc: 'What kinds count.',
      prefix: 'LINK_XSTATS_TYPE_',
      attributes: [
        row(1, 'LINK_XSTATS_TYPE_BRIDGE', 'bridge', { nest: 'StatsBridge' }, 'A bridge.'),
        row(2, 'LINK_XSTATS_TYPE_BOND', 'bond', { nest: 'StatsBond' }, 'A bond.'),
      ],
    },
    StatsMpls: {
      doc: 'What MPLS counts.',
      prefix: 'MPLS_STATS_',
      attributes: [
        row(1, 'MPLS_STATS_LINK', 'link', { struct: 'StatsMplsLink' }, 'Of the interface.'),
      ],
    },
    StatsAddressFamilies: {
      doc: 'What address families count.',
      prefix: 'AF_',
      attributes: [row(28, 'AF_MPLS', 'mpls', { nest: 'StatsMpls' }, 'MPLS.')],
    },
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
          { struct: 'StatsHardware' },
          'Counters of hardware at layer 3.',
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
    StatsHardware: {
      doc: 'What hardware counts.',
      kernel: 'rtnl_hw_stats64',
      least: 0,
      fields: traffic([
        'rxPackets',
        'txPackets',
        'rxBytes',
        'txBytes',
        'rxErrors',
        'txErrors',
        'rxDropped',
        'txDropped',
        'multicast',
      ]),
    },
    StatsMplsLink: {
      doc: 'What MPLS counts of an interface.',
      kernel: 'mpls_link_stats',
      least: 0,
      fields: [
        ...traffic([
          'rxPackets',
          'txPackets',
          'rxBytes',
          'txBytes',
          'rxErrors',
          'txErrors',
          'rxDropped',
          'txDropped',
        ]),
        field('rxNoRoute', 'u64', 'Packets received for which there was no route.'),
      ],
    },
    StatsBridgeVlan: {
      doc: 'What a bridge counts of a VLAN.',
      kernel: 'bridge_vlan_xstats',
      file: 'stats/bridge',
      fields: [
        ...traffic(['rxBytes', 'rxPackets', 'txBytes', 'txPackets']),
        field('vid', 'u16', 'VLAN id.'),
        field('flags', 'u16', 'BRIDGE_VLAN_INFO_* of linux/if_bridge.h.'),
        { pad: 4 },
      ],
    },
    StatsBridgeMulticast: {
      doc: 'What a bridge counts of IGMP and MLD.',
      kernel: 'br_mcast_stats',
      file: 'stats/bridge',
      least: 0,
      fields: [
        ...bothWays([
          ['igmpV1Queries', 'IGMPv1 queries'],
          ['igmpV2Queries', 'IGMPv2 queries'],
          ['igmpV3Queries', 'IGMPv3 queries'],
          ['igmpLeaves', 'IGMP leaves'],
          ['igmpV1Reports', 'IGMPv1 reports'],
          ['igmpV2Reports', 'IGMPv2 reports'],
          ['igmpV3Reports', 'IGMPv3 reports'],
        ]),
        field('igmpParseErrors', 'u64', 'IGMP that could not be read.'),
        ...bothWays([
          ['mldV1Queries', 'MLDv1 queries'],
          ['mldV2Queries', 'MLDv2 queries'],
          ['mldLeaves', 'MLD leaves'],
          ['mldV1Reports', 'MLDv1 reports'],
          ['mldV2Reports', 'MLDv2 reports'],
        ]),
        field('mldParseErrors', 'u64', 'MLD that could not be read.'),
        ...bothWays([
          ['bytes', 'Bytes of multicast'],
          ['packets', 'Packets of multicast'],
        ]),
      ],
    },
    StatsBridgeSpanningTree: {
      doc: 'What a bridge counts of the spanning tree.',
      kernel: 'bridge_stp_xstats',
      file: 'stats/bridge',
      least: 0,
      fields: [
        field('blocked', 'u64', 'How often the port came to block.'),
        field('forwarded', 'u64', 'How often it came to forward.'),
        field('rxBpdus', 'u64', 'BPDUs received.'),
        field('txBpdus', 'u64', 'BPDUs sent.'),
        field('rxTopologyChanges', 'u64', 'Topology changes received.'),
        field('txTopologyChanges', 'u64', 'Topology changes sent.'),
      ],
    },
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
      "import { encodeStats, RTM_NEWSTATS } from '@rtap/netlink';",
      '',
      '// For whoever plays the kernel. What asks for statistics is encodeStatsQuery.',
      'const offload = { info: { l3: { requested: true, used: true } } };',
      'const header = { flags: 0, sequence: 0 };',
      'const answer = encodeStats(RTM_NEWSTATS, { index: 7, filterMask: 8, offload }, header);',
      'console.log(answer.length); // 56',
    ],
  },
};
