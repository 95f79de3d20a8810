/**
 * The Internet checksum (RFC 1071) and the pseudo-headers that UDP and ICMPv6 sum along with it.
 *
 * @module
 */

import { checkBytes, checkInteger, outOfRange } from './argument.ts';
import { isRange, readU16 } from './bytes.ts';

/**
 * Adds up big-endian 16-bit words without folding the carries; internal. An odd last byte counts as
 * the high half of a word. Exact: a number holds the sum of far more words than memory has.
 */
export function sumWords(
  bytes: Uint8Array,
  offset: number,
  length: number,
  initial: number,
): number {
  let sum = initial;
  const even = offset + (length & ~1);
  for (let i = offset; i < even; i += 2) sum += readU16(bytes, i);
  if ((length & 1) !== 0) sum += bytes[even]! << 8;
  return sum;
}

/** Folds the carries of a sum back into 16 bits; internal. */
export function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/**
 * Computes the Internet checksum of a range: the one's complement of the one's complement sum of its
 * 16-bit words (RFC 1071).
 *
 * Over a range whose own checksum field is zero it gives the value for that field; over one whose
 * field is filled in it gives 0 exactly when the checksum is right. An odd last byte counts as the
 * high half of a word, wherever the range starts.
 *
 * @param initial - a sum to start from, such as {@link pseudoHeaderSum} gives; not inverted.
 * @throws RangeError `ERR_OUT_OF_RANGE` when the range is not within `bytes`.
 * @example
 * ```ts
 * import { checksum } from '@rtap/frames';
 *
 * // The bytes of RFC 1071 section 3: their sum is 0xddf2, the checksum its complement.
 * const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
 * console.log(checksum(bytes).toString(16)); // 220d
 * ```
 */
export function checksum(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
  initial = 0,
): number {
  if (!isRange(bytes, offset, length, 0)) {
    throw outOfRange('length', `within ${bytes.length} bytes from offset ${offset}`, length);
  }
  return ~fold(sumWords(bytes, offset, length, initial)) & 0xffff;
}

/**
 * Sums the pseudo-header of IPv4 (RFC 768) or IPv6 (RFC 8200 section 8.1), to be the `initial` of
 * {@link checksum}. For a packet read by `readIpv4` or `readIpv6` the header has it already.
 *
 * @param source - 4 or 16 bytes.
 * @param destination - as many bytes as `source`.
 * @param protocol - of the message that is summed: `IPPROTO_UDP`, `IPPROTO_ICMPV6`.
 * @param length - bytes of that message, its header included.
 * @returns the sum, neither folded nor inverted.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 */
export function pseudoHeaderSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  checkAddressPair(source, destination);
  checkInteger('protocol', protocol, 0, 0xff);
  checkInteger('length', length, 0, 0xffffffff);
  const addresses = sumWords(source, 0, source.length, 0);
  return sumWords(destination, 0, destination.length, addresses + protocolSum(protocol, length));
}

/** Sums what stands behind the addresses in either pseudo-header; internal. */
export function protocolSum(protocol: number, length: number): number {
  return protocol + (length >>> 16) + (length & 0xffff);
}

/** Throws unless both are IPv4 addresses or both are IPv6 addresses; internal. */
function checkAddressPair(source: Uint8Array, destination: Uint8Array): void {
  checkBytes('source', source, 4, 16);
  if (source.length !== 4 && source.length !== 16) {
    throw outOfRange('source', '4 or 16 bytes long', `${source.length} bytes`);
  }
  checkBytes('destination', destination, source.length, source.length);
}
