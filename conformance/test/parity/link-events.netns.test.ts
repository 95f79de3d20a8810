/** The reference's defects about what it hears of the link: L1 to L6, L10, L12, L14, L17, L19. @module */

import { openTap } from '@rtap/core';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import {
  frame,
  ip,
  ipMeanwhile,
  openPair,
  openQuiet,
  polledTunFiles,
  receive,
  record,
  shown,
  transmit,
  upByIp,
} from './judges.ts';

describe('what is heard of the link', () => {
  test('L1: every change of status calls the listeners, in the order in which it happened', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'called0' });
    const events = record(tap);
    const changes = ['down', 'up', 'carrier off', 'carrier on', 'down'];
    const statuses = ['down', 'up', 'down', 'up', 'down'] as const;
    for (const [index, change] of changes.entries()) {
      await ip(netns, 'link', 'set', 'dev', 'called0', ...change.split(' '));
      await tap.until(statuses[index] ?? 'up');
      expect(events).toEqual(statuses.slice(0, index + 1));
      expect(await upByIp(netns, 'called0')).toBe(statuses[index] === 'up');
    }
    await tap.close();
  });

  test('L2: events that the kernel had to drop are made up for, and the link is what it is', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    const tap = await openTap({ netns, name: 'storm0' });
    const events = record(tap);
    // More than a socket holds; without a status to tell, then with the last word that the link is down.
    ipMeanwhile(netns, [
      ...Array.from(
        { length: 4000 },
        (_, index) => `link set dev storm0 mtu ${1400 + (index % 2)}`,
      ),
      'link set dev storm0 down',
    ]);
    await tap.until('down');
    await expect.poll(() => events).toContain('resync overrun');
    expect(events.filter((event) => event === 'down')).toEqual(['down']);
    expect(events).not.toContain('up');
    expect(tap.link.status).toBe('down');
    expect(await upByIp(netns, 'storm0')).toBe(false);
    await tap.close();
  });

  test("L3: a storm on others' interfaces is filtered away in the kernel, and costs no event", async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    await ip(netns, 'link', 'add', 'foreign0', 'type', 'bridge');
    const tap = await openTap({ netns, name: 'calm0' });
    expect(tap.info().linkStateChange.filtered).toBe(true);
    const events = record(tap);
    ipMeanwhile(netns, [
      ...Array.from(
        { length: 4000 },
        (_, index) => `link set dev foreign0 mtu ${1400 + (index % 2)}`,
      ),
      'link set dev calm0 down',
      'link set dev calm0 up',
    ]);
    await expect.poll(() => events).toEqual(['down', 'up']);
    await tap.linkUpdate();
    expect(events).toEqual(['down', 'up']);
    await tap.close();
    await ip(netns, 'link', 'del', 'foreign0');
  });

  test('L4: a port that leaves its bridge is neither down nor removed', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await ip(netns, 'link', 'add', 'leave0', 'type', 'bridge');
    const tap = await openTap({ netns, name: 'port0' });
    const events = record(tap);
    for (let count = 0; count < 3; count += 1) {
      await ip(netns, 'link', 'set', 'dev', 'port0', 'master', 'leave0');
      await ip(netns, 'link', 'set', 'dev', 'port0', 'nomaster');
    }
    // Its bridge goes with it inside.
    await ip(netns, 'link', 'set', 'dev', 'port0', 'master', 'leave0');
    await ip(netns, 'link', 'del', 'leave0');
    // What comes after tells that all before was heard.
    await ip(netns, 'link', 'set', 'dev', 'port0', 'mtu', '1400');
    await expect.poll(() => events).toContain('mtu 1400');
    expect(events).toEqual(['mtu 1400']);
    expect([tap.state, tap.link.status]).toEqual(['started', 'up']);
    expect(await upByIp(netns, 'port0')).toBe(true);
    await tap.close();
  });

  test('L5: a deletion is told as removed, ends the readers, and counts no error', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'gone0', queues: 2 });
    const events = record(tap);
    const all = tap.batches();
    const next = all.next();
    // Its two queues, and the file that holds it; from the next turn of the event loop on.
    await shown(netns, 'gone0');
    expect(polledTunFiles()).toHaveLength(3);
    await ip(netns, 'link', 'del', 'gone0');
    expect(await next).toEqual({ done: true, value: undefined });
    expect(events).toEqual(['down', 'removed']);
    expect(tap.state).toBe('removed');
    // The file of a deleted device is readable for ever: nothing polls it, nothing reads it.
    expect(polledTunFiles()).toEqual([]);
    expect(() => tap.queue(0).rxBurst()).toThrow(
      expect.objectContaining({ code: 'ERR_RTAP_STATE' }),
    );
    await expect(tap.queue(1).waitReadable()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    expect(tap.counters).toMatchObject({ rxPackets: 0n, rxErrors: 0n });
    await tap.close();
    expect(events).toEqual(['down', 'removed']);
  });

  test('L6: what was down is not told down again when it is deleted', async ({ netns, judges }) => {
    judges('ip', 'nsenter');
    for (const change of ['down', 'carrier off']) {
      const tap = await openTap({ netns, name: 'once0' });
      const events = record(tap);
      ipMeanwhile(netns, [`link set dev once0 ${change}`, 'link del dev once0']);
      await expect.poll(() => events).toContain('removed');
      expect(events).toEqual(['down', 'removed']);
      await tap.close();
    }
  });

  test('L10: carrier and operstate are told apart, and setCarrier drives the carrier', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'carrier0' });
    const events = record(tap);
    const agree = async (operState: string): Promise<void> => {
      const { operstate } = await shown(netns, 'carrier0');
      expect([tap.link.operState, operstate.toLowerCase()]).toEqual([operState, operState]);
    };
    // A TAP device's own word, from its first moment on.
    await agree('unknown');
    await tap.setCarrier(false);
    await tap.until('down');
    await agree('down');
    expect((await shown(netns, 'carrier0')).flags).toContain('NO-CARRIER');
    await tap.setCarrier(true);
    await tap.until('up');
    await agree('up');
    await ip(netns, 'link', 'set', 'dev', 'carrier0', 'state', 'dormant');
    await tap.until('down');
    await agree('dormant');
    await ip(netns, 'link', 'set', 'dev', 'carrier0', 'state', 'up');
    await tap.until('up');
    await agree('up');
    expect(events).toEqual(['down', 'up', 'down', 'up']);
    await tap.close();
  });

  test('L12: messages far larger than 4,096 bytes are read whole', async ({ netns, judges }) => {
    judges('ip', 'nsenter');
    // Twelve times that, and more than what is read into at first.
    const names = Array.from({ length: 400 }, (_, index) => `large${index}`.padEnd(120, 'x'));
    ipMeanwhile(netns, [
      'tuntap add dev large0 mode tap multi_queue vnet_hdr',
      ...names.map((name) => `link property add dev large0 altname ${name}`),
    ]);
    const tap = await openTap({ netns, name: 'large0', adopt: true });
    const events = record(tap);
    ipMeanwhile(netns, ['link set dev large0 mtu 1400', 'link set dev large0 down']);
    await tap.until('down');
    expect((await tap.linkUpdate()).status).toBe('down');
    ipMeanwhile(netns, ['link set dev large0 up']);
    await tap.until('up');
    expect(events.filter((event) => !event.startsWith('resync'))).toEqual([
      'mtu 1400',
      'down',
      'up',
    ]);
    expect(tap.mtu).toBe((await shown(netns, 'large0')).mtu);
    await tap.close();
  });

  test('L14: after start the link is the truth, also without a carrier, and the first event is the first change', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'truth0', start: false });
    const events = record(tap);
    await tap.setCarrier(false);
    await tap.start();
    expect(tap.link.status).toBe('down');
    expect(await upByIp(netns, 'truth0')).toBe(false);
    expect(events).toEqual([]);
    await ip(netns, 'link', 'set', 'dev', 'truth0', 'carrier', 'on');
    await tap.until('up');
    await tap.stop();
    await tap.start();
    expect(tap.link.status).toBe('up');
    await tap.linkUpdate();
    expect(events).toEqual(['up']);
    await tap.close();
  });

  test('L17: link events and waiting for frames go together', async ({ netns, judges }) => {
    judges('ip');
    await using pair = await openPair(netns, 'both');
    const { tap, peer } = pair;
    const events = record(tap);
    const waiting = tap.queue(0).waitReadable();
    await ip(netns, 'link', 'set', 'dev', 'both', 'down');
    await tap.until('down');
    await ip(netns, 'link', 'set', 'dev', 'both', 'up');
    await tap.until('up');
    transmit(peer, [frame(60, 1)]);
    await waiting;
    expect(receive(tap)).toEqual([frame(60, 1)]);
    expect(events).toEqual(['down', 'up']);
  });

  test('L19: fifty fast flaps are a hundred events, in turn', async ({ netns, judges }) => {
    judges('ip', 'nsenter');
    const tap = await openTap({ netns, name: 'flap0' });
    const events = record(tap);
    // Ten while JavaScript stands still, which the socket holds for certain; then their events.
    const flaps = Array.from({ length: 10 }, () => ['down', 'up']).flat();
    for (let round = 1; round <= 5; round += 1) {
      ipMeanwhile(
        netns,
        flaps.map((change) => `link set dev flap0 ${change}`),
      );
      await expect.poll(() => events.length).toBe(20 * round);
    }
    await tap.linkUpdate();
    expect(events).toEqual(Array.from({ length: 5 }, () => flaps).flat());
    await tap.close();
  });
});
