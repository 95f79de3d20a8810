/** The reference's cases about configuring, queues and closing. @module */

import { statSync } from 'node:fs';
import { MAX_MTU, MAX_QUEUES, MIN_MTU, openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { expectNoLeaks, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import {
  frames,
  hex,
  ip,
  names,
  openPair,
  openQuiet,
  receiveAll,
  shown,
  transmit,
  upByIp,
} from './judges.ts';

async function reconfigure(tap: TapDevice, queues: number): Promise<void> {
  await tap.stop();
  await tap.configure({ queues });
  await tap.start();
}

/** How long the frames of IPv4 are that wait: IPv6 says something by itself when the MTU allows it again. */
function ipv4Lengths(tap: TapDevice): readonly number[] {
  return receiveAll(tap)
    .filter((bytes) => bytes[12] === 0x08 && bytes[13] === 0)
    .map(({ length }) => length);
}

/** Frames go out through each queue, and come in through all of them together; nothing was counted before. */
async function expectQueues(
  netns: NetworkNamespace,
  { tap, peer }: { readonly tap: TapDevice; readonly peer: TapDevice },
  queues: number,
): Promise<void> {
  const { flags, linkinfo } = await shown(netns, tap.name);
  // The one that is disabled is the file that holds the device.
  expect(linkinfo.info_data).toMatchObject({ numqueues: queues, numdisabled: 1 });
  expect(flags).toEqual(expect.arrayContaining(['UP', 'LOWER_UP']));
  expect(tap.link.status).toBe('up');
  expect(tap.info()).toMatchObject({ queues, state: 'started' });

  const zero = {
    ...{ rxPackets: 0n, rxBytes: 0n, rxErrors: 0n },
    ...{ txPackets: 0n, txBytes: 0n, txErrors: 0n },
  };
  const stats = await tap.stats();
  expect(stats).toMatchObject(zero);
  expect(stats.queues).toEqual(Array.from({ length: queues }, () => zero));
  const xstats = Object.entries(await tap.xstats()).filter(([name]) => /_q\d+_/.test(name));
  expect(new Set(xstats.map(([name]) => /_q(\d+)_/.exec(name)?.[1])).size).toBe(queues);
  expect(xstats.filter(([, value]) => value !== 0n)).toEqual([]);

  const before = (await shown(netns, tap.name)).stats64.rx['packets'];
  for (let queue = 0; queue < queues; queue += 1) transmit(tap, frames(queue + 1), queue);
  const sent = (queues * (queues + 1)) / 2;
  expect((await shown(netns, tap.name)).stats64.rx['packets']).toBe(Number(before) + sent);
  expect((await tap.stats()).queues.map(({ txPackets }) => txPackets)).toEqual(
    Array.from({ length: queues }, (_, queue) => BigInt(queue + 1)),
  );
  transmit(peer, frames(100));
  expect(hex(receiveAll(tap)).toSorted()).toEqual(hex(frames(100)).toSorted());
}

describe('configuration', () => {
  test('case 0: ethdev_configure_ports', async ({ netns, judges }) => {
    judges('ip');
    const taps = await Promise.all([
      openTap({ netns, name: 'port0', queues: 2 }),
      openTap({ netns, name: 'port1', queues: 2 }),
    ]);
    for (const tap of taps) {
      await tap.stop();
      expect(tap.link.status).toBe('down');
      expect(await upByIp(netns, tap.name)).toBe(false);
      await tap.configure({ queues: 1 });
      expect((await shown(netns, tap.name)).linkinfo.info_data.numqueues).toBe(1);
      await tap.start();
      expect(await upByIp(netns, tap.name)).toBe(true);
      expect(tap.link).toMatchObject({ status: 'up' });
      expect(await tap.linkUpdate()).toEqual(tap.link);
    }
    await Promise.all(taps.map((tap) => tap.close()));
    expect(await names(netns)).toEqual(['lo']);
  });

  test('case 1: dev_info', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, queues: 3 });
    const link = await shown(netns, tap.name);
    expect(tap.info()).toEqual({
      ...{ name: link.ifname, ifindex: link.ifindex, state: 'started' },
      engine: { name: 'syscall', code: undefined, reason: undefined },
      namespaceInode: statSync(netns.path, { bigint: true }).ino,
      ...{ queues: link.linkinfo.info_data.numqueues, maxQueues: MAX_QUEUES },
      linkStateChange: { enabled: true, filtered: true },
      limits: { mtu: [link.min_mtu, link.max_mtu], burst: 5120, frame: 65_590 },
      features: ['multiQueue', 'napi', 'napiFrags', 'noCarrier', 'namespace'],
      offloads: {
        granted: ['checksum', 'tso4', 'tso6', 'tsoEcn', 'uso4', 'uso6'],
        reason: undefined,
      },
    });
    expect([tap.macAddress, tap.mtu]).toEqual([link.address, link.mtu]);
    expect([MIN_MTU, MAX_MTU]).toEqual([link.min_mtu, link.max_mtu]);
    await tap.close();
  });

  test('case 11: multiqueue', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'multi');
    for (const queues of [1, 2, 4, MAX_QUEUES]) {
      await pair.tap.stop();
      // Another count in between, so that the queues and what they count are new ones.
      await pair.tap.configure({ queues: queues === 1 ? 2 : 1 });
      await pair.tap.configure({ queues });
      await pair.tap.start();
      await expectQueues(netns, pair, queues);
    }
  });

  test('case 12: multiqueue_reduce', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'less', { queues: 4 });
    await expectQueues(netns, pair, 4);
    for (const queues of [2, 1]) {
      await reconfigure(pair.tap, queues);
      await expectQueues(netns, pair, queues);
      expect(() => pair.tap.queue(queues)).toThrow(
        expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
      );
    }
  });

  test('case 13: multiqueue_mismatch', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, queues: 2, start: false });
    const before = await shown(netns, tap.name);
    for (const queues of [0, 129, -1, 1.5, Number.NaN, '2', null, [1, 2], { rx: 1, tx: 2 }]) {
      const code = typeof queues === 'number' ? 'ERR_OUT_OF_RANGE' : 'ERR_INVALID_ARG_TYPE';
      await expect(Reflect.apply(tap.configure, tap, [{ queues }])).rejects.toMatchObject({ code });
      await expect(
        Reflect.apply(openTap, undefined, [{ netns, name: 'none0', queues }]),
      ).rejects.toMatchObject({ code });
    }
    expect(tap.queueCount).toBe(2);
    expect(await shown(netns, tap.name)).toEqual(before);
    expect(await names(netns)).toEqual(['lo', tap.name]);
    await tap.close();
  });

  test('case 14: queue_reconfigure', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'again');
    const { address, ifindex } = await shown(netns, pair.tap.name);
    for (const queues of [2, 1, 2, 1]) {
      await reconfigure(pair.tap, queues);
      await expectQueues(netns, pair, queues);
    }
    expect(await shown(netns, pair.tap.name)).toMatchObject({ address, ifindex });
  });

  test('case 30: fd_leak', async ({ netns, judges }) => {
    judges('ip');
    const life = async (): Promise<void> => {
      const tap = await openTap({ netns, name: 'leak0', queues: 2 });
      transmit(tap, frames(10), 1);
      receiveAll(tap);
      await tap.stop();
      await tap.configure({ queues: 4 });
      await tap.start();
      await tap.close();
      expect(await names(netns)).toEqual(['lo']);
    };
    // Sockets of netlink are files too.
    await expectNoLeaks(life, { namespaces: [netns], times: 5 });
  });

  test('case 31: command_line_port', async ({ netns, judges }) => {
    judges('ip');
    // What was there before us: an interface that an administrator made.
    await ip(netns, 'tuntap', 'add', 'dev', 'lab0', 'mode', 'tap', 'multi_queue', 'vnet_hdr');
    const { ifindex, address } = await shown(netns, 'lab0');
    const tap = await openTap({ netns, name: 'lab0', adopt: true, start: false });
    await tap.configure({ queues: 2 });
    await tap.start();
    expect([tap.ifindex, tap.macAddress]).toEqual([ifindex, address]);
    expect(await upByIp(netns, 'lab0')).toBe(true);
    transmit(tap, frames(3), 1);
    expect(await tap.stats()).toMatchObject({ txPackets: 3n, rxErrors: 0n, txErrors: 0n });
    expect((await shown(netns, 'lab0')).stats64.rx).toMatchObject({ packets: 3, bytes: 180 });
    await tap.stop();
    await tap.close();
    expect(await names(netns)).toEqual(['lo', 'lab0']);
    await ip(netns, 'link', 'del', 'lab0');
  });

  test('case 10: mtu', async ({ netns, judges }) => {
    judges('ip', 'ping');
    const tap = await openQuiet(netns, { name: 'mtu0', addresses: ['10.9.0.1/24'] });
    await ip(netns, 'neigh', 'add', '10.9.0.2', 'lladdr', '02:00:00:00:00:02', 'dev', 'mtu0');
    for (const mtu of [9000, MIN_MTU, MAX_MTU, 1500]) {
      await tap.setMtu(mtu);
      expect((await shown(netns, 'mtu0')).mtu).toBe(mtu);
      expect(tap.mtu).toBe(mtu);
      // The kernel's own frame of that size comes whole, and it makes none that is larger.
      const size = mtu - 28;
      const ping = ['-n', '-c', '1', '-W', '0.001', '-M', 'do'];
      await run(netns, 'ping', [...ping, '-s', `${size}`, '10.9.0.2']);
      expect(ipv4Lengths(tap)).toEqual([mtu + 14]);
      await run(netns, 'ping', [...ping, '-s', `${size + 1}`, '10.9.0.2']);
      expect(ipv4Lengths(tap)).toEqual([]);
    }
    for (const mtu of [MIN_MTU - 1, MAX_MTU + 1]) {
      await expect(tap.setMtu(mtu)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
    expect((await shown(netns, 'mtu0')).mtu).toBe(1500);
    await tap.setLinkStateChange(false);
    await tap.setMtu(1501);
    expect(tap.mtu).toBe((await shown(netns, 'mtu0')).mtu);
    await tap.close();
  });
});
