/**
 * The examples that read frames of strangers go on with their work after a flood of frames that nobody should send.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import type { NetworkNamespace } from '@rtap/native';
import { capture, expectFrames, ping, sendFrames } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { CLIENT, dhcpFrame } from './dhcp-frame.ts';
import { giveAddress, startExample } from './program.ts';

/** How many frames there are in all, and at once: less than wait in a TAP device. */
const FLOOD = 4000;
const PORTION = 500;
/** Bytes of a frame that an interface takes. */
const SHORTEST = 14;
const LONGEST = 1514;

const STRANGER = frames.parseMacAddress('02:00:00:00:00:77');
const ALL_MACS = frames.parseMacAddress('ff:ff:ff:ff:ff:ff');

/** A station, or a network, that a stranger talks to. */
interface Target {
  readonly mac: string;
  readonly address: string;
}

/** Valid frames of all that the examples read, from a stranger to a target. */
function validFrames({ mac, address }: Target, stranger: string): readonly Uint8Array[] {
  const source = frames.parseIpAddress(stranger);
  const ends = { source, destination: frames.parseIpAddress(address) };
  const payload = Uint8Array.from({ length: 40 }, (_, index) => index);
  const to = (etherType: number, packet: Uint8Array, all = false): Uint8Array =>
    frames.buildEthernet({
      ...{ source: STRANGER, destination: all ? ALL_MACS : frames.parseMacAddress(mac) },
      ...{ etherType, payload: packet },
    });
  const ip = (protocol: number, message: Uint8Array, more: Partial<frames.Ipv4Fields> = {}) =>
    to(frames.ETH_P_IP, frames.buildIpv4({ ...ends, protocol, payload: message, ...more }));
  const udp = (destinationPort: number, data: Uint8Array): Uint8Array =>
    frames.buildUdp({ ...ends, sourcePort: 4000, destinationPort, payload: data });
  const datagram = udp(53, query('gateway.lan'));
  const quoted = frames.buildIpv4({ ...ends, protocol: frames.IPPROTO_UDP, payload: datagram });
  const wide = {
    source: frames.parseIpAddress('2001:db8::77'),
    destination: frames.parseIpAddress('2001:db8::2'),
  };
  const echo = frames.buildIcmpv6Echo({
    ...wide,
    type: 'request',
    identifier: 1,
    sequence: 1,
    payload,
  });
  const asking = { senderMac: STRANGER, senderIp: source, targetIp: ends.destination };
  return [
    to(frames.ETH_P_ARP, frames.buildArp({ operation: 'request', ...asking }), true),
    ip(
      frames.IPPROTO_ICMP,
      frames.buildIcmpEcho({ type: 'request', identifier: 1, sequence: 1, payload }),
    ),
    ip(frames.IPPROTO_ICMP, frames.buildIcmpError({ type: 'time-exceeded', quoted })),
    ip(frames.IPPROTO_UDP, datagram),
    ip(frames.IPPROTO_UDP, datagram, { options: Uint8Array.of(1, 7, 3, 4) }),
    ip(frames.IPPROTO_UDP, datagram, { fragmentOffset: 8, moreFragments: true }),
    ip(
      frames.IPPROTO_TCP,
      frames.buildTcp({ ...ends, sourcePort: 4000, destinationPort: 80, sequence: 1, syn: true }),
    ),
    to(
      frames.ETH_P_IPV6,
      frames.buildIpv6({ ...wide, nextHeader: frames.IPPROTO_ICMPV6, payload: echo }),
    ),
    dhcpFrame(1, [[50, [10, 0, 0, 99]]], { mac: STRANGER, transaction: 1 }),
    dhcpFrame(3, [[50, [10, 0, 0, 10]]], { mac: STRANGER, transaction: 2 }),
  ];
}

/** A question for the address of a name. */
function query(name: string): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Uint8Array.of(0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1);
}

/** A question of the client that has 10.0.0.10. */
function dnsFrame(payload: Uint8Array): Uint8Array {
  const source = frames.parseIpAddress('10.0.0.10');
  const ends = { source, destination: frames.parseIpAddress('10.0.0.1') };
  const udp = frames.buildUdp({ ...ends, sourcePort: 4000, destinationPort: 53, payload });
  return frames.buildEthernet({
    ...{ source: CLIENT.mac, destination: frames.parseMacAddress('02:00:00:00:00:01') },
    etherType: frames.ETH_P_IP,
    payload: frames.buildIpv4({ ...ends, protocol: frames.IPPROTO_UDP, payload: udp }),
  });
}

/** What a stranger makes of valid frames: bytes changed, cut off, tagged; and frames of any bytes. The same at each run. */
function hostileFrames(valid: readonly Uint8Array[]): readonly Uint8Array[] {
  const edits = fc.array(fc.tuple(fc.nat(120), fc.nat(0xff)), { maxLength: 4 });
  const cut = fc.oneof(fc.constant(0), fc.nat(300));
  const damaged = fc
    .tuple(fc.constantFrom(...valid), edits, cut, fc.nat(9))
    .map(([frame, changes, less, tag]) => {
      const bytes = frame.slice(0, Math.max(SHORTEST, frame.length - less));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      const isTagged = tag === 0;
      if (!isTagged) return bytes;
      return Uint8Array.from([...bytes.subarray(0, 12), 0x81, 0, 0, 7, ...bytes.subarray(12)]);
    });
  const any = fc.uint8Array({ minLength: SHORTEST, maxLength: LONGEST });
  const frame = fc.oneof({ weight: 9, arbitrary: damaged }, any);
  return fc.sample(frame, { seed: 8, numRuns: FLOOD });
}

/** Floods an interface, and looks after each portion whether the program is still at work. */
async function flood(
  netns: NetworkNamespace,
  valid: readonly Uint8Array[],
  look: () => Promise<void>,
): Promise<void> {
  const all = hostileFrames(valid);
  for (let sent = 0; sent < all.length; sent += PORTION) {
    const portion = all.slice(sent, sent + PORTION);
    await sendFrames({ netns, interface: 'rtap0', frames: portion });
    await look();
  }
}

/** That a ping is answered. */
function answersPing(netns: NetworkNamespace, address: string): () => Promise<void> {
  return async () => {
    const { replies } = await ping({ netns, address, count: 1, timeout: 10_000 });
    expect(replies).toHaveLength(1);
  };
}

describe('after a flood of hostile frames', () => {
  test('the ping responder answers pings', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const program = await startExample(netns, 'ping-responder');
    await program.line();
    const target = { mac: '02:00:00:00:00:02', address: '10.0.0.2' };
    await flood(netns, validFrames(target, '10.0.0.77'), answersPing(netns, '10.0.0.2'));
    expect((await program.end()).at(-1)).toBe(0);
  });

  test('two workers answer pings', async ({ createTestNamespace }) => {
    const netns = await createTestNamespace();
    const program = await startExample(netns, 'two-workers');
    await program.line();
    const target = { mac: '02:00:00:00:00:02', address: '10.0.0.2' };
    await flood(netns, validFrames(target, '10.0.0.77'), answersPing(netns, '10.0.0.2'));
    const [one, other, code] = await program.end();
    expect([one, other]).toEqual([1, 2].map(() => expect.stringMatching(/^worker \d: \d+/)));
    expect(code).toBe(0);
  });

  test('the learning switch joins namespaces', async ({ createTestNamespace }) => {
    const [a, b] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(a, 'learning-switch', [a.path, b.path]);
    await program.line();
    await giveAddress(a, '10.0.0.1/24');
    await giveAddress(b, '10.0.0.2/24');
    const target = { mac: '02:00:00:00:00:02', address: '192.0.2.2' };
    const valid = validFrames(target, '192.0.2.77');
    await flood(a, valid, answersPing(a, '10.0.0.2'));
    await flood(b, valid, answersPing(a, '10.0.0.2'));
    expect((await program.end()).at(-1)).toBe(0);
  });

  test('the packet filter drops and passes', async ({ createTestNamespace }) => {
    const [a, b] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(a, 'packet-filter', [a.path, b.path, 'udp 53', 'tcp 81']);
    await program.line();
    await giveAddress(a, '10.0.0.1/24');
    await giveAddress(b, '10.0.0.2/24');
    const target = { mac: '02:00:00:00:00:02', address: '192.0.2.2' };
    await flood(a, validFrames(target, '192.0.2.77'), answersPing(a, '10.0.0.2'));
    const [dns, http] = await program.end();
    expect(Number(/^udp 53: (\d+) dropped$/.exec(String(dns))?.[1])).toBeGreaterThan(FLOOD / 20);
    expect(http).toBe('tcp 81: 0 dropped');
    expect((await program.child.exited).code).toBe(0);
  });

  test('the NAT gateway translates', async ({ createTestNamespace }) => {
    const [inside, outside] = [await createTestNamespace(), await createTestNamespace()];
    const program = await startExample(inside, 'nat-gateway', [inside.path, outside.path]);
    await program.line();
    const router = { mac: '02:00:00:00:00:01', address: '198.51.100.9' };
    const outer = { mac: '02:00:00:00:00:02', address: '192.0.2.2' };
    const look = answersPing(inside, '192.0.2.1');
    await flood(inside, validFrames(router, '10.0.0.77'), look);
    await flood(outside, validFrames(outer, '192.0.2.77'), look);
    const [said, code] = await program.end();
    const translated = /^\d+ flows, (\d+) packets translated$/.exec(String(said))?.[1];
    expect(Number(translated)).toBeGreaterThan(FLOOD / 20);
    expect(code).toBe(0);
  });

  test('the DHCP and DNS server lends addresses and knows names', async ({
    createTestNamespace,
  }) => {
    const netns = await createTestNamespace();
    const program = await startExample(netns, 'dhcp-dns');
    await program.line();
    const wire = await capture({ netns, interface: 'rtap0', outgoing: false, promiscuous: true });
    let transaction = 0x7000;
    /** Sends a frame, and gives the payload of the answer, which has such bytes there. */
    const ask = async (frame: Uint8Array, at: number, mark: readonly number[]) => {
      await sendFrames({ netns, interface: 'rtap0', frames: [frame] });
      const isAnswer = ({ bytes }: { readonly bytes: Uint8Array }): boolean =>
        mark.every((byte, index) => bytes[42 + at + index] === byte);
      const [answer] = await expectFrames(wire, [isAnswer], { within: 20_000 });
      return answer!.bytes.subarray(42);
    };
    const lend = async (type: number): Promise<string> => {
      transaction += 1;
      const options = [[50, [10, 0, 0, 10]] as const, [12, [...Buffer.from('laptop')]] as const];
      const frame = dhcpFrame(type, options, { ...CLIENT, transaction });
      const reply = await ask(frame, 4, [0, 0, transaction >> 8, transaction & 0xff]);
      return frames.formatIpAddress(reply.subarray(16, 20));
    };
    const look = async (): Promise<void> => {
      expect(await lend(3)).toBe('10.0.0.10');
      const identifier = [transaction >> 8, transaction & 0xff];
      const question = dnsFrame(Uint8Array.of(...identifier, ...query('laptop.lan').subarray(2)));
      const reply = await ask(question, 0, [...identifier, 0x85]);
      expect(frames.formatIpAddress(reply.subarray(-4))).toBe('10.0.0.10');
    };
    expect(await lend(1)).toBe('10.0.0.10');
    await look();
    const target = { mac: '02:00:00:00:00:01', address: '10.0.0.1' };
    await flood(netns, validFrames(target, '10.0.0.77'), look);
    expect((await program.end()).at(-1)).toBe(0);
  });
});
