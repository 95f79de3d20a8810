/**
 * JSON for programs: an object a line.
 *
 * @module
 */

import type { Writable } from 'node:stream';

/** Writes one object as a line; it is out when this returns, where the stream is a pipe, a file or a terminal. */
export function writeJsonLine(stream: Writable, value: object): void {
  stream.write(`${JSON.stringify(value)}\n`);
}
