import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { fill, frame, makeSlab } from '../native/judges.ts';
import { batch } from './ip-batch.ts';
import { everyKind, otherKinds } from './every-kind.ts';
import { judge } from './printed/differences.ts';
import { comparable, printedLink } from './printed/link.ts';
import { xdpObject } from './xdp-object.ts';

const PAIRS = 400;
const TAPS = 200;

const PRINT = ['-N', '-d', '-s', '-s', 'link', 'show'];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Pairs and TAP devices that have a bit of everything. */
const crowd: readonly string[] = [
  ...numbers(PAIRS).flatMap((n) => [
    `link add v${n} mtu ${1300 + (n % 200)} numtxqueues ${1 + (n % 3)} type veth peer name w${n}`,
    ...(n % 5 === 0
      ? [
          `link set v${n} alias number-${n} txqueuelen ${n} group ${n + 1}`,
          `link property add dev v${n} altname alternative-${n} altname second-${n}`,
          `link set w${n} address 02:00:00:00:${(n >> 8).toString(16)}:${(n & 0xff).toString(16)}`,
        ]
      : []),
    ...(n % 7 === 0
      ? [`link set v${n} allmulticast on promisc on`, `link set w${n} addrgenmode none up`]
      : []),
    ...(n % 11 === 0
      ? [
          `link set v${n} gso_max_size ${20_000 + n} gso_max_segs ${10 + n} gro_max_size ${30_000 + n}`,
          `link set v${n} addrgenmode random`,
          `link set w${n} mode dormant arp off multicast off`,
        ]
      : []),
  ]),
  ...numbers(TAPS).flatMap((n) => [
    `tuntap add t${n} mode ${n % 10 === 9 ? 'tun' : 'tap'}${n % 3 === 0 ? ' multi_queue' : ''}${
      n % 4 === 0 ? ' user 54321' : ''
    }${n % 6 === 0 ? ' group 54322' : ''}${n % 5 === 0 ? ' vnet_hdr' : ''}${n % 8 === 0 ? ' pi' : ''}`,
    ...(n % 9 === 0 ? [`link set t${n} up mtu ${1000 + n}`] : []),
  ]),
];

/** IPV4_DEVCONF_* of linux/ip.h, from 1: by the name of the file, those that tell the same. */
const INET = ['forwarding', 'mc_forwarding', 'proxy_arp', 'accept_redirects', '', 'send_redirects']
  .concat([
    'shared_media',
    'rp_filter',
    'accept_source_route',
    'bootp_relay',
    'log_martians',
    'tag',
  ])
  .concat(['arp_filter', 'medium_id', 'disable_xfrm', 'disable_policy', 'force_igmp_version'])
  .concat(['arp_announce', 'arp_ignore', 'promote_secondaries', 'arp_accept', 'arp_notify']);

/** DEVCONF_* of linux/ipv6.h, from 0; times are told in other units. */
const INET6 = ['forwarding', 'hop_limit', 'mtu', 'accept_ra', 'accept_redirects', 'autoconf']
  .concat(['dad_transmits', 'router_solicitations', '', '', 'use_tempaddr', 'temp_valid_lft'])
  .concat(['temp_prefered_lft', 'regen_max_retry', 'max_desync_factor', 'max_addresses']);

/** Judges all links of a namespace: what differs, and all that was printed. */
async function judgeLinks(netns: NetworkNamespace): ReturnType<typeof judge> {
  await using client = await NetlinkClient.open({ netns });
  return await judge(
    async () => comparable(await ipJson(netns, PRINT)),
    async () => {
      const links = await client.links().toArray();
      const byIndex = new Map(links.map((link) => [link.index, link]));
      return links.map((link) => printedLink(link, byIndex));
    },
    (link) => Object(link).ifname,
  );
}

describe('links, as ip prints them', () => {
  test('a thousand and more: pairs, TAP devices, bridges, tunnels', async ({ netns, judges }) => {
    judges('ip');
    await using elsewhere = await createTestNamespace();
    await batch(netns, [...crowd, ...everyKind]);
    await using client = await NetlinkClient.open({ netns });
    // One end in another namespace, which gets an id by that.
    await client.moveLink({ name: 'w1' }, elsewhere);

    const { differences: found, printed } = await judgeLinks(netns);
    expect(found).toEqual([]);
    expect(printed.length).toBeGreaterThanOrEqual(2 * PAIRS + TAPS);
    const shown = new Set(printed.map((link) => String(Object(link).linkinfo?.info_kind)));
    expect(shown).toEqual(
      new Set(['undefined', 'veth', 'tun', 'bridge', 'macvlan', 'macvtap', 'vxlan', 'ifb']),
    );
    expect(Object(printed.find((link) => Object(link).ifname === 'v1')).link_netnsid).toBeTypeOf(
      'number',
    );

    // A dump of the other namespace, from here, is what it says itself.
    const netnsId = (await client.getLink({ name: 'v1' })).linkNetnsId;
    const there = await client.links({ targetNetnsId: netnsId! }).toArray();
    const shownThere = Object(await ipJson(elsewhere, ['link', 'show']));
    expect(there.map(({ index, name }) => ({ index, name }))).toEqual(
      shownThere.map((link: { readonly ifindex: number; readonly ifname: string }) => ({
        index: link.ifindex,
        name: link.ifname,
      })),
    );
  }, 60_000);

  test('counters that have counted', async ({ judges, netns: _ }) => {
    judges('ip', 'ping');
    await using near = await createTestNamespace();
    await using far = await createTestNamespace();
    await using client = await NetlinkClient.open({ netns: near });
    await batch(near, [
      'link add near type veth peer name far',
      'address add 10.9.8.1/24 dev near',
    ]);
    await client.moveLink({ name: 'far' }, far);
    await batch(near, ['link set near up']);
    await batch(far, ['address add 10.9.8.2/24 dev far', 'link set far up']);
    // The carrier comes a moment later, and what is sent before that is lost.
    const ping = ['-c', '3', '-i', '0.01', '-w', '2', '-s', '900', '10.9.8.2'];
    await expect
      .poll(async () => (await run(near, 'ping', ping)).code, { timeout: 20_000 })
      .toBe(0);
    const { differences: found, printed } = await judgeLinks(near);
    expect(found).toEqual([]);
    const { rx, tx } = Object(printed.find((link) => Object(link).ifname === 'near')).stats64;
    expect(rx.packets).toBeGreaterThanOrEqual(3);
    expect(tx.bytes).toBeGreaterThanOrEqual(2700);
  });

  test('counters of what was dropped, each another number', async ({ judges, netns: _ }) => {
    judges('ip', 'ping');
    await using own = await createTestNamespace();
    const tap = await kernel.openTap({ name: 'drops', queues: 1, netns: own });
    await batch(own, [
      'link set drops addrgenmode none txqueuelen 2',
      'address add 10.9.7.1/24 brd + dev drops',
      'link set drops up',
    ]);
    // Seven frames of a protocol that nobody takes, and more to send than the queue holds, which nobody reads.
    const slab = makeSlab();
    const strange = Array.from({ length: 7 }, () => frame(60, 1));
    fill(slab, strange);
    const [queue] = tap.queues;
    expect(queue?.txBurst(slab.bytes, slab.descriptors, 0, strange.length, slab.counters)).toBe(7);
    await run(own, 'ping', ['-b', '-c', '11', '-i', '0.01', '-W', '0.01', '10.9.7.255']);

    const { differences: found, printed } = await judgeLinks(own);
    expect(found).toEqual([]);
    const { rx, tx } = Object(printed.find((link) => Object(link).ifname === 'drops')).stats64;
    expect([rx.packets, rx.bytes, rx.dropped]).toEqual([7, 420, 7]);
    expect(tx.packets).toBeLessThan(tx.dropped);
    expect(tx.dropped).toBeGreaterThan(7);
    await tap.close();
  });

  test('XDP programs, of the driver and generic ones', async ({ netns: _, judges, skip }) => {
    judges('ip');
    await using own = await createTestNamespace();
    await batch(own, ['link add xa type veth peer name xb', 'link add xc type veth peer name xd']);
    const folder = mkdtempSync(join(tmpdir(), 'rtap-xdp-'));
    const object = join(folder, 'pass.o');
    try {
      writeFileSync(object, xdpObject());
      const attach = `link set xa xdpdrv obj ${object} sec xdp`;
      const { code, stderr } = await run(own, 'ip', attach.split(' '));
      if (/not supported|not implemented|without libbpf|No ELF/.test(stderr))
        skip('kernel lacks XDP');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      await batch(own, [`link set xc xdpgeneric obj ${object} sec xdp`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const { differences: found, printed } = await judgeLinks(own);
    expect(found).toEqual([]);
    const modes = printed.map((link) => Object(link).xdp?.mode);
    expect(new Set(modes)).toEqual(new Set([undefined, 1, 2]));
  });

  test('what address families say, judged by /proc/sys', async ({ netns: _, judges }) => {
    judges('ip');
    await using own = await createTestNamespace();
    await batch(own, ['link add sys type veth peer name tem']);
    const set = { 'ipv4/conf/sys/forwarding': 1, 'ipv4/conf/sys/arp_ignore': 2 };
    const more = { 'ipv6/conf/sys/hop_limit': 33, 'ipv6/conf/sys/max_addresses': 5 };
    for (const [file, value] of Object.entries({ ...set, ...more })) {
      const { code } = await run(own, 'sh', ['-c', `echo ${value} > /proc/sys/net/${file}`]);
      expect(code).toBe(0);
    }
    await batch(own, ['link set sys up', 'link set tem up']);
    await using client = await NetlinkClient.open({ netns: own });
    const { inet, inet6 } = (await client.getLink({ name: 'sys' })).afSpec ?? {};
    const shown = async (family: string, name: string): Promise<number> => {
      const file = `/proc/sys/net/${family}/conf/sys/${name}`;
      return Number((await run(own, 'cat', [file])).stdout);
    };
    for (const [position, name] of INET.entries()) {
      if (name !== '')
        expect([name, inet?.conf?.[position]]).toEqual([name, await shown('ipv4', name)]);
    }
    for (const [position, name] of INET6.entries()) {
      if (name !== '')
        expect([name, inet6?.conf?.[position]]).toEqual([name, await shown('ipv6', name)]);
    }
  });

  test.for(otherKinds)('%s', async ([kind, line], { netns: _, judges, skip }) => {
    judges('ip');
    await using own = await createTestNamespace();
    const { code, stderr } = await run(own, 'ip', line.split(' '));
    if (/Unknown device type|not supported/.test(stderr)) skip(`kernel lacks ${kind}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await judgeLinks(own)).differences).toEqual([]);
  });
});
