/**
 * Readers of our output that are slower than we are.
 *
 * @module
 */

import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Waits until a stream has room again: what is written to a pipe whose reader is slow is held in memory.
 *
 * @throws the signal's AbortError.
 */
export async function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  if (stream.writableNeedDrain) await once(stream, 'drain', { signal });
}
