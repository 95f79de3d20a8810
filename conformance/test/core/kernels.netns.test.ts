/**
 * The fake kernel against the real one: the same life on both, told in the same words.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { IFF_UP } from '@rtap/netlink';
import { FakeKernel, createTestNamespace } from '@rtap/testkit';
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
  /** Moves its interface to the other namespace, or back. */
  readonly move: () => void;
  /** Puts an interface with this index, `decoy0`, where the device began. */
  readonly addDecoy: (ifindex: number) => void;
}

/** What surrounds a device. */
interface Scene {
  readonly openClient: () => Promise<NetlinkClient>;
  readonly move: (tap: TapDevice) => void;
  readonly addDecoy: (ifindex: number) => void;
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
  'a move, and back': async ({ tap, move, told }) => {
    for (const count of [3, 6]) {
      move();
      await expect.poll(() => told.length).toBe(count);
      await tap.setMtu(1400);
    }
  },
  'moves that an operation finds': async ({ tap, move, addDecoy }) => {
    const { ifindex } = tap;
    move();
    addDecoy(ifindex);
    await tap.linkDown();
    await tap.stop();
    await tap.start();
    await tap.stop();
    move();
    await tap.configure({ queues: 2 });
    await tap.start();
  },
  'a move without LSC': async ({ tap, move }) => {
    await tap.setLinkStateChange(false);
    move();
    await tap.linkUpdate();
    await tap.setLinkStateChange(true);
    await tap.linkDown();
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
  scene: Scene,
  life: (stage: Stage) => Promise<void>,
): Promise<unknown> {
  const tap = await openTap(options);
  const client = await scene.openClient();
  const told: string[] = [];
  tap.on('link', (link, previous) => told.push(`${previous.status} > ${link.status}`));
  tap.on('renamed', (name, previous) => told.push(`${previous} is ${name}`));
  tap.on('moved', ({ followed }) => told.push(`moved, followed: ${followed}`));
  tap.on('resync', () => told.push('resync'));
  tap.on('removed', () => told.push('removed'));
  try {
    const { addDecoy } = scene;
    await life({ tap, client, told, move: () => scene.move(tap), addDecoy });
    const { state, link, name, queueCount } = tap;
    return { told, state, status: link.status, name, queueCount };
  } finally {
    await client.close();
    await tap.close();
  }
}

describe('one life on two kernels', () => {
  for (const [title, life] of Object.entries(lives)) {
    test(title, async ({ netns, judges }) => {
      judges('nsenter', 'ip');
      const real = await onRealKernel(netns, life);
      const kernel = new FakeKernel();
      const fake = await onFakeKernel(kernel, life);
      expect(fake).toEqual(real);
      expect(kernel.rtnetlink.openSockets).toEqual({ requests: 0, subscriptions: 0 });
    });
  }
});

async function onRealKernel(
  netns: NetworkNamespace,
  life: (stage: Stage) => Promise<void>,
): Promise<unknown> {
  const other = await createTestNamespace();
  const ip = (where: NetworkNamespace, ...args: readonly string[]): void => {
    execFileSync('nsenter', [`--net=${where.path}`, 'ip', ...args]);
  };
  let [here, there] = [netns, other];
  const scene: Scene = {
    openClient: () => NetlinkClient.open({ netns }),
    move: ({ name }) => {
      ip(here, 'link', 'set', name, 'netns', there.path);
      [here, there] = [there, here];
    },
    addDecoy: (ifindex) => {
      ip(
        netns,
        'link',
        'add',
        'decoy0',
        'index',
        String(ifindex),
        'type',
        'veth',
        'peer',
        'decoy1',
      );
    },
  };
  try {
    return await live({ kernel: realKernel, netns }, scene, life);
  } finally {
    await other.close();
  }
}

async function onFakeKernel(
  kernel: FakeKernel,
  life: (stage: Stage) => Promise<void>,
): Promise<unknown> {
  let [here, there] = [kernel.ownNamespace, kernel.createNamespace()];
  const scene: Scene = {
    openClient: async () => new NetlinkClient(await kernel.openRequestSocket()),
    move: ({ ifindex }) => {
      here.rtnetlink.moveLink(ifindex, there.rtnetlink);
      [here, there] = [there, here];
    },
    addDecoy: (ifindex) => {
      kernel.rtnetlink.addLink({ name: 'decoy0', ifindex });
    },
  };
  return live({ kernel }, scene, life);
}
