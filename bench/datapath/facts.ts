/**
 * What is measured of rtap alone: memory in steady state, and a device that nothing happens on.
 *
 * @module
 */

import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { Arena, type Contender } from './arena.ts';
import { quantile } from '@rtap/cli/bench';
import { processorTime } from './forwarders.ts';

const BUSY_MICROSECONDS = 1000;

/** One figure with its limit. */
export interface Fact {
  /** What. */
  readonly what: string;
  /** How much. */
  readonly value: number;
  /** Of what. */
  readonly unit: string;
  /** The most that the project wants, if it is a matter of that. */
  readonly most?: number;
}

/** What the heap grows by over so many frames received and sent back, garbage included. */
export async function allocation(rtap: Contender, frames: number): Promise<Fact[]> {
  return inArena(rtap, async (arena) => {
    const told: unknown = JSON.parse(await arena.ask(`allocate ${frames}`));
    const bytes = (name: string): number => {
      const value: unknown = typeof told === 'object' && told !== null && Reflect.get(told, name);
      if (typeof value !== 'number') throw new Error(`no ${name}: ${JSON.stringify(told)}`);
      return value;
    };
    const over = `over ${frames.toLocaleString('en')} frames received and sent`;
    return [
      { what: `heap, with garbage, ${over}`, value: bytes('allocated'), unit: 'bytes', most: 1e6 },
      { what: `heap, collected, ${over}`, value: bytes('kept'), unit: 'bytes', most: 1e6 },
    ];
  });
}

/** By how much the event loop is late while a process reads `batches()`, idle and under a flood. */
export async function eventLoopDelay(rtap: Contender, seconds: number): Promise<Fact[]> {
  return inArena(rtap, async (arena) => {
    const facts: Fact[] = [];
    for (const flooded of [false, true]) {
      const told: unknown = JSON.parse(
        await arena.ask(`delay ${seconds * 1000} ${Number(flooded)}`),
      );
      const part = (name: string): number => Number(Object(told)[name]);
      const rate = (part('frames') / seconds / 1e6).toFixed(2);
      const when = flooded ? `under a flood, ${rate} million frames/s sent back` : 'idle';
      for (const name of ['p50', 'p99', 'max']) {
        const value = Number((part(name) / 1e6).toFixed(2));
        facts.push({ what: `a timer of 1 ms, ${when}, ${name}`, value, unit: 'ms' });
      }
    }
    return facts;
  });
}

/** Pings from another processor, with busy polling for as long as they take to come again, and without. */
export async function busyPolling(rtap: Contender, pings: number): Promise<Fact[]> {
  return inArena(
    rtap,
    async (arena) => {
      const facts: Fact[] = [];
      for (const busyPoll of [0, BUSY_MICROSECONDS]) {
        await arena.ask(`echo ${busyPoll}`);
        await arena.ping(pings);
        const before = await processorTime(arena.pid);
        const times = await arena.ping(pings);
        const spent = (await processorTime(arena.pid)) - before;
        await arena.ask('stop');
        const how = busyPoll === 0 ? 'asleep in between' : `busyPoll: ${busyPoll}`;
        const what = `a ping from any processor, ${how}`;
        for (const [name, part] of [
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const) {
          const value = Number((quantile(times, part) / 1000).toFixed(1));
          facts.push({ what: `${what}, ${name}`, value, unit: 'us' });
        }
        const value = Number((spent / pings / 1000).toFixed(1));
        facts.push({ what: `${what}, processor time`, value, unit: 'us' });
      }
      return facts;
    },
    true,
  );
}

/** What a process does that waits for frames of an open device and for its input, and gets none. */
export async function idle(rtap: Contender, seconds: number): Promise<Fact[]> {
  return inArena(rtap, async (arena) => {
    const resources: unknown = JSON.parse(await arena.ask('resources'));
    const timers = Array.isArray(resources)
      ? resources.filter((name) => String(name).includes('Time')).length
      : Number.NaN;
    await arena.ask('echo');
    await controlThreadsEnd(arena.pid);
    const [time, switches] = [await processorTime(arena.pid), await contextSwitches(arena.pid)];
    await wait(seconds * 1000);
    const spent = (await processorTime(arena.pid)) - time;
    const woken = (await contextSwitches(arena.pid)) - switches;
    await arena.ask('stop');
    const of = `with an idle device, in ${seconds} s`;
    const share = (spent / (seconds * 1e9)) * 100;
    return [
      { what: `processor time ${of}`, value: Number(share.toFixed(3)), unit: '%', most: 0.01 },
      { what: `wake-ups of all threads ${of}`, value: woken, unit: '' },
      { what: 'timers of an open device', value: timers, unit: '', most: 0 },
    ];
  });
}

/** Threads of operations that are done end when they have been idle for a second. */
async function controlThreadsEnd(pid: number): Promise<void> {
  for (;;) {
    const tasks = await readdir(`/proc/${pid}/task`);
    const names = tasks.map((task) => readFile(`/proc/${pid}/task/${task}/comm`, 'utf8'));
    if (!(await Promise.all(names)).some((name) => name.startsWith('rtap-control'))) return;
    await wait(100);
  }
}

async function inArena(
  rtap: Contender,
  ask: (arena: Arena) => Promise<Fact[]>,
  addressed = false,
): Promise<Fact[]> {
  // The flood comes from another processor than the one that takes it.
  const arena = await Arena.create(rtap, undefined);
  try {
    const device = await arena.open(false);
    if (addressed) await arena.address(device);
    return await ask(arena);
  } finally {
    await arena.close();
  }
}

async function contextSwitches(pid: number): Promise<number> {
  const tasks = `/proc/${pid}/task`;
  const switches = (await readdir(tasks)).map(async (task) => {
    const status = await readFile(`${tasks}/${task}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
  });
  return (await Promise.all(switches)).reduce((sum, each) => sum + each, 0);
}
