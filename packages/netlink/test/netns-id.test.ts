import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeNetnsId,
  decodeNetnsIdRequest,
  encodeNetnsId,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELNSID,
  RTM_GETNSID,
  RTM_NEWLINK,
  RTM_NEWNSID,
  type NetnsIdRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence } from './golden.ts';

const idsOf = (name: string): (number | undefined)[] =>
  recordedMessages(golden(name).received, [RTM_NEWNSID]).map(
    (message) => decodeNetnsId(message, 'little').netnsId,
  );

describe('decodeNetnsId', () => {
  it('tells the ids that ip tells', () => {
    const { printed } = golden('nsid_list');
    expect(idsOf('nsid_list')).toEqual((printed ?? []).map((entry) => entry['nsid']));
    expect(idsOf('nsid_get')).toEqual([0]);
    // Another namespace that ip asked for has no id, so it is not printed.
    expect(idsOf('nsid_none')).toEqual([-1]);
  });

  it('keeps what it does not know, and refuses other messages', () => {
    const body = fromHex('00000000 0600 6440 0102 0000');
    const message = { type: RTM_DELNSID, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeNetnsId(message, 'little')).toMatchObject({
      event: 'delete',
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    expect(() => decodeNetnsId({ ...message, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeNetnsId({ ...message, type: RTM_GETNSID })).toThrow(TypeError);
  });
});

describe('encodeNetnsId, judged by iproute2', () => {
  const cases: readonly (readonly [string, number, number, NetnsIdRequest])[] = [
    ['set_nsid', RTM_NEWNSID, NLM_F_REQUEST | NLM_F_ACK, { fd: 6, netnsId: 555 }],
    ['nsid_add', RTM_NEWNSID, NLM_F_REQUEST | NLM_F_ACK, { fd: 6, netnsId: 9 }],
    ['nsid_get', RTM_GETNSID, NLM_F_REQUEST, { fd: 6 }],
    ['nsid_list', RTM_GETNSID, NLM_F_REQUEST | NLM_F_DUMP, {}],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeNetnsId(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const decoded = decodeNetnsIdRequest(firstMessage(sent), 'little');
    expect(decoded).toEqual({ family: 0, ...request });
  });

  it('says all that a message says, and names attributes', () => {
    const request: NetnsIdRequest = {
      family: 0,
      netnsId: -1,
      pid: 2,
      fd: 3,
      targetNetnsId: 4,
      currentNetnsId: -5,
    };
    const bytes = encodeNetnsId(RTM_NEWNSID, request, { flags: 0, sequence: 0 }, 'little');
    const decoded = decodeNetnsId(firstMessage(bytes), 'little');
    expect(decoded).toEqual({ event: 'new', ...request, unknown: [] });
    expect(attributePath(bytes, 44, routeRequestLayout(RTM_NEWNSID)!, true)).toBe('target-nsid');
  });
});

testFamily('ids of network namespaces', {
  decode: decodeNetnsId,
  decodeRequest: decodeNetnsIdRequest,
  encode: encodeNetnsId,
  recorded: [
    ...recordedMessages(golden('nsid_list').received, [RTM_NEWNSID]),
    ...recordedMessages(golden('nsid_none').received, [RTM_NEWNSID]),
    firstMessage(golden('set_nsid').sent),
  ],
});
