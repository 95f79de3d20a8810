/**
 * Results for people: a table with a bar for each.
 *
 * @module
 */

import { short } from '../run/stats-text.ts';
import type { Terminal } from '../terminal.ts';
import type { BenchResult } from './options.ts';

const BAR_WIDTH = 30;
const BITS = 8;

/** Writes the table; bars are as long as frames a second are many. */
export function benchTable(terminal: Terminal, results: readonly BenchResult[]): void {
  const most = Math.max(...results.map(({ framesPerSecond = 0 }) => framesPerSecond));
  terminal.line();
  terminal.table(
    ['', 'median', 'p99', 'a second', 'bit/s', ''],
    results.map(({ workload, size, nanoseconds, nanosecondsP99, framesPerSecond }) => [
      `${workload} ${size} B`,
      duration(nanoseconds),
      duration(nanosecondsP99),
      framesPerSecond === undefined ? '' : `${short(framesPerSecond)}frames`,
      framesPerSecond === undefined ? '' : short(framesPerSecond * size * BITS),
      '▇'.repeat(Math.round(((framesPerSecond ?? 0) / most) * BAR_WIDTH)),
    ]),
  );
  terminal.line('Medians of rounds; a frame each, of ping the round trip within this process.');
}

function duration(nanoseconds: number): string {
  return nanoseconds < 10_000 ? `${nanoseconds} ns` : `${(nanoseconds / 1000).toFixed(1)} µs`;
}
