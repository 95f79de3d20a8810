/**
 * The example with two workers works, and ends.
 *
 * @module
 */

import { ping } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { describe, expect } from 'vitest';
import { startExample } from './program.ts';

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
});
