/**
 * Contenders that cannot take part.
 *
 * @module
 */

/** One that cannot compete here: the contest goes on without it. */
export class Absence extends Error {
  /** What the tables would have called it. */
  readonly contender: string;

  /** Says who, and why. */
  constructor(contender: string, reason: string) {
    super(reason);
    this.name = 'Absence';
    this.contender = contender;
  }
}
