/**
 * How much of a package lands in a user's bundle.
 * @module
 */

import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

/** In KB of 1,024 bytes, minified and gzipped. @type {readonly { what: string, program: string, limit: number }[]} */
const bundles = [
  {
    what: 'the link family of @rtap/netlink',
    program: `export * from './packages/netlink/dist/link.js';
export { messages } from './packages/netlink/dist/index.js';`,
    limit: 25,
  },
];

/**
 * Bundles what is built, as a user's bundler does.
 * @param {string} root
 * @returns {Promise<{ problems: string[], figures: string }>}
 */
export async function measureBundles(root) {
  const measured = await Promise.all(
    bundles.map(async ({ what, program, limit }) => {
      const { outputFiles } = await build({
        stdin: { contents: program, resolveDir: root },
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        write: false,
        logLevel: 'silent',
      });
      const size = Math.max(
        ...outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).length),
      );
      return {
        text: `${what}: ${(size / 1024).toFixed(1)} KB of ${limit}`,
        fits: size < limit * 1024,
      };
    }),
  );
  return {
    problems: measured.filter(({ fits }) => !fits).map(({ text }) => text),
    figures: measured.map(({ text }) => text).join(', '),
  };
}
