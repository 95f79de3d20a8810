import { FakeKernel } from '@rtap/testkit';
import type { FakeInterface } from '@rtap/testkit';
import { FrameBatch, openTap } from '@rtap/core';
import type { TapDevice } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let kernel: FakeKernel;
let tap: TapDevice;
let wire: FakeInterface;

beforeEach(async () => {
  kernel = new FakeKernel();
  tap = await openTap({ kernel, queues: 2 });
  wire = kernel.interface(tap.name);
});

afterEach(() => tap.close());

function frame(marker: number, length = 60): Uint8Array {
  return new Uint8Array(length).fill(marker);
}

describe('rxBurst', () => {
  it('packs frames behind their headers at 64-byte boundaries', () => {
    for (const [marker, length] of [
      [1, 60],
      [2, 1514],
      [3, 14],
    ] as const) {
      wire.send(frame(marker, length));
    }
    const batch = tap.queue(0).rxBurst();
    expect(batch.count).toBe(3);
    expect([...batch.descriptors.subarray(0, 6)]).toEqual([10, 60, 138, 1514, 1674, 14]);
    expect(batch.copy(1)).toEqual(frame(2, 1514));
    expect(batch.header(1)).toEqual(new Uint8Array(10));
    expect(tap.queue(0).rxBurst().count).toBe(0);
    expect(tap.counters).toMatchObject({ rxPackets: 3n, rxBytes: 1588n, txPackets: 0n });
  });

  it('takes no more than asked for, and gives the same batch again', () => {
    for (let n = 0; n < 5; n += 1) wire.send(frame(n));
    const first = tap.queue(0).rxBurst(3);
    expect(first.count).toBe(3);
    const view = first.frame(0);
    const kept = first.copy(0);
    const second = tap.queue(0).rxBurst(3);
    expect(second).toBe(first);
    expect(second.count).toBe(2);
    // A view is valid until the next burst of the queue, a copy for ever.
    expect(view[0]).toBe(3);
    expect(kept[0]).toBe(0);
  });

  it.each([0, 5121, 1.5])('refuses %s frames', (max) => {
    expect(() => tap.queue(0).rxBurst(max)).toThrow(RangeError);
  });
});

describe('txBurst', () => {
  it('sends back what was received, filtered and changed in place', () => {
    for (let n = 1; n <= 4; n += 1) wire.send(frame(n));
    const batch = tap.queue(0).rxBurst();
    batch.setLength(1, 0);
    batch.setLength(2, 20);
    batch.frame(3).fill(9);
    expect(tap.queue(1).txBurst(batch)).toBe(4);
    expect(wire.transmitted).toEqual([frame(1), frame(3, 20), frame(9)]);
    expect(tap.counters).toMatchObject({ txPackets: 3n, txBytes: 140n, txErrors: 0n });
    expect(tap.queue(1).counters.txPackets).toBe(3n);
  });

  it('goes on from where a full queue stopped it', () => {
    const batch = tap.createBatch();
    for (let n = 1; n <= 5; n += 1) batch.push(frame(n));
    wire.transmitRoom = 3;
    const sent = tap.queue(0).txBurst(batch);
    expect(sent).toBe(3);
    expect(() => tap.queue(0).txBurst(batch, sent)).toThrow(
      expect.objectContaining({ name: 'RtapError', code: 'EAGAIN' }),
    );
    wire.transmitRoom = 10;
    expect(tap.queue(0).txBurst(batch, sent)).toBe(2);
    expect(wire.transmitted.map((each) => each[0])).toEqual([1, 2, 3, 4, 5]);
    expect(tap.queue(0).txBurst(batch, 5)).toBe(0);
  });

  it('sends from the frame it is told to the last one, and nothing that was there before', () => {
    const batch = tap.createBatch();
    for (let n = 1; n <= 10; n += 1) batch.push(frame(n));
    batch.clear();
    for (let n = 11; n <= 13; n += 1) batch.push(frame(n));
    expect(tap.queue(0).txBurst(batch, 1)).toBe(2);
    expect(wire.transmitted).toEqual([frame(12), frame(13)]);
  });

  it('counts bad descriptors as consumed and as errors', () => {
    const batch = tap.createBatch();
    batch.push(frame(1));
    batch.push(frame(2));
    batch.descriptors[0] = batch.slab.length - 5;
    expect(tap.queue(0).txBurst(batch)).toBe(2);
    expect(wire.transmitted).toEqual([frame(2)]);
    expect(tap.counters).toMatchObject({ txPackets: 1n, txErrors: 1n });
  });

  it('throws EIO when the link is down and nothing was consumed', async () => {
    const batch = tap.createBatch();
    batch.push(frame(1));
    await tap.linkDown();
    expect(() => tap.queue(0).txBurst(batch)).toThrow(
      expect.objectContaining({ code: 'EIO', hint: expect.stringContaining('down') }),
    );
    expect(tap.send(frame(1))).toBe(false);
    await tap.linkUp();
    expect(tap.send(frame(1))).toBe(true);
  });

  it('takes batches only', () => {
    expect(() => Reflect.apply(tap.queue(0).txBurst, tap.queue(0), [[]])).toThrow(TypeError);
    const batch = tap.createBatch();
    expect(() => tap.queue(0).txBurst(batch, 1)).toThrow(RangeError);
  });
});

describe('FrameBatch', () => {
  it('gathers frames from their parts until it is full', () => {
    const batch = new FrameBatch(new Uint8Array(256), new Uint32Array(8));
    expect(batch.push(frame(1, 14), frame(2, 46))).toBe(true);
    expect(batch.push(frame(3, 100))).toBe(true);
    expect(batch.push(frame(4, 14))).toBe(false);
    expect(batch.count).toBe(2);
    expect([...batch.copy(0)]).toEqual([...frame(1, 14), ...frame(2, 46)]);
    batch.header(0).fill(9);
    batch.clear();
    expect(batch.count).toBe(0);
    expect(batch.push(frame(5))).toBe(true);
    expect(batch.header(0)).toEqual(new Uint8Array(10));
  });

  it('refuses what is no frame, and indexes that it has not', () => {
    const batch = tap.createBatch();
    expect(() => batch.push(frame(1, 13))).toThrow(RangeError);
    expect(() => Reflect.apply(batch.push, batch, ['text'])).toThrow(TypeError);
    batch.push(frame(1));
    for (const index of [-1, 1, 0.5]) expect(() => batch.frame(index)).toThrow(RangeError);
    expect(() => batch.setLength(0, 61)).toThrow(RangeError);
  });
});

describe('waiting and reading', () => {
  it('waits for a frame', async () => {
    const waiting = tap.queue(1).waitReadable();
    wire.send(frame(7), 1);
    await waiting;
    expect(tap.queue(1).rxBurst().copy(0)).toEqual(frame(7));
  });

  it('stops waking up when nobody waits, whatever is queued', async () => {
    const opening = vi.spyOn(kernel, 'openTap');
    const own = await openTap({ kernel });
    const opened = await opening.mock.results[0]?.value;
    const onReadable = vi.spyOn(opened.queues[0], 'onReadable');
    const waiting = own.queue(0).waitReadable();
    kernel.interface(own.name).send(frame(1));
    await waiting;
    await expect.poll(() => onReadable.mock.lastCall).toEqual([undefined]);
    await own.close();
  });

  it('has one reader a queue', async () => {
    const controller = new AbortController();
    const waiting = tap.queue(0).waitReadable({ signal: controller.signal });
    await expect(tap.queue(0).waitReadable()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    await expect(tap.batches().next()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    // What failed took no place: the other queue is free.
    const other = tap.queue(1).batches()[Symbol.asyncIterator]();
    wire.send(frame(1), 1);
    expect((await other.next()).done).toBe(false);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await other.return?.();
    wire.send(frame(2));
    for await (const batch of tap.batches()) {
      expect(batch.copy(0)).toEqual(frame(2));
      break;
    }
    await tap
      .queue(0)
      .waitReadable({ signal: AbortSignal.timeout(1) })
      .catch(() => undefined);
  });

  it('reads all queues in turn', async () => {
    for (let n = 0; n < 100; n += 1) {
      wire.send(frame(n), 0);
      wire.send(frame(n), 1);
    }
    const batches: FrameBatch[] = [];
    for await (const batch of tap.batches()) {
      expect(batch.count).toBe(64);
      batches.push(batch);
      if (batches.length === 2) break;
    }
    expect(new Set(batches).size).toBe(2);
  });

  it('lets timers have their turn while frames keep coming', async () => {
    const refill = (): void => {
      while (wire.send(frame(1)));
    };
    refill();
    let ticked = false;
    setImmediate(() => {
      ticked = true;
    });
    let bursts = 0;
    for await (const batch of tap.batches()) {
      expect(batch.count).toBeGreaterThan(0);
      refill();
      bursts += 1;
      if (ticked) break;
      expect(bursts).toBeLessThan(100);
    }
  });

  it.each(['stop', 'close'] as const)('ends iterators on %s', async (operation) => {
    const next = tap.batches().next();
    await tap[operation]();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('ends iterators when the interface goes, and rejects a wait', async () => {
    const next = tap.queue(0).batches().next();
    const waiting = expect(tap.queue(1).waitReadable()).rejects.toMatchObject({
      code: 'ERR_RTAP_REMOVED',
    });
    kernel.rtnetlink.deleteLink(tap.ifindex);
    expect(await next).toEqual({ done: true, value: undefined });
    await waiting;
  });

  it('goes on over a link that is down: readers wait', async () => {
    const iterator = tap.batches();
    const next = iterator.next();
    await tap.linkDown();
    await tap.linkUp();
    wire.send(frame(3));
    expect((await next).value?.copy(0)).toEqual(frame(3));
    await iterator.return?.();
  });

  it('serves several calls of next at once', async () => {
    const iterator = tap.batches();
    const both = [iterator.next(), iterator.next()];
    await tap.close();
    expect(await Promise.all(both)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it('aborts an iterator', async () => {
    const controller = new AbortController();
    const next = tap.batches({ signal: controller.signal }).next();
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
  });
});
