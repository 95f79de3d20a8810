import { describe, expect, it } from 'vitest';

import { best, median, pairedRatio, quantile } from '../src/statistics.ts';

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
