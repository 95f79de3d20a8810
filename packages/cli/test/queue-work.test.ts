import { openTap } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { expect, onTestFinished, test, vi } from 'vitest';

import { burstOf, drain, sendBursts, timeWork } from '../src/bench/queue-work.ts';

test('a queue is drained to its end, in bursts, and what is made of each is added up', async () => {
  const kernel = new FakeKernel();
  await using tap = await openTap({ kernel });
  for (let frame = 0; frame < 5; frame += 1) {
    kernel.interface(tap.name).send(new Uint8Array(60).fill(frame));
  }
  const bursts: (readonly number[])[] = [];
  const sum = drain(tap.queue(0), 2, (batch) => {
    bursts.push(Array.from({ length: batch.count }, (_, index) => batch.frame(index)[20] ?? -1));
    return 10 * batch.count;
  });
  expect(bursts).toEqual([[0, 1], [2, 3], [4]]);
  expect(sum).toBe(50);
  expect(drain(tap.queue(0), 2, () => 1)).toBe(0);
});

test('a burst is sent so often, changed before each time', async () => {
  const kernel = new FakeKernel();
  await using tap = await openTap({ kernel });
  const batch = burstOf(tap, 64, 3);
  const firsts: number[] = [];
  const sent = sendBursts(tap.queue(0), batch, 2, (first) => {
    firsts.push(first);
    batch.frame(0)[20] = first;
  });
  expect([sent, firsts]).toEqual([6, [0, 3]]);
  const frames = kernel.interface(tap.name).transmitted.map((frame) => [frame.length, frame[20]]);
  expect(frames).toEqual([0, 0, 0, 3, 0, 0].map((first) => [64, first]));
  expect(sendBursts(tap.queue(0), batch, 1)).toBe(3);
});

test('frames are of a type that nobody takes, and no more than fit', async () => {
  await using tap = await openTap({ kernel: new FakeKernel() });
  const batch = burstOf(tap, 60, 2);
  expect(batch.count).toBe(2);
  expect([...batch.frame(1).subarray(12, 14)]).toEqual([0x88, 0xb5]);
  expect(batch.frame(1)).toEqual(batch.frame(0));
  const full = burstOf(tap, 60_000, 1000);
  expect(full.count).toBeLessThan(1000);
  expect(full.count).toBeGreaterThan(0);
  expect(() => burstOf(tap, 13, 1)).toThrow(RangeError);
});

test('work is prepared each time; what it returns and takes is added up, and not what prepares it', () => {
  let now = 0n;
  const clock = vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const done: string[] = [];
  const work = (): number => {
    now += 5n;
    return done.push('work');
  };
  const prepare = (): void => {
    now += 1000n;
    done.push('prepare');
  };
  expect(timeWork(2, work, prepare)).toEqual({ time: 10, sum: 2 + 4 });
  expect(done).toEqual(['prepare', 'work', 'prepare', 'work']);
  expect(timeWork(3, work)).toEqual({ time: 15, sum: 5 + 6 + 7 });
  expect(timeWork(0, work)).toEqual({ time: 0, sum: 0 });
});
