/**
 * What a target is given: messages, each with a byte of its own in front that says how it comes.
 *
 * @module
 */

import type { Endian, NetlinkMessage } from '../../packages/netlink/src/index.ts';

/** Bits of {@link Part.control}. */
export const BIG = 1;
export const TRUNCATED = 2;
export const OTHER_PORT = 4;
export const ENDS_DATAGRAM = 8;

/** A message, its header included, which may say another length. */
export interface Part {
  readonly control: number;
  readonly bytes: Uint8Array;
}

/** A list of parts; as bytes: u32 of the length, control, bytes, one part behind the other. */
export type Input = readonly Part[];

const HEADER = 16;

/** Bytes of a file. */
export function writeInput(input: Input): Uint8Array {
  const bytes = new Uint8Array(input.reduce((sum, part) => sum + 5 + part.bytes.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of input) {
    view.setUint32(at, part.bytes.length, true);
    view.setUint8(at + 4, part.control);
    bytes.set(part.bytes, at + 5);
    at += 5 + part.bytes.length;
  }
  return bytes;
}

/** Reads a file; what is left of a part that is cut short is the part. */
export function readInput(bytes: Uint8Array): Part[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts: Part[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + view.getUint32(at, true);
    parts.push({ control: view.getUint8(at + 4), bytes: bytes.slice(at + 5, end) });
    at = end;
  }
  return parts;
}

export function endianOf({ control }: Part): Endian {
  return (control & BIG) === 0 ? 'little' : 'big';
}

/** The message of a part, whose body is what there is; undefined when there is no header. */
export function messageOf(part: Part): NetlinkMessage | undefined {
  const { bytes } = part;
  if (bytes.length < HEADER) return undefined;
  const little = endianOf(part) === 'little';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    type: view.getUint16(4, little),
    flags: view.getUint16(6, little),
    sequence: view.getUint32(8, little),
    portId: view.getUint32(12, little),
    body: bytes.subarray(HEADER),
  };
}

/** A message as a part. */
export function partOf(message: NetlinkMessage, control = 0): Part {
  const bytes = new Uint8Array(HEADER + message.body.length);
  const view = new DataView(bytes.buffer);
  const little = (control & BIG) === 0;
  view.setUint32(0, bytes.length, little);
  view.setUint16(4, message.type, little);
  view.setUint16(6, message.flags, little);
  view.setUint32(8, message.sequence, little);
  view.setUint32(12, message.portId, little);
  bytes.set(message.body, HEADER);
  return { control, bytes };
}
