/**
 * Netlink sockets: datagrams to and from the kernel's rtnetlink.
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
import type { NetlinkSocket, Poll } from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { namespaceArguments } from './namespace.ts';
import type { NetworkNamespaceOption } from './namespace.ts';

/** The largest value that fits an `int`. */
const INT_MAX = 0x7f_ff_ff_ff;

/** How large a subscription's datagram can be at first. */
const DATAGRAM_BYTES = 32 * 1024;

/** One datagram with what is known of it besides its bytes. */
export interface NetlinkDatagram {
  /** The bytes that were received. */
  readonly bytes: Uint8Array;
  /** The sender's port (`nl_pid`); the kernel's is 0, and anybody can send. */
  readonly portId: number;
  /** The multicast group it was sent to, as a mask of groups 1 to 32; 0 for an answer. */
  readonly groups: number;
  /** Whether it was larger than the buffer, and the rest is lost. */
  readonly truncated: boolean;
  /** The id of the namespace it comes from, with the option 'listenAllNsid'; absent for the own. */
  readonly nsid?: number;
}

/** How a netlink socket is opened. */
export interface NetlinkSocketOptions {
  /** Where. @default the process's own namespace */
  readonly netns?: NetworkNamespaceOption;
  /** Groups (RTNLGRP_*, linux/rtnetlink.h) it is a member of when the promise resolves. */
  readonly groups?: readonly number[];
  /** The size of its receive buffer in bytes, before it joins groups. @default the system's */
  readonly receiveBuffer?: number;
}

/**
 * An option of a netlink socket (linux/netlink.h): NETLINK_EXT_ACK, NETLINK_CAP_ACK,
 * NETLINK_GET_STRICT_CHK, NETLINK_LISTEN_ALL_NSID, NETLINK_NO_ENOBUFS, NETLINK_BROADCAST_ERROR.
 */
export type NetlinkOption =
  'extAck' | 'capAck' | 'strictCheck' | 'listenAllNsid' | 'noEnobufs' | 'broadcastError';

/** One instruction of a classic BPF program (`struct sock_filter`, linux/filter.h). */
export interface BpfInstruction {
  /** Opcode, 16 bits. */
  readonly code: number;
  /** How many instructions to skip when a jump's test holds, 8 bits. */
  readonly jt: number;
  /** How many to skip when it doesn't, 8 bits. */
  readonly jf: number;
  /** Operand, 32 bits. */
  readonly k: number;
}

/** What request and subscription sockets have in common. */
export interface NetlinkSocketBase {
  /** The port the kernel gave it: where answers go. */
  readonly portId: number;
  /** Switches an option; false when this kernel doesn't know it. */
  setOption(option: NetlinkOption, enabled: boolean): boolean;
  /** Joins a multicast group by its number, above 32 too. */
  joinGroup(group: number): void;
  /** Leaves a multicast group. */
  leaveGroup(group: number): void;
  /**
   * Sets the size of the receive buffer, above the system's limit with CAP_NET_ADMIN; returns what the
   * kernel counts with, which is twice of what it granted.
   */
  setReceiveBuffer(bytes: number): number;
  /** Sets the program that judges each datagram (SO_ATTACH_FILTER); an empty one takes it away. */
  attachFilter(program: readonly BpfInstruction[]): void;
  /** Closes it, any number of times; what waits rejects with 'ERR_RTAP_CLOSED'. */
  close(): void;
}

/** A socket to ask the kernel with. Nothing of it runs on, or blocks, the JavaScript thread. */
export interface NetlinkRequestSocket extends NetlinkSocketBase {
  /** Sends a copy of `bytes` to the kernel; resolves when that has worked it off. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * Receives the next datagram; several calls are served in their order.
   *
   * The bytes are the caller's. Waiting keeps the event loop alive.
   *
   * After an overrun all that is queued is thrown away, what belongs to requests that run included:
   * the kernel drops every further answer until the queue was read empty. Requests that are sent
   * after the rejection are answered.
   *
   * @throws NativeError: ENOBUFS after an overrun, 'ERR_RTAP_CLOSED'.
   */
  receive(): Promise<NetlinkDatagram>;
}

/** A socket to be told by: read on the JavaScript thread, without waiting. */
export interface NetlinkSubscriptionSocket extends NetlinkSocketBase {
  /** Sends a copy of `bytes` to the kernel. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * Receives the next datagram; undefined when there is none. Its bytes are valid until the next call.
   *
   * @throws NativeError: ENOBUFS after an overrun. What was queued before it is still there, and
   * nothing is added until that has been received.
   */
  receive(): NetlinkDatagram | undefined;
  /** Calls `listener` on each turn of the event loop that finds something, until `undefined` is given. */
  onReadable(listener: (() => void) | undefined): void;
  /** Lets datagrams be as large as `size`, from the next one on; 32 KiB at first, never smaller. */
  growReceive(size: number): void;
  /** Makes a socket with a listener keep the event loop alive. */
  ref(): void;
  /** Lets the event loop end, as it does from the start. */
  unref(): void;
}

const OPTIONS: readonly string[] = [
  'extAck',
  'capAck',
  'strictCheck',
  'listenAllNsid',
  'noEnobufs',
  'broadcastError',
] satisfies readonly NetlinkOption[];

/** Opens a request socket of the real kernel. */
export async function openRequestSocket(
  options: NetlinkSocketOptions = {},
): Promise<NetlinkRequestSocket> {
  return new RequestSocket(await open(options));
}

/** The request socket that a device of the real kernel came with. */
export function requestSocketOf(native: NetlinkSocket): NetlinkRequestSocket {
  return new RequestSocket(native);
}

/**
 * The subscription socket that another process has handed over with a device: nothing is in it, and no group joined but
 * these; closing it takes it out of all that it has joined.
 */
export function handedSubscriptionSocket(
  native: NetlinkSocket,
  options: NetlinkSocketOptions = {},
): NetlinkSubscriptionSocket {
  const { groups = [], receiveBuffer } = options;
  const socket = new HandedSubscriptionSocket(native);
  try {
    if (receiveBuffer !== undefined) socket.setReceiveBuffer(receiveBuffer);
    for (const group of groups) socket.joinGroup(group);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** The addon's object behind a socket of the real kernel. */
export function nativeSocket(socket: NetlinkSocketBase): NetlinkSocket | undefined {
  return socket instanceof SocketBase ? socket.forHandover : undefined;
}

/** Opens a subscription socket of the real kernel. */
export async function openSubscriptionSocket(
  options: NetlinkSocketOptions = {},
): Promise<NetlinkSubscriptionSocket> {
  return new SubscriptionSocket(await open(options));
}

async function open(options: NetlinkSocketOptions): Promise<NetlinkSocket> {
  checkOptions('options', options);
  const { groups = [], receiveBuffer } = options;
  if (!Array.isArray(groups)) {
    throw invalidArgumentType('options.groups', 'an instance of Array', groups);
  }
  const numbers = Array.from(groups, (group: unknown, index) =>
    checkInteger(`options.groups[${index}]`, group, 1, INT_MAX),
  );
  if (receiveBuffer !== undefined) checkInteger('options.receiveBuffer', receiveBuffer, 1, INT_MAX);
  const namespace = namespaceArguments(options.netns);
  try {
    if (options.netns === undefined) {
      return binding().openNetlinkSocketHere(numbers, receiveBuffer);
    }
    return await binding().openNetlinkSocket(numbers, receiveBuffer, ...namespace);
  } catch (error) {
    throw nativeError(error);
  }
}

abstract class SocketBase implements NetlinkSocketBase {
  readonly portId: number;
  protected readonly native: NetlinkSocket;
  protected closed = false;
  /** Made when something first waits. */
  protected waiting: Poll | undefined;

  constructor(native: NetlinkSocket) {
    this.native = native;
    this.portId = native.portId;
  }

  /** The addon's object. */
  get forHandover(): NetlinkSocket {
    this.checkOpen();
    return this.native;
  }

  setOption(option: NetlinkOption, enabled: boolean): boolean {
    if (!OPTIONS.includes(option)) {
      throw outOfRange('option', `one of ${OPTIONS.join(', ')}`, option);
    }
    checkBoolean('enabled', enabled);
    return this.run(() => this.native.setOption(option, enabled));
  }

  joinGroup(group: number): void {
    checkInteger('group', group, 1, INT_MAX);
    this.run(() => this.native.joinGroup(group));
  }

  leaveGroup(group: number): void {
    checkInteger('group', group, 1, INT_MAX);
    this.run(() => this.native.leaveGroup(group));
  }

  setReceiveBuffer(bytes: number): number {
    checkInteger('bytes', bytes, 1, INT_MAX);
    return this.run(() => this.native.setReceiveBuffer(bytes));
  }

  attachFilter(program: readonly BpfInstruction[]): void {
    if (!Array.isArray(program)) {
      throw invalidArgumentType('program', 'an instance of Array', program);
    }
    const encoded = encodeProgram(program);
    this.run(() => this.native.attachFilter(encoded));
  }

  async send(bytes: Uint8Array): Promise<void> {
    checkBytes('bytes', bytes);
    this.checkOpen();
    try {
      await this.native.send(bytes);
    } catch (error) {
      throw nativeError(error);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.waiting?.close();
    this.native.close();
  }

  /** Called when there is something to receive. */
  protected abstract readable(): void;

  protected poll(): Poll {
    this.waiting ??= this.native.poll((status) => {
      // An overrun is an error to libuv, which stops then; the next receive tells and clears it.
      if (status < 0) this.waiting?.startReadable();
      this.readable();
    });
    return this.waiting;
  }

  protected checkOpen(): void {
    if (this.closed) throw closedError('the netlink socket');
  }

  protected run<T>(operation: () => T): T {
    this.checkOpen();
    try {
      return operation();
    } catch (error) {
      throw nativeError(error);
    }
  }
}

/** Two words an instruction: code, jt and jf in the first, from its low bits on; k in the second. */
function encodeProgram(program: readonly BpfInstruction[]): Uint32Array {
  const words = new Uint32Array(2 * program.length);
  // Unlike `forEach` this sees the holes of an array.
  for (const [index, instruction] of program.entries()) {
    const name = `program[${index}]`;
    checkOptions(name, instruction);
    const { code, jt, jf, k } = instruction;
    // Names are made for errors only: a program has up to 4,096 instructions.
    if (!fits(code, 0xff_ff)) checkInteger(`${name}.code`, code, 0, 0xff_ff);
    if (!fits(jt, 0xff)) checkInteger(`${name}.jt`, jt, 0, 0xff);
    if (!fits(jf, 0xff)) checkInteger(`${name}.jf`, jf, 0, 0xff);
    if (!fits(k, 0xff_ff_ff_ff)) checkInteger(`${name}.k`, k, 0, 0xff_ff_ff_ff);
    words[2 * index] = code | (jt << 16) | (jf << 24);
    words[2 * index + 1] = k;
  }
  return words;
}

function fits(value: unknown, maximum: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maximum;
}

interface Waiter {
  readonly resolve: (datagram: NetlinkDatagram) => void;
  readonly reject: (error: unknown) => void;
}

class RequestSocket extends SocketBase implements NetlinkRequestSocket {
  #waiters: Waiter[] = [];
  #serving = false;
  #wake: (() => void) | undefined;

  override async send(bytes: Uint8Array): Promise<void> {
    checkBytes('bytes', bytes);
    this.checkOpen();
    try {
      await this.native.exchange(bytes);
    } catch (error) {
      throw nativeError(error);
    }
    // What was received with it wakes no poll.
    this.readable();
  }

  async receive(): Promise<NetlinkDatagram> {
    this.checkOpen();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (!this.#serving) void this.#serve();
    });
  }

  override close(): void {
    super.close();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(closedError('the netlink socket'));
    this.readable();
  }

  protected override readable(): void {
    this.#wake?.();
  }

  /** Receives for those who wait, one datagram after the other; never rejects. */
  async #serve(): Promise<void> {
    this.#serving = true;
    while (this.#waiters.length > 0) {
      try {
        const datagram =
          this.native.received() ?? (await this.native.receive()) ?? this.native.received();
        if (datagram !== null) this.#waiters.shift()?.resolve(datagram);
        else if (!this.closed) await this.#untilReadable();
      } catch (error) {
        this.#waiters.shift()?.reject(nativeError(error));
      }
    }
    this.#serving = false;
  }

  async #untilReadable(): Promise<void> {
    const poll = this.poll();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      poll.startReadable();
    });
    this.#wake = undefined;
    poll.stop();
  }
}

class SubscriptionSocket extends SocketBase implements NetlinkSubscriptionSocket {
  #buffer = new Uint8Array(DATAGRAM_BYTES);
  readonly #about = new Uint32Array(5);
  #listener: (() => void) | undefined;
  #referenced = false;

  receive(): NetlinkDatagram | undefined {
    const length = this.run(() => this.native.receiveInto(this.#buffer, this.#about));
    if (length < 0) return undefined;
    const [portId = 0, groups = 0, truncated, hasNsid, nsid = 0] = this.#about;
    const datagram = {
      bytes: this.#buffer.subarray(0, length),
      portId,
      groups,
      truncated: truncated === 1,
    };
    return hasNsid === 1 ? { ...datagram, nsid: nsid | 0 } : datagram;
  }

  onReadable(listener: (() => void) | undefined): void {
    checkListener('listener', listener);
    if (listener === undefined) {
      this.#listener = undefined;
      this.waiting?.stop();
      return;
    }
    this.run(() => {
      const poll = this.poll();
      poll.setReferenced(this.#referenced);
      if (this.#listener === undefined) poll.startReadable();
    });
    this.#listener = listener;
  }

  growReceive(size: number): void {
    checkInteger('size', size, 1, INT_MAX);
    if (size > this.#buffer.length) this.#buffer = new Uint8Array(size);
  }

  ref(): void {
    this.#reference(true);
  }

  unref(): void {
    this.#reference(false);
  }

  override close(): void {
    this.#listener = undefined;
    super.close();
  }

  protected override readable(): void {
    this.#listener?.();
  }

  #reference(referenced: boolean): void {
    this.#referenced = referenced;
    this.waiting?.setReferenced(referenced);
  }
}

/** One whose file stays open: what it has set is taken back when it is closed. */
class HandedSubscriptionSocket extends SubscriptionSocket {
  readonly #joined = new Set<number>();

  override joinGroup(group: number): void {
    super.joinGroup(group);
    this.#joined.add(group);
  }

  override leaveGroup(group: number): void {
    super.leaveGroup(group);
    this.#joined.delete(group);
  }

  override close(): void {
    if (this.closed) return;
    try {
      this.attachFilter([]);
      for (const group of this.#joined) this.leaveGroup(group);
    } finally {
      super.close();
    }
  }
}
