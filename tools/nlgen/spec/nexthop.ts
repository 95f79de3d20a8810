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
    'Nexthops and groups of them: RTM_NEWNEXTHOP, RTM_DELNEXTHOP and RTM_GETNEXTHOP, linux/nexthop.h.',
  source: 'linux/nexthop.h',
  prefix: 'NHA_',
  messages: {
    events: { RTM_NEWNEXTHOP: 'new', RTM_DELNEXTHOP: 'delete' },
    requests: ['RTM_GETNEXTHOP'],
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
