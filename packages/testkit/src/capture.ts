/**
 * What is on the wire: frames of an interface, collected as they come.
 *
 * @module
 */

import { checkFunction, checkInteger, checkOptions, checkSignal, invalidType } from './argument.ts';
import { tellOfCapture } from './capture-observer.ts';
import { describeFrames } from './describe-frames.ts';
import { TestkitError } from './errors.ts';
import { checkInterface, findInterface } from './packet-interface.ts';
import type { WhichInterface } from './packet-interface.ts';
import { PacketReader } from './packet-reader.ts';
import type { PacketBurst } from './packet-reader.ts';

/** Room for the longest super-frame, with a VLAN tag. */
const SLOT_MAX = 65_600;

/** What a slot has besides the frame: room for a VLAN tag, and up to a cache line. */
const slotFor = (length: number): number => Math.ceil((length + 4) / 64) * 64;

/** Flag of the first detail: the checksum is left to do. */
const CHECKSUM_NOT_READY = 0x100;

/** Whom a frame is for, as the kernel sees it; or it is one that this interface sends. */
export type CapturedFrameType = 'host' | 'broadcast' | 'multicast' | 'otherHost' | 'outgoing';

/** By their numbers: PACKET_HOST and so on (linux/if_packet.h). */
const TYPES: readonly CapturedFrameType[] = [
  'host',
  'broadcast',
  'multicast',
  'otherHost',
  'outgoing',
];

/** A frame that was on the wire. */
export interface CapturedFrame {
  /** Its bytes, from the Ethernet header on; a copy. */
  readonly bytes: Uint8Array;
  /** When the kernel saw it: nanoseconds since 1970. */
  readonly timestamp: bigint;
  /** Whom it is for; `outgoing` when the interface sends it. */
  readonly type: CapturedFrameType;
  /** Bytes that it had on the wire; more than `bytes` has when `snapLength` cut it. */
  readonly wireLength: number;
  /** Whether its checksums are made: those that a card is to make are not. */
  readonly checksumReady: boolean;
}

/** What {@link capture} takes. */
export interface CaptureOptions extends WhichInterface {
  /** Whether frames that the interface sends are captured too; true when left out. */
  readonly outgoing?: boolean;
  /** Whether the interface takes frames for others meanwhile; false when left out. */
  readonly promiscuous?: boolean;
  /** Only these are kept. */
  readonly filter?: (frame: CapturedFrame) => boolean;
  /** Bytes of a frame that are kept, 60 to 65,596; all when left out. */
  readonly snapLength?: number;
  /** How many frames are kept, the last ones: 1 to 1,000,000; 10,000 when left out. */
  readonly maxFrames?: number;
  /** How many bytes are kept, the last ones; 64 MiB when left out. */
  readonly maxBytes?: number;
  /** Bytes that the kernel keeps while this process is busy; 4 MiB when left out. */
  readonly receiveBuffer?: number;
  /** What it is called in a pcapng file; the interface's name when left out. */
  readonly name?: string;
  /** Ends it: who waits is rejected with its reason. */
  readonly signal?: AbortSignal;
}

/** What a capture has in the end. */
export interface CaptureResult {
  /** The frames that were kept, in the order in which the kernel saw them. */
  readonly frames: readonly CapturedFrame[];
  /** Frames that the kernel had no room for. */
  readonly drops: number;
  /** Frames that were seen but are no longer kept: older ones than `maxFrames` or `maxBytes` allow. */
  readonly forgotten: number;
}

/**
 * Captures what is on the wire from now on: when this resolves, no frame is missed.
 *
 * Needs CAP_NET_RAW in the namespace. The interface may be down, and come up later.
 *
 * @throws TypeError, RangeError before anything is done; NetlinkError ENODEV when there is no such interface;
 *   NativeError EPERM; the signal's reason.
 *
 * @example
 * ```ts
 * import { capture, createTestNamespace, ping } from '@rtap/testkit';
 *
 * const netns = await createTestNamespace();
 * const wire = await capture({ netns, interface: 'lo' });
 * await ping({ netns, address: '127.0.0.1', count: 1 });
 * const request = await wire.waitFor((frame) => frame.bytes[34] === 8); // ICMP echo request
 * console.log(request.type, request.bytes.length); // outgoing 98
 * const { frames, drops } = await wire.stop();
 * console.log(frames.length >= 2, drops); // true 0
 * await netns.close();
 * ```
 */
export async function capture(options: CaptureOptions): Promise<Capture> {
  checkOptions('options', options);
  checkInterface(options);
  const { outgoing = true, promiscuous = false, filter, signal } = options;
  const { maxFrames = 10_000, maxBytes = 64 * 1024 * 1024, receiveBuffer = 4_194_304 } = options;
  const { snapLength = SLOT_MAX - 4 } = options;
  for (const [name, value] of Object.entries({ outgoing, promiscuous })) {
    if (typeof value !== 'boolean') throw invalidType(`options.${name}`, 'of type boolean', value);
  }
  if (filter !== undefined) checkFunction('options.filter', filter);
  checkInteger('options.maxFrames', maxFrames, 1, 1_000_000);
  checkInteger('options.maxBytes', maxBytes, 1);
  checkInteger('options.receiveBuffer', receiveBuffer, 1, 0x3f_ff_ff_ff);
  checkInteger('options.snapLength', snapLength, 60, SLOT_MAX - 4);
  if (options.name !== undefined && typeof options.name !== 'string') {
    throw invalidType('options.name', 'of type string', options.name);
  }
  checkSignal(signal);
  const { ifindex, name } = await findInterface(options);
  signal?.throwIfAborted();
  const store = new FrameStore(maxFrames, maxBytes, snapLength, filter);
  const reader = await PacketReader.open({
    netns: options.netns,
    ifindex,
    slot: slotFor(snapLength),
    promiscuous,
    ignoreOutgoing: !outgoing,
    receiveBuffer,
    signal,
    onBurst: (burst) => store.add(burst),
    onNews: () => store.tell(),
  });
  const started = new Capture(reader, store, options.name ?? name);
  tellOfCapture(started);
  return started;
}

/** The last frames, and who wants to know of more. */
class FrameStore {
  readonly listeners: Set<() => void> = new Set();
  readonly #maxFrames: number;
  readonly #maxBytes: number;
  readonly #snapLength: number;
  readonly #filter: ((frame: CapturedFrame) => boolean) | undefined;
  #frames: CapturedFrame[] = [];
  /** Where the first that is kept stands in `#frames`. */
  #head = 0;
  #bytes = 0;
  #forgotten = 0;

  constructor(
    maxFrames: number,
    maxBytes: number,
    snapLength: number,
    filter: ((frame: CapturedFrame) => boolean) | undefined,
  ) {
    this.#maxFrames = maxFrames;
    this.#maxBytes = maxBytes;
    this.#snapLength = snapLength;
    this.#filter = filter;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  /** How many there were. */
  get end(): number {
    return this.#forgotten + this.#frames.length - this.#head;
  }

  /** Frame `position` of all there were; undefined when it isn't kept. */
  at(position: number): CapturedFrame | undefined {
    return position < this.#forgotten
      ? undefined
      : this.#frames[this.#head + position - this.#forgotten];
  }

  all(): CapturedFrame[] {
    return this.#frames.slice(this.#head);
  }

  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  add({ slab, descriptors, details, timestamps, count }: PacketBurst): void {
    for (let index = 0; index < count; index += 1) {
      const offset = descriptors[2 * index] ?? 0;
      const length = Math.min(descriptors[2 * index + 1] ?? 0, this.#snapLength);
      const about = details[2 * index] ?? 0;
      const frame: CapturedFrame = {
        bytes: slab.slice(offset, offset + length),
        timestamp: timestamps[index] ?? 0n,
        type: TYPES[about & 0xff] ?? 'otherHost',
        wireLength: details[2 * index + 1] ?? 0,
        checksumReady: (about & CHECKSUM_NOT_READY) === 0,
      };
      if (this.#filter?.(frame) === false) continue;
      this.#frames.push(frame);
      this.#bytes += length;
    }
    this.#forget();
  }

  #forget(): void {
    while (
      this.#frames.length - this.#head > this.#maxFrames ||
      (this.#bytes > this.#maxBytes && this.#frames.length - this.#head > 1)
    ) {
      this.#bytes -= this.#frames[this.#head]?.bytes.length ?? 0;
      this.#head += 1;
      this.#forgotten += 1;
    }
    // Moved seldom: a frame costs the same however many are kept.
    if (this.#head > this.#frames.length / 2) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
  }
}

/**
 * A capture that runs; made by {@link capture}. Any number of readers may iterate it and wait at the same time.
 *
 * It keeps the event loop alive while somebody waits, and not otherwise.
 */
export class Capture implements AsyncIterable<CapturedFrame> {
  /** What it is called in a pcapng file: the interface's name when it began, if nothing else was told. */
  readonly name: string;
  readonly #reader: PacketReader;
  readonly #store: FrameStore;
  #waiting = 0;

  /** @internal */
  constructor(reader: PacketReader, store: FrameStore, name: string) {
    this.#reader = reader;
    this.#store = store;
    this.name = name;
  }

  /** The frames that are kept so far; a copy of the list. */
  get frames(): readonly CapturedFrame[] {
    return this.#store.all();
  }

  /** Frames that the kernel had no room for, so far. */
  get drops(): number {
    return this.#reader.drops;
  }

  /** Frames that were seen but are no longer kept. */
  get forgotten(): number {
    return this.#store.forgotten;
  }

  /**
   * Waits for a frame that fits: the first of those kept, or the next that comes.
   *
   * @throws the signal's reason; TestkitError `ERR_RTAP_CLOSED` with the frames that were seen when the capture
   *   is stopped before; what ended it otherwise (NativeError ENODEV when the interface is gone).
   */
  async waitFor(
    predicate: (frame: CapturedFrame) => boolean,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<CapturedFrame> {
    checkFunction('predicate', predicate);
    checkOptions('options', options);
    checkSignal(options.signal);
    let position = 0;
    for (;;) {
      for (; position < this.#store.end; position += 1) {
        const frame = this.#store.at(position);
        if (frame !== undefined && predicate(frame)) return frame;
      }
      if (this.#reader.ended) {
        throw (
          this.#reader.reason ??
          new TestkitError(
            'ERR_RTAP_CLOSED',
            `the capture was stopped before a frame came that fits\n${describeFrames(this.frames)}`,
          )
        );
      }
      // oxlint-disable-next-line no-await-in-loop -- one piece of news after the other
      await this.#news(options.signal);
    }
  }

  /**
   * Reads all that the kernel had delivered to this capture when it was called, and goes on.
   *
   * @returns the frames that are kept then, as {@link frames} has them.
   */
  read(): readonly CapturedFrame[] {
    this.#reader.read();
    return this.frames;
  }

  /**
   * Ends it; resolves with all that the kernel had delivered to this capture when it was called. Any number of
   * times, also when it has ended.
   */
  async stop(): Promise<CaptureResult> {
    await this.#reader.stop();
    return {
      frames: this.#store.all(),
      drops: this.#reader.drops,
      forgotten: this.#store.forgotten,
    };
  }

  /**
   * The frames that are kept, then those that come, until the capture is stopped; one that ended otherwise throws
   * what ended it. A reader that is slower than `maxFrames` allows misses what is forgotten.
   *
   * @yields one frame after the other.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<CapturedFrame, void, undefined> {
    for (let position = 0; ;) {
      while (position < this.#store.end) {
        const frame = this.#store.at(position);
        position = frame === undefined ? this.#store.forgotten : position + 1;
        if (frame !== undefined) yield frame;
      }
      if (this.#reader.ended) {
        if (this.#reader.reason !== undefined) throw this.#reader.reason;
        return;
      }
      await this.#news(undefined);
    }
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.stop();
  }

  async #news(signal: AbortSignal | undefined): Promise<void> {
    // Aborted in the turn that brought the last news.
    signal?.throwIfAborted();
    const { listeners } = this.#store;
    this.#waiting += 1;
    if (this.#waiting === 1) this.#reader.setReferenced(true);
    let listener: (() => void) | undefined;
    let onAbort: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        listener = resolve;
        listeners.add(listener);
        onAbort = () => reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    } finally {
      if (listener !== undefined) listeners.delete(listener);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#reader.setReferenced(false);
    }
  }
}
