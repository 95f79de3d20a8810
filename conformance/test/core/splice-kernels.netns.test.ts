/**
 * Splices on the fake kernel and on the real one: the same life on both, and the same is counted, told and passed on.
 *
 * @module
 */

import { openTap, splice } from '@rtap/core';
import type { NetworkNamespace, OpenTapOptions, SpliceOptions, TapDevice } from '@rtap/core';
import { FakeKernel, capture, ipJson, run, sendFrames } from '@rtap/testkit';
import type { Capture } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { frame, until } from '../native/judges.ts';

type Side = 'a' | 'b';

/** Two devices and what is behind them. */
interface Stage {
  readonly a: TapDevice;
  readonly b: TapDevice;
  /** Has the kernel send frames out of a device's interface. */
  readonly send: (side: Side, frames: readonly Uint8Array[]) => Promise<void>;
  /** What has come out of a splice there, once it has ended. */
  readonly seen: (side: Side) => Promise<readonly Uint8Array[]>;
  /** Deletes a device's interface, as somebody else. */
  readonly remove: (side: Side) => Promise<void>;
}

/** A life with a splice, and what it says of it. */
type Life = (stage: Stage, options: SpliceOptions) => Promise<unknown>;

const frames = Array.from({ length: 150 }, (_, index) => frame(60 + 3 * index, index));

async function counted(
  spliced: { readonly counters: () => { readonly aToB: { readonly rxPackets: bigint } } },
  packets: bigint,
): Promise<void> {
  await until(() => spliced.counters().aToB.rxPackets === packets);
}

const lives: Readonly<Record<string, Life>> = {
  'frames both ways': async ({ a, b, send, seen }, options) => {
    const spliced = splice(a, b, options);
    await send('a', frames);
    await counted(spliced, 150n);
    await send('b', frames.slice(0, 3));
    await until(() => spliced.counters().bToA.txPackets === 3n);
    await spliced.stop();
    const words = [...a.queue(0).counterWords, ...b.queue(0).counterWords];
    return [spliced.counters(), await spliced.closed, await seen('a'), await seen('b'), words];
  },
  'a link that is down, and up again': async ({ a, b, send, seen }, options) => {
    const spliced = splice(a, b, options);
    await b.linkDown();
    await send('a', frames);
    await counted(spliced, 150n);
    await b.linkUp();
    await send('a', frames.slice(0, 5));
    await counted(spliced, 155n);
    await until(() => spliced.counters().aToB.txPackets === 5n);
    await spliced.stop();
    return [spliced.counters(), await seen('b'), a.counters, b.counters];
  },
  'samples of every tenth frame': async ({ a, b, send }, options) => {
    const sample = { every: 10, snapLength: 80, limit: 10 };
    const spliced = splice(a, b, { ...options, sample });
    await send('a', frames);
    await counted(spliced, 150n);
    await spliced.stop();
    const shown: unknown[] = [];
    for await (const { timestamp: _, ...each } of spliced.samples()) shown.push(each);
    return [spliced.counters(), shown];
  },
  'another reader': async ({ a, b }, options) => {
    const spliced = splice(a, b, options);
    const codes: unknown[] = [];
    const attempts: readonly (() => unknown)[] = [
      () => a.queue(0).rxBurst(),
      () => b.queue(0).waitReadable(),
      () => a.batches().next(),
      () => splice(b, a),
    ];
    for (const attempt of attempts) {
      await Promise.resolve()
        .then(attempt)
        .catch((error: unknown) => {
          codes.push(error instanceof Error && 'code' in error && error.code);
        });
    }
    const sent = b.send(frame(60, 1));
    await spliced.stop();
    const reader = a.batches();
    const next = reader.next();
    await reader.return?.();
    return [codes, sent, await next];
  },
  'stop of a device': async ({ a, b }, options) => {
    const spliced = splice(a, b, options);
    await a.stop();
    const { reason, device } = await spliced.closed;
    await a.start();
    await splice(a, b, options).stop();
    return [reason, device === a];
  },
  'close of a device': async ({ a, b }, options) => {
    const spliced = splice(a, b, options);
    await b.close();
    const { reason, device } = await spliced.closed;
    return [reason, device === b, a.send(frame(60, 1)), a.queue(0).rxBurst().count];
  },
  'removal of a device': async ({ a, b, remove, send }, options) => {
    const spliced = splice(a, b, options);
    await send('a', frames);
    await counted(spliced, 150n);
    await remove('a');
    const { reason, device } = await spliced.closed;
    return [reason, device === a, a.state, b.state, a.counters, b.send(frame(60, 1))];
  },
};

async function onFakeKernel(life: Life, options: SpliceOptions): Promise<unknown> {
  const kernel = new FakeKernel();
  const [a, b] = [await openTap({ kernel, name: 'a0' }), await openTap({ kernel, name: 'b0' })];
  const wires = { a: kernel.interface('a0'), b: kernel.interface('b0') };
  try {
    return await life(
      {
        a,
        b,
        send: (side, all) => {
          for (const each of all) wires[side].send(each);
          return Promise.resolve();
        },
        seen: (side) => Promise.resolve(wires[side].transmitted.filter(isOurs)),
        remove: (side) => {
          kernel.rtnetlink.deleteLink({ a, b }[side].ifindex);
          return Promise.resolve();
        },
      },
      options,
    );
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

async function onRealKernel(
  namespaces: Readonly<Record<Side, NetworkNamespace>>,
  life: Life,
  options: SpliceOptions,
): Promise<unknown> {
  const open = async (side: Side): Promise<TapDevice> => {
    // Nothing is to come that nobody asked for.
    const setting = '/proc/sys/net/ipv6/conf/default/disable_ipv6';
    await run(namespaces[side], 'sh', ['-c', `! test -e ${setting} || echo 1 > ${setting}`]);
    const device: OpenTapOptions = { netns: namespaces[side], name: `${side}0` };
    return openTap(device);
  };
  const devices = { a: await open('a'), b: await open('b') };
  const captureOf = (side: Side): Promise<Capture> =>
    capture({ netns: namespaces[side], interface: `${side}0`, outgoing: false });
  const captures = { a: await captureOf('a'), b: await captureOf('b') };
  try {
    return await life(
      {
        ...devices,
        send: (side, all) =>
          sendFrames({ netns: namespaces[side], interface: `${side}0`, frames: all }),
        seen: async (side) =>
          (await captures[side].stop()).frames.map(({ bytes }) => bytes).filter(isOurs),
        remove: async (side) => {
          await ipJson(namespaces[side], ['link', 'delete', 'dev', `${side}0`]);
        },
      },
      options,
    );
  } finally {
    // One whose interface is gone has ended by that.
    await Promise.allSettled([captures.a.stop(), captures.b.stop()]);
    await Promise.all([devices.a.close(), devices.b.close()]);
  }
}

/** Whether a frame is one of these tests, by its EtherType. */
function isOurs(bytes: Uint8Array): boolean {
  return bytes[12] === 0x88 && bytes[13] === 0xb5;
}

describe('one life with a splice on two kernels', () => {
  for (const [title, life] of Object.entries(lives)) {
    for (const threads of [1, 2] as const) {
      test(`${title}, ${threads} thread(s)`, async ({ judges, createTestNamespace }) => {
        judges('ip');
        const namespaces = { a: await createTestNamespace(), b: await createTestNamespace() };
        const real = await onRealKernel(namespaces, life, { threads });
        expect(await onFakeKernel(life, { threads })).toEqual(real);
      });
    }
  }
});
