/**
 * Writing of messages, into a buffer that grows and is used again.
 *
 * @module
 */

import {
  checkBytes,
  checkInteger,
  checkString,
  checkU64,
  outOfRange,
  wrongState,
} from './argument.ts';
import type { RawAttribute } from './attribute.ts';
import { NLA_F_NESTED, NLA_HDRLEN, NLMSG_HDRLEN } from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';

const LONGEST_ATTRIBUTE = 0xffff;
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * Writes messages, one at a time: `begin`, the fixed header, attributes, `finish`.
 *
 * The buffer belongs to the writer and is used for each message; `finish` hands out a copy, which
 * is the caller's. Attributes are padded to four bytes with zeros. Numbers that do not fit throw a
 * RangeError with code `ERR_OUT_OF_RANGE`, before anything of them is written.
 *
 * @example
 * import { IFLA_MTU, MessageWriter, NLM_F_REQUEST, RTM_NEWLINK } from '@rtap/netlink';
 *
 * const writer = new MessageWriter('little');
 * writer.begin(RTM_NEWLINK, NLM_F_REQUEST, 1);
 * writer.u8(0).u8(0).u16(0).i32(3).u32(0).u32(0); // struct ifinfomsg: the interface with index 3
 * writer.attributeU32(IFLA_MTU, 1400);
 * console.log(writer.finish().length); // 40
 */
export class MessageWriter {
  readonly #little: boolean;
  readonly #nests: number[] = [];
  #bytes: Uint8Array;
  #view: DataView;
  #offset = 0;

  /**
   * Makes a writer.
   *
   * @param endian Byte order. Default: that of the host.
   * @param size Of its buffer at the beginning, in bytes.
   */
  constructor(endian: Endian = hostEndian, size = 256) {
    this.#little = endian === 'little';
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Begins a message; what was begun and not finished is dropped. */
  begin(type: number, flags: number, sequence: number, portId = 0): this {
    checkInteger('type', type, 0, 0xffff);
    checkInteger('flags', flags, 0, 0xffff);
    checkInteger('sequence', sequence, 0, 0xffff_ffff);
    checkInteger('portId', portId, 0, 0xffff_ffff);
    this.#nests.length = 0;
    this.#offset = 0;
    // The length is filled in by `finish`.
    return this.u32(NLMSG_HDRLEN).u16(type).u16(flags).u32(sequence).u32(portId);
  }

  /** How many bytes have been written, the message header included. */
  get length(): number {
    return this.#offset;
  }

  /** Writes an unsigned 16-bit number over what has been written at `offset`. */
  setU16(offset: number, value: number): this {
    checkInteger('value', value, 0, 0xffff);
    checkInteger('offset', offset, 0, this.#offset - 2);
    this.#view.setUint16(offset, value, this.#little);
    return this;
  }

  /** Writes an unsigned 8-bit number. */
  u8(value: number): this {
    checkInteger('value', value, 0, 0xff);
    const offset = this.#reserve(1);
    this.#view.setUint8(offset, value);
    return this;
  }

  /** Writes an unsigned 16-bit number. */
  u16(value: number): this {
    checkInteger('value', value, 0, 0xffff);
    const offset = this.#reserve(2);
    this.#view.setUint16(offset, value, this.#little);
    return this;
  }

  /** Writes an unsigned 32-bit number. */
  u32(value: number): this {
    checkInteger('value', value, 0, 0xffff_ffff);
    const offset = this.#reserve(4);
    this.#view.setUint32(offset, value, this.#little);
    return this;
  }

  /** Writes a signed 32-bit number. */
  i32(value: number): this {
    checkInteger('value', value, -0x8000_0000, 0x7fff_ffff);
    const offset = this.#reserve(4);
    this.#view.setInt32(offset, value, this.#little);
    return this;
  }

  /** Writes an unsigned 64-bit number. */
  u64(value: bigint): this {
    checkU64('value', value);
    const offset = this.#reserve(8);
    this.#view.setBigUint64(offset, value, this.#little);
    return this;
  }

  /** Writes bytes as they are, without padding. */
  bytes(value: Uint8Array): this {
    checkBytes('value', value);
    const offset = this.#reserve(value.length);
    this.#bytes.set(value, offset);
    return this;
  }

  /** Writes an attribute with an unsigned 8-bit value. */
  attributeU8(type: number, value: number): this {
    checkInteger('value', value, 0, 0xff);
    return this.#attribute(type, 1).u8(value).#pad();
  }

  /** Writes an attribute with an unsigned 16-bit value. */
  attributeU16(type: number, value: number): this {
    checkInteger('value', value, 0, 0xffff);
    return this.#attribute(type, 2).u16(value).#pad();
  }

  /** Writes an attribute with an unsigned 32-bit value. */
  attributeU32(type: number, value: number): this {
    checkInteger('value', value, 0, 0xffff_ffff);
    return this.#attribute(type, 4).u32(value);
  }

  /** Writes an attribute with a signed 32-bit value. */
  attributeI32(type: number, value: number): this {
    checkInteger('value', value, -0x8000_0000, 0x7fff_ffff);
    return this.#attribute(type, 4).i32(value);
  }

  /** Writes an attribute with an unsigned 64-bit value. It is not aligned to eight bytes. */
  attributeU64(type: number, value: bigint): this {
    checkU64('value', value);
    return this.#attribute(type, 8).u64(value);
  }

  /**
   * Writes an attribute with a string of UTF-8.
   *
   * `nul: false` leaves out the NUL at its end; a few attributes are without one in what iproute2
   * sends. A string that holds a NUL throws a TypeError with code `ERR_INVALID_ARG_VALUE`.
   */
  attributeString(type: number, value: string, options: { readonly nul?: boolean } = {}): this {
    checkString('value', value);
    const bytes = encoder.encode(value);
    const nul = options.nul ?? true;
    this.#attribute(type, bytes.length + (nul ? 1 : 0)).bytes(bytes);
    return (nul ? this.u8(0) : this).#pad();
  }

  /** Writes an attribute with bytes. */
  attributeBytes(type: number, value: Uint8Array): this {
    checkBytes('value', value);
    return this.#attribute(type, value.length).bytes(value).#pad();
  }

  /** Writes an attribute without a value: that it is there is what it says. */
  attributeFlag(type: number): this {
    return this.#attribute(type, 0);
  }

  /** Writes an attribute that was read, with its NLA_F_* bits. */
  attribute(raw: RawAttribute): this {
    return this.attributeBytes(raw.type, raw.value);
  }

  /**
   * Begins an attribute that holds attributes; `endNest` ends it.
   *
   * `flag: true` sets NLA_F_NESTED. Most of rtnetlink's requests are without it, by age.
   */
  beginNest(type: number, options: { readonly flag?: boolean } = {}): this {
    const offset = this.#offset;
    this.#attribute((options.flag ?? false) ? type | NLA_F_NESTED : type, 0);
    this.#nests.push(offset);
    return this;
  }

  /** Ends the nest that was begun last, and pads it to four bytes. */
  endNest(): this {
    const offset = this.#nests.at(-1);
    if (offset === undefined) throw wrongState('no nest has been begun');
    const length = this.#offset - offset;
    if (length > LONGEST_ATTRIBUTE) throw tooLong(length - NLA_HDRLEN);
    this.#nests.pop();
    this.#view.setUint16(offset, length, this.#little);
    // The value may be a struct. Zeros, whatever an earlier message left there.
    const end = this.#reserve(-length & 3);
    this.#bytes.fill(0, end, this.#offset);
    return this;
  }

  /** Ends the message and hands out a copy of it, which is the caller's. */
  finish(): Uint8Array {
    if (this.#offset < NLMSG_HDRLEN) throw wrongState('no message has been begun');
    if (this.#nests.length > 0) throw wrongState('a nest has not been ended');
    this.#view.setUint32(0, this.#offset, this.#little);
    const message = this.#bytes.slice(0, this.#offset);
    this.#offset = 0;
    return message;
  }

  #attribute(type: number, length: number): this {
    checkInteger('type', type, 0, 0xffff);
    if (length > LONGEST_ATTRIBUTE - NLA_HDRLEN) throw tooLong(length);
    if (this.#offset < NLMSG_HDRLEN) throw wrongState('no message has been begun');
    return this.u16(NLA_HDRLEN + length).u16(type);
  }

  #pad(): this {
    const offset = this.#reserve(-this.#offset & 3);
    // Zeros, whatever an earlier message left there.
    this.#bytes.fill(0, offset, this.#offset);
    return this;
  }

  #reserve(length: number): number {
    const offset = this.#offset;
    const end = offset + length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#offset = end;
    return offset;
  }
}

function tooLong(length: number): RangeError {
  return outOfRange('value.length', `<= ${LONGEST_ATTRIBUTE - NLA_HDRLEN}`, length);
}
