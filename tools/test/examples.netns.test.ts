import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples, runExample } from '../examples.mjs';

const root = new URL('../..', import.meta.url).pathname;

let folder = '';
beforeAll(() => {
  // Below conformance, from where all packages are found.
  folder = mkdtempSync(join(root, 'conformance/.example-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('every example of a docstring runs, and prints what it says', () => {
  it.for(examples(root))('$name', (example, { skip }) => {
    if (example.privileged && process.geteuid?.() !== 0) skip('needs root');
    expect(runExample(process.execPath, example, folder)).toBeUndefined();
  });
});
