/**
 * Reading a packet socket until somebody stops, aborts, or the interface is gone.
 *
 * @module
 */

import { NativeError, kernel, openPacketSocket } from '@rtap/native';
import type { NetworkNamespaceOption, PacketSocket, PacketSocketStatistics } from '@rtap/native';
import { AF_UNSPEC } from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import { watchLink } from '@rtap/transport';
import type { LinkWatch } from '@rtap/transport';

/** How many frames a burst has at most. */
const BURST = 64;

/** After so many bursts others get a turn of the event loop. */
const BURSTS_A_TURN = 16;

/** Frames as the socket gives them: valid until the next burst. */
export interface PacketBurst {
  readonly slab: Uint8Array;
  /** Offset and length of each. */
  readonly descriptors: Uint32Array;
  /** Type with flags, and the length on the wire, of each. */
  readonly details: Uint32Array;
  /** Nanoseconds since 1970. */
  readonly timestamps: BigUint64Array;
  readonly count: number;
}

/** What is read, and who is told. */
export interface PacketReaderOptions {
  readonly netns: NetworkNamespaceOption | undefined;
  readonly ifindex: number;
  /** Bytes of a slot. */
  readonly slot: number;
  readonly promiscuous: boolean;
  readonly ignoreOutgoing: boolean;
  readonly receiveBuffer: number;
  readonly signal: AbortSignal | undefined;
  /** Called with each burst. */
  readonly onBurst: (burst: PacketBurst) => void;
  /** Called when there is news: frames, or the end. */
  readonly onNews: () => void;
}

/** A packet socket that is read as frames come. */
export class PacketReader {
  readonly #socket: PacketSocket;
  readonly #options: PacketReaderOptions;
  readonly #slab: Uint8Array;
  readonly #descriptors = new Uint32Array(2 * BURST);
  readonly #details = new Uint32Array(2 * BURST);
  readonly #timestamps = new BigUint64Array(BURST);
  readonly #onAbort = (): void => this.#end(this.#options.signal?.reason);
  #received = 0;
  #statistics: PacketSocketStatistics | undefined;
  #closing: Promise<void> | undefined;
  #reason: unknown;
  #watch: LinkWatch | undefined;

  private constructor(socket: PacketSocket, options: PacketReaderOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#slab = new Uint8Array(BURST * options.slot);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    // What is only looked at keeps no process alive.
    socket.unref();
    socket.onReadable(() => this.#turn());
  }

  static async open(options: PacketReaderOptions): Promise<PacketReader> {
    const { netns, ifindex, promiscuous, ignoreOutgoing, receiveBuffer, signal } = options;
    const where = netns === undefined ? {} : { netns };
    let reader: PacketReader | undefined;
    let isGone = false;
    const gone = (): void => {
      isGone = true;
      if (reader !== undefined) reader.#gone();
    };
    // The socket itself tells that the interface goes only while that is up.
    const watcher = {
      onLink: ({ event, family }: LinkMessage): void => {
        if (event === 'delete' && family === AF_UNSPEC) gone();
      },
      onGone: gone,
      onResync: () => undefined,
    };
    const watch = await watchLink({ sockets: kernel, ifindex, watcher, ...where });
    try {
      const settings = { promiscuous, ignoreOutgoing, receiveBuffer };
      const socket = await openPacketSocket({ ifindex, ...where, ...settings });
      reader = new PacketReader(socket, options);
      reader.#watch = watch;
      // It went after the socket was bound, and before there was anybody to hear of it.
      if (isGone) reader.#gone();
    } catch (error) {
      watch.close();
      throw error;
    }
    if (signal?.aborted === true) {
      await reader.stop();
      throw signal.reason;
    }
    return reader;
  }

  /** Whether nothing is read any more. */
  get ended(): boolean {
    return this.#closing !== undefined;
  }

  /** Why it ended; undefined when it was stopped. */
  get reason(): unknown {
    return this.#reason;
  }

  /** What the kernel dropped so far. */
  get drops(): number {
    return (this.#statistics ?? this.#socket.statistics()).drops;
  }

  /** Somebody waits: keeps the process alive, or no longer. */
  setReferenced(referenced: boolean): void {
    if (referenced) this.#socket.ref();
    else this.#socket.unref();
  }

  /** Reads what the kernel has delivered up to now. */
  read(): void {
    if (this.#closing !== undefined) return;
    try {
      const { packets, drops } = this.#socket.statistics();
      while (this.#received < packets - drops && this.#burst() > 0);
    } catch (error) {
      this.#end(error);
    }
    this.#options.onNews();
  }

  /** Reads what the kernel has delivered up to now, and closes. */
  async stop(): Promise<void> {
    this.read();
    this.#end(undefined);
    await this.#closing;
  }

  #turn(): void {
    try {
      let bursts = 0;
      while (bursts < BURSTS_A_TURN && this.#closing === undefined && this.#burst() > 0) {
        bursts += 1;
      }
    } catch (error) {
      this.#end(error);
    }
    this.#options.onNews();
  }

  /** Reads a burst; returns how many frames it had. */
  #burst(): number {
    const [slab, descriptors] = [this.#slab, this.#descriptors];
    const [details, timestamps] = [this.#details, this.#timestamps];
    const { slot, onBurst } = this.#options;
    const count = this.#receive(slot);
    this.#received += count;
    if (count > 0) onBurst({ slab, descriptors, details, timestamps, count });
    return count;
  }

  /** Receives a burst, whatever the interface is doing: the watch tells when it is gone. */
  #receive(slot: number): number {
    for (;;) {
      try {
        const [descriptors, details] = [this.#descriptors, this.#details];
        return this.#socket.rxBurst(this.#slab, descriptors, details, this.#timestamps, slot);
      } catch (error) {
        // Told once; frames that came before are behind it.
        const told = error instanceof NativeError && ['ENETDOWN', 'ENODEV'].includes(error.code);
        if (!told) throw error;
      }
    }
  }

  /** The interface is gone: what it had received is read, and that is all. */
  #gone(): void {
    if (this.#closing !== undefined) return;
    try {
      while (this.#burst() > 0);
      const message = 'ENODEV: the interface has been deleted or moved away';
      this.#end(new NativeError(message, { code: 'ENODEV', errno: -19, syscall: 'recvmmsg' }));
    } catch (error) {
      this.#end(error);
    }
  }

  #end(reason: unknown): void {
    if (this.#closing !== undefined) return;
    this.#reason = reason;
    this.#statistics = this.#socket.statistics();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#watch?.close();
    this.#closing = this.#socket.close();
    this.#options.onNews();
  }
}
