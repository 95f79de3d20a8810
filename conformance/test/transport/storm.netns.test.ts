import { kernel } from '@rtap/native';
import type { NetlinkSubscriptionSocket, NetworkNamespace } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { createTestNamespace, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchAddresses, watchLink, watchLinks, watchRoutes } from '@rtap/transport';
import type { LinkWatch, LinkWatcher, NetlinkSockets } from '@rtap/transport';
import { describe, expect } from 'vitest';

/** Changes of other interfaces in a storm, each an event or more. RTAP_SOAK=1 makes ten times as many. */
const EVENTS = process.env['RTAP_SOAK'] === undefined ? 10_000 : 100_000;

class Recorder implements LinkWatcher {
  readonly ups: boolean[] = [];
  readonly mtus: number[] = [];
  readonly resyncs: string[] = [];

  onLink(message: Parameters<LinkWatcher['onLink']>[0]): void {
    this.ups.push((message.flags & IFF_UP) !== 0);
    if (message.mtu !== undefined) this.mtus.push(message.mtu);
  }

  onGone(): void {
    this.resyncs.push('gone');
  }

  onResync(reason: string): void {
    this.resyncs.push(reason);
  }
}

/** The kernel, with the receive calls of subscription sockets counted: datagrams, and wake-ups. */
function counting(): NetlinkSockets & { datagrams: number; wakeUps: number } {
  const counted = {
    datagrams: 0,
    wakeUps: 0,
    openRequestSocket: kernel.openRequestSocket.bind(kernel),
    namespaceInode: kernel.namespaceInode.bind(kernel),
    openSubscriptionSocket: async (
      options?: Parameters<typeof kernel.openSubscriptionSocket>[0],
    ): Promise<NetlinkSubscriptionSocket> => {
      const socket = await kernel.openSubscriptionSocket(options);
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

/** A process that changes an interface so often, by `ip`. */
async function storm(netns: NetworkNamespace, lines: string, times: number): Promise<void> {
  const child = await netns.exec('ip', ['-batch', '-'], { stdio: 'pipe' });
  child.stdout?.resume();
  child.stderr?.resume();
  for (let left = times; left > 0; left -= 1000) {
    child.stdin?.write(lines.repeat(Math.min(left, 1000)));
  }
  child.stdin?.end();
  expect((await child.exited).code).toBe(0);
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
  test('on other interfaces neither wake nor grow the process, while ours flaps', async ({
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
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const others = storm(netns, 'link set dev sb mtu 1400\nlink set dev sb mtu 1401\n', EVENTS / 2);
    let flaps = 0;
    const storming = progress(others);
    while (!storming.over) {
      flaps += 1;
      await client.setLinkUp({ index });
      await client.setLinkDown({ index });
    }
    await others;
    await client.setLinkUp({ index });
    await watch.snapshot();

    expect(recorder.resyncs).toEqual([]);
    expect(recorder.ups.at(-1)).toBe(true);
    // Each flap was told: as many changes as were made.
    const changes = recorder.ups.filter((up, position) => up !== recorder.ups[position - 1]);
    expect(changes.length).toBe(2 * flaps + 2);
    // Ours alone came: a few messages a flap, and none of the storm's.
    expect(recorder.mtus.every((mtu) => mtu === 1500)).toBe(true);
    expect(sockets.datagrams).toBe(recorder.ups.length);
    expect(sockets.wakeUps).toBeLessThanOrEqual(recorder.ups.length);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'sa']);
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

  test('a watch of all links is true after a storm that overran it', async ({ netns, judges }) => {
    judges('ip');
    await run(netns, 'ip', ['link', 'add', 'oa', 'type', 'veth', 'peer', 'name', 'ob']);
    const watch = await watchLinks({ sockets: kernel, netns, receiveBuffer: 8192 });
    const types = new Set<string>();
    void (async () => {
      for await (const event of watch) types.add(event.type);
    })();
    const storming = storm(netns, 'link set dev oa mtu 1400\nlink set dev oa mtu 1401\n', 500);
    const progressing = progress(storming);
    // Busy for a while each time, so that the buffer fills.
    while (!progressing.over) {
      const until = performance.now() + 20;
      while (performance.now() < until);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await storming;
    await run(netns, 'ip', ['link', 'set', 'oa', 'mtu', '1234']);
    const mtu = (): number | undefined => watch.items.find(({ name }) => name === 'oa')?.mtu;
    await expect.poll(mtu).toBe(1234);
    await expect.poll(() => [...types].toSorted()).toEqual(['new', 'resync', 'snapshot']);
    watch.close();
    await run(netns, 'ip', ['link', 'del', 'oa']);
  }, 60_000);

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
