/**
 * Places in the one link subscription of a JavaScript thread, kernel and namespace.
 *
 * @module
 */

import { RTNLGRP_LINK } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { checkIndex, checkObject } from './argument.ts';
import { LinkSubscription } from './link-subscription.ts';
import type { LinkWatch, LinkWatcher } from './link-subscription.ts';
import type { NetlinkSockets } from './netlink-transport.ts';

/**
 * Bytes of events that wait for a busy JavaScript thread before some are lost: a thousand or so, where this process may
 * have as much; the system's limit otherwise. Memory is taken by what waits alone.
 */
const RECEIVE_BUFFER = 1024 * 1024;

interface Shared {
  readonly subscription: Promise<LinkSubscription>;
  users: number;
}

// Each worker thread has its own copy of this module, so this is a map a JavaScript thread.
const sharedBySockets = new WeakMap<NetlinkSockets, Map<bigint, Shared>>();

/** What {@link watchLink} takes. */
export interface WatchLinkOptions {
  /** Where sockets come from: the real kernel's or a fake one's. */
  readonly sockets: NetlinkSockets;
  /** The interface, by its index in that namespace. */
  readonly ifindex: number;
  /** Whom to tell. */
  readonly watcher: LinkWatcher;
  /** The namespace that the interface is in; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** That namespace's inode, from whoever knows it; looked up when left out. */
  readonly namespaceInode?: bigint;
}

/**
 * Watches one interface.
 *
 * The socket is shared with all who watch interfaces of the same namespace from this thread; it is opened for
 * the first of them and closed with the last. When this resolves the subscription is in force: ask for a
 * snapshot then, and nothing falls between.
 *
 * @throws what opening a socket throws.
 */
export async function watchLink(options: WatchLinkOptions): Promise<LinkWatch> {
  checkObject('options', options);
  checkObject('options.sockets', options.sockets);
  checkObject('options.watcher', options.watcher);
  checkIndex('options.ifindex', options.ifindex);
  const { sockets, netns } = options;
  const inode = options.namespaceInode ?? (await sockets.namespaceInode(netns));
  const byNamespace = sharedBySockets.get(sockets) ?? new Map<bigint, Shared>();
  sharedBySockets.set(sockets, byNamespace);

  let shared = byNamespace.get(inode);
  if (shared === undefined) {
    shared = { subscription: open(sockets, netns), users: 0 };
    byNamespace.set(inode, shared);
  }
  const place = shared;
  place.users += 1;
  const release = (): void => {
    place.users -= 1;
    if (place.users > 0) return;
    byNamespace.delete(inode);
    place.subscription.then(
      (subscription) => subscription.close(),
      () => undefined,
    );
  };
  try {
    return (await place.subscription).watch(options.ifindex, options.watcher, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function open(
  sockets: NetlinkSockets,
  netns: NetworkNamespaceOption | undefined,
): Promise<LinkSubscription> {
  const socket = await sockets.openSubscriptionSocket({
    groups: [RTNLGRP_LINK],
    receiveBuffer: RECEIVE_BUFFER,
    ...(netns === undefined ? {} : { netns }),
  });
  return new LinkSubscription(socket);
}
