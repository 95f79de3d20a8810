/**
 * Names of users and groups.
 *
 * @module
 */

import { readFileSync } from 'node:fs';

/** The name of a user by its id; the id when /etc/passwd has none. */
export function userName(id: number): string | number {
  return nameIn('/etc/passwd', id);
}

/** The name of a group by its id; the id when /etc/group has none. */
export function groupName(id: number): string | number {
  return nameIn('/etc/group', id);
}

/** Names by ids, of the files that were read. */
const read = new Map<string, ReadonlyMap<number, string>>();

function nameIn(file: string, id: number): string | number {
  let names = read.get(file);
  if (names === undefined) {
    names = namesOf(file);
    read.set(file, names);
  }
  return names.get(id) ?? id;
}

/** Lines of passwd(5) and group(5): name, password, id; of two with the same id the first counts. */
function namesOf(file: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  let content = '';
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    // Nobody has a name then.
  }
  for (const [, name = '', id] of content.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm)) {
    if (!names.has(Number(id))) names.set(Number(id), name);
  }
  return names;
}
