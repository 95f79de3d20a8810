/**
 * The layering check must fail when a package imports upwards; shown on a made-up workspace.
 * @module
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkLayers } from '../check-layers.mjs';

type Dependencies = Record<string, string>;
interface Manifest {
  name: string;
  exports: Record<string, string>;
  dependencies?: Dependencies;
  devDependencies?: Dependencies;
}

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rtap-layers-'));
  write('pnpm-workspace.yaml', "packages:\n  - 'packages/*'\n  - conformance\n\ncatalog: {}\n");
  declare('netlink', {});
  declare('frames', {});
  declare('native', {});
  declare('transport', { dependencies: ['netlink', 'native'] });
  declare('testkit', { dependencies: ['netlink', 'frames', 'native', 'transport'] });
  declare('core', {
    dependencies: ['netlink', 'native', 'transport'],
    devDependencies: ['testkit', 'frames'],
  });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Writes a package.json; dependencies are named without their scope. */
function declare(
  name: string,
  { dependencies = [], devDependencies = [] }: Record<string, string[]>,
): void {
  const versions = (names: string[]): Dependencies =>
    Object.fromEntries(names.map((one) => [one === 'left-pad' ? one : `@rtap/${one}`, '1.0.0']));
  const manifest: Manifest = {
    name: `@rtap/${name}`,
    exports: { '.': './src/index.ts' },
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  };
  write(`packages/${name}/package.json`, JSON.stringify(manifest));
}

function check(): string[] {
  return checkLayers(root);
}

it('passes on this repository', () => {
  expect(checkLayers(join(import.meta.dirname, '../..'))).toEqual([]);
});

it('passes on what the rule allows', () => {
  write('packages/core/src/index.ts', "import { a } from '@rtap/transport';\nexport { a };\n");
  write('packages/core/test/a.test.ts', "import '@rtap/testkit';\nimport '../src/index.ts';\n");
  write('packages/netlink/src/index.ts', "import type { A } from './a.ts';\n");
  write('packages/netlink/test/a.test.ts', "import { readFileSync } from 'node:fs';\n");
  write('packages/transport/src/index.ts', "import type { Kernel } from '@rtap/native';\n");
  write('packages/transport/src/open-netlink-socket.ts', "await import('@rtap/native');\n");
  expect(check()).toEqual([]);
});

describe('imports', () => {
  it.each([
    ['import', "import { openTap } from '@rtap/core';"],
    ['import of a type', "import type { Tap } from '@rtap/core';"],
    ['import for its effects', "import '@rtap/core';"],
    ['export from', "export { openTap } from '@rtap/core';"],
    ['export of everything', "export * from '@rtap/core';"],
    ['import()', "const core = await import('@rtap/core');"],
    ['import() with a template', 'const core = await import(`@rtap/core`);'],
    ['type of an import', "let tap: import('@rtap/core').Tap;"],
    ['require', "const core = require('@rtap/core');"],
    ['import equals', "import core = require('@rtap/core');"],
    ['import.meta.resolve', "import.meta.resolve('@rtap/core');"],
    ['mock', "vi.mock('@rtap/core');"],
  ])('fail when they point upwards: %s', (_, line) => {
    write('packages/transport/src/index.ts', `\n${line}\n`);
    expect(check()).toEqual([
      'packages/transport/src/index.ts:2: @rtap/transport may not import @rtap/core',
    ]);
  });

  it('fail in tests too', () => {
    write('packages/transport/test/a.test.ts', "import '@rtap/testkit';\n");
    expect(check()).toEqual([
      'packages/transport/test/a.test.ts:1: @rtap/transport may not import @rtap/testkit',
    ]);
  });

  it('are not looked for in comments and strings', () => {
    write(
      'packages/netlink/src/index.ts',
      "// import '@rtap/core';\nconst a = `import '@rtap/core'`;\n",
    );
    expect(check()).toEqual([]);
  });

  it('fail in a source when they are for tests only', () => {
    write('packages/core/src/index.ts', "import { Host } from '@rtap/testkit';\n");
    expect(check()).toEqual([
      'packages/core/src/index.ts:1: @rtap/core may import @rtap/testkit in its tests only',
    ]);
  });

  it('fail when they leave the package by a path', () => {
    write(
      'packages/core/src/a/b.ts',
      "import '../../../netlink/src/index.ts';\nimport '../b.ts';\n",
    );
    expect(check()).toEqual([
      "packages/core/src/a/b.ts:1: '../../../netlink/src/index.ts' leaves the package: import the other one by its name",
    ]);
  });

  it('fail when they reach for a file that is not exported', () => {
    write('packages/core/src/index.ts', "import '@rtap/netlink/src/message.ts';\n");
    expect(check()).toEqual([
      "packages/core/src/index.ts:1: @rtap/netlink does not export './src/message.ts'",
    ]);
  });

  it('fail when they are not declared', () => {
    declare('core', { dependencies: ['transport'], devDependencies: ['netlink'] });
    write('packages/core/src/index.ts', "import '@rtap/native';\nimport '@rtap/netlink';\n");
    expect(check()).toEqual([
      'packages/core/src/index.ts:1: package.json of @rtap/core does not declare @rtap/native',
      'packages/core/src/index.ts:2: package.json of @rtap/core declares @rtap/netlink for development only',
    ]);
  });

  it.each([
    ['a value', "import { kernel } from '@rtap/native';", 'src/a.ts'],
    ['names marked as types', "import { type Kernel } from '@rtap/native';", 'src/a.ts'],
    ['loading elsewhere', "await import('@rtap/native');", 'src/a.ts'],
    ['a value where it may be loaded', "import '@rtap/native';", 'src/open-netlink-socket.ts'],
  ])('of the binding by transport fail: %s', (_, line, file) => {
    write(`packages/transport/${file}`, `${line}\n`);
    expect(check()).toEqual([
      expect.stringContaining('@rtap/transport may import types only from @rtap/native'),
    ]);
  });

  it.each([
    ['node:fs', "import { readFileSync } from 'node:fs';"],
    ['buffer', "import { Buffer } from 'buffer';"],
    ['left-pad', "import pad from 'left-pad';"],
    ['computed', 'await import(name);'],
    ['node types', '/// <reference types="node" />'],
  ])('fail in a source that runs in a browser too: %s', (_, line) => {
    write('packages/frames/src/index.ts', `${line}\n`);
    expect(check()).toHaveLength(1);
  });
});

describe('package.json', () => {
  it('fails when it points upwards', () => {
    declare('netlink', { devDependencies: ['frames'] });
    expect(check()).toEqual([
      'packages/netlink/package.json: @rtap/netlink may not depend on @rtap/frames',
    ]);
  });

  it('fails on a cycle through dev dependencies', () => {
    declare('testkit', { dependencies: ['transport'], devDependencies: ['core'] });
    expect(check()).toEqual([
      'packages/testkit/package.json: @rtap/testkit may not depend on @rtap/core',
      'packages depend on each other: @rtap/core -> @rtap/testkit -> @rtap/core',
    ]);
  });

  it('fails when what is for tests is a dependency', () => {
    declare('core', { dependencies: ['testkit'] });
    expect(check()).toEqual([
      'packages/core/package.json: @rtap/core may have @rtap/testkit for its tests only, as a dev dependency',
    ]);
  });

  it('fails when a package that runs in a browser too takes a dependency', () => {
    declare('netlink', { dependencies: ['left-pad'] });
    expect(check()).toEqual([
      'packages/netlink/package.json: @rtap/netlink takes no dependency, not left-pad',
    ]);
  });

  it('fails when the table does not know it', () => {
    declare('extra', {});
    expect(check()).toEqual([
      'packages/extra/package.json: @rtap/extra has no place in the table of tools/check-layers.mjs',
    ]);
  });
});
