/**
 * Whether a file can be replayed at all.
 *
 * @module
 */

import { open } from 'node:fs/promises';
import { CaptureError, CaptureReader } from '@rtap/frames';
import { CliError } from '../frame/cli-error.ts';

/** Bytes that are looked at. */
const BEGINNING = 4096;

/**
 * Looks at the beginning of a file, but of one whose bytes come only once, such as a pipe.
 *
 * @throws CliError when it is no capture; the system's error when it can't be read.
 */
export async function checkCapture(file: string): Promise<void> {
  const handle = await open(file);
  try {
    const about = await handle.stat();
    if (!about.isFile() && !about.isDirectory()) return;
    const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(BEGINNING) });
    const reader = new CaptureReader();
    reader.push(buffer.subarray(0, bytesRead));
    reader.next();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new CliError(`${file}: ${error.message}`, { cause: error });
  } finally {
    await handle.close();
  }
}
