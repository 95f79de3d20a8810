/**
 * What decoders of message bodies share: checks and checked loads.
 *
 * Offsets go in as offsets in the body, and come out in errors as offsets in the message, its
 * header included.
 *
 * @module
 */

import type { RawAttribute } from './attribute.ts';
import { NLA_HDRLEN, NLMSG_HDRLEN } from './constants.ts';
import { MalformedError } from './errors.ts';
import { loadI32, loadU16, loadU32 } from './load.ts';

/** Checks that a body holds the fixed struct of its message. */
export function checkHeader(body: Uint8Array, length: number, struct: string): void {
  if (body.length >= length) return;
  throw new MalformedError(
    `Truncated struct ${struct}: ${body.length} bytes, not ${length},`,
    NLMSG_HDRLEN,
  );
}

/** Length of the attribute at `offset`, header included: at least 4 and not beyond `end`. */
export function attributeLength(
  body: Uint8Array,
  offset: number,
  end: number,
  little: boolean,
): number {
  const left = end - offset;
  if (left >= NLA_HDRLEN) {
    const length = loadU16(body, offset, little);
    if (length >= NLA_HDRLEN && length <= left) return length;
    throw new MalformedError(
      `Attribute length ${length}, with ${left} bytes left,`,
      NLMSG_HDRLEN + offset,
    );
  }
  throw new MalformedError('Truncated attribute header', NLMSG_HDRLEN + offset);
}

/** Checks that the value from `start` to `end` has at least `length` bytes; longer is fine. */
export function checkValue(start: number, end: number, length: number): void {
  if (end - start < length) short(start, end, length);
}

/** The value from `start` to `end` as an unsigned 32-bit number. */
export function valueU32(body: Uint8Array, start: number, end: number, little: boolean): number {
  if (end - start < 4) return short(start, end, 4);
  return loadU32(body, start, little);
}

/** The value from `start` to `end` as a signed 32-bit number. */
export function valueI32(body: Uint8Array, start: number, end: number, little: boolean): number {
  if (end - start < 4) return short(start, end, 4);
  return loadI32(body, start, little);
}

/** The value from `start` to `end` as an unsigned 8-bit number. */
export function valueU8(body: Uint8Array, start: number, end: number): number {
  if (end - start < 1) return short(start, end, 1);
  return body[start]!;
}

/** Throws that the value from `start` to `end` should have been `length` bytes long. */
export function short(start: number, end: number, length: number): never {
  throw new MalformedError(
    `Attribute value of ${end - start} bytes, not ${length},`,
    NLMSG_HDRLEN + start,
  );
}

/**
 * Collects the attributes from `offset` on for which `wanted` says so. They have been walked
 * before, so their lengths are known to be right.
 */
export function collectAttributes(
  body: Uint8Array,
  offset: number,
  little: boolean,
  wanted: (type: number, start: number, end: number) => boolean,
): RawAttribute[] {
  const found: RawAttribute[] = [];
  while (offset < body.length) {
    const length = attributeLength(body, offset, body.length, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    if (wanted(type, start, end)) found.push({ type, value: body.subarray(start, end) });
    offset += (length + 3) & ~3;
  }
  return found;
}
