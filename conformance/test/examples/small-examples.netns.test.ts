/**
 * The examples of one device do what they say, and end.
 *
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseIpAddress } from '@rtap/frames';
import type { NetworkNamespace } from '@rtap/native';
import { IFA_F_TENTATIVE } from '@rtap/netlink';
import { NetlinkClient, kernelSockets, watchAddresses } from '@rtap/transport';
import { ping, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { startExample } from './program.ts';

/** Waits until the kernel has found that nobody else has an IPv6 address (RFC 4862 section 5.4). */
async function untilUsable(netns: NetworkNamespace, address: string): Promise<void> {
  const watch = await watchAddresses({ sockets: await kernelSockets(), netns });
  for await (const _ of watch) {
    const own = watch.items.find((item) => item.address?.join() === parseIpAddress(address).join());
    if (own !== undefined && ((own.flags ?? 0) & IFA_F_TENTATIVE) === 0) break;
  }
  watch.close();
}

describe('examples/ping-responder', () => {
  test('answers pings of both families', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const program = await startExample(netns, 'ping-responder');
    expect(await program.line()).toBe('rtap0 is up: ping 10.0.0.2 or 2001:db8::2, end with Ctrl-C');
    await untilUsable(netns, '2001:db8::1');
    for (const address of ['10.0.0.2', '2001:db8::2']) {
      const { replies } = await ping({ netns, address, count: 3 });
      expect(replies).toHaveLength(3);
    }
    const [said, code] = await program.end();
    // Three pings of each family, and who has the addresses.
    expect(Number(/^(\d+) answers$/.exec(String(said))?.[1])).toBeGreaterThanOrEqual(8);
    expect(code).toBe(0);
  });
});

describe('examples/pcapng-recorder', () => {
  test('records what tcpdump reads', async ({ createTestNamespace, judges }) => {
    judges('tcpdump');
    const netns = await createTestNamespace();
    const folder = await mkdtemp(join(tmpdir(), 'rtap-recorder-'));
    const path = join(folder, 'capture.pcapng');
    const program = await startExample(netns, 'pcapng-recorder', [path]);
    await program.line();
    await ping({ netns, address: '10.0.0.2', count: 2 });
    const [said, code] = await program.end();
    const { stdout } = await run(netns, 'tcpdump', ['-nr', path, 'icmp or arp']);
    await rm(folder, { recursive: true });
    expect(stdout.split('\n').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      expect.stringContaining('ARP, Request who-has 10.0.0.2 tell 10.0.0.1'),
      expect.stringContaining('ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:02'),
      ...[1, 2].flatMap((sequence) => [
        expect.stringMatching(`10.0.0.1 > 10.0.0.2: ICMP echo request, id \\d+, seq ${sequence}`),
        expect.stringMatching(`10.0.0.2 > 10.0.0.1: ICMP echo reply, id \\d+, seq ${sequence}`),
      ]),
      '',
    ]);
    expect([said, code]).toEqual([expect.stringMatching(/^\d+ frames are in .*pcapng$/), 0]);
  });
});

describe('examples/link-watcher', () => {
  test('runs the command at each change, also of an interface that comes later', async ({
    createTestNamespace,
  }) => {
    const netns = await createTestNamespace();
    const client = await NetlinkClient.open({ netns });
    const command = ['sh', '-c', 'echo $INTERFACE $STATUS'];
    const program = await startExample(netns, 'link-watcher', ['eth0', ...command]);
    expect(await program.line()).toBe('eth0 is down, end with Ctrl-C');
    const data = { peer: { name: 'eth1' } };
    await client.addLink({ name: 'eth0', info: { kind: 'veth', data } });
    await client.setLinkUp({ name: 'eth1' });
    await client.setLinkUp({ name: 'eth0' });
    expect(await program.line()).toBe('eth0 up');
    await client.setLinkDown({ name: 'eth1' });
    expect(await program.line()).toBe('eth0 down');
    await client.setLinkUp({ name: 'eth1' });
    expect(await program.line()).toBe('eth0 up');
    const { index } = await client.getLink({ name: 'eth0' });
    await client.deleteLink({ index });
    expect(await program.line()).toBe('eth0 down');
    await client.close();
    expect(await program.end()).toEqual([0]);
  });

  test('says how it is used', async ({ createTestNamespace }) => {
    const program = await startExample(await createTestNamespace(), 'link-watcher');
    expect((await program.child.exited).code).toBe(2);
  });
});
