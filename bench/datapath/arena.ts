/**
 * Where a contender is measured alone: a namespace of its own, with one who fills its devices.
 *
 * @module
 */

import { join } from 'node:path';

import type { NamespaceProcess, NetworkNamespace } from '@rtap/native';
import { ipJson } from '@rtap/testkit';

import { compile, programOf } from '../src/build.ts';
import { LineProcess } from '../src/line-process.ts';
import { createQuietNamespace, must } from '../src/quiet-namespace.ts';
import { Absence } from './absence.ts';

/** What the filler may be asked for (`c/request.h`). */
export const RAW = 0;
export const DATAGRAMS = 2;

const PROGRAMS = ['contender', 'filler', 'forwarder', 'pinger'] as const;

/** Compiles the programs in C. */
export function buildPrograms(): void {
  for (const name of PROGRAMS) compile('datapath', join(import.meta.dirname, 'c', name));
}

/** A program of {@link buildPrograms}. */
export function program(name: (typeof PROGRAMS)[number]): string {
  return programOf('datapath', name);
}

/** Who competes. */
export interface Contender {
  /** What the tables call it. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** What a contender tells of its work. */
export interface Work {
  /** Nanoseconds that it took. */
  readonly time: number;
  /** Frames. */
  readonly packets: number;
  /** Bytes of the frames, without virtio-net headers. */
  readonly bytes: number;
  /** What was looked at in each, added up. */
  readonly sum: number;
}

/** A contender in its namespace. */
export class Arena {
  /** What the tables call it. */
  readonly name: string;
  readonly #netns: NetworkNamespace;
  readonly #cpu: string | undefined;
  readonly #processes: { readonly talk: LineProcess; readonly child: NamespaceProcess }[] = [];

  private constructor(name: string, netns: NetworkNamespace, cpu: string | undefined) {
    this.name = name;
    this.#netns = netns;
    this.#cpu = cpu;
  }

  /**
   * Makes the namespace and starts the contender in it.
   *
   * @param cpu - the processor of all that is in it; undefined: any.
   */
  static async create({ name, command }: Contender, cpu: string | undefined): Promise<Arena> {
    const arena = new Arena(name, await createQuietNamespace(), cpu);
    try {
      await arena.#start(name, [program('filler'), ...command]);
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  /** Process id of the contender. */
  get pid(): number {
    return this.#process(0).child.pid;
  }

  /**
   * Has it open a device.
   *
   * @throws Absence when it can't.
   */
  async open(offloads: boolean): Promise<string> {
    const [name = '', ...rest] = (await this.ask(`open ${offloads ? 1 : 0}`)).split(' ');
    if (name === 'absent') throw new Absence(this.name, rest.join(' '));
    return name;
  }

  /** Gives a device an address, and 10.0.0.2 a place behind it. */
  async address(device: string): Promise<void> {
    await must(this.#netns, 'ip', 'address', 'add', '10.0.0.1/24', 'dev', device);
    const neighbour = ['lladdr', '02:00:00:00:00:02', 'dev', device, 'nud', 'permanent'];
    await must(this.#netns, 'ip', 'neighbour', 'add', '10.0.0.2', ...neighbour);
  }

  /** Frames that the kernel has seen come from a device, by its own count. */
  async seen(device: string): Promise<number> {
    const told: unknown = await ipJson(this.#netns, ['-s', 'link', 'show', 'dev', device]);
    const text = JSON.stringify(told);
    return Number(/"rx":\{"bytes":\d+,"packets":(\d+)/.exec(text)?.[1]);
  }

  /** Tells it something, and waits for its answer. */
  async ask(line: string): Promise<string> {
    return this.#process(0).talk.ask(line);
  }

  /** Has it work. */
  async work(line: string): Promise<Work> {
    const answer = await this.ask(line);
    const [time, packets, bytes, sum] = answer.split(' ').map(Number);
    if (time === undefined || packets === undefined || bytes === undefined || sum === undefined) {
      throw new Error(`${this.name} on '${line}': ${answer}`);
    }
    return { time, packets, bytes, sum };
  }

  /** Round trips of pings through the contender, in nanoseconds. */
  async ping(count: number): Promise<number[]> {
    if (this.#processes.length < 2) await this.#start('the pinger', [program('pinger')]);
    const times = (await this.#process(1).talk.ask(String(count))).split(' ').map(Number);
    if (times.length !== count) throw new Error(`${count} pings, ${times.length} answers`);
    return times;
  }

  /** Ends what is in it; the namespace goes with the last of them. */
  async close(): Promise<void> {
    for (const { talk } of this.#processes) talk.end();
    await Promise.all(this.#processes.map(({ child }) => child.exited));
    await this.#netns.close();
  }

  #process(index: number): { readonly talk: LineProcess; readonly child: NamespaceProcess } {
    const found = this.#processes[index];
    if (found === undefined) throw new Error('the arena is not complete');
    return found;
  }

  async #start(name: string, command: readonly string[]): Promise<void> {
    const pinned = this.#cpu === undefined ? command : ['taskset', '-c', this.#cpu, ...command];
    const [file = '', ...args] = pinned;
    const child = await this.#netns.exec(file, args);
    child.stderr?.on('data', (text) => process.stderr.write(text));
    this.#processes.push({ talk: new LineProcess(name, child), child });
  }
}
