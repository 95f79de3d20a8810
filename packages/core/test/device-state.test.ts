import { FakeKernel } from '@rtap/testkit';
import { DeviceQueue, ReceivedQueue, TapDevice, TapQueue, legalStates, openTap } from '@rtap/core';
import { describe, expect, it } from 'vitest';
import {
  expectLegal,
  expectRefused,
  illegal,
  internal,
  legal,
  operations,
  stateless,
} from './device-operations.ts';
import type { Stage } from './device-operations.ts';

function fakeStage(): Stage {
  const kernel = new FakeKernel();
  return {
    open: (start) => openTap({ kernel, start }),
    remove: ({ ifindex }) => kernel.rtnetlink.deleteLink(ifindex),
    setUp: ({ ifindex }) => kernel.rtnetlink.changeLink(ifindex, { up: true }),
    seen: () => structuredClone(kernel.rtnetlink.links),
  };
}

describe('every operation in every state', () => {
  it('names every operation', () => {
    expect(operations.toSorted()).toEqual(Object.keys(legalStates).toSorted());
  });

  it('names all that a device and its queues can do', () => {
    const named = new Set([...Object.keys(legalStates), ...stateless, ...internal]);
    const tap = TapDevice.prototype;
    const queues = [TapQueue, DeviceQueue, ReceivedQueue].map(({ prototype }) => prototype);
    const all = [tap, Object.getPrototypeOf(tap), ...queues].flatMap((prototype) =>
      Object.getOwnPropertyNames(prototype),
    );
    expect(all).toEqual(expect.arrayContaining(['start', 'setMtu', 'rxBurst']));
    expect(all.filter((name) => !named.has(name))).toEqual([]);
  });

  it.each(legal)('%s when %s: legal', (...row) => expectLegal(fakeStage(), row));

  it.each(illegal)('%s when %s: ERR_RTAP_STATE, and nothing changes', (...row) =>
    expectRefused(fakeStage(), row),
  );
});
