/**
 * Checks of what callers hand in, failing with Node's error codes and wording; internal.
 *
 * @module
 */

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'string') return `type string ('${value}')`;
  if (typeof value === 'symbol') return `type symbol (${value.toString()})`;
  if (typeof value === 'boolean') return `type boolean (${value})`;
  return typeof value === 'number' || typeof value === 'bigint'
    ? `type ${typeof value} (${value})`
    : `type ${typeof value}`;
}

/** Makes the TypeError for an argument of the wrong type. */
function invalidType(name: string, expected: string, value: unknown): TypeError {
  const message = `The "${name}" argument must be ${expected}. Received ${describe(value)}`;
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Makes the RangeError for an argument of the right type and a value that cannot be. */
export function outOfRange(name: string, expected: string, value: unknown): RangeError {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const got = typeof value === 'string' ? `'${value}'` : isNumber ? `${value}` : describe(value);
  const message = `The value of "${name}" is out of range. It must be ${expected}. Received ${got}`;
  return Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' });
}

/** Throws unless `value` is a whole number from `least` to `most`. */
export function checkInteger(name: string, value: number, least: number, most: number): void {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < least || value > most) throw outOfRange(name, `>= ${least} and <= ${most}`, value);
}

/** Throws unless `value` is what a builder takes its fields from. */
export function checkFields(value: object, name = 'fields'): void {
  if (typeof value !== 'object' || value === null) throw invalidType(name, 'of type object', value);
}

/** Throws unless `value` is a list of objects. */
export function checkList(name: string, value: readonly object[]): void {
  if (!Array.isArray(value)) throw invalidType(name, 'an instance of Array', value);
  for (const [index, element] of value.entries()) checkFields(element, `${name}[${index}]`);
}

/** Throws unless what has these names is true, false or left out. */
export function checkFlags<Name extends string>(
  fields: { readonly [Key in Name]?: boolean | undefined },
  names: readonly Name[],
): void {
  for (const name of names) {
    const value: unknown = fields[name];
    if (value !== undefined && typeof value !== 'boolean') {
      throw invalidType(name, 'of type boolean', value);
    }
  }
}

/** Throws unless `value` is a bigint from `least` to `most`. */
export function checkBigInt(name: string, value: bigint, least: bigint, most: bigint): void {
  if (typeof value !== 'bigint') throw invalidType(name, 'of type bigint', value);
  if (value < least || value > most) throw outOfRange(name, `>= ${least} and <= ${most}`, value);
}

/** Throws unless `value` is a Uint8Array of `least` to `most` bytes. */
export function checkBytes(name: string, value: Uint8Array, least: number, most: number): void {
  if (!(value instanceof Uint8Array)) throw invalidType(name, 'an instance of Uint8Array', value);
  if (value.length >= least && value.length <= most) return;
  const expected = least === most ? `${least} bytes long` : `${least} to ${most} bytes long`;
  throw outOfRange(name, expected, `${value.length} bytes`);
}

/** Throws unless `value` is a string. */
export function checkString(name: string, value: string): void {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value);
}
