import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { missingForDatapath } from '../datapath/datapath.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rtap-bench-test-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Each contender says how many frames it took, how long they were and what stood in them, or the run fails. */
it(
  'bench datapath: all do the same work in every workload',
  { timeout: 240_000 },
  async ({ skip }) => {
    const missing = missingForDatapath();
    if (missing !== undefined) skip(missing);
    const main = join(import.meta.dirname, '../src/main.ts');
    const lengths = { least: 1, most: 1, visits: 1, 'warm-up': 0, chunks: 1, pings: 3, seconds: 1 };
    const short = Object.entries({ ...lengths, frames: 2000, idle: 1 });
    const options = short.flatMap(([name, value]) => [`--${name}`, String(value)]);

    // Without a name it is this one.
    const args = [main, ...options, '--results', folder];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    expect(stdout).toContain('receive 64 B, burst 64');
    const files = await readdir(folder);
    const types = new Set(['json', 'md', 'svg']);
    expect(new Set(files.map((file) => file.split('.').at(-1)))).toEqual(types);
    const text = async (type: string): Promise<string> =>
      readFile(join(folder, files.find((file) => file.endsWith(type)) ?? ''), 'utf8');
    expect(await text('svg')).toMatch(/^<svg [^]*rtap \/ C \(frames\/us\)[^]*<\/svg>$/);
    const told: unknown = JSON.parse(await text('json'));
    const names = [
      ...['receive 64 B, burst 64', 'receive 64 B, burst 32', 'receive 64 B, burst 8'],
      ...['send 64 B, burst 64', 'send 1500 B, burst 64'],
      'forward 64 B, MAC addresses swapped, burst 64',
      'ping answered',
      ...['receive UDP of 1400 B', 'receive UDP of 22 B'],
      ...['TCP, 1 stream', 'TCP, 4 streams'],
    ];
    const figure = { median: expect.any(Number), rounds: [expect.any(Number)] };
    expect(told).toMatchObject({
      workloads: names.map((name) => ({
        name,
        rounds: 1,
        series: expect.arrayContaining([
          expect.objectContaining({ ...figure, name: expect.stringMatching(/^C/) }),
          expect.objectContaining({ ...figure, name: expect.stringMatching(/^rtap/) }),
        ]),
      })),
      facts: Array.from({ length: 17 }, () => ({ value: expect.any(Number) })),
    });
  },
);
