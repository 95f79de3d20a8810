/**
 * Fake splices: the rules of the real one, in TypeScript.
 *
 * @module
 */

import { COUNTER_WORDS, SPLICE_WORDS, spliceOffset } from '@rtap/native';
import type {
  KernelQueue,
  KernelSplice,
  KernelSpliceFailure,
  KernelSpliceOptions,
  KernelSpliceSample,
} from '@rtap/native';
import { errorCode } from '@rtap/transport';
import { RX_ROOM } from './fake-tap.ts';
import { HEADER_LENGTH } from './virtio-net-header.ts';

/** Frames of one queue before the others have their turn. */
const BURST = 64;

type Side = 'a' | 'b';

interface Flow {
  readonly side: Side;
  readonly from: KernelQueue;
  readonly to: KernelQueue;
  /** Where what is read, and what is written, is counted. */
  readonly read: BigUint64Array;
  readonly written: BigUint64Array;
}

/** A direction's own words, and how many frames are passed over until one is shown. */
interface Direction {
  readonly words: BigUint64Array;
  skip: number;
}

/** Passes frames on between the queues of two devices, in turns of the event loop instead of on threads. */
export class FakeSplice implements KernelSplice {
  readonly counterWords: number;
  readonly ended: Promise<KernelSpliceFailure | undefined>;
  readonly #words: BigUint64Array;
  readonly #flows: readonly Flow[];
  readonly #directions: Readonly<Record<Side, Direction>>;
  readonly #sample: KernelSpliceOptions['sample'];
  readonly #slab = new Uint8Array(2 * RX_ROOM);
  readonly #descriptors = new Uint32Array(2 * BURST);
  readonly #samples: KernelSpliceSample[] = [];
  #listener: (() => void) | undefined;
  #running = true;
  #tellEnd: (failure: KernelSpliceFailure | undefined) => void = () => undefined;

  /** Made by the fake kernel. */
  constructor(
    a: readonly KernelQueue[],
    b: readonly KernelQueue[],
    { sample }: KernelSpliceOptions,
  ) {
    this.#sample = sample;
    const queues = a.length + b.length;
    this.counterWords = queues * COUNTER_WORDS + 2 * SPLICE_WORDS;
    const words = (this.#words = new BigUint64Array(this.counterWords));
    const wordsOf = (queue: number): BigUint64Array =>
      words.subarray(queue * COUNTER_WORDS, (queue + 1) * COUNTER_WORDS);
    const direction = (start: number): Direction => ({
      words: words.subarray(start, start + SPLICE_WORDS),
      skip: 0,
    });
    const end = queues * COUNTER_WORDS;
    this.#directions = { a: direction(end), b: direction(end + SPLICE_WORDS) };
    const flows = (
      side: Side,
      from: readonly KernelQueue[],
      to: readonly KernelQueue[],
      [first, firstTo]: readonly [number, number],
    ): Flow[] =>
      from.map((queue, index) => {
        const other = index % to.length;
        const target = to[other] ?? queue;
        const written = wordsOf(firstTo + other);
        return { side, from: queue, to: target, read: wordsOf(first + index), written };
      });
    this.#flows = [...flows('a', a, b, [0, a.length]), ...flows('b', b, a, [a.length, 0])];
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    for (const flow of this.#flows) flow.from.onReadable(() => this.#pass(flow));
  }

  /** Copies what was counted. */
  copyCounters(words: BigUint64Array): void {
    words.set(this.#words);
  }

  /** Takes the oldest sample. */
  takeSample(): KernelSpliceSample | undefined {
    return this.#samples.shift();
  }

  /** Sets who is called when there is a sample. */
  onSample(listener: (() => void) | undefined): void {
    this.#listener = listener;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.#end(undefined);
    await this.ended;
  }

  #end(failure: KernelSpliceFailure | undefined): void {
    if (!this.#running) return;
    this.#running = false;
    for (const { from } of this.#flows) from.onReadable(undefined);
    setImmediate(() => this.#tellEnd(failure));
  }

  #pass(flow: Flow): void {
    if (!this.#running) return;
    const count = this.#try(flow.side, () =>
      flow.from.rxBurst(this.#slab, this.#descriptors, BURST, flow.read),
    );
    if (count === undefined) return;
    this.#show(flow, count);
    let done = 0;
    while (done < count) {
      const consumed = this.#try(flow.side === 'a' ? 'b' : 'a', () =>
        this.#send(flow, done, count),
      );
      if (consumed === undefined) return;
      done += consumed;
    }
  }

  /** How many frames are done with: sent, refused, or dropped. */
  #send({ side, to, written }: Flow, done: number, count: number): number {
    try {
      return to.txBurst(this.#slab, this.#descriptors, done, count - done, written);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EIO' && code !== 'EAGAIN') throw error;
      const dropped = code === 'EIO' ? count - done : 1;
      this.#add(side, 'dropped', dropped);
      return dropped;
    }
  }

  /** Ends the splice by what a call throws. */
  #try(side: Side, call: () => number): number | undefined {
    try {
      return call();
    } catch (error) {
      this.#end({ side, error: error instanceof Error ? error : new Error(String(error)) });
      return undefined;
    }
  }

  #show({ side, from }: Flow, count: number): void {
    const sample = this.#sample;
    if (sample === undefined) return;
    const direction = this.#directions[side];
    for (; direction.skip < count; direction.skip += sample.every) {
      const offset = this.#descriptors[2 * direction.skip] ?? 0;
      const length = this.#descriptors[2 * direction.skip + 1] ?? 0;
      if (this.#samples.length >= sample.limit) {
        this.#add(side, 'missed', 1);
        continue;
      }
      this.#add(side, 'shown', 1);
      this.#samples.push({
        from: side,
        queue: from.index,
        bytes: this.#slab.slice(offset, offset + Math.min(length, sample.snapLength)),
        header: this.#slab.slice(offset - HEADER_LENGTH, offset),
        length,
        timestamp: BigInt(Date.now()) * 1_000_000n,
      });
      setImmediate(() => this.#listener?.());
    }
    direction.skip -= count;
  }

  #add(side: Side, name: keyof typeof spliceOffset, count: number): void {
    const { words } = this.#directions[side];
    words[spliceOffset[name]] = (words[spliceOffset[name]] ?? 0n) + BigInt(count);
  }
}
