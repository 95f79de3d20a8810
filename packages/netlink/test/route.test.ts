import { describe, expect, it } from 'vitest';
import {
  AF_INET,
  AF_INET6,
  attributePath,
  decodeRoute,
  decodeRouteRequest,
  encodeRoute,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  routeRequestLayout,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_TABLE_MAIN,
  RTM_DELROUTE,
  RTM_F_LOOKUP_TABLE,
  RTM_GETROUTE,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  RTN_BLACKHOLE,
  RTN_UNICAST,
  RTN_UNREACHABLE,
  RTNH_F_LINKDOWN,
  RTPROT_BOOT,
  RTPROT_STATIC,
  type RouteMessage,
  type RouteNexthop,
  type RouteRequest,
} from '../src/index.ts';
import { addressText, firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const types = [RTM_NEWROUTE, RTM_DELROUTE];
const DUMPS = ['route_dump4', 'route_dump6', 'route_dump_t4000'];
const NAMES = [...DUMPS, 'route_get4', 'route_get6'];
const recorded = NAMES.flatMap((name) => recordedMessages(golden(name).received, types));

const TYPES = [
  ...['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast'],
  ...['blackhole', 'unreachable', 'prohibit', 'throw'],
];
const TABLES = new Map([
  [254, 'main'],
  [255, 'local'],
]);
const SCOPES = new Map([
  [0, 'global'],
  [RT_SCOPE_LINK, 'link'],
  [RT_SCOPE_HOST, 'host'],
  [RT_SCOPE_NOWHERE, 'nowhere'],
]);
/** Names of the recorded interfaces, as ip looked them up. */
const LINKS = [
  ...['', 'lo', 've1', 've0', 'vp0', 'br0', 'vx4', 'vx6', 'vxe', 'mv0', 'mv1', 'mt0', 'ifb0'],
  ...['tap0', 'tun0'],
];

function defined(object: Printed): Printed {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function flagsOf(flags: number): string[] {
  return (flags & RTNH_F_LINKDOWN) === 0 ? [] : ['linkdown'];
}

function nexthop({ gateway, index, hops, flags }: RouteNexthop): Printed {
  return defined({
    gateway: gateway && addressText(gateway),
    dev: LINKS[index],
    weight: hops + 1,
    flags: flagsOf(flags),
  });
}

/** What `ip -d -j route` prints of a route, as far as it is compared. */
function print(route: RouteMessage): Printed {
  const { destination, destinationLength: length, gateway, via, outputIndex, multipath } = route;
  const bits = route.family === AF_INET ? 32 : 128;
  const suffix = length === bits ? '' : `/${length}`;
  return defined({
    type: TYPES[route.routeType],
    dst: destination === undefined ? 'default' : `${addressText(destination)}${suffix}`,
    nhid: route.nexthopId,
    gateway: gateway && addressText(gateway),
    via: via && { family: 'inet6', host: addressText(via.subarray(2)) },
    dev: outputIndex === undefined ? undefined : LINKS[outputIndex],
    table: TABLES.get(route.table) ?? String(route.table),
    protocol: { 2: 'kernel', 3: 'boot' }[route.protocol],
    scope: SCOPES.get(route.scope),
    prefsrc: route.preferredSource && addressText(route.preferredSource),
    metric: route.priority,
    flags: flagsOf(route.flags),
    pref: route.preference === undefined ? undefined : ['medium', 'high'][route.preference],
    nexthops: multipath?.map(nexthop),
  });
}

describe('decodeRoute, judged by ip', () => {
  it.each(DUMPS)('%s', (name) => {
    const { received, printed } = golden(name);
    const compared = new Set(
      ['type', 'dst', 'nhid', 'gateway', 'via', 'dev', 'protocol', 'scope', 'prefsrc'].concat([
        ...(name === 'route_dump_t4000' ? [] : ['table']),
        ...['metric', 'flags', 'pref', 'nexthops'],
      ]),
    );
    const pick = (route: Printed): Printed =>
      Object.fromEntries(Object.entries(route).filter(([key]) => compared.has(key)));
    const ours = recordedMessages(received, types)
      .map((message) => decodeRoute(message, 'little'))
      .map(print);
    expect(ours.length).toBeGreaterThan(0);
    expect(ours.map(pick)).toEqual((printed ?? []).map(pick));
  });

  it.each(['route_get4', 'route_get6'])('%s: the route to a destination', (name) => {
    const { received, printed } = golden(name);
    const [message, ...rest] = recordedMessages(received, types);
    expect(rest).toEqual([]);
    const route = decodeRoute(message!, 'little');
    const ours: Printed = { ...print(route), uid: route.uid };
    // ip leaves out what a route of the cache always has.
    const [truth] = printed ?? [];
    const { from: _from, cache: _cache, ...compared } = truth ?? {};
    expect(ours).toMatchObject(compared);
    expect(Object.keys(compared).length).toBeGreaterThan(5);
  });

  it('tells an encapsulation by its type and bytes', () => {
    const routes = recorded.map((message) => decodeRoute(message, 'little'));
    const [route] = routes.filter(({ encapType }) => encapType !== undefined);
    // LWTUNNEL_ENCAP_SEG6; the bytes hold SEG6_IPTUNNEL_SRH, with the segments that ip prints.
    expect(route?.encapType).toBe(5);
    const hex = Buffer.from(route!.encap!).toString('hex');
    expect(hex).toContain('20010db800ff00000000000000000001');
    expect(hex).toContain('20010db800ff00000000000000000002');
  });

  it('takes the table from RTA_TABLE, and keeps what it does not know', () => {
    const body = fromHex('02100000 fc03fd01 10000000 0800 0f00 a00f0000 0600 6440 0102 0000');
    const message = { type: RTM_DELROUTE, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeRoute(message, 'little')).toMatchObject({
      event: 'delete',
      table: 4000,
      flags: RTNH_F_LINKDOWN,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
  });

  it('refuses other messages', () => {
    const [message] = recorded;
    expect(() => decodeRoute({ ...message!, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeRoute({ ...message!, type: RTM_GETROUTE })).toThrow(TypeError);
  });
});

describe('encodeRoute, judged by iproute2', () => {
  const ack = NLM_F_REQUEST | NLM_F_ACK;
  const create = ack | NLM_F_CREATE | NLM_F_EXCL;
  const common = {
    family: AF_INET,
    destinationLength: 16,
    table: RT_TABLE_MAIN,
    protocol: RTPROT_BOOT,
    routeType: RTN_UNICAST,
  };
  const cases: readonly (readonly [string, number, number, RouteRequest])[] = [
    [
      'route_add4',
      RTM_NEWROUTE,
      create,
      {
        ...common,
        protocol: RTPROT_STATIC,
        destination: fromHex('0a010000'),
        gateway: fromHex('c00002fe'),
        priority: 100,
        outputIndex: 3,
        metrics: { mtu: 1300, advertisedMss: 1200 },
      },
    ],
    [
      'route_add4_mp',
      RTM_NEWROUTE,
      create,
      {
        ...common,
        destination: fromHex('0a030000'),
        multipath: [
          { flags: 0, hops: 2, index: 3, gateway: fromHex('c00002fd') },
          { flags: 0, hops: 4, index: 5, gateway: fromHex('cb007102') },
        ],
      },
    ],
    [
      'route_add_blackhole',
      RTM_NEWROUTE,
      create,
      { ...common, routeType: RTN_BLACKHOLE, destination: fromHex('0a040000') },
    ],
    [
      'route_add_nhid',
      RTM_NEWROUTE,
      create,
      { ...common, destination: fromHex('0a070000'), nexthopId: 20 },
    ],
    [
      'route_add_unreach',
      RTM_NEWROUTE,
      create,
      { ...common, routeType: RTN_UNREACHABLE, destination: fromHex('0a050000'), priority: 9 },
    ],
    [
      'route_add_via6',
      RTM_NEWROUTE,
      create,
      {
        ...common,
        destination: fromHex('0a060000'),
        via: fromHex('0a00 20010db8000000000000000000000009'),
        outputIndex: 3,
      },
    ],
    [
      'err_route_del',
      RTM_DELROUTE,
      ack,
      {
        family: AF_INET,
        destinationLength: 16,
        table: RT_TABLE_MAIN,
        scope: RT_SCOPE_NOWHERE,
        destination: fromHex('0afa0000'),
      },
    ],
    [
      'route_del',
      RTM_DELROUTE,
      ack,
      {
        family: AF_INET,
        destinationLength: 16,
        table: RT_TABLE_MAIN,
        scope: RT_SCOPE_NOWHERE,
        destination: fromHex('0a040000'),
      },
    ],
    [
      'route_get4',
      RTM_GETROUTE,
      NLM_F_REQUEST,
      {
        family: AF_INET,
        destinationLength: 32,
        sourceLength: 32,
        flags: RTM_F_LOOKUP_TABLE,
        destination: fromHex('0a010203'),
        source: fromHex('c0000201'),
      },
    ],
    [
      'route_get6',
      RTM_GETROUTE,
      NLM_F_REQUEST,
      {
        family: AF_INET6,
        destinationLength: 128,
        destination: fromHex('20010db8001000000000000000000005'),
      },
    ],
    ['route_dump4', RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_INET }],
    ['route_dump6', RTM_GETROUTE, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_INET6 }],
    [
      'route_dump_t4000',
      RTM_GETROUTE,
      NLM_F_REQUEST | NLM_F_DUMP,
      { family: AF_INET, table: 4000 },
    ],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeRoute(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const decoded = decodeRouteRequest(firstMessage(sent), 'little');
    const fixed = { destinationLength: 0, sourceLength: 0, tos: 0, table: 0, protocol: 0 };
    expect(decoded).toEqual({ ...fixed, scope: 0, routeType: 0, flags: 0, ...request });
  });

  it('says all that a message says', () => {
    const request: RouteRequest = {
      ...common,
      sourceLength: 1,
      tos: 2,
      scope: RT_SCOPE_LINK,
      flags: 3,
      destination: fromHex('0a010000'),
      source: fromHex('0a020000'),
      inputIndex: 4,
      outputIndex: 5,
      gateway: fromHex('0a030000'),
      priority: 6,
      preferredSource: fromHex('0a040000'),
      metrics: { lock: 4, mtu: 1300, congestionControl: 'bbr' },
      multipath: [{ flags: 1, hops: 2, index: 3, encapType: 1, encap: fromHex('0102030405') }],
      flow: 7,
      cacheInfo: {
        references: 1,
        lastUse: 2,
        expires: -3,
        error: 4,
        used: 5,
        id: 6,
        timestamp: 7,
        timestampAge: 8,
      },
      mark: 8,
      multicastStatistics: { packets: 1n, bytes: 2n ** 63n, wrongInterface: 3n },
      via: fromHex('0a0001'),
      newDestination: fromHex('01'),
      preference: 3,
      encapType: 9,
      encap: fromHex('0506'),
      expires: 10,
      uid: 11,
      ttlPropagate: true,
      ipProtocol: 12,
      sourcePort: 4789,
      destinationPort: 443,
      nexthopId: 13,
      flowLabel: 0x1_2345,
      deleteReason: 14,
    };
    const header = { flags: 0, sequence: 0 };
    const message = firstMessage(encodeRoute(RTM_NEWROUTE, request, header, 'little'));
    expect(decodeRoute(message, 'little')).toEqual({
      event: 'new',
      ...request,
      multicastExpires: undefined,
      unknown: [],
    });
    const multicast: RouteRequest = { family: 128, multicastExpires: 2n ** 40n };
    const other = firstMessage(encodeRoute(RTM_NEWROUTE, multicast, header));
    expect(decodeRoute(other).multicastExpires).toBe(2n ** 40n);
  });

  it('names attributes', () => {
    const { sent } = golden('route_add4');
    const layout = routeRequestLayout(RTM_NEWROUTE)!;
    expect(attributePath(sent, 28, layout, true)).toBe('dst');
    expect(attributePath(sent, 72, layout, true)).toBe('metrics.advmss');
  });
});

testFamily('routes', {
  decode: decodeRoute,
  decodeRequest: decodeRouteRequest,
  encode: encodeRoute,
  recorded,
});
