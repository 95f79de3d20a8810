/**
 * Ids of network namespaces: linux/net_namespace.h.
 *
 * @module
 */

import type { Family } from '../table.ts';

export const netnsId: Family = {
  file: 'netns-id',
  noun: 'NetnsId',
  words: { one: 'network namespace id', a: 'a network namespace id' },
  title:
    'Ids of network namespaces: RTM_NEWNSID, RTM_DELNSID and RTM_GETNSID, linux/net_namespace.h.',
  source: 'linux/net_namespace.h',
  prefix: 'NETNSA_',
  messages: {
    events: { RTM_NEWNSID: 'new', RTM_DELNSID: 'delete' },
    requests: ['RTM_GETNSID'],
  },
  header: {
    kernel: 'rtgenmsg',
    fields: [{ name: 'family', type: 'u8', doc: 'AF_UNSPEC.' }, { pad: 3 }],
  },
  attributes: [
    {
      id: 1,
      kernel: 'NETNSA_NSID',
      name: 'netnsId',
      type: 's32',
      doc: 'Id that the namespace of the socket has for the other one; -1: none.',
    },
    {
      id: 2,
      kernel: 'NETNSA_PID',
      name: 'pid',
      type: 'u32',
      doc: 'The other namespace, told by a process in it.',
    },
    {
      id: 3,
      kernel: 'NETNSA_FD',
      name: 'fd',
      type: 'u32',
      doc: 'The other namespace, told by a file descriptor.',
    },
    {
      id: 4,
      kernel: 'NETNSA_TARGET_NSID',
      name: 'targetNetnsId',
      type: 's32',
      doc: 'Id of the namespace to ask instead of that of the socket.',
    },
    {
      id: 5,
      kernel: 'NETNSA_CURRENT_NSID',
      name: 'currentNetnsId',
      type: 's32',
      doc: 'Id that the namespace of the socket has for it, when another namespace is asked.',
    },
  ],
  examples: {
    decode: [
      "import { decodeNetnsId, encodeNetnsId, messages, RTM_NEWNSID } from '@rtap/netlink';",
      '',
      'const datagram = encodeNetnsId(RTM_NEWNSID, { netnsId: 7 }, { flags: 0, sequence: 0 });',
      'for (const message of messages(datagram)) {',
      '  console.log(decodeNetnsId(message).netnsId); // 7',
      '}',
    ],
    encode: [
      "import { encodeNetnsId, NLM_F_REQUEST, RTM_GETNSID } from '@rtap/netlink';",
      '',
      '// Which id has the namespace that file descriptor 5 is open on?',
      'const request = encodeNetnsId(RTM_GETNSID, { fd: 5 }, { flags: NLM_F_REQUEST, sequence: 1 });',
      'console.log(request.length); // 28',
    ],
  },
};
