import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { soakFiles } from '../run/tests.mjs';

test('npm run soak runs the test files that ask for RTAP_SOAK, wherever they are', () => {
  const root = mkdtempSync(join(tmpdir(), 'rtap-soak-'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  // In pieces, so that this file isn't one of them.
  const variable = 'RTAP_SOAK';
  const long = `const TIMES = process.env['${variable}'] === undefined ? 1 : 10;`;
  try {
    write('packages/one/test/long.test.ts', long);
    write('packages/one/test/short.test.ts', 'const TIMES = 1;');
    write('packages/one/test/helper.ts', long);
    write('packages/one/src/long.test.ts', long);
    write('packages/two/package.json', '{}');
    write('conformance/test/deep/long.netns.test.ts', long);
    expect(soakFiles(root)).toEqual([
      'conformance/test/deep/long.netns.test.ts',
      'packages/one/test/long.test.ts',
    ]);
    // The repository's own: without one the command would run all tests.
    expect(soakFiles(join(import.meta.dirname, '../..'))).toContain(
      'conformance/test/transport/storm.netns.test.ts',
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});
