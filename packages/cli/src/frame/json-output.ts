/**
 * JSON for programs: an array at once, or an object a line.
 *
 * @module
 */

import type { Writable } from 'node:stream';

/** Writes one object as a line; it is out when this returns, where the stream is a pipe, a file or a terminal. */
export function writeJsonLine(stream: Writable, value: object): void {
  stream.write(`${JSON.stringify(value)}\n`);
}

/** Writes an array as one line, as `ip -j` does. */
export function writeJsonArray(stream: Writable, values: readonly object[]): void {
  stream.write(`${JSON.stringify(values)}\n`);
}
