/**
 * The error class of this package.
 *
 * @module
 */

/** What can go wrong in a conversation, apart from the kernel saying no (that is a `NetlinkError`). */
export type TransportErrorCode =
  /** No answer in time. */
  | 'ERR_RTAP_TIMEOUT'
  /** The kernel dropped datagrams that were meant for this socket (ENOBUFS). */
  | 'ERR_RTAP_OVERRUN'
  /** A datagram was longer than the buffer it was read into. */
  | 'ERR_RTAP_TRUNCATED'
  /** A dump was inconsistent or incomplete each time it was asked for. */
  | 'ERR_RTAP_INTERRUPTED'
  /** What was asked for needs something that this kernel lacks. */
  | 'ERR_RTAP_UNSUPPORTED'
  /** The socket was closed. */
  | 'ERR_RTAP_CLOSED';

/** A conversation with the kernel failed on the way; callers branch on `code`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** What happened. */
  readonly code: TransportErrorCode;
  /** What to do about it, where there is something to do. */
  readonly hint?: string;

  constructor(
    code: TransportErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
  }
}

/** The `code` of whatever was thrown, or undefined when it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The error of an answer that didn't come in time. */
export function timeoutError(name: string, timeout: number): TransportError {
  return new TransportError('ERR_RTAP_TIMEOUT', `${name}: no answer in ${timeout} ms`, {
    hint: 'another process may hold the kernel’s rtnl lock',
  });
}
