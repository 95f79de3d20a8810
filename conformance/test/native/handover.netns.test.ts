import { run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const fixture = new URL('fixtures/handover.ts', import.meta.url).pathname;

describe('files that are handed over', () => {
  test('with none left wait for one, or are told to be missing', async ({ netns }) => {
    const args = ['-c', 'ulimit -n 256; exec "$0" "$@"', process.execPath, fixture];
    const { code, stdout, stderr } = await run(netns, 'sh', args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('accepted: false\n0: 0\n1: 1\n2: 1\nnothing left\n');
  });

  test('come to a listener whose errors are not hidden', async ({ netns }) => {
    const { code, stderr } = await run(netns, process.execPath, [fixture, 'throwing']);
    expect(stderr).toContain('Error: of the listener');
    expect(code).toBe(1);
  });
});
