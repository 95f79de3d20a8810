/**
 * A table of rtnetlink objects that is kept true: subscribe first, dump after, do again what was heard.
 *
 * Why this has no race: what the kernel changes after the dump has looked at an object is told by an event that
 * comes after the subscription began, so it is among what has been heard when the dump ends, or comes later; and
 * an event about a change that the dump saw already says the same again. After an overrun this holds only for
 * events that were queued after the socket had been read until it was empty, because before that the kernel
 * drops: what was heard until then is forgotten, and the dump begins anew.
 *
 * Changes without a word: their causes are told, so a cause leads to another dump beside the events, which is
 * compared with what is known. Causes come in bursts, so one dump waits for some, and dumps are kept apart.
 *
 * @module
 */

import { RTM_DELNSID, RTM_NEWNSID } from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import { errorCode } from './errors.ts';
import { KeyedTable } from './keyed-table.ts';
import type { NetlinkClient } from './netlink-client.ts';
import type { NetlinkSubscriptionTransport } from './netlink-transport.ts';
import { OWN, compact, dumpTables } from './table-dump.ts';
import type { Tables } from './table-dump.ts';
import { TableReader } from './table-events.ts';
import type { TableEvent, TableResyncReason, TableSnapshot } from './table-events.ts';
import type { TableFamily, TableMessage } from './table-family.ts';
import { TableSocket } from './table-socket.ts';
import type { TableReaderOptions, TableWatch } from './table-watch.ts';

/** How many events are held for a reader when it doesn't say. */
const DEFAULT_LIMIT = 1024;
const RETRY_MILLISECONDS = 100;
/** How long a dump for changes without a word waits for more causes, and by how many times its own duration. */
const GATHER_MILLISECONDS = 10;
const REST_FACTOR = 4;
/** How often a dump is begun anew because something that it goes on by was deleted meanwhile. */
const MOST_SHIFTS = 5;

interface Heard<T> extends TableMessage<T> {
  /** Of which namespace. */
  readonly id: number;
}

/** A watch on sockets of its own. */
export class SocketTableWatch<T> implements TableWatch<T> {
  readonly #family: TableFamily<T>;
  readonly #decode: (message: NetlinkMessage) => T;
  readonly #socket: TableSocket;
  readonly #client: NetlinkClient;
  readonly #allNamespaces: boolean;
  readonly #readers = new Set<TableReader<T>>();
  /** What hears causes of changes without a word, by namespace id. */
  readonly #causes = new Map<number, (message: NetlinkMessage) => boolean>();
  #tables: Tables<T> = new Map();
  /** What was heard since the dump began; undefined: no dump goes on. */
  #heard: Heard<T>[] | undefined;
  #synced = false;
  #busy = false;
  /** The next dump for changes without a word has to wait. */
  #resting = false;
  #stale: TableResyncReason | undefined;
  /** Something may have changed without a word. */
  #suspect = false;
  #closed = false;
  #stopListening: (() => void) | undefined;

  constructor(
    family: TableFamily<T>,
    socket: NetlinkSubscriptionTransport,
    client: NetlinkClient,
    allNamespaces: boolean,
  ) {
    this.#family = family;
    this.#decode = compact(family.decode);
    this.#socket = new TableSocket(socket, {
      onMessage: (message, nsid) => this.#take(message, nsid),
      onLoss: (reason) => {
        this.#stale = reason;
      },
    });
    this.#client = client;
    this.#allNamespaces = allNamespaces;
  }

  get items(): readonly T[] {
    return this.#tables.get(OWN)?.items ?? [];
  }

  get(key: number | string, nsid: number = OWN): T | undefined {
    return this.#tables.get(nsid)?.get(key);
  }

  events(options: TableReaderOptions = {}): TableReader<T> {
    const { limit = DEFAULT_LIMIT, signal } = options;
    const stopListening = (): void => signal?.removeEventListener('abort', onAbort);
    const reader: TableReader<T> = new TableReader<T>(
      {
        snapshot: () => this.#snapshot(),
        forget: () => {
          stopListening();
          this.#readers.delete(reader);
        },
      },
      limit,
    );
    const onAbort = (): void => reader.end({ error: signal?.reason });
    if (this.#closed) reader.end();
    else if (signal?.aborted === true) onAbort();
    else {
      this.#readers.add(reader);
      signal?.addEventListener('abort', onAbort, { once: true });
    }
    return reader;
  }

  [Symbol.asyncIterator](): AsyncIterator<TableEvent<T>, undefined> {
    return this.events();
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  /** Listens, dumps and merges; resolves when the table is true. */
  async begin(signal: AbortSignal | undefined): Promise<void> {
    const onAbort = (): void => this.#close({ error: signal?.reason });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#stopListening = () => signal?.removeEventListener('abort', onAbort);
    this.#socket.ref();
    this.#socket.onReadable(() => this.#wakeUp());
    this.#busy = true;
    try {
      await this.#sync();
    } catch (error) {
      signal?.throwIfAborted();
      this.#close();
      throw error;
    } finally {
      this.#busy = false;
    }
    signal?.throwIfAborted();
    this.#next();
  }

  #close(failure?: { readonly error: unknown }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening?.();
    this.#socket.close();
    void this.#client.close();
    for (const reader of [...this.#readers]) reader.end(failure);
  }

  #snapshot(): TableSnapshot<T> | undefined {
    if (!this.#synced) return undefined;
    const namespaces = new Map<number, readonly T[]>();
    for (const [nsid, table] of this.#tables) {
      if (nsid !== OWN) namespaces.set(nsid, table.items);
    }
    return { type: 'snapshot', items: this.items, namespaces };
  }

  #wakeUp(): void {
    try {
      this.#socket.drain();
    } catch (error) {
      this.#close({ error });
      return;
    }
    this.#next();
  }

  /** Does what has become necessary, unless something goes on. */
  #next(): void {
    if (this.#busy || this.#closed) return;
    if (this.#stale !== undefined) void this.#resync(this.#stale);
    else if (this.#suspect && !this.#resting) void this.#verify();
  }

  /** Dumps until it has been possible; never rejects. */
  async #resync(reason: TableResyncReason): Promise<void> {
    this.#busy = true;
    this.#synced = false;
    while (!this.#closed && !this.#synced) {
      try {
        await this.#sync();
      } catch (error) {
        await this.#afterFailure(error);
      }
    }
    this.#busy = false;
    this.#tellResync(reason);
    // What came while the readers were told.
    this.#next();
  }

  /** Dumps, and takes it for the truth. */
  async #sync(): Promise<void> {
    while (!this.#closed) {
      const tables = await this.#dump();
      if (tables === undefined) continue;
      this.#tables = tables;
      this.#synced = true;
      for (const reader of this.#readers) reader.ready();
      return;
    }
  }

  /** Dumps beside the events, and tells when something has changed without a word; never rejects. */
  async #verify(): Promise<void> {
    this.#busy = true;
    await pause(GATHER_MILLISECONDS);
    const begun = performance.now();
    let changed = false;
    try {
      const tables = this.#closed ? undefined : await this.#dump();
      if (tables !== undefined) {
        changed = this.#differs(tables);
        this.#tables = tables;
      }
    } catch (error) {
      this.#suspect = true;
      await this.#afterFailure(error);
    }
    this.#busy = false;
    this.#resting = true;
    if (changed) this.#tellResync('silent');
    // A loss leads to a dump at once, and is told as what it is.
    this.#next();
    await pause(REST_FACTOR * (performance.now() - begun));
    this.#resting = false;
    this.#next();
  }

  #differs(tables: Tables<T>): boolean {
    const { silent } = this.#family;
    if (tables.size !== this.#tables.size) return true;
    for (const [id, table] of tables) {
      const known = this.#tables.get(id) ?? new KeyedTable(this.#family);
      if (silent === undefined || !table.equals(known, silent.state)) return true;
    }
    return false;
  }

  /** No memory for the answers, or nothing but interruptions: the kernel will have time for it later. */
  async #afterFailure(error: unknown): Promise<void> {
    if (errorCode(error) === undefined) this.#close({ error });
    else if (!this.#closed) await pause(RETRY_MILLISECONDS);
  }

  #tellResync(reason: TableResyncReason): void {
    const snapshot = this.#closed ? undefined : this.#snapshot();
    if (snapshot === undefined) return;
    for (const reader of this.#readers) reader.resync(reason, snapshot);
  }

  /** One dump, and what was heard meanwhile; undefined when that doesn't make one truth. */
  async #dump(shifts = MOST_SHIFTS): Promise<Tables<T> | undefined> {
    // To the end: what is heard from now on was queued after any loss there was.
    this.#socket.drain();
    if (this.#synced && this.#stale !== undefined) return undefined;
    this.#stale = undefined;
    this.#suspect = false;
    const heard: Heard<T>[] = [];
    this.#heard = heard;
    let tables: Tables<T>;
    try {
      tables = await dumpTables(this.#client, this.#family, this.#allNamespaces);
    } finally {
      this.#heard = undefined;
    }
    if (this.#closed) return undefined;
    this.#heard = heard;
    this.#socket.drain();
    this.#heard = undefined;
    if (this.#lossSince()) return undefined;
    if (this.#family.dumpsByPosition === true && heard.some(({ removed }) => removed)) {
      if (shifts > 0) return this.#dump(shifts - 1);
      this.#suspect = true;
    }
    for (const message of heard) {
      if (this.#tableOf(message.id, tables).apply(message, true).certain) continue;
      this.#suspect = true;
      return undefined;
    }
    return tables;
  }

  /** The drain may have set it. */
  #lossSince(): boolean {
    return this.#stale !== undefined;
  }

  #tableOf(id: number, tables: Tables<T>): KeyedTable<T> {
    const table = tables.get(id) ?? new KeyedTable(this.#family);
    tables.set(id, table);
    return table;
  }

  #take(message: NetlinkMessage, nsid: number | undefined): void {
    const { added, removed, whole, member, dumpsOthers = true } = this.#family;
    if (message.type === RTM_NEWNSID || message.type === RTM_DELNSID) {
      const counts = this.#allNamespaces && nsid === undefined && dumpsOthers;
      if (counts) this.#stale ??= 'namespaces';
      return;
    }
    const known = nsid === undefined || dumpsOthers;
    if (known && this.#isCause(message, nsid ?? OWN)) this.#suspect = true;
    if (message.type !== added && message.type !== removed) return;
    const item = this.#decode(message);
    if (whole !== undefined && !whole(item)) return;
    const gone = message.type === removed || member?.(item) === false;
    if (!known) {
      this.#tell({ type: gone ? 'delete' : 'new', item, previous: undefined, nsid });
      return;
    }
    const heard = { item, removed: gone, flags: message.flags, id: nsid ?? OWN };
    this.#heard?.push(heard);
    if (!this.#synced) return;
    const { changes, certain } = this.#tableOf(heard.id, this.#tables).apply(heard, false);
    if (!certain) this.#suspect = true;
    for (const change of changes) this.#tell({ ...change, nsid });
  }

  #isCause(message: NetlinkMessage, id: number): boolean {
    const { silent } = this.#family;
    if (silent === undefined) return false;
    const hears = this.#causes.get(id) ?? silent.listen();
    this.#causes.set(id, hears);
    return hears(message);
  }

  #tell(event: TableEvent<T>): void {
    for (const reader of this.#readers) reader.push(event);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
