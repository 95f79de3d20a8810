import { describe, expect, it } from 'vitest';

import { contest, verdictOf, type Player } from '../datapath/contest.ts';

/** A player who tells these figures, one a visit, and the last one ever after. */
function player(name: string, values: readonly number[], visits: string[] = []): Player {
  let next = 0;
  return {
    name,
    visit: async () => {
      visits.push(name);
      const speed = values[Math.min(next, values.length - 1)] ?? 0;
      next += 1;
      return { speed };
    },
  };
}

const question = { figure: 'speed', value: 'ours', yardstick: 'C' };
const extent = { least: 7, most: 31, visits: 1, warmUp: 0 };

describe('contest', () => {
  it('ends when the interval is narrow', async () => {
    const players = [player('C', [100]), player('ours', [98])];
    const target = { least: 0.97 };
    const { series, answers } = await contest(players, [{ ...question, target }], extent);
    expect(series.map(({ name, rounds }) => [name, rounds.length])).toEqual([
      ['C', 7],
      ['ours', 7],
    ]);
    expect(answers).toMatchObject([{ verdict: 'met', ratio: { median: 0.98 } }]);
  });

  it('goes on while it is wide, to the end, and then has decided nothing', async () => {
    const wild = Array.from({ length: 40 }, (_, round) => (round % 2 === 0 ? 50 : 150));
    const players = [player('C', [100]), player('ours', wild)];
    const target = { least: 0.97 };
    const { series, answers } = await contest(players, [{ ...question, target }], extent);
    expect(series[0]?.rounds).toHaveLength(31);
    expect(answers).toMatchObject([{ verdict: 'not decided here' }]);
  });

  it('judges nothing without a target, and has no more rounds for it', async () => {
    const wild = Array.from({ length: 40 }, (_, round) => (round % 2 === 0 ? 50 : 150));
    const players = [player('C', [100]), player('ours', wild)];
    const { series, answers } = await contest(players, [question], extent);
    expect(series[0]?.rounds).toHaveLength(7);
    expect(answers[0]).not.toHaveProperty('verdict');
  });

  it('visits forth and back, and takes the median of a round', async () => {
    const visits: string[] = [];
    const players = [player('C', [100], visits), player('ours', [1, 90, 2000], visits)];
    const short = { least: 1, most: 1, visits: 3, warmUp: 1 };
    const { series } = await contest(players, [question], short);
    expect(visits.join(' ')).toBe('C ours C ours ours C C ours');
    // The visit that warms up does not count.
    expect(series[1]?.rounds).toEqual([2000]);
  });

  it('asks nothing about a figure that one of two does not have', async () => {
    const players = [player('C', [100]), player('ours', [98])];
    const { answers } = await contest(players, [{ ...question, figure: 'cost' }], extent);
    expect(answers).toEqual([]);
  });
});

describe('verdictOf', () => {
  it('lets the better end of the interval reach the target', () => {
    expect(verdictOf({ low: 0.92, high: 0.97 }, { least: 0.97 })).toBe('met');
    expect(verdictOf({ low: 0.92, high: 0.969 }, { least: 0.97 })).toBe('missed');
    expect(verdictOf({ low: 1.15, high: 1.2 }, { most: 1.15 })).toBe('met');
    expect(verdictOf({ low: 1.16, high: 1.2 }, { most: 1.15 })).toBe('missed');
  });

  it('decides nothing by a wide one, which for a large target is wide in proportion', () => {
    expect(verdictOf({ low: 0.98, high: 1.05 }, { least: 0.97 })).toBe('not decided here');
    expect(verdictOf({ low: 50, high: 52 }, { least: 40 })).toBe('met');
    expect(verdictOf({ low: 50, high: 53 }, { least: 40 })).toBe('not decided here');
  });
});
