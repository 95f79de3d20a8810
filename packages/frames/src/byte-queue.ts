/**
 * Bytes that come in chunks of any size and are taken in pieces of any size; internal.
 *
 * @module
 */

import { NO_BYTES } from './bytes.ts';

/**
 * A queue of bytes. What it hands out is never written again by it: a view of a chunk, or of a buffer
 * that chunks were copied into one behind the other.
 */
export class ByteQueue {
  #bytes = NO_BYTES;
  #start = 0;
  #end = 0;
  /** Whether the bytes are the queue's own, and not somebody's chunk. */
  #own = false;

  /** Bytes that wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds a chunk, which is not copied while nothing waits before it. */
  push(chunk: Uint8Array): void {
    if (this.length === 0) {
      // A Buffer of Node is a Uint8Array whose slice() copies nothing: views are not to be Buffers.
      this.#bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#start = 0;
      this.#end = chunk.length;
      this.#own = false;
      return;
    }
    if (!this.#own || this.#bytes.length - this.#end < chunk.length) this.#move(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Copies what still waits of a chunk, so that the chunk can be used again. */
  settle(): void {
    if (!this.#own) this.#move(0);
  }

  /** Moves what waits to a new buffer, twice as large as is needed: so each byte moves seldom. */
  #move(more: number): void {
    const bytes = new Uint8Array(2 * (this.length + more));
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end = this.length;
    this.#start = 0;
    this.#bytes = bytes;
    this.#own = true;
  }

  /** Shows the next bytes and leaves them; there must be as many. */
  peek(count: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + count);
  }

  /** Takes the next bytes; there must be as many. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.#start += count;
    return taken;
  }
}
