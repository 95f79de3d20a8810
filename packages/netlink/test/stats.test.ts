import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeStats,
  decodeStatsQuery,
  decodeStatsQueryRequest,
  decodeStatsRequest,
  encodeStats,
  encodeStatsQuery,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_GETSTATS,
  RTM_NEWLINK,
  RTM_NEWSTATS,
  RTM_SETSTATS,
  type StatsMessage,
  type StatsQueryRequest,
  type StatsRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const shown = golden('stats_show');
const dump = recordedMessages(shown.received, [RTM_NEWSTATS]);

/** What ip printed of one group. */
const printedOf = (group: string, subgroup?: string, suite?: string): Printed[] =>
  (shown.printed ?? []).filter(
    (entry) =>
      entry['group'] === group && entry['subgroup'] === subgroup && entry['suite'] === suite,
  );

/** What ip prints of what a bridge counts of the spanning tree of a port. */
function spanningTree({ slaveXstats }: StatsMessage): Printed | undefined {
  const tree = slaveXstats?.bridge?.spanningTree;
  return (
    tree && {
      rx_bpdu: Number(tree.rxBpdus),
      tx_bpdu: Number(tree.txBpdus),
      rx_tcn: Number(tree.rxTopologyChanges),
      tx_tcn: Number(tree.txTopologyChanges),
      transition_blk: Number(tree.blocked),
      transition_fwd: Number(tree.forwarded),
    }
  );
}

describe('decodeStats', () => {
  const decoded = dump.map((message) => decodeStats(message, 'little'));

  it('tells the counters that ip tells', () => {
    const counters = decoded.map(({ index, stats64: stats }) => ({
      ifindex: index,
      stats64: stats && {
        rx: {
          bytes: Number(stats.rxBytes),
          packets: Number(stats.rxPackets),
          errors: Number(stats.rxErrors),
          dropped: Number(stats.rxDropped),
          over_errors: Number(stats.rxOverErrors),
          multicast: Number(stats.multicast),
        },
        tx: {
          bytes: Number(stats.txBytes),
          packets: Number(stats.txPackets),
          errors: Number(stats.txErrors),
          dropped: Number(stats.txDropped),
          carrier_errors: Number(stats.txCarrierErrors),
          collisions: Number(stats.collisions),
        },
      },
    }));
    expect(counters.length).toBe(15);
    expect(counters).toEqual(
      printedOf('link').map(({ ifindex, stats64 }) => ({ ifindex, stats64 })),
    );
  });

  it('tells which counters of hardware are in use, as ip does', () => {
    const uses = decoded.map(({ index, offload }) => {
      const use = offload?.info?.l3;
      return { ifindex: index, info: { request: use?.requested, used: use?.used } };
    });
    expect(uses).toEqual(
      printedOf('offload', 'l3_stats').map(({ ifindex, info }) => ({ ifindex, info })),
    );
  });

  it('tells what the bridge counts of a port, as ip does', () => {
    const trees = decoded.map((message) => ({
      ifindex: message.index,
      stp: spanningTree(message),
    }));
    expect(trees.some(({ stp }) => Number(stp?.['tx_bpdu']) > 0)).toBe(true);
    expect(trees).toEqual(
      printedOf('xstats_slave', 'bridge', 'stp').map(({ ifindex, stp }) => ({ ifindex, stp })),
    );
  });

  it('tells what the bridge counts of multicast, and the counters of one interface, as ip does', () => {
    const { received, printed } = golden('stats_get');
    const [message] = recordedMessages(received, [RTM_NEWSTATS]);
    const { index, filterMask, stats64, slaveXstats, unknown } = decodeStats(message!, 'little');
    expect({ index, filterMask, unknown }).toEqual({ index: 2, filterMask: 5, unknown: [] });
    const find = (suite?: string): Printed =>
      (printed ?? []).find((entry) => entry['suite'] === suite) ?? {};
    expect(find()['stats64']).toMatchObject({
      rx: { bytes: Number(stats64?.rxBytes), packets: Number(stats64?.rxPackets) },
      tx: { bytes: Number(stats64?.txBytes), packets: Number(stats64?.txPackets) },
    });
    const counters = slaveXstats!.bridge!.multicast!;
    const number = Number;
    expect(find('mcast')['multicast']).toEqual({
      igmp_queries: {
        rx_v1: number(counters.igmpV1QueriesRx),
        rx_v2: number(counters.igmpV2QueriesRx),
        rx_v3: number(counters.igmpV3QueriesRx),
        tx_v1: number(counters.igmpV1QueriesTx),
        tx_v2: number(counters.igmpV2QueriesTx),
        tx_v3: number(counters.igmpV3QueriesTx),
      },
      igmp_reports: {
        rx_v1: number(counters.igmpV1ReportsRx),
        rx_v2: number(counters.igmpV2ReportsRx),
        rx_v3: number(counters.igmpV3ReportsRx),
        tx_v1: number(counters.igmpV1ReportsTx),
        tx_v2: number(counters.igmpV2ReportsTx),
        tx_v3: number(counters.igmpV3ReportsTx),
      },
      igmp_leaves: {
        rx: number(counters.igmpLeavesRx),
        tx: number(counters.igmpLeavesTx),
      },
      igmp_parse_errors: number(counters.igmpParseErrors),
      mld_queries: {
        rx_v1: number(counters.mldV1QueriesRx),
        rx_v2: number(counters.mldV2QueriesRx),
        tx_v1: number(counters.mldV1QueriesTx),
        tx_v2: number(counters.mldV2QueriesTx),
      },
      mld_reports: {
        rx_v1: number(counters.mldV1ReportsRx),
        rx_v2: number(counters.mldV2ReportsRx),
        tx_v1: number(counters.mldV1ReportsTx),
        tx_v2: number(counters.mldV2ReportsTx),
      },
      mld_leaves: { rx: number(counters.mldLeavesRx), tx: number(counters.mldLeavesTx) },
      mld_parse_errors: number(counters.mldParseErrors),
    });
  });

  it('tells only what a filter asks for, as ip does', () => {
    const { received, printed } = golden('stats_filter');
    const [message] = recordedMessages(received, [RTM_NEWSTATS]);
    const { index, offload } = decodeStats(message!, 'little');
    const { requested: request, used } = offload!.info!.l3!;
    expect(printed).toMatchObject([{ ifindex: index, info: { l3_stats: { request, used } } }]);
    expect(offload!.cpuHit).toBeUndefined();
  });

  it('keeps what it does not know, and refuses other messages', () => {
    const body = fromHex('00000000 07000000 01000000 0600 6440 0102 0000');
    const message = { type: RTM_NEWSTATS, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeStats(message, 'little')).toMatchObject({
      index: 7,
      filterMask: 1,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
    expect(() => decodeStats({ ...message, type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeStats({ ...message, type: RTM_GETSTATS })).toThrow(TypeError);
  });
});

describe('encodeStatsQuery, judged by iproute2', () => {
  const list = NLM_F_REQUEST | NLM_F_DUMP;
  const cases: readonly (readonly [string, number, number, StatsQueryRequest])[] = [
    ['stats_show', RTM_GETSTATS, list, { filterMask: 0x1f }],
    ['stats_get', RTM_GETSTATS, NLM_F_REQUEST, { index: 2, filterMask: 0x5 }],
    [
      'stats_filter',
      RTM_GETSTATS,
      NLM_F_REQUEST,
      { index: 3, filterMask: 0x8, filters: { offload: 2 } },
    ],
    ['stats_set', RTM_SETSTATS, NLM_F_REQUEST | NLM_F_ACK, { index: 3, layer3Offload: true }],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const bytes = encodeStatsQuery(type, request, { flags, sequence: 0 }, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    const header = { family: 0, index: 0, filterMask: 0 };
    expect(decodeStatsQueryRequest(firstMessage(sent), 'little')).toEqual({
      ...header,
      ...request,
    });
    const event = type === RTM_GETSTATS ? 'get' : 'set';
    const decoded = decodeStatsQuery(firstMessage(sent), 'little');
    expect(decoded).toEqual({ event, ...header, ...request, unknown: [] });
  });

  it('says all that a query says, and names attributes', () => {
    const query: StatsQueryRequest = {
      family: 0,
      index: 7,
      filterMask: 0x1f,
      filters: { stats64: 1, xstats: 2, slaveXstats: 3, offload: 4, addressFamilies: 5 },
      layer3Offload: false,
    };
    const bytes = encodeStatsQuery(RTM_GETSTATS, query, { flags: 0, sequence: 0 }, 'little');
    expect(decodeStatsQueryRequest(firstMessage(bytes), 'little')).toEqual(query);
    const layout = routeRequestLayout(RTM_GETSTATS)!;
    expect(attributePath(bytes, 28, layout, true)).toBe('get-filters');
    expect(attributePath(bytes, 56, layout, true)).toBe('get-filters.link-offload-xstats');
    expect(routeRequestLayout(RTM_SETSTATS)).toBe(layout);
  });

  it('refuses answers, as encodeStats refuses queries', () => {
    const header = { flags: 0, sequence: 0 };
    const code = 'ERR_INVALID_ARG_VALUE';
    expect(() => encodeStatsQuery(RTM_NEWSTATS, {}, header)).toThrow(
      expect.objectContaining({ code }),
    );
    expect(() => encodeStats(RTM_GETSTATS, {}, header)).toThrow(expect.objectContaining({ code }));
    expect(() => decodeStatsQuery(dump[0]!, 'little')).toThrow(TypeError);
  });
});

describe('encodeStats', () => {
  it('says all that a message says', () => {
    const plain = decodeStatsRequest(dump[0]!, 'little');
    const names = (object: object): Record<string, bigint> =>
      Object.fromEntries(Object.keys(object).map((name, at) => [name, 2n ** 60n + BigInt(at)]));
    // As if read from bytes: all counters of a struct, each with a value of its own.
    const empty = firstMessage(
      encodeStats(
        RTM_NEWSTATS,
        {
          raw: [
            { type: 2, value: fromHex('0c00 0100 0400 0200 0400 0400') },
            { type: 4, value: fromHex('0400 0300') },
            { type: 5, value: fromHex('0800 1c00 0400 0100') },
          ],
        },
        { flags: 0, sequence: 0 },
        'little',
      ),
    );
    const { xstats, offload, addressFamilies } = decodeStatsRequest(empty, 'little');
    const request = {
      ...plain,
      xstats: {
        bridge: {
          vlans: [
            {
              rxBytes: 1n,
              rxPackets: 2n,
              txBytes: 3n,
              txPackets: 4n,
              vid: 5,
              flags: 6,
            },
          ],
          multicast: names(xstats!.bridge!.multicast!),
          spanningTree: names(xstats!.bridge!.spanningTree!),
        },
        bond: { lacp: { lacpduRx: 1n, markerUnknownRx: 9n } },
      },
      offload: {
        cpuHit: plain.stats64!,
        info: { l3: { requested: true, used: false } },
        l3: names(offload!.l3!),
      },
      addressFamilies: { mpls: { link: names(addressFamilies!.mpls!.link!) } },
    } as unknown as StatsRequest;
    const bytes = encodeStats(RTM_NEWSTATS, request, { flags: 0, sequence: 0 }, 'little');
    expect(decodeStatsRequest(firstMessage(bytes), 'little')).toEqual(request);
    // 16 header, 12 struct: BRIDGE_XSTATS_MCAST is fifteen pairs, less one of each parse error.
    expect(Object.keys(request.xstats!.bridge!.multicast!)).toHaveLength(30);
  });
});

testFamily('statistics', {
  decode: decodeStats,
  decodeRequest: decodeStatsRequest,
  encode: encodeStats,
  recorded: dump,
});

testFamily('queries of statistics', {
  decode: decodeStatsQuery,
  decodeRequest: decodeStatsQueryRequest,
  encode: encodeStatsQuery,
  recorded: ['stats_show', 'stats_filter', 'stats_set'].map((name) =>
    firstMessage(golden(name).sent),
  ),
});
