import { setImmediate as nextTurn } from 'node:timers/promises';
import { FakeKernel, buildSuperFrame } from '@rtap/testkit';
import type { FakeInterface } from '@rtap/testkit';
import type { KernelSplice, KernelSpliceFailure } from '@rtap/native';
import { counterOffset, openTap, splice } from '@rtap/core';
import type { SpliceOptions, SpliceSample, TapDevice } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let kernel: FakeKernel;
let a: TapDevice;
let b: TapDevice;
let wireA: FakeInterface;
let wireB: FakeInterface;

beforeEach(async () => {
  kernel = new FakeKernel();
  a = await openTap({ kernel, name: 'a0' });
  b = await openTap({ kernel, name: 'b0' });
  wireA = kernel.interface('a0');
  wireB = kernel.interface('b0');
});

afterEach(() => Promise.all([a.close(), b.close()]));

function frame(marker: number, length = 60): Uint8Array {
  return new Uint8Array(length).fill(marker);
}

/** Waits until nothing is on its way any more. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await nextTurn();
}

describe('a splice', () => {
  it('passes frames on, both ways, with their headers, and counts them', async () => {
    const spliced = splice(a, b);
    const checksumToBeMade = new Uint8Array([1, 0, 0, 0, 0, 0, 34, 0, 16, 0]);
    wireA.send(frame(2, 100), 0, checksumToBeMade);
    for (let n = 0; n < 200; n += 1) wireB.send(frame(4));
    await settled();
    expect(wireB.transmitted).toEqual([frame(2, 100)]);
    expect(wireA.transmitted).toHaveLength(200);
    const { aToB, bToA } = spliced.counters();
    expect(aToB).toEqual({
      rxPackets: 1n,
      rxBytes: 100n,
      rxErrors: 0n,
      txPackets: 1n,
      txBytes: 100n,
      txErrors: 0n,
      dropped: 0n,
      samples: 0n,
      samplesMissed: 0n,
    });
    expect(bToA).toMatchObject({ rxPackets: 200n, txPackets: 200n, txBytes: 12_000n });
    expect(b.queue(0).counterWords[counterOffset.tx_checksum_offload]).toBe(1n);
    await spliced.stop();
  });

  it('shows in the counters of its devices while it runs and after it, once', async () => {
    a.send(frame(9));
    const spliced = splice(a, b);
    wireA.send(frame(2, 100));
    await settled();
    expect(a.counters).toMatchObject({ rxPackets: 1n, rxBytes: 100n, txPackets: 1n });
    expect(b.counters).toMatchObject({ rxPackets: 0n, txPackets: 1n, txBytes: 100n });
    expect(await a.stats()).toMatchObject({ rxPackets: 1n, queues: [{ rxPackets: 1n }] });
    await a.resetStats();
    expect(a.counters.rxPackets).toBe(0n);
    wireA.send(frame(2));
    await settled();
    await spliced.stop();
    expect(a.counters).toMatchObject({ rxPackets: 1n, rxBytes: 60n });
    expect(await a.xstats()).toMatchObject({ rx_good_packets: 2n, rx_q0_size_64_packets: 1n });
    expect(a.queue(0).counterWords[counterOffset.rx_packets]).toBe(2n);
    expect(spliced.counters().aToB.rxPackets).toBe(2n);
  });

  it('drops and counts what goes to a link that is down, and goes on when it is up again', async () => {
    const spliced = splice(a, b);
    await b.linkDown();
    for (let n = 0; n < 3; n += 1) wireA.send(frame(2));
    await settled();
    expect(spliced.counters().aToB).toMatchObject({ rxPackets: 3n, txPackets: 0n, dropped: 3n });
    await b.linkUp();
    wireA.send(frame(4));
    await settled();
    expect(wireB.transmitted).toEqual([frame(4)]);
    expect(spliced.counters().aToB).toMatchObject({ rxPackets: 4n, txPackets: 1n, dropped: 3n });
    await spliced.stop();
  });

  it('drops what finds the other queue full, and no more', async () => {
    const spliced = splice(a, b);
    wireB.transmitRoom = 2;
    for (let n = 0; n < 5; n += 1) wireA.send(frame(2 * n));
    await settled();
    expect(wireB.transmitted).toEqual([frame(0), frame(2)]);
    expect(spliced.counters().aToB).toMatchObject({ rxPackets: 5n, txPackets: 2n, dropped: 3n });
    await spliced.stop();
  });

  it('counts frames that the other kernel refuses as errors', async () => {
    const spliced = splice(a, b);
    wireA.send(frame(2), 0, new Uint8Array([0, 7, 0, 0, 9, 0, 0, 0, 0, 0]));
    await settled();
    expect(spliced.counters().aToB).toMatchObject({ rxPackets: 1n, txErrors: 1n, dropped: 0n });
    await spliced.stop();
  });

  it('gives queue to queue, and those that the other lacks to what it has', async () => {
    const [many, two] = await Promise.all([
      openTap({ kernel, queues: 4, name: 'many0' }),
      openTap({ kernel, queues: 2, name: 'two0' }),
    ]);
    const spliced = splice(many, two);
    for (let queue = 0; queue < 4; queue += 1) kernel.interface('many0').send(frame(2), queue);
    for (let queue = 0; queue < 2; queue += 1) kernel.interface('two0').send(frame(4), queue);
    await settled();
    const sent = ({ queues }: { queues: readonly { txPackets: bigint }[] }): bigint[] =>
      queues.map(({ txPackets }) => txPackets);
    expect(sent(await two.stats())).toEqual([2n, 2n]);
    expect(sent(await many.stats())).toEqual([1n, 1n, 0n, 0n]);
    await spliced.stop();
    await Promise.all([many.close(), two.close()]);
  });

  it('is the one reader of the queues; transmitting is free', async () => {
    const spliced = splice(a, b);
    const state = expect.objectContaining({ code: 'ERR_RTAP_STATE' });
    expect(() => a.queue(0).rxBurst()).toThrow(state);
    await expect(b.queue(0).waitReadable()).rejects.toEqual(state);
    await expect(a.batches().next()).rejects.toEqual(state);
    expect(() => splice(b, a)).toThrow(state);
    expect(a.send(frame(9))).toBe(true);
    await spliced.stop();
    expect(a.queue(0).rxBurst().count).toBe(0);
    await splice(b, a).stop();
  });

  it('refuses devices that are read, and leaves them as they were', async () => {
    const reader = b.batches();
    const next = reader.next();
    expect(() => splice(a, b)).toThrow(expect.objectContaining({ code: 'ERR_RTAP_STATE' }));
    wireA.send(frame(2));
    expect(a.queue(0).rxBurst().count).toBe(1);
    wireB.send(frame(4));
    expect(await next).toMatchObject({ done: false, value: { count: 1 } });
    await reader.return?.();
  });

  it('takes nothing of a burst that an iterator left unfinished', async () => {
    const { frame: bytes, header } = buildSuperFrame({
      protocol: 'udp',
      payload: 60_000,
      gsoSize: 8,
    });
    wireA.send(bytes, 0, header);
    const reader = a.batches();
    const { value } = await reader.next();
    expect(value?.count).toBeGreaterThan(1000);
    await reader.return?.();
    await splice(a, b).stop();
    wireA.send(frame(2));
    expect(await a.batches().next()).toMatchObject({ value: { count: 1 } });
  });

  it('is not made half when the kernel has no thread for it', async () => {
    kernel.failNext('splice', 'EAGAIN');
    expect(() => splice(a, b)).toThrow(
      expect.objectContaining({ name: 'RtapError', code: 'EAGAIN' }),
    );
    wireA.send(frame(2));
    expect(a.queue(0).rxBurst().count).toBe(1);
  });
});

describe('the end of a splice', () => {
  it('comes with stop, any number of times, and with its disposal', async () => {
    const spliced = splice(a, b);
    await Promise.all([spliced.stop(), spliced.stop(), spliced[Symbol.asyncDispose]()]);
    await spliced.stop();
    expect(await spliced.closed).toEqual({ reason: 'stopped' });
    wireA.send(frame(2));
    await settled();
    expect(wireB.transmitted).toEqual([]);
    expect(a.queue(0).rxBurst().count).toBe(1);
  });

  it('comes with its signal', async () => {
    const controller = new AbortController();
    const spliced = splice(a, b, { signal: controller.signal });
    controller.abort();
    expect(await spliced.closed).toEqual({ reason: 'aborted' });
    expect(() => splice(a, b, { signal: controller.signal })).toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    await splice(a, b).stop();
  });

  it.each(['a', 'b'] as const)('comes before stop() of %s resolves', async (which) => {
    const spliced = splice(a, b);
    const ends: unknown[] = [];
    void spliced.closed.then((end) => ends.push(end));
    const device = which === 'a' ? a : b;
    await device.stop();
    expect(ends).toEqual([{ reason: 'device-stopped', device }]);
    await device.start();
    await splice(a, b).stop();
  });

  it.each(['a', 'b'] as const)('comes before close() of %s resolves', async (which) => {
    const spliced = splice(a, b);
    const ends: unknown[] = [];
    void spliced.closed.then((end) => ends.push(end));
    const device = which === 'a' ? a : b;
    await device.close();
    expect(ends).toEqual([{ reason: 'device-closed', device }]);
    expect((which === 'a' ? b : a).queue(0).rxBurst().count).toBe(0);
  });

  it.each(['a', 'b'] as const)(
    'comes with the removal of %s; the other lives on',
    async (which) => {
      const spliced = splice(a, b);
      wireA.send(frame(2));
      await settled();
      const [gone, other] = which === 'a' ? [a, b] : [b, a];
      kernel.rtnetlink.deleteLink(gone.ifindex);
      expect(await spliced.closed).toEqual({ reason: 'device-removed', device: gone });
      expect(gone.state).toBe('removed');
      expect(a.counters.rxPackets).toBe(1n);
      expect(other.send(frame(9))).toBe(true);
      expect(other.queue(0).rxBurst().count).toBe(0);
      await spliced.stop();
    },
  );

  it('comes when a frame finds the other device gone, before anybody told', async () => {
    const spliced = splice(a, b);
    kernel.rtnetlink.deleteLink(b.ifindex);
    wireA.send(frame(2));
    expect(await spliced.closed).toEqual({ reason: 'device-removed', device: b });
  });

  it('does not come with a rename, a move, or the link going down', async () => {
    const spliced = splice(a, b);
    kernel.rtnetlink.changeLink(a.ifindex, { name: 'other0' });
    const pod = kernel.createNamespace();
    kernel.rtnetlink.moveLink(b.ifindex, pod.rtnetlink);
    await b.until('down');
    await b.until('up');
    wireA.send(frame(2));
    await settled();
    expect(wireB.transmitted).toEqual([frame(2)]);
    await spliced.stop();
  });
});

/** A kernel whose splices end when the test says so, and by what it says. */
class ScriptedKernel extends FakeKernel {
  #end: (failure: KernelSpliceFailure | undefined) => void = () => undefined;

  end(failure?: KernelSpliceFailure): void {
    this.#end(failure);
  }

  override splice(...args: Parameters<FakeKernel['splice']>): KernelSplice {
    const made = super.splice(...args);
    const ended = new Promise<KernelSpliceFailure | undefined>((resolve) => {
      this.#end = resolve;
    });
    return {
      counterWords: made.counterWords,
      copyCounters: (words) => made.copyCounters(words),
      takeSample: () => made.takeSample(),
      onSample: (listener) => made.onSample(listener),
      ended,
      stop: async () => {
        await made.stop();
        await ended;
      },
    };
  }
}

describe('a splice whose threads', () => {
  let scripted: ScriptedKernel;
  let one: TapDevice;
  let other: TapDevice;

  beforeEach(async () => {
    scripted = new ScriptedKernel();
    one = await openTap({ kernel: scripted, name: 'one0' });
    other = await openTap({ kernel: scripted, name: 'other0' });
  });

  afterEach(async () => {
    scripted.end();
    await Promise.all([one.close(), other.close()]);
  });

  /** Whether a promise is still waiting after a while in which nothing holds it up but the threads. */
  async function waits(promise: Promise<unknown>): Promise<boolean> {
    let done = false;
    void promise.then(() => {
      done = true;
    });
    for (let turns = 0; turns < 50; turns += 1) await nextTurn();
    return !done;
  }

  it.each(['stop', 'close'] as const)('take their time is waited for by %s', async (operation) => {
    const spliced = splice(one, other);
    const done = other[operation]();
    expect(await waits(done)).toBe(true);
    scripted.end();
    await done;
    const reason = operation === 'stop' ? 'device-stopped' : 'device-closed';
    expect(await spliced.closed).toEqual({ reason, device: other });
  });

  it('take their time is waited for by close() after a removal, too', async () => {
    const spliced = splice(one, other);
    scripted.rtnetlink.deleteLink(one.ifindex);
    expect(await waits(spliced.closed)).toBe(true);
    expect(one.state).toBe('removed');
    const closed = one.close();
    expect(await waits(closed)).toBe(true);
    scripted.end();
    await closed;
    expect(await spliced.closed).toEqual({ reason: 'device-removed', device: one });
  });

  it('end for several reasons ends for the first one', async () => {
    const spliced = splice(one, other);
    const stopped = spliced.stop();
    const closed = one.close();
    scripted.end();
    await Promise.all([stopped, closed]);
    expect(await spliced.closed).toEqual({ reason: 'stopped' });
  });

  it('find an interface gone before anybody tells of it tells its device', async () => {
    const spliced = splice(one, other);
    const removed = new Promise((resolve) => {
      other.once('removed', () => resolve(other.state));
    });
    scripted.end({ side: 'b', error: Object.assign(new Error('gone'), { code: 'EBADFD' }) });
    expect(await spliced.closed).toEqual({ reason: 'device-removed', device: other });
    expect(await removed).toBe('removed');
  });

  it('fail says by what', async () => {
    const spliced = splice(one, other);
    scripted.end({ side: 'a', error: Object.assign(new Error('what?'), { code: 'EFAULT' }) });
    expect(await spliced.closed).toEqual({
      reason: 'failed',
      device: one,
      error: expect.objectContaining({ name: 'RtapError', code: 'EFAULT', interface: 'one0' }),
    });
    expect([one.state, other.state]).toEqual(['started', 'started']);
    expect(one.queue(0).rxBurst().count).toBe(0);
    const again = splice(one, other);
    scripted.end({ side: undefined, error: new Error('no code') });
    expect(await again.closed).toEqual({ reason: 'failed' });
  });
});

describe('samples', () => {
  async function take(
    samples: AsyncIterableIterator<SpliceSample>,
    count: number,
  ): Promise<SpliceSample[]> {
    const taken: SpliceSample[] = [];
    while (taken.length < count) {
      const { value, done } = await samples.next();
      if (done === true) break;
      taken.push(value);
    }
    return taken;
  }

  it('are every so many frames of each direction, from the first on, cut to length', async () => {
    const spliced = splice(a, b, { sample: { every: 3, snapLength: 20 } });
    const samples = spliced.samples();
    // More than one burst.
    for (let n = 0; n < 100; n += 1) wireA.send(frame(n));
    for (let n = 0; n < 2; n += 1) wireB.send(frame(100 + n, 14));
    const taken = await take(samples, 35);
    const told = taken.map(({ from, bytes, length }) => [from, bytes[0], bytes.length, length]);
    const of = (side: 'a' | 'b'): unknown[] => told.filter(([from]) => from === side);
    expect(of('a')).toEqual(Array.from({ length: 34 }, (_, n) => ['a', 3 * n, 20, 60]));
    expect(of('b')).toEqual([['b', 100, 14, 14]]);
    expect(taken[0]).toMatchObject({ queue: 0, header: new Uint8Array(10) });
    expect(taken[0]?.timestamp).toBeGreaterThan(0n);
    await spliced.stop();
    expect(await samples.next()).toEqual({ done: true, value: undefined });
  });

  it('wait for a reader, as many as may; others are counted as missed', async () => {
    const spliced = splice(a, b, { sample: { every: 1, limit: 2 } });
    for (let n = 0; n < 5; n += 1) wireA.send(frame(2 * n));
    await settled();
    expect(wireB.transmitted).toHaveLength(5);
    expect(spliced.counters().aToB).toMatchObject({ samples: 2n, samplesMissed: 3n });
    await spliced.stop();
    const left: unknown[] = [];
    for await (const { bytes } of spliced.samples()) left.push(bytes[0]);
    expect(left).toEqual([0, 2]);
  });

  it('have one reader at a time, which may come and go', async () => {
    const spliced = splice(a, b, { sample: { every: 1 } });
    const first = spliced.samples();
    const next = first.next();
    await expect(spliced.samples().next()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    wireA.send(frame(2));
    expect(await next).toMatchObject({ value: { from: 'a' } });
    await first.return?.();
    wireA.send(frame(4));
    expect((await take(spliced.samples(), 1))[0]?.bytes[0]).toBe(4);
    await spliced.stop();
  });

  it('end with the signal of their reader, and the splice goes on', async () => {
    const spliced = splice(a, b, { sample: { every: 1 } });
    const controller = new AbortController();
    const next = spliced.samples({ signal: controller.signal }).next();
    await nextTurn();
    controller.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    wireA.send(frame(2));
    expect(await take(spliced.samples(), 1)).toHaveLength(1);
    await spliced.stop();
  });

  it('are none when nobody asked for them', async () => {
    const spliced = splice(a, b);
    const next = spliced.samples().next();
    wireA.send(frame(2));
    await settled();
    await spliced.stop();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe('wrong arguments', () => {
  it('are refused before anything is done', async () => {
    const type = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    const range = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
    const call =
      (...args: readonly unknown[]) =>
      (): unknown =>
        Reflect.apply(splice, undefined, args);
    expect(call(a)).toThrow(type);
    expect(call({}, b)).toThrow(type);
    expect(call(a, a)).toThrow(range);
    expect(call(a, b, 1)).toThrow(type);
    const options: readonly (readonly [unknown, unknown])[] = [
      [{ threads: '2' }, type],
      [{ threads: 0 }, range],
      [{ threads: 3 }, range],
      [{ threads: 1.5 }, range],
      [{ signal: {} }, type],
      [{ sample: 1 }, type],
      [{ sample: {} }, type],
      [{ sample: { every: 0 } }, range],
      [{ sample: { every: 2 ** 32 } }, range],
      [{ sample: { every: 1, snapLength: 0 } }, range],
      [{ sample: { every: 1, snapLength: 65_554 } }, range],
      [{ sample: { every: 1, limit: 0 } }, range],
      [{ sample: { every: 1, limit: 65_537 } }, range],
    ];
    for (const [each, error] of options) expect(call(a, b, each)).toThrow(error);
    const spliced = splice(a, b);
    expect(() => Reflect.apply(spliced.samples, spliced, [{ signal: 1 }])).toThrow(type);
    await spliced.stop();
    const most: SpliceOptions = {
      threads: 2,
      sample: { every: 2 ** 32 - 1, snapLength: 65_553, limit: 65_536 },
    };
    await splice(a, b, most).stop();
  });

  it('are devices of another kernel', async () => {
    const other = await openTap({ kernel: new FakeKernel() });
    expect(() => splice(a, other)).toThrow(TypeError);
    wireA.send(frame(2));
    expect(a.queue(0).rxBurst().count).toBe(1);
    await other.close();
  });
});
