/**
 * Programs, run to their end.
 *
 * @module
 */

import { execFile } from 'node:child_process';

/** How a program is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which it is ended; two minutes when absent. */
  readonly timeout?: number;
}

/** What a program has said. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program.
 *
 * @throws Error with all that it has said, when it ends with another code than 0.
 */
export function command(
  file: string,
  args: readonly string[],
  { cwd, env, timeout = 120_000 }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, timeout, maxBuffer: 64 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${file} ${args.join(' ')}: ${error.code}\n${stdout}${stderr}`));
    });
  });
}
