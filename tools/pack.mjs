#!/usr/bin/env node
/**
 * Builds and packs all that is published, as JSON: `node tools/pack.mjs FOLDER` prints `[{ "name", "file" }]`. The
 * packages of other platforms are without their binaries.
 * @module
 */

import { join, resolve } from 'node:path';

import { pack, packBinaries } from './check/packed.mjs';
import { capture } from './run/process.mjs';

const root = join(import.meta.dirname, '..');
const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node tools/pack.mjs FOLDER');
  process.exitCode = 2;
} else {
  const built = capture('turbo', ['run', 'build'], { cwd: root, env: process.env });
  if (built.code === 0) {
    const destination = resolve(folder);
    const tarballs = [...packBinaries(root, destination), ...pack(root, destination)];
    console.log(JSON.stringify(tarballs));
  } else {
    console.error(built.stdout + built.stderr);
    process.exitCode = 1;
  }
}
