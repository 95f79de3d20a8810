import { describe, expect, it } from 'vitest';
import {
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  attributePath,
  decodeAcknowledgement,
  decodeNeighbour,
  decodeNeighbourRequest,
  encodeNeighbour,
  messages,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  NTF_EXT_LEARNED,
  NTF_MASTER,
  NTF_OFFLOADED,
  NTF_PROXY,
  NTF_ROUTER,
  NTF_SELF,
  NTF_STICKY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_REACHABLE,
  NUD_STALE,
  routeRequestLayout,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWLINK,
  RTM_NEWNEIGH,
  type NeighbourMessage,
  type NeighbourRequest,
} from '../src/index.ts';
import { addressText, firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const types = [RTM_NEWNEIGH, RTM_DELNEIGH];
const NAMES = ['bridge_fdb', 'fdb_get', 'neigh_dump', 'neigh_proxy_dump', 'neigh_get'];
const recorded = NAMES.flatMap((name) => recordedMessages(golden(name).received, types));

const header = { flags: 0, sequence: 0 };

describe('decodeNeighbour, judged by iproute2', () => {
  it.each(['bridge_fdb', 'fdb_get'])('%s: tells a forwarding database as bridge does', (name) => {
    const { received, printed } = golden(name);
    // Several bits may be set: the first of these is printed.
    const states: readonly (readonly [number, string])[] = [
      [NUD_PERMANENT, 'permanent'],
      [NUD_NOARP, 'static'],
      [NUD_STALE, 'stale'],
      [NUD_REACHABLE, ''],
    ];
    const flags: readonly (readonly [number, string])[] = [
      [NTF_SELF, 'self'],
      [NTF_ROUTER, 'router'],
      [NTF_EXT_LEARNED, 'extern_learn'],
      [NTF_OFFLOADED, 'offload'],
      [NTF_MASTER, 'master'],
      [NTF_STICKY, 'sticky'],
    ];
    const names = new Map((printed ?? []).map((entry, at) => [at, entry['ifname']]));
    const print = (entry: NeighbourMessage, at: number): Printed =>
      Object.fromEntries(
        Object.entries({
          mac: entry.linkLayerAddress && addressText(entry.linkLayerAddress),
          ifname: names.get(at),
          dst: entry.destination && addressText(entry.destination),
          vlan: entry.vlan,
          vni: entry.vni,
          port: entry.port,
          src_vni: entry.sourceVni,
          used: entry.cacheInfo && Math.floor(entry.cacheInfo.used / 100),
          updated: entry.cacheInfo && Math.floor(entry.cacheInfo.updated / 100),
          flags: flags.filter(([bit]) => (entry.flags & bit) !== 0).map(([, word]) => word),
          state: states.find(([bit]) => (entry.state & bit) !== 0)?.[1],
        }).filter(([, value]) => value !== undefined),
      );
    const entries = recordedMessages(received, types).map((message) =>
      decodeNeighbour(message, 'little'),
    );
    expect(entries.length).toBeGreaterThan(name === 'bridge_fdb' ? 20 : 0);
    expect(entries.every(({ family }) => family === AF_BRIDGE)).toBe(true);
    const ours = entries.map(print);
    const compared = new Set([...ours.flatMap((entry) => Object.keys(entry))]);
    const truth = (printed ?? []).map((entry) =>
      Object.fromEntries(Object.entries(entry).filter(([key]) => compared.has(key))),
    );
    expect(ours).toEqual(truth);
  });

  it.each(['neigh_dump', 'neigh_proxy_dump'])('%s: tells what ip tells', (name) => {
    const { received, printed, argv } = golden(name);
    const states = new Map([
      [NUD_PERMANENT, 'PERMANENT'],
      [NUD_STALE, 'STALE'],
      [NUD_INCOMPLETE, 'INCOMPLETE'],
      [NUD_REACHABLE, 'REACHABLE'],
      [NUD_FAILED, 'FAILED'],
    ]);
    const details = argv.includes('-s');
    const seconds = (hundredths: number | undefined): number | undefined =>
      details ? Math.floor((hundredths ?? 0) / 100) : undefined;
    const ours = recordedMessages(received, types)
      .map((message) => decodeNeighbour(message, 'little'))
      // ip leaves these out unless it is asked for all.
      .filter(({ state, flags }) => state !== NUD_NOARP && !(state === 0 && flags === 0))
      .map((neighbour) => {
        const { destination, linkLayerAddress: address, cacheInfo, flags } = neighbour;
        return {
          dst: addressText(destination!),
          // The only one that has neighbours here.
          dev: neighbour.index === 3 ? 've0' : neighbour.index,
          lladdr: address && addressText(address),
          router: (flags & NTF_ROUTER) === 0 ? undefined : null,
          proxy: (flags & NTF_PROXY) === 0 ? undefined : null,
          refcnt: cacheInfo?.references || undefined,
          used: seconds(cacheInfo?.used),
          confirmed: seconds(cacheInfo?.confirmed),
          updated: seconds(cacheInfo?.updated),
          probes: details ? neighbour.probes : undefined,
          state: neighbour.state === 0 ? undefined : [states.get(neighbour.state)],
        };
      });
    expect(ours.length).toBeGreaterThan(0);
    expect(ours).toEqual(
      (printed ?? []).map((entry) => ({
        // What ip does not print is undefined.
        ...Object.fromEntries(Object.keys(ours[0]!).map((key) => [key, undefined])),
        ...entry,
      })),
    );
  });

  it('tells the neighbour that ip tells', () => {
    const { received, text } = golden('neigh_get');
    const [message] = recordedMessages(received, types);
    const neighbour = decodeNeighbour(message!, 'little');
    expect(neighbour).toMatchObject({
      event: 'new',
      family: AF_INET,
      index: 3,
      state: NUD_PERMANENT,
      flags: 0,
      probes: 0,
      cacheInfo: { references: 1 },
      unknown: [],
    });
    const [destination, address] = [neighbour.destination!, neighbour.linkLayerAddress!];
    expect(text?.trim()).toBe(
      `${addressText(destination)} dev ve0 lladdr ${addressText(address)} PERMANENT`,
    );
  });

  it('keeps what it does not know', () => {
    const body = fromHex('02000000 03000000 8000 08 01 0600 6440 0102 0000');
    const message = { type: RTM_DELNEIGH, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeNeighbour(message, 'little')).toMatchObject({
      event: 'delete',
      flags: 8,
      neighbourType: 1,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
  });

  it('refuses other messages', () => {
    const message = firstMessage(golden('bridge_fdb').received[0]!);
    expect(() => decodeNeighbour({ ...message, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeNeighbour({ ...message, type: RTM_GETNEIGH })).toThrow(TypeError);
  });
});

describe('encodeNeighbour, judged by iproute2', () => {
  const ack = NLM_F_REQUEST | NLM_F_ACK;
  const cases: readonly (readonly [string, number, number, NeighbourRequest])[] = [
    [
      'neigh_add6',
      RTM_NEWNEIGH,
      ack | NLM_F_CREATE | NLM_F_EXCL,
      {
        family: AF_INET6,
        index: 3,
        state: NUD_STALE,
        flags: NTF_ROUTER,
        destination: fromHex('20010db8000000000000000000000050'),
        linkLayerAddress: fromHex('021122334466'),
      },
    ],
    [
      'neigh_get',
      RTM_GETNEIGH,
      NLM_F_REQUEST,
      { family: AF_INET, index: 3, destination: fromHex('c0000232') },
    ],
    ['neigh_dump', RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, {}],
    ['neigh_proxy_dump', RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, { flags: NTF_PROXY }],
    [
      'neigh_del',
      RTM_DELNEIGH,
      ack,
      { family: AF_INET, index: 3, state: NUD_PERMANENT, destination: fromHex('c0000232') },
    ],
    [
      'fdb_add',
      RTM_NEWNEIGH,
      ack | NLM_F_CREATE | NLM_F_EXCL,
      {
        family: AF_BRIDGE,
        index: 2,
        state: NUD_NOARP | NUD_REACHABLE,
        flags: NTF_MASTER,
        linkLayerAddress: fromHex('028888888888'),
      },
    ],
    [
      'fdb_get',
      RTM_GETNEIGH,
      NLM_F_REQUEST,
      { family: AF_BRIDGE, linkLayerAddress: fromHex('028888888888'), master: 5 },
    ],
    [
      'fdb_del',
      RTM_DELNEIGH,
      ack,
      {
        family: AF_BRIDGE,
        index: 2,
        state: NUD_NOARP | NUD_PERMANENT,
        flags: NTF_MASTER,
        linkLayerAddress: fromHex('028888888888'),
      },
    ],
    ['neigh_flush', RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, { outputIndex: 3 }],
    ['bridge_fdb', RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_BRIDGE }],
    [
      'err_neigh_del',
      RTM_DELNEIGH,
      ack,
      { family: AF_INET, index: 3, state: NUD_PERMANENT, destination: fromHex('c00002c7') },
    ],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeNeighbour(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const fixed = { family: 0, index: 0, state: 0, flags: 0, neighbourType: 0 };
    expect(decodeNeighbourRequest(firstMessage(sent), 'little')).toEqual({ ...fixed, ...request });
  });

  it('says all that a message says', () => {
    const request: NeighbourRequest = {
      family: AF_INET,
      index: 3,
      state: NUD_REACHABLE,
      flags: 1,
      neighbourType: 2,
      destination: fromHex('0a000001'),
      linkLayerAddress: fromHex('020000000001'),
      cacheInfo: { confirmed: 1, used: 2, updated: 3, references: 4 },
      probes: 5,
      vlan: 6,
      port: 4789,
      vni: 7,
      outputIndex: 8,
      master: 9,
      linkNetnsId: -1,
      sourceVni: 10,
      protocol: 11,
      nexthopId: 12,
      fdb: { activityNotify: 1, dontRefresh: true },
      extendedFlags: 13,
      stateMask: 14,
      flagsMask: 15,
    };
    const message = firstMessage(encodeNeighbour(RTM_NEWNEIGH, request, header, 'little'));
    expect(decodeNeighbour(message, 'little')).toEqual({ event: 'new', ...request, unknown: [] });
    // The port of a tunnel is in network byte order.
    expect(Buffer.from(message.body).toString('hex')).toContain('0600060012b5');
  });

  it('refuses what cannot be written', () => {
    const out = { code: 'ERR_OUT_OF_RANGE' };
    expect(() => encodeNeighbour(RTM_NEWNEIGH, { state: 65_536 }, header)).toThrow(
      expect.objectContaining(out),
    );
    expect(() => encodeNeighbour(RTM_NEWLINK, {}, header)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });
});

describe('acknowledgements of neighbours', () => {
  it('name attributes', () => {
    const request = encodeNeighbour(
      RTM_NEWNEIGH,
      { vlan: 1, fdb: { activityNotify: 1 } },
      { flags: NLM_F_REQUEST, sequence: 1 },
      'little',
    );
    const layout = routeRequestLayout(RTM_NEWNEIGH)!;
    expect(attributePath(request, 28, layout, true)).toBe('vlan');
    expect(attributePath(request, 40, layout, true)).toBe('fdb-ext-attrs.activity-notify');
    const [answer] = golden('err_neigh_del').received.flatMap((bytes) => [
      ...messages(bytes, 'little'),
    ]);
    expect(decodeAcknowledgement(answer!, undefined, 'little').errno).toBe(2);
  });
});

testFamily('neighbours', {
  decode: decodeNeighbour,
  decodeRequest: decodeNeighbourRequest,
  encode: encodeNeighbour,
  recorded,
});
