/**
 * The error class of this package.
 *
 * @module
 */

/** The codes that `RtapError` has of its own; others are those of the error below it (`EPERM`, `EBUSY` ...). */
export type RtapErrorCode =
  /** The operation is not legal in the device's state. */
  | 'ERR_RTAP_STATE'
  /** The device was closed. */
  | 'ERR_RTAP_CLOSED'
  /** The interface is gone. */
  | 'ERR_RTAP_REMOVED'
  /** A queue that another process hands over is of another interface than it says. */
  | 'ERR_RTAP_IDENTITY'
  /** What another process says isn't what it has to be. */
  | 'ERR_RTAP_PROTOCOL';

/** What an {@link RtapError} is made of. */
export interface RtapErrorOptions {
  /** The interface that it is about. */
  readonly interface?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** The error below it. */
  readonly cause?: unknown;
}

/** What goes wrong with a device: callers branch on `code`; the lower error, if any, is its `cause`. */
export class RtapError extends Error {
  override readonly name = 'RtapError';
  /** An {@link RtapErrorCode}, or the code of the error below. */
  readonly code: string;
  /** The error number, negative as in node:fs, where the kernel gave one. */
  declare readonly errno?: number;
  /** The system call or netlink request that failed. */
  declare readonly syscall?: string;
  /** The interface that it is about. */
  declare readonly interface?: string;
  /** What to do about it. */
  declare readonly hint?: string;

  /** Makes one. */
  constructor(code: string, message: string, options: RtapErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.interface !== undefined) this.interface = options.interface;
    const lower = fieldsOf(options.cause);
    if (lower.errno !== undefined) this.errno = lower.errno;
    if (lower.syscall !== undefined) this.syscall = lower.syscall;
    const hint = options.hint ?? lower.hint;
    if (hint !== undefined) this.hint = hint;
  }
}

/**
 * Makes an {@link RtapError} of what a lower layer threw: its code, number and call are kept, and its hint unless
 * `hintFor` has one for its code.
 *
 * Errors that are nobody's to wrap come back as they are: RtapError itself, wrong arguments, aborts.
 */
export function asRtapError(
  error: unknown,
  what: string,
  name: string,
  hintFor: (code: string) => string | undefined = () => undefined,
): unknown {
  if (error instanceof RtapError || error instanceof TypeError || error instanceof RangeError) {
    return error;
  }
  const { code } = fieldsOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new RtapError(code, `${what} '${name}': ${error.message}`, {
    interface: name,
    hint: hintFor(code),
    cause: error,
  });
}

interface ErrorFields {
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
  readonly hint?: string;
}

function fieldsOf(error: unknown): ErrorFields {
  if (typeof error !== 'object' || error === null) return {};
  return {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...('errno' in error && typeof error.errno === 'number' ? { errno: error.errno } : {}),
    ...('syscall' in error && typeof error.syscall === 'string' ? { syscall: error.syscall } : {}),
    ...('hint' in error && typeof error.hint === 'string' ? { hint: error.hint } : {}),
  };
}
