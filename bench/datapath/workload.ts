/**
 * What a workload is, and running it.
 *
 * @module
 */

import { Absence } from './absence.ts';
import {
  contest,
  type Answer,
  type Extent,
  type Player,
  type Question,
  type Series,
  type Target,
} from './contest.ts';

/** How much is done in a visit. */
export interface Sizes {
  /** Fillings of a queue with 512 frames; as many frames are sent where sending is measured. */
  readonly chunks: number;
  /** Pings. */
  readonly pings: number;
  /** Seconds of TCP. */
  readonly seconds: number;
}

/** A player who holds things. */
export interface Contestant extends Player {
  /** Lets go of them. */
  readonly close: () => Promise<void>;
}

/** What the project wants of one contender. */
export interface Goal {
  /** Whose. */
  readonly value: string;
  /** Of which figure. */
  readonly figure: string;
  /** What. */
  readonly target: Target;
  /** Beside whom; the workload's yardstick when left out. */
  readonly beside?: string;
}

/** Something to be measured. */
export interface Workload {
  /** What the tables call it. */
  readonly name: string;
  /** Who all others are compared with. */
  readonly yardstick: string;
  /** Who some of them are compared with instead. */
  readonly yardsticks?: ReadonlyMap<string, string>;
  /** The figures by which they are. */
  readonly figures: readonly string[];
  /** What the project wants; goals of those who don't take part are left out. */
  readonly goals: readonly Goal[];
  /** Opens the contenders, each in its turn; one that rejects with an {@link Absence} is left out. */
  readonly contestants: readonly (() => Promise<Contestant>)[];
}

/** Who cannot take part. */
export interface Absent {
  /** What the tables would have called it. */
  readonly name: string;
  /** Why. */
  readonly reason: string;
}

/** What came out of one. */
export interface WorkloadResult {
  /** The workload's name. */
  readonly name: string;
  /** How many rounds there were. */
  readonly rounds: number;
  /** All figures. */
  readonly series: readonly Series[];
  /** All comparisons. */
  readonly answers: readonly Answer[];
  /** Who could not take part. */
  readonly absent: readonly Absent[];
}

/** Runs one. */
export async function runWorkload(workload: Workload, extent: Extent): Promise<WorkloadResult> {
  const contestants: Contestant[] = [];
  const absent: Absent[] = [];
  try {
    for (const open of workload.contestants) {
      try {
        contestants.push(await open());
      } catch (error) {
        if (!(error instanceof Absence)) throw error;
        absent.push({ name: error.contender, reason: error.message });
      }
    }
    const names = contestants.map(({ name }) => name);
    const { series, answers } = await contest(contestants, questions(workload, names), extent);
    return {
      name: workload.name,
      rounds: series[0]?.rounds.length ?? 0,
      series,
      answers,
      absent,
    };
  } finally {
    for (const { close } of contestants) await close();
  }
}

/** Everybody is compared with a yardstick, and where there is a goal beside another also with that one. */
function questions(workload: Workload, names: readonly string[]): Question[] {
  const { figures, goals } = workload;
  const asked = names.flatMap((value) => {
    const yardstick = workload.yardsticks?.get(value) ?? workload.yardstick;
    if (value === yardstick || !names.includes(yardstick)) return [];
    return figures.map((figure): Question => {
      const goal = goals.find(
        (each) => each.value === value && each.figure === figure && each.beside === undefined,
      );
      return { figure, value, yardstick, ...(goal === undefined ? {} : { target: goal.target }) };
    });
  });
  const beside = goals.flatMap(({ value, figure, target, beside: other }): Question[] =>
    other !== undefined && names.includes(value) && names.includes(other)
      ? [{ figure, value, yardstick: other, target }]
      : [],
  );
  return [...asked, ...beside];
}
