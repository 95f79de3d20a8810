/**
 * Attributes: `struct nlattr` of linux/netlink.h, read one after the other.
 *
 * @module
 */

import { NLA_F_NESTED, NLA_F_NET_BYTEORDER, NLA_HDRLEN, NLA_TYPE_MASK } from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { MalformedError } from './errors.ts';
import { loadI32, loadString, loadU16, loadU32, loadU64, loadU8 } from './load.ts';

/** An attribute as it is on the wire. */
export interface RawAttribute {
  /** Its type, with NLA_F_NESTED and NLA_F_NET_BYTEORDER where they were set. */
  readonly type: number;
  /** Its value without padding. From a decoder: a view of the datagram, not a copy. */
  readonly value: Uint8Array;
}

/**
 * Reads a list of attributes, one after the other.
 *
 * It keeps the first error to itself: `next` then tells the end, getters give 0 or nothing, and
 * {@link AttributeReader.finish | finish} throws it. So a loop needs one check, at its end. An
 * error inside a nest is an error of the whole. Getters accept values that are longer than asked
 * for, as structs grow with kernels, and refuse shorter ones. What is in network byte order by its
 * NLA_F_NET_BYTEORDER flag is read so.
 *
 * @example
 * import { AttributeReader, IFLA_IFNAME, IFLA_MTU } from '@rtap/netlink';
 *
 * const bytes = Uint8Array.of(8, 0, 4, 0, 0xdc, 5, 0, 0, 7, 0, 3, 0, 0x6c, 0x6f, 0, 0);
 * const attributes = new AttributeReader(bytes, 'little');
 * while (attributes.next()) {
 *   if (attributes.type === IFLA_MTU) console.log(attributes.u32()); // 1500
 *   if (attributes.type === IFLA_IFNAME) console.log(attributes.string()); // lo
 * }
 * attributes.finish();
 */
export class AttributeReader {
  readonly #bytes: Uint8Array;
  readonly #endian: Endian;
  readonly #little: boolean;
  readonly #base: number;
  #parent: AttributeReader | undefined;
  /** Where `next` may read up to: the end of the bytes, and 0 from the first error on. */
  #limit: number;
  /** Where the attribute's header begins. */
  #offset = -NLA_HDRLEN;
  /** Length of the attribute, header included: the rest of where it lies is told by these two. */
  #length = NLA_HDRLEN;
  #type = 0;
  #error: MalformedError | undefined;

  /**
   * Makes a reader of `bytes`, which hold attributes and nothing else.
   *
   * @param endian Byte order. Default: that of the host.
   * @param base Added to the offsets that errors tell, when `bytes` are a part of something.
   */
  constructor(bytes: Uint8Array, endian: Endian = hostEndian, base = 0) {
    this.#bytes = bytes;
    this.#endian = endian;
    this.#little = endian === 'little';
    this.#base = base;
    this.#limit = bytes.length;
  }

  /** Goes to the next attribute; false at the end, and from the first error on. */
  next(): boolean {
    // Only what each attribute needs, so that it is inlined into the caller's loop.
    const offset = this.#offset + ((this.#length + 3) & ~3);
    const left = this.#limit - offset;
    if (left >= NLA_HDRLEN) {
      const bytes = this.#bytes;
      const little = this.#little;
      const length = loadU16(bytes, offset, little);
      if (length >= NLA_HDRLEN && length <= left) {
        this.#offset = offset;
        this.#length = length;
        this.#type = loadU16(bytes, offset + 2, little);
        return true;
      }
    }
    return this.#stop(offset);
  }

  /** Type of the attribute, without the NLA_F_* bits. */
  get type(): number {
    return this.#type & NLA_TYPE_MASK;
  }

  /** Whether NLA_F_NESTED is set. The kernel leaves it out of many nests. */
  get nested(): boolean {
    return (this.#type & NLA_F_NESTED) !== 0;
  }

  /** Length of the value in bytes, without padding. */
  get length(): number {
    return this.#length - NLA_HDRLEN;
  }

  /** Where the attribute's header begins, counted as errors count. */
  get offset(): number {
    return this.#base + this.#offset;
  }

  /** The first error, if there was one. */
  get error(): MalformedError | undefined {
    return this.#error;
  }

  /** The value as an unsigned 8-bit number. */
  u8(): number {
    return this.#has(1) ? loadU8(this.#bytes, this.#start) : 0;
  }

  /** The value as an unsigned 16-bit number. */
  u16(): number {
    return this.#has(2) ? loadU16(this.#bytes, this.#start, this.#order()) : 0;
  }

  /** The value as an unsigned 32-bit number. */
  u32(): number {
    return this.#has(4) ? loadU32(this.#bytes, this.#start, this.#order()) : 0;
  }

  /** The value as a signed 32-bit number. */
  i32(): number {
    return this.#has(4) ? loadI32(this.#bytes, this.#start, this.#order()) : 0;
  }

  /** The value as an unsigned 64-bit number. */
  u64(): bigint {
    return this.#has(8) ? loadU64(this.#bytes, this.#start, this.#order()) : 0n;
  }

  /** The value as a string of UTF-8, up to its first NUL or its end. May be empty. */
  string(): string {
    return loadString(this.#bytes, this.#start, this.#end);
  }

  /** The value as it is: a view, not a copy. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** The attribute as it is, with its NLA_F_* bits: its value is a view, not a copy. */
  raw(): RawAttribute {
    return { type: this.#type, value: this.bytes() };
  }

  /** A reader of the attributes inside this one. Its errors are errors of this reader too. */
  nest(): AttributeReader {
    const inner = new AttributeReader(this.bytes(), this.#endian, this.#base + this.#start);
    inner.#parent = this;
    return inner;
  }

  /** Throws the first error, if there was one: to be called after the loop. */
  finish(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  /** The end, or an error: there is no attribute then, only where it would have been. */
  #stop(offset: number): false {
    const total = this.#bytes.length;
    this.#offset = Math.min(offset, total) - NLA_HDRLEN;
    this.#length = NLA_HDRLEN;
    this.#type = 0;
    const left = total - offset;
    if (left <= 0 || this.#error !== undefined) return false;
    if (left < NLA_HDRLEN) return this.#fail('Truncated attribute header', offset);
    const length = loadU16(this.#bytes, offset, this.#little);
    return this.#fail(`Attribute length ${length}, with ${left} bytes left,`, offset);
  }

  /** Where the value begins. */
  get #start(): number {
    return this.#offset + NLA_HDRLEN;
  }

  /** Where the value ends. */
  get #end(): number {
    return this.#offset + this.#length;
  }

  #order(): boolean {
    return this.#little && (this.#type & NLA_F_NET_BYTEORDER) === 0;
  }

  #has(length: number): boolean {
    const got = this.#end - this.#start;
    if (got >= length) return true;
    return this.#fail(`Attribute value of ${got} bytes, not ${length},`, this.#start);
  }

  #fail(message: string, offset: number): false {
    this.#raise(new MalformedError(message, this.#base + offset));
    return false;
  }

  #raise(error: MalformedError): void {
    this.#error ??= error;
    this.#limit = 0;
    const parent = this.#parent;
    if (parent !== undefined) parent.#raise(error);
  }
}
