/**
 * A filter on a cable between two network namespaces: `node main.ts /run/netns/a /run/netns/b 'udp 53' icmp` drops what
 * one of the rules names, and counts it. SIGUSR1 shows the counts.
 *
 * @module
 */

import { RtapError, openTap } from '@rtap/core';
import type { FrameBatch, TapDevice } from '@rtap/core';
import { parseRule, ruleFor } from './rules.ts';

const [one, other, ...texts] = process.argv.slice(2);
if (one === undefined || other === undefined) {
  console.error("usage: node main.ts NAMESPACE NAMESPACE ['tcp|udp|icmp|ip PORT']...");
  process.exit(2);
}
const rules = texts.map(parseRule);

const a = await openTap({ netns: one });
const b = await openTap({ netns: other });
const close = async (): Promise<void> => {
  await Promise.all([a.close(), b.close()]);
};
let passed = 0;

/** What is dropped gets the length 0, in place; all the others go on with one call, super-frames too. */
async function pass(from: TapDevice, to: TapDevice): Promise<void> {
  for await (const batch of from.batches({ superFrames: true })) {
    for (let i = 0; i < batch.count; i += 1) {
      const rule = ruleFor(rules, batch.frame(i));
      if (rule === undefined) {
        passed += 1;
      } else {
        rule.dropped += 1;
        batch.setLength(i, 0);
      }
    }
    sendAll(to, batch);
  }
}

/** While the link is down frames are lost, as on any cable. */
function sendAll(tap: TapDevice, batch: FrameBatch): void {
  try {
    tap.queue(0).txBurst(batch);
  } catch (error) {
    if (!(error instanceof RtapError)) throw error;
  }
}

function show(): void {
  for (const { text, dropped } of rules) console.log(`${text}: ${dropped} dropped`);
  console.log(`${passed} passed`);
}

process.on('SIGUSR1', show);
process.once('SIGINT', () => void close());
console.log(`${a.name} and ${b.name} are up, end with Ctrl-C`);
await Promise.all([pass(a, b), pass(b, a)]);
show();
await close();
