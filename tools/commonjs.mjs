#!/usr/bin/env node
/**
 * What CommonJS gets of a package that is built: run in its folder, after tsup.
 *
 * The code stays one: `require` of an entry gives the ES module's own exports, which Node does from 20.19 on, so there
 * are never two copies of a class or of what a module keeps. The types are copied, as TypeScript tells by a file's
 * name whether it is CommonJS.
 * @module
 */

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const types = '.d.ts';

/**
 * Writes `.cjs` and `.d.cts` beside the entries, and `.d.cts` beside the types that these import.
 * @param {string} folder of the package
 */
export function writeCommonJs(folder) {
  const { publishConfig } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const entry of Object.values(publishConfig.exports)) {
    if (typeof entry === 'string') continue;
    const module = basename(entry.import.default);
    const text = `'use strict';\nmodule.exports = require('./${module}');\n`;
    writeFileSync(join(folder, entry.require.default), text);
  }
  const dist = join(folder, 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith(types)) continue;
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(join(dist, `${file.slice(0, -types.length)}.d.cts`), asCommonJs(text));
  }
}

/**
 * Types whose own files are named as CommonJS.
 * @param {string} text
 */
export function asCommonJs(text) {
  return text.replaceAll(/(\b(?:from|import\() ?'\.{1,2}\/[^']*)\.js'/g, "$1.cjs'");
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) writeCommonJs(process.cwd());
