/**
 * `rtap bench`: how fast this machine receives, sends, forwards and answers, on devices of a namespace of their own.
 *
 * @module
 */

import { arch, availableParallelism, cpus, release } from 'node:os';
import { writeJsonLine } from '../frame/json-output.ts';
import { Terminal } from '../terminal.ts';
import { Arena } from './arena.ts';
import { benchTable } from './chart.ts';
import type { BenchMachine, BenchOptions, BenchResult } from './options.ts';
import { median, quantile } from './statistics.ts';
import { measureForward, measurePing, measureReceive, measureSend } from './workloads.ts';

/** Bytes of frames: the shortest, and those of the usual MTU. */
const SIZES = [60, 1514] as const;
/** Bytes of the testkit's ping. */
const PING_SIZE = 98;

/** Measures everything, one after the other; what was measured is told at once. @throws the signal's reason. */
export async function bench(options: BenchOptions): Promise<void> {
  const { json, output, signal } = options;
  const machine = machineFacts();
  const terminal = new Terminal(output);
  if (json) writeJsonLine(output, machine);
  else {
    terminal.heading('rtap bench: one thread, one queue, bursts of 64');
    terminal.line(
      `Node.js ${machine.node}, Linux ${machine.kernel} ${machine.arch}, ${machine.cpus} × ${machine.cpu}`,
    );
  }
  const results: BenchResult[] = [];
  const arena = await Arena.open(signal);
  try {
    for await (const result of measure(arena, options)) {
      results.push(result);
      if (json) writeJsonLine(output, result);
      else if (output.isTTY === true) terminal.detail(`${result.workload} ${result.size} B`);
    }
  } finally {
    await arena.close();
  }
  if (!json) benchTable(terminal, results);
}

async function* measure(
  arena: Arena,
  { seconds, signal }: BenchOptions,
): AsyncGenerator<BenchResult> {
  const how = { seconds, signal };
  const byFrames = {
    receive: measureReceive,
    send: measureSend,
    forward: measureForward,
  } as const;
  for (const workload of ['receive', 'send', 'forward'] as const) {
    for (const size of SIZES) {
      // oxlint-disable-next-line no-await-in-loop -- they would disturb each other
      const times = await byFrames[workload](arena, size, how);
      const told = resultOf(workload, size, times);
      yield { ...told, framesPerSecond: Math.round(1e9 / told.nanoseconds) };
    }
  }
  yield resultOf('ping', PING_SIZE, await measurePing(arena, how));
}

function resultOf(
  workload: BenchResult['workload'],
  size: number,
  times: readonly number[],
): BenchResult {
  return {
    event: 'result',
    workload,
    size,
    rounds: times.length,
    nanoseconds: Math.round(median(times)),
    nanosecondsP99: Math.round(quantile(times, 0.99)),
  };
}

function machineFacts(): BenchMachine {
  return {
    event: 'machine',
    node: process.versions.node,
    kernel: release(),
    arch: arch(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
  };
}
