import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@rtap/testkit/vitest';
import { expect } from 'vitest';
import { checkLimits } from '../src/doctor/limits.ts';
import { RTAP } from './rtap.ts';
import type { Json } from './rtap.ts';

const run = promisify(execFile);
const FORBID = new URL('../../../conformance/test/parity/fixtures/forbid.c', import.meta.url)
  .pathname;

/** Runs `rtap doctor --json` by another program, and tells what it found. */
async function findings(program: string, ...args: readonly string[]): Promise<readonly Json[]> {
  const { stdout } = await run(program, [...args, process.execPath, RTAP, 'doctor', '--json']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): Json => JSON.parse(line));
}

test('the doctor says why io_uring is refused, and what to do', async ({ netns: _, judges }) => {
  judges('gcc');
  const folder = await mkdtemp(join(tmpdir(), 'rtap-doctor-'));
  try {
    const forbid = join(folder, 'forbid');
    await run('gcc', ['-o', forbid, FORBID]);
    const found = await findings(forbid, '1');
    expect(found).toContainEqual({
      event: 'finding',
      verdict: 'skipped',
      text: 'io_uring is refused, system calls carry out bursts: EPERM: operation not permitted, io_uring_setup',
      fix: expect.stringMatching(/io_uring_disabled is|seccomp/),
    });
    // A device works without.
    expect(found.at(-1)).toMatchObject({ event: 'summary', ready: true });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the doctor says which limit is too low, and how to raise it', async ({ netns: _ }) => {
  const found = await findings('prlimit', '--nofile=200:200');
  expect(found).toContainEqual({
    event: 'finding',
    verdict: 'skipped',
    text: expect.stringMatching(/^limit of open files \(RLIMIT_NOFILE\): 200;.* too few/),
    fix: expect.stringContaining('ulimit -n 384'),
  });
  for (const limit of ['max_user_namespaces', 'max_net_namespaces', 'rmem_max']) {
    expect(found).toContainEqual(
      expect.objectContaining({ text: expect.stringMatching(`^limit of .*${limit}\\): \\d+`) }),
    );
  }
});

test('namespaces that are forbidden, and a small receive buffer, are told with their sysctl', () => {
  const read = (path: string): string | undefined => {
    if (path === '/proc/sys/user/max_user_namespaces') return '0\n';
    return path === '/proc/sys/net/core/rmem_max' ? '212992\n' : undefined;
  };
  expect(checkLimits(read, false)).toMatchObject([
    { verdict: 'skipped', fix: 'sudo sysctl -w user.max_user_namespaces=10000' },
    { verdict: 'skipped', fix: 'sudo sysctl -w net.core.rmem_max=1048576' },
  ]);
  // With CAP_NET_ADMIN the kernel grants a socket more.
  expect(checkLimits(read, true)).toMatchObject([{ verdict: 'skipped' }, { verdict: 'ok' }]);
});
