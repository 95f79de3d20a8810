/**
 * Interfaces that `ip` moves to another network namespace, followed by a device of the real kernel.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';
import { createTestNamespace, ipJson, ping } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { LinkMove, NetworkNamespace, TapDevice } from '@rtap/core';
import { beforeEach, describe, expect } from 'vitest';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) =>
  judges('nsenter', 'ip'),
);

/** Runs `ip` while JavaScript stands still: what it does, nobody has heard of when it returns. */
function ipMeanwhile(netns: NetworkNamespace, ...args: readonly string[]): void {
  execFileSync('nsenter', [`--net=${netns.path}`, 'ip', ...args]);
}

function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link) => events.push(link.status));
  tap.on('renamed', (name) => events.push(`renamed ${name}`));
  tap.on('moved', ({ followed }) => events.push(`moved, followed: ${followed}`));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

/** What `ip -j -d link` shows of an interface, or undefined. */
async function shown(
  netns: NetworkNamespace,
  name: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const links = await ipJson(netns, ['-d', 'link', 'show']);
  return Array.isArray(links) ? links.find((link) => link.ifname === name) : undefined;
}

/** The namespaces and sockets that this process has open. */
function openFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^(\/dev\/net\/tun|net:|socket:)/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}

const ALL = ['down', 'moved, followed: true', 'up'];

describe('an interface that ip moves', () => {
  test('is followed there and back, at traffic, and nothing of it is left behind', async ({
    netns,
  }) => {
    const other = await createTestNamespace();
    const before = openFiles();
    const tap = await openTap({ netns, name: 'move0', queues: 2 });
    const open = openFiles();
    const events = record(tap);
    const host = {
      mac: parseMacAddress('02:00:00:00:00:02'),
      ipv4: parseIpAddress('10.9.0.2'),
      ipv6: parseIpAddress('fd09::2'),
    };
    const answering = (async (): Promise<void> => {
      for await (const batch of tap.batches()) {
        for (let index = 0; index < batch.count; index += 1) {
          const length = respond(batch.slab, host, batch.offset(index), batch.length(index));
          batch.setLength(index, length);
        }
        if (tap.link.status === 'up') tap.queue(0).txBurst(batch);
      }
    })();
    const pinged = async (from: NetworkNamespace): Promise<number> => {
      await tap.addAddress('10.9.0.1/24');
      return (await ping({ address: '10.9.0.2', netns: from, count: 3 })).replies.length;
    };
    expect(await pinged(netns)).toBe(3);
    for (const [from, to] of [
      [netns, other],
      [other, netns],
      [netns, other],
    ] as const) {
      events.length = 0;
      // Requests that nobody waits for are on their way while it moves.
      const unanswered = ping({ address: '10.9.0.2', netns: from, count: 5, timeout: 20 }).catch(
        () => undefined,
      );
      ipMeanwhile(from, 'link', 'set', 'move0', 'netns', to.path);
      await expect.poll(() => events).toEqual(ALL);
      await unanswered;
      const link = await shown(to, 'move0');
      expect(link).toMatchObject({ ifindex: tap.ifindex, flags: expect.arrayContaining(['UP']) });
      expect(await shown(from, 'move0')).toBeUndefined();
      expect(tap.info()).toMatchObject({ namespaceInode: to.inode, name: 'move0' });
      // The kernel has dropped its addresses; with new ones frames pass as before.
      expect(await pinged(to)).toBe(3);
      await tap.setMtu(1400 + events.length);
      expect(await shown(to, 'move0')).toMatchObject({ mtu: 1403 });
      ipMeanwhile(to, 'link', 'set', 'move0', 'down');
      await tap.until('down');
      ipMeanwhile(to, 'link', 'set', 'move0', 'up');
      await tap.until('up');
    }
    // As many files as before the first move: the namespace's handle and sockets are others.
    await expect.poll(openFiles).toBe(open);
    await tap.stop();
    await answering;
    await tap.configure({ queues: 3 });
    expect(await shown(other, 'move0')).toMatchObject({
      linkinfo: { info_data: { numqueues: 3 } },
    });
    await tap.close();
    expect(await shown(other, 'move0')).toBeUndefined();
    await expect.poll(openFiles).toBe(before);
    await other.close();
  });

  test('may get another number and another name', async ({ netns }) => {
    const other = await createTestNamespace();
    const tap = await openTap({ netns, name: 'move1' });
    const events = record(tap);
    const moves: LinkMove[] = [];
    tap.on('moved', (move) => moves.push(move));
    const { ifindex } = tap;
    ipMeanwhile(other, 'tuntap', 'add', 'dev', 'first0', 'mode', 'tap');
    for (let count = 0; count < ifindex; count += 1) {
      ipMeanwhile(other, 'tuntap', 'add', 'dev', `taken${count}`, 'mode', 'tap');
    }
    ipMeanwhile(netns, 'link', 'set', 'move1', 'netns', other.path, 'name', 'far1');
    await expect.poll(() => events).toEqual(ALL);
    expect(tap.ifindex).not.toBe(ifindex);
    const { inode: namespaceInode } = other;
    expect(moves).toEqual([{ followed: true, ifindex: tap.ifindex, name: 'far1', namespaceInode }]);
    expect(await shown(other, 'far1')).toMatchObject({ ifindex: tap.ifindex });
    await tap.close();
    await other.close();
  });

  test.for([true, false])(
    'is not mistaken for who has its name and number, with LSC %s',
    async (linkStateChange, { netns }) => {
      const other = await createTestNamespace();
      const tap = await openTap({ netns, name: 'twin0', linkStateChange });
      const events = record(tap);
      const decoy = ['link', 'add', 'twin0', 'index', String(tap.ifindex), 'type', 'bridge'];
      ipMeanwhile(netns, 'link', 'set', 'twin0', 'netns', other.path);
      ipMeanwhile(netns, ...decoy);
      const untouched = await shown(netns, 'twin0');
      await tap.setMtu(1400);
      await tap.linkDown();
      await tap.addAddress('10.9.0.1/24');
      await tap.linkUp();
      expect(await shown(netns, 'twin0')).toEqual(untouched);
      expect(await ipJson(netns, ['address', 'show', 'dev', 'twin0'])).toMatchObject([
        { addr_info: [] },
      ]);
      expect(await shown(other, 'twin0')).toMatchObject({ mtu: 1400 });
      expect(events).toEqual(linkStateChange ? [...ALL, 'down', 'up'] : []);
      expect(tap.link.status).toBe('up');
      await tap.close();
      ipMeanwhile(netns, 'link', 'del', 'twin0');
      await other.close();
    },
  );

  test('is found by the next operation when the device is configured', async ({ netns }) => {
    const other = await createTestNamespace();
    const tap = await openTap({ netns, name: 'left0', start: false });
    const events = record(tap);
    ipMeanwhile(netns, 'link', 'set', 'left0', 'netns', other.path);
    await tap.configure({ queues: 2 });
    expect(await shown(netns, 'left0')).toBeUndefined();
    expect(await shown(other, 'left0')).toMatchObject({
      linkinfo: { info_data: { numqueues: 2 } },
    });
    ipMeanwhile(other, 'link', 'set', 'left0', 'netns', netns.path);
    await tap.start();
    expect(tap.link.status).toBe('up');
    expect(tap.info().namespaceInode).toBe(netns.inode);
    ipMeanwhile(netns, 'link', 'set', 'left0', 'down');
    await tap.until('down');
    expect(events).toEqual(['down']);
    await tap.close();
    expect(await shown(netns, 'left0')).toBeUndefined();
    await other.close();
  });

  test('is found under another number where it was', async ({ netns }) => {
    const other = await createTestNamespace();
    const tap = await openTap({ netns, name: 'back0', start: false });
    const { ifindex } = tap;
    ipMeanwhile(netns, 'link', 'set', 'back0', 'netns', other.path);
    ipMeanwhile(netns, 'link', 'add', 'taken0', 'index', String(ifindex), 'type', 'bridge');
    ipMeanwhile(other, 'link', 'set', 'back0', 'netns', netns.path);
    await tap.configure({ queues: 2 });
    await tap.start();
    expect(tap.ifindex).not.toBe(ifindex);
    expect(await shown(netns, 'back0')).toMatchObject({
      ifindex: tap.ifindex,
      flags: expect.arrayContaining(['UP']),
      linkinfo: { info_data: { numqueues: 2 } },
    });
    expect(await shown(netns, 'taken0')).toMatchObject({ operstate: 'DOWN' });
    await tap.close();
    ipMeanwhile(netns, 'link', 'del', 'taken0');
    await other.close();
  });

  test('has one queue, and is followed all the same', async ({ netns }) => {
    const other = await createTestNamespace();
    ipMeanwhile(netns, 'tuntap', 'add', 'dev', 'one0', 'mode', 'tap');
    const tap = await openTap({ netns, name: 'one0', adopt: true });
    const events = record(tap);
    ipMeanwhile(netns, 'link', 'set', 'one0', 'netns', other.path);
    await expect.poll(() => events).toEqual(ALL);
    expect(tap.send(new Uint8Array(60).fill(0xff))).toBe(true);
    await tap.stop();
    await tap.configure({ queues: 1 });
    await tap.start();
    expect(await shown(other, 'one0')).toMatchObject({ flags: expect.arrayContaining(['UP']) });
    ipMeanwhile(other, 'link', 'del', 'one0');
    await expect.poll(() => events.at(-1)).toBe('removed');
    await tap.close();
    await other.close();
  });

  test('and is deleted there before anybody looks: removed', async ({ netns }) => {
    const other = await createTestNamespace();
    const tap = await openTap({ netns, name: 'gone0' });
    const events = record(tap);
    ipMeanwhile(netns, 'link', 'set', 'gone0', 'netns', other.path);
    ipMeanwhile(other, 'link', 'del', 'gone0');
    await expect.poll(() => events).toEqual(['down', 'removed']);
    await tap.close();
    await other.close();
  });

  test('without CAP_SYS_ADMIN it is not followed, works on, and is found when it comes back', async ({
    netns,
    judges,
  }) => {
    judges('setpriv');
    const other = await createTestNamespace();
    const child = await netns.exec(
      'setpriv',
      [
        '--bounding-set=-sys_admin',
        process.execPath,
        new URL('fixtures/powerless.ts', import.meta.url).pathname,
      ],
      { stdio: 'pipe' },
    );
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null) throw new TypeError('no pipes');
    stderr?.resume();
    const lines: string[] = [];
    const reader = createInterface({ input: stdout }).on('line', (line) => lines.push(line));
    const next = async (): Promise<string> => {
      while (lines.length === 0) await once(reader, 'line');
      return lines.shift() ?? '';
    };
    const ask = (word: string): Promise<string> => {
      stdin.write(`${word}\n`);
      return next();
    };
    expect(await next()).toBe('ready');
    ipMeanwhile(netns, 'link', 'set', 'power0', 'netns', other.path);
    expect(await next()).toBe('link down');
    expect(await next()).toMatch(/^moved false EPERM.*setns.*CAP_SYS_ADMIN/);
    expect(await ask('linkUpdate')).toMatch(/^failed linkUpdate: 'power0' .*not followed: EPERM/);
    ipMeanwhile(other, 'link', 'set', 'power0', 'up');
    expect(await ask('send')).toBe('sent true');
    expect(await ipJson(other, ['-s', 'link', 'show', 'power0'])).toMatchObject([
      { stats64: { rx: { packets: 1 } } },
    ]);
    ipMeanwhile(other, 'link', 'set', 'power0', 'netns', netns.path);
    expect(await ask('linkUpdate')).toBe('moved true ');
    expect(await next()).toBe('link up');
    expect(await next()).toBe(`is up ${netns.inode}`);
    ipMeanwhile(netns, 'link', 'set', 'power0', 'netns', other.path);
    expect([await next(), await next()]).toEqual(['link down', expect.stringContaining('EPERM')]);
    // It ends with its namespace, which this process alone keeps.
    await other.close();
    expect(await next()).toBe('removed');
    stdin.end();
    expect(await child.exited).toMatchObject({ code: 0 });
  });
});
