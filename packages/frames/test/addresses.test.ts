import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatIpAddress,
  formatMacAddress,
  multicastMacAddress,
  parseIpAddress,
  parseMacAddress,
  solicitedNodeAddress,
} from '../src/index.ts';
import { hex, toHex } from './captured.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
const invalidType = expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });

describe('MAC addresses', () => {
  test('are read with colons or hyphens, in either case, and shown one way', () => {
    expect(toHex(parseMacAddress('02:00:5e:00:53:af'))).toBe('02005e0053af');
    expect(toHex(parseMacAddress('02-00-5E-00-53-AF'))).toBe('02005e0053af');
    expect(formatMacAddress(hex('02005e0053af'))).toBe('02:00:5e:00:53:af');
  });

  test.each([
    '',
    '02:00:5e:00:53',
    '02:00:5e:00:53:01:02',
    '2:0:5e:0:53:1',
    '02:00-5e:00:53:01',
    '02:00:5e:00:53:0g',
    ' 02:00:5e:00:53:01',
    '02:00:5e:00:53:01\n',
    '02005e005301',
  ])('%j is none', (text) => {
    expect(() => parseMacAddress(text)).toThrow(outOfRange);
  });

  test('of the wrong type or length are refused with Node’s codes', () => {
    // @ts-expect-error: what a JavaScript caller may hand in
    expect(() => parseMacAddress(12)).toThrow(invalidType);
    // @ts-expect-error: what a JavaScript caller may hand in
    expect(() => formatMacAddress([1, 2, 3, 4, 5, 6])).toThrow(invalidType);
    expect(() => formatMacAddress(new Uint8Array(5))).toThrow(outOfRange);
    expect(() => parseMacAddress('x')).toThrow(
      `The value of "text" is out of range. It must be a MAC address as 02:00:00:00:00:01. Received 'x'`,
    );
  });

  test('of groups: RFC 1112 section 6.4, RFC 2464 section 7', () => {
    // 224.0.0.251 and 239.128.0.251 share one: only 23 bits are taken.
    expect(formatMacAddress(multicastMacAddress(hex('e00000fb')))).toBe('01:00:5e:00:00:fb');
    expect(formatMacAddress(multicastMacAddress(hex('ef8000fb')))).toBe('01:00:5e:00:00:fb');
    const group = parseIpAddress('ff02::1:ff9a:bcde');
    expect(formatMacAddress(multicastMacAddress(group))).toBe('33:33:ff:9a:bc:de');
    expect(() => multicastMacAddress(parseIpAddress('192.0.2.1'))).toThrow(outOfRange);
    expect(() => multicastMacAddress(parseIpAddress('fe80::1'))).toThrow(outOfRange);
    expect(() => multicastMacAddress(hex('ff02000000'))).toThrow(outOfRange);
  });
});

describe('IP addresses', () => {
  test.each([
    // RFC 5952 section 4.1: leading zeros go
    ['2001:0db8::0001', '2001:db8::1'],
    // 4.2.1: shorten as much as possible
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8::0:1', '2001:db8::1'],
    // 4.2.2: not one group alone
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    // 4.2.3: the longest run, the first of equals
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    // 4.3: lower case
    ['2001:DB8::ABCD:EF12', '2001:db8::abcd:ef12'],
    // 5: IPv4-mapped
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['fe80::', 'fe80::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
  ])('%s is shown as %s', (text, canonical) => {
    expect(formatIpAddress(parseIpAddress(text))).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.',
    '0x1.2.3.4',
    '1.2.3.4/24',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    ':1::2',
    '1::2:',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '::1/128',
    '::ffff:1.2.3.04',
  ])('%j is none', (text) => {
    expect(isIP(text) === 0 || text.includes('%')).toBe(true);
    expect(() => parseIpAddress(text)).toThrow(outOfRange);
  });

  test('agree with Node on any text that looks like one', () => {
    const part = fc.oneof(
      fc.constantFrom('::', ':', '.', '1.2.3.4', '0', '00', '255', '256', 'ffff', 'Abc', '12345'),
      fc.nat(70_000).map((n) => n.toString(16)),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 17 }), (parts) => {
        const text = parts.join('');
        if (isIP(text) === 0) expect(() => parseIpAddress(text)).toThrow(outOfRange);
        else expect(parseIpAddress(text)).toHaveLength(isIP(text) === 4 ? 4 : 16);
      }),
      { numRuns: 2000 },
    );
  });

  test('any address is read back, and Node’s form of it is the same address', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0xff), fc.nat(255));
    const address = fc.oneof(
      fc.array(byte, { minLength: 4, maxLength: 4 }),
      fc.array(byte, { minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(address, (bytes) => {
        const text = formatIpAddress(Uint8Array.from(bytes));
        expect([...parseIpAddress(text)]).toEqual(bytes);
        const family = bytes.length === 4 ? 'ipv4' : 'ipv6';
        const other = new SocketAddress({ address: text, family }).address;
        expect([...parseIpAddress(other)]).toEqual(bytes);
      }),
    );
  });

  test('of the wrong type or length are refused with Node’s codes', () => {
    // @ts-expect-error: what a JavaScript caller may hand in
    expect(() => parseIpAddress(undefined)).toThrow(invalidType);
    // @ts-expect-error: what a JavaScript caller may hand in
    expect(() => formatIpAddress('192.0.2.1')).toThrow(invalidType);
    expect(() => formatIpAddress(new Uint8Array(8))).toThrow(outOfRange);
  });

  test('have a solicited-node group: the example of RFC 4291 section 2.7.1', () => {
    const group = solicitedNodeAddress(parseIpAddress('4037::01:800:200e:8c6c'));
    expect(formatIpAddress(group)).toBe('ff02::1:ff0e:8c6c');
    expect(() => solicitedNodeAddress(new Uint8Array(4))).toThrow(outOfRange);
  });
});
