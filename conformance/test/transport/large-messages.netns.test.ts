import { kernel } from '@rtap/native';
import type { NetworkNamespace } from '@rtap/native';
import type { LinkMessage } from '@rtap/netlink/link';
import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLink, watchLinks } from '@rtap/transport';
import type { LinkWatcher, NetlinkSockets } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';

/** Alternative names, as long as they may be (ALTIFNAMSIZ of linux/if.h less the zero): 132 bytes each. */
const alternativeNames = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${n}-`.padEnd(127, 'x'));

/** As many as the kernel allows: IFLA_PROP_LIST has its length in 16 bits. */
const MOST = 496;

class Recorder implements LinkWatcher {
  readonly links: LinkMessage[] = [];
  readonly resyncs: string[] = [];

  onLink(message: LinkMessage): void {
    this.links.push(message);
  }

  onGone(): void {
    this.resyncs.push('gone');
  }

  onResync(reason: string): void {
    this.resyncs.push(reason);
  }
}

/** The kernel, with the lengths of the datagrams that a subscription receives. */
function measured(lengths: number[]): NetlinkSockets {
  return {
    openRequestSocket: kernel.openRequestSocket.bind(kernel),
    namespaceInode: kernel.namespaceInode.bind(kernel),
    openSubscriptionSocket: async (options) => {
      const socket = await kernel.openSubscriptionSocket(options);
      const receive = socket.receive.bind(socket);
      socket.receive = () => {
        const datagram = receive();
        if (datagram?.truncated === false) lengths.push(datagram.bytes.length);
        return datagram;
      };
      return socket;
    },
  };
}

async function withNames(netns: NetworkNamespace, count: number): Promise<void> {
  await run(netns, 'ip', ['link', 'add', 'large', 'type', 'veth', 'peer', 'name', 'small']);
  // As many as ip's request holds at a time.
  const names = alternativeNames(count);
  await batch(
    netns,
    Array.from({ length: Math.ceil(count / 4) }, (_, n) =>
      ['link property add dev large', ...names.slice(4 * n, 4 * n + 4)].join(' altname '),
    ),
  );
}

describe('large messages', () => {
  test.for([
    ['over 16 KB, where ip monitor gives up', 150, 16 * 1024, []],
    ['over 32 KB, for which the buffer has to grow', 300, 32 * 1024, ['truncated']],
    ['over 64 KB, the most that the kernel makes of names', MOST, 64 * 1024, ['truncated']],
  ] as const)('one message %s', async ([, count, atLeast, resyncs], { netns: _, judges }) => {
    judges('ip');
    await using netns = await createTestNamespace();
    await withNames(netns, count);
    await using client = await NetlinkClient.open({ netns });
    const shown = async (): Promise<readonly string[]> => {
      const [link] = Object.values(Object(await ipJson(netns, ['link', 'show', 'dev', 'large'])));
      return Object(link).altnames;
    };
    expect(await shown()).toHaveLength(count);

    // Answers: of one, also when it is asked for by several at once, and in a dump.
    const link = await client.getLink({ name: 'large' });
    expect(link.alternativeNames).toEqual(await shown());
    const { index } = link;
    const answers = await Promise.all([1, 2, 3].map(() => client.getLink({ index })));
    for (const answer of answers) expect(answer.alternativeNames).toEqual(await shown());
    const dumped = await client.links().toArray();
    expect(new Set(dumped.map(({ name }) => name))).toEqual(new Set(['lo', 'small', 'large']));
    expect(dumped).toHaveLength(3);
    const inDump = dumped.find(({ name }) => name === 'large');
    expect(inDump?.alternativeNames).toEqual(await shown());

    // Events: of one interface, and of all.
    const lengths: number[] = [];
    const sockets = measured(lengths);
    const recorder = new Recorder();
    const watch = await watchLink({ sockets, netns, ifindex: index, watcher: recorder });
    await using table = await watchLinks({ sockets, netns });
    await batch(netns, ['link set large mtu 1234']);
    await expect.poll(() => recorder.links.at(-1)?.mtu).toBe(1234);
    expect(recorder.links.at(-1)?.alternativeNames).toEqual(await shown());
    const inTable = (): LinkMessage | undefined => table.items.find((one) => one.index === index);
    await expect.poll(() => inTable()?.mtu).toBe(1234);
    expect(inTable()?.alternativeNames).toEqual(await shown());
    expect(recorder.resyncs).toEqual(resyncs);
    expect(Math.max(...lengths)).toBeGreaterThan(atLeast);

    // The next one fits, with nothing to make up for. The table's buffer, which grows by doubling, has seen one
    // of the sizes only: one more event, and it is told by events from then on.
    await batch(netns, ['link set large mtu 1235']);
    await expect.poll(() => recorder.links.at(-1)?.mtu).toBe(1235);
    await expect.poll(() => inTable()?.mtu).toBe(1235);
    expect(recorder.resyncs).toEqual(resyncs);
    const events = table.events();
    expect((await events.next()).value?.type).toBe('snapshot');
    await batch(netns, ['link set large mtu 1236']);
    expect((await events.next()).value).toMatchObject({ type: 'new', item: { mtu: 1236 } });
    watch.close();
  });
});
