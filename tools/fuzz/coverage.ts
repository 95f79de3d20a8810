/**
 * Which code ran: V8's own precise coverage of the sources, block by block.
 *
 * Libraries for this (Jazzer.js) build libFuzzer by CMake where they are installed; the engine that runs
 * the code counts as well.
 *
 * @module
 */

import { Session, type Profiler } from 'node:inspector';

/** Counts of one taking. */
export interface Taken {
  /** How many characters of code ran that had not run before. */
  readonly fresh: number;
  /** How often blocks ran: the work that was done, in a unit of its own. */
  readonly work: number;
}

/**
 * Counts from its making to {@link Coverage.stop}. One a process, made before the code runs for the first
 * time: what was compiled without it is counted by functions only.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #isOurs: (url: string) => boolean;
  /** By function: a 1 for each character that has run. */
  readonly #seen = new Map<string, Uint8Array>();
  /** Functions of which all has run. */
  readonly #full = new Set<string>();

  /** Counts code whose URL holds one of these. */
  constructor(folders: readonly string[]) {
    this.#isOurs = (url) => folders.some((folder) => url.includes(folder));
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * What ran since the last time.
   *
   * @param remember False: what is fresh now is so the next time, too.
   */
  take(remember = true): Taken {
    let fresh = 0;
    let work = 0;
    for (const { url, scriptId, functions } of this.#takeAll()) {
      if (!this.#isOurs(url)) continue;
      for (const { ranges } of functions) {
        fresh += this.#mark(scriptId, ranges, remember);
        for (const { count } of ranges) work += count;
      }
    }
    return { fresh, work };
  }

  /** Begins anew: everything is fresh again. */
  forget(): void {
    this.#seen.clear();
    this.#full.clear();
  }

  /** How many characters of code have run so far. */
  get total(): number {
    let total = 0;
    for (const seen of this.#seen.values()) for (const one of seen) total += one;
    return total;
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage');
    this.#session.disconnect();
  }

  #takeAll(): Profiler.ScriptCoverage[] {
    // The session is of this thread, so it answers at once.
    let taken: Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      taken = result;
    });
    return taken;
  }

  #mark(scriptId: string, ranges: readonly Profiler.CoverageRange[], remember: boolean): number {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return 0;
    const { startOffset: start, endOffset: end } = whole;
    const key = `${scriptId}:${start}:${end}`;
    if (this.#full.has(key)) return 0;
    const seen = this.#seen.get(key) ?? new Uint8Array(end - start);
    // Ranges inside come behind those that hold them.
    const ran = new Uint8Array(end - start);
    for (const { startOffset, endOffset, count } of ranges) {
      ran.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
    }
    let fresh = 0;
    for (let at = 0; at < ran.length; at += 1) {
      if (ran[at] !== 1 || seen[at] !== 0) continue;
      if (remember) seen[at] = 1;
      fresh += 1;
    }
    if (remember) {
      this.#seen.set(key, seen);
      if (!seen.includes(0)) this.#full.add(key);
    }
    return fresh;
  }
}
