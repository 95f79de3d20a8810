/**
 * What encoders of requests share: the header, and optional attributes under the names of their
 * properties, so that errors speak of `mtu` and not of a value.
 *
 * @module
 */

import { checkBytes, checkInteger, checkString } from './argument.ts';
import type { MessageWriter } from './writer.ts';

/** The message header of a request. */
export interface RequestHeader {
  /** NLM_F_*. Nothing is added: NLM_F_REQUEST is the caller's to give. */
  readonly flags: number;
  /** Sequence number, by which the answer is told. */
  readonly sequence: number;
  /** Port of the sender. @default 0, which means the socket's */
  readonly portId?: number | undefined;
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
