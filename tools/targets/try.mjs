/**
 * Loads a platform's binary as a user's program does, and opens a TAP device with it.
 * @module
 */

import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { pack, unpack } from '../check/packed.mjs';
import { capture } from '../run/process.mjs';

/** @typedef {Record<string, string | undefined>} Environment */

/** Runs in a network namespace of its own. That the link goes up makes the kernel send a frame. */
const program = `
import { openTap } from '@rtap/core';

const tap = await openTap();
const glibc = process.report.getReport().header.glibcVersionRuntime;
const libc = glibc === undefined ? 'musl' : 'glibc ' + glibc;
for await (const batch of tap.batches()) {
  const found = [process.arch, libc, 'Node ' + process.versions.node, tap.name, tap.link.status];
  console.log([...found, batch.length(0) + ' bytes received'].join(', '));
  break;
}
await tap.close();
`;

/**
 * Lays out the packages as npm would, without their binaries.
 * @param {string} root of the repository, built
 * @param {string} folder
 * @param {Environment} env
 */
export function layOut(root, folder, env) {
  rmSync(folder, { recursive: true, force: true });
  for (const { name, file } of pack(root, join(folder, 'tarballs'), env)) {
    unpack(file, join(folder, 'node_modules', name), env);
  }
  writeFileSync(join(folder, 'try.mjs'), program);
}

/**
 * @param {string} root of the repository
 * @param {string} folder as laid out
 * @param {{ platform: string, binary: string, node: readonly string[] }} what
 * @param {Environment} env
 * @returns {{ problem: string | undefined, said: string }}
 */
export function tryOut(root, folder, { platform, binary, node }, env) {
  const own = join(folder, `node_modules/@rtap/native-${platform}`);
  cpSync(join(root, 'packages/native/npm', platform), own, { recursive: true });
  cpSync(binary, join(own, `rtap.${platform}.node`));
  // A network namespace of its own; a device is gone with it.
  const args = ['--net', ...node, join(folder, 'try.mjs')];
  const { code, stdout, stderr } = capture('unshare', args, { cwd: folder, env });
  return { problem: code === 0 ? undefined : stderr, said: stdout.trim() };
}
