/**
 * The least rights that do: of a user with CAP_NET_ADMIN alone, and of one with none.
 *
 * @module
 */

import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import type { NetworkNamespace } from '@rtap/core';
import { beforeEach, describe, expect } from 'vitest';
import { NOBODY, startOrdinaryUser } from './ordinary-user.ts';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => {
  judges('ip', 'ping', 'setpriv', 'unshare', 'mount');
});

/** Makes what root makes for a user: a persistent device of theirs. */
async function give(netns: NetworkNamespace, up: boolean): Promise<void> {
  const kind = ['mode', 'tap', 'multi_queue', 'vnet_hdr'];
  await run(netns, 'ip', ['tuntap', 'add', 'given0', ...kind, 'user', String(NOBODY)]);
  await run(netns, 'ip', ['address', 'add', '10.9.0.1/24', 'dev', 'given0']);
  if (up) await run(netns, 'ip', ['link', 'set', 'given0', 'up']);
}

const ping = (netns: NetworkNamespace): ReturnType<typeof run> =>
  run(netns, 'ping', ['-c', '3', '-i', '0.2', '-w', '10', '10.9.0.2']);

describe('with CAP_NET_ADMIN alone', () => {
  test('devices of the current namespace are made and changed', async ({ netns }) => {
    const user = await startOrdinaryUser(netns, { capability: 'net_admin' });
    expect(await user.ask('plainDevice')).toEqual({ done: { state: 'started', status: 'up' } });
    expect((await ping(netns)).stdout).toContain(' 0% packet loss');
    expect(await user.ask('mtu')).toEqual({});
    expect(await ipJson(netns, ['link', 'show', 'mine0'])).toMatchObject([{ mtu: 1300 }]);
    expect(await user.ask('queues')).toEqual({ done: 3 });
    expect((await ping(netns)).stdout).toContain(' 0% packet loss');
    expect(await user.ask('plain')).toMatchObject({
      failed: { code: 'EPERM', hint: expect.stringMatching(/CAP_SYS_ADMIN/) },
    });
    expect(await user.ask('close')).toEqual({});
    expect(await user.end()).toBe(0);
  });

  test('a device that is moved is not followed, which is told', async ({ netns }) => {
    await using there = await createTestNamespace();
    const user = await startOrdinaryUser(netns, { capability: 'net_admin' });
    await user.ask('plainDevice');
    await run(netns, 'ip', ['link', 'set', 'mine0', 'netns', there.path]);
    expect(await user.next()).toMatchObject({
      moved: { followed: false, reason: expect.stringMatching(/EPERM.*CAP_(NET|SYS)_ADMIN/) },
    });
    expect(await user.ask('mtu')).toMatchObject({
      failed: { hint: expect.stringMatching(/give the process the right to go there/) },
    });
    expect(await ipJson(there, ['link', 'show', 'mine0'])).toMatchObject([{ mtu: 1400 }]);
    expect(await user.ask('close')).toEqual({});
    expect(await user.end()).toBe(0);
  });
});

describe('with no right at all', () => {
  test('a device that was made for the user and set up does everything but change', async ({
    netns,
  }) => {
    await give(netns, true);
    const user = await startOrdinaryUser(netns);
    expect(await user.ask('given')).toMatchObject({ done: { state: 'started' } });
    expect((await ping(netns)).stdout).toContain(' 0% packet loss');
    await run(netns, 'ip', ['link', 'set', 'given0', 'down']);
    expect(await user.next()).toEqual({ link: 'down' });
    await run(netns, 'ip', ['link', 'set', 'given0', 'up']);
    expect(await user.next()).toEqual({ link: 'up' });
    expect(await user.ask('mtu')).toMatchObject({
      failed: { code: 'EPERM', hint: expect.stringMatching(/CAP_NET_ADMIN/) },
    });
    // The link is not the user's to set: it stays up, and the device starts again.
    expect(await user.ask('stop')).toEqual({ done: 'down' });
    expect(await ipJson(netns, ['link', 'show', 'given0'])).toMatchObject([
      { flags: expect.arrayContaining(['UP']) },
    ]);
    expect(await user.ask('start')).toMatchObject({ done: expect.stringMatching(/up|down/) });
    expect((await ping(netns)).stdout).toContain(' 0% packet loss');
    expect(await user.ask('close')).toEqual({});
    expect(await user.end()).toBe(0);
    expect(await ipJson(netns, ['link', 'show', 'given0'])).toMatchObject([
      { flags: expect.arrayContaining(['UP']) },
    ]);
    await run(netns, 'ip', ['link', 'delete', 'given0']);
  });

  test('one that is down is refused, with what is to be done', async ({ netns }) => {
    await give(netns, false);
    const before = await ipJson(netns, ['-d', 'link', 'show']);
    const user = await startOrdinaryUser(netns);
    expect(await user.ask('given')).toMatchObject({
      failed: {
        ...{ code: 'EPERM', syscall: 'RTM_NEWLINK', interface: 'given0' },
        hint: expect.stringMatching(/ip link set NAME up/),
      },
    });
    expect(await ipJson(netns, ['-d', 'link', 'show'])).toEqual(before);
    await run(netns, 'ip', ['link', 'set', 'given0', 'up']);
    expect(await user.ask('given')).toMatchObject({ done: { state: 'started' } });
    expect(await user.ask('close')).toEqual({});
    expect(await user.end()).toBe(0);
  });
});
