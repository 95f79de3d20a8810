/**
 * What a kernel offers to the layers above, and the real one.
 *
 * @module
 */

import { attachTap } from './attach.ts';
import type { KernelAttachOptions } from './attach.ts';
import { connectForHandover, listenForHandover } from './handover.ts';
import { receiveQueue } from './loan.ts';
import { namespaceArguments, NetworkNamespace, openNamespace } from './namespace.ts';
import type { NetworkNamespaceHandle, NetworkNamespaceOption } from './namespace.ts';
import { openRequestSocket, openSubscriptionSocket } from './netlink-socket.ts';
import type {
  NetlinkRequestSocket,
  NetlinkSocketOptions,
  NetlinkSubscriptionSocket,
} from './netlink-socket.ts';
import { coalesceBurst } from './coalesce.ts';
import { completeChecksums, segmentBurst } from './segment.ts';
import type { KernelQueue } from './queue.ts';
import { splice } from './splice.ts';
import type { KernelSplice, KernelSpliceOptions } from './splice.ts';
import { openTap } from './tap.ts';
import type { KernelTap, KernelTapOptions } from './tap.ts';

/**
 * What the layers above ask a kernel for. The fake kernel of `@rtap/testkit` is one, too.
 *
 * Wrong arguments reject with a TypeError or RangeError before anything is done.
 */
export interface Kernel {
  /**
   * Opens a TAP device with all its queues, or nothing.
   *
   * @throws NativeError: EPERM without CAP_NET_ADMIN; EBUSY when the name is taken; ENOENT or EACCES
   * for /dev/net/tun; with `adopt`, ENODEV when there is no such interface and EINVAL when it is no
   * TAP, or has one queue only and more are asked for. Its `hint` says what to do.
   */
  openTap(options: KernelTapOptions): Promise<KernelTap>;
  /**
   * Attaches to a TAP device that another process has opened, by files of its queues. All is checked before anything is
   * changed.
   *
   * @throws NativeError: EBADF when a file isn't open, ENOTTY when it is none of /dev/net/tun, EBADFD when no interface is
   * attached to it (any more), EINVAL when it is a TUN, lacks IFF_NO_PI, is detached, not of the same device as the
   * others, or the same queue as another one; ENODEV when the interface is not where it is looked for; ESTALE when it
   * isn't the one that was said, EPROTO when what was received isn't what it has to be.
   */
  attachTap(options: KernelAttachOptions): Promise<KernelTap>;
  /** Listens for processes that want queues, as the function of that name does. */
  readonly listenForHandover: typeof listenForHandover;
  /** Connects to a process that hands queues over, as the function of that name does. */
  readonly connectForHandover: typeof connectForHandover;
  /** Opens a netlink socket to ask with. After an overrun it throws away what is queued. */
  openRequestSocket(options?: NetlinkSocketOptions): Promise<NetlinkRequestSocket>;
  /** Opens a netlink socket to be told by. */
  openSubscriptionSocket(options?: NetlinkSocketOptions): Promise<NetlinkSubscriptionSocket>;
  /**
   * Opens the namespace that is meant: a handle of the caller's own, to be closed by them. Closing
   * the one that was given doesn't matter to it, nor does what its path or process becomes.
   *
   * @throws NativeError: ENOENT, EACCES; EINVAL when a path isn't one of a network namespace.
   */
  openNamespace(netns: NetworkNamespaceOption): Promise<NetworkNamespaceHandle>;
  /** Takes the queue that a loan's ticket is for, as the function of that name does. */
  readonly receiveQueue: typeof receiveQueue;
  /** Makes frames for the wire of what a queue gave, as the function of that name does. */
  readonly segmentBurst: typeof segmentBurst;
  /** Makes super-frames of what is sent, as the function of that name does. */
  readonly coalesceBurst: typeof coalesceBurst;
  /** Makes checksums that were left to be made, as the function of that name does. */
  readonly completeChecksums: typeof completeChecksums;
  /**
   * Connects the queues of two devices by threads: queue i of each gives its frames to queue i of the other, or i modulo
   * their number where that has fewer.
   *
   * @throws NativeError: EMFILE, EAGAIN when there are no files or threads to be had. TypeError, RangeError for wrong
   * arguments, queues of another kernel among them.
   */
  splice(
    a: readonly KernelQueue[],
    b: readonly KernelQueue[],
    options: KernelSpliceOptions,
  ): KernelSplice;
  /** Tells which namespace is meant, by its inode; without `netns` the process's own. */
  namespaceInode(netns?: NetworkNamespaceOption): Promise<bigint>;
}

/** The kernel this process runs on. */
export interface NativeKernel extends Kernel {
  /** Opens the namespace that is meant: a handle of the caller's own, with all that the class can do. */
  openNamespace(netns: NetworkNamespaceOption): Promise<NetworkNamespace>;
}

/** The kernel this process runs on. The addon is loaded by the first call. */
export const kernel: NativeKernel = {
  openTap,
  attachTap,
  listenForHandover,
  connectForHandover,
  openRequestSocket,
  openSubscriptionSocket,
  openNamespace,
  receiveQueue,
  segmentBurst,
  coalesceBurst,
  completeChecksums,
  splice,
  namespaceInode,
};

async function namespaceInode(netns?: NetworkNamespaceOption): Promise<bigint> {
  const [native] = namespaceArguments(netns);
  if (native !== undefined) return native.inode;
  const opened = await (netns === undefined ? NetworkNamespace.current() : openNamespace(netns));
  await opened.close();
  return opened.inode;
}
