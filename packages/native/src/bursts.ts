/**
 * The bursts of a real queue.
 *
 * @module
 */

import { checkCount } from './argument.ts';
import type { Queue } from './binding.d.ts';
import { nativeError } from './errors.ts';

/** What makes the functions. */
type BurstSource = Pick<Queue, 'rxBurst' | 'txBurst' | 'discard'>;

/** Bursts that are checked, and whose errors name the interface. */
export abstract class NativeBursts {
  /** Its number in the device, from 0. */
  readonly index: number;
  readonly #source: BurstSource;
  readonly #rxBurst: ReturnType<BurstSource['rxBurst']>;
  readonly #txBurst: ReturnType<BurstSource['txBurst']>;
  readonly #interface: string;

  constructor(source: BurstSource, index: number, interfaceName: string) {
    this.#source = source;
    this.#rxBurst = source.rxBurst();
    this.#txBurst = source.txBurst();
    this.index = index;
    this.#interface = interfaceName;
  }

  rxBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    max: number,
    counters: BigUint64Array,
  ): number {
    checkCount('max', max);
    this.check();
    try {
      return this.#rxBurst(slab, descriptors, max, counters);
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  txBurst(
    slab: Uint8Array,
    descriptors: Uint32Array,
    from: number,
    count: number,
    counters: BigUint64Array,
  ): number {
    checkCount('from', from);
    checkCount('count', count);
    this.check();
    try {
      return this.#txBurst(slab, descriptors, from, count, counters);
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  discard(): number {
    this.checkHeld();
    try {
      return this.#source.discard();
    } catch (error) {
      throw nativeError(error, this.#interface);
    }
  }

  /** Throws when it was let go of. */
  protected abstract checkHeld(): void;

  /** Throws when frames are not to pass. */
  protected check(): void {
    this.checkHeld();
  }
}
