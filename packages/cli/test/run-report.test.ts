/**
 * What `rtap run` shows on a terminal, and what it writes into a log.
 *
 * @module
 */

import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TerminalStream } from '../src/frame/colors.ts';
import { createReport } from '../src/run/report.ts';
import type { RunCounts, RunInterface, RunStatsLine } from '../src/run/run-line.ts';

const COUNTS: RunCounts = {
  ...{ rxPackets: 1_000_000, rxBytes: 64_000_000, rxErrors: 0 },
  ...{ txPackets: 500_000, txBytes: 32_000_000, txErrors: 0, txDropped: 7 },
};

const PORT: RunInterface = {
  ...{ name: 'tap0', ifindex: 3, present: true, status: 'up', imissed: 12, ...COUNTS },
  rates: { rxPackets: 2000, rxBytes: 128_000, txPackets: 1000, txBytes: 64_000 },
  queues: [1500, 500].map((rxPackets, queue) => ({
    ...{ queue, ...COUNTS },
    rates: { rxPackets, rxBytes: rxPackets * 64, txPackets: 500, txBytes: 32_000 },
  })),
};

function stats(event: 'stats' | 'summary'): RunStatsLine {
  const time = '2026-01-01T00:00:00.000Z';
  const reason = event === 'summary' ? ({ reason: 'signal' } as const) : {};
  return { event, ...reason, seconds: 500, interfaces: [PORT], time };
}

function output(size: Pick<TerminalStream, 'isTTY' | 'columns' | 'rows'>): {
  readonly stream: TerminalStream;
  readonly written: () => string;
} {
  const stream = new PassThrough({ encoding: 'utf8' });
  return { stream: Object.assign(stream, size), written: () => String(stream.read() ?? '') };
}

/** A screen as it is after all that was written: only what a view does is known, its cursor going up. */
function screenOf(written: string): readonly string[] {
  const lines: string[] = [];
  // oxlint-disable-next-line no-control-regex -- that is what moves the cursor
  for (const part of written.split(/(?=\u001B\[\d+A)/)) {
    // oxlint-disable-next-line no-control-regex -- the same
    const up = /^\u001B\[(\d+)A\r\u001B\[J/.exec(part);
    if (up !== null) lines.splice(-Number(up[1]));
    lines.push(...stripVTControlCharacters(part.replace('\r', '')).split('\n').slice(0, -1));
  }
  return lines;
}

describe('on a terminal', () => {
  for (const [columns, rows] of [
    [120, 40],
    [80, 24],
    [40, 3],
  ] as const) {
    test(`of ${columns} columns the view is drawn in the place of the one before`, () => {
      const { stream, written } = output({ isTTY: true, columns, rows });
      const report = createReport(stream, false);
      for (let second = 0; second < 5; second += 1) report.stats(stats('stats'));
      const screen = screenOf(written());
      expect(screen.length).toBeLessThan(rows);
      expect(screen.filter((line) => line.includes('tap0'))).toHaveLength(1);
      for (const line of screen) expect(line.length).toBeLessThan(columns);
      if (rows > 3) {
        const queues = screen.filter((line) => line.includes('queue '));
        // Three quarters and a quarter of what came, halves of what went.
        expect(queues.map((line) => line.match(/▇+/g)?.map(({ length }) => length))).toEqual([
          [8, 5],
          [3, 5],
        ]);
      }
    });
  }

  test('the summary is a table that stays', () => {
    const { stream, written } = output({ isTTY: true, columns: 80, rows: 24 });
    const report = createReport(stream, false);
    report.stats(stats('stats'));
    report.stats(stats('summary'));
    const screen = screenOf(written());
    expect(screen.filter((line) => line.includes('tap0'))).toHaveLength(1);
    expect(screen.at(-1)).toBe('ended (signal) after 500.0 s');
  });
});

test('in a log there is a line a second', () => {
  const { stream, written } = output({});
  const report = createReport(stream, false);
  report.stats(stats('stats'));
  expect(written()).toBe(
    'tap0 up: rx 2.00 k/s 1.02 Mbit/s, tx 1.00 k/s 512 kbit/s, missed 12, dropped 7, errors 0\n',
  );
});
