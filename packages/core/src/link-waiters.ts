/**
 * Who waits for a link to be up, or down.
 *
 * @module
 */

import type { LinkStatus } from '@rtap/transport';

interface Waiter {
  readonly status: LinkStatus;
  readonly settle: (error?: unknown) => void;
}

/** The promises of `until`. */
export class LinkWaiters {
  readonly #waiters = new Set<Waiter>();

  /** Resolves when {@link LinkWaiters.reached} is called with that status. */
  wait(status: LinkStatus, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        status,
        settle: (error) => {
          this.#waiters.delete(waiter);
          signal?.removeEventListener('abort', onAbort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const onAbort = (): void => waiter.settle(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** The link has that status now. */
  reached(status: LinkStatus): void {
    for (const waiter of [...this.#waiters]) if (waiter.status === status) waiter.settle();
  }

  /** Rejects all who wait. */
  end(reason: () => unknown): void {
    for (const waiter of [...this.#waiters]) waiter.settle(reason());
  }
}
