/**
 * The workloads of one process and its queues: receive, send, forward, answer.
 *
 * @module
 */

import { FILLING, quantile } from '@rtap/cli/bench';
import { Arena, DATAGRAMS, RAW, type Contender, type Work } from './arena.ts';
import type { Figures } from './contest.ts';
import type { Contestant, Goal, Sizes, Workload } from './workload.ts';

const TYPE = 0x88_b5;
/** The unit of speed. */
const SPEED = 'frames/us';
const DATAGRAM_SPEED = 'datagrams/us';

/** Who takes part in these. */
export interface Contenders {
  readonly c: Contender;
  /** C in a process with a second thread. */
  readonly threaded: Contender;
  readonly rtap: Contender;
  /** With the engine io_uring. */
  readonly uring: Contender;
  /** The processor that they all run on; undefined: any. */
  readonly cpu: string | undefined;
}

/** Draining a full queue of frames of 64 bytes. */
export function drain(who: Contenders, sizes: Sizes, burst: number, least: number): Workload {
  const player = (contender: Contender, by: number) => () =>
    contestant(contender, who.cpu, { devices: 1 }, async (arena) => {
      const work = await arena.work(`rx ${RAW} ${FILLING} 64 ${by} ${sizes.chunks}`);
      expect(arena, work, FILLING * sizes.chunks, 64, FILLING * sizes.chunks * TYPE);
      return { [SPEED]: (work.packets / work.time) * 1000 };
    });
  const one = burst === 64 ? [player({ ...who.c, name: 'C, one buffer' }, 1)] : [];
  return {
    name: `receive 64 B, burst ${burst}`,
    yardstick: who.c.name,
    figures: [SPEED],
    goals: speedGoals(who, least),
    contestants: [
      player(who.c, burst),
      player(who.rtap, burst),
      player(who.uring, burst),
      player(who.threaded, burst),
      ...one,
    ],
  };
}

/** Sending frames that the kernel drops: nobody knows their type. */
export function send(who: Contenders, sizes: Sizes, length: number, least: number): Workload {
  const burst = 64;
  const count = FILLING * sizes.chunks;
  const player = (contender: Contender) => () =>
    contestant(
      contender,
      who.cpu,
      { devices: 1, check: sendsWhatItSays(length) },
      async (arena) => {
        const work = await arena.work(`tx ${length} ${burst} ${count / burst}`);
        expect(arena, work, count, length, count);
        return { [SPEED]: (work.packets / work.time) * 1000 };
      },
    );
  return {
    name: `send ${length} B, burst ${burst}`,
    yardstick: who.c.name,
    figures: [SPEED],
    goals: speedGoals(who, least),
    contestants: [player(who.c), player(who.rtap), player(who.uring), player(who.threaded)],
  };
}

/** From one device to another, with the MAC addresses swapped. */
export function forward(who: Contenders, sizes: Sizes, least: number): Workload {
  const player = (contender: Contender, burst: number) => () =>
    contestant(contender, who.cpu, { devices: 2 }, async (arena) => {
      const work = await arena.work(`forward ${FILLING} 64 ${burst} ${sizes.chunks}`);
      expect(arena, work, FILLING * sizes.chunks, 64, FILLING * sizes.chunks);
      return { [SPEED]: (work.packets / work.time) * 1000 };
    });
  return {
    name: 'forward 64 B, MAC addresses swapped, burst 64',
    yardstick: who.c.name,
    figures: [SPEED],
    goals: speedGoals(who, least),
    contestants: [
      player(who.c, 64),
      player(who.rtap, 64),
      player(who.uring, 64),
      player(who.threaded, 64),
      player({ ...who.c, name: 'C, one buffer' }, 1),
    ],
  };
}

/** Round trips of pings, whose answers the contender makes. */
export function echo(who: Contenders, sizes: Sizes, p50: number, p99: number): Workload {
  const player = (contender: Contender) => () =>
    contestant(contender, who.cpu, { devices: 1, address: true }, async (arena) => {
      const ready = await arena.ask('echo');
      if (ready !== 'ready') throw new Error(`${arena.name} does not answer: ${ready}`);
      const times = await arena.ping(sizes.pings);
      const answered = Number(await arena.ask('stop'));
      if (answered !== sizes.pings) throw new Error(`${arena.name} answered ${answered} pings`);
      return { 'us, p50': quantile(times, 0.5) / 1000, 'us, p99': quantile(times, 0.99) / 1000 };
    });
  return {
    name: 'ping answered',
    yardstick: who.c.name,
    figures: ['us, p50', 'us, p99'],
    goals: besideBoth(who, [
      { figure: 'us, p50', target: { most: p50 } },
      { figure: 'us, p99', target: { most: p99 } },
    ]),
    contestants: [player(who.c), player(who.rtap), player(who.uring), player(who.threaded)],
  };
}

/** Datagrams of one UDP_SEGMENT sender as super-frames, and one by one. */
export function datagrams(who: Contenders, sizes: Sizes, length: number, least: number): Workload {
  const segments = Math.min(64, Math.floor(65_507 / length));
  const headers = 14 + 20 + 8;
  // A queue holds 1,000 frames, but a cache not so many super-frames.
  const superFrames = Math.min(128, Math.floor(1.3e6 / (segments * length)));
  const player = (contender: Contender, offloads: boolean) => () =>
    contestant(
      { ...contender, name: nameOf(contender, offloads) },
      who.cpu,
      { devices: 1, offloads, address: true },
      async (arena) => {
        const sends = offloads ? superFrames : Math.floor(900 / segments);
        const count = sends * segments * sizes.chunks;
        const work = await arena.work(`rx ${DATAGRAMS} ${sends} ${length} 64 ${sizes.chunks}`);
        const packets = offloads ? sends * sizes.chunks : count;
        if (work.packets !== packets || work.bytes !== packets * headers + count * length) {
          throw new Error(`${arena.name}: ${JSON.stringify(work)} instead of ${packets} frames`);
        }
        return { [DATAGRAM_SPEED]: (count / work.time) * 1000 };
      },
    );
  const goal = (value: string, beside: string): Goal => ({
    value,
    beside,
    figure: DATAGRAM_SPEED,
    target: { least },
  });
  return {
    name: `receive UDP of ${length} B`,
    yardstick: nameOf(who.c, true),
    figures: [DATAGRAM_SPEED],
    goals: [goal(nameOf(who.rtap, true), nameOf(who.rtap, false))],
    contestants: [
      player(who.c, true),
      player(who.c, false),
      player(who.rtap, true),
      player(who.rtap, false),
    ],
  };
}

/** The same is wanted beside C alone and beside C with a second thread. */
function besideBoth(
  { rtap, threaded }: Contenders,
  goals: readonly Omit<Goal, 'value' | 'beside'>[],
): Goal[] {
  return goals.flatMap((goal) => [
    { ...goal, value: rtap.name },
    { ...goal, value: rtap.name, beside: threaded.name },
  ]);
}

function speedGoals(who: Contenders, least: number): Goal[] {
  return besideBoth(who, [{ figure: SPEED, target: { least } }]);
}

function nameOf({ name }: Contender, offloads: boolean): string {
  return `${name}, ${offloads ? 'super-frames' : 'single frames'}`;
}

/** A contender in an arena of its own. */
async function contestant(
  contender: Contender,
  cpu: string | undefined,
  setting: {
    readonly devices: number;
    readonly offloads?: boolean;
    readonly address?: boolean;
    readonly check?: (arena: Arena, device: string) => Promise<void>;
  },
  visit: (arena: Arena) => Promise<Figures>,
): Promise<Contestant> {
  const arena = await Arena.create(contender, cpu);
  try {
    let first: string | undefined;
    for (let device = 0; device < setting.devices; device += 1) {
      const name = await arena.open(setting.offloads ?? false);
      first ??= name;
    }
    if (setting.address === true) await arena.address(first ?? '');
    await setting.check?.(arena, first ?? '');
    return { name: contender.name, visit: () => visit(arena), close: () => arena.close() };
  } catch (error) {
    await arena.close();
    throw error;
  }
}

/** The kernel has to have seen as many frames as the contender says. */
function sendsWhatItSays(length: number): (arena: Arena, device: string) => Promise<void> {
  return async (arena, device) => {
    await arena.work(`tx ${length} 64 3`);
    const seen = await arena.seen(device);
    if (seen !== 3 * 64) throw new Error(`the kernel saw ${seen} frames of ${arena.name}`);
  };
}

function expect(arena: Arena, work: Work, packets: number, length: number, sum: number): void {
  if (work.packets === packets && work.bytes === packets * length && work.sum === sum) return;
  throw new Error(`${arena.name} did other work: ${JSON.stringify(work)}, not ${packets} frames`);
}
