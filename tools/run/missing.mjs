/**
 * What is wrong with this machine, in two lines.
 * @module
 */

/** Something that the machine lacks; printed as two lines, without a stack. */
export class Missing extends Error {
  /**
   * @param {string} what what is missing
   * @param {string} how how to get it
   */
  constructor(what, how) {
    super(`rtap: ${what}\n${how}`);
    this.name = 'Missing';
  }
}
