#!/usr/bin/env node
/**
 * The `rtap` command.
 *
 * @module
 */

import { createProgram } from './program.ts';

/** What a shell shows for a program that SIGPIPE ended: 128 and the signal's number. */
const ENDED_BY_SIGPIPE = 141;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has had enough (`rtap demo | head`); whatever was opened goes with the process.
  if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE);
  throw error;
});

await createProgram().parseAsync();
