import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import { hex } from './captured.ts';
import { ROUTER_SOLICITATION } from './captured-router.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });

/** Reads a whole capture, given in chunks of these sizes, over and over. */
function read(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length],
  options?: frames.CaptureReaderOptions,
): frames.CaptureRecord[] {
  const reader = new frames.CaptureReader(options);
  const records: frames.CaptureRecord[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    const chunk = bytes.slice(at, at + size);
    reader.push(chunk);
    for (const record of reader) records.push(structuredClone(record));
    chunk.fill(0xee); // It may be used again.
    at += size;
  }
  reader.end();
  return records;
}

/** The code and offset of the error that reading ends with, and how many records came before. */
function failure(bytes: Uint8Array, options?: frames.CaptureReaderOptions): unknown[] {
  const reader = new frames.CaptureReader(options);
  let count = 0;
  try {
    reader.push(bytes);
    for (const _ of reader) count += 1;
    reader.end();
  } catch (error) {
    if (!(error instanceof frames.CaptureError)) throw error;
    expect(() => reader.next()).toThrow(error);
    expect(() => reader.end()).toThrow(error);
    return [error.code, error.offset, count];
  }
  return [];
}

const SECTION = hex('0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000');
const INTERFACE = hex('01000000 14000000 0100 0000 00000000 14000000');
const PACKET = hex(`06000000 24000000 00000000 05000000 06000000 03000000 04000000 aabbcc00
  24000000`);
const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A block of any type, little endian, whose body is filled up. */
function block(type: number, body: Uint8Array): Uint8Array {
  const length = 12 + ((body.length + 3) & ~3);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  bytes.set(body, 8);
  view.setUint32(length - 4, length, true);
  return bytes;
}

/** Written by `editcap --capture-comment 'whole file' -a 12:'first one'` (Wireshark 4.0.17). */
const EDITCAP = hex(`
  0a0d 0d0a 7c00 0000 4d3c 2b1a 0100 0000 ffff ffff ffff ffff 0100 0a00 7768 6f6c
  6520 6669 6c65 0000 0400 4500 4564 6974 6361 7020 2857 6972 6573 6861 726b 2920
  342e 302e 3137 2028 4769 7420 7634 2e30 2e31 3720 7061 636b 6167 6564 2061 7320
  342e 302e 3137 2d30 2b64 6562 3132 7533 2900 0000 0000 0000 7c00 0000 0100 0000
  1400 0000 0100 0000 0000 0400 1400 0000 0600 0000 7c00 0000 0000 0000 0e61 0600
  0749 b78f 4600 0000 4600 0000 3333 0000 0002 0200 5e00 5301 86dd 6000 0000 0010
  3aff fe80 0000 0000 0000 0000 5eff fe00 5301 ff02 0000 0000 0000 0000 0000 0000
  0002 8500 192b 0000 0000 0101 0200 5e00 5301 0000 0100 0900 6669 7273 7420 6f6e
  6500 0000 0000 0000 7c00 0000`);

describe('pcapng', () => {
  test('what editcap wrote', () => {
    const [section, described, packet] = read(EDITCAP);
    const [comment, application] = (section as frames.CaptureSection).options;
    expect(comment).toEqual({ code: 1, value: new TextEncoder().encode('whole file') });
    expect(new TextDecoder().decode(application!.value)).toMatch(/^Editcap \(Wireshark\) 4/);
    expect(described).toMatchObject({ snapshotLength: 0x40000, ticksPerSecond: 1_000_000n });
    expect(packet).toMatchObject({ comments: ['first one'], data: ROUTER_SOLICITATION });
    expect((packet as frames.CapturedPacket).timestamp).toBe(1795565028_854_023_000n);
  });

  test('byte by byte: a section, an interface, a packet', () => {
    const [section, described, packet] = read(join(SECTION, INTERFACE, PACKET));
    expect(section).toEqual({
      kind: 'section',
      format: 'pcapng',
      byteOrder: 'little',
      version: '1.0',
      options: [],
    });
    expect(described).toMatchObject({ id: 0, linkType: 1, snapshotLength: 0, name: undefined });
    expect(packet).toMatchObject({
      kind: 'packet',
      timestamp: ((5n << 32n) + 6n) * 1000n,
      data: hex('aabbcc'),
      originalLength: 4,
      direction: undefined,
      comments: [],
    });
  });

  test('a section in the other byte order, after one', () => {
    const big = hex(`0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
      00000001 00000020 0065 0000 00000010 0009 0001 09000000 00000000 00000020
      00000006 00000024 00000000 00000001 00000002 00000003 00000004 aabbcc00 00000024`);
    const records = read(join(SECTION, INTERFACE, PACKET, big));
    expect(records).toHaveLength(6);
    expect(records[3]).toMatchObject({ kind: 'section', byteOrder: 'big' });
    const described = { id: 0, linkType: frames.LINKTYPE_RAW, snapshotLength: 16 };
    expect(records[4]).toMatchObject({ ...described, ticksPerSecond: 10n ** 9n });
    expect(records[5]).toMatchObject({ timestamp: (1n << 32n) + 2n, interface: described });
  });

  test.each([
    ['10^-3', '03', 1000n, 6000n * 10n ** 6n],
    ['10^-9', '09', 10n ** 9n, 6000n],
    ['10^-12, rounded down', '0c', 10n ** 12n, 6n],
    ['2^-10', '8a', 1024n, (6000n * 10n ** 9n) / 1024n],
    ['2^-127', 'ff', 2n ** 127n, 0n],
    ['10^0', '00', 1n, 6000n * 10n ** 9n],
  ])('ticks of %s seconds', (_, resolution, ticksPerSecond, timestamp) => {
    const described = block(1, hex(`0100 0000 00000000 0900 0100 ${resolution}000000 00000000`));
    const packet = block(6, hex('00000000 00000000 70170000 00000000 00000000'));
    const [, first, last] = read(join(SECTION, described, packet));
    expect(first).toMatchObject({ ticksPerSecond });
    expect(last).toMatchObject({ timestamp });
  });

  test('an offset is added, also a negative one; options may lack their end', () => {
    const described = block(1, hex('0100 0000 00000000 0e00 0800 feffffffffffffff'));
    const packet = block(6, hex('00000000 00000000 40420f00 00000000 00000000'));
    const [, , last] = read(join(SECTION, described, packet));
    expect(last).toMatchObject({ timestamp: -1_000_000_000n });
  });

  test('simple and obsolete packets', () => {
    const described = block(1, hex('0100 0000 03000000'));
    const simple = block(3, hex('09000000 aabbcc'));
    const obsolete = block(2, hex('0000 0700 00000000 01000000 02000000 05000000 aabb'));
    const [, , first, second] = read(join(SECTION, described, simple, obsolete));
    expect(first).toMatchObject({ timestamp: undefined, data: hex('aabbcc'), originalLength: 9 });
    expect(second).toMatchObject({ timestamp: 1000n, data: hex('aabb'), originalLength: 5 });
  });

  test('other blocks are skipped, longer than the bound too', () => {
    const names = block(4, new Uint8Array(5000).fill(6));
    const custom = block(0xbad, new Uint8Array(3));
    const bytes = join(SECTION, names, INTERFACE, custom, PACKET, block(0xffffffff, hex('')));
    for (const sizes of [[bytes.length], [1], [7, 100], [4096]]) {
      const kinds = read(bytes, sizes, { maximumBlockLength: 64 }).map(({ kind }) => kind);
      expect(kinds).toEqual(['section', 'interface', 'packet']);
    }
  });

  test('what is written is read, whatever the chunks and the byte order', () => {
    const option = fc.record({
      code: fc.integer({ min: 20_000, max: 32_000 }),
      value: fc.uint8Array({ maxLength: 9 }),
    });
    const options = fc.array(option, { maxLength: 3 });
    const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 9 }), { nil: undefined });
    const described = fc.record({
      name: text,
      linkType: fc.nat(0xffff),
      snapshotLength: fc.constantFrom(0, 5, 0xffffffff),
      options,
    });
    const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const packet = fc.record({
      data: fc.uint8Array({ maxLength: 20 }),
      timestamp: time,
      interface: fc.nat(1),
      more: fc.nat(0xffff),
      direction: fc.constantFrom(undefined, 'inbound' as const, 'outbound' as const),
      comment: text,
      options,
    });
    const statistics = fc.record({
      timestamp: time,
      interface: fc.nat(1),
      received: time,
      dropped: time,
    });
    fc.assert(
      fc.property(
        fc.constantFrom('little' as const, 'big' as const),
        fc.tuple(described, described),
        fc.array(packet, { maxLength: 5 }),
        statistics,
        fc.array(fc.nat(60), { minLength: 1, maxLength: 5 }),
        (byteOrder, interfaces, packets, counted, sizes) => {
          const writer = new frames.PcapngWriter({ byteOrder, application: 'test' });
          const parts = [writer.take()];
          expect(interfaces.map((fields) => writer.addInterface(fields))).toEqual([0, 1]);
          for (const { data, more, ...fields } of packets) {
            writer.writePacket(data, { ...fields, originalLength: data.length + more });
            parts.push(writer.take());
          }
          writer.writeStatistics(counted);
          parts.push(writer.take());
          const [section, ...records] = read(join(...parts), sizes);
          expect(section).toMatchObject({ byteOrder, options: [{ code: 4 }] });
          for (const [id, fields] of interfaces.entries()) {
            const got = records.shift() as frames.CaptureInterface;
            expect(got).toMatchObject({ id, name: fields.name, linkType: fields.linkType });
            expect(got.options.filter(({ code }) => code >= 20_000)).toEqual(fields.options);
          }
          for (const fields of packets) {
            const got = records.shift() as frames.CapturedPacket;
            const { timestamp, direction, data, more } = fields;
            const bound = interfaces[fields.interface]!.snapshotLength || Infinity;
            expect(got).toMatchObject({ kind: 'packet', timestamp, direction });
            expect(got.originalLength).toBe(data.length + more);
            expect(got.data).toEqual(data.slice(0, bound));
            expect(got.interface.id).toBe(fields.interface);
            expect(got.comments).toEqual(fields.comment === undefined ? [] : [fields.comment]);
            expect(got.options.filter(({ code }) => code >= 20_000)).toEqual(fields.options);
          }
          const { interface: id, ...counts } = counted;
          expect(records).toMatchObject([{ kind: 'statistics', interface: { id }, ...counts }]);
        },
      ),
    );
  });

  test('a packet copied with the options it was read with', () => {
    const writer = new frames.PcapngWriter();
    writer.addInterface();
    const fields = { timestamp: 1n, direction: 'outbound', comment: 'hm' } as const;
    writer.writePacket(hex('0102'), fields);
    const bytes = writer.take();
    const [, , packet] = read(bytes) as [unknown, unknown, frames.CapturedPacket];
    const copy = new frames.PcapngWriter();
    copy.addInterface();
    copy.writePacket(packet.data, { timestamp: 1n, options: packet.options });
    expect(copy.take()).toEqual(bytes);
  });
});

describe('pcap', () => {
  const head = (magic: string, little: boolean): Uint8Array =>
    little
      ? hex(`${magic} 0200 0400 00000000 00000000 00000400 01000000`)
      : hex(`${magic} 0002 0004 00000000 00000000 00040000 00000001`);

  test.each([
    ['microseconds, big', 'a1b2c3d4', false, 5_000_007_000n],
    ['nanoseconds, big', 'a1b23c4d', false, 5_000_000_007n],
    ['microseconds, little', 'd4c3b2a1', true, 5_000_007_000n],
    ['nanoseconds, little', '4d3cb2a1', true, 5_000_000_007n],
  ])('%s endian', (_, magic, little, timestamp) => {
    const packet = little
      ? hex('05000000 07000000 03000000 09000000 aabbcc')
      : hex('00000005 00000007 00000003 00000009 aabbcc');
    const bytes = join(head(magic, little), packet, packet);
    for (const sizes of [[1], [30, 3], [bytes.length]]) {
      const [section, described, first, second] = read(bytes, sizes);
      const byteOrder = little ? 'little' : 'big';
      expect(section).toMatchObject({ format: 'pcap', byteOrder, version: '2.4' });
      expect(described).toMatchObject({ linkType: 1, snapshotLength: 0x40000 });
      expect(first).toMatchObject({ timestamp, data: hex('aabbcc'), originalLength: 9 });
      expect(second).toEqual(first);
    }
  });

  test('a length that cannot be, a version that is not known', () => {
    const long = hex('05000000 07000000 ffffffff 09000000 aabbcc');
    const header = head('d4c3b2a1', true);
    expect(failure(join(header, long))).toEqual(['ERR_CAPTURE_TOO_LARGE', 24, 2]);
    header[4] = 3;
    expect(failure(header)).toEqual(['ERR_CAPTURE_UNSUPPORTED', 0, 0]);
  });
});

test('what is given of a Buffer is a plain Uint8Array, whose slice() copies', () => {
  const pcap = hex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000');
  const packet = hex('05000000 07000000 03000000 09000000 aabbcc');
  for (const bytes of [join(pcap, packet), join(SECTION, INTERFACE, PACKET)]) {
    const reader = new frames.CaptureReader();
    reader.push(Buffer.from(bytes));
    const [, , record] = reader;
    expect(Object.getPrototypeOf((record as frames.CapturedPacket).data)).toBe(
      Uint8Array.prototype,
    );
  }
});

describe('what is no capture', () => {
  const good = join(SECTION, INTERFACE);
  const unequal = PACKET.slice();
  unequal[32] = 0x28;
  const beyond = PACKET.slice();
  beyond[20] = 5;
  test.each([
    ['another format', hex('1f8b0800'), ['ERR_CAPTURE_UNSUPPORTED', 0, 0]],
    ['nothing', hex(''), ['ERR_CAPTURE_TRUNCATED', 0, 0]],
    ['another byte-order magic', SECTION.with(8, 0), ['ERR_CAPTURE_MALFORMED', 0, 0]],
    ['version 2', SECTION.with(12, 2), ['ERR_CAPTURE_UNSUPPORTED', 0, 0]],
    [
      'a section too short',
      hex('0a0d0d0a 10000000 4d3c2b1a 10000000'),
      ['ERR_CAPTURE_MALFORMED', 0, 0],
    ],
    [
      'a length of 0',
      join(good, hex('09000000 00000000 00000000')),
      ['ERR_CAPTURE_MALFORMED', 48, 2],
    ],
    [
      'an odd length',
      join(good, hex('09000000 0d000000 00000000')),
      ['ERR_CAPTURE_MALFORMED', 48, 2],
    ],
    ['two lengths that differ', join(good, unequal), ['ERR_CAPTURE_MALFORMED', 48, 2]],
    [
      'of a block that is skipped',
      join(good, hex('09000000 0c000000 10000000'), PACKET),
      ['ERR_CAPTURE_MALFORMED', 48, 2],
    ],
    ['a packet of no interface', join(SECTION, PACKET), ['ERR_CAPTURE_MALFORMED', 28, 1]],
    [
      'a simple packet of none',
      join(SECTION, block(3, hex('00000000'))),
      ['ERR_CAPTURE_MALFORMED', 28, 1],
    ],
    ['a packet beyond its block', join(good, beyond), ['ERR_CAPTURE_MALFORMED', 48, 2]],
    [
      'an option beyond its block',
      join(SECTION, block(1, hex('0100 0000 00000000 0100 0500 00000000'))),
      ['ERR_CAPTURE_MALFORMED', 28, 1],
    ],
    [
      'a block above the bound',
      join(good, hex('06000000 00000020 00000000')),
      ['ERR_CAPTURE_TOO_LARGE', 48, 2],
    ],
    [
      'a skipped one cut off',
      join(good, hex('09000000 00000020 00000000')),
      ['ERR_CAPTURE_TRUNCATED', 48, 2],
    ],
  ])('%s', (_, bytes, expected) => {
    expect(failure(bytes)).toEqual(expected);
  });

  test('cut off anywhere but between blocks: truncated, at the start of the block', () => {
    const bytes = join(good, PACKET, block(9, hex('0102')), PACKET);
    const starts = [0, 28, 48, 84, 100, 136];
    for (let length = 1; length < bytes.length; length++) {
      const whole = starts.includes(length);
      const at = Math.max(...starts.filter((start) => start <= length));
      expect(failure(bytes.subarray(0, length)).slice(0, 2)).toEqual(
        whole ? [] : ['ERR_CAPTURE_TRUNCATED', at],
      );
    }
  });

  test('interfaces without end', () => {
    const many = Array.from({ length: 4000 }, () => INTERFACE);
    expect(failure(join(SECTION, ...many))).toEqual([
      'ERR_CAPTURE_TOO_LARGE',
      28 + 20 * 1971,
      1972,
    ]);
  });

  test('any bytes changed: a typed error or records, always an end', () => {
    const bytes = join(SECTION, INTERFACE, PACKET, block(4, hex('010203')), PACKET);
    const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        const [code, offset] = failure(changed);
        if (code === undefined) return;
        expect(offset).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the writer refuses', () => {
  test.each<readonly [string, (writer: frames.PcapngWriter) => unknown]>([
    ['an interface that is none', (w) => w.writePacket(hex(''), { timestamp: 0n, interface: 1 })],
    ['a fraction of one', (w) => w.writePacket(hex(''), { timestamp: 0n, interface: 0.5 })],
    ['a negative time', (w) => w.writePacket(hex(''), { timestamp: -1n })],
    ['a time above 64 bits', (w) => w.writePacket(hex(''), { timestamp: 2n ** 64n })],
    [
      'fewer bytes than there are',
      (w) => w.writePacket(hex('0102'), { timestamp: 0n, originalLength: 1 }),
    ],
    [
      'an option 0',
      (w) => w.writePacket(hex(''), { timestamp: 0n, options: [{ code: 0, value: hex('') }] }),
    ],
    [
      'a comment too long',
      (w) => w.writePacket(hex(''), { timestamp: 0n, comment: 'x'.repeat(65536) }),
    ],
    ['a clock of its own', (w) => w.addInterface({ options: [{ code: 9, value: hex('06') }] })],
    ['a link type above 16 bits', (w) => w.addInterface({ linkType: 65536 })],
    ['statistics of no interface', (w) => w.writeStatistics({ timestamp: 0n, interface: 3 })],
  ])('%s, and has written nothing', (_, write) => {
    const writer = new frames.PcapngWriter();
    writer.addInterface();
    writer.take();
    expect(() => write(writer)).toThrow(outOfRange);
    expect(writer.pendingLength).toBe(0);
  });

  test('a number where nanoseconds belong', () => {
    const writer = new frames.PcapngWriter();
    writer.addInterface();
    const type = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    // @ts-expect-error it is a bigint
    expect(() => writer.writePacket(hex(''), { timestamp: 5 })).toThrow(type);
    // @ts-expect-error there is no such order
    expect(() => new frames.PcapngWriter({ byteOrder: 'middle' })).toThrow(outOfRange);
  });
});
