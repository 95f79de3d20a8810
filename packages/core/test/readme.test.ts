import { readFileSync } from 'node:fs';
import { legalStates } from '@rtap/core';
import type { DeviceState } from '@rtap/core';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const cells = (row: string): string[] => row.split('|').map((cell) => cell.trim());

describe("the README's table of states", () => {
  it('is the one that the device judges by', () => {
    const [head = '', , ...rows] = readme
      .slice(readme.indexOf('| operation'))
      .split('\n\n')[0]!
      .split('\n');
    const states = cells(head).slice(2, -1);
    const told = rows.flatMap((row) => {
      const [, operations = '', ...ticks] = cells(row);
      const legal = states.filter((_, column) => ticks[column] === '✔') as DeviceState[];
      return [...operations.matchAll(/`(\w+)`/g)].map(([, operation]) => [operation, legal]);
    });
    expect(Object.fromEntries(told)).toEqual(legalStates);
  });
});
