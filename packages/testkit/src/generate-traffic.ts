/**
 * A traffic generator: numbered frames at full speed or at a rate.
 *
 * @module
 */

import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { openPacketSocket } from '@rtap/native';
import type { PacketSocket } from '@rtap/native';
import {
  checkFrame,
  checkInteger,
  checkOptions,
  checkSignal,
  invalidType,
  outOfRange,
} from './argument.ts';
import { checkInterface, findInterface } from './packet-interface.ts';
import type { WhichInterface } from './packet-interface.ts';
import { PacketWriter } from './packet-writer.ts';
import { MARK_BYTES, writeMark, writeSequence } from './traffic-mark.ts';

/** How many frames one system call sends. */
const BURST = 64;

/** After so many bursts others get a turn of the event loop. */
const BURSTS_A_TURN = 16;

/** What {@link generateTraffic} takes. */
export interface GenerateTrafficOptions extends WhichInterface {
  /** The frame that is sent again and again, of at least 30 bytes; its last 16 are the mark's, or those at `markOffset`. */
  readonly template: Uint8Array;
  /** How many; until it is stopped when left out. */
  readonly count?: number;
  /** Frames a second, on the average; as fast as it goes when left out. */
  readonly rate?: number;
  /** A number, 0 to 4,294,967,295, by which a receiver tells this stream from others; 0 when left out. */
  readonly stream?: number;
  /** Where in the frame the mark stands; its last 16 bytes when left out. */
  readonly markOffset?: number;
  /** Whether frames go round the interface's queueing discipline; captures on it don't see them then. */
  readonly qdiscBypass?: boolean;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** What was sent. */
export interface TrafficResult {
  /** Frames that the kernel took. */
  readonly sent: number;
  /** Their bytes. */
  readonly bytes: number;
  /** How often the interface had no room; what it refused was sent again. */
  readonly refused: number;
  /** How long it took. */
  readonly seconds: number;
}

/**
 * Sends a frame again and again, each with its number, which {@link receiveTraffic} counts by.
 *
 * Checksums over the mark are not made anew: use a template of UDP over IPv4 with checksum 0, or of an EtherType
 * of your own. Needs CAP_NET_RAW in the namespace.
 *
 * @throws TypeError, RangeError before anything is sent; NetlinkError ENODEV when there is no such interface;
 *   NativeError EPERM; the signal's reason.
 *
 * @example
 * ```ts
 * import { createTestNamespace, generateTraffic, receiveTraffic } from '@rtap/testkit';
 *
 * const netns = await createTestNamespace();
 * const template = new Uint8Array(60).fill(0xff, 0, 6);
 * const receiver = await receiveTraffic({ netns, interface: 'lo' });
 * const traffic = await generateTraffic({ netns, interface: 'lo', template, count: 1000 });
 * const { sent } = await traffic.finished;
 * await receiver.until(sent);
 * const { received, lost, reordered } = await receiver.stop({ sent });
 * console.log(received, lost, reordered); // 1000 0 0
 * await netns.close();
 * ```
 */
export async function generateTraffic(options: GenerateTrafficOptions): Promise<Traffic> {
  checkOptions('options', options);
  checkInterface(options);
  const { count, rate, stream = 0, qdiscBypass = false, signal, netns } = options;
  const template = checkFrame('options.template', options.template, 14 + MARK_BYTES);
  const { markOffset = template.length - MARK_BYTES } = options;
  if (count !== undefined) checkInteger('options.count', count, 0, Number.MAX_SAFE_INTEGER);
  if (rate !== undefined) checkRate(rate);
  checkInteger('options.stream', stream, 0);
  checkInteger('options.markOffset', markOffset, 14, template.length - MARK_BYTES);
  checkSignal(signal);
  const { ifindex } = await findInterface(options);
  const where = netns === undefined ? {} : { netns };
  const socket = await openPacketSocket({ ifindex, ...where, sendOnly: true, qdiscBypass });
  return new Traffic(socket, { template, count, rate, stream, markOffset, signal });
}

interface Plan {
  readonly template: Uint8Array;
  readonly count: number | undefined;
  readonly rate: number | undefined;
  readonly stream: number;
  readonly markOffset: number;
  readonly signal: AbortSignal | undefined;
}

/** Traffic that is being sent; made by {@link generateTraffic}. */
export class Traffic {
  /** By what a receiver tells it from other streams. */
  readonly stream: number;
  /** Resolves when all is sent, or it was stopped; rejects with the signal's reason, or with what the kernel refuses. */
  readonly finished: Promise<TrafficResult>;
  readonly #plan: Plan;
  readonly #writer: PacketWriter;
  readonly #slab: Uint8Array;
  readonly #view: DataView;
  readonly #stride: number;
  readonly #descriptors = new Uint32Array(2 * BURST);
  #sent = 0;
  #stopped = false;

  /** @internal */
  constructor(socket: PacketSocket, plan: Plan) {
    const { template, stream, markOffset } = plan;
    this.stream = stream;
    this.#plan = plan;
    this.#stride = Math.ceil(template.length / 64) * 64;
    this.#slab = new Uint8Array(BURST * this.#stride);
    this.#view = new DataView(this.#slab.buffer);
    for (let index = 0; index < BURST; index += 1) {
      this.#slab.set(template, index * this.#stride);
      writeMark(this.#view, index * this.#stride + markOffset, stream, 0);
      this.#descriptors.set([index * this.#stride, template.length], 2 * index);
    }
    this.#writer = new PacketWriter(socket);
    this.finished = this.#run(socket);
    // Who doesn't look at it is told by `stop`.
    this.finished.catch(() => undefined);
  }

  /** Frames that the kernel has taken so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Ends it; what was sent. */
  async stop(): Promise<TrafficResult> {
    this.#stop();
    return this.finished;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.finished.catch(() => undefined);
  }

  #stop(): void {
    this.#stopped = true;
    this.#writer.wake();
  }

  async #run(socket: PacketSocket): Promise<TrafficResult> {
    const { signal, count = Number.POSITIVE_INFINITY, template } = this.#plan;
    const onAbort = (): void => this.#stop();
    signal?.addEventListener('abort', onAbort, { once: true });
    const begin = performance.now();
    try {
      for (let bursts = 1; !this.#stopped && this.#sent < count; bursts += 1) {
        const due = Math.min(count, this.#due(performance.now() - begin)) - this.#sent;
        if (due > 0) await this.#burst(Math.min(due, BURST));
        else await pause(1);
        if (bursts % BURSTS_A_TURN === 0) await nextTurn();
      }
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener('abort', onAbort);
      await socket.close();
    }
    return {
      sent: this.#sent,
      bytes: this.#sent * template.length,
      refused: this.#writer.refused,
      seconds: (performance.now() - begin) / 1000,
    };
  }

  /** How many frames are to be sent by now. */
  #due(milliseconds: number): number {
    const { rate } = this.#plan;
    return rate === undefined
      ? Number.POSITIVE_INFINITY
      : Math.floor((milliseconds * rate) / 1000) + 1;
  }

  async #burst(length: number): Promise<void> {
    const { markOffset } = this.#plan;
    for (let index = 0; index < length; index += 1) {
      writeSequence(this.#view, index * this.#stride + markOffset, this.#sent + index);
    }
    for (let from = 0; from < length && !this.#stopped;) {
      const some = await this.#writer.send(this.#slab, this.#descriptors, from, length - from);
      from += some;
      this.#sent += some;
    }
  }
}

function checkRate(rate: unknown): void {
  if (typeof rate !== 'number') throw invalidType('options.rate', 'of type number', rate);
  if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    throw outOfRange('options.rate', 'a finite number > 0', rate);
  }
}
