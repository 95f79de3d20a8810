/**
 * `bench datapath`: frames through a device, beside the same in C, and beside other libraries.
 *
 * @module
 */

import { loadavg } from 'node:os';

import { missingForNamespaces, missingProgram } from '@rtap/testkit';

import { chooseCpu, describeMachine, missingCompiler } from '../src/machine.ts';
import { writeResults } from '../src/results.ts';
import { say } from '../src/say.ts';
import { asSvg } from './chart.ts';
import { assemble, GSO, type Assembly } from './contenders.ts';
import type { Extent } from './contest.ts';
import { allocation, busyPolling, eventLoopDelay, idle, type Fact } from './facts.ts';
import { datagrams, drain, echo, forward, send } from './queue-workloads.ts';
import { asMarkdown, asTables, type Outcome } from './report.ts';
import { tcp } from './tcp.ts';
import { runWorkload, type Sizes, type Workload, type WorkloadResult } from './workload.ts';

/** The options of the command. */
export interface DatapathBenchOptions extends Extent, Sizes {
  /** Frames over which memory is looked at. */
  readonly frames: number;
  /** Seconds that an idle device is watched. */
  readonly idle: number;
  /** Only workloads whose names have one of these in them; all when left out. */
  readonly only?: readonly string[];
  /** The processor to run on; `none`: any. Left out: the last one. */
  readonly cpu?: string;
  /** Whether the peers of other toolchains take part, built where needed. */
  readonly peers: boolean;
  /** The folder for the results. */
  readonly results: string;
}

/** Why it cannot be run here; undefined when it can. */
export function missingForDatapath(): string | undefined {
  const programs = ['taskset', 'iperf3', 'ip'].map((name) => missingProgram(name));
  return missingCompiler() ?? missingForNamespaces() ?? programs.find((each) => each !== undefined);
}

/** Runs it and prints what came out. */
export async function datapathBench(options: DatapathBenchOptions): Promise<void> {
  const missing = missingForDatapath();
  if (missing !== undefined) throw new Error(missing);
  const { least, most, visits, warmUp, chunks, pings, seconds } = options;
  const [before = 0] = loadavg();
  say(`building the contenders${options.peers ? ' (peers: minutes the first time)' : ''}`);
  const { absent, ...assembly } = assemble(options.peers);
  const cpu = chooseCpu(options.cpu);
  const wanted = (name: string): boolean =>
    options.only?.some((part) => name.includes(part)) ?? true;

  const extent: Extent = { least, most, visits, warmUp };
  const sizes: Sizes = { chunks, pings, seconds };
  const results: WorkloadResult[] = [];
  for (const { workload, length } of workloads(assembly, sizes, extent, cpu)) {
    if (!wanted(workload.name)) continue;
    say(workload.name);
    results.push(await runWorkload(workload, length));
  }
  const facts: Fact[] = [];
  if (wanted('memory')) {
    say('memory');
    facts.push(...(await allocation(assembly.rtap, options.frames)));
  }
  if (wanted('idle')) {
    say('idle');
    facts.push(...(await idle(assembly.rtap, options.idle)));
  }

  if (wanted('delay')) {
    say('delay');
    facts.push(...(await eventLoopDelay(assembly.rtap, options.idle)));
  }

  if (wanted('busy')) {
    say('busy');
    facts.push(...(await busyPolling(assembly.rtap, options.pings)));
  }

  const [after = 0] = loadavg();
  const told: Outcome = {
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: { Node: process.versions.node },
    load: [before, after],
    extent,
    sizes,
    pinnedTo: cpu ?? null,
    workloads: results,
    facts,
    absent,
  };
  console.log(asTables(told));
  const files = (chart: string) => ({
    json: told,
    markdown: asMarkdown(told, chart),
    svg: asSvg(told),
  });
  console.log(await writeResults('datapath', told.machine, options.results, files));
}

interface Planned {
  readonly workload: Workload;
  readonly length: Extent;
}

function workloads(
  { forwarders, ...contenders }: Omit<Assembly, 'absent'>,
  sizes: Sizes,
  extent: Extent,
  cpu: string | undefined,
): Planned[] {
  const who = { ...contenders, cpu };
  // A visit of TCP is long in itself.
  const once = { ...extent, visits: 1, warmUp: Math.min(1, extent.warmUp) };
  return [
    drain(who, sizes, 64, 0.97),
    drain(who, sizes, 32, 0.95),
    drain(who, sizes, 8, 0.9),
    send(who, sizes, 64, 0.97),
    send(who, sizes, 1500, 0.97),
    forward(who, sizes, 0.95),
    echo(who, sizes, 1.15, 2),
    datagrams(who, sizes, 1400, 7),
    datagrams(who, sizes, 22, 40),
  ]
    .map((workload): Planned => ({ workload, length: extent }))
    .concat(
      [1, 4].map((streams) => ({
        workload: tcp(forwarders, GSO, sizes, streams),
        length: once,
      })),
    );
}
