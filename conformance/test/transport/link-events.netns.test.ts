import { createInterface } from 'node:readline';
import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import type { LinkMessage } from '@rtap/netlink/link';
import { createTestNamespace, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLinks } from '@rtap/transport';
import type { TableWatch } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';
import { eventOf, readEvent } from './printed/link-event.ts';
import type { PrintedEvent } from './printed/link-event.ts';
import { printedLink } from './printed/link.ts';

/** What an event of loopback's MTU marks: where a story begins, and where it ends. */
const BEGIN = '60001';
const END = '60002';

const isMark = (event: PrintedEvent, mtu: string): boolean =>
  event.name === 'lo' && event.mtu === mtu;

/** The events between the marks; undefined as long as the end has not been told. */
function story(events: readonly PrintedEvent[]): readonly PrintedEvent[] | undefined {
  const begin = events.findLastIndex((event) => isMark(event, BEGIN));
  const end = events.findIndex((event) => isMark(event, END));
  return begin === -1 || end === -1 ? undefined : events.slice(begin + 1, end);
}

/** Listens as `ip monitor` and as we do, while something happens, and returns what each tells. */
async function tell(
  netns: NetworkNamespace,
  watch: TableWatch<LinkMessage>,
  happen: () => Promise<void>,
): Promise<{ readonly ips: readonly PrintedEvent[]; readonly ours: readonly PrintedEvent[] }> {
  const ips: PrintedEvent[] = [];
  const ours: PrintedEvent[] = [];
  const others: string[] = [];
  const monitor = await netns.exec(
    'ip',
    ['-rcvbuf', '33554432', '-N', '-d', '-o', 'monitor', 'link'],
    { stdio: 'pipe' },
  );
  if (monitor.stdout === null) throw new Error('ip has no output');
  createInterface(monitor.stdout).on('line', (line) => {
    const event = readEvent(line);
    if (event !== undefined) ips.push(event);
  });
  const reading = (async () => {
    const links = new Map<number, LinkMessage>();
    for await (const event of watch.events({ limit: 1_000_000 })) {
      if (event.type === 'snapshot') for (const item of event.items) links.set(item.index, item);
      else if (event.type === 'new' || event.type === 'delete') {
        // A name is known from the message that tells it, and still from the one that takes it away.
        links.set(event.item.index, event.item);
        ours.push(eventOf(event.item, links));
        if (event.type === 'delete') links.delete(event.item.index);
      } else others.push(event.type);
    }
  })();
  const set = (mtu: string): Promise<void> =>
    batch(netns, ['link set lo mtu 60000', `link set lo mtu ${mtu}`]);
  try {
    await expect
      .poll(async () => {
        await set(BEGIN);
        return [ips, ours].every((told) => told.some((event) => isMark(event, BEGIN)));
      })
      .toBe(true);
    await happen();
    await set(END);
    await expect
      .poll(() => [ips, ours].every((told) => story(told) !== undefined), { timeout: 30_000 })
      .toBe(true);
  } finally {
    monitor.kill('SIGKILL');
    await monitor.exited;
    watch.close();
  }
  await reading;
  // Nothing was lost on the way: neither `resync` nor `lost`.
  expect(others).toEqual([]);
  return { ips: story(ips) ?? [], ours: story(ours) ?? [] };
}

/** What ip prints without being asked for details. */
const PLAIN = ['ifindex', 'link', 'link_index', 'link_netnsid', 'ifname', 'flags', 'mtu', 'qdisc']
  .concat(['master', 'operstate', 'linkmode', 'group', 'txqlen', 'link_type', 'address'])
  .concat(['broadcast', 'ifalias', 'altnames']);

/** The links of a watched table, as `ip -N -j link show` prints them. */
function plain(items: readonly LinkMessage[]): object[] {
  const links = new Map(items.map((link) => [link.index, link]));
  return items
    .map((link) => Object(printedLink(link, links)))
    .toSorted((one, other) => one.ifindex - other.ifindex)
    .map((link) =>
      Object.fromEntries(
        PLAIN.filter((field) => link[field] !== undefined).map((field) => [field, link[field]]),
      ),
    );
}

const sorted = (printed: unknown): unknown =>
  Array.isArray(printed) ? printed.toSorted((one, other) => one.ifindex - other.ifindex) : printed;

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
    await using watch = await watchLinks({ sockets: kernel, netns });
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
      await expect.poll(() => plain(watch.items)).toEqual(sorted(table));
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
    const numbers = Array.from({ length: 200 }, (_unused, n) => n);
    const { ips, ours } = await tell(netns, watch, async () => {
      await batch(
        netns,
        numbers.flatMap((n) => [
          `link add v${n} group ${1 + (n % 2)} type veth peer name w${n}`,
          `link set v${n} up mtu ${1300 + n}`,
          `link set w${n} alias w-${n} up`,
          `tuntap add t${n} mode tap`,
          `link set t${n} name u${n}`,
        ]),
      );
      await batch(netns, ['link set group 1 down', 'link set group 2 mtu 1234']);
      await expect
        .poll(() => plain(watch.items), { timeout: 20_000 })
        .toEqual(sorted(await ipJson(netns, ['-N', 'link', 'show'])));
      await batch(netns, ['link del group 1']);
    });
    expect(ours).toEqual(ips);
    expect(ips.length).toBeGreaterThan(2000);
    expect(ips.filter(({ deleted }) => deleted)).toHaveLength(200);
  }, 90_000);
});
