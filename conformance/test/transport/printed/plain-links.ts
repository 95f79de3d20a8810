/**
 * Links as `ip -N -j link show` prints them, without details, made of what we have decoded.
 *
 * @module
 */

import type { LinkMessage } from '@rtap/netlink/link';
import { printedLink } from './link.ts';

/** What is printed without details. */
const PLAIN = ['ifindex', 'link', 'link_index', 'link_netnsid', 'ifname', 'flags', 'mtu', 'qdisc']
  .concat(['master', 'operstate', 'linkmode', 'group', 'txqlen', 'link_type', 'address'])
  .concat(['broadcast', 'ifalias', 'altnames']);

/** The links of a dump or of a watched table, in the order of their indexes. */
export function plainLinks(items: readonly LinkMessage[]): unknown {
  const links = new Map(items.map((link) => [link.index, link]));
  const printed = items.map((link) => Object(printedLink(link, links)));
  return sortedLinks(
    printed.map((link) =>
      Object.fromEntries(
        PLAIN.filter((field) => link[field] !== undefined).map((field) => [field, link[field]]),
      ),
    ),
  );
}

/** What ip printed, in the order of the indexes. */
export function sortedLinks(printed: unknown): unknown {
  if (!Array.isArray(printed)) throw new TypeError('no list was printed');
  return printed.toSorted((one, other) => one.ifindex - other.ifindex);
}
