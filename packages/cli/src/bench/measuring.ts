/**
 * What `rtap bench` measures with, and the repository's benchmarks too: loops over queues, rounds, and their statistics.
 *
 * @module
 */

export { FILLING, burstOf, drain, sendBursts, timeWork } from './queue-work.ts';
export type { TimedWork } from './queue-work.ts';
export { takeRounds } from './rounds.ts';
export type { RoundOptions, RoundResults } from './rounds.ts';
export { best, median, medianInterval, pairedRatio, quantile } from './statistics.ts';
export type { Interval, Ratio } from './statistics.ts';
