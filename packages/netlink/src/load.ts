/**
 * Loads of what a DataView has no method for, or is slow at.
 *
 * Callers have checked that the bytes are there.
 *
 * @module
 */

const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** Loads an unsigned 64-bit number. */
export function loadU64(view: DataView, offset: number, little: boolean): bigint {
  // Most counters are 0: that bigint is there already, and none is made.
  return (view.getInt32(offset, little) | view.getInt32(offset + 4, little)) === 0
    ? 0n
    : view.getBigUint64(offset, little);
}

/** Loads a string of UTF-8 that ends at a NUL or at `end`. What is not UTF-8 becomes U+FFFD. */
export function loadString(view: DataView, start: number, end: number): string {
  let offset = start;
  let bits = 0;
  for (; offset < end; offset += 1) {
    const byte = view.getUint8(offset);
    if (byte === 0) break;
    bits |= byte;
  }
  // Names are short and ASCII: their characters are put together faster than the decoder is called.
  return bits > 127 || offset - start > 32
    ? decode(view, start, offset)
    : loadAscii(view, start, offset);
}

function loadAscii(view: DataView, start: number, end: number): string {
  let text = '';
  let offset = start;
  for (; end - offset >= 4; offset += 4) {
    text += String.fromCharCode(
      view.getUint8(offset),
      view.getUint8(offset + 1),
      view.getUint8(offset + 2),
      view.getUint8(offset + 3),
    );
  }
  switch (end - offset) {
    case 3:
      return (
        text +
        String.fromCharCode(
          view.getUint8(offset),
          view.getUint8(offset + 1),
          view.getUint8(offset + 2),
        )
      );
    case 2:
      return text + String.fromCharCode(view.getUint8(offset), view.getUint8(offset + 1));
    case 1:
      return text + String.fromCharCode(view.getUint8(offset));
    default:
      return text;
  }
}

function decode(view: DataView, start: number, end: number): string {
  // A browser's decoder refuses shared memory, so it gets a copy.
  return decoder.decode(
    new Uint8Array(new Uint8Array(view.buffer, view.byteOffset + start, end - start)),
  );
}
