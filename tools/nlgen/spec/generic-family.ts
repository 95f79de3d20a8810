/**
 * Families of generic netlink, as their controller (`nlctrl`) tells them: linux/genetlink.h.
 *
 * @module
 */

import { field, row, type Family } from '../table.ts';

export const genericFamily: Family = {
  file: 'generic-family',
  noun: 'GenericFamily',
  words: { one: 'generic netlink family', a: 'a generic netlink family' },
  title:
    'Families of generic netlink, as their controller tells them: CTRL_CMD_NEWFAMILY and CTRL_CMD_GETFAMILY, linux/genetlink.h.',
  source: 'linux/genetlink.h',
  prefix: 'CTRL_ATTR_',
  messages: {
    events: {
      CTRL_CMD_NEWFAMILY: 'new',
      CTRL_CMD_DELFAMILY: 'delete',
      CTRL_CMD_NEWMCAST_GRP: 'newGroup',
      CTRL_CMD_DELMCAST_GRP: 'deleteGroup',
    },
    requests: ['CTRL_CMD_GETFAMILY'],
    generic: true,
  },
  header: {
    kernel: 'genlmsghdr',
    fields: [
      field('command', 'u8', 'CTRL_CMD_*.'),
      field('version', 'u8', 'Version of the controller: 2. It takes any in requests.'),
      { pad: 2 },
    ],
  },
  attributes: [
    row(1, 'CTRL_ATTR_FAMILY_ID', 'id', 'u16', 'Type of the messages of the family.'),
    row(2, 'CTRL_ATTR_FAMILY_NAME', 'name', 'string', 'Name, of at most 15 bytes.'),
    row(3, 'CTRL_ATTR_VERSION', 'familyVersion', 'u32', 'Version of the family.'),
    row(4, 'CTRL_ATTR_HDRSIZE', 'headerSize', 'u32', "Bytes of the family's own fixed header."),
    row(
      5,
      'CTRL_ATTR_MAXATTR',
      'maxAttribute',
      'u32',
      'Highest number of an attribute; 0 where each command has attributes of its own.',
    ),
    row(
      6,
      'CTRL_ATTR_OPS',
      'operations',
      { list: { nest: 'GenericOperation' }, of: { first: 1 } },
      'The commands that it takes.',
    ),
    row(
      7,
      'CTRL_ATTR_MCAST_GROUPS',
      'groups',
      { list: { nest: 'GenericGroup' }, of: { first: 1 } },
      'The multicast groups that it tells its events to.',
    ),
    row(10, 'CTRL_ATTR_OP', 'operation', 'u32', 'Command whose policy is asked for.'),
  ],
  others: { 8: 'CTRL_ATTR_POLICY', 9: 'CTRL_ATTR_OP_POLICY' },
  nests: {
    GenericOperation: {
      doc: 'A command that a generic netlink family takes.',
      prefix: 'CTRL_ATTR_OP_',
      attributes: [
        row(1, 'CTRL_ATTR_OP_ID', 'command', 'u32', 'Number of the command.'),
        row(
          2,
          'CTRL_ATTR_OP_FLAGS',
          'flags',
          'u32',
          'What it can, and who may: GENL_ADMIN_PERM, GENL_CMD_CAP_*, GENL_UNS_ADMIN_PERM.',
        ),
      ],
    },
    GenericGroup: {
      doc: 'A multicast group of a generic netlink family.',
      prefix: 'CTRL_ATTR_MCAST_GRP_',
      attributes: [
        row(1, 'CTRL_ATTR_MCAST_GRP_NAME', 'name', 'string', 'Name.'),
        row(2, 'CTRL_ATTR_MCAST_GRP_ID', 'id', 'u32', 'Number by which a socket joins it.'),
      ],
    },
  },
  examples: {
    decode: [
      'import {',
      '  CTRL_CMD_NEWFAMILY,',
      '  decodeGenericFamily,',
      '  encodeGenericFamily,',
      '  GENL_ID_CTRL,',
      '  messages,',
      "} from '@rtap/netlink';",
      '',
      "const said = { command: CTRL_CMD_NEWFAMILY, name: 'ethtool', id: 21 };",
      'const datagram = encodeGenericFamily(GENL_ID_CTRL, said, { flags: 0, sequence: 0 });',
      'for (const message of messages(datagram)) {',
      '  console.log(decodeGenericFamily(message).id); // 21',
      '}',
    ],
    encode: [
      'import {',
      '  CTRL_CMD_GETFAMILY,',
      '  encodeGenericFamily,',
      '  GENL_ID_CTRL,',
      '  NLM_F_REQUEST,',
      "} from '@rtap/netlink';",
      '',
      '// Which type have the messages of ethtool?',
      "const ask = { command: CTRL_CMD_GETFAMILY, version: 1, name: 'ethtool' };",
      'const header = { flags: NLM_F_REQUEST, sequence: 1 };',
      'console.log(encodeGenericFamily(GENL_ID_CTRL, ask, header).length); // 32',
    ],
  },
};
