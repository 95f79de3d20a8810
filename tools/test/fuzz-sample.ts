/**
 * Something that breaks behind several conditions: for the test of the fuzzer, in a file of its own as
 * that is what coverage is told by.
 *
 * @module
 */

/** Throws when the bytes are a certain attribute; each part of the condition is a block of code. */
export function hidden(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 8) return;
  let matched = 0;
  if (view.getUint16(2, true) === 3) {
    matched += 1;
    if (bytes[4] === 255) {
      matched += 1;
      if (bytes[5] === 127) {
        matched += 1;
        if (bytes.length > 20) throw new Error(`found after ${matched}`);
      }
    }
  }
}
