/**
 * The packages as users get them: published to a registry, installed by npm and pnpm into an empty folder, loaded by
 * each Node that is supported, from ES modules, CommonJS and TypeScript, in a browser, and as the README says.
 *
 * `npm test` installs each package with some of the Nodes and managers, `npm run soak` with all.
 *
 * @module
 */

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@rtap/testkit/vitest';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { findChromium, runInBrowser } from './browser.ts';
import { command } from './command.ts';
import { relayPort } from './loopback-relay.ts';
import { stepsOf } from './readme.ts';
import type { Packed, Registry } from './registry.ts';
import { publish, startRegistry } from './registry.ts';
import { openTerminal } from './terminal.ts';
import type { NodeVersion } from './toolbox.ts';
import { fetchToolbox, missingRegistry, nodes } from './toolbox.ts';
import { createUser } from './user.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PROGRAMS = join(import.meta.dirname, 'programs');
const MINUTES = 60_000;

const [, , newest] = nodes;
const publicPackages = ['cli', 'core', 'frames', 'native', 'netlink', 'testkit', 'transport'].map(
  (name) => `@rtap/${name}`,
);

let folder = '';
let registry: Registry | undefined;
let tarballs: readonly Packed[] = [];
let missing: string | undefined;

beforeAll(async () => {
  missing = await missingRegistry();
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'rtap-install-'));
  const [started, packed] = await Promise.all([
    startRegistry(join(folder, 'registry')),
    command(process.execPath, [join(ROOT, 'tools/pack.mjs'), join(folder, 'packed')], {
      env: process.env,
      timeout: 5 * MINUTES,
    }),
    fetchToolbox(),
  ]);
  registry = started;
  tarballs = JSON.parse(packed.stdout) as readonly Packed[];
  await publish(registry, tarballs);
}, 10 * MINUTES);

afterAll(async () => {
  await registry?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(({ skip }) => {
  if (missing !== undefined) skip(missing);
});

/** Somebody with that Node. */
function userOf(node: NodeVersion, port = registry?.port ?? 0): ReturnType<typeof createUser> {
  return createUser(folder, node, port);
}

/** How each manager adds packages, in an empty folder. */
const add = {
  npm: ['install', '--no-audit', '--no-fund'],
  pnpm: ['add', '--config.minimum-release-age=0'],
} as const;

interface Installation {
  readonly node: NodeVersion;
  readonly manager: 'npm' | 'pnpm';
  readonly name: string;
}

/** Every package, every Node and both managers at least once; all combinations in the long version. */
const installations: readonly Installation[] = nodes.flatMap((node, at) =>
  (['npm', 'pnpm'] as const).flatMap((manager, which) => {
    const all = process.env['RTAP_SOAK'] === '1';
    const names = all ? publicPackages : [publicPackages[(2 * at + which) % 7] ?? ''];
    return names.map((name) => ({ node, manager, name }));
  }),
);

/** A program of ours, in a user's folder. */
function program(project: string, name: string): string {
  cpSync(join(PROGRAMS, name), join(project, name));
  return name;
}

test('every public package is published, and one for each platform', () => {
  const platforms = ['arm64-gnu', 'arm64-musl', 'x64-gnu', 'x64-musl'];
  expect(tarballs.map(({ name }) => name).toSorted()).toEqual(
    [...publicPackages, ...platforms.map((name) => `@rtap/native-linux-${name}`)].toSorted(),
  );
});

describe('one package, in an empty folder', () => {
  test.for(installations)(
    '$name by $manager on Node $node.version',
    { timeout: 3 * MINUTES },
    async ({ node, manager, name }) => {
      const user = userOf(node);
      const project = user.emptyFolder();
      await user.run(project, manager, ...add[manager], name);
      const { stdout: version } = await user.run(project, 'node', '--version');
      expect(version).toBe(`v${node.version}\n`);
      const { stdout, stderr } = await user.run(
        project,
        'node',
        program(project, 'load.mjs'),
        name,
      );
      expect(stdout).toContain(`${name}: `);
      expect(stderr).toBe('');
      if (name === '@rtap/native') {
        const loaded = await user.run(project, 'node', program(project, 'native.mjs'));
        expect(loaded.stdout).toBe('loaded\n');
      }
      if (name === '@rtap/cli') {
        const { stdout: told } = await user.run(project, 'npx', 'rtap', 'doctor');
        expect(told).toContain(`Node.js ${node.version}`);
      }
    },
  );
});

describe('the package of the platform', () => {
  test('is the only one of them that is installed', async () => {
    const user = userOf(newest);
    const project = user.emptyFolder();
    await user.run(project, 'npm', ...add.npm, '@rtap/native');
    const found = readdirSync(join(project, 'node_modules/@rtap'));
    expect(found).toEqual(['native', `native-linux-${process.arch}-gnu`]);
  });

  test('is missed by name when npm leaves it out, and only where it is needed', async () => {
    const user = userOf(newest);
    const project = user.emptyFolder();
    await user.run(project, 'npm', ...add.npm, '--omit=optional', '@rtap/core', '@rtap/testkit');
    const { stdout } = await user.run(project, 'node', program(project, 'without-binary.mjs'));
    const [status, told = ''] = stdout.split('\n');
    expect(status).toBe('up');
    const name = `@rtap/native-linux-${process.arch}-gnu`;
    expect(told).toContain(`ERR_RTAP_LOAD ${name} is an optional dependency`);
    // What it says helps.
    const [, line = ''] = /(npm install @rtap\/[\w-]+)/.exec(told) ?? [];
    await user.run(project, 'npm', ...line.split(' ').slice(1));
    const again = await user.run(project, 'node', program(project, 'native.mjs'));
    expect(again.stdout).toBe('loaded\n');
  });
});

describe('all packages', () => {
  let project = '';
  beforeAll(async () => {
    if (missing !== undefined) return;
    const user = userOf(newest);
    project = user.emptyFolder();
    await user.run(project, 'npm', ...add.npm, ...publicPackages);
  }, 3 * MINUTES);

  test.for([
    ['nodenext', 'nodenext', 'types.mts'],
    ['nodenext', 'nodenext', 'types.cts'],
    ['node16', 'node16', 'types.cts'],
    ['esnext', 'bundler', 'types.ts'],
  ] as const)('have types: module %s, resolution %s, %s', async ([module, resolution, file]) => {
    cpSync(join(PROGRAMS, 'types.ts'), join(project, file));
    const config = join(project, `tsconfig.${module}.${file}.json`);
    const compilerOptions = {
      module,
      moduleResolution: resolution,
      strict: true,
      noEmit: true,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      skipLibCheck: false,
      types: ['node'],
      // Those of Node are ours: they are the same anywhere.
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await command(process.execPath, [tsc, '-p', config], { env: process.env });
    expect(stdout).toBe('');
  });

  test('the codec runs in a browser', async ({ skip }) => {
    const { outputFiles, warnings } = await build({
      stdin: { contents: CODEC, resolveDir: project },
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      write: false,
      logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    const chromium = findChromium();
    if (chromium === undefined) {
      skip('chromium is not installed (apt-get install chromium)');
    } else {
      const result = await runInBrowser(chromium, outputFiles[0]?.text ?? '');
      expect(JSON.parse(result)).toEqual([3, 'tap0 é', 1500, 7]);
    }
  });
});

const CODEC = `
import { messages } from '@rtap/netlink';
import { decodeLink, encodeLink } from '@rtap/netlink/link';

const request = { index: 3, name: 'tap0 \\u00e9', mtu: 1500, info: { kind: 'tun', data: { owner: 7 } } };
const [message] = messages(encodeLink(16, request, { flags: 0, sequence: 1 }));
const link = decodeLink(message);
globalThis.result = [link.index, link.name, link.mtu, link.info.data.owner];
`;

test(
  "the README's quick start ends with an answered ping",
  async ({ netns, judges }) => {
    judges('ping', 'ip');
    await using relay = await relayPort(netns, registry?.port ?? 0, folder);
    const user = userOf(newest, relay.port);
    const steps = stepsOf(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'Use it');
    await using first = await openTerminal(netns, user.emptyFolder(), user.env);
    await using other = await openTerminal(netns, user.emptyFolder(), user.env);
    for (const [at, step] of steps.entries()) {
      const next = steps[at + 1];
      // As they are pasted: one after the other.
      // oxlint-disable no-await-in-loop
      if (step.kind === 'file') writeFileSync(join(first.folder(), step.name), step.text);
      else if (step.otherTerminal) await other.run(step.text);
      else if (next?.kind === 'commands' && next.otherTerminal) await first.begin(step.text);
      else await first.run(step.text);
      // oxlint-enable no-await-in-loop
    }
    expect(steps.at(-1)).toMatchObject({ kind: 'commands', otherTerminal: true });
    expect(other.printed()).toMatch(/ 3 received, 0% packet loss/);
  },
  5 * MINUTES,
);
