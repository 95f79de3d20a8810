/**
 * Output that can't be written any more.
 *
 * @module
 */

import type { Writable } from 'node:stream';
import { tellError } from './cli-error.ts';
import { EXIT_PIPE } from './exit-code.ts';

/** Ends the process when the stream fails; what it has opened goes with it. */
export function endOnError(output: Writable): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads has had enough (`rtap demo | head`).
    if (error.code === 'EPIPE') process.exit(EXIT_PIPE);
    // The disk is full, say.
    const { text, exitCode } = tellError(error);
    process.stderr.write(`${text}\n`);
    process.exit(exitCode);
  });
}
