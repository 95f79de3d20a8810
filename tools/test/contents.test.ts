import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { contentProblems } from '../check/contents.mjs';

let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifest = {
  name: '@rtap/one',
  version: '0.0.0',
  description: 'one',
  keywords: ['rtap'],
  license: 'BSD-3-Clause',
  author: 'somebody',
  type: 'module',
  sideEffects: false,
  engines: { node: '^20.19.0 || >=22.12.0' },
  main: './dist/index.cjs',
  types: './dist/index.d.cts',
  exports: {
    '.': {
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
    },
    './package.json': './package.json',
  },
  dependencies: { other: '^1.0.0' },
  publishConfig: { access: 'public' },
};
const files = {
  LICENSE: '',
  'README.md': '',
  'dist/index.js': 'export {};\n//# sourceMappingURL=index.js.map',
  'dist/index.js.map': '{"sources":["../src/index.ts"],"sourcesContent":[""]}',
  'dist/index.cjs': '',
  'dist/index.d.ts': '',
  'dist/index.d.cts': '',
};
const platform = {
  name: '@rtap/native-linux-x64-musl',
  main: 'rtap.linux-x64-musl.node',
  os: ['linux'],
  cpu: ['x64'],
  libc: ['musl'],
};

/** The problems of a package with these changes; a file that is undefined is not there. */
function problemsOf(
  changes: Readonly<Record<string, unknown>>,
  otherFiles: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  folder = mkdtempSync(join(tmpdir(), 'rtap-contents-'));
  const text = JSON.stringify({ ...manifest, ...changes });
  for (const [name, content] of Object.entries({ 'package.json': text, ...files, ...otherFiles })) {
    if (content === undefined) continue;
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return contentProblems(folder, ['.', './package.json']);
}

it('finds nothing in a package that is as it should be', () => {
  expect(problemsOf({})).toEqual([]);
});

it.each<readonly [string, Readonly<Record<string, unknown>>]>([
  ['description of its', { description: '' }],
  ['license of its', { license: 'MIT' }],
  ['keywords of its', { keywords: [] }],
  ['engines of its', { engines: { node: '>=18' } }],
  ['publishConfig.access of its', { publishConfig: {} }],
  ['postinstall of its', { scripts: { postinstall: 'node build.js' } }],
  ['dependencies.other of its', { dependencies: { other: 'workspace:^' } }],
  ['sideEffects', { sideEffects: undefined }],
  ['no ES module', { type: 'commonjs' }],
  ['cpu belongs', { cpu: ['x64'] }],
  ['other entries', { exports: { '.': './dist/index.js' } }],
  ['./dist/main.cjs is not there', { main: './dist/main.cjs' }],
])('finds: %s', (problem, changes) => {
  expect(problemsOf(changes)).toEqual([expect.stringContaining(problem)]);
});

it.each<readonly [string, Readonly<Record<string, string | undefined>>]>([
  ['LICENSE is missing', { LICENSE: undefined }],
  ['src/index.ts does not belong', { 'src/index.ts': '' }],
  ['dist/index.test.ts does not belong', { 'dist/index.test.ts': '' }],
  ['points to sources', { 'dist/index.js.map': '{"sources":["../src/index.ts"]}' }],
  ['names a map', { 'dist/index.js': '//# sourceMappingURL=other.map' }],
])('finds: %s, in the files', (problem, changes) => {
  expect(problemsOf({}, changes)).toEqual([expect.stringContaining(problem)]);
});

it('knows what a package of a binary has', () => {
  const none = Object.fromEntries(
    Object.keys(files)
      .filter((name) => name.startsWith('dist/'))
      .map((name) => [name, undefined]),
  );
  expect(problemsOf(platform, { ...none, 'rtap.linux-x64-musl.node': '' })).toEqual([]);
  rmSync(folder, { recursive: true });
  expect(problemsOf({ ...platform, libc: ['glibc'] }, none)).toEqual([
    '@rtap/native-linux-x64-musl: libc does not say what its name says',
  ]);
});
