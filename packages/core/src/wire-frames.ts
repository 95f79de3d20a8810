/**
 * Frames for the wire, made of what a queue gives.
 *
 * @module
 */

import { PROGRESS_WORDS, progressWord } from '@rtap/native';
import type { Kernel } from '@rtap/native';
import { BATCH_FRAMES, createFrameBatch } from './frame-batch.ts';
import type { FrameBatch } from './frame-batch.ts';

/** Who makes them, and super-frames of them: the kernel that the queue is of. */
export type WireFrameMaker = Pick<Kernel, 'segmentBurst' | 'coalesceBurst' | 'completeChecksums'>;

/**
 * Completes checksums in place, and makes segments of super-frames in a slab of its own; what doesn't fit there
 * waits until the next time.
 */
export class WireFrames {
  readonly #maker: WireFrameMaker;
  readonly #refused: (count: number) => void;
  readonly #progress = new Uint32Array(PROGRESS_WORDS);
  #segments: FrameBatch | undefined;
  /** The burst that is not done with, and its next frame. */
  #source: FrameBatch | undefined;
  #next = 0;

  /** @param refused - told how many frames were left out because their header is not true of them. */
  constructor(maker: WireFrameMaker, refused: (count: number) => void) {
    this.#maker = maker;
    this.#refused = refused;
  }

  /** More of the last burst; undefined when there is none. Its slab must be as it was. */
  rest(): FrameBatch | undefined {
    return this.#source === undefined ? undefined : this.#segment(this.#source);
  }

  /** A burst as the wire has it: itself when there is no super-frame in it. */
  of(burst: FrameBatch): FrameBatch {
    this.#source = undefined;
    const { slab, descriptors, count } = burst;
    const ready = this.#maker.completeChecksums(slab, descriptors, 0, count, this.#progress);
    this.#tellRefused();
    if (ready === count) return burst;
    this.#source = burst;
    this.#next = 0;
    this.#progress[progressWord.offset] = 0;
    return this.#segment(burst);
  }

  /** Lets go of what is left of the last burst. */
  forget(): void {
    this.#source = undefined;
  }

  #segment(source: FrameBatch): FrameBatch {
    const segments = (this.#segments ??= createFrameBatch());
    const { slab, descriptors, count } = source;
    const written = this.#maker.segmentBurst(
      slab,
      descriptors,
      this.#next,
      count - this.#next,
      segments.slab,
      segments.descriptors,
      BATCH_FRAMES,
      this.#progress,
    );
    segments.filled(written);
    this.#next += this.#progress[progressWord.consumed] ?? 0;
    if (this.#next === count) this.#source = undefined;
    this.#tellRefused();
    return segments;
  }

  #tellRefused(): void {
    const refused = this.#progress[progressWord.refused] ?? 0;
    if (refused > 0) this.#refused(refused);
  }
}
