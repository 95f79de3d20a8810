/**
 * Writing for people: colour on a terminal only, plain lines in a log.
 *
 * @module
 */

import Table from 'cli-table3';
import { colorsOf } from './frame/colors.ts';
import type { Colors, TerminalStream } from './frame/colors.ts';

/** How a step went. */
export type Verdict = 'ok' | 'failed' | 'skipped';

/** A blank on either side of a cell. */
const CELL_PADDING = 2;
/** Columns of a log. */
const LOG_WIDTH = 100;
/** Columns that the last one of a table has at least. */
const NARROWEST = 24;

const MARKS: Readonly<Record<Verdict, string>> = { ok: '✔', failed: '✖', skipped: '–' };

/** Where a command writes. */
export class Terminal {
  readonly #stream: TerminalStream;
  readonly #colors: Colors;

  /** Writes to a stream; in colour when it is a terminal and NO_COLOR is not set. */
  constructor(stream: TerminalStream) {
    this.#stream = stream;
    this.#colors = colorsOf(stream);
  }

  /** Writes a line. */
  line(text = ''): void {
    this.#stream.write(`${text}\n`);
  }

  /** Writes a heading. */
  heading(text: string): void {
    this.line();
    this.line(this.#colors.bold(text));
  }

  /** Writes a line of detail. */
  detail(text: string): void {
    this.line(`    ${text}`);
  }

  /** Writes an event as it arrives. */
  event(text: string, aside = ''): void {
    this.line(`    ${this.#colors.cyan(text)}${aside === '' ? '' : `  ${this.dim(aside)}`}`);
  }

  /** Writes how something went. */
  verdict(verdict: Verdict, text: string): void {
    this.line(`  ${this.#painted(verdict, MARKS[verdict])} ${text}`);
  }

  /** Less visible, on a terminal. */
  dim(text: string): string {
    return this.#colors.dim(text);
  }

  /** Writes a table as wide as the terminal at most: the last column is wrapped. A verdict in a cell is coloured. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    const all = [head, ...rows];
    const widths = head.map((_, column) => {
      return CELL_PADDING + Math.max(...all.map((row) => row[column]?.length ?? 0));
    });
    const others = widths.slice(0, -1).reduce((sum, width) => sum + width, 0);
    const room = (this.#stream.columns ?? LOG_WIDTH) - others - widths.length - 1;
    widths.push(Math.max(NARROWEST, Math.min(room, widths.pop() ?? 0)));
    const table = new Table({
      head: head.map((cell) => this.#colors.bold(cell)),
      style: { head: [], border: [], compact: true },
      colWidths: widths,
      wordWrap: true,
    });
    for (const row of rows) {
      table.push(row.map((cell) => (isVerdict(cell) ? this.#painted(cell, cell) : cell)));
    }
    this.line(table.toString());
  }

  #painted(verdict: Verdict, text: string): string {
    if (verdict === 'ok') return this.#colors.green(text);
    return verdict === 'failed' ? this.#colors.red(text) : this.#colors.yellow(text);
  }
}

function isVerdict(text: string): text is Verdict {
  return text in MARKS;
}
