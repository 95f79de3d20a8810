/**
 * Frames that don't reach the process, on the fake kernel as on the real one.
 *
 * @module
 */

import { FakeKernel, createTestNamespace, run, sendFrames } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { expect } from 'vitest';

type Send = (tap: TapDevice, count: number) => Promise<void>;

/** An EtherType that nobody answers. */
function frame(): Uint8Array {
  const bytes = new Uint8Array(60).fill(0xff, 0, 6);
  bytes.set([0x88, 0xb5], 12);
  return bytes;
}

async function lost(tap: TapDevice, send: Send): Promise<unknown> {
  const told: unknown[] = [];
  const look = async (): Promise<void> => {
    let received = 0;
    for (let count = -1; count !== 0; received += count) count = tap.queue(0).rxBurst(64).count;
    const { rxMissed } = await tap.stats();
    told.push({ received, rxMissed });
  };
  await send(tap, 3);
  await look();
  for (const length of [10, 1, 0, 1000]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await tap.setTransmitQueueLength(length);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await send(tap, 12);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await look();
  }
  await tap.setCarrier(false);
  await tap.until('down');
  await send(tap, 2);
  await look();
  await tap.setCarrier(true);
  await tap.until('up');
  await send(tap, 2);
  await look();
  return told;
}

test('what a short queue has no room for, and what comes without carrier, is missed', async ({
  judges,
}) => {
  judges('ip');
  await using netns = await createTestNamespace();
  // Else the kernel has something to say of its own.
  await run(netns, 'sh', ['-c', 'echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6']);
  await using real = await openTap({ netns, offloads: 'none' });
  const kernel = new FakeKernel();
  await using fake = await openTap({ kernel, offloads: 'none' });
  const onReal = await lost(real, (tap, count) =>
    sendFrames({ netns, interface: tap.name, frames: Array.from({ length: count }, frame) }),
  );
  const onFake = await lost(fake, async (tap, count) => {
    for (let sent = 0; sent < count; sent += 1) kernel.interface(tap.name).send(frame());
  });
  expect(onFake).toEqual(onReal);
});
