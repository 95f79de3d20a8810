/**
 * Messages of ethtool: state of links, and what is known of their plugs: linux/ethtool_netlink.h.
 *
 * @module
 */

import { field, row, type Attribute, type Family, type Nest } from '../table.ts';

/** What every message begins with; made once, as several families have it. */
const header: Nest = {
  doc: 'Which interface a message of ethtool is about; in requests: by index or by name.',
  prefix: 'ETHTOOL_A_HEADER_',
  file: 'ethtool/header',
  attributes: [
    row(1, 'ETHTOOL_A_HEADER_DEV_INDEX', 'index', 'u32', 'Index of the interface.'),
    row(2, 'ETHTOOL_A_HEADER_DEV_NAME', 'name', 'string', 'Name of the interface.'),
    row(3, 'ETHTOOL_A_HEADER_FLAGS', 'flags', 'u32', 'Of requests: ETHTOOL_FLAG_*.'),
    row(
      4,
      'ETHTOOL_A_HEADER_PHY_INDEX',
      'phyIndex',
      'u32',
      'Index of one of its PHYs, for messages that are about a PHY.',
    ),
  ],
};

const genlmsghdr: Family['header'] = {
  kernel: 'genlmsghdr',
  fields: [
    field('command', 'u8', 'ETHTOOL_MSG_*. Requests and answers count apart.'),
    field('version', 'u8', 'Version of the family: 1.'),
    { pad: 2 },
  ],
};

function headerRow(kernel: string): Attribute {
  const doc = 'The interface. None in requests: all interfaces (NLM_F_DUMP).';
  return row(1, kernel, 'header', { nest: 'EthtoolHeader' }, doc, { nested: true });
}

function examples(
  noun: string,
  command: string,
  property: string,
  value: string,
): Family['examples'] {
  return {
    decode: [
      'import {',
      `  decode${noun},`,
      `  encode${noun},`,
      `  ${command}_GET_REPLY,`,
      '  messages,',
      "} from '@rtap/netlink';",
      '',
      'const family = 21; // What decodeGenericFamily told.',
      `const said = { command: ${command}_GET_REPLY, version: 1, ${property}: ${value} };`,
      `const datagram = encode${noun}(family, said, { flags: 0, sequence: 0 });`,
      'for (const message of messages(datagram)) {',
      `  console.log(decode${noun}(message).${property}); // ${value}`,
      '}',
    ],
    encode: [
      `import { encode${noun}, ${command}_GET, NLM_F_REQUEST } from '@rtap/netlink';`,
      '',
      'const family = 21; // What decodeGenericFamily told.',
      `const ask = { command: ${command}_GET, version: 1, header: { name: 'tap0' } };`,
      'const header = { flags: NLM_F_REQUEST, sequence: 1 };',
      `console.log(encode${noun}(family, ask, header).length); // 36`,
    ],
  };
}

export const ethtoolLinkState: Family = {
  file: 'ethtool-link-state',
  noun: 'EthtoolLinkState',
  words: { one: 'ethtool link state', a: 'an ethtool link state' },
  title: 'State of links, as ethtool has it: ETHTOOL_MSG_LINKSTATE_GET, linux/ethtool_netlink.h.',
  source: 'linux/ethtool_netlink.h',
  prefix: 'ETHTOOL_A_LINKSTATE_',
  messages: {
    events: { ETHTOOL_MSG_LINKSTATE_GET_REPLY: 'reply' },
    requests: ['ETHTOOL_MSG_LINKSTATE_GET'],
    generic: true,
  },
  header: genlmsghdr,
  attributes: [
    headerRow('ETHTOOL_A_LINKSTATE_HEADER'),
    row(2, 'ETHTOOL_A_LINKSTATE_LINK', 'link', 'bool', 'Whether there is a link.'),
    row(3, 'ETHTOOL_A_LINKSTATE_SQI', 'signalQuality', 'u32', 'Signal quality index.'),
    row(4, 'ETHTOOL_A_LINKSTATE_SQI_MAX', 'maxSignalQuality', 'u32', 'Highest signal quality.'),
    row(
      5,
      'ETHTOOL_A_LINKSTATE_EXT_STATE',
      'extendedState',
      'u8',
      'Why there is no link: ETHTOOL_LINK_EXT_STATE_* of linux/ethtool.h.',
    ),
    row(
      6,
      'ETHTOOL_A_LINKSTATE_EXT_SUBSTATE',
      'extendedSubstate',
      'u8',
      'More of the reason: ETHTOOL_LINK_EXT_SUBSTATE_* of linux/ethtool.h.',
    ),
    row(
      7,
      'ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT',
      'linkDownCount',
      'u32',
      'How often the link went down, as the device counts it.',
    ),
  ],
  nests: { EthtoolHeader: header },
  examples: examples('EthtoolLinkState', 'ETHTOOL_MSG_LINKSTATE', 'link', 'true'),
};

export const ethtoolLinkInfo: Family = {
  file: 'ethtool-link-info',
  noun: 'EthtoolLinkInfo',
  words: { one: 'ethtool link info', a: 'an ethtool link info' },
  title: 'Ports and transceivers of links: ETHTOOL_MSG_LINKINFO_GET, linux/ethtool_netlink.h.',
  source: 'linux/ethtool_netlink.h',
  prefix: 'ETHTOOL_A_LINKINFO_',
  messages: {
    events: { ETHTOOL_MSG_LINKINFO_GET_REPLY: 'reply', ETHTOOL_MSG_LINKINFO_NTF: 'change' },
    requests: ['ETHTOOL_MSG_LINKINFO_GET'],
    generic: true,
  },
  header: genlmsghdr,
  attributes: [
    headerRow('ETHTOOL_A_LINKINFO_HEADER'),
    row(2, 'ETHTOOL_A_LINKINFO_PORT', 'port', 'u8', 'Connector: PORT_* of linux/ethtool.h.'),
    row(3, 'ETHTOOL_A_LINKINFO_PHYADDR', 'phyAddress', 'u8', 'Address of the PHY.'),
    row(
      4,
      'ETHTOOL_A_LINKINFO_TP_MDIX',
      'mdix',
      'u8',
      'Whether the pairs are crossed: ETH_TP_MDI_* of linux/ethtool.h.',
    ),
    row(
      5,
      'ETHTOOL_A_LINKINFO_TP_MDIX_CTRL',
      'mdixControl',
      'u8',
      'Whether they are to be crossed: ETH_TP_MDI_* of linux/ethtool.h.',
    ),
    row(
      6,
      'ETHTOOL_A_LINKINFO_TRANSCEIVER',
      'transceiver',
      'u8',
      'Where the transceiver is: XCVR_* of linux/ethtool.h.',
    ),
  ],
  nests: { EthtoolHeader: { ...header, numbers: false } },
  examples: examples('EthtoolLinkInfo', 'ETHTOOL_MSG_LINKINFO', 'port', '3'),
};
