/**
 * Colour on a terminal only.
 *
 * @module
 */

import type { Writable } from 'node:stream';
import pico from 'picocolors';

/** A stream to write to; a terminal says so. */
export type TerminalStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Functions that colour a text, or leave it as it is. */
export type Colors = ReturnType<typeof pico.createColors>;

/** Colours for a stream: on a terminal, unless NO_COLOR is set (no-color.org). */
export function colorsOf(stream: TerminalStream): Colors {
  const noColor = process.env['NO_COLOR'];
  return pico.createColors(stream.isTTY === true && (noColor === undefined || noColor === ''));
}
