/**
 * Brings a checkout to where things run: pnpm, dependencies, Node 24 first on PATH, the native addon.
 * What is in place already is left alone, without a network.
 * @module
 */

import { createHash } from 'node:crypto';
import { accessSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { checkRust, find } from './machine.mjs';
import { Missing } from './missing.mjs';
import { capture, Failed, step } from './process.mjs';

/** @typedef {Record<string, string | undefined>} Environment */

/** @typedef {{ key: string, pnpm: string, node: string }} Stamp what the last good installation was */

/**
 * Sets the checkout up for running its tools.
 * @param {string} root
 * @param {Environment} given
 * @param {{ native: boolean }} options whether the native addon is needed
 * @returns {Promise<{ env: Environment, node: string }>} what to run programs with
 */
export async function prepare(root, given, { native }) {
  const env = { ...given, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };
  const cargoFolder = native ? checkRust(env, root) : undefined;
  if (cargoFolder !== undefined) addToPath(env, cargoFolder);

  const stampFile = join(root, 'node_modules/.rtap-setup.json');
  const key = installationKey(root);
  let stamp = readStamp(stampFile);

  const pnpm = isPinned(stamp?.pnpm, root) ? stamp.pnpm : await fetchPnpm(root, env);
  addToPath(env, pnpm);
  if (stamp?.key !== key || stamp.pnpm !== pnpm || !existsSync(stamp.node)) {
    await step(
      { label: 'installing dependencies', note: 'about a minute the first time' },
      join(pnpm, 'pnpm'),
      ['install', '--frozen-lockfile', '--prefer-offline', '--config.confirmModulesPurge=false'],
      { cwd: root, env },
    );
    stamp = { key, pnpm, node: chooseNode(root, env) };
    writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);
  }

  addToPath(env, join(root, 'node_modules/.bin'));
  if (dirname(stamp.node) !== join(root, 'node_modules/.bin')) addToPath(env, dirname(stamp.node));
  if (!native) return { env, node: stamp.node };
  await step(
    {
      label: 'building the native addon',
      note: 'Rust, about a minute the first time',
      patience: 1500,
    },
    join(root, 'node_modules/.bin/turbo'),
    ['run', 'build:native', '--output-logs=new-only'],
    { cwd: root, env },
  );
  return { env, node: stamp.node };
}

/**
 * @param {Environment} env
 * @param {string} folder
 */
function addToPath(env, folder) {
  env.PATH = `${folder}${delimiter}${env.PATH ?? ''}`;
}

/**
 * @param {string} file
 * @returns {Stamp | undefined}
 */
function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Changes when an installation would change: the lock file, the workspace, any package.json, or the
 * place of the checkout.
 * @param {string} root
 */
function installationKey(root) {
  const hash = createHash('sha256').update(root);
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  for (const folder of ['.', ...workspaceFolders(root, workspace)]) {
    const file = join(root, folder, 'package.json');
    if (existsSync(file)) hash.update(`${folder}\n`).update(readFileSync(file));
  }
  return hash
    .update(workspace)
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
}

/**
 * The members of a workspace: lines like `- packages/*` below `packages:`.
 * @param {string} root
 * @param {string} workspace text of pnpm-workspace.yaml
 */
export function workspaceFolders(root, workspace) {
  const list = /^packages:\n((?: +- .*\n)+)/m.exec(workspace)?.[1] ?? '';
  return list
    .split('\n')
    .map((line) => line.replace(/^ +- /, '').replaceAll(/['"]/g, '').trim())
    .filter((pattern) => pattern !== '')
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!existsSync(join(root, parent))) return [];
      return readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${parent}/${entry.name}`)
        .toSorted();
    });
}

/**
 * The pnpm that package.json pins, as `name@version`.
 * @param {string} root
 */
function pinned(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return String(packageManager).replace(/\+.*$/, '');
}

/**
 * Whether that folder still holds the pinned pnpm; it is one of npx's cache.
 * @param {string | undefined} folder
 * @param {string} root
 * @returns {folder is string}
 */
function isPinned(folder, root) {
  if (folder === undefined) return false;
  try {
    accessSync(join(folder, 'pnpm'));
    const { name, version } = JSON.parse(
      readFileSync(join(folder, '../pnpm/package.json'), 'utf8'),
    );
    return `${name}@${version}` === pinned(root);
  } catch {
    return false;
  }
}

/**
 * Has npx fetch the pinned pnpm; the folder of its program stays valid as long as npx's cache does.
 * `--allow-scripts` lets pnpm put its binary in place where npm blocks install scripts.
 * @param {string} root
 * @param {Environment} env
 */
async function fetchPnpm(root, env) {
  if (find('npx', env) === undefined) {
    throw new Missing(
      'npm (its npx) was not found beside Node.',
      'install npm of your distribution, or Node with npm from https://nodejs.org, then run this again.',
    );
  }
  const place = { cwd: root, env };
  const npx = ['--yes', '--prefer-offline', '--allow-scripts=pnpm', '--package', pinned(root)];
  await step(
    { label: 'fetching pnpm', patience: 1500 },
    'npx',
    [...npx, '-c', 'pnpm --version'],
    place,
  );
  const { stdout } = capture('npx', [...npx, '-c', 'command -v pnpm'], place);
  const file = stdout.trim().split('\n').at(-1) ?? '';
  if (!isPinned(dirname(file), root)) throw new Failed(`rtap: npx gave no pnpm (${file})`, 1);
  return dirname(file);
}

/**
 * The Node to run tools and TypeScript sources with: that of the node-linux-* packages, or, on a machine
 * they do not fit, this one.
 * @param {string} root
 * @param {Environment} env
 */
function chooseNode(root, env) {
  const own = join(root, 'node_modules/.bin/node');
  if (existsSync(own) && capture(own, ['--version'], { cwd: root, env }).code === 0) return own;
  // npm puts it first on PATH for every script, so what does not run here must go.
  rmSync(own, { force: true });
  // Types are stripped from 22.18 and 23.6 on.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
    return process.execPath;
  }
  throw new Missing(
    `there is no Node for ${process.arch} and this C library on npm, and Node ${process.versions.node} does not run TypeScript.`,
    'get Node 24 of your distribution, put it first on PATH, then run this again.',
  );
}
