import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, parityPage } from './catalogue.ts';

const titles = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts') && file !== 'catalogue.test.ts')
  .flatMap((file) => [
    ...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(
      /^ +(?:test|it)\((?:'([^'\n]*)'|"([^"\n]*)"),/gm,
    ),
  ])
  .map(([, single, double]) => single ?? double ?? '');

const numbered = (prefix: string, first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${prefix}${first + index}`);

describe('the catalogue of parity', () => {
  it('has each case and each defect once, in order', () => {
    expect(catalogue.map(({ id }) => id)).toEqual([
      ...numbered('case ', 0, 31),
      ...numbered('L', 1, 21),
      ...numbered('D', 1, 22),
    ]);
  });

  it('has a test of its name for each entry that is tested, and for none that is not', () => {
    const tested = catalogue.filter(({ status }) => status === 'tested').map(({ test }) => test);
    expect(titles.toSorted()).toEqual(tested.toSorted());
  });

  it('is what the page shows', async () => {
    await expect(parityPage()).toMatchFileSnapshot('../../../docs/parity.md');
  });
});
