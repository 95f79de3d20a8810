import { RTM_GETLINK, RTM_NEWLINK } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { LinkMessage } from '@rtap/netlink/link';
import { NetlinkClient, watchAddresses, watchLinks } from '@rtap/transport';
import type { TableEvent, TableWatch } from '@rtap/transport';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const ENOMEM = 12;

let rtnetlink: MemoryRtnetlink;

beforeEach(() => {
  rtnetlink = new MemoryRtnetlink();
  for (const name of ['lo', 'a', 'b', 'c', 'd']) rtnetlink.addLink({ name });
});

/** The names a table has, as the kernel has them or as a watch believes. */
const truth = (): string[] =>
  rtnetlink.links.map(({ ifindex, name, mtu }) => `${ifindex} ${name} ${mtu}`);
const named = ({ index, name, mtu }: LinkMessage): string => `${index} ${name} ${mtu}`;
const believed = (watch: TableWatch<LinkMessage>): string[] =>
  watch.items.map(named).toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10));

/** What a reader that follows the events believes. */
class Follower {
  readonly told: string[] = [];
  readonly #table = new Map<number, LinkMessage>();

  constructor(events: AsyncIterable<TableEvent<LinkMessage>>) {
    void this.#follow(events);
  }

  get believed(): string[] {
    return [...this.#table.values()]
      .map(named)
      .toSorted((a, b) => parseInt(a, 10) - parseInt(b, 10));
  }

  async #follow(events: AsyncIterable<TableEvent<LinkMessage>>): Promise<void> {
    for await (const event of events) {
      this.told.push(event.type === 'resync' ? `resync ${event.reason}` : event.type);
      if (event.type === 'snapshot') {
        this.#table.clear();
        for (const item of event.items) this.#table.set(item.index, item);
      } else if (event.type === 'new') this.#table.set(event.item.index, event.item);
      else if (event.type === 'delete') this.#table.delete(event.item.index);
    }
    this.told.push('end');
  }
}

describe('watchLinks', () => {
  it('begins with all there is, and tells every change to every reader', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    expect(believed(watch)).toEqual(truth());
    const followers = [new Follower(watch), new Follower(watch.events())];
    await expect.poll(() => followers[1]?.told).toEqual(['snapshot']);
    const index = rtnetlink.addLink({ name: 'e' });
    rtnetlink.changeLink(index, { mtu: 9000 });
    rtnetlink.deleteLink(2);
    for (const follower of followers) {
      await expect.poll(() => follower.told).toEqual(['snapshot', 'new', 'new', 'delete']);
      expect(follower.believed).toEqual(truth());
    }
    expect(watch.get(index)?.mtu).toBe(9000);
    expect(watch.get(2)).toBeUndefined();
    watch.close();
    for (const follower of followers) await expect.poll(() => follower.told.at(-1)).toBe('end');
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
  });

  it('says what was before', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const events = watch.events();
    await events.next();
    rtnetlink.changeLink(2, { mtu: 1400 });
    rtnetlink.deleteLink(2);
    expect((await events.next()).value).toMatchObject({
      type: 'new',
      item: { mtu: 1400 },
      previous: { mtu: 1500 },
      nsid: undefined,
    });
    expect((await events.next()).value).toMatchObject({ type: 'delete', previous: { mtu: 1400 } });
    watch.close();
  });

  // What can happen while the dump goes on: to what it has told (2), to what it hasn't (5), and to what is new.
  const changes: Readonly<Record<string, () => void>> = {
    'changes what was told': () => rtnetlink.changeLink(2, { mtu: 1400 }),
    'changes what is yet to be told': () => rtnetlink.changeLink(5, { mtu: 1400 }),
    'deletes what was told': () => rtnetlink.deleteLink(2),
    'deletes what is yet to be told': () => rtnetlink.deleteLink(5),
    'adds one': () => void rtnetlink.addLink({ name: 'new' }),
    'adds one and deletes it': () => rtnetlink.deleteLink(rtnetlink.addLink({ name: 'new' })),
    'exchanges two names': () => {
      rtnetlink.changeLink(2, { name: 'x' });
      rtnetlink.changeLink(5, { name: 'a' });
      rtnetlink.changeLink(2, { name: 'd' });
    },
  };

  it.each(Object.entries(changes))(
    'has no race with a dump during which somebody %s',
    async (_, change) => {
      rtnetlink.faults.duringDump(change);
      const watch = await watchLinks({ sockets: rtnetlink });
      const follower = new Follower(watch);
      await expect.poll(() => follower.believed).toEqual(truth());
      expect(believed(watch)).toEqual(truth());
      watch.close();
    },
  );

  it.each(Object.entries(changes))(
    'has no race either when the events come after the answers: somebody %s',
    async (_, change) => {
      let release: (() => void) | undefined;
      rtnetlink.faults.duringDump(() => {
        release = rtnetlink.faults.delayEvents();
        change();
      });
      const watch = await watchLinks({ sockets: rtnetlink });
      const follower = new Follower(watch);
      await expect.poll(() => follower.told).toContain('snapshot');
      release?.();
      await expect.poll(() => follower.believed).toEqual(truth());
      expect(believed(watch)).toEqual(truth());
      watch.close();
    },
  );

  it.each(Object.entries(changes))(
    'has no race when the dump is asked for again, nor after an overrun in it: somebody %s',
    async (_, change) => {
      rtnetlink.faults.interruptDumps(2);
      rtnetlink.faults.duringDump(() => {
        // Told before the loss, and older than what is lost: must not count before the next dump.
        rtnetlink.changeLink(3, { mtu: 1111 });
        rtnetlink.loseEvents(() => {
          rtnetlink.changeLink(3, { mtu: 2222 });
          change();
        });
      });
      const watch = await watchLinks({ sockets: rtnetlink });
      const follower = new Follower(watch);
      await expect.poll(() => follower.believed).toEqual(truth());
      expect(watch.get(3)?.mtu).toBe(2222);
      watch.close();
    },
  );

  it('makes up for an overrun, and says so', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    rtnetlink.changeLink(2, { mtu: 1400 });
    rtnetlink.loseEvents(() => {
      rtnetlink.changeLink(2, { mtu: 1300 });
      rtnetlink.deleteLink(3);
      rtnetlink.addLink({ name: 'e' });
    });
    await expect.poll(() => follower.believed).toEqual(truth());
    expect(follower.told).toEqual(['snapshot', 'new', 'resync overrun', 'snapshot']);
    watch.close();
  });

  it('makes up for a truncated and for a malformed datagram, and has room for it the next time', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    const raw = [{ type: 0x3fff, value: new Uint8Array(40_000) }];
    const large = encodeLink(RTM_NEWLINK, { index: 2, name: 'a', raw }, { flags: 0, sequence: 0 });
    rtnetlink.broadcast(large);
    await expect.poll(() => follower.told.slice(1)).toEqual(['resync truncated', 'snapshot']);
    rtnetlink.broadcast(large);
    await expect.poll(() => follower.told.slice(3)).toEqual(['new']);
    const bytes = encodeLink(RTM_NEWLINK, { index: 2 }, { flags: 0, sequence: 0 });
    bytes[0] = 255;
    rtnetlink.broadcast(bytes);
    await expect.poll(() => follower.told.slice(4)).toEqual(['resync malformed', 'snapshot']);
    watch.close();
  });

  it('passes over what is not the state of an interface, and what the kernel did not send', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const follower = new Follower(watch);
    await expect.poll(() => follower.told).toEqual(['snapshot']);
    const tell = (fields: Parameters<typeof encodeLink>[1], type = RTM_NEWLINK, portId = 0): void =>
      rtnetlink.broadcast(encodeLink(type, fields, { flags: 0, sequence: 0 }), { portId });
    tell({ index: 2, name: 'a', family: 7 }, RTM_NEWLINK + 1);
    tell({ index: 2 });
    tell({ index: 2, name: 'a' }, RTM_NEWLINK + 1, 4711);
    rtnetlink.changeLink(3, { mtu: 1400 });
    await expect.poll(() => follower.told).toEqual(['snapshot', 'new']);
    expect(follower.believed).toEqual(truth());
    watch.close();
  });

  it('tells a slow reader how many it lost, and what is true; holds no more than it may', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const slow = watch.events({ limit: 10 });
    const fast = new Follower(watch);
    expect((await slow.next()).value).toMatchObject({ type: 'snapshot' });
    for (let mtu = 1000; mtu < 1100; mtu += 1) rtnetlink.changeLink(2, { mtu });
    await expect.poll(() => fast.told.length).toBe(101);
    expect((await slow.next()).value).toEqual({ type: 'lost', count: 100 });
    // As it is when it is asked for.
    rtnetlink.changeLink(2, { mtu: 1400 });
    await expect.poll(() => fast.told.length).toBe(102);
    expect((await slow.next()).value).toMatchObject({ type: 'snapshot', items: { length: 5 } });
    rtnetlink.changeLink(2, { mtu: 1401 });
    expect((await slow.next()).value).toMatchObject({ type: 'new', previous: { mtu: 1400 } });
    expect(fast.told).not.toContain('lost');
    watch.close();
  });

  it('holds one snapshot at most for a reader that does not read, however often there is a resync', async () => {
    const watch = await watchLinks({ sockets: rtnetlink });
    const slow = watch.events();
    const fast = new Follower(watch);
    await slow.next();
    for (let round = 1; round <= 3; round += 1) {
      rtnetlink.loseEvents(() => rtnetlink.changeLink(2, { mtu: 1400 + round }));
      await expect
        .poll(() => fast.told.filter((type) => type === 'resync overrun'))
        .toHaveLength(round);
    }
    expect((await slow.next()).value).toMatchObject({ type: 'lost' });
    const { value } = await slow.next();
    expect(value).toMatchObject({ type: 'snapshot' });
    expect(believed(watch)).toEqual(truth());
    watch.close();
  });

  it('ends a reader by its signal or by break, and all by the signal of the watch', async () => {
    const all = new AbortController();
    const one = new AbortController();
    const watch = await watchLinks({ sockets: rtnetlink, signal: all.signal });
    const reader = watch.events({ signal: one.signal });
    await reader.next();
    const waiting = reader.next();
    one.abort(new Error('one'));
    await expect(waiting).rejects.toThrow('one');
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    // A reader that is left at once.
    for await (const event of watch) {
      expect(event.type).toBe('snapshot');
      break;
    }
    const others = watch.events();
    await others.next();
    all.abort(new Error('all'));
    await expect(others.next()).rejects.toThrow('all');
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    await expect(watchLinks({ sockets: rtnetlink, signal: all.signal })).rejects.toThrow('all');
    expect(await watch.events().next()).toEqual({ done: true, value: undefined });
  });

  it('rejects when the first dump fails, with nothing left open; later ones are tried again', async () => {
    rtnetlink.refuseNext(RTM_GETLINK, ENOMEM);
    await expect(watchLinks({ sockets: rtnetlink })).rejects.toMatchObject({ code: 'ENOMEM' });
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    const watch = await watchLinks({ sockets: rtnetlink });
    rtnetlink.refuseNext(RTM_GETLINK, ENOMEM);
    rtnetlink.loseEvents(() => rtnetlink.deleteLink(2));
    await vi.waitFor(() => expect(believed(watch)).toEqual(truth()));
    watch.close();
  });

  it('is closed while it begins', async () => {
    const controller = new AbortController();
    const release = rtnetlink.hold();
    const begun = watchLinks({ sockets: rtnetlink, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(begun).rejects.toThrow('enough');
    release();
    expect(rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
  });
});

describe('watchAddresses', () => {
  it('keeps the addresses by the same rules', async () => {
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    const local = Uint8Array.of(10, 0, 0, 1);
    await client.addAddress({ index: 2, local, prefixLength: 24 });
    await expect(client.addAddress({ index: 2, local, prefixLength: 24 })).rejects.toMatchObject({
      code: 'EEXIST',
    });
    const watch = await watchAddresses({ sockets: rtnetlink });
    expect(watch.items.map((address) => address.local?.join('.'))).toEqual(['10.0.0.1']);
    const events = watch.events();
    await events.next();
    await client.deleteAddress({ index: 2, local, prefixLength: 24 });
    expect((await events.next()).value).toMatchObject({ type: 'delete', item: { index: 2 } });
    await client.addAddress({ index: 3, local: Uint8Array.of(0xfd, ...new Uint8Array(14), 1) });
    expect((await events.next()).value).toMatchObject({ type: 'new', item: { prefixLength: 128 } });
    expect(watch.items).toHaveLength(1);
    watch.close();
    await client.close();
  });
});

describe('faults of the in-memory rtnetlink', () => {
  it('lead to no wrong answer', async () => {
    const client = new NetlinkClient(await rtnetlink.openRequestSocket());
    rtnetlink.faults.answerWithWrongSequence();
    expect((await client.getLink({ index: 2 })).name).toBe('a');
    rtnetlink.faults.spoofAnswer(Uint8Array.of(0xff, 0xff), 4711);
    expect((await client.getLink({ index: 3 })).name).toBe('b');
    rtnetlink.faults.truncateAnswer(40);
    await expect(client.getLink({ index: 3 })).rejects.toMatchObject({
      code: 'ERR_RTAP_TRUNCATED',
    });
    rtnetlink.faults.truncateAnswer(40);
    rtnetlink.faults.interruptDumps(1);
    expect(await client.links().toArray()).toHaveLength(5);
    await client.close();
  });
});
