/**
 * What a check of `rtap doctor` found.
 *
 * @module
 */

import type { Verdict } from '../terminal.ts';

/** What a check found. */
export interface Finding {
  /** How it ended. */
  readonly verdict: Verdict;
  /** What there is, or is not. */
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}
