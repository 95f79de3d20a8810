import { describe, expect, it } from 'vitest';

import { best, median, medianInterval, pairedRatio, quantile } from '../src/bench/statistics.ts';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([900, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });

  it('is the mean of the middle two of an even number', () => {
    expect(median([4, 1, 100, 2])).toBe(3);
  });

  it('does not sort what it is given', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('is a value that so many are not greater than', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(values, 0.5)).toBe(50);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile(values, 1)).toBe(100);
    expect(quantile([7], 0.5)).toBe(7);
  });

  it('refuses no values', () => {
    expect(() => quantile([], 0.5)).toThrow(RangeError);
  });
});

describe('best', () => {
  it('is the smallest', () => {
    expect(best([30, 7, 100])).toBe(7);
    expect(() => best([])).toThrow(RangeError);
  });
});

describe('pairedRatio', () => {
  it('compares inside each round, so that a slow round does not count as a slow contender', () => {
    // Round 2 was disturbed for both: the ratio of the medians would be 0.6.
    expect(pairedRatio([60, 500, 50], [100, 1000, 100])).toEqual({
      median: 0.5,
      min: 0.5,
      max: 0.6,
    });
  });

  it('refuses series that are not of the same rounds', () => {
    expect(() => pairedRatio([1], [1, 2])).toThrow(RangeError);
  });
});

describe('medianInterval', () => {
  it('is as wide as what the middle may be', () => {
    expect(medianInterval([3, 3, 3, 3, 3, 3, 3])).toEqual({ low: 3, high: 3 });
    // Of 1 to 31 the exact ranks of a sign test at 95 % are 10 and 22.
    const { low, high } = medianInterval(Array.from({ length: 31 }, (_, index) => 31 - index));
    expect(Math.abs(low - 10)).toBeLessThanOrEqual(1);
    expect(Math.abs(high - 22)).toBeLessThanOrEqual(1);
  });

  it('is little moved by one wild value, and is the same each time', () => {
    const calm = [0.97, 0.98, 0.99, 1, 1.01, 1.02, 1.03];
    const wild = [0.97, 0.98, 0.99, 1, 1.01, 1.02, 50];
    expect(medianInterval(calm)).toEqual({ low: 0.98, high: 1.02 });
    expect(medianInterval(wild)).toEqual(medianInterval(wild));
    expect(medianInterval(wild).low).toBe(0.98);
  });

  it('holds the true middle about 95 times in 100', () => {
    // 200 samples of 15 by a fixed rule of chance (Lehmer's), even between 0 and 1: the middle is 0.5.
    let state = 1;
    const next = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    let held = 0;
    for (let sample = 0; sample < 200; sample += 1) {
      const { low, high } = medianInterval(Array.from({ length: 15 }, next));
      if (low <= 0.5 && 0.5 <= high) held += 1;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });

  it('refuses no values', () => {
    expect(() => medianInterval([])).toThrow(RangeError);
  });
});
