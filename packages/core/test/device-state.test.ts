import { FakeKernel } from '@rtap/testkit';
import { legalStates, openTap } from '@rtap/core';
import type { DeviceOperation, DeviceState, TapDevice } from '@rtap/core';
import { describe, expect, it } from 'vitest';

const states: readonly DeviceState[] = ['configured', 'started', 'removed', 'closed'];

/** How each operation is called, so that it would succeed where it is legal. */
const calls: Readonly<Record<DeviceOperation, (tap: TapDevice) => unknown>> = {
  configure: (tap) => tap.configure({ queues: 2 }),
  start: (tap) => tap.start(),
  stop: (tap) => tap.stop(),
  linkUp: (tap) => tap.linkUp(),
  linkDown: (tap) => tap.linkDown(),
  linkUpdate: (tap) => tap.linkUpdate(),
  setLinkStateChange: (tap) => tap.setLinkStateChange(false),
  setMtu: (tap) => tap.setMtu(1400),
  setMacAddress: (tap) => tap.setMacAddress('02:00:00:00:00:77'),
  setPromiscuous: (tap) => tap.setPromiscuous(true),
  setAllMulticast: (tap) => tap.setAllMulticast(true),
  setCarrier: (tap) => tap.setCarrier(false),
  setTransmitQueueLength: (tap) => tap.setTransmitQueueLength(10),
  setMaster: (tap) => tap.setMaster(undefined),
  setPersist: (tap) => tap.setPersist(true),
  setOwner: (tap) => tap.setOwner({ uid: 1000 }),
  addAddress: (tap) => tap.addAddress('10.0.0.1/24'),
  deleteAddress: async (tap) => {
    await tap.addAddress('10.0.0.1/24');
    return tap.deleteAddress('10.0.0.1/24');
  },
  addRoute: (tap) => addRouteWhenUp(tap),
  deleteRoute: async (tap) => {
    await addRouteWhenUp(tap);
    return tap.deleteRoute('10.0.0.0/8');
  },
  until: (tap) => tap.until('up'),
  rxBurst: (tap) => tap.queue(0).rxBurst(),
  txBurst: (tap) => {
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60));
    return tap.queue(0).txBurst(batch);
  },
  waitReadable: (tap) => tap.queue(0).waitReadable({ signal: AbortSignal.timeout(1) }),
  batches: (tap) => tap.batches(),
  send: (tap) => tap.send(new Uint8Array(60)),
  stats: (tap) => tap.stats(),
  resetStats: (tap) => tap.resetStats(),
  xstats: (tap) => tap.xstats(),
  resetXstats: (tap) => tap.resetXstats(),
  info: (tap) => tap.info(),
  counters: (tap) => tap.counters,
  close: (tap) => tap.close(),
};

const kernels = new WeakMap<TapDevice, FakeKernel>();

/** The kernel takes routes of an interface that is up: for a configured device somebody else sets it up. */
async function addRouteWhenUp(tap: TapDevice): Promise<void> {
  const kernel = kernels.get(tap);
  if (tap.state === 'configured') kernel?.rtnetlink.changeLink(tap.ifindex, { up: true });
  await tap.addRoute('10.0.0.0/8');
}

async function deviceIn(state: DeviceState): Promise<{ tap: TapDevice; kernel: FakeKernel }> {
  const kernel = new FakeKernel();
  const tap = await openTap({ kernel, start: state !== 'configured' });
  if (state === 'removed') {
    const removed = new Promise<void>((resolve) => {
      tap.once('removed', resolve);
    });
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await removed;
  }
  kernels.set(tap, kernel);
  if (state === 'closed') await tap.close();
  expect(tap.state).toBe(state);
  return { tap, kernel };
}

const operations = Object.keys(calls).filter(
  (operation): operation is DeviceOperation => operation in legalStates,
);

describe('every operation in every state', () => {
  it('names every operation', () => {
    expect(operations.toSorted()).toEqual(Object.keys(legalStates).toSorted());
  });

  const table = operations.flatMap((operation) =>
    states.map((state) => [operation, state, legalStates[operation].includes(state)] as const),
  );
  it.each(table.filter(([, , legal]) => legal))('%s when %s: legal', async (operation, state) => {
    const { tap } = await deviceIn(state);
    // A wait that ends by its signal was legal.
    await Promise.resolve(calls[operation](tap)).catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'TimeoutError' });
    });
    await tap.close();
  });

  it.each(table.filter(([, , legal]) => !legal))(
    '%s when %s: ERR_RTAP_STATE, and nothing changes',
    async (operation, state) => {
      const { tap, kernel } = await deviceIn(state);
      const links = structuredClone(kernel.rtnetlink.links);
      const before = { link: tap.link, state: tap.state, queues: tap.queueCount };
      const outcome = await Promise.resolve()
        .then(() => calls[operation](tap))
        .then(
          () => 'nothing thrown',
          (error: unknown) => error,
        );
      expect(outcome).toMatchObject({ name: 'RtapError', code: 'ERR_RTAP_STATE' });
      expect({ link: tap.link, state: tap.state, queues: tap.queueCount }).toEqual(before);
      expect(kernel.rtnetlink.links).toEqual(links);
      await tap.close();
    },
  );
});
