/**
 * `rtap link show`, `addr show`, `route show` and `neigh show` beside `ip -j`.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect, vi } from 'vitest';
import { inBoth, plain } from './compared.ts';
import { ip } from './ip.ts';
import { rtap, rtapJson } from './rtap.ts';

/** The kernel tells of carriers up to a second late. */
const SETTLING = { timeout: 20_000, interval: 100 };

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Both say the same, with the same number of objects, as soon as the kernel has settled. */
async function expectSame(netns: NetworkNamespace, words: readonly string[]): Promise<number> {
  let count = 0;
  await vi.waitFor(async () => {
    const theirs = plain(await ipJson(netns, words));
    const ours = await rtapJson(...words, '--netns', netns.path);
    expect(Array.isArray(theirs) && theirs.length).toBe(ours.length);
    // Whatever one of them alone tells is left out.
    expect(inBoth(ours, theirs)).toEqual(inBoth(theirs, ours));
    count = ours.length;
  }, SETTLING);
  return count;
}

describe('a thousand interfaces', () => {
  test('are shown as ip shows them', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const other = await createTestNamespace();
    await ip(netns, [
      ...['br0', 'br1'].map((name) => `link add ${name} type bridge`),
      ...numbers(300).flatMap((n) => [
        `link add v${n} mtu ${1280 + n} type veth peer name w${n}`,
        ...(n % 2 === 0 ? [`link set v${n} up`] : []),
        ...(n % 3 === 0 ? [`link set w${n} up`] : []),
        ...(n % 4 === 0 ? [`link set w${n} master br${n % 8 === 0 ? 0 : 1}`] : []),
        ...(n % 5 === 0 ? [`link set v${n} group ${n} alias number-${n}`] : []),
        ...(n % 6 === 0 ? [`link property add dev v${n} altname alternative-${n}`] : []),
        ...(n % 7 === 0 ? [`link set v${n} promisc on allmulticast on`] : []),
        ...(n % 9 === 0 ? [`link set v${n} txqueuelen ${n} arp off multicast off`] : []),
        ...(n % 11 === 0 ? [`link set w${n} mode dormant`] : []),
      ]),
      ...numbers(300).flatMap((n) => [
        `tuntap add t${n} mode ${n % 10 === 9 ? 'tun' : 'tap'}`,
        ...(n % 10 === 1 ? [`link set t${n} master br0`] : []),
        ...(n % 3 === 0 ? [`link set t${n} up mtu ${1000 + n}`] : []),
      ]),
      ...numbers(100).map(
        (n) => `link add far${n} type veth peer name near${n} netns ${other.path}`,
      ),
      'link set br0 up',
    ]);
    expect(await expectSame(netns, ['link', 'show'])).toBe(1003);
    // All that ip tells of an Ethernet device is told: it isn't the same for want of words.
    const [told] = await rtapJson('link', 'show', 'v0', '--netns', netns.path);
    const [ips] = Object.values(Object(await ipJson(netns, ['link', 'show', 'v0'])));
    expect(Object.keys(told!)).toEqual(Object.keys(Object(ips)));

    expect(await expectSame(netns, ['link', 'show', 'up', 'master', 'br0'])).toBeGreaterThan(10);
    expect(await expectSame(netns, ['-d', 'link', 'show'])).toBe(1003);
    expect(await expectSame(netns, ['addr', 'show'])).toBe(1003);
  }, 180_000);

  test('one whose peer is in a namespace with a name', async ({ netns: _, judges }) => {
    judges('ip', 'unshare');
    // Names are files; in a mount namespace of its own nobody else sees them.
    const script = `
      mount -t tmpfs none /run && mkdir /run/netns && ip netns add blue && ip netns add red &&
      ip link add v0 type veth peer name w0 netns blue && ip link add v1 type veth peer name w1 &&
      ip -j link show && "$NODE" "$RTAP" link show --json && ip link show v0 && "$NODE" "$RTAP" link show v0 && "$NODE" "$RTAP" --netns blue link show w0 &&
      "$NODE" "$RTAP" link set v1 netns red && "$NODE" "$RTAP" -n red link show v1`;
    const RTAP = new URL('../src/bin.ts', import.meta.url).pathname;
    const child = spawn('unshare', ['--mount', '--net', 'sh', '-c', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE: process.execPath, RTAP },
    });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const [theirs = '', ours = '', ...lines] = output.split('\n');
    expect(JSON.parse(ours)).toEqual(JSON.parse(theirs));
    const [head, address, ...more] = lines;
    expect(address).toContain('link-netns blue');
    expect(more.slice(0, 2)).toEqual([head, address]);
    expect(more.slice(2).join()).toMatch(/^\d+: w0@if.*,\d+: v1@if/);
    expect(code).toBe(0);
  }, 60_000);
});

describe('text', () => {
  test('the text of each is ip’s, blanks at the ends aside', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, [
      'link add v0 type veth peer name v1',
      'link add br0 type bridge',
      'link set v0 up alias of-some-use group 9',
      'link property add dev v0 altname another',
      'link set v1 up master br0',
      'tuntap add n0 mode tun',
      'addr add 10.0.0.1/24 brd + dev v0',
      'addr add 10.1.0.1 peer 10.1.0.2/32 dev v0',
      'addr add fd00::1/64 dev v0 nodad',
      'route add default via 10.0.0.9 metric 100',
      'route add 198.51.100.0/24 nexthop via 10.0.0.9 weight 2 nexthop via 10.0.0.10',
      'route add 192.0.2.0/24 via inet6 fe80::9 dev v0 mtu 1400 realm 5/6',
      'neigh add fd00::9 lladdr 02:00:00:00:00:09 dev v0 router nud permanent',
    ]);
    for (const words of ['link show', 'addr show', 'route show', '-6 route show', 'neigh show']) {
      // oxlint-disable-next-line no-await-in-loop
      await vi.waitFor(async () => {
        const child = await netns.exec('ip', words.split(' '), { stdio: 'pipe' });
        const theirs = await text(child.stdout!);
        const { stdout } = await rtap(...words.split(' '), '--netns', netns.path);
        const lines = (output: string): string[] =>
          output.split('\n').map((line) => line.replaceAll(/ +$/g, ''));
        expect(lines(stdout)).toEqual(lines(theirs));
      }, SETTLING);
    }
  }, 60_000);
});
