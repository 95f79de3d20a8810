/**
 * The datagram seam: what a netlink socket is to everything in this package.
 *
 * The seam is the datagram (bytes, sender, truncated, overrun), never the message, so that truncation,
 * overrun, spoofed senders and unaligned tails can be tested. The sockets of `@rtap/native` fit these
 * types structurally; {@link MemoryRtnetlink} of `@rtap/transport/testing` implements them in memory.
 *
 * @module
 */

import type { NetworkNamespaceOption } from '@rtap/native';

/** One datagram as it came off a netlink socket. */
export interface Datagram {
  /** The bytes; how long they stay valid is said by the `receive` that returned them. */
  readonly bytes: Uint8Array;
  /** Port of the sender (`nl_pid` of the socket address): 0 is the kernel. */
  readonly portId: number;
  /** Bit mask of the multicast group it was sent to, 0 for unicast. */
  readonly groups: number;
  /** Whether the datagram was longer than the buffer, so that its tail is lost (MSG_TRUNC). */
  readonly truncated: boolean;
  /** The sender's namespace id, on sockets that listen to all of them. */
  readonly nsid?: number;
}

/** An option of a netlink socket (`NETLINK_EXT_ACK` and so on, `linux/netlink.h`). */
export type NetlinkOption =
  'extAck' | 'capAck' | 'strictCheck' | 'listenAllNsid' | 'noEnobufs' | 'broadcastError';

/** One instruction of a classic BPF program (`struct sock_filter`, `linux/filter.h`). */
export interface BpfInstruction {
  /** Operation. */
  readonly code: number;
  /** Instructions to skip when a comparison holds. */
  readonly jt: number;
  /** Instructions to skip when it doesn't. */
  readonly jf: number;
  /** Operand. */
  readonly k: number;
}

/** What every netlink socket offers. */
export interface NetlinkTransport {
  /** The socket's own port (`nl_pid`), never 0. */
  readonly portId: number;
  /** Sets an option; false when this kernel doesn't know it. */
  setOption(option: NetlinkOption, enabled: boolean): boolean;
  /** Joins a multicast group by its number (`RTNLGRP_LINK` is 1); numbers above 32 too. */
  joinGroup(group: number): void;
  /** Leaves a multicast group. */
  leaveGroup(group: number): void;
  /** Asks for a receive buffer of so many bytes and returns what was granted. */
  setReceiveBuffer(bytes: number): number;
  /** Replaces the socket's filter, atomically; an empty program removes it. */
  attachFilter(program: readonly BpfInstruction[]): void;
  /** Closes the socket, any number of times; a `receive` that waits rejects with `ERR_RTAP_CLOSED`. */
  close(): void;
}

/** A socket to ask the kernel with: everything that may wait for its lock is a promise. */
export interface NetlinkRequestTransport extends NetlinkTransport {
  /** Sends one datagram to the kernel; the bytes may be reused when it resolves. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * Waits for the next datagram; its bytes are the caller's.
   *
   * Rejects with code `ENOBUFS` on an overrun. What was queued is thrown away then: until a socket has been read
   * empty the kernel drops every further answer to it, without a word.
   */
  receive(): Promise<Datagram>;
  /**
   * Enlarges the buffer that one datagram must fit in, in bytes; called when one was truncated. Sockets whose
   * `receive` has room for any datagram, as that of `@rtap/native`, don't have it.
   */
  growReceive?(size: number): void;
}

/** A socket that listens: read without waiting, on the JavaScript thread. */
export interface NetlinkSubscriptionTransport extends NetlinkTransport {
  /** Sends one datagram to the kernel; only requests answered in one message, never a dump. */
  send(bytes: Uint8Array): Promise<void>;
  /**
   * Takes the next datagram, or undefined when there is none; its bytes are valid until the next call.
   * Throws an error with code `ENOBUFS` when the kernel had to drop some.
   */
  receive(): Datagram | undefined;
  /** Calls the listener on each wake-up while it is set; undefined stops that. */
  onReadable(listener: (() => void) | undefined): void;
  /** Enlarges the buffer that one datagram must fit in, in bytes. */
  growReceive(size: number): void;
  /** Makes the socket keep the event loop alive. */
  ref(): void;
  /** Lets the event loop end in spite of the socket, as it does from the beginning. */
  unref(): void;
}

/** How a netlink socket is opened. */
export interface NetlinkSocketOptions {
  /** The network namespace to open it in; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** Multicast groups (`RTNLGRP_*`) it has joined when it is handed out. */
  readonly groups?: readonly number[];
  /** Receive buffer, in bytes. */
  readonly receiveBuffer?: number;
}

/** Where sockets come from: `Kernel` of `@rtap/native` fits, the in-memory rtnetlink does too. */
export interface NetlinkSockets {
  /** Opens a socket to ask with. */
  openRequestSocket(options?: NetlinkSocketOptions): Promise<NetlinkRequestTransport>;
  /** Opens a socket to listen with. */
  openSubscriptionSocket(options?: NetlinkSocketOptions): Promise<NetlinkSubscriptionTransport>;
  /** Tells which namespace is meant: the inode number of its file. */
  namespaceInode(netns?: NetworkNamespaceOption): Promise<bigint>;
}
