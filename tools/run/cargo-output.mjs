/**
 * Reads what `cargo test -- --show-output` prints.
 * @module
 */

/** @typedef {{ passed: number, failed: number, skipped: number, reasons: Record<string, number> }} Counts */

/**
 * Counts the results of all test programs. A Rust test cannot skip itself: one that finds that it
 * cannot run prints a line `skipped: REASON` and returns, and counts as skipped here.
 * @param {string} output
 * @returns {Counts}
 */
export function countCargoTests(output) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, reasons: {} };
  /** @param {string} reason */
  const skip = (reason) => {
    counts.skipped += 1;
    counts.reasons[reason] = (counts.reasons[reason] ?? 0) + 1;
  };

  let inSuccesses = false;
  let skipSeen = true;
  for (const line of output.split('\n')) {
    const result = /^test result: \S+ (\d+) passed; (\d+) failed; (\d+) ignored;/.exec(line);
    const ignored = /^test .+ \.\.\. ignored(?:, (.*))?$/.exec(line);
    const reason = /^skipped: (.*)$/.exec(line)?.[1];
    if (result !== null) {
      counts.passed += Number(result[1]);
      counts.failed += Number(result[2]);
      inSuccesses = false;
    } else if (ignored !== null) {
      skip(ignored[1] ?? 'ignored');
    } else if (line === 'successes:') {
      inSuccesses = true;
    } else if (line === 'failures:') {
      inSuccesses = false;
    } else if (/^---- .+ stdout ----$/.test(line)) {
      skipSeen = false;
    } else if (reason !== undefined && inSuccesses && !skipSeen) {
      skipSeen = true;
      skip(reason);
      counts.passed -= 1;
    }
  }
  return counts;
}
