/**
 * Options that stand anywhere on the command line, before a command or behind it.
 *
 * @module
 */

import type { Command, Help, Option } from 'commander';
import type { NetworkNamespaceOption } from '@rtap/native';
import { usageError } from './cli-error.ts';

/** The options of all commands that take them. */
export interface CommonOptions {
  /** JSON instead of text. */
  readonly json?: boolean;
  /** The namespace to look into. */
  readonly netns?: NetworkNamespaceOption;
  /** More of each. */
  readonly details?: boolean;
  /** IPv4 only. */
  readonly ipv4?: boolean;
  /** IPv6 only. */
  readonly ipv6?: boolean;
}

const taken = new WeakMap<Command, ReadonlySet<string>>();

/** Declares the common options on the program; commands say which of them they take by {@link takes}. */
export function addCommonOptions(
  program: Command,
  parseNetns: (text: string) => NetworkNamespaceOption,
): void {
  program
    .option('-j, --json', 'JSON for programs instead of text for people')
    .option(
      '-n, --netns <namespace>',
      'in this network namespace: a name of ip netns, a path, or the id of a process in it',
      parseNetns,
    )
    .option('-d, --details', 'more of each')
    .option('-4, --ipv4', 'IPv4 only')
    .option('-6, --ipv6', 'IPv6 only')
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions })
    .hook('preAction', (_, command) => refuseOthers(program, command));
}

/** Says that a command takes these of the common options; the others are refused. */
export function takes(command: Command, ...options: readonly (keyof CommonOptions)[]): Command {
  taken.set(command, new Set(options));
  return command;
}

/** The common options as they were given, before the command or behind it. */
export function commonOptions(command: Command): CommonOptions {
  return command.optsWithGlobals<CommonOptions>();
}

/** Those that the command takes: `--help` shows no others. */
function visibleGlobalOptions(this: Help, command: Command): Option[] {
  let top = command;
  while (top.parent !== null) top = top.parent;
  if (top === command) return [];
  return top.options.filter((option) => taken.get(command)?.has(option.attributeName()) ?? false);
}

function refuseOthers(program: Command, command: Command): void {
  for (const option of program.options) {
    const name = option.attributeName();
    if (name === 'version' || program.getOptionValueSource(name) !== 'cli') continue;
    if (taken.get(command)?.has(name) === true) continue;
    throw usageError(`"${fullName(command)}" does not take ${option.long ?? option.flags}`);
  }
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
