/**
 * The fake kernel against the real one: the same life on both, told in the same words.
 *
 * @module
 */

import { IFF_UP } from '@rtap/netlink';
import { FakeKernel } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, OpenTapOptions, TapDevice } from '@rtap/core';
import { kernel as realKernel } from '@rtap/native';
import { describe, expect } from 'vitest';

interface Stage {
  readonly tap: TapDevice;
  readonly client: NetlinkClient;
  readonly told: string[];
}

/** A life: what is done to a device, and nothing that depends on time. */
const lives: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'up and down from outside': async ({ tap, client }) => {
    for (const flags of [0, IFF_UP, 0, 0, IFF_UP]) {
      await client.setLink({ index: tap.ifindex, flags, change: IFF_UP });
      await tap.linkUpdate();
    }
  },
  'up and down by ourselves': async ({ tap }) => {
    await tap.linkDown();
    await tap.linkDown();
    await tap.linkUp();
  },
  'carrier off and on': async ({ tap, client }) => {
    await client.setLink({ index: tap.ifindex, carrier: false });
    await tap.until('down');
    await client.setLink({ index: tap.ifindex, carrier: true });
    await tap.until('up');
  },
  'rename, MTU, another rename': async ({ tap, client }) => {
    await client.setLink({ index: tap.ifindex, name: 'first' });
    await client.setLink({ index: tap.ifindex, mtu: 1400 });
    await client.setLink({ index: tap.ifindex, name: 'second' });
    await tap.linkUpdate();
  },
  'stop and start, deaf in between': async ({ tap, client }) => {
    await tap.stop();
    await client.setLink({ index: tap.ifindex, flags: IFF_UP, change: IFF_UP });
    await client.setLink({ index: tap.ifindex, flags: 0, change: IFF_UP });
    await tap.start();
    await client.setLink({ index: tap.ifindex, flags: 0, change: IFF_UP });
    await tap.linkUpdate();
  },
  'LSC off and on': async ({ tap, client }) => {
    await tap.setLinkStateChange(false);
    await client.setLink({ index: tap.ifindex, flags: 0, change: IFF_UP });
    await tap.setLinkStateChange(true);
    await client.setLink({ index: tap.ifindex, flags: IFF_UP, change: IFF_UP });
    await tap.linkUpdate();
  },
  'more queues and fewer': async ({ tap }) => {
    for (const queues of [4, 1]) {
      await tap.stop();
      await tap.configure({ queues });
      await tap.start();
    }
  },
  deletion: async ({ tap, client, told }) => {
    await client.deleteLink({ index: tap.ifindex });
    await expect.poll(() => told.at(-1)).toBe('removed');
    await expect(tap.linkUp()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
  },
  'deletion when stopped': async ({ tap, client, told }) => {
    await tap.stop();
    await client.deleteLink({ index: tap.ifindex });
    await expect.poll(() => told.at(-1)).toBe('removed');
  },
};

/** Lives a life, and returns what was told and what is left. */
async function live(
  options: OpenTapOptions,
  openClient: () => Promise<NetlinkClient>,
  life: (stage: Stage) => Promise<void>,
): Promise<unknown> {
  const tap = await openTap(options);
  const client = await openClient();
  const told: string[] = [];
  tap.on('link', (link, previous) => told.push(`${previous.status} > ${link.status}`));
  tap.on('renamed', (name, previous) => told.push(`${previous} is ${name}`));
  tap.on('moved', () => told.push('moved'));
  tap.on('resync', () => told.push('resync'));
  tap.on('removed', () => told.push('removed'));
  try {
    await life({ tap, client, told });
    const { state, link, name, queueCount } = tap;
    return { told, state, status: link.status, name, queueCount };
  } finally {
    await client.close();
    await tap.close();
  }
}

describe('one life on two kernels', () => {
  for (const [title, life] of Object.entries(lives)) {
    test(title, async ({ netns }: { readonly netns: NetworkNamespace }) => {
      const real = await live(
        { kernel: realKernel, netns },
        () => NetlinkClient.open({ netns }),
        life,
      );
      const kernel = new FakeKernel();
      const openFake = async (): Promise<NetlinkClient> =>
        new NetlinkClient(await kernel.openRequestSocket());
      const fake = await live({ kernel }, openFake, life);
      expect(fake).toEqual(real);
      expect(kernel.rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    });
  }
});
