/**
 * Who reads the samples of a splice.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KernelSplice } from '@rtap/native';
import { RtapError } from './errors.ts';

/** Samples in a row before timers and other I/O of the process have their turn. */
const SAMPLES_A_TURN = 256;

/** A frame of a splice, as it was read: a super-frame is one, with whatever checksum it had. */
export interface SpliceSample {
  /** Where it came from: the first device or the second. */
  readonly from: 'a' | 'b';
  /** Which queue of that. */
  readonly queue: number;
  /** Its first bytes, from the Ethernet header on; the reader's own. */
  readonly bytes: Uint8Array;
  /** Its virtio-net header, 10 bytes in the byte order of the host; the reader's own. */
  readonly header: Uint8Array;
  /** Length of the frame in bytes. */
  readonly length: number;
  /** When it was read, in nanoseconds since 1970. */
  readonly timestamp: bigint;
}

/** The samples of a splice, for one reader at a time. */
export class SampleReaders {
  readonly #splice: KernelSplice;
  /** An interface's name, for errors. */
  readonly #interface: string;
  #wake: (() => void) | undefined;
  #reading = false;
  #ended = false;

  /** Made by the splice. */
  constructor(splice: KernelSplice, interfaceName: string) {
    this.#splice = splice;
    this.#interface = interfaceName;
    splice.onSample(() => this.#wake?.());
  }

  /** There will be no more than those that wait. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /**
   * Becomes the reader with its first `next`.
   *
   * @yields the samples, oldest first.
   */
  async *read(signal: AbortSignal | undefined): AsyncGenerator<SpliceSample, undefined> {
    if (this.#reading) {
      throw new RtapError('ERR_RTAP_STATE', 'the samples of this splice have a reader already', {
        interface: this.#interface,
      });
    }
    this.#reading = true;
    const onAbort = (): void => this.#wake?.();
    signal?.addEventListener('abort', onAbort);
    try {
      for (let taken = 1; ; taken += 1) {
        signal?.throwIfAborted();
        const sample = this.#splice.takeSample();
        if (sample !== undefined) {
          yield sample;
          if (taken % SAMPLES_A_TURN === 0) await nextTurn();
        } else if (this.#ended) {
          return undefined;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#reading = false;
      signal?.removeEventListener('abort', onAbort);
    }
  }
}
