/**
 * The error of the fake kernel.
 *
 * @module
 */

import { NativeError } from '@rtap/native';
import { errnoMessage, errnoName } from '@rtap/netlink';
import { hintOf } from './fake-kernel-hints.ts';

/** Above the highest error number of Linux. */
const NUMBERS = 134;
const NUMBER_OF: ReadonlyMap<string, number> = new Map(
  Array.from({ length: NUMBERS }, (_, errno) => [errnoName(errno), errno]),
);

/** What an error of the fake kernel is about. */
export interface FakeKernelErrorOptions {
  /** The interface. */
  readonly interface?: string | undefined;
  /** What to do about it; the real kernel's hint for this call and code when left out, if there is one. */
  readonly hint?: string | undefined;
}

/** What a call of the fake kernel fails with: a `NativeError` whose every field is as the real one's. */
export class FakeKernelError extends NativeError {
  declare readonly syscall: string;

  /** Makes one: `code` such as `EBUSY`, `syscall` such as `ioctl TUNSETIFF`. */
  constructor(code: string, syscall: string, options: FakeKernelErrorOptions = {}) {
    const number = NUMBER_OF.get(code);
    const { interface: about, hint = hintOf(code, syscall) } = options;
    const whose = about === undefined ? '' : ` '${about}'`;
    const what = number === undefined ? '' : `: ${errnoMessage(number)}`;
    super(`${code}${what}, ${syscall}${whose}`, {
      code,
      syscall,
      errno: number === undefined ? undefined : -number,
      interface: about,
      hint,
    });
  }
}

/** What a use of something closed throws or rejects with. */
export function closedError(what: string, interfaceName?: string): NativeError {
  return new NativeError(`${what} is closed`, {
    code: 'ERR_RTAP_CLOSED',
    interface: interfaceName,
  });
}
