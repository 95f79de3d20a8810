import { describe, expect, test } from 'vitest';

import { SequenceTracker } from '../src/index.ts';

function counted(sequences: readonly number[]): ReturnType<SequenceTracker['counts']> {
  const tracker = new SequenceTracker();
  for (const sequence of sequences) tracker.add(sequence);
  return tracker.counts();
}

describe('a sequence', () => {
  test.each([
    ['nothing', [], { received: 0, duplicates: 0, reordered: 0, missing: 0, next: 0 }],
    ['all in order', [0, 1, 2], { received: 3, duplicates: 0, reordered: 0, missing: 0, next: 3 }],
    ['a gap', [0, 3], { received: 2, duplicates: 0, reordered: 0, missing: 2, next: 4 }],
    ['a late start', [2], { received: 1, duplicates: 0, reordered: 0, missing: 2, next: 3 }],
    ['two swapped', [0, 2, 1], { received: 3, duplicates: 0, reordered: 1, missing: 0, next: 3 }],
    ['one twice', [0, 0], { received: 1, duplicates: 1, reordered: 0, missing: 0, next: 1 }],
    [
      'the middle of a gap, again',
      [0, 4, 2, 2],
      { received: 3, duplicates: 1, reordered: 1, missing: 2, next: 5 },
    ],
    [
      'gaps filled from both ends',
      [5, 9, 0, 4, 6, 8, 7, 1, 3, 2],
      { received: 10, duplicates: 0, reordered: 8, missing: 0, next: 10 },
    ],
  ])('%s', (_, sequences, expected) => {
    expect(counted(sequences)).toEqual(expected);
  });

  test('agrees with a plain list on any order', () => {
    // A linear congruential generator, so that each run is the same.
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 50; round += 1) {
      const sequences = Array.from({ length: random(400) }, () => random(300));
      const seen = new Set<number>();
      let [duplicates, reordered, next] = [0, 0, 0];
      for (const sequence of sequences) {
        if (seen.has(sequence)) duplicates += 1;
        else if (sequence < next) reordered += 1;
        seen.add(sequence);
        next = Math.max(next, sequence + 1);
      }
      const missing = next - seen.size;
      const expected = { received: seen.size, duplicates, reordered, missing, next };
      expect(counted(sequences)).toEqual(expected);
    }
  });
});
