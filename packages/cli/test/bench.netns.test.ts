/**
 * `rtap bench`: that it measures everything and leaves nothing; figures decide nothing.
 *
 * @module
 */

import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { expect } from 'vitest';
import { end, linesOf, rtap, start } from './rtap.ts';

test('each workload has a line, behind the machine', async ({ judges }) => {
  judges();
  await expectNoLeaks(async () => {
    const { code, stdout } = await rtap('bench', '--seconds', '0.02', '--json');
    expect(code).toBe(0);
    const [machine, ...results] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(machine).toEqual({
      event: 'machine',
      node: process.versions.node,
      kernel: expect.any(String),
      arch: process.arch,
      cpu: expect.any(String),
      cpus: expect.any(Number),
    });
    expect(results.map(({ workload, size }) => `${workload} ${size}`)).toEqual([
      'receive 60',
      'receive 1514',
      'send 60',
      'send 1514',
      'forward 60',
      'forward 1514',
      'ping 98',
    ]);
    for (const { nanoseconds, nanosecondsP99, rounds, framesPerSecond, workload } of results) {
      expect(rounds).toBeGreaterThan(0);
      expect(nanoseconds).toBeGreaterThan(0);
      expect(nanosecondsP99).toBeGreaterThanOrEqual(nanoseconds);
      if (workload === 'ping') expect(framesPerSecond).toBeUndefined();
      else expect(framesPerSecond).toBe(Math.round(1e9 / nanoseconds));
    }
  });
});

test('for people: a table with bars', async () => {
  const { code, stdout } = await rtap('bench', '--seconds', '0.02');
  expect(code).toBe(0);
  expect(stdout).toContain('▇'.repeat(30));
  expect(stdout).toMatch(/│ ping 98 B +│ [\d.]+ (ns|µs) /);
});

test.for([1, 2])('Ctrl-C ends it, behind %i lines', async (count) => {
  const child = start('bench', '--seconds', String(count === 1 ? 1000 : 1), '--json');
  const lines = linesOf(child);
  await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
  expect(await end(child, 'SIGINT')).toBe(130);
});
