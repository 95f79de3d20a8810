import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { missingForNamespaces, missingProgram } from '@rtap/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { firstCpu, lastCpu, missingCompiler } from '../src/machine.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtap-bench-test-'));
});

afterEach(() => rm(folder, { recursive: true }));

it(
  'bench lsc: both sides hear every change and are seen to send',
  { timeout: 120_000 },
  async ({ skip }) => {
    const missing = missingCompiler() ?? missingForNamespaces() ?? missingProgram('taskset');
    if (missing !== undefined) skip(missing);
    const main = join(import.meta.dirname, '../src/main.ts');
    const short = ['--rounds', '1', '--events', '4', '--openings', '1', '--devices', '3'];

    const args = [main, 'lsc', ...short, '--results', folder];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    expect(stdout).toContain('open to first frame, free: rtap');
    const files = await readdir(folder);
    expect(new Set(files.map((file) => file.split('.').at(-1)))).toEqual(new Set(['json', 'md']));
    const json = files.find((file) => file.endsWith('.json')) ?? '';
    const told: unknown = JSON.parse(await readFile(join(folder, json), 'utf8'));
    const measured = { name: expect.any(String), median: expect.any(Number) };
    const sides = expect.objectContaining({
      value: expect.objectContaining(measured),
      yardstick: expect.objectContaining(measured),
    });
    const placements = firstCpu() === lastCpu() ? 2 : 3;
    expect(told).toMatchObject({
      rounds: 1,
      // Four figures of changes beside two, in each placement; two openings in two; process and sender with many devices.
      comparisons: Array.from({ length: 8 * placements + 6 }, () => sides),
      memory: { devices: 3, process: { rss: expect.any(Number) } },
    });
  },
);
