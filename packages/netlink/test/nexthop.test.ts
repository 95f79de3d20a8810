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
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_DELNEXTHOP,
  RTM_GETNEXTHOP,
  RTM_GETNEXTHOPBUCKET,
  RTM_NEWLINK,
  RTM_NEWNEXTHOP,
  RTM_NEWNEXTHOPBUCKET,
  type NexthopMessage,
  type NexthopRequest,
} from '../src/index.ts';
import { addressText, firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const types = [RTM_NEWNEXTHOP, RTM_NEWNEXTHOPBUCKET];
const NAMES = ['nexthop_get', 'nexthop_dump', 'nexthop_buckets', 'nexthop_bucket_get'];
const told = NAMES.flatMap((name) => recordedMessages(golden(name).received, types));
const header = { flags: 0, sequence: 0 };

const decodeAll = (name: string): NexthopMessage[] =>
  recordedMessages(golden(name).received, types).map((message) => decodeNexthop(message, 'little'));

const defined = (object: Printed): Printed =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Seconds of hundredths of a second. */
const seconds = (hundredths: number | bigint | undefined): number => Number(hundredths) / 100;

/** What `ip -d -j nexthop` prints of a nexthop; without -d neither scope nor protocol. */
function print(nexthop: NexthopMessage, details: boolean): Printed {
  const { group, gateway, outputIndex, resilientGroup: resilient, bucket } = nexthop;
  return defined({
    id: nexthop.id,
    bucket: bucket && {
      index: bucket.index,
      idle_time: seconds(bucket.idleTime),
      nhid: bucket.nexthopId,
    },
    group: group?.map(({ id, weight }) =>
      defined({ id, weight: weight === 0 ? undefined : weight + 1 }),
    ),
    type: nexthop.groupType === NEXTHOP_GRP_TYPE_RES ? 'resilient' : undefined,
    resilient_args: resilient && {
      buckets: resilient.buckets,
      idle_timer: seconds(resilient.idleTimer),
      unbalanced_timer: seconds(resilient.unbalancedTimer),
      unbalanced_time: seconds(resilient.unbalancedTime),
    },
    gateway: gateway && addressText(gateway),
    dev: outputIndex === undefined ? undefined : 've0',
    scope: details ? { 0: 'global', 253: 'link' }[nexthop.scope] : undefined,
    blackhole: nexthop.blackhole === true ? null : undefined,
    protocol: details ? 'unspec' : undefined,
    flags: nexthop.flags === 0 ? [] : undefined,
    fdb: nexthop.fdb === true ? null : undefined,
  });
}

describe('decodeNexthop', () => {
  it.each(NAMES)('%s: tells what ip tells', (name) => {
    const { argv, printed } = golden(name);
    const nexthops = decodeAll(name);
    expect(nexthops.length).toBeGreaterThan(0);
    expect(nexthops.map((nexthop) => print(nexthop, argv.includes('-d')))).toEqual(printed);
    expect(nexthops.flatMap(({ unknown }) => unknown)).toEqual([]);
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
  const list = NLM_F_REQUEST | NLM_F_DUMP;
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
    ['nexthop_get', RTM_GETNEXTHOP, NLM_F_REQUEST, { id: 20 }],
    ['nexthop_dump', RTM_GETNEXTHOP, list, {}],
    ['nexthop_del', RTM_DELNEXTHOP, NLM_F_REQUEST | NLM_F_ACK, { id: 15 }],
    [
      'nexthop_resilient',
      RTM_NEWNEXTHOP,
      create,
      {
        id: 21,
        group: [
          { id: 11, weight: 0, weightHigh: 0 },
          { id: 12, weight: 0, weightHigh: 0 },
        ],
        resilientGroup: { buckets: 4, idleTimer: 6000, unbalancedTimer: 30_000 },
        groupType: NEXTHOP_GRP_TYPE_RES,
      },
    ],
    ['nexthop_buckets', RTM_GETNEXTHOPBUCKET, list, { id: 21 }],
    ['nexthop_bucket_get', RTM_GETNEXTHOPBUCKET, NLM_F_REQUEST, { id: 21, bucket: { index: 2 } }],
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
      bucket: { index: 10, idleTime: 2n ** 41n, nexthopId: 11 },
      operationFlags: 12,
      groupStatistics: [{ id: 13, packets: 2n ** 42n, hardwarePackets: 14n }],
      hardwareStatistics: 15,
      hardwareStatisticsUsed: 16,
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
    ...['nexthop_add', 'nexthop_group', 'nexthop_resilient'].map((name) =>
      firstMessage(golden(name).sent),
    ),
  ],
});
