/**
 * The contest: all in turn, round by round, until the ratios that decide something are known well enough.
 *
 * @module
 */

import {
  median,
  medianInterval,
  pairedRatio,
  takeRounds,
  type Interval,
  type Ratio,
  type RoundResults,
} from '@rtap/cli/bench';

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
  const names = players.map(({ name }) => name);
  let answers: Answer[] = [];
  const again = (rounds: number, results: RoundResults<Figures>): boolean => {
    if (rounds < least) return rounds < most;
    const series = seriesOf(names, results);
    answers = questions.flatMap((question) => answersTo(question, series));
    const decided = answers.every(
      ({ interval, target }) => target === undefined || narrow(interval, target),
    );
    return rounds < most && !decided;
  };
  const results = await takeRounds(
    players.map(({ visit }) => visit),
    { warmUp, visits, again },
  );
  return { series: seriesOf(names, results), answers };
}

function seriesOf(names: readonly string[], results: RoundResults<Figures>): Series[] {
  return names.flatMap((name, player) => {
    const told = results[player] ?? [];
    return Object.keys(told[0]?.[0] ?? {}).map((figure): Series => {
      const rounds = told.map((visits) => median(visits.map((each) => each[figure] ?? NaN)));
      const [min, max] = [Math.min(...rounds), Math.max(...rounds)];
      return { name, figure, median: median(rounds), min, max, rounds };
    });
  });
}

/** One, or none: not everybody has every figure, a cable takes no processor time. */
function answersTo(question: Question, series: readonly Series[]): Answer[] {
  const { figure, value, yardstick, target } = question;
  const roundsOf = (who: string): readonly number[] | undefined =>
    series.find((each) => each.name === who && each.figure === figure)?.rounds;
  const [values, measures] = [roundsOf(value), roundsOf(yardstick)];
  if (values === undefined || measures === undefined) return [];
  const ratio = pairedRatio(values, measures);
  const interval = medianInterval(values.map((each, round) => each / (measures[round] ?? NaN)));
  const verdict = target === undefined ? {} : { verdict: verdictOf(interval, target) };
  return [{ ...question, ratio, interval, ...verdict }];
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
