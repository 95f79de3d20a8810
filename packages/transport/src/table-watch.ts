/**
 * A table of rtnetlink objects that is kept true: subscribe first, dump after, merge by key.
 *
 * Why the merge has no race: what the kernel changes after the dump has looked at an object is told by an
 * event that comes after the subscription began, so it is among what has been heard when the dump ends, or
 * comes later; and an event about a change that the dump saw already says the same again. So the last event
 * of each object counts before the dump. After an overrun this holds only for events that were queued after
 * the socket had been read until it was empty, because before that the kernel drops: what was heard until
 * then is forgotten, and the dump begins anew.
 *
 * @module
 */

import {
  AF_UNSPEC,
  AttributeReader,
  MalformedError,
  MessageWriter,
  NetlinkError,
  RTM_DELNSID,
  RTM_GETNSID,
  RTM_NEWNSID,
  RTNLGRP_NSID,
  messages,
} from '@rtap/netlink';
import type { NetlinkMessage } from '@rtap/netlink';
import type { NetworkNamespaceOption } from '@rtap/native';
import { TransportError, errorCode } from './errors.ts';
import type { TableFamily } from './table-family.ts';
import { NetlinkClient } from './netlink-client.ts';
import type {
  Datagram,
  NetlinkSockets,
  NetlinkSubscriptionTransport,
} from './netlink-transport.ts';
import { TableReader } from './table-events.ts';
import type { TableEvent, TableResyncReason, TableSnapshot } from './table-events.ts';

/** How many events are held for a reader when it doesn't say. */
const DEFAULT_LIMIT = 1024;
const FIRST_DATAGRAM = 32 * 1024;
const LARGEST_DATAGRAM = 4 * 1024 * 1024;
const FIRST_RECEIVE_BUFFER = 1024 * 1024;
const LARGEST_RECEIVE_BUFFER = 32 * 1024 * 1024;
/** Interfaces that come and go interrupt dumps, and each try is cheap. */
const DUMP_ATTEMPTS = 30;
const RETRY_MILLISECONDS = 100;
/** NETNSA_NSID (linux/net_namespace.h). */
const NETNSA_NSID = 1;
/** Stands for the watch's own namespace among the ids, which are 0 and above. */
const OWN = -1;

/** How a reader listens. */
export interface TableReaderOptions {
  /** Events held for it at most, 1,024 when left out; one too many drops them all and tells by `lost`. */
  readonly limit?: number;
  /** Ends it: its `next` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What {@link watchTable}, {@link watchLinks} and {@link watchAddresses} take. */
export interface WatchTableOptions {
  /** Where sockets come from: the real kernel's ({@link kernelSockets}) or a fake one's. */
  readonly sockets: NetlinkSockets;
  /** The namespace; the process's own when left out. */
  readonly netns?: NetworkNamespaceOption;
  /** Whether to watch the namespaces that have an id in that one as well. */
  readonly allNamespaces?: boolean;
  /** The receive buffer to begin with, in bytes; the kernel's default when left out. It grows after an overrun. */
  readonly receiveBuffer?: number;
  /** Closes the watch: its readers reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A table that is kept true; each iteration of it is a reader of its own, with every event from then on. */
export interface TableWatch<T> extends AsyncIterable<TableEvent<T>> {
  /** The objects in the watch's own namespace, as last heard. */
  readonly items: readonly T[];
  /** The object of that key (see {@link TableFamily}), in the watch's own namespace or the one with that id. */
  get(key: number | string, nsid?: number): T | undefined;
  /** A new reader; its first event is a snapshot. */
  events(options?: TableReaderOptions): AsyncIterableIterator<TableEvent<T>, undefined>;
  /** Keeps the event loop alive, as it does from the beginning. */
  ref(): void;
  /** Lets the event loop end in spite of the watch. */
  unref(): void;
  /** Closes its sockets, any number of times; readers end. */
  close(): void;
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

type Table<T> = Map<number | string, T>;

/**
 * Watches a whole table: subscribes, dumps, and keeps it true.
 *
 * Has sockets of its own. An overrun, a truncated or malformed datagram lead to a new dump, and readers are
 * told by `resync` and a snapshot. When this resolves the first dump has been merged.
 *
 * @throws what opening sockets throws; NetlinkError or TransportError when the first dump fails;
 * `ERR_RTAP_UNSUPPORTED` when this kernel can't tell of other namespaces; the signal's reason.
 */
export async function watchTable<T>(
  family: TableFamily<T>,
  options: WatchTableOptions,
): Promise<TableWatch<T>> {
  const { sockets, netns, allNamespaces = false, receiveBuffer, signal } = options;
  signal?.throwIfAborted();
  const where = netns === undefined ? {} : { netns };
  const socket = await sockets.openSubscriptionSocket({
    ...where,
    groups: allNamespaces ? [...family.groups, RTNLGRP_NSID] : family.groups,
    ...(receiveBuffer !== undefined && { receiveBuffer }),
  });
  let client: NetlinkClient | undefined;
  try {
    if (allNamespaces && !socket.setOption('listenAllNsid', true)) {
      throw new TransportError(
        'ERR_RTAP_UNSUPPORTED',
        'this kernel does not tell of other namespaces (NETLINK_LISTEN_ALL_NSID)',
      );
    }
    client = new NetlinkClient(await sockets.openRequestSocket(where));
    const watch = new SocketTableWatch(family, socket, client, allNamespaces);
    await watch.begin(signal);
    return watch;
  } catch (error) {
    socket.close();
    await client?.close();
    throw error;
  }
}

class SocketTableWatch<T> implements TableWatch<T> {
  readonly #family: TableFamily<T>;
  readonly #socket: NetlinkSubscriptionTransport;
  readonly #client: NetlinkClient;
  readonly #allNamespaces: boolean;
  readonly #readers = new Set<TableReader<T>>();
  /** By namespace id. */
  #tables = new Map<number, Table<T>>();
  /** The last event of each object since the dump began; null: it is gone. */
  readonly #changed = new Map<number, Map<number | string, T | null>>();
  #synced = false;
  #syncing = false;
  #stale: TableResyncReason | undefined;
  #datagramSize = FIRST_DATAGRAM;
  #receiveBuffer = FIRST_RECEIVE_BUFFER;
  #closed = false;
  #stopListening: (() => void) | undefined;

  constructor(
    family: TableFamily<T>,
    socket: NetlinkSubscriptionTransport,
    client: NetlinkClient,
    allNamespaces: boolean,
  ) {
    this.#family = family;
    this.#socket = socket;
    this.#client = client;
    this.#allNamespaces = allNamespaces;
  }

  get items(): readonly T[] {
    return [...(this.#tables.get(OWN)?.values() ?? [])];
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
    if (!this.#closed) this.#socket.ref();
  }

  unref(): void {
    if (!this.#closed) this.#socket.unref();
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
    this.#syncing = true;
    try {
      await this.#sync();
    } catch (error) {
      signal?.throwIfAborted();
      this.#close();
      throw error;
    } finally {
      this.#syncing = false;
    }
    signal?.throwIfAborted();
  }

  #close(failure?: { readonly error: unknown }): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening?.();
    this.#socket.onReadable(undefined);
    this.#socket.close();
    void this.#client.close();
    for (const reader of [...this.#readers]) reader.end(failure);
  }

  #snapshot(): TableSnapshot<T> | undefined {
    if (!this.#synced) return undefined;
    const namespaces = new Map<number, readonly T[]>();
    for (const [nsid, table] of this.#tables) {
      if (nsid !== OWN) namespaces.set(nsid, [...table.values()]);
    }
    return { type: 'snapshot', items: this.items, namespaces };
  }

  #wakeUp(): void {
    try {
      this.#drain();
    } catch (error) {
      this.#close({ error });
      return;
    }
    if (this.#stale === undefined || this.#syncing || this.#closed) return;
    void this.#resync(this.#stale);
  }

  /** Dumps until it has been possible; never rejects. */
  async #resync(reason: TableResyncReason): Promise<void> {
    this.#syncing = true;
    this.#synced = false;
    while (!this.#closed && !this.#synced) {
      try {
        await this.#sync();
      } catch (error) {
        if (errorCode(error) === undefined) this.#close({ error });
        // No memory for the answers, or nothing but interruptions: the kernel will have time for it later.
        else if (!this.#closed) await pause(RETRY_MILLISECONDS);
      }
    }
    this.#syncing = false;
    const snapshot = this.#closed ? undefined : this.#snapshot();
    if (snapshot !== undefined) {
      for (const reader of this.#readers) reader.resync(reason, snapshot);
    }
    // What came while the readers were told.
    if (this.#stale !== undefined && !this.#closed) void this.#resync(this.#stale);
  }

  /** One dump and its merge; another one, when something was lost meanwhile. */
  async #sync(): Promise<void> {
    while (!this.#closed) {
      // To the end: what is heard from now on was queued after any loss there was.
      this.#drain();
      this.#stale = undefined;
      this.#changed.clear();
      const tables = await this.#dump();
      if (this.#closed) return;
      this.#drain();
      // The drain may have set it.
      if (this.#lossSince()) continue;
      for (const [nsid, changed] of this.#changed) merge(tables, nsid, changed);
      this.#changed.clear();
      this.#tables = tables;
      this.#synced = true;
      for (const reader of this.#readers) reader.ready();
      return;
    }
  }

  #lossSince(): boolean {
    return this.#stale !== undefined;
  }

  async #dump(): Promise<Map<number, Table<T>>> {
    const tables = new Map([[OWN, await this.#dumpOne(undefined)]]);
    if (!this.#allNamespaces) return tables;
    for (const nsid of await this.#namespaceIds()) {
      try {
        tables.set(nsid, await this.#dumpOne(nsid));
      } catch (error) {
        // Gone meanwhile, or not ours to look into: events tell what they tell.
        if (!(error instanceof NetlinkError)) throw error;
      }
    }
    return tables;
  }

  async #dumpOne(targetNetnsId: number | undefined): Promise<Table<T>> {
    const { name, encode, added, decode, key } = this.#family;
    const table: Table<T> = new Map();
    const dump = this.#client.dump(
      {
        name,
        encode: (header) => encode(header, targetNetnsId),
        type: added,
        decode: compact(decode),
      },
      { attempts: DUMP_ATTEMPTS },
    );
    for await (const item of dump) table.set(key(item), item);
    return table;
  }

  async #namespaceIds(): Promise<readonly number[]> {
    const ids = await this.#client
      .dump(
        {
          name: 'RTM_GETNSID',
          encode: ({ flags, sequence }) =>
            // struct rtgenmsg, padded
            new MessageWriter().begin(RTM_GETNSID, flags, sequence).u32(AF_UNSPEC).finish(),
          type: RTM_NEWNSID,
          decode: ({ body }) => {
            const attributes = new AttributeReader(body.subarray(4));
            let id = OWN;
            while (attributes.next()) if (attributes.type === NETNSA_NSID) id = attributes.i32();
            attributes.finish();
            return id;
          },
        },
        { attempts: DUMP_ATTEMPTS },
      )
      .toArray();
    return ids.filter((id) => id >= 0);
  }

  /** Reads the socket until it is empty. */
  #drain(): void {
    while (!this.#closed) {
      let datagram: Datagram | undefined;
      try {
        datagram = this.#socket.receive();
      } catch (error) {
        if (errorCode(error) !== 'ENOBUFS') throw error;
        this.#stale = 'overrun';
        this.#socket.setReceiveBuffer(this.#receiveBuffer);
        this.#receiveBuffer = Math.min(this.#receiveBuffer * 2, LARGEST_RECEIVE_BUFFER);
        continue;
      }
      if (datagram === undefined) return;
      // Any process may send to our port; only port 0 is the kernel.
      if (datagram.portId === 0) this.#take(datagram);
    }
  }

  #take(datagram: Datagram): void {
    if (datagram.truncated) {
      this.#datagramSize = Math.min(this.#datagramSize * 2, LARGEST_DATAGRAM);
      this.#socket.growReceive(this.#datagramSize);
      this.#stale = 'truncated';
      return;
    }
    try {
      for (const message of messages(datagram.bytes)) this.#apply(message, datagram.nsid);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#stale = 'malformed';
    }
  }

  #apply(message: NetlinkMessage, nsid: number | undefined): void {
    const { added, removed, decode, key, whole } = this.#family;
    if (message.type === RTM_NEWNSID || message.type === RTM_DELNSID) {
      if (this.#allNamespaces && nsid === undefined) this.#stale ??= 'namespaces';
      return;
    }
    if (message.type !== added && message.type !== removed) return;
    const item = compact(decode)(message);
    if (whole !== undefined && !whole(item)) return;
    const gone = message.type === removed;
    const id = nsid ?? OWN;
    if (!this.#synced) {
      const changed = this.#changed.get(id) ?? new Map<number | string, T | null>();
      this.#changed.set(id, changed);
      changed.set(key(item), gone ? null : item);
      return;
    }
    const table = this.#tables.get(id) ?? new Map<number | string, T>();
    this.#tables.set(id, table);
    const previous = table.get(key(item));
    if (gone) table.delete(key(item));
    else table.set(key(item), item);
    // What was not known needs no farewell.
    if (gone && previous === undefined) return;
    const event = { type: gone ? 'delete' : 'new', item, previous, nsid } as const;
    for (const reader of this.#readers) reader.push(event);
  }
}

/** Decodes a copy of the message's own bytes: a table must not hold on to the datagrams around them. */
function compact<T>(decode: (message: NetlinkMessage) => T): (message: NetlinkMessage) => T {
  return (message) => decode({ ...message, body: message.body.slice() });
}

function merge<T>(
  tables: Map<number, Table<T>>,
  nsid: number,
  changed: ReadonlyMap<number | string, T | null>,
): void {
  const table = tables.get(nsid) ?? new Map<number | string, T>();
  tables.set(nsid, table);
  for (const [key, item] of changed) {
    if (item === null) table.delete(key);
    else table.set(key, item);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
