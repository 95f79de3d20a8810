/**
 * The Internet checksum (RFC 1071) and the pseudo-headers that TCP, UDP and ICMPv6 sum along
 * with it.
 *
 * @module
 */

import { checkBytes, checkInteger, outOfRange } from './argument.ts';
import { isRange } from './bytes.ts';

/** Below it a `DataView` costs more to make than it gains. */
const VIEW_FROM = 128;
/** Bytes that four 32-bit accumulators of 16-bit words can take in without overflowing. */
const VIEW_PIECE = 0x20000;

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
  let start = offset;
  let rest = length;
  while (rest >= VIEW_FROM) {
    const piece = Math.min(rest & ~15, VIEW_PIECE);
    sum += sumPiece(bytes, start, piece);
    start += piece;
    rest -= piece;
  }
  // Whole numbers of 32 bits alone: one that may outgrow them makes each addition one of doubles.
  let high = 0;
  let low = 0;
  const even = start + (rest & ~1);
  for (let i = start; i < even; i += 2) {
    high = (high + bytes[i]!) | 0;
    low = (low + bytes[i + 1]!) | 0;
  }
  if ((rest & 1) !== 0) high += bytes[even]!;
  return sum + high * 0x100 + low;
}

/**
 * Sums a multiple of 16 bytes by 32-bit loads, three times as fast as by bytes. Sums of whole 32-bit
 * words would fold to the same, but not tell nothing but zeros from other multiples of ffff.
 */
function sumPiece(bytes: Uint8Array, offset: number, length: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  let high = 0;
  let low = 0;
  let otherHigh = 0;
  let otherLow = 0;
  for (let i = 0; i < length; i += 16) {
    const a = view.getInt32(i);
    const b = view.getInt32(i + 4);
    const c = view.getInt32(i + 8);
    const d = view.getInt32(i + 12);
    high = (high + (a >>> 16) + (c >>> 16)) | 0;
    low = (low + (a & 0xffff) + (c & 0xffff)) | 0;
    otherHigh = (otherHigh + (b >>> 16) + (d >>> 16)) | 0;
    otherLow = (otherLow + (b & 0xffff) + (d & 0xffff)) | 0;
  }
  return high + low + otherHigh + otherLow;
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
  return ~onesComplementSum(bytes, offset, length, initial) & 0xffff;
}

/**
 * Sums the 16-bit words of a range in one's complement (RFC 1071): what {@link checksum} inverts, and
 * `updateChecksum` wants of what was changed.
 *
 * @param initial - a sum to start from.
 * @returns 0 to 65535; 0 only when every byte is 0.
 * @throws RangeError `ERR_OUT_OF_RANGE` when the range is not within `bytes`.
 */
export function onesComplementSum(
  bytes: Uint8Array,
  offset = 0,
  length: number = bytes.length - offset,
  initial = 0,
): number {
  if (!isRange(bytes, offset, length, 0)) {
    throw outOfRange('length', `within ${bytes.length} bytes from offset ${offset}`, length);
  }
  return fold(sumWords(bytes, offset, length, initial));
}

/**
 * Sums the pseudo-header of IPv4 (RFC 768) or IPv6 (RFC 8200 section 8.1), to be the `initial` of
 * {@link checksum}. For a packet read by `readIpv4` or `readIpv6` the header has it already.
 *
 * @param source - 4 or 16 bytes.
 * @param destination - as many bytes as `source`.
 * @param protocol - of the message that is summed: `IPPROTO_TCP`, `IPPROTO_UDP`, `IPPROTO_ICMPV6`.
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
