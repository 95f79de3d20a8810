/**
 * Writing of a message that is like another one: its order, its flags, its odd lengths.
 *
 * @module
 */

import { NLA_HDRLEN } from './constants.ts';
import { viewOf } from './source.ts';
import type { MessageWriter } from './writer.ts';

/** How a family reads and writes: what {@link writeLike} needs of it. */
export interface Likeness {
  /** Length of the fixed struct. */
  readonly headerLength: number;
  /** Whether the byte order is little. */
  readonly little: boolean;
  /** Reads a body into a plain object. */
  readonly read: (body: Uint8Array) => object;
  /** Writes the fixed struct. */
  readonly writeHeader: () => void;
  /** Writes a property. */
  readonly writeProperty: (property: string) => void;
}

/**
 * Writes `request` like the message whose body is `like`: its attributes in the same order, byte by
 * byte where the request says the same, anew where it says something else, left out where the
 * request leaves them out. What the family does not know is kept. What the request says beyond
 * follows.
 */
export function writeLike(
  writer: MessageWriter,
  like: Uint8Array,
  request: object,
  { headerLength, little, read, writeHeader, writeProperty }: Likeness,
): void {
  const wanted = new Map<string, unknown>(Object.entries(request));
  const view = viewOf(like);
  const header = like.subarray(0, headerLength);
  const fixed = Object.keys(read(header));
  const all = new Map<string, unknown>(Object.entries(read(like)));
  if (fixed.every((field) => isSame(all.get(field), wanted.get(field)))) writer.bytes(header);
  else writeHeader();
  // Compared once each: an attribute may stand there very often, and the last one be very long.
  const same = new Map<string, boolean>();
  const isKept = (property: string): boolean => {
    const kept = same.get(property) ?? isSame(all.get(property), wanted.get(property));
    same.set(property, kept);
    return kept;
  };

  const done = new Set(['event', 'raw', 'unknown', ...fixed]);
  const written = new Set<string>();
  for (let offset = headerLength; offset < like.length;) {
    const length = (view.getUint16(offset, little) + NLA_HDRLEN - 1) & ~3;
    const bytes = like.subarray(offset, offset + length);
    const alone = new Uint8Array(headerLength + bytes.length);
    alone.set(header);
    alone.set(bytes, headerLength);
    const property = Object.keys(read(alone)).find(
      (name) => name !== 'raw' && !fixed.includes(name),
    );
    if (property === undefined || isKept(property)) {
      writer.bytes(bytes);
    } else if (!written.has(property) && wanted.get(property) !== undefined) {
      writeProperty(property);
      written.add(property);
    }
    if (property !== undefined) done.add(property);
    offset += length;
  }
  const rest = [...wanted].filter(([name, value]) => value !== undefined && !done.has(name));
  // A message may end without the padding of its last attribute.
  if (rest.length > 0) writer.bytes(new Uint8Array(-like.length & 3));
  for (const [property] of rest) writeProperty(property);
}

/** Whether two values of decoded messages say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return false;
  }
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  const ours = Object.entries(one);
  const theirs = new Map<string, unknown>(Object.entries(other));
  return (
    ours.length === theirs.size && ours.every(([name, value]) => isSame(value, theirs.get(name)))
  );
}
