/**
 * The contest: all in turn, round by round, until the ratios that decide something are known well enough.
 *
 * @module
 */

import { median, medianInterval, pairedRatio, type Interval, type Ratio } from '@rtap/cli/bench';

/** Figures of a visit, by their unit. */
export type Figures = Readonly<Record<string, number>>;

/** One who is measured. */
export interface Player {
  /** What the tables call it. */
  readonly name: string;
  /** Has it work once; nobody else is at work meanwhile. */
  readonly visit: () => Promise<Figures>;
}

/** What a ratio is to reach. */
export type Target = { readonly least: number } | { readonly most: number };

/** Two who are compared by one figure. */
export interface Question {
  /** The unit of the figure. */
  readonly figure: string;
  /** Who is judged. */
  readonly value: string;
  /** By whom. */
  readonly yardstick: string;
  /** What the project wants. */
  readonly target?: Target;
}

/** A question and what came out. */
export interface Answer extends Question {
  /** Value over yardstick, round by round. */
  readonly ratio: Ratio;
  /** Where the median of the ratios is. */
  readonly interval: Interval;
  /** Whether the target is reached; without one, nothing is judged. */
  readonly verdict?: Verdict;
}

/** How a target was judged. */
type Verdict = 'met' | 'missed' | 'not decided here';

/** A figure of a player, by round. */
export interface Series {
  /** Who. */
  readonly name: string;
  /** The unit. */
  readonly figure: string;
  /** Median of the rounds. */
  readonly median: number;
  /** The least of them. */
  readonly min: number;
  /** The greatest of them. */
  readonly max: number;
  /** Each the median of the round's visits. */
  readonly rounds: readonly number[];
}

/** How long a contest is. */
export interface Extent {
  /** Rounds that there are in any case. */
  readonly least: number;
  /** Rounds after which there are no more. */
  readonly most: number;
  /** How often each player is visited in a round. */
  readonly visits: number;
  /** How often each is visited before the first round: compilers of JavaScript take their time. */
  readonly warmUp: number;
}

/** What an interval may be wide, of a target up to 1, and in proportion of a greater one. */
const WIDTH = 0.06;

/** Runs a contest. */
export async function contest(
  players: readonly Player[],
  questions: readonly Question[],
  { least, most, visits, warmUp }: Extent,
): Promise<{ readonly series: Series[]; readonly answers: Answer[] }> {
  for (let visit = 0; visit < warmUp; visit += 1) {
    for (const player of players) await player.visit();
  }
  const told = new Map<string, number[]>();
  let answers: Answer[] = [];
  // Not everybody has every figure: a cable takes no processor time.
  const known = ({ figure, value, yardstick }: Question): boolean =>
    [value, yardstick].every((name) => told.has(keyOf(name, figure)));
  for (let round = 1; round <= most; round += 1) {
    for (const [key, values] of await oneRound(players, visits)) {
      told.set(key, [...(told.get(key) ?? []), median(values)]);
    }
    if (round < least) continue;
    answers = questions.filter(known).map((question) => answer(question, told));
    if (answers.every(({ interval, target }) => target === undefined || narrow(interval, target))) {
      break;
    }
  }
  const series = [...told].map(([key, rounds]): Series => {
    const [name = '', figure = ''] = key.split('\n');
    const [min, max] = [Math.min(...rounds), Math.max(...rounds)];
    return { name, figure, median: median(rounds), min, max, rounds };
  });
  return { series, answers };
}

/** Forth and back, so that what changes slowly does to all the same. */
async function oneRound(
  players: readonly Player[],
  visits: number,
): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>();
  for (let visit = 0; visit < visits; visit += 1) {
    for (const player of visit % 2 === 0 ? players : players.toReversed()) {
      for (const [figure, value] of Object.entries(await player.visit())) {
        const key = keyOf(player.name, figure);
        values.set(key, [...(values.get(key) ?? []), value]);
      }
    }
  }
  return values;
}

function keyOf(name: string, figure: string): string {
  return `${name}\n${figure}`;
}

function answer(question: Question, told: ReadonlyMap<string, readonly number[]>): Answer {
  const { figure, value, yardstick, target } = question;
  const rounds = (name: string): readonly number[] => {
    const found = told.get(keyOf(name, figure));
    if (found === undefined) throw new Error(`${name} told no ${figure}`);
    return found;
  };
  const [values, measures] = [rounds(value), rounds(yardstick)];
  const ratio = pairedRatio(values, measures);
  const interval = medianInterval(values.map((each, round) => each / (measures[round] ?? NaN)));
  const verdict = target === undefined ? {} : { verdict: verdictOf(interval, target) };
  return { ...question, ratio, interval, ...verdict };
}

/** Met when any of the interval reaches it; not decided when that is too wide. */
export function verdictOf(interval: Interval, target: Target): Verdict {
  if (!narrow(interval, target)) return 'not decided here';
  const reached = 'least' in target ? interval.high >= target.least : interval.low <= target.most;
  return reached ? 'met' : 'missed';
}

function narrow({ low, high }: Interval, target: Target): boolean {
  const goal = 'least' in target ? target.least : target.most;
  return high - low <= WIDTH * Math.max(1, goal);
}
