/** The reference's cases about the link and what is set of it. @module */

import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import {
  ip,
  openQuiet,
  frame,
  receiveAll,
  record,
  shown,
  transmit,
  openPair,
  upByIp,
} from './judges.ts';

/** What both cases about receiving more want. */
async function expectFlag(
  tap: TapDevice,
  set: (enabled: boolean) => Promise<void>,
  judge: () => Promise<boolean>,
): Promise<void> {
  const events = record(tap);
  expect(await judge()).toBe(false);
  // Twice is the same as once: nothing is counted.
  for (const enabled of [true, true, false, false, true, false]) {
    await set(enabled);
    expect(await judge()).toBe(enabled);
  }
  expect(events).toEqual([]);
  expect(tap.link.status).toBe('up');
}

describe('link and control', () => {
  test('case 2: link_status', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'status0', start: false });
    const agree = async (status: 'up' | 'down'): Promise<void> => {
      expect((await tap.linkUpdate()).status).toBe(status);
      expect(tap.link.status).toBe(status);
      expect(await upByIp(netns, 'status0')).toBe(status === 'up');
    };
    await agree('down');
    await tap.start();
    await agree('up');
    expect(tap.link.operState.toUpperCase()).toBe((await shown(netns, 'status0')).operstate);
    await ip(netns, 'link', 'set', 'dev', 'status0', 'carrier', 'off');
    await agree('down');
    await ip(netns, 'link', 'set', 'dev', 'status0', 'carrier', 'on');
    await agree('up');
    await ip(netns, 'link', 'set', 'dev', 'status0', 'down');
    await agree('down');
    await ip(netns, 'link', 'set', 'dev', 'status0', 'up');
    await tap.stop();
    await agree('down');
    await tap.close();
  });

  test('case 3: link_up_down', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'updown0' });
    const events = record(tap);
    for (const status of ['down', 'up', 'down', 'up', 'down', 'up'] as const) {
      // It is the truth when it resolves also without events that say so.
      if (events.length === 4) await tap.setLinkStateChange(false);
      await (status === 'up' ? tap.linkUp() : tap.linkDown());
      expect(tap.link.status).toBe(status);
      expect(await upByIp(netns, 'updown0')).toBe(status === 'up');
      expect((await shown(netns, 'updown0')).flags.includes('UP')).toBe(status === 'up');
      // Again changes nothing and tells nothing.
      await (status === 'up' ? tap.linkUp() : tap.linkDown());
    }
    expect(events).toEqual(['down', 'up', 'down', 'up']);
    expect(tap.state).toBe('started');
    await tap.close();
  });

  test('case 7: promiscuous', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'promisc0' });
    await expectFlag(
      tap,
      (enabled) => tap.setPromiscuous(enabled),
      async () => {
        const { flags, promiscuity } = await shown(netns, 'promisc0');
        expect(promiscuity).toBe(flags.includes('PROMISC') ? 1 : 0);
        return flags.includes('PROMISC');
      },
    );
    await tap.close();
  });

  test('case 8: allmulticast', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'allmulti0' });
    await expectFlag(
      tap,
      (enabled) => tap.setAllMulticast(enabled),
      async () => (await shown(netns, 'allmulti0')).flags.includes('ALLMULTI'),
    );
    await tap.close();
  });

  test('case 9: mac_address', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'mac0' });
    const events = record(tap);
    await tap.setMacAddress('00:11:22:33:44:55');
    expect(tap.macAddress).toBe('00:11:22:33:44:55');
    expect((await shown(netns, 'mac0')).address).toBe('00:11:22:33:44:55');
    for (const none of ['01:11:22:33:44:55', 'ff:ff:ff:ff:ff:ff', '00:00:00:00:00:00', '00:11']) {
      await expect(tap.setMacAddress(none)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    }
    expect(tap.macAddress).toBe('00:11:22:33:44:55');
    expect((await shown(netns, 'mac0')).address).toBe('00:11:22:33:44:55');
    await tap.stop();
    await tap.start();
    expect((await shown(netns, 'mac0')).address).toBe('00:11:22:33:44:55');
    expect(events).toEqual(['macAddress 00:11:22:33:44:55']);
    await tap.setLinkStateChange(false);
    await tap.setMacAddress('00:11:22:33:44:66');
    expect(tap.macAddress).toBe((await shown(netns, 'mac0')).address);
    await tap.close();
  });

  test('case 21: lsc_interrupt', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'lsc0', linkStateChange: false });
    const events = record(tap);
    await ip(netns, 'link', 'set', 'dev', 'lsc0', 'down');
    await tap.linkUpdate();
    expect(events).toEqual([]);
    await tap.setLinkStateChange(true);
    for (const status of ['up', 'down', 'up'] as const) {
      const told = new Promise<unknown>((resolve) => {
        tap.once('link', (link, previous) => {
          resolve([link.status, previous.status, tap.link.status]);
        });
      });
      await ip(netns, 'link', 'set', 'dev', 'lsc0', status);
      expect(await told).toEqual([status, status === 'up' ? 'down' : 'up', status]);
      expect(await upByIp(netns, 'lsc0')).toBe(status === 'up');
    }
    expect(events).toEqual(['up', 'down', 'up']);
    await tap.setLinkStateChange(false);
    await ip(netns, 'link', 'set', 'dev', 'lsc0', 'down');
    await tap.linkUpdate();
    expect(events).toEqual(['up', 'down', 'up']);
    await tap.close();
  });

  test('L21: promiscuous and all-multicast are flags of the interface: all frames come, with or without', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using pair = await openPair(netns, 'flags');
    const foreign = [frame(60, 1, [2, 0, 0, 0, 0, 0x77]), frame(60, 2, [0x33, 0x33, 0, 0, 0, 9])];
    for (const enabled of [false, true, false]) {
      await pair.tap.setPromiscuous(enabled);
      await pair.tap.setAllMulticast(enabled);
      transmit(pair.peer, foreign);
      expect(receiveAll(pair.tap)).toEqual(foreign);
    }
  });

  test('L9: MTU, MAC address and name that others set are told, and known', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'told0' });
    const events = record(tap);
    await ip(netns, 'link', 'set', 'dev', 'told0', 'mtu', '1400');
    await ip(netns, 'link', 'set', 'dev', 'told0', 'address', '02:00:00:00:00:33');
    await ip(netns, 'link', 'set', 'dev', 'told0', 'name', 'told1');
    await ip(netns, 'link', 'set', 'dev', 'told1', 'promisc', 'on');
    await ip(netns, 'link', 'set', 'dev', 'told1', 'down');
    await tap.until('down');
    expect(events).toEqual(['mtu 1400', 'macAddress 02:00:00:00:00:33', 'renamed told1', 'down']);
    const { ifname, mtu, address } = await shown(netns, 'told1');
    expect([tap.name, tap.mtu, tap.macAddress]).toEqual([ifname, mtu, address]);
    await tap.close();
  });
});
