/**
 * The error of the fake kernel.
 *
 * @module
 */

/** What a call of the fake kernel fails with: `code` and `syscall` as the real one's error has them. */
export class FakeKernelError extends Error {
  override readonly name = 'FakeKernelError';
  /** Such as `EBUSY`. */
  readonly code: string;
  /** The call that failed. */
  readonly syscall: string;

  /** Makes one. */
  constructor(code: string, syscall: string) {
    super(`${code}, ${syscall}`);
    this.code = code;
    this.syscall = syscall;
  }
}
