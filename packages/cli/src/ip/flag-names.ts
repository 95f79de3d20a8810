/**
 * Flags by their names.
 *
 * @module
 */

/** The names of the flags that are set, in the order of `names`; what has no name in hexadecimal, as ip writes it. */
export function flagNames(flags: number, names: Readonly<Record<string, number>>): string[] {
  const set = Object.entries(names).filter(([, flag]) => (flags & flag) !== 0);
  const rest = set.reduce((sum, [, flag]) => sum & ~flag, flags);
  return [...set.map(([name]) => name), ...(rest === 0 ? [] : [(rest >>> 0).toString(16)])];
}
