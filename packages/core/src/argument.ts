/**
 * Checks of arguments, at the public edge only: before any system call, with Node's codes.
 *
 * @module
 */

import { inspect } from 'node:util';

/** A TypeError as Node throws it for an argument of the wrong type. */
export function invalidArgumentType(name: string, expected: string, received: unknown): TypeError {
  const error = new TypeError(
    `The "${name}" argument must be ${expected}. Received ${describe(received)}`,
  );
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** A RangeError as Node throws it for a value out of range. */
export function outOfRange(name: string, range: string, received: unknown): RangeError {
  const error = new RangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${describe(received)}`,
  );
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** Checks an options object; `undefined` is an empty one. */
export function checkOptions<Options extends object>(
  name: string,
  value: Options | undefined,
): Partial<Options> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgumentType(name, 'of type object', value);
  }
  return value;
}

/** Checks an integer. */
export function checkInteger(
  name: string,
  value: unknown,
  minimum: number,
  maximum: number,
): number {
  if (typeof value !== 'number') throw invalidArgumentType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw outOfRange(name, `an integer >= ${minimum} and <= ${maximum}`, value);
  }
  return value;
}

/** Checks a boolean. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidArgumentType(name, 'of type boolean', value);
  return value;
}

/** Checks memory that two threads share, of a size in bytes. */
export function checkSharedMemory(name: string, value: unknown, bytes: number): SharedArrayBuffer {
  if (!(value instanceof SharedArrayBuffer)) {
    throw invalidArgumentType(name, 'an instance of SharedArrayBuffer', value);
  }
  if (value.byteLength !== bytes) throw outOfRange(name, `${bytes} bytes long`, value);
  return value;
}

/** Checks an abort signal; `undefined` is none. */
export function checkSignal(name: string, value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value;
  throw invalidArgumentType(name, 'an instance of AbortSignal', value);
}

const encoder = new TextEncoder();
/** Longest interface name, in bytes (IFNAMSIZ less its NUL, linux/if.h). */
const LONGEST_NAME = 15;

/**
 * Checks an interface name by the kernel's own rule (`dev_valid_name`), with one `%d` allowed that it fills in.
 *
 * @throws TypeError when it is no string, RangeError when the kernel wouldn't take it.
 */
export function checkInterfaceName(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string', value);
  const bytes = encoder.encode(value);
  if (bytes.length === 0 || bytes.length > LONGEST_NAME) {
    throw outOfRange(name, `1 to ${LONGEST_NAME} bytes long`, value);
  }
  // The kernel's isspace takes bytes for Latin-1, where 0xa0 is a blank: so is the last byte of 'à'.
  const latin1 = String.fromCharCode(...bytes);
  if (value === '.' || value === '..' || /[/:\t-\r \u00a0\0]/.test(latin1)) {
    const range = 'a name without slash, colon, blank or a byte 0xa0, and not "." or ".."';
    throw outOfRange(name, range, value);
  }
  if (/%/u.test(value.replace('%d', ''))) {
    throw outOfRange(name, 'a name with no "%" but one "%d"', value);
  }
  return value;
}

function describe(value: unknown): string {
  return inspect(value, { depth: -1, breakLength: Number.POSITIVE_INFINITY });
}
