/**
 * The example with two workers works, and ends.
 *
 * @module
 */

import { createInterface } from 'node:readline';
import { ping } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';

const PROGRAM = new URL('../../../examples/two-workers/main.ts', import.meta.url).pathname;

describe('examples/two-workers', () => {
  test('answers, and says how much at its end', async ({ netns }) => {
    const child = await netns.exec(process.execPath, [PROGRAM], { stdio: 'pipe' });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new TypeError('no output');
    stderr.pipe(process.stderr);
    const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('rtap0 is up: ping 10.0.0.2, end with Ctrl-C');
    const { replies } = await ping({ netns, address: '10.0.0.2', count: 3 });
    expect(replies).toHaveLength(3);
    child.kill('SIGINT');
    const said = [(await lines.next()).value, (await lines.next()).value];
    const sent = said.map((line) =>
      Number(/^worker \d: \d+ frames received, (\d+) sent$/.exec(line)?.[1]),
    );
    // At least the answers to ARP and to the pings, by whichever worker had them.
    expect(sent.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(4);
    expect((await child.exited).code).toBe(0);
  });
});
