/**
 * The receiver of generated traffic: counts what came, what didn't, and in what order.
 *
 * @module
 */

import { checkInteger, checkOptions, checkSignal } from './argument.ts';
import { TestkitError } from './errors.ts';
import { checkInterface, findInterface } from './packet-interface.ts';
import type { WhichInterface } from './packet-interface.ts';
import { PacketReader } from './packet-reader.ts';
import type { PacketBurst } from './packet-reader.ts';
import { SequenceTracker } from './sequence-tracker.ts';
import { MARK_BYTES, readMark } from './traffic-mark.ts';

/** What {@link receiveTraffic} takes. */
export interface ReceiveTrafficOptions extends WhichInterface {
  /** The stream's number; 0 when left out. */
  readonly stream?: number;
  /** Where in the frame the mark stands; its last 16 bytes when left out. */
  readonly markOffset?: number;
  /** Bytes that the kernel keeps while this process is busy; 8 MiB when left out. */
  readonly receiveBuffer?: number;
  /** Ends it: who waits is rejected with its reason. */
  readonly signal?: AbortSignal;
}

/** What became of a stream. */
export interface TrafficReport {
  /** Frames that came, each counted once. */
  readonly received: number;
  /** Frames that came again. */
  readonly duplicates: number;
  /** Frames that came after one with a larger number (RFC 4737). */
  readonly reordered: number;
  /** Frames that didn't come: of those before the last one that came, or of all when it is told how many were sent. */
  readonly lost: number;
  /** Frames, of any kind, that the receiver itself had no room for: they are among the lost ones. */
  readonly drops: number;
}

/**
 * Counts the frames of {@link generateTraffic} that an interface receives, from now on.
 *
 * Needs CAP_NET_RAW in the namespace.
 *
 * @throws TypeError, RangeError before anything is done; NetlinkError ENODEV when there is no such interface;
 *   NativeError EPERM; the signal's reason.
 */
export async function receiveTraffic(options: ReceiveTrafficOptions): Promise<TrafficReceiver> {
  checkOptions('options', options);
  checkInterface(options);
  const { stream = 0, markOffset, receiveBuffer = 8_388_608, signal, netns } = options;
  checkInteger('options.stream', stream, 0);
  if (markOffset !== undefined) checkInteger('options.markOffset', markOffset, 14, 65_535);
  checkInteger('options.receiveBuffer', receiveBuffer, 1, 0x3f_ff_ff_ff);
  checkSignal(signal);
  const { ifindex, mtu } = await findInterface(options);
  signal?.throwIfAborted();
  const tracker = new SequenceTracker();
  const listeners = new Set<() => void>();
  const reader = await PacketReader.open({
    netns,
    ifindex,
    // An Ethernet header and two tags, and the room that is kept for one.
    slot: Math.ceil((mtu + 14 + 8 + 4) / 64) * 64,
    promiscuous: true,
    ignoreOutgoing: true,
    receiveBuffer,
    signal,
    onBurst: (burst) => count(burst, tracker, stream, markOffset),
    onNews: () => {
      for (const listener of [...listeners]) listener();
    },
  });
  return new TrafficReceiver(reader, tracker, listeners);
}

function count(
  { slab, descriptors, count: frames }: PacketBurst,
  tracker: SequenceTracker,
  stream: number,
  markOffset: number | undefined,
): void {
  const view = new DataView(slab.buffer, slab.byteOffset, slab.length);
  for (let index = 0; index < frames; index += 1) {
    const length = descriptors[2 * index + 1] ?? 0;
    const mark = markOffset ?? length - MARK_BYTES;
    if (mark < 0 || mark + MARK_BYTES > length) continue;
    const sequence = readMark(view, (descriptors[2 * index] ?? 0) + mark, stream);
    if (sequence >= 0) tracker.add(sequence);
  }
}

/** A receiver that counts; made by {@link receiveTraffic}. */
export class TrafficReceiver {
  readonly #reader: PacketReader;
  readonly #tracker: SequenceTracker;
  readonly #listeners: Set<() => void>;

  /** @internal */
  constructor(reader: PacketReader, tracker: SequenceTracker, listeners: Set<() => void>) {
    this.#reader = reader;
    this.#tracker = tracker;
    this.#listeners = listeners;
  }

  /**
   * What has been counted so far.
   *
   * @param options - `sent`: how many frames were sent, so that those lost at the end are counted too.
   */
  report(options: { readonly sent?: number } = {}): TrafficReport {
    const { received, duplicates, reordered, missing, next } = this.#tracker.counts();
    const lost = missing + Math.max(0, (options.sent ?? 0) - next);
    return { received, duplicates, reordered, lost, drops: this.#reader.drops };
  }

  /**
   * Waits until so many different frames have come. Where some may be lost it needs a signal.
   *
   * @throws the signal's reason; TestkitError `ERR_RTAP_CLOSED` when the receiver is stopped before; what ended
   *   it otherwise (NativeError ENODEV when the interface is gone).
   */
  async until(
    received: number,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<TrafficReport> {
    checkInteger('received', received, 0, Number.MAX_SAFE_INTEGER);
    checkSignal(options.signal);
    const { signal } = options;
    let listener: (() => void) | undefined;
    let onAbort: (() => void) | undefined;
    this.#reader.setReferenced(true);
    try {
      await new Promise<void>((resolve, reject) => {
        listener = () => {
          if (this.#tracker.counts().received >= received) resolve();
          else if (this.#reader.ended) reject(this.#reader.reason ?? stoppedEarly(received));
        };
        onAbort = () => reject(signal?.reason);
        this.#listeners.add(listener);
        signal?.addEventListener('abort', onAbort, { once: true });
        listener();
      });
    } finally {
      if (listener !== undefined) this.#listeners.delete(listener);
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      if (this.#listeners.size === 0) this.#reader.setReferenced(false);
    }
    return this.report();
  }

  /** Counts what the kernel had delivered when it was called, and ends. Any number of times. */
  async stop(options: { readonly sent?: number } = {}): Promise<TrafficReport> {
    await this.#reader.stop();
    return this.report(options);
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.stop();
  }
}

function stoppedEarly(wanted: number): TestkitError {
  return new TestkitError('ERR_RTAP_CLOSED', `stopped before ${wanted} frames came`);
}
