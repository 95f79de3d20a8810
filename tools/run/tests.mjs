/**
 * `npm test`: the tests of Rust, then those of TypeScript, and one line that adds them up.
 * @module
 */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { countCargoTests } from './cargo-output.mjs';
import { ended, foreground, forwardSignals } from './process.mjs';

/** @typedef {import('./cargo-output.mjs').Counts} Counts */

/** @typedef {{ root: string, env: Record<string, string | undefined>, args: string[] }} Context */

/**
 * Runs all tests, one program after the other: they share two cores and one kernel.
 * @param {Context} context
 */
export async function test(context) {
  const cargo = await cargoTests(context);
  const vitest = await vitestTests(context);
  const reasons = { ...cargo.reasons };
  for (const [reason, count] of Object.entries(vitest.reasons)) {
    reasons[reason] = (reasons[reason] ?? 0) + count;
  }
  return summary(context, {
    passed: cargo.passed + vitest.passed,
    failed: cargo.failed + vitest.failed,
    skipped: cargo.skipped + vitest.skipped,
    reasons,
  });
}

/**
 * `npm run soak`: the test files that have a long version, which are those that ask for RTAP_SOAK.
 * @param {Context} context
 */
export async function soak(context) {
  const env = { ...context.env, RTAP_SOAK: '1' };
  const files = soakFiles(context.root);
  return summary(
    context,
    await vitestTests({ ...context, env, args: [...files, ...context.args] }),
  );
}

/**
 * The test files that mention RTAP_SOAK, from the root of the repository.
 * @param {string} root
 */
export function soakFiles(root) {
  const folders = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  return [...folders, 'conformance', 'bench', 'tools']
    .map((folder) => join(folder, 'test'))
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => join(folder, file)),
    )
    .filter((file) => readFileSync(join(root, file), 'utf8').includes("process.env['RTAP_SOAK']"))
    .toSorted();
}

/**
 * Says what was skipped and why, and one line that adds all up; returns the exit code.
 * @param {Context} context
 * @param {Counts} total
 */
function summary(context, { reasons, ...total }) {
  if (total.skipped > 0) console.log('\nSkipped:');
  for (const [reason, count] of Object.entries(reasons).toSorted(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(6)}  ${reason}`);
  }
  const refused = context.env.RTAP_STRICT_SKIPS === '1' ? refusedReasons(reasons) : [];
  if (refused.length > 0) {
    console.log('\nRTAP_STRICT_SKIPS allows only reasons that begin with "kernel lacks".');
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || refused.length > 0 ? 1 : 0;
}

/**
 * The reasons for which a test may not be skipped where everything is installed.
 * @param {Record<string, number>} reasons
 */
export function refusedReasons(reasons) {
  return Object.keys(reasons).filter((reason) => !reason.startsWith('kernel lacks'));
}

/**
 * @param {Context} context
 * @returns {Promise<Counts>}
 */
async function cargoTests({ root, env }) {
  // The addon's own crate only links inside Node; it is tested from TypeScript.
  const args = ['test', '--workspace', '--exclude', 'rtap-napi', '--locked', '--no-fail-fast'];
  const child = spawn('cargo', [...args, '--', '--show-output'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = ended(child);
  const stop = forwardSignals(child, { insist: false });
  /** @type {string[]} */
  const lines = [];
  let hidden = false;
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    // What tests print that pass, and their names once more, are only for counting.
    if (line === 'successes:') hidden = true;
    else if (line === 'failures:' || line.startsWith('test result:')) hidden = false;
    if (!hidden) console.log(line);
  }
  const { code } = await end;
  stop();
  return orFailed(countCargoTests(lines.join('\n')), code, 'cargo test');
}

/**
 * @param {Context} context
 * @returns {Promise<Counts>}
 */
async function vitestTests({ root, env, args }) {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-test-'));
  const file = join(folder, 'summary.json');
  try {
    const reporters = ['--reporter=default', '--reporter=./tools/summary-reporter.mjs'];
    const plain = process.stdout.isTTY ? [] : ['--no-color'];
    const code = await foreground('vitest', ['run', ...plain, ...reporters, ...args], {
      cwd: root,
      env: { ...env, RTAP_SUMMARY_FILE: file },
    });
    return orFailed(readCounts(file), code, 'vitest');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {Counts}
 */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0, reasons: {} };
  }
}

/**
 * A program that failed without a failed test (it did not compile, it crashed) is one failure.
 * @param {Counts} counts
 * @param {number} code
 * @param {string} program
 */
function orFailed(counts, code, program) {
  if (code === 0 || counts.failed > 0) return counts;
  console.log(`\n${program} ended with code ${code}: counted as a failure`);
  return { ...counts, failed: 1 };
}
