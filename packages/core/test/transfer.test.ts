/**
 * Queues that are handed over, on the fake kernel: in one thread, as that lives in one.
 *
 * @module
 */

import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openTap, receiveQueue } from '@rtap/core';
import type { FrameBatch, QueueTicket, ReceivedQueue, TapDevice, TapQueue } from '@rtap/core';
import { FakeKernel } from '@rtap/testkit';
import { describe, expect, it } from 'vitest';

const FRAME = new Uint8Array(60).fill(7);

interface Scene {
  readonly kernel: FakeKernel;
  readonly tap: TapDevice;
  readonly queue: ReceivedQueue;
}

/** A device whose second queue is with somebody else. */
async function transferred(options: { readonly start?: boolean } = {}): Promise<Scene> {
  const kernel = new FakeKernel();
  const tap = await openTap({ kernel, queues: 2, ...options });
  const queue = receiveQueue(structuredClone(tap.queue(1).transfer()), { kernel });
  return { kernel, tap, queue };
}

function oneFrame(tap: TapDevice): FrameBatch {
  const batch = tap.createBatch();
  batch.push(FRAME);
  return batch;
}

/** Reads until the end; returns how many frames there were. */
async function readAll(queue: TapQueue | TapDevice): Promise<number> {
  let frames = 0;
  for await (const batch of queue.batches()) frames += batch.count;
  return frames;
}

const state = { name: 'RtapError', code: 'ERR_RTAP_STATE' };

describe('a queue that was received', () => {
  it('passes frames, and counts where its device reads', async () => {
    const { kernel, tap, queue } = await transferred();
    expect([queue.index, queue.state, tap.queue(1).transferred]).toEqual([1, 'started', true]);
    kernel.interface(tap.name).send(FRAME, 1);
    await queue.waitReadable();
    const batch = queue.rxBurst();
    expect(batch.copy(0)).toEqual(FRAME);
    expect(queue.txBurst(batch)).toBe(1);
    const one = { rxPackets: 1n, rxBytes: 60n, txPackets: 1n, txBytes: 60n };
    expect(queue.counters).toMatchObject(one);
    expect(tap.queue(1).counters).toMatchObject(one);
    expect(await tap.stats()).toMatchObject({ ...one, queues: [{ rxPackets: 0n }, one] });
    expect(await tap.xstats()).toMatchObject({ rx_q1_packets: 1n, tx_q1_size_64_packets: 1n });
    expect(queue.counterWords.buffer).not.toBe(tap.queue(0).counterWords.buffer);
    await tap.resetStats();
    expect(tap.queue(1).counters).toMatchObject({ rxPackets: 0n });
    await tap.close();
  });

  it('has a shared slab when the device was opened so', async () => {
    const kernel = new FakeKernel();
    for (const sharedBuffers of [false, true]) {
      const tap = await openTap({ kernel, sharedBuffers });
      const queue = receiveQueue(tap.queue(0).transfer(), { kernel });
      expect(queue.rxBurst().slab.buffer instanceof SharedArrayBuffer).toBe(sharedBuffers);
      await tap.close();
    }
  });

  it('makes frames for the wire, with the offloads that the device has', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel, offloads: 'none', start: false });
    const queue = receiveQueue(tap.queue(0).transfer(), { kernel });
    await tap.configure({ offloads: 'auto' });
    await tap.start();
    expect(queue.state).toBe('started');
    // An unfinished checksum, over 20 bytes from byte 34, its place at 16: `batches()` finishes it, `rxBurst` does not.
    const frame = Uint8Array.from({ length: 60 }, (_, at) => at);
    const header = Uint8Array.of(1, 0, 0, 0, 0, 0, 34, 0, 16, 0);
    kernel.interface(tap.name).send(frame, 0, header);
    kernel.interface(tap.name).send(frame, 0, header);
    expect(queue.rxBurst(1).copy(0)).toEqual(frame);
    const { value } = await queue.batches().next();
    expect(value?.copy(0)).not.toEqual(frame);
    await tap.close();
  });

  it('tells its device of a super-frame that the kernel had no word for', async () => {
    const { kernel, tap, queue } = await transferred();
    const before = tap.info().offloads.granted;
    const header = Uint8Array.of(0, 3, 0, 0, 0, 0, 0, 0, 0, 0);
    for (let time = 0; time < 2; time += 1) kernel.interface(tap.name).send(FRAME, 1, header);
    expect(queue.rxBurst().count).toBe(0);
    await expect.poll(() => tap.info().offloads.granted).not.toEqual(before);
    expect(tap.info().offloads.reason).toContain('EINVAL');
    await tap.close();
  });
});

describe('a queue that is with another thread', () => {
  it('can do nothing here', async () => {
    const { kernel, tap } = await transferred();
    const queue = tap.queue(1);
    const expected = { ...state, interface: tap.name, hint: expect.stringContaining('reclaim()') };
    const batch = oneFrame(tap);
    const uses = {
      rxBurst: () => queue.rxBurst(),
      txBurst: () => queue.txBurst(batch),
      batches: () => queue.batches(),
      transfer: () => queue.transfer(),
    };
    for (const use of Object.values(uses)) expect(use).toThrow(expect.objectContaining(expected));
    await expect(queue.waitReadable()).rejects.toMatchObject(expected);
    // The other one goes on, and so does what is of the whole device.
    expect(tap.send(FRAME)).toBe(true);
    const read = readAll(tap);
    kernel.interface(tap.name).send(FRAME, 0);
    await expect.poll(() => tap.counters.rxPackets).toBe(1n);
    await tap.stop();
    expect(await read).toBe(1);
    await tap.close();
  });

  it('is no queue to send or read by for its device, which takes another, or none', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel, queues: 2 });
    const iterator = tap.batches();
    tap.queue(0).transfer();
    await expect(iterator.next()).rejects.toMatchObject(state);
    expect(tap.send(FRAME)).toBe(true);
    expect(tap.queue(1).counters.txPackets).toBe(1n);
    tap.queue(1).transfer();
    expect(() => tap.send(FRAME)).toThrow(expect.objectContaining(state));
    expect(() => tap.batches()).toThrow(expect.objectContaining(state));
    await tap.queue(0).reclaim();
    expect(tap.send(FRAME)).toBe(true);
    await tap.close();
  });

  it('had no reader', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel });
    const reading = readAll(tap);
    expect(() => tap.queue(0).transfer()).toThrow(expect.objectContaining(state));
    expect(tap.queue(0).transferred).toBe(false);
    kernel.interface(tap.name).send(FRAME);
    await expect.poll(() => tap.counters.rxPackets).toBe(1n);
    await tap.close();
    expect(await reading).toBe(1);
  });
});

describe('its device', () => {
  it('stops and starts it', async () => {
    const { kernel, tap, queue } = await transferred({ start: false });
    expect(queue.state).toBe('configured');
    expect(() => queue.rxBurst()).toThrow(expect.objectContaining(state));
    const until = queue.until('started');
    await tap.start();
    await until;
    const reading = readAll(queue);
    const waiting = queue.waitReadable().catch((error: unknown) => error);
    expect(await waiting).toMatchObject(state);
    kernel.interface(tap.name).send(FRAME, 1);
    await expect.poll(() => tap.counters.rxPackets).toBe(1n);
    await tap.stop();
    expect(await reading).toBe(1);
    expect(queue.state).toBe('configured');
    expect(() => queue.txBurst(oneFrame(tap))).toThrow(
      expect.objectContaining({ ...state, hint: expect.stringMatching(/is started$/) }),
    );
    kernel.interface(tap.name).send(FRAME, 1);
    await tap.start();
    await queue.until('started');
    expect(queue.rxBurst().count).toBe(0);
    await tap.close();
  });

  it('ends its iterator also when it is started again before anybody has looked', async () => {
    const { tap, queue } = await transferred();
    const iterator = queue.batches();
    const next = iterator.next();
    await tap.stop();
    await tap.start();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(queue.state).toBe('started');
    await tap.close();
  });

  it.each([
    ['close', 'closed', (scene: Scene) => scene.tap.close(), { code: 'ERR_RTAP_CLOSED' }],
    [
      'removal',
      'removed',
      async ({ kernel, tap }: Scene) => {
        kernel.rtnetlink.deleteLink(tap.ifindex);
        await once(tap, 'removed');
      },
      { code: 'ERR_RTAP_REMOVED' },
    ],
    [
      'configure',
      'reclaimed',
      async ({ tap }: Scene) => {
        await tap.stop();
        await tap.configure({ queues: 1 });
      },
      { ...state, hint: expect.stringContaining('another ticket') },
    ],
    ['reclaim', 'reclaimed', ({ tap }: Scene) => tap.queue(1).reclaim(), state],
    ['close() there', 'closed', ({ queue }: Scene) => queue.close(), { code: 'ERR_RTAP_CLOSED' }],
  ] as const)('ends it for good: %s', async (_, end, act, reason) => {
    const scene = await transferred();
    const { tap, queue } = scene;
    const reading = readAll(queue);
    await nextTurn();
    await act(scene);
    expect(await reading).toBe(0);
    expect(queue.state).toBe(end);
    expect(() => queue.rxBurst()).toThrow(expect.objectContaining(state));
    expect(() => queue.txBurst(oneFrame(tap))).toThrow(expect.objectContaining(state));
    await expect(queue.until('started')).rejects.toMatchObject(reason);
    // Nothing brings it back.
    if (tap.state === 'configured') await tap.start();
    await nextTurn();
    expect(queue.state).toBe(end);
    await queue.close();
    expect(queue.state).toBe(end);
    await tap.close();
  });

  it('keeps it when it is configured anew with as many queues', async () => {
    const { kernel, tap, queue } = await transferred();
    await tap.stop();
    await tap.configure({ queues: 2, offloads: 'none' });
    await tap.start();
    await queue.until('started');
    kernel.interface(tap.name).send(FRAME, 1);
    expect(queue.rxBurst().count).toBe(1);
    await tap.close();
  });

  it('has what waited when it takes it back, and can hand it over again', async () => {
    const { kernel, tap, queue } = await transferred();
    kernel.interface(tap.name).send(FRAME, 1);
    await tap.queue(1).reclaim();
    await tap.queue(1).reclaim();
    expect(tap.queue(1).transferred).toBe(false);
    expect(tap.queue(1).rxBurst().count).toBe(1);
    const again = receiveQueue(tap.queue(1).transfer(), { kernel });
    kernel.interface(tap.name).send(FRAME, 1);
    expect(() => queue.rxBurst()).toThrow(expect.objectContaining(state));
    expect(again.rxBurst().count).toBe(1);
    expect(tap.queue(1).counters.rxPackets).toBe(2n);
    await tap.close();
  });
});

describe('until', () => {
  it('ends with its signal, and takes one word', async () => {
    const { tap, queue } = await transferred({ start: false });
    const abort = new AbortController();
    const until = queue.until('started', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(until).rejects.toThrow('enough');
    await expect(Reflect.apply(queue.until, queue, ['closed'])).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    await tap.close();
  });
});

describe('a ticket', () => {
  it('is good once, and not after its queue was taken back', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel, queues: 2 });
    const ticket = tap.queue(0).transfer();
    receiveQueue(ticket, { kernel });
    const bad = { ...state, hint: expect.stringContaining('transfer()') };
    expect(() => receiveQueue(ticket, { kernel })).toThrow(expect.objectContaining(bad));
    const forged = { ...ticket, id: ticket.id ^ 1n };
    expect(() => receiveQueue(forged, { kernel })).toThrow(expect.objectContaining(bad));
    for (const end of [() => tap.queue(1).reclaim(), () => tap.close()]) {
      const unused = tap.queue(1).transfer();
      await end();
      expect(() => receiveQueue(unused, { kernel })).toThrow(expect.objectContaining(bad));
    }
  });

  it('is checked', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel });
    const ticket = tap.queue(0).transfer();
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, 'ERR_INVALID_ARG_TYPE'],
      [null, 'ERR_INVALID_ARG_TYPE'],
      [7, 'ERR_INVALID_ARG_TYPE'],
      [{ ...ticket, id: 7 }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...ticket, counters: new ArrayBuffer(288) }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...ticket, counters: new SharedArrayBuffer(8) }, 'ERR_OUT_OF_RANGE'],
      [{ ...ticket, life: undefined }, 'ERR_INVALID_ARG_TYPE'],
      [{ ...ticket, life: new SharedArrayBuffer(0) }, 'ERR_OUT_OF_RANGE'],
      [{ ...ticket, sharedBuffers: 1 }, 'ERR_INVALID_ARG_TYPE'],
    ];
    for (const [value, code] of wrong) {
      const call = (): unknown => Reflect.apply(receiveQueue, undefined, [value, { kernel }]);
      expect(call).toThrow(expect.objectContaining({ code }));
    }
    const noKernel = (): unknown =>
      Reflect.apply(receiveQueue, undefined, [ticket, { kernel: {} }]);
    expect(noKernel).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
    // And none of that has used it up.
    const queue = receiveQueue(ticket, { kernel });
    expect(queue.state).toBe('started');
    await tap.close();
  });

  it('is plain data', async () => {
    const kernel = new FakeKernel();
    const tap = await openTap({ kernel });
    const ticket: QueueTicket = tap.queue(0).transfer();
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(ticket);
    const [data] = await once(port2, 'message');
    expect(data).toEqual(ticket);
    port1.close();
    await tap.close();
  });
});
