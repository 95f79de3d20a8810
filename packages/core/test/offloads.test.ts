import { setImmediate as nextTurn } from 'node:timers/promises';
import { FakeKernel, buildSuperFrame } from '@rtap/testkit';
import type { FakeInterface, SuperFrame } from '@rtap/testkit';
import { tunOffload } from '@rtap/native';
import { openTap } from '@rtap/core';
import type { FrameBatch, OpenTapOptions, TapDevice } from '@rtap/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const TCP = ['checksum', 'tso4', 'tso6', 'tsoEcn'];
const UDP = ['uso4', 'uso6'];
const { checksum, tso4, tso6, tsoEcn } = tunOffload;

let kernel: FakeKernel;
let taps: TapDevice[];

beforeEach(() => {
  kernel = new FakeKernel();
  taps = [];
});

afterEach(() => Promise.all(taps.map((tap) => tap.close())));

async function open(options: OpenTapOptions = {}): Promise<TapDevice> {
  const tap = await openTap({ kernel, ...options });
  taps.push(tap);
  return tap;
}

function wireOf(tap: TapDevice): FakeInterface {
  return kernel.interface(tap.name);
}

/** A super-frame of UDP over IPv4 with so many bytes of payload, `gsoSize` a segment; the first of each is its number. */
function superFrame(payload: number, gsoSize: number): SuperFrame {
  const made = buildSuperFrame({ protocol: 'udp', payload, gsoSize });
  for (let at = 0; at < payload; at += 1)
    made.frame[42 + at] = Math.floor(at / (gsoSize || payload));
  return made;
}

function send(wire: FakeInterface, { frame, header }: SuperFrame): void {
  expect(wire.send(frame, 0, header)).toBe(true);
}

/** What the segments of a burst hold: the first byte of each one's payload, its length. */
function contents(batch: FrameBatch): [number, number][] {
  return Array.from({ length: batch.count }, (_, index) => {
    const frame = batch.frame(index);
    return [frame[42] ?? -1, frame.length];
  });
}

describe('what is granted', () => {
  it('is all that the kernel does, by default', async () => {
    const tap = await open();
    expect(tap.info().offloads).toEqual({ granted: [...TCP, ...UDP], reason: undefined });
  });

  it.each([
    ['no USO', [checksum, tso4, tso6, tsoEcn], TCP, 'this kernel does not do uso4, uso6 (EINVAL)'],
    ['checksums only', [tunOffload.checksum], ['checksum'], 'tso4'],
    ['nothing', [], [], 'checksum'],
  ])('is less on a kernel with %s, and the reason is told', async (_, flags, granted, reason) => {
    kernel.grantableOffloads = flags.reduce((all: number, flag) => all | flag, 0);
    const tap = await open({ offloads: 'auto' });
    expect(tap.info().offloads).toEqual({ granted, reason: expect.stringContaining(reason) });
  });

  it.each([
    ['none', []],
    [{}, []],
    [{ checksum: true }, ['checksum']],
    [{ tcp: true }, TCP],
    [{ udp: true }, ['checksum', ...UDP]],
    [{ checksum: true, tcp: true, udp: true }, [...TCP, ...UDP]],
  ] as const)('is what is named: %j', async (offloads, granted) => {
    const tap = await open({ offloads });
    expect(tap.info().offloads).toEqual({ granted, reason: undefined });
  });

  it('fails when the kernel does not do what is named, and leaves nothing', async () => {
    kernel.grantableOffloads = tunOffload.checksum;
    await expect(openTap({ kernel, offloads: { tcp: true } })).rejects.toMatchObject({
      name: 'RtapError',
      code: 'EINVAL',
    });
    expect(kernel.rtnetlink.link('rtap0')).toBeUndefined();
  });

  it.each([
    ['all', 'ERR_INVALID_ARG_TYPE'],
    [null, 'ERR_INVALID_ARG_TYPE'],
    [['tcp'], 'ERR_INVALID_ARG_TYPE'],
    [{ tcp: 1 }, 'ERR_INVALID_ARG_TYPE'],
    [{ checksum: false, udp: true }, 'ERR_OUT_OF_RANGE'],
  ])('refuses %j before anything is done', async (offloads, code) => {
    await expect(Reflect.apply(openTap, undefined, [{ kernel, offloads }])).rejects.toMatchObject({
      code,
    });
    const tap = await open({ start: false });
    await expect(Reflect.apply(tap.configure, tap, [{ offloads }])).rejects.toMatchObject({ code });
  });

  it('changes by configure, together with the queues', async () => {
    const tap = await open({ start: false });
    await tap.configure({ offloads: 'none', queues: 3 });
    expect(tap.info()).toMatchObject({ queues: 3, offloads: { granted: [] } });
    await tap.configure({ queues: 1 });
    expect(tap.info()).toMatchObject({ queues: 1, offloads: { granted: [] } });
    await tap.configure({ offloads: 'auto' });
    expect(tap.info().offloads.granted).toEqual([...TCP, ...UDP]);
  });

  it('stays as it was when the queues fail, when it is aborted, and when it is refused', async () => {
    const tap = await open({ start: false, offloads: { tcp: true } });
    kernel.failNext('setQueues', 'EMFILE');
    await expect(tap.configure({ offloads: 'none', queues: 2 })).rejects.toMatchObject({
      code: 'EMFILE',
    });
    expect(tap.info()).toMatchObject({ queues: 1, offloads: { granted: TCP } });
    const controller = new AbortController();
    const configured = tap.configure({ offloads: 'none', signal: controller.signal });
    await nextTurn();
    controller.abort(new Error('enough'));
    await expect(configured).rejects.toThrow('enough');
    expect(tap.info().offloads.granted).toEqual(TCP);
    kernel.grantableOffloads = 0;
    await expect(tap.configure({ offloads: { udp: true } })).rejects.toMatchObject({
      code: 'EINVAL',
    });
    expect(tap.info().offloads.granted).toEqual(TCP);
  });

  it('is less from then on when a super-frame comes that has no name', async () => {
    const tap = await open();
    const fragments = superFrame(100, 10);
    fragments.header[1] = 3;
    send(wireOf(tap), fragments);
    expect(tap.queue(0).rxBurst().count).toBe(0);
    expect(tap.counters.rxErrors).toBe(1n);
    await tap.linkUpdate();
    expect(tap.info().offloads).toEqual({
      granted: ['checksum'],
      reason: expect.stringContaining('EINVAL'),
    });
    send(wireOf(tap), fragments);
    expect(tap.queue(0).rxBurst().count).toBe(0);
    await tap.linkUpdate();
    expect(tap.info().offloads.granted).toEqual([]);
  });

  it('stays when that happens to a device whose offloads are named', async () => {
    const tap = await open({ offloads: { udp: true } });
    const fragments = superFrame(100, 10);
    fragments.header[1] = 3;
    send(wireOf(tap), fragments);
    expect(tap.queue(0).rxBurst().count).toBe(0);
    await tap.linkUpdate();
    expect(tap.info().offloads.granted).toEqual(['checksum', ...UDP]);
  });
});

describe('frames for the wire', () => {
  it('are made of super-frames, in order, with what is before and behind them', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    wire.send(new Uint8Array(60).fill(1));
    send(wire, superFrame(25, 10));
    wire.send(new Uint8Array(60).fill(2));
    for await (const batch of tap.batches()) {
      expect(contents(batch)).toEqual([
        [1, 60],
        [0, 52],
        [1, 52],
        [2, 47],
        [2, 60],
      ]);
      for (let index = 0; index < batch.count; index += 1) {
        expect(batch.header(index)).toEqual(new Uint8Array(10));
      }
      break;
    }
  });

  it('wait when there is no room for all, and come before what is newer', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    // 3,250 segments each, and a burst has three of them: more than a batch has.
    for (let n = 0; n < 5; n += 1) send(wire, superFrame(65_000, 20));
    const lengths: number[] = [];
    let bursts = 0;
    let markers = 0;
    for await (const batch of tap.batches()) {
      bursts += 1;
      if (bursts === 1) wire.send(new Uint8Array(61).fill(9));
      for (let index = 0; index < batch.count; index += 1) lengths.push(batch.length(index));
      markers = lengths.filter((length) => length === 61).length;
      if (markers === 1) break;
    }
    expect(bursts).toBeGreaterThan(2);
    expect(lengths).toHaveLength(16_251);
    expect(lengths.at(-1)).toBe(61);
  });

  it('are the very batch when there is nothing to be done but checksums', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    const partial = superFrame(10, 0);
    const sumBefore = partial.frame.slice(40, 42);
    send(wire, partial);
    let own: FrameBatch | undefined;
    for await (const batch of tap.batches()) {
      expect(batch.header(0)).toEqual(new Uint8Array(10));
      expect(batch.copy(0).slice(40, 42)).not.toEqual(sumBefore);
      own = batch;
      break;
    }
    expect(tap.queue(0).rxBurst()).toBe(own);
  });

  it('are not made where they are not wanted', async () => {
    const tap = await open();
    const { frame, header } = superFrame(1000, 100);
    send(wireOf(tap), { frame, header });
    for await (const batch of tap.batches({ superFrames: true })) {
      expect(batch.copy(0)).toEqual(frame);
      expect(batch.header(0)).toEqual(header);
      break;
    }
  });

  it('leave out a frame whose header is not true of it, which is counted', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    const wrong = superFrame(100, 10);
    wrong.header.fill(0xff, 6, 8);
    send(wire, wrong);
    send(wire, superFrame(20, 10));
    for await (const batch of tap.batches()) {
      expect(contents(batch)).toEqual([
        [0, 52],
        [1, 52],
      ]);
      break;
    }
    expect(tap.counters.rxErrors).toBe(1n);
    await tap.linkUpdate();
    expect(tap.info().offloads.reason).toBeUndefined();
  });

  it('of a burst that was left are gone when somebody else reads', async () => {
    const tap = await open();
    for (let n = 0; n < 3; n += 1) send(wireOf(tap), superFrame(65_000, 20));
    for await (const batch of tap.batches()) {
      expect(batch.count).toBeGreaterThan(1000);
      expect(() => tap.queue(0).rxBurst()).toThrow('has a reader already');
      break;
    }
    wireOf(tap).send(new Uint8Array(60));
    expect(tap.queue(0).rxBurst().count).toBe(1);
  });
});

describe('coalesce', () => {
  it('hands over all frames, in the same order, and sends as it is told', async () => {
    const [from, to] = [await open(), await open()];
    const wire = wireOf(from);
    for (let n = 0; n < 3; n += 1) wire.send(new Uint8Array(60 + n).fill(n));
    for await (const batch of from.batches()) {
      batch.setLength(1, 0);
      const coalesced = to.queue(0).coalesce(batch);
      expect(coalesced.count).toBe(2);
      expect(coalesced.copy(1)).toEqual(new Uint8Array(62).fill(2));
      expect(to.queue(0).txBurst(coalesced)).toBe(2);
      expect(() => to.queue(0).coalesce(coalesced)).toThrow(RangeError);
      break;
    }
    expect(wireOf(to).transmitted.map((frame) => frame.length)).toEqual([60, 62]);
  });

  it('refuses what is no batch, and one that holds more than a slab', async () => {
    const tap = await open();
    const queue = tap.queue(0);
    expect(() => Reflect.apply(queue.coalesce, queue, [new Uint8Array(60)])).toThrow(TypeError);
    const batch = tap.createBatch();
    batch.push(new Uint8Array(60_000));
    for (let n = 1; n < 20; n += 1) batch.push(new Uint8Array(60));
    for (let n = 1; n < 20; n += 1) batch.descriptors.set([10, 60_000], 2 * n);
    expect(() => queue.coalesce(batch)).toThrow(RangeError);
  });
});

describe('busy polling', () => {
  it('does not let the event loop sleep for that long after a frame', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    const arm = vi.spyOn(tap.queue(0), 'arm');
    wire.send(new Uint8Array(60));
    const batches = tap.batches({ busyPoll: 1_000_000 });
    await batches.next();
    const next = batches.next();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(arm).not.toHaveBeenCalled();
    wire.send(new Uint8Array(61));
    expect((await next).value?.length(0)).toBe(61);
    await batches.return?.();
  });

  it('sleeps at once when there was no frame, and again when it was too long ago', async () => {
    const tap = await open();
    const wire = wireOf(tap);
    const arm = vi.spyOn(tap.queue(0), 'arm');
    const batches = tap.batches({ busyPoll: 1 });
    const first = batches.next();
    expect(arm).toHaveBeenCalledTimes(1);
    wire.send(new Uint8Array(60));
    await first;
    const second = batches.next();
    await expect.poll(() => arm.mock.calls.length).toBe(2);
    await batches.return?.();
    await second;
  });

  it.each([-1, 1.5, 1_000_001])('refuses %s', async (busyPoll) => {
    const tap = await open();
    expect(() => tap.batches({ busyPoll })).toThrow(RangeError);
    expect(() => tap.queue(0).batches({ busyPoll })).toThrow(RangeError);
  });
});

describe('web streams', () => {
  it('carry frames as the wire has them from one device to another', async () => {
    const [from, to] = [await open(), await open()];
    send(wireOf(from), superFrame(25, 10));
    wireOf(from).send(new Uint8Array(60).fill(7));
    const piped = from.readable.pipeTo(to.writable);
    await expect.poll(() => wireOf(to).transmitted.length).toBe(4);
    expect(wireOf(to).transmitted.map((frame) => frame.length)).toEqual([52, 52, 47, 60]);
    await from.stop();
    await piped;
  });

  it('are the same until they end, and others after that', async () => {
    const tap = await open();
    const { readable, writable } = tap;
    expect(tap.readable).toBe(readable);
    expect(tap.writable).toBe(writable);
    await tap.stop();
    expect(() => tap.readable).toThrow(expect.objectContaining({ code: 'ERR_RTAP_STATE' }));
    // Nothing was read from it: it ends all the same.
    await expect(readable.getReader().read()).resolves.toEqual({ done: true, value: undefined });
    await expect(writable.getWriter().closed).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    await tap.start();
    expect(tap.readable).not.toBe(readable);
    expect(tap.writable).not.toBe(writable);
  });

  it('are others after a stop, also when the first was left unread in the middle', async () => {
    const tap = await open();
    const { readable } = tap;
    const reader = readable.getReader();
    wireOf(tap).send(new Uint8Array(60));
    await reader.read();
    await tap.stop();
    await tap.start();
    const second = tap.readable;
    expect(second).not.toBe(readable);
    // The end of the first one comes late, and is not the second's.
    await expect(reader.read()).resolves.toEqual({ done: true, value: undefined });
    expect(tap.readable).toBe(second);
    wireOf(tap).send(new Uint8Array(61));
    expect((await second.getReader().read()).value).toHaveLength(61);
  });

  it('fail when there is no queue to read, and are made anew when there is', async () => {
    const tap = await open();
    const { readable } = tap;
    tap.queue(0).transfer();
    await expect(readable.getReader().read()).rejects.toMatchObject({ code: 'ERR_RTAP_STATE' });
    await tap.queue(0).reclaim();
    expect(tap.readable).not.toBe(readable);
  });

  it('end with the interface', async () => {
    const tap = await open();
    const read = tap.readable.getReader().read();
    const { closed } = tap.writable.getWriter();
    kernel.rtnetlink.deleteLink(tap.ifindex);
    await expect(read).resolves.toEqual({ done: true, value: undefined });
    await expect(closed).rejects.toMatchObject({ code: 'ERR_RTAP_REMOVED' });
  });

  it('give the queues free when they are cancelled', async () => {
    const tap = await open();
    const reader = tap.readable.getReader();
    const read = reader.read();
    await nextTurn();
    expect(() => tap.queue(0).rxBurst()).toThrow('has a reader already');
    await reader.cancel();
    await read;
    expect(tap.queue(0).rxBurst().count).toBe(0);
    expect(tap.readable).not.toBe(undefined);
  });

  it('drop and count what cannot be sent as the link is down', async () => {
    const tap = await open();
    await tap.linkDown();
    const writer = tap.writable.getWriter();
    await writer.write(new Uint8Array(60));
    await writer.write(new Uint8Array(60));
    expect(tap.counters).toMatchObject({ txPackets: 0n, txErrors: 2n });
    await tap.linkUp();
    await writer.write(new Uint8Array(60));
    expect(tap.counters.txPackets).toBe(1n);
    await writer.close();
    expect(tap.writable.locked).toBe(false);
  });

  it('fail with what is no frame, and are made anew', async () => {
    const tap = await open();
    const writer = tap.writable.getWriter();
    await expect(Reflect.apply(writer.write, writer, ['frame'])).rejects.toMatchObject({
      code: 'ERR_INVALID_ARG_TYPE',
    });
    const second = tap.writable.getWriter();
    await expect(second.write(new Uint8Array(13))).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
    const third = tap.writable.getWriter();
    await third.write(new Uint8Array(14));
    expect(tap.counters.txPackets).toBe(1n);
  });
});
