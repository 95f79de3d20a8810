/**
 * Where the interface of a device is: what is asked for it, and by which number.
 *
 * @module
 */

import type { Kernel, KernelTap, KernelTapIdentity, NetworkNamespaceHandle } from '@rtap/native';
import { NetlinkClient } from '@rtap/transport';
import type { NetlinkSockets } from '@rtap/transport';
import { NotHereError } from './device-errors.ts';

/** What a place is made of. */
export interface DevicePlaceParts {
  /** Where sockets come from. */
  readonly kernel: Kernel;
  /** The device's own file. */
  readonly tap: KernelTap;
  /** The device's own handle on that namespace, when it isn't the process's own. */
  readonly netns: NetworkNamespaceHandle | undefined;
}

/**
 * The namespace that the interface is known to be in, a client there, and the interface's number there.
 *
 * Numbers are those of a namespace: what is asked with one that the interface has left may be another interface. So
 * there is no client once the interface is known to have left.
 */
export class DevicePlace {
  readonly #tap: KernelTap;
  #client: NetlinkClient;
  #netns: NetworkNamespaceHandle | undefined;
  readonly #kernel: Kernel;
  #sockets: NetlinkSockets;
  #namespaceInode: bigint;
  #ifindex: number;
  #left = false;

  constructor(parts: DevicePlaceParts) {
    this.#tap = parts.tap;
    this.#client = new NetlinkClient(parts.tap.requestSocket);
    this.#netns = parts.netns;
    this.#kernel = parts.kernel;
    this.#sockets = socketsOf(parts);
    this.#namespaceInode = parts.tap.namespaceInode;
    this.#ifindex = parts.tap.ifindex;
  }

  /** The interface's number in the namespace where it is, or was last known to be. */
  get ifindex(): number {
    return this.#ifindex;
  }

  /** That namespace. */
  get namespaceInode(): bigint {
    return this.#namespaceInode;
  }

  /** Whether the interface has gone elsewhere. */
  get left(): boolean {
    return this.#left;
  }

  /**
   * A client in the interface's namespace.
   *
   * @throws NotHereError when the interface has left it.
   */
  get client(): NetlinkClient {
    this.#requireHere();
    return this.#client;
  }

  /**
   * The namespace's handle; undefined: the process's own.
   *
   * @throws NotHereError when the interface has left it.
   */
  get netns(): NetworkNamespaceHandle | undefined {
    this.#requireHere();
    return this.#netns;
  }

  /** Where a socket in that namespace comes from: the kernel, or whoever has handed one over with the device. */
  get sockets(): NetlinkSockets {
    return this.#sockets;
  }

  /** The interface has gone elsewhere: nothing is asked here any more. */
  leave(): void {
    this.#left = true;
  }

  /**
   * Asks the device's own file whether the interface is here.
   *
   * @throws NotHereError, or an error with code ENODEV, when it isn't; EBADFD when it is gone.
   */
  async look(): Promise<KernelTapIdentity> {
    this.#requireHere();
    const identity = await this.#tap.identity();
    this.#requireHere();
    // It went away and came back: what is known here of its old number may be of another interface.
    if (identity.ifindex !== this.#ifindex) throw new NotHereError();
    return identity;
  }

  /**
   * Goes where the interface is now, and lets go of where it was.
   *
   * @throws what `KernelTap.follow` and opening a socket throw; nobody is asked anything then.
   */
  async follow(): Promise<KernelTapIdentity> {
    this.#left = true;
    const { netns, name, ifindex } = await this.#tap.follow();
    if (netns.inode === this.#namespaceInode) {
      await netns.close();
    } else {
      const [before, handle] = [this.#client, this.#netns];
      this.#client = new NetlinkClient(this.#tap.requestSocket);
      this.#netns = netns;
      this.#sockets = this.#kernel;
      this.#namespaceInode = netns.inode;
      await before.close();
      await handle?.close();
    }
    this.#ifindex = ifindex;
    this.#left = false;
    return { name, ifindex };
  }

  /** Lets go of it; `tap` is closed before the namespace is let go of. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.#tap.close();
    await this.#netns?.close();
  }

  #requireHere(): void {
    if (this.#left) throw new NotHereError();
  }
}

function socketsOf({ kernel, tap }: DevicePlaceParts): NetlinkSockets {
  const open = tap.openSubscriptionSocket;
  if (open === undefined) return kernel;
  return {
    openRequestSocket: (options) => kernel.openRequestSocket(options),
    openSubscriptionSocket: (options) => open(options),
    namespaceInode: (netns) => kernel.namespaceInode(netns),
  };
}
