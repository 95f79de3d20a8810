import { spawnSync } from 'node:child_process';
import { test } from '@rtap/testkit/vitest';
import { expect } from 'vitest';
import { RTAP } from './rtap.ts';

/** What `rtap link show` says of a namespace to an ordinary user. */
function refusal(place: string): string {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const command = [process.execPath, RTAP, '--netns', place, 'link', 'show'];
  const { status, stderr } = spawnSync('setpriv', [...nobody, ...command], { encoding: 'utf8' });
  expect(status).toBe(1);
  return stderr;
}

test('a namespace that may not be looked at is not said to be none', ({ netns: _, judges }) => {
  judges('setpriv');
  const path = `/proc/${process.pid}/ns/net`;
  expect(refusal(String(process.pid))).toContain(`EACCES: permission denied, open ${path}`);
  expect(refusal(path)).toContain(`EACCES: permission denied, open ${path}`);
  expect(refusal('/proc/none/ns/net')).toContain('does not exist');
});
