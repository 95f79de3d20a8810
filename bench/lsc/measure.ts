/**
 * The contests: both sides in turn, round by round.
 *
 * @module
 */

import { median, pairedRatio, quantile, takeRounds, type Ratio } from '@rtap/cli/bench';
import { Arena, type Heard, type Placement, type Processors, type Side } from './arena.ts';
import { kernelMemory, perDevice, type PerDevice } from './memory.ts';

/** Two series of the same rounds, and what they make. */
export interface Comparison {
  /** What is compared. */
  readonly what: string;
  /** What is judged, in nanoseconds. */
  readonly value: Series;
  /** What it is judged by, in nanoseconds. */
  readonly yardstick: Series;
  /** The quotients of each round. */
  readonly ratio: Ratio;
  /** The most that the project wants. */
  readonly target?: number;
}

/** A side of a comparison, in nanoseconds. */
interface Series {
  /** Whose. */
  readonly name: string;
  /** Median of the rounds. */
  readonly median: number;
  /** By round. */
  readonly rounds: readonly number[];
}

/** Puts two series side by side. */
function compare(
  what: string,
  value: { readonly name: string; readonly rounds: readonly number[] },
  yardstick: { readonly name: string; readonly rounds: readonly number[] },
  target?: number,
): Comparison {
  return {
    what,
    value: { ...value, median: median(value.rounds) },
    yardstick: { ...yardstick, median: median(yardstick.rounds) },
    ratio: pairedRatio(value.rounds, yardstick.rounds),
    ...(target === undefined ? {} : { target }),
  };
}

/** How a contest is run. */
export interface Contest {
  /** How many rounds. */
  readonly rounds: number;
  /** Changes in a round of events. */
  readonly events: number;
  /** Openings in a round. */
  readonly openings: number;
  /** Microseconds that `C, alike` computes an event. */
  readonly work: number;
  /** Where contenders may run. */
  readonly processors: Processors;
}

/** Between two changes, in microseconds: the listener is asleep again when the next one comes. */
const PAUSE = 1000;
/** Rounds before the first that counts: compilers of JavaScript take their time. */
const WARM_UP = 5;

/** From a link change by another process to the listener. */
export async function eventLatency(
  { rounds, events, work, processors }: Contest,
  placement: Placement,
): Promise<Comparison[]> {
  const names = ['rtap', 'C', 'C, alike'] as const;
  const sides = await open(
    names.map((side) => ({ side, devices: 1 })),
    work,
  );
  try {
    for (const { arena } of sides) arena.place(placement, processors);
    const told = await inTurn(sides, rounds, ({ arena, index }) =>
      arena.hear(index, events, PAUSE),
    );
    // The kernel takes several times as long to set a link down: a median of both would be of neither.
    const isUp = (event: number): boolean => event % 2 === 1;
    const down = (heard: Heard): number => quantileOf(heard, 0.5, (event) => !isUp(event));
    const up = (heard: Heard): number => quantileOf(heard, 0.5, isUp);
    const figures = [
      ['a change to listener, p50', (heard: Heard) => (down(heard) + up(heard)) / 2, 1.5],
      ['down to listener, p50', down, 1.5],
      ['up to listener, p50', up, 1.5],
      ['a change to listener, p99', (heard: Heard) => quantileOf(heard, 0.99), undefined],
    ] as const;
    return figures.flatMap(([what, figure, target]) => {
      const [rtap, ...others] = told.map((heard, side) => ({
        name: names[side] ?? '',
        rounds: heard.map((one) => figure(one)),
      }));
      if (rtap === undefined) throw new Error('a side is missing');
      return others.map((other) => compare(`${what}, ${placement}`, rtap, other, target));
    });
  } finally {
    await close(sides);
  }
}

function quantileOf(
  { latencies }: Heard,
  part: number,
  counts: (event: number) => boolean = () => true,
): number {
  return quantile(
    latencies.filter((_, event) => counts(event)),
    part,
  );
}

/** From openTap() to the first frame that the judge sees, which every opening has to itself. */
export async function openLatency(
  { rounds, openings, processors }: Contest,
  placement: Placement,
): Promise<Comparison[]> {
  const names = ['rtap', 'C', 'C, one discipline'] as const;
  const sides = await open(names.map((side) => ({ side, devices: 0 })));
  let number = 0;
  try {
    for (const { arena } of sides) arena.place(placement, processors);
    const told = await inTurn(sides, rounds, async ({ arena }) => {
      const times: number[] = [];
      for (let opening = 0; opening < openings; opening += 1) {
        times.push(await arena.firstFrame((number += 1)));
      }
      return median(times);
    });
    const series = told.map((times, side) => ({ name: names[side] ?? '', rounds: times }));
    const [rtap, plain, one] = series;
    if (rtap === undefined || plain === undefined || one === undefined) {
      throw new Error('a side is missing');
    }
    const what = `open to first frame, ${placement}`;
    return [compare(what, rtap, plain, 1.5), compare(what, rtap, one)];
  } finally {
    await close(sides);
  }
}

/** What many devices cost. */
export interface Many {
  /** What one event costs, beside one device. */
  readonly comparisons: readonly Comparison[];
  /** What a device adds to its process, in bytes. */
  readonly process: PerDevice;
  /** What a device adds to the kernel, in bytes. */
  readonly kernel: PerDevice;
}

/** One event with many devices in one process, beside one with one device; and what they hold. */
export async function manyDevices({ rounds, events }: Contest, count: number): Promise<Many> {
  const sides = await open([
    { side: 'rtap', devices: 1 },
    { side: 'rtap', devices: 1 },
  ]);
  try {
    const [many] = sides;
    if (many === undefined) throw new Error('there is no arena');
    // Warm first: what code and its compilers take is not the devices'.
    await inTurn(sides, WARM_UP, ({ arena, index }) => arena.hear(index, events, PAUSE));
    const before = parse(await many.arena.memory());
    const kernelBefore = kernelMemory();
    await many.arena.devices(count);
    const kernelAfter = kernelMemory();
    const after = parse(await many.arena.memory());

    const told = await inTurn(sides, rounds, ({ arena, index }) =>
      arena.hear(index, events, PAUSE),
    );
    const cost = (part: (heard: Heard) => number) =>
      told.map((heard, side) => ({
        name: side === 0 ? `${count} devices` : '1 device',
        rounds: heard.map(part),
      }));
    return {
      comparisons: [
        compareAll(
          'an event, processor time of the process',
          cost((heard) => heard.listenerCpu),
          2,
        ),
        compareAll(
          'an event, processor time of the sender',
          cost((heard) => heard.senderCpu),
          2,
        ),
      ],
      process: perDevice(before, after, count - 1),
      kernel: perDevice(kernelBefore, kernelAfter, count - 1),
    };
  } finally {
    await close(sides);
  }
}

interface Placed {
  readonly arena: Arena;
  /** Of its first device; 0 when it has none. */
  readonly index: number;
}

async function open(
  wanted: readonly { side: Side; devices: number }[],
  work = 0,
): Promise<Placed[]> {
  const sides: Placed[] = [];
  try {
    for (const { side, devices } of wanted) {
      const arena = await Arena.create(side, work);
      sides.push({ arena, index: 0 });
      if (devices > 0) sides.splice(-1, 1, { arena, index: await arena.devices(devices) });
    }
    return sides;
  } catch (error) {
    await close(sides);
    throw error;
  }
}

async function close(sides: readonly Placed[]): Promise<void> {
  for (const { arena } of sides) await arena.close();
}

/** Visits all in turn; what came of it, by side and round. */
async function inTurn<Result>(
  sides: readonly Placed[],
  rounds: number,
  visit: (side: Placed) => Promise<Result>,
): Promise<Result[][]> {
  const visits = sides.map((side) => () => visit(side));
  const again = (done: number): boolean => done < rounds;
  const results = await takeRounds(visits, { warmUp: WARM_UP, again });
  return results.map((told) => told.flat());
}

function compareAll(
  what: string,
  [value, yardstick]: readonly { readonly name: string; readonly rounds: readonly number[] }[],
  target?: number,
): Comparison {
  if (value === undefined || yardstick === undefined) throw new Error('a side is missing');
  return compare(what, value, yardstick, target);
}

function parse(json: string): PerDevice {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`no memory: ${json}`);
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, Number(value)]));
}
