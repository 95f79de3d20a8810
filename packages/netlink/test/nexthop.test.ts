import { describe, expect, it } from 'vitest';
import {
  AF_INET,
  attributePath,
  decodeNexthop,
  decodeNexthopRequest,
  encodeNexthop,
  NEXTHOP_GRP_TYPE_RES,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELNEXTHOP,
  RTM_GETNEXTHOP,
  RTM_NEWLINK,
  RTM_NEWNEXTHOP,
  type NexthopRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const { received, printed } = golden('nexthop_get');
const told = recordedMessages(received, [RTM_NEWNEXTHOP]);
const header = { flags: 0, sequence: 0 };

describe('decodeNexthop', () => {
  it('tells the group that ip tells', () => {
    // ip asked for it to print the route that goes by it.
    const [truth] = (printed ?? []).filter((route) => route['nhid'] === 20);
    const { id, group, protocol, scope, flags } = decodeNexthop(told[0]!, 'little');
    const ours: Printed = {
      id,
      group: group?.map((entry) => ({ id: entry.id, weight: entry.weight + 1 })),
      scope: scope === 0 ? 'global' : scope,
      protocol: protocol === 0 ? 'unspec' : protocol,
      flags: flags === 0 ? [] : flags,
    };
    expect(ours).toEqual(truth?.['nh_info']);
  });

  it('keeps what it does not know', () => {
    const body = fromHex('02000400 00000000 0600 6440 0102 0000');
    const message = { type: RTM_DELNEXTHOP, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeNexthop(message, 'little')).toMatchObject({
      event: 'delete',
      protocol: 4,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
  });

  it('refuses other messages', () => {
    expect(() => decodeNexthop({ ...told[0]!, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeNexthop({ ...told[0]!, type: RTM_GETNEXTHOP })).toThrow(TypeError);
  });
});

describe('encodeNexthop, judged by iproute2', () => {
  const create = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  const cases: readonly (readonly [string, number, number, NexthopRequest])[] = [
    [
      'nexthop_add',
      RTM_NEWNEXTHOP,
      create,
      { family: AF_INET, id: 11, gateway: fromHex('c00002c8'), outputIndex: 3 },
    ],
    [
      'nexthop_group',
      RTM_NEWNEXTHOP,
      create,
      {
        id: 20,
        group: [
          { id: 11, weight: 2, weightHigh: 0 },
          { id: 12, weight: 6, weightHigh: 0 },
        ],
      },
    ],
    [
      'err_nh_group',
      RTM_NEWNEXTHOP,
      create,
      { id: 30, group: [{ id: 999, weight: 0, weightHigh: 0 }] },
    ],
    ['nexthop_get', RTM_GETNEXTHOP, NLM_F_REQUEST, { family: AF_INET, id: 20 }],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const decoded = decodeNexthopRequest(firstMessage(sent), 'little');
    expect(decoded).toEqual({ family: 0, scope: 0, protocol: 0, flags: 0, ...request });
    const bytes = encodeNexthop(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
  });

  it('says all that a message says', () => {
    const request: NexthopRequest = {
      family: AF_INET,
      scope: 1,
      protocol: 4,
      flags: 4,
      id: 1,
      group: [{ id: 2, weight: 255, weightHigh: 1 }],
      groupType: NEXTHOP_GRP_TYPE_RES,
      blackhole: true,
      outputIndex: 3,
      gateway: fromHex('0a000001'),
      encapType: 5,
      encap: fromHex('010203'),
      groupsOnly: true,
      master: 6,
      fdb: true,
      resilientGroup: {
        buckets: 7,
        idleTimer: 8,
        unbalancedTimer: 9,
        unbalancedTime: 2n ** 40n,
      },
    };
    const message = firstMessage(encodeNexthop(RTM_NEWNEXTHOP, request, header, 'little'));
    expect(decodeNexthop(message, 'little')).toEqual({ event: 'new', ...request, unknown: [] });
  });

  it('names attributes', () => {
    const request: NexthopRequest = { resilientGroup: { buckets: 1 } };
    const bytes = encodeNexthop(RTM_NEWNEXTHOP, request, header, 'little');
    const layout = routeRequestLayout(RTM_NEWNEXTHOP)!;
    expect(attributePath(bytes, 28, layout, true)).toBe('res-group.buckets');
  });
});

testFamily('nexthops', {
  decode: decodeNexthop,
  decodeRequest: decodeNexthopRequest,
  encode: encodeNexthop,
  recorded: [
    ...told,
    ...['nexthop_add', 'nexthop_group'].map((name) => firstMessage(golden(name).sent)),
  ],
});
