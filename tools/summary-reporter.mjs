/**
 * Vitest reporter that writes the counts, and why tests were skipped, as JSON to the file that
 * RTAP_SUMMARY_FILE names; the runner adds them to those of cargo.
 * @module
 */

import { writeFileSync } from 'node:fs';

/** Counts tests; a file or suite that fails outside its tests, and an unhandled error, is a failure. */
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.RTAP_SUMMARY_FILE;
    if (file === undefined) return;
    /** @type {import('./run/cargo-output.mjs').Counts} */
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0, reasons: {} };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else {
          const reason = skipReason(test);
          counts.skipped += 1;
          counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
        }
      }
    }
    writeFileSync(file, `${JSON.stringify(counts)}\n`);
  }
}

/**
 * The note of `context.skip(note)`, or what else kept the test from running.
 * @param {import('vitest/node').TestCase} test
 */
function skipReason(test) {
  const result = test.result();
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  if (test.options.mode === 'todo') return 'still to be written (test.todo)';
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) {
    if (parent.errors().length > 0) return 'a hook of its suite failed';
  }
  if (test.module.errors().length > 0) return 'a hook of its file failed';
  return result.state === 'skipped' ? 'no reason given (test.skip, -t or .only)' : 'did not run';
}
