/**
 * `npm run fuzz`: random changes of recorded messages, guided by which code they reach, against
 * everything that reads bytes.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { inspect, parseArgs } from 'node:util';

import {
  corpusFolder,
  findsFolder,
  readCorpus,
  readFinds,
  targetOf,
  writeCorpus,
  writeFind,
} from './corpus.ts';
import { Coverage } from './coverage.ts';
import { Fuzzer, type Find } from './fuzzer.ts';
import { readInput, writeInput, type Input } from './input.ts';
import { Random } from './random.ts';
import { outcomeOf, type Target } from './target.ts';
import { targets } from './targets.ts';

const SOURCES = ['packages/netlink/src/', 'packages/transport/src/'];
/** Targets take turns, so that an end at any time has seen all. */
const TURN_SECONDS = 10;

const usage = `usage: npm run fuzz -- [OPTIONS]

  --target NAME   what to fuzz; several times for several. Default: all
  --seconds N     for how long altogether. Default: 60
  --runs N        how many inputs a target, instead of a time
  --seed N        of the random numbers. Default: another one each time
  --replay FILE   runs one input and tells what happens
  --out FOLDER    where reproducers go. Default: tools/fuzz/finds
  --save          adds inputs that reached new code to tools/fuzz/corpus

targets: ${targets.map(({ name }) => name).join(' ')}`;

/** The command; its result is the exit code: 1 when something was found. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', multiple: true },
      seconds: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      replay: { type: 'string' },
      out: { type: 'string' },
      save: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  if (values.replay !== undefined) return replay(values.replay, values.target?.[0]);
  const chosen = targets.filter(({ name }) => values.target?.includes(name) ?? true);
  const unknown = values.target?.find((name) => !targets.some((target) => target.name === name));
  if (unknown !== undefined) {
    console.error(`there is no target ${unknown}\n\n${usage}`);
    return 2;
  }
  const seed = number('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 32);
  const runs = number('runs', values.runs);
  const seconds = number('seconds', values.seconds) ?? 60;
  return fuzz(chosen, {
    seed,
    ...(runs !== undefined && { runs }),
    seconds,
    out: values.out ?? findsFolder,
    save: values.save === true,
  });
}

interface FuzzOptions {
  readonly seed: number;
  readonly runs?: number;
  readonly seconds: number;
  readonly out: string;
  readonly save: boolean;
}

async function fuzz(chosen: readonly Target[], options: FuzzOptions): Promise<number> {
  const { seed, runs, seconds, out, save } = options;
  console.log(`seed ${seed}`);
  const coverage = new Coverage(SOURCES);
  const end = performance.now() + seconds * 1000;
  const fuzzers = chosen.map(
    (target) => [target, new Fuzzer(target, new Random(seed), known(target), coverage)] as const,
  );
  let told = 0;
  const tell = (): void => {
    const finds = fuzzers.flatMap(([, { done }]) => done.finds);
    for (const find of finds.slice(told)) tellFind(find, writeFind(find.target, find.input, out));
    told = finds.length;
  };
  // One after the other: they share the coverage, and one core is enough.
  /* oxlint-disable no-await-in-loop */
  if (runs === undefined) {
    while (performance.now() < end) {
      for (const [, fuzzer] of fuzzers) {
        const until = Math.min(end, performance.now() + TURN_SECONDS * 1000);
        await fuzzer.run({ enough: () => performance.now() >= until });
        tell();
      }
    }
  } else {
    for (const [, fuzzer] of fuzzers) {
      await fuzzer.run({ runs });
      tell();
    }
  }
  /* oxlint-enable no-await-in-loop */
  const reached = coverage.total;

  for (const [{ name }, { done, size }] of fuzzers) {
    const { executions, added, finds } = done;
    console.log(
      `${name.padEnd(20)} ${executions} executions, ${added.length} new of ${size} inputs, ${finds.length} finds`,
    );
    if (save && added.length > 0) {
      const target = chosen.find((one) => one.name === name);
      if (target !== undefined) await saveCorpus(target, [...readCorpus(name), ...added], coverage);
    }
  }
  const total = fuzzers.reduce((sum, [, { done }]) => sum + done.executions, 0);
  console.log(`${total} executions, ${reached} characters of code reached, ${told} finds`);
  coverage.stop();
  return told > 0 ? 1 : 0;
}

function known(target: Target): Input[] {
  return [...readCorpus(target.name), ...readFinds(target.name).map(([, input]) => input)];
}

/** Writes the fewest inputs that reach what all of them reach beside the seeds; short ones first. */
async function saveCorpus(
  target: Target,
  inputs: readonly Input[],
  coverage: Coverage,
): Promise<void> {
  coverage.forget();
  for (const input of target.seeds()) {
    // oxlint-disable-next-line no-await-in-loop
    await outcomeOf(target, input);
  }
  coverage.take();
  const kept: Input[] = [];
  const size = (input: Input): number => writeInput(input).length;
  for (const input of inputs.toSorted((a, b) => size(a) - size(b))) {
    // oxlint-disable-next-line no-await-in-loop
    await outcomeOf(target, input);
    if (coverage.take().fresh > 0) kept.push(input);
  }
  writeCorpus(target.name, kept, corpusFolder);
  console.log(`${target.name}: ${kept.length} inputs in the corpus`);
}

function tellFind(find: Find, file: string): void {
  console.log(`FOUND ${find.target}: ${find.signature}`);
  console.log(inspect(find.error, { depth: 0 }));
  console.log(`reproduce: npm run fuzz -- --replay ${file}\n`);
}

async function replay(file: string, name = targetOf(file)): Promise<number> {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    console.error(`--target must say what ${file} is for`);
    return 2;
  }
  const input = readInput(new Uint8Array(readFileSync(file)));
  for (const { control, bytes } of input) {
    console.log(`control ${control}, ${bytes.length} bytes: ${Buffer.from(bytes).toString('hex')}`);
  }
  const error = await outcomeOf(target, input);
  console.log(error === undefined ? 'nothing happens' : inspect(error));
  return error === undefined ? 0 : 1;
}

function number(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (!Number.isSafeInteger(parsed) || parsed < 0)
    throw new Error(`--${name} must be a number, not ${value}`);
  return parsed;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));
