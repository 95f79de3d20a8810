/**
 * What encoders of requests share: the header, and optional attributes under the names of their
 * properties, so that errors speak of `mtu` and not of a value.
 *
 * @module
 */

import {
  checkBytes,
  checkInteger,
  checkObject,
  checkString,
  checkU64,
  outOfRange,
  wrongType,
  wrongValue,
} from './argument.ts';
import type { NetlinkMessage } from './message.ts';
import type { MessageWriter } from './writer.ts';

/** The message header of a request. */
export interface RequestHeader {
  /** NLM_F_*. Nothing is added: NLM_F_REQUEST is the caller's to give. */
  readonly flags: number;
  /** Sequence number, by which the answer is told. */
  readonly sequence: number;
  /** Port of the sender. @default 0, which means the socket's */
  readonly portId?: number | undefined;
  /**
   * A message of the same family and byte order to be like: attributes stand in its order, byte by
   * byte where nothing differs, and what of it is not known here is kept. So a message can be changed
   * on its way, and nothing else of it changes.
   */
  readonly like?: NetlinkMessage | undefined;
}

/** Kinds of numbers on the wire. `s`: signed; `uint`: a bigint of 32 bits. */
export type NumberKind = 'uint' | 'u8' | 'u16' | 'u32' | 'u64' | 's8' | 's16' | 's32' | 's64';

/** Names of the properties of an object that is to be written. */
export function propertiesOf(value: object, at: string): string[] {
  checkObject(at === '' ? 'request' : at.slice(0, -1), value);
  return Object.keys(value);
}

/** The elements of an array that is to be written. */
export function elements<T>(name: string, value: readonly T[]): readonly T[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an instance of Array', value);
  return value;
}

/** The elements of a typed array that is to be written. */
export function numbers(name: string, value: Int32Array): Int32Array {
  if (!(value instanceof Int32Array)) throw wrongType(name, 'an instance of Int32Array', value);
  return value;
}

/** The number of a name. */
export function numberOf<T extends string>(
  names: Readonly<Record<number, T>>,
  name: string,
  value: T,
  type: string,
): number {
  for (const [number, known] of Object.entries(names)) if (known === value) return Number(number);
  throw wrongValue(name, `must be of type ${type}`, value);
}

/** Writes a number, without an attribute around it. `big`: in network byte order. */
export function putNumber(
  writer: MessageWriter,
  kind: NumberKind,
  name: string,
  value: number | bigint,
  big = false,
): void {
  if (kind === 'uint') {
    if (typeof value !== 'bigint') throw wrongType(name, 'of type bigint', value);
    putNumber(writer, 'u32', name, Number(value));
    return;
  }
  const bits = Number(kind.slice(1));
  const signed = kind.startsWith('s');
  if (bits === 64) {
    if (typeof value !== 'bigint') throw wrongType(name, 'of type bigint', value);
    const unsigned = signed && value < 0n ? value + 2n ** 64n : value;
    if (signed && value >= 2n ** 63n) throw outOfRange(name, '< 2n ** 63n', value);
    checkU64(name, unsigned);
    if (big) putBig(writer, unsigned, 8);
    else writer.u64(unsigned);
    return;
  }
  if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
  const span = 2 ** bits;
  checkInteger(name, value, signed ? -span / 2 : 0, (signed ? span / 2 : span) - 1);
  const unsigned = value < 0 ? value + span : value;
  if (big) putBig(writer, BigInt(unsigned), bits / 8);
  else if (bits === 8) writer.u8(unsigned);
  else if (bits === 16) writer.u16(unsigned);
  else writer.u32(unsigned);
}

function putBig(writer: MessageWriter, value: bigint, width: number): void {
  for (let at = width - 1; at >= 0; at -= 1) writer.u8(Number((value >> BigInt(8 * at)) & 0xffn));
}

/** Writes bytes of a fixed length, without an attribute around them. */
export function putBytes(
  writer: MessageWriter,
  name: string,
  value: Uint8Array,
  length: number,
): void {
  checkBytes(name, value);
  if (value.length !== length) throw outOfRange(`${name}.length`, String(length), value.length);
  writer.bytes(value);
}

/** Begins a record that begins with its length; {@link endRecord} ends it. */
export function beginRecord(writer: MessageWriter): number {
  const start = writer.length;
  writer.u16(0);
  return start;
}

/** Ends a record: fills in its length. */
export function endRecord(writer: MessageWriter, start: number): void {
  writer.setU16(start, writer.length - start);
}

/** Writes an unsigned 8-bit attribute, unless it is undefined. */
export function optionalU8(
  writer: MessageWriter,
  type: number,
  name: string,
  value: number | undefined,
): void {
  if (value === undefined) return;
  checkInteger(name, value, 0, 0xff);
  writer.attributeU8(type, value);
}

/** Writes an unsigned 32-bit attribute, unless it is undefined. */
export function optionalU32(
  writer: MessageWriter,
  type: number,
  name: string,
  value: number | undefined,
): void {
  if (value === undefined) return;
  checkInteger(name, value, 0, 0xffff_ffff);
  writer.attributeU32(type, value);
}

/** Writes a signed 32-bit attribute, unless it is undefined. */
export function optionalI32(
  writer: MessageWriter,
  type: number,
  name: string,
  value: number | undefined,
): void {
  if (value === undefined) return;
  checkInteger(name, value, -0x8000_0000, 0x7fff_ffff);
  writer.attributeI32(type, value);
}

/** Writes a string attribute, unless it is undefined. */
export function optionalString(
  writer: MessageWriter,
  type: number,
  name: string,
  value: string | undefined,
  nul = true,
): void {
  if (value === undefined) return;
  checkString(name, value);
  writer.attributeString(type, value, { nul });
}

/** Writes an attribute of bytes, unless it is undefined. */
export function optionalBytes(
  writer: MessageWriter,
  type: number,
  name: string,
  value: Uint8Array | undefined,
): void {
  if (value === undefined) return;
  checkBytes(name, value);
  writer.attributeBytes(type, value);
}
