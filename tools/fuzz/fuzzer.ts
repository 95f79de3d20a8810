/**
 * The loop: inputs are changed, those that reach new code are kept, those that break something are told.
 *
 * @module
 */

import type { Coverage } from './coverage.ts';
import type { Input } from './input.ts';
import { minimise } from './minimise.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';
import { outcomeOf, type Target } from './target.ts';
import { signature } from './violation.ts';

/**
 * Inputs that run between two looks at the coverage, which costs as much as many runs. A batch that
 * reached something new is run again, by halves.
 */
const BATCH = 96;

/** Longer ones run, but are not changed further: they would be most of the time. */
const LONGEST_KEPT = 0x2000;

/** An input that broke something, as small as it could be made. */
export interface Find {
  readonly target: string;
  readonly signature: string;
  readonly error: unknown;
  readonly input: Input;
}

/** What a fuzzer has done. */
export interface Fuzzed {
  executions: number;
  /** Inputs of the session that reached new code. */
  readonly added: Input[];
  readonly finds: Find[];
}

/** Fuzzes a target; goes on with what it has where it is called again. */
export class Fuzzer {
  readonly done: Fuzzed = { executions: 0, added: [], finds: [] };
  readonly #target: Target;
  readonly #random: Random;
  readonly #coverage: Coverage | undefined;
  readonly #corpus: Input[];
  readonly #signatures = new Set<string>();
  #begun = false;

  /** Without `coverage` nothing is kept: for short runs. */
  constructor(target: Target, random: Random, corpus: readonly Input[], coverage?: Coverage) {
    this.#target = target;
    this.#random = random;
    this.#coverage = coverage;
    this.#corpus = [...target.seeds(), ...corpus];
  }

  /** How many inputs there are to change. */
  get size(): number {
    return this.#corpus.length;
  }

  /** Runs until `enough` says so, or so many inputs have been run in this call. */
  async run(limits: { readonly runs?: number; readonly enough?: () => boolean }): Promise<void> {
    if (!this.#begun) {
      this.#begun = true;
      for (const input of this.#corpus) await this.#execute(input);
      this.#coverage?.take();
    }
    const { runs = Infinity, enough = () => false } = limits;
    for (let left = runs; left > 0 && !enough(); left -= BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, left) }, () => this.#next());
      for (const input of batch) await this.#execute(input);
      const { fresh = 0 } = this.#coverage?.take(false) ?? {};
      if (fresh > 0) await this.#keep(batch);
    }
  }

  #next(): Input {
    const random = this.#random;
    // What was found last leads on more often than what all begin with.
    const recent = this.#corpus.slice(-16);
    let input = random.pick(random.once(3) ? recent : this.#corpus) ?? [];
    for (let steps = random.below(3); steps >= 0; steps -= 1) {
      input = mutate(input, random, this.#corpus, this.#target.headerOf);
    }
    return input;
  }

  async #execute(input: Input): Promise<void> {
    this.done.executions += 1;
    const error = await outcomeOf(this.#target, input);
    if (error === undefined) return;
    const found = signature(error);
    if (this.#signatures.has(found)) return;
    this.#signatures.add(found);
    const small = await minimise(this.#target, input, found);
    this.done.finds.push({ target: this.#target.name, signature: found, error, input: small });
  }

  /** A batch reached something new: looks for the inputs that did, by halves, and keeps them. */
  async #keep(batch: readonly Input[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    for (const input of batch) await outcomeOf(this.#target, input);
    if ((this.#coverage?.take(batch.length === 1).fresh ?? 0) === 0) return;
    if (batch.length === 1) {
      if (first.some(({ bytes }) => bytes.length > LONGEST_KEPT)) return;
      this.#corpus.push(first);
      this.done.added.push(first);
      return;
    }
    const half = batch.length >> 1;
    await this.#keep(batch.slice(0, half));
    await this.#keep(batch.slice(half));
  }
}
