import { describe, expect, it } from 'vitest';
import {
  attributePath,
  AttributeReader,
  decodeTrafficControl,
  decodeTrafficControlRequest,
  encodeTrafficControl,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_ECHO,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELCHAIN,
  RTM_DELQDISC,
  RTM_DELTCLASS,
  RTM_DELTFILTER,
  RTM_GETCHAIN,
  RTM_GETQDISC,
  RTM_GETTCLASS,
  RTM_GETTFILTER,
  RTM_NEWCHAIN,
  RTM_NEWLINK,
  RTM_NEWQDISC,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
  TC_H_CLSACT,
  TC_H_ROOT,
  type TrafficControlRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { eventGoldens, fromHex, golden, withoutSequence } from './golden.ts';

const qdiscs = recordedMessages(golden('tc_qdisc_show').received, [RTM_NEWQDISC]);
const classes = recordedMessages(golden('tc_class_show').received, [RTM_NEWTCLASS]);
const chains = recordedMessages(golden('tc_chain_show').received, [RTM_NEWCHAIN]);
const EVENTS = [
  ...[RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS, RTM_DELTCLASS, RTM_NEWTFILTER, RTM_DELTFILTER],
  ...[RTM_NEWCHAIN, RTM_DELCHAIN],
];
const filters = recordedMessages(golden('tc_filter_show').received, [RTM_NEWTFILTER]);

/** Parent of the filters for what comes in, of clsact: TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS). */
const TC_H_MIN_INGRESS = 0xffff_fff2;

/** The value of an attribute of a recorded request: what belongs to a kind is bytes here. */
function attributesOf(name: string, type: number, headerLength = 20): Uint8Array {
  const { body } = firstMessage(golden(name).sent);
  const reader = new AttributeReader(body.subarray(headerLength), 'little');
  while (reader.next()) if (reader.type === type) return reader.bytes();
  throw new Error(`${name} has no attribute ${type}`);
}

/** A handle as tc prints it. */
function handleText(handle: number): string {
  const minor = handle & 0xffff;
  return `${(handle >>> 16).toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}

describe('decodeTrafficControl', () => {
  it('tells the queueing disciplines that tc tells', () => {
    const told = qdiscs.map((message) => {
      const { event, kind, handle, parent, info, stats } = decodeTrafficControl(message, 'little');
      expect(event).toBe('newQdisc');
      return {
        kind,
        handle: handleText(handle),
        // tc does not print a count of 1.
        refcnt: info === 1 ? undefined : info,
        root: parent === TC_H_ROOT ? true : undefined,
        parent: parent === TC_H_ROOT ? undefined : handleText(parent),
        bytes: Number(stats?.bytes),
        packets: stats?.packets,
        drops: stats?.drops,
        overlimits: stats?.overlimits,
        backlog: stats?.backlog,
        qlen: stats?.queueLength,
      };
    });
    const printed = (golden('tc_qdisc_show').printed ?? []).map(
      ({ dev: _dev, options: _options, requeues: _requeues, ...rest }) => rest,
    );
    expect(printed.map(({ kind }) => kind)).toEqual(['htb', 'noqueue', 'noqueue', 'clsact']);
    expect(told).toEqual(printed);
  });

  it('tells the classes that tc tells', () => {
    const { text } = golden('tc_class_show');
    expect(classes.length).toBeGreaterThan(0);
    for (const message of classes) {
      const { event, kind, index, handle, parent, stats, unknown } = decodeTrafficControl(
        message,
        'little',
      );
      expect({ event, index, unknown }).toEqual({ event: 'newClass', index: 1, unknown: [] });
      const where = parent === TC_H_ROOT ? 'root' : `parent ${handleText(parent)}`;
      expect(text).toContain(`class ${kind} ${handleText(handle)} ${where} `);
      expect(text).toContain(
        ` Sent ${stats?.bytes} bytes ${stats?.packets} pkt (dropped ${stats?.drops}, ` +
          `overlimits ${stats?.overlimits} `,
      );
      expect(stats?.packets).toBeGreaterThan(0);
    }
  });

  it('tells the chains that tc tells', () => {
    const told = chains.map((message) => {
      const { event, index, parent, chain } = decodeTrafficControl(message, 'little');
      expect({ event, index }).toEqual({ event: 'newChain', index: 3 });
      // tc names the discipline, which has no minor number.
      return { parent: handleText(parent & 0xffff0000), chain };
    });
    expect(told.map(({ chain }) => chain)).toEqual([7, 9]);
    expect(told).toEqual(golden('tc_chain_show').printed);
    const { received, text } = golden('tc_chain_get');
    // It is of the type of what asks.
    const [one] = recordedMessages(received, [RTM_GETCHAIN]);
    expect(decodeTrafficControl(one!, 'little').event).toBe('getChain');
    expect(text).toContain(` chain ${decodeTrafficControl(one!, 'little').chain} `);
  });

  it.each(eventGoldens('tc_events').map((step) => [step.action, step] as const))(
    'tells the event that tc monitor tells: %s',
    (_, { received, text }) => {
      const told = recordedMessages(received, EVENTS).map((message) => {
        const { event, kind, handle, parent, index, info, chain } = decodeTrafficControl(
          message,
          'little',
        );
        const what = event.replace(/^(new|delete)/, '').toLowerCase();
        const deleted = event.startsWith('delete') ? 'deleted ' : '';
        const dev = `dev v${index === 3 ? 0 : 1}`;
        const where = parent === TC_H_ROOT ? 'root' : `parent ${handleText(parent)}`;
        if (what === 'qdisc')
          return `${deleted}qdisc ${kind} ${handleText(handle)} ${dev} ${where}`;
        if (what === 'class')
          return `${deleted}class ${kind} ${handleText(handle)} ${dev} ${where}`;
        const block = `${dev} parent ${handleText(parent & 0xffff0000)}`;
        if (what === 'chain') return `${deleted || 'added '}chain ${block} chain ${chain}`;
        return `${deleted || 'added '}filter ${block} protocol ip pref ${info >>> 16} ${kind} chain ${chain}`;
      });
      const lines = text
        .split('\n')
        .filter((line) => /^(?:deleted |added )?(?:qdisc|class|filter|chain) /.test(line));
      expect(lines.map((line, at) => line.slice(0, told[at]?.length))).toEqual(told);
      // Actions have messages of their own.
      expect(told.length > 0).toBe(!text.startsWith('total acts'));
    },
  );

  it('tells the filters that tc tells', () => {
    const told = filters.map((message) => {
      const { event, kind, chain, info } = decodeTrafficControl(message, 'little');
      expect(event).toBe('newFilter');
      // ETH_P_IP in network byte order.
      return { protocol: (info & 0xffff) === 0x0008 ? 'ip' : info, pref: info >>> 16, kind, chain };
    });
    const printed = golden('tc_filter_show').printed ?? [];
    expect(told).toEqual(printed.map(({ options: _options, ...rest }) => rest));
  });

  it('keeps what it does not know, and refuses other messages', () => {
    const body = fromHex('00000000 07000000 00000100 ffffffff 00000000 0600 6440 0102 0000');
    const message = { type: RTM_DELTCLASS, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeTrafficControl(message, 'little')).toMatchObject({
      event: 'deleteClass',
      index: 7,
      handle: 0x10000,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    expect(() => decodeTrafficControl({ ...message, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeTrafficControl({ ...message, type: RTM_GETQDISC })).toThrow(TypeError);
  });
});

describe('encodeTrafficControl, judged by iproute2', () => {
  const make = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  const list = NLM_F_REQUEST | NLM_F_DUMP;
  const acknowledged = NLM_F_REQUEST | NLM_F_ACK;
  const clsact = { index: 9, handle: 0xffff0000, parent: TC_H_CLSACT, kind: 'clsact' };
  const nosuch = { index: 3, handle: 0x10000, parent: TC_H_ROOT, kind: 'nosuchqdisc' };
  const cases: readonly (readonly [string, number, number, TrafficControlRequest])[] = [
    ['tc_clsact', RTM_NEWQDISC, make, clsact],
    ['err_qdisc', RTM_NEWQDISC, make, nosuch],
    ['tc_qdisc_show', RTM_GETQDISC, list, {}],
    [
      'tc_qdisc_del',
      RTM_DELQDISC,
      acknowledged,
      { index: 3, parent: TC_H_CLSACT, handle: 0xffff_0000, kind: 'clsact' },
    ],
    ['tc_class_del', RTM_DELTCLASS, acknowledged, { index: 1, handle: 0x20001 }],
    [
      'tc_filter_add',
      RTM_NEWTFILTER,
      make,
      {
        index: 1,
        parent: 0x20000,
        info: 0x60008,
        kind: 'u32',
        options: attributesOf('tc_filter_add', 2),
      },
    ],
    ['tc_filter_del', RTM_DELTFILTER, acknowledged, { index: 1, parent: 0x20000, info: 0x80008 }],
    ['tc_chain_add', RTM_NEWCHAIN, make, { index: 3, parent: TC_H_MIN_INGRESS, chain: 7 }],
    ['tc_chain_del', RTM_DELCHAIN, acknowledged, { index: 3, parent: TC_H_MIN_INGRESS, chain: 7 }],
    [
      'tc_chain_get',
      RTM_GETCHAIN,
      NLM_F_REQUEST | NLM_F_ECHO,
      { index: 3, parent: TC_H_MIN_INGRESS, chain: 7 },
    ],
    ['tc_chain_show', RTM_GETCHAIN, list, { index: 3, parent: TC_H_MIN_INGRESS }],
    ['tc_class_show', RTM_GETTCLASS, list, { index: 1 }],
    ['tc_filter_show', RTM_GETTFILTER, list, { index: 1, parent: 0x20000 }],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeTrafficControl(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const header = { family: 0, index: 0, handle: 0, parent: 0, info: 0 };
    const decoded = decodeTrafficControlRequest(firstMessage(sent), 'little');
    expect(decoded).toEqual({ ...header, ...request });
  });

  it('says all that a message says, and names attributes', () => {
    const request: TrafficControlRequest = {
      family: 0,
      index: 1,
      handle: 0x10000,
      parent: TC_H_ROOT,
      info: 2,
      kind: 'htb',
      options: Uint8Array.of(4, 0, 1, 0),
      stats: decodeTrafficControl(qdiscs[0]!, 'little').stats!,
      xstats: Uint8Array.of(1, 2, 3, 4),
      rate: { interval: -2, ewmaLog: 3 },
      stats2: Uint8Array.of(4, 0, 1, 0),
      sizeTable: Uint8Array.of(4, 0, 2, 0),
      dumpInvisible: true,
      chain: 5,
      offloaded: true,
      ingressBlock: 6,
      egressBlock: 7,
      dumpFlags: { value: 1, selector: 1 },
      warning: 'slow',
    };
    const bytes = encodeTrafficControl(RTM_NEWQDISC, request, { flags: 0, sequence: 0 }, 'little');
    const decoded = decodeTrafficControl(firstMessage(bytes), 'little');
    expect(decoded).toEqual({ event: 'newQdisc', ...request, unknown: [] });
    const layout = routeRequestLayout(RTM_NEWQDISC)!;
    expect(attributePath(bytes, 36, layout, true)).toBe('kind');
    expect(attributePath(bytes, 44, layout, true)).toBe('options');
  });
});

testFamily('traffic control', {
  decode: decodeTrafficControl,
  decodeRequest: decodeTrafficControlRequest,
  encode: encodeTrafficControl,
  recorded: [...qdiscs, ...classes, ...filters, ...chains, firstMessage(golden('tc_clsact').sent)],
});
