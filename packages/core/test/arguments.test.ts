import { FakeKernel } from '@rtap/testkit';
import { openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let tap: TapDevice;
beforeAll(async () => {
  tap = await openTap({ kernel: new FakeKernel() });
});
afterAll(() => tap.close());

const TYPE = 'ERR_INVALID_ARG_TYPE';
const RANGE = 'ERR_OUT_OF_RANGE';

/** Methods that return promises, and what they refuse. */
const rejecting: readonly (readonly [keyof TapDevice, readonly unknown[], string])[] = [
  ['start', [null], TYPE],
  ['start', [5], TYPE],
  ['start', [[]], TYPE],
  ['start', [{ signal: 5 }], TYPE],
  ['configure', [null], TYPE],
  ['configure', [{ queues: '2' }], TYPE],
  ['configure', [{ queues: 0 }], RANGE],
  ['configure', [{ queues: 129 }], RANGE],
  ['linkUp', [{ signal: {} }], TYPE],
  ['linkDown', [null], TYPE],
  ['linkUpdate', ['x'], TYPE],
  ['setLinkStateChange', [], TYPE],
  ['setLinkStateChange', ['yes'], TYPE],
  ['setLinkStateChange', [true, null], TYPE],
  ['setPersist', [1], TYPE],
  ['setMtu', [], TYPE],
  ['setMtu', ['1500'], TYPE],
  ['setMtu', [67], RANGE],
  ['setMtu', [65_522], RANGE],
  ['setMtu', [1500.5], RANGE],
  ['setMtu', [1500, { signal: 5 }], TYPE],
  ['setMacAddress', [], TYPE],
  ['setMacAddress', ['02:00:00:00:00'], RANGE],
  ['setMacAddress', ['02:00:00:00:00:0g'], RANGE],
  ['setMacAddress', ['01:00:5e:00:00:01'], RANGE],
  ['setMacAddress', ['ff:ff:ff:ff:ff:ff'], RANGE],
  ['setMacAddress', ['00:00:00:00:00:00'], RANGE],
  ['setMacAddress', [new Uint8Array(6)], RANGE],
  ['setMacAddress', [Uint8Array.of(2, 0, 0, 0, 0)], RANGE],
  ['setMacAddress', [[2, 0, 0, 0, 0, 1]], TYPE],
  ['setPromiscuous', [1], TYPE],
  ['setAllMulticast', [], TYPE],
  ['setCarrier', ['up'], TYPE],
  ['setTransmitQueueLength', [-1], RANGE],
  ['setTransmitQueueLength', [2 ** 32], RANGE],
  ['setTransmitQueueLength', ['10'], TYPE],
  ['setMaster', [null], TYPE],
  ['setMaster', [0], RANGE],
  ['setMaster', [''], RANGE],
  ['setMaster', ['a/b'], RANGE],
  ['setOwner', [], TYPE],
  ['setOwner', [{}], RANGE],
  ['setOwner', [{ uid: -1 }], RANGE],
  ['setOwner', [{ uid: 2 ** 32 - 1 }], RANGE],
  ['setOwner', [{ gid: 'wheel' }], TYPE],
  ['addAddress', [], TYPE],
  ['addAddress', ['10.0.0.1/33'], RANGE],
  ['addAddress', ['10.0.0.256'], RANGE],
  ['addAddress', ['10.0.0.1/'], RANGE],
  ['addAddress', ['2001:db8::1/129'], RANGE],
  ['addAddress', [{}], TYPE],
  ['addAddress', [{ local: '10.0.0.1/24', peer: '2001:db8::1' }], RANGE],
  ['addAddress', [{ local: '10.0.0.1/24', broadcast: 5 }], TYPE],
  ['deleteAddress', ['nowhere'], RANGE],
  ['addRoute', [], TYPE],
  ['addRoute', ['10.0.0.0/33'], RANGE],
  ['addRoute', [{ gateway: '10.0.0.1' }], TYPE],
  ['addRoute', [{ destination: 'default', gateway: 'nobody' }], RANGE],
  ['addRoute', [{ destination: '10.0.0.0/8', source: '2001:db8::1' }], RANGE],
  ['addRoute', [{ destination: 'default', metric: -1 }], RANGE],
  ['deleteRoute', [{ destination: 'default', table: 0 }], RANGE],
  ['until', ['sideways'], TYPE],
  ['until', ['up', null], TYPE],
  ['until', ['up', { signal: 5 }], TYPE],
];

/** Methods that throw. */
const throwing: readonly (readonly [keyof TapDevice, readonly unknown[], string])[] = [
  ['queue', [], TYPE],
  ['queue', ['0'], TYPE],
  ['queue', [1], RANGE],
  ['queue', [-1], RANGE],
  ['batches', [null], TYPE],
  ['batches', [5], TYPE],
  ['batches', [{ signal: 5 }], TYPE],
  ['send', ['frame'], TYPE],
  ['send', [new Uint8Array(13)], RANGE],
];

function call(method: keyof TapDevice, args: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(tap, method);
  if (typeof found !== 'function') throw new TypeError(`${String(method)} is no method`);
  return Reflect.apply(found, tap, args);
}

describe('wrong arguments are refused at once, with the codes of Node', () => {
  it.each(rejecting)('%s(%j) rejects: %s', async (method, args, code) => {
    const state = { state: tap.state, link: tap.link, queues: tap.queueCount };
    await expect(call(method, args)).rejects.toMatchObject({ code });
    expect({ state: tap.state, link: tap.link, queues: tap.queueCount }).toEqual(state);
  });

  it.each(throwing)('%s(%j) throws: %s', (method, args, code) => {
    expect(() => call(method, args)).toThrow(expect.objectContaining({ code }));
  });

  it('judges arguments before the state', async () => {
    expect(tap.state).toBe('started');
    await expect(call('configure', [{ queues: 0 }])).rejects.toMatchObject({ code: RANGE });
  });

  it('refuses lengths and bursts that are none', () => {
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60));
    expect(() => Reflect.apply(batch.setLength, batch, [0])).toThrow(
      expect.objectContaining({ code: TYPE }),
    );
    expect(batch.length(0)).toBe(60);
    expect(() => tap.queue(0).rxBurst(Number.NaN)).toThrow(
      expect.objectContaining({ code: RANGE }),
    );
  });

  it('refuses options of a wait that are none', async () => {
    const queue = tap.queue(0);
    await expect(Reflect.apply(queue.waitReadable, queue, [null])).rejects.toMatchObject({
      code: TYPE,
    });
    expect(() => Reflect.apply(queue.batches, queue, [null])).toThrow(
      expect.objectContaining({ code: TYPE }),
    );
  });
});
