/**
 * How bursts are carried out.
 *
 * @module
 */

import { invalidArgumentType, outOfRange } from './argument.ts';

/**
 * How bursts are carried out: `'syscall'`, a read or write for each frame, works everywhere; `'io_uring'` does up to 64
 * with one call of the kernel. Nothing of a burst is left with the kernel when it returns, with either.
 */
export type EngineName = 'syscall' | 'io_uring';

/** The engine that a device has. */
export interface KernelEngine {
  /** Which one it is. */
  readonly name: EngineName;
  /**
   * Why it isn't the one that was wanted, by the name of an errno: EPERM where a seccomp filter or the sysctl
   * kernel.io_uring_disabled forbids io_uring, ENOSYS where the kernel has none, ENOMEM (RLIMIT_MEMLOCK), EMFILE,
   * EOPNOTSUPP before Linux 6.4. Undefined: it is that.
   */
  readonly code: string | undefined;
  /** The same in words, with what to do. */
  readonly reason: string | undefined;
}

/** Checks which engine is wanted. */
export function checkEngine(name: string, value: unknown): EngineName {
  if (typeof value !== 'string') throw invalidArgumentType(name, "'syscall' or 'io_uring'", value);
  if (value === 'syscall' || value === 'io_uring') return value;
  throw outOfRange(name, "'syscall' or 'io_uring'", value);
}
