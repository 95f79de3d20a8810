/**
 * The error class of this package, and how the addon's errors become one.
 *
 * @module
 */

/** What a {@link NativeError} is made of. */
export interface NativeErrorOptions {
  /** The name of the errno ('EPERM'), or a code of rtap ('ERR_RTAP_CLOSED'). */
  readonly code: string;
  /** The errno, negative as in node:fs. */
  readonly errno?: number | undefined;
  /** What was called ('ioctl TUNSETIFF'). */
  readonly syscall?: string | undefined;
  /** The interface it was about. */
  readonly interface?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The error below it. */
  readonly cause?: unknown;
}

/**
 * A system call that failed, something closed that was used, or an addon that can't be loaded.
 *
 * Callers branch on `code`: an errno's name ('EPERM', 'EBUSY', 'EBADFD': the interface is gone),
 * 'ERR_RTAP_CLOSED' or 'ERR_RTAP_LOAD'.
 */
export class NativeError extends Error {
  override readonly name = 'NativeError';
  /** The name of the errno, or a code of rtap. */
  readonly code: string;
  /** The errno, negative as in node:fs; absent when no system call failed. */
  declare readonly errno?: number;
  /** What was called; absent when no system call failed. */
  declare readonly syscall?: string;
  /** The interface it was about, where there is one. */
  declare readonly interface?: string;
  /** What to do about it, where that is known. */
  declare readonly hint?: string;

  /** Makes one; what is not given is absent. */
  constructor(message: string, options: NativeErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    if (options.errno !== undefined) this.errno = options.errno;
    if (options.syscall !== undefined) this.syscall = options.syscall;
    if (options.interface !== undefined) this.interface = options.interface;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/**
 * The error to throw for what the addon threw: a system call's failure as a {@link NativeError}, with
 * the interface in its message as node:fs has the path, so a use of something closed; anything else as it is.
 */
export function nativeError(thrown: unknown, interfaceName?: string): unknown {
  if (!(thrown instanceof Error) || thrown instanceof NativeError) return thrown;
  if (!('code' in thrown) || typeof thrown.code !== 'string') return thrown;
  if (thrown.code === 'ERR_RTAP_CLOSED') {
    return new NativeError(thrown.message, { code: thrown.code, interface: interfaceName });
  }
  if (!('errno' in thrown) || typeof thrown.errno !== 'number') return thrown;
  const about = interfaceName === undefined ? '' : ` '${interfaceName}'`;
  return new NativeError(thrown.message + about, {
    code: thrown.code,
    errno: thrown.errno,
    syscall: 'syscall' in thrown && typeof thrown.syscall === 'string' ? thrown.syscall : undefined,
    interface: interfaceName,
    hint: 'hint' in thrown && typeof thrown.hint === 'string' ? thrown.hint : undefined,
  });
}

/** What a use of something closed throws or rejects with. */
export function closedError(what: string, interfaceName?: string): NativeError {
  return new NativeError(`${what} is closed`, {
    code: 'ERR_RTAP_CLOSED',
    interface: interfaceName,
  });
}
