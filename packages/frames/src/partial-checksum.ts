/**
 * Checksums that are left to somebody else to finish, as virtio-net, TAP and the kernel
 * (CHECKSUM_PARTIAL) leave them, and checksums kept right while a packet is changed.
 *
 * @module
 */

import { checkInteger, outOfRange } from './argument.ts';
import { writeU16 } from './bytes.ts';
import { fold, sumWords } from './checksum.ts';

/**
 * Writes the unfinished checksum that VIRTIO_NET_HDR_F_NEEDS_CSUM goes with: the folded sum of the
 * pseudo-header, not inverted, in the message's checksum field (virtio 1.2 section 5.1.6.2).
 *
 * @param start - where the TCP or UDP message starts, counted from the start of the bytes: the
 *   frame's offset and the header's `csum_start`.
 * @param offset - where in the message its checksum stands, `csum_offset`: 16 of TCP, 6 of UDP.
 * @param sum - what `pseudoHeaderSum` gives.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE` when the field is not
 *   within `bytes`.
 */
export function writePartialChecksum(
  bytes: Uint8Array,
  start: number,
  offset: number,
  sum: number,
): void {
  checkField(bytes, start, offset, bytes.length);
  checkInteger('sum', sum, 0, Number.MAX_SAFE_INTEGER);
  writeU16(bytes, start + offset, fold(sum));
}

/**
 * Finishes a checksum that was left unfinished: sums all from `start` on, the partial sum in the
 * field included, and puts the result into the field. 0 is written as ffff, the same number, as the
 * kernel does: over UDP 0 would say that there is none.
 *
 * @param start - where the sum starts, counted from the start of the bytes: the frame's offset and
 *   the virtio-net header's `csum_start`.
 * @param offset - where from there the field stands: `csum_offset`.
 * @param end - where the message ends; without it with the bytes.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`; RangeError `ERR_OUT_OF_RANGE` when the field is not
 *   within the range: check what a device said.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const source = frames.parseIpAddress('192.0.2.1');
 * const destination = frames.parseIpAddress('192.0.2.2');
 * const datagram = frames.buildUdp({ source, destination, sourcePort: 1, destinationPort: 2 });
 * const complete = datagram.slice();
 *
 * const sum = frames.pseudoHeaderSum(source, destination, frames.IPPROTO_UDP, datagram.length);
 * frames.writePartialChecksum(datagram, 0, 6, sum);
 * frames.completeChecksum(datagram, 0, 6);
 * console.log(datagram.join() === complete.join()); // true
 * ```
 */
export function completeChecksum(
  bytes: Uint8Array,
  start: number,
  offset: number,
  end: number = bytes.length,
): void {
  checkInteger('end', end, 0, bytes.length);
  checkField(bytes, start, offset, end);
  const sum = ~fold(sumWords(bytes, start, end - start, 0)) & 0xffff;
  writeU16(bytes, start + offset, sum === 0 ? 0xffff : sum);
}

function checkField(bytes: Uint8Array, start: number, offset: number, end: number): void {
  checkInteger('start', start, 0, bytes.length);
  checkInteger('offset', offset, 0, 0xffff);
  if (start + offset + 2 > end) {
    throw outOfRange('offset', `within ${end - start} bytes from ${start}`, offset);
  }
}

/**
 * Computes what a checksum becomes when a part of what it covers changes, without the rest (RFC 1624,
 * equation 3): for a time to live, an address or a port that is rewritten.
 *
 * A UDP checksum of 0 over IPv4 stays 0, and one that comes out as 0 is to be written as ffff: both
 * are left to the caller, who knows that it is UDP.
 *
 * @param checksum - as it stands in the packet, 0 to 65535.
 * @param before - the changed words as they were: one 16-bit word (a port), or the
 *   `onesComplementSum` of several. They stand at an even distance from where the sum starts.
 * @param after - the same words as they are now.
 * @returns what to write into the field.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`.
 * @example
 * ```ts
 * import * as frames from '@rtap/frames';
 *
 * const inside = frames.parseIpAddress('10.0.0.7');
 * const outside = frames.parseIpAddress('192.0.2.1');
 * const destination = frames.parseIpAddress('198.51.100.1');
 * const packet = frames.buildIpv4({ source: inside, destination, protocol: 17 });
 * const checksum = frames.readIpv4(packet)?.checksum ?? 0;
 *
 * packet.set(outside, 12);
 * const { onesComplementSum: sum } = frames;
 * const updated = frames.updateChecksum(checksum, sum(inside), sum(outside));
 * new DataView(packet.buffer).setUint16(10, updated);
 * console.log(frames.checksum(packet, 0, 20)); // 0
 * ```
 */
export function updateChecksum(checksum: number, before: number, after: number): number {
  checkInteger('checksum', checksum, 0, 0xffff);
  checkInteger('before', before, 0, 0xffff);
  checkInteger('after', after, 0, 0xffff);
  return ~fold((~checksum & 0xffff) + (~before & 0xffff) + after) & 0xffff;
}
