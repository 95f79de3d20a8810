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
    const { body } = message;
    if (!(#view in message) || message.#body !== body) return bodySource(body, little);
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
    const left = view.byteLength - offset;
    if (left <= 0) return { done: true, value: undefined };
    const little = this.little;
    const length = left < 16 ? 0 : view.getUint32(offset, little);
    if (length < 16 || length > left) {
      // There is nothing to go on with: a caller that asks again is told the end.
      this.offset = view.byteLength;
      throw messageError(length, left, offset);
    }
    this.offset = offset + ((length + 3) & ~3);
    const body = new Uint8Array(view.buffer, view.byteOffset + offset + 16, length - 16);
    return { done: false, value: new DatagramMessage(view, offset, body, little) };
  }
}

function messageError(length: number, left: number, offset: number): MalformedError {
  if (left < NLMSG_HDRLEN) return new MalformedError('Truncated message header', offset);
  return new MalformedError(`Message length ${length}, with ${left} bytes left,`, offset);
}
