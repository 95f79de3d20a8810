import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

describe('run', () => {
  test('rejects with the reason of its signal, whoever holds the output open', async ({
    netns,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'rtap-run-'));
    const started = join(folder, 'started');
    execFileSync('mkfifo', [started]);
    const controller = new AbortController();
    const reason = new Error('enough');
    // The shell is gone with the signal; who it started keeps its output.
    const script = `sleep 60 & echo $! > ${started}; wait`;
    const running = run(netns, 'sh', ['-c', script], { signal: controller.signal });
    const other = Number(await readFile(started, 'utf8'));
    try {
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
      expect(existsSync(`/proc/${other}`)).toBe(true);
    } finally {
      process.kill(other);
      rmSync(folder, { recursive: true });
    }
  });

  test.for([
    ['netns', [{}, 'true']],
    ['netns', [undefined, 'true']],
    ['options', [undefined, 'true', [], null]],
  ] as const)('refuses a wrong %s', async ([name, args], { netns }) => {
    const given = name === 'options' ? [netns, ...args.slice(1)] : args;
    await expect(Reflect.apply(run, undefined, given)).rejects.toMatchObject({
      ...{ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
      message: expect.stringContaining(`"${name}"`),
    });
  });
});
