/**
 * The code in the READMEs runs.
 *
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ping } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import type { NetworkNamespace } from '@rtap/core';
import { afterAll, beforeAll, describe, expect } from 'vitest';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** The TypeScript blocks of a Markdown file. */
function blocks(path: string): string[] {
  const markdown = readFileSync(join(ROOT, path), 'utf8');
  return [...markdown.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
}

let folder = '';
beforeAll(() => {
  // Below conformance, so that the workspace's packages are found.
  folder = mkdtempSync(join(ROOT, 'conformance/.snippet-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(code: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return path;
}

describe("the README's snippet", () => {
  test('answers a ping, as it says', async ({ netns }: { readonly netns: NetworkNamespace }) => {
    const [code = ''] = blocks('README.md');
    const child = await netns.exec(process.execPath, [file(code, 'readme.ts')], { stdio: 'pipe' });
    if (child.stdout === null || child.stderr === null) throw new TypeError('no output');
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 20_000 }).toContain('\n');
    const [line, name = '', target = ''] = /^(\S+) is up, now: ping (\S+)\n/.exec(said) ?? [];
    await using client = await NetlinkClient.open({ netns });
    const { index } = await client.getLink({ name });
    const { replies } = await ping({ address: target, netns });
    expect(replies).toHaveLength(3);
    await client.deleteLink({ index });
    expect((await child.exited).code).toBe(0);
    await expect
      .poll(() => said, { timeout: 20_000 })
      .toBe(`${line}${name} is down\nthe interface is gone\n`);
  });
});

describe('the snippets of the packages', () => {
  const expected = [
    ['packages/core/README.md', 0, 'up -> down\ndown -> up\n1\n'],
    ['packages/core/README.md', 1, '60\ntrue\n'],
    ['packages/core/README.md', 2, '1 true\n'],
    ['packages/core/README.md', 3, 'now rtap0, 1\ntrue\n'],
    ['packages/core/README.md', 4, '9000 02:00:00:00:00:01\n'],
    ['packages/core/README.md', 5, '1n\ntrue 60n\n1n 0n\n0n 1n\n'],
    [
      'packages/core/README.md',
      6,
      'rtap:device.mtu\nrtap_rx_packets_total{interface="rtap0",queue="0"} 0\n',
    ],
    ['packages/core/README.md', 7, "0n 0n\n{ reason: 'stopped' }\n"],
    ['packages/transport/README.md', 0, '1 65536\n'],
    ['packages/testkit/README.md', 0, 'down\nup\n1\n1n\n'],
    ['packages/testkit/README.md', 2, 'true 0\n'],
    ['packages/testkit/README.md', 3, '10000 0 0\n'],
    ['packages/testkit/README.md', 4, 'true\ntrue\n'],
    ['packages/native/README.md', 0, 'tap0 2\n{ code: 0, signal: null }\n'],
  ] as const;
  for (const [path, index, output] of expected) {
    test(`${path}, ${index}`, async ({ netns, judges }) => {
      judges('ip');
      const code = blocks(path)[index] ?? '';
      const name = `${path.replaceAll('/', '-')}-${index}.ts`;
      const child = await netns.exec(process.execPath, [file(code, name)], { stdio: 'pipe' });
      if (child.stdout === null || child.stderr === null) throw new TypeError('no output');
      const [stdout, stderr, { code: exit }] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        child.exited,
      ]);
      expect(stderr).toBe('');
      expect(stdout).toBe(output);
      expect(exit).toBe(0);
    });
  }

  test('packages/testkit/README.md, with vitest', async ({ judges, netns: _ }) => {
    judges('ip');
    const code = blocks('packages/testkit/README.md')[1] ?? '';
    file(code, 'readme.test.ts');
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--root', folder], { cwd: folder });
    const [stdout, [exit]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(stdout).toContain('2 passed');
    expect(exit).toBe(0);
  });
});
