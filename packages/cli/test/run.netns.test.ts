/**
 * `rtap run` in each mode: judged by `ip`, `ping` and `tcpdump`.
 *
 * @module
 */

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { NetworkNamespace } from '@rtap/core';
import { ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { ip } from './ip.ts';
import { end } from './rtap.ts';
import {
  answered,
  count,
  isUp,
  kernelCount,
  last,
  move,
  PATIENCE,
  sendTo,
  startRun,
} from './run.ts';
import type { Running } from './run.ts';

/** Two interfaces that are forwarded between, each in a namespace of its own with an address. */
async function twoSides(
  createTestNamespace: () => Promise<NetworkNamespace>,
  ...args: readonly string[]
): Promise<{
  readonly left: NetworkNamespace;
  readonly right: NetworkNamespace;
  readonly running: Running;
}> {
  const [left, right] = [await createTestNamespace(), await createTestNamespace()];
  const running = await startRun(left, ...args, '--iface', 'left', '--iface', 'right');
  await move(left, 'right', right);
  await ip(left, ['addr add 10.0.0.1/24 dev left nodad']);
  await ip(right, ['addr add 10.0.0.2/24 dev right nodad']);
  await isUp(right, 'right');
  return { left, right, running };
}

describe('each mode', () => {
  test('rxonly counts what the kernel counts', async ({ createTestNamespace, judges }) => {
    judges('ip', 'ping');
    const netns = await createTestNamespace();
    const running = await startRun(netns, '--mode', 'rxonly', '--iface', 'rx0', '--queues', '2');
    await sendTo(netns, 'rx0', '-c 50 -i 0.002 -W 0.5');
    const counted = async (): Promise<boolean> =>
      count(running, 'rx0', 'rxPackets') === (await kernelCount(netns, 'rx0', 'tx'));
    await expect.poll(counted, PATIENCE).toBe(true);
    expect(count(running, 'rx0', 'rxPackets')).toBeGreaterThanOrEqual(50);
    expect(await end(running.child, 'SIGINT')).toBe(0);
    const { queues, txPackets, imissed } = last(running, 'rx0', 'summary');
    expect([txPackets, imissed]).toEqual([0, 0]);
    expect(queues).toHaveLength(2);
  }, 60_000);

  test('txonly sends what the kernel receives, of the size that was asked for', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'tcpdump');
    const netns = await createTestNamespace();
    const running = await startRun(
      netns,
      ...['--mode', 'txonly', '--iface', 'tx0', '--queues', '2'],
      ...['--size', '200', '--burst', '16'],
    );
    const { stdout } = await run(netns, 'tcpdump', ['-i', 'tx0', '-nn', '-e', '-c', '40']);
    expect(
      stdout.match(/length 200: 198\.18\.0\.1\.\d+ > 198\.18\.0\.2\.9: UDP, length 158/g),
    ).toHaveLength(40);
    expect(await end(running.child, 'SIGTERM')).toBe(0);
    const { txPackets, txBytes, txErrors, queues } = last(running, 'tx0', 'summary');
    expect(txPackets).toBeGreaterThan(1000);
    expect([txBytes, txErrors]).toEqual([Number(txPackets) * 200, 0]);
    for (const queue of Array.isArray(queues) ? queues : []) {
      expect(queue.txPackets).toBeGreaterThan(0);
      expect(queue.rates.txPackets).toBeGreaterThan(0);
    }
  }, 60_000);

  for (const args of [
    ['--mode', 'io'],
    ['--mode', 'io', '--splice'],
    ['--mode', 'macswap'],
  ]) {
    test(`${args.slice(1).join(' ')} forwards both ways`, async ({
      createTestNamespace,
      judges,
    }) => {
      judges('ip', 'ping', 'tcpdump');
      const { left, right, running } = await twoSides(createTestNamespace, ...args);
      if (args.includes('macswap')) {
        // Who sends finds its own address as the destination, so both hosts have the same one.
        const mac = '02:00:00:00:00:55';
        await ip(left, [
          `link set left address ${mac}`,
          `neigh add 10.0.0.2 lladdr ${mac} dev left`,
        ]);
        await ip(right, [
          `link set right address ${mac}`,
          `neigh add 10.0.0.1 lladdr ${mac} dev right`,
        ]);
      }
      expect(await answered(left, '10.0.0.2')).toBe(true);
      expect(await answered(right, '10.0.0.1', 4000)).toBe(true);
      if (!args.includes('macswap')) expect(await tcp(left, right, '10.0.0.2')).toBe(3_000_000);
      expect(await end(running.child, 'SIGINT')).toBe(0);
      const [one, other] = [last(running, 'left', 'summary'), last(running, 'right', 'summary')];
      expect(one).toMatchObject({ txErrors: 0, rxErrors: 0, imissed: 0 });
      expect(one['rxPackets']).toBe(Number(other['txPackets']) + Number(other['txDropped']));
      expect(other['rxPackets']).toBe(Number(one['txPackets']) + Number(one['txDropped']));
      expect(Number(one['rxPackets'])).toBeGreaterThan(6);
    }, 60_000);
  }

  test('each interface has the addresses that follow its name', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip');
    const netns = await createTestNamespace();
    const running = await startRun(
      netns,
      ...['--mode', 'rxonly', '--address', '10.0.0.1/24', '--iface', 'one'],
      ...[
        '--address',
        '10.0.0.2/24',
        '--iface',
        'two',
        '--address',
        '10.0.1.1/24',
        '--mtu',
        '1400',
      ],
    );
    expect(await ipJson(netns, ['-4', 'addr', 'show', 'one'])).toMatchObject([
      { mtu: 1400, addr_info: [{ local: '10.0.0.1' }, { local: '10.0.0.2' }] },
    ]);
    expect(await ipJson(netns, ['-4', 'addr', 'show', 'two'])).toMatchObject([
      { mtu: 1400, addr_info: [{ local: '10.0.1.1', prefixlen: 24 }] },
    ]);
    expect(await end(running.child, 'SIGINT')).toBe(0);
  }, 60_000);

  test('io and macswap on a single interface give back what came', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('ip', 'ping', 'tcpdump');
    const netns = await createTestNamespace();
    for (const mode of ['io', 'macswap']) {
      // oxlint-disable-next-line no-await-in-loop
      const running = await startRun(netns, '--mode', mode, '--iface', 'back0');
      // oxlint-disable-next-line no-await-in-loop
      const dump = await netns.exec(
        'tcpdump',
        ['-i', 'back0', '-Q', 'in', '-nn', '-e', '-l', '-c', '3', 'icmp'],
        { stdio: 'pipe' },
      );
      // oxlint-disable-next-line no-await-in-loop
      await once(dump.stderr!, 'data');
      const printed = text(dump.stdout!);
      // oxlint-disable-next-line no-await-in-loop
      await sendTo(netns, 'back0', '-c 20 -i 0.05 -W 0.5');
      // oxlint-disable-next-line no-await-in-loop
      const way = / ([\d:a-f]+) > ([\d:a-f]+), ethertype IPv4/.exec(await printed);
      expect(way?.[mode === 'io' ? 2 : 1]).toBe('02:00:00:00:00:99');
      // oxlint-disable-next-line no-await-in-loop
      expect(await end(running.child, 'SIGINT')).toBe(0);
    }
  }, 60_000);
});

/** Sends three megabytes over TCP from one host to the other and returns how many bytes arrived. */
async function tcp(from: NetworkNamespace, to: NetworkNamespace, address: string): Promise<number> {
  const server = `const s = require('node:net').createServer((c) => { let n = 0; c.on('data', (d) => (n += d.length)); c.on('end', () => { console.log(n); c.end(); s.close(); }); }).listen(5001, () => console.log('listening'));`;
  const client = `require('node:net').connect(5001, '${address}').end(Buffer.alloc(3e6));`;
  const serving = await to.exec(process.execPath, ['-e', server], { stdio: 'pipe' });
  const printed = text(serving.stdout!);
  await once(serving.stdout!, 'data');
  const { code } = await run(from, process.execPath, ['-e', client]);
  expect(code).toBe(0);
  return Number((await printed).split('\n')[1]);
}
