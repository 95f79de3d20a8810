/**
 * The error class of this package, and how any error is told.
 *
 * @module
 */

import { EXIT_FAILED, EXIT_USAGE } from './exit-code.ts';

/** What `rtap` can't do, in words for people. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** What the command exits with. */
  readonly exitCode: number;
  /** What to do about it, where there is something to do. */
  readonly hint?: string;

  constructor(
    message: string,
    options: { readonly hint?: string; readonly exitCode?: number; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.exitCode = options.exitCode ?? EXIT_FAILED;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** An error of whoever wrote the command line: exit code 2. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { exitCode: EXIT_USAGE, ...(hint !== undefined && { hint }) });
}

/** An error as a line for people, and what the command exits with. */
export interface Told {
  /** The line; of a fault of ours the whole stack. */
  readonly text: string;
  /** 1 or 2, see the table of exit codes. */
  readonly exitCode: number;
}

/** Tells an error: one line with its hint; a stack only of what should never be thrown, which has no code. */
export function tellError(error: unknown): Told {
  if (!(error instanceof Error)) return { text: `rtap: ${String(error)}`, exitCode: EXIT_FAILED };
  const hint = textOf(error, 'hint');
  const line = `rtap: ${wordsOf(error)}${hint === undefined ? '' : ` (${hint})`}`;
  if (error instanceof CliError) return { text: line, exitCode: error.exitCode };
  const code = textOf(error, 'code');
  if (code === undefined) {
    return { text: `rtap: ${error.stack ?? error.message}`, exitCode: EXIT_FAILED };
  }
  const usage = code === 'ERR_OUT_OF_RANGE' || code === 'ERR_INVALID_ARG_TYPE';
  return { text: line, exitCode: usage ? EXIT_USAGE : EXIT_FAILED };
}

/** What an error says; where it names an option of a function, what was given instead, which whoever typed it knows. */
function wordsOf({ message }: Error): string {
  const range = /^The value of "[^"]+" is out of range\. It must be (.+)\. Received (.+)$/s;
  const [, wanted, given] = range.exec(message) ?? [];
  return wanted === undefined ? message : `${given} is wrong: it must be ${wanted}`;
}

function textOf(error: Error, property: 'code' | 'hint'): string | undefined {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : undefined;
}
