/**
 * Network namespaces of the fake kernel.
 *
 * @module
 */

import type { NetworkNamespaceHandle } from '@rtap/native';
import { MemoryRtnetlink } from '@rtap/transport/testing';
import type { MemoryRtnetlinkOptions } from '@rtap/transport/testing';

/** The inode of the first network namespace (PROC_NET_INIT_INO is near); others are counted on from it. */
const FIRST_INODE = 4_026_531_840n;

/** What a fake kernel makes a namespace of. */
export interface FakeNamespaceOptions {
  /** Its name, as `ip netns` has them; `fake1`, `fake2`, ... when left out. */
  readonly name?: string;
  /** Whether it passes for a rootless one; false when left out. */
  readonly rootless?: boolean;
}

/** The path of a name. */
function fakeNamespacePath(name: string): string {
  return `/run/netns/${name}`;
}

/**
 * A network namespace of a fake kernel: made by `createNamespace`, given as `netns`.
 *
 * Interfaces go from one to another by `namespace.rtnetlink.moveLink(ifindex, other.rtnetlink)`.
 */
export class FakeNamespace implements NetworkNamespaceHandle {
  /** What it is told by. */
  readonly inode: bigint;
  /** The path that a `netns` option can name it by. */
  readonly path: string;
  /** Whether it passes for one of a user namespace of its own. */
  readonly rootless: boolean;
  /** Its link table: change interfaces from outside here, and ask for faults. */
  readonly rtnetlink: MemoryRtnetlink;
  /**
   * Whether the process may enter it, as with CAP_SYS_ADMIN: if not, opening devices and sockets there and following
   * a device there fail with EPERM.
   */
  permitted = true;
  readonly #handles = new Set<FakeNamespaceHandle>();

  /** Made by the fake kernel: `number` counts its namespaces from 0. */
  constructor(
    number: number,
    options: Omit<MemoryRtnetlinkOptions, 'inode'>,
    { name = `fake${number}`, rootless = false }: FakeNamespaceOptions = {},
  ) {
    this.inode = FIRST_INODE + BigInt(number);
    this.path = fakeNamespacePath(name);
    this.rootless = rootless;
    this.rtnetlink = new MemoryRtnetlink({ ...options, inode: this.inode });
  }

  /** How many handles on it are open: none when nothing leaks. */
  get openHandles(): number {
    return this.#handles.size;
  }

  /** Opens another handle on it; for the fake kernel. */
  open(): FakeNamespaceHandle {
    const handle: FakeNamespaceHandle = new FakeNamespaceHandle(this, () =>
      this.#handles.delete(handle),
    );
    this.#handles.add(handle);
    return handle;
  }

  /** Ends it with all that is in it: its interfaces are deleted. */
  destroy(): void {
    for (const { ifindex } of this.rtnetlink.links) this.rtnetlink.deleteLink(ifindex);
  }

  /** Does nothing: a fake namespace is there until it is destroyed. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Does nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** An open handle on a namespace of a fake kernel. */
export class FakeNamespaceHandle implements NetworkNamespaceHandle {
  /** The namespace. */
  readonly namespace: FakeNamespace;
  readonly #onClose: () => void;
  #closed = false;

  /** Made by {@link FakeNamespace.open}. */
  constructor(namespace: FakeNamespace, onClose: () => void) {
    this.namespace = namespace;
    this.#onClose = onClose;
  }

  /** What the namespace is told by. */
  get inode(): bigint {
    return this.namespace.inode;
  }

  /** The path that the namespace is named by. */
  get path(): string {
    return this.namespace.path;
  }

  /** Whether the namespace passes for a rootless one. */
  get rootless(): boolean {
    return this.namespace.rootless;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Lets go of it, any number of times. */
  close(): Promise<void> {
    this.#closed = true;
    this.#onClose();
    return Promise.resolve();
  }

  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
