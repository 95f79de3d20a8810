/**
 * Telling what happens: lines of JSON, lines of text, or a view that is drawn anew each second.
 *
 * @module
 */

import { stripVTControlCharacters } from 'node:util';
import { colorsOf } from '../frame/colors.ts';
import type { TerminalStream } from '../frame/colors.ts';
import { writeJsonLine } from '../frame/json-output.ts';
import type { LinkLine } from '../monitor/link-line.ts';
import { linkLineText } from '../monitor/link-line-text.ts';
import type { RunReadyLine, RunStatsLine } from './run-line.ts';
import { statsLines, statsTable, statsText } from './stats-text.ts';

/** Of a terminal that doesn't say how large it is. */
const COLUMNS = 80;
const ROWS = 24;

/** Takes what is to be told. */
export interface RunReport {
  ready(line: RunReadyLine): void;
  link(line: LinkLine): void;
  stats(line: RunStatsLine): void;
}

/** Makes what suits the output: a terminal gets the view. */
export function createReport(output: TerminalStream, json: boolean): RunReport {
  if (json) {
    const write = (line: object): void => writeJsonLine(output, line);
    return { ready: write, link: write, stats: write };
  }
  return new TextReport(output);
}

class TextReport implements RunReport {
  readonly #output: TerminalStream;
  /** Lines of the view that stands at the end of the screen. */
  #drawn = 0;

  constructor(output: TerminalStream) {
    this.#output = output;
  }

  ready({ mode, interfaces }: RunReadyLine): void {
    const names = interfaces.map(({ name, ifindex }) => `${name} (${ifindex})`).join(', ');
    this.#line(`${mode} on ${names}; Ctrl-C ends it`);
  }

  link(line: LinkLine): void {
    this.#erase();
    this.#line(linkLineText(line, colorsOf(this.#output)));
  }

  stats(line: RunStatsLine): void {
    this.#erase();
    if (line.event === 'stats' && this.#output.isTTY !== true) {
      for (const each of line.interfaces) this.#line(statsText(each));
      return;
    }
    const table = statsTable(line, this.#output);
    if (line.event === 'summary') this.#line(table);
    else this.#draw(table.split('\n'), line);
  }

  /** Draws what can be erased: no line is wrapped, and all are on the screen. */
  #draw(table: readonly string[], { interfaces }: RunStatsLine): void {
    const { columns = COLUMNS, rows = ROWS } = this.#output;
    const fits = table.every((each) => stripVTControlCharacters(each).length < columns);
    const lines = fits
      ? table
      : interfaces.flatMap(statsLines).map((each) => each.slice(0, columns - 1));
    const shown = lines.slice(0, rows - 1);
    this.#line(shown.join('\n'));
    this.#drawn = shown.length;
  }

  /** Goes back to where the view begins, and clears the screen from there on. */
  #erase(): void {
    if (this.#drawn > 0) this.#output.write(`\x1b[${this.#drawn}A\r\x1b[J`);
    this.#drawn = 0;
  }

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }
}
