/**
 * `rtap monitor` beside `ip -o monitor link`, and what it does when it is told to end, or can't follow.
 *
 * @module
 */

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkNamespace } from '@rtap/core';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { kernelSockets } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { monitor } from '../src/monitor/monitor.ts';
import { hour } from './hour.ts';
import { storyOf } from './ip-monitor.ts';
import { ip } from './ip.ts';
import { RTAP, end, linesOf, start } from './rtap.ts';
import type { Json } from './rtap.ts';

/** Milliseconds of a minute of the hour: the whole hour takes three seconds, and a minute with RTAP_SOAK=1. */
const MINUTE = process.env['RTAP_SOAK'] === undefined ? 50 : 1000;

/** The story of each link that our lines tell, in the words of {@link storyOf}. */
function ourStory(lines: readonly Json[]): ReadonlyMap<string, readonly string[]> {
  const stories = new Map<string, string[]>();
  for (const line of lines) {
    const index = String(line['ifindex']);
    const story = stories.get(index) ?? [];
    stories.set(index, story);
    const of = (property: string): string => String(line[property]);
    const words: Readonly<Record<string, string>> = {
      snapshot: `${of('name')} is ${of('status')}`,
      link: of('status'),
      renamed: `renamed ${of('name')}`,
      mtu: `mtu ${of('mtu')}`,
      macAddress: `address ${of('macAddress')}`,
    };
    const event = String(line['event']);
    story.push(words[event] ?? event);
  }
  return stories;
}

/** The command takes a second to start on a busy machine. */
const PATIENCE = { timeout: 20_000 };

const mark = (netns: NetworkNamespace, mtu: number): Promise<void> =>
  ip(netns, ['link set lo mtu 60000', `link set lo mtu ${mtu}`]);

describe('beside ip monitor', () => {
  test('tells the same story of an hour', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const [netns, other] = [await createTestNamespace(), await createTestNamespace()];
    const child = start('monitor', '--json', '--netns', netns.path);
    const ours = linesOf(child);
    const theirs = await netns.exec('ip', ['-o', 'monitor', 'link'], { stdio: 'pipe' });
    const ips: string[] = [];
    createInterface(theirs.stdout!).on('line', (line) => ips.push(line));
    const bothTold = (mtu: number): boolean =>
      ips.some((line) => line.includes(` mtu ${mtu} `)) &&
      ours.some((line) => line['event'] === 'mtu' && line['mtu'] === mtu);
    try {
      await expect
        .poll(async () => {
          await mark(netns, 60_001);
          return bothTold(60_001);
        }, PATIENCE)
        .toBe(true);
      await ip(netns, ['link add br0 type bridge']);
      for (const commands of hour(other.path, netns.path)) {
        for (const { line, away } of commands) {
          // oxlint-disable-next-line no-await-in-loop
          await ip(away ? other : netns, [line]);
        }
        // What the kernel tells of late has its time.
        // oxlint-disable-next-line no-await-in-loop
        await sleep(MINUTE);
      }
      await mark(netns, 60_002);
      await expect.poll(() => bothTold(60_002), PATIENCE).toBe(true);
    } finally {
      theirs.kill('SIGKILL');
      await theirs.exited;
    }
    expect(await end(child, 'SIGINT')).toBe(0);

    const [theirStory, story] = [storyOf(ips), ourStory(ours)];
    // The loopback interface is the only one that was there before.
    const told = (of: ReadonlyMap<string, readonly string[]>): object =>
      Object.fromEntries([...of].filter(([index]) => index !== '1'));
    expect(theirStory.size).toBeGreaterThan(10);
    expect(told(story)).toEqual(told(theirStory));
    const events = new Set(ours.map((line) => line['event']));
    expect(events).toEqual(
      new Set(['snapshot', 'link', 'renamed', 'mtu', 'macAddress', 'moved', 'removed']),
    );
    for (const line of ours) {
      expect(line).toEqual(
        expect.objectContaining({
          ifindex: expect.any(Number),
          name: expect.any(String),
          status: expect.stringMatching(/^(up|down)$/),
          carrier: expect.any(Boolean),
          operState: expect.any(String),
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        }),
      );
    }
  }, 180_000);
});

describe('some interfaces', () => {
  test('by their names, also before they are there and after they have another', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const alternative = 'réseau:à-longer-than-those-of-interfaces';
    const child = start('--json', '-n', netns.path, 'monitor', 'late', alternative, 'lo');
    const lines = linesOf(child);
    const log = text(child.stderr!);
    await expect.poll(() => lines.length, PATIENCE).toBe(1);
    await ip(netns, [
      'link add other type veth peer name twin',
      'link set twin name late',
      'link set late name later',
      'link set later up',
      'link set other up',
    ]);
    await expect.poll(() => lines.at(-1)?.['event'], PATIENCE).toBe('link');
    await ip(netns, [
      `link property add dev other altname ${alternative}`,
      'link set other mtu 1400',
    ]);
    await expect.poll(() => lines.at(-1)?.['event'], PATIENCE).toBe('mtu');
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(lines.map(({ event, name }) => `${String(event)} ${String(name)}`)).toEqual([
      'snapshot lo',
      'snapshot late',
      'renamed later',
      'link later',
      'snapshot other',
      'mtu other',
    ]);
    expect(await log).toBe(`rtap: waiting for late\nrtap: waiting for ${alternative}\n`);
  });
});

describe('what it does when', () => {
  test('it is stopped for too long: a resync, and the truth', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    await ip(netns, ['link add v0 type veth peer name v1', 'link add v2 type veth peer name v3']);
    const child = start('monitor', '--json', '--netns', netns.path);
    const lines = linesOf(child);
    await expect.poll(() => lines.length, PATIENCE).toBe(5);
    child.kill('SIGSTOP');
    const flaps = Array.from({ length: 3000 }, (_, n) => `link set lo mtu ${50_000 + n}`);
    await ip(netns, [...flaps, 'link set v0 up', 'link set v1 up', 'link del v2']);
    child.kill('SIGCONT');
    const after = (): readonly Json[] =>
      lines.slice(lines.findIndex(({ event }) => event === 'resync'));
    await expect.poll(() => lines.some(({ event }) => event === 'resync'), PATIENCE).toBe(true);
    expect(lines.find(({ event }) => event === 'resync')).toEqual({
      event: 'resync',
      reason: 'overrun',
      time: expect.any(String),
    });
    await expect
      .poll(
        () =>
          after()
            .filter(({ name }) => name !== 'lo')
            .map(({ event, name, status }) => [event, name, status].join(' '))
            .toSorted(),
        PATIENCE,
      )
      .toEqual(['link v0 up', 'link v1 up', 'removed v2 down', 'removed v3 down', 'resync  ']);
    expect(after().findLast(({ name }) => name === 'lo')).toMatchObject({ mtu: 52_999 });
    expect(await end(child, 'SIGINT')).toBe(0);
  }, 60_000);

  test('nobody reads on: it ends without a word', async ({ createTestNamespace, judges }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const child = start('monitor', '--netns', netns.path);
    const log = text(child.stderr!);
    const ended = once(child, 'exit');
    await once(child.stdout!, 'data');
    child.stdout!.destroy();
    await ip(netns, ['link set lo mtu 50000', 'link set lo mtu 50001']);
    expect((await ended)[0]).toBe(141);
    expect(await log).toBe('');
  });

  test('whoever reads is slow: lines wait until they are taken', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const ending = new AbortController();
    const sockets = await kernelSockets();
    const begin = (output: Writable): Promise<void> =>
      monitor({
        ...{ sockets, netns, names: [], json: true, output, log: output, signal: ending.signal },
      });
    const [quick, slow]: string[][] = [[], []];
    let take: (() => void) | undefined;
    const stuck = new Writable({
      highWaterMark: 1,
      write: (chunk, _, done) => {
        slow?.push(String(chunk));
        take = done;
      },
    });
    const open = new Writable({
      write: (chunk, _, done) => {
        quick?.push(String(chunk));
        done();
      },
    });
    const running = Promise.all([begin(stuck), begin(open)]);
    await expect.poll(() => [slow?.length, quick?.length], PATIENCE).toEqual([1, 1]);
    await ip(
      netns,
      Array.from({ length: 50 }, (_, at) => `link set lo mtu ${50_000 + at}`),
    );
    await expect.poll(() => quick?.length, PATIENCE).toBe(51);
    // The one that is being taken is the only one in memory.
    expect(stuck.writableLength).toBe(slow?.[0]?.length);
    await expect
      .poll(
        () => {
          take?.();
          return slow?.length;
        },
        { ...PATIENCE, interval: 5 },
      )
      .toBe(51);
    ending.abort();
    await running;
  });

  test('its output is full: one line says so', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const command = [process.execPath, RTAP, 'monitor', '--json'];
    const ended = await run(netns, 'sh', ['-c', 'exec "$@" > /dev/full', 'sh', ...command]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^rtap: ENOSPC: [^\n]+\n$/);
  });
});
