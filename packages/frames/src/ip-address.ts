/**
 * IP addresses: text to bytes and back, in the one form of RFC 5952, and solicited-node groups.
 *
 * @module
 */

import { checkBytes, checkString, outOfRange } from './argument.ts';
import { filledWith, readU16, writeU16 } from './bytes.ts';

const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/;
const HEXADECIMAL = /^[0-9a-f]{1,4}$/i;

function parseIpv4(text: string): Uint8Array<ArrayBuffer> | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  // No leading zero: some programs take 010 for eight, so it has no one meaning.
  if (!parts.every((part) => DECIMAL.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

/** The 16-bit groups of one side of a `::`; `tail` may be written as an IPv4 address. */
function parseGroups(text: string, withTail: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const embedded = withTail && index === parts.length - 1 ? parseIpv4(part) : undefined;
    if (embedded !== undefined) groups.push(readU16(embedded, 0), readU16(embedded, 2));
    else if (HEXADECIMAL.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseIpv6(text: string): Uint8Array<ArrayBuffer> | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const head = parseGroups(sides[0] ?? '', sides.length === 1);
  const tail = parseGroups(sides[1] ?? '', true);
  if (head === undefined || tail === undefined) return undefined;
  const count = head.length + tail.length;
  if (sides.length === 1 ? count !== 8 : count > 7) return undefined;
  const address = new Uint8Array(16);
  head.forEach((group, i) => writeU16(address, 2 * i, group));
  tail.forEach((group, i) => writeU16(address, 16 - 2 * (tail.length - i), group));
  return address;
}

/**
 * Parses an IPv4 address in dotted decimal or an IPv6 address in any form of RFC 4291 section 2.2.
 *
 * Leading zeros in IPv4, prefix lengths and zones (`fe80::1%eth0`) are refused.
 *
 * @returns 4 or 16 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE` unless it is a string; RangeError `ERR_OUT_OF_RANGE`
 *   when it is no IP address.
 * @example
 * ```ts
 * import { formatIpAddress, parseIpAddress } from '@rtap/frames';
 *
 * console.log(parseIpAddress('192.0.2.1').length); // 4
 * console.log(formatIpAddress(parseIpAddress('2001:DB8:0:0:0:0:0:1'))); // 2001:db8::1
 * ```
 */
export function parseIpAddress(text: string): Uint8Array<ArrayBuffer> {
  checkString('text', text);
  const address = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  if (address === undefined) throw outOfRange('text', 'an IPv4 or IPv6 address', text);
  return address;
}

/**
 * Formats an IP address: dotted decimal, or the canonical form of RFC 5952 with IPv4-mapped
 * addresses as `::ffff:192.0.2.1` (section 5).
 *
 * @param address - 4 or 16 bytes.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function formatIpAddress(address: Uint8Array): string {
  checkBytes('address', address, 4, 16);
  if (address.length === 4) return address.join('.');
  if (address.length !== 16) {
    throw outOfRange('address', '4 or 16 bytes long', `${address.length} bytes`);
  }
  if (filledWith(address, 0, 10, 0) && readU16(address, 10) === 0xffff) {
    return `::ffff:${address.subarray(12).join('.')}`;
  }
  const groups = Array.from({ length: 8 }, (_, i) => readU16(address, 2 * i));
  const [start, length] = longestZeroRun(groups);
  const text = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

/** Where the longest run of zero groups starts, and its length; the first of equals. */
function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}

/**
 * Makes the solicited-node multicast address of an IPv6 address: `ff02::1:ff` and its last 24 bits
 * (RFC 4291 section 2.7.1).
 *
 * @param address - 16 bytes.
 * @returns 16 bytes of its own.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function solicitedNodeAddress(address: Uint8Array): Uint8Array<ArrayBuffer> {
  checkBytes('address', address, 16, 16);
  const group = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xff, 0, 0, 0);
  group.set(address.subarray(13), 13);
  return group;
}
