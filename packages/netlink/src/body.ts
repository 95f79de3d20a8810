/**
 * What decoders of message bodies share: checks and checked loads.
 *
 * Offsets go in as offsets in the body, and come out in errors as offsets in the message, its
 * header included.
 *
 * @module
 */

import type { RawAttribute } from './attribute.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK, NLMSG_HDRLEN } from './constants.ts';
import { MalformedError } from './errors.ts';
import { loadI32, loadU16, loadU32, loadU64 } from './load.ts';

/** A type whose properties and arrays can be filled. */
export type Filled<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer E)[] | undefined ? E[] | undefined : T[K];
};

/** No attributes: one list for all messages. */
export const NONE: readonly RawAttribute[] = [];

/** Checks that the fixed struct of a message is there. */
export function checkStruct(start: number, end: number, length: number, struct: string): void {
  if (end - start >= length) return;
  throw new MalformedError(
    `Truncated struct ${struct}: ${end - start} bytes, not ${length},`,
    NLMSG_HDRLEN + start,
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

/** The value from `start` to `end` as an unsigned 8-bit number. */
export function valueU8(body: Uint8Array, start: number, end: number): number {
  if (end - start < 1) return short(start, end, 1);
  return body[start]!;
}

/** The value from `start` to `end` as an unsigned 16-bit number. */
export function valueU16(body: Uint8Array, start: number, end: number, little: boolean): number {
  if (end - start < 2) return short(start, end, 2);
  return loadU16(body, start, little);
}

/** The value from `start` to `end` as an unsigned 32-bit number. */
export function valueU32(body: Uint8Array, start: number, end: number, little: boolean): number {
  if (end - start < 4) return short(start, end, 4);
  return loadU32(body, start, little);
}

/** The value from `start` to `end` as a signed 32-bit number. */
export function valueS32(body: Uint8Array, start: number, end: number, little: boolean): number {
  if (end - start < 4) return short(start, end, 4);
  return loadI32(body, start, little);
}

/** The value from `start` to `end` as an unsigned 64-bit number. */
export function valueU64(body: Uint8Array, start: number, end: number, little: boolean): bigint {
  if (end - start < 8) return short(start, end, 8);
  return loadU64(body, start, little);
}

/** The value from `start` to `end` as an unsigned number of 64 bits or, when it is shorter, of 32. */
export function valueUint(body: Uint8Array, start: number, end: number, little: boolean): bigint {
  if (end - start >= 8) return loadU64(body, start, little);
  return BigInt(valueU32(body, start, end, little));
}

/** Throws that the value from `start` to `end` should have been `length` bytes long. */
export function short(start: number, end: number, length: number): never {
  throw new MalformedError(
    `Attribute value of ${end - start} bytes, not ${length},`,
    NLMSG_HDRLEN + start,
  );
}

/** Where a value ends whose attribute has been walked over before. */
export function valueEnd(body: Uint8Array, start: number, little: boolean): number {
  return start - NLA_HDRLEN + loadU16(body, start - NLA_HDRLEN, little);
}

/** Where the value of the last attribute of a type begins; 0 when there is none. */
export function findAttribute(
  body: Uint8Array,
  offset: number,
  little: boolean,
  type: number,
): number {
  let found = 0;
  while (offset < body.length) {
    if ((loadU16(body, offset + 2, little) & NLA_TYPE_MASK) === type) found = offset + NLA_HDRLEN;
    offset += (attributeLength(body, offset, body.length, little) + 3) & ~3;
  }
  return found;
}

/** Adds an attribute to a list that may not be there yet. */
export function push(
  list: RawAttribute[] | undefined,
  type: number,
  body: Uint8Array,
  start: number,
  end: number,
): RawAttribute[] {
  const attribute = { type, value: body.subarray(start, end) };
  if (list === undefined) return [attribute];
  list.push(attribute);
  return list;
}

/** Keeps what has no property of its own. */
export function keep(
  into: { unknown?: RawAttribute[] | undefined },
  type: number,
  body: Uint8Array,
  start: number,
  end: number,
): void {
  into.unknown = push(into.unknown, type, body, start, end);
}

/** Keeps what has no property of its own, in a request. */
export function keepRaw(
  into: { raw?: RawAttribute[] | undefined },
  type: number,
  body: Uint8Array,
  start: number,
  end: number,
): void {
  into.raw = push(into.raw, type, body, start, end);
}
