/**
 * The device's events, each printed as it arrives with how long it took.
 *
 * @module
 */

import type { TapDevice } from '@rtap/core';
import type { Terminal } from '../terminal.ts';

interface Waiting {
  readonly text: string;
  readonly resolve: (milliseconds: number) => void;
}

/** Prints events, and waits for those that a step should cause. */
export class EventLog {
  readonly #terminal: Terminal;
  readonly #waiting: Waiting[] = [];
  #begin = 0;
  #aside = '';
  #count = 0;

  /** Listens to a device. */
  constructor(tap: TapDevice, terminal: Terminal) {
    this.#terminal = terminal;
    tap.on('link', (link) => this.#arrived(`link ${link.status}`));
    tap.on('renamed', (name, previous) => this.#arrived(`renamed ${previous} -> ${name}`));
    tap.on('moved', () => this.#arrived('moved'));
    tap.on('removed', () => this.#arrived('removed'));
    tap.on('resync', (reason) => this.#arrived(`resync (${reason})`));
  }

  /** How many events have arrived. */
  get count(): number {
    return this.#count;
  }

  /**
   * Does something from outside, and waits for the events that it should cause.
   *
   * @param expected - as they are printed, in order.
   * @param aside - what is to be said beside the figure.
   * @returns milliseconds from asking the kernel to each event.
   * @throws Error when one doesn't come in time.
   */
  async expect(
    expected: readonly string[],
    action: () => Promise<void>,
    signal: AbortSignal,
    aside = '',
  ): Promise<readonly number[]> {
    this.#aside = aside;
    const arrivals = expected.map(
      (text) =>
        new Promise<number>((resolve) => {
          this.#waiting.push({ text, resolve });
        }),
    );
    const patience = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
    const end = new Promise<never>((_, reject) => {
      patience.addEventListener(
        'abort',
        () => {
          const missing = this.#waiting.map((waiting) => waiting.text).join(', ');
          reject(signal.aborted ? signal.reason : new Error(`no event: ${missing}`));
        },
        { once: true },
      );
    });
    this.#begin = performance.now();
    try {
      await Promise.race([action(), end]);
      return await Promise.race([Promise.all(arrivals), end]);
    } finally {
      this.#waiting.length = 0;
      this.#aside = '';
    }
  }

  #arrived(text: string): void {
    const milliseconds = performance.now() - this.#begin;
    this.#count += 1;
    const aside = this.#aside === '' ? '' : ` (${this.#aside})`;
    this.#terminal.event(
      `event: ${text}`,
      `${milliseconds.toFixed(2)} ms after the request${aside}`,
    );
    // Events come in the order in which they are expected, or the step fails.
    if (this.#waiting[0]?.text === text) this.#waiting.shift()?.resolve(milliseconds);
  }
}
