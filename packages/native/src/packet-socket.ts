/**
 * Packet sockets: whole frames of an interface, as a wire has them.
 *
 * @module
 */

import {
  checkBoolean,
  checkBytes,
  checkInteger,
  checkListener,
  checkOptions,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import type { PacketSocket as NativePacket, Poll } from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { namespaceArguments } from './namespace.ts';
import type { NetworkNamespaceOption } from './namespace.ts';

/** The largest value that fits an `int`. */
const INT_MAX = 0x7f_ff_ff_ff;

/** The largest value of a 32-bit count. */
const COUNT_MAX = 0xff_ff_ff_ff;

/** The smallest slot of a receive. */
const SLOT_MIN = 64;

/** libuv's UV_READABLE. */
const READABLE = 1;

/** libuv's UV_WRITABLE. */
const WRITABLE = 2;

/** How a packet socket is opened. */
export interface PacketSocketOptions {
  /** The interface; it need not be up. */
  readonly ifindex: number;
  /** Where. @default the process's own namespace */
  readonly netns?: NetworkNamespaceOption;
  /** Whether nothing is received, so that nothing is copied for it. @default false */
  readonly sendOnly?: boolean;
  /** Whether the interface takes frames for other stations, while it is open. @default false */
  readonly promiscuous?: boolean;
  /** Whether frames that this machine sends are left out (PACKET_IGNORE_OUTGOING). @default false */
  readonly ignoreOutgoing?: boolean;
  /**
   * Whether what is sent goes round the queueing discipline (PACKET_QDISC_BYPASS). Other packet sockets
   * of the interface don't see it then. @default false
   */
  readonly qdiscBypass?: boolean;
  /** The size of its receive buffer in bytes, above the system's limit with CAP_NET_ADMIN. @default the system's */
  readonly receiveBuffer?: number;
}

/** What the kernel counted of a packet socket since it was opened (PACKET_STATISTICS). */
export interface PacketSocketStatistics {
  /** Frames that came, dropped ones included. */
  readonly packets: number;
  /** Frames that found no room in the receive buffer. */
  readonly drops: number;
}

/**
 * A packet socket (packet(7)) that is bound to one interface: reads and sends in bursts of one system call.
 *
 * It sees what the interface receives, and what it sends but for this socket's own. A segment that is still to
 * be cut, or a checksum that is still to be made, is seen as it is. A VLAN tag stands in the frame.
 */
export interface PacketSocket {
  /** The interface. */
  readonly ifindex: number;
  /**
   * Receives what is queued, at most 64 frames, and as many as have room everywhere; returns how many, 0 when
   * nothing is queued.
   *
   * Frame `i` begins at `descriptors[2 * i]` of the slab and is `descriptors[2 * i + 1]` bytes long; each is
   * in a slot of `slot` bytes, of which 4 are kept for a VLAN tag. `details[2 * i]` is the type in the low
   * 8 bits (PACKET_HOST, PACKET_BROADCAST and so on, linux/if_packet.h: 0 to 4, where 4 is PACKET_OUTGOING), and
   * 0x100 when the checksum is left to do; `details[2 * i + 1]` is the length on the wire. `timestamps[i]` is
   * when the kernel saw it: nanoseconds since 1970.
   *
   * @throws NativeError when nothing was received: ENETDOWN, once, when the interface goes down or was down
   * at the start: the socket goes on when it comes up. ENODEV when the interface is gone, once too; what came
   * before is still there.
   */
  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    details: Uint32Array,
    timestamps: BigUint64Array,
    slot: number,
  ): number;
  /**
   * Sends the frames `from` to `from + count - 1`; returns how many went. Less than `count`: there is no
   * room for more now, or the next one is refused, which the next call tells.
   *
   * @throws NativeError when none went: EINVAL for less than 14 bytes or not inside the slab, EMSGSIZE for more
   * than the MTU, ENOBUFS when the interface drops it, ENETDOWN when that is down, ENODEV when it is gone.
   */
  txBurst(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number): number;
  /** What was counted since it was opened. */
  statistics(): PacketSocketStatistics;
  /** Calls `listener` on each turn of the event loop that finds a frame or an error, until `undefined` is given. */
  onReadable(listener: (() => void) | undefined): void;
  /** Calls `listener` on each turn of the event loop that finds room to send, until `undefined` is given. */
  onWritable(listener: (() => void) | undefined): void;
  /** Makes a socket with a listener keep the event loop alive, as it does from the start. */
  ref(): void;
  /** Lets the event loop end. */
  unref(): void;
  /** Closes it, any number of times; resolves when the kernel has let go of it. */
  close(): Promise<void>;
  /** Closes it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a packet socket.
 *
 * @throws NativeError: EPERM without CAP_NET_RAW, ENODEV when there is no such interface.
 *
 * @example
 * ```ts
 * import { NetworkNamespace, openPacketSocket } from '@rtap/native';
 *
 * const netns = await NetworkNamespace.create();
 * await (await netns.exec('ip', ['link', 'set', 'lo', 'up'])).exited;
 * const [sender, receiver] = await Promise.all([
 *   openPacketSocket({ netns, ifindex: 1, sendOnly: true }),
 *   openPacketSocket({ netns, ifindex: 1, ignoreOutgoing: true }),
 * ]);
 * const slab = new Uint8Array(64 * 2048);
 * const descriptors = new Uint32Array(2 * 64);
 * descriptors.set([0, 60]);
 * sender.txBurst(slab, descriptors, 0, 1);
 * await new Promise((resolve) => receiver.onReadable(() => resolve(undefined)));
 * const [details, timestamps] = [new Uint32Array(2 * 64), new BigUint64Array(64)];
 * console.log(receiver.rxBurst(slab, descriptors, details, timestamps, 2048), descriptors[1]); // 1 60
 * await Promise.all([sender.close(), receiver.close(), netns.close()]);
 * ```
 */
export async function openPacketSocket(options: PacketSocketOptions): Promise<PacketSocket> {
  checkOptions('options', options);
  const { sendOnly = false, promiscuous = false, ignoreOutgoing = false } = options;
  const { qdiscBypass = false, receiveBuffer } = options;
  const flags = { sendOnly, promiscuous, ignoreOutgoing, qdiscBypass };
  for (const [name, value] of Object.entries(flags)) checkBoolean(`options.${name}`, value);
  const ifindex = checkInteger('options.ifindex', options.ifindex, 1, INT_MAX);
  if (receiveBuffer !== undefined) checkInteger('options.receiveBuffer', receiveBuffer, 1, INT_MAX);
  const namespace = namespaceArguments(options.netns);
  const wanted = { ifindex, ...flags, ...(receiveBuffer === undefined ? {} : { receiveBuffer }) };
  try {
    return new RawPacketSocket(await binding().openPacketSocket(wanted, ...namespace), ifindex);
  } catch (error) {
    throw nativeError(error);
  }
}

class RawPacketSocket implements PacketSocket {
  readonly ifindex: number;
  readonly #native: NativePacket;
  #poll: Poll | undefined;
  #readable: (() => void) | undefined;
  #writable: (() => void) | undefined;
  #referenced = true;
  #counted: PacketSocketStatistics = { packets: 0, drops: 0 };
  #closing: Promise<void> | undefined;

  constructor(native: NativePacket, ifindex: number) {
    this.#native = native;
    this.ifindex = ifindex;
  }

  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    details: Uint32Array,
    timestamps: BigUint64Array,
    slot: number,
  ): number {
    checkBytes('slab', slab);
    checkInteger('slot', slot, SLOT_MIN, COUNT_MAX);
    if (slab.length < slot) throw outOfRange('slab', `at least ${slot} bytes long`, slab.length);
    return this.#run(() => this.#native.rxBurst(slab, descriptors, details, timestamps, slot));
  }

  txBurst(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number): number {
    checkBytes('slab', slab);
    if (!(descriptors instanceof Uint32Array)) {
      throw invalidArgumentType('descriptors', 'an instance of Uint32Array', descriptors);
    }
    checkInteger('from', from, 0, COUNT_MAX);
    checkInteger('count', count, 0, COUNT_MAX);
    if (2 * (from + count) > descriptors.length) {
      throw outOfRange('from + count', 'at most the number of descriptors', from + count);
    }
    return this.#run(() => this.#native.txBurst(slab, descriptors, from, count));
  }

  statistics(): PacketSocketStatistics {
    return this.#run(() => {
      const { packets, drops } = this.#native.takeStatistics();
      const before = this.#counted;
      this.#counted = { packets: before.packets + packets, drops: before.drops + drops };
      return this.#counted;
    });
  }

  onReadable(listener: (() => void) | undefined): void {
    this.#readable = this.#listen(checkListener('listener', listener));
    this.#wait();
  }

  onWritable(listener: (() => void) | undefined): void {
    this.#writable = this.#listen(checkListener('listener', listener));
    this.#wait();
  }

  ref(): void {
    this.#referenced = true;
    this.#poll?.setReferenced(true);
  }

  unref(): void {
    this.#referenced = false;
    this.#poll?.setReferenced(false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #close(): Promise<void> {
    this.#readable = undefined;
    this.#writable = undefined;
    this.#poll?.close();
    return this.#native.close();
  }

  #listen(listener: (() => void) | undefined): (() => void) | undefined {
    if (listener !== undefined) this.#checkOpen();
    return listener;
  }

  /** Waits for what somebody wants. */
  #wait(): void {
    if (this.#closing !== undefined) return;
    const readable = this.#readable !== undefined;
    if (!readable && this.#writable === undefined) {
      this.#poll?.stop();
      return;
    }
    this.#run(() => {
      this.#poll ??= this.#openPoll();
      if (this.#writable === undefined) this.#poll.startReadable();
      else this.#poll.startWritable(readable);
    });
  }

  #openPoll(): Poll {
    const poll = this.#native.poll((status, events) => {
      // An error of the socket stops libuv; the next call on the socket tells and clears it.
      if (status < 0) this.#wait();
      if (status < 0 || (events & READABLE) !== 0) this.#readable?.();
      if (status < 0 || (events & WRITABLE) !== 0) this.#writable?.();
    });
    poll.setReferenced(this.#referenced);
    return poll;
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closedError('the packet socket');
  }

  #run<T>(operation: () => T): T {
    this.#checkOpen();
    try {
      return operation();
    } catch (error) {
      throw nativeError(error);
    }
  }
}
