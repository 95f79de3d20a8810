/**
 * Captures between `@rtap/frames` and tcpdump: each reads what the other wrote.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import * as frames from '@rtap/frames';
import { expect, test, type TestContext } from 'vitest';

/** Runs tcpdump over a capture; skips the test where it is not installed. */
function tcpdump(ctx: TestContext, capture: Uint8Array, ...args: readonly string[]): Buffer {
  const { error, status, stdout, stderr } = spawnSync('tcpdump', ['-r', '-', '-n', ...args], {
    input: capture,
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    ctx.skip('tcpdump is not installed: apt-get install tcpdump');
  }
  if (error !== undefined) throw error;
  expect([status, stderr.toString().includes('truncated')]).toEqual([0, false]);
  return stdout;
}

function echo(sequence: number, size: number): Uint8Array {
  const payload = new Uint8Array(size);
  return frames.buildIpv4({
    source: frames.parseIpAddress('192.0.2.1'),
    destination: frames.parseIpAddress('192.0.2.2'),
    protocol: frames.IPPROTO_ICMP,
    payload: frames.buildIcmpEcho({ type: 'request', identifier: 9, sequence, payload }),
  });
}

const packets = [
  { timestamp: 1_700_000_000_123_456_789n, packet: echo(1, 0) },
  { timestamp: 1_700_000_000_999_999_999n, packet: echo(2, 1) },
  { timestamp: 1_700_000_001_000_000_000n, packet: echo(3, 1399) },
];

/** Ethernet of two interfaces, or raw IP of one: libpcap 1.10 takes no second one of raw IP. */
function write(byteOrder: frames.ByteOrder, linkType: number, snapshotLength = 0): Uint8Array {
  const writer = new frames.PcapngWriter({ byteOrder, application: 'test' });
  const raw = linkType === frames.LINKTYPE_RAW;
  writer.addInterface({ name: 'one', linkType, snapshotLength });
  if (!raw) writer.addInterface({ name: 'two', linkType, snapshotLength });
  const addresses = { destination: new Uint8Array(6), source: new Uint8Array(6) };
  for (const [i, { timestamp, packet }] of packets.entries()) {
    const fields = { ...addresses, etherType: frames.ETH_P_IP, payload: packet };
    writer.writePacket(raw ? packet : frames.buildEthernet(fields), {
      timestamp,
      interface: raw ? 0 : i % 2,
      direction: 'inbound',
      comment: 'c',
    });
  }
  writer.writeStatistics({ timestamp: 1_700_000_002_000_000_000n, received: 3n, dropped: 0n });
  return writer.take();
}

test.for([
  ['little', 'Ethernet', frames.LINKTYPE_ETHERNET],
  ['big', 'Ethernet', frames.LINKTYPE_ETHERNET],
  ['little', 'raw IP', frames.LINKTYPE_RAW],
  ['big', 'raw IP', frames.LINKTYPE_RAW],
] as const)('tcpdump reads ours, %s endian, %s, to the nanosecond', ([order, , linkType], ctx) => {
  const capture = write(order, linkType);
  const lines = tcpdump(ctx, capture, '-tt', '--nano').toString().trim().split('\n');
  expect(lines).toEqual([
    '1700000000.123456789 IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 9, seq 1, length 8',
    '1700000000.999999999 IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 9, seq 2, length 9',
    '1700000001.000000000 IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id 9, seq 3, length 1407',
  ]);
});

test.for(['micro', 'nano'] as const)(
  'what tcpdump writes of it is read (%sseconds)',
  (precision, ctx) => {
    const capture = write('little', frames.LINKTYPE_RAW, 100);
    const args = ['-w', '-', `--time-stamp-precision=${precision}`];
    const written = tcpdump(ctx, capture, ...args);
    const reader = new frames.CaptureReader();
    reader.push(written);
    const records = [...reader];
    reader.end();
    expect(records.slice(0, 2)).toMatchObject([
      { kind: 'section', format: 'pcap', version: '2.4' },
      { kind: 'interface', linkType: frames.LINKTYPE_RAW, snapshotLength: 100 },
    ]);
    const unit = precision === 'micro' ? 1000n : 1n;
    expect(records.slice(2)).toMatchObject(
      packets.map(({ timestamp, packet }) => ({
        timestamp: timestamp - (timestamp % unit),
        originalLength: packet.length,
        data: packet.slice(0, 100),
      })),
    );
  },
);
