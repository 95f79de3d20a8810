import { FakeKernel } from '@rtap/testkit';
import { RTM_GETLINK } from '@rtap/netlink';
import { COUNTER_WORDS, counterOffset, openTap } from '@rtap/core';
import type { TapDevice, Xstats } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let kernel: FakeKernel;
let tap: TapDevice;

beforeEach(async () => {
  kernel = new FakeKernel();
  tap = await openTap({ kernel, queues: 2 });
});

afterEach(() => tap.close());

const UNICAST = [2, 0, 0, 0, 0, 1];

function frame(length = 60, destination: readonly number[] = UNICAST): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(destination);
  return bytes;
}

/** Has the device receive frames through one of its queues. */
function receive(frames: readonly Uint8Array[], queue = 0, header?: Uint8Array): void {
  for (const one of frames) {
    expect(kernel.interface(tap.name).send(one, queue, header)).toBe(true);
  }
  expect(tap.queue(queue).rxBurst(1000).count).toBe(frames.length);
}

/** Has the device send frames through one of its queues. */
function transmit(frames: readonly Uint8Array[], queue = 0, header?: Uint8Array): void {
  const batch = tap.createBatch();
  for (const one of frames) {
    batch.push(one);
    if (header !== undefined) batch.header(batch.count - 1).set(header);
  }
  expect(tap.queue(queue).txBurst(batch)).toBe(frames.length);
}

/** Fills a queue, and has so many frames find no room. */
function overflow(missed: number, queue = 0): void {
  const wire = kernel.interface(tap.name);
  while (wire.send(frame(), queue));
  for (let count = 1; count < missed; count += 1) wire.send(frame(), queue);
}

/** Those that are not 0, of queues only. */
function ofQueues(xstats: Xstats): Readonly<Record<string, bigint>> {
  return Object.fromEntries(
    Object.entries(xstats).filter(([name, value]) => /_q\d+_/.test(name) && value !== 0n),
  );
}

describe('xstats', () => {
  it("has the reference driver's names, for every queue", async () => {
    const sizes = ['64', '65_to_127', '128_to_255', '256_to_511', '512_to_1023', '1024_to_1518'];
    const both = [
      'packets',
      'bytes',
      'errors',
      ...[...sizes, '1519_to_max', 'super_frame'].map((size) => `size_${size}_packets`),
      'broadcast_packets',
      'multicast_packets',
      'unicast_packets',
    ];
    const received = ['lro_packets', 'checksum_good', 'checksum_none', 'checksum_bad'];
    const sent = ['tso_packets', 'checksum_offload', 'multiseg_packets'];
    const queues = [0, 1].flatMap((queue) => [
      ...[...both, ...received, 'mbuf_alloc_failed'].map((name) => `rx_q${queue}_${name}`),
      ...[...both, ...sent].map((name) => `tx_q${queue}_${name}`),
    ]);
    const device = [
      ...['rx', 'tx'].flatMap((way) => [`${way}_good_packets`, `${way}_good_bytes`]),
      ...['rx_missed_errors', 'rx_errors', 'tx_errors', 'rx_mbuf_allocation_errors'],
    ];
    const xstats = await tap.xstats();
    expect(Object.keys(xstats).toSorted()).toEqual([...device, ...queues].toSorted());
    expect(queues.length).toBe(2 * COUNTER_WORDS);
    expect(new Set(Object.values(xstats))).toEqual(new Set([0n]));
  });

  const classes = [
    ['size_64_packets', 14, 64],
    ['size_65_to_127_packets', 65, 127],
    ['size_128_to_255_packets', 128, 255],
    ['size_256_to_511_packets', 256, 511],
    ['size_512_to_1023_packets', 512, 1023],
    ['size_1024_to_1518_packets', 1024, 1518],
    ['size_1519_to_max_packets', 1519, 65_553],
  ] as const;

  it.each(classes)('%s: frames of %i to %i bytes', async (name, smallest, largest) => {
    const frames = [frame(smallest), frame(largest)];
    receive(frames);
    transmit(frames, 1);
    const bytes = BigInt(smallest + largest);
    expect(ofQueues(await tap.xstats())).toEqual({
      rx_q0_packets: 2n,
      rx_q0_bytes: bytes,
      [`rx_q0_${name}`]: 2n,
      rx_q0_unicast_packets: 2n,
      tx_q1_packets: 2n,
      tx_q1_bytes: bytes,
      [`tx_q1_${name}`]: 2n,
      tx_q1_unicast_packets: 2n,
    });
    expect(await tap.xstats()).toMatchObject({
      rx_good_packets: 2n,
      rx_good_bytes: bytes,
      tx_good_packets: 2n,
      tx_good_bytes: bytes,
    });
  });

  it.each([
    ['broadcast_packets', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['multicast_packets', [0x33, 0x33, 0, 0, 0, 1]],
    ['multicast_packets', [0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]],
    ['unicast_packets', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff]],
  ])('%s: to %j', async (name, destination) => {
    receive([frame(60, destination)], 1);
    transmit([frame(60, destination)]);
    const { rx_q1_packets: received, ...xstats } = ofQueues(await tap.xstats());
    expect(received).toBe(1n);
    expect(Object.keys(xstats).filter((key) => key.includes('cast'))).toEqual([
      `tx_q0_${name}`,
      `rx_q1_${name}`,
    ]);
  });

  it.each([
    [
      'TCP over IPv4',
      [1, 1],
      ['lro_packets', 'checksum_none'],
      ['tso_packets', 'checksum_offload'],
    ],
    [
      'TCP over IPv6',
      [1, 4],
      ['lro_packets', 'checksum_none'],
      ['tso_packets', 'checksum_offload'],
    ],
    ['TCP, ECN', [1, 0x81], ['lro_packets', 'checksum_none'], ['tso_packets', 'checksum_offload']],
    ['UDP', [1, 5], ['checksum_none'], ['checksum_offload']],
    ['UDP without checksum', [0, 5], [], []],
  ] as const)('super-frames of %s', async (_, [flags, type], received, sent) => {
    // No checksum beyond the frame, and segments of 1,280 bytes.
    const header = new Uint8Array(10);
    header.set([flags, type]);
    new Uint16Array(header.buffer)[2] = 1280;
    receive([frame(40_000)], 0, header);
    transmit([frame(40_000)], 0, header);
    const names = (direction: string, offloads: readonly string[]): readonly string[] =>
      ['size_super_frame_packets', ...offloads].map((name) => `${direction}_q0_${name}`);
    const found = Object.keys(ofQueues(await tap.xstats())).filter(
      (name) => !/q0_(packets|bytes|unicast_packets)$/.test(name),
    );
    expect(found.toSorted()).toEqual([...names('rx', received), ...names('tx', sent)].toSorted());
  });

  it.each([
    ['nothing said', 0, []],
    ['to be made', 1, ['rx_q0_checksum_none']],
    ['good', 2, ['rx_q0_checksum_good']],
    ['to be made, whatever else is said', 3, ['rx_q0_checksum_none']],
  ] as const)('checksums: %s', async (_, flags, expected) => {
    receive([frame()], 0, Uint8Array.of(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    const names = Object.keys(ofQueues(await tap.xstats()));
    expect(names.filter((name) => name.includes('checksum'))).toEqual(expected);
  });

  it('counts a frame that is refused or skipped in no class', async () => {
    const batch = tap.createBatch();
    for (let count = 0; count < 3; count += 1) batch.push(frame());
    batch.setLength(0, 13);
    batch.setLength(1, 0);
    expect(tap.queue(0).txBurst(batch)).toBe(3);
    expect(ofQueues(await tap.xstats())).toEqual({
      tx_q0_packets: 1n,
      tx_q0_bytes: 60n,
      tx_q0_errors: 1n,
      tx_q0_size_64_packets: 1n,
      tx_q0_unicast_packets: 1n,
    });
  });

  it('counts a frame that is gathered from parts as the one piece that it is', async () => {
    const batch = tap.createBatch();
    batch.push(frame(14), new Uint8Array(100), new Uint8Array(400));
    tap.queue(0).txBurst(batch);
    expect(ofQueues(await tap.xstats())).toMatchObject({ tx_q0_size_512_to_1023_packets: 1n });
    expect((await tap.xstats())['tx_q0_multiseg_packets']).toBe(0n);
  });
});

describe('stats', () => {
  it('tells all queues together, and each', async () => {
    receive([frame(100), frame(200)], 0);
    receive([frame(400)], 1);
    transmit([frame(70)], 1);
    const none = { rxPackets: 0n, rxBytes: 0n, rxErrors: 0n, txErrors: 0n };
    expect(await tap.stats()).toEqual({
      ...none,
      rxPackets: 3n,
      rxBytes: 700n,
      txPackets: 1n,
      txBytes: 70n,
      rxMissed: 0n,
      queues: [
        { ...none, rxPackets: 2n, rxBytes: 300n, txPackets: 0n, txBytes: 0n },
        { ...none, rxPackets: 1n, rxBytes: 400n, txPackets: 1n, txBytes: 70n },
      ],
    });
    expect(tap.queue(1).counters).toEqual((await tap.stats()).queues[1]);
  });

  it('tells what the kernel dropped because nobody read', async () => {
    overflow(5);
    overflow(2, 1);
    expect(await tap.stats()).toMatchObject({ rxMissed: 7n, rxPackets: 0n });
    expect((await tap.xstats()).rx_missed_errors).toBe(7n);
    await tap.resetStats();
    overflow(1);
    expect((await tap.stats()).rxMissed).toBe(1n);
    expect((await tap.xstats()).rx_missed_errors).toBe(8n);
  });

  it('counts what an adopted interface misses from its opening on', async () => {
    await tap.setPersist(true);
    overflow(9);
    const { name } = tap;
    await tap.close();
    tap = await openTap({ kernel, name, adopt: true, queues: 2 });
    expect((await tap.stats()).rxMissed).toBe(0n);
    expect((await tap.xstats()).rx_missed_errors).toBe(0n);
    overflow(2);
    expect((await tap.stats()).rxMissed).toBe(2n);
  });

  it('asks in its turn', async () => {
    receive([frame()]);
    const release = kernel.rtnetlink.hold();
    const order: string[] = [];
    const all = Promise.all([
      tap.linkDown().then(() => order.push('linkDown')),
      tap.stats().then(() => order.push('stats')),
      tap.resetStats().then(() => order.push('resetStats')),
      tap.stats().then(({ rxPackets }) => order.push(`stats: ${rxPackets}`)),
    ]);
    release();
    await all;
    expect(order).toEqual(['linkDown', 'stats', 'resetStats', 'stats: 0']);
  });

  it.each(['stats', 'resetStats', 'xstats', 'resetXstats'] as const)(
    '%s can be taken away while it waits',
    async (operation) => {
      receive([frame()]);
      const release = kernel.rtnetlink.hold();
      const before = tap.linkUpdate();
      const controller = new AbortController();
      const waiting = tap[operation]({ signal: controller.signal });
      controller.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      release();
      await before;
      expect((await tap.stats()).rxPackets).toBe(1n);
      expect((await tap.xstats())['rx_q0_packets']).toBe(1n);
      await expect(Reflect.apply(tap[operation], tap, [7])).rejects.toThrow(TypeError);
    },
  );
});

describe('resets', () => {
  it('each for itself, and the words go on', async () => {
    receive([frame(100)]);
    transmit([frame(100)]);
    const words = tap.queue(0).counterWords;
    const before = words.slice();
    const xstats = await tap.xstats();
    await tap.resetStats();
    expect(words).toEqual(before);
    expect(await tap.xstats()).toEqual(xstats);
    const zero = { rxPackets: 0n, rxBytes: 0n, txPackets: 0n, txBytes: 0n };
    expect(await tap.stats()).toMatchObject({ ...zero, queues: [zero, zero] });
    expect(tap.counters).toMatchObject(zero);
    expect(tap.queue(0).counters).toMatchObject(zero);

    receive([frame(60)]);
    await tap.resetXstats();
    expect(new Set(Object.values(await tap.xstats()))).toEqual(new Set([0n]));
    expect(await tap.stats()).toMatchObject({ rxPackets: 1n, rxBytes: 60n });
    receive([frame(60)]);
    expect(ofQueues(await tap.xstats())).toEqual({
      rx_q0_packets: 1n,
      rx_q0_bytes: 60n,
      rx_q0_size_64_packets: 1n,
      rx_q0_unicast_packets: 1n,
    });
    expect(words[counterOffset.rx_packets]).toBe(3n);
  });

  it.each(['resetStats', 'resetXstats'] as const)(
    'a %s that fails changes nothing',
    async (reset) => {
      receive([frame()]);
      overflow(3);
      kernel.rtnetlink.refuseNext(RTM_GETLINK, 1);
      await expect(tap[reset]()).rejects.toMatchObject({ name: 'RtapError', code: 'EPERM' });
      expect(await tap.stats()).toMatchObject({ rxPackets: 1n, rxMissed: 3n });
      expect(await tap.xstats()).toMatchObject({ rx_q0_packets: 1n, rx_missed_errors: 3n });
    },
  );

  it('count over the end of 64 bits', async () => {
    const words = tap.queue(0).counterWords;
    words[counterOffset.rx_bytes] = 2n ** 64n - 10n;
    await tap.resetStats();
    receive([frame(60)]);
    expect(words[counterOffset.rx_bytes]).toBe(50n);
    expect(tap.counters.rxBytes).toBe(60n);
  });
});

describe('counters', () => {
  it('go on over stop and start', async () => {
    receive([frame()]);
    overflow(4);
    await tap.stop();
    expect(await tap.stats()).toMatchObject({ rxPackets: 1n, rxMissed: 4n });
    await tap.start();
    // What was queued is thrown away by start, and is no frame of ours.
    receive([frame(), frame()]);
    expect(await tap.stats()).toMatchObject({ rxPackets: 3n, rxMissed: 4n });
    expect((await tap.xstats())['rx_q0_size_64_packets']).toBe(3n);
  });

  it('begin anew with other queues; what was missed is of the interface', async () => {
    receive([frame()], 1);
    await tap.resetStats();
    receive([frame()], 1);
    overflow(4);
    const old = tap.queue(1).counterWords;
    await tap.stop();
    await tap.configure({ queues: 2 });
    expect((await tap.stats()).rxPackets).toBe(1n);
    await tap.configure({ queues: 3 });
    await tap.start();
    const { rxPackets, rxMissed, queues } = await tap.stats();
    expect({ rxPackets, rxMissed, queues: queues.length }).toEqual({
      rxPackets: 0n,
      rxMissed: 4n,
      queues: 3,
    });
    receive([frame()], 2);
    expect(tap.counters.rxPackets).toBe(1n);
    expect((await tap.xstats())['rx_q2_packets']).toBe(1n);
    expect(old[counterOffset.rx_packets]).toBe(2n);
  });

  it('stay when the device is gone, and when it is closed', async () => {
    receive([frame(100)]);
    await tap.resetStats();
    receive([frame(60)]);
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect.poll(() => tap.state).toBe('removed');
    expect(tap.counters).toMatchObject({ rxPackets: 1n, rxBytes: 60n });
    await tap.close();
    expect(tap.counters).toMatchObject({ rxPackets: 1n, rxBytes: 60n });
  });

  it('are words in shared memory', () => {
    const { counterWords } = tap.queue(0);
    expect(counterWords.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(counterWords.length).toBe(COUNTER_WORDS);
    expect(Object.values(counterOffset)).toEqual([...counterWords.keys()]);
  });
});
