/**
 * The sockets of the in-memory rtnetlink.
 *
 * @module
 */

import type {
  BpfInstruction,
  Datagram,
  NetlinkOption,
  NetlinkRequestTransport,
  NetlinkSubscriptionTransport,
} from '../netlink-transport.ts';
import { runFilter } from './bpf.ts';

/** What a socket of the in-memory rtnetlink fails with: `code` as a system call's error has it. */
export class MemorySocketError extends Error {
  override readonly name = 'MemorySocketError';
  /** Such as `ENOBUFS`. */
  readonly code: string;

  /** Makes one; `code` is also its message. */
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What the kernel counts for a datagram besides its bytes (`skb->truesize`), roughly. */
const OVERHEAD = 512;
const DEFAULT_RECEIVE_BUFFER = 212_992;

/** A socket of either kind: a queue of datagrams with a limit, a filter and groups. */
abstract class MemorySocket {
  readonly portId: number;
  readonly groups: Set<number>;
  protected readonly queue: Datagram[] = [];
  protected closed = false;
  #queued = 0;
  #limit = DEFAULT_RECEIVE_BUFFER;
  #filter: readonly BpfInstruction[] = [];
  #overrun = false;
  #congested = false;
  readonly #onClose: () => void;

  constructor(portId: number, groups: readonly number[], onClose: () => void) {
    this.portId = portId;
    this.groups = new Set(groups);
    this.#onClose = onClose;
  }

  setOption(_option: NetlinkOption, _enabled: boolean): boolean {
    return true;
  }

  joinGroup(group: number): void {
    this.groups.add(group);
  }

  leaveGroup(group: number): void {
    this.groups.delete(group);
  }

  setReceiveBuffer(bytes: number): number {
    this.#limit = bytes;
    return bytes;
  }

  attachFilter(program: readonly BpfInstruction[]): void {
    this.#filter = program;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#onClose();
  }

  /** Puts a datagram in the queue, as the kernel does: filtered, and dropped with an overrun when it is full. */
  deliver(datagram: Datagram): void {
    if (this.closed) return;
    if (this.#filter.length > 0 && runFilter(this.#filter, datagram.bytes) === 0) return;
    const size = datagram.bytes.length + OVERHEAD;
    if (this.#congested || this.#queued + size > this.#limit) {
      this.overrun();
      return;
    }
    this.#queued += size;
    this.queue.push(datagram);
    this.wake();
  }

  /** Lets the kernel have dropped something: ENOBUFS next, and nothing is taken until the queue is empty. */
  overrun(): void {
    if (!this.#congested) this.#overrun = true;
    this.#congested = true;
    this.wake();
  }

  protected abstract wake(): void;

  /** Throws away what is queued. */
  protected empty(): void {
    while (this.take() !== undefined);
  }

  protected get readable(): boolean {
    return this.#overrun || this.queue.length > 0;
  }

  protected take(): Datagram | undefined {
    if (this.#overrun) {
      this.#overrun = false;
      // The error comes before the data that was queued before the overrun.
      if (this.queue.length === 0) this.#congested = false;
      throw new MemorySocketError('ENOBUFS');
    }
    const datagram = this.queue.shift();
    if (datagram !== undefined) this.#queued -= datagram.bytes.length + OVERHEAD;
    if (this.queue.length === 0) this.#congested = false;
    return datagram;
  }
}

/** A request socket: what is sent is answered before `send` resolves, as rtnetlink does. */
export class MemoryRequestSocket extends MemorySocket implements NetlinkRequestTransport {
  readonly #answer: (request: Uint8Array, socket: MemoryRequestSocket) => Promise<void>;
  readonly #waiting: { resolve: (datagram: Datagram) => void; reject: (error: unknown) => void }[] =
    [];

  /** Made by {@link MemoryRtnetlink.openRequestSocket}. */
  constructor(
    portId: number,
    groups: readonly number[],
    onClose: () => void,
    answer: (request: Uint8Array, socket: MemoryRequestSocket) => Promise<void>,
  ) {
    super(portId, groups, onClose);
    this.#answer = answer;
  }

  /** Sends a request. */
  async send(bytes: Uint8Array): Promise<void> {
    const request = bytes.slice();
    await nextTurn();
    if (this.closed) throw new MemorySocketError('ERR_RTAP_CLOSED');
    await this.#answer(request, this);
  }

  /** Waits for a datagram. */
  receive(): Promise<Datagram> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new MemorySocketError('ERR_RTAP_CLOSED'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      if (this.readable) setImmediate(() => this.wake());
    });
  }

  override close(): void {
    super.close();
    for (const waiting of this.#waiting.splice(0)) {
      waiting.reject(new MemorySocketError('ERR_RTAP_CLOSED'));
    }
  }

  protected override wake(): void {
    while (this.readable) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      try {
        const datagram = this.take();
        if (datagram !== undefined) waiting.resolve(datagram);
      } catch (error) {
        this.empty();
        waiting.reject(error);
      }
    }
  }
}

/** A subscription socket. */
export class MemorySubscriptionSocket extends MemorySocket implements NetlinkSubscriptionTransport {
  readonly #answer: (request: Uint8Array, socket: MemorySubscriptionSocket) => Promise<void>;
  #listener: (() => void) | undefined;
  #scheduled = false;
  #size = 32 * 1024;

  /** Made by {@link MemoryRtnetlink.openSubscriptionSocket}. */
  constructor(
    portId: number,
    groups: readonly number[],
    onClose: () => void,
    answer: (request: Uint8Array, socket: MemorySubscriptionSocket) => Promise<void>,
  ) {
    super(portId, groups, onClose);
    this.#answer = answer;
  }

  /** Sends a request. */
  async send(bytes: Uint8Array): Promise<void> {
    const request = bytes.slice();
    await nextTurn();
    if (this.closed) throw new MemorySocketError('ERR_RTAP_CLOSED');
    await this.#answer(request, this);
  }

  /** Takes a datagram; one longer than the buffer is cut. */
  receive(): Datagram | undefined {
    if (this.closed) throw new MemorySocketError('ERR_RTAP_CLOSED');
    const datagram = this.take();
    if (datagram === undefined || datagram.bytes.length <= this.#size) return datagram;
    return { ...datagram, bytes: datagram.bytes.subarray(0, this.#size), truncated: true };
  }

  /** Sets the listener. */
  onReadable(listener: (() => void) | undefined): void {
    this.#listener = listener;
    this.wake();
  }

  /** Enlarges the buffer. */
  growReceive(size: number): void {
    this.#size = size;
  }

  /** Does nothing: there is no handle. */
  ref(): void {}

  /** Does nothing: there is no handle. */
  unref(): void {}

  protected override wake(): void {
    if (this.#scheduled || !this.readable || this.#listener === undefined) return;
    this.#scheduled = true;
    // As libuv's poll: in a turn of its own, and again for as long as there is something left.
    setImmediate(() => {
      this.#scheduled = false;
      if (this.closed || !this.readable) return;
      this.#listener?.();
      this.wake();
    });
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
