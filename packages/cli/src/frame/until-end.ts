/**
 * The end of what runs until it is told to end: a signal, its time, or a reason of its own.
 *
 * @module
 */

/** What ends it from outside. */
export interface EndOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Seconds after which it ends. */
  readonly duration?: number;
}

/** Why it ended. */
export type EndReason<Own extends string> = 'signal' | 'duration' | Own;

/**
 * Runs something; the signal that it is given is aborted by the signal, when its time is over, or when it calls `end`.
 *
 * @returns the first reason; `signal` when it ended without one.
 */
export async function untilEnd<Own extends string>(
  { signal, duration }: EndOptions,
  run: (ending: AbortSignal, end: (reason: Own) => void) => Promise<void>,
): Promise<EndReason<Own>> {
  const ending = new AbortController();
  let reason: EndReason<Own> = 'signal';
  const end = (why: EndReason<Own>): void => {
    if (ending.signal.aborted) return;
    reason = why;
    ending.abort();
  };
  const onAbort = (): void => end('signal');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const timer =
    duration === undefined ? undefined : setTimeout(() => end('duration'), duration * 1000);
  try {
    await run(ending.signal, end);
    return reason;
  } finally {
    ending.abort();
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
