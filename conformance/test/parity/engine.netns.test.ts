/** The defects of the reference's data path that are io_uring's. @module */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { frame, openPair, openQuiet, receive, shown, transmit } from './judges.ts';

const ANSWER = new URL('fixtures/answer.ts', import.meta.url).pathname;
const FORBID = new URL('fixtures/forbid.c', import.meta.url).pathname;

/** What the kernel says of the rings of this process that have a TAP file: /proc/self/fdinfo. */
function rings(): ReadonlyMap<string, string>[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      if (!readlinkSync(`/proc/self/fd/${fd}`).includes('io_uring')) return [];
      const text = readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
      if (!text.includes('/dev/net/tun')) return [];
      const lines = text.trim().split('\n');
      return [
        new Map(lines.map((line) => [line.split(':')[0] ?? '', line.replace(/^.*?:\s*/, '')])),
      ];
    } catch {
      // The one that the listing itself had open.
      return [];
    }
  });
}

/** Ends the test where there is no io_uring. */
function requireRing(tap: TapDevice, skip: (reason: string) => void): void {
  const { reason } = tap.info().engine;
  if (reason !== undefined) skip(`kernel lacks io_uring: ${reason}`);
}

/** Runs the device that answers in a process where io_uring_setup fails; what it says of its engine, and of its pings. */
async function answerWithout(
  netns: NetworkNamespace,
  forbid: string,
  errno: number,
): Promise<{ readonly engine: unknown; readonly ping: string }> {
  const program = [String(errno), process.execPath, ANSWER];
  const child = await netns.exec(forbid, program, { stdio: 'pipe' });
  if (child.stdout === null) throw new TypeError('no output');
  const [line] = await once(child.stdout, 'data');
  const { stdout } = await run(netns, 'ping', [
    '-n',
    '-c',
    '2',
    '-i',
    '0.01',
    '-w',
    '10',
    '10.9.0.2',
  ]);
  child.kill('SIGKILL');
  await child.exited;
  return { engine: JSON.parse(String(line)), ping: stdout };
}

describe('io_uring', () => {
  test('D4: where io_uring cannot be had the device works without, and says why', async ({
    netns,
    judges,
  }) => {
    judges('gcc', 'ping');
    const folder = await mkdtemp(join(tmpdir(), 'rtap-forbid-'));
    try {
      const forbid = join(folder, 'forbid');
      await promisify(execFile)('gcc', ['-Wall', '-o', forbid, FORBID]);
      // A sandbox, and a kernel without. (A file that can't be read without waiting: crates/rtap-io/src/engine.)
      for (const [errno, code] of [
        [1, 'EPERM'],
        [38, 'ENOSYS'],
      ] as const) {
        const { engine, ping } = await answerWithout(netns, forbid, errno);
        expect(engine).toEqual({
          ...{ name: 'syscall', code },
          reason: expect.stringMatching(new RegExp(`^${code}: .*, io_uring_setup: .*seccomp`)),
        });
        expect(ping).toContain(' 0% packet loss');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('D8: one ring a queue, for both directions, with its file registered', async ({
    netns,
    judges,
    skip,
  }) => {
    judges('ip');
    const tap = await openQuiet(netns, { name: 'ring0', queues: 2, engine: 'io_uring' });
    requireRing(tap, skip);
    // A queue that nobody has used has none.
    expect(rings()).toEqual([]);
    for (const queue of [0, 1]) {
      expect(tap.queue(queue).rxBurst().count).toBe(0);
      transmit(tap, [frame(60, 1), frame(61, 2)], queue);
    }
    expect(rings().map((ring) => ring.get('UserFiles'))).toEqual(['1', '1']);
    expect((await shown(netns, 'ring0')).stats64.rx).toMatchObject({ packets: 4, bytes: 242 });
    await tap.close();
    expect(rings()).toEqual([]);
  });

  test('D15: nothing is in flight when a call has returned', async ({ netns, judges, skip }) => {
    judges('ip');
    await using pair = await openPair(netns, 'fly', { engine: 'io_uring' });
    requireRing(pair.tap, skip);
    // Bursts that find nothing, too: the reference's reads wait in the kernel for frames to come.
    const sent = Array.from({ length: 40 }, (_, number) => frame(60 + number, number));
    for (const count of [0, 1, 40]) {
      expect(pair.tap.queue(0).rxBurst().count).toBe(0);
      transmit(pair.peer, sent.slice(0, count));
      // Whoever waits is woken for them, and gets them all: no read had been waiting to take one.
      if (count > 0) await pair.tap.queue(0).waitReadable();
      expect(receive(pair.tap)).toEqual(sent.slice(0, count));
      for (const ring of rings()) {
        // All that was submitted was taken, and all that was taken completed and was read.
        expect(ring.get('SqHead')).toBe(ring.get('SqTail'));
        expect(ring.get('CachedSqHead')).toBe(ring.get('SqTail'));
        expect(ring.get('CqHead')).toBe(ring.get('CqTail'));
        expect(ring.get('CqTail')).toBe(ring.get('SqTail'));
        expect(ring.get('PollList')).toBe('');
        expect(ring.get('CqOverflowList')).toBe('');
      }
    }
    expect(rings()).toHaveLength(2);
    // Memory that has gone meanwhile is nobody's any more.
    const batch = pair.tap.queue(0).rxBurst();
    structuredClone(batch.slab.buffer, { transfer: [batch.slab.buffer as ArrayBuffer] });
    transmit(pair.peer, sent);
    expect(() => pair.tap.queue(0).rxBurst()).toThrow(TypeError);
  });
});
