/**
 * Watches of all interfaces, or all addresses, of a namespace.
 *
 * @module
 */

import type { AddressMessage } from '@rtap/netlink/address';
import type { LinkMessage } from '@rtap/netlink/link';
import { addressFamily } from './address-table.ts';
import { linkFamily } from './link-table.ts';
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
