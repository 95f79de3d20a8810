/**
 * What a watch of a whole table tells, and the bounded queue of each of those who listen.
 *
 * @module
 */

import type { ResyncReason } from './link-subscription.ts';

/** Why a table was dumped anew. */
export type TableResyncReason =
  | ResyncReason
  /** A namespace has got an id, or lost it. */
  | 'namespaces'
  /** The kernel has changed something without a word: see {@link SilentChanges}. */
  | 'silent';

/** What is told of a table of rtnetlink objects. */
export type TableEvent<T> =
  | {
      /** All that there is: first of all, and after `lost` and `resync`. What was known before is void. */
      readonly type: 'snapshot';
      /** The objects of the watch's own namespace. */
      readonly items: readonly T[];
      /** Those of others by namespace id; empty unless all namespaces are watched. */
      readonly namespaces: ReadonlyMap<number, readonly T[]>;
    }
  | {
      /** `new`: an object is there, or has changed. `delete`: it is gone. */
      readonly type: 'new' | 'delete';
      /** What the kernel says of it. */
      readonly item: T;
      /** What it said before; undefined when it was not there. */
      readonly previous: T | undefined;
      /** Id of the namespace that it is in; undefined in the watch's own. */
      readonly nsid: number | undefined;
    }
  | {
      /** Events were lost on the way from the kernel, or never sent; a snapshot follows, which makes up for them. */
      readonly type: 'resync';
      /** How. */
      readonly reason: TableResyncReason;
    }
  | {
      /** This reader was too slow, and events were dropped for it; a snapshot follows, which makes up for them. */
      readonly type: 'lost';
      /** How many. */
      readonly count: number;
    };

/** The snapshot, as an event. */
export type TableSnapshot<T> = Extract<TableEvent<T>, { type: 'snapshot' }>;

/** What {@link TableReader} reads from. */
export interface TableSource<T> {
  /** The table as it is, or undefined while it isn't known. */
  snapshot(): TableSnapshot<T> | undefined;
  /** The reader has ended. */
  forget(reader: TableReader<T>): void;
}

/**
 * One reader's place: holds at most `limit` events, and one snapshot.
 *
 * Its own snapshots are made when they are asked for, so that a slow reader costs no copy a change.
 */
export class TableReader<T> implements AsyncIterableIterator<TableEvent<T>, undefined> {
  readonly #source: TableSource<T>;
  readonly #limit: number;
  readonly #queue: TableEvent<T>[] = [];
  #holdsSnapshot = false;
  #wantsSnapshot = true;
  #lost = 0;
  #ended = false;
  #failed = false;
  #error: unknown;
  #wake: (() => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(source: TableSource<T>, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<TableEvent<T>, undefined>> {
    const taken = this.#turn.then(() => this.#take());
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  return(): Promise<IteratorResult<TableEvent<T>, undefined>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Holds an event for the reader, or counts it as lost. */
  push(event: TableEvent<T>): void {
    if (this.#lost > 0) this.#lost += 1;
    // The snapshot that it waits for will have it.
    else if (this.#wantsSnapshot) return;
    else if (this.#queue.length >= this.#limit) this.#overflow(1);
    else this.#queue.push(event);
    this.#wake?.();
  }

  /** The table was dumped anew. */
  resync(reason: TableResyncReason, snapshot: TableSnapshot<T>): void {
    if (this.#holdsSnapshot) this.#overflow(0);
    else if (!this.#wantsSnapshot) {
      this.#queue.push({ type: 'resync', reason }, snapshot);
      this.#holdsSnapshot = true;
    }
    this.#wake?.();
  }

  /** There is a table now. */
  ready(): void {
    this.#wake?.();
  }

  /** Ends the reader; with an error its next `next` rejects. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue.length = 0;
    this.#failed = failure !== undefined;
    this.#error = failure?.error;
    this.#source.forget(this);
    this.#wake?.();
  }

  #overflow(more: number): void {
    // A resync and its snapshot are among what is dropped: the snapshot to come makes up for them too.
    this.#lost = Math.max(this.#queue.length + more, 1);
    this.#queue.length = 0;
    this.#holdsSnapshot = false;
    this.#wantsSnapshot = true;
  }

  async #take(): Promise<IteratorResult<TableEvent<T>, undefined>> {
    for (;;) {
      if (this.#failed) {
        this.#failed = false;
        throw this.#error;
      }
      if (this.#ended) return { done: true, value: undefined };
      const value = this.#shift();
      if (value !== undefined) return { done: false, value };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  #shift(): TableEvent<T> | undefined {
    if (this.#lost > 0) {
      const count = this.#lost;
      this.#lost = 0;
      return { type: 'lost', count };
    }
    if (this.#wantsSnapshot) {
      const snapshot = this.#source.snapshot();
      this.#wantsSnapshot = snapshot === undefined;
      return snapshot;
    }
    const event = this.#queue.shift();
    if (event?.type === 'snapshot') this.#holdsSnapshot = false;
    return event;
  }
}
