import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import {
  A,
  B,
  ECHO6_REQUEST,
  ECHO_REQUEST,
  ECHO_REQUEST_RECORD_ROUTE,
  hex,
  toHex,
} from './captured.ts';
import * as router from './captured-router.ts';
import { pseudoHeader, referenceChecksum } from './reference.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
const { source, destination } = { source: A.ipv6, destination: B.ipv6 };

describe('IPv6 extension headers', () => {
  test('captured: hop-by-hop options before an MLD report', () => {
    const upper = frames.readIpv6UpperLayer(router.MLD_REPORT, 14)!;
    expect(upper).toMatchObject({
      protocol: 58,
      payloadOffset: 62,
      payloadLength: 68,
      isFragment: false,
      identification: 0,
    });
    expect(frames.checksum(router.MLD_REPORT, 62, 68, upper.pseudoHeaderSum)).toBe(0);
  });

  test('captured: the second fragment of a ping', () => {
    expect(frames.readIpv6UpperLayer(router.FRAGMENT6, 14)).toMatchObject({
      protocol: 58,
      payloadOffset: 62,
      payloadLength: 160,
      isFragment: true,
      fragmentOffset: 1448,
      moreFragments: false,
    });
  });

  test('none: the payload is the packet’s', () => {
    const { payloadOffset, payloadLength } = frames.readIpv6(ECHO6_REQUEST, 14)!;
    const upper = frames.readIpv6UpperLayer(ECHO6_REQUEST, 14);
    expect(upper).toMatchObject({ protocol: 58, payloadOffset, payloadLength });
  });

  test('nested as they are built, in any order and number', () => {
    const extension = fc.constantFrom(0, 43, 44, 60);
    const chain = fc.array(fc.tuple(extension, fc.uint8Array({ maxLength: 30 })), { maxLength: 6 });
    fc.assert(
      fc.property(chain, fc.uint8Array({ maxLength: 40 }), (headers, data) => {
        const payload = data;
        let nextHeader: number = frames.IPPROTO_UDP;
        let built: Uint8Array = payload;
        for (const [type, option] of headers) {
          const rest = { nextHeader, payload: built };
          if (type === 44) built = frames.buildIpv6Fragment({ ...rest, identification: 7 });
          else if (type === 43) {
            const segments = { type: 4, segmentsLeft: 0, data: new Uint8Array(4) };
            built = frames.buildIpv6Routing({ ...rest, ...segments });
          } else {
            built = frames.buildIpv6Options({ ...rest, options: [{ type: 30, data: option }] });
          }
          nextHeader = type;
        }
        const packet = frames.buildIpv6({ source, destination, nextHeader, payload: built });
        const upper = frames.readIpv6UpperLayer(packet)!;
        expect(upper).toMatchObject({ protocol: 17, isFragment: false });
        const end = upper.payloadOffset + upper.payloadLength;
        expect(packet.slice(upper.payloadOffset, end)).toEqual(payload);
        const cut = frames.readIpv6UpperLayer(packet, 0, packet.length - 1);
        expect(cut).toBeUndefined();
      }),
    );
  });

  test('a first fragment, and what stands behind its header is walked on', () => {
    const options = frames.buildIpv6Options({ nextHeader: 17, payload: new Uint8Array(8) });
    const fragment = { nextHeader: 60, identification: 0xdeadbeef, moreFragments: true };
    const payload = frames.buildIpv6Fragment({ ...fragment, payload: options });
    const packet = frames.buildIpv6({ source, destination, nextHeader: 44, payload });
    expect(frames.readIpv6UpperLayer(packet)).toMatchObject({
      protocol: 17,
      payloadLength: 8,
      isFragment: true,
      fragmentOffset: 0,
      moreFragments: true,
      identification: 0xdeadbeef,
    });
  });

  test('a later fragment is not walked: its bytes are no headers', () => {
    const fragment = { nextHeader: 60, identification: 1, fragmentOffset: 8 };
    const payload = frames.buildIpv6Fragment({ ...fragment, payload: hex('3cff') });
    const packet = frames.buildIpv6({ source, destination, nextHeader: 44, payload });
    expect(frames.readIpv6UpperLayer(packet)).toMatchObject({ protocol: 60, payloadLength: 2 });
  });

  test('an authentication header counts in units of four bytes', () => {
    const ah = hex(`1104 0000 00000001 00000001 ${'ab'.repeat(12)}`);
    const payload = Uint8Array.of(...ah, 1, 2, 3);
    const packet = frames.buildIpv6({ source, destination, nextHeader: 51, payload });
    const upper = frames.readIpv6UpperLayer(packet);
    expect(upper).toMatchObject({ protocol: 17, payloadOffset: 64, payloadLength: 3 });
  });

  test.each([50, 59, 135, 253])('next header %i is what the packet carries', (nextHeader) => {
    const packet = frames.buildIpv6({ source, destination, nextHeader, payload: hex('00ff') });
    const upper = frames.readIpv6UpperLayer(packet);
    expect(upper).toMatchObject({ protocol: nextHeader, payloadOffset: 40, payloadLength: 2 });
  });

  test.each([
    ['cut off within its first 8 bytes', 60, '1100 0104'],
    ['longer than the packet', 60, '1101 0104 0000 0000'],
    ['a second one cut off', 0, '3c00 0104 0000 0000 11'],
    ['a fragment header cut off', 44, '1100 0000 0000'],
    ['an authentication header cut off', 51, '1104 0000 00000001'],
  ])('not read: %s', (_, nextHeader, bytes) => {
    const packet = frames.buildIpv6({ source, destination, nextHeader, payload: hex(bytes) });
    expect(frames.readIpv6UpperLayer(packet)).toBeUndefined();
  });

  test.each([
    [4, (last: string) => last + toHex(A.ipv6)],
    [0, (last: string) => toHex(A.ipv6) + last],
  ])('with routing type %i left to do, the sum is over the final destination', (type, list) => {
    const last = hex('20010db8000000000000000000000099');
    const data = hex(`00000000 ${list(toHex(last))}`);
    const udp = frames.buildUdp({ source, destination: last, sourcePort: 1, destinationPort: 2 });
    const routing = { nextHeader: 17, type, segmentsLeft: 1, data, payload: udp };
    const payload = frames.buildIpv6Routing(routing);
    const packet = frames.buildIpv6({ source, destination, nextHeader: 43, payload });
    const { payloadOffset, payloadLength, pseudoHeaderSum } = frames.readIpv6UpperLayer(packet)!;
    expect(frames.checksum(packet, payloadOffset, payloadLength, pseudoHeaderSum)).toBe(0);
  });

  test('any bytes: read within them or not at all', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(0, 43, 44, 51, 60),
        (data, first) => {
          const packet = Uint8Array.of(
            0x60,
            0,
            0,
            0,
            0,
            data.length,
            first,
            ...new Uint8Array(33),
            ...data,
          );
          for (const method of ['read', 'readStart'] as const) {
            const upper = new frames.Ipv6UpperLayer();
            if (!upper[method](packet)) continue;
            expect(upper.payloadOffset + upper.payloadLength).toBe(packet.length);
            expect(upper.pseudoHeaderSum).toBeGreaterThanOrEqual(0);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('builders refuse what does not fit', () => {
    const rest = { nextHeader: 17 };
    const long = Array.from({ length: 8 }, () => ({ type: 30, data: new Uint8Array(255) }));
    expect(() => frames.buildIpv6Options({ ...rest, options: long })).toThrow(outOfRange);
    expect(() =>
      frames.buildIpv6Options({ ...rest, options: [{ type: 1, data: hex('') }] }),
    ).toThrow(outOfRange);
    expect(() =>
      frames.buildIpv6Fragment({ ...rest, identification: 1, fragmentOffset: 4 }),
    ).toThrow(outOfRange);
    const data = new Uint8Array(8);
    expect(() => frames.buildIpv6Routing({ ...rest, type: 0, segmentsLeft: 0, data })).toThrow(
      outOfRange,
    );
  });
});

describe('IPv4 fragments and options', () => {
  test('a captured fragment', () => {
    const header = frames.readIpv4(router.FRAGMENT, 14)!;
    expect(header).toMatchObject({ isFragment: true, fragmentOffset: 1480, moreFragments: false });
    expect(frames.readIpv4(ECHO_REQUEST, 14)!.isFragment).toBe(false);
  });

  test('captured options', () => {
    const { options } = frames.readIpv4(ECHO_REQUEST_RECORD_ROUTE, 14)!;
    const read = frames.readIpv4Options(options);
    expect(read).toEqual([
      { kind: 'no-operation' },
      {
        kind: 'record-route',
        pointer: 8,
        addresses: [A.ipv4, ...Array.from({ length: 8 }, () => new Uint8Array(4))],
      },
    ]);
    expect(toHex(frames.buildIpv4Options(read))).toBe(toHex(options));
  });

  test('others, and what is malformed ends the list', () => {
    const options = hex('9404 0000 8307 04 c0000201 4404 0501 01 00 01');
    expect(frames.readIpv4Options(options)).toEqual([
      { kind: 'router-alert', value: 0 },
      { kind: 'loose-source-route', pointer: 4, addresses: [A.ipv4] },
      { kind: 'unknown', number: 0x44, data: hex('0501') },
      { kind: 'no-operation' },
    ]);
    expect(frames.readIpv4Options(hex('01 8801'))).toHaveLength(1);
    expect(frames.readIpv4Options(hex('01 8804 00'))).toHaveLength(1);
    expect(frames.readIpv4Options(hex('01 88'))).toHaveLength(1);
    expect(() => frames.buildIpv4Options([{ kind: 'unknown', number: 1, data: hex('') }])).toThrow(
      outOfRange,
    );
    const long = { kind: 'unknown', number: 30, data: new Uint8Array(38) } as const;
    expect(frames.buildIpv4Options([long])).toHaveLength(40);
    expect(() => frames.buildIpv4Options([long, { kind: 'no-operation' }])).toThrow(outOfRange);
  });

  test('the start of a packet', () => {
    const header = new frames.Ipv4Header();
    const part = ECHO_REQUEST.subarray(0, 42);
    expect(header.read(part, 14)).toBe(false);
    expect(header.readStart(part, 14)).toBe(true);
    expect(header).toMatchObject({ totalLength: 46, payloadOffset: 34, payloadLength: 8 });
    expect(header.readStart(ECHO_REQUEST.subarray(0, 33), 14)).toBe(false);
    const six = new frames.Ipv6Header();
    expect(six.read(ECHO6_REQUEST.subarray(0, 62), 14)).toBe(false);
    expect(six.readStart(ECHO6_REQUEST.subarray(0, 62), 14)).toBe(true);
    expect(six.payloadLength).toBe(8);
  });
});

describe('partial checksums', () => {
  const whole = { source: A.ipv4, destination: B.ipv4, sourcePort: 4096, destinationPort: 9 };

  test('begun as the kernel does and completed, they are those of the builders', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(9), (payload, before) => {
        for (const [protocol, offset, message] of [
          [17, 6, frames.buildUdp({ ...whole, payload })],
          [6, 16, frames.buildTcp({ ...whole, sequence: 5, payload })],
        ] as const) {
          const slab = new Uint8Array(before + message.length + 3).fill(0xee);
          slab.set(message, before);
          const sum = frames.pseudoHeaderSum(A.ipv4, B.ipv4, protocol, message.length);
          frames.writePartialChecksum(slab, before, offset, sum);
          frames.completeChecksum(slab, before, offset, before + message.length);
          const completed = slab.subarray(before, before + message.length);
          // A TCP checksum of 0 becomes ffff, which says the same.
          expect(
            referenceChecksum(pseudoHeader(A.ipv4, B.ipv4, protocol, message.length), completed),
          ).toBe(0);
          if (protocol === 17) expect(toHex(completed)).toBe(toHex(message));
          expect(slab.subarray(before + message.length)).toEqual(hex('eeeeee'));
        }
      }),
    );
  });

  test('a field beyond the bytes is refused before anything is written', () => {
    const bytes = new Uint8Array(10);
    expect(() => frames.completeChecksum(bytes, 4, 5)).toThrow(outOfRange);
    expect(() => frames.completeChecksum(bytes, 11, 0)).toThrow(outOfRange);
    expect(() => frames.completeChecksum(bytes, 0, 6, 7)).toThrow(outOfRange);
    expect(() => frames.completeChecksum(bytes, 0, 6, 11)).toThrow(outOfRange);
    expect(() => frames.writePartialChecksum(bytes, 4, 5, 0)).toThrow(outOfRange);
    frames.completeChecksum(bytes, 4, 4);
    expect(toHex(bytes)).toBe('0000000000000000ffff');
  });

  test('one that comes out as 0 is written as ffff', () => {
    const bytes = hex('fffe 0001 0000');
    expect(frames.checksum(bytes)).toBe(0);
    frames.completeChecksum(bytes, 0, 4);
    expect(toHex(bytes)).toBe('fffe0001ffff');
  });

  test('RFC 1624 section 4: the example that its first equation got wrong', () => {
    expect(frames.updateChecksum(0xdd2f, 0x5555, 0x3285)).toBe(0);
  });

  test('updated, it is the one made anew', () => {
    const words = fc
      .nat(30)
      .chain((n) => fc.uint8Array({ minLength: 4 + 2 * n, maxLength: 4 + 2 * n }));
    fc.assert(
      fc.property(
        words,
        fc.nat(),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (bytes, at, now) => {
          bytes[0] = 0x45;
          const start = 2 * (at % (bytes.length / 2 - 1));
          const was = bytes.slice(start, start + 4);
          const sum = frames.onesComplementSum;
          const before = frames.checksum(bytes);
          bytes.set(now, start);
          bytes[0] = 0x45;
          const after = bytes.slice(start, start + 4);
          expect(frames.updateChecksum(before, sum(was), sum(after))).toBe(
            referenceChecksum(bytes),
          );
        },
      ),
    );
  });

  test('sums longer than one piece, of every length around where the way of summing changes', () => {
    const bytes = Uint8Array.from({ length: 0x40000 + 300 }, (_, i) => (i * 7919) >>> 3);
    for (const length of [
      111,
      112,
      127,
      128,
      129,
      143,
      144,
      145,
      0x20000,
      0x20001,
      0x40000 + 299,
    ]) {
      expect(frames.checksum(bytes, 1, length)).toBe(
        referenceChecksum(bytes.subarray(1, 1 + length)),
      );
    }
    const ones = new Uint8Array(0x40000).fill(0xff);
    expect(frames.onesComplementSum(ones)).toBe(0xffff);
    expect(frames.onesComplementSum(new Uint8Array(0x40000))).toBe(0);
  });
});
