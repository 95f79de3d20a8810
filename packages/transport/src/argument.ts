/**
 * Checks of arguments, at the public edge only: before anything is sent, with Node's codes.
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
function outOfRange(name: string, range: string, received: unknown): RangeError {
  const error = new RangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${describe(received)}`,
  );
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
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

/** Checks an object of options or fields. */
export function checkObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgumentType(name, 'of type object', value);
  }
}

/** The largest ifindex. */
const LARGEST_INDEX = 0x7fff_ffff;
/** The longest interface name, in bytes (IFNAMSIZ less its NUL, linux/if.h). */
const LONGEST_NAME = 15;

/** Checks the index of an interface. */
export function checkIndex(name: string, value: unknown): number {
  return checkInteger(name, value, 1, LARGEST_INDEX);
}

/** Checks what tells an interface: its index, or else its name. */
export function checkWhich(
  name: string,
  value: { readonly index?: number | undefined; readonly name?: string | undefined },
): void {
  checkObject(name, value);
  if (value.index !== undefined) {
    checkIndex(`${name}.index`, value.index);
    return;
  }
  if (typeof value.name !== 'string') {
    throw invalidArgumentType(`${name}.index`, 'of type number, or the name a string', value.index);
  }
  const length = new TextEncoder().encode(value.name).length;
  if (length === 0 || length > LONGEST_NAME) {
    throw outOfRange(`${name}.name`, `1 to ${LONGEST_NAME} bytes long`, value.name);
  }
}

/** Checks the bytes of an IPv4 or IPv6 address. */
export function checkIpAddress(name: string, value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) {
    throw invalidArgumentType(name, 'an instance of Uint8Array', value);
  }
  if (value.length !== 4 && value.length !== 16) {
    throw outOfRange(`${name}.length`, '4 or 16', value.length);
  }
}

/** Checks the length of a prefix, which is that of the whole address when left out; 0 without an address. */
export function checkPrefixLength(
  name: string,
  value: unknown,
  address: Uint8Array | undefined,
): number {
  const bits = (address?.length ?? 0) * 8;
  return value === undefined ? bits : checkInteger(name, value, 0, bits);
}

function describe(value: unknown): string {
  return inspect(value, { depth: -1, breakLength: Number.POSITIVE_INFINITY });
}
