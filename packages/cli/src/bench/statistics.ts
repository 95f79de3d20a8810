/**
 * The few statistics that tables of measurements show.
 *
 * @module
 */

/** The smallest of some values. */
export function best(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('best of no values');
  return values.reduce((least, value) => Math.min(least, value));
}

/** The middle one of some values; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  if (high === undefined || low === undefined) throw new RangeError('median of no values');
  return (low + high) / 2;
}

/** How many times the yardstick something takes, judged round by round. */
export interface Ratio {
  /** Median of the rounds' ratios. */
  readonly median: number;
  /** The least of them. */
  readonly min: number;
  /** The greatest of them. */
  readonly max: number;
}

/**
 * Ratio of two series that were measured round by round: what disturbs a round disturbs both of its values,
 * so the ratio is taken inside each round first.
 */
export function pairedRatio(values: readonly number[], yardstick: readonly number[]): Ratio {
  if (values.length !== yardstick.length) throw new RangeError('series of different lengths');
  const ratios = values.map((value, round) => value / (yardstick[round] ?? Number.NaN));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}

/** The value that a part of all values, from 0 to 1, is not greater than. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new RangeError('quantile of no values');
  return value;
}

/** Where a figure is, with a confidence of 95 %. */
export interface Interval {
  /** The least that it may be. */
  readonly low: number;
  /** The most that it may be. */
  readonly high: number;
}

const CONFIDENCE = 0.95;
const RESAMPLES = 4000;

/**
 * The bootstrap interval of the median: what the medians of as many values, drawn from these with repetition, lie
 * in (percentile method; Efron and Tibshirani, An Introduction to the Bootstrap, 13.3). The same for the same values.
 */
export function medianInterval(values: readonly number[]): Interval {
  const random = mulberry32(1);
  const draw = (): number => values[Math.floor(random() * values.length)] ?? Number.NaN;
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw)));
  const outside = (1 - CONFIDENCE) / 2;
  return { low: quantile(medians, outside), high: quantile(medians, 1 - outside) };
}

/** Numbers from 0 to 1 that look like chance and are the same each time (mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
