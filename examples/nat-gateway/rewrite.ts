/**
 * Fields of a packet that are changed, and the checksums that go with them (RFC 1624).
 *
 * @module
 */

import { onesComplementSum, updateChecksum } from '@rtap/frames';

/** Reads a 16-bit word in network byte order. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

/** Writes one. */
export function writeU16(bytes: Uint8Array, offset: number, word: number): void {
  bytes[offset] = word >>> 8;
  bytes[offset + 1] = word & 0xff;
}

/** A hop less; false when there was none left, and nothing is changed. */
export function decreaseTimeToLive(frame: Uint8Array, ip: number): boolean {
  const before = readU16(frame, ip + 8);
  if (before >>> 8 <= 1) return false;
  writeU16(frame, ip + 8, before - 0x100);
  update(frame, ip + 10, before, before - 0x100);
  return true;
}

/**
 * Writes an address of the IPv4 header at `ip`.
 *
 * @param field - where in the header the address is.
 * @param checksum - where the payload's checksum is; 0: there is none.
 * @param pseudo - whether that one covers the address.
 */
export function rewriteAddress(
  frame: Uint8Array,
  ip: number,
  field: number,
  address: Uint8Array,
  checksum: number,
  pseudo: boolean,
): void {
  const place = frame.subarray(ip + field, ip + field + 4);
  const [before, after] = [onesComplementSum(place), onesComplementSum(address)];
  place.set(address);
  update(frame, ip + 10, before, after);
  if (pseudo && checksum !== 0) update(frame, checksum, before, after);
}

/** Writes a port, and keeps the checksum true that covers it. */
export function rewritePort(
  frame: Uint8Array,
  offset: number,
  port: number,
  checksum: number,
): void {
  const before = readU16(frame, offset);
  writeU16(frame, offset, port);
  if (checksum !== 0) update(frame, checksum, before, port);
}

function update(frame: Uint8Array, offset: number, before: number, after: number): void {
  const updated = updateChecksum(readU16(frame, offset), before, after);
  // 0 would say of UDP that there is none; ffff is the same sum to all.
  writeU16(frame, offset, updated === 0 ? 0xffff : updated);
}
