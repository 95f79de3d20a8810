/**
 * A process that is told things, and answers, line by line.
 *
 * @module
 */

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What a process must have. */
export interface Piped {
  /** Where it is told. */
  readonly stdin: Writable | null;
  /** Where it answers. */
  readonly stdout: Readable | null;
}

/** The conversation with a process; it ends with its input. */
export class LineProcess {
  /** What it is called when it fails. */
  readonly name: string;
  readonly #input: Writable;
  readonly #lines: AsyncIterator<string>;
  readonly #failed: Promise<never> | undefined;

  /**
   * Talks with a process that has both pipes.
   *
   * @param failed - rejects when the process could not be started.
   */
  constructor(name: string, { stdin, stdout }: Piped, failed?: Promise<never>) {
    if (stdin === null || stdout === null) throw new TypeError(`${name} has no pipes`);
    this.name = name;
    this.#input = stdin;
    // A write to one that has ended is told by its missing answer.
    stdin.on('error', () => undefined);
    this.#lines = createInterface(stdout)[Symbol.asyncIterator]();
    this.#failed = failed;
    failed?.catch(() => undefined);
  }

  /** Tells it something. */
  tell(line: string): void {
    this.#input.write(`${line}\n`);
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const next = this.#lines.next();
    const { done, value } = await (this.#failed === undefined
      ? next
      : Promise.race([next, this.#failed]));
    if (done === true) throw new Error(`${this.name} ended without an answer`);
    return value;
  }

  /** Tells it something, and waits for its answer. */
  async ask(line: string): Promise<string> {
    this.tell(line);
    return this.line();
  }

  /** Ends it. */
  end(): void {
    this.#input.end();
  }
}
