/**
 * Where a contender is measured: a network namespace of its own, with one who changes links and one who judges frames.
 *
 * Contenders never share a namespace: whoever changes a link of one pays nothing for the other.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import type { NetworkNamespace } from '@rtap/native';
import { findProgram } from '@rtap/testkit';

import { compile, programOf } from '../src/build.ts';
import { LineProcess } from '../src/line-process.ts';
import { createQuietNamespace } from '../src/quiet-namespace.ts';

const PROGRAMS = ['changer', 'contender', 'judge'] as const;
type Program = (typeof PROGRAMS)[number];

/** Who is measured. */
export type Side = 'C' | 'C, one discipline' | 'C, alike' | 'rtap';

/** Where the scheduler may put contender and changer. */
export type Placement = 'free' | 'one processor' | 'a processor each';

/** The processors that there are, as taskset has them. */
export interface Processors {
  /** All that may be used. */
  readonly all: string;
  /** One of them. */
  readonly one: string;
  /** Another; undefined: there is none. */
  readonly other: string | undefined;
}

/** What a contender and its changer tell of some events. */
export interface Heard {
  /** From just before the request to the listener, in nanoseconds, by event. */
  readonly latencies: readonly number[];
  /** Processor time of the process an event, in nanoseconds. */
  readonly listenerCpu: number;
  /** Processor time of the changer's request an event, in nanoseconds. */
  readonly senderCpu: number;
}

/** Compiles the programs in C. */
export function buildPrograms(): void {
  for (const name of PROGRAMS) compile('lsc', join(import.meta.dirname, 'c', name));
}

/** A contender in its namespace. */
export class Arena {
  readonly #netns: NetworkNamespace;
  readonly #processes: LineProcess[] = [];
  readonly #pids: number[] = [];
  readonly #side: Side;

  private constructor(netns: NetworkNamespace, side: Side) {
    this.#netns = netns;
    this.#side = side;
  }

  /**
   * Makes the namespace and starts what is in it.
   *
   * @param work - microseconds that `C, alike` computes an event.
   */
  static async create(side: Side, work: number): Promise<Arena> {
    // Without IPv6 a change is that of the link alone: addresses and routes of 1,000 others play no part.
    const arena = new Arena(await createQuietNamespace(), side);
    try {
      if (side === 'rtap') {
        const rtap = ['--expose-gc', join(import.meta.dirname, 'rtap.ts')];
        await arena.#start('contender', process.execPath, ...rtap);
      } else {
        const queues = side === 'C' ? 'many-disciplines' : 'one-discipline';
        const args = [queues, String(side === 'C, alike' ? work : 0)];
        await arena.#start('contender', programOf('lsc', 'contender'), ...args);
      }
      await arena.#start('changer');
      await arena.#start('judge');
      await arena.#judge.line();
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  /** Lets the scheduler put contender and changer anywhere, on one processor only, or on one each. */
  place(placement: Placement, { all, one, other }: Processors): void {
    if (findProgram('taskset') === undefined) throw new Error('taskset is not installed');
    const lists = {
      free: [all, all],
      'one processor': [one, one],
      'a processor each': [one, other],
    }[placement];
    for (const [index, list] of lists.entries()) {
      if (list === undefined) throw new Error('there is one processor only');
      const args = ['--all-tasks', '--cpu-list', '--pid', list, String(this.#pids[index])];
      execFileSync('taskset', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }

  /** Has the contender open devices up to that count; the index of the first. */
  async devices(count: number): Promise<number> {
    return Number(await this.#contender.ask(this.#side === 'rtap' ? `devices ${count}` : 'device'));
  }

  /** Changes an interface's state `count` times, with a pause in microseconds before each. */
  async hear(index: number, count: number, pause: number): Promise<Heard> {
    const ready = await this.#contender.ask(`listen ${count}`);
    if (ready !== 'ready') throw new Error(`${this.#side} does not listen: ${ready}`);
    const [told, changed] = await Promise.all([
      this.#contender.line(),
      this.#changer.ask(`${index} ${count} ${pause}`),
    ]);
    const [listenerCpu = '', ...heard] = told.split(' ');
    const [senderCpu = '', ...sent] = changed.split(' ');
    if (heard.length !== count || sent.length !== count) throw new Error('events are missing');
    return {
      latencies: heard.map((time, event) => distance(sent[event], time)),
      listenerCpu: Number(listenerCpu) / count,
      senderCpu: Number(senderCpu) / count,
    };
  }

  /** From nothing to the first frame of a new device that the judge saw, in nanoseconds; it is closed again. */
  async firstFrame(number: number): Promise<number> {
    const start = await this.#contender.ask(`open ${number}`);
    const [seen, time] = (await this.#judge.line()).split(' ');
    if (Number(seen) !== number) throw new Error(`the judge saw frame ${seen}, not ${number}`);
    const closed = await this.#contender.ask('close');
    if (closed !== 'closed') throw new Error(`${this.#side} did not close: ${closed}`);
    return distance(start, time);
  }

  /** What the contender holds, as it says. */
  async memory(): Promise<string> {
    return this.#contender.ask('memory');
  }

  /** Ends what is in it; the namespace goes with the last of them. */
  async close(): Promise<void> {
    for (const each of this.#processes) each.end();
    await Promise.all(this.#exits);
    await this.#netns.close();
  }

  readonly #exits: Promise<unknown>[] = [];

  get #contender(): LineProcess {
    return this.#process(0);
  }

  get #changer(): LineProcess {
    return this.#process(1);
  }

  get #judge(): LineProcess {
    return this.#process(2);
  }

  #process(index: number): LineProcess {
    const found = this.#processes[index];
    if (found === undefined) throw new Error('the arena is not complete');
    return found;
  }

  async #start(
    program: Program,
    file: string = programOf('lsc', program),
    ...args: string[]
  ): Promise<void> {
    const child = await this.#netns.exec(file, args);
    child.stderr?.pipe(process.stderr, { end: false });
    this.#processes.push(new LineProcess(`the ${program} of ${this.#side}`, child));
    this.#pids.push(child.pid);
    this.#exits.push(child.exited);
  }
}

function distance(from: string | undefined, to: string | undefined): number {
  const nanoseconds = Number(BigInt(to ?? '') - BigInt(from ?? ''));
  if (nanoseconds > 0) return nanoseconds;
  throw new Error(`heard ${-nanoseconds} ns before it happened: events are out of step`);
}
