import { expect, test } from 'vitest';

import { takeRounds } from '../src/bench/rounds.ts';

/** Players who tell how often they were visited, and note that they were. */
function players(visits: string[], ...names: readonly string[]): (() => Promise<string>)[] {
  return names.map((name) => {
    let visited = 0;
    return async () => {
      visits.push(name);
      visited += 1;
      return `${name}${visited}`;
    };
  });
}

test('visits of a round go forth and back, and results are by player, round and visit', async () => {
  const visits: string[] = [];
  const results = await takeRounds(players(visits, 'a', 'b'), {
    visits: 3,
    again: (rounds) => rounds < 2,
  });
  expect(visits.join(' ')).toBe('a b b a a b a b b a a b');
  expect(results).toEqual([
    [
      ['a1', 'a2', 'a3'],
      ['a4', 'a5', 'a6'],
    ],
    [
      ['b1', 'b2', 'b3'],
      ['b4', 'b5', 'b6'],
    ],
  ]);
});

test('what warms up is done once for each visit, and does not count', async () => {
  const visits: string[] = [];
  const options = { warmUp: 2, visits: 3, again: (rounds: number) => rounds < 1 };
  const results = await takeRounds(players(visits, 'a', 'b'), options);
  expect(visits.join(' ')).toBe('a b a b a b b a a b');
  expect(results).toEqual([[['a3', 'a4', 'a5']], [['b3', 'b4', 'b5']]]);
});

test('before each round it is asked whether there is to be one, and told what came of those before', async () => {
  const asked: string[] = [];
  await takeRounds(players([], 'a'), {
    again: (rounds, results) => {
      asked.push(`${rounds}: ${results.flat(2).join(' ')}`);
      return results.flat(2).at(-1) !== 'a2';
    },
  });
  expect(asked).toEqual(['0: ', '1: a1', '2: a1 a2']);
});

test('no round when none is wanted; one that fails ends them', async () => {
  const visits: string[] = [];
  expect(await takeRounds(players(visits, 'a', 'b'), { again: () => false })).toEqual([[], []]);
  expect(visits).toEqual([]);
  const failing = async (): Promise<string> => Promise.reject(new Error('no answer'));
  const all = [...players(visits, 'a'), failing, ...players(visits, 'b')];
  await expect(takeRounds(all, { again: () => true })).rejects.toThrow('no answer');
  expect(visits).toEqual(['a']);
});
