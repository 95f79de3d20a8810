/**
 * What is shown: one array of JSON, or text for people.
 *
 * @module
 */

import { colorsOf } from './colors.ts';
import type { Colors, TerminalStream } from './colors.ts';

/** Writes objects, in one array as `ip -j` does, or each as text. */
export function writeShown<T extends object>(
  output: TerminalStream,
  json: boolean,
  items: readonly T[],
  textOf: (item: T, colors: Colors) => string,
): void {
  if (json) output.write(`${JSON.stringify(items)}\n`);
  else {
    const colors = colorsOf(output);
    output.write(items.map((item) => `${textOf(item, colors)}\n`).join(''));
  }
}
