/**
 * Where a capture is written.
 *
 * @module
 */

import { closeSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { endOnError } from '../frame/end-on-error.ts';

/** What takes the bytes of a capture. */
export interface CaptureOutput {
  /** Takes bytes, in order. @throws the system's error when a file can't be written. */
  readonly write: (bytes: Uint8Array) => void;
  /** Bytes that it has taken and that are still in this process. */
  readonly waiting: () => number;
  /** Nothing more comes. */
  readonly close: () => void;
}

/**
 * Opens it; one that is a pipe with a name waits here for whoever reads it. When nobody reads a pipe any more, the
 * process ends.
 *
 * @param path - `-` is standard output.
 * @throws the system's error when it can't be opened.
 */
export function openOutput(path: string): CaptureOutput {
  if (path === '-') return overStream(process.stdout, () => undefined);
  const fd = openSync(path, 'w');
  if (!fstatSync(fd).isFIFO()) {
    return {
      write: (bytes) => writeFileSync(fd, bytes),
      waiting: () => 0,
      close: () => closeSync(fd),
    };
  }
  // Not as a file: while its reader is slow, signals would wait with it.
  const pipe = new Socket({ fd, readable: false });
  endOnError(pipe);
  return overStream(pipe, () => pipe.end());
}

function overStream(stream: Writable, close: () => void): CaptureOutput {
  return {
    write: (bytes) => void stream.write(bytes),
    waiting: () => stream.writableLength,
    close,
  };
}
