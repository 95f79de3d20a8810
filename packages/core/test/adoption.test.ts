import { RTM_GETLINK, RTM_NEWADDR, RTM_NEWROUTE } from '@rtap/netlink';
import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { OpenTapOptions } from '@rtap/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const EPERM = 1;
let kernel: FakeKernel;

/** An interface of which all is other than the kernel makes it, and than it is asked for below. */
beforeEach(async () => {
  kernel = new FakeKernel();
  kernel.addTap('lab0');
  const bridge = kernel.rtnetlink.addLink({ name: 'br0' });
  kernel.rtnetlink.addLink({ name: 'br1' });
  const options = { kernel, name: 'lab0', adopt: true, start: false };
  const first = await openTap({ ...options, addresses: ['10.0.0.1/24', '2001:db8::1/64'] });
  await first.close();
  kernel.rtnetlink.changeLink(first.ifindex, {
    ...{ mtu: 1400, address: Uint8Array.of(2, 0, 0, 0, 0, 0x11), master: bridge },
  });
});

/** All that a failed opening could leave behind. */
function seen(): unknown {
  const { links, addresses, routes, openSockets } = kernel.rtnetlink;
  return structuredClone({ links, addresses, routes, openSockets });
}

const settings: OpenTapOptions = {
  ...{ mac: '02:00:00:00:00:22', mtu: 9000, master: 'br1' },
  addresses: ['10.0.0.1/24', '10.0.0.2/24', '2001:db8::2/64'],
};

/** At what an opening fails, after all or some settings. */
const failures: readonly (readonly [string, OpenTapOptions, () => void, string])[] = [
  ['a master that is none', { master: 'nobody' }, () => undefined, 'ENODEV'],
  ['an address', {}, () => kernel.rtnetlink.refuseNext(RTM_NEWADDR, EPERM), 'EPERM'],
  ['subscribing', {}, () => kernel.failNext('openSubscriptionSocket', 'EMFILE'), 'EMFILE'],
  ['a route', { routes: ['10.1.0.0/16', '10.2.0.0/16', '10.2.0.0/16'] }, () => undefined, 'EEXIST'],
  [
    'the first of its routes',
    { routes: ['10.1.0.0/16'] },
    () => kernel.rtnetlink.refuseNext(RTM_NEWROUTE, EPERM),
    'EPERM',
  ],
];

describe.each([false, true])('an adopted interface that is up: %s', (up) => {
  beforeEach(() => {
    const link = kernel.rtnetlink.link('lab0');
    if (link !== undefined) kernel.rtnetlink.changeLink(link.ifindex, { up });
  });

  it.each(failures)('is as it was when opening fails at %s', async (_, options, fail, code) => {
    const before = seen();
    fail();
    const opening = openTap({ kernel, name: 'lab0', adopt: true, ...settings, ...options });
    await expect(opening).rejects.toMatchObject({ name: 'RtapError', code });
    expect(seen()).toEqual(before);
  });

  it('is as it was when opening is aborted while it starts', async () => {
    const before = seen();
    const controller = new AbortController();
    const { signal } = controller;
    const options = { kernel, name: 'lab0', adopt: true, ...settings };
    const subscribe = kernel.openSubscriptionSocket.bind(kernel);
    const spy = vi.spyOn(kernel, 'openSubscriptionSocket').mockImplementation((where) => {
      controller.abort(new Error('enough'));
      return subscribe(where);
    });
    await expect(openTap({ ...options, signal })).rejects.toThrow('enough');
    expect(spy).toHaveBeenCalled();
    expect(seen()).toEqual(before);
    const tap = await openTap(options);
    expect(kernel.rtnetlink.link('lab0')).toMatchObject({ mtu: 9000, up: true });
    await tap.close();
  });

  it('stays as it is when it was not started, and starting it fails', async () => {
    const tap = await openTap({ kernel, name: 'lab0', adopt: true, start: false });
    const before = kernel.rtnetlink.link('lab0');
    kernel.rtnetlink.refuseNext(RTM_GETLINK, EPERM);
    await expect(tap.start()).rejects.toMatchObject({ code: 'EPERM' });
    expect(kernel.rtnetlink.link('lab0')).toEqual(before);
    await tap.start();
    await tap.stop();
    kernel.rtnetlink.refuseNext(RTM_GETLINK, EPERM);
    await expect(tap.start()).rejects.toMatchObject({ code: 'EPERM' });
    expect(kernel.rtnetlink.link('lab0')).toMatchObject({ up: false });
    await tap.close();
  });
});
