/**
 * How bursts are carried out.
 *
 * @module
 */

import type { EngineName } from '@rtap/native';
import { invalidArgumentType, outOfRange } from './argument.ts';

const ENGINES: readonly EngineName[] = ['syscall', 'io_uring'];

/** Checks which engine is wanted. */
export function checkEngine(name: string, value: unknown): EngineName {
  const engine = ENGINES.find((one) => one === value);
  if (engine !== undefined) return engine;
  const fail = typeof value === 'string' ? outOfRange : invalidArgumentType;
  throw fail(name, "'syscall' or 'io_uring'", value);
}
