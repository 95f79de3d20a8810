import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import {
  AF_INET,
  AF_INET6,
  NTF_EXT_MANAGED,
  NTF_MASTER,
  NTF_ROUTER,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_REACHABLE,
  NUD_STALE,
  RTN_UNREACHABLE,
  RTNLGRP_STATS,
  RTPROT_KERNEL,
  RTPROT_STATIC,
  RT_TABLE_MAIN,
} from '@rtap/netlink';
import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import {
  NetlinkClient,
  watchAddresses,
  watchNeighbours,
  watchNexthops,
  watchRoutes,
} from '@rtap/transport';
import type { TableEvent, TableWatch } from '@rtap/transport';
import { describe, expect } from 'vitest';
import {
  neighbourLine,
  nexthopLine,
  routeLine,
  ruleLine,
  shownNeighbourLine,
  shownNexthopLine,
  shownRouteLine,
  shownRuleLine,
} from './as-ip-shows.ts';
import type { Shown } from './as-ip-shows.ts';

const ip = (text: string): Uint8Array => Uint8Array.from(text.split('.'), Number);
const GATEWAY6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
const mac = (last: number): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, last);
const net = (second: number): { destination: Uint8Array; destinationLength: number } => ({
  destination: Uint8Array.of(10, second, 0, 0),
  destinationLength: 16,
});

interface Place extends AsyncDisposable {
  readonly netns: NetworkNamespace;
  readonly client: NetlinkClient;
  readonly a: number;
  readonly b: number;
  readonly names: ReadonlyMap<number, string>;
}

/** A namespace with two pairs of interfaces that have addresses. */
async function place(): Promise<Place> {
  const netns = await createTestNamespace();
  for (const command of [
    'link set lo up',
    'link add name va type veth peer name pa',
    'link add name vb type veth peer name pb',
    ...['va', 'pa', 'vb', 'pb'].map((name) => `link set ${name} up`),
    'address add 192.0.2.1/24 dev va',
    'address add 198.51.100.1/24 dev vb',
    'address add 2001:db8::1/64 dev va nodad',
  ]) {
    await run(netns, 'ip', command.split(' '));
  }
  const client = await NetlinkClient.open({ netns });
  const names = new Map<number, string>();
  for await (const { index, name } of client.links()) names.set(index, name ?? '');
  const index = (wanted: string): number =>
    [...names].find(([, name]) => name === wanted)?.[0] ?? 0;
  return {
    netns,
    client,
    names,
    a: index('va'),
    b: index('vb'),
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await netns.close();
    },
  };
}

async function shown(netns: NetworkNamespace, command: string): Promise<readonly Shown[]> {
  const printed = await ipJson(netns, ['-N', '-d', ...command.split(' ')]);
  if (!Array.isArray(printed)) throw new TypeError('ip printed no list');
  return printed;
}

/** Reads events until one is of a type. */
async function until<T>(
  events: AsyncIterableIterator<TableEvent<T>, undefined>,
  type: TableEvent<T>['type'],
): Promise<TableEvent<T>> {
  for (;;) {
    const { value } = await events.next();
    if (value === undefined) throw new Error(`the events ended before ${type}`);
    if (value.type === type) return value;
  }
}

describe('operations of routing on the kernel, judged by ip', () => {
  test('add, append, replace, change and delete routes', async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    const { client, netns, a, b, names } = at;
    const via = (last: number): { gateway: Uint8Array } => ({ gateway: ip(`192.0.2.${last}`) });
    await client.addRoute({ ...net(1), ...via(2) });
    await client.appendRoute({ ...net(1), ...via(3) });
    await client.prependRoute({ ...net(1), ...via(4) });
    await client.replaceRoute({ ...net(1), ...via(5) });
    await client.deleteRoute({ ...net(1), ...via(3) });
    await client.addRoute({
      ...net(2),
      ways: [
        { ...via(2), weight: 3 },
        { gateway: GATEWAY6, outputIndex: a },
        { gateway: ip('203.0.113.9'), outputIndex: b, onlink: true },
      ],
      metrics: { mtu: 1400, lock: 1 << 2 },
    });
    await client.addRoute({ ...net(3), gateway: GATEWAY6, outputIndex: a, table: 70_000 });
    await client.addRoute({ ...net(4), type: RTN_UNREACHABLE, priority: 9, tos: 0x10 });
    await client.addRoute({ ...net(5), outputIndex: b, protocol: RTPROT_STATIC });
    await client.changeRoute({ ...net(5), outputIndex: a, preferredSource: ip('192.0.2.1') });
    await client.addNexthop({ id: 7, ...via(2), outputIndex: a });
    await client.addNexthop({ id: 8, gateway: ip('198.51.100.2'), outputIndex: b });
    await client.addNexthop({ id: 9, group: [{ id: 7, weight: 3 }, { id: 8 }] });
    await client.addRoute({ ...net(6), nexthopId: 9 });
    const prefix6 = {
      destination: Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 9, ...new Uint8Array(10)),
    };
    await client.addRoute({ ...prefix6, destinationLength: 48, gateway: GATEWAY6 });
    for (const family of [AF_INET, AF_INET6]) {
      const option = family === AF_INET ? '-4' : '-6';
      const truth = (await shown(netns, `${option} route show table all`)).map((route) =>
        shownRouteLine(route, family),
      );
      const ours = (await client.routes({ family }).toArray()).map((route) =>
        routeLine(route, names),
      );
      expect(ours.toSorted()).toEqual(truth.toSorted());
      expect(truth.length).toBeGreaterThan(5);
    }
    const taken = await client.getRoute({ destination: ip('10.1.2.3') });
    expect(taken).toMatchObject({ outputIndex: a, table: RT_TABLE_MAIN });
    expect(taken.gateway?.join('.')).toBe('192.0.2.5');
    const matched = await client.getRoute({ destination: ip('10.5.2.3'), fibMatch: true });
    expect(matched).toMatchObject({ destinationLength: 16, outputIndex: a });
    expect(await client.getNexthop(9)).toMatchObject({
      group: [
        { id: 7, weight: 2 },
        { id: 8, weight: 0 },
      ],
    });
    const nexthops = (await client.nexthops().toArray()).map((item) => nexthopLine(item, names));
    expect(nexthops).toEqual((await shown(netns, 'nexthop show')).map(shownNexthopLine));
    await client.replaceNexthop({ id: 7, ...via(6), outputIndex: a });
    await client.deleteNexthop(8);
    expect((await shown(netns, 'nexthop show')).map(({ id }) => id)).toEqual([7, 9]);
  });

  test('filter routes, neighbours, rules and nexthops as ip does', async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    const { client, netns, a, b, names } = at;
    for (const command of [
      'route add 10.1.0.0/16 via 192.0.2.2',
      'route add 10.2.0.0/16 nexthop via 192.0.2.2 nexthop via 198.51.100.2',
      'route add 10.3.0.0/16 via 198.51.100.2 table 1000 proto static',
      'route add unreachable 10.4.0.0/16',
      'neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev va',
      'neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev vb nud stale',
      'neigh add proxy 192.0.2.77 dev va',
      'rule add from 10.0.0.0/8 lookup 1000 priority 900',
      '-6 rule add from 2001:db8::/32 lookup 1000 priority 901',
      'nexthop add id 1 via 192.0.2.2 dev va',
      'nexthop add id 2 via 198.51.100.2 dev vb',
      'nexthop add id 3 group 1/2',
    ]) {
      await run(netns, 'ip', command.split(' '));
    }
    const routes: readonly (readonly [Parameters<NetlinkClient['routes']>[0], string])[] = [
      [{ family: AF_INET, table: 1000 }, 'route show table 1000'],
      [{ family: AF_INET, table: RT_TABLE_MAIN }, 'route show'],
      [{ family: AF_INET, protocol: RTPROT_KERNEL }, '-4 route show table all proto kernel'],
      [{ family: AF_INET, protocol: RTPROT_STATIC }, '-4 route show table all proto static'],
      [{ family: AF_INET, type: RTN_UNREACHABLE }, '-4 route show table all type unreachable'],
    ];
    for (const [options, command] of routes) {
      const ours = (await client.routes(options).toArray()).map((route) => routeLine(route, names));
      const theirs = await shown(netns, command);
      // ip leaves out what it was asked for, or what is the same of all.
      expect(ours.length, command).toBe(theirs.length);
      expect(ours.length, command).toBeGreaterThan(0);
      const destinations = theirs.map(
        (route) => /^destination=[^ ]+/.exec(shownRouteLine(route, AF_INET))?.[0],
      );
      expect(ours.map((line) => /^destination=[^ ]+/.exec(line)?.[0])).toEqual(destinations);
    }
    // ip leaves multipath routes out.
    const byB = await client
      .routes({ family: AF_INET, table: RT_TABLE_MAIN, outputIndex: b })
      .toArray();
    expect(byB.map(({ destination }) => destination?.join('.'))).toEqual([
      '10.2.0.0',
      '198.51.100.0',
    ]);
    const neighbours = async (
      options: Parameters<NetlinkClient['neighbours']>[0],
    ): Promise<string[]> =>
      (await client.neighbours(options).toArray()).map((item) => neighbourLine(item, names));
    expect((await neighbours({ family: AF_INET })).toSorted()).toEqual(
      (await shown(netns, '-4 neigh show nud all')).map(shownNeighbourLine).toSorted(),
    );
    expect(await neighbours({ family: AF_INET, index: a, state: NUD_PERMANENT })).toHaveLength(1);
    expect(await neighbours({ family: AF_INET, state: NUD_STALE })).toHaveLength(1);
    expect(await neighbours({ proxy: true })).toHaveLength(1);
    expect((await client.rules({ family: AF_INET }).toArray()).map(ruleLine)).toEqual(
      (await shown(netns, 'rule show')).map(shownRuleLine),
    );
    expect(await client.rules({ table: 1000 }).toArray()).toHaveLength(2);
    expect(await client.rules({ priority: 0 }).toArray()).toHaveLength(2);
    expect((await client.nexthops({ outputIndex: b }).toArray()).map(({ id }) => id)).toEqual([2]);
    expect((await client.nexthops({ groups: true }).toArray()).map(({ id }) => id)).toEqual([3]);
    expect((await client.nexthops({ family: AF_INET6 }).toArray()).length).toBe(0);
  });

  test('add, change and delete neighbours, rules and entries of a bridge', async ({
    netns: _,
    judges,
  }) => {
    judges('ip', 'bridge');
    await using at = await place();
    const { client, netns, a } = at;
    const neighbour = { index: a, destination: ip('192.0.2.9') };
    await client.addNeighbour({ ...neighbour, linkLayerAddress: mac(9) });
    await client.changeNeighbour({
      ...neighbour,
      linkLayerAddress: mac(10),
      state: NUD_STALE,
      flags: NTF_ROUTER,
    });
    await client.addNeighbour({
      index: a,
      destination: ip('192.0.2.10'),
      linkLayerAddress: mac(1),
      extendedFlags: NTF_EXT_MANAGED,
    });
    await client.addNeighbour({ index: a, destination: ip('192.0.2.77'), proxy: true });
    const found = await client.getNeighbour(neighbour);
    expect(found).toMatchObject({ state: NUD_STALE, index: a });
    const all = await shown(netns, '-4 neigh show nud all');
    expect(all.find(({ dst }) => dst === '192.0.2.9')).toMatchObject({
      lladdr: '02:00:00:00:00:0a',
      state: ['STALE'],
      router: null,
    });
    expect(await shown(netns, 'neigh show proxy')).toMatchObject([{ dst: '192.0.2.77' }]);
    await client.deleteNeighbour({ index: a, destination: ip('192.0.2.77'), proxy: true });
    await client.deleteNeighbour(neighbour);
    expect(await shown(netns, 'neigh show proxy')).toEqual([]);
    expect(JSON.stringify(await shown(netns, 'neigh show nud all'))).not.toContain('"192.0.2.9"');

    await client.addRule({ source: ip('10.0.0.0'), sourceLength: 8, table: 70_000, priority: 5 });
    await client.addRule({ inputName: 'va', goto: 40_000, priority: 6 });
    expect(await shown(netns, 'rule show')).toMatchObject([
      { priority: 0 },
      { priority: 5, src: '10.0.0.0', srclen: 8, table: '70000' },
      { priority: 6, iif: 'va', goto: 40_000, unresolved: null },
      { priority: 32_766 },
      { priority: 32_767 },
    ]);
    await client.deleteRule({ priority: 5 });
    await client.deleteRule({ priority: 6 });
    expect(await shown(netns, 'rule show')).toHaveLength(3);

    await client.addLink({ name: 'br0', info: { kind: 'bridge' } });
    const bridge = await client.getLink({ name: 'br0' });
    await client.setLinkMaster({ name: 'vb' }, { index: bridge.index });
    const port = (await client.getLink({ name: 'vb' })).index;
    const entry = { index: port, linkLayerAddress: mac(0x55) };
    await client.addForwardingEntry({
      ...entry,
      flags: NTF_MASTER,
      state: NUD_NOARP | NUD_REACHABLE,
    });
    const { stdout } = await run(netns, 'bridge', ['-j', 'fdb', 'show', 'br', 'br0']);
    const theirs: readonly Shown[] = JSON.parse(stdout);
    expect(theirs.find((one) => one.mac === '02:00:00:00:00:55')).toMatchObject({
      ifname: 'vb',
      state: 'static',
      master: 'br0',
    });
    const ours = await client.forwardingEntries({ master: bridge.index }).toArray();
    expect(ours).toHaveLength(theirs.length);
    expect(await client.forwardingEntries({ index: port }).toArray()).not.toHaveLength(0);
    const got = await client.getForwardingEntry({
      linkLayerAddress: mac(0x55),
      master: bridge.index,
    });
    expect(got).toMatchObject({ index: port, master: bridge.index });
    await client.deleteForwardingEntry({ ...entry, flags: NTF_MASTER });
    await expect(
      client.deleteForwardingEntry({ ...entry, flags: NTF_MASTER }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test("are refused with the kernel's own words", async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    const { client, a } = at;
    const unreachable = ip('172.31.255.1');
    const refused: readonly (readonly [() => Promise<unknown>, object])[] = [
      [
        () => client.addRoute({ ...net(9), gateway: unreachable }),
        { code: 'ENETUNREACH', extack: { message: 'Nexthop has invalid gateway' } },
      ],
      [
        () =>
          client.addRoute({ destination: ip('10.9.0.1'), destinationLength: 16, outputIndex: a }),
        { code: 'EINVAL', extack: { message: 'Invalid prefix for given prefix length' } },
      ],
      [
        () => client.addRoute({ ...net(9), nexthopId: 77 }),
        { code: 'EINVAL', extack: { message: 'Nexthop id does not exist' } },
      ],
      [() => client.deleteRoute(net(9)), { code: 'ESRCH', syscall: 'RTM_DELROUTE' }],
      [
        () => client.addNexthop({ id: 1, gateway: unreachable, outputIndex: a }),
        { code: 'ENETUNREACH', extack: { message: 'Nexthop has invalid gateway' } },
      ],
      [
        () => client.addNexthop({ id: 1, group: [{ id: 99 }] }),
        { code: 'EINVAL', extack: { message: 'Invalid nexthop id' } },
      ],
      [() => client.getNexthop(55), { code: 'ENOENT' }],
      [
        () => client.addRule({ priority: 100, goto: 1 }),
        { code: 'EINVAL', extack: { message: 'Backward goto not supported' } },
      ],
      [
        () => client.getNeighbour({ index: a, destination: ip('192.0.2.99') }),
        { code: 'ENOENT', extack: { message: 'Neighbour entry not found' } },
      ],
      [
        () =>
          client.addNeighbour({
            index: a,
            destination: ip('192.0.2.9'),
            extendedFlags: (1 << 31) >>> 0,
          }),
        { code: 'EINVAL', extack: { message: 'reserved bit set', attribute: 'flags-ext' } },
      ],
      [
        () => client.routes({ family: AF_INET, table: 4711 }).toArray(),
        { code: 'ENOENT', extack: { message: 'ipv4: FIB table does not exist' } },
      ],
    ];
    for (const [refusal, error] of refused) {
      await expect(refusal()).rejects.toMatchObject({ name: 'NetlinkError', ...error });
    }
    expect((await client.getLink({ index: a })).name).toBe('va');
  });

  test('give a namespace an id, once', async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    await using other = await createTestNamespace();
    expect(await at.client.getNetnsId(other)).toBeUndefined();
    await at.client.setNetnsId(other, 555);
    expect(await at.client.getNetnsId(other)).toBe(555);
    await expect(at.client.setNetnsId(other, 556)).rejects.toMatchObject({
      code: 'EEXIST',
      extack: { attribute: 'fd' },
    });
    expect((await at.client.netnsIds().toArray()).map(({ netnsId }) => netnsId)).toEqual([555]);
  });
});

describe('what the kernel changes without a word', () => {
  /** What happens, to what is there before. */
  const causes: Readonly<Record<string, readonly string[]>> = {
    'an interface goes down': ['link set va down'],
    'an interface is deleted': ['link del va'],
    'an address goes': ['address del 192.0.2.1/24 dev va'],
    'a carrier goes': ['link set pa down'],
    'a nexthop goes': ['nexthop del id 1'],
    'a group loses a nexthop': ['nexthop del id 2'],
    'the MTU of an interface of an IPv6 route with one changes': ['link set va mtu 1300'],
  };

  test.for(Object.entries(causes))(
    '%s: told by a resync, once',
    async ([, commands], { netns: _, judges }) => {
      judges('ip');
      await using at = await place();
      for (const command of [
        'nexthop add id 1 via 192.0.2.2 dev va',
        'nexthop add id 2 via 198.51.100.2 dev vb',
        'nexthop add id 3 group 1/2',
        'route add 10.1.0.0/16 via 192.0.2.2',
        'route add 10.2.0.0/16 nexthop via 192.0.2.2 nexthop via 198.51.100.2',
        'route add 10.3.0.0/16 nhid 1',
        'route add 10.4.0.0/16 nhid 3',
        '-6 route add 2001:db8:9::/48 via 2001:db8::2 mtu 1500',
      ]) {
        await run(at.netns, 'ip', command.split(' '));
      }
      const watch = await watchRoutes({ sockets: kernel, netns: at.netns });
      const events = watch.events();
      await until(events, 'snapshot');
      for (const command of commands) await run(at.netns, 'ip', command.split(' '));
      expect(await until(events, 'resync')).toEqual({ type: 'resync', reason: 'silent' });
      await until(events, 'snapshot');
      const truth = (await shown(at.netns, '-4 route show table all')).map((route) =>
        shownRouteLine(route, AF_INET),
      );
      const ours = (): string[] =>
        watch.items
          .filter(({ family }) => family === AF_INET)
          .map((route) => routeLine(route, at.names));
      await expect.poll(() => ours().toSorted()).toEqual(truth.toSorted());
      watch.close();
    },
  );

  test('nexthops that go with their interface', async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    await run(at.netns, 'ip', 'nexthop add id 1 via 192.0.2.2 dev va'.split(' '));
    const watch = await watchNexthops({ sockets: kernel, netns: at.netns });
    expect(watch.get(1)).toMatchObject({ outputIndex: at.a });
    await at.client.setLinkDown({ index: at.a });
    await expect.poll(() => watch.items).toEqual([]);
    watch.close();
  });

  test('nothing is told when nothing has changed', async ({ netns: _, judges }) => {
    judges('ip');
    await using at = await place();
    const watch = await watchRoutes({ sockets: kernel, netns: at.netns });
    const events = watch.events();
    await until(events, 'snapshot');
    // Causes, but for nothing: an interface that has no routes, up and down.
    await at.client.addLink({ name: 'idle', info: { kind: 'ifb' } });
    await at.client.deleteLink({ name: 'idle' });
    await at.client.addNexthop({ id: 1, blackhole: true });
    await at.client.addRoute({ ...net(1), type: RTN_UNREACHABLE });
    const { value } = await events.next();
    expect(value).toMatchObject({ type: 'new', item: { routeType: RTN_UNREACHABLE } });
    watch.close();
  });
});

describe('all namespaces, and groups above 32', () => {
  test('routes, addresses and neighbours of another namespace, with its id', async ({
    netns: _,
    judges,
  }) => {
    judges('ip');
    await using at = await place();
    await using other = await place();
    await at.client.setNetnsId(other.netns, 42);
    const where = { sockets: kernel, netns: at.netns, allNamespaces: true };
    const routes = await watchRoutes(where);
    const addresses = await watchAddresses(where);
    const neighbours = await watchNeighbours(where);
    const told = async <T>(watch: TableWatch<T>, change: () => Promise<void>): Promise<unknown> => {
      const events = watch.events();
      await until(events, 'snapshot');
      await change();
      for (;;) {
        const event = await until(events, 'new');
        if (event.type === 'new' && event.nsid !== undefined) return event;
      }
    };
    expect(
      await told(routes, () => other.client.addRoute({ ...net(1), type: RTN_UNREACHABLE })),
    ).toMatchObject({ nsid: 42, item: { destinationLength: 16, routeType: RTN_UNREACHABLE } });
    expect(
      await told(addresses, () =>
        other.client.addAddress({ index: other.a, local: ip('192.0.2.77'), prefixLength: 24 }),
      ),
    ).toMatchObject({ nsid: 42, item: { prefixLength: 24 } });
    expect(
      await told(neighbours, () =>
        other.client.addNeighbour({
          index: other.a,
          destination: ip('192.0.2.9'),
          linkLayerAddress: mac(9),
        }),
      ),
    ).toMatchObject({ nsid: 42, item: { index: other.a, state: NUD_PERMANENT } });
    // Ours are not mixed with theirs.
    expect(routes.items.some(({ routeType }) => routeType === RTN_UNREACHABLE)).toBe(false);
    for (const watch of [routes, addresses, neighbours]) watch.close();
  });

  test('RTNLGRP_STATS, 36, is heard', async ({ netns: _, judges, skip }) => {
    judges('ip');
    await using at = await place();
    const socket = await kernel.openSubscriptionSocket({
      netns: at.netns,
      groups: [RTNLGRP_STATS],
    });
    const heard = new Promise<number>((resolve) => {
      socket.onReadable(() => {
        const datagram = socket.receive();
        if (datagram !== undefined) resolve(Buffer.from(datagram.bytes).readUInt16LE(4));
      });
    });
    socket.ref();
    const done = await run(at.netns, 'ip', ['stats', 'set', 'dev', 'va', 'l3_stats', 'on']).catch(
      () => undefined,
    );
    if (done === undefined) {
      socket.close();
      skip('kernel lacks L3 statistics of veth');
    }
    // RTM_NEWSTATS
    expect(await heard).toBe(92);
    socket.close();
  });
});
