/**
 * Sockets that queues are handed over by, from process to process.
 *
 * @module
 */

import {
  checkBytes,
  checkInteger,
  checkListener,
  checkOptions,
  checkText,
  outOfRange,
} from './argument.ts';
import type {
  HandoverConnection as Connection,
  HandoverListener as Listener,
  NetlinkSocket,
  Poll,
  Queue,
  ReceivedFiles,
} from './binding.d.ts';
import { closedError, nativeError } from './errors.ts';
import { binding } from './load.ts';
import { namespaceArguments } from './namespace.ts';
import type { NetworkNamespaceHandle } from './namespace.ts';
import { nativeSocket } from './netlink-socket.ts';
import type { NetlinkSocketBase } from './netlink-socket.ts';
import { nativeQueue } from './queue.ts';
import type { KernelDeviceQueue } from './queue.ts';

/** The largest number of a file (fs.nr_open can't be more). */
const FD_MAX = 0x7f_ff_ff_ff;
/** All bits of a file's mode that are permissions. */
const MODE_MAX = 0o777;

/** After how long to look again whether a connection can be accepted, in milliseconds. */
const RETRY = 100;

/** Where to listen, or to connect to: one of these. */
export interface HandoverAddress {
  /** The path of a socket in the file system. */
  readonly path?: string;
  /** A name in no file system (unix(7)), seen in the network namespace of the process. */
  readonly abstract?: string;
  /** An open socket (AF_UNIX, SOCK_SEQPACKET): its number belongs to rtap when this succeeds, and is left alone when not. */
  readonly fd?: number;
}

/** Who is at the other end of a connection, as the kernel vouches (SO_PEERCRED). */
export interface HandoverPeer {
  /** Its process: who connected, or who made a pair of sockets; 0 when this process can't see it. */
  readonly pid: number;
  /** Its effective user. */
  readonly uid: number;
  /** Its effective group. */
  readonly gid: number;
}

/** What goes over with a message: the files of these, in this order. They stay open here. */
export interface HandoverSources {
  /** Queues, also those that are lent. */
  readonly queues: readonly KernelDeviceQueue[];
  /** A network namespace. */
  readonly netns?: NetworkNamespaceHandle;
  /** Sockets. */
  readonly sockets?: readonly NetlinkSocketBase[];
}

/** Files that came with a message, for `Kernel.attachTap`. */
export interface HandoverFiles {
  /** How many there are. */
  readonly count: number;
  /** Closes them, if nobody has taken them. */
  close(): void;
}

/** What is received. */
export interface HandoverMessage {
  /** The message; of more than 65,536 bytes the first 65,537. */
  readonly bytes: Uint8Array;
  /** What came with it: to be closed, or taken. */
  readonly files: HandoverFiles;
}

/** A connection to another process. It doesn't keep the event loop alive unless it is told to. */
export interface HandoverConnection {
  /** Who is there. */
  readonly peer: HandoverPeer;
  /**
   * Sends a message.
   *
   * @throws NativeError: EPIPE when the other side has ended, EAGAIN when it doesn't read.
   */
  send(bytes: Uint8Array, sources?: HandoverSources): void;
  /** Sets who is told of each message, and of the end by `undefined`, once. */
  onMessage(listener: ((message: HandoverMessage | undefined) => void) | undefined): void;
  /** Makes it keep the event loop alive while there is a listener. */
  ref(): void;
  /** Lets the event loop end, as it does from the start. */
  unref(): void;
  /** Ends it, any number of times. */
  close(): void;
}

/** A socket that waits for connections. It doesn't keep the event loop alive. */
export interface HandoverListener {
  /** Sets who is given each connection. */
  onConnection(listener: ((connection: HandoverConnection) => void) | undefined): void;
  /** Ends it, any number of times; its path goes. */
  close(): void;
}

/**
 * Listens for connections. The file of a path gets its mode when it is made; one that a process has left behind is
 * replaced.
 *
 * @throws NativeError: EADDRINUSE when somebody listens there, or the file is no socket; ENOENT, EACCES; ENOTSOCK for
 * another file than a Unix socket of type SOCK_SEQPACKET, EINVAL for one that doesn't listen, EBUSY for one that is
 * rtap's already.
 */
export function listenForHandover(
  address: HandoverAddress,
  options: { readonly mode?: number } = {},
): HandoverListener {
  const where = checkAddress(address);
  checkOptions('options', options);
  const mode = checkInteger('options.mode', options.mode ?? 0o600, 0, MODE_MAX);
  try {
    return new NativeListener(binding().listenForHandover(where, mode));
  } catch (error) {
    throw nativeError(error);
  }
}

/**
 * Connects to who listens, or takes a connection by its number.
 *
 * @throws NativeError: ENOENT, ECONNREFUSED when nobody listens there, EACCES; ENOTSOCK, EINVAL when it is no such
 * connection, EBUSY when it is one of this process's already.
 */
export function connectForHandover(address: HandoverAddress): HandoverConnection {
  const where = checkAddress(address);
  try {
    return new NativeConnection(binding().connectForHandover(where));
  } catch (error) {
    throw nativeError(error);
  }
}

/** The addon's object behind files that were received. */
export function nativeFiles(files: HandoverFiles): ReceivedFiles | undefined {
  return files instanceof NativeFiles ? files.native : undefined;
}

function checkAddress(address: HandoverAddress): { path?: string; name?: string; fd?: number } {
  checkOptions('address', address);
  const { path, abstract, fd } = address;
  const given = [path, abstract, fd].filter((part) => part !== undefined);
  if (given.length !== 1) throw outOfRange('address', 'one of path, abstract and fd', address);
  if (path !== undefined) return { path: checkText('address.path', path) };
  if (abstract !== undefined) return { name: checkText('address.abstract', abstract) };
  return { fd: checkInteger('address.fd', fd, 0, FD_MAX) };
}

class NativeFiles implements HandoverFiles {
  readonly native: ReceivedFiles;

  constructor(native: ReceivedFiles) {
    this.native = native;
  }

  get count(): number {
    return this.native.count;
  }

  close(): void {
    this.native.close();
  }
}

class NativeListener implements HandoverListener {
  readonly #native: Listener;
  #poll: Poll | undefined;
  #listener: ((connection: HandoverConnection) => void) | undefined;
  #closed = false;

  constructor(native: Listener) {
    this.#native = native;
  }

  onConnection(listener: ((connection: HandoverConnection) => void) | undefined): void {
    this.#listener = checkListener('listener', listener);
    if (this.#closed) return;
    if (listener === undefined) {
      this.#poll?.stop();
      return;
    }
    this.#poll ??= this.#native.poll(() => this.#accept());
    this.#poll.setReferenced(false);
    this.#poll.startReadable();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener = undefined;
    this.#poll?.close();
    this.#native.close();
  }

  #accept(): void {
    // One a turn: what waits wakes again.
    let connection: Connection | null;
    try {
      connection = this.#native.accept();
    } catch {
      // No file is left for it (EMFILE): whoever waits is served when there is one, without a turn for each look.
      this.#poll?.stop();
      setTimeout(() => {
        if (this.#listener !== undefined) this.#poll?.startReadable();
      }, RETRY).unref();
      return;
    }
    if (connection !== null) this.#listener?.(new NativeConnection(connection));
  }
}

class NativeConnection implements HandoverConnection {
  readonly peer: HandoverPeer;
  readonly #native: Connection;
  #poll: Poll | undefined;
  #listener: ((message: HandoverMessage | undefined) => void) | undefined;
  #referenced = false;
  #closed = false;

  constructor(native: Connection) {
    this.#native = native;
    this.peer = native.peer;
  }

  send(bytes: Uint8Array, sources: HandoverSources = { queues: [] }): void {
    checkBytes('bytes', bytes);
    if (this.#closed) throw closedError('the connection');
    const queues = sources.queues.map((queue): Queue => own('queues', nativeQueue(queue), queue));
    const sockets = (sources.sockets ?? []).map((socket): NetlinkSocket =>
      own('sockets', nativeSocket(socket), socket),
    );
    const [namespace] = namespaceArguments(sources.netns);
    try {
      this.#native.send(bytes, queues, namespace, sockets);
    } catch (error) {
      throw nativeError(error);
    }
  }

  onMessage(listener: ((message: HandoverMessage | undefined) => void) | undefined): void {
    this.#listener = checkListener('listener', listener);
    if (this.#closed) return;
    if (listener === undefined) {
      this.#poll?.stop();
      return;
    }
    this.#poll ??= this.#native.poll(() => this.#receive());
    this.#poll.setReferenced(this.#referenced);
    this.#poll.startReadable();
  }

  ref(): void {
    this.#referenced = true;
    this.#poll?.setReferenced(true);
  }

  unref(): void {
    this.#referenced = false;
    this.#poll?.setReferenced(false);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener = undefined;
    this.#poll?.close();
    this.#native.close();
  }

  #receive(): void {
    let received: ReturnType<Connection['receive']>;
    try {
      received = this.#native.receive();
    } catch {
      this.#end();
      return;
    }
    if (received === null) return;
    const { bytes, files } = received;
    if (bytes === undefined) this.#end();
    else this.#listener?.({ bytes, files: new NativeFiles(files) });
  }

  #end(): void {
    const listener = this.#listener;
    this.close();
    listener?.(undefined);
  }
}

function own<T>(name: string, native: T | undefined, given: unknown): T {
  if (native === undefined) throw outOfRange(name, 'of the real kernel', given);
  return native;
}
