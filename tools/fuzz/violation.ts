/**
 * What must not happen.
 *
 * @module
 */

import { MalformedError } from '../../packages/netlink/src/index.ts';

/** Something that breaks what the package promises. */
export class Violation extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Violation';
  }
}

/** By which two finds are told to be the same: the words without numbers, and which functions threw. */
export function signature(error: unknown): string {
  const cause = error instanceof Violation && error.cause !== undefined ? error.cause : error;
  if (!(error instanceof Error) || !(cause instanceof Error)) return String(error);
  // Above that it is the fuzzer that runs it.
  const [stack = ''] = (cause.stack ?? '').split(/^.*outcomeOf/m);
  const functions = [...stack.matchAll(/^ +at (.+?) \(.*?\/(packages|tools)\//gm)];
  const where = functions.slice(0, 3).map(([, name]) => name);
  return `${cause.name}: ${error.message.replaceAll(/\d+/g, 'N')} (${where.join(' < ')})`;
}

/**
 * Runs a decoder: its result, or undefined when it refused bytes of `length` (header included) in the way
 * that it may.
 */
export function attempt<T>(what: string, length: number, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof MalformedError)) {
      throw new Violation(`${what} threw ${String(error)}`, { cause: error });
    }
    const { offset } = error;
    if (!Number.isInteger(offset) || offset < 0 || offset > length) {
      throw new Violation(`${what} tells offset ${offset} of ${length} bytes`, { cause: error });
    }
    return undefined;
  }
}
