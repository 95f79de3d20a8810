/**
 * Rounds in which all that are measured have their turn.
 *
 * @module
 */

/** What came out so far: by who was visited, by round, by visit. */
export type RoundResults<Result> = readonly (readonly (readonly Result[])[])[];

/** How rounds are taken. */
export interface RoundOptions<Result> {
  /**
   * How often each is visited before the first round; these don't count: compilers of JavaScript take their time.
   *
   * @default 0
   */
  readonly warmUp?: number;
  /**
   * How often each is visited in a round.
   *
   * @default 1
   */
  readonly visits?: number;
  /** Whether there is to be another round, asked before each: behind so many, with such results. */
  readonly again: (rounds: number, results: RoundResults<Result>) => boolean;
}

/**
 * Visits all in turn, one at work at a time, round by round: what disturbs a round disturbs all. The visits of a round
 * go forth and back, so that what changes slowly does to all the same.
 *
 * @param players - who is visited: each has something done, and tells what came of it.
 * @returns what they told: by player, by round, by visit.
 * @throws what a visit, or `again`, throws.
 */
export async function takeRounds<Result>(
  players: readonly (() => Promise<Result>)[],
  { warmUp = 0, visits = 1, again }: RoundOptions<Result>,
): Promise<Result[][][]> {
  for (let visit = 0; visit < warmUp; visit += 1) {
    // oxlint-disable-next-line no-await-in-loop -- two at work at once would disturb each other
    for (const player of players) await player();
  }
  const results = players.map((): Result[][] => []);
  for (let rounds = 0; again(rounds, results); rounds += 1) {
    const round = players.map((player, index) => {
      const told: Result[] = [];
      results[index]?.push(told);
      return { player, told };
    });
    for (let visit = 0; visit < visits; visit += 1) {
      for (const { player, told } of visit % 2 === 0 ? round : round.toReversed()) {
        // oxlint-disable-next-line no-await-in-loop -- as above
        told.push(await player());
      }
    }
  }
  return results;
}
