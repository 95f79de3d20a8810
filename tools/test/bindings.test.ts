/**
 * The search for `unsafe` in the addon's crate.
 * @module
 */

import { expect, it } from 'vitest';

import { findUnsafe } from '../check/bindings.mjs';

it('finds the keyword, and no other use of the word', () => {
  const source = [
    '//! Nothing unsafe here.',
    '#![deny(unsafe_op_in_unsafe_fn)]',
    '/* unsafe',
    '   unsafe */ fn a() {}',
    'const A: &str = "unsafe \\" unsafe";',
    'fn b() { unsafe { c() } }',
    'unsafe impl Send for D {}',
    'let url = "https://unsafe"; unsafe { e() } // why',
  ].join('\n');
  expect(findUnsafe(source)).toEqual([6, 7, 8]);
});
