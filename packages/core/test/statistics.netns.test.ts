import { createBridge, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { counterOffset, openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { describe, expect } from 'vitest';

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const MULTICAST = [0x01, 0, 0x5e, 0, 0, 1];
const UNICAST = [0x02, 0, 0, 0, 0, 9];

/** What `ip -s link` counts, in our words: what the kernel transmits is what we receive. */
interface Judgement {
  readonly rxPackets: bigint;
  readonly rxBytes: bigint;
  readonly rxMissed: bigint;
  readonly txPackets: bigint;
  readonly txBytes: bigint;
}

async function judge(netns: NetworkNamespace, tap: TapDevice): Promise<Judgement> {
  const links = await ipJson(netns, ['-s', 'link', 'show', 'dev', tap.name]);
  const { rx, tx } = Array.isArray(links) ? links[0].stats64 : {};
  return {
    rxPackets: BigInt(tx.packets),
    rxBytes: BigInt(tx.bytes),
    rxMissed: BigInt(tx.dropped),
    txPackets: BigInt(rx.packets),
    txBytes: BigInt(rx.bytes),
  };
}

interface Pair {
  readonly tap: TapDevice;
  /** What it transmits, `tap` receives. */
  readonly peer: TapDevice;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/** Two devices with a bridge between them, and nothing else on it. */
async function openPair(netns: NetworkNamespace, name: string, queues = 1): Promise<Pair> {
  const tap = await openTap({ netns, name, queues, start: false });
  const peer = await openTap({ netns, name: `${name}peer`, start: false });
  await createBridge({ netns, name: `${name}br`, ports: [tap.name, peer.name], mtu: 9000 });
  await peer.start();
  await tap.start();
  return {
    tap,
    peer,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([tap.close(), peer.close()]);
      await run(netns, 'ip', ['link', 'del', 'dev', `${name}br`]);
    },
  };
}

function frame(length = 60, destination: readonly number[] = UNICAST): Uint8Array {
  const bytes = new Uint8Array(length);
  // From ourselves, of an EtherType for local experiments.
  bytes.set([...destination, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return bytes;
}

function transmit(tap: TapDevice, frames: readonly Uint8Array[], queue = 0): void {
  const batch = tap.createBatch();
  for (const one of frames) {
    if (batch.push(one)) continue;
    expect(tap.queue(queue).txBurst(batch)).toBe(batch.count);
    batch.clear();
    batch.push(one);
  }
  expect(tap.queue(queue).txBurst(batch)).toBe(batch.count);
}

/** Transmits more than a queue holds: as many as the interface's transmit queue length says, 1,000. */
function flood(peer: TapDevice, count: number, length = 60): void {
  transmit(
    peer,
    Array.from({ length: count }, () => frame(length)),
  );
}

/** Reads all that waits; how many there were. */
function drain(tap: TapDevice, queue = 0): number {
  for (let frames = 0; ;) {
    const { count } = tap.queue(queue).rxBurst(1000);
    if (count === 0) return frames;
    frames += count;
  }
}

const classes = [
  ['size_64_packets', 15, 64],
  ['size_65_to_127_packets', 65, 127],
  ['size_128_to_255_packets', 128, 255],
  ['size_256_to_511_packets', 256, 511],
  ['size_512_to_1023_packets', 512, 1023],
  ['size_1024_to_1518_packets', 1024, 1518],
  ['size_1519_to_max_packets', 1519, 9014],
] as const;

describe('statistics, judged by ip', () => {
  test('packets and bytes, and each size and destination at its border', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'sizes');
    const { tap, peer } = pair;
    // Each class gets another number of frames, so that none can stand for another.
    const frames = classes.flatMap(([, smallest, largest], index) => [
      ...Array.from({ length: index + 1 }, () => frame(smallest)),
      frame(largest, MULTICAST),
      frame(largest, BROADCAST),
    ]);
    transmit(peer, frames);
    expect(drain(tap)).toBe(frames.length);
    const xstats = await tap.xstats();
    const sent = await peer.xstats();
    for (const [index, [name]] of classes.entries()) {
      expect([name, xstats[`rx_q0_${name}`]]).toEqual([name, BigInt(index + 3)]);
      expect([name, sent[`tx_q0_${name}`]]).toEqual([name, BigInt(index + 3)]);
    }
    const destinations = { broadcast_packets: 7n, multicast_packets: 7n, unicast_packets: 28n };
    for (const [name, count] of Object.entries(destinations)) {
      expect([name, xstats[`rx_q0_${name}`]]).toEqual([name, count]);
      expect([name, sent[`tx_q0_${name}`]]).toEqual([name, count]);
    }
    expect(await tap.stats()).toMatchObject(await judge(netns, tap));
    expect(await peer.stats()).toMatchObject(await judge(netns, peer));
    expect((await tap.stats()).rxPackets).toBe(BigInt(frames.length));
    expect(xstats).toMatchObject({ rx_q0_size_super_frame_packets: 0n, rx_q0_lro_packets: 0n });
  });

  test('a super-frame is one frame, for ip and for us', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'super0' });
    const bytes = frame(30_000);
    // IPv4 and TCP, as far as the kernel looks before it cuts a super-frame.
    bytes.set([0x08, 0, 0x45, 0, (30_000 - 14) >> 8, (30_000 - 14) & 0xff, 0, 0, 0, 0, 64, 6], 12);
    bytes[46] = 0x50;
    const batch = tap.createBatch();
    batch.push(bytes);
    const header = batch.header(0);
    // The checksum is to be made, from byte 34 on, 16 bytes behind that; TCP over IPv4.
    header.set([1, 1]);
    new Uint16Array(header.buffer, header.byteOffset, 5).set([54, 1448, 34, 16], 1);
    expect(tap.queue(0).txBurst(batch)).toBe(1);
    expect(await tap.xstats()).toMatchObject({
      tx_q0_packets: 1n,
      tx_q0_size_super_frame_packets: 1n,
      tx_q0_size_1519_to_max_packets: 0n,
      tx_q0_tso_packets: 1n,
      tx_q0_checksum_offload: 1n,
      tx_errors: 0n,
    });
    const { txPackets, txBytes } = await judge(netns, tap);
    expect({ txPackets, txBytes }).toEqual({ txPackets: 1n, txBytes: 30_000n });
    expect(await tap.stats()).toMatchObject({ txPackets, txBytes });
    await tap.close();
  });

  test('what nobody read is missed, as ip says', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'flood');
    const { tap, peer } = pair;
    flood(peer, 3000);
    const { rxMissed: missed } = await judge(netns, tap);
    expect(Number(missed)).toBeGreaterThan(0);
    expect(await tap.stats()).toMatchObject({ rxPackets: 0n, rxMissed: missed });
    expect((await tap.xstats()).rx_missed_errors).toBe(missed);
    expect(drain(tap)).toBe(3000 - Number(missed));
    expect(await tap.stats()).toMatchObject(await judge(netns, tap));

    await tap.resetStats();
    expect(await tap.stats()).toMatchObject({ rxPackets: 0n, rxBytes: 0n, rxMissed: 0n });
    // The kernel's own go on, and so do those of xstats.
    expect((await judge(netns, tap)).rxMissed).toBe(missed);
    expect(await tap.xstats()).toMatchObject({
      rx_missed_errors: missed,
      rx_q0_packets: 3000n - missed,
    });
    flood(peer, 2500, 100);
    const more = (await judge(netns, tap)).rxMissed - missed;
    expect(Number(more)).toBeGreaterThan(0);
    const rxPackets = BigInt(drain(tap));
    expect(await tap.stats()).toMatchObject({
      rxPackets,
      rxBytes: rxPackets * 100n,
      rxMissed: more,
    });
    await tap.resetXstats();
    expect(new Set(Object.values(await tap.xstats()))).toEqual(new Set([0n]));
  });

  test('what an adopted interface missed before is not ours', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'adopt');
    const { tap, peer } = pair;
    await tap.setPersist(true);
    flood(peer, 2000);
    expect(Number((await tap.stats()).rxMissed)).toBeGreaterThan(0);
    await tap.close();
    const again = await openTap({ netns, name: 'adopt', adopt: true });
    const { rxMissed: before } = await judge(netns, again);
    expect(Number(before)).toBeGreaterThan(0);
    expect(await again.stats()).toMatchObject({ rxPackets: 0n, rxMissed: 0n });
    flood(peer, 2000);
    const { rxMissed } = await again.stats();
    expect(Number(rxMissed)).toBeGreaterThan(0);
    expect(rxMissed).toBe((await judge(netns, again)).rxMissed - before);
    await again.setPersist(false);
    await again.close();
  });

  test('each queue for itself, and all together as ip says', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'queues', 4);
    const { tap, peer } = pair;
    // The kernel steers what we receive to the queue that its flow was sent from, and spreads the rest.
    for (let queue = 0; queue < 4; queue += 1) {
      transmit(
        tap,
        Array.from({ length: queue + 1 }, () => frame(60 + 100 * queue)),
        queue,
      );
    }
    transmit(
      peer,
      Array.from({ length: 100 }, (_, index) => frame(60, [2, 0, 0, 0, 1, index])),
    );
    const received = [0, 1, 2, 3].map((queue) => drain(tap, queue));
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(100);
    const stats = await tap.stats();
    expect(stats.queues).toMatchObject(
      received.map((count, queue) => ({
        rxPackets: BigInt(count),
        txPackets: BigInt(queue + 1),
        txBytes: BigInt((queue + 1) * (60 + 100 * queue)),
      })),
    );
    expect(stats).toMatchObject(await judge(netns, tap));
    expect(await tap.xstats()).toMatchObject({
      tx_q0_size_64_packets: 1n,
      tx_q1_size_128_to_255_packets: 2n,
      tx_q2_size_256_to_511_packets: 3n,
      tx_q3_size_256_to_511_packets: 4n,
    });
  });

  test('go on over stop and start, and begin anew with other queues', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'again');
    const { tap, peer } = pair;
    flood(peer, 2000);
    const read = drain(tap);
    await tap.stop();
    await tap.start();
    transmit(peer, [frame(), frame()]);
    expect(drain(tap)).toBe(2);
    const { rxMissed } = await judge(netns, tap);
    expect(Number(rxMissed)).toBeGreaterThan(0);
    expect(await tap.stats()).toMatchObject({ rxPackets: BigInt(read + 2), rxMissed });
    expect(await tap.stats()).toMatchObject(await judge(netns, tap));

    const old = tap.queue(0).counterWords;
    await tap.stop();
    await tap.configure({ queues: 2 });
    await tap.start();
    expect(await tap.stats()).toMatchObject({ rxPackets: 0n, rxMissed });
    transmit(peer, [frame()]);
    expect(drain(tap, 0) + drain(tap, 1)).toBe(1);
    expect(tap.counters.rxPackets).toBe(1n);
    expect(old[counterOffset.rx_packets]).toBe(BigInt(read + 2));
  });

  test('of a device that is gone', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'gone0' });
    transmit(tap, [frame()]);
    const { code } = await run(netns, 'ip', ['link', 'del', 'dev', 'gone0']);
    expect(code).toBe(0);
    // The kernel's answer may come before the news.
    await expect(tap.stats()).rejects.toMatchObject({
      code: expect.stringMatching(/^ERR_RTAP_(REMOVED|STATE)$/),
    });
    await expect(tap.stats()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    expect(tap.counters.txPackets).toBe(1n);
    await tap.close();
  });
});
