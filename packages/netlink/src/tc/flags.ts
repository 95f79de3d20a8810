/**
 * Flags: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { checkValue } from '../body.ts';
import { putNumber } from '../request.ts';
import type { MessageSource } from '../source.ts';
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
  source: MessageSource,
  start: number,
  end: number,
): TrafficControlFlags {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { value: view.getUint32(start, little), selector: view.getUint32(start + 4, little) };
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
