/**
 * Comparing what iproute2 prints with what we make of our decoded messages, field by field.
 *
 * @module
 */

/** What a field that iproute2 printed before and after our own look is, beside what we say. */
export interface Printed {
  /** What it printed right before. */
  readonly before: unknown;
  /** What it printed right after: another number only of what moves by itself, such as counters and timers. */
  readonly after: unknown;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Where iproute2 and we say different things, each as a line with the path of the field.
 *
 * A field that it printed and we don't know is a difference, and so is one that it didn't print: nothing is
 * passed over. Numbers have to be between what was printed before and after.
 */
export function differences({ before, after }: Printed, ours: unknown, path = ''): string[] {
  if (isObject(before) && isObject(after) && isObject(ours)) {
    const printed = new Map<string, unknown>(Object.entries(before));
    const later = new Map<string, unknown>(Object.entries(after));
    const said = new Map<string, unknown>(
      Object.entries(ours).filter(([, value]) => value !== undefined),
    );
    const fields = new Set([...printed.keys(), ...later.keys(), ...said.keys()]);
    return [...fields].flatMap((field) =>
      differences(
        { before: printed.get(field), after: later.get(field) },
        said.get(field),
        `${path}.${field}`,
      ),
    );
  }
  if (typeof before === 'number' && typeof after === 'number' && typeof ours === 'number') {
    if (ours >= Math.min(before, after) && ours <= Math.max(before, after)) return [];
  } else if (before === after && before === ours) return [];
  const printed = [...new Set([JSON.stringify(before), JSON.stringify(after)])].join(' and ');
  return [`${path}: printed ${printed}, decoded ${JSON.stringify(ours)}`];
}

/**
 * The differences of two lists whose elements are told apart by a key; ones that are missing are differences.
 *
 * @param key - of an element, as printed.
 */
export function listDifferences(
  printed: Printed,
  ours: readonly object[],
  key: (element: object) => string,
): string[] {
  const byKey = (list: unknown): Record<string, object> => {
    if (!Array.isArray(list)) throw new TypeError('no list was printed');
    const found: Record<string, object> = {};
    for (const element of list) {
      const name = key(element);
      if (Object.hasOwn(found, name)) throw new Error(`printed twice: ${name}`);
      found[name] = element;
    }
    return found;
  };
  return differences(
    { before: byKey(printed.before), after: byKey(printed.after) },
    byKey(ours),
    '',
  );
}

/**
 * Judges until iproute2 says the same before and after: what differs then differs.
 *
 * @param print - has iproute2 print.
 * @param decode - asks the kernel, and makes of it what iproute2 would print.
 */
export async function judge(
  print: () => Promise<unknown>,
  decode: () => Promise<readonly object[]>,
  key: (element: object) => string = (element) => JSON.stringify(element),
): Promise<{ readonly differences: readonly string[]; readonly printed: readonly unknown[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await print();
    const ours = await decode();
    const after = await print();
    const found = listDifferences({ before, after }, ours, key);
    const still = JSON.stringify(before) === JSON.stringify(after);
    if (found.length === 0 || still || attempt === 10) {
      return { differences: found, printed: Array.isArray(after) ? after : [] };
    }
  }
}
