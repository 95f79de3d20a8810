/**
 * What `npm start` starts ends with it, even when it is killed.
 * @module
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, it } from 'vitest';

const preload = new URL('../run/end-with-parent.mjs', import.meta.url).href;

const child = `
  setInterval(() => {}, 1000);
  process.once('SIGTERM', () => { console.log('ended'); process.exit(); });
  console.log('running');
`;
const parent = `
  const { spawn } = require('node:child_process');
  spawn(process.execPath, ['--import', ${JSON.stringify(preload)}, '-e', ${JSON.stringify(child)}], { stdio: 'inherit' });
`;

it('sends SIGTERM to a child whose parent was killed', async () => {
  const started = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of started.stdout) {
    output += String(chunk);
    if (output === 'running\n') started.kill('SIGKILL');
  }
  // The stream has ended: so has the grandchild, which held its other end.
  expect(output).toBe('running\nended\n');
  if (started.exitCode === null && started.signalCode === null) await once(started, 'exit');
  expect(started.signalCode).toBe('SIGKILL');
});
