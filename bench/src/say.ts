/**
 * What a run is doing.
 *
 * @module
 */

/** Says what comes next, beside the results. */
export function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
