import {
  AF_INET,
  AF_INET6,
  NLM_F_APPEND,
  NLM_F_REPLACE,
  NTF_PROXY,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_STALE,
  RTM_DELNEIGH,
  RTM_DELROUTE,
  RTM_GETNEIGH,
  RTM_GETROUTE,
  RTM_NEWNEIGH,
  RTM_NEWROUTE,
  RTNLGRP_IPV4_ROUTE,
  RTNLGRP_IPV6_ROUTE,
  RTNLGRP_NEIGH,
} from '@rtap/netlink';
import { encodeNeighbour } from '@rtap/netlink/neighbour';
import type { NeighbourRequest } from '@rtap/netlink/neighbour';
import { encodeRoute } from '@rtap/netlink/route';
import type { RouteMessage, RouteRequest } from '@rtap/netlink/route';
import { NetlinkClient, watchNeighbours, watchRoutes } from '@rtap/transport';
import type { TableEvent, TableWatch } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { beforeEach, describe, expect, it } from 'vitest';

const EVENT = { flags: 0, sequence: 0 };

let rtnetlink: MemoryRtnetlink;
/** What the kernel has, in its order. */
let routes: RouteRequest[];
let dumps: number;

beforeEach(() => {
  rtnetlink = new MemoryRtnetlink();
  rtnetlink.addLink({ name: 'lo' });
  rtnetlink.addLink({ name: 'a', up: true });
  routes = [route(1), route(2), route(3), route(4)];
  dumps = 0;
  rtnetlink.answerDumps(RTM_GETROUTE, () => {
    dumps += 1;
    return routes.map(
      (element) => (header) =>
        routes.includes(element) ? encodeRoute(RTM_NEWROUTE, element, header) : undefined,
    );
  });
});

/** A route to 10.N.0.0/16 by a gateway. */
function route(second: number, last = 1, changes: RouteRequest = {}): RouteRequest {
  return {
    family: AF_INET,
    table: 254,
    routeType: 1,
    destinationLength: 16,
    destination: Uint8Array.of(10, second, 0, 0),
    outputIndex: 2,
    gateway: Uint8Array.of(192, 0, 2, last),
    ...changes,
  };
}

/** Puts routes in the place of others, and tells of one. */
function tell(
  type: number,
  told: RouteRequest,
  flags: number,
  now: readonly RouteRequest[] = routes,
): void {
  routes = [...now];
  const group = told.family === AF_INET6 ? RTNLGRP_IPV6_ROUTE : RTNLGRP_IPV4_ROUTE;
  rtnetlink.broadcast(encodeRoute(type, told, { ...EVENT, flags }), { group });
}

/** Attributes that make a message longer than 64 KB; one alone can't. */
const LARGE: RouteRequest = {
  raw: [1, 2].map((type) => ({ type: 0x3f00 + type, value: new Uint8Array(50_000) })),
};

const without = (gone: RouteRequest): RouteRequest[] => routes.filter((one) => one !== gone);
const line = ({ destination, gateway, multipath, metrics }: RouteRequest | RouteMessage): string =>
  [
    destination?.join('.'),
    gateway?.join('.'),
    metrics?.mtu,
    multipath
      ?.map((way) => way.gateway?.at(-1))
      .toSorted()
      .join('/'),
  ].join(' ');
const truth = (): string[] => routes.map(line).toSorted();
const believed = (watch: TableWatch<RouteMessage>): string[] => watch.items.map(line).toSorted();

/** What a reader is told, and what it believes by it. */
class Follower {
  readonly told: string[] = [];
  believed: string[] = [];

  constructor(events: AsyncIterable<TableEvent<RouteMessage>>) {
    void this.#follow(events);
  }

  async #follow(events: AsyncIterable<TableEvent<RouteMessage>>): Promise<void> {
    for await (const event of events) {
      this.told.push(event.type === 'resync' ? `resync ${event.reason}` : event.type);
      if (event.type === 'snapshot') this.believed = event.items.map(line);
      if (event.type !== 'new' && event.type !== 'delete') continue;
      const { previous } = event;
      if (previous !== undefined) {
        const known = this.believed.indexOf(line(previous));
        if (known >= 0) this.believed.splice(known, 1);
      }
      if (event.type === 'new') this.believed.push(line(event.item));
    }
  }
}

async function settled(watch: TableWatch<RouteMessage>, follower: Follower): Promise<void> {
  await expect.poll(() => believed(watch)).toEqual(truth());
  await expect.poll(() => follower.believed.toSorted()).toEqual(truth());
}

/** What may happen: to routes that a dump has told halfway (1), and to those that it hasn't (4). */
const changes: Readonly<Record<string, () => void>> = {
  'replaces what was told': () => {
    const [, second, third, fourth] = routes;
    const instead = route(1, 9);
    tell(RTM_NEWROUTE, instead, NLM_F_REPLACE, [instead, second!, third!, fourth!]);
  },
  'replaces what is yet to be told': () => {
    const instead = route(4, 9);
    tell(RTM_NEWROUTE, instead, NLM_F_REPLACE, [...routes.slice(0, 3), instead]);
  },
  'replaces one twice': () => {
    const [first, second] = [route(1, 8), route(1, 9)];
    tell(RTM_NEWROUTE, first, NLM_F_REPLACE, [first, ...routes.slice(1)]);
    tell(RTM_NEWROUTE, second, NLM_F_REPLACE, [second, ...routes.slice(1)]);
  },
  'adds one and replaces it': () => {
    const [first, second] = [route(5, 8), route(5, 9)];
    tell(RTM_NEWROUTE, first, 0, [...routes, first]);
    tell(RTM_NEWROUTE, second, NLM_F_REPLACE, [...routes.slice(0, -1), second]);
  },
  'prepends one and replaces it': () => {
    const [first, second] = [route(1, 8), route(1, 9)];
    tell(RTM_NEWROUTE, first, 0, [first, ...routes]);
    tell(RTM_NEWROUTE, second, NLM_F_REPLACE, [second, ...routes.slice(1)]);
  },
  'appends one and deletes the first': () => {
    const [first] = routes;
    const appended = route(1, 9);
    tell(RTM_NEWROUTE, appended, NLM_F_APPEND, [...routes, appended]);
    tell(RTM_DELROUTE, first!, 0, without(first!));
  },
  'deletes what was told': () => tell(RTM_DELROUTE, routes[0]!, 0, routes.slice(1)),
  'deletes what is yet to be told': () => tell(RTM_DELROUTE, routes[3]!, 0, routes.slice(0, 3)),
};

describe('watchRoutes', () => {
  it.each(Object.entries(changes))('tells when somebody %s', async (_, change) => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    change();
    await settled(watch, follower);
    expect(believed(watch)).toEqual(truth());
    watch.close();
  });

  it.each(Object.entries(changes))(
    'has no race with a dump during which somebody %s',
    async (_, change) => {
      rtnetlink.faults.duringDump(change);
      const watch = await watchRoutes({ sockets: rtnetlink });
      await settled(watch, new Follower(watch));
      expect(believed(watch)).toEqual(truth());
      watch.close();
    },
  );

  it.each(Object.entries(changes))(
    'has no race when the dump is newer than the events: somebody %s',
    async (_, change) => {
      rtnetlink.faults.duringDump(rtnetlink.faults.delayEvents());
      change();
      const watch = await watchRoutes({ sockets: rtnetlink });
      await settled(watch, new Follower(watch));
      expect(believed(watch)).toEqual(truth());
      watch.close();
    },
  );

  it.each(Object.entries(changes))(
    'makes up for an overrun, and for interrupted dumps: somebody %s',
    async (_, change) => {
      const watch = await watchRoutes({ sockets: rtnetlink });
      const follower = new Follower(watch);
      await expect.poll(() => follower.told).toEqual(['snapshot']);
      rtnetlink.faults.interruptDumps(3);
      rtnetlink.loseEvents(change);
      await settled(watch, follower);
      expect(follower.told).toEqual(['snapshot', 'resync overrun', 'snapshot']);
      watch.close();
    },
  );

  it('knows several routes to one destination, which of them goes, and what replaces one', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    const [second, third] = [route(1, 2), route(1, 3, { metrics: { mtu: 1400 } })];
    tell(RTM_NEWROUTE, second, NLM_F_APPEND, [...routes, second]);
    tell(RTM_NEWROUTE, third, NLM_F_APPEND, [...routes, third]);
    tell(RTM_DELROUTE, second, 0, without(second));
    await settled(watch, follower);
    expect(follower.told).toEqual(['snapshot', 'new', 'new', 'delete']);
    // One of two is replaced: which, the kernel doesn't say.
    const instead = route(1, 4);
    tell(RTM_NEWROUTE, instead, NLM_F_REPLACE, [instead, ...routes.slice(1)]);
    await settled(watch, follower);
    expect(follower.told.slice(4)).toEqual(['new', 'resync silent', 'snapshot']);
    watch.close();
  });

  it('follows the ways of an IPv6 route as they come together and one by one', async () => {
    const way = (
      last: number,
    ): { flags: number; hops: number; index: number; gateway: Uint8Array } => ({
      flags: 0,
      hops: 0,
      index: 2,
      gateway: Uint8Array.of(0xfe, 0x80, ...new Uint8Array(13), last),
    });
    const six = (...lasts: readonly number[]): RouteRequest => ({
      family: AF_INET6,
      table: 254,
      routeType: 1,
      destinationLength: 16,
      destination: Uint8Array.of(0x20, 1, ...new Uint8Array(14)),
      priority: 1024,
      ...(lasts.length === 1
        ? { gateway: way(lasts[0]!).gateway, outputIndex: 2 }
        : { multipath: lasts.map(way) }),
    });
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    const others = routes;
    tell(RTM_NEWROUTE, six(1), 0, [...others, six(1)]);
    tell(RTM_NEWROUTE, six(2, 1), NLM_F_APPEND, [...others, six(2, 1)]);
    tell(RTM_NEWROUTE, six(3, 2, 1), NLM_F_APPEND, [...others, six(3, 2, 1)]);
    await settled(watch, follower);
    tell(RTM_DELROUTE, six(2), 0, [...others, six(3, 1)]);
    await settled(watch, follower);
    tell(RTM_DELROUTE, six(1), 0, [...others, six(3)]);
    await settled(watch, follower);
    tell(RTM_NEWROUTE, six(4, 3), NLM_F_APPEND, [...others, six(4, 3)]);
    tell(RTM_NEWROUTE, six(5), NLM_F_REPLACE, [...others, six(5)]);
    await settled(watch, follower);
    tell(RTM_NEWROUTE, six(6, 7), NLM_F_REPLACE, [...others, six(6, 7)]);
    tell(RTM_DELROUTE, six(6, 7), 0, others);
    await settled(watch, follower);
    expect(follower.told).not.toContain('resync silent');
    watch.close();
  });

  it('dumps anew when something may have gone without a word, and tells only if it has', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    expect(dumps).toBe(1);
    rtnetlink.changeLink(2, { mtu: 1400 });
    await expect.poll(() => dumps).toBe(2);
    routes = routes.slice(2);
    rtnetlink.changeLink(2, { up: false });
    await settled(watch, follower);
    expect(follower.told).toEqual(['snapshot', 'resync silent', 'snapshot']);
    watch.close();
  });

  it('dumps seldom, however often that may have happened', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    for (let times = 0; times < 200; times += 1) {
      rtnetlink.changeLink(2, { up: times % 2 === 0 });
    }
    routes = [];
    rtnetlink.changeLink(2, { up: true });
    await expect.poll(() => watch.items).toEqual([]);
    expect(dumps).toBeLessThan(10);
    watch.close();
  });

  it('tells an overrun as that, also when it comes while another dump goes on', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    rtnetlink.faults.duringDump(() =>
      rtnetlink.loseEvents(() => tell(RTM_DELROUTE, routes[0]!, 0, routes.slice(1))),
    );
    rtnetlink.changeLink(2, { mtu: 1400 });
    await expect.poll(() => follower.told).toEqual(['snapshot', 'resync overrun', 'snapshot']);
    await settled(watch, follower);
    expect(believed(watch)).toEqual(truth());
    watch.close();
  });

  it('tries again when a dump beside the events fails', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    rtnetlink.refuseNext(RTM_GETROUTE, 12);
    routes = routes.slice(1);
    rtnetlink.changeLink(2, { up: false });
    await settled(watch, follower);
    expect(follower.told).toEqual(['snapshot', 'resync silent', 'snapshot']);
    watch.close();
  });

  it('believes the kernel only, and whole messages only; a message of more than 64 KB finds room', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    const group = RTNLGRP_IPV4_ROUTE;
    const forged = encodeRoute(RTM_DELROUTE, routes[0]!, EVENT);
    rtnetlink.broadcast(forged, { portId: 4711, group });
    const broken = encodeRoute(RTM_NEWROUTE, route(9), EVENT);
    broken[0] = 255;
    rtnetlink.broadcast(broken, { group });
    await expect.poll(() => follower.told.slice(1)).toEqual(['resync malformed', 'snapshot']);
    const large = route(9, 1, LARGE);
    expect(encodeRoute(RTM_NEWROUTE, large, EVENT).length).toBeGreaterThan(64 * 1024);
    routes = [...routes, large];
    const truncations = (): number =>
      follower.told.filter((told) => told === 'resync truncated').length;
    // Room is made twice; then it fits.
    for (const times of [1, 2]) {
      tell(RTM_NEWROUTE, large, 0);
      await expect.poll(truncations).toBe(times);
      await settled(watch, follower);
    }
    const before = follower.told.length;
    tell(RTM_NEWROUTE, large, 0);
    await expect.poll(() => follower.told.slice(before)).toEqual(['new']);
    watch.close();
  });

  it('ends by its signal while it verifies', async () => {
    const controller = new AbortController();
    const watch = await watchRoutes({ sockets: rtnetlink, signal: controller.signal });
    const events = watch.events();
    await events.next();
    const release = rtnetlink.hold();
    rtnetlink.changeLink(2, { up: false });
    const waiting = events.next();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
    release();
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
  });

  it('tells a slow reader that it lost some', async () => {
    const watch = await watchRoutes({ sockets: rtnetlink });
    const slow = watch.events({ limit: 3 });
    await slow.next();
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    for (let last = 10; last < 20; last += 1) {
      const added = route(7, last);
      tell(RTM_NEWROUTE, added, NLM_F_APPEND, [...routes, added]);
    }
    await settled(watch, follower);
    expect((await slow.next()).value).toMatchObject({ type: 'lost', count: 10 });
    expect((await slow.next()).value).toMatchObject({ type: 'snapshot' });
    watch.close();
  });
});

describe('dumps of routes', () => {
  it('come whole in spite of wrong sequences, other senders, cuts and interruptions', async () => {
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    rtnetlink.faults.answerWithWrongSequence();
    expect((await client.routes().toArray()).map(line)).toEqual(truth());
    rtnetlink.faults.spoofAnswer(Uint8Array.of(1, 2, 3, 4), 4711);
    expect((await client.routes().toArray()).map(line)).toEqual(truth());
    rtnetlink.faults.truncateAnswer(20);
    rtnetlink.faults.interruptDumps(2);
    const dump = client.routes({ outputIndex: 2 });
    expect((await dump.toArray()).map(line)).toEqual(truth());
    expect(dump.attempts).toBeGreaterThan(2);
    // What the kernel sends besides is left out.
    expect(await client.routes({ table: 100 }).toArray()).toEqual([]);
    expect(await client.routes({ family: AF_INET6 }).toArray()).toEqual([]);
    expect(await client.routes({ outputIndex: 3 }).toArray()).toEqual([]);
    await client.close();
  });

  it('have room for a message of more than 64 KB', async () => {
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    routes = [route(9, 1, LARGE)];
    const [large] = await client.routes().toArray();
    expect(large?.unknown.map(({ value }) => value.length)).toEqual([50_000, 50_000]);
    await client.close();
  });

  it('wait neither for ever nor against a signal', async () => {
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    const release = rtnetlink.hold();
    await expect(client.routes({ timeout: 1 }).toArray()).rejects.toMatchObject({
      code: 'ERR_RTAP_TIMEOUT',
    });
    const controller = new AbortController();
    const asked = client.addRoute(
      { destination: Uint8Array.of(10, 0, 0, 1) },
      { signal: controller.signal },
    );
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
    await expect(client.getNexthop(1, { timeout: 1 })).rejects.toMatchObject({
      code: 'ERR_RTAP_TIMEOUT',
    });
    release();
    await client.close();
  });
});

describe('watchNeighbours', () => {
  let neighbours: NeighbourRequest[];
  const neighbour = (last: number, more: NeighbourRequest = {}): NeighbourRequest => ({
    family: AF_INET,
    index: 2,
    state: NUD_PERMANENT,
    destination: Uint8Array.of(192, 0, 2, last),
    linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, last),
    ...more,
  });
  const inform = (type: number, told: NeighbourRequest): void =>
    rtnetlink.broadcast(encodeNeighbour(type, told, EVENT), { group: RTNLGRP_NEIGH });
  const lasts = (items: readonly { readonly destination?: Uint8Array | undefined }[]): number[] =>
    items.map(({ destination }) => destination?.at(-1) ?? 0).toSorted((a, b) => a - b);

  beforeEach(() => {
    neighbours = [1, 2, 3, 4].map((last) => neighbour(last));
    rtnetlink.answerDumps(RTM_GETNEIGH, () => {
      dumps += 1;
      return neighbours.map((one) => (header) => encodeNeighbour(RTM_NEWNEIGH, one, header));
    });
  });

  it('leaves out what the kernel makes without a word, and what it becomes', async () => {
    neighbours.push(
      neighbour(5, { state: NUD_NOARP, linkLayerAddress: Uint8Array.of(0x33, 0x33, 0, 0, 0, 1) }),
      neighbour(6, { state: NUD_NOARP, linkLayerAddress: new Uint8Array(6) }),
      neighbour(7, { state: NUD_NOARP }),
    );
    const watch = await watchNeighbours({ sockets: rtnetlink });
    expect(lasts(watch.items)).toEqual([1, 2, 3, 4, 7]);
    inform(RTM_NEWNEIGH, neighbour(8, { flags: NTF_PROXY }));
    inform(RTM_NEWNEIGH, neighbour(1, { state: NUD_STALE }));
    inform(RTM_NEWNEIGH, neighbour(2, { state: NUD_NOARP, linkLayerAddress: new Uint8Array(6) }));
    inform(RTM_DELNEIGH, neighbour(3));
    await expect.poll(() => lasts(watch.items)).toEqual([1, 4, 7]);
    expect(watch.get('2 2 192.0.2.1')?.state).toBe(NUD_STALE);
    watch.close();
  });

  it('dumps once more when something was deleted meanwhile: the kernel counts, and may have missed one', async () => {
    // As the kernel: the first goes, and with it one that the dump was about to tell.
    rtnetlink.answerDumps(RTM_GETNEIGH, () => {
      dumps += 1;
      const missing = dumps === 1 ? 2 : -1;
      return neighbours.map(
        (one, position) => (header) =>
          position === missing ? undefined : encodeNeighbour(RTM_NEWNEIGH, one, header),
      );
    });
    rtnetlink.faults.duringDump(() => {
      const [first] = neighbours.splice(0, 1);
      inform(RTM_DELNEIGH, first!);
    });
    const watch = await watchNeighbours({ sockets: rtnetlink });
    expect(lasts(watch.items)).toEqual([2, 3, 4]);
    watch.close();
  });
});
