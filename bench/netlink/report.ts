/**
 * The outcome of a contest as a table for the terminal, as JSON and as Markdown.
 *
 * @module
 */

import Table from 'cli-table3';

import type { Machine } from '../src/machine.ts';
import { pairedRatio, type Ratio } from '@rtap/cli/bench';
import { YARDSTICK, type Absent } from './contenders.ts';
import type { Digest, Measured } from './contest.ts';

/** All that a contest told. */
export interface Outcome {
  /** When it ended, as ISO 8601 says it. */
  readonly date: string;
  /** Where. */
  readonly machine: Machine;
  /** What was decoded. */
  readonly dump: { readonly bytes: number; readonly digest: string; readonly messages: number };
  /** How many rounds. */
  readonly rounds: number;
  /** The processor that all ran on; null: any. */
  readonly pinnedTo: string | null;
  /** By contender, in the order of their medians. */
  readonly results: readonly Result[];
  /** Who could not take part. */
  readonly absent: readonly Absent[];
}

/** A line of the table. */
interface Result {
  /** Who. */
  readonly name: string;
  /** Nanoseconds a message: the best sample. */
  readonly best: number;
  /** Nanoseconds a message: the median of the rounds. */
  readonly median: number;
  /** Nanoseconds a message, by round. */
  readonly rounds: readonly number[];
  /** Times `libmnl typed`, round by round. */
  readonly ofTyped: Ratio;
  /** The best sample, times the best of `libmnl typed`: what the machine did in between counts least. */
  readonly ofBest: number;
  /** The project's target, and how far off it is. */
  readonly target?: { readonly of: string; readonly ratio: number; readonly reached: Ratio };
}

/** Puts an outcome together. */
export function outcome(
  measured: readonly Measured[],
  about: {
    readonly machine: Machine;
    readonly digest: Digest;
    readonly bytes: number;
    readonly pinnedTo: string | undefined;
    readonly absent: readonly Absent[];
  },
): Outcome {
  const named = (name: string): Measured => {
    const found = measured.find(({ contender }) => contender.name === name);
    if (found === undefined) throw new Error(`${name} did not take part`);
    return found;
  };
  const yardstick = named(YARDSTICK);
  const results = measured.map(({ contender, best, median, rounds }): Result => {
    const { name, target } = contender;
    const reached =
      target === undefined
        ? {}
        : { target: { ...target, reached: pairedRatio(rounds, named(target.of).rounds) } };
    return {
      name,
      best,
      median,
      rounds,
      ofTyped: pairedRatio(rounds, yardstick.rounds),
      ofBest: best / yardstick.best,
      ...reached,
    };
  });
  const { machine, digest, bytes, pinnedTo, absent } = about;
  return {
    date: new Date().toISOString(),
    machine,
    dump: { bytes, digest: digest.line, messages: digest.messages },
    rounds: measured[0]?.rounds.length ?? 0,
    pinnedTo: pinnedTo ?? null,
    results: results.toSorted((a, b) => a.median - b.median),
    absent,
  };
}

const HEAD = [
  'decoder',
  'best ns',
  'median ns',
  'x libmnl typed',
  'min-max',
  'best x best',
  'target',
];

function cells({ name, best, median, ofTyped, ofBest, target }: Result): string[] {
  const range = `${ofTyped.min.toFixed(2)}-${ofTyped.max.toFixed(2)}`;
  return [
    name,
    best.toFixed(0),
    median.toFixed(0),
    ofTyped.median.toFixed(2),
    range,
    ofBest.toFixed(2),
    goal(target),
  ];
}

function goal(target: Result['target']): string {
  if (target === undefined) return '';
  const { of, ratio, reached } = target;
  const is = reached.median.toFixed(2);
  const verdict = reached.median <= ratio ? 'met' : 'missed';
  return of === YARDSTICK ? `${ratio}: ${verdict}` : `${ratio} x ${of}: ${is}, ${verdict}`;
}

/** For the terminal. */
export function asTable({ results, absent }: Outcome): string {
  const table = new Table({
    head: HEAD,
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...results.map(cells));
  const lines = absent.map(({ name, reason }) => `left out: ${name}: ${reason}`);
  return [table.toString(), ...lines].join('\n');
}

/** For people, later. */
export function asMarkdown(told: Outcome): string {
  const { machine, dump, rounds, pinnedTo, results, absent } = told;
  const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  return [
    `# netlink, ${told.date.slice(0, 10)}`,
    '',
    `Kernel ${machine.kernel}, ${machine.cpu}, ${machine.cores} cores, commit ${machine.commit}. ` +
      `${rounds} rounds over ${dump.messages} links in ${dump.bytes} bytes, ` +
      `${pinnedTo === null ? 'not pinned' : `all on processor ${pinnedTo}`}. Nanoseconds a message.`,
    '',
    row(HEAD),
    '|---|--:|--:|--:|--:|--:|---|',
    ...results.map((result) => row(cells(result))),
    '',
    ...absent.map(({ name, reason }) => `Left out: ${name}: ${reason}`),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
