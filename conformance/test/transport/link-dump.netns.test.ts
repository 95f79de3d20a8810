import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLinks } from '@rtap/transport';
import type { LinkMessage } from '@rtap/netlink/link';
import { describe, expect } from 'vitest';

const PAIRS = 500;

/** Runs commands of `ip`, all in one process. */
async function batch(netns: NetworkNamespace, lines: readonly string[]): Promise<void> {
  const child = await netns.exec('ip', ['-batch', '-'], { stdio: 'pipe' });
  child.stdin?.end(`${lines.join('\n')}\n`);
  child.stdout?.resume();
  child.stderr?.resume();
  expect((await child.exited).code).toBe(0);
}

const mac = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

/** What ip prints as JSON, made of what we have decoded; the counters as numbers. */
function asIp(link: LinkMessage, names: ReadonlyMap<number, string | undefined>): object {
  const { stats64 } = link;
  return {
    ifindex: link.index,
    ifname: link.name,
    mtu: link.mtu,
    qdisc: link.queueDiscipline,
    operstate: link.operState?.toUpperCase(),
    linkmode: link.linkMode === 0 ? 'DEFAULT' : link.linkMode,
    group: link.group === 0 ? 'default' : String(link.group),
    txqlen: link.txQueueLength,
    address: mac(link.address),
    broadcast: mac(link.broadcast),
    link: link.link === undefined ? undefined : names.get(link.link),
    ifalias: link.alias,
    altnames: link.alternativeNames,
    promiscuity: link.promiscuity,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    kind: link.info?.kind,
    num_tx_queues: link.txQueues,
    num_rx_queues: link.rxQueues,
    stats64: stats64 && {
      rx: {
        bytes: Number(stats64.rxBytes),
        packets: Number(stats64.rxPackets),
        errors: Number(stats64.rxErrors),
        dropped: Number(stats64.rxDropped),
      },
      tx: {
        bytes: Number(stats64.txBytes),
        packets: Number(stats64.txPackets),
        errors: Number(stats64.txErrors),
        dropped: Number(stats64.txDropped),
      },
    },
  };
}

describe('a thousand interfaces, judged by ip', () => {
  test('dumped field by field as ip prints them, watched, and filtered by the kernel', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const each = Array.from({ length: PAIRS }, (_, n) => n);
    await batch(
      netns,
      each.map((n) => `link add v${n} mtu ${1300 + (n % 200)} type veth peer name w${n}`),
    );
    await batch(
      netns,
      each
        .filter((n) => n % 5 === 0)
        .flatMap((n) => [
          `link set v${n} up alias number-${n} txqueuelen ${n + 1}`,
          `link set w${n} up group ${n + 1}`,
          `link property add dev v${n} altname alternative-${n}`,
        ]),
    );
    await run(netns, 'ip', ['link', 'add', 'br0', 'type', 'bridge']);
    await run(netns, 'ip', ['link', 'set', 'w0', 'master', 'br0']);
    await using client = await NetlinkClient.open({ netns });

    // The kernel sends frames of its own for a while (IPv6): compare when ip says the same before and after.
    let links: LinkMessage[] = [];
    let truth: unknown;
    await expect
      .poll(
        async () => {
          const before = JSON.stringify(await ipJson(netns, ['-d', '-s', 'link', 'show']));
          links = await client.links().toArray();
          truth = await ipJson(netns, ['-d', '-s', 'link', 'show']);
          return before === JSON.stringify(truth);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    if (!Array.isArray(truth)) throw new TypeError('ip printed no list');
    expect(links).toHaveLength(2 * PAIRS + 2);
    const names = new Map(links.map((link) => [link.index, link.name]));
    const bySame = new Map(links.map((link) => [link.index, link]));
    for (const wanted of truth) {
      const { rx, tx } = wanted.stats64;
      const link = bySame.get(wanted.ifindex)!;
      expect(asIp(link, names)).toEqual({
        ifindex: wanted.ifindex,
        ifname: wanted.ifname,
        mtu: wanted.mtu,
        qdisc: wanted.qdisc,
        operstate: wanted.operstate,
        linkmode: wanted.linkmode,
        group: wanted.group,
        txqlen: wanted.txqlen,
        address: wanted.address,
        broadcast: wanted.broadcast,
        link: wanted.link,
        ifalias: wanted.ifalias,
        altnames: wanted.altnames,
        promiscuity: wanted.promiscuity,
        min_mtu: wanted.min_mtu,
        max_mtu: wanted.max_mtu ?? 0,
        kind: wanted.linkinfo?.info_kind,
        num_tx_queues: wanted.num_tx_queues,
        num_rx_queues: wanted.num_rx_queues,
        stats64: {
          rx: { bytes: rx.bytes, packets: rx.packets, errors: rx.errors, dropped: rx.dropped },
          tx: { bytes: tx.bytes, packets: tx.packets, errors: tx.errors, dropped: tx.dropped },
        },
      });
    }

    const bridge = links.find((link) => link.name === 'br0')!;
    expect(await client.links({ kind: 'bridge' }).toArray()).toHaveLength(1);
    expect(
      (await client.links({ master: bridge.index }).toArray()).map(({ name }) => name),
    ).toEqual(['w0']);
    const ofBridge = await client.addresses({ index: 1 }).toArray();
    expect(new Set(ofBridge.map(({ index }) => index))).toEqual(new Set([1]));

    // Left early, with most of the dump unread: the next one begins all the same.
    for await (const { index } of client.links({ interrupted: 'stream' })) {
      if (index === 2) break;
    }
    const requests = Array.from({ length: 20 }, () => client.getLink({ index: 1 }));
    expect(await client.links().toArray()).toHaveLength(2 * PAIRS + 2);
    expect(await Promise.all(requests)).toHaveLength(20);

    const watch = await watchLinks({ sockets: kernel, netns });
    expect(watch.items).toHaveLength(2 * PAIRS + 2);
    await batch(
      netns,
      each.filter((n) => n % 2 === 0).map((n) => `link del v${n}`),
    );
    await expect.poll(() => watch.items.length, { timeout: 10_000 }).toBe(PAIRS + 2);
    const left = new Set((await client.links().toArray()).map(({ name }) => name));
    expect(new Set(watch.items.map(({ name }) => name))).toEqual(left);
    watch.close();
  }, 90_000);
});
