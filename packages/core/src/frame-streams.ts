/**
 * Web streams of frames.
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

/** A stream of frames, and what ends it. */
export interface FrameReadable {
  /** The stream. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Ends it, if nothing was read from it yet: else its iterator does. */
  readonly end: () => void;
}

/**
 * Makes a stream of the frames that batches hold, a copy of each a chunk.
 *
 * Nothing is read before somebody asks; then a burst at a time is put in.
 */
export function readableOf(
  batches: () => AsyncIterableIterator<FrameBatch>,
  onEnd: () => void,
): FrameReadable {
  let iterator: AsyncIterableIterator<FrameBatch> | undefined;
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const pull = async (to: NonNullable<typeof controller>): Promise<void> => {
    iterator ??= batches();
    try {
      const { done, value: batch } = await iterator.next();
      if (done === true) {
        onEnd();
        to.close();
        return;
      }
      for (let index = 0; index < batch.count; index += 1) {
        // One whose header was not true of it was dropped.
        if (batch.length(index) > 0) to.enqueue(batch.copy(index));
      }
    } catch (error) {
      onEnd();
      throw error;
    }
  };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (given) => {
        controller = given;
      },
      pull,
      cancel: async () => {
        onEnd();
        await iterator?.return?.();
      },
    },
    // Frames wait in the kernel's queue, which drops what is too much, and not here.
    { highWaterMark: 0 },
  );
  return {
    stream,
    end: () => {
      if (iterator !== undefined) return;
      onEnd();
      controller?.close();
    },
  };
}

/** A stream that sends each chunk as a frame, and what ends it. */
export interface FrameWritable {
  /** The stream. */
  readonly stream: WritableStream<Uint8Array>;
  /** Ends it: nothing can be sent any more. */
  readonly end: (reason: RtapError) => void;
}

/** Makes one; `send` says whether a frame was sent, and `dropped` hears of those that were not. */
export function writableOf(
  send: (frame: Uint8Array) => boolean,
  dropped: () => void,
  onEnd: () => void,
): FrameWritable {
  let controller: WritableStreamDefaultController | undefined;
  const stream = new WritableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    write(frame) {
      if (!(frame instanceof Uint8Array)) {
        onEnd();
        throw invalidArgumentType('chunk', 'an instance of Uint8Array', frame);
      }
      try {
        if (!send(frame)) dropped();
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    close: onEnd,
    abort: onEnd,
  });
  return {
    stream,
    end: (reason) => {
      onEnd();
      controller?.error(reason);
    },
  };
}
