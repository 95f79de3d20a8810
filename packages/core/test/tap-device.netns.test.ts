import { readFileSync, readdirSync } from 'node:fs';
import { expectNoLeaks, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { describe, expect } from 'vitest';

/** What `ip -j -d link show NAME` says; undefined when there is no such interface. */
async function linkByIp(netns: NetworkNamespace, name: string): Promise<unknown> {
  const links = await ipJson(netns, ['-d', 'link', 'show']);
  if (!Array.isArray(links)) throw new TypeError('ip printed no list');
  return links.find((link: { readonly ifname?: unknown }) => link.ifname === name);
}

/** Runs `ip` and expects it to succeed. */
async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

/** How many fds of this process the kernel counts for an interface (`iff:` of its fdinfo). */
function queueFiles(name: string): number {
  return readdirSync('/proc/self/fdinfo').filter((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').includes(`iff:\t${name}\n`);
    } catch {
      // The fd of the folder that is being read is gone by now.
      return false;
    }
  }).length;
}

describe('the life cycle, judged by ip', () => {
  test('open, stop, start, close', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns });
    expect(await linkByIp(netns, tap.name)).toMatchObject({
      ifindex: tap.ifindex,
      flags: expect.arrayContaining(['UP', 'LOWER_UP']),
      mtu: 1500,
      linkinfo: {
        info_kind: 'tun',
        info_data: { type: 'tap', pi: false, vnet_hdr: true, multi_queue: true, persist: false },
      },
    });
    expect(tap.link).toMatchObject({ status: 'up', carrier: true });
    await tap.stop();
    expect(await linkByIp(netns, tap.name)).toMatchObject({
      flags: expect.not.arrayContaining(['UP']),
      operstate: 'DOWN',
    });
    expect(tap.link.status).toBe('down');
    await tap.start();
    expect(await linkByIp(netns, tap.name)).toMatchObject({
      flags: expect.arrayContaining(['UP', 'LOWER_UP']),
    });
    await tap.close();
    expect(await linkByIp(netns, tap.name)).toBeUndefined();
  });

  test('queues are opened and closed as configured, and the interface lives on meanwhile', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'queues0', queues: 2 });
    const { ifindex } = tap;
    // One more than queues: the detached one that keeps the interface alive.
    expect(queueFiles('queues0')).toBe(3);
    for (const queues of [128, 1, 5]) {
      await tap.stop();
      await tap.configure({ queues });
      await tap.start();
      expect(queueFiles('queues0')).toBe(queues + 1);
      expect(await linkByIp(netns, 'queues0')).toMatchObject({ ifindex });
    }
    await tap.close();
    expect(queueFiles('queues0')).toBe(0);
  });

  test('a name with a blank that is none to the kernel', async ({ netns, judges }) => {
    judges('ip');
    const name = '漢\u3000字';
    const tap = await openTap({ netns, name });
    expect(tap.name).toBe(name);
    expect(await ipJson(netns, ['link', 'show', name])).toMatchObject([{ ifname: name }]);
    await tap.close();
  });

  test('a name that is no UTF-8 from outside, and somebody else has what it reads like', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'sh');
    const twin = 'a\uFFFDb';
    await ip(netns, 'tuntap', 'add', 'dev', twin, 'mode', 'tap', 'multi_queue', 'vnet_hdr');
    const before = await linkByIp(netns, twin);
    const tap = await openTap({ netns, name: 'bytes0', start: false });
    const { ifindex } = tap;
    const rename = `ip link set dev bytes0 name "$(printf 'a\\377b')"`;
    expect(await run(netns, 'sh', ['-c', rename])).toMatchObject({ code: 0 });
    await tap.configure({ queues: 3 });
    await tap.start();
    expect([tap.ifindex, tap.name, tap.queueCount]).toEqual([ifindex, twin, 3]);
    expect(tap.link.status).toBe('up');
    expect(await linkByIp(netns, twin)).toEqual(before);
    await tap.close();
    expect(await linkByIp(netns, twin)).toEqual(before);
    await ip(netns, 'link', 'del', 'dev', twin);
  });

  test('a name that is taken, by a device of ours or of somebody else', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await ip(netns, 'tuntap', 'add', 'dev', 'theirs0', 'mode', 'tap', 'multi_queue', 'vnet_hdr');
    const before = await linkByIp(netns, 'theirs0');
    for (const name of ['theirs0', 'lo']) {
      const error = await openTap({ netns, name }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'RtapError',
        code: expect.stringMatching(/EBUSY|EEXIST|EINVAL/),
      });
    }
    expect(await linkByIp(netns, 'theirs0')).toEqual(before);
    await ip(netns, 'link', 'del', 'theirs0');
  });

  test('adopts an interface that ip tuntap made, and leaves it', async ({ netns, judges }) => {
    judges('ip');
    await ip(netns, 'tuntap', 'add', 'dev', 'lab0', 'mode', 'tap');
    const tap = await openTap({ netns, name: 'lab0', adopt: true });
    expect(tap.info().maxQueues).toBe(1);
    expect(await linkByIp(netns, 'lab0')).toMatchObject({
      ifindex: tap.ifindex,
      flags: expect.arrayContaining(['UP', 'LOWER_UP']),
    });
    await tap.stop();
    await tap.start();
    await tap.until('up');
    expect(tap.send(new Uint8Array(60))).toBe(true);
    const removed = new Promise<void>((resolve) => {
      tap.once('removed', resolve);
    });
    await ip(netns, 'link', 'del', 'lab0');
    await removed;
    await tap.close();
    await ip(netns, 'tuntap', 'add', 'dev', 'lab0', 'mode', 'tap');
    const again = await openTap({ netns, name: 'lab0', adopt: true, linkStateChange: false });
    await again.close();
    expect(await linkByIp(netns, 'lab0')).toMatchObject({ ifname: 'lab0' });
    await ip(netns, 'link', 'del', 'lab0');
  });

  test('hundred cycles leave no file, no interface and no thread', async ({ netns, judges }) => {
    judges('ip');
    const cycle = async (): Promise<void> => {
      const tap = await openTap({ netns, queues: 2 });
      await tap.stop();
      await tap.close();
    };
    await expectNoLeaks(cycle, { namespaces: [netns], times: 100 });
    // Nor did the first cycle.
    expect(await ipJson(netns, ['link', 'show'])).toHaveLength(1);
  });
});
