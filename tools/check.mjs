#!/usr/bin/env node
/**
 * Everything a change must pass beside the tests: `pnpm check`, or some of it: `pnpm check lint types`.
 * Every step runs, also after one has failed.
 * @module
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkBindings } from './check/bindings.mjs';
import { binaries } from './check/binaries.mjs';
import { contentProblems } from './check/contents.mjs';
import { pack, packBinaries, publicPackages, unpack } from './check/packed.mjs';
import { measureBundles } from './check/sizes.mjs';
import { capture } from './run/process.mjs';
import { smoke, systemNode } from './smoke.mjs';

const root = join(import.meta.dirname, '..');
const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
const place = { cwd: root, env };
const scratch = mkdtempSync(join(tmpdir(), 'rtap-check-'));

/** @typedef {{ ok: boolean, output: string, figures?: string }} Result */

/**
 * A step that runs programs, one after the other, to the first that fails.
 * @param {...string} lines
 * @returns {() => Result}
 */
function programs(...lines) {
  return () => {
    for (const line of lines) {
      const [file = '', ...args] = line.split(' ');
      const { code, stdout, stderr, error } = capture(file, args, place);
      if (code !== 0) {
        return { ok: false, output: `$ ${line}\n${stdout}${stderr}${error?.message ?? ''}` };
      }
    }
    return { ok: true, output: '' };
  };
}

const build = programs('turbo run build --output-logs=errors-only');

/** Step by step, the quick ones first. @type {Record<string, () => Result | Promise<Result>>} */
const steps = {
  format: programs('prettier --check --cache --log-level=warn .', 'cargo fmt --all --check'),
  lint: programs('oxlint --type-aware --deny-warnings .'),
  layers: programs('node tools/check-layers.mjs'),
  bindings: () => problems(checkBindings(root)),
  nlgen: programs('node tools/nlgen/main.ts --check'),
  manifests: programs('sherif --fail-on-warnings'),
  unused: programs('knip --no-config-hints'),
  types: programs('turbo run typecheck --output-logs=errors-only', 'tsc -p tools'),
  packages: () => {
    const built = build();
    if (!built.ok) return built;
    const folder = join(scratch, 'packages');
    const tarballs = pack(root, folder);
    const wrong = [...packBinaries(root, folder), ...tarballs].flatMap(({ name, file }) => {
      const unpacked = join(folder, 'unpacked', name);
      unpack(file, unpacked);
      const source = publicPackages(root).find((one) => one.name === name);
      return contentProblems(unpacked, Object.keys(source?.manifest.exports ?? {}));
    });
    if (wrong.length > 0) return problems(wrong);
    return programs(
      ...tarballs.map(({ file }) => `publint run ${file} --strict`),
      // In every mode of TypeScript's resolution, from ES modules and from CommonJS.
      ...tarballs.map(({ file }) => `attw ${file} --no-emoji`),
    )();
  },
  sizes: async () => {
    const built = build();
    if (!built.ok) return built;
    const measured = await measureBundles(root);
    return { ...problems(measured.problems), figures: measured.figures };
  },
  binaries: () => {
    const judged = binaries(root);
    return { ...problems(judged.problems), figures: judged.figures };
  },
  smoke: () => {
    const built = build();
    if (!built.ok) return built;
    return problems(smoke(root, join(scratch, 'smoke'), [process.execPath, ...systemNode(root)]));
  },
  clippy: programs(
    'cargo clippy --workspace --all-targets --locked -- -D warnings',
    // On its own, without the feature that the addon turns on.
    'cargo clippy -p rtap-io --all-targets --locked -- -D warnings',
  ),
  docs: programs('typedoc --logLevel Warn'),
};

/**
 * @param {readonly string[]} found
 * @returns {Result}
 */
function problems(found) {
  return { ok: found.length === 0, output: found.join('\n') };
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')} (there are ${Object.keys(steps).join(', ')})`);
  process.exit(2);
}

/** @type {string[]} */
const failed = [];
try {
  for (const [name, run] of Object.entries(steps)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = performance.now();
    // One at a time: their output stays apart, and most use every core.
    // oxlint-disable-next-line no-await-in-loop
    const { ok, output, figures } = await run();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const line = `${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(6)} s`;
    console.log(figures === undefined ? line : `${line}  ${figures}`);
    if (ok) continue;
    failed.push(name);
    console.log(`${output.trimEnd()}\n`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

if (failed.length > 0) {
  console.log(`\n${failed.length} failed: ${failed.join(', ')}`);
  process.exitCode = 1;
} else {
  console.log(`\nall passed (${publicPackages(root).length} packages)`);
}
