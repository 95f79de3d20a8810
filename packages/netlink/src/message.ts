/**
 * Messages of a datagram: `struct nlmsghdr` of linux/netlink.h and what follows it.
 *
 * @module
 */

import { NLMSG_HDRLEN } from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { MalformedError } from './errors.ts';

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

class MessageIterator implements IterableIterator<NetlinkMessage> {
  readonly #datagram: Uint8Array;
  readonly #view: DataView;
  readonly #little: boolean;
  #offset = 0;

  constructor(datagram: Uint8Array, endian: Endian) {
    this.#datagram = datagram;
    this.#view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
    this.#little = endian === 'little';
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<NetlinkMessage, undefined> {
    const datagram = this.#datagram;
    const offset = this.#offset;
    const left = datagram.length - offset;
    if (left <= 0) return { done: true, value: undefined };
    // After an error there is nothing to go on with: a caller that asks again is told the end.
    this.#offset = datagram.length;
    if (left < NLMSG_HDRLEN) throw new MalformedError('Truncated message header', offset);
    const view = this.#view;
    const little = this.#little;
    const length = view.getUint32(offset, little);
    if (length < NLMSG_HDRLEN || length > left) {
      throw new MalformedError(`Message length ${length}, with ${left} bytes left,`, offset);
    }
    this.#offset = offset + length + (-length & 3);
    return {
      done: false,
      value: {
        type: view.getUint16(offset + 4, little),
        flags: view.getUint16(offset + 6, little),
        sequence: view.getUint32(offset + 8, little),
        portId: view.getUint32(offset + 12, little),
        body: datagram.subarray(offset + NLMSG_HDRLEN, offset + length),
      },
    };
  }
}
