/**
 * TAP devices.
 *
 * @module
 */

import {
  checkBoolean,
  checkInteger,
  checkInterfaceName,
  checkListener,
  checkOptions,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import type { Poll, Tap } from './binding.d.ts';
import { checkEngine } from './engine.ts';
import type { EngineName, KernelEngine } from './engine.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { namespaceArguments, wrapNamespace } from './namespace.ts';
import type { NetworkNamespaceHandle, NetworkNamespaceOption } from './namespace.ts';
import { handedSubscriptionSocket, requestSocketOf } from './netlink-socket.ts';
import type {
  NetlinkRequestSocket,
  NetlinkSocketOptions,
  NetlinkSubscriptionSocket,
} from './netlink-socket.ts';
import { NativeQueue } from './queue.ts';
import type { KernelDeviceQueue } from './queue.ts';

/** How many queue pairs a device has at most. */
const QUEUES_MAX = 128;
/** All flags that an ioctl's argument has room for here. */
const FLAGS_MAX = 0xffff_ffff;
/** The largest number of a user or group; the next one means none. */
const LARGEST_ID = 0xffff_fffe;

/** What device to open. */
export interface KernelTapOptions {
  /** 1 to 15 bytes; the kernel puts a number in the place of `%d`. */
  readonly name: string;
  /** How many queue pairs, 1 to 128. */
  readonly queues: number;
  /** Where the interface is, or comes to be. @default the process's own namespace */
  readonly netns?: NetworkNamespaceOption;
  /**
   * Takes a device that exists, and only that. One that was made without IFF_MULTI_QUEUE is taken as
   * it is: `queues` must be 1.
   * @default false: a new one, with IFF_TUN_EXCL
   */
  readonly adopt?: boolean;
  /**
   * What the kernel may leave undone in frames to us: sets of {@link tunOffload} flags, the best first, as
   * {@link KernelTap.setOffloads} takes them.
   * @default [0]: nothing
   */
  readonly offloads?: readonly number[];
  /**
   * How bursts are to be carried out. Where io_uring is forbidden or doesn't work, {@link KernelTap.engine} is the
   * other one and says why.
   * @default 'syscall'
   */
  readonly engine?: EngineName;
}

/** What the kernel may leave undone in frames to a device: the flags of TUNSETOFFLOAD (linux/if_tun.h). */
export const tunOffload = {
  /** TUN_F_CSUM: checksums. All others need it. */
  checksum: 0x01,
  /** TUN_F_TSO4: segmentation of TCP over IPv4. */
  tso4: 0x02,
  /** TUN_F_TSO6: segmentation of TCP over IPv6. */
  tso6: 0x04,
  /** TUN_F_TSO_ECN: segmentation of TCP with ECN. Needs one of those. */
  tsoEcn: 0x08,
  /** TUN_F_USO4: segmentation of UDP over IPv4. Granted together with the next one only. */
  uso4: 0x20,
  /** TUN_F_USO6: segmentation of UDP over IPv6. */
  uso6: 0x40,
} as const;

/**
 * What a tun driver can do: IFF_MULTI_QUEUE, IFF_NAPI, IFF_NAPI_FRAGS and IFF_NO_CARRIER of TUNGETFEATURES, and
 * `namespace`, that it tells where a device is (TUNGETDEVNETNS), without which none can be followed.
 */
export type KernelTapFeature = 'multiQueue' | 'napi' | 'napiFrags' | 'noCarrier' | 'namespace';

/** linux/if_tun.h. */
const FEATURE_FLAGS: readonly (readonly [KernelTapFeature, number])[] = [
  ['multiQueue', 0x0100],
  ['napi', 0x0010],
  ['napiFrags', 0x0020],
  ['noCarrier', 0x0040],
];

/** An interface's name and number. */
export interface KernelTapIdentity {
  /** Its name. */
  readonly name: string;
  /** Its number, which a rename leaves. */
  readonly ifindex: number;
}

/** Where an interface is now, and what it is called there. */
export interface KernelTapPlace extends KernelTapIdentity {
  /** The network namespace: a handle of the caller's own, to be closed by them. */
  readonly netns: NetworkNamespaceHandle;
}

/** Who may open a device. */
export interface KernelTapOwner {
  /** Number of a user. */
  readonly uid?: number;
  /** Number of a group. */
  readonly gid?: number;
}

/** An open TAP device. */
export interface KernelTap {
  /** The interface's name when the device was opened. */
  readonly name: string;
  /** The interface's number when the device was opened. */
  readonly ifindex: number;
  /** Whether it can have other queues. If not it keeps the one, or those it was attached by, from open to close. */
  readonly multiQueue: boolean;
  /** Whether it belongs to somebody else, who has handed queues over: closing it leaves the interface to them. */
  readonly attached: boolean;
  /**
   * How long the virtio-net header is that the kernel has before each frame, in bytes: 10, or of an attached device what its
   * maker has chosen, 0 for none. In the slab it is always 10; without one it is empty, no offload is granted, and a
   * frame whose header says that work is left to be done counts as refused.
   */
  readonly headerLength: number;
  /**
   * Opens the socket to subscribe with that was handed over, in the interface's namespace, one at a time; undefined when
   * this process can open its own.
   */
  readonly openSubscriptionSocket:
    ((options?: NetlinkSocketOptions) => Promise<NetlinkSubscriptionSocket>) | undefined;
  /** What the driver of this kernel can do, found by asking it. */
  readonly features: readonly KernelTapFeature[];
  /** Which namespace it was opened in. */
  readonly namespaceInode: bigint;
  /**
   * A socket to ask rtnetlink with, in the namespace where the device was opened, or followed to: another one after
   * `follow` went elsewhere. It came with the device and is closed with it, or before.
   */
  readonly requestSocket: NetlinkRequestSocket;
  /** Its queues; empty while `setQueues` runs, after its failure, and when closed. */
  readonly queues: readonly KernelDeviceQueue[];

  /**
   * Closes all queues and opens `count` new ones; the interface stays. Those in `queues` are others
   * after it. A single-queue device takes 1 only, and keeps its queue; an attached one as many as it has.
   *
   * @throws NativeError: EBADFD when the interface is gone, ENODEV when it was moved to another
   * namespace and not followed there; what was opened is closed again then, and there are no queues.
   */
  setQueues(count: number): Promise<void>;
  /**
   * Asks for name and number now (TUNGETIFF).
   *
   * @throws NativeError: EBADFD when the interface is gone, ENODEV when it was moved to another
   * namespace and not followed there.
   */
  identity(): Promise<KernelTapIdentity>;
  /**
   * Goes where the interface is now (TUNGETDEVNETNS): that is where it is asked for, and where its queues
   * are opened, from then on. Its number there may be another one. Bursts and what else works on the
   * device's own file need no following.
   *
   * @throws NativeError, and the device stays where it was: EPERM without CAP_NET_ADMIN in the user namespace of that
   * network namespace, or CAP_SYS_ADMIN to enter it; EBADFD when the interface is gone; ENOTTY or EINVAL when the
   * kernel is too old to tell.
   */
  follow(): Promise<KernelTapPlace>;
  /** What the kernel may leave undone in frames to us, as {@link tunOffload} flags. */
  readonly offloads: number;
  /**
   * Lets the kernel leave work undone in frames to us (TUNSETOFFLOAD): the first of these sets of {@link tunOffload}
   * flags that it grants, which is returned. It holds for the whole device, whoever else has it open.
   *
   * @throws NativeError: EINVAL when it grants none of them; nothing has changed then. EBADFD when the interface is gone.
   */
  setOffloads(sets: readonly number[]): Promise<number>;
  /**
   * How bursts are carried out. A burst that can have no ring (of a thread with a seccomp filter of its own, with no
   * file left) is carried out by the other engine, and so are all later ones.
   */
  readonly engine: KernelEngine;
  /**
   * Has bursts carried out by another engine, from the next one on; returns the one that there is then.
   *
   * @throws NativeError: EBADFD when the interface is gone.
   */
  setEngine(wanted: EngineName): Promise<KernelEngine>;
  /**
   * Raises or drops the carrier (TUNSETCARRIER).
   *
   * @throws NativeError: EBADFD when the interface is gone.
   */
  setCarrier(up: boolean): Promise<void>;
  /**
   * Lets the interface outlive the device's closing, or end with it as it does from the start
   * (TUNSETPERSIST). What is adopted is as it was made.
   *
   * @throws NativeError: EBADFD when the interface is gone.
   */
  setPersist(persistent: boolean): Promise<void>;
  /**
   * Lets a user, a group, or both open the device without CAP_NET_ADMIN (TUNSETOWNER, TUNSETGROUP);
   * what isn't given stays as it is.
   *
   * @throws NativeError: EBADFD when the interface is gone; EINVAL for a number that this user
   * namespace doesn't know.
   */
  setOwner(owner: KernelTapOwner): Promise<void>;
  /** Sets who is told, once, that the interface is gone; also when it was gone before. */
  onRemoved(listener: (() => void) | undefined): void;
  /** Makes the device keep the event loop alive, as it does from the start. */
  ref(): void;
  /** Lets the event loop end while the device is open. */
  unref(): void;
  /**
   * Closes the device, any number of times. When it resolves the kernel has closed all its files, and
   * the interface is gone unless it is persistent or somebody else has it open.
   */
  close(): Promise<void>;
}

/** Opens a TAP device of the real kernel. */
export async function openTap(options: KernelTapOptions): Promise<KernelTap> {
  checkOptions('options', options);
  const name = checkInterfaceName('options.name', options.name);
  const checked = {
    name,
    queues: checkInteger('options.queues', options.queues, 1, QUEUES_MAX),
    adopt: checkBoolean('options.adopt', options.adopt ?? false),
    offloads: checkOffloads('options.offloads', options.offloads ?? [0]),
    ioUring: checkEngine('options.engine', options.engine ?? 'syscall') === 'io_uring',
  };
  const namespace = namespaceArguments(options.netns);
  try {
    return await wrap(await binding().openTap(checked, ...namespace), false);
  } catch (error) {
    throw nativeError(error, name);
  }
}

/** The device of somebody else that the addon is attached to. */
export function tapOf(native: Tap): Promise<KernelTap> {
  return wrap(native, true);
}

async function wrap(native: Tap, attached: boolean): Promise<KernelTap> {
  try {
    return new NativeTap(native, attached);
  } catch (error) {
    // With no file descriptor left, most likely.
    await native.close();
    throw error;
  }
}

function featuresOf(native: Tap): readonly KernelTapFeature[] {
  const { features, tellsNamespace } = native;
  const flagged = FEATURE_FLAGS.filter(([, flag]) => (features & flag) !== 0).map(([name]) => name);
  return tellsNamespace ? [...flagged, 'namespace'] : flagged;
}

/** Checks sets of flags. */
export function checkOffloads(name: string, sets: readonly number[]): number[] {
  if (!Array.isArray(sets)) throw invalidArgumentType(name, 'an instance of Array', sets);
  if (sets.length === 0) throw outOfRange(name, 'at least one set', sets);
  return Array.from(sets, (set, index) => checkInteger(`${name}[${index}]`, set, 0, FLAGS_MAX));
}

class NativeTap implements KernelTap {
  readonly name: string;
  readonly ifindex: number;
  readonly multiQueue: boolean;
  readonly attached: boolean;
  readonly headerLength: number;
  readonly openSubscriptionSocket: KernelTap['openSubscriptionSocket'];
  readonly features: readonly KernelTapFeature[];
  readonly namespaceInode: bigint;
  readonly #native: Tap;
  readonly #poll: Poll;
  #requestSocket: NetlinkRequestSocket;
  #place: bigint;
  #queues: readonly NativeQueue[] = [];
  #removed = false;
  #listener: (() => void) | undefined;
  #changing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(native: Tap, attached: boolean) {
    this.#native = native;
    this.attached = attached;
    this.headerLength = native.header;
    this.openSubscriptionSocket = native.hasSubscription
      ? async (options) => handedSubscriptionSocket(native.subscription(), options)
      : undefined;
    this.name = native.opened.name;
    this.ifindex = native.opened.ifindex;
    this.multiQueue = native.multiQueue;
    this.features = featuresOf(native);
    this.namespaceInode = native.namespaceInode;
    this.#place = native.namespaceInode;
    this.#requestSocket = requestSocketOf(native.requests());
    this.#poll = native.poll(() => {
      // Nothing but the end of the device wakes this poll, and it would do so for ever.
      this.#poll.close();
      this.#removed = true;
      this.#tell();
    });
    try {
      this.#poll.startRemoved();
      this.#queues = this.#openQueues();
    } catch (error) {
      this.#poll.close();
      throw error;
    }
  }

  get requestSocket(): NetlinkRequestSocket {
    return this.#requestSocket;
  }

  get queues(): readonly KernelDeviceQueue[] {
    return this.#queues;
  }

  async setQueues(count: number): Promise<void> {
    checkInteger('count', count, 1, QUEUES_MAX);
    const change = this.#changing.then(() => this.#changeQueues(count));
    this.#changing = change.catch(() => undefined);
    return change;
  }

  async #changeQueues(count: number): Promise<void> {
    this.#checkOpen();
    if (this.multiQueue) this.#releaseQueues();
    await this.#run(() => this.#native.setQueues(count));
    this.#checkOpen();
    if (this.multiQueue) this.#queues = this.#openQueues();
  }

  async identity(): Promise<KernelTapIdentity> {
    this.#checkOpen();
    return this.#run(() => this.#native.identity());
  }

  async follow(): Promise<KernelTapPlace> {
    this.#checkOpen();
    const [namespace, identity] = await this.#run(() => this.#native.follow());
    const netns = wrapNamespace(namespace);
    if (netns.inode !== this.#place && this.#closing === undefined) {
      this.#requestSocket.close();
      this.#requestSocket = requestSocketOf(this.#native.requests());
      this.#place = netns.inode;
    }
    return { ...identity, netns };
  }

  get offloads(): number {
    return this.#native.offloads;
  }

  async setOffloads(sets: readonly number[]): Promise<number> {
    const checked = checkOffloads('sets', sets);
    this.#checkOpen();
    return this.#run(() => this.#native.setOffloads(checked));
  }

  get engine(): KernelEngine {
    const { ioUring, code, reason } = this.#native.engine;
    return { name: ioUring ? 'io_uring' : 'syscall', code, reason };
  }

  async setEngine(wanted: EngineName): Promise<KernelEngine> {
    checkEngine('wanted', wanted);
    this.#checkOpen();
    await this.#run(() => this.#native.setEngine(wanted === 'io_uring'));
    return this.engine;
  }

  async setCarrier(up: boolean): Promise<void> {
    checkBoolean('up', up);
    this.#checkOpen();
    return this.#run(() => this.#native.setCarrier(up));
  }

  async setPersist(persistent: boolean): Promise<void> {
    checkBoolean('persistent', persistent);
    this.#checkOpen();
    return this.#run(() => this.#native.setPersist(persistent));
  }

  async setOwner(owner: KernelTapOwner): Promise<void> {
    checkOptions('owner', owner);
    const { uid, gid } = owner;
    if (uid !== undefined) checkInteger('owner.uid', uid, 0, LARGEST_ID);
    if (gid !== undefined) checkInteger('owner.gid', gid, 0, LARGEST_ID);
    this.#checkOpen();
    return this.#run(() => this.#native.setOwner(uid, gid));
  }

  onRemoved(listener: (() => void) | undefined): void {
    this.#listener = checkListener('listener', listener);
    // Told late, but as an event all the same: never inside this call.
    if (this.#removed) queueMicrotask(() => this.#tell());
  }

  ref(): void {
    this.#poll.setReferenced(true);
  }

  unref(): void {
    this.#poll.setReferenced(false);
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      this.#listener = undefined;
      // They hold the files open, too.
      this.#poll.close();
      this.#requestSocket.close();
      this.#releaseQueues();
      this.#closing = this.#native.close();
    }
    return this.#closing;
  }

  #tell(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    this.#removed = false;
    listener();
  }

  #openQueues(): readonly NativeQueue[] {
    return this.#native.queues().map((queue, index) => new NativeQueue(queue, index, this.name));
  }

  #releaseQueues(): void {
    for (const queue of this.#queues) queue.release();
    this.#queues = [];
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closedError('the TAP device', this.name);
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw nativeError(error, this.name);
    }
  }
}
