import { kernel as native, PROGRESS_WORDS } from '@rtap/native';
import type { Kernel } from '@rtap/native';
import { FakeKernel, buildSuperFrame } from '@rtap/testkit';
import type { SuperFrameOptions } from '@rtap/testkit';
import { describe, expect, test } from 'vitest';

const HEADER = 10;
const fake = new FakeKernel();

type Shape = Required<Pick<SuperFrameOptions, 'version' | 'protocol' | 'payload' | 'gsoSize'>> &
  SuperFrameOptions;

/** A frame as the kernel leaves it, its virtio-net header in front. */
function superFrame(shape: Shape): Uint8Array {
  const { frame, header } = buildSuperFrame(shape);
  const bytes = new Uint8Array(HEADER + frame.length);
  bytes.set(header);
  bytes.set(frame, HEADER);
  return bytes;
}

/** A slab of frames one behind the other, as a burst has them. */
function pack(frames: readonly Uint8Array[]): { slab: Uint8Array; descriptors: Uint32Array } {
  const slab = new Uint8Array(655_360);
  const descriptors = new Uint32Array(2 * frames.length);
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    slab.set(frame, at);
    descriptors.set([at + HEADER, frame.length - HEADER], 2 * index);
    at = Math.ceil((at + frame.length) / 64) * 64;
  }
  return { slab, descriptors };
}

/** All that comes out, `max` frames a call. */
function segments(kernel: Kernel, frames: readonly Uint8Array[], max: number): Uint8Array[] {
  const { slab, descriptors } = pack(frames);
  const toSlab = new Uint8Array(65_600);
  const toDescriptors = new Uint32Array(256);
  const progress = new Uint32Array(PROGRESS_WORDS);
  const out: Uint8Array[] = [];
  for (let from = 0; from < frames.length; from += progress[0] ?? 0) {
    const count = frames.length - from;
    const written = kernel.segmentBurst(
      slab,
      descriptors,
      from,
      count,
      toSlab,
      toDescriptors,
      max,
      progress,
    );
    for (let index = 0; index < written; index += 1) {
      const offset = toDescriptors[2 * index] ?? 0;
      out.push(toSlab.slice(offset - HEADER, offset + (toDescriptors[2 * index + 1] ?? 0)));
    }
  }
  return out;
}

const shapes: Shape[] = [];
for (const version of [4, 6] as const) {
  for (const tag of [{}, { vlan: 7 }]) {
    for (const [payload, gsoSize] of [
      [4001, 1000],
      [4000, 1000],
      [3, 1],
      [30_000, 1448],
      [900, 0],
    ] as const) {
      const all = { version, payload, gsoSize, ...tag };
      shapes.push({ ...all, protocol: 'udp' });
      shapes.push({ ...all, protocol: 'tcp', flags: ['ack', 'psh', 'fin'] });
      shapes.push({ ...all, protocol: 'tcp', flags: ['ack', 'cwr'] });
    }
  }
}

describe('segmentation in native code and in the fake kernel', () => {
  test.each(shapes)(
    '$protocol over IPv$version, VLAN $vlan, $payload bytes by $gsoSize',
    (shape) => {
      const frame = superFrame(shape);
      for (const max of [1, 3, 128]) {
        const made = segments(native, [frame], max);
        const count = shape.gsoSize === 0 ? 1 : Math.ceil(shape.payload / shape.gsoSize);
        expect(made).toHaveLength(count);
        expect(made).toEqual(segments(fake, [frame], max));
      }
    },
  );

  test('the same for a burst of all of them, with dropped and false ones among them', () => {
    const dropped = new Uint8Array(HEADER);
    const fragments = superFrame({ ...mustHave(shapes[0]), gsoSize: 8 });
    fragments[1] = 3;
    const all = [...shapes.slice(0, 20).map(superFrame), dropped, fragments, dropped];
    const made = segments(native, all, 100);
    expect(made.length).toBeGreaterThan(60);
    expect(made).toEqual(segments(fake, all, 100));
  });

  test.each(shapes.filter(({ gsoSize }) => gsoSize === 0))(
    'checksum of $protocol over IPv$version, VLAN $vlan, made in place',
    (shape) => {
      const complete = (kernel: Kernel): Uint8Array => {
        const { slab, descriptors } = pack([superFrame(shape)]);
        const progress = new Uint32Array(PROGRESS_WORDS);
        expect(kernel.completeChecksums(slab, descriptors, 0, 1, progress)).toBe(1);
        return slab.slice(0, 1000);
      };
      expect(complete(native)).toEqual(complete(fake));
    },
  );

  test('both stop before a super-frame, and drop a frame whose header is not true of it', () => {
    const frame = superFrame({ ...mustHave(shapes[0]), gsoSize: 0 });
    const wrong = frame.slice();
    wrong.set(new Uint8Array(Uint16Array.of(60_000).buffer), 6);
    for (const kernel of [native, fake]) {
      const { slab, descriptors } = pack([wrong, frame, superFrame(mustHave(shapes[0])), frame]);
      const progress = new Uint32Array(PROGRESS_WORDS);
      expect(kernel.completeChecksums(slab, descriptors, 0, 4, progress)).toBe(2);
      expect([...progress]).toEqual([2, 0, 1]);
      expect(descriptors[1]).toBe(0);
      expect(descriptors[3]).toBe(frame.length - HEADER);
    }
  });
});

function mustHave<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('there is none');
  return value;
}
