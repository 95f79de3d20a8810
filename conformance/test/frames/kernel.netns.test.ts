/**
 * What the kernel makes of the frames that `@rtap/frames` builds: it answers only what it takes for
 * right, checksums included, and its answers are read.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import * as frames from '@rtap/frames';
import { addAddress, ipJson } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const HOST = {
  mac: frames.parseMacAddress('02:00:00:00:00:02'),
  ipv4: frames.parseIpAddress('10.9.0.2'),
  ipv6: frames.parseIpAddress('fd09::2'),
};
const KERNEL = {
  ipv4: frames.parseIpAddress('10.9.0.1'),
  ipv6: frames.parseIpAddress('fd09::1'),
};
const v4 = { source: HOST.ipv4, destination: KERNEL.ipv4 };
const v6 = { source: HOST.ipv6, destination: KERNEL.ipv6 };

async function open(netns: NetworkNamespace): Promise<TapDevice> {
  const tap = await openTap({ netns });
  const { ifindex } = tap;
  await addAddress({ netns, ifindex, address: '10.9.0.1/24' });
  await addAddress({ netns, ifindex, address: 'fd09::1/64' });
  return tap;
}

/** The MAC address of the kernel's end, as `ip` shows it. */
async function macOf(netns: NetworkNamespace, tap: TapDevice): Promise<Uint8Array> {
  const links = await ipJson(netns, ['link', 'show', 'dev', tap.name]);
  const [, text = ''] = /"address":"([0-9a-f:]+)"/.exec(JSON.stringify(links)) ?? [];
  return frames.parseMacAddress(text);
}

function send(tap: TapDevice, packet: Uint8Array, destination: Uint8Array): void {
  const etherType = (packet[0] ?? 0) >>> 4 === 4 ? frames.ETH_P_IP : frames.ETH_P_IPV6;
  const frame = { destination, source: HOST.mac, etherType, payload: packet };
  expect(tap.send(frames.buildEthernet(frame))).toBe(true);
}

/** Sends packets, and answers who asks for the host, until `read` makes something of a frame. */
async function exchange<T>(
  netns: NetworkNamespace,
  tap: TapDevice,
  packets: readonly Uint8Array[],
  read: (frame: Uint8Array) => T | undefined,
): Promise<T> {
  const mac = await macOf(netns, tap);
  for (const packet of packets) send(tap, packet, mac);
  for await (const batch of tap.batches()) {
    for (let i = 0; i < batch.count; i++) {
      const frame = batch.copy(i);
      const found = read(frame);
      if (found !== undefined) return found;
      const length = frames.respond(frame, HOST);
      if (length > 0) tap.send(frame.subarray(0, length));
    }
  }
  throw new Error('the device was closed');
}

/** The upper layer of a frame of either family, when it is to the host and its checksum is right. */
function upperOf(
  frame: Uint8Array,
): { offset: number; length: number; protocol: number } | undefined {
  const ethernet = frames.readEthernet(frame)!;
  const { payloadOffset: at, payloadLength: size } = ethernet;
  const ip = frames.readIpv4(frame, at, size) ?? frames.readIpv6UpperLayer(frame, at, size);
  if (ip === undefined || ethernet.destination.join() !== HOST.mac.join()) return undefined;
  const { payloadOffset: offset, payloadLength: length, protocol } = ip;
  const initial = protocol === frames.IPPROTO_ICMP ? 0 : ip.pseudoHeaderSum;
  expect(frames.checksum(frame, offset, length, initial)).toBe(0);
  return { offset, length, protocol };
}

const syn = { sourcePort: 40000, destinationPort: 9, sequence: 0xffffffff, syn: true } as const;
const timestamps = { kind: 'timestamps', value: 7, echoReply: 0 } as const;

describe('the kernel answers', () => {
  test.for<readonly [string, Uint8Array]>([
    [
      'IPv4',
      frames.buildIpv4({
        ...v4,
        protocol: frames.IPPROTO_TCP,
        payload: frames.buildTcp({ ...v4, ...syn, options: [timestamps] }),
      }),
    ],
    [
      'IPv6',
      frames.buildIpv6({
        ...v6,
        nextHeader: frames.IPPROTO_TCP,
        payload: frames.buildTcp({ ...v6, ...syn, options: [timestamps] }),
      }),
    ],
  ])('a SYN to a closed port over %s with a RST', async ([, packet], { netns }) => {
    await using tap = await open(netns);
    const reset = await exchange(netns, tap, [packet], (frame) => {
      const upper = upperOf(frame);
      if (upper?.protocol !== frames.IPPROTO_TCP) return undefined;
      return frames.readTcp(frame, upper.offset, upper.length);
    });
    expect(reset).toMatchObject({ rst: true, ack: true, acknowledgement: 0, sourcePort: 9 });
  });

  const echo6 = frames.buildIcmpv6Echo({
    ...v6,
    type: 'request',
    identifier: 9,
    sequence: 3,
    payload: new Uint8Array(40).fill(7),
  });
  const option = { type: 0x1e, data: Uint8Array.of(1, 2, 3) }; // passed over where not known
  const behindOptions = frames.buildIpv6Options({
    nextHeader: frames.IPPROTO_DSTOPTS,
    options: [option],
    payload: frames.buildIpv6Options({
      nextHeader: frames.IPPROTO_ICMPV6,
      options: [option, option],
      payload: echo6,
    }),
  });
  const fragment6 = (fragmentOffset: number, end: number): Uint8Array => {
    const payload = frames.buildIpv6Fragment({
      nextHeader: frames.IPPROTO_ICMPV6,
      identification: 5,
      fragmentOffset,
      moreFragments: end < echo6.length,
      payload: echo6.subarray(fragmentOffset, end),
    });
    return frames.buildIpv6({ ...v6, nextHeader: frames.IPPROTO_FRAGMENT, payload });
  };

  test.for<readonly [string, readonly Uint8Array[]]>([
    [
      'behind hop-by-hop and destination options',
      [frames.buildIpv6({ ...v6, nextHeader: frames.IPPROTO_HOPOPTS, payload: behindOptions })],
    ],
    ['in fragments', [fragment6(24, echo6.length), fragment6(0, 24)]],
  ])('a ping of IPv6 %s', async ([, packets], { netns }) => {
    await using tap = await open(netns);
    const reply = await exchange(netns, tap, packets, (frame) => {
      const upper = upperOf(frame);
      if (upper?.protocol !== frames.IPPROTO_ICMPV6) return undefined;
      return frames.readIcmpv6Echo(frame, upper.offset, upper.length);
    });
    expect(reply).toMatchObject({ type: 'reply', identifier: 9, sequence: 3, payloadLength: 40 });
  });

  test('UDP to a closed port with an error that quotes it', async ({ netns }) => {
    await using tap = await open(netns);
    const ports = { sourcePort: 40000, destinationPort: 9 };
    const payload = frames.buildUdp({ ...v4, ...ports, payload: new Uint8Array(700) });
    const options = frames.buildIpv4Options([{ kind: 'router-alert', value: 0 }]);
    const packet = frames.buildIpv4({ ...v4, protocol: frames.IPPROTO_UDP, options, payload });
    const quoted = await exchange(netns, tap, [packet], (frame) => {
      const upper = upperOf(frame);
      if (upper?.protocol !== frames.IPPROTO_ICMP) return undefined;
      const error = frames.readIcmpError(frame, upper.offset, upper.length);
      if (error === undefined) return undefined;
      expect(error).toMatchObject({ type: 'destination-unreachable', code: 3 });
      const { payloadOffset, payloadLength } = error;
      return frame.slice(payloadOffset, payloadOffset + payloadLength);
    });
    expect(quoted).toEqual(packet.subarray(0, quoted.length));
    const about = new frames.Ipv4Header();
    expect(about.readStart(quoted)).toBe(true);
    expect(about.totalLength).toBe(packet.length);
  });
});

test('the kernel believes a router advertisement', async ({ netns, judges }) => {
  judges('ip');
  await using tap = await open(netns);
  const addresses = {
    source: frames.parseIpAddress('fe80::2'),
    destination: frames.parseIpAddress('ff02::1'),
  };
  const payload = frames.buildRouterAdvertisement({
    ...addresses,
    routerLifetime: 1800,
    options: [
      { kind: 'source-mac', mac: HOST.mac },
      { kind: 'mtu', mtu: 1400 },
      {
        kind: 'prefix',
        prefix: frames.parseIpAddress('2001:db8:5::'),
        length: 64,
        onLink: true,
        autonomous: true,
        validLifetime: 7200,
        preferredLifetime: 3600,
      },
    ],
  });
  const nextHeader = frames.IPPROTO_ICMPV6;
  const packet = frames.buildIpv6({ ...addresses, nextHeader, hopLimit: 255, payload });
  const group = frames.multicastMacAddress(addresses.destination);
  send(tap, packet, group);
  const routes = async (): Promise<string> =>
    JSON.stringify(await ipJson(netns, ['-6', 'route', 'show']));
  await expect.poll(routes).toMatch(/"dst":"default","gateway":"fe80::2"/);
  await expect.poll(routes).toMatch(/"dst":"2001:db8:5::\/64"/);
});
