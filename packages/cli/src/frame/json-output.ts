/**
 * JSON for programs: an object a line.
 *
 * @module
 */

import type { Writable } from 'node:stream';

/** Writes one object as a line; it is out at once, unless whoever reads a pipe is slow. */
export function writeJsonLine(stream: Writable, value: object): void {
  stream.write(`${JSON.stringify(value)}\n`);
}
