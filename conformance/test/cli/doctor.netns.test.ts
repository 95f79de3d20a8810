import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectNoLeaks } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { expect } from 'vitest';

const bin = join(import.meta.dirname, '../../../packages/cli/src/bin.ts');

test('rtap doctor proves each offload, and leaves nothing behind', async ({ netns }) => {
  await expectNoLeaks(
    async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [bin, 'doctor']);
      for (const offload of ['checksum', 'tso4', 'tso6', 'tsoEcn', 'uso4', 'uso6']) {
        expect(stdout).toContain(`offload ${offload}: whole as it was sent, and cut as the kernel`);
      }
      expect(stdout).toContain('ready');
    },
    { namespaces: [netns] },
  );
});

test('rtap doctor --json says the same, an object a line', async ({ netns: _ }) => {
  const run = promisify(execFile);
  const [json, text] = [
    await run(process.execPath, [bin, 'doctor', '--json']),
    await run(process.execPath, [bin, 'doctor']),
  ];
  const lines = json.stdout
    .trimEnd()
    .split('\n')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
  expect(lines.at(-1)).toEqual({ event: 'summary', ready: true, text: 'ready: try "rtap demo"' });
  expect(lines.length).toBeGreaterThan(8);
  for (const { event, verdict, text: said } of lines.slice(0, -1)) {
    expect(event).toBe('finding');
    expect(['ok', 'skipped']).toContain(verdict);
    expect(text.stdout).toContain(said);
  }
});
