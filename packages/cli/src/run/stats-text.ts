/**
 * Statistics for people.
 *
 * @module
 */

import Table from 'cli-table3';
import { colorsOf } from '../frame/colors.ts';
import type { TerminalStream } from '../frame/colors.ts';
import type { RunInterface, RunStatsLine } from './run-line.ts';

const BAR_WIDTH = 10;
const BITS = 8;

/** A line for a log. */
export function statsText(of: RunInterface): string {
  const { rates } = of;
  return (
    `${of.name} ${of.present ? of.status : 'gone'}: ` +
    `rx ${short(rates.rxPackets)}/s ${short(rates.rxBytes * BITS)}bit/s, ` +
    `tx ${short(rates.txPackets)}/s ${short(rates.txBytes * BITS)}bit/s, ` +
    `missed ${of.imissed}, dropped ${of.txDropped}, errors ${of.rxErrors + of.txErrors}`
  );
}

/** Lines for a terminal that is narrower than the table; those of queues when there are several. */
export function statsLines(of: RunInterface): readonly string[] {
  if (of.queues.length === 1) return [statsText(of)];
  return [
    statsText(of),
    ...of.queues.map(({ queue, rates }) => {
      const received = share(rates.rxPackets, of.rates.rxPackets);
      return `  queue ${queue}: rx ${received} tx ${share(rates.txPackets, of.rates.txPackets)}`;
    }),
  ];
}

/** A table: a row for each interface, and one for each of its queues when there are several. */
export function statsTable(line: RunStatsLine, output: TerminalStream): string {
  const colors = colorsOf(output);
  const titles = ['', 'rx/s', 'rx bit/s', 'tx/s', 'tx bit/s', 'rx', 'tx', 'missed', 'dropped'];
  const table = new Table({
    head: [...titles, 'errors'].map((title) => colors.bold(title)),
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...titles.map(() => 'right' as const)],
  });
  for (const each of line.interfaces) {
    const { rates } = each;
    const status = each.present ? each.status : 'gone';
    table.push([
      `${each.name} ${status === 'up' ? colors.green(status) : colors.red(status)}`,
      short(rates.rxPackets),
      short(rates.rxBytes * BITS),
      short(rates.txPackets),
      short(rates.txBytes * BITS),
      String(each.rxPackets),
      String(each.txPackets),
      String(each.imissed),
      String(each.txDropped),
      String(each.rxErrors + each.txErrors),
    ]);
    if (each.queues.length > 1) for (const row of queueRows(each)) table.push([...row]);
  }
  const what = line.event === 'stats' ? 'running for' : `ended (${line.reason}) after`;
  return `${table.toString()}\n${what} ${line.seconds.toFixed(1)} s`;
}

/** How the queues share the work: of the time that the rates are of. */
function queueRows(of: RunInterface): readonly (readonly string[])[] {
  return of.queues.map(({ queue, rates, rxPackets, txPackets, txDropped, rxErrors, txErrors }) => [
    `  queue ${queue}`,
    share(rates.rxPackets, of.rates.rxPackets),
    '',
    share(rates.txPackets, of.rates.txPackets),
    '',
    String(rxPackets),
    String(txPackets),
    '',
    String(txDropped),
    String(rxErrors + txErrors),
  ]);
}

function share(part: number, whole: number): string {
  return '▇'.repeat(whole === 0 ? 0 : Math.round((part / whole) * BAR_WIDTH)).padEnd(BAR_WIDTH);
}

/** A number with a prefix of the SI, three figures. */
export function short(value: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  let scaled = value;
  let power = 0;
  while (scaled >= 999.5 && power < prefixes.length - 1) {
    scaled /= 1000;
    power += 1;
  }
  const digits = power === 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${prefixes[power] ?? ''}`;
}
