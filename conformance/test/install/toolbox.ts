/**
 * The Nodes and package managers that users have, from the registry, in `.rtap/install-test`.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, '.rtap/install-test');

/** A Node, and the npm that comes with it: the oldest that works, and those that are kept. */
export const nodes = [
  { version: '20.19.0', npm: '10.8.2' },
  { version: '22.23.3', npm: '10.9.9' },
  { version: '24.21.0', npm: '11.21.2' },
  { version: '26.10.0', npm: '12.2.0' },
] as const;

/** The pnpm that is a program for Node, whichever that is. */
const PNPM = '10.34.8';

/** What a package manager's own package has. */
const PROGRAMS = {
  npm: 'node_modules/npm-VERSION/bin/npm-cli.js',
  npx: 'node_modules/npm-VERSION/bin/npx-cli.js',
} as const;

/** One of {@link nodes}. */
export type NodeVersion = (typeof nodes)[number];

/** Fetches all, once. Needs the registry that npm is configured with. */
export async function fetchToolbox(): Promise<void> {
  // As npm's own packages of it are called; they hold a Node and no npm.
  const platform = `node-linux-${process.arch}`;
  const dependencies = Object.fromEntries([
    ...nodes.map(({ version }) => [`node-${version}`, `npm:${platform}@${version}`]),
    ...nodes.map(({ npm }) => [`npm-${npm}`, `npm:npm@${npm}`]),
    ['pnpm', PNPM],
  ]);
  const manifest = JSON.stringify({ private: true, dependencies });
  const key = createHash('sha256').update(manifest).digest('hex');
  const done = join(FOLDER, 'done');
  if (existsSync(done) && readFileSync(done, 'utf8') === key) return;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), manifest);
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-bin-links', '--no-audit'];
  await command('npm', ['install', ...flags, '--no-fund', '--no-package-lock', '--force'], {
    cwd: FOLDER,
    env: process.env,
    timeout: 300_000,
  });
  writeFileSync(done, key);
}

/** Where a Node's program is. */
export function nodeProgram({ version }: NodeVersion): string {
  return join(FOLDER, `node_modules/node-${version}/bin/node`);
}

/** The scripts behind `npm`, `npx` and `pnpm` of one who has this Node. */
export function managerScripts({ npm }: NodeVersion): Readonly<Record<string, string>> {
  return {
    npm: join(FOLDER, PROGRAMS.npm.replace('VERSION', npm)),
    npx: join(FOLDER, PROGRAMS.npx.replace('VERSION', npm)),
    pnpm: join(FOLDER, 'node_modules/pnpm/bin/pnpm.cjs'),
  };
}

/** Why there is no registry to fetch from, if there is none. */
export async function missingRegistry(): Promise<string | undefined> {
  try {
    const args = ['view', 'commander', 'name', '--prefer-online', '--fetch-retries=0'];
    await command('npm', args, { env: process.env, timeout: 60_000 });
    return undefined;
  } catch {
    return "the registry that npm is configured with can't be reached";
  }
}
