/**
 * Checks of arguments, before anything is done, with Node's codes.
 *
 * @module
 */

import { inspect } from 'node:util';

/** The largest value of a 32-bit word. */
const WORD_MAX = 0xff_ff_ff_ff;

/** A TypeError as Node throws it for an argument of the wrong type. */
export function invalidType(name: string, expected: string, received: unknown): TypeError {
  const error = new TypeError(
    `The "${name}" argument must be ${expected}. Received ${inspect(received, { depth: 0 })}`,
  );
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** A RangeError as Node throws it for a value out of range. */
export function outOfRange(name: string, range: string, received: unknown): RangeError {
  const error = new RangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(received, { depth: 0 })}`,
  );
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** Checks an integer from `minimum` to `maximum`. */
export function checkInteger(
  name: string,
  value: unknown,
  minimum: number,
  maximum: number = WORD_MAX,
): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw outOfRange(name, `an integer >= ${minimum} and <= ${maximum}`, value);
  }
  return value;
}

/** Checks an object of options. */
export function checkOptions(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalidType(name, 'of type object', value);
}

/** Checks a list. */
export function checkArray(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw invalidType(name, 'an instance of Array', value);
}

/** Checks a function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value);
}

/** Checks the bytes of a frame: at least an Ethernet header. */
export function checkFrame(name: string, value: unknown, minimum = 14): Uint8Array {
  if (!(value instanceof Uint8Array)) throw invalidType(name, 'an instance of Uint8Array', value);
  if (value.length < minimum)
    throw outOfRange(name, `at least ${minimum} bytes long`, value.length);
  return value;
}

/** Checks a signal, and throws its reason when it is aborted. */
export function checkSignal(signal: unknown): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) {
    throw invalidType('options.signal', 'an instance of AbortSignal', signal);
  }
  signal.throwIfAborted();
}
