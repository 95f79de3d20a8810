import { describe, expect, it } from 'vitest';
import { AttributeReader, attributesOf, encodeLink, messages, RTM_NEWLINK } from '../src/index.ts';
import { fromHex } from './golden.ts';

function first(hex: string, endian: 'little' | 'big' = 'little'): AttributeReader {
  const reader = new AttributeReader(fromHex(hex), endian);
  expect(reader.next()).toBe(true);
  return reader;
}

describe('AttributeReader', () => {
  it('reads numbers in both byte orders', () => {
    expect(first('0500 0100 ff').u8()).toBe(255);
    expect(first('0600 0100 01ff').u16()).toBe(0xff01);
    expect(first('0800 0100 010203ff').u32()).toBe(0xff03_0201);
    expect(first('0800 0100 feffffff').i32()).toBe(-2);
    expect(first('0c00 0100 01020304050607ff').u64()).toBe(0xff07_0605_0403_0201n);
    expect(first('0c00 0100 0000000000000000').u64()).toBe(0n);
    expect(first('0c00 0100 00000000000000ff').u64()).toBe(0xff00_0000_0000_0000n);
    expect(first('0c00 0100 ffffffff00000000').u64()).toBe(0xffff_ffffn);
    expect(first('0c00 0100 0100000000002000').u64()).toBe(0x0020_0000_0000_0001n);
    expect(first('0c00 0100 ffffffffffff1f00').u64()).toBe(0x001f_ffff_ffff_ffffn);
    expect(first('0006 0001 01ff', 'big').u16()).toBe(0x01ff);
    expect(first('0008 0001 ff030201', 'big').u32()).toBe(0xff03_0201);
    expect(first('0008 0001 fffffffe', 'big').i32()).toBe(-2);
    expect(first('000c 0001 ff07060504030201', 'big').u64()).toBe(0xff07_0605_0403_0201n);
  });

  it('reads network byte order by its flag', () => {
    const reader = first('0600 0140 01ff');
    expect([reader.type, reader.nested, reader.u16()]).toEqual([1, false, 0x01ff]);
  });

  it('reads strings up to a NUL or their end', () => {
    expect(first('0700 0100 6c6f00').string()).toBe('lo');
    expect(first('0600 0100 6c6f').string()).toBe('lo');
    expect(first('0900 0100 6c6f006161').string()).toBe('lo');
    expect(first('0400 0100').string()).toBe('');
    expect(first('0900 0100 c3a9e282ac').string()).toBe('é€');
    expect(first('0600 0100 61ff').string()).toBe('a\uFFFD');
    // Longer than what is read character by character.
    const text = 'x'.repeat(200);
    const bytes = Uint8Array.of(206, 0, 1, 0, ...Buffer.from(text), 0, 0x61);
    const reader = new AttributeReader(bytes, 'little');
    reader.next();
    expect(reader.string()).toBe(text);
  });

  it('walks over padding and tells where attributes are', () => {
    const reader = new AttributeReader(fromHex('0500 0100 ff000000 0400 0280'), 'little', 100);
    const seen: unknown[] = [];
    while (reader.next()) seen.push([reader.type, reader.nested, reader.length, reader.offset]);
    reader.finish();
    expect(seen).toEqual([
      [1, false, 1, 100],
      [2, true, 0, 108],
    ]);
  });

  it('tells nothing at the end, nor after an error, but where that is', () => {
    const reader = new AttributeReader(fromHex('0800 01c0 01020304 0500 0200 05'), 'little', 100);
    const seen: unknown[] = [];
    const look = (): unknown =>
      seen.push([reader.type, reader.nested, reader.length, reader.offset, reader.bytes().length]);
    look();
    while (reader.next()) look();
    look();
    expect([reader.next(), reader.u16()]).toEqual([false, 0]);
    look();
    expect([reader.next(), reader.error?.offset]).toEqual([false, 113]);
    look();
    expect(seen).toEqual([
      [0, false, 0, 96, 0],
      [1, true, 4, 100, 4],
      [2, false, 1, 108, 1],
      [0, false, 0, 113 - 4, 0],
      [0, false, 0, 113 - 4, 0],
      [0, false, 0, 113 - 4, 0],
    ]);
  });

  it('hands out views and raw attributes', () => {
    const bytes = fromHex('0600 01c0 0102 0000');
    const reader = new AttributeReader(bytes, 'little');
    reader.next();
    expect(reader.raw()).toEqual({ type: 0xc001, value: Uint8Array.of(1, 2) });
    expect(reader.bytes().buffer).toBe(bytes.buffer);
  });

  it('reads nests, with or without NLA_F_NESTED', () => {
    for (const type of ['1200', '1280']) {
      const inner = first(`0c00 ${type} 0800 0100 05000000`).nest();
      expect([inner.next(), inner.type, inner.u32(), inner.next()]).toEqual([true, 1, 5, false]);
    }
  });

  const malformed: readonly (readonly [string, string, number])[] = [
    ['a header that is cut off', '0500 01', 10],
    ['a length of 0', '0000 0100', 10],
    ['a length of 2', '0200 0100', 10],
    ['a length of 3', '0300 0100', 10],
    ['a value that is cut off', '0800 0100 0102', 10],
    ['bytes behind the last attribute', '0400 0100 00', 14],
  ];

  it.each(malformed)('stops at %s', (_, hex, offset) => {
    const reader = new AttributeReader(fromHex(hex), 'little', 10);
    while (reader.next());
    expect(reader.error).toMatchObject({ code: 'ERR_RTAP_MALFORMED', offset });
    expect(reader.next()).toBe(false);
    expect(() => reader.finish()).toThrow(reader.error);
  });

  it('keeps the first error of a getter and gives 0', () => {
    const reader = first('0600 0100 0102 0000 0800 0200 01000000');
    expect([reader.u32(), reader.i32(), reader.u64(), reader.u16()]).toEqual([0, 0, 0n, 0x0201]);
    expect(reader.next()).toBe(false);
    expect(() => reader.finish()).toThrow('Attribute value of 2 bytes, not 4, at offset 4');
  });

  it('makes errors in a nest its own', () => {
    const reader = first('0c00 1200 0800 0100 0400 0500 0400 0200');
    const nest = reader.nest();
    nest.next();
    const inner = nest.nest();
    expect([inner.next(), inner.error?.offset]).toEqual([true, undefined]);
    expect(inner.u8()).toBe(0);
    expect(nest.error).toBe(inner.error);
    expect(reader.error).toBe(inner.error);
    expect(reader.next()).toBe(false);
  });

  it('gives nothing before the first attribute and after the last', () => {
    const reader = new AttributeReader(new Uint8Array());
    expect([reader.next(), reader.type, reader.length, reader.string()]).toEqual([false, 0, 0, '']);
    reader.finish();
    expect(reader.u8()).toBe(0);
    expect(() => reader.finish()).toThrow('Attribute value of 0 bytes');
  });
});

describe('a reader of a part', () => {
  it('reads from a view, and from a part of bytes', () => {
    const bytes = fromHex('ffff 0500 0100 ff000000 0500 0200 fe000000 ffffffff');
    for (const source of [bytes, new DataView(bytes.buffer)]) {
      const reader = new AttributeReader(source, 'little', 100, 2, 18);
      const seen: unknown[] = [];
      while (reader.next()) seen.push([reader.type, reader.offset, reader.u8()]);
      reader.finish();
      expect(seen).toEqual([
        [1, 102, 255],
        [2, 110, 254],
      ]);
    }
  });

  it('refuses an attribute that goes beyond the part, though there are bytes', () => {
    const bytes = fromHex('0800 0100 01000000 0800 0200 02000000');
    const reader = new AttributeReader(bytes, 'little', 0, 0, 12);
    while (reader.next());
    expect(reader.error?.message).toBe('Attribute length 8, with 4 bytes left, at offset 8');
  });

  it('reads the attributes of a message, with offsets in it', () => {
    const header = { flags: 0, sequence: 0 };
    const one = encodeLink(RTM_NEWLINK, { name: 'lo' }, header, 'little');
    const two = encodeLink(RTM_NEWLINK, { mtu: 1500 }, header, 'little');
    const datagram = Uint8Array.of(...one, ...two);
    for (const message of messages(datagram, 'little')) {
      for (const same of [message, { ...message, body: message.body.slice() }]) {
        const reader = attributesOf(same, 16, 'little');
        expect([reader.next(), reader.offset]).toEqual([true, 32]);
        const isMtu = reader.type === 4;
        if (isMtu) expect([reader.u32(), reader.u64()]).toEqual([1500, 0n]);
        else expect(reader.string()).toBe('lo');
        expect([reader.next(), reader.error?.offset]).toEqual([false, isMtu ? 36 : undefined]);
      }
    }
  });
});
