#!/usr/bin/env node
/**
 * The `rtap` command.
 *
 * @module
 */

import { tellError } from './frame/cli-error.ts';
import { EXIT_PIPE } from './frame/exit-code.ts';
import { runProgram } from './run-program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads has had enough (`rtap demo | head`); whatever was opened goes with the process.
  if (error.code === 'EPIPE') process.exit(EXIT_PIPE);
  // The disk is full, say.
  const { text, exitCode } = tellError(error);
  process.stderr.write(`${text}\n`);
  process.exit(exitCode);
});

await runProgram(process.argv.slice(2));
