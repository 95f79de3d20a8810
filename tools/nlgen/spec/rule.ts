/**
 * Routing rules: linux/fib_rules.h.
 *
 * @module
 */

import type { Family } from '../table.ts';

export const rule: Family = {
  file: 'rule',
  noun: 'Rule',
  words: { one: 'rule', a: 'a rule' },
  title: 'Routing rules: RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE, linux/fib_rules.h.',
  source: 'linux/fib_rules.h',
  prefix: 'FRA_',
  messages: {
    events: { RTM_NEWRULE: 'new', RTM_DELRULE: 'delete' },
    requests: ['RTM_GETRULE'],
  },
  header: {
    kernel: 'fib_rule_hdr',
    fields: [
      { name: 'family', type: 'u8', doc: 'AF_INET or AF_INET6.' },
      {
        name: 'destinationLength',
        type: 'u8',
        doc: 'Length of the prefix of the destination in bits.',
      },
      { name: 'sourceLength', type: 'u8', doc: 'Length of the prefix of the source in bits.' },
      { name: 'tos', type: 'u8', doc: 'Type of service.' },
      {
        name: 'table',
        type: 'u8',
        doc: 'RT_TABLE_*, or a number of 32 bits: that of FRA_TABLE, when it is there, else of the header.',
      },
      { pad: 2 },
      { name: 'action', type: 'u8', doc: 'FR_ACT_*.' },
      { name: 'flags', type: 'u32', doc: 'FIB_RULE_*.' },
    ],
  },
  attributes: [
    {
      id: 1,
      kernel: 'FRA_DST',
      name: 'destination',
      type: 'bytes',
      doc: 'Destination. 4 or 16 bytes.',
    },
    { id: 2, kernel: 'FRA_SRC', name: 'source', type: 'bytes', doc: 'Source. 4 or 16 bytes.' },
    {
      id: 3,
      kernel: 'FRA_IIFNAME',
      name: 'inputName',
      type: 'string',
      doc: 'Name of the interface that packets come from.',
    },
    {
      id: 4,
      kernel: 'FRA_GOTO',
      name: 'goto',
      type: 'u32',
      doc: 'Priority of the rule to go on with.',
    },
    { id: 6, kernel: 'FRA_PRIORITY', name: 'priority', type: 'u32', doc: 'Priority.' },
    { id: 10, kernel: 'FRA_FWMARK', name: 'mark', type: 'u32', doc: 'Mark of the packet.' },
    {
      id: 11,
      kernel: 'FRA_FLOW',
      name: 'flow',
      type: 'u32',
      doc: 'Realms: of the source in the upper 16 bits, of the destination in the lower.',
    },
    {
      id: 12,
      kernel: 'FRA_TUN_ID',
      name: 'tunnelId',
      type: 'u64',
      order: 'big',
      doc: 'Id of the tunnel that packets come from.',
    },
    {
      id: 13,
      kernel: 'FRA_SUPPRESS_IFGROUP',
      name: 'suppressGroup',
      type: 'u32',
      doc: 'Routes by way of interfaces of this group do not count; 0xffffffff: of none.',
    },
    {
      id: 14,
      kernel: 'FRA_SUPPRESS_PREFIXLEN',
      name: 'suppressPrefixLength',
      type: 'u32',
      doc: 'Routes whose prefix is as long or shorter do not count; 0xffffffff: all count.',
    },
    { id: 15, kernel: 'FRA_TABLE', name: 'table', type: 'u32', widens: true, doc: 'Table.' },
    {
      id: 16,
      kernel: 'FRA_FWMASK',
      name: 'markMask',
      type: 'u32',
      doc: 'Which bits of the mark count.',
    },
    {
      id: 17,
      kernel: 'FRA_OIFNAME',
      name: 'outputName',
      type: 'string',
      doc: 'Name of the interface that a socket is bound to.',
    },
    {
      id: 19,
      kernel: 'FRA_L3MDEV',
      name: 'masterTable',
      type: 'bool',
      doc: 'Whether the table is that of the VRF of the interface.',
    },
    {
      id: 20,
      kernel: 'FRA_UID_RANGE',
      name: 'uidRange',
      type: { struct: 'RuleUidRange' },
      doc: 'Users.',
    },
    {
      id: 21,
      kernel: 'FRA_PROTOCOL',
      name: 'protocol',
      type: 'u8',
      doc: 'Who made the rule: RTPROT_*.',
    },
    { id: 22, kernel: 'FRA_IP_PROTO', name: 'ipProtocol', type: 'u8', doc: 'IP protocol.' },
    {
      id: 23,
      kernel: 'FRA_SPORT_RANGE',
      name: 'sourcePorts',
      type: { struct: 'RulePortRange' },
      doc: 'Source ports.',
    },
    {
      id: 24,
      kernel: 'FRA_DPORT_RANGE',
      name: 'destinationPorts',
      type: { struct: 'RulePortRange' },
      doc: 'Destination ports.',
    },
  ],
  structs: {
    RuleUidRange: {
      doc: 'Users that a rule is for.',
      kernel: 'fib_rule_uid_range',
      fields: [
        { name: 'start', type: 'u32', doc: 'The first.' },
        { name: 'end', type: 'u32', doc: 'The last.' },
      ],
    },
    RulePortRange: {
      doc: 'Ports that a rule is for.',
      kernel: 'fib_rule_port_range',
      fields: [
        { name: 'start', type: 'u16', doc: 'The first.' },
        { name: 'end', type: 'u16', doc: 'The last.' },
      ],
    },
  },
  examples: {
    decode: [
      "import { AF_INET, decodeRule, encodeRule, messages, RTM_NEWRULE } from '@rtap/netlink';",
      '',
      'const datagram = encodeRule(',
      '  RTM_NEWRULE,',
      '  { family: AF_INET, table: 4000, priority: 1000, mark: 1 },',
      '  { flags: 0, sequence: 0 },',
      ');',
      'for (const message of messages(datagram)) {',
      '  const rule = decodeRule(message);',
      '  console.log(rule.priority, rule.mark, rule.table); // 1000 1 4000',
      '}',
    ],
    encode: [
      "import { AF_INET, encodeRule, FR_ACT_TO_TBL, NLM_F_REQUEST, RTM_DELRULE } from '@rtap/netlink';",
      '',
      '// ip rule del priority 1000 lookup 100',
      'const request = encodeRule(',
      '  RTM_DELRULE,',
      '  { family: AF_INET, table: 100, action: FR_ACT_TO_TBL, priority: 1000 },',
      '  { flags: NLM_F_REQUEST, sequence: 1 },',
      ');',
      'console.log(request.length); // 36',
    ],
  },
};
