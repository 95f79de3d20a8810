import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { kernel } from '@rtap/native';
import type { NetlinkSubscriptionSocket, NetworkNamespace } from '@rtap/native';
import { IFF_UP, RTNLGRP_LINK } from '@rtap/netlink';
import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchAddresses, watchLink, watchLinks, watchRoutes } from '@rtap/transport';
import type { LinkWatch, LinkWatcher, NetlinkSockets } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';
import { plainLinks, sortedLinks } from './printed/plain-links.ts';

/** Events of other interfaces in a storm. RTAP_SOAK=1 makes ten times as many. */
const EVENTS = process.env['RTAP_SOAK'] === undefined ? 10_000 : 100_000;

class Recorder implements LinkWatcher {
  /** What was told, without what repeats the message before. */
  readonly states: string[] = [];
  readonly mtus: number[] = [];
  readonly resyncs: string[] = [];
  messages = 0;

  onLink(message: Parameters<LinkWatcher['onLink']>[0]): void {
    this.messages += 1;
    const state = `${(message.flags & IFF_UP) === 0 ? 'down' : 'up'} ${message.mtu}`;
    if (state !== this.states.at(-1)) this.states.push(state);
    if (message.mtu !== undefined) this.mtus.push(message.mtu);
  }

  onGone(): void {
    this.resyncs.push('gone');
  }

  onResync(reason: string): void {
    this.resyncs.push(reason);
  }
}

/** The kernel, with the receive calls of a subscription socket counted: datagrams, and wake-ups. */
function counting(): NetlinkSockets & { datagrams: number; wakeUps: number; portId: number } {
  const counted = {
    datagrams: 0,
    wakeUps: 0,
    portId: 0,
    openRequestSocket: kernel.openRequestSocket.bind(kernel),
    namespaceInode: kernel.namespaceInode.bind(kernel),
    openSubscriptionSocket: async (
      options?: Parameters<typeof kernel.openSubscriptionSocket>[0],
    ): Promise<NetlinkSubscriptionSocket> => {
      const socket = await kernel.openSubscriptionSocket(options);
      counted.portId = socket.portId;
      const receive = socket.receive.bind(socket);
      const onReadable = socket.onReadable.bind(socket);
      socket.receive = () => {
        const datagram = receive();
        if (datagram !== undefined) counted.datagrams += 1;
        return datagram;
      };
      socket.onReadable = (listener) =>
        onReadable(
          listener &&
            (() => {
              counted.wakeUps += 1;
              listener();
            }),
        );
      return socket;
    },
  };
  return counted;
}

/** A process that changes an interface so often, by `ip`; it reads a file and is heard of when it ends. */
async function storm(netns: NetworkNamespace, lines: string, times: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-storm-'));
  const file = join(folder, 'batch');
  writeFileSync(file, lines.repeat(times));
  try {
    const child = await netns.exec('ip', ['-batch', file], { stdio: 'ignore' });
    expect((await child.exited).code).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a storm changes: two events, of an interface that isn't ours. */
const STORM = 'link set dev sb mtu 1400\nlink set dev sb mtu 1401\n';

/** What the kernel says of a netlink socket: bytes that wait in it, and messages that it lost. */
async function socketState(
  netns: NetworkNamespace,
  portId: number,
): Promise<{ readonly waiting: number; readonly lost: number }> {
  const { stdout } = await run(netns, 'cat', ['/proc/net/netlink']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const row = rows.find(([, protocol, port]) => protocol === '0' && port === String(portId));
  return { waiting: Number(row?.[4]), lost: Number(row?.[8]) };
}

/**
 * Has the kernel count the events of an interface: by a socket of its own that nobody reads, so that what
 * doesn't fit is counted as lost, and what fits is counted in the end.
 */
async function countEvents(
  netns: NetworkNamespace,
  ifindex: number,
): Promise<{ stop: () => Promise<number> }> {
  const socket = await kernel.openSubscriptionSocket({ netns });
  const index = new DataView(Uint32Array.of(ifindex).buffer).getUint32(0, false);
  socket.attachFilter([
    { code: 0x20, jt: 0, jf: 0, k: 20 }, // ifi_index
    { code: 0x15, jt: 0, jf: 1, k: index },
    { code: 0x06, jt: 0, jf: 0, k: 0xffffffff },
    { code: 0x06, jt: 0, jf: 0, k: 0 },
  ]);
  socket.joinGroup(RTNLGRP_LINK);
  return {
    stop: async () => {
      let count = (await socketState(netns, socket.portId)).lost;
      for (;;) {
        try {
          if (socket.receive() === undefined) break;
          count += 1;
        } catch (error) {
          // The overrun, told once before what fitted.
          if (Object(error).code !== 'ENOBUFS') throw error;
        }
      }
      socket.close();
      return count;
    },
  };
}

/** The JavaScript heap and what hangs on it, in bytes, after a collection. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How often this thread has gone to sleep so far: it wakes as often. */
function sleeps(): number {
  const status = readFileSync('/proc/thread-self/status', 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
}

/** Whether a promise has settled, for loops that go on meanwhile. */
function progress(work: Promise<void>): { readonly over: boolean } {
  const state = { over: false };
  const end = (): void => {
    state.over = true;
  };
  work.then(end, end);
  return state;
}

describe('storms on the real kernel', () => {
  test('on other interfaces do not wake the process, and it does not grow', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'sa', 'type', 'veth', 'peer', 'name', 'sb']);
    await run(netns, 'ip', ['link', 'add', 'ours', 'type', 'veth', 'peer', 'name', 'peer']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 'ours' });
    const sockets = counting();
    const recorder = new Recorder();
    const watch = await watchLink({ sockets, netns, ifindex: index, watcher: recorder });
    await watch.snapshot();
    expect(watch.filtered).toBe(true);
    const { index: other } = await client.getLink({ name: 'sb' });
    const counter = await countEvents(netns, other);
    // The messages that come by themselves at first (IPv6, link state) have come.
    await watch.snapshot();
    const before = { memory: memoryInUse(), wakeUps: sockets.wakeUps, told: recorder.messages };
    const slept = sleeps();
    await storm(netns, STORM, EVENTS / 2);
    const woken = sleeps() - slept;
    const grown = memoryInUse() - before.memory;

    // That many there were, says the kernel; and none of them came here, say the counters, the thread and the kernel.
    expect(await counter.stop()).toBe(EVENTS);
    expect(sockets.wakeUps - before.wakeUps).toBe(0);
    expect(recorder.messages - before.told).toBe(0);
    expect(woken).toBeLessThan(EVENTS / 100);
    expect(await socketState(netns, sockets.portId)).toEqual({ waiting: 0, lost: 0 });
    // A message takes 1,400 bytes and more: 14 MB, were they kept.
    expect(grown).toBeLessThan(1024 * 1024);
    expect(recorder.resyncs).toEqual([]);
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'sa']);
    await run(netns, 'ip', ['link', 'del', 'ours']);
  }, 300_000);

  test('on other interfaces hide no flap of ours: each is told, in its order, and the last is true', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'sa', 'type', 'veth', 'peer', 'name', 'sb']);
    await run(netns, 'ip', ['link', 'add', 'ours', 'type', 'veth', 'peer', 'name', 'peer']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 'ours' });
    const sockets = counting();
    const recorder = new Recorder();
    const watch = await watchLink({ sockets, netns, ifindex: index, watcher: recorder });
    await watch.snapshot();
    const { index: other } = await client.getLink({ name: 'sb' });
    const counter = await countEvents(netns, other);
    const memory = memoryInUse();
    const made = ['down 1500'];
    const others = storm(netns, STORM, EVENTS / 2);
    const storming = progress(others);
    // Each flap has an MTU of its own, so that none stands for another.
    for (let flap = 0; !storming.over; flap += 1) {
      const mtu = 1000 + (flap % 60_000);
      await client.setLink({ index, mtu, flags: IFF_UP, change: IFF_UP });
      made.push(`down ${mtu}`, `up ${mtu}`);
      await client.setLinkDown({ index });
      made.push(`down ${mtu}`);
    }
    await others;
    await client.setLinkUp({ index });
    made.push(made.at(-1)!.replace('down', 'up'));
    await watch.snapshot();

    expect(await counter.stop()).toBe(EVENTS);
    expect(made.length).toBeGreaterThan(20);
    expect(recorder.states).toEqual(made);
    const [shown] = Object.values(Object(await ipJson(netns, ['link', 'show', 'dev', 'ours'])));
    expect(recorder.states.at(-1)).toBe(
      `${Object(shown).flags.includes('UP') ? 'up' : 'down'} ${Object(shown).mtu}`,
    );
    expect(recorder.resyncs).toEqual([]);
    // Ours alone came: a few messages a flap, and none of the storm's.
    expect(sockets.datagrams).toBe(recorder.messages);
    expect(sockets.wakeUps).toBeLessThanOrEqual(recorder.messages);
    expect(await socketState(netns, sockets.portId)).toEqual({ waiting: 0, lost: 0 });
    // What was recorded here, and no message.
    expect(memoryInUse() - memory).toBeLessThan(2 * 1024 * 1024 + 500 * made.length);
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'sa']);
    await run(netns, 'ip', ['link', 'del', 'ours']);
  }, 300_000);

  test('of ours that overruns the socket is made up for by a resync, and the last is true', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'ours', 'type', 'veth', 'peer', 'name', 'peer']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 'ours' });
    const sockets = counting();
    const recorder = new Recorder();
    const watch = await watchLink({ sockets, netns, ifindex: index, watcher: recorder });
    await watch.snapshot();
    const ours = storm(netns, STORM.replaceAll('sb', 'ours'), EVENTS / 2);
    const storming = progress(ours);
    // It reads nothing until the kernel has had to drop some.
    while ((await socketState(netns, sockets.portId)).lost === 0 && !storming.over) {
      const until = performance.now() + 100;
      while (performance.now() < until);
    }
    await ours;
    await run(netns, 'ip', ['link', 'set', 'ours', 'mtu', '1234']);
    await expect.poll(() => recorder.mtus.at(-1)).toBe(1234);
    expect(new Set(recorder.resyncs)).toEqual(new Set(['overrun']));
    const [shown] = Object.values(Object(await ipJson(netns, ['link', 'show', 'dev', 'ours'])));
    expect(recorder.mtus.at(-1)).toBe(Object(shown).mtu);
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'ours']);
  }, 300_000);

  test('a thousand watches in one filter; swapped while an interface flaps, no event is lost', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'flap', 'type', 'veth', 'peer', 'name', 'peer']);
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name: 'flap' });
    const recorder = new Recorder();
    const watch = await watchLink({ sockets: kernel, netns, ifindex: index, watcher: recorder });
    await watch.snapshot();
    const idle: LinkWatch[] = [];
    for (let other = 1; other < 1000; other += 1) {
      const ifindex = 1_000_000 + other;
      idle.push(await watchLink({ sockets: kernel, netns, ifindex, watcher: new Recorder() }));
    }
    expect(watch.filtered).toBe(true);

    // Each change of the MTU is an event with the new one; every one of them has to come. The kernel makes them
    // on another thread, while this one puts filters in place.
    const rounds = 600;
    const first = 1000;
    for (let round = 0; round < rounds; round += 1) {
      const changed = client.setLinkMtu({ index }, first + round);
      idle.shift()?.close();
      const ifindex = 2_000_000 + round;
      idle.push(await watchLink({ sockets: kernel, netns, ifindex, watcher: new Recorder() }));
      await changed;
    }
    await watch.snapshot();
    expect(recorder.resyncs).toEqual([]);
    expect(new Set(recorder.mtus)).toEqual(
      new Set([1500, ...Array.from({ length: rounds }, (_, n) => first + n)]),
    );
    expect(recorder.mtus.at(-1)).toBe(first + rounds - 1);
    for (const one of idle) one.close();
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'flap']);
  }, 60_000);

  test('a watch of all links is true after a storm that overran it', async ({
    netns: _,
    judges,
  }) => {
    judges('ip');
    await using netns = await createTestNamespace();
    const watch = await watchLinks({ sockets: kernel, netns, receiveBuffer: 4096 });
    const types = new Set<string>();
    const reading = (async () => {
      for await (const event of watch) types.add(event.type);
    })();
    const numbers = Array.from({ length: EVENTS / 25 }, (_unused, n) => n);
    const storming = batch(netns, [
      ...numbers.flatMap((n) => [
        `link add a${n} group 7 type veth peer name b${n}`,
        `tuntap add t${n} mode tap`,
        `link set t${n} name u${n}`,
        // The peer is told of before it has one, and not when it gets it.
        `link set b${n} mtu 1400`,
      ]),
      'link set group 7 mtu 1234',
      'link set u1 name renamed',
      'link set u2 up',
      'link del u3',
      'link del a4',
    ]);
    const progressing = progress(storming);
    // Busy for a while each time, so that the buffer fills.
    while (!progressing.over) {
      const until = performance.now() + 20;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await storming;
    const truth = sortedLinks(await ipJson(netns, ['-N', 'link', 'show']));
    await expect.poll(() => plainLinks(watch.items), { timeout: 20_000 }).toEqual(truth);
    await expect.poll(() => types).toContain('resync');
    watch.close();
    await reading;
  }, 120_000);

  test('a watch of all routes is true after a storm that overran it', async ({ netns, judges }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'set', 'lo', 'up']);
    const watch = await watchRoutes({ sockets: kernel, netns, receiveBuffer: 8192 });
    const types = new Set<string>();
    void (async () => {
      for await (const event of watch) {
        types.add(event.type === 'resync' ? event.reason : event.type);
      }
    })();
    const flap = 'route replace 10.1.0.0/16 dev lo\nroute replace unreachable 10.1.0.0/16\n';
    const storming = storm(netns, flap, 1000);
    const progressing = progress(storming);
    // Busy for a while each time, so that the buffer fills.
    while (!progressing.over) {
      const until = performance.now() + 20;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await storming;
    await run(netns, 'ip', ['route', 'replace', '10.1.0.0/16', 'dev', 'lo', 'mtu', '1234']);
    const held = (): unknown[] =>
      watch.items
        .filter(({ destination }) => destination?.join('.') === '10.1.0.0')
        .map(({ outputIndex, metrics }) => [outputIndex, metrics?.mtu]);
    await expect.poll(held).toEqual([[1, 1234]]);
    await expect.poll(() => [...types]).toContain('overrun');
    watch.close();
    await run(netns, 'ip', ['route', 'del', '10.1.0.0/16']);
  }, 60_000);

  test('addresses are watched as they come and go', async ({ netns, judges }) => {
    judges('ip');
    const watch = await watchAddresses({ sockets: kernel, netns });
    const shown = (): string[] =>
      watch.items.map(({ local, address }) => (local ?? address)!.join('.'));
    await run(netns, 'ip', ['address', 'add', '127.1.2.3/8', 'dev', 'lo']);
    await run(netns, 'ip', ['address', 'add', '10.77.0.1/24', 'dev', 'lo']);
    await expect.poll(shown).toEqual(expect.arrayContaining(['127.1.2.3', '10.77.0.1']));
    await run(netns, 'ip', ['address', 'del', '10.77.0.1/24', 'dev', 'lo']);
    await expect.poll(shown).not.toContain('10.77.0.1');
    watch.close();
  });

  test('all namespaces are watched, each event with the id of its own', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using other = await createTestNamespace();
    await using client = await NetlinkClient.open({ netns });
    await run(netns, 'ip', ['link', 'add', 'na', 'type', 'veth', 'peer', 'name', 'nb']);
    // The kernel gives the namespace an id when an interface moves there that has its peer here.
    await client.moveLink({ name: 'nb' }, other);
    const nsid = (await client.getLink({ name: 'na' })).linkNetnsId;
    expect(nsid).toBeTypeOf('number');
    const watch = await watchLinks({ sockets: kernel, netns, allNamespaces: true });
    const events = watch.events();
    const { value } = await events.next();
    if (value?.type !== 'snapshot') throw new TypeError('the first event is a snapshot');
    expect(value.namespaces.get(nsid!)?.map(({ name }) => name)).toEqual(['lo', 'nb']);
    await run(other, 'ip', ['link', 'set', 'nb', 'mtu', '1234']);
    await expect
      .poll(async () => (await events.next()).value)
      .toMatchObject({ type: 'new', nsid, item: { name: 'nb', mtu: 1234 } });
    watch.close();
    await client.deleteLink({ name: 'na' });
  });
});
