/**
 * The testkit's own error.
 *
 * @module
 */

/** Why the testkit can't do what was asked. */
export type TestkitErrorCode = 'ERR_RTAP_CLOSED' | 'ERR_RTAP_TOPOLOGY';

/** Something that the testkit itself refuses; what the kernel refuses has the lower layers' errors. */
export class TestkitError extends Error {
  /** What kind of error: branch on this. */
  readonly code: TestkitErrorCode;

  constructor(code: TestkitErrorCode, message: string) {
    super(message);
    this.name = 'TestkitError';
    this.code = code;
  }
}
