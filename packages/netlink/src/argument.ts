/**
 * Errors about wrong arguments, with the codes and words of Node's own.
 *
 * @module
 */

/** Makes a TypeError with code `ERR_INVALID_ARG_TYPE`: `name` should have been `expected`. */
export function wrongType(name: string, expected: string, got: unknown): TypeError {
  const received = got === null || got === undefined ? `${got}` : `type ${typeof got}`;
  const message = `The "${name}" argument must be ${expected}. Received ${received}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_TYPE');
}

/** Makes a TypeError with code `ERR_INVALID_ARG_VALUE`: of the right type, but not to be used. */
export function wrongValue(name: string, reason: string, got: unknown): TypeError {
  const message = `The argument '${name}' ${reason}. Received ${String(got)}`;
  return withCode(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

/** Makes a RangeError with code `ERR_OUT_OF_RANGE`: `name` should have been in `range`. */
export function outOfRange(name: string, range: string, got: unknown): RangeError {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${String(got)}`;
  return withCode(new RangeError(message), 'ERR_OUT_OF_RANGE');
}

/** Makes an Error with code `ERR_INVALID_STATE`: a call that cannot be made now. */
export function wrongState(reason: string): Error {
  return withCode(new Error(`Invalid state: ${reason}`), 'ERR_INVALID_STATE');
}

/** Checks that a number is an integer from `least` to `greatest`. */
export function checkInteger(name: string, value: number, least: number, greatest: number): void {
  if (typeof value !== 'number') throw wrongType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < least || value > greatest) {
    throw outOfRange(name, `>= ${least} && <= ${greatest}`, value);
  }
}

/** Checks that a bigint fits into 64 bits without a sign. */
export function checkU64(name: string, value: bigint): void {
  if (typeof value !== 'bigint') throw wrongType(name, 'of type bigint', value);
  if (value < 0n || value >= 2n ** 64n) throw outOfRange(name, '>= 0n && < 2n ** 64n', value);
}

/** Checks that a value is a string without NUL. */
export function checkString(name: string, value: string): void {
  if (typeof value !== 'string') throw wrongType(name, 'of type string', value);
  if (value.includes('\0')) throw wrongValue(name, 'must be a string without NUL', value);
}

/** Checks that a value is an object. */
export function checkObject(name: string, value: object): void {
  if (typeof value !== 'object' || value === null) throw wrongType(name, 'of type object', value);
}

/** Checks that a value is a Uint8Array, of whatever realm. */
export function checkBytes(name: string, value: Uint8Array): void {
  if (Object.prototype.toString.call(value) !== '[object Uint8Array]') {
    throw wrongType(name, 'an instance of Uint8Array', value);
  }
}

function withCode<T extends Error>(error: T, code: string): T {
  return Object.assign(error, { code });
}
