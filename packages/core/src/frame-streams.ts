/**
 * Web streams of a device's frames.
 *
 * @module
 */

import { ReadableStream, WritableStream } from 'node:stream/web';
import type {
  ReadableStreamDefaultController,
  WritableStreamDefaultController,
} from 'node:stream/web';
import { invalidArgumentType } from './argument.ts';
import type { RtapError } from './errors.ts';
import type { FrameBatch } from './frame-batch.ts';

/** What streams need of their device. */
export interface FrameStreamsOwner {
  /** Begins to read, as the wire has frames. */
  batches(): AsyncIterableIterator<FrameBatch>;
  /** Sends a frame; false when the link is down. */
  send(frame: Uint8Array): boolean;
  /** A frame was dropped because the link is down. */
  dropped(): void;
}

/** A stream, and what ends it from the device's side. */
interface Ended<Stream> {
  readonly stream: Stream;
  readonly end: (reason: RtapError) => void;
}

/** The streams that a device has now: one each way, made when it is asked for, until it ends. */
export class FrameStreams {
  readonly #owner: FrameStreamsOwner;
  #readable: Ended<ReadableStream<Uint8Array<ArrayBuffer>>> | undefined;
  #writable: Ended<WritableStream<Uint8Array>> | undefined;

  constructor(owner: FrameStreamsOwner) {
    this.#owner = owner;
  }

  /** The frames of all queues, a copy of each a chunk. */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.#readable ??= this.#openReadable();
    return this.#readable.stream;
  }

  /** Sends each chunk as a frame. */
  get writable(): WritableStream<Uint8Array> {
    this.#writable ??= this.#openWritable();
    return this.#writable.stream;
  }

  /** Ends both: nothing passes any more. */
  end(reason: RtapError): void {
    this.#readable?.end(reason);
    this.#writable?.end(reason);
  }

  /** Nothing is read before somebody asks; then a burst at a time is put in. */
  #openReadable(): Ended<ReadableStream<Uint8Array<ArrayBuffer>>> {
    let iterator: AsyncIterableIterator<FrameBatch> | undefined;
    let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
    // The end of one that was stopped may be read when there is another one.
    const forget = (): void => {
      if (this.#readable === made) this.#readable = undefined;
    };
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        start: (given) => {
          controller = given;
        },
        pull: async (to) => {
          try {
            iterator ??= this.#owner.batches();
            const { done, value: batch } = await iterator.next();
            if (done === true) {
              forget();
              to.close();
              return;
            }
            for (let index = 0; index < batch.count; index += 1) {
              // One whose header was not true of it was dropped.
              if (batch.length(index) > 0) to.enqueue(batch.copy(index));
            }
          } catch (error) {
            forget();
            throw error;
          }
        },
        cancel: async () => {
          forget();
          await iterator?.return?.();
        },
      },
      // Frames wait in the kernel's queue, which drops what is too much, and not here.
      { highWaterMark: 0 },
    );
    const end = (): void => {
      forget();
      // One that was read from has an iterator, which ends.
      if (iterator === undefined) controller?.close();
    };
    const made = { stream, end };
    return made;
  }

  #openWritable(): Ended<WritableStream<Uint8Array>> {
    let controller: WritableStreamDefaultController | undefined;
    const forget = (): void => {
      if (this.#writable === made) this.#writable = undefined;
    };
    const stream = new WritableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
      write: (frame) => {
        try {
          if (!(frame instanceof Uint8Array)) {
            throw invalidArgumentType('chunk', 'an instance of Uint8Array', frame);
          }
          if (!this.#owner.send(frame)) this.#owner.dropped();
        } catch (error) {
          forget();
          throw error;
        }
      },
      close: forget,
      abort: forget,
    });
    const end = (reason: RtapError): void => {
      forget();
      controller?.error(reason);
    };
    const made = { stream, end };
    return made;
  }
}
