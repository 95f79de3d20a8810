/**
 * Which numbers of a sequence have come, in what order.
 *
 * @module
 */

/** What is known of a sequence. */
export interface SequenceCounts {
  /** Numbers that came, each counted once. */
  readonly received: number;
  /** Numbers that came again. */
  readonly duplicates: number;
  /** Numbers that came after a larger one (RFC 4737: Type-P-Reordered). */
  readonly reordered: number;
  /** Numbers below the largest one that have not come. */
  readonly missing: number;
  /** One more than the largest number that came; 0 before the first. */
  readonly next: number;
}

/** Numbers that have not come: from `begin` to before `end`. */
interface Gap {
  begin: number;
  end: number;
}

/** Counts a sequence that begins with 0, exactly: it remembers its gaps and nothing else. */
export class SequenceTracker {
  /** In order. */
  readonly #gaps: Gap[] = [];
  #received = 0;
  #duplicates = 0;
  #reordered = 0;
  #missing = 0;
  #next = 0;

  /** A number has come. */
  add(sequence: number): void {
    if (sequence >= this.#next) {
      if (sequence > this.#next) {
        this.#gaps.push({ begin: this.#next, end: sequence });
        this.#missing += sequence - this.#next;
      }
      this.#next = sequence + 1;
      this.#received += 1;
    } else if (this.#fill(sequence)) {
      this.#received += 1;
      this.#reordered += 1;
      this.#missing -= 1;
    } else {
      this.#duplicates += 1;
    }
  }

  /** What has been counted up to now. */
  counts(): SequenceCounts {
    return {
      received: this.#received,
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      missing: this.#missing,
      next: this.#next,
    };
  }

  /** Takes a number out of its gap; false when it is in none. */
  #fill(sequence: number): boolean {
    let [low, high] = [0, this.#gaps.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#gaps[middle]?.end ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    const gap = this.#gaps[low];
    if (gap === undefined || sequence < gap.begin) return false;
    const before = { begin: gap.begin, end: sequence };
    const after = { begin: sequence + 1, end: gap.end };
    this.#gaps.splice(low, 1, ...[before, after].filter(({ begin, end }) => begin < end));
    return true;
  }
}
