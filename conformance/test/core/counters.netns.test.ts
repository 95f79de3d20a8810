/**
 * What queues count, fake against real: the same frames through both, and all words compared.
 *
 * @module
 */

import { endianness } from 'node:os';
import { COUNTER_WORDS, counterOffset, openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { FakeKernel, createBridge } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const NEARLY_BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xfe];
const MULTICAST = [0x01, 0, 0x5e, 0, 0, 1];
const UNICAST = [0x02, 0, 0, 0, 0, 9];

/** Both sides of every border, and the largest that an interface takes. */
const SIZES = [
  15, 59, 60, 63, 64, 65, 127, 128, 255, 256, 511, 512, 1023, 1024, 1514, 1518, 1519, 2047, 2048,
  9014, 65_535,
];

interface TestFrame {
  readonly bytes: Uint8Array;
  readonly header: Uint8Array;
}

function testFrame(
  size: number,
  destination: readonly number[],
  header: Uint8Array = new Uint8Array(10),
): TestFrame {
  const bytes = new Uint8Array(size);
  // An EtherType for local experiments.
  bytes.set([...destination, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]);
  return { bytes, header };
}

/** A `struct virtio_net_hdr`. */
function virtioNetHeader(
  flags: number,
  type: number,
  [length, size, start, offset]: readonly [number, number, number, number] = [0, 0, 0, 0],
): Uint8Array {
  const header = new Uint8Array(10);
  const view = new DataView(header.buffer);
  header.set([flags, type]);
  for (const [index, word] of [length, size, start, offset].entries()) {
    view.setUint16(2 + 2 * index, word, endianness() === 'LE');
  }
  return header;
}

/** A super-frame of TCP over IPv4: `size` bytes to be cut into segments of 1,448. */
function superFrame(size: number, type: number): TestFrame {
  const udp = type === 5;
  const l4 = 14 + 20;
  const frame = testFrame(
    size,
    UNICAST,
    virtioNetHeader(1, type, [l4 + (udp ? 8 : 20), 1448, l4, udp ? 6 : 16]),
  );
  const view = new DataView(frame.bytes.buffer);
  view.setUint16(12, 0x0800);
  view.setUint8(14, 0x45);
  view.setUint16(16, size - 14);
  view.setUint8(22, 64);
  view.setUint8(23, udp ? 17 : 6);
  view.setUint8(l4 + 12, 0x50);
  return frame;
}

const ordinary = [BROADCAST, NEARLY_BROADCAST, MULTICAST, UNICAST].flatMap((destination) =>
  SIZES.map((size) => testFrame(size, destination)),
);

const offloads = {
  'a checksum to be made': testFrame(100, UNICAST, virtioNetHeader(1, 0, [0, 0, 34, 16])),
  'a checksum that is good': testFrame(100, UNICAST, virtioNetHeader(2, 0)),
  'a checksum beyond the end': testFrame(100, UNICAST, virtioNetHeader(1, 0, [0, 0, 90, 16])),
  'TCP over IPv4': superFrame(30_000, 1),
  'TCP over IPv4 with ECN': superFrame(30_000, 0x81),
  'a small super-frame': superFrame(1400, 1),
  UDP: superFrame(30_000, 5),
  'no size of segments': testFrame(3000, UNICAST, virtioNetHeader(0, 1, [54, 0, 0, 0])),
  'a GSO type that does not exist': testFrame(3000, UNICAST, virtioNetHeader(0, 7, [54, 99, 0, 0])),
  'a header that is longer than the frame': testFrame(
    60,
    UNICAST,
    virtioNetHeader(0, 0, [61, 0, 0, 0]),
  ),
};

/** What a queue has counted, without what is 0. */
function counted(tap: TapDevice, queue = 0): Readonly<Record<string, bigint>> {
  const words = tap.queue(queue).counterWords;
  expect(words.length).toBe(COUNTER_WORDS);
  return Object.fromEntries(
    Object.entries(counterOffset)
      .map(([name, offset]) => [name, words[offset] ?? 0n] as const)
      .filter(([, count]) => count !== 0n),
  );
}

/** Sends frames with their headers; each is one burst, so that none waits for another. */
function transmit(tap: TapDevice, frames: readonly TestFrame[]): void {
  const batch = tap.createBatch();
  for (const { bytes, header } of frames) {
    batch.clear();
    expect(batch.push(bytes)).toBe(true);
    batch.header(0).set(header);
    expect(tap.queue(0).txBurst(batch)).toBe(1);
  }
}

/** Reads all there is. */
function drain(tap: TapDevice): number {
  let frames = 0;
  for (;;) {
    const { count } = tap.queue(0).rxBurst();
    if (count === 0) return frames;
    frames += count;
  }
}

async function transmitOnBoth(
  netns: NetworkNamespace,
  frames: readonly TestFrame[],
): Promise<readonly [real: unknown, fake: unknown]> {
  const results: unknown[] = [];
  for (const options of [{ netns }, { kernel: new FakeKernel() }]) {
    const tap = await openTap(options);
    try {
      transmit(tap, frames);
      results.push(counted(tap));
    } finally {
      await tap.close();
    }
  }
  const [real, fake] = results;
  return [real, fake];
}

describe('the same frames through both kernels, the same words', () => {
  test('received: every class of size and destination', async ({ netns, judges }) => {
    judges('ip');
    const tap = await openTap({ netns, name: 'words0', start: false });
    const peer = await openTap({ netns, name: 'words1', start: false });
    const kernel = new FakeKernel();
    const fake = await openTap({ kernel });
    try {
      await createBridge({ netns, name: 'words2', ports: ['words0', 'words1'], mtu: 65_521 });
      await Promise.all([tap.start(), peer.start()]);
      transmit(peer, ordinary);
      expect(drain(tap)).toBe(ordinary.length);
      for (const { bytes, header } of ordinary) {
        expect(kernel.interface(fake.name).send(bytes, 0, header)).toBe(true);
      }
      expect(drain(fake)).toBe(ordinary.length);
      expect(counted(fake)).toEqual(counted(tap));
      // And not because both count nothing.
      expect(counted(tap)).toMatchObject({
        rx_packets: 84n,
        rx_size_64_packets: 20n,
        rx_size_65_to_127_packets: 8n,
        rx_size_128_to_255_packets: 8n,
        rx_size_256_to_511_packets: 8n,
        rx_size_512_to_1023_packets: 8n,
        rx_size_1024_to_1518_packets: 12n,
        rx_size_1519_to_max_packets: 20n,
        rx_broadcast_packets: 21n,
        rx_multicast_packets: 42n,
        rx_unicast_packets: 21n,
      });
    } finally {
      await Promise.all([tap.close(), peer.close(), fake.close()]);
    }
  });

  test('sent: every class of size and destination', async ({ netns }) => {
    const [real, fake] = await transmitOnBoth(netns, ordinary);
    expect(fake).toEqual(real);
    expect(real).toMatchObject({ tx_packets: 84n, tx_multicast_packets: 42n });
  });

  for (const [title, frame] of Object.entries(offloads)) {
    test(`sent: ${title}`, async ({ netns }) => {
      const [real, fake] = await transmitOnBoth(netns, [frame, testFrame(60, UNICAST)]);
      expect(fake).toEqual(real);
      expect(real).toMatchObject({ tx_size_64_packets: 1n });
    });
  }
});
