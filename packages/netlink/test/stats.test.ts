import { describe, expect, it } from 'vitest';
import {
  attributePath,
  AttributeReader,
  decodeStats,
  decodeStatsRequest,
  encodeStats,
  IFLA_STATS_GET_FILTERS,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  routeRequestLayout,
  RTM_GETSTATS,
  RTM_NEWLINK,
  RTM_NEWSTATS,
  type StatsMessage,
  type StatsRequest,
} from '../src/index.ts';
import { firstMessage, recordedMessages, testFamily } from './family.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const { sent, received, printed } = golden('stats_show');
/** ip asked for the name of an interface while the dump was still coming. */
const dump = recordedMessages([...received, ...golden('stats_rest').received], [RTM_NEWSTATS]);

/** What ip printed of one group. */
const printedOf = (group: string, subgroup?: string, suite?: string): Printed[] =>
  (printed ?? []).filter(
    (entry) =>
      entry['group'] === group && entry['subgroup'] === subgroup && entry['suite'] === suite,
  );

/** Counters of the spanning tree in what a bridge counts of a port: LINK_XSTATS_TYPE_BRIDGE. */
function spanningTree({ slaveXstats }: StatsMessage): Printed | undefined {
  if (slaveXstats === undefined) return undefined;
  const kinds = new AttributeReader(slaveXstats, 'little');
  while (kinds.next()) {
    const bridge = kinds.nest();
    while (bridge.next()) {
      if (bridge.type !== 4) continue; // BRIDGE_XSTATS_STP
      const bytes = bridge.bytes();
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const at = (index: number): number => Number(view.getBigUint64(8 * index, true));
      return {
        rx_bpdu: at(2),
        tx_bpdu: at(3),
        rx_tcn: at(4),
        tx_tcn: at(5),
        transition_blk: at(0),
        transition_fwd: at(1),
      };
    }
  }
  return undefined;
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

  it('hands out what the bridge counts, where ip found it', () => {
    const trees = decoded.map((message) => ({
      ifindex: message.index,
      stp: spanningTree(message),
    }));
    expect(trees.some(({ stp }) => stp?.['tx_bpdu'] === 2)).toBe(true);
    expect(trees).toEqual(
      printedOf('xstats_slave', 'bridge', 'stp').map(({ ifindex, stp }) => ({ ifindex, stp })),
    );
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

describe('encodeStats, judged by iproute2', () => {
  it('stats_show', () => {
    const request: StatsRequest = { filterMask: 0x1f };
    const header = { flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: 0 };
    const bytes = encodeStats(RTM_GETSTATS, request, header, 'little');
    expect(bytes).toEqual(withoutSequence(sent));
    expect(decodeStatsRequest(firstMessage(sent), 'little')).toEqual({
      family: 0,
      index: 0,
      ...request,
    });
  });

  it('says all that a message says', () => {
    const plain = decodeStatsRequest(dump[0]!, 'little');
    const request: StatsRequest = {
      ...plain,
      xstats: Uint8Array.of(4, 0, 1, 0),
      slaveXstats: Uint8Array.of(4, 0, 2, 0),
      offload: {
        cpuHit: plain.stats64!,
        info: { l3: { requested: true, used: false } },
        l3: new Uint8Array(72),
      },
      addressFamilies: Uint8Array.of(4, 0, 28, 0),
    };
    const bytes = encodeStats(RTM_NEWSTATS, request, { flags: 0, sequence: 0 }, 'little');
    expect(decodeStatsRequest(firstMessage(bytes), 'little')).toEqual(request);
  });

  it('names the attributes of requests', () => {
    // A mask for what hardware counts: IFLA_STATS_LINK_OFFLOAD_XSTATS.
    const value = fromHex('0800 0400 02000000');
    const request = {
      index: 7,
      filterMask: 8,
      raw: [{ type: 0x8000 | IFLA_STATS_GET_FILTERS, value }],
    };
    const bytes = encodeStats(RTM_GETSTATS, request, { flags: 0, sequence: 0 }, 'little');
    const layout = routeRequestLayout(RTM_GETSTATS)!;
    expect(attributePath(bytes, 28, layout, true)).toBe('get-filters');
    expect(attributePath(bytes, 32, layout, true)).toBe('get-filters.link-offload-xstats');
  });
});

testFamily('statistics', {
  decode: decodeStats,
  decodeRequest: decodeStatsRequest,
  encode: encodeStats,
  recorded: dump,
});
