/**
 * Appends the figures of bench/results to the guide on performance, when the site is made: always those of today.
 * @module
 */

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Converter } from 'typedoc';

/**
 * A figure with a target.
 * @typedef {object} Row
 * @property {string} what what is compared
 * @property {number} ratio the median of the ratios
 * @property {string} spread from where to where they lie
 * @property {string} target what it should be
 * @property {string} verdict whether it is
 */

/** @typedef {{ title: string, about: string, command: string, rows: (result: any) => Row[] }} Bench */

/** @type {Record<string, Bench>} */
const benches = {
  datapath: {
    title: 'The data path, beside C',
    about: 'rtap / C. Of frames and Gb/s more is better, of times less.',
    command: 'npm run bench',
    rows: ({ workloads }) =>
      workloads.flatMap((/** @type {any} */ { name, answers }) =>
        answers
          .filter((/** @type {any} */ { target }) => target !== undefined)
          .map(
            (
              /** @type {any} */ { value, yardstick, figure, target, ratio, interval, verdict },
            ) => ({
              what: `${name}: ${value} / ${yardstick} (${figure})`,
              ratio: ratio.median,
              spread: `${rounded(interval.low)} to ${rounded(interval.high)}`,
              target:
                target.least === undefined ? `at most ${target.most}` : `at least ${target.least}`,
              verdict,
            }),
          ),
      ),
  },
  lsc: {
    title: 'Link-state change and opening, beside C',
    about: 'Times; less is better.',
    command: 'npm run bench -- lsc',
    rows: ({ comparisons }) =>
      comparisons
        .filter((/** @type {any} */ { target }) => target !== undefined)
        .map((/** @type {any} */ { what, value, yardstick, ratio, target }) => ({
          what: `${what}: ${value.name} / ${yardstick.name}`,
          ratio: ratio.median,
          spread: `${rounded(ratio.min)} to ${rounded(ratio.max)}`,
          target: `at most ${target}`,
          verdict: ratio.median <= target ? 'met' : 'missed',
        })),
  },
  netlink: {
    title: 'Decoding netlink messages, beside libmnl',
    about: 'Time a message, times that of a typed decoder on libmnl in C; less is better.',
    command: 'npm run bench -- netlink --peers',
    rows: ({ results }) =>
      results
        .toSorted(
          (/** @type {any} */ a, /** @type {any} */ b) => a.ofTyped.median - b.ofTyped.median,
        )
        .map((/** @type {any} */ { name, ofTyped }) => ({
          what: name,
          ratio: ofTyped.median,
          spread: `${rounded(ofTyped.min)} to ${rounded(ofTyped.max)}`,
          target: '',
          verdict: '',
        })),
  },
};

/** @param {number} value */
const rounded = (value) => (value >= 10 ? value.toFixed(0) : value.toFixed(2));

/** A bar of at most 100 %, which stands for twice the yardstick. @param {number} ratio */
const bar = (ratio) =>
  `<span class="rtap-bar" aria-hidden="true"><span style="width: ${Math.min(100, ratio * 50).toFixed(1)}%"></span></span>`;

/**
 * The newest results of each benchmark, as Markdown.
 * @param {string} root
 */
function figures(root) {
  const folder = join(root, 'bench/results');
  const results = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }))
    .toSorted((a, b) => (a.date < b.date ? 1 : -1));
  return Object.entries(benches).flatMap(([name, { title, about, command, rows }]) => {
    const seen = new Set();
    const runs = results.filter(({ file }) => file.startsWith(`${name}_`));
    const texts = runs.flatMap((run) => {
      const { cpu, kernel, cores, commit } = run.machine;
      // A later run of some workloads takes their place in an earlier one of all.
      const shown = rows(run).filter(({ what }) => !seen.has(what));
      if (shown.length === 0) return [];
      for (const { what } of shown) seen.add(what);
      return [
        `On ${run.date.slice(0, 10)}: Linux ${kernel}, ${cpu}, ${cores} cores, commit ${commit}.`,
        [
          '| what | ratio | | spread | target | |',
          '| --- | --: | --- | --- | --- | --- |',
          ...shown.map(
            ({ what, ratio, spread, target, verdict }) =>
              `| ${what} | ${rounded(ratio)} | ${bar(ratio)} | ${spread} | ${target} | ${verdict} |`,
          ),
        ].join('\n'),
      ];
    });
    if (texts.length === 0) return [];
    const intro = `\`${command}\`. ${about} The line in a bar is 1: as the yardstick.`;
    return [`## ${title}`, intro, ...texts];
  });
}

/**
 * The plugin of TypeDoc.
 * @param {import('typedoc').Application} app
 */
export function plugin(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    if (document.name !== 'Performance') return;
    const text = figures(join(import.meta.dirname, '../..')).join('\n\n');
    document.content.push({ kind: 'text', text: `\n\n${text}\n` });
  });
}
