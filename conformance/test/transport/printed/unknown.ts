/**
 * Attributes that the kernel sends and our tables lack.
 *
 * @module
 */

/** The names of an object's properties, those that are read late (getters of its class) too. */
function properties(value: object): Set<string> {
  const names = new Set<string>();
  for (let at = value; at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return names;
}

/** Fails on attributes that were not decoded, at any depth: nobody would notice that they are not told. */
export function refuseUnknown(message: object, path = 'the message'): void {
  for (const name of properties(message)) {
    const value: unknown = Object(message)[name];
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    if (name !== 'unknown') refuseUnknown(value, `${path}.${name}`);
    else if (Array.isArray(value) && value.length > 0) {
      const told = value.map((attribute) => `${attribute.type} (${attribute.value.join(' ')})`);
      throw new Error(`unknown attributes in ${path}: ${told.join(', ')}`);
    }
  }
}
