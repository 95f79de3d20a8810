/**
 * The outcome as tables for the terminal, and as Markdown.
 *
 * @module
 */

import Table from 'cli-table3';

import type { Machine } from '../src/machine.ts';
import type { Answer, Extent, Series, Target } from './contest.ts';
import type { Fact } from './facts.ts';
import type { Absent, Sizes, WorkloadResult } from './workload.ts';

/** All that came out. */
export interface Outcome {
  /** When it ended, as ISO 8601 says it. */
  readonly date: string;
  /** Where. */
  readonly machine: Machine;
  /** Versions of what was measured. */
  readonly versions: Readonly<Record<string, string>>;
  /** The machine's load (of a minute) before and after: others may have been at work. */
  readonly load: readonly [before: number, after: number];
  /** How long it was. */
  readonly extent: Extent;
  /** How much was done in a visit. */
  readonly sizes: Sizes;
  /** The processor that all of a workload but TCP ran on; null: any. */
  readonly pinnedTo: string | null;
  /** By workload. */
  readonly workloads: readonly WorkloadResult[];
  /** Of rtap alone. */
  readonly facts: readonly Fact[];
  /** Who could take part in nothing. */
  readonly absent: readonly Absent[];
}

const FIGURES = ['workload', 'contender', 'figure', 'median', 'min-max'];
const RATIOS = ['workload', 'ratio', 'median', '95 %', 'min-max', 'rounds', 'target', ''];
const FACTS = ['what', 'figure', 'target', ''];

/** What is compared, in words. */
export function nameOfAnswer({ value, yardstick, figure }: Answer): string {
  return `${value} / ${yardstick} (${figure})`;
}

function ratioRow(workload: WorkloadResult, answer: Answer): string[] {
  const { ratio, interval, target, verdict } = answer;
  return [
    workload.name,
    nameOfAnswer(answer),
    digits(ratio.median),
    `${digits(interval.low)}-${digits(interval.high)}`,
    `${digits(ratio.min)}-${digits(ratio.max)}`,
    String(workload.rounds),
    target === undefined ? '' : goal(target),
    verdict ?? '',
  ];
}

function figureRow(workload: WorkloadResult, series: Series): string[] {
  const { name, figure, median, min, max } = series;
  return [workload.name, name, figure, digits(median), `${digits(min)}-${digits(max)}`];
}

function factRow({ what, value, unit, most }: Fact): string[] {
  const verdict = most === undefined ? ['', ''] : [`<= ${most}`, value <= most ? 'met' : 'missed'];
  return [what, `${value.toLocaleString('en')} ${unit}`.trim(), ...verdict];
}

/** A target, in signs. */
export function goal(target: Target): string {
  return 'least' in target ? `>= ${target.least}` : `<= ${target.most}`;
}

/** Three digits that say something, or the whole number. */
function digits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

interface Sheet {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function sheets({ workloads, facts }: Outcome): Sheet[] {
  const all: Sheet[] = [
    {
      title: 'Ratios',
      head: RATIOS,
      rows: workloads.flatMap((each) => each.answers.map((answer) => ratioRow(each, answer))),
    },
    {
      title: 'Figures',
      head: FIGURES,
      rows: workloads.flatMap((each) => each.series.map((series) => figureRow(each, series))),
    },
    { title: 'rtap alone', head: FACTS, rows: facts.map(factRow) },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

function leftOut({ workloads, absent }: Outcome): string[] {
  return [
    ...workloads.flatMap((workload) =>
      workload.absent.map(({ name, reason }) => `left out of ${workload.name}: ${name}: ${reason}`),
    ),
    ...absent.map(({ name, reason }) => `left out: ${name}: ${reason}`),
  ];
}

/** For the terminal. */
export function asTables(told: Outcome): string {
  const tables = sheets(told).map(({ head, rows }) => {
    const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
    table.push(...rows.map((row) => [...row]));
    return table.toString();
  });
  return [...tables, ...leftOut(told)].join('\n');
}

/** For people, later. */
export function asMarkdown(told: Outcome, chart: string): string {
  const { machine, versions, load, extent, sizes, pinnedTo } = told;
  const row = (columns: readonly string[]): string => `| ${columns.join(' | ')} |`;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const sections = sheets(told).flatMap(({ title, head, rows }) => [
    `## ${title}`,
    '',
    row(head),
    row(head.map(() => '---')),
    ...rows.map(row),
    '',
  ]);
  return [
    `# datapath, ${told.date.slice(0, 10)}`,
    '',
    `Kernel ${machine.kernel}, ${machine.cpu}, ${machine.cores} cores, commit ${machine.commit}; ` +
      `${software.join(', ')}. ` +
      `${extent.least} to ${extent.most} rounds of ${extent.visits} visits; ` +
      `${sizes.chunks} fillings, ${sizes.pings} pings or ${sizes.seconds} s of TCP a visit; ` +
      `${pinnedTo === null ? 'not pinned' : `all but TCP on processor ${pinnedTo}`}. ` +
      `Load ${load[0].toFixed(1)} before, ${load[1].toFixed(1)} after.`,
    '',
    `![the targets](${chart})`,
    '',
    ...sections,
    ...leftOut(told).map((line) => `- ${line}`),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
