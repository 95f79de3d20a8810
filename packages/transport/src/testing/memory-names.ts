/**
 * Names of interfaces, as the kernel takes them.
 *
 * @module
 */

import { refusal } from './memory-refusal.ts';
import type { Refusal } from './memory-refusal.ts';

/** IFNAMSIZ less its NUL (linux/if.h). */
const NAME_BYTES = 15;
/** What `isspace` of the kernel says is blank, a slash, a colon (dev_valid_name of net/core/dev.c). */
const FORBIDDEN: ReadonlySet<number> = new Set([9, 10, 11, 12, 13, 0x20, 0x2f, 0x3a, 0xa0]);
/** The settings for all interfaces have these names (sysctl_dev_name_is_allowed). */
const SETTINGS: ReadonlySet<string> = new Set(['all', 'default']);

/** The name that a request means, with a number for its `%d`; or why no interface can have it. */
export function nameFor(wanted: string, isTaken: (name: string) => boolean): string | Refusal {
  const bytes = new TextEncoder().encode(wanted);
  if (bytes.length > NAME_BYTES) {
    return refusal('ERANGE', 'Attribute failed policy validation');
  }
  const isValid = wanted !== '.' && wanted !== '..' && !bytes.some((byte) => FORBIDDEN.has(byte));
  if (!isValid || SETTINGS.has(wanted)) return refusal('EINVAL');
  for (let number = 0; wanted.includes('%d'); number += 1) {
    const name = wanted.replace('%d', String(number));
    if (!isTaken(name)) return name;
  }
  return isTaken(wanted) ? refusal('EEXIST') : wanted;
}
