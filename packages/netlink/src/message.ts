/**
 * Messages of a datagram: `struct nlmsghdr` of linux/netlink.h and what follows it.
 *
 * @module
 */

import { NLMSG_HDRLEN } from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { MalformedError } from './errors.ts';
import { bodySource, MessageSource, viewOf } from './source.ts';

/** A netlink message: its header, and the bytes behind it. */
export interface NetlinkMessage {
  /** `nlmsg_type`: NLMSG_* or RTM_*. */
  readonly type: number;
  /** `nlmsg_flags`: NLM_F_*. */
  readonly flags: number;
  /** `nlmsg_seq`: the sequence number of the request that this answers; of an event: mostly 0. */
  readonly sequence: number;
  /** `nlmsg_pid`: the port that asked. Not the sender: that is in the address of the datagram. */
  readonly portId: number;
  /** What follows the header: a view of the datagram, not a copy. */
  readonly body: Uint8Array;
}

/**
 * Iterates over the messages of a datagram.
 *
 * The last message need not end at a multiple of four. Each message's `body` is a view of
 * `datagram`, valid as long as the caller leaves those bytes alone.
 *
 * @param endian Byte order of the datagram. Default: that of the host.
 * @throws {@link MalformedError} when a length is less than a header's or goes beyond the datagram;
 * the messages before it have been given by then.
 *
 * @example
 * import { encodeLink, messages, NLM_F_REQUEST, RTM_GETLINK } from '@rtap/netlink';
 *
 * const datagram = encodeLink(RTM_GETLINK, { index: 1 }, { flags: NLM_F_REQUEST, sequence: 7 });
 * for (const message of messages(datagram)) {
 *   console.log(message.type === RTM_GETLINK, message.sequence, message.body.length); // true 7 16
 * }
 */
export function messages(
  datagram: Uint8Array,
  endian: Endian = hostEndian,
): IterableIterator<NetlinkMessage> {
  return new MessageIterator(datagram, endian);
}

/**
 * The bytes that a decoder reads from.
 *
 * Messages of one datagram share a view of it: making one for each took a tenth of the time of
 * decoding a link.
 */
export function sourceOf(message: NetlinkMessage, little: boolean): MessageSource {
  return DatagramMessage.sourceOf(message, little);
}

/** The source of a cursor's message, or of one that is neither. Not a member, as those of an exported class are public. */
let cursorSource: (message: NetlinkMessage, little: boolean) => MessageSource;

/** A message that knows the view of its datagram. */
class DatagramMessage implements NetlinkMessage {
  declare readonly type: number;
  declare readonly flags: number;
  declare readonly sequence: number;
  declare readonly portId: number;
  declare readonly body: Uint8Array;
  readonly #view: DataView;
  /** What `body` was when the message was made: whoever puts another one there means that. */
  readonly #body: Uint8Array;

  constructor(view: DataView, offset: number, body: Uint8Array, little: boolean) {
    this.type = view.getUint16(offset + 4, little);
    this.flags = view.getUint16(offset + 6, little);
    this.sequence = view.getUint32(offset + 8, little);
    this.portId = view.getUint32(offset + 12, little);
    this.body = body;
    this.#view = view;
    this.#body = body;
  }

  static sourceOf(message: NetlinkMessage, little: boolean): MessageSource {
    if (!(#view in message)) return cursorSource(message, little);
    const { body } = message;
    if (message.#body !== body) return bodySource(body, little);
    const view = message.#view;
    const start = body.byteOffset - view.byteOffset;
    return new MessageSource(view, start, start + body.length, little, 0);
  }
}

class MessageIterator implements IterableIterator<NetlinkMessage> {
  // As in AttributeReader: short enough to be inlined.
  declare private readonly view: DataView;
  declare private readonly little: boolean;
  declare private offset: number;

  constructor(datagram: Uint8Array, endian: Endian) {
    this.view = viewOf(datagram);
    this.little = endian === 'little';
    this.offset = 0;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<NetlinkMessage, undefined> {
    const view = this.view;
    const offset = this.offset;
    if (offset >= view.byteLength) return { done: true, value: undefined };
    const little = this.little;
    // After an error there is nothing to go on with: a caller that asks again is told the end.
    this.offset = view.byteLength;
    const length = messageLength(view, offset, little);
    this.offset = offset + ((length + 3) & ~3);
    const body = new Uint8Array(view.buffer, view.byteOffset + offset + 16, length - 16);
    return { done: false, value: new DatagramMessage(view, offset, body, little) };
  }
}

/**
 * Walks over the messages of datagrams, as {@link messages} does, and is each of them in turn.
 *
 * Nothing is made for a datagram or a message, so this is for whoever reads many, one at a time, and keeps none: what
 * it says is valid until the next `next` or `over`.
 *
 * @example
 * import { encodeLink, MessageCursor, NLM_F_REQUEST, RTM_GETLINK } from '@rtap/netlink';
 *
 * const datagram = encodeLink(RTM_GETLINK, { index: 1 }, { flags: NLM_F_REQUEST, sequence: 7 });
 * const cursor = new MessageCursor();
 * cursor.over(datagram);
 * while (cursor.next()) console.log(cursor.type === RTM_GETLINK, cursor.sequence); // true 7
 */
export class MessageCursor implements NetlinkMessage {
  type = 0;
  flags = 0;
  sequence = 0;
  portId = 0;
  readonly #little: boolean;
  #datagram: Uint8Array = new Uint8Array(0);
  #view = viewOf(this.#datagram);
  #start = 0;
  #end = 0;
  #next = 0;

  /** @param endian Byte order of the datagrams. Default: that of the host. */
  constructor(endian: Endian = hostEndian) {
    this.#little = endian === 'little';
  }

  /** Goes to before the first message of a datagram. */
  over(datagram: Uint8Array): void {
    if (datagram !== this.#datagram) {
      this.#datagram = datagram;
      this.#view = viewOf(datagram);
    }
    this.#next = 0;
    this.#start = 0;
    this.#end = 0;
  }

  /**
   * Goes to the next message; false when there is none.
   *
   * @throws {@link MalformedError} when a length is less than a header's or goes beyond the datagram: there is no message
   * behind that.
   */
  next(): boolean {
    const view = this.#view;
    const offset = this.#next;
    if (offset >= view.byteLength) return false;
    const little = this.#little;
    this.#next = view.byteLength;
    const length = messageLength(view, offset, little);
    this.#next = offset + ((length + 3) & ~3);
    this.type = view.getUint16(offset + 4, little);
    this.flags = view.getUint16(offset + 6, little);
    this.sequence = view.getUint32(offset + 8, little);
    this.portId = view.getUint32(offset + 12, little);
    this.#start = offset + 16;
    this.#end = offset + length;
    return true;
  }

  get body(): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    return new Uint8Array(buffer, byteOffset + this.#start, this.#end - this.#start);
  }

  static {
    cursorSource = (message, little) => {
      if (!(#view in message)) return bodySource(message.body, little);
      return new MessageSource(message.#view, message.#start, message.#end, little, 0);
    };
  }
}

/** Length of the message at `offset`, header included: at least 16 and not beyond the datagram. */
function messageLength(view: DataView, offset: number, little: boolean): number {
  const left = view.byteLength - offset;
  const length = left < 16 ? 0 : view.getUint32(offset, little);
  if (length < 16 || length > left) throw messageError(length, left, offset);
  return length;
}

function messageError(length: number, left: number, offset: number): MalformedError {
  if (left < NLMSG_HDRLEN) return new MalformedError('Truncated message header', offset);
  return new MalformedError(`Message length ${length}, with ${left} bytes left,`, offset);
}
