/**
 * What stands in the packages that are published.
 * @module
 */

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** @typedef {Record<string, any>} Manifest */

/** The Node that every package asks for. */
const NODE = '^20.19.0 || >=22.12.0';

/** Beside `dist`, or the binary. */
const TOP = ['LICENSE', 'README.md', 'package.json'];

/** What is built: code and its map, what CommonJS gets, types of both. */
const BUILT = /^dist\/.*(?:\.js|\.js\.map|\.cjs|\.d\.ts|\.d\.cts)$/;

/** What npm would run on the user's machine. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/**
 * Judges an unpacked package.
 * @param {string} folder
 * @param {readonly string[]} entries the keys of `exports` in the repository; none for a platform's binary
 * @returns {string[]} problems
 */
export function contentProblems(folder, entries) {
  /** @type {Manifest} */
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const problems =
    manifest.os === undefined
      ? [
          ...fileProblems(files, (file) => BUILT.test(file)),
          ...codeProblems(manifest, entries, files),
          ...files.flatMap((file) => mapProblems(folder, file, files)),
        ]
      : [
          // The binary itself is there in a release only.
          ...fileProblems(files, (file) => file === manifest.main),
          ...platformProblems(manifest),
        ];
  return [...problems, ...manifestProblems(manifest)].map(
    (problem) => `${manifest.name}: ${problem}`,
  );
}

/**
 * @param {readonly string[]} files
 * @param {(file: string) => boolean} allowed
 */
function fileProblems(files, allowed) {
  return [
    ...TOP.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...files
      .filter((file) => !TOP.includes(file) && !allowed(file))
      .map((file) => `${file} does not belong there`),
  ];
}

/** @param {Manifest} manifest */
function manifestProblems(manifest) {
  const wrong = [];
  const words = ['name', 'version', 'description', 'author'];
  wrong.push(...words.filter((key) => typeof manifest[key] !== 'string' || manifest[key] === ''));
  if (manifest.license !== 'BSD-3-Clause') wrong.push('license');
  if (manifest.engines?.node !== NODE) wrong.push('engines');
  if (manifest.publishConfig?.access !== 'public') wrong.push('publishConfig.access');
  if (!manifest.keywords?.includes('rtap')) wrong.push('keywords');
  wrong.push(...INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined));
  for (const kind of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    for (const [name, range] of Object.entries(manifest[kind] ?? {})) {
      if (/^(?:workspace|catalog|file|link):/.test(range)) wrong.push(`${kind}.${name}`);
    }
  }
  return wrong.map((key) => `${key} of its package.json is not as it should be`);
}

/** @param {Manifest} manifest */
function platformProblems(manifest) {
  const [, os, cpu, libc] = /-(linux)-(x64|arm64)-(gnu|musl)$/.exec(manifest.name) ?? [];
  const wanted = { os: [os], cpu: [cpu], libc: [libc === 'gnu' ? 'glibc' : libc] };
  return Object.entries(wanted)
    .filter(([key, value]) => JSON.stringify(manifest[key]) !== JSON.stringify(value))
    .map(([key]) => `${key} does not say what its name says`);
}

/**
 * @param {Manifest} manifest
 * @param {readonly string[]} entries
 * @param {readonly string[]} files
 */
function codeProblems(manifest, entries, files) {
  /** @type {string[]} */
  const problems = [];
  if (manifest.type !== 'module') problems.push('it is no ES module');
  if (manifest.sideEffects !== false) problems.push('sideEffects is not false');
  for (const key of ['os', 'cpu', 'libc']) {
    if (manifest[key] !== undefined) problems.push(`${key} belongs into a platform's package`);
  }
  if (JSON.stringify(Object.keys(manifest.exports)) !== JSON.stringify(entries)) {
    problems.push('publishConfig.exports has other entries than exports');
  }
  const named = [
    manifest.main,
    manifest.types,
    ...leaves(manifest.exports),
    ...leaves(manifest.bin),
  ];
  for (const path of named) {
    if (!files.includes(path.replace(/^\.\//, ''))) problems.push(`${path} is not there`);
  }
  return problems;
}

/**
 * The strings in a tree of objects.
 * @param {unknown} tree
 * @returns {string[]}
 */
function leaves(tree) {
  if (typeof tree === 'string') return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(leaves) : [];
}

/**
 * A map has the sources in it, as they are not in the package.
 * @param {string} folder
 * @param {string} file
 * @param {readonly string[]} files
 */
function mapProblems(folder, file, files) {
  if (file.endsWith('.map')) {
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const whole = sourcesContent?.length === sources.length && !sourcesContent.includes(null);
    return whole ? [] : [`${file} points to sources that are not there`];
  }
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(/^\/\/[#@] sourceMappingURL=(.*)$/gm)]
    .filter(([, url = '']) => !files.includes(join(dirname(file), url)))
    .map(([, url]) => `${file} names a map that is not there: ${url}`);
}
