/**
 * `rtap run --mode icmpecho`, asked by the system's `ping` and `arping`.
 *
 * @module
 */

import type { NetworkNamespace } from '@rtap/core';
import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { ip } from './ip.ts';
import { end } from './rtap.ts';
import { last, startRun, PATIENCE } from './run.ts';

/** Asks until so many are answered, or ten seconds have gone. */
async function answers(
  netns: NetworkNamespace,
  address: string,
  ...args: readonly string[]
): Promise<number> {
  const { stdout } = await run(netns, 'ping', [
    ...['-n', '-c', '3', '-i', '0.05', '-w', '10'],
    ...args,
    address,
  ]);
  return new Set(stdout.match(/icmp_seq=[1-3] .*time=/g)).size;
}

/** Waits until no address is looked for duplicates of any more; says how many were found to be taken. */
async function duplicates(netns: NetworkNamespace): Promise<number> {
  const withFlag = async (flag: string): Promise<number> => {
    const links = await ipJson(netns, ['-6', 'addr', 'show', flag]);
    return Array.isArray(links) ? links.filter((each) => 'ifname' in each).length : 0;
  };
  await expect.poll(() => withFlag('tentative'), PATIENCE).toBe(0);
  return withFlag('dadfailed');
}

describe('icmpecho', () => {
  for (const offloads of ['none', 'auto']) {
    test(`answers for any address, on several queues, with offloads ${offloads}`, async ({
      createTestNamespace,
      judges,
    }) => {
      judges('ip', 'ping');
      const netns = await createTestNamespace();
      const running = await startRun(
        netns,
        ...['--mode', 'icmpecho', '--queues', '3', '--offloads', offloads, '--iface', 'echo%d'],
        ...['--address', '10.0.0.1/24', '--address', 'fd00::1/64'],
      );
      expect(await ipJson(netns, ['addr', 'show', 'echo0'])).toMatchObject([
        {
          addr_info: expect.arrayContaining([
            expect.objectContaining({ local: '10.0.0.1', prefixlen: 24 }),
            expect.objectContaining({ local: 'fd00::1', prefixlen: 64 }),
          ]),
        },
      ]);
      expect(await duplicates(netns)).toBe(0);
      expect(await answers(netns, '10.0.0.2')).toBe(3);
      expect(await answers(netns, '10.0.0.99', '-s', '4000')).toBe(3);
      expect(await answers(netns, '10.0.0.100', '-s', '65507')).toBe(3);
      expect(await answers(netns, 'fd00::2', '-6')).toBe(3);
      expect(await answers(netns, 'fd00::1234:5678', '-6', '-s', '4000')).toBe(3);
      expect(await answers(netns, 'fe80::77%echo0', '-6')).toBe(3);
      expect(await end(running.child, 'SIGINT')).toBe(0);
      const { rxPackets, txPackets, txErrors, txDropped, queues } = last(
        running,
        'echo0',
        'summary',
      );
      expect(txPackets).toBeGreaterThan(100);
      expect(rxPackets).toBeGreaterThanOrEqual(Number(txPackets));
      expect([txErrors, txDropped]).toEqual([0, 0]);
      expect(queues).toHaveLength(3);
    }, 60_000);
  }

  test('does not answer who asks for an address of its own', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'ping');
    const netns = await createTestNamespace();
    const running = await startRun(netns, '--mode', 'icmpecho', '--iface', 'echo0');
    // Each of these is looked for duplicates of.
    await ip(netns, ['addr add 10.0.0.1/24 dev echo0', 'addr add fd00::1/64 dev echo0']);
    await ip(netns, ['link set echo0 down', 'link set echo0 up', 'addr add fd01::1/64 dev echo0']);
    expect(await duplicates(netns)).toBe(0);
    expect(await answers(netns, 'fd01::2', '-6')).toBe(3);
    expect(await end(running.child, 'SIGTERM')).toBe(0);
  }, 60_000);
});
