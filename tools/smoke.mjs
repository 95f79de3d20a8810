#!/usr/bin/env node
/**
 * Installs the packed packages into an empty project, as a user would, and loads every entry point by
 * import and by require, and runs the examples of the docstrings (those that open devices only as root, in a
 * network namespace of their own): on the Node that runs this, or on those given: `node tools/smoke.mjs [NODE...]`.
 * Wants the packages built (`npm run build`).
 * @module
 */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { pack, packBinaries, publicPackages } from './check/packed.mjs';
import { examples, runExample } from './examples.mjs';
import { find } from './run/machine.mjs';
import { capture } from './run/process.mjs';

/** Entry points that want an optional peer dependency, which the empty project has not. */
const needPeer = new Set(['@rtap/testkit/vitest']);

/** Runs in the project, as an ES module. */
const probe = `
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
for (const entry of process.argv.slice(2)) {
  const names = Object.keys(await import(entry));
  if (names.length === 0) throw new Error(entry + ' exports nothing');
  const required = Object.keys(require(entry)).filter((name) => name !== '__esModule');
  if (required.length !== names.length) throw new Error(entry + ' is another one by require');
}

// This loads the binary.
const { kernel } = await import('@rtap/native');
const inode = await kernel.namespaceInode();
if (inode !== statSync('/proc/self/ns/net', { bigint: true }).ino) throw new Error('wrong namespace: ' + inode);
`;

/**
 * @param {string} root
 * @param {string} folder where to work
 * @param {readonly string[]} nodes
 * @returns {string[]} problems
 */
export function smoke(root, folder, nodes) {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const tarballs = pack(root, folder);
  const binaries = packBinaries(root, folder);
  /** @param {{ name: string, file: string }[]} list */
  const dependencies = (list) =>
    Object.fromEntries(list.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: dependencies(tarballs),
    optionalDependencies: dependencies(binaries),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(project, 'probe.js'), probe);

  const place = { cwd: project, env: process.env };
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const installed = capture('npm', ['install', ...flags, '--ignore-scripts'], place);
  if (installed.code !== 0) return [`npm install: ${installed.stderr}`];

  return nodes.flatMap((node) => {
    const version = capture(node, ['--version'], place).stdout.trim();
    const loaded = capture(node, ['probe.js', ...entryPoints(root)], place);
    const printed = capture(node, ['node_modules/@rtap/cli/dist/bin.js', '--version'], place);
    const wanted = publicPackages(root).find(({ name }) => name === '@rtap/cli')?.manifest.version;
    const shown = capture(
      node,
      ['node_modules/@rtap/cli/dist/bin.js', 'link', 'show', 'lo', '--json'],
      place,
    );
    /** @type {string[]} */
    const problems = [];
    if (!shown.stdout.startsWith('[{"ifindex":1,"ifname":"lo",')) {
      problems.push(`Node ${version}: rtap link show lo printed '${shown.stdout}' ${shown.stderr}`);
    }
    if (loaded.code !== 0) problems.push(`Node ${version}: ${loaded.stderr}`);
    if (printed.stdout.trim() !== wanted) {
      problems.push(
        `Node ${version}: rtap --version printed '${printed.stdout.trim()}' ${printed.stderr}`,
      );
    }
    for (const example of examples(root)) {
      if (example.privileged && process.geteuid?.() !== 0) continue;
      const problem = runExample(node, example, project);
      if (problem !== undefined) problems.push(`Node ${version}: ${example.name}: ${problem}`);
    }
    return problems;
  });
}

/**
 * What users import: every subpath of `exports`.
 * @param {string} root
 */
function entryPoints(root) {
  return publicPackages(root)
    .flatMap(({ name, manifest }) =>
      Object.keys(manifest.exports).map((path) => name + path.slice(1)),
    )
    .filter((entry) => !entry.endsWith('.json') && !needPeer.has(entry));
}

/**
 * The Node of the machine, when another one than this runs the tools.
 * @param {string} root
 * @returns {string[]}
 */
export function systemNode(root) {
  const own = join(root, 'node_modules');
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own));
  const node = find('node', { PATH: folders.join(delimiter) });
  return node === undefined || realpathSync(node) === realpathSync(process.execPath) ? [] : [node];
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'rtap-smoke-'));
  const nodes = process.argv.length > 2 ? process.argv.slice(2) : [process.execPath];
  try {
    const problems = smoke(dirname(import.meta.dirname), folder, nodes);
    for (const problem of problems) console.error(problem);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(`the packed packages load (${nodes.join(', ')})`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
