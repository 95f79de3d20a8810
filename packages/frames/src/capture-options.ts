/**
 * The options behind a pcapng block (draft-ietf-opsawg-pcapng section 3.5); internal but for their
 * type.
 *
 * @module
 */

import type { CaptureOption } from './capture-record.ts';

/** Code of the option that ends the list. */
const END_OF_OPTIONS = 0;
/** Code of a comment, in every block. */
export const OPT_COMMENT = 1;

/** What blocks without options have. */
export const NO_OPTIONS: readonly CaptureOption[] = [];

/**
 * Reads options to the end of the block or of the list.
 *
 * @returns undefined when one goes beyond the block.
 */
export function readCaptureOptions(
  block: DataView,
  offset: number,
  end: number,
  littleEndian: boolean,
): readonly CaptureOption[] | undefined {
  if (offset === end) return NO_OPTIONS;
  const options: CaptureOption[] = [];
  let at = offset;
  while (end - at >= 4) {
    const code = block.getUint16(at, littleEndian);
    const length = block.getUint16(at + 2, littleEndian);
    if (code === END_OF_OPTIONS) break;
    if (length > end - at - 4) return undefined;
    const value = new Uint8Array(block.buffer, block.byteOffset + at + 4, length);
    options.push({ code, value });
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}

/** The text of the options with a code. */
export function textOptions(options: readonly CaptureOption[], code: number): readonly string[] {
  const texts: string[] = [];
  for (const option of options) {
    if (option.code === code) texts.push(new TextDecoder().decode(option.value));
  }
  return texts;
}

/** The first option with a code and a length, to read its number. */
export function numberOption(
  options: readonly CaptureOption[],
  code: number,
  length: number,
): DataView | undefined {
  const value = options.find((option) => option.code === code)?.value;
  if (value?.length !== length) return undefined;
  return new DataView(value.buffer, value.byteOffset, value.length);
}
