/**
 * Interfaces that others refer to by their index.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import type { NetlinkClient } from '@rtap/transport';
import { linkAt } from './with-client.ts';

/** Interfaces by their index. */
export type KnownLinks = ReadonlyMap<number, LinkMessage>;

/** So many are asked for one by one; for more all are listed. */
const ONE_BY_ONE = 16;

/** The interfaces with these indexes, as far as they are there; some may be known already. */
export async function linksAt(
  client: NetlinkClient,
  indexes: Iterable<number | undefined>,
  known: Iterable<LinkMessage> = [],
): Promise<KnownLinks> {
  const links = new Map(Array.from(known, (link) => [link.index, link]));
  const missing = new Set<number>();
  for (const index of indexes) {
    if (index !== undefined && index > 0 && !links.has(index)) missing.add(index);
  }
  if (missing.size > ONE_BY_ONE) {
    for await (const link of client.links()) links.set(link.index, link);
    return links;
  }
  const asked = await Promise.all(Array.from(missing, (index) => linkAt(client, { index })));
  for (const link of asked) if (link !== undefined) links.set(link.index, link);
  return links;
}

/** The name of an interface, as ip writes it also when it is gone. */
export function nameAt(links: KnownLinks, index: number): string {
  return links.get(index)?.name ?? `if${index}`;
}
