#!/usr/bin/env node
/**
 * What a published binary may need: glibc 2.17 (of 2012) at most, or musl and nothing of glibc.
 * `node tools/targets/gate.mjs FILE...` judges files named `rtap.PLATFORM.node`.
 * @module
 */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { readNeeds } from './elf.mjs';
import { platforms } from './platforms.mjs';

/** What is everywhere: glibc's own libraries, and the one that unwinds. */
const glibc = /^(?:lib(?:c|m|dl|rt|pthread|gcc_s)\.so\.\d+|ld-linux-(?:x86-64|aarch64)\.so\.\d+)$/;
const musl = /^libc(?:\.musl-\w+)?\.so(?:\.1)?$/;

/** The newest glibc that may be needed. */
const newestAllowed = [2, 17];

/**
 * @param {string} platform such as linux-x64-gnu
 * @param {Uint8Array} bytes the binary
 * @param {{ anyGlibc?: boolean }} options for what is built to stay on the machine: any version will do
 * @returns {{ problems: string[], newest: string | undefined }} and the newest version of glibc that it needs
 */
export function judge(platform, bytes, { anyGlibc = false } = {}) {
  const wanted = platforms[platform];
  if (wanted === undefined)
    return { problems: [`no such platform: ${platform}`], newest: undefined };
  const needs = readNeeds(bytes);
  const newest = newestGlibc(needs.versions);
  /** @type {string[]} */
  const problems = [];
  if (needs.arch !== wanted.arch) problems.push(`is for ${needs.arch}, not ${wanted.arch}`);
  const known = wanted.libc === 'gnu' ? glibc : musl;
  for (const library of needs.libraries.filter((file) => !known.test(file))) {
    problems.push(`needs ${library}, which a machine may lack`);
  }
  if (newest !== undefined && wanted.libc === 'musl') {
    problems.push(`needs GLIBC_${newest.join('.')}, and musl has none`);
  }
  if (newest !== undefined && wanted.libc === 'gnu' && !anyGlibc && newer(newest, newestAllowed)) {
    problems.push(`needs GLIBC_${newest.join('.')}, newer than ${newestAllowed.join('.')}`);
  }
  if (wanted.libc === 'gnu' && newest === undefined)
    problems.push('needs no glibc: not linked to it');
  return { problems, newest: newest?.join('.') };
}

/**
 * @param {readonly string[]} versions
 * @returns {readonly number[] | undefined}
 */
function newestGlibc(versions) {
  return versions
    .flatMap((version) => /^GLIBC_(\d+(?:\.\d+)*)$/.exec(version)?.[1] ?? [])
    .map((version) => version.split('.').map(Number))
    .reduce(
      (/** @type {number[] | undefined} */ best, one) =>
        best === undefined || newer(one, best) ? one : best,
      undefined,
    );
}

/**
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 */
function newer(a, b) {
  const at = a.findIndex((number, index) => number !== (b[index] ?? 0));
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) {
  for (const file of process.argv.slice(2)) {
    const platform = /^rtap\.(.*)\.node$/.exec(basename(file))?.[1] ?? '';
    const { problems, newest } = judge(platform, readFileSync(file));
    console.log(`${file}: ${newest === undefined ? 'no glibc' : `glibc ${newest}`}`);
    for (const problem of problems) console.error(`${file}: ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
  if (process.argv.length < 3) process.exitCode = 2;
}
