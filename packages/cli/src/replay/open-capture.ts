/**
 * Opening what is to be replayed.
 *
 * @module
 */

import { createReadStream, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { CaptureError, CaptureReader } from '@rtap/frames';
import { CliError, usageError } from '../frame/cli-error.ts';

/** Bytes that are looked at. */
const BEGINNING = 4096;

/**
 * Looks at the beginning of a file, so that what is no capture is told before an interface is made. A pipe with a name
 * is opened, which waits for whoever writes to it, and not looked at: its bytes come only once.
 *
 * @param file - `-` is standard input.
 * @param again - whether it is to be opened more than once.
 * @returns what opens it from its beginning.
 * @throws CliError when it is no capture, or a pipe that is to be opened again; the system's error when it can't be read.
 */
export async function openCapture(file: string, again: boolean): Promise<() => Readable> {
  const about = file === '-' ? undefined : await stat(file);
  if (about === undefined || about.isFIFO()) {
    if (again) throw usageError('What comes by a pipe comes only once');
    if (about === undefined) return () => process.stdin;
    const fd = openSync(file, 'r');
    // Not read as a file: a read that waits for bytes could not be ended.
    return () => new Socket({ fd, writable: false });
  }
  if (about.isFile() || about.isDirectory()) await checkBeginning(file);
  return () => createReadStream(file);
}

async function checkBeginning(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(BEGINNING) });
    const reader = new CaptureReader();
    reader.push(buffer.subarray(0, bytesRead));
    const record = reader.next();
    // All that there is, and not a single record.
    if (record === undefined && bytesRead < BEGINNING) reader.end();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new CliError(`${file}: ${error.message}`, { cause: error });
  } finally {
    await handle.close();
  }
}
