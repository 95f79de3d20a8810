/**
 * Ctrl-C, and the other signals that ask a program to end.
 *
 * @module
 */

import { EXIT_INTERRUPTED } from './exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds within which a signal is the one before: from the terminal, npm and a runner the same one comes several times. */
const REPEATED_SIGNAL = 1000;

/**
 * Runs something that ends when it is told to: SIGINT, SIGTERM and SIGHUP abort the signal that it is given.
 *
 * Another signal, a second or more later, ends the process at once with 130: for whoever doesn't want to wait for a
 * clean end.
 */
export async function untilSignal<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    if (!controller.signal.aborted) {
      first = performance.now();
      controller.abort();
    } else if (performance.now() - first > REPEATED_SIGNAL) {
      process.exit(EXIT_INTERRUPTED);
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await run(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
