import { describe, expect, test } from 'vitest';

import {
  coalesceBurst,
  completeChecksums,
  PROGRESS_WORDS,
  progressWord,
  segmentBurst,
} from '../src/index.ts';
import { output, superFrame } from './udp-frames.ts';

const wrongType = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });

describe('segmentBurst', () => {
  test('makes frames of a super-frame, and goes on where it ended', () => {
    const { slab, descriptors } = superFrame();
    const { toSlab, toDescriptors, progress } = output();
    const burst = (max: number): number =>
      segmentBurst(slab, descriptors, 0, 1, toSlab, toDescriptors, max, progress);
    expect(burst(3)).toBe(3);
    expect([...progress]).toEqual([0, 12, 0]);
    expect([...toDescriptors.subarray(0, 6)]).toEqual([10, 46, 74, 46, 138, 46]);
    const second = toSlab.subarray(74, 74 + 46);
    // Identification 8, 32 bytes; 12 bytes of UDP; the second 4 bytes of payload.
    expect([...second.subarray(16, 20)]).toEqual([0, 32, 0, 8]);
    expect([...second.subarray(38, 40)]).toEqual([0, 12]);
    expect([...second.subarray(42)]).toEqual([5, 6, 7, 8]);
    expect(burst(3)).toBe(1);
    expect([...progress]).toEqual([1, 0, 0]);
    expect([...toSlab.subarray(10 + 42, 10 + 44)]).toEqual([13, 14]);
  });

  test('counts what it refuses', () => {
    const { slab, descriptors } = superFrame();
    const { toSlab, toDescriptors, progress } = output();
    slab[1] = 3; // VIRTIO_NET_HDR_GSO_UDP
    expect(segmentBurst(slab, descriptors, 0, 1, toSlab, toDescriptors, 8, progress)).toBe(0);
    expect(progress[progressWord.consumed]).toBe(1);
    expect(progress[progressWord.refused]).toBe(1);
  });

  test('works on shared memory', () => {
    const { slab, descriptors } = superFrame();
    const { toDescriptors, progress } = output();
    const shared = new Uint8Array(new SharedArrayBuffer(65_600));
    expect(segmentBurst(slab, descriptors, 0, 1, shared, toDescriptors, 8, progress)).toBe(4);
  });
});

describe('coalesceBurst', () => {
  test('puts together what segmentBurst took apart', () => {
    const whole = superFrame();
    const parts = output();
    const { slab, descriptors } = whole;
    const { toSlab, toDescriptors, progress } = parts;
    expect(segmentBurst(slab, descriptors, 0, 1, toSlab, toDescriptors, 8, progress)).toBe(4);
    const again = output();
    const written = coalesceBurst(
      toSlab,
      toDescriptors,
      0,
      4,
      again.toSlab,
      again.toDescriptors,
      8,
      again.progress,
    );
    expect(written).toBe(1);
    expect([...again.progress]).toEqual([4, 0, 0]);
    expect([...again.toDescriptors.subarray(0, 2)]).toEqual([...descriptors]);
    const end = 10 + 42 + 14;
    expect([...again.toSlab.subarray(0, end)]).toEqual([...slab.subarray(0, end)]);
  });

  test('lets out as it is what stands alone', () => {
    const { slab, descriptors } = superFrame();
    const { toSlab, toDescriptors, progress } = output();
    expect(coalesceBurst(slab, descriptors, 0, 1, toSlab, toDescriptors, 8, progress)).toBe(1);
    expect([...toSlab.subarray(0, 66)]).toEqual([...slab.subarray(0, 66)]);
  });
});

describe.each([{ burst: segmentBurst }, { burst: coalesceBurst }])('$burst.name', ({ burst }) => {
  test('refuses arguments that do not fit, and writes nothing', () => {
    const good = { ...superFrame(), ...output() };
    const call = (wrong: Readonly<Record<string, unknown>>): unknown => {
      const all = { from: 0, count: 1, max: 8, ...good, ...wrong };
      const { slab, descriptors, from, count, toSlab, toDescriptors, max, progress } = all;
      const values = [slab, descriptors, from, count, toSlab, toDescriptors, max, progress];
      return Reflect.apply(burst, undefined, values);
    };
    const detached = new Uint8Array(70_000);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const half = new Uint8Array(131_072);
    for (const [wrong, shape] of [
      [{ slab: [] }, wrongType],
      [{ slab: new Uint16Array(9) }, wrongType],
      [{ slab: new Uint8Array(0) }, wrongType],
      [{ descriptors: new Int32Array(2) }, wrongType],
      [{ toSlab: detached }, wrongType],
      [{ toSlab: new Uint8Array(65_599) }, outOfRange],
      [{ slab: half, toSlab: half.subarray(0, 65_600) }, outOfRange],
      [{ toDescriptors: undefined }, wrongType],
      [{ progress: new Uint32Array(2) }, outOfRange],
      [{ progress: new Float64Array(3) }, wrongType],
      [{ from: -1 }, outOfRange],
      [{ from: 1 }, outOfRange],
      [{ count: 2 }, outOfRange],
      [{ count: '1' }, wrongType],
      [{ max: 0.5 }, outOfRange],
    ] as const) {
      expect(() => call(wrong), JSON.stringify(Object.keys(wrong))).toThrow(shape);
    }
    expect(good.toSlab.every((byte) => byte === 0)).toBe(true);
    expect(call({})).toBeGreaterThan(0);
  });
});

describe('completeChecksums', () => {
  test('makes a checksum in place', () => {
    const { slab, descriptors } = superFrame();
    const progress = new Uint32Array(PROGRESS_WORDS);
    slab[1] = 0; // VIRTIO_NET_HDR_GSO_NONE
    expect(completeChecksums(slab, descriptors, 0, 1, progress)).toBe(1);
    expect([...progress]).toEqual([1, 0, 0]);
    expect([...slab.subarray(0, 10)]).toEqual(Array(10).fill(0));
    const words = new DataView(slab.buffer, 10 + 34, 22);
    let sum = 0x1414 - 0x0014 + 0x0003 + 17 + 22;
    for (let at = 0; at < 22; at += 2) sum += words.getUint16(at);
    expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  });

  test('stops at a super-frame, and drops what it refuses', () => {
    const { slab, descriptors } = superFrame();
    const progress = new Uint32Array(PROGRESS_WORDS);
    expect(completeChecksums(slab, descriptors, 0, 1, progress)).toBe(0);
    expect([...progress]).toEqual([0, 0, 0]);
    slab[1] = 9;
    expect(completeChecksums(slab, descriptors, 0, 1, progress)).toBe(1);
    expect(progress[progressWord.refused]).toBe(1);
    expect([...descriptors]).toEqual([10, 0]);
  });

  test('refuses arguments that do not fit', () => {
    const { slab, descriptors } = superFrame();
    const progress = new Uint32Array(PROGRESS_WORDS);
    const call = (...values: readonly unknown[]): unknown =>
      Reflect.apply(completeChecksums, undefined, values);
    expect(() => call(slab, descriptors, 0, 2, progress)).toThrow(outOfRange);
    expect(() => call(slab, descriptors, 0, 1)).toThrow(wrongType);
    expect(() => call(slab, descriptors, Number.NaN, 1, progress)).toThrow(outOfRange);
    expect(() => call(new DataView(slab.buffer), descriptors, 0, 1, progress)).toThrow(wrongType);
  });
});
