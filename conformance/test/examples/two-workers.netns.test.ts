/**
 * The example with two workers works, and ends.
 *
 * @module
 */

import { ping, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { startExample } from './program.ts';

/** A program that sends UDP datagrams to the workers, without end. */
const FLOOD = `
const socket = require('node:dgram').createSocket('udp4');
const payload = Buffer.alloc(100);
socket.on('error', () => {});
const burst = () => {
  for (let sent = 0; sent < 100; sent += 1) socket.send(payload, 9, '10.0.0.2', () => {});
  setImmediate(burst);
};
burst();`;

describe('examples/two-workers', () => {
  test('answers, and says how much at its end', async ({ netns }) => {
    const program = await startExample(netns, 'two-workers');
    expect(await program.line()).toBe('rtap0 is up: ping 10.0.0.2, end with Ctrl-C');
    const { replies } = await ping({ netns, address: '10.0.0.2', count: 3 });
    expect(replies).toHaveLength(3);
    const [one, other, code] = await program.end();
    const sent = [one, other].map((line) =>
      Number(/^worker \d: \d+ frames received, (\d+) sent$/.exec(String(line))?.[1]),
    );
    // At least the answers to ARP and to the pings, by whichever worker had them.
    expect(sent.reduce((sum, each) => sum + each)).toBeGreaterThanOrEqual(4);
    expect(code).toBe(0);
  });

  test('goes on when its link was set down in the midst of frames', async ({ netns, judges }) => {
    judges('ip');
    const program = await startExample(netns, 'two-workers');
    await program.line();
    const flood = await netns.exec(process.execPath, ['-e', FLOOD], { stdio: 'ignore' });
    for (let flap = 0; flap < 100; flap += 1) {
      for (const state of ['down', 'up']) {
        // oxlint-disable-next-line no-await-in-loop
        expect(await run(netns, 'ip', ['link', 'set', 'rtap0', state])).toMatchObject({ code: 0 });
      }
    }
    flood.kill('SIGKILL');
    await flood.exited;
    const { replies } = await ping({ netns, address: '10.0.0.2', count: 3 });
    expect(replies).toHaveLength(3);
    expect((await program.end()).at(-1)).toBe(0);
  });
});
