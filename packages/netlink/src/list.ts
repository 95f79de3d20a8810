/**
 * Lists inside an attribute: attributes that are all alike, packed values, records.
 *
 * Offsets are offsets in the body of the message.
 *
 * @module
 */

import { attributeLength, checkValue, short } from './body.ts';
import { NLA_HDRLEN, NLA_TYPE_MASK } from './constants.ts';
import { loadU16 } from './load.ts';

/** Reads the attributes of type `id`, or all when `id` is -1; others are passed over. */
export function readList<T>(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
  id: number,
  read: (start: number, end: number) => T,
): T[] {
  const items: T[] = [];
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little) & NLA_TYPE_MASK;
    if (id === -1 || type === id) items.push(read(offset + NLA_HDRLEN, offset + length));
    offset += (length + 3) & ~3;
  }
  return items;
}

/**
 * Whether a list does not say all that stands there: there is an attribute of another type than
 * `id`, or, when `id` is -1, they are not numbered one by one from `first` on.
 */
export function holdsOther(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
  id: number,
  first = 0,
): boolean {
  for (let index = first; offset < limit; index += 1) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little) & NLA_TYPE_MASK;
    if (type !== (id === -1 ? index : id)) return true;
    offset += (length + 3) & ~3;
  }
  return false;
}

/** Reads values of `size` bytes one behind the other; what is left at the end is passed over. */
export function readArray<T>(
  start: number,
  end: number,
  size: number,
  read: (start: number, end: number) => T,
): T[] {
  const items: T[] = [];
  for (let at = start; at + size <= end; at += size) items.push(read(at, at + size));
  return items;
}

/** Reads records that begin with their length and are aligned to four bytes. */
export function readRecords<T>(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
  read: (body: Uint8Array, start: number, end: number, little: boolean) => T,
): T[] {
  const items: T[] = [];
  while (offset < limit) {
    checkValue(offset, limit, 2);
    const length = loadU16(body, offset, little);
    // The reader checks that its fixed fields are there; nothing shorter than an attribute goes on.
    if (length < NLA_HDRLEN || length > limit - offset) short(offset, limit, length);
    items.push(read(body, offset, offset + length, little));
    offset += (length + 3) & ~3;
  }
  return items;
}
