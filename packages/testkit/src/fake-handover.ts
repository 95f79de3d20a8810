/**
 * Sockets of the fake kernel that queues are handed over by: both sides are in the same JavaScript thread.
 *
 * @module
 */

import type {
  HandoverAddress,
  HandoverConnection,
  HandoverFiles,
  HandoverListener,
  HandoverMessage,
  HandoverPeer,
  HandoverSources,
  KernelDeviceQueue,
} from '@rtap/native';
import { closedError, FakeKernelError } from './fake-kernel-error.ts';

/** What holds a fake queue open, until it is let go of. */
export interface FakeQueueFile {
  /** Lets go of it, once. */
  readonly close: () => void;
}

/** Fake files on their way: of queues, and as many as come with them. */
export class FakeFiles implements HandoverFiles {
  readonly #companions: number;
  #queues: readonly FakeQueueFile[];

  /** Made by a connection, or by a test that speaks the protocol itself. */
  constructor(queues: readonly FakeQueueFile[], companions: number) {
    this.#queues = queues;
    this.#companions = companions;
  }

  /** How many files there are. */
  get count(): number {
    return this.#queues.length + this.#companions;
  }

  /**
   * Takes those of queues.
   *
   * @internal
   */
  take(): readonly FakeQueueFile[] {
    const queues = this.#queues;
    this.#queues = [];
    return queues;
  }

  /** Closes those that nobody has taken. */
  close(): void {
    for (const queue of this.take()) queue.close();
  }
}

/** Where listeners are found. */
export class FakeHandover {
  readonly #listeners = new Map<string, FakeListener>();
  readonly #open: (queue: KernelDeviceQueue) => FakeQueueFile;
  readonly #peer: () => HandoverPeer;

  /**
   * Made by the fake kernel.
   *
   * @param open - makes a file of a queue.
   * @param peer - who connects.
   */
  constructor(open: (queue: KernelDeviceQueue) => FakeQueueFile, peer: () => HandoverPeer) {
    this.#open = open;
    this.#peer = peer;
  }

  /** Listens. */
  listen(address: HandoverAddress): HandoverListener {
    const key = keyOf(address);
    if (this.#listeners.has(key)) throw new FakeKernelError('EADDRINUSE', 'bind');
    const listener = new FakeListener(() => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    return listener;
  }

  /** Connects. */
  connect(address: HandoverAddress): HandoverConnection {
    const listener = this.#listeners.get(keyOf(address));
    if (listener === undefined) {
      throw new FakeKernelError(address.path === undefined ? 'ECONNREFUSED' : 'ENOENT', 'connect');
    }
    const peer = this.#peer();
    const own = { pid: process.pid, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
    const theirs = new FakeConnection(own, this.#open);
    const ours = new FakeConnection(peer, this.#open);
    theirs.join(ours);
    ours.join(theirs);
    listener.add(ours);
    return theirs;
  }
}

function keyOf({ path, abstract }: HandoverAddress): string {
  if (path !== undefined) return path;
  if (abstract !== undefined) return `@${abstract}`;
  throw new FakeKernelError('EBADF', 'fcntl F_GETFD');
}

class FakeListener implements HandoverListener {
  readonly #onClose: () => void;
  readonly #waiting: FakeConnection[] = [];
  #listener: ((connection: HandoverConnection) => void) | undefined;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  add(connection: FakeConnection): void {
    this.#waiting.push(connection);
    setImmediate(() => this.#deliver());
  }

  onConnection(listener: ((connection: HandoverConnection) => void) | undefined): void {
    this.#listener = listener;
    this.#deliver();
  }

  close(): void {
    this.#listener = undefined;
    this.#onClose();
    for (const connection of this.#waiting.splice(0)) connection.close();
  }

  #deliver(): void {
    if (this.#listener === undefined) return;
    for (const connection of this.#waiting.splice(0)) this.#listener?.(connection);
  }
}

/** One side of a connection. */
export class FakeConnection implements HandoverConnection {
  readonly peer: HandoverPeer;
  readonly #open: (queue: KernelDeviceQueue) => FakeQueueFile;
  readonly #inbox: (HandoverMessage | undefined)[] = [];
  #other: FakeConnection | undefined;
  #listener: ((message: HandoverMessage | undefined) => void) | undefined;
  #closed = false;

  /** Made by a listener. */
  constructor(peer: HandoverPeer, open: (queue: KernelDeviceQueue) => FakeQueueFile) {
    this.peer = peer;
    this.#open = open;
  }

  /** Has another side. */
  join(other: FakeConnection): void {
    this.#other = other;
  }

  send(bytes: Uint8Array, sources: HandoverSources = { queues: [] }): void {
    if (this.#closed) throw closedError('the connection');
    const { queues, netns, sockets = [] } = sources;
    const companions = sockets.length + (netns === undefined ? 0 : 1);
    const files = new FakeFiles(
      queues.map((queue) => this.#open(queue)),
      companions,
    );
    this.deliver({ bytes: bytes.slice(), files });
  }

  /** Sends it to the other side. */
  deliver(message: HandoverMessage): void {
    const other = this.#other;
    if (other === undefined || other.#closed) {
      message.files.close();
      throw new FakeKernelError('EPIPE', 'sendmsg');
    }
    other.#put(message);
  }

  onMessage(listener: ((message: HandoverMessage | undefined) => void) | undefined): void {
    this.#listener = listener;
    this.#schedule();
  }

  /** Does nothing: nothing of a fake kernel keeps an event loop alive. */
  ref(): void {}

  /** Does nothing: nothing of a fake kernel keeps an event loop alive. */
  unref(): void {}

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener = undefined;
    for (const message of this.#inbox.splice(0)) message?.files.close();
    const other = this.#other;
    if (other !== undefined) other.#put(undefined);
  }

  #put(message: HandoverMessage | undefined): void {
    if (this.#closed) {
      message?.files.close();
      return;
    }
    this.#inbox.push(message);
    this.#schedule();
  }

  #schedule(): void {
    setImmediate(() => {
      const listener = this.#listener;
      if (listener === undefined) return;
      for (const message of this.#inbox.splice(0)) {
        if (message === undefined) this.close();
        listener(message);
      }
    });
  }
}
