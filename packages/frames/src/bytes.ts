/**
 * Reading and writing big-endian fields in a `Uint8Array`; internal. A `DataView` would be one more
 * object for every frame. The callers have checked the bounds.
 *
 * @module
 */

/** What a header that has read nothing yet is a view of. */
export const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Reads the byte at `offset`. */
export function readU8(bytes: Uint8Array, offset: number): number {
  return bytes[offset]!;
}

/** Reads 16 bits in network order. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** Reads 32 bits in network order, without sign. */
export function readU32(bytes: Uint8Array, offset: number): number {
  return ((readU16(bytes, offset) << 16) | readU16(bytes, offset + 2)) >>> 0;
}

/** Writes 16 bits in network order; higher bits are dropped. */
export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Writes 32 bits in network order. */
export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  writeU16(bytes, offset, value >>> 16);
  writeU16(bytes, offset + 2, value);
}

/** Tells whether all of `expected` stands at `offset`. */
export function holdsAt(bytes: Uint8Array, offset: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) {
    if (bytes[offset + i] !== expected[i]) return false;
  }
  return true;
}

/** Tells whether `length` bytes at `offset` all have the value `value`. */
export function filledWith(
  bytes: Uint8Array,
  offset: number,
  length: number,
  value: number,
): boolean {
  for (let i = 0; i < length; i++) {
    if (bytes[offset + i] !== value) return false;
  }
  return true;
}

/** Tells whether `length` bytes from `offset` on lie within `bytes`, and at least `least` of them. */
export function isRange(bytes: Uint8Array, offset: number, length: number, least: number): boolean {
  return offset >= 0 && length >= least && length <= bytes.length - offset;
}
