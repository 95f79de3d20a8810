/**
 * Checksums by another road: the bytes as one big number, modulo 0xffff. Slow, and nothing like the
 * code that it judges.
 *
 * @module
 */

import { toHex } from './captured.ts';

/** The Internet checksum of these parts, one behind the other. */
export function referenceChecksum(...parts: readonly Uint8Array[]): number {
  const digits = parts.map(toHex).join('');
  const padded = digits.length % 4 === 0 ? digits : `${digits}00`;
  const number = BigInt(`0x0${padded}`);
  // One's complement has two zeros: only a sum over nothing but zeros is the positive one.
  if (number === 0n) return 0xffff;
  return 0xffff - (Number(number % 0xffffn) || 0xffff);
}

/** The pseudo-header of IPv4 or IPv6, as bytes. */
export function pseudoHeader(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const tail =
    source.length === 4
      ? [0, protocol, length >> 8, length]
      : [length >>> 24, length >> 16, length >> 8, length, 0, 0, 0, protocol];
  return Uint8Array.of(...source, ...destination, ...tail);
}
