import { COUNTER_WORDS, counterOffset, kernel } from '@rtap/native';
import type { EngineName, KernelQueue, KernelTap, NetworkNamespace } from '@rtap/native';
import { test } from '@rtap/testkit/vitest';
import { afterEach, beforeEach, describe, expect } from 'vitest';

import { fill, frame, frames, ip, makeSlab, nativeErrorOf, whyNot } from './judges.ts';

let tap: KernelTap | undefined;

const ENGINES: readonly EngineName[] = ['syscall', 'io_uring'];
let engine: EngineName = 'syscall';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => judges('ip'));

afterEach(async () => {
  // What a test began with one engine was not to be finished by the other one.
  const name = tap?.engine.name;
  await tap?.close();
  if (tap !== undefined) expect(name).toBe(engine);
  tap = undefined;
});

/** A device that is up with an IPv4 address, and nothing of IPv6 on it. */
async function open(netns: NetworkNamespace): Promise<KernelQueue> {
  tap = await kernel.openTap({ name: 'rtap%d', queues: 1, netns, engine });
  await ip(netns, `link set dev ${tap.name} addrgenmode none`);
  await ip(netns, `addr add 10.9.0.1/24 dev ${tap.name}`);
  await ip(netns, `link set dev ${tap.name} up`);
  const [queue] = tap.queues;
  if (queue === undefined) throw new Error('no queue');
  return queue;
}

function readable(queue: KernelQueue): Promise<void> {
  return new Promise((resolve) => {
    queue.onReadable(() => {
      queue.onReadable(undefined);
      resolve();
    });
  });
}

describe.each(ENGINES)('%s', (name) => {
  beforeEach<{ netns: NetworkNamespace }>(async ({ netns, skip }) => {
    engine = name;
    const reason = await whyNot(name, netns);
    if (reason !== undefined) skip(reason);
  });

  describe.each([
    ['ArrayBuffer', false],
    ['SharedArrayBuffer', true],
  ])('bursts over an %s', (_, shared) => {
    test('read what the kernel sends', async ({ netns, judges }) => {
      judges('ping');
      const queue = await open(netns);
      const slab = makeSlab(shared);
      expect(queue.rxBurst(slab.bytes, slab.descriptors, 64, slab.counters)).toBe(0);
      const waiting = readable(queue);
      const ping = await netns.exec('ping', ['-c1', '-w1', '10.9.0.2'], { stdio: 'ignore' });
      await waiting;
      const count = queue.rxBurst(slab.bytes, slab.descriptors, 64, slab.counters);
      const received = frames(slab, count);
      // RFC 826: an ARP request (EtherType 0806, operation 1) for 10.9.0.2, from 10.9.0.1.
      expect(received[0]?.subarray(12, 22)).toEqual(Uint8Array.of(8, 6, 0, 1, 8, 0, 6, 4, 0, 1));
      expect(received[0]?.subarray(28, 32)).toEqual(Uint8Array.of(10, 9, 0, 1));
      expect(received[0]?.subarray(38, 42)).toEqual(Uint8Array.of(10, 9, 0, 2));
      expect(slab.descriptors[0]).toBe(10);
      const bytes = received.reduce((sum, one) => sum + one.length, 0);
      expect([...slab.counters.subarray(0, 6)]).toEqual([
        BigInt(count),
        BigInt(bytes),
        0n,
        0n,
        0n,
        0n,
      ]);
      ping.kill('SIGKILL');
      await ping.exited;
    });

    test('send what tcpdump sees', async ({ netns, judges }) => {
      judges('tcpdump');
      const queue = await open(netns);
      const slab = makeSlab(shared);
      const tcpdump = await netns.exec('tcpdump', [
        ...['-i', 'rtap0', '-c', '2', '-xx', '-n', '-l', '--immediate-mode'],
        'ether proto 0x88b5',
      ]);
      const output: Buffer[] = [];
      tcpdump.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
      await new Promise<void>((resolve) => {
        tcpdump.stderr?.on('data', (chunk: Buffer) => {
          if (chunk.includes('listening on')) resolve();
        });
      });
      fill(slab, [frame(60, 0xaa), frame(60, 0xbb), frame(64, 0xcc)]);
      slab.descriptors[3] = 0;
      expect(queue.txBurst(slab.bytes, slab.descriptors, 0, 3, slab.counters)).toBe(3);
      await tcpdump.exited;
      const text = Buffer.concat(output).toString();
      expect(text).toContain('88b5 aaaa');
      expect(text).toContain('88b5 cccc');
      expect(text).not.toContain('bbbb');
      expect([...slab.counters.subarray(0, 6)]).toEqual([0n, 0n, 0n, 2n, 124n, 0n]);
    });
  });

  describe('a burst', () => {
    test('counts bad frames as consumed and never reads outside the slab', async ({ netns }) => {
      const queue = await open(netns);
      const slab = makeSlab();
      fill(slab, [frame(60, 1), frame(60, 2), frame(60, 3), frame(60, 4), frame(60, 5)]);
      slab.descriptors.set([9, 60], 0); // no room for its header
      slab.descriptors.set([slab.bytes.length - 59, 60], 2);
      slab.descriptors.set([0xff_ff_ff_ff, 0xff_ff_ff_ff], 4);
      slab.descriptors[7] = 13;
      expect(queue.txBurst(slab.bytes, slab.descriptors, 0, 5, slab.counters)).toBe(5);
      expect([...slab.counters.subarray(0, 6)]).toEqual([0n, 0n, 0n, 1n, 60n, 4n]);
      expect(queue.txBurst(slab.bytes, slab.descriptors, 4, 1, slab.counters)).toBe(1);
      expect(queue.txBurst(slab.bytes, slab.descriptors, 4, 0, slab.counters)).toBe(0);
    });

    test('adds to the words that counterOffset names, and to no other', async ({ netns }) => {
      const queue = await open(netns);
      const slab = makeSlab();
      const unicast = frame(1519, 0);
      unicast[0] = 2;
      const multicast = frame(65, 0);
      multicast[0] = 1;
      fill(slab, [frame(64, 0), multicast, unicast, frame(60, 0), frame(60, 0)]);
      slab.descriptors[7] = 13;
      const size = slab.counters.length;
      // The one beyond the words is there to see that nothing is written to it.
      const counters = new BigUint64Array(size + 1);
      // A word that is full wraps around.
      counters[counterOffset.tx_broadcast_packets] = 2n ** 64n - 1n;
      expect(queue.txBurst(slab.bytes, slab.descriptors, 0, 5, counters)).toBe(5);
      const expected = new BigUint64Array(size + 1);
      expected[counterOffset.tx_packets] = 4n;
      expected[counterOffset.tx_bytes] = 64n + 65n + 1519n + 60n;
      expected[counterOffset.tx_errors] = 1n;
      expected[counterOffset.tx_size_64_packets] = 2n;
      expected[counterOffset.tx_size_65_to_127_packets] = 1n;
      expected[counterOffset.tx_size_1519_to_max_packets] = 1n;
      expected[counterOffset.tx_broadcast_packets] = 1n;
      expected[counterOffset.tx_multicast_packets] = 1n;
      expected[counterOffset.tx_unicast_packets] = 1n;
      expect(counters).toEqual(expected);
      expect(Object.values(counterOffset)).toEqual([...slab.counters.keys()]);
    });

    test('throws the error of the device when nothing was consumed', async ({ netns }) => {
      const queue = await open(netns);
      const slab = makeSlab();
      fill(slab, [frame(60, 1), frame(60, 2)]);
      slab.descriptors[1] = 0;
      await ip(netns, 'link set dev rtap0 down');
      expect(queue.txBurst(slab.bytes, slab.descriptors, 0, 2, slab.counters)).toBe(1);
      const error = await nativeErrorOf(() =>
        queue.txBurst(slab.bytes, slab.descriptors, 1, 1, slab.counters),
      );
      expect(error).toMatchObject({ code: 'EIO', errno: -5, syscall: 'write', interface: 'rtap0' });
      expect([...slab.counters.subarray(0, 6)]).toEqual([0n, 0n, 0n, 0n, 0n, 0n]);
    });

    test('refuses memory that is detached, too small, or no typed array', async ({ netns }) => {
      const queue = await open(netns);
      const { bytes, descriptors, counters } = makeSlab();
      const small = new Uint8Array(65_599);
      expect(() => queue.rxBurst(small, descriptors, 1, counters)).toThrow(RangeError);
      expect(() =>
        queue.rxBurst(bytes, descriptors, 1, new BigUint64Array(COUNTER_WORDS - 1)),
      ).toThrow(RangeError);
      expect(() => queue.txBurst(bytes, descriptors, 200, 57, counters)).toThrow(RangeError);
      expect(() => queue.txBurst(bytes, descriptors, 2 ** 32, 0, counters)).toThrow(RangeError);
      expect(() => queue.rxBurst(bytes, descriptors, -1, counters)).toThrow(RangeError);
      for (const wrong of [undefined, null, [], 'x', new Uint16Array(70_000), bytes.buffer]) {
        expect(() =>
          Reflect.apply(queue.rxBurst, queue, [wrong, descriptors, 1, counters]),
        ).toThrow(TypeError);
        expect(() => Reflect.apply(queue.rxBurst, queue, [bytes, wrong, 1, counters])).toThrow(
          TypeError,
        );
        expect(() => Reflect.apply(queue.rxBurst, queue, [bytes, descriptors, 1, wrong])).toThrow(
          TypeError,
        );
      }
      expect(() =>
        Reflect.apply(queue.rxBurst, queue, [bytes, descriptors, '1', counters]),
      ).toThrow(TypeError);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
      expect(bytes.length).toBe(0);
      expect(() => queue.rxBurst(bytes, descriptors, 1, counters)).toThrow(TypeError);
      expect(() => queue.txBurst(bytes, descriptors, 0, 1, counters)).toThrow(TypeError);
    });

    test('leaves the rest for the next one, and discard throws it away', async ({ netns }) => {
      const queue = await open(netns);
      const slab = makeSlab();
      const waiting = readable(queue);
      const peers = Array.from({ length: 9 }, (_, index) => `10.9.0.${index + 2}`);
      for (const peer of peers) {
        // Each asks for another address, so that each is a frame of its own.
        await ip(netns, `neigh add ${peer} lladdr 02:00:00:00:00:01 dev rtap0`);
      }
      const bash = ['-c', peers.map((peer) => `echo > /dev/udp/${peer}/9`).join(';')];
      expect(await (await netns.exec('bash', bash, { stdio: 'ignore' })).exited).toEqual({
        code: 0,
        signal: null,
      });
      await waiting;
      expect(queue.rxBurst(slab.bytes, slab.descriptors, 2, slab.counters)).toBe(2);
      expect(frames(slab, 2).map((bytes) => bytes[33])).toEqual([2, 3]);
      expect(queue.rxBurst(slab.bytes, slab.descriptors.subarray(0, 6), 64, slab.counters)).toBe(3);
      expect(queue.discard()).toBe(4);
      expect(queue.discard()).toBe(0);
      expect(slab.counters[0]).toBe(5n);
    });
  });

  describe('onReadable', () => {
    test('is called once more when the device goes', async ({ netns }) => {
      const queue = await open(netns);
      const slab = makeSlab();
      queue.discard();
      let calls = 0;
      const gone = new Promise<void>((resolve) => {
        queue.onReadable(() => {
          calls += 1;
          resolve();
        });
      });
      await ip(netns, 'link del dev rtap0');
      await gone;
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      expect(calls).toBe(1);
      const error = await nativeErrorOf(() =>
        queue.rxBurst(slab.bytes, slab.descriptors, 1, slab.counters),
      );
      expect(error).toMatchObject({ code: 'EBADFD', errno: -77, syscall: 'read' });
      expect(slab.counters[2]).toBe(0n);
      expect((await nativeErrorOf(() => queue.discard())).code).toBe('EBADFD');
      await readable(queue);
    });

    test('can be set, changed and taken away from within', async ({ netns, judges }) => {
      judges('ping');
      const queue = await open(netns);
      const order: string[] = [];
      const done = new Promise<void>((resolve) => {
        queue.onReadable(() => {
          order.push('first');
          queue.onReadable(() => {
            order.push('second');
            queue.onReadable(undefined);
            resolve();
          });
        });
      });
      const ping = await netns.exec('ping', ['-c1', '-w1', '10.9.0.2'], { stdio: 'ignore' });
      await done;
      ping.kill('SIGKILL');
      await ping.exited;
      expect(order).toEqual(['first', 'second']);
    });
  });
});
