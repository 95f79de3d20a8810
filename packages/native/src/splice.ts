/**
 * Splices: two devices with native threads between them.
 *
 * @module
 */

import { checkInteger, checkListener, checkOptions, invalidArgumentType } from './argument.ts';
import type { Poll, Queue, Splice } from './binding.d.ts';
import { nativeError } from './errors.ts';
import { binding } from './load.ts';
import { nativeQueue } from './queue.ts';
import type { KernelQueue } from './queue.ts';

/** The largest value of a 32-bit count. */
const COUNT_MAX = 0xff_ff_ff_ff;
/** The most samples that may wait. */
const SAMPLES_MAX = 65_536;
/** The largest frame: a super-frame, its Ethernet header and a VLAN tag. */
const FRAME_MAX = 65_535 + 14 + 4;
/** Bytes of a virtio-net header. */
const HEADER = 10;

/** Words that a direction of a splice has beside those of its queues: {@link spliceOffset}. */
export const SPLICE_WORDS = 3;

/** Which of the words of a direction counts what. */
export const spliceOffset = {
  /** Frames that were read and that the other kernel did not take: its link was down (EIO), or it had no memory. */
  dropped: 0,
  /** Frames that were shown. */
  shown: 1,
  /** Frames that were to be shown and found no room. */
  missed: 2,
} as const;

/** Which frames a splice shows. */
export interface KernelSpliceSampling {
  /** One of so many frames of each direction, from the first one on: 1 to 4,294,967,295. */
  readonly every: number;
  /** Bytes of each at most, from the Ethernet header on: 1 to 65,553. */
  readonly snapLength: number;
  /** How many wait at most: 1 to 65,536. */
  readonly limit: number;
}

/** How a splice works. */
export interface KernelSpliceOptions {
  /** One thread for both directions, or one for each. */
  readonly threads: 1 | 2;
  /** Which frames it shows. @default none */
  readonly sample?: KernelSpliceSampling;
}

/** A frame of a splice, as it was read. */
export interface KernelSpliceSample {
  /** Where it came from: the first device or the second. */
  readonly from: 'a' | 'b';
  /** Which queue of that. */
  readonly queue: number;
  /** Its first bytes, from the Ethernet header on: the caller's own. */
  readonly bytes: Uint8Array;
  /** Its virtio-net header, 10 bytes in the byte order of the host: the caller's own. */
  readonly header: Uint8Array;
  /** How long it is. */
  readonly length: number;
  /** When it was read, in nanoseconds since 1970. */
  readonly timestamp: bigint;
}

/** What a splice ended by that nobody had stopped. */
export interface KernelSpliceFailure {
  /** Whose device it was, if one's. */
  readonly side: 'a' | 'b' | undefined;
  /** EBADFD: the interface is gone. */
  readonly error: Error;
}

/**
 * Two devices with threads between them, which pass on what comes from each to the other as it comes: super-frames and
 * unfinished checksums with their virtio-net headers.
 *
 * Its threads hold the queues' files open: a device is closed, or gets other queues, when its splice has ended. Nobody
 * else reads those queues meanwhile; anybody may transmit.
 */
export interface KernelSplice {
  /** How many words {@link KernelSplice.copyCounters} writes. */
  readonly counterWords: number;
  /**
   * Copies what was counted, at any moment, also after the end: `COUNTER_WORDS` of each queue of a and then of each of
   * b, by `counterOffset`; then {@link SPLICE_WORDS} of the direction from a and of that from b, by
   * {@link spliceOffset}.
   *
   * @throws RangeError for less than `counterWords` elements.
   */
  copyCounters(words: BigUint64Array): void;
  /** Takes the oldest sample that waits; those that are left when the splice has ended, too. */
  takeSample(): KernelSpliceSample | undefined;
  /** Sets who is called when there is a sample again after `takeSample` found none. */
  onSample(listener: (() => void) | undefined): void;
  /** Resolves when its threads are gone and hold no file any more. */
  readonly ended: Promise<KernelSpliceFailure | undefined>;
  /** Ends it, any number of times: its threads come to their end within a burst. Resolves with `ended`. */
  stop(): Promise<void>;
}

/** Splices the queues of two devices of the real kernel. */
export function splice(
  a: readonly KernelQueue[],
  b: readonly KernelQueue[],
  options: KernelSpliceOptions,
): KernelSplice {
  checkOptions('options', options);
  const twoThreads = checkInteger('options.threads', options.threads, 1, 2) === 2;
  const sample = checkSampling(options.sample);
  const queues = [checkQueues('a', a), checkQueues('b', b)] as const;
  try {
    return new NativeSplice(binding().splice(...queues, { twoThreads, ...sample }), sample);
  } catch (error) {
    throw nativeError(error);
  }
}

function checkQueues(name: string, queues: readonly KernelQueue[]): Queue[] {
  if (!Array.isArray(queues) || queues.length === 0) {
    throw invalidArgumentType(name, 'a list of queues', queues);
  }
  return queues.map((queue: KernelQueue, index) => {
    const native = nativeQueue(queue);
    if (native !== undefined) return native;
    throw invalidArgumentType(`${name}[${index}]`, 'a queue of this kernel', queue);
  });
}

function checkSampling(sample: KernelSpliceSampling | undefined): KernelSpliceSampling {
  if (sample === undefined) return { every: 0, snapLength: 0, limit: 0 };
  checkOptions('options.sample', sample);
  const { every, snapLength, limit } = sample;
  return {
    every: checkInteger('options.sample.every', every, 1, COUNT_MAX),
    snapLength: checkInteger('options.sample.snapLength', snapLength, 1, FRAME_MAX),
    limit: checkInteger('options.sample.limit', limit, 1, SAMPLES_MAX),
  };
}

class NativeSplice implements KernelSplice {
  readonly counterWords: number;
  readonly ended: Promise<KernelSpliceFailure | undefined>;
  readonly #native: Splice;
  readonly #poll: Poll;
  readonly #bytes: Uint8Array;
  readonly #details = new BigUint64Array(4);
  #listener: (() => void) | undefined;
  #joining = false;
  #tellEnd: (failure: KernelSpliceFailure | undefined) => void = () => undefined;

  constructor(native: Splice, { snapLength }: KernelSpliceSampling) {
    this.#native = native;
    this.counterWords = native.words;
    this.#bytes = new Uint8Array(HEADER + snapLength);
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    // It holds this object, so that a splice nobody looks at any more goes on.
    this.#poll = native.poll(() => {
      if (native.woken()) this.#join();
      this.#listener?.();
    });
    this.#poll.setReferenced(false);
    this.#poll.startReadable();
  }

  copyCounters(words: BigUint64Array): void {
    if (!(words instanceof BigUint64Array)) {
      throw invalidArgumentType('words', 'an instance of BigUint64Array', words);
    }
    checkInteger('words.length', words.length, this.counterWords, Number.MAX_SAFE_INTEGER);
    this.#native.copyCounters(words);
  }

  takeSample(): KernelSpliceSample | undefined {
    const end = this.#native.takeSample(this.#bytes, this.#details);
    if (end === 0) return undefined;
    const [from, queue, length, timestamp = 0n] = this.#details;
    return {
      from: from === 0n ? 'a' : 'b',
      queue: Number(queue),
      bytes: this.#bytes.slice(HEADER, end),
      header: this.#bytes.slice(0, HEADER),
      length: Number(length),
      timestamp,
    };
  }

  onSample(listener: (() => void) | undefined): void {
    this.#listener = checkListener('listener', listener);
  }

  async stop(): Promise<void> {
    this.#native.stop();
    this.#join();
    await this.ended;
  }

  #join(): void {
    if (this.#joining) return;
    this.#joining = true;
    void this.#native
      .join()
      .then(
        () => undefined,
        (error: unknown) => this.#failure(error),
      )
      .then((failure) => {
        this.#poll.close();
        this.#tellEnd(failure);
      });
  }

  #failure(thrown: unknown): KernelSpliceFailure {
    const error = nativeError(thrown);
    return {
      side: sides[this.#native.failedSide ?? sides.length],
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

const sides = ['a', 'b'] as const;
