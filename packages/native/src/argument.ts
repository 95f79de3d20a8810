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

/** Checks an integer from `minimum` to `maximum`. */
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

/** The largest value of a 32-bit count. */
const COUNT_MAX = 0xff_ff_ff_ff;

/** Checks a count of frames. */
export function checkCount(name: string, value: unknown): number {
  return checkInteger(name, value, 0, COUNT_MAX);
}

/** Checks the ticket of a loan. */
export function checkTicket(name: string, value: unknown): bigint {
  if (typeof value !== 'bigint') throw invalidArgumentType(name, 'of type bigint', value);
  return value;
}

/** Checks a boolean. */
export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidArgumentType(name, 'of type boolean', value);
  return value;
}

/** Checks a string that isn't empty and holds no NUL, which no path and no argument can. */
export function checkText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string', value);
  if (value === '') throw outOfRange(name, 'a string with something in it', value);
  return checkNoNul(name, value);
}

/** Checks a string that may be empty and holds no NUL. */
export function checkString(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidArgumentType(name, 'of type string', value);
  return checkNoNul(name, value);
}

/** Checks the bytes of a message. */
export function checkBytes(name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw invalidArgumentType(name, 'an instance of Uint8Array', value);
  }
  return value;
}

/** Checks a listener; `undefined` takes it away. */
export function checkListener<Listener extends (...args: never[]) => void>(
  name: string,
  value: Listener | undefined,
): Listener | undefined {
  if (value !== undefined && typeof value !== 'function') {
    throw invalidArgumentType(name, 'of type function', value);
  }
  return value;
}

/** Checks an options object. */
export function checkOptions(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    throw invalidArgumentType(name, 'of type object', value);
  }
}

const encoder = new TextEncoder();

/** The longest interface name, in bytes (IFNAMSIZ less its NUL, linux/if.h). */
const NAME_BYTES = 15;

/** Checks an interface name for its length; what else is wrong with one the kernel says. */
export function checkInterfaceName(name: string, value: unknown): string {
  const text = checkText(name, value);
  if (encoder.encode(text).length > NAME_BYTES) {
    throw outOfRange(name, `a name of 1 to ${NAME_BYTES} bytes`, value);
  }
  return text;
}

function checkNoNul(name: string, value: string): string {
  if (value.includes('\0')) throw outOfRange(name, 'a string without NUL', value);
  return value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return `type ${typeof value} (${inspect(value)})`;
}
