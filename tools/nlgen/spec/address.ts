/**
 * Addresses: linux/if_addr.h.
 *
 * @module
 */

import type { Family } from '../table.ts';

export const address: Family = {
  file: 'address',
  noun: 'Address',
  words: { one: 'address', a: 'an address' },
  title: 'Addresses: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR, linux/if_addr.h.',
  source: 'linux/if_addr.h',
  prefix: 'IFA_',
  messages: {
    events: { RTM_NEWADDR: 'new', RTM_DELADDR: 'delete' },
    requests: ['RTM_GETADDR'],
  },
  header: {
    kernel: 'ifaddrmsg',
    fields: [
      { name: 'family', type: 'u8', doc: 'AF_INET or AF_INET6.' },
      { name: 'prefixLength', type: 'u8', doc: 'Length of the prefix in bits.' },
      {
        name: 'flags',
        type: 'u8',
        doc: 'IFA_F_*: those of IFA_FLAGS, when it is there, else the eight of the header.',
      },
      { name: 'scope', type: 'u8', doc: 'RT_SCOPE_*.' },
      { name: 'index', type: 'u32', doc: 'Index of the interface.' },
    ],
  },
  attributes: [
    {
      id: 1,
      kernel: 'IFA_ADDRESS',
      name: 'address',
      type: 'bytes',
      doc: 'Address; of a point-to-point link: that of the peer. 4 or 16 bytes.',
    },
    {
      id: 2,
      kernel: 'IFA_LOCAL',
      name: 'local',
      type: 'bytes',
      doc: 'Local address; IPv6 leaves it out unless there is a peer. 4 or 16 bytes.',
    },
    { id: 3, kernel: 'IFA_LABEL', name: 'label', type: 'string', doc: 'Label; IPv4 only.' },
    {
      id: 4,
      kernel: 'IFA_BROADCAST',
      name: 'broadcast',
      type: 'bytes',
      doc: 'Broadcast address; IPv4 only.',
    },
    {
      id: 5,
      kernel: 'IFA_ANYCAST',
      name: 'anycast',
      type: 'bytes',
      doc: 'Anycast address; IPv6 only.',
    },
    { id: 7, kernel: 'IFA_MULTICAST', name: 'multicast', type: 'bytes', doc: 'Multicast address.' },
    {
      id: 6,
      kernel: 'IFA_CACHEINFO',
      name: 'cacheInfo',
      type: { struct: 'AddressCacheInfo' },
      doc: 'Lifetimes.',
    },
    { id: 8, kernel: 'IFA_FLAGS', name: 'flags', type: 'u32', widens: true, doc: 'IFA_F_*.' },
    {
      id: 9,
      kernel: 'IFA_RT_PRIORITY',
      name: 'routePriority',
      type: 'u32',
      doc: 'Metric of the prefix route.',
    },
    {
      id: 10,
      kernel: 'IFA_TARGET_NETNSID',
      name: 'targetNetnsId',
      type: 's32',
      doc: 'Id of the namespace that the request is about.',
    },
    {
      id: 11,
      kernel: 'IFA_PROTO',
      name: 'protocol',
      type: 'u8',
      doc: "Who set the address: IFAPROT_* of linux/if_addr.h, or one's own.",
    },
    {
      id: 12,
      kernel: 'IFA_MC_USERS',
      name: 'multicastUsers',
      type: 'u32',
      doc: 'How many use a multicast address.',
    },
  ],
  structs: {
    AddressCacheInfo: {
      doc: 'Lifetimes of an address.',
      kernel: 'ifa_cacheinfo',
      fields: [
        { name: 'preferred', type: 'u32', doc: 'Seconds it is preferred; 0xffffffff: for ever.' },
        { name: 'valid', type: 'u32', doc: 'Seconds it is valid; 0xffffffff: for ever.' },
        {
          name: 'created',
          type: 'u32',
          doc: 'When it was made, in hundredths of a second since boot.',
        },
        {
          name: 'updated',
          type: 'u32',
          doc: 'When it was changed, in hundredths of a second since boot.',
        },
      ],
    },
  },
  examples: {
    decode: [
      "import { AF_INET, decodeAddress, encodeAddress, messages, RTM_NEWADDR } from '@rtap/netlink';",
      '',
      'const local = Uint8Array.of(10, 0, 0, 1);',
      'const datagram = encodeAddress(',
      '  RTM_NEWADDR,',
      '  { family: AF_INET, prefixLength: 24, index: 3, local, address: local },',
      '  { flags: 0, sequence: 0 },',
      ');',
      'for (const message of messages(datagram)) {',
      '  const address = decodeAddress(message);',
      "  console.log(address.local?.join('.'), address.prefixLength, address.index); // 10.0.0.1 24 3",
      '}',
    ],
    encode: [
      "import { AF_INET, encodeAddress, NLM_F_ACK, NLM_F_REQUEST, RTM_DELADDR } from '@rtap/netlink';",
      '',
      '// ip addr del 10.0.0.1/24 dev INTERFACE, for the interface with index 3',
      'const local = Uint8Array.of(10, 0, 0, 1);',
      'const request = encodeAddress(',
      '  RTM_DELADDR,',
      '  { family: AF_INET, prefixLength: 24, index: 3, local, address: local },',
      '  { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 },',
      ');',
      'console.log(request.length); // 40',
    ],
  },
};
