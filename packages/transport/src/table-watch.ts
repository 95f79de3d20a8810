/**
 * Watches of whole tables of rtnetlink objects.
 *
 * @module
 */

import { RTNLGRP_NSID } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { TransportError } from './errors.ts';
import { NetlinkClient } from './netlink-client.ts';
import type { NetlinkSockets } from './netlink-transport.ts';
import { SocketTableWatch } from './socket-table-watch.ts';
import type { TableEvent } from './table-events.ts';
import type { TableFamily } from './table-family.ts';

/** How a reader listens. */
export interface TableReaderOptions {
  /** Events held for it at most, 1,024 when left out; one too many drops them all and tells by `lost`. */
  readonly limit?: number;
  /** Ends it: its `next` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What {@link watchTable}, {@link watchLinks} and the others take. */
export interface WatchTableOptions {
  /** Where sockets come from: the real kernel's ({@link kernelSockets}) or a fake one's. */
  readonly sockets: NetlinkSockets;
  /** The namespace; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /**
   * Whether to watch the namespaces that have an id in that one as well. Links and addresses of them can be
   * dumped; of routes, neighbours, rules and nexthops there are the events alone.
   */
  readonly allNamespaces?: boolean;
  /** The receive buffer to begin with, in bytes; the kernel's default when left out. It grows after an overrun. */
  readonly receiveBuffer?: number;
  /** Closes the watch: its readers reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A table that is kept true; each iteration of it is a reader of its own, with every event from then on. */
export interface TableWatch<T> extends AsyncIterable<TableEvent<T>> {
  /** The objects in the watch's own namespace, as last heard. */
  readonly items: readonly T[];
  /** The object of that key (see {@link TableFamily}), in the watch's own namespace or the one with that id. */
  get(key: number | string, nsid?: number): T | undefined;
  /** A new reader; its first event is a snapshot. */
  events(options?: TableReaderOptions): AsyncIterableIterator<TableEvent<T>, undefined>;
  /** Keeps the event loop alive, as it does from the beginning. */
  ref(): void;
  /** Lets the event loop end in spite of the watch. */
  unref(): void;
  /** Closes its sockets, any number of times; readers end. */
  close(): void;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Watches a whole table: subscribes, dumps, and keeps it true.
 *
 * Has sockets of its own. An overrun, a truncated or malformed datagram lead to a new dump, and readers are
 * told by `resync` and a snapshot; so does what may have changed without a word ({@link SilentChanges}), when
 * something has. When this resolves the first dump has been merged.
 *
 * @throws what opening sockets throws; NetlinkError or TransportError when the first dump fails;
 * `ERR_RTAP_UNSUPPORTED` when this kernel can't tell of other namespaces; the signal's reason.
 */
export async function watchTable<T>(
  family: TableFamily<T>,
  options: WatchTableOptions,
): Promise<TableWatch<T>> {
  const { sockets, netns, allNamespaces = false, receiveBuffer, signal } = options;
  signal?.throwIfAborted();
  const where = netns === undefined ? {} : { netns };
  const groups = [...family.groups, ...(family.silent?.groups ?? [])];
  const socket = await sockets.openSubscriptionSocket({
    ...where,
    groups: allNamespaces ? [...groups, RTNLGRP_NSID] : groups,
    ...(receiveBuffer !== undefined && { receiveBuffer }),
  });
  let client: NetlinkClient | undefined;
  try {
    if (allNamespaces && !socket.setOption('listenAllNsid', true)) {
      throw new TransportError(
        'ERR_RTAP_UNSUPPORTED',
        'this kernel does not tell of other namespaces (NETLINK_LISTEN_ALL_NSID)',
      );
    }
    client = new NetlinkClient(await sockets.openRequestSocket(where));
    const watch = new SocketTableWatch(family, socket, client, allNamespaces);
    await watch.begin(signal);
    return watch;
  } catch (error) {
    socket.close();
    await client?.close();
    throw error;
  }
}
