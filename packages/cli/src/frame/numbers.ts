/**
 * Numbers on the command line.
 *
 * @module
 */

import { InvalidArgumentError } from 'commander';

/** Takes an integer in these bounds. */
export function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is an integer from ${least} to ${most}.`);
  };
}

/** The longest time of a timer, in seconds: what setTimeout takes. */
const MOST = 2_147_483;

/** Takes a number above 0 that a timer can count. */
export function positive(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= MOST) return value;
  throw new InvalidArgumentError(`It is a number above 0, up to ${MOST}.`);
}
