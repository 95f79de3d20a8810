/**
 * Byte order.
 *
 * Netlink is in the byte order of the host. It is a parameter everywhere, so that what a machine of
 * the other order sent can be read, and tested.
 *
 * @module
 */

/** A byte order. */
export type Endian = 'little' | 'big';

/** The byte order of the machine this runs on: the default of every `endian` parameter. */
export const hostEndian: Endian =
  /* @__PURE__ */ new Uint8Array(/* @__PURE__ */ new Uint16Array([1]).buffer)[0] === 1
    ? 'little'
    : 'big';
