import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, OpenTapOptions } from '@rtap/core';
import { describe, expect } from 'vitest';

async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

/** All that `ip` shows of the interface. (A bridge takes things over from its port by itself, and keeps some.) */
async function seen(netns: NetworkNamespace): Promise<unknown> {
  return [
    await ipJson(netns, ['-d', 'link', 'show', 'dev', 'lab0']),
    await ipJson(netns, ['address', 'show', 'dev', 'lab0']),
    await ipJson(netns, ['route', 'show', 'dev', 'lab0', 'table', 'all']),
    await ipJson(netns, ['-6', 'route', 'show', 'dev', 'lab0', 'table', 'all']),
  ];
}

/** An interface that an administrator made, with flags as rtap gives them, in a bridge, with addresses. */
async function makeLab(netns: NetworkNamespace, up: boolean): Promise<void> {
  const made = ['tuntap', 'add', 'dev', 'lab0', 'mode', 'tap', 'multi_queue', 'vnet_hdr'];
  await ip(netns, ...made, 'user', '4711');
  for (const bridge of ['lab1', 'lab2']) {
    await ip(netns, 'link', 'add', bridge, 'type', 'bridge');
  }
  const link = ['link', 'set', 'dev', 'lab0'];
  await ip(netns, ...link, 'addrgenmode', 'none', 'address', '02:00:00:00:00:11', 'mtu', '1400');
  await ip(netns, ...link, 'master', 'lab1');
  // The first time that an interface is up it gets a queueing discipline, for ever.
  await ip(netns, ...link, 'up');
  if (!up) await ip(netns, ...link, 'down');
  await ip(netns, 'address', 'add', '10.0.0.1/24', 'dev', 'lab0');
  await ip(netns, 'address', 'add', '2001:db8::1/64', 'nodad', 'dev', 'lab0');
}

async function deleteLab(netns: NetworkNamespace): Promise<void> {
  for (const name of ['lab0', 'lab1', 'lab2']) await ip(netns, 'link', 'del', name);
}

const settings: OpenTapOptions = {
  ...{ mac: '02:00:00:00:00:22', mtu: 9000, master: 'lab2', owner: { uid: 815 }, persist: true },
  addresses: ['10.0.0.1/24', '10.0.0.2/24', '2001:db8::2/64'],
};

/** At what an opening fails, after all or some settings, and by which of the kernel's words. */
const failures: readonly (readonly [string, OpenTapOptions, string])[] = [
  ['a master that takes no TAP device', { master: 'lo' }, 'EINVAL|EOPNOTSUPP'],
  ['an address that is none for an interface', { addresses: ['10.0.0.2/24', 'ff02::9/64'] }, 'E.*'],
  [
    'a route by nobody',
    { routes: ['10.1.0.0/16', { destination: 'default', gateway: '203.0.113.1' }] },
    'ENETUNREACH',
  ],
];

describe.each([false, true])('an adopted interface that is up: %s', (up) => {
  test.for(failures)(
    'is for ip as it was when opening fails at %s',
    async ([, options, code], { netns, judges }) => {
      judges('ip');
      await makeLab(netns, up);
      const before = await seen(netns);
      const opening = openTap({ netns, name: 'lab0', adopt: true, ...settings, ...options });
      await expect(opening).rejects.toMatchObject({
        name: 'RtapError',
        code: expect.stringMatching(new RegExp(`^(${code})$`, 'u')),
      });
      expect(await seen(netns)).toEqual(before);
      await deleteLab(netns);
    },
  );

  test('has its IPv6 addresses again when an MTU had them taken away', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await makeLab(netns, up);
    const addresses = async (): Promise<unknown> => {
      const [shown] = (await ipJson(netns, ['address', 'show', 'dev', 'lab0'])) as readonly {
        readonly addr_info: readonly { readonly scope: string }[];
      }[];
      // The kernel gives a link-local one by itself.
      return shown?.addr_info.filter(({ scope }) => scope === 'global');
    };
    const before = await addresses();
    const opening = openTap({ netns, name: 'lab0', adopt: true, mtu: 1000, master: 'lo' });
    await expect(opening).rejects.toMatchObject({ name: 'RtapError' });
    expect(await addresses()).toEqual(before);
    await deleteLab(netns);
  });
});
