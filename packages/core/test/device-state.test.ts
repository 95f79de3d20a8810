import { FakeKernel } from '@rtap/testkit';
import { legalStates, openTap } from '@rtap/core';
import { describe, expect, it } from 'vitest';
import { expectLegal, expectRefused, illegal, legal, operations } from './device-operations.ts';
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

  it.each(legal)('%s when %s: legal', (operation, state) =>
    expectLegal(fakeStage(), operation, state),
  );

  it.each(illegal)('%s when %s: ERR_RTAP_STATE, and nothing changes', (operation, state) =>
    expectRefused(fakeStage(), operation, state),
  );
});
