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
      "import { AttributeReader, decodeTrafficControlAction, messages } from '@rtap/netlink';",
      "import { encodeTrafficControlAction, MessageWriter, RTM_GETACTION } from '@rtap/netlink';",
      '',
      '// The first action is of kind mirred.',
      "const action = new MessageWriter().beginNest(1).attributeString(1, 'mirred').endNest();",
      'const said = { count: 1, actions: action.finish() };',
      'const datagram = encodeTrafficControlAction(RTM_GETACTION, said, { flags: 0, sequence: 0 });',
      'for (const message of messages(datagram)) {',
      '  const { count, actions } = decodeTrafficControlAction(message);',
      '  const reader = new AttributeReader(actions ?? new Uint8Array());',
      '  console.log(count, reader.next(), reader.type); // 1 true 1',
      '}',
    ],
    encode: [
      "import { encodeTrafficControlAction, MessageWriter, RTM_GETACTION } from '@rtap/netlink';",
      "import { NLM_F_DUMP, NLM_F_REQUEST } from '@rtap/netlink';",
      '',
      '// tc actions ls action mirred',
      "const kind = new MessageWriter().beginNest(1).attributeString(1, 'mirred').endNest();",
      'const ask = { actions: kind.finish(), dumpFlags: { value: 1, selector: 1 } };',
      'const header = { flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: 1 };',
      'console.log(encodeTrafficControlAction(RTM_GETACTION, ask, header).length); // 52',
    ],
  },
};
