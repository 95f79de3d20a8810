import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeTrafficControl,
  decodeTrafficControlRequest,
  encodeTrafficControl,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELTCLASS,
  RTM_GETQDISC,
  RTM_GETTCLASS,
  RTM_GETTFILTER,
  RTM_NEWLINK,
  RTM_NEWQDISC,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
  TC_H_CLSACT,
  TC_H_ROOT,
  type TrafficControlRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence } from './golden.ts';

const qdiscs = recordedMessages(golden('tc_qdisc_show').received, [RTM_NEWQDISC]);
const classes = recordedMessages(golden('tc_class_show').received, [RTM_NEWTCLASS]);
const filters = recordedMessages(golden('tc_filter_show').received, [RTM_NEWTFILTER]);

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
    // tc -s class show: class htb 2:1 root, Sent 392 bytes 4 pkt (dropped 0, overlimits 0)
    expect(classes.map((message) => decodeTrafficControl(message, 'little'))).toMatchObject([
      {
        event: 'newClass',
        kind: 'htb',
        index: 1,
        handle: 0x20001,
        parent: TC_H_ROOT,
        stats: { bytes: 392n, packets: 4, drops: 0, overlimits: 0, queueLength: 0 },
        unknown: [],
      },
    ]);
  });

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
  const clsact = { index: 9, handle: 0xffff0000, parent: TC_H_CLSACT, kind: 'clsact' };
  const nosuch = { index: 3, handle: 0x10000, parent: TC_H_ROOT, kind: 'nosuchqdisc' };
  const cases: readonly (readonly [string, number, number, TrafficControlRequest])[] = [
    ['tc_clsact', RTM_NEWQDISC, make, clsact],
    ['err_qdisc', RTM_NEWQDISC, make, nosuch],
    ['tc_qdisc_show', RTM_GETQDISC, list, {}],
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
  recorded: [...qdiscs, ...classes, ...filters, firstMessage(golden('tc_clsact').sent)],
});
