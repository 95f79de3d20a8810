/**
 * DHCP and DNS of the example, as tcpdump reads them, and as glibc and Node resolve names by them.
 *
 * @module
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IPPROTO_UDP, PcapngWriter, formatIpAddress } from '@rtap/frames';
import type { NetworkNamespace } from '@rtap/native';
import { capture, expectFrames, run, sendFrames } from '@rtap/testkit';
import type { Capture } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { dhcpFrame } from './dhcp-frame.ts';
import { giveAddress, startExample } from './program.ts';

const isReply = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
  bytes[23] === IPPROTO_UDP && bytes[35] === 67;

/** Asks, and gives the address of the answer, with what tcpdump says of it. */
async function ask(netns: NetworkNamespace, wire: Capture, frame: Uint8Array, folder: string) {
  const before = wire.frames.filter(isReply).length;
  await sendFrames({ netns, interface: 'rtap0', frames: [frame] });
  const replies = await expectFrames(
    wire,
    Array.from({ length: before + 1 }, () => isReply),
  );
  const reply = replies.at(-1)!;
  const path = join(folder, 'reply.pcapng');
  const writer = new PcapngWriter();
  writer.addInterface();
  writer.writePacket(reply.bytes, { timestamp: reply.timestamp });
  await writeFile(path, writer.take());
  const { stdout } = await run(netns, 'tcpdump', ['-vnr', path]);
  return { address: formatIpAddress(reply.bytes.subarray(58, 62)), text: stdout };
}

const hostName = [12, [...Buffer.from('Laptop')]] as const;

describe('examples/dhcp-dns', () => {
  test('gives an address, and knows the name of who has it', async ({
    createTestNamespace,
    judges,
  }) => {
    judges('tcpdump');
    const netns = await createTestNamespace();
    const folder = await mkdtemp(join(tmpdir(), 'rtap-dhcp-'));
    const program = await startExample(netns, 'dhcp-dns');
    expect(await program.line()).toContain('rtap0 is up');
    const wire = await capture({ netns, interface: 'rtap0', outgoing: false });

    const offer = await ask(netns, wire, dhcpFrame(1, []), folder);
    expect(offer.address).toBe('10.0.0.10');
    for (const said of [
      ...['DHCP-Message (53), length 1: Offer', 'Server-ID (54), length 4: 10.0.0.1'],
      ...['Lease-Time (51), length 4: 3600', 'Subnet-Mask (1), length 4: 255.255.255.0'],
      ...['Default-Gateway (3), length 4: 10.0.0.1', 'Domain-Name-Server (6), length 4: 10.0.0.1'],
      ...[
        'Domain-Name (15), length 3: "lan"',
        'xid 0x12345678',
        'Client-Ethernet-Address 02:00:00:00:00:99',
      ],
    ]) {
      expect(offer.text).toContain(said);
    }
    expect(offer.text).not.toContain('bad');
    const wish = [50, [10, 0, 0, 10]] as const;
    const granted = await ask(netns, wire, dhcpFrame(3, [wish, hostName]), folder);
    expect([granted.address, granted.text]).toEqual([
      '10.0.0.10',
      expect.stringContaining('DHCP-Message (53), length 1: ACK'),
    ]);
    const foreign = await ask(netns, wire, dhcpFrame(3, [wish, [61, [1, 2]]]), folder);
    expect(foreign.text).toContain('DHCP-Message (53), length 1: NACK');
    await wire.stop();
    expect([await program.line(), await program.line(), await program.line()]).toEqual([
      'OFFER 10.0.0.10',
      'ACK 10.0.0.10 laptop.lan',
      'NAK 10.0.0.10',
    ]);

    await giveAddress(netns, '10.0.0.10/24');
    // Node asks by c-ares ...
    const asking = `const { Resolver } = require('node:dns').promises;
      const resolver = new Resolver();
      resolver.setServers(['10.0.0.1']);
      const of = (name) => resolver.resolve4(name).then(String, ({ code }) => code);
      (async () => console.log(await of('LAPTOP.lan'), await of('gateway.lan'), await of('no.lan'),
        await resolver.resolve6('laptop.lan').catch(({ code }) => code)))();`;
    const { stdout: resolved } = await run(netns, process.execPath, ['--eval', asking]);
    expect(resolved).toBe('10.0.0.10 10.0.0.1 ENOTFOUND ENODATA\n');
    // ... and everything else by glibc, which reads where the server is.
    await writeFile(join(folder, 'resolv.conf'), 'nameserver 10.0.0.1\nsearch lan\n');
    const text = `mount --bind ${folder}/resolv.conf /etc/resolv.conf && getent ahostsv4 laptop`;
    const { stdout: found } = await run(netns, 'unshare', ['--mount', 'sh', '-c', text]);
    expect(found).toMatch(/^10\.0\.0\.10 +STREAM laptop\.lan\n/);
    await rm(folder, { recursive: true });
    expect(await program.end()).toEqual([0]);
  });
});
