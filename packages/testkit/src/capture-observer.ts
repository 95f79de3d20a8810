/**
 * Who wants to know of captures that begin: a test runner that keeps what was on the wire.
 *
 * @module
 */

import type { Capture } from './capture.ts';

const observers = new Set<(capture: Capture) => void>();

/** Tells of each capture of this thread that begins from now on. */
export function observeCaptures(observer: (capture: Capture) => void): Disposable {
  observers.add(observer);
  return { [Symbol.dispose]: () => void observers.delete(observer) };
}

/** A capture has begun. */
export function tellOfCapture(capture: Capture): void {
  for (const observer of observers) observer(capture);
}
