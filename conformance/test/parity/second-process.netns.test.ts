/** The reference's defects about a second process, whose queues and sockets are the first one's there. @module */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTap } from '@rtap/core';
import type { EngineName, NetworkNamespace } from '@rtap/core';
import { run } from '@rtap/testkit';
import { test as base } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { ip, names } from './judges.ts';

const SECOND = new URL('fixtures/second-process.ts', import.meta.url).pathname;

const test = base.extend<{ readonly path: string }>({
  path: async ({ netns }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'rtap-'));
    await use(join(folder, `${netns.inode}.rtap`));
    rmSync(folder, { recursive: true });
  },
});

interface Second {
  readonly next: () => Promise<unknown>;
  readonly end: () => Promise<unknown>;
}

async function start(
  netns: NetworkNamespace,
  path: string,
  engine: EngineName = 'syscall',
): Promise<Second> {
  const child = await netns.exec(process.execPath, [SECOND, path, engine]);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new TypeError('no pipes');
  stderr.on('data', (chunk: Uint8Array) => process.stderr.write(chunk));
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    next: async () => (await lines.next()).value,
    end: () => {
      stdin.end();
      return child.exited;
    },
  };
}

describe('a second process', () => {
  test('L18: a process has sockets of its own', async ({ netns, judges, path }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'first0', queues: 3 });
    await tap.share({ path, queues: [1, 2] });
    const seen: string[] = [];
    tap.on('link', ({ status }) => seen.push(status));
    const second = await start(netns, path);
    expect(await second.next()).toBe(`ready ${tap.ifindex} up`);
    for (const status of ['down', 'up']) {
      await ip(netns, 'link', 'set', 'dev', 'first0', status);
      expect(await second.next()).toBe(`link ${status}`);
    }
    await tap.until('up');
    expect(seen).toEqual(['down', 'up']);
    // The first one's sockets are closed with it, and no number of theirs means anything to the second.
    await tap.close();
    for (const status of ['down', 'up']) {
      await ip(netns, 'link', 'set', 'dev', 'first0', status);
      expect(await second.next()).toBe(`link ${status}`);
    }
    await ip(netns, 'link', 'del', 'dev', 'first0');
    expect(await second.next()).toBe('link down');
    expect(await second.next()).toBe('removed');
    await second.end();
  });

  test('D22: a queue works wherever it was handed to', async ({ netns, judges, path }) => {
    judges('ip', 'ping');
    for (const engine of ['syscall', 'io_uring'] as const) {
      const tap = await openTap({ netns, name: 'first0', queues: 2, engine });
      await tap.addAddress('10.9.0.1/24');
      await tap.share({ path, queues: [0, 1] });
      const second = await start(netns, path, engine);
      expect(await second.next()).toBe(`ready ${tap.ifindex} up`);
      const pinged = async (): Promise<string> => {
        const args = ['-n', '-c', '3', '-i', '0.01', '-w', '10', '10.9.0.2'];
        return (await run(netns, 'ping', args)).stdout;
      };
      expect(await pinged()).toContain(' 0% packet loss');
      await tap.close();
      expect(await pinged()).toContain(' 0% packet loss');
      await second.end();
      expect(await names(netns)).toEqual(['lo']);
    }
  });
});
