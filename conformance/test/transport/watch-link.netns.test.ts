import { readFileSync } from 'node:fs';
import { kernel } from '@rtap/native';
import { IFF_UP } from '@rtap/netlink';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient, watchLink } from '@rtap/transport';
import type { LinkWatcher } from '@rtap/transport';
import { describe, expect } from 'vitest';

/** A watcher that writes down the flags it is told. */
class Recorder implements LinkWatcher {
  readonly indexes: number[] = [];
  readonly ups: boolean[] = [];
  readonly resyncs: string[] = [];
  gone = 0;

  onLink(message: Parameters<LinkWatcher['onLink']>[0]): void {
    this.indexes.push(message.index);
    this.ups.push((message.flags & IFF_UP) !== 0);
  }

  onGone(): void {
    this.gone += 1;
  }

  onResync(reason: string): void {
    this.resyncs.push(reason);
  }
}

describe('watchLink on the real kernel', () => {
  test('watches come and go while their interfaces flap, and each hears its own', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    await using client = await NetlinkClient.open({ netns });
    const names = Array.from({ length: 20 }, (_, n) => `w${n}`);
    for (const name of names) {
      await run(netns, 'ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `p${name}`]);
    }
    const watches = await Promise.all(
      names.map(async (name) => {
        const { index } = await client.getLink({ name });
        const recorder = new Recorder();
        const watch = await watchLink({
          sockets: kernel,
          netns,
          ifindex: index,
          watcher: recorder,
        });
        await watch.snapshot();
        return { index, recorder, watch };
      }),
    );
    for (const { index, recorder, watch } of watches) {
      await client.setLink({ index, flags: IFF_UP, change: IFF_UP });
      await watch.snapshot();
      expect(new Set(recorder.indexes)).toEqual(new Set([index]));
      expect(recorder.ups[0]).toBe(false);
      expect(recorder.ups.at(-1)).toBe(true);
      watch.close();
    }
    for (const name of names) await client.deleteLink({ name });
  });

  test('says that an interface is not there', async ({ netns }) => {
    const recorder = new Recorder();
    const watch = await watchLink({ sockets: kernel, netns, ifindex: 99_999, watcher: recorder });
    await watch.snapshot();
    expect(recorder.gone).toBe(1);
    watch.close();
  });

  test('one socket a namespace, and none after the last watch', async ({ netns, judges }) => {
    judges('ip');
    // The namespace's own list of netlink sockets, in which the groups of each are shown.
    const subscribed = async (): Promise<number> => {
      const { stdout } = await run(netns, 'cat', ['/proc/thread-self/net/netlink']);
      const lines = stdout === '' ? readFileSync('/proc/net/netlink', 'utf8') : stdout;
      return lines
        .split('\n')
        .filter((line) => /^\S+\s+0\s/.test(line) && line.split(/\s+/)[3] === '00000001').length;
    };
    const before = await subscribed();
    const watches = [];
    for (let count = 0; count < 10; count += 1) {
      watches.push(
        await watchLink({ sockets: kernel, netns, ifindex: 1, watcher: new Recorder() }),
      );
    }
    expect(await subscribed()).toBe(before + 1);
    for (const watch of watches) watch.close();
    await expect.poll(subscribed).toBe(before);
  });
});
