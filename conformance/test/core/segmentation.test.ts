import {
  buildEthernet,
  buildIpv4,
  buildIpv6,
  buildTcp,
  buildUdp,
  IPPROTO_TCP,
  IPPROTO_UDP,
  parseIpAddress,
  pseudoHeaderSum,
  writePartialChecksum,
} from '@rtap/frames';
import { kernel as native, PROGRESS_WORDS } from '@rtap/native';
import type { Kernel } from '@rtap/native';
import { FakeKernel } from '@rtap/testkit';
import { describe, expect, test } from 'vitest';

const HEADER = 10;
const GSO = { tcp4: 1, tcp6: 4, udp: 5, ecn: 0x80 } as const;
const fake = new FakeKernel();

interface Shape {
  readonly version: 4 | 6;
  readonly protocol: 'tcp' | 'udp';
  readonly vlan: boolean;
  readonly payload: number;
  readonly gsoSize: number;
  readonly flags: { readonly [flag in 'ack' | 'psh' | 'fin' | 'cwr']?: true };
}

/** A frame as the kernel leaves it, its virtio-net header in front. */
function superFrame(shape: Shape): Uint8Array {
  const { version, protocol, vlan, gsoSize } = shape;
  const [a, b] = version === 4 ? ['10.0.0.1', '10.0.0.2'] : ['fd00::1', 'fd00::2'];
  const source = parseIpAddress(a);
  const destination = parseIpAddress(b);
  const payload = Uint8Array.from({ length: shape.payload }, (_, index) => (index * 7) & 0xff);
  const ports = { source, destination, sourcePort: 4000, destinationPort: 5000, payload };
  const segment =
    protocol === 'tcp'
      ? buildTcp({ ...ports, ...shape.flags, sequence: 0xffff_fff0, window: 512 })
      : buildUdp(ports);
  const number = protocol === 'tcp' ? IPPROTO_TCP : IPPROTO_UDP;
  const checksumOffset = protocol === 'tcp' ? 16 : 6;
  const sum = pseudoHeaderSum(source, destination, number, segment.length);
  writePartialChecksum(segment, 0, checksumOffset, sum);
  const ip = { source, destination, payload: segment };
  const packet =
    version === 4
      ? buildIpv4({ ...ip, protocol: number, identification: 0xfffe })
      : buildIpv6({ ...ip, nextHeader: number });
  const frame = buildEthernet({
    destination: Uint8Array.of(2, 0, 0, 0, 0, 2),
    source: Uint8Array.of(2, 0, 0, 0, 0, 1),
    etherType: version === 4 ? 0x0800 : 0x86dd,
    payload: packet,
    ...(vlan && { vlan: { identifier: 7 } }),
  });
  const bytes = new Uint8Array(HEADER + frame.length);
  bytes.set(frame, HEADER);
  const transport = frame.length - segment.length;
  bytes[0] = 1;
  const tcp = version === 4 ? GSO.tcp4 : GSO.tcp6;
  const ecn = shape.flags.cwr === true ? GSO.ecn : 0;
  bytes[1] = gsoSize === 0 ? 0 : protocol === 'tcp' ? tcp | ecn : GSO.udp;
  const headers = protocol === 'tcp' ? 20 : 8;
  const words = Uint16Array.of(transport + headers, gsoSize, transport, checksumOffset);
  bytes.set(new Uint8Array(words.buffer), 2);
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
  for (const vlan of [false, true]) {
    for (const [payload, gsoSize] of [
      [4001, 1000],
      [4000, 1000],
      [3, 1],
      [30_000, 1448],
      [900, 0],
    ] as const) {
      const all = { version, vlan, payload, gsoSize };
      shapes.push({ ...all, protocol: 'udp', flags: {} });
      shapes.push({ ...all, protocol: 'tcp', flags: { ack: true, psh: true, fin: true } });
      shapes.push({ ...all, protocol: 'tcp', flags: { ack: true, cwr: true } });
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
