import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { missingForNamespaces } from '@rtap/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { missingForC } from '../src/machine.ts';
import { DUMP } from '../netlink/contenders.ts';
import { contest } from '../netlink/contest.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtap-bench-test-'));
});

afterEach(() => rm(folder, { recursive: true }));

it(
  'bench netlink: all contenders agree on what is in the dump',
  { timeout: 120_000 },
  async ({ skip }) => {
    const missing = missingForC() ?? missingForNamespaces();
    if (missing !== undefined) skip(missing);
    const main = join(import.meta.dirname, '../src/main.ts');
    const args = [
      'netlink',
      '--rounds',
      '1',
      '--warm-up',
      '10',
      '--links',
      '61',
      '--results',
      folder,
    ];

    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args]);

    expect(stdout).toContain('libmnl typed');
    expect(stdout).toContain('rtap lazy');
    const files = await readdir(folder);
    expect(new Set(files.map((file) => file.split('.').at(-1)))).toEqual(new Set(['json', 'md']));
    const json = files.find((file) => file.endsWith('.json')) ?? '';
    const told: unknown = JSON.parse(await readFile(join(folder, json), 'utf8'));
    // Indexes of a new namespace begin at 1 and have no gaps: 61 * 62 / 2. 60 MTUs of 1500 and the loopback's.
    expect(told).toMatchObject({
      rounds: 1,
      dump: { messages: 61, digest: expect.stringMatching(/^61 1891 155536 [0-9a-f]{8} \d+$/) },
    });
  },
);

it('a contender that finds something else stops the contest', async () => {
  const player = (name: string, digest: string) => ({
    name,
    file: process.execPath,
    args: ['-e', 'console.log(process.argv[2]); process.stdin.resume()', DUMP, digest],
  });
  const contenders = [player('one', '3 6 4500 00000000 7'), player('other', '3 6 4500 00000000 8')];

  await expect(
    contest(contenders, { dump: 'no dump', rounds: 1, warmUp: 1, cpu: undefined }),
  ).rejects.toThrow(/do not find the same[^]*00000000 8 {2}other/);
});

it('a contender that dies stops the contest', async () => {
  const dead = { name: 'dead', file: process.execPath, args: ['-e', ''] };

  await expect(contest([dead], { dump: '', rounds: 1, warmUp: 1, cpu: undefined })).rejects.toThrow(
    'dead ended without an answer',
  );
});
