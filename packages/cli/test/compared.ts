/**
 * What is compared of two programs' JSON.
 *
 * @module
 */

/** Objects of ip without the empty ones that it prints for what a filter leaves out. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plain).filter((item) => JSON.stringify(item) !== '{}');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, plain(of)]));
}

/** What of `ours` is in `theirs` too, timers aside, so that the two can be compared whole. */
export function inBoth(ours: unknown, theirs: unknown): unknown {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.map((item, position) => inBoth(item, theirs[position]));
  }
  if (typeof ours !== 'object' || ours === null || typeof theirs !== 'object' || theirs === null) {
    return ours;
  }
  return Object.fromEntries(
    Object.entries(ours)
      .filter(([name]) => name in theirs && !name.endsWith('_timer'))
      .map(([name, value]) => [name, inBoth(value, Reflect.get(theirs, name))]),
  );
}
