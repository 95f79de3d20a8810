/**
 * What the command's exit code says.
 *
 * @module
 */

/** It did what was asked; one that runs until it is told to end was told so. */
export const EXIT_OK = 0;
/** What was asked for failed: the kernel refused, or there is no such thing. */
export const EXIT_FAILED = 1;
/** It was asked in a way that it doesn't understand, and did nothing. */
export const EXIT_USAGE = 2;
/** It was interrupted before it had done what was asked: 128 and the number of SIGINT. */
export const EXIT_INTERRUPTED = 130;
/** Nobody reads on, as with `| head`: what a shell shows for a program that SIGPIPE ended. */
export const EXIT_PIPE = 141;

/** The table of them, for `--help`. */
export const EXIT_CODES = `
Exit codes:
  0    done, or ended by Ctrl-C where that is how it ends
  1    it failed: the kernel refused, or there is no such thing
  2    wrong usage; nothing was done
  130  interrupted before it was done
  141  nobody reads its output any more`;
