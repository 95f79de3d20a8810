// Imports and requires every entry of a package: `node load.mjs PACKAGE`. Run in the folder where it is installed.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const [name] = process.argv.slice(2);
const { exports } = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'));
const entries = Object.keys(exports).filter((path) => path !== './package.json');
for (const entry of entries.map((path) => name + path.slice(1))) {
  // Its optional peer is not there.
  if (entry === '@rtap/testkit/vitest') continue;
  const imported = await import(entry);
  const required = require(entry);
  const names = Object.keys(imported);
  if (names.length === 0) throw new Error(`${entry} exports nothing`);
  for (const key of names) {
    if (required[key] !== imported[key]) throw new Error(`${entry}: another ${key} by require`);
  }
  console.log(`${entry}: ${names.length}`);
}
