/**
 * A device over and over: nothing is lost, nothing left behind. `npm run soak` has the long versions.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { Kernel, NetworkNamespace, TapDevice } from '@rtap/core';
import { kernel } from '@rtap/native';
import { describe, expect } from 'vitest';

const long = process.env['RTAP_SOAK'] === '1';
const PATIENCE = long ? 900_000 : 120_000;

setFlagsFromString('--expose_gc');
const collectGarbage: unknown = runInNewContext('gc');

/** Bytes that JavaScript holds once nothing can be thrown away. */
function heap(): number {
  if (typeof collectGarbage === 'function') collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * Runs something often: nothing but memory may be left behind. Its first times compile the code and fill caches.
 *
 * @returns the bytes that each time leaves.
 */
async function bytesLeftBehind(
  netns: NetworkNamespace,
  times: number,
  cycle: (round: number) => Promise<void>,
): Promise<number> {
  const WARM_UP = long ? 1000 : 20;
  let round = 0;
  const next = async (): Promise<void> => cycle(round++);
  for (let time = 0; time < WARM_UP; time += 1) await next();
  const before = heap();
  await expectNoLeaks(next, { namespaces: [netns], times });
  return (heap() - before) / times;
}

/** `ip -batch` in a namespace: a process of its own that changes links as fast as it can. */
function batch(
  netns: NetworkNamespace,
  lines: readonly string[],
): readonly [string, string[], string] {
  return ['nsenter', [`--net=${netns.path}`, 'ip', '-batch', '-'], `${lines.join('\n')}\n`];
}

function flaps(name: string, times: number): string[] {
  return Array.from(
    { length: times },
    (_, round) => `link set dev ${name} ${round % 2 === 0 ? 'down' : 'up'}`,
  );
}

/** Does something in every turn of the event loop, until a promise is settled. */
async function during(work: Promise<unknown>, turn: () => void): Promise<void> {
  const state = { ended: false };
  const end = work.finally(() => {
    state.ended = true;
  });
  while (!state.ended) {
    turn();
    await nextTurn();
  }
  await end;
}

function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link) => events.push(link.status));
  tap.on('removed', () => events.push('removed'));
  return events;
}

describe('over and over', () => {
  test('open and close leave nothing', { timeout: PATIENCE }, async ({ netns, judges }) => {
    judges('ip');
    const bytes = await bytesLeftBehind(netns, long ? 10_000 : 200, async (round) => {
      const tap = await openTap({ netns, queues: (round % 4) + 1 });
      tap.send(new Uint8Array(60));
      await tap.close();
    });
    // What a run of a thousand leaves is below what one device weighs.
    expect(bytes).toBeLessThan(long ? 50 : 2000);
  });

  test('start and stop go on working', { timeout: PATIENCE }, async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, queues: 2 });
    const events = record(tap);
    const bytes = await bytesLeftBehind(netns, long ? 4000 : 100, async () => {
      await tap.stop();
      expect(tap.link.status).toBe('down');
      await tap.start();
      expect(tap.link.status).toBe('up');
      expect(tap.send(new Uint8Array(60))).toBe(true);
    });
    expect(bytes).toBeLessThan(long ? 200 : 5000);
    // We did all of it ourselves: nothing of that is news.
    expect(events).toEqual([]);
    await tap.close();
  });

  test(
    'flaps by another process while frames pass: in order, and right at the end',
    { timeout: PATIENCE },
    async ({ netns, judges }) => {
      judges('ip', 'nsenter');
      const tap = await openTap({ netns, name: 'flap0' });
      const events = record(tap);
      const times = long ? 100_000 : 2000;
      const [file, args, input] = batch(netns, flaps('flap0', times + 1));
      const changer = spawn(file, args, { stdio: ['pipe', 'ignore', 'inherit'] });
      changer.stdin.end(input);
      let sent = 0;
      const exit = once(changer, 'exit');
      await during(exit, () => {
        if (tap.send(new Uint8Array(60))) sent += 1;
      });
      expect((await exit)[0]).toBe(0);
      await tap.linkUpdate();
      expect(tap.link.status).toBe('down');
      expect(sent).toBeGreaterThan(0);
      // Each change of status once: down, up, down ... and down at the end.
      expect(events.at(-1)).toBe('down');
      expect(events.every((status, at) => status === (at % 2 === 0 ? 'down' : 'up'))).toBe(true);
      await tap.stop();
      const told = events.length;
      const again = spawnSync(...rest(batch(netns, flaps('flap0', 100))));
      expect(again.status).toBe(0);
      await nextTurn();
      expect(events).toHaveLength(told);
      await tap.close();
    },
  );

  test(
    'a receive buffer of hardly anything: resync, and right at the end, each time',
    { timeout: PATIENCE },
    async ({ netns, judges }) => {
      judges('ip', 'nsenter');
      for (let round = 0; round < (long ? 200 : 5); round += 1) {
        const tap = await openTap({ netns, name: 'tiny0', kernel: withTinyBuffers });
        const events = record(tap);
        const resynced = once(tap, 'resync');
        // This thread hears nothing meanwhile. An even number of flaps ends up, an odd one down.
        const [file, args, options] = rest(batch(netns, flaps('tiny0', 400 + round)));
        expect(spawnSync(file, args, options).status).toBe(0);
        expect(await resynced).toEqual(['overrun']);
        const status = (400 + round) % 2 === 0 ? 'up' : 'down';
        expect(tap.link.status).toBe(status);
        expect(events.every((told, at) => told === (at % 2 === 0 ? 'down' : 'up'))).toBe(true);
        expect(events.at(-1) ?? 'up').toBe(status);
        await tap.close();
      }
    },
  );

  test(
    'closing many devices keeps no other work waiting',
    { timeout: PATIENCE },
    async ({ netns }) => {
      const devices = await Promise.all(Array.from({ length: 200 }, () => openTap({ netns })));
      let turns = 0;
      await during(Promise.all(devices.map((tap) => tap.close())), () => {
        turns += 1;
      });
      // The kernel takes milliseconds for each; were this thread to wait for them there were hardly more turns than devices.
      expect(turns).toBeGreaterThan(2000);
    },
  );
});

function rest([file, args, input]: readonly [string, string[], string]): readonly [
  string,
  string[],
  { readonly input: string },
] {
  return [file, args, { input }];
}

/** The real kernel, whose subscription sockets hold a few events and no more. */
const withTinyBuffers: Kernel = {
  ...kernel,
  openSubscriptionSocket: async (options) => {
    const socket = await kernel.openSubscriptionSocket({ ...options, receiveBuffer: 2304 });
    return new Proxy(socket, {
      get: (target, property) => {
        // It would grow, and then hold all there is.
        if (property === 'setReceiveBuffer') return () => undefined;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  },
};
