/** The reference's cases about frames, and the defects of its data path that can happen without offloads. @module */

import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import {
  capture,
  frame,
  frames,
  hex,
  ip,
  openPair,
  openQuiet,
  receive,
  receiveAll,
  shown,
  transmit,
} from './judges.ts';

describe('frames', () => {
  test('case 15: rx_inject', async ({ netns, judges }) => {
    judges('ip', 'ping');
    const tap = await openQuiet(netns, { name: 'inject0', addresses: ['10.9.0.1/24'] });
    await ip(netns, 'neigh', 'add', '10.9.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'inject0');
    const ping = ['-n', '-c', '1', '-W', '0.001', '-s', '100', '-p', 'a5'];
    await run(netns, 'ping', [...ping, '10.9.0.2']);
    const [received, ...others] = receive(tap);
    expect(others).toEqual([]);
    // Ethernet, IPv4, ICMP, its 100 bytes: a time of 16, and what ping was told to fill with.
    expect(received).toHaveLength(14 + 20 + 8 + 100);
    expect(hex([received!.subarray(0, 14)])).toEqual([
      `020000000002${(await shown(netns, 'inject0')).address.replaceAll(':', '')}0800`,
    ]);
    expect([...received!.subarray(-84)]).toEqual(Array.from({ length: 84 }, () => 0xa5));
    const { packets, bytes } = (await shown(netns, 'inject0')).stats64.tx;
    expect([packets, bytes]).toEqual([1, 142]);
    expect(await tap.stats()).toMatchObject({ rxPackets: 1n, rxBytes: 142n, rxErrors: 0n });
    await tap.close();
  });

  test('case 16: tx_capture', async ({ netns, judges }) => {
    judges('ip', 'tcpdump');
    const tap = await openQuiet(netns, { name: 'sent0', queues: 2 });
    const sent = [16, 60, 61, 1514].map((length, number) => frame(length, number));
    const { seen } = await capture(netns, 'sent0', 8);
    transmit(tap, sent);
    transmit(tap, sent, 1);
    expect(await seen).toEqual(hex([...sent, ...sent]));
    expect(await tap.stats()).toMatchObject({ txPackets: 8n, txBytes: 3302n, txErrors: 0n });
    await tap.close();
  });

  test('case 17: tx_multiseg', async ({ netns, judges }) => {
    judges('ip', 'tcpdump');
    const tap = await openQuiet(netns, { name: 'parts0' });
    const whole = frame(120, 7);
    const parts = [whole.subarray(0, 40), whole.subarray(40, 80), whole.subarray(80)];
    const { seen } = await capture(netns, 'parts0', 2);
    const batch = tap.createBatch();
    batch.push(...parts);
    // As many parts as there are bytes, and some that are empty.
    batch.push(new Uint8Array(), ...Array.from(whole, (byte) => Uint8Array.of(byte)));
    expect(tap.queue(0).txBurst(batch)).toBe(2);
    expect(await seen).toEqual(hex([whole, whole]));
    expect((await shown(netns, 'parts0')).stats64.rx).toMatchObject({ packets: 2, bytes: 240 });
    await tap.close();
  });

  test('case 18: rx_multiseg', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'whole', { mtu: 65_521 });
    // More than a slab holds, so that bursts end where no frame fits any more; each frame is in one piece.
    const sent = [214, 256, 1514, 9014, 65_535].flatMap((length) =>
      Array.from({ length: 12 }, (_, number) => frame(length, number)),
    );
    transmit(pair.peer, sent);
    expect(hex(receive(pair.tap))).toEqual(hex(sent));
  });

  test('case 22: rxq_interrupt', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'wake');
    const queue = pair.tap.queue(0);
    for (let number = 0; number < 20; number += 1) {
      let woken = false;
      const waiting = queue.waitReadable().then(() => {
        woken = true;
      });
      // Many rounds through libuv's poll while ip is asked, and nothing to wake up for.
      expect((await shown(netns, 'wake')).flags).toContain('UP');
      expect(woken).toBe(false);
      transmit(pair.peer, [frame(60, number)]);
      await waiting;
      expect(receive(pair.tap)).toEqual([frame(60, number)]);
    }
  });
});

describe('defects of the data path', () => {
  test('D1: sending goes on for ever: nothing is held that could run out', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'forever0' });
    const batch = tap.createBatch();
    for (const one of frames(1000)) batch.push(one);
    for (let burst = 0; burst < 30; burst += 1) expect(tap.queue(0).txBurst(batch)).toBe(1000);
    expect((await shown(netns, 'forever0')).stats64.rx['packets']).toBe(30_000);
    await tap.close();
  });

  test('D2: a frame wakes who waits for its queue, and nobody else', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'herd', { queues: 8 });
    const woken: number[] = [];
    const controller = new AbortController();
    const { signal } = controller;
    const waits = Array.from({ length: 8 }, async (_, queue) => {
      await pair.tap.queue(queue).waitReadable({ signal });
      woken.push(queue);
    });
    const ended = Promise.allSettled(waits);
    transmit(pair.peer, [frame()]);
    await Promise.race(waits);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(woken).toHaveLength(1);
    controller.abort();
    await ended;
    expect(receive(pair.tap, woken[0])).toEqual([frame()]);
  });

  test('D3: a queue that is empty is no error', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openQuiet(netns);
    for (let count = 0; count < 1000; count += 1) expect(tap.queue(0).rxBurst().count).toBe(0);
    expect(await tap.stats()).toMatchObject({ rxPackets: 0n, rxErrors: 0n, rxMissed: 0n });
    await tap.close();
  });

  test('D6: an MTU raised while started holds for the next frame', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'raise');
    transmit(pair.peer, [frame(1514, 1)]);
    for (const name of ['raise', 'raisep']) {
      await ip(netns, 'link', 'set', 'dev', name, 'mtu', '9000');
    }
    const sent = frames(5, 9014);
    transmit(pair.peer, sent);
    expect(hex(receive(pair.tap))).toEqual(hex([frame(1514, 1), ...sent]));
  });

  test('D7: after stop and start frames pass as before', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'anew', { queues: 2 });
    const { tap, peer } = pair;
    for (let life = 1; life <= 5; life += 1) {
      await tap.stop();
      await tap.start();
      transmit(peer, frames(900));
      expect(hex(receiveAll(tap)).toSorted()).toEqual(hex(frames(900)).toSorted());
      for (const queue of [0, 1]) {
        transmit(tap, frames(900), queue);
        expect(receive(peer)).toEqual(frames(900));
      }
      const { rx } = (await shown(netns, tap.name)).stats64;
      expect(rx['packets']).toBe(life * 1800);
      expect(await tap.stats()).toMatchObject({
        ...{ rxPackets: BigInt(life * 900), rxErrors: 0n },
        ...{ txPackets: BigInt(life * 1800), txErrors: 0n },
      });
    }
  });

  test('D9: IFF_NAPI, which makes sending slower, is not set', async ({ netns, judges }) => {
    judges('ip', 'unshare', 'mount');
    const tap = await openQuiet(netns, { name: 'napi0' });
    // A sysfs of that namespace, in a mount namespace of its own.
    const script = 'mount -t sysfs none /sys && cat /sys/class/net/napi0/tun_flags';
    const { stdout } = await run(netns, 'unshare', ['--mount', 'sh', '-c', script]);
    const flags = Number(stdout);
    // linux/if_tun.h: IFF_TAP, IFF_NAPI, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_VNET_HDR.
    expect(flags & 0x5102).toBe(0x5102);
    expect(flags & 0x0010).toBe(0);
    await tap.close();
  });

  test('D10: frames gathered from parts go in one burst with the others', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'gather');
    const sent = frames(900, 100);
    const batch = pair.tap.createBatch();
    for (const [number, one] of sent.entries()) {
      batch.push(...(number % 2 === 0 ? [one] : [one.subarray(0, 20), one.subarray(20)]));
    }
    expect(pair.tap.queue(0).txBurst(batch)).toBe(900);
    expect(receive(pair.peer)).toEqual(sent);
  });

  test('D11: sent is what the kernel took, and counts once', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'took0' });
    const batch = tap.createBatch();
    for (const one of frames(10)) batch.push(one);
    expect(tap.queue(0).txBurst(batch)).toBe(10);
    await tap.linkDown();
    expect(() => tap.queue(0).txBurst(batch)).toThrow(expect.objectContaining({ code: 'EIO' }));
    await tap.linkUp();
    expect(tap.queue(0).txBurst(batch, 4)).toBe(6);
    const { packets, bytes, errors } = (await shown(netns, 'took0')).stats64.rx;
    expect([packets, bytes, errors]).toEqual([16, 960, 0]);
    expect(await tap.stats()).toMatchObject({ txPackets: 16n, txBytes: 960n, txErrors: 0n });
    await tap.close();
  });

  test('D12: txBurst returns how many were consumed, the bad and the skipped among them', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'prefix');
    const batch = pair.tap.createBatch();
    const sent = frames(6);
    for (const one of sent) batch.push(one);
    batch.setLength(1, 0);
    // Behind the end of the slab.
    batch.descriptors[2 * 3] = batch.slab.length;
    expect(pair.tap.queue(0).txBurst(batch)).toBe(6);
    expect(receive(pair.peer)).toEqual([0, 2, 4, 5].map((number) => sent[number]));
    expect(pair.tap.counters).toMatchObject({ txPackets: 4n, txErrors: 1n });
  });

  test('D14: frames of any length are in a class, and their bytes are counted whole', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'large', { mtu: 65_521 });
    const sent = [1518, 1519, 9014, 65_535].map((length) => frame(length));
    transmit(pair.peer, sent);
    expect(receive(pair.tap)).toHaveLength(4);
    const bytes = 1518n + 1519n + 9014n + 65_535n;
    expect(await pair.tap.xstats()).toMatchObject({
      ...{ rx_q0_size_1024_to_1518_packets: 1n, rx_q0_size_1519_to_max_packets: 3n },
      ...{ rx_q0_packets: 4n, rx_q0_bytes: bytes, rx_good_bytes: bytes },
    });
    expect(await pair.peer.xstats()).toMatchObject({
      ...{ tx_q0_size_1024_to_1518_packets: 1n, tx_q0_size_1519_to_max_packets: 3n },
      ...{ tx_q0_packets: 4n, tx_q0_bytes: bytes },
    });
    expect((await shown(netns, 'large')).stats64.tx['bytes']).toBe(Number(bytes));
  });

  test('D16: a frame that was there before the wait wakes it as well', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'lost');
    const queue = pair.tap.queue(0);
    for (let number = 0; number < 20; number += 1) {
      transmit(pair.peer, [frame(60, 2 * number), frame(60, 2 * number + 1)]);
      await queue.waitReadable();
      expect(queue.rxBurst(1).copy(0)).toEqual(frame(60, 2 * number));
      // The second was left in the queue, and no other comes.
      await queue.waitReadable();
      expect(queue.rxBurst(1).copy(0)).toEqual(frame(60, 2 * number + 1));
    }
  });
});
