/**
 * Attributes: `struct nlattr` of linux/netlink.h, read one after the other.
 *
 * @module
 */

import { NLA_F_NESTED, NLA_F_NET_BYTEORDER } from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { MalformedError } from './errors.ts';
import { loadString, loadU64 } from './load.ts';
import { sourceOf, type NetlinkMessage } from './message.ts';
import { viewOf } from './source.ts';

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
  // Private to TypeScript only, and made by the constructor alone: with `#` and initialisers the
  // methods would be twice as long to the engine, and too long to be inlined into callers' loops.
  declare private readonly view: DataView;
  declare private readonly little: boolean;
  declare private readonly base: number;
  /** Where the attributes end. */
  declare private readonly end: number;
  declare private parent: AttributeReader | undefined;
  /** Where the next attribute begins; the end from the first error on. */
  declare private following: number;
  /** Where the attribute's header begins. */
  declare private at: number;
  /** Length of the attribute, header included: the rest of where it lies is told by these two. */
  declare private size: number;
  declare private bits: number;
  declare private failure: MalformedError | undefined;

  /**
   * Makes a reader of `bytes`, or of the part of them from `start` to `end`, which holds attributes
   * and nothing else.
   *
   * @param endian Byte order. Default: that of the host.
   * @param base Added to the offsets that are told, when `bytes` are a part of something.
   */
  constructor(
    bytes: Uint8Array | DataView,
    endian: Endian = hostEndian,
    base = 0,
    start = 0,
    end: number = bytes.byteLength,
  ) {
    // Not by `instanceof`: that would keep the engine from doing without the object in loops.
    this.view = 'getUint16' in bytes ? bytes : viewOf(bytes);
    this.little = endian === 'little';
    this.base = base;
    this.end = end;
    this.parent = undefined;
    this.following = start;
    this.at = start - 4;
    this.size = 4;
    this.bits = 0;
    this.failure = undefined;
  }

  /** Goes to the next attribute; false at the end, and from the first error on. */
  next(): boolean {
    // The engine inlines this into the caller's loop and keeps the reader in registers, as long as
    // nothing that is called gets `this`, and 4 stands for NLA_HDRLEN: an import may be anything.
    const offset = this.following;
    const left = this.end - offset;
    const view = this.view;
    const little = this.little;
    if (left >= 4) {
      const length = view.getUint16(offset, little);
      if (length >= 4 && length <= left) {
        this.at = offset;
        this.size = length;
        this.following = offset + ((length + 3) & ~3);
        this.bits = view.getUint16(offset + 2, little);
        return true;
      }
    }
    // There is no attribute.
    this.at = this.end - 4;
    this.size = 4;
    this.bits = 0;
    this.following = this.end;
    if (left > 0) this.failure = attributeError(view, little, offset, left, this.base, this.parent);
    return false;
  }

  /** Type of the attribute, without the NLA_F_* bits. */
  get type(): number {
    return this.bits & 0x3fff; /* NLA_TYPE_MASK */
  }

  /** Whether NLA_F_NESTED is set. The kernel leaves it out of many nests. */
  get nested(): boolean {
    return (this.bits & NLA_F_NESTED) !== 0;
  }

  /** Length of the value in bytes, without padding. */
  get length(): number {
    return this.size - 4;
  }

  /** Where the attribute's header begins, counted as errors count. */
  get offset(): number {
    return this.base + this.at;
  }

  /** The first error, if there was one. */
  get error(): MalformedError | undefined {
    return this.failure;
  }

  /** The value as an unsigned 8-bit number. */
  u8(): number {
    return this.holds(1) ? this.view.getUint8(this.valueStart) : 0;
  }

  /** The value as an unsigned 16-bit number. */
  u16(): number {
    return this.holds(2) ? this.view.getUint16(this.valueStart, this.order()) : 0;
  }

  /** The value as an unsigned 32-bit number. */
  u32(): number {
    return this.holds(4) ? this.view.getUint32(this.valueStart, this.order()) : 0;
  }

  /** The value as a signed 32-bit number. */
  i32(): number {
    return this.holds(4) ? this.view.getInt32(this.valueStart, this.order()) : 0;
  }

  /** The value as an unsigned 64-bit number. */
  u64(): bigint {
    return this.holds(8) ? loadU64(this.view, this.valueStart, this.order()) : 0n;
  }

  /** The value as a string of UTF-8, up to its first NUL or its end. May be empty. */
  string(): string {
    return loadString(this.view, this.valueStart, this.valueEnd);
  }

  /** The value as it is: a view, not a copy. */
  bytes(): Uint8Array {
    const { buffer, byteOffset } = this.view;
    return new Uint8Array(buffer, byteOffset + this.valueStart, this.length);
  }

  /** The attribute as it is, with its NLA_F_* bits: its value is a view, not a copy. */
  raw(): RawAttribute {
    return { type: this.bits, value: this.bytes() };
  }

  /** A reader of the attributes inside this one. Its errors are errors of this reader too. */
  nest(): AttributeReader {
    const inner = new AttributeReader(
      this.view,
      this.little ? 'little' : 'big',
      this.base,
      this.valueStart,
      this.valueEnd,
    );
    inner.parent = this;
    return inner;
  }

  /** Throws the first error, if there was one: to be called after the loop. */
  finish(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** Where the value begins. */
  private get valueStart(): number {
    return this.at + 4;
  }

  /** Where the value ends. */
  private get valueEnd(): number {
    return this.at + this.size;
  }

  private order(): boolean {
    return this.little && (this.bits & NLA_F_NET_BYTEORDER) === 0;
  }

  private holds(length: number): boolean {
    const got = this.size - 4;
    if (got >= length) return true;
    this.following = this.end;
    this.failure ??= valueError(got, length, this.base + this.valueStart, this.parent);
    return false;
  }

  /** @internal */
  fail(error: MalformedError): void {
    this.failure ??= error;
    this.following = this.end;
    this.parent?.fail(error);
  }
}

/** The error of a header that is wrong, which is one of the readers above too. */
function attributeError(
  view: DataView,
  little: boolean,
  offset: number,
  left: number,
  base: number,
  parent: AttributeReader | undefined,
): MalformedError {
  const what =
    left < 4
      ? 'Truncated attribute header'
      : `Attribute length ${view.getUint16(offset, little)}, with ${left} bytes left,`;
  return tell(new MalformedError(what, base + offset), parent);
}

/** The error of a value that is too short. */
function valueError(
  got: number,
  length: number,
  offset: number,
  parent: AttributeReader | undefined,
): MalformedError {
  const what = `Attribute value of ${got} bytes, not ${length},`;
  return tell(new MalformedError(what, offset), parent);
}

function tell(error: MalformedError, parent: AttributeReader | undefined): MalformedError {
  parent?.fail(error);
  return error;
}

/**
 * A reader of the attributes of a message, behind its fixed struct of `headerLength` bytes.
 *
 * What it tells of offsets are offsets in the message, its header included.
 *
 * @param endian Byte order. Default: that of the host.
 *
 * @example
 * import { attributesOf, encodeLink, IFLA_IFNAME, messages, RTM_NEWLINK } from '@rtap/netlink';
 *
 * const datagram = encodeLink(RTM_NEWLINK, { index: 3, name: 'tap0' }, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   const attributes = attributesOf(message, 16); // struct ifinfomsg
 *   while (attributes.next()) {
 *     if (attributes.type === IFLA_IFNAME) console.log(attributes.string()); // tap0
 *   }
 *   attributes.finish();
 * }
 */
export function attributesOf(
  message: NetlinkMessage,
  headerLength: number,
  endian: Endian = hostEndian,
): AttributeReader {
  const { view, start, end } = sourceOf(message, endian === 'little');
  return new AttributeReader(view, endian, 16 - start, start + headerLength, end);
}
