import { describe, expect, it } from 'vitest';
import { AttributeReader, MessageWriter, messages } from '../src/index.ts';
import { fromHex } from './golden.ts';

const begin = (endian: 'little' | 'big' = 'little', size?: number): MessageWriter =>
  new MessageWriter(endian, size).begin(16, 5, 1, 2);

describe('MessageWriter', () => {
  const cases: readonly (readonly [string, (writer: MessageWriter) => MessageWriter, string])[] = [
    ['numbers', (w) => w.u8(1).u8(2).u16(3).u32(4).i32(-5), '01 02 0300 04000000 fbffffff'],
    ['u64', (w) => w.u64(0xff07_0605_0403_0201n), '01020304050607ff'],
    ['bytes', (w) => w.bytes(Uint8Array.of(1, 2, 3)), '010203'],
    ['attributeU8', (w) => w.attributeU8(1, 255), '0500 0100 ff000000'],
    ['attributeU16', (w) => w.attributeU16(1, 0xff01), '0600 0100 01ff0000'],
    ['attributeU32', (w) => w.attributeU32(1, 0xffff_fffe), '0800 0100 feffffff'],
    ['attributeI32', (w) => w.attributeI32(1, -2), '0800 0100 feffffff'],
    ['attributeU64', (w) => w.attributeU64(1, 1n), '0c00 0100 0100000000000000'],
    ['attributeString', (w) => w.attributeString(3, 'lo'), '0700 0300 6c6f0000'],
    ['without NUL', (w) => w.attributeString(3, 'abc', { nul: false }), '0700 0300 61626300'],
    ['UTF-8', (w) => w.attributeString(3, 'é'), '0700 0300 c3a90000'],
    [
      'attributeBytes',
      (w) => w.attributeBytes(1, fromHex('0102030405')),
      '0900010001020304 05000000',
    ],
    ['attributeFlag', (w) => w.attributeFlag(7), '0400 0700'],
    ['attribute', (w) => w.attribute({ type: 0xc001, value: fromHex('01') }), '0500 01c0 01000000'],
    ['an empty nest', (w) => w.beginNest(18).endNest(), '0400 1200'],
    [
      'nests',
      (w) => w.beginNest(18).beginNest(2, { flag: true }).attributeU8(1, 7).endNest().endNest(),
      '1000 1200 0c00 0280 0500 0100 07000000',
    ],
  ];

  it.each(cases)('writes %s', (_, write, hex) => {
    const body = fromHex(hex);
    const length = (16 + body.length).toString(16).padStart(2, '0');
    const header = fromHex(`${length}000000 1000 0500 01000000 02000000`);
    expect(write(begin()).finish()).toEqual(Uint8Array.of(...header, ...body));
  });

  it('writes big-endian', () => {
    const message = begin('big').u16(1).u32(2).attributeU32(4, 1500).beginNest(18).endNest();
    expect(message.finish()).toEqual(
      fromHex('00000022 0010 0005 00000001 00000002 0001 00000002 0008 0004 000005dc 0004 0012'),
    );
  });

  it('grows, whatever is written when it is full', () => {
    for (const [name, write] of cases) {
      for (let size = 0; size < 40; size += 1) {
        const small = write(begin('little', size)).finish();
        expect(small, `${name}, ${size}`).toEqual(write(begin()).finish());
      }
    }
  });

  it('pads with zeros where an earlier message left something else', () => {
    const writer = begin();
    writer.bytes(new Uint8Array(64).fill(0xff)).finish();
    expect(writer.begin(16, 0, 0).attributeU8(1, 1).finish().subarray(16)).toEqual(
      fromHex('0500 0100 01000000'),
    );
  });

  it('hands out copies', () => {
    const writer = begin();
    const one = writer.u32(1).finish();
    const two = writer.begin(17, 0, 0).u32(2).finish();
    expect([one[16], two[16]]).toEqual([1, 2]);
    expect(one.buffer).not.toBe(two.buffer);
  });

  it('drops what was begun and not finished', () => {
    const writer = begin().u32(1).beginNest(1);
    expect(writer.begin(17, 0, 0).finish()).toHaveLength(16);
  });

  it('writes the longest attribute, and refuses a longer one', () => {
    const message = begin().attributeBytes(1, new Uint8Array(65_531)).finish();
    const [read] = messages(message, 'little');
    const reader = new AttributeReader(read?.body ?? new Uint8Array(), 'little');
    expect([reader.next(), reader.length, reader.next(), reader.error]).toEqual([
      true,
      65_531,
      false,
      undefined,
    ]);
    expect(() => begin().attributeBytes(1, new Uint8Array(65_532))).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
    );
    const nest = begin().beginNest(1).attributeBytes(1, new Uint8Array(65_531));
    expect(() => nest.endNest()).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  const wrong: readonly (readonly [string, (writer: MessageWriter) => unknown, string])[] = [
    ['u8 256', (w) => w.u8(256), 'ERR_OUT_OF_RANGE'],
    ['u16 -1', (w) => w.u16(-1), 'ERR_OUT_OF_RANGE'],
    ['u32 2^32', (w) => w.u32(2 ** 32), 'ERR_OUT_OF_RANGE'],
    ['u32 NaN', (w) => w.u32(Number.NaN), 'ERR_OUT_OF_RANGE'],
    ['i32 2^31', (w) => w.i32(2 ** 31), 'ERR_OUT_OF_RANGE'],
    ['u64 -1', (w) => w.u64(-1n), 'ERR_OUT_OF_RANGE'],
    ['u64 2^64', (w) => w.u64(2n ** 64n), 'ERR_OUT_OF_RANGE'],
    ['u64 of a number', (w) => w.u64(1 as unknown as bigint), 'ERR_INVALID_ARG_TYPE'],
    ['u32 of a string', (w) => w.u32('1' as unknown as number), 'ERR_INVALID_ARG_TYPE'],
    ['attributeU8 256', (w) => w.attributeU8(1, 256), 'ERR_OUT_OF_RANGE'],
    ['attributeU64 -1', (w) => w.attributeU64(1, -1n), 'ERR_OUT_OF_RANGE'],
    ['a type beyond 16 bits', (w) => w.attributeFlag(0x1_0000), 'ERR_OUT_OF_RANGE'],
    ['a NUL', (w) => w.attributeString(1, 'a\0'), 'ERR_INVALID_ARG_VALUE'],
    ['no string', (w) => w.attributeString(1, 1 as unknown as string), 'ERR_INVALID_ARG_TYPE'],
    ['no bytes', (w) => w.bytes([1] as unknown as Uint8Array), 'ERR_INVALID_ARG_TYPE'],
    ['endNest without a nest', (w) => w.endNest(), 'ERR_INVALID_STATE'],
    ['finish in a nest', (w) => w.beginNest(1).finish(), 'ERR_INVALID_STATE'],
    ['begin beyond 16 bits', (w) => w.begin(0x1_0000, 0, 0), 'ERR_OUT_OF_RANGE'],
  ];

  it.each(wrong)('refuses %s and writes nothing', (_, write, code) => {
    const writer = begin();
    expect(() => write(writer)).toThrow(expect.objectContaining({ code }));
    if (code !== 'ERR_INVALID_STATE') expect(writer.finish()).toEqual(begin().finish());
  });

  it('refuses to finish what was not begun', () => {
    const state = expect.objectContaining({ code: 'ERR_INVALID_STATE' }) as Error;
    expect(() => new MessageWriter().finish()).toThrow(state);
    expect(() => new MessageWriter().attributeU8(1, 1)).toThrow(state);
    const writer = begin();
    writer.finish();
    expect(() => writer.finish()).toThrow(state);
  });
});
