/** The reference's cases about statistics. @module */

import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import type { Pair } from './judges.ts';
import {
  BROADCAST,
  MULTICAST,
  UNICAST,
  frame,
  frames,
  openPair,
  receive,
  receiveAll,
  shown,
  transmit,
} from './judges.ts';

const zero = {
  ...{ rxPackets: 0n, rxBytes: 0n, rxErrors: 0n },
  ...{ txPackets: 0n, txBytes: 0n, txErrors: 0n },
};

/** The names that the reference has for a queue. */
const sizes = ['64', '65_to_127', '128_to_255', '256_to_511', '512_to_1023', '1024_to_1518'];
const both = [
  ...sizes.map((size) => `size_${size}_packets`),
  ...['broadcast_packets', 'multicast_packets', 'unicast_packets'],
];
const ofQueue = {
  rx: [
    ...both,
    'lro_packets',
    'checksum_good',
    'checksum_none',
    'checksum_bad',
    'mbuf_alloc_failed',
  ],
  tx: [...both, 'tso_packets', 'checksum_offload', 'multiseg_packets'],
};

/** What the reference names, and DPDK of every device. */
function referenceNames(queues: number): readonly string[] {
  return [
    ...['good_packets', 'good_bytes', 'errors'].flatMap((name) => [`rx_${name}`, `tx_${name}`]),
    ...['rx_missed_errors', 'rx_mbuf_allocation_errors'],
    ...Array.from({ length: queues }, (_, queue) =>
      (['rx', 'tx'] as const).flatMap((way) =>
        ofQueue[way].map((name) => `${way}_q${queue}_${name}`),
      ),
    ).flat(),
  ];
}

/** Frames both ways, and one that is refused: nothing of the basic counters but errors of reading stays 0. */
function traffic({ tap, peer }: Pair): void {
  transmit(peer, frames(20, 100));
  expect(receiveAll(tap)).toHaveLength(20);
  transmit(tap, frames(10, 200));
  const bad = tap.createBatch();
  bad.push(frame());
  bad.descriptors[0] = bad.slab.length;
  expect(tap.queue(0).txBurst(bad)).toBe(1);
}

const counted = {
  ...{ rxPackets: 20n, rxBytes: 2000n, rxErrors: 0n },
  ...{ txPackets: 10n, txBytes: 2000n, txErrors: 1n },
};

describe('statistics', () => {
  test('case 4: get_stats', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'get');
    const all = { ...zero, rxMissed: 0n, queues: [zero] };
    expect(await pair.tap.stats()).toEqual(all);
    traffic(pair);
    expect(await pair.tap.stats()).toEqual({ ...counted, rxMissed: 0n, queues: [counted] });
    expect(pair.tap.counters).toEqual(counted);
    const { rx, tx } = (await shown(netns, 'get')).stats64;
    expect([tx['packets'], tx['bytes'], rx['packets'], rx['bytes']]).toEqual([20, 2000, 10, 2000]);
  });

  test('case 5: stats_reset', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'reset');
    const { tap } = pair;
    for (let round = 1; round <= 3; round += 1) {
      traffic(pair);
      expect(await tap.stats()).toEqual({ ...counted, rxMissed: 0n, queues: [counted] });
      await tap.resetStats();
      expect(await tap.stats()).toEqual({ ...zero, rxMissed: 0n, queues: [zero] });
      expect(tap.counters).toEqual(zero);
      // The kernel's counters are everybody's, and those of xstats are reset for themselves.
      expect((await shown(netns, 'reset')).stats64.rx['packets']).toBe(10 * round);
      expect((await tap.xstats()).tx_good_packets).toBe(BigInt(10 * round));
    }
  });

  test('case 6: stats_imissed', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'missed');
    const { tap, peer } = pair;
    let dropped = 0;
    for (let round = 0; round < 2; round += 1) {
      transmit(peer, frames(1500));
      const received = BigInt(receive(tap).length);
      const now = (await shown(netns, 'missed')).stats64.tx['dropped'] ?? 0;
      const missed = BigInt(now - dropped);
      dropped = now;
      expect(received).toBeGreaterThan(0n);
      expect(missed).toBeGreaterThan(0n);
      expect(received + missed).toBe(1500n);
      expect(await tap.stats()).toMatchObject({ rxPackets: received, rxMissed: missed });
      await tap.resetStats();
      expect(await tap.stats()).toEqual({ ...zero, rxMissed: 0n, queues: [zero] });
    }
    expect((await tap.xstats()).rx_missed_errors).toBe(BigInt(dropped));
  });

  test('L20: rxMissed is what the application failed to read: tx_dropped of the interface, not rx_dropped', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'twoway');
    // A frame of ours that the kernel drops as it knows no such protocol: rx_dropped, if anything, and none of it.
    transmit(pair.tap, [frame(60, 0, BROADCAST)]);
    transmit(pair.peer, frames(1200));
    receive(pair.tap);
    const { rx, tx } = (await shown(netns, 'twoway')).stats64;
    expect(rx['dropped']).not.toBe(200);
    expect(tx['dropped']).toBe(200);
    expect((await pair.tap.stats()).rxMissed).toBe(200n);
  });

  test('case 23: xstats_get_names', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xnames', { queues: 2 });
    const own = Object.keys(await pair.tap.xstats());
    expect(own).toEqual(expect.arrayContaining([...referenceNames(2)]));
    expect(new Set(own).size).toBe(own.length);
    // Traffic makes no new ones.
    traffic(pair);
    expect(Object.keys(await pair.tap.xstats())).toEqual(own);
  });

  test('case 24: xstats_get_values', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xvalues');
    traffic(pair);
    const xstats = await pair.tap.xstats();
    const expected: Readonly<Record<string, bigint>> = {
      ...{ rx_good_packets: 20n, rx_good_bytes: 2000n, tx_good_packets: 10n, tx_good_bytes: 2000n },
      ...{ tx_errors: 1n, rx_q0_size_65_to_127_packets: 20n, tx_q0_size_128_to_255_packets: 10n },
      ...{ rx_q0_unicast_packets: 20n, tx_q0_unicast_packets: 10n },
    };
    for (const name of referenceNames(1)) {
      expect([name, Reflect.get(xstats, name)]).toEqual([name, expected[name] ?? 0n]);
    }
    const { rx, tx } = (await shown(netns, 'xvalues')).stats64;
    expect([xstats.rx_good_packets, xstats.tx_good_packets].map(Number)).toEqual([
      tx['packets'],
      rx['packets'],
    ]);
  });

  test('case 25: xstats_reset', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xreset');
    const { tap } = pair;
    traffic(pair);
    transmit(pair.peer, frames(1100));
    receive(tap);
    const { dropped = 0 } = (await shown(netns, 'xreset')).stats64.tx;
    expect(dropped).toBeGreaterThan(0);
    const all = { rxPackets: 1120n - BigInt(dropped), rxMissed: BigInt(dropped), txPackets: 10n };
    expect((await tap.xstats()).rx_missed_errors).toBe(all.rxMissed);
    await tap.resetXstats();
    expect(Object.entries(await tap.xstats()).filter(([, value]) => value !== 0n)).toEqual([]);
    expect(await tap.stats()).toMatchObject(all);
    traffic(pair);
    expect(await tap.xstats()).toMatchObject({ rx_good_packets: 20n, rx_missed_errors: 0n });
  });

  test('case 26: xstats_packet_sizes', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xsizes');
    const lengths = [60, 100, 200, 500, 64, 65, 127, 128, 255, 256, 511, 512, 1023, 1024, 1514];
    transmit(
      pair.tap,
      lengths.map((length) => frame(length)),
    );
    expect(receive(pair.peer)).toHaveLength(lengths.length);
    const expected = [2, 3, 3, 3, 2, 2].map(BigInt);
    const sent = await pair.tap.xstats();
    const received = await pair.peer.xstats();
    expect(sizes.map((size) => sent[`tx_q0_size_${size}_packets`])).toEqual(expected);
    expect(sizes.map((size) => received[`rx_q0_size_${size}_packets`])).toEqual(expected);
    const { packets, bytes } = (await shown(netns, 'xsizes')).stats64.rx;
    expect(packets).toBe(lengths.length);
    expect(Number(sent.tx_good_bytes)).toBe(bytes);
  });

  test('case 27: xstats_packet_types', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xtypes');
    const sent = [BROADCAST, MULTICAST, MULTICAST, UNICAST, UNICAST, UNICAST].map((destination) =>
      frame(60, 0, destination),
    );
    transmit(pair.tap, sent);
    expect(receive(pair.peer)).toEqual(sent);
    expect(await pair.tap.xstats()).toMatchObject({
      ...{ tx_q0_broadcast_packets: 1n, tx_q0_multicast_packets: 2n, tx_q0_unicast_packets: 3n },
      ...{ rx_q0_broadcast_packets: 0n, rx_q0_multicast_packets: 0n, rx_q0_unicast_packets: 0n },
    });
    expect(await pair.peer.xstats()).toMatchObject({
      ...{ rx_q0_broadcast_packets: 1n, rx_q0_multicast_packets: 2n, rx_q0_unicast_packets: 3n },
    });
  });

  test('case 28: xstats_multiqueue', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'xqueues', { queues: 2 });
    const { tap } = pair;
    transmit(tap, frames(3), 0);
    transmit(tap, frames(5, 100), 1);
    const xstats = await tap.xstats();
    expect(xstats).toMatchObject({
      ...{ tx_q0_size_64_packets: 3n, tx_q0_size_65_to_127_packets: 0n, tx_q0_packets: 3n },
      ...{ tx_q1_size_64_packets: 0n, tx_q1_size_65_to_127_packets: 5n, tx_q1_packets: 5n },
      tx_good_packets: 8n,
    });
    expect(Object.keys(xstats).filter((name) => name.includes('_q2_'))).toEqual([]);
    expect((await shown(netns, 'xqueues')).stats64.rx['packets']).toBe(8);
  });
});
