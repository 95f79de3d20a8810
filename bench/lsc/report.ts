/**
 * The outcome as a table for the terminal, as JSON and as Markdown.
 *
 * @module
 */

import Table from 'cli-table3';

import type { Machine } from '../src/machine.ts';
import type { Comparison } from './measure.ts';
import type { PerDevice } from './memory.ts';

/** All that came out. */
export interface Outcome {
  /** When it ended, as ISO 8601 says it. */
  readonly date: string;
  /** Where. */
  readonly machine: Machine;
  /** The machine's load (of a minute) before and after: others may have been at work. */
  readonly load: readonly [before: number, after: number];
  /** How many rounds. */
  readonly rounds: number;
  /** Microseconds that `C, alike` computed an event. */
  readonly work: number;
  /** What was compared. */
  readonly comparisons: readonly Comparison[];
  /** What a device adds, in bytes, and by how many that was measured. */
  readonly memory: {
    readonly devices: number;
    readonly process: PerDevice;
    readonly kernel: PerDevice;
    /** The most of the process's resident memory that the project wants. */
    readonly target: number;
  };
}

const HEAD = ['what', 'us', 'beside', 'us', 'ratio', 'min-max', 'target'];
const MEMORY_HEAD = ['a device adds', 'KB', 'target'];

function rows({ comparisons }: Outcome): string[][] {
  return comparisons.map(({ what, value, yardstick, ratio, target }) => [
    `${what}: ${value.name}`,
    microseconds(value.median),
    yardstick.name,
    microseconds(yardstick.median),
    ratio.median.toFixed(2),
    `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    target === undefined ? '' : `${target}: ${ratio.median <= target ? 'met' : 'missed'}`,
  ]);
}

function memoryRows({ memory }: Outcome): string[][] {
  const limit = memory.target / 1024;
  const verdict = (bytes: number): string =>
    `${limit}: ${bytes < memory.target ? 'met' : 'missed'}`;
  const row =
    (whose: string) =>
    ([name, bytes]: [string, number]): string[] => [
      `${whose}: ${name}`,
      (bytes / 1024).toFixed(1),
      name === 'rss' ? verdict(bytes) : '',
    ];
  return [
    ...Object.entries(memory.process).map(row('process')),
    ...Object.entries(memory.kernel).map(row('kernel')),
  ];
}

function microseconds(nanoseconds: number): string {
  return (nanoseconds / 1000).toFixed(1);
}

/** For the terminal. */
export function asTable(told: Outcome): string {
  const style = { head: [], border: [], compact: true };
  const figures = new Table({ head: HEAD, style });
  figures.push(...rows(told));
  const memory = new Table({ head: MEMORY_HEAD, style });
  memory.push(...memoryRows(told));
  return `${figures.toString()}\n${memory.toString()}`;
}

/** For people, later. */
export function asMarkdown(told: Outcome): string {
  const { machine, rounds, work, load, memory } = told;
  const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  return [
    `# lsc, ${told.date.slice(0, 10)}`,
    '',
    `Kernel ${machine.kernel}, ${machine.cpu}, ${machine.cores} cores, commit ${machine.commit}, ` +
      `Node ${process.versions.node}. ${rounds} rounds; C, alike works ${work} us an event. ` +
      `Load ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after.`,
    '',
    row(HEAD),
    '|---|--:|---|--:|--:|--:|---|',
    ...rows(told).map(row),
    '',
    `Memory, with ${memory.devices} devices less that with one:`,
    '',
    row(MEMORY_HEAD),
    '|---|--:|---|',
    ...memoryRows(told).map(row),
    '',
  ].join('\n');
}
