/**
 * Splices of the real kernel's devices: judged by what TCP says of its bytes, `ip -s` of the counts, /proc of threads
 * and files.
 *
 * @module
 */

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { openTap, splice } from '@rtap/core';
import type {
  NetworkNamespace,
  OpenTapOptions,
  Splice,
  SpliceCounters,
  SpliceSample,
  TapDevice,
} from '@rtap/core';
import { createTestNamespace, expectNoLeaks, ipJson, ping, run, sendFrames } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { beforeEach, describe, expect } from 'vitest';
import { frame, hasLink, ip, until } from '../native/judges.ts';

beforeEach<{ judges: (...programs: readonly string[]) => void }>(({ judges }) => judges('ip'));

const HOST = new URL('fixtures/host.ts', import.meta.url).pathname;
const SPLICED = new URL('fixtures/spliced.ts', import.meta.url);
const MIB = 1024 * 1024;

/** Two devices, each in a namespace of its own where nothing is sent that nobody asked for. */
interface Pair {
  readonly a: TapDevice;
  readonly b: TapDevice;
  readonly inA: NetworkNamespace;
  readonly inB: NetworkNamespace;
}

async function withPair(
  body: (pair: Pair) => Promise<void>,
  options: OpenTapOptions = {},
): Promise<void> {
  const [inA, inB] = [await createQuietNamespace(), await createQuietNamespace()];
  const devices: TapDevice[] = [];
  try {
    const open = async (
      name: string,
      netns: NetworkNamespace,
      address: string,
    ): Promise<TapDevice> => {
      const tap = await openTap({ name, netns, addresses: [address], ...options });
      devices.push(tap);
      return tap;
    };
    const a = await open('a0', inA, '10.0.0.1/24');
    const b = await open('b0', inB, '10.0.0.2/24');
    await body({ a, b, inA, inB });
  } finally {
    await Promise.all(devices.map((tap) => tap.close()));
    await Promise.all([inA.close(), inB.close()]);
  }
}

async function createQuietNamespace(): Promise<NetworkNamespace> {
  const netns = await createTestNamespace();
  const setting = '/proc/sys/net/ipv6/conf/default/disable_ipv6';
  await run(netns, 'sh', ['-c', `! test -e ${setting} || echo 1 > ${setting}`]);
  return netns;
}

/** The threads of splices in this process, by their ids. */
function threads(): string[] {
  return readdirSync('/proc/self/task').filter((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/comm`, 'utf8') === 'rtap-splice\n';
    } catch {
      return false;
    }
  });
}

/** A host in a namespace, its lines, and its end. */
async function host(
  netns: NetworkNamespace,
  ...args: readonly string[]
): Promise<{
  readonly lines: string[];
  readonly ended: Promise<unknown>;
  readonly kill: () => void;
}> {
  const child = await netns.exec(process.execPath, [HOST, ...args], { stdio: 'pipe' });
  child.stderr?.pipe(process.stderr, { end: false });
  child.stdin?.end();
  const lines: string[] = [];
  if (child.stdout === null) throw new Error('a host without output');
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  if (args[0] !== 'send') await once(reader, 'line');
  return {
    lines,
    ended: Promise.all([child.exited, once(reader, 'close')]),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Sends bytes from a to b over TCP, and expects them there. */
async function expectTcp({ inA, inB }: Pair, streams: number, bytes: number): Promise<void> {
  const receiver = await host(inB, 'receive', String(streams));
  const sender = await host(inA, 'send', '10.0.0.2', String(streams), String(bytes));
  await Promise.all([receiver.ended, sender.ended]);
  expect(sender.lines).toHaveLength(streams);
  expect(receiver.lines.slice(1).toSorted()).toEqual(sender.lines.toSorted());
}

interface KernelCounts {
  readonly tx: { readonly packets: bigint; readonly bytes: bigint };
  readonly rx: { readonly packets: bigint; readonly bytes: bigint; readonly dropped: bigint };
}

/** What `ip -s` says of an interface: it transmits what the process receives. */
async function kernelCounts(netns: NetworkNamespace, name: string): Promise<KernelCounts> {
  const [link] = (await ipJson(netns, ['-s', 'link', 'show', 'dev', name])) as [
    { readonly stats64: Record<'rx' | 'tx', Record<string, number>> },
  ];
  const count = (direction: 'rx' | 'tx', word: string): bigint =>
    BigInt(link.stats64[direction][word] ?? -1);
  return {
    tx: { packets: count('tx', 'packets'), bytes: count('tx', 'bytes') },
    rx: {
      packets: count('rx', 'packets'),
      bytes: count('rx', 'bytes'),
      dropped: count('rx', 'dropped'),
    },
  };
}

function expectWay(
  counters: SpliceCounters,
  from: { readonly device: TapDevice; readonly kernel: KernelCounts },
  to: { readonly device: TapDevice; readonly kernel: KernelCounts },
): void {
  expect([counters.rxPackets, counters.rxBytes]).toEqual([
    from.kernel.tx.packets,
    from.kernel.tx.bytes,
  ]);
  expect([counters.txPackets, counters.txBytes]).toEqual([
    to.kernel.rx.packets,
    to.kernel.rx.bytes,
  ]);
  expect(counters.rxPackets).toBe(counters.txPackets + counters.txErrors + counters.dropped);
  const { rxPackets, rxBytes } = from.device.counters;
  expect([rxPackets, rxBytes]).toEqual([counters.rxPackets, counters.rxBytes]);
  const { txPackets, txBytes, txErrors } = to.device.counters;
  expect([txPackets, txBytes, txErrors]).toEqual([
    counters.txPackets,
    counters.txBytes,
    counters.txErrors,
  ]);
}

/** Expects that a splice that has ended, its devices and the kernel count the same. */
async function expectSameCounts(spliced: Splice, { a, b, inA, inB }: Pair): Promise<void> {
  const [inKernelA, inKernelB] = [await kernelCounts(inA, a.name), await kernelCounts(inB, b.name)];
  const { aToB, bToA } = spliced.counters();
  const [endA, endB] = [
    { device: a, kernel: inKernelA },
    { device: b, kernel: inKernelB },
  ];
  expectWay(aToB, endA, endB);
  expectWay(bToA, endB, endA);
}

async function expectPing({ inA }: Pair): Promise<void> {
  const { replies } = await ping({ netns: inA, address: '10.0.0.2', count: 3 });
  expect(replies).toHaveLength(3);
}

describe('TCP through a splice', () => {
  for (const count of [1, 2] as const) {
    test(`super-frames pass with ${count} thread(s), and all count alike`, async ({ netns: _ }) => {
      await withPair(async (pair) => {
        const spliced = splice(pair.a, pair.b, { threads: count });
        await expectPing(pair);
        expect(threads()).toHaveLength(count);
        await expectTcp(pair, 1, 100 * MIB);
        await expectTcp(pair, 4, 10 * MIB);
        await spliced.stop();
        await expectSameCounts(spliced, pair);
        const { aToB, bToA } = spliced.counters();
        expect([aToB.dropped, aToB.rxErrors, aToB.txErrors]).toEqual([0n, 0n, 0n]);
        expect([bToA.dropped, bToA.rxErrors, bToA.txErrors]).toEqual([0n, 0n, 0n]);
        // 140 MiB in frames of 1,448 bytes are a hundred thousand: most came as few large ones.
        expect(aToB.rxPackets).toBeLessThan(60_000n);
        const [xstatsA, xstatsB] = [await pair.a.xstats(), await pair.b.xstats()];
        expect(xstatsA['rx_q0_lro_packets']).toBeGreaterThan(1000n);
        expect(xstatsB['tx_q0_tso_packets']).toBe(xstatsA['rx_q0_lro_packets']);
      });
    });
  }

  test('without offloads, over several queues', async ({ netns: _ }) => {
    await withPair(
      async (pair) => {
        const spliced = splice(pair.a, pair.b);
        await expectTcp(pair, 4, 5 * MIB);
        await spliced.stop();
        await expectSameCounts(spliced, pair);
        expect((await pair.a.xstats())['rx_q0_lro_packets']).toBe(0n);
        const { queues } = await pair.a.stats();
        expect(queues.filter(({ rxPackets }) => rxPackets > 0n).length).toBeGreaterThan(1);
      },
      { queues: 3, offloads: 'none' },
    );
  });

  test('goes on over a rename, a move and a link that was down', async ({ netns: _ }) => {
    await withPair(async ({ a, b, inA, inB }) => {
      const spliced = splice(a, b);
      const third = await createQuietNamespace();
      try {
        await ip(inA, 'link set dev a0 down');
        await ip(inA, 'link set dev a0 name other0');
        await ip(inA, 'link set dev other0 up');
        await ip(inB, `link set dev b0 netns ${third.path}`);
        await b.until('down');
        await b.until('up');
        await b.addAddress('10.0.0.2/24');
        await expectTcp({ a, b, inA, inB: third }, 1, MIB);
        await spliced.stop();
        expect(await spliced.closed).toEqual({ reason: 'stopped' });
      } finally {
        await third.close();
      }
    });
  });
});

describe('frames of a splice', () => {
  test('are dropped and counted while the link is down there, as the kernel counts them', async ({
    netns: _,
  }) => {
    await withPair(async (pair) => {
      const { a, b, inA, inB } = pair;
      const spliced = splice(a, b);
      const frames = Array.from({ length: 300 }, (__, index) => frame(60 + index, index));
      const send = (): Promise<void> => sendFrames({ netns: inA, interface: 'a0', frames });
      const passed = async (count: bigint): Promise<void> => {
        await until(() => spliced.counters().aToB.rxPackets === count);
      };
      await send();
      await passed(300n);
      await ip(inB, 'link set dev b0 down');
      await send();
      await passed(600n);
      await ip(inB, 'link set dev b0 up');
      await send();
      await passed(900n);
      await spliced.stop();
      expect(spliced.counters().aToB).toMatchObject({ txPackets: 600n, dropped: 300n });
      expect((await kernelCounts(inB, 'b0')).rx.dropped).toBeGreaterThanOrEqual(300n);
      await expectSameCounts(spliced, pair);
    });
  });

  test('are shown as they were sent, from both sides', async ({ netns: _ }) => {
    await withPair(async ({ a, b, inA, inB }) => {
      const spliced = splice(a, b, { threads: 2, sample: { every: 10, snapLength: 100 } });
      const frames = Array.from({ length: 100 }, (__, index) => frame(60 + index, index));
      const shown: SpliceSample[] = [];
      const reading = (async () => {
        for await (const sample of spliced.samples()) shown.push(sample);
      })();
      const before = BigInt(Date.now()) * 1_000_000n;
      await sendFrames({ netns: inA, interface: 'a0', frames });
      await sendFrames({ netns: inB, interface: 'b0', frames: frames.slice(0, 11) });
      await until(() => shown.length === 12);
      await spliced.stop();
      await reading;
      const expected = frames.filter((__, index) => index % 10 === 0);
      const of = (side: 'a' | 'b'): SpliceSample[] => shown.filter(({ from }) => from === side);
      expect(of('a').map(({ bytes }) => bytes)).toEqual(
        expected.map((bytes) => bytes.slice(0, 100)),
      );
      expect(of('a').map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
      expect(of('b').map(({ length }) => length)).toEqual([60, 70]);
      const times = of('a').map(({ timestamp }) => timestamp);
      expect(times[0]).toBeGreaterThanOrEqual(before - 1_000_000n);
      expect(times).toEqual(times.toSorted((x, y) => (x < y ? -1 : 1)));
      const { aToB, bToA } = spliced.counters();
      expect([aToB.samples, aToB.samplesMissed, bToA.samples]).toEqual([10n, 0n, 2n]);
    });
  });

  test('pass, shown or not, when nobody takes the samples', async ({ netns: _ }) => {
    await withPair(async ({ a, b, inA }) => {
      const spliced = splice(a, b, { sample: { every: 1, limit: 4 } });
      const frames = Array.from({ length: 500 }, (__, index) => frame(60, index));
      await sendFrames({ netns: inA, interface: 'a0', frames });
      await until(() => spliced.counters().aToB.txPackets === 500n);
      expect(spliced.counters().aToB).toMatchObject({ samples: 4n, samplesMissed: 496n });
      await spliced.stop();
    });
  });
});

/** Datagrams from a's side without end, while something is done. */
async function underFlood(pair: Pair, action: () => Promise<void>): Promise<void> {
  const neighbour = ['lladdr', '02:00:00:00:00:02', 'dev', pair.a.name, 'nud', 'permanent'];
  await ip(pair.inA, `neighbour replace 10.0.0.2 ${neighbour.join(' ')}`);
  const { kill, ended } = await host(pair.inA, 'flood', '10.0.0.2');
  try {
    await until(() => pair.a.counters.rxPackets > 10_000n);
    await action();
  } finally {
    kill();
    await ended;
  }
}

describe('the end of a splice', () => {
  for (const count of [1, 2] as const) {
    test(`comes at once, idle or under flood, with ${count} thread(s)`, async ({ netns: _ }) => {
      await withPair(async (pair) => {
        const { a, b } = pair;
        const idle = splice(a, b, { threads: count });
        await idle.stop();
        expect(threads()).toEqual([]);
        const flooded = splice(a, b, { threads: count });
        await underFlood(pair, async () => {
          await flooded.stop();
          expect(threads()).toEqual([]);
          const { aToB } = flooded.counters();
          // What comes after it is ours again.
          await until(() => a.queue(0).rxBurst().count > 0);
          expect(flooded.counters().aToB).toEqual(aToB);
        });
      });
    });

    for (const which of ['a', 'b'] as const) {
      test(`comes with close of ${which} under flood, with ${count} thread(s)`, async ({
        netns: _,
      }) => {
        await withPair(async (pair) => {
          const device = pair[which];
          const netns = which === 'a' ? pair.inA : pair.inB;
          const spliced = splice(pair.a, pair.b, { threads: count });
          await underFlood(pair, async () => {
            await device.close();
            expect(threads()).toEqual([]);
            expect(await hasLink(netns, `${which}0`)).toBe(false);
          });
          expect(await spliced.closed).toEqual({ reason: 'device-closed', device });
        });
      });

      test(`comes with the deletion of ${which} under flood, with ${count} thread(s)`, async ({
        netns: _,
      }) => {
        await withPair(async (pair) => {
          const [device, other] = which === 'a' ? [pair.a, pair.b] : [pair.b, pair.a];
          const netns = which === 'a' ? pair.inA : pair.inB;
          const spliced = splice(pair.a, pair.b, { threads: count });
          const removed = once(device, 'removed');
          await underFlood(pair, async () => {
            await ip(netns, `link delete dev ${which}0`);
            expect(await spliced.closed).toEqual({ reason: 'device-removed', device });
            expect(threads()).toEqual([]);
            await removed;
            expect(device.state).toBe('removed');
          });
          // The other one lives on.
          expect(other.send(frame(60, 1))).toBe(true);
          other.queue(0).rxBurst();
          const { rxPackets, txPackets, txErrors, dropped } = spliced.counters().aToB;
          // The frames of the last burst may be neither, when the receiver is gone.
          expect(rxPackets - (txPackets + txErrors + dropped)).toBeLessThanOrEqual(64n);
        });
      });
    }
  }

  test('comes with stop of a device, and it can be started and spliced again', async ({
    netns: _,
  }) => {
    await withPair(async (pair) => {
      const { a, b } = pair;
      const spliced = splice(a, b);
      await underFlood(pair, async () => {
        await b.stop();
        expect(threads()).toEqual([]);
        expect(await spliced.closed).toEqual({ reason: 'device-stopped', device: b });
        await b.start();
      });
      await ip(pair.inA, 'neighbour delete 10.0.0.2 dev a0');
      // A full queue has no room for a question.
      while (a.queue(0).rxBurst().count > 0);
      const again = splice(a, b);
      await expectPing(pair);
      await again.stop();
    });
  });

  test('leaves no thread and no file, 200 times', { timeout: 120_000 }, async ({ netns: _ }) => {
    await withPair(async ({ a, b }) => {
      let round = 0;
      const cycle = async (): Promise<void> => {
        const spliced = splice(a, b, { threads: round % 2 === 0 ? 1 : 2, sample: { every: 1 } });
        round += 1;
        await spliced.stop();
        expect(threads()).toEqual([]);
      };
      await expectNoLeaks(cycle, { times: 200 });
    });
  });

  test('comes with kill -9, which leaves nothing', async ({ netns: _ }) => {
    const [inA, inB] = [await createQuietNamespace(), await createQuietNamespace()];
    try {
      const args = [SPLICED.pathname, inA.path, inB.path];
      const child = await inA.exec(process.execPath, args, { stdio: 'pipe' });
      child.stderr?.pipe(process.stderr, { end: false });
      if (child.stdout === null) throw new Error('no output');
      await once(createInterface({ input: child.stdout }), 'line');
      const { replies } = await ping({ netns: inA, address: '10.0.0.2', count: 1 });
      expect(replies).toHaveLength(1);
      child.kill('SIGKILL');
      await child.exited;
      await until(async () => !(await hasLink(inA, 'a0')) && !(await hasLink(inB, 'b0')));
    } finally {
      await Promise.all([inA.close(), inB.close()]);
    }
  });

  test('comes with the end of its worker', async ({ netns: _ }) => {
    const [inA, inB] = [await createQuietNamespace(), await createQuietNamespace()];
    try {
      const worker = new Worker(SPLICED, { workerData: [inA.path, inB.path] });
      expect(await once(worker, 'message')).toEqual(['ready']);
      await until(() => threads().length === 2);
      await worker.terminate();
      await until(() => threads().length === 0);
      await until(async () => !(await hasLink(inA, 'a0')) && !(await hasLink(inB, 'b0')));
    } finally {
      await Promise.all([inA.close(), inB.close()]);
    }
  });
});

describe('an idle splice', () => {
  test('does not run, whatever the kernel tells of links', async ({ netns: _ }) => {
    await withPair(async ({ a, b, inA, inB }) => {
      const spliced = splice(a, b, { threads: 2, sample: { every: 1 } });
      const ran = (): string[] =>
        threads().map((task) => readFileSync(`/proc/self/task/${task}/schedstat`, 'utf8'));
      // Each thread has passed a frame, and waits then.
      await sendFrames({ netns: inA, interface: 'a0', frames: [frame(60, 1)] });
      await sendFrames({ netns: inB, interface: 'b0', frames: [frame(60, 1)] });
      await until(() => {
        const { aToB, bToA } = spliced.counters();
        return aToB.txPackets === 1n && bToA.txPackets === 1n;
      });
      await until(() => threads().every((task) => stateOf(task) === 'S'));
      const before = ran();
      expect(before).toHaveLength(2);
      for (let round = 0; round < 50; round += 1) {
        await ip(inA, `link set dev a0 mtu ${1400 + round}`);
        await ip(inA, `link set dev lo ${round % 2 === 0 ? 'down' : 'up'}`);
      }
      expect(a.mtu).toBe(1449);
      expect(ran()).toEqual(before);
      await spliced.stop();
    });
  });
});

/** What a thread of this process does: S waits. */
function stateOf(task: string): string | undefined {
  return /\) (\S)/.exec(readFileSync(`/proc/self/task/${task}/stat`, 'utf8'))?.[1];
}
