/**
 * Nexthops: linux/nexthop.h.
 *
 * @module
 */

import type { Family } from '../table.ts';

export const nexthop: Family = {
  file: 'nexthop',
  noun: 'Nexthop',
  words: { one: 'nexthop', a: 'a nexthop' },
  title:
    'Nexthops, groups of them and buckets of groups: RTM_*NEXTHOP and RTM_*NEXTHOPBUCKET, linux/nexthop.h.',
  source: 'linux/nexthop.h',
  prefix: 'NHA_',
  messages: {
    events: {
      RTM_NEWNEXTHOP: 'new',
      RTM_DELNEXTHOP: 'delete',
      RTM_NEWNEXTHOPBUCKET: 'newBucket',
      RTM_DELNEXTHOPBUCKET: 'deleteBucket',
    },
    requests: ['RTM_GETNEXTHOP', 'RTM_GETNEXTHOPBUCKET'],
  },
  header: {
    kernel: 'nhmsg',
    fields: [
      { name: 'family', type: 'u8', doc: 'AF_INET or AF_INET6; AF_UNSPEC: a group.' },
      { name: 'scope', type: 'u8', doc: 'RT_SCOPE_*; only told.' },
      { name: 'protocol', type: 'u8', doc: 'Who made it: RTPROT_*.' },
      { pad: 1 },
      { name: 'flags', type: 'u32', doc: 'RTNH_F_*.' },
    ],
  },
  attributes: [
    { id: 1, kernel: 'NHA_ID', name: 'id', type: 'u32', doc: 'Id; 0: the kernel chooses.' },
    {
      id: 2,
      kernel: 'NHA_GROUP',
      name: 'group',
      type: { array: { struct: 'NexthopGroupEntry' } },
      doc: 'The nexthops of a group.',
    },
    {
      id: 3,
      kernel: 'NHA_GROUP_TYPE',
      name: 'groupType',
      type: 'u16',
      doc: 'How a group spreads packets: NEXTHOP_GRP_TYPE_*.',
    },
    {
      id: 4,
      kernel: 'NHA_BLACKHOLE',
      name: 'blackhole',
      type: 'flag',
      doc: 'Packets are dropped.',
    },
    {
      id: 5,
      kernel: 'NHA_OIF',
      name: 'outputIndex',
      type: 'u32',
      doc: 'Index of the interface that packets go to.',
    },
    {
      id: 6,
      kernel: 'NHA_GATEWAY',
      name: 'gateway',
      type: 'bytes',
      doc: 'Address of the gateway. 4 or 16 bytes.',
    },
    {
      id: 7,
      kernel: 'NHA_ENCAP_TYPE',
      name: 'encapType',
      type: 'u16',
      doc: 'What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h.',
    },
    {
      id: 8,
      kernel: 'NHA_ENCAP',
      name: 'encap',
      type: 'bytes',
      doc: 'Parameters of what packets are put into: attributes, by `encapType`.',
    },
    {
      id: 9,
      kernel: 'NHA_GROUPS',
      name: 'groupsOnly',
      type: 'flag',
      doc: 'In a dump request: groups only.',
    },
    {
      id: 10,
      kernel: 'NHA_MASTER',
      name: 'master',
      type: 'u32',
      doc: 'In a dump request: only those whose interface has the master of this index.',
    },
    {
      id: 11,
      kernel: 'NHA_FDB',
      name: 'fdb',
      type: 'flag',
      doc: 'For the forwarding database of a bridge.',
    },
    {
      id: 12,
      kernel: 'NHA_RES_GROUP',
      name: 'resilientGroup',
      type: { nest: 'NexthopResilientGroup' },
      nested: true,
      doc: 'Of a resilient group.',
    },
    {
      id: 13,
      kernel: 'NHA_RES_BUCKET',
      name: 'bucket',
      type: { nest: 'NexthopBucket' },
      nested: true,
      doc: 'A bucket of a resilient group; in a dump request: which buckets.',
    },
    {
      id: 14,
      kernel: 'NHA_OP_FLAGS',
      name: 'operationFlags',
      type: 'u32',
      doc: 'In a request: what to tell in addition, NHA_OP_FLAG_*; in an answer: what is told.',
    },
    {
      id: 15,
      kernel: 'NHA_GROUP_STATS',
      name: 'groupStatistics',
      type: {
        list: { nest: 'NexthopGroupStatistics' },
        of: { id: 1, kernel: 'NHA_GROUP_STATS_ENTRY' },
        nested: true,
      },
      nested: true,
      doc: 'What is counted of the nexthops of a group.',
    },
    {
      id: 16,
      kernel: 'NHA_HW_STATS_ENABLE',
      name: 'hardwareStatistics',
      type: 'u32',
      doc: 'Whether hardware is to count: not 0.',
    },
    {
      id: 17,
      kernel: 'NHA_HW_STATS_USED',
      name: 'hardwareStatisticsUsed',
      type: 'u32',
      doc: 'Whether hardware counts: not 0.',
    },
  ],
  nests: {
    NexthopResilientGroup: {
      doc: 'What a resilient group has. Times are in hundredths of a second.',
      prefix: 'NHA_RES_GROUP_',
      attributes: [
        {
          id: 1,
          kernel: 'NHA_RES_GROUP_BUCKETS',
          name: 'buckets',
          type: 'u16',
          doc: 'Number of buckets.',
        },
        {
          id: 2,
          kernel: 'NHA_RES_GROUP_IDLE_TIMER',
          name: 'idleTimer',
          type: 'u32',
          doc: 'How long a bucket is without use to be idle.',
        },
        {
          id: 3,
          kernel: 'NHA_RES_GROUP_UNBALANCED_TIMER',
          name: 'unbalancedTimer',
          type: 'u32',
          doc: 'How long the group may be out of balance.',
        },
        {
          id: 4,
          kernel: 'NHA_RES_GROUP_UNBALANCED_TIME',
          name: 'unbalancedTime',
          type: 'u64',
          doc: 'How long the group is out of balance.',
        },
      ],
    },
    NexthopBucket: {
      doc: 'A bucket of a resilient group.',
      prefix: 'NHA_RES_BUCKET_',
      attributes: [
        {
          id: 1,
          kernel: 'NHA_RES_BUCKET_INDEX',
          name: 'index',
          type: 'u16',
          doc: 'Number of the bucket.',
        },
        {
          id: 2,
          kernel: 'NHA_RES_BUCKET_IDLE_TIME',
          name: 'idleTime',
          type: 'u64',
          doc: 'How long it is without use, in hundredths of a second.',
        },
        {
          id: 3,
          kernel: 'NHA_RES_BUCKET_NH_ID',
          name: 'nexthopId',
          type: 'u32',
          doc: 'Id of its nexthop.',
        },
      ],
    },
    NexthopGroupStatistics: {
      doc: 'What is counted of a nexthop of a group.',
      prefix: 'NHA_GROUP_STATS_ENTRY_',
      attributes: [
        {
          id: 1,
          kernel: 'NHA_GROUP_STATS_ENTRY_ID',
          name: 'id',
          type: 'u32',
          doc: 'Id of the nexthop.',
        },
        {
          id: 2,
          kernel: 'NHA_GROUP_STATS_ENTRY_PACKETS',
          name: 'packets',
          type: 'uint',
          doc: 'Packets, those of hardware among them.',
        },
        {
          id: 3,
          kernel: 'NHA_GROUP_STATS_ENTRY_PACKETS_HW',
          name: 'hardwarePackets',
          type: 'uint',
          doc: 'Packets that hardware forwarded.',
        },
      ],
    },
  },
  structs: {
    NexthopGroupEntry: {
      doc: 'A nexthop of a group.',
      kernel: 'nexthop_grp',
      fields: [
        { name: 'id', type: 'u32', doc: 'Id of the nexthop.' },
        { name: 'weight', type: 'u8', doc: 'Weight less one.' },
        {
          name: 'weightHigh',
          type: 'u8',
          doc: 'Upper eight bits of it, where the kernel knows them; else 0.',
        },
        { pad: 2 },
      ],
    },
  },
  examples: {
    decode: [
      "import { decodeNexthop, encodeNexthop, messages, RTM_NEWNEXTHOP } from '@rtap/netlink';",
      '',
      'const datagram = encodeNexthop(',
      '  RTM_NEWNEXTHOP,',
      '  { id: 20, group: [{ id: 11, weight: 2, weightHigh: 0 }] },',
      '  { flags: 0, sequence: 0 },',
      ');',
      'for (const message of messages(datagram)) {',
      '  const nexthop = decodeNexthop(message);',
      '  console.log(nexthop.id, nexthop.group?.[0]?.id); // 20 11',
      '}',
    ],
    encode: [
      "import { encodeNexthop, NLM_F_ACK, NLM_F_REQUEST, RTM_DELNEXTHOP } from '@rtap/netlink';",
      '',
      '// ip nexthop del id 20',
      'const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 };',
      'const request = encodeNexthop(RTM_DELNEXTHOP, { id: 20 }, header);',
      'console.log(request.length); // 32',
    ],
  },
};
