import { describe, expect, it } from 'vitest';
import { examples, examplesOf, judge } from '../examples.mjs';

const source = `
/**
 * Adds.
 *
 * @example
 * import { add } from 'add';
 *
 * console.log(add(1, 2)); // 3
 * @throws never
 */
export function add() {}

/**
 * @example
 * \`\`\`ts
 * console.log('a');
 * console.log('b'); // b
 * \`\`\`
 */
export function other() {}
`;

describe('examplesOf', () => {
  it('finds code with and without fences, to the next tag or the end', () => {
    const [first, second, ...more] = examplesOf(source, 'x.ts');
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      name: 'x.ts 1',
      code: "import { add } from 'add';\n\nconsole.log(add(1, 2)); // 3\n",
      prints: ['3'],
      complete: true,
      privileged: false,
    });
    expect(second).toMatchObject({ prints: ['b'], complete: false });
  });

  it('judges what was written', () => {
    const [first, second] = examplesOf(source, 'x.ts');
    if (first === undefined || second === undefined) throw new Error('no example');
    expect(judge(first, '3\n')).toBeUndefined();
    expect(judge(first, '4\n')).toContain('wanted');
    expect(judge(first, '3\n3\n')).toContain('wanted');
    expect(judge(second, 'whatever\nb\n')).toBeUndefined();
    expect(judge(second, 'a\n')).toContain("'b'");
  });

  it('finds those of the packages', () => {
    const root = new URL('../..', import.meta.url).pathname;
    const names = examples(root).map(({ name }) => name);
    expect(names).toContain('core/src/open-tap.ts 1');
    expect(names.length).toBeGreaterThan(20);
  });
});
