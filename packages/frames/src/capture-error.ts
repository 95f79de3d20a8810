/**
 * What is wrong with a capture.
 *
 * @module
 */

/**
 * What a {@link CaptureError} is about: `ERR_CAPTURE_MALFORMED` for lengths and numbers that cannot
 * be, `ERR_CAPTURE_TRUNCATED` for one that ends in the middle, `ERR_CAPTURE_TOO_LARGE` for a block
 * or a list of interfaces above the bound, `ERR_CAPTURE_UNSUPPORTED` for another format or version.
 */
export type CaptureErrorCode =
  | 'ERR_CAPTURE_MALFORMED'
  | 'ERR_CAPTURE_TRUNCATED'
  | 'ERR_CAPTURE_TOO_LARGE'
  | 'ERR_CAPTURE_UNSUPPORTED';

/** Thrown by `CaptureReader` when bytes are no capture; the packets before them have been given. */
export class CaptureError extends Error {
  /** What it is about. */
  readonly code: CaptureErrorCode;
  /** Where: bytes from the start of the capture to that of the block, record or header at fault. */
  readonly offset: number;

  /** Makes one: `message` says what is wrong, `offset` where. */
  constructor(code: CaptureErrorCode, message: string, offset: number) {
    super(`${message} at offset ${offset}`);
    this.name = 'CaptureError';
    this.code = code;
    this.offset = offset;
  }
}
