/**
 * States of neighbours: NUD_* of linux/neighbour.h.
 *
 * @module
 */

import {
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_NONE,
  NUD_PERMANENT,
  NUD_PROBE,
  NUD_REACHABLE,
  NUD_STALE,
} from '@rtap/netlink';
import { choose } from '../ip/words.ts';

/** By their names, in the order of printing. */
export const STATE_NAMES: Readonly<Record<string, number>> = {
  INCOMPLETE: NUD_INCOMPLETE,
  REACHABLE: NUD_REACHABLE,
  STALE: NUD_STALE,
  DELAY: NUD_DELAY,
  PROBE: NUD_PROBE,
  FAILED: NUD_FAILED,
  NOARP: NUD_NOARP,
  PERMANENT: NUD_PERMANENT,
};

/** The state that a word means. */
export function parseState(word: string): number {
  const names = Object.entries({ ...STATE_NAMES, NONE: NUD_NONE });
  return choose(
    'state',
    word,
    Object.fromEntries(names.map(([name, state]) => [name.toLowerCase(), state])),
  );
}
