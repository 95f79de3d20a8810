/**
 * What compiles for a platform: zig as the linker, and the standard library of Rust, from wherever it can be had.
 * @module
 */

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { Missing } from '../run/missing.mjs';
import { find } from '../run/machine.mjs';
import { capture, step } from '../run/process.mjs';
import { unpack } from './debian.mjs';

/** @typedef {import('./platforms.mjs').Platform} Platform */
/** @typedef {Record<string, string | undefined>} Environment */
/** @typedef {{ args: string[], env: Environment }} Compiler arguments for cargo, and what to run it with */

/** From PyPI: zig links for an old glibc and for musl, without a cross compiler. */
const linker = ['ziglang==0.17.0', 'cargo-zigbuild==0.24.0'];

/**
 * An environment in which `cargo zigbuild` runs.
 * @param {string} cache folder
 * @param {Environment} env
 * @returns {Promise<Environment>}
 */
export async function withLinker(cache, env) {
  const venv = join(cache, 'zig');
  const found = { ...env, PATH: `${join(venv, 'bin')}${delimiter}${env.PATH ?? ''}` };
  if (existsSync(join(venv, 'done'))) return found;
  if (find('python3', env) === undefined) {
    throw new Missing(
      'python3 was not found, by which zig is installed.',
      'install python3 and python3-venv of your distribution, then run this again.',
    );
  }
  rmSync(venv, { recursive: true, force: true });
  const about = { label: 'installing zig', patience: 5000 };
  await step(about, 'python3', ['-m', 'venv', venv], { cwd: cache, env });
  const install = ['install', '--quiet', '--disable-pip-version-check', ...linker];
  await step(about, join(venv, 'bin/pip'), install, { cwd: cache, env });
  writeFileSync(join(venv, 'done'), '');
  return found;
}

/**
 * The compiler for a platform: the machine's own, with the target that rustup has or can get; else that of Debian.
 * @param {Platform} platform
 * @param {string} cache folder
 * @param {Environment} env with the linker
 * @returns {Promise<Compiler>}
 */
export async function compilerFor({ target, libc, debian }, cache, env) {
  /** @type {Compiler} */
  const own = {
    args: ['--target', libc === 'gnu' ? `${target}.2.17` : target],
    // An addon is a shared library: musl has to be linked dynamically.
    env: libc === 'gnu' ? env : { ...env, RUSTFLAGS: '-C target-feature=-crt-static' },
  };
  const place = { cwd: cache, env };
  const sysroot = capture('rustc', ['--print', 'sysroot'], place).stdout.trim();
  if (existsSync(join(sysroot, 'lib/rustlib', target, 'lib'))) return own;
  if (capture('rustup', ['target', 'add', target], place).code === 0) return own;

  const packages = ['rust-web-src', `libstd-rust-web-dev:${debian}`];
  const root = await unpack(
    join(cache, `rust-${debian}`),
    { packages, dependencies: ['rustc-web'] },
    env,
  );
  const rustc = join(cache, `rust-${debian}/rustc`);
  const libraries = join(
    root,
    `usr/lib/${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-linux-gnu`,
  );
  writeFileSync(
    rustc,
    `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec '${join(root, 'usr/bin/rustc')}' "$@"\n`,
    { mode: 0o755 },
  );
  if (libc === 'gnu') return { args: own.args, env: { ...own.env, RUSTC: rustc } };
  // Debian has no standard library for musl; its sources are there. A stable compiler builds them when it is told to.
  return {
    args: [...own.args, '-Zbuild-std=std,panic_unwind'],
    env: { ...own.env, RUSTC: rustc, RUSTC_BOOTSTRAP: '1' },
  };
}
