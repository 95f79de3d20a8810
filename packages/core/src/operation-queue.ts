/**
 * The order of a device's operations.
 *
 * @module
 */

interface Waiting {
  readonly run: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs operations one after the other, in the order of the calls.
 *
 * An abort takes away a call that still waits; one that runs is its own to roll back. `close` overtakes:
 * what still waits is rejected, what runs comes to its end first.
 */
export class OperationQueue {
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #closedBy: (() => unknown) | undefined;

  /**
   * Runs an operation when its turn comes.
   *
   * @throws the signal's reason when it is aborted first; after `close`, what `close` was told to reject with.
   */
  run<Result>(operation: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      if (this.#closedBy !== undefined) {
        reject(this.#closedBy());
        return;
      }
      const waiting: Waiting = {
        run: () => {
          signal?.removeEventListener('abort', onAbort);
          // Set before it begins, so that what it calls at once finds it running.
          let ended = (): void => undefined;
          this.#running = new Promise((settle) => {
            ended = settle;
          });
          void operation()
            .then(resolve, reject)
            .then(() => {
              this.#next();
              ended();
            });
        },
        reject: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      const onAbort = (): void => {
        const position = this.#waiting.indexOf(waiting);
        if (position >= 0) this.#waiting.splice(position, 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      if (this.#running === undefined) this.#next();
    });
  }

  /** Rejects all that waits, and all that comes, and resolves when what runs has come to its end. */
  async close(reason: () => unknown): Promise<void> {
    this.#closedBy = reason;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(reason());
    await this.#running;
  }

  #next(): void {
    this.#running = undefined;
    this.#waiting.shift()?.run();
  }
}
