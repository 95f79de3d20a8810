import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { describe, expect } from 'vitest';

async function ip(netns: NetworkNamespace, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(netns, 'ip', args);
  expect(stderr).toBe('');
  expect(code).toBe(0);
}

/** Whether `ip -j link` shows the interface up with its carrier: IFF_UP and IFF_RUNNING. */
async function upByIp(netns: NetworkNamespace, name: string): Promise<boolean> {
  const links = await ipJson(netns, ['link', 'show', 'dev', name]);
  const flags: unknown = Array.isArray(links) ? links[0]?.flags : undefined;
  if (!Array.isArray(flags)) throw new TypeError('ip printed no flags');
  return flags.includes('UP') && !flags.includes('NO-CARRIER');
}

function record(tap: TapDevice): string[] {
  const events: string[] = [];
  tap.on('link', (link) => events.push(link.status));
  tap.on('renamed', (name) => events.push(`renamed ${name}`));
  tap.on('moved', () => events.push('moved'));
  tap.on('removed', () => events.push('removed'));
  tap.on('resync', (reason) => events.push(`resync ${reason}`));
  return events;
}

describe('link-state change, caused and judged by ip', () => {
  test('down, up, carrier off and on: one event each, and the same as ip says', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'lsc0' });
    const events = record(tap);
    const steps: readonly (readonly [readonly string[], 'up' | 'down'])[] = [
      [['down'], 'down'],
      [['up'], 'up'],
      [['carrier', 'off'], 'down'],
      [['carrier', 'on'], 'up'],
      [['mtu', '1400'], 'up'],
      [['down'], 'down'],
    ];
    const expected: string[] = [];
    for (const [change, status] of steps) {
      if (status !== (expected.at(-1) ?? 'up')) expected.push(status);
      await ip(netns, 'link', 'set', 'dev', 'lsc0', ...change);
      await tap.until(status);
      expect(await upByIp(netns, 'lsc0')).toBe(status === 'up');
      expect(events).toEqual(expected);
    }
    await tap.close();
  });

  test('the order of ip monitor is ours', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'lsc1' });
    const monitor = await netns.exec('ip', ['-o', 'monitor', 'link'], { stdio: 'pipe' });
    const { stdout } = monitor;
    if (stdout === null) throw new TypeError('no stdout');
    let text = '';
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    // It is listening when it shows a change.
    while (!text.includes('mtu 1401')) {
      await ip(netns, 'link', 'set', 'dev', 'lsc1', 'mtu', '1400');
      await ip(netns, 'link', 'set', 'dev', 'lsc1', 'mtu', '1401');
      await Promise.race([once(stdout, 'data'), new Promise((r) => setImmediate(r))]);
    }
    const events = record(tap);
    text = '';
    for (const change of ['down', 'up', 'down', 'up', 'down']) {
      await ip(netns, 'link', 'set', 'dev', 'lsc1', change);
    }
    await ip(netns, 'link', 'set', 'dev', 'lsc1', 'name', 'lsc2');
    await ip(netns, 'link', 'del', 'dev', 'lsc2');
    await expect.poll(() => text, { timeout: 10_000 }).toMatch(/^Deleted .*lsc2/m);
    await expect.poll(() => events.at(-1)).toBe('removed');
    monitor.kill();
    await monitor.exited;

    // Its lines, with what repeats the status left out.
    const told: string[] = [];
    let status = 'up';
    let name = 'lsc1';
    for (const line of text.split('\n').filter((each) => / lsc\d: </.test(each))) {
      const shown = / (lsc\d): <([^>]*)>/.exec(line);
      const flags = shown?.[2]?.split(',') ?? [];
      if (shown?.[1] !== undefined && shown[1] !== name) {
        name = shown[1];
        told.push(`renamed ${name}`);
      }
      const now = flags.includes('UP') && !flags.includes('NO-CARRIER') ? 'up' : 'down';
      if (now !== status) told.push(now);
      status = now;
      if (line.startsWith('Deleted')) told.push('removed');
    }
    expect(events).toEqual(told);
    expect(tap.name).toBe('lsc2');
    await tap.close();
  });

  test('joining and leaving a bridge is no change: RTM_DELLINK of AF_BRIDGE deletes nothing', async ({
    netns,
    judges,
    skip,
  }) => {
    judges('ip');
    const made = await run(netns, 'ip', ['link', 'add', 'br0', 'type', 'bridge']);
    if (/Unknown device type|not supported/.test(made.stderr)) skip('kernel lacks bridge');
    expect(made.code).toBe(0);
    const tap = await openTap({ netns, name: 'lsc3' });
    const events = record(tap);
    await ip(netns, 'link', 'set', 'dev', 'lsc3', 'master', 'br0');
    await ip(netns, 'link', 'set', 'dev', 'lsc3', 'nomaster');
    // What comes after it tells that all of it has been heard.
    await ip(netns, 'link', 'set', 'dev', 'lsc3', 'down');
    await tap.until('down');
    expect(events).toEqual(['down']);
    await tap.close();
    await ip(netns, 'link', 'del', 'br0');
  });

  test('a storm while JavaScript is busy: resync, and the state that ip shows', async ({
    netns,
    judges,
  }) => {
    judges('ip', 'nsenter');
    const tap = await openTap({ netns, name: 'lsc4' });
    for (const last of ['down', 'up']) {
      const events = record(tap);
      const flaps = Array.from({ length: 1000 }, () => ['down', 'up']).flat();
      const batch = [...flaps, last].map((change) => `link set dev lsc4 ${change}\n`).join('');
      // The event loop stands still meanwhile, so the kernel has to drop events.
      const { status } = spawnSync('nsenter', [`--net=${netns.path}`, 'ip', '-batch', '-'], {
        input: batch,
      });
      expect(status).toBe(0);
      await expect.poll(() => events).toContain('resync overrun');
      expect(await upByIp(netns, 'lsc4')).toBe(last === 'up');
      expect(tap.link.status).toBe(last);
      // The loss is made up for by one comparison.
      expect(
        events.filter((event) => event === 'up' || event === 'down').length,
      ).toBeLessThanOrEqual(1);
      tap.removeAllListeners();
    }
    await tap.close();
  });

  test('deleted from outside: one last down, one removal, iterators end', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'lsc5', queues: 2 });
    const events = record(tap);
    const ended = (async (): Promise<void> => {
      // The kernel sends frames by itself: they come first.
      for await (const batch of tap.batches()) expect(batch.count).toBeGreaterThan(0);
    })();
    await ip(netns, 'link', 'del', 'dev', 'lsc5');
    await expect.poll(() => events).toEqual(['down', 'removed']);
    await ended;
    expect(tap.state).toBe('removed');
    await expect(tap.linkUp()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    await tap.close();
    expect(events).toEqual(['down', 'removed']);
  });

  test.for([true, false])(
    'seen removed when configured, with LSC %s',
    async (linkStateChange, { netns, judges }) => {
      judges('ip');
      const tap = await openTap({ netns, name: 'lsc6', start: false, linkStateChange });
      const events = record(tap);
      await ip(netns, 'link', 'del', 'dev', 'lsc6');
      await expect.poll(() => events).toEqual(['removed']);
      await tap.close();
    },
  );

  test('without LSC: no socket is subscribed, removal is seen all the same', async ({
    netns,
    judges,
  }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'lsc7', linkStateChange: false });
    const events = record(tap);
    await ip(netns, 'link', 'set', 'dev', 'lsc7', 'down');
    expect((await tap.linkUpdate()).status).toBe('down');
    expect(events).toEqual([]);
    await ip(netns, 'link', 'del', 'dev', 'lsc7');
    await expect.poll(() => events).toEqual(['removed']);
    await tap.close();
  });
});
