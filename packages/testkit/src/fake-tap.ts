/**
 * Fake TAP devices and queues, as `@rtap/native` offers the real ones.
 *
 * @module
 */

import type {
  EngineName,
  KernelDeviceQueue,
  KernelEngine,
  KernelQueue,
  KernelTap,
  KernelTapFeature,
  KernelTapIdentity,
  KernelTapOwner,
  KernelTapPlace,
  NetlinkRequestSocket,
} from '@rtap/native';
import { addTo, countFrame } from './fake-counters.ts';
import { FakeWire } from './fake-interface.ts';
import type { FakeInterface } from './fake-interface.ts';
import { closedError, FakeKernelError } from './fake-kernel-error.ts';
import { FakeDeviceQueue } from './fake-loan.ts';
import type { FakeLoans } from './fake-loan.ts';
import type { FakeNamespace } from './fake-namespace.ts';
import { HEADER_LENGTH as HEADER, readVirtioNetHeader } from './virtio-net-header.ts';

const ALIGNMENT = 64;
/** Room that a super-frame needs in a slab, its header included. */
export const RX_ROOM: number = Math.ceil((HEADER + 65_535 + 14 + 4) / ALIGNMENT) * ALIGNMENT;
const SHORTEST_FRAME = 14;
/** With frames of more than this many bytes ... */
const LONG = 16 * 1024;
/** ... so many are enough for a burst. */
const ENOUGH = 128 * 1024;

/** What a fake device needs of its kernel. */
export interface FakeTapParts {
  /** The interface's name when it was opened. */
  readonly name: string;
  /** Its far side. */
  readonly interface: FakeInterface;
  /** The namespace that it is opened in. */
  readonly namespace: FakeNamespace;
  /** Whether it can have more than one queue. */
  readonly multiQueue: boolean;
  /** Where the interface is now, and what it is called there; throws EBADFD when it is gone. */
  readonly place: () => KernelTapIdentity & { readonly namespace: FakeNamespace };
  /** Sets the carrier. */
  readonly setCarrier: (up: boolean) => void;
  /** The first of these sets that the kernel grants; throws EINVAL when there is none. */
  readonly grantOffloads: (sets: readonly number[]) => number;
  /** The engine that a device has which wants this one. */
  readonly grantEngine: (wanted: EngineName) => KernelEngine;
  /** Sets whether the interface outlives its device. */
  readonly setPersist: (persistent: boolean) => void;
  /** Sets who may open it. */
  readonly setOwner: (owner: KernelTapOwner) => void;
  /** Opens a socket to ask with, in a namespace. */
  readonly openRequestSocket: (namespace: FakeNamespace) => Promise<NetlinkRequestSocket>;
  /** Where queues that are lent wait. */
  readonly loans: FakeLoans;
  /** Whether it belongs to somebody else. */
  readonly attached: boolean;
  /** Called by `close`, once. */
  readonly onClose: () => void;
  /** Throws when a fault was asked for. */
  readonly fault: (call: 'setQueues' | 'follow') => void;
}

/** A fake TAP device. */
export class FakeTap implements KernelTap {
  readonly name: string;
  readonly ifindex: number;
  readonly multiQueue: boolean;
  /** As a device of rtap has it. */
  readonly headerLength: number = HEADER;
  /** Sockets are opened where they are wanted. */
  readonly openSubscriptionSocket = undefined;
  readonly features: readonly KernelTapFeature[] = ['multiQueue', 'namespace'];
  readonly namespaceInode: bigint;
  readonly #parts: FakeTapParts;
  /** Where it was opened, or followed to. */
  #home: FakeNamespace;
  #requestSocket: NetlinkRequestSocket;
  #queues: readonly FakeQueue[] = [];
  #deviceQueues: readonly FakeDeviceQueue[] = [];
  #offloads: number;
  #engine: KernelEngine;
  #onRemoved: (() => void) | undefined;
  #removed = false;
  #closed = false;

  /**
   * Made by the fake kernel.
   *
   * @internal
   */
  constructor(
    parts: FakeTapParts,
    requestSocket: NetlinkRequestSocket,
    options: {
      readonly queues: number | readonly FakeQueue[];
      readonly offloads: number;
      readonly engine: EngineName;
    },
  ) {
    this.#parts = parts;
    this.name = parts.name;
    this.ifindex = parts.interface.ifindex;
    this.multiQueue = parts.multiQueue;
    this.namespaceInode = parts.namespace.inode;
    this.#home = parts.namespace;
    this.#requestSocket = requestSocket;
    this.#offloads = options.offloads;
    this.#engine = parts.grantEngine(options.engine);
    if (typeof options.queues === 'number') this.#open(options.queues);
    else this.#use(options.queues);
  }

  /** Whether it belongs to somebody else. */
  get attached(): boolean {
    return this.#parts.attached;
  }

  /**
   * The queue behind one of its own.
   *
   * @internal
   */
  queueBehind(queue: KernelDeviceQueue): FakeQueue | undefined {
    const at = this.#deviceQueues.findIndex((own) => own === queue);
    return this.#queues[at];
  }

  /** A socket to ask with, where it was opened or followed to. */
  get requestSocket(): NetlinkRequestSocket {
    return this.#requestSocket;
  }

  /** Its queues. */
  get queues(): readonly KernelDeviceQueue[] {
    return this.#deviceQueues;
  }

  /** Closes all queues and opens so many. */
  async setQueues(count: number): Promise<void> {
    await this.#turn();
    if (this.attached) return;
    this.#shut();
    this.#parts.fault('setQueues');
    this.#identityAtHome();
    this.#open(count);
  }

  /** Its name and index now. */
  async identity(): Promise<KernelTapIdentity> {
    await this.#turn();
    return this.#identityAtHome();
  }

  /** Goes where the interface is now. */
  async follow(): Promise<KernelTapPlace> {
    await this.#turn();
    this.#parts.fault('follow');
    const { namespace, name, ifindex } = this.#parts.place();
    if (namespace !== this.#home && !namespace.permitted) {
      throw new FakeKernelError('EPERM', 'setns', { interface: this.name });
    }
    if (namespace !== this.#home) {
      const socket = await this.#parts.openRequestSocket(namespace);
      this.#requestSocket.close();
      this.#requestSocket = socket;
      this.#home = namespace;
    }
    return { name, ifindex, netns: namespace.open() };
  }

  /** What the kernel may leave undone in frames to us. */
  get offloads(): number {
    return this.#offloads;
  }

  /** Grants the first of these sets that this kernel does. */
  async setOffloads(sets: readonly number[]): Promise<number> {
    await this.#turn();
    this.#parts.place();
    this.#offloads = this.#parts.grantOffloads(sets);
    return this.#offloads;
  }

  /** The engine that it says it has: frames pass in the same way with either. */
  get engine(): KernelEngine {
    return this.#engine;
  }

  /** Says that it has another one. */
  async setEngine(wanted: EngineName): Promise<KernelEngine> {
    await this.#turn();
    this.#parts.place();
    this.#engine = this.#parts.grantEngine(wanted);
    return this.#engine;
  }

  /** Sets the carrier. */
  async setCarrier(up: boolean): Promise<void> {
    await this.#turn();
    this.#parts.place();
    this.#parts.setCarrier(up);
  }

  /** Sets whether the interface outlives the device. */
  async setPersist(persistent: boolean): Promise<void> {
    await this.#turn();
    this.#parts.place();
    this.#parts.setPersist(persistent);
  }

  /** Sets who may open the device. */
  async setOwner(owner: KernelTapOwner): Promise<void> {
    await this.#turn();
    this.#parts.place();
    this.#parts.setOwner(owner);
  }

  /** Sets who is told that the interface is gone. */
  onRemoved(listener: (() => void) | undefined): void {
    this.#onRemoved = listener;
  }

  /** Does nothing: a fake device keeps no event loop alive. */
  ref(): void {}

  /** Does nothing: a fake device keeps no event loop alive. */
  unref(): void {}

  /** Closes the device; its interface goes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#requestSocket.close();
    await nextTurn();
    this.#shut();
    this.#parts.onClose();
  }

  /** The interface was deleted; told in a turn of its own, as libuv does. */
  removed(): void {
    if (this.#removed || this.#closed) return;
    this.#removed = true;
    for (const queue of this.#queues) queue.removed();
    setImmediate(() => {
      if (!this.#closed) this.#onRemoved?.();
    });
  }

  /** A turn later, as a job of the real one's threads; refused when closed, also meanwhile. */
  async #turn(): Promise<void> {
    this.#checkOpen();
    await nextTurn();
    this.#checkOpen();
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError('the TAP device', this.name);
  }

  #identityAtHome(): KernelTapIdentity {
    const { namespace, name, ifindex } = this.#parts.place();
    if (namespace !== this.#home) {
      throw new FakeKernelError('ENODEV', 'ioctl TUNGETDEVNETNS', { interface: this.name });
    }
    return { name, ifindex };
  }

  #shut(): void {
    for (const queue of this.#deviceQueues) queue.shut();
    for (const queue of this.#queues) queue.release();
    this.#queues = [];
    this.#deviceQueues = [];
  }

  #open(count: number): void {
    this.#use(
      Array.from(
        { length: count },
        (_, index) => new FakeQueue(index, this.#parts.interface, this.name),
      ),
    );
    this.#parts.interface.setWires(this.#queues.map((queue) => queue.wire));
  }

  #use(queues: readonly FakeQueue[]): void {
    this.#queues = queues;
    for (const queue of queues) queue.hold();
    const { name: interfaceName, loans } = this.#parts;
    this.#deviceQueues = queues.map(
      (queue, index) => new FakeDeviceQueue({ queue, index, interfaceName, loans }),
    );
  }
}

/** A fake queue pair: the rules of the real one, in TypeScript. */
export class FakeQueue implements KernelQueue {
  readonly index: number;
  readonly wire: FakeWire = new FakeWire();
  readonly #interface: FakeInterface;
  readonly #interfaceName: string;
  #listener: (() => void) | undefined;
  #scheduled = false;
  #removed = false;
  #closed = false;
  #holders = 0;

  /** Made by the fake device. */
  constructor(index: number, fakeInterface: FakeInterface, interfaceName: string) {
    this.index = index;
    this.#interface = fakeInterface;
    this.#interfaceName = interfaceName;
    this.wire.onFrame(() => this.#wake());
  }

  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    max: number,
    counters: BigUint64Array,
  ): number {
    this.#requirePresent('read');
    let count = 0;
    let at = 0;
    while (count < max && 2 * count + 1 < descriptors.length && at + RX_ROOM <= slab.length) {
      const next = this.wire.shift();
      if (next === undefined) break;
      const { frame, header } = next;
      const about = readVirtioNetHeader(header, 0);
      if (about.fragments) {
        // The kernel has no word for it any more: the read fails with EINVAL, and it is gone.
        addTo(counters, 'rx_errors');
        continue;
      }
      slab.set(header, at);
      slab.set(frame, at + HEADER);
      descriptors[2 * count] = at + HEADER;
      descriptors[2 * count + 1] = frame.length;
      count += 1;
      at = Math.ceil((at + HEADER + frame.length) / ALIGNMENT) * ALIGNMENT;
      countFrame(counters, 'rx', frame, about);
      if (frame.length > LONG && at >= ENOUGH) break;
    }
    return count;
  }

  txBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    from: number,
    count: number,
    counters: BigUint64Array,
  ): number {
    this.#requirePresent('write');
    for (let index = from; index < from + count; index += 1) {
      const offset = descriptors[2 * index] ?? 0;
      const length = descriptors[2 * index + 1] ?? 0;
      if (length === 0) continue;
      if (length < SHORTEST_FRAME || offset < HEADER || offset + length > slab.length) {
        addTo(counters, 'tx_errors');
        continue;
      }
      const problem = this.#problem();
      if (problem !== undefined) {
        if (index > from) return index - from;
        throw new FakeKernelError(problem, 'write', { interface: this.#interfaceName });
      }
      const header = readVirtioNetHeader(slab, offset - HEADER);
      if (!header.accepts(length)) {
        this.#interface.refuse();
        addTo(counters, 'tx_errors');
        continue;
      }
      const frame = slab.subarray(offset, offset + length);
      this.#interface.receive(frame);
      countFrame(counters, 'tx', frame, header);
    }
    return count;
  }

  discard(): number {
    let count = 0;
    while (this.wire.shift() !== undefined) count += 1;
    return count;
  }

  onReadable(listener: (() => void) | undefined): void {
    this.#listener = listener;
    this.#wake();
  }

  /** The interface is gone: one wake-up, and EBADFD from then on. */
  removed(): void {
    this.#removed = true;
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener !== undefined) setImmediate(listener);
  }

  /** Has it for one more device. */
  hold(): void {
    this.#holders += 1;
  }

  /** Lets one device go of it: with the last one it is closed. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#closed = true;
    this.#listener = undefined;
    this.wire.onFrame(undefined);
  }

  #problem(): string | undefined {
    if (!this.#interface.up) return 'EIO';
    return this.#interface.transmitRoom > 0 ? undefined : 'EAGAIN';
  }

  #requirePresent(syscall: string): void {
    if (this.#closed) throw closedError(`queue ${this.index}`, this.#interfaceName);
    if (this.#removed) {
      throw new FakeKernelError('EBADFD', syscall, { interface: this.#interfaceName });
    }
  }

  #wake(): void {
    if (this.#scheduled || this.#listener === undefined || this.wire.length === 0) return;
    this.#scheduled = true;
    // As libuv's poll: in a turn of its own, again and again while there is something to read.
    setImmediate(() => {
      this.#scheduled = false;
      if (this.wire.length > 0) this.#listener?.();
      this.#wake();
    });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
