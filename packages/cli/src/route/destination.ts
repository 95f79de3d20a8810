/**
 * Destinations of routes in text.
 *
 * @module
 */

import { AF_INET, AF_INET6 } from '@rtap/netlink';
import { parsePrefix } from '../ip/words.ts';

/** Where a route leads. */
export interface Destination {
  /** AF_INET or AF_INET6; undefined of `default`. */
  readonly family: number | undefined;
  /** 4 or 16 bytes; undefined of `default`. */
  readonly address: Uint8Array | undefined;
  /** Length of the prefix in bits. */
  readonly length: number;
}

/** Reads `default` or a prefix. */
export function destinationOf(text: string): Destination {
  if (text === 'default' || text === 'all' || text === 'any') {
    return { family: undefined, address: undefined, length: 0 };
  }
  const { address, length = 8 * address.length } = parsePrefix(text);
  const family = address.length === 4 ? AF_INET : AF_INET6;
  return { family, address: length === 0 ? undefined : address, length };
}
