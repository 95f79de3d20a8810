/**
 * The bytes that decoders read from, and the errors about them.
 *
 * @module
 */

import { NLMSG_HDRLEN } from './constants.ts';
import { MalformedError } from './errors.ts';

/** The body of a message, as a part of a view; offsets that decoders hand on are offsets in the view. */
export class MessageSource {
  /** Holds the body, and mostly the datagram around it. */
  declare readonly view: DataView;
  /** Where the body begins in the view. */
  declare readonly start: number;
  /** Where it ends. */
  declare readonly end: number;
  /** Whether the byte order is little. */
  declare readonly little: boolean;
  /** How many messages it is inside of. */
  declare readonly depth: number;

  constructor(view: DataView, start: number, end: number, little: boolean, depth: number) {
    this.view = view;
    this.start = start;
    this.end = end;
    this.little = little;
    this.depth = depth;
  }
}

/** Messages inside of messages that are read: the peer of a veth is one. The kernel looks at one. */
const DEEPEST = 8;

/**
 * The same source, for a message inside of its message at `offset`.
 *
 * @throws {@link MalformedError} when there are too many: each costs stack.
 */
export function inside(source: MessageSource, offset: number): MessageSource {
  const { view, start, end, little, depth } = source;
  if (depth >= DEEPEST) throw malformed(source, 'Message inside of too many others', offset);
  return new MessageSource(view, start, end, little, depth + 1);
}

/** A source of a body that stands alone. */
export function bodySource(body: Uint8Array, little: boolean): MessageSource {
  return new MessageSource(viewOf(body), 0, body.byteLength, little, 0);
}

/** A view of bytes, as numbers. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** The bytes from `start` to `end`: a view, not a copy. */
export function valueBytes({ view }: MessageSource, start: number, end: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, end - start);
}

/** Makes an error about what is at `offset`: it tells the offset in the message, header included. */
export function malformed(source: MessageSource, what: string, offset: number): MalformedError {
  return new MalformedError(what, NLMSG_HDRLEN + offset - source.start);
}
