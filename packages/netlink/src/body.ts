/**
 * What decoders of message bodies share: checks and checked loads.
 *
 * Offsets go in as offsets in the source's view, and come out in errors as offsets in the message,
 * its header included.
 *
 * @module
 */

import type { RawAttribute } from './attribute.ts';
import { NLA_HDRLEN } from './constants.ts';
import type { MalformedError } from './errors.ts';
import { loadString, loadU64 } from './load.ts';
import { bodySource, malformed, type MessageSource, valueBytes } from './source.ts';

/** A type whose properties and arrays can be filled. */
export type Filled<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer E)[] | undefined ? E[] | undefined : T[K];
};

/** No attributes: one list for all messages. */
export const NONE: readonly RawAttribute[] = [];

/** Checks that the fixed struct of a message is there. */
export function checkStruct(
  source: MessageSource,
  start: number,
  end: number,
  length: number,
  struct: string,
): void {
  if (end - start >= length) return;
  throw malformed(
    source,
    `Truncated struct ${struct}: ${end - start} bytes, not ${length},`,
    start,
  );
}

/** Length of the attribute at `offset`, header included: at least 4 and not beyond `end`. */
export function attributeLength(source: MessageSource, offset: number, end: number): number {
  const left = end - offset;
  // 4 is NLA_HDRLEN, in words that the engine can be sure of: an import may be anything to it.
  if (left >= 4) {
    const length = source.view.getUint16(offset, source.little);
    if (length >= 4 && length <= left) return length;
  }
  throw malformedAttribute(source, offset, left);
}

function malformedAttribute(source: MessageSource, offset: number, left: number): MalformedError {
  if (left < NLA_HDRLEN) return malformed(source, 'Truncated attribute header', offset);
  const length = source.view.getUint16(offset, source.little);
  return malformed(source, `Attribute length ${length}, with ${left} bytes left,`, offset);
}

/** Checks that the value from `start` to `end` has at least `length` bytes; longer is fine. */
export function checkValue(
  source: MessageSource,
  start: number,
  end: number,
  length: number,
): void {
  if (end - start < length) short(source, start, end, length);
}

/** The value from `start` to `end` as a boolean: not 0 is true. */
export function valueBool(source: MessageSource, start: number, end: number): boolean {
  return valueU8(source, start, end) !== 0;
}

/** The value from `start` to `end` as an unsigned 8-bit number. */
export function valueU8(source: MessageSource, start: number, end: number): number {
  if (end - start < 1) return short(source, start, end, 1);
  return source.view.getUint8(start);
}

/** The value from `start` to `end` as an unsigned 16-bit number. */
export function valueU16(source: MessageSource, start: number, end: number): number {
  if (end - start < 2) return short(source, start, end, 2);
  return source.view.getUint16(start, source.little);
}

/** The same in network byte order. */
export function valueBigEndianU16(source: MessageSource, start: number, end: number): number {
  if (end - start < 2) return short(source, start, end, 2);
  return source.view.getUint16(start);
}

/** The value from `start` to `end` as an unsigned 32-bit number. */
export function valueU32(source: MessageSource, start: number, end: number): number {
  if (end - start < 4) return short(source, start, end, 4);
  return source.view.getUint32(start, source.little);
}

/** The same in network byte order. */
export function valueBigEndianU32(source: MessageSource, start: number, end: number): number {
  if (end - start < 4) return short(source, start, end, 4);
  return source.view.getUint32(start);
}

/** The value from `start` to `end` as a signed 32-bit number. */
export function valueS32(source: MessageSource, start: number, end: number): number {
  if (end - start < 4) return short(source, start, end, 4);
  return source.view.getInt32(start, source.little);
}

/** The value from `start` to `end` as an unsigned 64-bit number. */
export function valueU64(source: MessageSource, start: number, end: number): bigint {
  if (end - start < 8) return short(source, start, end, 8);
  return loadU64(source.view, start, source.little);
}

/** The same in network byte order. */
export function valueBigEndianU64(source: MessageSource, start: number, end: number): bigint {
  if (end - start < 8) return short(source, start, end, 8);
  return loadU64(source.view, start, false);
}

/** The value from `start` to `end` as an unsigned number of 64 bits or, when it is shorter, of 32. */
export function valueUint(source: MessageSource, start: number, end: number): bigint {
  if (end - start >= 8) return loadU64(source.view, start, source.little);
  return BigInt(valueU32(source, start, end));
}

/** The value from `start` to `end` as a string of UTF-8, up to its first NUL or its end. */
export function valueString(source: MessageSource, start: number, end: number): string {
  return loadString(source.view, start, end);
}

/** Throws that the value from `start` to `end` should have been `length` bytes long. */
export function short(source: MessageSource, start: number, end: number, length: number): never {
  throw malformed(source, `Attribute value of ${end - start} bytes, not ${length},`, start);
}

/** The value from `start` to `end` with zeros behind it: a struct as an older kernel has it. */
export function padded(
  source: MessageSource,
  start: number,
  end: number,
  length: number,
): MessageSource {
  const bytes = new Uint8Array(length);
  bytes.set(valueBytes(source, start, end));
  return bodySource(bytes, source.little);
}

/** Where a value ends whose attribute has been walked over before. */
export function valueEnd({ view, little }: MessageSource, start: number): number {
  return start - 4 + view.getUint16(start - 4, little);
}

/** Where the value of the last attribute of a type begins; 0 when there is none. */
export function findAttribute(source: MessageSource, headerLength: number, type: number): number {
  const { view, little, end } = source;
  let found = 0;
  for (let offset = source.start + headerLength; offset < end;) {
    if ((view.getUint16(offset + 2, little) & 0x3fff) === type) found = offset + 4;
    offset += (attributeLength(source, offset, end) + 3) & ~3;
  }
  return found;
}

/** The last string of a type among the attributes from `offset` to `limit`: what selects a kind. */
export function lastString(
  source: MessageSource,
  offset: number,
  limit: number,
  type: number,
): string | undefined {
  const { view, little } = source;
  let found: string | undefined;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    if ((view.getUint16(offset + 2, little) & 0x3fff) === type) {
      found = loadString(view, offset + 4, offset + length);
    }
    offset += (length + 3) & ~3;
  }
  return found;
}

/** A string without its ending; undefined when it doesn't end so. */
export function withoutEnding(text: string | undefined, ending: string): string | undefined {
  return text?.endsWith(ending) === true ? text.slice(0, -ending.length) : undefined;
}

/** Adds an attribute to a list that may not be there yet. */
export function push(
  list: RawAttribute[] | undefined,
  type: number,
  source: MessageSource,
  start: number,
  end: number,
): RawAttribute[] {
  const attribute = { type, value: valueBytes(source, start, end) };
  if (list === undefined) return [attribute];
  list.push(attribute);
  return list;
}

/** Keeps what has no property of its own. */
export function keep(
  into: { unknown?: RawAttribute[] | undefined },
  type: number,
  source: MessageSource,
  start: number,
  end: number,
): void {
  into.unknown = push(into.unknown, type, source, start, end);
}

/** Keeps what has no property of its own, in a request. */
export function keepRaw(
  into: { raw?: RawAttribute[] | undefined },
  type: number,
  source: MessageSource,
  start: number,
  end: number,
): void {
  into.raw = push(into.raw, type, source, start, end);
}
