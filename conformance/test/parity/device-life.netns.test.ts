/** The reference's defects about identity, concurrent calls, stopping and failing half-way. @module */

import { openTap } from '@rtap/core';
import type { LinkMove, NetworkNamespace } from '@rtap/core';
import { ETH_P_IP, IPPROTO_UDP, buildEthernet, buildIpv4, buildUdp } from '@rtap/frames';
import { createTestNamespace, expectNoLeaks, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, errorCode } from '@rtap/transport';
import { describe, expect } from 'vitest';
import {
  frames,
  ip,
  ipMeanwhile,
  names,
  openPair,
  receive,
  record,
  shown,
  transmit,
  upByIp,
} from './judges.ts';

/** How many netlink sockets of the namespace are subscribed to link events: RTNLGRP_LINK is the first bit. */
async function subscribed(netns: NetworkNamespace): Promise<number> {
  const { stdout } = await run(netns, 'cat', ['/proc/net/netlink']);
  return stdout
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, protocol, , groups = '0']) => protocol === '0' && (parseInt(groups, 16) & 1) === 1)
    .length;
}

interface Host {
  readonly mac: Uint8Array;
  readonly ip: Uint8Array;
}

/** A datagram of UDP, in its frame. */
function datagram(
  from: Host,
  to: Host,
  [sourcePort, destinationPort]: readonly [number, number],
): Uint8Array {
  const [source, destination] = [from.ip, to.ip];
  const payload = buildUdp({ source, destination, sourcePort, destinationPort });
  return buildEthernet({
    ...{ source: from.mac, destination: to.mac, etherType: ETH_P_IP },
    payload: buildIpv4({ source, destination, protocol: IPPROTO_UDP, payload }),
  });
}

describe('the life of a device', () => {
  test('L8: queues are opened on the interface that it is, whatever has its old name', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    const tap = await openTap({ netns, name: 'mine0', start: false });
    ipMeanwhile(netns, [
      'link set dev mine0 name mine1',
      'tuntap add dev mine0 mode tap multi_queue vnet_hdr',
    ]);
    const other = await shown(netns, 'mine0');
    await tap.configure({ queues: 3 });
    await tap.start();
    expect(tap.name).toBe('mine1');
    expect(await shown(netns, 'mine1')).toMatchObject({
      ifindex: tap.ifindex,
      linkinfo: { info_data: { numqueues: 3, numdisabled: 1 } },
    });
    expect(await shown(netns, 'mine0')).toEqual(other);
    // And when nobody has it, none is made of it.
    await tap.stop();
    ipMeanwhile(netns, ['link del dev mine0', 'link set dev mine1 name mine2']);
    await tap.configure({ queues: 2 });
    await tap.start();
    expect(await names(netns)).toEqual(['lo', 'mine2']);
    await tap.close();
  });

  test('L11: calls at the same time get the answers that are theirs', async ({ netns, judges }) => {
    judges('ip');
    const taps = await Promise.all(
      Array.from({ length: 4 }, (_, index) => openTap({ netns, name: `call${index}` })),
    );
    const outcomes = await Promise.allSettled(
      taps.flatMap((tap, index) =>
        Array.from({ length: 10 }, (_, round) => [
          tap.setMtu(1400 + 10 * index + round),
          tap.setMaster(999_999),
          tap.linkUpdate().then(({ status }) => status),
          tap.setMacAddress(`02:00:00:00:0${index}:0${round}`),
          tap.deleteAddress('10.1.2.3/24'),
        ]).flat(),
      ),
    );
    const told = outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code));
    expect(told).toEqual(
      Array.from({ length: 40 }, () => [
        ...[undefined, 'EINVAL', 'up', undefined, 'EADDRNOTAVAIL'],
      ]).flat(),
    );
    for (const [index, tap] of taps.entries()) {
      expect(await shown(netns, tap.name)).toMatchObject({
        mtu: 1409 + 10 * index,
        address: `02:00:00:00:0${index}:09`,
      });
    }
    // A device asks one thing at a time; of one client, many at once: each has its own answer too.
    await using client = await NetlinkClient.open({ netns });
    const asked = Array.from(
      { length: 40 },
      (_, round) => taps.map(({ ifindex }) => ifindex)[round % 5],
    );
    const answers = await Promise.all(
      asked.map((index = 999_999) =>
        client.getLink({ index }).then(
          (link) => link.index,
          (error: unknown) => errorCode(error),
        ),
      ),
    );
    expect(answers).toEqual(asked.map((index) => index ?? 'ENODEV'));
    await Promise.all(taps.map((tap) => tap.close()));
  });

  test('L15: stop leaves no subscription behind, and until it everything is told', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    expect(await subscribed(netns)).toBe(0);
    const tap = await openTap({ netns, name: 'stop0' });
    expect(await subscribed(netns)).toBe(1);
    const events = record(tap);
    for (let count = 0; count < 3; count += 1) {
      ipMeanwhile(netns, ['link set dev stop0 down', 'link set dev stop0 up']);
      await tap.stop();
      // Whatever was told by then: in turn, and nothing of what stop did itself.
      const told = events.splice(0);
      expect(told).toEqual(['down', 'up'].slice(0, told.length));
      expect([tap.state, tap.link.status]).toEqual(['configured', 'down']);
      expect(await upByIp(netns, 'stop0')).toBe(false);
      await expect.poll(() => subscribed(netns)).toBe(0);
      ipMeanwhile(netns, ['link set dev stop0 up', 'link set dev stop0 down']);
      await tap.linkUpdate();
      expect(events).toEqual([]);
      await tap.start();
      expect(await subscribed(netns)).toBe(1);
    }
    await tap.close();
    await expect.poll(() => subscribed(netns)).toBe(0);
    expect(events).toEqual([]);
  });

  test('L16: stop and close may be called from a listener', async ({ netns, judges }) => {
    judges('ip');
    for (const operation of ['stop', 'close'] as const) {
      const tap = await openTap({ netns, name: 'within0' });
      const events = record(tap);
      const done = new Promise<void>((resolve, reject) => {
        tap.once('link', () => {
          tap[operation]().then(resolve, reject);
        });
      });
      await ip(netns, 'link', 'set', 'dev', 'within0', 'down');
      await done;
      expect(tap.state).toBe(operation === 'stop' ? 'configured' : 'closed');
      expect(events).toEqual(['down']);
      expect((await names(netns)).includes('within0')).toBe(operation === 'stop');
      await tap.close();
    }
  });

  test('D17: an opening that fails leaves no interface and no file', async ({ netns, judges }) => {
    judges('ip');
    const failing = [
      { master: 'nobody0' },
      { routes: [{ destination: '10.1.0.0/16', gateway: '10.9.9.9' }] },
      { queues: 4, persist: true, master: 999_999 },
      { name: 'lo' },
    ];
    for (const options of failing) {
      const opening = async (): Promise<void> => {
        await expect(openTap({ name: 'half0', ...options, netns })).rejects.toMatchObject({
          name: 'RtapError',
        });
        expect(await names(netns)).toEqual(['lo']);
      };
      await expectNoLeaks(opening);
    }
  });

  test('D19: an interface that persists is adopted, whatever flags it has, and can be let go', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await ip(netns, 'tuntap', 'add', 'dev', 'stay0', 'mode', 'tap');
    await expect(openTap({ netns, name: 'stay0', adopt: true, queues: 2 })).rejects.toMatchObject({
      name: expect.stringMatching(/Error/),
    });
    for (const persist of [true, false]) {
      const tap = await openTap({ netns, name: 'stay0', adopt: true });
      expect(tap.info()).toMatchObject({ queues: 1, maxQueues: 1 });
      transmit(tap, frames(3));
      await tap.setPersist(persist);
      await tap.close();
      expect((await names(netns)).includes('stay0')).toBe(persist);
    }
    const tap = await openTap({ netns, name: 'stay1', queues: 4, persist: true });
    await tap.close();
    const again = await openTap({ netns, name: 'stay1', queues: 2, adopt: true });
    expect((await shown(netns, 'stay1')).linkinfo.info_data).toMatchObject({ numqueues: 2 });
    await again.setPersist(false);
    await again.close();
    expect(await names(netns)).toEqual(['lo']);
  });

  test('D18: the length of the transmit queue is in our hands, and a flow comes back by the queue that sent it', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'length', { queues: 4 });
    const { tap, peer } = pair;
    // The kernel's steering: what answers a frame that a queue has sent comes to that queue.
    const host = (name: 1 | 2): Host => ({
      mac: Uint8Array.of(2, 0, 0, 0, 0, name),
      ip: Uint8Array.of(10, 0, 0, name),
    });
    for (let flow = 0; flow < 16; flow += 1) {
      const queue = flow % 4;
      const asked = datagram(host(1), host(2), [4000 + flow, 7]);
      const answer = datagram(host(2), host(1), [7, 4000 + flow]);
      transmit(tap, [asked], queue);
      expect(receive(peer)).toEqual([asked]);
      transmit(peer, [answer]);
      expect(receive(tap, queue)).toEqual([answer]);
    }
    await tap.stop();
    await tap.configure({ queues: 1 });
    await tap.start();
    for (const length of [10, 2000]) {
      await tap.setTransmitQueueLength(length);
      expect((await shown(netns, 'length')).txqlen).toBe(length);
      await tap.resetStats();
      transmit(peer, frames(2500));
      expect(receive(tap)).toHaveLength(length);
      expect((await tap.stats()).rxMissed).toBe(BigInt(2500 - length));
    }
  });

  test('L7: a device follows its interface to another namespace, is told as moved, never as removed, and frames go on', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    const other = await createTestNamespace();
    const tap = await openTap({ netns, name: 'move0' });
    const events = record(tap);
    const moved = new Promise<LinkMove>((resolve) => {
      tap.once('moved', resolve);
    });
    ipMeanwhile(netns, [`link set dev move0 netns ${other.path}`]);
    expect(await moved).toMatchObject({
      followed: true,
      ifindex: (await shown(other, 'move0')).ifindex,
    });
    await tap.until('up');
    expect(events).toEqual(['down', 'moved', 'up']);
    expect((await shown(other, 'move0')).flags).toContain('UP');
    await tap.setMtu(1400);
    expect((await shown(other, 'move0')).mtu).toBe(1400);
    transmit(tap, frames(5));
    expect((await shown(other, 'move0')).stats64.rx['packets']).toBe(5);
    await tap.close();
    expect(await names(other)).toEqual(['lo']);
    await other.close();
  });
});
