/**
 * What the fake kernel refuses, and in which words: the real one's.
 *
 * @module
 */

import { FakeKernel, createTestNamespace, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { OpenTapOptions, TapDevice } from '@rtap/core';
import { kernel as realKernel } from '@rtap/native';
import type { Kernel, KernelTap, NetworkNamespace } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import type { LinkRequest } from '@rtap/netlink/link';
import { describe, expect } from 'vitest';

/** All that is told with an error, but for its stack. */
function toldBy(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const fields = Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'cause'));
  const cause = error.cause === undefined ? undefined : toldBy(error.cause);
  return { ...fields, name: error.name, message: error.message, cause };
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => 'done', toldBy);
}

/** A place of its own, on either kernel, where there is a persistent single-queue device `one0`. */
async function createPlace(onReal: boolean) {
  const kernel = new FakeKernel();
  const netns = onReal ? await createTestNamespace() : undefined;
  if (netns === undefined) kernel.addTap('one0');
  else await run(netns, 'ip', ['tuntap', 'add', 'one0', 'mode', 'tap']);
  return {
    where: netns === undefined ? { kernel } : { netns },
    openClient: async (): Promise<NetlinkClient> =>
      netns === undefined
        ? new NetlinkClient(await kernel.openRequestSocket())
        : NetlinkClient.open({ netns }),
    [Symbol.asyncDispose]: async (): Promise<void> => netns?.close(),
  };
}

/** An opening, and what was opened before it and still is. */
interface Opening {
  readonly options: OpenTapOptions;
  readonly before?: OpenTapOptions;
}

async function opened(onReal: boolean, { options, before }: Opening): Promise<unknown> {
  await using place = await createPlace(onReal);
  const first = before === undefined ? undefined : await openTap({ ...place.where, ...before });
  let tap: TapDevice | undefined;
  const outcome = await outcomeOf(
    (async () => {
      tap = await openTap({ ...place.where, ...options });
    })(),
  );
  await tap?.close();
  await first?.close();
  return outcome;
}

const inUse: OpenTapOptions = { name: 'one0', adopt: true };
const openings: Readonly<Record<string, Opening>> = {
  'a folder of settings': { options: { name: 'all' } },
  'the other one': { options: { name: 'default' } },
  'the loopback': { options: { name: 'lo' } },
  'the loopback, adopted': { options: { name: 'lo', adopt: true } },
  'the loopback, adopted with several queues': { options: { name: 'lo', adopt: true, queues: 2 } },
  'a folder of settings, adopted': { options: { name: 'all', adopt: true } },
  'a taken name': { options: { name: 'one0' } },
  'a taken name of our own': { options: { name: 'twice0' }, before: { name: 'twice0' } },
  'what is not there': { options: { name: 'none0', adopt: true } },
  'a pattern, adopted': { options: { name: 'none%d', adopt: true } },
  'several queues of one that has one': { options: { ...inUse, queues: 2 } },
  'one that is in use': { options: inUse, before: inUse },
  'several queues of one that is in use': { options: { ...inUse, queues: 3 }, before: inUse },
  'no such namespace': { options: { netns: '/run/netns/none-of-this-name' } },
  'no such name': { options: { netns: { name: 'none-of-this-name' } } },
  'no such process': { options: { netns: { pid: 4_194_304 } } },
  'no such file': { options: { netns: { fd: 99_999 } } },
  'no path': { options: { netns: '' } },
};

describe('an opening is refused in the same words', () => {
  test.for(Object.entries(openings))('%s', async ([, opening], { judges }) => {
    judges('ip');
    const real = await opened(true, opening);
    expect(real).not.toBe('done');
    expect(await opened(false, opening)).toEqual(real);
  });
});

const operations: Readonly<Record<string, (tap: TapDevice) => Promise<unknown>>> = {
  'its own master': (tap) => tap.setMaster(tap.name),
  'a master that is no bridge': (tap) => tap.setMaster('one0'),
  'no such master': (tap) => tap.setMaster('none0'),
  'too long a queue': (tap) => tap.setTransmitQueueLength(524_289),
  'the longest queue': (tap) => tap.setTransmitQueueLength(524_288),
  'the same address': (tap) => tap.addAddress('10.0.0.1/24'),
  'the same address, another prefix': (tap) => tap.addAddress('10.0.0.1/16'),
  'the same address, another peer': (tap) =>
    tap.addAddress({ local: '10.5.0.1/32', peer: '10.5.0.3' }),
  'the same IPv6 address, another prefix': (tap) => tap.addAddress('2001:db8::1/48'),
  'a group as an address': (tap) => tap.addAddress('ff02::1/64'),
  'no address': (tap) => tap.addAddress('::/64'),
  "the loopback's address": (tap) => tap.addAddress('::1/128'),
  'an IPv6 address where there is no room for IPv6': async (tap) => {
    await tap.setMtu(1000);
    await tap.addAddress('2001:db8::2/64');
  },
  'the end of an address that went with the room for it': async (tap) => {
    await tap.setMtu(1000);
    await tap.deleteAddress('2001:db8::1/64');
  },
  'the end of an address that went with the link': async (tap) => {
    await tap.linkDown();
    await tap.deleteAddress('2001:db8::1/64');
  },
  'the end of an IPv4 address, which does not go with the link': async (tap) => {
    await tap.linkDown();
    await tap.deleteAddress('10.0.0.1/24');
  },
  'the end of another prefix': (tap) => tap.deleteAddress('10.0.0.1/8'),
  'a gateway that nobody reaches': (tap) =>
    tap.addRoute({ destination: 'default', gateway: '203.0.113.1' }),
  'a gateway that a route reaches': async (tap) => {
    await tap.addRoute('203.0.113.1/32');
    await tap.addRoute({ destination: 'default', gateway: '203.0.113.1' });
  },
  'a gateway of IPv6 that nobody reaches': (tap) =>
    tap.addRoute({ destination: '2001:db8:5::/48', gateway: '2001:db8:4::1' }),
  'a gateway on the link alone': (tap) =>
    tap.addRoute({ destination: '2001:db8:5::/48', gateway: 'fe80::5' }),
  'a source that nobody has': (tap) => tap.addRoute({ destination: 'default', source: '10.0.0.9' }),
  'a route that the address made': (tap) => tap.addRoute('10.0.0.0/24'),
  'the metric that IPv6 has when none is given': (tap) =>
    tap.addRoute({ destination: '2001:db8:1::/48', metric: 1024 }),
  'the end of a route, whatever its metric': async (tap) => {
    await tap.deleteRoute('10.9.0.0/16');
    await tap.deleteRoute({ destination: '10.9.0.0/16', metric: 10 });
    await tap.deleteRoute('10.9.0.0/16');
  },
  'the end of a route by another gateway': (tap) =>
    tap.deleteRoute({ destination: '10.9.0.0/16', gateway: '10.0.0.2' }),
  'a route where the link is down': async (tap) => {
    await tap.linkDown();
    await tap.addRoute('10.11.0.0/16');
  },
  'a route of IPv6 where the link is down': async (tap) => {
    await tap.linkDown();
    await tap.addRoute('2001:db8:2::/48');
  },
  'a frame where the link is down': async (tap) => {
    await tap.linkDown();
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60));
    tap.queue(0).txBurst(batch);
  },
};

async function performed(
  onReal: boolean,
  operation: (tap: TapDevice) => Promise<unknown>,
): Promise<unknown> {
  await using place = await createPlace(onReal);
  await using tap = await openTap({
    ...place.where,
    addresses: ['10.0.0.1/24', { local: '10.5.0.1/32', peer: '10.5.0.2' }],
    routes: [
      '2001:db8:1::/48',
      { destination: '10.9.0.0/16', metric: 10 },
      { destination: '10.9.0.0/16', metric: 9 },
    ],
  });
  await tap.addAddress('2001:db8::1/64');
  return outcomeOf(operation(tap));
}

describe('an operation is refused in the same words', () => {
  test.for(Object.entries(operations))('%s', async ([, operation], { judges }) => {
    judges('ip');
    expect(await performed(false, operation)).toEqual(await performed(true, operation));
  });
});

const mac = (...bytes: readonly number[]): Uint8Array => Uint8Array.from(bytes);
const changes: Readonly<Record<string, LinkRequest>> = {
  'the least MTU': { mtu: 68 },
  'less than the least MTU': { mtu: 67 },
  'more than the greatest MTU': { mtu: 65_522 },
  'an MTU that is negative to the kernel': { mtu: 0xffff_ffff },
  'the name that it has': { name: 'own0' },
  'no name': { name: '' },
  'a taken name': { name: 'one0' },
  'a name with a slash': { name: 'a/b' },
  'a name with a blank': { name: 'a b' },
  'a name with a byte that the kernel takes for a blank': { name: 'à' },
  'the name of a folder': { name: '..' },
  'the name of all settings': { name: 'all' },
  'a name for a number': { name: 'new%d' },
  'a group as MAC address': { address: mac(1, 0, 0, 0, 0, 1) },
  'no MAC address': { address: new Uint8Array(6) },
  'too short a MAC address': { address: new Uint8Array(5) },
  'too long a MAC address': { address: mac(2, 0, 0, 0, 0, 1, 9) },
  'no such master': { master: 9999 },
};

async function changed(onReal: boolean, change: LinkRequest): Promise<unknown> {
  await using place = await createPlace(onReal);
  await using tap = await openTap({
    ...place.where,
    ...{ name: 'own0', mac: '02:00:00:00:00:01' },
  });
  const client = await place.openClient();
  try {
    const outcome = await outcomeOf(client.setLink({ index: tap.ifindex, ...change }));
    const { name, mtu, address } = await client.getLink({ index: tap.ifindex });
    return { outcome, name, mtu, address: String(address) };
  } finally {
    await client.close();
  }
}

describe('a change by anybody is refused in the same words', () => {
  test.for(Object.entries(changes))('%s', async ([, change], { judges }) => {
    judges('ip');
    expect(await changed(false, change)).toEqual(await changed(true, change));
  });
});

type Closed = (tap: KernelTap, kernel: Kernel) => unknown;

const afterwards: Readonly<Record<string, Closed>> = {
  identity: (tap) => tap.identity(),
  follow: (tap) => tap.follow(),
  setQueues: (tap) => tap.setQueues(2),
  setOffloads: (tap) => tap.setOffloads([0]),
  setEngine: (tap) => tap.setEngine('syscall'),
  setCarrier: (tap) => tap.setCarrier(true),
  setPersist: (tap) => tap.setPersist(true),
  setOwner: (tap) => tap.setOwner({ uid: 1 }),
  'close, again': (tap) => tap.close(),
  receiveQueue: (_, kernel) => kernel.receiveQueue(5n),
  'attachTap, of no file': (_, kernel) => kernel.attachTap({ fds: [99_999] }),
  'connectForHandover, to no path': (_, kernel) =>
    kernel.connectForHandover({ path: '/run/rtap-none-of-this-name' }),
  'connectForHandover, to no abstract name': (_, kernel) =>
    kernel.connectForHandover({ abstract: 'rtap-none-of-this-name' }),
};

describe('what is closed or was never there is refused in the same words', () => {
  test.for(Object.entries(afterwards))('%s', async ([, call], { netns }) => {
    const perform = async (kernel: Kernel, where: { readonly netns?: NetworkNamespace }) => {
      const tap = await kernel.openTap({ name: 'closed0', queues: 1, ...where });
      await tap.close();
      return outcomeOf((async () => call(tap, kernel))());
    };
    expect(await perform(new FakeKernel(), {})).toEqual(await perform(realKernel, { netns }));
  });
});

describe('what is told of a link', () => {
  test('is carrier and operState as the real one has them, up, down and after a flap', async () => {
    const seen = async (onReal: boolean): Promise<unknown> => {
      await using real = onReal ? await createTestNamespace() : undefined;
      const where = real === undefined ? { kernel: new FakeKernel() } : { netns: real };
      await using tap = await openTap(where);
      const links: unknown[] = [];
      const look = async (): Promise<void> => {
        await tap.linkUpdate();
        links.push(tap.link);
      };
      await look();
      await tap.linkDown();
      await look();
      await tap.linkUp();
      await look();
      for (const carrier of [false, true]) {
        await tap.setCarrier(carrier);
        await tap.until(carrier ? 'up' : 'down');
        await look();
      }
      await tap.linkDown();
      await look();
      await tap.linkUp();
      await look();
      return links;
    };
    expect(await seen(false)).toEqual(await seen(true));
  });
});
