/**
 * Lists inside an attribute: attributes that are all alike, packed values, records.
 *
 * @module
 */

import { attributeLength, checkValue, short } from './body.ts';
import { hostEndian } from './endian.ts';
import { loadU64 } from './load.ts';
import type { MessageSource } from './source.ts';

const hostIsLittle = hostEndian === 'little';

/** Reads a value from `start` to `end`. */
type Reader<T> = (source: MessageSource, start: number, end: number) => T;

/** Reads the attributes of type `id`, or all when `id` is -1; others are passed over. */
export function readList<T>(
  source: MessageSource,
  offset: number,
  limit: number,
  id: number,
  read: Reader<T>,
): T[] {
  const { view, little } = source;
  const items: T[] = [];
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little) & 0x3fff;
    if (id === -1 || type === id) items.push(read(source, offset + 4, offset + length));
    offset += (length + 3) & ~3;
  }
  return items;
}

/**
 * Whether a list does not say all that stands there: there is an attribute of another type than
 * `id`, or, when `id` is -1, they are not numbered one by one from `first` on.
 */
export function holdsOther(
  source: MessageSource,
  offset: number,
  limit: number,
  id: number,
  first = 0,
): boolean {
  const { view, little } = source;
  let found = false;
  // To the end, so that what is wrong is found whatever stands before it.
  for (let index = first; offset < limit; index += 1) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little) & 0x3fff;
    if (type !== (id === -1 ? index : id)) found = true;
    offset += (length + 3) & ~3;
  }
  return found;
}

/**
 * Reads signed 32-bit numbers one behind the other; what is left at the end is passed over. A view
 * where the machine can have one, else a copy.
 */
export function readS32Array(
  { view, little }: MessageSource,
  start: number,
  end: number,
): Int32Array {
  const count = (end - start) >>> 2;
  const at = view.byteOffset + start;
  if (little === hostIsLittle && (at & 3) === 0) return new Int32Array(view.buffer, at, count);
  const items = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    items[index] = view.getInt32(start + index * 4, little);
  }
  return items;
}

/** Reads unsigned 64-bit numbers one behind the other; what is left at the end is passed over. */
export function readU64Array(
  { view, little }: MessageSource,
  start: number,
  end: number,
): bigint[] {
  const count = (end - start) >>> 3;
  // oxlint-disable-next-line unicorn/no-new-array -- an array that grows is copied time and again
  const items = new Array<bigint>(count);
  for (let index = 0; index < count; index += 1) {
    items[index] = loadU64(view, start + index * 8, little);
  }
  return items;
}

/** Reads structs of `size` bytes one behind the other; what is left at the end is passed over. */
export function readStructArray<T>(
  source: MessageSource,
  start: number,
  end: number,
  size: number,
  read: Reader<T>,
): T[] {
  const items: T[] = [];
  for (let at = start; at + size <= end; at += size) items.push(read(source, at, at + size));
  return items;
}

/** Reads records that begin with their length and are aligned to four bytes. */
export function readRecords<T>(
  source: MessageSource,
  offset: number,
  limit: number,
  read: Reader<T>,
): T[] {
  const { view, little } = source;
  const items: T[] = [];
  while (offset < limit) {
    checkValue(source, offset, limit, 2);
    const length = view.getUint16(offset, little);
    // The reader checks that its fixed fields are there; nothing shorter than an attribute goes on.
    if (length < 4 || length > limit - offset) short(source, offset, limit, length);
    items.push(read(source, offset, offset + length));
    offset += (length + 3) & ~3;
  }
  return items;
}
