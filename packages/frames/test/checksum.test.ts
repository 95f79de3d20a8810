import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksum, pseudoHeaderSum } from '../src/index.ts';
import { A, B, ECHO_REQUEST, hex, UDP, UDP6 } from './captured.ts';
import { pseudoHeader, referenceChecksum } from './reference.ts';

test('RFC 1071 section 3: the example sums to ddf2', () => {
  expect(checksum(hex('0001 f203 f4f5 f6f7'))).toBe(0xffff - 0xddf2);
});

test('a header whose checksum is filled in gives 0, with the field cleared the field', () => {
  expect(checksum(ECHO_REQUEST, 14, 20)).toBe(0);
  const cleared = ECHO_REQUEST.slice();
  cleared.fill(0, 24, 26);
  expect(checksum(cleared, 14, 20)).toBe(0xf674);
});

test('an empty range and one of zeros give ffff, one of ones gives 0', () => {
  expect(checksum(new Uint8Array(0))).toBe(0xffff);
  expect(checksum(new Uint8Array(9))).toBe(0xffff);
  expect(checksum(new Uint8Array(8).fill(0xff))).toBe(0);
});

test('odd lengths and offsets', () => {
  expect(checksum(hex('ff 01 02 03'), 1, 3)).toBe(0xffff - 0x0402);
  expect(checksum(hex('ab'))).toBe(0xffff - 0xab00);
});

test('more carries than 32 bits hold', () => {
  const bytes = new Uint8Array(300_001).fill(0xfe);
  expect(checksum(bytes)).toBe(referenceChecksum(bytes));
});

test('agrees with the reference wherever the range stands', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(200),
      fc.nat(200),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (bytes, from, to, address) => {
        const start = Math.min(from, bytes.length);
        const end = Math.max(start, Math.min(to, bytes.length));
        const range = bytes.slice(start, end);
        expect(checksum(bytes, start, end - start)).toBe(referenceChecksum(range));
        const initial = pseudoHeaderSum(address, B.ipv6, 58, range.length);
        expect(checksum(bytes, start, end - start, initial)).toBe(
          referenceChecksum(pseudoHeader(address, B.ipv6, 58, range.length), range),
        );
      },
    ),
  );
});

test('the pseudo-header sums are those that the kernel left for the device', () => {
  const fold = (sum: number): number => ~checksum(new Uint8Array(0), 0, 0, sum) & 0xffff;
  expect(fold(pseudoHeaderSum(A.ipv4, B.ipv4, 17, 13))).toBe((UDP[40]! << 8) | UDP[41]!);
  expect(fold(pseudoHeaderSum(A.ipv6, B.ipv6, 17, 13))).toBe((UDP6[60]! << 8) | UDP6[61]!);
});

test('the pseudo-header of IPv6 has a length of 32 bits', () => {
  const sum = pseudoHeaderSum(A.ipv6, B.ipv6, 17, 0x12345678);
  expect(checksum(new Uint8Array(0), 0, 0, sum)).toBe(
    referenceChecksum(pseudoHeader(A.ipv6, B.ipv6, 17, 0x12345678)),
  );
});

test('refuses ranges beyond the bytes and addresses that do not match', () => {
  const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  const four = new Uint8Array(4);
  expect(() => checksum(four, 2, 3)).toThrow(outOfRange);
  expect(() => checksum(four, -1, 2)).toThrow(outOfRange);
  expect(() => checksum(four, 5)).toThrow(outOfRange);
  expect(() => pseudoHeaderSum(A.ipv4, B.ipv6, 17, 8)).toThrow(outOfRange);
  expect(() => pseudoHeaderSum(new Uint8Array(6), B.ipv4, 17, 8)).toThrow(outOfRange);
  expect(() => pseudoHeaderSum(A.ipv4, B.ipv4, 256, 8)).toThrow(outOfRange);
});
