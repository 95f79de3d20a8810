import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const RTAP = new URL('../../../packages/cli/src/bin.ts', import.meta.url).pathname;

let folder = '';
let elsewhere = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rtap-elsewhere-'));
  elsewhere = join(folder, 'elsewhere.mjs');
  // Another system, on which no addon loads: what is asked of either is told by the exit code.
  writeFileSync(
    elsewhere,
    `Object.defineProperty(process, 'platform', { value: 'darwin' });
     process.dlopen = () => { console.error('an addon was loaded'); process.exit(9); };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function demo(...args: readonly string[]): Promise<{ output: string; code: unknown }> {
  const preload = ['--import', pathToFileURL(elsewhere).href];
  const child = spawn(process.execPath, [...preload, RTAP, 'demo', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, code };
}

describe('rtap demo --kernel fake', () => {
  it('runs on another system, and loads no addon', async () => {
    const { output, code } = await demo('--kernel', 'fake');
    expect(output).toContain('all is well');
    expect(output.match(/3 of 3 answered/g)).toHaveLength(4);
    for (const event of ['link down', 'link up', 'renamed', 'removed']) {
      expect(output).toMatch(new RegExp(`event: ${event}.* [0-9.]+ ms`));
    }
    expect(code).toBe(0);
  });

  it('is another demo than that of the real kernel, which loads one', async () => {
    const { code } = await demo();
    expect(code).not.toBe(0);
  });

  it('refuses a kernel that is none', async () => {
    const { code } = await demo('--kernel', 'mach');
    expect(code).toBe(2);
  });
});
