import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

import { kernel } from '@rtap/native';
import type { EngineName, NetworkNamespace } from '@rtap/native';
import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';

import { hasLink, ip, makeSlab, threadNamespaces, until } from './judges.ts';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => judges('ip'));

const FIXTURE = new URL('fixtures/device.ts', import.meta.url);
const UNLOADING = new URL('fixtures/unloading.ts', import.meta.url);

const ENGINES: readonly EngineName[] = ['syscall', 'io_uring'];

interface Fixture {
  readonly child: ChildProcess;
  /** The lines it has written. */
  readonly lines: string[];
  /** Waits for a line that begins with `start`. */
  readonly line: (start: string) => Promise<string>;
  readonly ended: Promise<unknown[]>;
}

function start(mode: string, netns: NetworkNamespace, engine: EngineName = 'syscall'): Fixture {
  const child = spawn(process.execPath, [FIXTURE.pathname, mode, netns.path, engine], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const line = async (begin: string): Promise<string> => {
    for (;;) {
      const found = lines.find((one) => one.startsWith(begin));
      if (found !== undefined) return found;
      await once(reader, 'line');
    }
  };
  return { child, lines, line, ended };
}

describe('a process', () => {
  test.for(ENGINES)('that is killed leaves nothing behind: %s', async (engine, { netns }) => {
    const { child, line, ended } = start('stay', netns, engine);
    const pid = (await line('ready')).split(' ')[1];
    expect(await hasLink(netns, 'fixture0')).toBe(true);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    child.kill('SIGKILL');
    await ended;
    await until(async () => !(await hasLink(netns, 'fixture0')));
    await until(() => !existsSync(`/proc/${pid}`));
  });

  test('stays while it has a device', async ({ netns }) => {
    const { child, line, ended } = start('ref', netns);
    await line('ready');
    // Several runs of another program are many turns of its loop.
    for (let times = 0; times < 5; times += 1) {
      expect(await hasLink(netns, 'fixture0')).toBe(true);
    }
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    await until(async () => !(await hasLink(netns, 'fixture0')));
  });

  test.for(ENGINES)('ends with a device that is unreferenced: %s', async (engine, { netns }) => {
    const { line, ended } = start('unref', netns, engine);
    await line('ready');
    expect(await ended).toEqual([0, null]);
    // The name is free with the end of the process: the kernel would take a ring apart later.
    await (await kernel.openTap({ name: 'fixture0', queues: 1, netns })).close();
  });

  test('gets what a listener throws, and the listener its later calls', async ({ netns }) => {
    const { lines, line, ended } = start('throw', netns);
    await line('ready');
    await ip(netns, 'addr add 10.9.9.1/24 dev fixture0');
    await ip(netns, 'link set dev fixture0 up');
    // The kernel's own frames on a new interface take their time; this one is sent at once.
    const knock = await netns.exec('bash', ['-c', 'echo > /dev/udp/10.9.9.2/9'], {
      stdio: 'ignore',
    });
    await knock.exited;
    await line('uncaught of call 2');
    await ip(netns, 'link del dev fixture0');
    expect(await ended).toEqual([0, null]);
    expect(lines).toEqual([
      'ready',
      'call 1',
      'uncaught of call 1',
      'call 2',
      'uncaught of call 2',
      'removed',
      'uncaught of removal',
    ]);
  });
});

describe('a device', () => {
  test.for(ENGINES)('leaves no file behind: %s', async (engine, { netns }) => {
    const life = async (): Promise<void> => {
      const tap = await kernel.openTap({ name: 'fixture0', queues: 2, netns, engine });
      const slab = makeSlab();
      for (const queue of tap.queues) {
        expect(queue.rxBurst(slab.bytes, slab.descriptors, 64, slab.counters)).toBe(0);
      }
      await tap.setQueues(1);
      await tap.close();
    };
    const times = process.env['RTAP_SOAK'] === undefined ? 20 : 200;
    await expectNoLeaks(life, { namespaces: [netns], times });
  });
});

describe('a worker', () => {
  test.for(ENGINES)(
    'can be terminated with all its handles open: %s',
    async (engine, { netns }) => {
      const namespaces = threadNamespaces();
      const life = async (): Promise<void> => {
        const worker = new Worker(FIXTURE, { workerData: ['stay', netns.path, engine] });
        const [message]: unknown[] = await once(worker, 'message');
        expect(String(message)).toMatch(/^ready \d+$/);
        expect(await hasLink(netns, 'fixture0')).toBe(true);
        await worker.terminate();
        await until(async () => !(await hasLink(netns, 'fixture0')));
        const pid = String(message).split(' ')[1];
        // A worker's child is the process's, and ends with that.
        process.kill(Number(pid), 'SIGKILL');
        await until(() => !existsSync(`/proc/${pid}`));
      };
      await expectNoLeaks(life, { namespaces: [netns], times: 2 });
      expect(threadNamespaces()).toEqual(namespaces);
    },
  );

  test('that alone used the addon can end before its threads do', async ({ netns }) => {
    const child = spawn(process.execPath, [UNLOADING.pathname, FIXTURE.pathname, netns.path], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    await until(async () => !(await hasLink(netns, 'fixture0')));
  });

  test('ends by itself with a device that is unreferenced', async ({ netns }) => {
    const worker = new Worker(FIXTURE, { workerData: ['unref', netns.path] });
    const [code]: unknown[] = await once(worker, 'exit');
    expect(code).toBe(0);
    await until(async () => !(await hasLink(netns, 'fixture0')));
  });
});
