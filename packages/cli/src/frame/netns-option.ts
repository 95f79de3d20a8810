/**
 * `--netns NAME|PATH|PID`.
 *
 * @module
 */

import { statSync } from 'node:fs';
import { CliError, usageError } from './cli-error.ts';

/** Where `ip netns add` puts names. */
export const NAMED_NAMESPACES = '/run/netns';

/** A network namespace as the command line tells it: its path, or a process in it. */
export type NetnsPlace = string | { readonly pid: number };

/**
 * Tells which network namespace is meant: a path when there is a slash in it, else a name of `ip netns`, else the one
 * of a process; a name that is a number is a name first, as iproute2 has it.
 *
 * @throws CliError when there is no such namespace.
 */
export function parseNetns(text: string): NetnsPlace {
  if (text === '' || text === '.' || text === '..') {
    throw usageError(`"${text}" is no network namespace`, 'give a name, a path or a process id');
  }
  const path = text.includes('/') ? text : `${NAMED_NAMESPACES}/${text}`;
  if (isThere(path)) return path;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new CliError(`Network namespace "${text}" does not exist`, {
      hint: 'ip netns list shows those that have a name',
    });
  }
  if (!isThere(`/proc/${text}/ns/net`)) {
    throw new CliError(`There is no process ${text}, and no network namespace of that name`);
  }
  return { pid: Number(text) };
}

/** What may not be looked at is there: opening it tells why not. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
