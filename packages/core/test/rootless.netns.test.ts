/**
 * Rootless namespaces: what an ordinary user can do with them, and what is refused.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { NetworkNamespace, openTap } from '@rtap/core';
import { createTestNamespace, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';
import { NOBODY, startOrdinaryUser, whyNotRootless } from './ordinary-user.ts';

const reason = whyNotRootless();

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges, skip }) => {
  judges('ip', 'nsenter', 'setpriv', 'unshare', 'mount');
  if (reason !== undefined) skip(reason);
});

/** Whether any process is in a network namespace. */
function inhabited(inode: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === `net:[${inode}]`;
    } catch {
      return false;
    }
  });
}

/** Runs `ip` in a namespace that is opened by its path. */
function ipIn(path: string, ...args: readonly string[]): string {
  return execFileSync('nsenter', [`--net=${path}`, 'ip', ...args], { encoding: 'utf8' });
}

describe('an ordinary user', () => {
  test('has a device with queues, sockets and processes in a namespace of their own', async ({
    netns,
  }) => {
    const user = await startOrdinaryUser(netns);
    const before = await user.ask('threads');
    expect(before).toMatchObject({ done: { namespaces: [`net:[${netns.inode}]`] } });
    expect(await user.ask('plain')).toMatchObject({
      failed: {
        ...{ code: 'EPERM', errno: -1, syscall: 'unshare CLONE_NEWNET' },
        hint: expect.stringMatching(/CAP_SYS_ADMIN.*rootless: true/),
      },
    });
    const { done: made } = Object(await user.ask('create'));
    expect(made).toMatchObject({ rootless: true, own: false });
    expect(String(statSync(made.path, { bigint: true }).ino)).toBe(made.inode);
    expect(await user.ask('device')).toMatchObject({
      done: { name: 'mine0', namespaceInode: made.inode, linkStateChange: { filtered: true } },
    });
    const [shown] = JSON.parse(ipIn(made.path, '-j', '-d', 'link', 'show', 'mine0'));
    expect(shown).toMatchObject({ ifname: 'mine0', flags: expect.arrayContaining(['LOWER_UP']) });
    expect(await user.ask('pings')).toEqual({ done: 3 });
    expect(await user.ask('sockets')).toEqual({ done: 'mine0' });
    expect(await user.ask('process')).toEqual({
      done: { output: `0\nnet:[${made.inode}]\n`, end: { code: 0, signal: null } },
    });
    ipIn(made.path, 'link', 'set', 'mine0', 'down');
    expect(await user.next()).toEqual({ link: 'down' });
    ipIn(made.path, 'link', 'set', 'mine0', 'up');
    expect(await user.next()).toEqual({ link: 'up' });
    expect(await user.ask('queues')).toEqual({ done: 3 });
    const [with3] = JSON.parse(ipIn(made.path, '-j', '-d', 'link', 'show', 'mine0'));
    expect(with3).toMatchObject({ linkinfo: { info_data: { numqueues: 3 } } });
    expect(await user.ask('threads')).toEqual(before);
    expect(await user.ask('close')).toEqual({});
    expect(await user.ask('many')).toEqual({ done: '' });
    expect(await user.ask('threads')).toEqual(before);
    expect(await user.end()).toBe(0);
  });

  test('follows a device from one of their namespaces to another, and not to root’s', async ({
    netns,
  }) => {
    const user = await startOrdinaryUser(netns);
    const { done: made } = Object(await user.ask('create'));
    await user.ask('device');
    for (const [word, inode, path] of [
      ['move', made.thereInode, made.there],
      ['back', made.inode, made.path],
      ['move', made.thereInode, made.there],
    ]) {
      const told = [await user.ask(word), await user.next(), await user.next(), await user.next()];
      expect(told).toEqual(
        expect.arrayContaining([
          { link: 'down' },
          { moved: expect.objectContaining({ followed: true, namespaceInode: inode }) },
          { link: 'up' },
          {},
        ]),
      );
      expect(await user.ask('update')).toEqual({ done: 'up' });
      expect(ipIn(path, '-o', 'link', 'show', 'mine0')).toContain('LOWER_UP');
    }
    expect(await user.ask('queues')).toEqual({ done: 3 });
    ipIn(made.there, 'link', 'set', 'mine0', 'netns', netns.path);
    expect(await user.next()).toEqual({ link: 'down' });
    expect(await user.next()).toEqual({
      moved: {
        followed: false,
        ifindex: expect.any(Number),
        reason: expect.stringMatching(/EPERM.*CAP_NET_ADMIN/),
      },
    });
    ipIn(netns.path, 'link', 'set', 'mine0', 'netns', made.path);
    expect(await user.ask('update')).toMatchObject({ moved: { followed: true } });
    expect(await user.next()).toEqual({ link: 'up' });
    expect(await user.next()).toEqual({ done: 'up' });
    expect(await user.ask('close')).toEqual({});
    expect(await user.end()).toBe(0);
  });

  test('is told what is missing', async ({ netns }) => {
    const closed = await startOrdinaryUser(netns, { mode: '0600' });
    await closed.ask('create');
    expect(await closed.ask('device')).toMatchObject({
      failed: { code: 'EACCES', syscall: 'open /dev/net/tun', hint: expect.stringMatching(/0666/) },
    });
    expect(await closed.ask('named')).toMatchObject({
      failed: { code: expect.stringMatching(/EACCES|EPERM/), hint: expect.stringMatching(/name/) },
    });
    expect(await closed.end()).toBe(0);
    const none = await startOrdinaryUser(netns, {
      launcher: [
        ...['unshare', '--user', '--map-root-user', 'sh', '-c'],
        ...['echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', 'sh'],
      ],
    });
    expect(await none.ask('create')).toMatchObject({
      failed: {
        ...{ code: 'ENOSPC', syscall: 'clone' },
        hint: expect.stringMatching(/user\.max_user_namespaces/),
      },
    });
    expect(await none.end()).toBe(0);
    const changed = await startOrdinaryUser(netns, { launcher: [], args: [String(NOBODY)] });
    expect(await changed.ask('create')).toMatchObject({
      failed: {
        code: 'EACCES',
        syscall: expect.stringContaining('/proc/self/'),
        hint: expect.stringMatching(/setpriv/),
      },
    });
    expect(await changed.end()).toBe(0);
  });

  test('leaves nothing behind when the process is killed', async ({ netns }) => {
    const user = await startOrdinaryUser(netns);
    const { done: made } = Object(await user.ask('create'));
    await user.ask('device');
    await user.ask('sleeper');
    expect(inhabited(made.inode)).toBe(true);
    // A cable between the two namespaces: this end goes when the other one is really gone.
    const cable = ['link', 'add', 'cable0', 'type', 'veth', 'peer', 'name', 'cable1'];
    ipIn(netns.path, ...cable, 'netns', made.path);
    await user.kill();
    await expect.poll(() => inhabited(made.inode), { timeout: 10_000 }).toBe(false);
    await expect
      .poll(() => ipIn(netns.path, '-o', 'link', 'show'), { timeout: 10_000 })
      .not.toContain('cable0');
  });
});

describe('root', () => {
  test('follows a device into somebody’s rootless namespace, and back', async ({ netns }) => {
    const user = await startOrdinaryUser(netns);
    const { done: made } = Object(await user.ask('create'));
    const tap = await openTap({ netns, name: 'roots0' });
    const events: string[] = [];
    tap.on('link', ({ status }) => events.push(status));
    tap.on('moved', ({ followed }) => events.push(`followed: ${followed}`));
    for (const [from, to, inode] of [
      [netns.path, made.path, made.inode],
      [made.path, netns.path, String(netns.inode)],
    ]) {
      events.length = 0;
      ipIn(from, 'link', 'set', 'roots0', 'netns', to);
      await expect.poll(() => events).toEqual(['down', 'followed: true', 'up']);
      expect(String(tap.info().namespaceInode)).toBe(inode);
      await tap.stop();
      await tap.configure({ queues: events.length });
      await tap.start();
      const [shown] = JSON.parse(ipIn(to, '-j', '-d', 'link', 'show', 'roots0'));
      expect(shown).toMatchObject({ linkinfo: { info_data: { numqueues: 3 } } });
    }
    const opened = await NetworkNamespace.open(made.path);
    expect(opened.rootless).toBe(true);
    await opened.close();
    await tap.close();
    expect(await user.end()).toBe(0);
  });

  test('may make rootless namespaces, too', async ({ netns: _ }) => {
    const made = await createTestNamespace({ rootless: true });
    expect(made.rootless).toBe(true);
    const tap = await openTap({ netns: made, name: 'root0' });
    expect(await ipJson(made, ['link', 'show', 'root0'])).toMatchObject([{ ifname: 'root0' }]);
    await tap.close();
    await made.close();
  });
});
