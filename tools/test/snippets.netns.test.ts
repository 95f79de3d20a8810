/**
 * The code in READMEs and guides is compiled, runs, and prints what it says; shell commands are such as there are.
 *
 * @module
 */

import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAddress, missingForNamespaces, ping } from '../../packages/testkit/src/index.ts';
import { test } from '../../packages/testkit/src/vitest.ts';
import { NetlinkClient } from '../../packages/transport/src/index.ts';
import type { NetworkNamespace } from '../../packages/native/src/index.ts';
import { blocksOf, programsOf, runExample } from '../examples.mjs';

const root = new URL('../..', import.meta.url).pathname;

/** What people read, but for records of what was measured or recorded. */
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  'docs/index.md',
  ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`),
  ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`),
  'bench/README.md',
  'examples/README.md',
];
const markdownOf = (page: string): string => readFileSync(join(root, page), 'utf8');
const all = pages.flatMap((page) => programsOf(markdownOf(page), page));

/** Programs that answer pings until the interface is gone. */
const endless = all.filter(({ name }) => name === 'README.md 1' || name === 'docs/index.md 1');
const tests = all.filter(({ code }) => code.includes("from 'vitest'"));
const programs = all.filter((program) => !endless.includes(program) && !tests.includes(program));

/** All that is written by those whose comments don't say it, as listeners write it: a part of the code, and that. */
const written: readonly (readonly [part: string, output: string])[] = [
  ['await tap.linkDown(); // link: up -> down', 'up -> down\ndown -> up\n1\n'],
  ['const pod = kernel.createNamespace();', 'now rtap0, 1\ntrue\n'],
  ['let tracked = beginTracking(loopback);', '1 65536\n'],
  ['{ carrier: false }); // somebody pulls the cable', 'down\nup\n1\n1n\n'],
  ['await client.moveLink({ name: tap.name }, pod);', 'down\nmoved, followed: true\nup\ntrue\n'],
];

let folder = '';
beforeAll(() => {
  // Below conformance, from where all packages are found.
  folder = mkdtempSync(join(root, 'conformance/.snippet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('programs in Markdown', () => {
  it('are found', () => {
    expect(programs.length).toBeGreaterThan(40);
    for (const [part] of written) {
      expect(
        programs.filter(({ code }) => code.includes(part)),
        part,
      ).toHaveLength(1);
    }
    expect(endless).toHaveLength(2);
  });

  it('are compiled, as strictly as the sources are', { timeout: 120_000 }, () => {
    const typed = all.filter(({ extension }) => extension === 'ts');
    const files = typed.map(({ name }) => `${name.replaceAll(/[^\w]+/g, '-')}.ts`);
    const place = mkdtempSync(join(folder, 'compiled-'));
    for (const [index, { code }] of typed.entries()) {
      // What is no module otherwise would share its names with the others.
      writeFileSync(join(place, files[index] ?? ''), `${code}export {};\n`);
    }
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        declaration: false,
        isolatedDeclarations: false,
        noUnusedLocals: false,
        noUnusedParameters: false,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      files,
    };
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', place],
      { encoding: 'utf8' },
    );
    rmSync(place, { recursive: true });
    expect(stdout).toBe('');
  });

  it.for(programs)('$name', { timeout: 60_000 }, (program, { skip }) => {
    if (program.privileged && missingForNamespaces() !== undefined) skip('needs root');
    const output = written.find(([part]) => program.code.includes(part))?.[1];
    const exact =
      output === undefined
        ? program
        : { ...program, prints: output.split('\n').slice(0, -1), complete: true };
    expect(runExample(process.execPath, exact, folder)).toBeUndefined();
  });

  test.for(endless)(
    '$name answers a ping, as it says',
    { timeout: 60_000 },
    async ({ code }, { netns }: { readonly netns: NetworkNamespace }) => {
      const file = join(folder, 'endless.ts');
      writeFileSync(file, code);
      const child = await netns.exec(process.execPath, [file], { stdio: 'pipe' });
      if (child.stdout === null) throw new TypeError('no output');
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
      });
      await expect.poll(() => said, { timeout: 20_000 }).toContain('\n');
      await using client = await NetlinkClient.open({ netns });
      const name = /rtap\d+/.exec(said)?.[0] ?? '';
      const { index } = await client.getLink({ name });
      const address = /ip address add (\S+) dev/.exec(said)?.[1];
      if (address !== undefined) await addAddress({ netns, ifindex: index, address });
      const target = /ping (\S+)/.exec(said)?.[1] ?? '';
      const { replies } = await ping({ address: target, netns });
      expect(replies).toHaveLength(3);
      await client.deleteLink({ index });
      expect((await child.exited).code).toBe(0);
      await expect.poll(() => said, { timeout: 20_000 }).toContain(`${name} is down\n`);
    },
  );

  test.for(tests)(
    '$name, with vitest',
    { timeout: 60_000 },
    async ({ code }, { judges, netns: _ }) => {
      judges('ip');
      writeFileSync(join(folder, 'snippet.test.ts'), code);
      const vitest = join(root, 'node_modules/vitest/vitest.mjs');
      const child = spawn(process.execPath, [vitest, 'run', '--root', folder], { cwd: folder });
      const [stdout, [exit]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
      const count = code.match(/^test\(/gm)?.length;
      expect(stdout).toContain(`${count} passed`);
      expect(exit).toBe(0);
    },
  );
});

describe('shell commands in Markdown', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = readdirSync(join(root, 'packages')).map((name) => `@rtap/${name}`);
  const commands = pages.flatMap((page) =>
    blocksOf(markdownOf(page))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ code }) => code.trim().split('\n'))
      .map((line) => ({ page, line: line.replace(/ *#.*$/, '').trim() }))
      .filter(({ line }) => line !== ''),
  );

  /** What `rtap` or a tool says of itself; options must stand there. */
  const helps = (words: readonly string[], args: readonly string[]): void => {
    const { status, stdout } = spawnSync(process.execPath, [...words, '--help'], {
      encoding: 'utf8',
      cwd: root,
    });
    expect(status).toBe(0);
    for (const option of args.filter((word) => word.startsWith('--'))) {
      expect(stdout).toContain(option);
    }
  };
  const toolOf: Readonly<Record<string, string>> = {
    bench: 'bench/src/main.ts',
    fuzz: 'tools/fuzz/main.ts',
  };
  const check: Readonly<Record<string, (args: readonly string[]) => void>> = {
    'npm install': (args) => {
      for (const name of args.filter((word) => !word.startsWith('--')))
        expect(names).toContain(name);
    },
    'npm start': () => expect(manifest.scripts).toHaveProperty('start'),
    'npm test': ([, path]) => {
      if (path !== undefined) expect(existsSync(join(root, path))).toBe(true);
    },
    'npm run': (words) => {
      const [script = '', ...args] = words.filter((word) => word !== '-s' && word !== '--');
      expect(manifest.scripts).toHaveProperty(script);
      const tool = toolOf[script];
      const [command = '', ...options] = args;
      if (tool === undefined) return;
      if (command.startsWith('--')) helps([join(root, tool)], args);
      else helps([join(root, tool), command].filter(Boolean), options);
    },
    'npx @rtap/cli': ([command = '', ...args]) => {
      helps([join(root, 'packages/cli/src/bin.ts'), command], args);
    },
    'node examples': ([file = '']) => expect(existsSync(join(root, 'examples', file))).toBe(true),
    'git clone': () => undefined,
    // Steps of the quick start, which is pasted and run by conformance/test/install.
    'mkdir hello-rtap': () => undefined,
    'npm init': () => undefined,
    '"$(command -v': () => undefined,
    'ping -c': () => undefined,
  };

  it.for(commands)('$page: $line', ({ line }) => {
    const words = line
      .replace(/^sudo /, '')
      .replace(/ \| .*/, '')
      .replace('node examples/', 'node examples ')
      .split(' ');
    if (words[0] === 'rtap') {
      const [command = '', next = '', ...args] = words.slice(1).filter((word) => word !== '-6');
      const nested = ['link', 'addr', 'route', 'neigh'].includes(command);
      const bin = join(root, 'packages/cli/src/bin.ts');
      if (nested) helps([bin, command, next], args);
      else helps([bin, command], [next, ...args]);
      return;
    }
    const checked = check[words.slice(0, 2).join(' ')];
    expect(checked, line).toBeDefined();
    if (checked === undefined) throw new TypeError(`no check for such a command: ${line}`);
    checked(words.slice(2));
  });

  it('workflows are YAML', () => {
    for (const page of pages) {
      for (const { language, code } of blocksOf(markdownOf(page))) {
        if (language === 'yaml') expect(parse(code)).toBeInstanceOf(Array);
        expect(['ts', 'js', 'sh', 'yaml', 'text']).toContain(language);
      }
    }
  });
});
