import { describe, expect, it } from 'vitest';
import {
  attributePath,
  AttributeReader,
  decodeTrafficControlAction,
  decodeTrafficControlActionRequest,
  encodeTrafficControlAction,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELACTION,
  RTM_GETACTION,
  RTM_NEWACTION,
  RTM_NEWLINK,
  type TrafficControlActionRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { eventGoldens, fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const TYPES = [RTM_NEWACTION, RTM_DELACTION, RTM_GETACTION];
const NAMES = ['tc_action_list', 'tc_action_get'];
const recorded = [
  ...NAMES.flatMap((name) => recordedMessages(golden(name).received, TYPES)),
  ...eventGoldens('tc_events').flatMap(({ received }) => recordedMessages(received, TYPES)),
];

/** Kinds and numbers of actions: TCA_ACT_KIND and, in TCA_ACT_OPTIONS, TCA_MIRRED_PARMS. */
function actions(bytes: Uint8Array | undefined): Printed[] {
  const found: Printed[] = [];
  const table = new AttributeReader(bytes ?? new Uint8Array(), 'little');
  while (table.next()) {
    const order = table.type;
    const action = table.nest();
    let kind: string | undefined;
    let index: number | undefined;
    while (action.next()) {
      if (action.type === 1) kind = action.string();
      if (action.type !== 2) continue;
      const options = action.nest();
      while (options.next()) {
        if (options.type !== 2) continue;
        const parameters = options.bytes();
        index = new DataView(parameters.buffer, parameters.byteOffset).getUint32(0, true);
      }
    }
    found.push({ order, kind, index });
  }
  return found;
}

describe('decodeTrafficControlAction, judged by tc', () => {
  it.each(NAMES)('%s', (name) => {
    const { received, printed } = golden(name);
    const told = recordedMessages(received, TYPES).map((message) =>
      decodeTrafficControlAction(message, 'little'),
    );
    const [total, list] = printed ?? [];
    expect(told.map(({ event }) => event)).toEqual(['get']);
    expect(told.map(({ count = 0 }) => count)).toEqual([total?.['total acts']]);
    const entries = (list?.['actions'] ?? []) as readonly Printed[];
    const truth = entries.map(({ order, kind, index }) => ({
      order,
      kind,
      index,
    }));
    expect(truth.length).toBeGreaterThan(0);
    expect(told.flatMap((message) => actions(message.actions))).toEqual(truth);
    expect(told.flatMap(({ unknown }) => unknown)).toEqual([]);
  });

  it('tells what is new and what is gone', () => {
    const events = eventGoldens('tc_events').flatMap(({ action, received }) =>
      recordedMessages(received, TYPES).map((message) => {
        const { event, actions: table } = decodeTrafficControlAction(message, 'little');
        return [action, event, actions(table)];
      }),
    );
    const mirred = [{ order: 1, kind: 'mirred', index: 5 }];
    expect(events).toEqual([
      ['tc actions add action mirred egress mirror dev v0 index 5', 'new', mirred],
      ['tc actions del action mirred index 5', 'delete', mirred],
    ]);
  });

  it('keeps what it does not know, and refuses other messages', () => {
    const body = fromHex('00000000 0600 6440 0102 0000');
    const message = { type: RTM_DELACTION, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeTrafficControlAction(message, 'little')).toMatchObject({
      event: 'delete',
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    expect(() => decodeTrafficControlAction({ ...message, type: RTM_NEWLINK })).toThrow(TypeError);
  });
});

describe('encodeTrafficControlAction, judged by iproute2', () => {
  const ack = NLM_F_REQUEST | NLM_F_ACK;
  const one = fromHex('1800 0100 0b00 0100 6d697272656400 00 0800 0300 05000000');
  const cases: readonly (readonly [string, number, number, TrafficControlActionRequest])[] = [
    ['tc_action_get', RTM_GETACTION, NLM_F_REQUEST, { actions: one }],
    ['tc_action_del', RTM_DELACTION, ack, { actions: one }],
    [
      'tc_action_list',
      RTM_GETACTION,
      NLM_F_REQUEST | NLM_F_DUMP,
      {
        actions: fromHex('1000 0100 0b00 0100 6d697272656400 00'),
        dumpFlags: { value: 1, selector: 1 },
      },
    ],
    [
      'tc_action_add',
      RTM_NEWACTION,
      ack | NLM_F_CREATE | NLM_F_EXCL,
      {
        // tc_mirred: number 5, TC_ACT_PIPE, TCA_EGRESS_MIRROR, interface 3.
        actions: fromHex(
          '3400 0100 0b00 0100 6d697272656400 00 2400 0280 2000 0200 05000000 00000000 03000000 00000000 00000000 02000000 03000000',
        ),
      },
    ],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const header = { flags, sequence: 0 };
    const bytes = encodeTrafficControlAction(type, request, header, 'little');
    // tc sends no flag of nests for the table, the kernel asks for none.
    expect(bytes).toEqual(withoutSequence(sent));
    const decoded = decodeTrafficControlActionRequest(firstMessage(sent), 'little');
    expect(decoded).toEqual({ family: 0, ...request });
  });

  it('says all that a message says, and names attributes', () => {
    const request: TrafficControlActionRequest = {
      family: 0,
      actions: one,
      dumpFlags: { value: 1, selector: 3 },
      count: 4,
      timeDelta: 5,
      warning: 'slow',
    };
    const header = { flags: 0, sequence: 0 };
    const bytes = encodeTrafficControlAction(RTM_NEWACTION, request, header, 'little');
    const decoded = decodeTrafficControlAction(firstMessage(bytes), 'little');
    expect(decoded).toEqual({ event: 'new', ...request, unknown: [] });
    expect(attributePath(bytes, 48, routeRequestLayout(RTM_NEWACTION)!, true)).toBe('flags');
  });
});

testFamily('actions of traffic control', {
  decode: decodeTrafficControlAction,
  decodeRequest: decodeTrafficControlActionRequest,
  encode: encodeTrafficControlAction,
  recorded: [...recorded, firstMessage(golden('tc_action_add').sent)],
});
