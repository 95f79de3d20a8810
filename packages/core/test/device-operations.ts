/**
 * Every operation in every state: one table, for the fake kernel and for the real one.
 *
 * @module
 */

import { legalStates, metricsOf, splice } from '@rtap/core';
import type { DeviceOperation, DeviceState, TapDevice } from '@rtap/core';
import { expect } from 'vitest';

/** A kernel to play on. */
export interface Stage {
  /** Opens a device, for one test. */
  readonly open: (start: boolean) => Promise<TapDevice>;
  /** Deletes its interface, as somebody else. */
  readonly remove: (tap: TapDevice) => void | Promise<void>;
  /** Sets its interface up, as somebody else. */
  readonly setUp: (tap: TapDevice) => void | Promise<void>;
  /** All interfaces, as the kernel has them. */
  readonly seen: () => unknown;
}

const states: readonly DeviceState[] = ['configured', 'started', 'removed', 'closed'];

/** How each operation is called, so that it would succeed where it is legal. */
const calls: Readonly<Record<DeviceOperation, (tap: TapDevice, stage: Stage) => unknown>> = {
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
  addRoute: (tap, stage) => addRouteWhenUp(tap, stage),
  deleteRoute: async (tap, stage) => {
    await addRouteWhenUp(tap, stage);
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
  transfer: (tap) => tap.queue(0).transfer(),
  reclaim: (tap) => tap.queue(0).reclaim(),
  share: (tap) => tap.share({ abstract: `rtap-state-${process.pid}-${tap.name}`, queues: [0] }),
  readable: (tap) => tap.readable,
  writable: (tap) => tap.writable,
  send: (tap) => tap.send(new Uint8Array(60)),
  splice: async (tap, stage) => {
    const other = await stage.open(true);
    try {
      await splice(tap, other).stop();
    } finally {
      await other.close();
    }
  },
  stats: (tap) => tap.stats(),
  resetStats: (tap) => tap.resetStats(),
  xstats: (tap) => tap.xstats(),
  resetXstats: (tap) => tap.resetXstats(),
  metrics: (tap) => tap.metrics(),
  info: (tap) => tap.info(),
  counters: (tap) => tap.counters,
  close: (tap) => tap.close(),
};

/** Other ways to call some of them. */
const otherWays: readonly (readonly [
  operation: DeviceOperation,
  way: string,
  call: (tap: TapDevice, stage: Stage) => unknown,
])[] = [
  ['metrics', 'metricsOf', (tap) => metricsOf([tap])],
  ['batches', 'queue(0).batches', (tap) => tap.queue(0).batches()],
  ['until', 'until(down)', (tap) => tap.until('down', { signal: AbortSignal.timeout(1) })],
  ['close', 'asyncDispose', (tap) => tap[Symbol.asyncDispose]()],
  ['counters', 'queue(0).counters', (tap) => tap.queue(0).counters],
];

/** What is legal at any time as it asks nobody and changes nothing that the kernel knows. */
export const stateless: readonly string[] = [
  ...['constructor', 'createBatch', 'coalesce', 'queue', 'queueCount', 'ref', 'unref'],
  ...['name', 'ifindex', 'state', 'link', 'mtu', 'macAddress', 'counterWords', 'transferred'],
];

/** What is no operation of users: for the device's own parts. */
export const internal: readonly string[] = [
  ...['control', 'adopt', 'claim', 'arm', 'discard', 'end', 'retire', 'nextBurst'],
  ...['remarks', 'forSplice', 'forMetrics', 'lend', 'lookForRefused'],
  ...['offer', 'takeBack', 'kernelQueue', 'resume', 'offloadsChanged', 'forget', 'errorsAreKnown'],
  ...['require', 'requireLegal', 'requireHere', 'requireNoReader'],
];

/** The kernel takes routes of an interface that is up: for a configured device somebody else sets it up. */
async function addRouteWhenUp(tap: TapDevice, stage: Stage): Promise<void> {
  if (tap.state === 'configured') await stage.setUp(tap);
  await tap.addRoute('10.0.0.0/8');
}

async function deviceIn(state: DeviceState, stage: Stage): Promise<TapDevice> {
  const tap = await stage.open(state !== 'configured');
  if (state === 'removed') {
    const removed = new Promise<void>((resolve) => {
      tap.once('removed', resolve);
    });
    await stage.remove(tap);
    await removed;
  }
  if (state === 'closed') await tap.close();
  expect(tap.state).toBe(state);
  return tap;
}

/** All operations. */
export const operations: readonly DeviceOperation[] = Object.keys(calls).filter(
  (operation): operation is DeviceOperation => operation in legalStates,
);

type Row = readonly [way: string, state: DeviceState, isLegal: boolean, call: Call];
type Call = (tap: TapDevice, stage: Stage) => unknown;

const table: readonly Row[] = [
  ...operations.map((operation) => [operation, operation, calls[operation]] as const),
  ...otherWays,
].flatMap(([operation, way, call]) =>
  states.map((state) => [way, state, legalStates[operation].includes(state), call] as const),
);

/** Where operations are legal. */
export const legal: readonly Row[] = table.filter(([, , isLegal]) => isLegal);

/** Where they are not. */
export const illegal: readonly Row[] = table.filter(([, , isLegal]) => !isLegal);

/** Expects that an operation is done in a state. */
export async function expectLegal(stage: Stage, [, state, , call]: Row): Promise<void> {
  const tap = await deviceIn(state, stage);
  // A wait that ends by its signal was legal.
  await Promise.resolve(call(tap, stage)).catch((error: unknown) => {
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });
  await tap.close();
}

/** Expects that an operation is refused in a state, and that nothing changes by it. */
export async function expectRefused(stage: Stage, [, state, , call]: Row): Promise<void> {
  const tap = await deviceIn(state, stage);
  const known = (): unknown => ({ link: tap.link, state: tap.state, queues: tap.queueCount });
  const before = [known(), await stage.seen()];
  const outcome = await Promise.resolve()
    .then(() => call(tap, stage))
    .then(
      () => 'nothing thrown',
      (error: unknown) => error,
    );
  expect(outcome).toMatchObject({
    ...{ name: 'RtapError', code: 'ERR_RTAP_STATE', interface: tap.name },
    hint: expect.stringMatching(/is legal when the device is /),
  });
  expect([known(), await stage.seen()]).toEqual(before);
  await tap.close();
}
