/**
 * Flags: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { checkValue } from '../body.ts';
import { loadU32 } from '../load.ts';
import { putNumber } from '../request.ts';
import type { MessageWriter } from '../writer.ts';

/** Flags, and which of them are meant. `struct nla_bitfield32` */
export interface TrafficControlFlags {
  /** Flags. */
  readonly value: number;
  /** Flags that are meant. */
  readonly selector: number;
}

/** Reads a `struct nla_bitfield32`; a longer one is fine. */
export function readTrafficControlFlags(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): TrafficControlFlags {
  checkValue(start, end, 8);
  return { value: loadU32(body, start, little), selector: loadU32(body, start + 4, little) };
}

/** Writes a `struct nla_bitfield32`. */
export function writeTrafficControlFlags(
  writer: MessageWriter,
  value: TrafficControlFlags,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.value`, value.value);
  putNumber(writer, 'u32', `${at}.selector`, value.selector);
}
