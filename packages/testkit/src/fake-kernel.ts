/**
 * The fake kernel: TAP devices and rtnetlink in memory.
 *
 * @module
 */

import type {
  EngineName,
  HandoverConnection,
  HandoverFiles,
  HandoverPeer,
  Kernel,
  KernelAttachOptions,
  KernelDeviceQueue,
  KernelEngine,
  KernelQueue,
  KernelReceivedQueue,
  KernelSplice,
  KernelSpliceOptions,
  KernelTap,
  KernelTapOptions,
  KernelTapOwner,
  NetlinkRequestSocket,
  NetlinkSocketOptions,
  NetlinkSubscriptionSocket,
  NetworkNamespaceHandle,
  NetworkNamespaceOption,
} from '@rtap/native';
import type { MemoryRtnetlink, MemoryRtnetlinkOptions } from '@rtap/transport/testing';
import { networkNamespacePath, tunOffload } from '@rtap/native';
import { invalidType } from './argument.ts';
import { FakeConnection, FakeFiles, FakeHandover } from './fake-handover.ts';
import type { FakeQueueFile } from './fake-handover.ts';
import { FakeInterface } from './fake-interface.ts';
import { closedError, FakeKernelError } from './fake-kernel-error.ts';
import { FakeLoans } from './fake-loan.ts';
import { FakeNamespace, FakeNamespaceHandle } from './fake-namespace.ts';
import type { FakeNamespaceOptions } from './fake-namespace.ts';
import { fakeCoalesceBurst, fakeCompleteChecksums, fakeSegmentBurst } from './fake-segmentation.ts';
import { FakeSplice } from './fake-splice.ts';
import { FakeTap } from './fake-tap.ts';
import type { FakeQueue } from './fake-tap.ts';

/** Below the number of the first open file of a queue. */
const FIRST_FILE = 1_000;
/** A network namespace and two sockets go over with queues. */
const COMPANIONS = 3;
/** Every namespace has it; it is no device of anybody's, and not in the link table of the fake kernel. */
const LOOPBACK = 'lo';
/** What the kernel refuses as a name: its folders of settings for all interfaces (net/ipv4/devinet.c). */
const NO_NAMES: ReadonlySet<string> = new Set(['all', 'default']);
const OWN_PATHS: ReadonlySet<string> = new Set([
  '/proc/self/ns/net',
  `/proc/${process.pid}/ns/net`,
]);
const NOT_MULTI_QUEUE =
  'the interface is no TAP device with several queues: `ip tuntap add ... mode tap multi_queue` makes one';
const NOT_A_TAP = 'the interface of this name is not a TAP device';
const IN_USE = 'another process has this single-queue device open: end it, or choose another name';
const NAME_TAKEN =
  'a network namespace of this name exists: open it by { name }, delete it, or choose another name';
/** What fails when a call is made to. */
const SYSCALLS: Readonly<Record<FakeKernelCall, string>> = {
  openTap: 'ioctl TUNSETIFF',
  attachTap: 'ioctl TUNGETIFF',
  setQueues: 'ioctl TUNSETIFF',
  follow: 'ioctl TUNGETDEVNETNS',
  splice: 'pthread_create',
  openRequestSocket: 'socket',
  openSubscriptionSocket: 'socket',
};

interface Entry {
  readonly interface: FakeInterface;
  readonly multiQueue: boolean;
  /** Where the interface is. */
  namespace: FakeNamespace;
  ifindex: number;
  persistent: boolean;
  owner: KernelTapOwner;
  /** The device that was opened, and those that are attached to it; or files on their way to become such. */
  readonly users: Set<FakeTap | QueueFile>;
}

/** An open file of a queue. */
class QueueFile implements FakeQueueFile {
  readonly entry: Entry;
  readonly queue: FakeQueue;
  readonly close: () => void;

  constructor(entry: Entry, queue: FakeQueue, leave: (file: QueueFile) => void) {
    this.entry = entry;
    this.queue = queue;
    this.close = () => {
      queue.release();
      leave(this);
    };
    queue.hold();
    entry.users.add(this);
  }
}

/** A call of the fake kernel that can be made to fail. */
export type FakeKernelCall =
  | 'openTap'
  | 'attachTap'
  | 'setQueues'
  | 'follow'
  | 'splice'
  | 'openRequestSocket'
  | 'openSubscriptionSocket';

/**
 * A kernel in memory, good enough to drive a device through all its states: no privilege, any system.
 *
 * Pass it as the `kernel` of `openTap`. It has one network namespace, and as many as `createNamespace` makes.
 *
 * @example
 * ```ts
 * import { openTap } from '@rtap/core';
 * import { FakeKernel } from '@rtap/testkit';
 *
 * const kernel = new FakeKernel();
 * const tap = await openTap({ kernel });
 * kernel.interface(tap.name).send(new Uint8Array(60));
 * for await (const batch of tap.batches()) {
 *   console.log(batch.count, batch.length(0)); // 1 60
 *   break;
 * }
 * await tap.close();
 * ```
 */
export class FakeKernel implements Kernel {
  /** The network namespace that the process is in. */
  readonly ownNamespace: FakeNamespace;
  /** What the kernel can leave undone: flags of `tunOffload`; an older one lacks some of them. */
  grantableOffloads: number = Object.values(tunOffload).reduce((all, flag) => all | flag, 0);
  /** Why the kernel has no io_uring, such as `'EPERM'` for a sandbox or `'ENOSYS'`; undefined: it has. */
  ioUringRefusal: string | undefined;
  readonly #namespaces: FakeNamespace[] = [];
  readonly #entries = new Set<Entry>();
  readonly #faults = new Map<FakeKernelCall, string>();
  readonly #loans = new FakeLoans();
  /** Who connects to a shared device, as the kernel vouches: this process when nothing else is set. */
  handoverPeer: HandoverPeer = {
    pid: process.pid,
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
  };
  #lastFile = FIRST_FILE;
  readonly #files = new Map<number, QueueFile>();
  readonly #handover = new FakeHandover(
    (queue) => this.#openFile(queue),
    () => this.handoverPeer,
  );

  /** Makes a kernel without interfaces. */
  constructor() {
    this.ownNamespace = this.createNamespace();
  }

  /** The link table of the process's own namespace: change interfaces from outside here, and ask for faults. */
  get rtnetlink(): MemoryRtnetlink {
    return this.ownNamespace.rtnetlink;
  }

  /**
   * Makes another network namespace, without interfaces.
   *
   * @throws an error with code EEXIST when there is one of the name.
   */
  createNamespace(options: FakeNamespaceOptions = {}): FakeNamespace {
    const { name } = options;
    const path = name === undefined ? undefined : networkNamespacePath({ name });
    if (path !== undefined && this.#namespaces.some((other) => other.path === path)) {
      throw new FakeKernelError('EEXIST', `open ${path}`, { hint: NAME_TAKEN });
    }
    const events: MemoryRtnetlinkOptions = {
      statisticsOf: (ifindex) => this.#find(namespace, ifindex)?.interface.statistics,
      onDeleted: (ifindex) => {
        const entry = this.#find(namespace, ifindex);
        if (entry === undefined) return;
        this.#entries.delete(entry);
        for (const user of entry.users) if (user instanceof FakeTap) user.removed();
      },
      // What was moved lives on: its file sees nothing.
      onMoved: (ifindex, move) => {
        const entry = this.#find(namespace, ifindex);
        const to = this.#namespaces.find(({ rtnetlink }) => rtnetlink === move.rtnetlink);
        if (entry === undefined || to === undefined) return;
        entry.namespace = to;
        entry.ifindex = move.ifindex;
      },
    };
    const number = this.#namespaces.length;
    const namespace: FakeNamespace = new FakeNamespace(number, events, options);
    this.#namespaces.push(namespace);
    return namespace;
  }

  /** Opens a TAP device. */
  async openTap(options: KernelTapOptions): Promise<KernelTap> {
    await this.#turn('openTap', options.name);
    const namespace = this.#enter(options.netns);
    const { rtnetlink } = namespace;
    const name = this.#resolveName(rtnetlink, options.name);
    const existing = rtnetlink.link(name);
    const refuse = (code: string, hint?: string): FakeKernelError =>
      new FakeKernelError(code, 'ioctl TUNSETIFF', { interface: options.name, hint });
    const taken = existing !== undefined || name === LOOPBACK;
    if (!taken && options.adopt === true) {
      throw new FakeKernelError('ENODEV', 'ioctl SIOCGIFINDEX', { interface: options.name });
    }
    if (taken && options.adopt !== true) throw refuse('EBUSY');
    if (!taken && NO_NAMES.has(name)) throw refuse('EINVAL');
    const offloads = this.#grantOffloads(options.offloads ?? [0], options.name);
    const entry =
      existing === undefined
        ? taken
          ? undefined
          : this.#create(namespace, name, true)
        : this.#find(namespace, existing.ifindex);
    if (entry?.multiQueue !== true && options.queues !== 1) throw refuse('EINVAL', NOT_MULTI_QUEUE);
    if (entry === undefined) throw refuse('EINVAL', NOT_A_TAP);
    if (!entry.multiQueue && entry.users.size > 0) throw refuse('EBUSY', IN_USE);
    return this.#tapOf(entry, await rtnetlink.openRequestSocket(), {
      ...{ name, namespace, attached: false, queues: options.queues, offloads },
      engine: options.engine ?? 'syscall',
    });
  }

  /** Attaches to a device, by files that `openQueueFile` gave or that were handed over. */
  async attachTap(options: KernelAttachOptions): Promise<KernelTap> {
    await this.#turn('attachTap');
    const { fds, received, offloads: sets, engine = 'syscall' } = options;
    const files =
      received?.files instanceof FakeFiles
        ? received.files.take()
        : (fds ?? []).map((fd) => this.#files.get(fd));
    const queues = files.filter((file) => file instanceof QueueFile);
    const [first] = queues;
    if (first === undefined || queues.length < files.length) {
      throw new FakeKernelError('EBADF', 'fcntl F_GETFD');
    }
    try {
      const { entry } = first;
      const { ifindex, namespace } = entry;
      const link = namespace.rtnetlink.link(ifindex);
      if (!this.#entries.has(entry) || link === undefined) {
        throw new FakeKernelError('EBADFD', 'ioctl TUNGETIFF');
      }
      if (queues.some((file) => file.entry !== entry)) {
        throw new FakeKernelError('EINVAL', 'ioctl TUNGETIFF');
      }
      const said = received ?? { ifindex, namespaceInode: namespace.inode };
      if (said.ifindex !== ifindex || said.namespaceInode !== namespace.inode) {
        throw new FakeKernelError('ESTALE', 'verify the identity of the interface');
      }
      const tap = this.#tapOf(entry, await namespace.rtnetlink.openRequestSocket(), {
        ...{ name: link.name, namespace, attached: true, queues: queues.map(({ queue }) => queue) },
        ...{
          engine,
          offloads: sets === undefined ? (received?.offloads ?? 0) : this.#grantOffloads(sets),
        },
      });
      for (const fd of fds ?? []) this.#files.delete(fd);
      for (const file of queues) file.close();
      return tap;
    } catch (error) {
      if (received !== undefined) for (const file of queues) file.close();
      throw error;
    }
  }

  /** Opens another file of a device's queue, as its owner would pass it on: `attachTap` takes the number. */
  openQueueFile(name: string, index: number): number {
    this.#lastFile += 1;
    this.#files.set(this.#lastFile, this.#openFile(this.#queueOf(name, index)));
    return this.#lastFile;
  }

  /** Files of a device's queues and what goes with them, as its owner would hand them over. */
  filesOf(name: string, queues: readonly number[]): HandoverFiles {
    const files = queues.map((index) => this.#openFile(this.#queueOf(name, index)));
    return new FakeFiles(files, COMPANIONS);
  }

  /** Sends a message with files of anybody's choice, as a process that is not rtap would. */
  answer(connection: HandoverConnection, bytes: Uint8Array, files: HandoverFiles): void {
    if (!(connection instanceof FakeConnection)) {
      throw invalidType('connection', 'of this kernel', connection);
    }
    connection.deliver({ bytes, files });
  }

  #queueOf(name: string, index: number): KernelDeviceQueue {
    for (const user of this.#entry(name, this.ownNamespace).users) {
      const queue = user instanceof FakeTap ? user.queues[index] : undefined;
      if (queue !== undefined) return queue;
    }
    throw new RangeError(`'${name}' has no queue ${index}`);
  }

  /** Listens, in the memory of this process. */
  readonly listenForHandover: Kernel['listenForHandover'] = (address) =>
    this.#handover.listen(address);

  /** Connects, in the memory of this process. */
  readonly connectForHandover: Kernel['connectForHandover'] = (address) =>
    this.#handover.connect(address);

  #openFile(queue: KernelDeviceQueue): QueueFile {
    for (const entry of this.#entries) {
      for (const user of entry.users) {
        const behind = user instanceof FakeTap ? user.queueBehind(queue) : undefined;
        if (behind === undefined) continue;
        return new QueueFile(entry, behind, (file) => this.#leave(entry, file));
      }
    }
    throw closedError(`queue ${queue.index}`);
  }

  /** One file less of an interface: with the last one it goes. */
  #leave(entry: Entry, user: FakeTap | QueueFile): void {
    entry.users.delete(user);
    if (entry.users.size === 0 && !entry.persistent && this.#entries.has(entry)) {
      entry.namespace.rtnetlink.deleteLink(entry.ifindex);
    }
  }

  #tapOf(
    entry: Entry,
    requestSocket: NetlinkRequestSocket,
    options: {
      readonly name: string;
      readonly namespace: FakeNamespace;
      readonly attached: boolean;
      readonly queues: number | readonly FakeQueue[];
      readonly offloads: number;
      readonly engine: EngineName;
    },
  ): FakeTap {
    const { name, namespace, attached } = options;
    const tap: FakeTap = new FakeTap(
      {
        ...{ name, attached },
        interface: entry.interface,
        namespace,
        multiQueue: entry.multiQueue && !attached,
        place: () => {
          if (!this.#entries.has(entry)) {
            throw new FakeKernelError('EBADFD', 'ioctl TUNGETIFF', { interface: name });
          }
          const { ifindex } = entry;
          const link = entry.namespace.rtnetlink.link(ifindex);
          return { namespace: entry.namespace, ifindex, name: link?.name ?? name };
        },
        setCarrier: (carrier) => entry.namespace.rtnetlink.changeLink(entry.ifindex, { carrier }),
        grantOffloads: (sets) => this.#grantOffloads(sets, name),
        grantEngine: (wanted) => this.#grantEngine(wanted),
        setPersist: (persistent) => {
          entry.persistent = persistent;
        },
        setOwner: (owner) => {
          entry.owner = { ...entry.owner, ...owner };
        },
        openRequestSocket: (where) => where.rtnetlink.openRequestSocket(),
        loans: this.#loans,
        onClose: () => this.#leave(entry, tap),
        fault: (call) => this.#fail(call, name),
      },
      requestSocket,
      options,
    );
    entry.users.add(tap);
    return tap;
  }

  /** Opens a netlink socket to ask with. */
  async openRequestSocket(options: NetlinkSocketOptions = {}): Promise<NetlinkRequestSocket> {
    await this.#turn('openRequestSocket');
    return this.#enter(options.netns).rtnetlink.openRequestSocket(options);
  }

  /** Opens a netlink socket to listen with. */
  async openSubscriptionSocket(
    options: NetlinkSocketOptions = {},
  ): Promise<NetlinkSubscriptionSocket> {
    await this.#turn('openSubscriptionSocket');
    return this.#enter(options.netns).rtnetlink.openSubscriptionSocket(options);
  }

  /** Opens a handle on a namespace of this kernel. */
  async openNamespace(netns: NetworkNamespaceOption): Promise<NetworkNamespaceHandle> {
    return this.#resolve(netns).open();
  }

  /** Takes a queue that was lent, in the same JavaScript thread: other threads have other fake kernels. */
  receiveQueue(ticket: bigint): KernelReceivedQueue {
    return this.#loans.receive(ticket);
  }

  /** Makes frames for the wire, in TypeScript. */
  readonly segmentBurst: Kernel['segmentBurst'] = fakeSegmentBurst;
  /** Leaves frames as they are: nobody has to put them together. */
  readonly coalesceBurst: Kernel['coalesceBurst'] = fakeCoalesceBurst;
  /** Makes checksums, in TypeScript. */
  readonly completeChecksums: Kernel['completeChecksums'] = fakeCompleteChecksums;

  /** Connects two devices of this kernel, in turns of the event loop. */
  splice(
    a: readonly KernelQueue[],
    b: readonly KernelQueue[],
    options: KernelSpliceOptions,
  ): KernelSplice {
    const taps = [...this.#entries].flatMap(({ users }) =>
      [...users].filter((user) => user instanceof FakeTap),
    );
    const own = new Set<KernelQueue>(taps.flatMap(({ queues }) => queues));
    for (const [name, queues] of Object.entries({ a, b })) {
      for (const queue of queues) {
        if (!own.has(queue)) throw invalidType(name, 'a list of queues of this kernel', queue);
      }
    }
    this.#fail('splice');
    return new FakeSplice(a, b, options);
  }

  /** Tells which namespace is meant. */
  async namespaceInode(netns?: NetworkNamespaceOption): Promise<bigint> {
    return this.#resolve(netns).inode;
  }

  /**
   * The far side of a TAP device, found by its name in a namespace: the process's own, when none is given.
   *
   * @throws RangeError when there is no such device.
   */
  interface(name: string, namespace: FakeNamespace = this.ownNamespace): FakeInterface {
    return this.#entry(name, namespace).interface;
  }

  /**
   * Who may open a TAP device without CAP_NET_ADMIN.
   *
   * @throws RangeError when there is no such device.
   */
  owner(name: string, namespace: FakeNamespace = this.ownNamespace): KernelTapOwner {
    return this.#entry(name, namespace).owner;
  }

  /** Makes a persistent single-queue TAP device that a process can adopt, as `ip tuntap add` does; returns its index. */
  addTap(name: string, namespace: FakeNamespace = this.ownNamespace): number {
    const entry = this.#create(namespace, name, false);
    entry.persistent = true;
    return entry.ifindex;
  }

  /** Makes the next call of that kind fail with a code. */
  failNext(call: FakeKernelCall, code: string): void {
    this.#faults.set(call, code);
  }

  #entry(name: string, namespace: FakeNamespace): Entry {
    const link = namespace.rtnetlink.link(name);
    const entry = link === undefined ? undefined : this.#find(namespace, link.ifindex);
    if (entry === undefined) throw new RangeError(`the fake kernel has no TAP device '${name}'`);
    return entry;
  }

  #find(namespace: FakeNamespace, ifindex: number): Entry | undefined {
    for (const entry of this.#entries) {
      if (entry.namespace === namespace && entry.ifindex === ifindex) return entry;
    }
    return undefined;
  }

  #create(namespace: FakeNamespace, name: string, multiQueue: boolean): Entry {
    const entry: Entry = {
      interface: new FakeInterface(() => {
        const { ifindex } = entry;
        const link = entry.namespace.rtnetlink.link(ifindex);
        const { up = false, carrier = false, txQueueLength = 0 } = link ?? {};
        return { ifindex, up, carrier, txQueueLength };
      }),
      multiQueue,
      namespace,
      ifindex: namespace.rtnetlink.addLink({ name, takesPorts: false }),
      persistent: false,
      owner: {},
      users: new Set(),
    };
    this.#entries.add(entry);
    return entry;
  }

  /** As `set_offload` of the kernel's tun driver. */
  #grantOffloads(sets: readonly number[], about?: string): number {
    const { checksum, tso4, tso6, tsoEcn, uso4, uso6 } = tunOffload;
    for (const set of sets) {
      const udp = set & (uso4 | uso6);
      const lonely =
        (set !== 0 && (set & checksum) === 0) ||
        ((set & tsoEcn) !== 0 && (set & (tso4 | tso6)) === 0) ||
        (udp !== 0 && udp !== (uso4 | uso6));
      if (!lonely && (set & ~this.grantableOffloads) === 0) return set;
    }
    throw new FakeKernelError('EINVAL', 'ioctl TUNSETOFFLOAD', { interface: about });
  }

  #grantEngine(wanted: EngineName): KernelEngine {
    const code = this.ioUringRefusal;
    if (wanted === 'syscall' || code === undefined) {
      return { name: wanted, code: undefined, reason: undefined };
    }
    const { message, hint } = new FakeKernelError(code, 'io_uring_setup');
    return { name: 'syscall', code, reason: hint === undefined ? message : `${message}: ${hint}` };
  }

  #resolveName(rtnetlink: MemoryRtnetlink, pattern: string): string {
    if (!pattern.includes('%d')) return pattern;
    for (let number = 0; ; number += 1) {
      const name = pattern.replace('%d', String(number));
      if (rtnetlink.link(name) === undefined) return name;
    }
  }

  /** Which namespace is meant. */
  #resolve(netns: NetworkNamespaceOption | undefined): FakeNamespace {
    if (netns === undefined) return this.ownNamespace;
    if (netns instanceof FakeNamespaceHandle && netns.closed) {
      throw closedError('the network namespace');
    }
    const meant = netns instanceof FakeNamespaceHandle ? netns.namespace : netns;
    const known = this.#namespaces.find((namespace) => namespace === meant);
    if (known !== undefined) return known;
    const path = networkNamespacePath(netns);
    if (OWN_PATHS.has(path)) return this.ownNamespace;
    const found = this.#namespaces.find((namespace) => namespace.path === path);
    if (found !== undefined) return found;
    // There are no other files.
    throw new FakeKernelError(
      path.startsWith('/proc/self/fd/') ? 'EBADF' : 'ENOENT',
      `open ${path}`,
    );
  }

  /** Which namespace is meant, if the process may enter it. */
  #enter(netns: NetworkNamespaceOption | undefined): FakeNamespace {
    const namespace = this.#resolve(netns);
    if (!namespace.permitted) throw new FakeKernelError('EPERM', 'setns');
    return namespace;
  }

  async #turn(call: FakeKernelCall, about?: string): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#fail(call, about);
  }

  #fail(call: FakeKernelCall, about?: string): void {
    const code = this.#faults.get(call);
    if (code === undefined) return;
    this.#faults.delete(call);
    throw new FakeKernelError(code, SYSCALLS[call], { interface: about });
  }
}
