/**
 * How far a call came that works through a batch of frames.
 *
 * @module
 */

/** How many words tell it. */
export const PROGRESS_WORDS = 3;

/** Which word tells what. */
export const progressWord = {
  /** Frames that are done with, from the first on. */
  consumed: 0,
  /**
   * Bytes of payload of the next frame that have been written already: where the next `segmentBurst`
   * goes on. 0 for the others.
   */
  offset: 1,
  /** Frames that were left out: their header is not true of them, or they are not inside the slab. */
  refused: 2,
} as const;
