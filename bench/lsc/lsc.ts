/**
 * `bench lsc`: link-state change and the opening of devices, beside the same in C, and what many devices cost.
 *
 * @module
 */

import { loadavg } from 'node:os';

import { missingForNamespaces, missingProgram } from '@rtap/testkit';

import { allCpus, describeMachine, firstCpu, lastCpu, missingCompiler } from '../src/machine.ts';
import { writeResults } from '../src/results.ts';
import { say } from '../src/say.ts';
import { buildPrograms, type Processors } from './arena.ts';
import { eventLatency, manyDevices, openLatency, type Comparison } from './measure.ts';
import { asMarkdown, asTable, type Outcome } from './report.ts';

/** The options of the command. */
export interface LscBenchOptions {
  /** How often both sides have their turn. */
  readonly rounds: number;
  /** Changes of a link in a round. */
  readonly events: number;
  /** Openings in a round. */
  readonly openings: number;
  /** How many devices are many. */
  readonly devices: number;
  /** Microseconds that a C that is like rtap computes an event. */
  readonly work: number;
  /** The folder for the results. */
  readonly results: string;
}

/** A device's share of its process's memory, without its slabs. */
const MEMORY_TARGET = 64 * 1024;

/** Why it cannot be run here; undefined when it can. */
function missingForLsc(): string | undefined {
  return missingCompiler() ?? missingForNamespaces() ?? missingProgram('taskset');
}

/** Runs it and prints what came out. */
export async function lscBench(options: LscBenchOptions): Promise<void> {
  const missing = missingForLsc();
  if (missing !== undefined) throw new Error(missing);
  const { devices, rounds } = options;
  const machine = describeMachine();
  const [before = 0] = loadavg();
  buildPrograms();
  const contest = { ...options, processors: processors() };
  const comparisons: Comparison[] = [];
  for (const placement of ['free', 'one processor'] as const) {
    say(`events to the listener, ${placement}`);
    comparisons.push(...(await eventLatency(contest, placement)));
    say(`openings, ${placement}`);
    comparisons.push(...(await openLatency(contest, placement)));
  }
  if (contest.processors.other !== undefined) {
    say('events to the listener, a processor each');
    comparisons.push(...(await eventLatency(contest, 'a processor each')));
  }
  say(`${devices} devices`);
  const many = await manyDevices(contest, devices);
  const [after = 0] = loadavg();
  const { process, kernel } = many;
  const told: Outcome = {
    date: new Date().toISOString(),
    machine,
    load: [before, after],
    rounds,
    work: options.work,
    comparisons: [...comparisons, ...many.comparisons],
    memory: { devices, process, kernel, target: MEMORY_TARGET },
  };
  console.log(asTable(told));
  console.log(
    await writeResults('lsc', machine, options.results, () => ({
      json: told,
      markdown: asMarkdown(told),
    })),
  );
}

function processors(): Processors {
  const [first, last] = [firstCpu(), lastCpu()];
  return { all: allCpus(), one: last, other: first === last ? undefined : first };
}
