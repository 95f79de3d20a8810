/**
 * Somebody with a Node, its npm and pnpm, a home, and nothing else: no setting of ours reaches them.
 *
 * @module
 */

import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import type { CommandResult } from './command.ts';
import type { NodeVersion } from './toolbox.ts';
import { managerScripts, nodeProgram } from './toolbox.ts';

/** What the person has. */
export interface User {
  /** What programs are run with. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes an empty folder. */
  readonly emptyFolder: () => string;
  /** Runs a program in a folder. */
  readonly run: (cwd: string, file: string, ...args: readonly string[]) => Promise<CommandResult>;
}

/**
 * Makes one.
 *
 * @param folder for all that is theirs
 * @param port where the registry is, on the loopback interface
 */
export function createUser(folder: string, node: NodeVersion, port: number): User {
  const home = mkdtempSync(join(folder, 'user-'));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(nodeProgram(node), join(bin, 'node'));
  for (const [name, script] of Object.entries(managerScripts(node))) {
    program(bin, name, `exec node '${script}' "$@"`);
  }
  // Who runs this is root already.
  program(bin, 'sudo', 'exec "$@"');
  const registry = `http://127.0.0.1:${port}/`;
  writeFileSync(join(home, '.npmrc'), `registry=${registry}\nupdate-notifier=false\n`);
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin:/usr/sbin:/sbin`, NO_COLOR: '1' };
  return {
    env,
    emptyFolder: () => mkdtempSync(join(home, 'project-')),
    run: (cwd, file, ...args) => command(file, args, { cwd, env }),
  };
}

function program(folder: string, name: string, line: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
