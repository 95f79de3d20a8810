/**
 * Packages of Debian, of any architecture and release, unpacked into a folder: nothing is installed, and apt's own
 * lists and settings stay as they are.
 * @module
 */

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Missing } from '../run/missing.mjs';
import { capture, Failed, step } from '../run/process.mjs';

/** @typedef {Record<string, string | undefined>} Environment */

/** Where apt keeps the machine's sources in the format of deb822. */
const SOURCES = '/etc/apt/sources.list.d/debian.sources';

/**
 * Downloads packages and unpacks them into `folder/root`; what is there already stays.
 * @param {string} folder of this release and purpose
 * @param {{ packages: readonly string[], dependencies?: readonly string[], release?: string }} what
 *   `packages` alone, such as `musl:arm64`; `dependencies` with all that they need and the machine lacks; of the
 *   machine's own release unless another one is named
 * @param {Environment} env
 * @returns {Promise<string>} the root
 */
export async function unpack(folder, { packages, dependencies = [], release }, env) {
  const root = join(folder, 'root');
  const done = join(folder, 'done');
  const key = JSON.stringify([packages, dependencies, release]);
  if (existsSync(done) && readFileSync(done, 'utf8') === key) return root;
  if (!existsSync(SOURCES)) {
    throw new Missing(
      'the Rust of this machine lacks a target, and without rustup only Debian has it as packages.',
      'use rustup (https://rustup.rs), or run this on Debian 12.',
    );
  }
  const archives = join(folder, 'cache/archives');
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'sources', 'root']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'sources/debian.sources'), sources(release));
  const options = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${join(folder, 'sources')}`,
    `Dir::State=${join(folder, 'state')}`,
    // What is installed counts for dependencies of the machine's own architecture.
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(folder, 'cache')}`,
    'APT::Architectures::=amd64',
    'APT::Architectures::=arm64',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const label = `getting ${[...dependencies, ...packages].join(', ')}`;
  const about = { label, patience: 5000 };
  /** @param {readonly string[]} args */
  const apt = (args) =>
    step(about, 'apt-get', ['--quiet', ...options, ...args], { cwd: archives, env });
  await apt(['update']);
  if (dependencies.length > 0) {
    await apt(['install', '--download-only', '--yes', '--no-install-recommends', ...dependencies]);
  }
  await apt(['download', ...packages]);
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    const { code, stderr } = capture('dpkg', ['-x', file, root], { cwd: archives, env });
    if (code !== 0) throw new Failed(`dpkg -x ${file}: ${stderr}`, code);
  }
  writeFileSync(done, key);
  return root;
}

/**
 * The machine's sources, or those of another release at the same place.
 * @param {string | undefined} release
 */
function sources(release) {
  const own = readFileSync(SOURCES, 'utf8');
  if (release === undefined) return own;
  return own.replaceAll(/^Suites:.*$/gm, (line) =>
    line.includes('-security') ? `Suites: ${release}-security` : `Suites: ${release}`,
  );
}
