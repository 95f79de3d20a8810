/**
 * Loads of numbers and strings from bytes, in either byte order.
 *
 * Loads byte by byte: measured on link dumps it is a fifth faster than a DataView a message, whose
 * making costs more than it saves. Callers have checked that the bytes are there.
 *
 * @module
 */

const TWO_TO_32 = 4_294_967_296;
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Loads an unsigned 8-bit number. */
export function loadU8(bytes: Uint8Array, offset: number): number {
  return bytes[offset]!;
}

/** Loads an unsigned 16-bit number. */
export function loadU16(bytes: Uint8Array, offset: number, little: boolean): number {
  return little
    ? bytes[offset]! | (bytes[offset + 1]! << 8)
    : (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** Loads a signed 32-bit number. */
export function loadI32(bytes: Uint8Array, offset: number, little: boolean): number {
  return little
    ? bytes[offset]! |
        (bytes[offset + 1]! << 8) |
        (bytes[offset + 2]! << 16) |
        (bytes[offset + 3]! << 24)
    : (bytes[offset]! << 24) |
        (bytes[offset + 1]! << 16) |
        (bytes[offset + 2]! << 8) |
        bytes[offset + 3]!;
}

/** Loads an unsigned 32-bit number. */
export function loadU32(bytes: Uint8Array, offset: number, little: boolean): number {
  return loadI32(bytes, offset, little) >>> 0;
}

/** Loads an unsigned 64-bit number. */
export function loadU64(bytes: Uint8Array, offset: number, little: boolean): bigint {
  const first = loadI32(bytes, offset, little);
  const second = loadI32(bytes, offset + 4, little);
  // Most counters are 0: that bigint is there already, and none is made.
  return (first | second) === 0 ? 0n : joinU64(first, second, little);
}

/** Makes a number of two words, in the order in which they stand. */
function joinU64(first: number, second: number, little: boolean): bigint {
  const high = (little ? second : first) >>> 0;
  const low = (little ? first : second) >>> 0;
  // Up to 2^53 one bigint is made instead of four.
  return high < 0x20_0000 ? BigInt(high * TWO_TO_32 + low) : (BigInt(high) << 32n) | BigInt(low);
}

/** Loads a string of UTF-8 that ends at a NUL or at `end`. What is not UTF-8 becomes U+FFFD. */
export function loadString(bytes: Uint8Array, start: number, end: number): string {
  // Names are short and ASCII: adding up characters is far cheaper than calling the decoder.
  let text = '';
  for (let offset = start; offset < end; offset += 1) {
    const byte = bytes[offset]!;
    if (byte === 0) return text;
    if (byte > 127 || offset - start > 63) return decode(bytes, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  // Looked for in the value only: very many values without a NUL would each be a walk to the end.
  const value = bytes.subarray(start, end);
  const nul = value.indexOf(0);
  // A browser's decoder refuses shared memory, so it gets a copy.
  return decoder.decode(new Uint8Array(nul < 0 ? value : value.subarray(0, nul)));
}
