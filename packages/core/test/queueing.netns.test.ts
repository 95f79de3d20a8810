/**
 * The queueing discipline of a device, as tc tells it.
 *
 * @module
 */

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createTestNamespace, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace } from '@rtap/core';
import { beforeEach, describe, expect } from 'vitest';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) =>
  judges('ip', 'tc'),
);

/** Runs a command that must succeed. */
async function must(netns: NetworkNamespace, command: string): Promise<string> {
  const [file = '', ...args] = command.split(' ');
  const { code, stdout, stderr } = await run(netns, file, args);
  expect([code, stderr], command).toEqual([0, '']);
  return stdout;
}

/** The kinds of an interface's disciplines, the root's first. */
async function kinds(netns: NetworkNamespace, name: string): Promise<readonly unknown[]> {
  const shown: unknown = JSON.parse(await must(netns, `tc -j qdisc show dev ${name}`));
  if (!Array.isArray(shown)) return [];
  return shown.map((each: { readonly kind?: unknown }) => each.kind);
}

/** The kind that the kernel gives an interface of one queue, and each queue of one that has several. */
async function defaultKind(netns: NetworkNamespace): Promise<unknown> {
  await must(netns, 'ip tuntap add single mode tap');
  await must(netns, 'ip link set single up');
  const found = await kinds(netns, 'single');
  await must(netns, 'ip link del single');
  expect(found).toHaveLength(1);
  return found[0];
}

describe('the queueing discipline', () => {
  test('of one queue is what an interface of one queue gets', async ({ netns }) => {
    const tap = await openTap({ netns });
    // In a container the system's default can't be seen.
    const visible = existsSync('/proc/sys/net/core/default_qdisc');
    const wanted = visible ? await defaultKind(netns) : 'pfifo_fast';
    expect(await kinds(netns, tap.name)).toEqual([wanted]);
    await tap.close();
  });

  test('is one a queue when there are several, and one again', async ({ netns }) => {
    const each = await defaultKind(netns);
    const tap = await openTap({ netns });
    const one = await kinds(netns, tap.name);
    expect(one).toHaveLength(1);
    for (const [queues, wanted] of [
      [3, ['mq', ...Array.from({ length: 3 }, () => each)]],
      [1, one],
      [2, ['mq', ...Array.from({ length: 2 }, () => each)]],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await tap.stop();
      // oxlint-disable-next-line no-await-in-loop
      await tap.configure({ queues });
      // oxlint-disable-next-line no-await-in-loop
      await tap.start();
      // oxlint-disable-next-line no-await-in-loop
      expect(await kinds(netns, tap.name), `${queues} queues`).toEqual(wanted);
    }
    await tap.close();
  });

  test('is left alone when it is somebody else’s', async ({ netns }) => {
    const tap = await openTap({ netns });
    await must(netns, `tc qdisc replace dev ${tap.name} root pfifo limit 7`);
    for (const queues of [2, 1]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await tap.stop();
      // oxlint-disable-next-line no-await-in-loop
      await tap.configure({ queues });
      // oxlint-disable-next-line no-await-in-loop
      await tap.start();
      // oxlint-disable-next-line no-await-in-loop
      expect(await kinds(netns, tap.name), `${queues} queues`).toEqual(['pfifo']);
    }
    await tap.close();
  });

  test('of an adopted interface stays the kernel’s', async ({ netns }) => {
    await must(netns, 'ip tuntap add mine mode tap multi_queue');
    const tap = await openTap({ netns, name: 'mine', adopt: true });
    expect(await kinds(netns, 'mine')).toContain('mq');
    await tap.close();
    await must(netns, 'ip link del mine');
  });

  test('of an interface that was rtap’s is one a queue when it is adopted with several', async ({
    netns,
  }) => {
    const each = await defaultKind(netns);
    const first = await openTap({ netns, name: 'kept', persist: true });
    await first.close();
    const tap = await openTap({ netns, name: 'kept', adopt: true, queues: 2 });
    expect(await kinds(netns, 'kept')).toEqual(['mq', each, each]);
    await tap.setPersist(false);
    await tap.close();
  });

  test('goes along to another namespace', async ({ netns }) => {
    const other = await createTestNamespace();
    const tap = await openTap({ netns });
    const before = await kinds(netns, tap.name);
    const moved = once(tap, 'moved');
    await must(netns, `ip link set ${tap.name} netns ${other.path}`);
    await moved;
    await tap.until('up');
    expect(await kinds(other, tap.name)).toEqual(before);
    await tap.close();
    await other.close();
  });
});
