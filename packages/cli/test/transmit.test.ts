/**
 * How `txonly` keeps a rate.
 *
 * @module
 */

import { setImmediate } from 'node:timers/promises';
import { openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { expect, test, vi } from 'vitest';
import { Port } from '../src/run/port.ts';
import { transmit } from '../src/run/transmit.ts';

/** Frames that are sent at a rate before anybody waits. */
async function atOnce(rate: number): Promise<number> {
  await using tap = await openTap({ kernel: new FakeKernel() });
  const ending = new AbortController();
  const { signal } = ending;
  const sending = transmit(new Port(tap), { burst: 64, size: 60, rate, signal });
  for (let turn = 0; turn < 3; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
  }
  ending.abort();
  await sending;
  return Number(tap.counters.txPackets);
}

test('bursts are so small that none is worth more than ten milliseconds', async () => {
  expect(await atOnce(10)).toBe(1);
  expect(await atOnce(800)).toBe(8);
  expect(await atOnce(20_000)).toBeGreaterThanOrEqual(64);
});

test('a rate lower than timers can count is kept', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    expect(await atOnce(0.000_000_1)).toBe(1);
    expect(warned).not.toHaveBeenCalled();
  } finally {
    warned.mockRestore();
  }
});
