/**
 * Traffic control: linux/rtnetlink.h.
 *
 * @module
 */

import { field, row, type Family, type Struct } from '../table.ts';

/** Families of traffic control share it. */
export const trafficControlFlags: Struct = {
  doc: 'Flags, and which of them are meant.',
  kernel: 'nla_bitfield32',
  file: 'tc/flags',
  fields: [field('value', 'u32', 'Flags.'), field('selector', 'u32', 'Flags that are meant.')],
};

export const trafficControl: Family = {
  file: 'tc',
  noun: 'TrafficControl',
  words: { one: 'traffic control', a: 'a traffic control' },
  title:
    'Traffic control: queueing disciplines, classes, filters and chains of filters, RTM_*QDISC, ' +
    'RTM_*TCLASS, RTM_*TFILTER and RTM_*CHAIN, linux/rtnetlink.h.',
  source: 'linux/rtnetlink.h',
  prefix: 'TCA_',
  messages: {
    events: {
      RTM_NEWQDISC: 'newQdisc',
      RTM_DELQDISC: 'deleteQdisc',
      RTM_NEWTCLASS: 'newClass',
      RTM_DELTCLASS: 'deleteClass',
      RTM_NEWTFILTER: 'newFilter',
      RTM_DELTFILTER: 'deleteFilter',
      RTM_NEWCHAIN: 'newChain',
      RTM_DELCHAIN: 'deleteChain',
      // The answer to one that asks for one chain is of its type.
      RTM_GETCHAIN: 'getChain',
    },
    requests: ['RTM_GETQDISC', 'RTM_GETTCLASS', 'RTM_GETTFILTER'],
  },
  header: {
    kernel: 'tcmsg',
    fields: [
      field('family', 'u8', 'AF_UNSPEC.'),
      { pad: 3 },
      field('index', 's32', 'Index of the interface; 0 in a dump request: all.'),
      field(
        'handle',
        'u32',
        'Its handle: major number in the upper 16 bits, minor in the lower ones. Of a filter: as its ' +
          'kind likes it.',
      ),
      field('parent', 'u32', 'Handle of what it is attached to, or TC_H_ROOT, TC_H_INGRESS.'),
      field(
        'info',
        'u32',
        'Of a filter: priority in the upper 16 bits, ETH_P_* in network byte order in the lower ' +
          'ones. Of others, only told: references to it, or the handle of the discipline below.',
      ),
    ],
  },
  attributes: [
    row(1, 'TCA_KIND', 'kind', 'string', 'Kind: `fq_codel`, `htb`, `u32`.'),
    row(2, 'TCA_OPTIONS', 'options', 'bytes', 'What its kind has: mostly attributes.'),
    row(3, 'TCA_STATS', 'stats', { struct: 'TrafficControlStatistics' }, 'Counters.'),
    row(4, 'TCA_XSTATS', 'xstats', 'bytes', 'Counters of its kind: a struct.'),
    row(
      5,
      'TCA_RATE',
      'rate',
      { struct: 'TrafficControlEstimator' },
      'In a request: how rates are estimated.',
    ),
    row(7, 'TCA_STATS2', 'stats2', 'bytes', 'Counters: attributes TCA_STATS_*.'),
    row(8, 'TCA_STAB', 'sizeTable', 'bytes', 'Table of sizes: attributes TCA_STAB_*.'),
    row(10, 'TCA_DUMP_INVISIBLE', 'dumpInvisible', 'flag', 'In a dump request: also hidden ones.'),
    row(11, 'TCA_CHAIN', 'chain', 'u32', 'The chain, or that which a filter is in.'),
    row(12, 'TCA_HW_OFFLOAD', 'offloaded', 'bool', 'Whether hardware does it.'),
    row(13, 'TCA_INGRESS_BLOCK', 'ingressBlock', 'u32', 'Block of filters for what comes in.'),
    row(14, 'TCA_EGRESS_BLOCK', 'egressBlock', 'u32', 'Block of filters for what goes out.'),
    row(
      15,
      'TCA_DUMP_FLAGS',
      'dumpFlags',
      { struct: 'TrafficControlFlags' },
      'In a dump request: how much is told; 1 for only the basics (TCA_DUMP_FLAGS_TERSE).',
    ),
    row(16, 'TCA_EXT_WARN_MSG', 'warning', 'string', 'What the kernel warns of.'),
  ],
  others: { 6: 'TCA_FCNT', 9: 'TCA_PAD' },
  structs: {
    TrafficControlStatistics: {
      doc: 'Counters and rates. Those of 32 bits wrap.',
      kernel: 'tc_stats',
      least: 36,
      fields: [
        field('bytes', 'u64', 'Bytes that went through.'),
        field('packets', 'u32', 'Packets that went through.'),
        field('drops', 'u32', 'Packets dropped for want of resources.'),
        field('overlimits', 'u32', 'How often a limit held something back.'),
        field('bytesPerSecond', 'u32', 'Rate in bytes a second, where it is estimated.'),
        field('packetsPerSecond', 'u32', 'Rate in packets a second, where it is estimated.'),
        field('queueLength', 'u32', 'Packets that wait.'),
        field('backlog', 'u32', 'Bytes that wait.'),
        { pad: 4 },
      ],
    },
    TrafficControlEstimator: {
      doc: 'How rates are estimated.',
      kernel: 'gnet_estimator',
      fields: [
        field(
          'interval',
          's8',
          'Sampling period: one second times two to the power of it; from -2 on.',
        ),
        field('ewmaLog', 'u8', 'Logarithm of the weight of the window.'),
      ],
    },
    TrafficControlFlags: trafficControlFlags,
  },
  examples: {
    decode: [
      "import { decodeTrafficControl, encodeTrafficControl, messages, RTM_NEWQDISC } from '@rtap/netlink';",
      '',
      "const request = { index: 7, handle: 0x10000, kind: 'fq_codel' };",
      'const datagram = encodeTrafficControl(RTM_NEWQDISC, request, { flags: 0, sequence: 0 });',
      'for (const message of messages(datagram)) {',
      '  const { event, kind } = decodeTrafficControl(message);',
      '  console.log(event, kind); // newQdisc fq_codel',
      '}',
    ],
    encode: [
      "import { encodeTrafficControl, NLM_F_ACK, NLM_F_REQUEST, RTM_DELQDISC, TC_H_ROOT } from '@rtap/netlink';",
      '',
      '// tc qdisc del dev ... root',
      'const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 };',
      'const request = encodeTrafficControl(RTM_DELQDISC, { index: 7, parent: TC_H_ROOT }, header);',
      'console.log(request.length); // 36',
    ],
  },
};
