/**
 * The examples in docstrings run, and print what they say.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { examples, judge } from '../../../tools/examples.mjs';

const ROOT = new URL('../../../', import.meta.url).pathname;

let folder = '';
beforeAll(() => {
  // Below conformance, so that the workspace's packages are found.
  folder = mkdtempSync(join(ROOT, 'conformance/.example-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('every example', () => {
  test.for(examples(ROOT))('$name', async (example, { netns }) => {
    const path = join(folder, 'example.mjs');
    writeFileSync(path, example.code);
    const { code, stdout, stderr } = await run(netns, process.execPath, [path]);
    expect(stderr).toBe('');
    expect(judge(example, stdout)).toBeUndefined();
    expect(code).toBe(0);
  });
});
