/**
 * Watches of all interfaces, addresses, routes and so on of a namespace.
 *
 * @module
 */

import type { AddressMessage } from '@rtap/netlink/address';
import type { LinkMessage } from '@rtap/netlink/link';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import type { RouteMessage } from '@rtap/netlink/route';
import type { RuleMessage } from '@rtap/netlink/rule';
import { addressFamily } from './address-table.ts';
import { linkFamily } from './link-table.ts';
import { neighbourFamily } from './neighbour-table.ts';
import { nexthopFamily } from './nexthop-table.ts';
import { routeFamily } from './route-table.ts';
import { ruleFamily } from './rule-table.ts';
import { watchTable } from './table-watch.ts';
import type { TableWatch, WatchTableOptions } from './table-watch.ts';

/**
 * Watches all interfaces of a namespace; for some that are known by their index {@link watchLink} costs less.
 *
 * @example
 * ```ts
 * import { kernelSockets, watchLinks } from '@rtap/transport';
 *
 * const watch = await watchLinks({ sockets: await kernelSockets() });
 * for await (const event of watch) {
 *   if (event.type === 'snapshot') console.log(event.items.length, 'interfaces');
 *   break;
 * }
 * watch.close();
 * ```
 *
 * @throws as {@link watchTable} does.
 */
export function watchLinks(options: WatchTableOptions): Promise<TableWatch<LinkMessage>> {
  return watchTable(linkFamily, options);
}

/**
 * Watches all addresses of a namespace.
 *
 * @throws as {@link watchTable} does.
 */
export function watchAddresses(options: WatchTableOptions): Promise<TableWatch<AddressMessage>> {
  return watchTable(addressFamily, options);
}

/**
 * Watches all routes of IPv4 and IPv6, of all routing tables of a namespace.
 *
 * The kernel lets go of routes without a word when an interface goes down, an address or a nexthop goes. What
 * causes it is told, and leads to a new dump; when something has changed, readers are told by `resync` with the
 * reason `'silent'` and a snapshot.
 *
 * @example
 * ```ts
 * import { kernelSockets, watchRoutes } from '@rtap/transport';
 *
 * const watch = await watchRoutes({ sockets: await kernelSockets() });
 * for await (const event of watch) {
 *   if (event.type === 'snapshot') console.log(event.items.length, 'routes');
 *   break;
 * }
 * watch.close();
 * ```
 *
 * @throws as {@link watchTable} does.
 */
export function watchRoutes(options: WatchTableOptions): Promise<TableWatch<RouteMessage>> {
  return watchTable(routeFamily, options);
}

/**
 * Watches all neighbours of a namespace, but for those that the kernel makes without a word
 * ({@link neighbourFamily}): proxies, multicast and the like.
 *
 * The kernel tells neither of NUD_INCOMPLETE nor of NUD_DELAY, which a neighbour is in for seconds: the state
 * that is known then is the one before.
 *
 * @example
 * ```ts
 * import { kernelSockets, watchNeighbours } from '@rtap/transport';
 *
 * const watch = await watchNeighbours({ sockets: await kernelSockets() });
 * for (const { index, destination } of watch.items) console.log(index, destination?.join('.'));
 * watch.close();
 * ```
 *
 * @throws as {@link watchTable} does.
 */
export function watchNeighbours(options: WatchTableOptions): Promise<TableWatch<NeighbourMessage>> {
  return watchTable(neighbourFamily, options);
}

/**
 * Watches all routing rules of IPv4 and IPv6 of a namespace.
 *
 * @throws as {@link watchTable} does.
 */
export function watchRules(options: WatchTableOptions): Promise<TableWatch<RuleMessage>> {
  return watchTable(ruleFamily, options);
}

/**
 * Watches all nexthops of a namespace, and groups of them; those that go with their interface go without a word,
 * as routes do.
 *
 * @throws as {@link watchTable} does.
 */
export function watchNexthops(options: WatchTableOptions): Promise<TableWatch<NexthopMessage>> {
  return watchTable(nexthopFamily, options);
}
