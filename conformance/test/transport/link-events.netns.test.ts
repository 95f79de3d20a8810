import { createInterface } from 'node:readline';
import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import { IFF_LOWER_UP, IFF_RUNNING } from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import { createTestNamespace, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLinks } from '@rtap/transport';
import type { TableWatch } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';
import { eventOf, readEvent } from './printed/link-event.ts';
import type { PrintedEvent } from './printed/link-event.ts';
import { plainLinks, sortedLinks } from './printed/plain-links.ts';

/** What an event of loopback's MTU marks: where a story begins, and where it ends; other numbers the time between. */
const BEGIN = '60001';
const END = '60002';
const FIRST_PAUSE = 60_003;

const isMark = (event: PrintedEvent, mtu: string): boolean =>
  event.name === 'lo' && event.mtu === mtu;

/** The events between the marks; undefined as long as the end has not been told. */
function story(events: readonly PrintedEvent[]): readonly PrintedEvent[] | undefined {
  const begin = events.findLastIndex((event) => isMark(event, BEGIN));
  const end = events.findIndex((event) => isMark(event, END));
  return begin === -1 || end === -1 ? undefined : events.slice(begin + 1, end);
}

/** Links but for what a dump may find before, or without, a word of the kernel: their peers and their carriers. */
function facts(links: Iterable<LinkMessage>): readonly string[] {
  return [...links]
    .map(({ index, name, flags, mtu, master, address, alias, group, txQueueLength, info }) =>
      JSON.stringify({
        ...{ index, name, flags: flags & ~(IFF_RUNNING | IFF_LOWER_UP), mtu, master, alias, group },
        ...{ address: address?.join(':'), txQueueLength, kind: info?.kind },
      }),
    )
    .toSorted((one, other) => one.localeCompare(other));
}

/**
 * Listens as `ip monitor` and as we do, while something happens, and returns what each tells.
 *
 * @param happen - makes it happen; `pause` waits until all has been told, because ip's socket holds a hundred
 *   events at most where the system doesn't allow more.
 */
async function tell(
  netns: NetworkNamespace,
  watch: TableWatch<LinkMessage>,
  happen: (pause: () => Promise<void>) => Promise<void>,
): Promise<{ readonly ips: readonly PrintedEvent[]; readonly ours: readonly PrintedEvent[] }> {
  const ips: PrintedEvent[] = [];
  const ours: PrintedEvent[] = [];
  const others: string[] = [];
  const monitor = await netns.exec('ip', ['-N', '-d', '-o', 'monitor', 'link'], { stdio: 'pipe' });
  if (monitor.stdout === null) throw new Error('ip has no output');
  createInterface(monitor.stdout).on('line', (line) => {
    const event = readEvent(line);
    if (event !== undefined) ips.push(event);
  });
  const reading = (async () => {
    const links = new Map<number, LinkMessage>();
    for await (const event of watch.events({ limit: 1_000_000 })) {
      if (event.type === 'snapshot') {
        // Of what was told by events a later one says the same.
        const before = facts(links.values());
        if (links.size > 0 && facts(event.items).join() !== before.join())
          others.push('another truth');
        for (const item of event.items) links.set(item.index, item);
      } else if (event.type === 'new' || event.type === 'delete') {
        // A name is known from the message that tells it, and still from the one that takes it away.
        links.set(event.item.index, event.item);
        ours.push(eventOf(event.item, links));
        if (event.type === 'delete') links.delete(event.item.index);
      } else if (event.type !== 'resync' || event.reason !== 'silent') others.push(event.type);
    }
  })();
  const set = (mtu: string): Promise<void> =>
    batch(netns, ['link set lo mtu 60000', `link set lo mtu ${mtu}`]);
  const hear = (mtu: string): boolean =>
    [ips, ours].every((told) => told.some((event) => isMark(event, mtu)));
  let pauses = 0;
  const pause = async (mtu = String(FIRST_PAUSE + pauses)): Promise<void> => {
    pauses += 1;
    await set(mtu);
    await expect.poll(() => hear(mtu), { interval: 2, timeout: 30_000 }).toBe(true);
  };
  try {
    await expect
      .poll(async () => {
        await set(BEGIN);
        return hear(BEGIN);
      })
      .toBe(true);
    await happen(pause);
    await pause(END);
  } finally {
    monitor.kill('SIGKILL');
    await monitor.exited;
    watch.close();
  }
  await reading;
  // Nothing was lost on the way, and a dump beside the events, of which `silent` tells, knew nothing better.
  expect(others).toEqual([]);
  return { ips: story(ips) ?? [], ours: story(ours) ?? [] };
}

/** Pairs, and as many TAP devices. RTAP_SOAK=1 makes ten times as many. */
const MANY = process.env['RTAP_SOAK'] === undefined ? 200 : 2000;

describe('events of links, as ip monitor tells them', () => {
  test('a life: made, up, renamed, changed, in a bridge, moved away and back, deleted', async ({
    netns: _,
    judges,
  }) => {
    judges('ip');
    await using netns = await createTestNamespace();
    await using other = await createTestNamespace();
    await using client = await NetlinkClient.open({ netns });
    await using away = await NetlinkClient.open({ netns: other });
    await using watch = await watchLinks({
      ...{ sockets: kernel, netns },
      receiveBuffer: 32 * 1024 * 1024,
    });
    let table: unknown;
    const { ips, ours } = await tell(netns, watch, async () => {
      await batch(netns, [
        'link add life type veth peer name twin',
        'link add br0 type bridge',
        'link set life up',
        'link set twin up',
        'link set life down',
        'link set life name renamed',
        'link set renamed up',
        'link set renamed mtu 1400',
        'link set renamed address 02:00:00:00:00:01',
        'link set renamed alias of-some-use',
        'link property add dev renamed altname another-name-of-it altname third',
        'link set renamed txqueuelen 77',
        'link set renamed group 9',
        'link set renamed promisc on',
        'link set renamed allmulticast on',
        'link set renamed arp off multicast off',
        'link set br0 up',
        'link set renamed master br0',
        'link set renamed type bridge_slave cost 9',
        'link set renamed nomaster',
        'link set renamed mode dormant',
        'link set renamed mode default',
        'link property del dev renamed altname third',
        'link set renamed promisc off',
        'tuntap add tap0 mode tap',
        'link set tap0 up',
        'link add link twin name mv0 type macvlan mode bridge',
        'link set mv0 up',
      ]);
      await client.moveLink({ name: 'renamed' }, other);
      await client.moveLink({ name: 'tap0' }, other);
      await away.setLinkMtu({ name: 'renamed' }, 1300);
      await away.moveLink({ name: 'renamed' }, netns);
      await batch(netns, ['link set renamed up', 'link set mv0 up', 'link del mv0']);
      table = await ipJson(netns, ['-N', 'link', 'show']);
      await expect.poll(() => plainLinks(watch.items)).toEqual(sortedLinks(table));
      await batch(netns, ['link del br0', 'link del twin']);
    });
    expect(ours).toEqual(ips);
    expect(ips.length).toBeGreaterThan(40);
    const told = new Set(ips.map(({ deleted, name }) => `${deleted ? 'deleted ' : ''}${name}`));
    for (const what of ['life', 'renamed', 'deleted renamed', 'deleted tap0', 'deleted mv0']) {
      expect(told).toContain(what);
    }
    expect(ips.some(({ newNetnsId }) => newNetnsId !== undefined)).toBe(true);
  }, 60_000);

  test('many at once: the same story of each, and the same table in the end', async ({
    netns: _,
    judges,
  }) => {
    judges('ip');
    await using netns = await createTestNamespace();
    await using watch = await watchLinks({
      sockets: kernel,
      netns,
      receiveBuffer: 32 * 1024 * 1024,
    });
    const numbers = Array.from({ length: MANY }, (_unused, n) => n);
    const { ips, ours } = await tell(netns, watch, async (pause) => {
      const groups = Array.from({ length: MANY / 10 }, (_unused, n) => n + 1);
      for (const group of groups) {
        const members = numbers.slice(10 * (group - 1), 10 * group);
        await batch(netns, [
          ...members.flatMap((n) => [
            `link add v${n} group ${group} type veth peer name w${n}`,
            `link set v${n} up mtu ${1300 + (n % 200)}`,
            `link set w${n} alias w-${n} up`,
          ]),
        ]);
        await pause();
        await batch(netns, [
          ...members.flatMap((n) => [`tuntap add t${n} mode tap`, `link set t${n} name u${n}`]),
          `link set group ${group} down`,
          `link set group ${group} mtu 1234`,
        ]);
        await pause();
      }
      await expect
        .poll(() => plainLinks(watch.items), { timeout: 20_000 })
        .toEqual(sortedLinks(await ipJson(netns, ['-N', 'link', 'show'])));
      for (const group of groups) {
        if (group % 2 === 0) await batch(netns, [`link del group ${group}`]);
        await pause();
      }
    });
    expect(ours).toEqual(ips);
    expect(ips.length).toBeGreaterThan(10 * MANY);
    expect(ips.filter(({ deleted }) => deleted)).toHaveLength(MANY);
  }, 300_000);
});
