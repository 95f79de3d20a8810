/**
 * Queues that a device offers to other processes.
 *
 * @module
 */

import { EventEmitter } from 'node:events';
import type {
  HandoverConnection,
  HandoverListener,
  HandoverPeer,
  HandoverSources,
} from '@rtap/native';
import { errorCode, throwLater } from '@rtap/transport';
import type { DeviceQueue } from './device-queue.ts';
import { reasonOf } from './device-errors.ts';
import { RtapError } from './errors.ts';
import { decodeRequest, encodeMessage, malformed } from './handover-protocol.ts';
import type { HandoverOffer } from './handover-protocol.ts';

/** A process that has queues of the device. */
export interface ShareHolder extends HandoverPeer {
  /** Which ones, by their indexes in the device. */
  readonly queues: readonly number[];
}

/** What {@link QueueShare} tells. */
export interface QueueShareEvents {
  /** A process has taken queues. */
  taken: [holder: ShareHolder];
  /** It has given them back, or has ended: they are free again, or back in the device when the share is closed. */
  returned: [holder: ShareHolder];
  /** A process was given nothing. */
  refused: [peer: HandoverPeer, reason: string];
}

/** What a share needs of its device. */
export interface ShareOwner {
  /** Its name, for errors. */
  readonly name: string;
  /** What is said of the interface now. */
  readonly about: () => Omit<HandoverOffer, 'queues'>;
  /** Opens what goes over with queues, in the namespace of the interface; `release` lets go of it. */
  readonly companions: () => Promise<{
    readonly sources: Omit<HandoverSources, 'queues'>;
    readonly release: () => Promise<void>;
  }>;
  /** The share has nothing of the device any more. */
  readonly ended: () => void;
}

/**
 * Queues of a device that are offered to other processes, by `tap.share`: a handle that knows who has what.
 *
 * A process that has queues keeps its connection open, and gives them back by ending it; the kernel does so when the
 * process ends.
 */
export class QueueShare extends EventEmitter<QueueShareEvents> implements AsyncDisposable {
  readonly #listener: HandoverListener;
  readonly #owner: ShareOwner;
  readonly #allows: (peer: HandoverPeer) => boolean;
  /** What nobody has, by index. */
  readonly #free = new Map<number, DeviceQueue>();
  /** Who has queues, or will have them when what goes with them is open. */
  readonly #holders = new Map<HandoverConnection, ShareHolder>();
  /** Those of them who were told as such. */
  readonly #taken = new Set<ShareHolder>();
  readonly #connections = new Set<HandoverConnection>();
  readonly #all: ReadonlyMap<number, DeviceQueue>;
  readonly #unlisten: () => void;
  #closed = false;
  #over = false;

  /**
   * Made by `tap.share`.
   *
   * @internal
   */
  constructor(
    parts: {
      readonly listener: HandoverListener;
      readonly queues: readonly DeviceQueue[];
      readonly allows: (peer: HandoverPeer) => boolean;
      readonly signal: AbortSignal | undefined;
    },
    owner: ShareOwner,
  ) {
    super();
    this.#listener = parts.listener;
    this.#owner = owner;
    this.#allows = parts.allows;
    this.#all = new Map(parts.queues.map((queue) => [queue.index, queue]));
    for (const queue of parts.queues) this.#free.set(queue.index, queue);
    const { signal } = parts;
    const onAbort = (): void => {
      void this.close();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#unlisten = () => signal?.removeEventListener('abort', onAbort);
    this.#listener.onConnection((connection) => this.#greet(connection));
  }

  /** Which queues it offers, by their indexes in the device. */
  get queues(): readonly number[] {
    return [...this.#all.keys()];
  }

  /** Who has some of them. */
  get holders(): readonly ShareHolder[] {
    return [...this.#taken];
  }

  /** Whether nothing is offered any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Offers nothing any more, any number of times: the socket's path is gone, and queues that nobody has are the device's
   * again. What other processes have stays theirs, as no file can be taken away from a process, and comes back when
   * they end or close it.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#stop();
    for (const connection of this.#connections) {
      if (!this.#holders.has(connection)) this.#drop(connection);
    }
    const free = [...this.#free.values()];
    this.#free.clear();
    await Promise.all(free.map((queue) => queue.takeBack()));
    this.#finish();
  }

  /** The same as {@link QueueShare.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The device has these queues no more: whoever has them keeps them for good.
   *
   * @internal
   */
  end(): void {
    this.#stop();
    this.#free.clear();
    this.#holders.clear();
    this.#taken.clear();
    for (const connection of this.#connections) this.#drop(connection);
    this.#finish();
  }

  #stop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unlisten();
    this.#listener.close();
  }

  #finish(): void {
    if (this.#over || !this.#closed || this.#holders.size > 0) return;
    this.#over = true;
    this.#owner.ended();
  }

  #greet(connection: HandoverConnection): void {
    this.#connections.add(connection);
    if (!this.#allows(connection.peer)) {
      const { pid, uid, gid } = connection.peer;
      const message = `process ${pid} of user ${uid} and group ${gid} may not attach to '${this.#owner.name}'`;
      this.#refuse(connection, new RtapError('EACCES', message));
      return;
    }
    let asked = false;
    connection.onMessage((message) => {
      if (message === undefined) {
        void this.#gone(connection);
        return;
      }
      const { bytes, files } = message;
      const { count } = files;
      files.close();
      // One request a connection: what comes later is nobody's.
      if (asked) return;
      asked = true;
      void this.#serve(connection, bytes, count);
    });
  }

  async #serve(connection: HandoverConnection, bytes: Uint8Array, files: number): Promise<void> {
    let release: (() => Promise<void>) | undefined;
    try {
      if (files > 0) throw malformed('a request has no files');
      const queues = this.#choose(decodeRequest(bytes).queues);
      const indexes = queues.map(({ index }) => index);
      const holder = { ...connection.peer, queues: indexes };
      for (const index of indexes) this.#free.delete(index);
      this.#holders.set(connection, holder);
      const companions = await this.#owner.companions();
      ({ release } = companions);
      // It may have ended meanwhile, or the device.
      if (this.#holders.get(connection) !== holder) return;
      const sources = queues.map((queue) => queue.kernelQueue);
      const about = { ...this.#owner.about(), queues: indexes };
      connection.send(encodeMessage(about), { ...companions.sources, queues: sources });
      this.#taken.add(holder);
      this.#tell('taken', holder);
    } catch (error) {
      await this.#return(connection);
      this.#refuse(connection, error);
      this.#finish();
    } finally {
      await release?.();
    }
  }

  #choose(wanted: number | undefined): readonly DeviceQueue[] {
    const free = [...this.#free.values()];
    const count = wanted ?? free.length;
    if (count > 0 && count <= free.length) return free.slice(0, count);
    const message = `${free.length} of ${this.#all.size} queues are free, and ${wanted ?? 'one'} is asked for`;
    throw new RtapError('EBUSY', message);
  }

  #refuse(connection: HandoverConnection, error: unknown): void {
    if (!this.#connections.has(connection)) return;
    const message = reasonOf(error);
    const code = errorCode(error) ?? 'EIO';
    try {
      connection.send(encodeMessage({ error: { code, message } }));
    } catch {
      // It has ended, and doesn't want to know.
    }
    this.#drop(connection);
    this.#tell('refused', connection.peer, message);
  }

  /** The other process has ended its connection. */
  async #gone(connection: HandoverConnection): Promise<void> {
    this.#drop(connection);
    const holder = await this.#return(connection);
    if (holder === undefined) return;
    if (this.#taken.delete(holder)) this.#tell('returned', holder);
    this.#finish();
  }

  /** Has back what a process had. */
  async #return(connection: HandoverConnection): Promise<ShareHolder | undefined> {
    const holder = this.#holders.get(connection);
    if (holder === undefined) return undefined;
    this.#holders.delete(connection);
    const queues = [...this.#all.values()].filter(({ index }) => holder.queues.includes(index));
    if (this.#closed) await Promise.all(queues.map((queue) => queue.takeBack()));
    else for (const queue of queues) this.#free.set(queue.index, queue);
    return holder;
  }

  #drop(connection: HandoverConnection): void {
    this.#connections.delete(connection);
    connection.close();
  }

  /** Calls every listener, whatever one of them throws. */
  #tell<Name extends keyof QueueShareEvents>(name: Name, ...args: QueueShareEvents[Name]): void {
    for (const listener of this.rawListeners(name)) {
      try {
        Reflect.apply(listener, this, args);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}
