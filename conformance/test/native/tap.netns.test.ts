import { kernel, NetworkNamespace } from '@rtap/native';
import type { KernelTap } from '@rtap/native';
import { expectNoLeaks, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';

import {
  hasLink,
  ip,
  makeSlab,
  nativeErrorOf,
  threadNamespaces,
  until,
  withResolvers,
} from './judges.ts';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => judges('ip'));

async function using(
  options: Parameters<typeof kernel.openTap>[0],
  body: (tap: KernelTap) => Promise<void>,
): Promise<void> {
  const tap = await kernel.openTap(options);
  try {
    await body(tap);
  } finally {
    await tap.close();
  }
}

/** Resolves when the device tells of its removal, and counts how often it does. */
function removal(tap: KernelTap): { readonly told: Promise<void>; count: number } {
  const { promise, resolve } = withResolvers<void>();
  const result = { told: promise, count: 0 };
  tap.onRemoved(() => {
    result.count += 1;
    resolve();
  });
  return result;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a TAP device', () => {
  test('is one that ip sees, until it is closed', async ({ netns }) => {
    const tap = await kernel.openTap({ name: 'rtap%d', queues: 3, netns });
    expect(tap.name).toBe('rtap0');
    expect(tap.namespaceInode).toBe(netns.inode);
    expect(tap.queues.map((queue) => queue.index)).toEqual([0, 1, 2]);
    const [link] = JSON.parse(await ip(netns, '-j -d link show dev rtap0'));
    expect(link).toMatchObject({
      ifindex: tap.ifindex,
      linkinfo: {
        info_kind: 'tun',
        info_data: { type: 'tap', pi: false, vnet_hdr: true, multi_queue: true, numqueues: 3 },
      },
    });
    await tap.close();
    expect(await hasLink(netns, 'rtap0')).toBe(false);
    await tap.close();
    expect(tap.queues).toEqual([]);
  });

  test('stays while its queues change, and keeps its number over a rename', async ({ netns }) => {
    await using({ name: 'rtap%d', queues: 1, netns }, async (tap) => {
      await ip(netns, `link set dev ${tap.name} name renamed0`);
      await tap.setQueues(4);
      expect(tap.queues).toHaveLength(4);
      expect(await ip(netns, '-d link show dev renamed0')).toContain('numqueues 4 numdisabled 1');
      expect(await tap.identity()).toEqual({ name: 'renamed0', ifindex: tap.ifindex });
      expect(tap.name).toBe('rtap0');
      // Calls run in their order, and the last one holds.
      await Promise.all([tap.setQueues(2), tap.setQueues(128), tap.setQueues(3)]);
      expect(tap.queues).toHaveLength(3);
      expect(await ip(netns, '-d link show dev renamed0')).toContain('numqueues 3 numdisabled 1');
    });
  });

  test('drops and raises its carrier', async ({ netns }) => {
    await using({ name: 'rtap%d', queues: 1, netns }, async (tap) => {
      await ip(netns, `link set dev ${tap.name} up`);
      await tap.setCarrier(false);
      expect(await ip(netns, `link show dev ${tap.name}`)).toContain('NO-CARRIER');
      await tap.setCarrier(true);
      expect(await ip(netns, `link show dev ${tap.name}`)).not.toContain('NO-CARRIER');
    });
  });

  test('of a taken name is refused with what to do', async ({ netns }) => {
    await ip(netns, 'tuntap add dev taken0 mode tap multi_queue');
    const error = await nativeErrorOf(() => kernel.openTap({ name: 'taken0', queues: 1, netns }));
    expect(error).toMatchObject({
      message: "EBUSY: device or resource busy, ioctl TUNSETIFF 'taken0'",
      code: 'EBUSY',
      errno: -16,
      syscall: 'ioctl TUNSETIFF',
      interface: 'taken0',
    });
    expect(error.hint).toContain('adopt: true');
    await ip(netns, 'link del taken0');
  });

  test('that persists is left behind, and adopted again', async ({ netns }) => {
    await using({ name: 'stays0', queues: 1, netns }, async (tap) => {
      await tap.setPersist(true);
      expect(await ip(netns, '-d link show dev stays0')).toContain('persist on');
    });
    expect(await hasLink(netns, 'stays0')).toBe(true);
    await using({ name: 'stays0', queues: 2, netns, adopt: true }, async (tap) => {
      expect(tap).toMatchObject({ name: 'stays0', multiQueue: true });
      await expect(Reflect.apply(tap.setPersist, tap, [1])).rejects.toThrow(TypeError);
      await tap.setPersist(false);
    });
    expect(await hasLink(netns, 'stays0')).toBe(false);
    const error = await nativeErrorOf(() =>
      kernel.openTap({ name: 'stays0', queues: 1, netns, adopt: true }),
    );
    expect(error.code).toBe('ENODEV');
  });
});

describe('a device that was moved to another namespace', () => {
  const hint = 'the interface was moved to another network namespace';

  test('is not mistaken for its namesake', async ({ netns }) => {
    const other = await NetworkNamespace.create();
    await using({ name: 'moves0', queues: 1, netns }, async (tap) => {
      await ip(netns, `link set dev moves0 netns ${other.path}`);
      await ip(netns, `link add moves0 index ${tap.ifindex} type veth peer name peer0`);
      const error = await nativeErrorOf(() => tap.identity());
      expect(error).toMatchObject({ code: 'ENODEV', interface: 'moves0', hint });
      await ip(netns, 'link del moves0');
      await ip(other, 'link del moves0');
      expect((await nativeErrorOf(() => tap.identity())).code).toBe('EBADFD');
    });
    await other.close();
  });

  test('gets no queues, and nothing is made where it was', async ({ netns }) => {
    const other = await NetworkNamespace.create();
    await using({ name: 'moves0', queues: 2, netns }, async (tap) => {
      await ip(netns, `link set dev moves0 netns ${other.path}`);
      const events = await kernel.openSubscriptionSocket({ netns, groups: [1] }); // RTNLGRP_LINK
      const error = await nativeErrorOf(() => tap.setQueues(3));
      expect(error).toMatchObject({ code: 'ENODEV', hint });
      expect(tap.queues).toEqual([]);
      expect(events.receive()).toBeUndefined();
      events.close();
      expect(await ip(other, '-d link show dev moves0')).toContain('numqueues 0 numdisabled 1');
    });
    await other.close();
  });
});

describe('the removal of a device', () => {
  test('is told once, and not before', async ({ netns }) => {
    await using({ name: 'rtap%d', queues: 1, netns }, async (tap) => {
      const removed = removal(tap);
      await ip(netns, `addr add 10.9.0.1/24 dev ${tap.name}`);
      await ip(netns, `link set dev ${tap.name} up`);
      await tap.setCarrier(false);
      await tap.setCarrier(true);
      await ip(netns, `link set dev ${tap.name} down`);
      await tap.setQueues(2);
      expect(removed.count).toBe(0);
      await ip(netns, `link del dev ${tap.name}`);
      await removed.told;
      for (let turns = 0; turns < 10; turns += 1) {
        await turn();
      }
      expect(removed.count).toBe(1);
      const codes = [];
      for (const call of [
        () => tap.identity(),
        () => tap.setCarrier(true),
        () => tap.setPersist(true),
        () => tap.setQueues(1),
      ]) {
        codes.push((await nativeErrorOf(call)).code);
      }
      expect(codes).toEqual(['EBADFD', 'EBADFD', 'EBADFD', 'EBADFD']);
    });
  });

  test('is told to who asks late', async ({ netns }) => {
    await using({ name: 'rtap%d', queues: 1, netns }, async (tap) => {
      await ip(netns, `link del dev ${tap.name}`);
      await turn();
      const removed = removal(tap);
      expect(removed.count).toBe(0);
      await removed.told;
      expect(removed.count).toBe(1);
    });
  });

  test('is not told after close', async ({ netns }) => {
    const tap = await kernel.openTap({ name: 'rtap%d', queues: 1, netns });
    const removed = removal(tap);
    await tap.close();
    await turn();
    expect(removed.count).toBe(0);
  });

  test('is told by a device with one queue beside its frames', async ({ netns }) => {
    await ip(netns, 'tuntap add dev one0 mode tap');
    const refused = await nativeErrorOf(() =>
      kernel.openTap({ name: 'one0', queues: 2, netns, adopt: true }),
    );
    expect(refused.code).toBe('EINVAL');
    expect(refused.hint).toContain('multi_queue');
    await using({ name: 'one0', queues: 1, netns, adopt: true }, async (tap) => {
      expect(tap.multiQueue).toBe(false);
      const removed = removal(tap);
      const [queue] = tap.queues;
      const slab = makeSlab();
      const readable = withResolvers<number>();
      queue?.onReadable(() => {
        const count = queue.rxBurst(slab.bytes, slab.descriptors, 64, slab.counters);
        if (count > 0) readable.resolve(count);
      });
      await ip(netns, 'link set dev one0 up');
      expect(await readable.promise).toBeGreaterThan(0);
      await tap.setQueues(1);
      expect(tap.queues).toEqual([queue]);
      expect((await nativeErrorOf(() => tap.setQueues(2))).code).toBe('EINVAL');
      expect(removed.count).toBe(0);
      queue?.onReadable(undefined);
      await ip(netns, 'link del dev one0');
      await removed.told;
      expect(removed.count).toBe(1);
    });
  });
});

describe('opening and closing', () => {
  test('leaves no file open and no thread in another namespace', async ({ netns }) => {
    await ip(netns, 'tuntap add dev busy0 mode tap multi_queue');
    const namespaces = threadNamespaces();
    expect(namespaces.size).toBe(1);
    const life = async (): Promise<void> => {
      const tap = await kernel.openTap({ name: 'rtap%d', queues: 8, netns });
      tap.queues[0]?.onReadable(() => undefined);
      await tap.setQueues(3);
      await nativeErrorOf(() => kernel.openTap({ name: 'busy0', queues: 2, netns }));
      await ip(netns, `link del dev ${tap.name}`);
      await nativeErrorOf(() => tap.setQueues(4));
      await tap.close();
    };
    await expectNoLeaks(life, { namespaces: [netns], times: 5 });
    expect(threadNamespaces()).toEqual(namespaces);
    await ip(netns, 'link del busy0');
  });

  test('lets go of the namespace that was opened for it', async ({ netns }) => {
    await expectNoLeaks(async () => {
      const tap = await kernel.openTap({ name: 'rtap%d', queues: 1, netns: netns.path });
      await tap.close();
      expect(tap.namespaceInode).toBe(netns.inode);
    });
  });

  test('with few files left is done, or undone', async ({ netns }) => {
    const fixture = new URL('fixtures/few-files.ts', import.meta.url).pathname;
    const script = 'ulimit -n 256; exec "$0" "$@"';
    const args = ['-c', script, process.execPath, fixture, netns.path];
    await ip(netns, 'tuntap add dev one0 mode tap');
    const { code, stdout, stderr } = await run(netns, 'sh', args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^(one0 \d+: EMFILE\n)+one0 \d+: open\n(new0 \d+: EMFILE\n)+new0 \d+: open\n$/,
    );
    await ip(netns, 'link del one0');
  });

  test('of a closed device is refused', async ({ netns }) => {
    const tap = await kernel.openTap({ name: 'rtap%d', queues: 1, netns });
    const [queue] = tap.queues;
    const closing = tap.close();
    const slab = makeSlab();
    for (const call of [
      () => tap.identity(),
      () => tap.setQueues(2),
      () => tap.setCarrier(false),
      () => tap.setPersist(true),
      () => queue?.rxBurst(slab.bytes, slab.descriptors, 1, slab.counters),
      () => queue?.discard(),
      () => queue?.onReadable(() => undefined),
    ]) {
      expect((await nativeErrorOf(call)).code).toBe('ERR_RTAP_CLOSED');
    }
    queue?.onReadable(undefined);
    tap.onRemoved(undefined);
    tap.unref();
    tap.ref();
    await closing;
  });

  test('overtaken by close ends with the interface gone', async ({ netns }) => {
    const tap = await kernel.openTap({ name: 'rtap%d', queues: 1, netns });
    const change = nativeErrorOf(() => tap.setQueues(64));
    // The change is with the kernel before the device is closed.
    await turn();
    await tap.close();
    expect((await change).code).toBe('ERR_RTAP_CLOSED');
    expect(await hasLink(netns, 'rtap0')).toBe(false);
  });

  test('works by path and by process, too', async ({ netns }) => {
    await using({ name: 'path0', queues: 1, netns: netns.path }, async (tap) => {
      expect(tap.namespaceInode).toBe(netns.inode);
    });
    const child = await netns.exec('sleep', ['60'], { stdio: 'ignore' });
    await using({ name: 'pid0', queues: 1, netns: { pid: child.pid } }, async (tap) => {
      expect(tap.namespaceInode).toBe(netns.inode);
      expect(await hasLink(netns, 'pid0')).toBe(true);
    });
    child.kill();
    await child.exited;
  });

  test('keeps a closed namespace alive while the device is open', async ({ netns }) => {
    const other = await NetworkNamespace.create();
    await using({ name: 'rtap%d', queues: 1, netns: other }, async (tap) => {
      await other.close();
      expect(other.closed).toBe(true);
      await tap.setQueues(2);
      expect(await tap.identity()).toEqual({ name: 'rtap0', ifindex: tap.ifindex });
      const error = await nativeErrorOf(() => run(other, 'true'));
      expect(error.code).toBe('ERR_RTAP_CLOSED');
    });
    await until(() => threadNamespaces().size === 1);
    expect(netns.closed).toBe(false);
  });
});
