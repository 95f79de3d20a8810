import { kernel } from '@rtap/native';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLinks } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';

const PAIRS = 500;

describe('a thousand interfaces', () => {
  test('filtered by the kernel, dumped beside requests, and watched', async ({ netns, judges }) => {
    judges('ip');
    const each = Array.from({ length: PAIRS }, (_, n) => n);
    await batch(
      netns,
      each.map((n) => `link add v${n} mtu ${1300 + (n % 200)} type veth peer name w${n}`),
    );
    await run(netns, 'ip', ['link', 'add', 'br0', 'type', 'bridge']);
    await run(netns, 'ip', ['link', 'set', 'w0', 'master', 'br0']);
    await using client = await NetlinkClient.open({ netns });
    const links = await client.links().toArray();
    expect(links).toHaveLength(2 * PAIRS + 2);

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
