/**
 * Interfaces and namespaces that go under a device of the real kernel.
 *
 * @module
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestNamespace, expectNoLeaks, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { describe, expect } from 'vitest';

/** Runs `ip` while JavaScript stands still: what it does, nobody has heard of when it returns. */
function ipMeanwhile(netns: NetworkNamespace, ...args: readonly string[]): void {
  execFileSync('nsenter', [`--net=${netns.path}`, 'ip', ...args]);
}

function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link) => events.push(link.status));
  tap.on('renamed', (name) => events.push(`renamed ${name}`));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

async function names(netns: NetworkNamespace): Promise<unknown[]> {
  const links = await ipJson(netns, ['link', 'show']);
  return Array.isArray(links) ? links.map((link) => link.ifname) : [];
}

describe('the namespace of a device', () => {
  test('may be closed by the caller: the device goes on, and lets go of it when closed', async ({
    netns: _,
    judges,
  }) => {
    judges('nsenter', 'ip');
    const life = async (): Promise<void> => {
      const netns = await createTestNamespace();
      const tap = await openTap({ netns });
      await netns.close();
      await tap.stop();
      await tap.configure({ queues: 2 });
      await tap.start();
      expect(tap.link.status).toBe('up');
      await tap.linkDown();
      expect(tap.link.status).toBe('down');
      await tap.close();
    };
    await expectNoLeaks(life);
  });

  test('is the one that its path meant when the device was opened', async ({ netns, judges }) => {
    judges('nsenter', 'ip');
    const folder = mkdtempSync(join(tmpdir(), 'rtap-netns-'));
    const path = join(folder, 'lab');
    const other = await createTestNamespace();
    try {
      symlinkSync(netns.path, path);
      const tap = await openTap({ netns: path, name: 'mine0' });
      const events = record(tap);
      unlinkSync(path);
      symlinkSync(other.path, path);
      ipMeanwhile(other, 'link', 'add', 'foreign0', 'index', String(tap.ifindex), 'type', 'bridge');
      await tap.stop();
      await tap.start();
      expect(tap.name).toBe('mine0');
      ipMeanwhile(netns, 'link', 'set', 'mine0', 'down');
      await tap.until('down');
      expect(events).toEqual(['down']);
      await tap.close();
    } finally {
      await other.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an interface that is deleted', () => {
  test.for(['stop', 'linkUp', 'linkDown', 'linkUpdate'] as const)(
    'just before %s: a last down, removed, and that is what it rejects with',
    async (operation, { netns, judges }) => {
      judges('nsenter', 'ip');
      const tap = await openTap({ netns, name: 'gone0' });
      const events = record(tap);
      ipMeanwhile(netns, 'link', 'del', 'gone0');
      await expect(tap[operation]()).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
      expect(events).toEqual(['down', 'removed']);
      expect(tap.state).toBe('removed');
      await tap.close();
    },
  );

  test.for(['start', 'configure', 'setLinkStateChange'] as const)(
    'just before %s of a device that listens to nothing',
    async (operation, { netns, judges }) => {
      judges('nsenter', 'ip');
      const start = operation === 'setLinkStateChange';
      const tap = await openTap({ netns, name: 'gone1', start, linkStateChange: false });
      const events = record(tap);
      ipMeanwhile(netns, 'link', 'del', 'gone1');
      const calls = {
        start: () => tap.start(),
        configure: () => tap.configure({ queues: 2 }),
        setLinkStateChange: () => tap.setLinkStateChange(true),
      };
      await expect(calls[operation]()).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
      expect(events).toEqual(['removed']);
      expect(tap.link.status).toBe('down');
      await tap.close();
    },
  );

  test('is persistent only when opening it came to its end', async ({ netns, judges }) => {
    judges('nsenter', 'ip');
    const controller = new AbortController();
    const opening = openTap({ netns, name: 'pers0', persist: true, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(opening).rejects.toThrow('enough');
    expect(await names(netns)).not.toContain('pers0');
    const tap = await openTap({ netns, name: 'pers0', persist: true });
    await tap.close();
    expect(await names(netns)).toContain('pers0');
    ipMeanwhile(netns, 'link', 'del', 'pers0');
  });
});
