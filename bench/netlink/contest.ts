/**
 * The contest: a process a contender, all alive from the first round to the last, one at work at a time.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { LineProcess } from '../src/line-process.ts';
import { best, median, takeRounds } from '@rtap/cli/bench';
import { DUMP, type Contender } from './contenders.ts';

/** How a contest is run. */
export interface ContestOptions {
  /** The file of the dump. */
  readonly dump: string;
  /** Rounds, each with a visit to every contender. */
  readonly rounds: number;
  /** Milliseconds that each contender runs before the first round: compilers of JavaScript take their time. */
  readonly warmUp: number;
  /** The processor that all contenders run on; undefined: any. */
  readonly cpu: string | undefined;
  /** Told which round begins. */
  readonly onRound?: (round: number) => void;
}

/** What a contender was measured at, in nanoseconds a message. */
export interface Measured {
  /** Who. */
  readonly contender: Contender;
  /** Median of the samples of each round. */
  readonly rounds: readonly number[];
  /** The best sample of all. */
  readonly best: number;
  /** Median of the rounds. */
  readonly median: number;
}

/** What all contenders found in the dump. */
export interface Digest {
  /** The line that all printed. */
  readonly line: string;
  /** Messages in the dump, as it says. */
  readonly messages: number;
}

/** A sample is long enough to hold its share of garbage collections. */
const SAMPLE_NS = 25e6;
const SAMPLES = 6;

/** Runs the contest; throws when the contenders do not find the same in the dump. */
export async function contest(
  contenders: readonly Contender[],
  { dump, rounds, warmUp, cpu, onRound }: ContestOptions,
): Promise<{ digest: Digest; measured: Measured[] }> {
  const players = contenders.map((contender) => new Player(contender, dump, cpu));
  try {
    const digest = await sameDigest(players);
    const passes = new Map<Player, number>();
    // All that follows is one at a time: two at work at once would disturb each other.
    for (const player of players) passes.set(player, await player.warmUp(warmUp * 1e6));
    const visits = players.map((player) => async () => {
      const count = passes.get(player) ?? 1;
      const times = await player.time(count === 1 ? 1 : SAMPLES, count);
      return times.map((time) => time / count / digest.messages);
    });
    const again = (done: number): boolean => {
      if (done < rounds) onRound?.(done + 1);
      return done < rounds;
    };
    const results = await takeRounds(visits, { again });
    const measured = contenders.map((contender, index) => {
      const samples = (results[index] ?? []).flat();
      const medians = samples.map(median);
      return { contender, rounds: medians, best: best(samples.flat()), median: median(medians) };
    });
    return { digest, measured };
  } finally {
    for (const player of players) player.end();
  }
}

async function sameDigest(players: readonly Player[]): Promise<Digest> {
  const digests: { name: string; line: string }[] = [];
  for (const player of players) digests.push({ name: player.name, line: await player.line() });
  const line = digests[0]?.line ?? '';
  if (digests.some((digest) => digest.line !== line)) {
    const list = digests.map((digest) => `  ${digest.line}  ${digest.name}`);
    throw new Error(`the contenders do not find the same in the dump:\n${list.join('\n')}`);
  }
  const messages = Number(line.split(' ')[0]);
  if (!(messages > 0)) throw new Error(`no messages in the dump: ${line}`);
  return { line, messages };
}

/** A contender's process. */
class Player extends LineProcess {
  constructor({ name, file, args }: Contender, dump: string, cpu: string | undefined) {
    const command = [file, ...args.map((argument) => (argument === DUMP ? dump : argument))];
    const pinned = cpu === undefined ? command : ['taskset', '--cpu-list', cpu, ...command];
    const [program = '', ...rest] = pinned;
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(child, 'error').then(([error]) => {
      throw error;
    });
    super(name, child, failed);
  }

  /** Has it decode the dump `passes` times for each of some samples; nanoseconds of each. */
  async time(samples: number, passes: number): Promise<number[]> {
    const times = (await this.ask(`${samples} ${passes}`)).split(' ').map(Number);
    if (times.length !== samples || !times.every((time) => time > 0)) {
      throw new Error(`${this.name} gave no times: ${times.join(' ')}`);
    }
    return times;
  }

  /** Runs until it is warm, and tells how many passes make a sample. */
  async warmUp(nanoseconds: number): Promise<number> {
    let passes = 1;
    for (let spent = 0; spent < nanoseconds;) {
      const [time = 1] = await this.time(1, passes);
      spent += time;
      passes = Math.max(1, Math.min(passes * 4, Math.round((passes * SAMPLE_NS) / time)));
    }
    return passes;
  }
}
