/**
 * What `npm test` counts of cargo's output.
 * @module
 */

import { expect, it } from 'vitest';

import { countCargoTests } from '../run/cargo-output.mjs';
import { refusedReasons } from '../run/tests.mjs';

const output = `
running 5 tests
test adds ... ok
test needs_a_kernel ... ok
test later ... ignored, needs a day
test never ... ignored
test breaks ... FAILED

successes:

---- needs_a_kernel stdout ----
skipped: kernel lacks USO
skipped: kernel lacks USO

---- adds stdout ----
this one was not skipped: it says so

successes:
    adds
    needs_a_kernel

failures:

---- breaks stdout ----
skipped: not really

failures:
    breaks

test result: FAILED. 2 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 1 test
test src/lib.rs - add (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
`;

it('adds up test programs and tells the skipped from the passed', () => {
  expect(countCargoTests(output)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 3,
    reasons: { 'needs a day': 1, ignored: 1, 'kernel lacks USO': 1 },
  });
});

it('counts nothing when nothing was compiled', () => {
  expect(countCargoTests('error: could not compile')).toEqual({
    passed: 0,
    failed: 0,
    skipped: 0,
    reasons: {},
  });
});

it('allows only what the kernel lacks', () => {
  expect(refusedReasons({ 'kernel lacks USO': 2, 'needs root': 1 })).toEqual(['needs root']);
});
