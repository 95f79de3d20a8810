import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let kernel: FakeKernel;
let tap: TapDevice;
beforeEach(async () => {
  kernel = new FakeKernel();
  tap = await openTap({ kernel });
});
afterEach(() => tap.close());

const link = (): unknown => kernel.rtnetlink.link(tap.ifindex);

/** Each operation, and what it leaves in the kernel's table. */
const operations: readonly (readonly [string, (tap: TapDevice) => Promise<void>, object])[] = [
  ['setMtu', (device) => device.setMtu(9000), { mtu: 9000 }],
  [
    'setMacAddress',
    (device) => device.setMacAddress('02:00:00:00:00:77'),
    { address: Uint8Array.of(2, 0, 0, 0, 0, 0x77) },
  ],
  ['setPromiscuous', (device) => device.setPromiscuous(true), { promiscuous: true }],
  ['setAllMulticast', (device) => device.setAllMulticast(true), { allMulticast: true }],
  ['setCarrier', (device) => device.setCarrier(false), { carrier: false }],
  ['setTransmitQueueLength', (device) => device.setTransmitQueueLength(7), { txQueueLength: 7 }],
];

describe('control operations', () => {
  it.each(operations)('%s when started, and when configured', async (_, perform, wanted) => {
    await perform(tap);
    expect(link()).toMatchObject(wanted);
    const stopped = await openTap({ kernel, start: false });
    await perform(stopped);
    expect(kernel.rtnetlink.link(stopped.ifindex)).toMatchObject({ ...wanted, up: false });
    await stopped.close();
  });

  it.each(operations)('%s leaves everything else as it is', async (_, perform, wanted) => {
    const before = structuredClone(link());
    await perform(tap);
    const changes = Object.keys(wanted).includes('carrier') ? { carrierChanges: 1 } : {};
    expect(link()).toEqual({ ...(before as object), ...wanted, ...changes });
  });

  it('clear the flags that they set', async () => {
    await tap.setPromiscuous(true);
    await tap.setAllMulticast(true);
    await tap.setPromiscuous(false);
    expect(link()).toMatchObject({ promiscuous: false, allMulticast: true, up: true });
  });

  it('know what they did when they resolve, with LSC and without', async () => {
    for (const enabled of [true, false]) {
      await tap.setLinkStateChange(enabled);
      await tap.setMtu(enabled ? 2000 : 3000);
      await tap.setMacAddress(enabled ? '02:00:00:00:00:0a' : '02:00:00:00:00:0b');
      expect([tap.mtu, tap.macAddress]).toEqual(
        enabled ? [2000, '02:00:00:00:00:0a'] : [3000, '02:00:00:00:00:0b'],
      );
    }
  });

  it('take bytes of a MAC address, and keep none of them', async () => {
    const bytes = Uint8Array.of(2, 1, 2, 3, 4, 5);
    const set = tap.setMacAddress(bytes);
    bytes.fill(0xff);
    await set;
    expect(tap.macAddress).toBe('02:01:02:03:04:05');
  });

  it('put the interface under a master, by name or index, and take it away', async () => {
    const bridge = kernel.rtnetlink.addLink({ name: 'br0' });
    await tap.setMaster('br0');
    expect(link()).toMatchObject({ master: bridge });
    await tap.setMaster(undefined);
    expect(link()).toMatchObject({ master: 0 });
    await tap.setMaster(bridge);
    expect(link()).toMatchObject({ master: bridge });
    await expect(tap.setMaster('nobody')).rejects.toMatchObject({
      name: 'RtapError',
      code: 'ENODEV',
    });
    expect(link()).toMatchObject({ master: bridge });
  });

  it('give and take addresses', async () => {
    await tap.addAddress('10.0.0.1/24');
    await tap.addAddress({ local: '10.0.0.2', peer: '10.0.0.3' });
    await tap.addAddress('2001:db8::1/64');
    expect(kernel.rtnetlink.addresses).toMatchObject([
      { index: tap.ifindex, prefixLength: 24, local: Uint8Array.of(10, 0, 0, 1) },
      { prefixLength: 32, address: Uint8Array.of(10, 0, 0, 3) },
      { family: 10, prefixLength: 64 },
    ]);
    await expect(tap.addAddress('10.0.0.1/24')).rejects.toMatchObject({ code: 'EEXIST' });
    await tap.deleteAddress('10.0.0.1/24');
    await expect(tap.deleteAddress('10.0.0.1/24')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(kernel.rtnetlink.addresses).toHaveLength(2);
  });

  it('give and take routes, while the link is up', async () => {
    await tap.addRoute('10.1.2.3/8');
    await tap.addRoute({ destination: 'default', gateway: '10.0.0.254', metric: 5 });
    await tap.addRoute({ destination: '2001:db8::/32', table: 1000 });
    const shown = kernel.rtnetlink.routes.map(({ destination, gateway, priority, table }) => [
      destination?.join('.'),
      gateway?.join('.'),
      priority,
      table,
    ]);
    expect(shown).toMatchObject([
      ['10.0.0.0', undefined, undefined, 254],
      [undefined, '10.0.0.254', 5, 254],
      [expect.stringContaining('32.1.13.184'), undefined, undefined, 1000],
    ]);
    await expect(tap.addRoute('10.0.0.0/8')).rejects.toMatchObject({ code: 'EEXIST' });
    await tap.deleteRoute('10.0.0.0/8');
    await expect(tap.deleteRoute('10.0.0.0/8')).rejects.toMatchObject({ code: 'ESRCH' });
    await tap.linkDown();
    expect(kernel.rtnetlink.routes).toEqual([]);
    await expect(tap.addRoute('10.0.0.0/8')).rejects.toMatchObject({ code: 'ENETDOWN' });
  });

  it('let others open the device', async () => {
    await tap.setOwner({ uid: 1000 });
    await tap.setOwner({ gid: 100 });
    expect(kernel.owner(tap.name)).toEqual({ uid: 1000, gid: 100 });
  });

  it('carry the code of the kernel, and change nothing when it refuses', async () => {
    const before = structuredClone(link());
    kernel.rtnetlink.refuseNext(16, 1);
    await expect(tap.setMtu(1400)).rejects.toMatchObject({
      name: 'RtapError',
      code: 'EPERM',
      interface: tap.name,
    });
    expect(link()).toEqual(before);
    expect(tap.mtu).toBe(1500);
  });

  it('warn of an MTU that takes IPv6 away', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      await tap.setMtu(1280);
      expect(warn).not.toHaveBeenCalled();
      await tap.setMtu(1279);
      expect(warn).toHaveBeenCalledWith(
        expect.stringContaining('IPv6'),
        expect.objectContaining({ code: 'RTAP_WARN_MTU' }),
      );
    } finally {
      warn.mockRestore();
    }
  });

  it('run in the order of the calls', async () => {
    const done: string[] = [];
    const first = tap.setMtu(2000).then(() => done.push('mtu'));
    const second = tap.setPromiscuous(true).then(() => done.push('promiscuous'));
    const third = tap.stop().then(() => done.push('stop'));
    await Promise.all([first, second, third]);
    expect(done).toEqual(['mtu', 'promiscuous', 'stop']);
  });

  it('can be taken away while they wait', async () => {
    const release = kernel.rtnetlink.hold();
    const controller = new AbortController();
    const first = tap.setMtu(2000);
    const second = tap.setMtu(3000, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    release();
    await first;
    expect(link()).toMatchObject({ mtu: 2000 });
  });
});

describe('changes from outside are told, typed', () => {
  it('another MTU and another MAC address, once each', async () => {
    const told: unknown[] = [];
    const before = tap.macAddress;
    tap.on('mtu', (...event) => told.push(['mtu', ...event]));
    tap.on('macAddress', (...event) => told.push(['macAddress', ...event]));
    tap.on('link', (now) => told.push(['link', now.status]));
    kernel.rtnetlink.changeLink(tap.ifindex, { mtu: 1400 });
    kernel.rtnetlink.repeat(tap.ifindex);
    kernel.rtnetlink.changeLink(tap.ifindex, { address: Uint8Array.of(2, 0, 0, 0, 0, 9) });
    kernel.rtnetlink.repeat(tap.ifindex);
    await tap.linkUpdate();
    expect(told).toEqual([
      ['mtu', 1400, 1500],
      ['macAddress', '02:00:00:00:00:09', before],
    ]);
    expect([tap.mtu, tap.macAddress]).toEqual([1400, '02:00:00:00:00:09']);
  });

  it('what was lost is told by the resync', async () => {
    const told: unknown[] = [];
    tap.on('mtu', (mtu) => told.push(mtu));
    const resynced = new Promise<void>((resolve) => {
      tap.once('resync', () => resolve());
    });
    kernel.rtnetlink.loseEvents(() => {
      kernel.rtnetlink.changeLink(tap.ifindex, { mtu: 1300 });
      kernel.rtnetlink.changeLink(tap.ifindex, { mtu: 1301 });
    });
    await resynced;
    expect(told).toEqual([1301]);
  });

  it('nothing of it after stop', async () => {
    const told: unknown[] = [];
    tap.on('mtu', (mtu) => told.push(mtu));
    await tap.stop();
    kernel.rtnetlink.changeLink(tap.ifindex, { mtu: 1300 });
    await tap.start();
    expect(told).toEqual([]);
    expect(tap.mtu).toBe(1300);
  });
});

describe('openTap with settings', () => {
  it('sets all of it before the link goes up', async () => {
    const bridge = kernel.rtnetlink.addLink({ name: 'br0' });
    const device = await openTap({
      kernel,
      mtu: 9000,
      mac: '02:00:00:00:00:55',
      addresses: ['10.0.0.1/24', '2001:db8::1/64'],
      master: 'br0',
      owner: { uid: 1000 },
    });
    expect(kernel.rtnetlink.link(device.ifindex)).toMatchObject({
      mtu: 9000,
      address: Uint8Array.of(2, 0, 0, 0, 0, 0x55),
      master: bridge,
      up: true,
    });
    expect([device.mtu, device.macAddress, device.link.status]).toEqual([
      9000,
      '02:00:00:00:00:55',
      'up',
    ]);
    expect(kernel.rtnetlink.addresses.filter(({ index }) => index === device.ifindex)).toHaveLength(
      2,
    );
    await device.close();
  });

  it('leaves nothing behind when one of them fails', async () => {
    const before = kernel.rtnetlink.links.length;
    await expect(openTap({ kernel, mtu: 1400, master: 'nobody' })).rejects.toMatchObject({
      code: 'ENODEV',
    });
    expect(kernel.rtnetlink.links).toHaveLength(before);
  });

  it('takes it well that an adopted interface has an address already', async () => {
    kernel.addTap('lab0');
    const options = { kernel, name: 'lab0', adopt: true, addresses: ['10.0.0.1/24'] };
    const first = await openTap(options);
    await first.close();
    const second = await openTap(options);
    expect(kernel.rtnetlink.addresses).toHaveLength(1);
    await second.close();
  });
});
