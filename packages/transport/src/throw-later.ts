/**
 * What to do with an exception of somebody else's callback.
 *
 * @module
 */

/**
 * Throws what a callback threw once the current work is done, as an uncaught exception.
 *
 * So that one listener that throws takes no event away from the others, and the error isn't swallowed either.
 */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
