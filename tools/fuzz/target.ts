/**
 * Something to be fuzzed.
 *
 * @module
 */

import type { Input, Part } from './input.ts';

/** Takes any input, and throws when something happens that must not. */
export interface Target {
  readonly name: string;
  readonly seeds: () => readonly Input[];
  /** Length of the message header and the struct behind it: attributes follow. */
  readonly headerOf: (part: Part) => number;
  readonly run: (input: Input) => void | Promise<void>;
}

/** What a target throws of an input; undefined: nothing. */
export async function outcomeOf(target: Target, input: Input): Promise<unknown> {
  try {
    await target.run(input);
    return undefined;
  } catch (error) {
    return error ?? new Error('undefined was thrown');
  }
}
