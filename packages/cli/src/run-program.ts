/**
 * The command line from its first word to its exit code.
 *
 * @module
 */

import { CommanderError } from 'commander';
import { tellError } from './frame/cli-error.ts';
import { EXIT_OK, EXIT_USAGE } from './frame/exit-code.ts';
import { createProgram } from './program.ts';

/**
 * Runs a command line, without the two words that stand before it in `process.argv`; the exit code is left in
 * `process.exitCode`, an error is told on standard error.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said what is wrong.
      process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
      return;
    }
    const { text, exitCode } = tellError(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}
