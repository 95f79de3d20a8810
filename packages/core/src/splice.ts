/**
 * Splices: two devices connected by native threads.
 *
 * @module
 */

import type {
  KernelSplice,
  KernelSpliceFailure,
  KernelSpliceOptions,
  KernelSpliceSampling,
} from '@rtap/native';
import { errorCode } from '@rtap/transport';
import {
  checkInteger,
  checkOptions,
  checkSignal,
  invalidArgumentType,
  outOfRange,
} from './argument.ts';
import { RtapError, asRtapError } from './errors.ts';
import { SpliceLedger } from './splice-counters.ts';
import type { SpliceTraffic } from './splice-counters.ts';
import { SampleReaders } from './splice-samples.ts';
import type { SpliceSample } from './splice-samples.ts';
import { TapDevice } from './tap-device.ts';
import type { LentQueue, QueueReader, WaitOptions } from './tap-queue.ts';

/** The largest value of a 32-bit count. */
const EVERY_MAX = 0xff_ff_ff_ff;
/** The largest frame: a super-frame, its Ethernet header and a VLAN tag. */
const FRAME_MAX = 65_553;
/** Most samples that may wait. */
const SAMPLES_MAX = 65_536;

/** Which frames a splice shows. */
export interface SpliceSampling {
  /** One of so many frames of each direction, from the first one on: 1 to 4,294,967,295. */
  readonly every: number;
  /**
   * Bytes of each at most, from the Ethernet header on: 1 to 65,553.
   *
   * @default 128
   */
  readonly snapLength?: number;
  /**
   * How many wait for a reader at most, 1 to 65,536; what comes then is counted as missed.
   *
   * @default 1024
   */
  readonly limit?: number;
}

/** What {@link splice} takes; everything can be left out. */
export interface SpliceOptions {
  /**
   * One thread for both directions, or one for each.
   *
   * @default 1
   */
  readonly threads?: 1 | 2;
  /** Which frames `samples()` gives; none when left out. */
  readonly sample?: SpliceSampling;
  /** Ends the splice. */
  readonly signal?: AbortSignal;
}

/** Why a splice ended. */
export interface SpliceEnd {
  /**
   * `stopped` by `stop`, `aborted` by its signal; a device was stopped or closed, or its interface is gone; or a
   * system call failed.
   */
  readonly reason:
    'stopped' | 'aborted' | 'device-stopped' | 'device-closed' | 'device-removed' | 'failed';
  /** Whose it was, if one's. */
  readonly device?: TapDevice;
  /** What the kernel said, when it `failed`. */
  readonly error?: RtapError;
}

/** How a device's end is told to its readers, and what that is to a splice. */
const DEVICE_ENDS: Readonly<Record<string, SpliceEnd['reason']>> = {
  ERR_RTAP_STATE: 'device-stopped',
  ERR_RTAP_CLOSED: 'device-closed',
  ERR_RTAP_REMOVED: 'device-removed',
};

/**
 * Connects two devices: what comes from the one goes to the other, both ways, on native threads. JavaScript sees
 * counters, and the frames that it asks to be shown.
 *
 * Frames go as they come, super-frames and unfinished checksums with the header that says so. Queue i of each gives to
 * queue i of the other, or i modulo their number where that has fewer. While a link is down what goes there is dropped
 * and counted. Both devices have to be started, and of the same kernel and thread. The splice is the one reader of
 * their queues; transmitting on them is free. Renamed or moved, a device goes on; stopped, closed or gone it ends
 * the splice.
 *
 * @throws TypeError, RangeError for wrong arguments; RtapError `ERR_RTAP_STATE` when a device isn't started or a queue
 * has a reader, `EMFILE` or `EAGAIN` when there are no files or threads to be had. Nothing has changed then.
 *
 * @example
 * ```ts
 * import { openTap, splice } from '@rtap/core';
 *
 * const [a, b] = [await openTap(), await openTap()];
 * const spliced = splice(a, b, { sample: { every: 1000 } });
 * console.log(spliced.counters().aToB.dropped); // 0n
 * await spliced.stop();
 * console.log((await spliced.closed).reason); // stopped
 * await a.close();
 * await b.close();
 * ```
 */
export function splice(a: TapDevice, b: TapDevice, options?: SpliceOptions): Splice {
  for (const [name, device] of Object.entries({ a, b })) {
    if (!(device instanceof TapDevice)) {
      throw invalidArgumentType(name, 'an instance of TapDevice', device);
    }
  }
  if (a === b) throw outOfRange('b', 'another device than a', b);
  const { threads = 1, sample, signal } = checkOptions('options', options);
  checkInteger('options.threads', threads, 1, 2);
  const sampling = sample === undefined ? undefined : checkSampling(sample);
  checkSignal('options.signal', signal)?.throwIfAborted();
  return new Splice(a, b, { threads, ...(sampling && { sample: sampling }) }, signal);
}

function checkSampling(sample: SpliceSampling): KernelSpliceSampling {
  const { every, snapLength = 128, limit = 1024 } = checkOptions('options.sample', sample);
  return {
    every: checkInteger('options.sample.every', every, 1, EVERY_MAX),
    snapLength: checkInteger('options.sample.snapLength', snapLength, 1, FRAME_MAX),
    limit: checkInteger('options.sample.limit', limit, 1, SAMPLES_MAX),
  };
}

/** Two connected devices, until it is stopped or one of them goes. */
export class Splice {
  /** Resolves, and never rejects, when its threads are gone and hold no file any more: with the reason. */
  readonly closed: Promise<SpliceEnd>;
  readonly #devices: Readonly<Record<'a' | 'b', TapDevice>>;
  readonly #gone: Readonly<Record<'a' | 'b', () => void>>;
  readonly #lent: LentQueue[] = [];
  readonly #splice: KernelSplice;
  readonly #ledger: SpliceLedger;
  readonly #readers: SampleReaders;
  readonly #signal: AbortSignal | undefined;
  #end: SpliceEnd | undefined;

  /**
   * Made by {@link splice}.
   *
   * @internal
   */
  constructor(
    a: TapDevice,
    b: TapDevice,
    options: KernelSpliceOptions,
    signal: AbortSignal | undefined,
  ) {
    this.#devices = { a, b };
    const [inA, inB] = [a.forSplice(), b.forSplice()];
    this.#gone = { a: inA.gone, b: inB.gone };
    try {
      for (const [device, { queues }] of [[a, inA] as const, [b, inB] as const]) {
        const reader = this.#readerOf(device);
        for (const queue of queues) {
          this.#lent.push(queue.lend(reader, () => this.#ledger.catchUp()));
        }
      }
      const queues = this.#lent.map(({ queue }) => queue);
      const queuesOfA = queues.splice(0, inA.queues.length);
      this.#splice = inA.kernel.splice(queuesOfA, queues, options);
    } catch (error) {
      this.#release();
      throw asRtapError(error, 'splice', a.name);
    }
    const words = this.#lent.map((queue) => queue.words);
    this.#ledger = new SpliceLedger(this.#splice, inA.queues.length, words);
    this.#readers = new SampleReaders(this.#splice, a.name);
    this.closed = this.#splice.ended.then((failure) => this.#ended(failure));
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** What has passed, at any moment, also after the end. The devices' own counters and statistics have it, too. */
  counters(): SpliceTraffic {
    return this.#ledger.traffic();
  }

  /**
   * The frames that `sample` asked for, as they come; one reader at a time, and what comes without one waits. The threads
   * never wait for it. Ends with the splice, after what is left.
   *
   * @throws RtapError `ERR_RTAP_STATE`, from the first `next`, when there is another reader; the signal's reason.
   */
  samples(options?: WaitOptions): AsyncIterableIterator<SpliceSample> {
    const signal = checkSignal('options.signal', checkOptions('options', options).signal);
    return this.#readers.read(signal);
  }

  /**
   * Ends it, any number of times: within a burst of 64 frames, or at once when nothing passes.
   *
   * When it resolves its threads are gone, and nothing uses the devices' files but they.
   */
  async stop(): Promise<void> {
    await this.#finish({ reason: 'stopped' });
  }

  /** The same as {@link Splice.stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  readonly #onAbort = (): void => {
    void this.#finish({ reason: 'aborted' });
  };

  #readerOf(device: TapDevice): QueueReader {
    return {
      exclusive: true,
      readable: () => false,
      end: ({ code }) => this.#finish({ reason: DEVICE_ENDS[code] ?? 'failed', device }),
    };
  }

  /** The first reason is the one that counts. */
  #finish(end: SpliceEnd): Promise<SpliceEnd> {
    this.#end ??= end;
    void this.#splice.stop();
    return this.closed;
  }

  #ended(failure: KernelSpliceFailure | undefined): SpliceEnd {
    const side = failure?.side;
    // The device may not have heard of it yet; it tells us, as a reader.
    if (side !== undefined && errorCode(failure?.error) === 'EBADFD') this.#gone[side]();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#ledger.catchUp();
    this.#release();
    this.#readers.end();
    return this.#end ?? this.#failed(failure);
  }

  #failed(failure: KernelSpliceFailure | undefined): SpliceEnd {
    const device = failure?.side === undefined ? undefined : this.#devices[failure.side];
    const error = asRtapError(failure?.error, 'splice', (device ?? this.#devices.a).name);
    return {
      reason: 'failed',
      ...(device && { device }),
      ...(error instanceof RtapError && { error }),
    };
  }

  #release(): void {
    for (const queue of this.#lent) queue.release();
  }
}
