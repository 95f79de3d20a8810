/**
 * Actions of traffic control: linux/rtnetlink.h.
 *
 * @module
 */

import { field, row, type Family } from '../table.ts';
import { trafficControlFlags } from './tc.ts';

export const trafficControlAction: Family = {
  file: 'tc-action',
  noun: 'TrafficControlAction',
  words: { one: 'traffic control action', a: 'a traffic control action' },
  title: 'Actions of traffic control: RTM_*ACTION, linux/rtnetlink.h.',
  source: 'linux/rtnetlink.h',
  prefix: 'TCA_ROOT_',
  messages: {
    // An answer is of the type of its request.
    events: { RTM_NEWACTION: 'new', RTM_DELACTION: 'delete', RTM_GETACTION: 'get' },
    requests: [],
  },
  header: {
    kernel: 'tcamsg',
    fields: [field('family', 'u8', 'AF_UNSPEC.'), { pad: 3 }],
  },
  attributes: [
    row(
      1,
      'TCA_ROOT_TAB',
      'actions',
      'bytes',
      'The actions: attributes numbered from 0 or 1 on, each with attributes TCA_ACT_* inside.',
    ),
    row(
      2,
      'TCA_ROOT_FLAGS',
      'dumpFlags',
      { struct: 'TrafficControlFlags' },
      'In a dump request: TCA_ACT_FLAG_*; 1 for many actions in a message.',
    ),
    row(3, 'TCA_ROOT_COUNT', 'count', 'u32', 'Of an answer to a dump: how many actions it holds.'),
    row(
      4,
      'TCA_ROOT_TIME_DELTA',
      'timeDelta',
      'u32',
      'In a dump request: only actions that were used within so many milliseconds.',
    ),
    row(5, 'TCA_ROOT_EXT_WARN_MSG', 'warning', 'string', 'What the kernel warns of.'),
  ],
  structs: { TrafficControlFlags: { ...trafficControlFlags, borrowed: true } },
  examples: {
    decode: [
      'import {',
      '  AttributeReader,',
      '  decodeTrafficControlAction,',
      '  encodeTrafficControlAction,',
      '  messages,',
      '  RTM_GETACTION,',
      "} from '@rtap/netlink';",
      '',
      '// One action, number 1, of kind gact (TCA_ACT_KIND): attributes in attributes.',
      'const actions = Uint8Array.from([14, 0, 1, 0, 9, 0, 1, 0, 103, 97, 99, 116, 0, 0, 0, 0]);',
      'const answer = { family: 0, count: 1, actions };',
      'const header = { flags: 0, sequence: 0 };',
      "for (const message of messages(encodeTrafficControlAction(RTM_GETACTION, answer, header, 'little'), 'little')) {",
      "  const told = decodeTrafficControlAction(message, 'little');",
      "  const table = new AttributeReader(told.actions ?? new Uint8Array(), 'little');",
      '  while (table.next()) {',
      '    const action = table.nest();',
      '    action.next();',
      '    console.log(told.count, table.type, action.string()); // 1 1 gact',
      '  }',
      '}',
    ],
    encode: [
      'import {',
      '  encodeTrafficControlAction,',
      '  MessageWriter,',
      '  NLM_F_DUMP,',
      '  NLM_F_REQUEST,',
      '  NLMSG_HDRLEN,',
      '  RTM_GETACTION,',
      "} from '@rtap/netlink';",
      '',
      '// tc actions ls action mirred: a table of one entry, of which only the kind is told.',
      "const writer = new MessageWriter().begin(0, 0, 0).beginNest(1).attributeString(1, 'mirred');",
      'const actions = writer.endNest().finish().subarray(NLMSG_HDRLEN);',
      'const header = { flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: 1 };',
      'const ask = { actions, dumpFlags: { value: 1, selector: 1 } };',
      'console.log(encodeTrafficControlAction(RTM_GETACTION, ask, header).length); // 52',
    ],
  },
};
