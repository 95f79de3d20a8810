/**
 * The forwarder of rtap: passes all that comes from one device on to the other, both ways, as `c/forwarder.c` does.
 *
 *     rtap-forward.ts DIST none|gso NAMESPACE
 *
 * DIST is the file of the built `@rtap/core`. Prints `NAME NAME`; ends with its input.
 *
 * @module
 */

import type { FrameBatch, TapDevice, TapQueue } from '@rtap/core';

import { core, openTap } from './built.ts';

const [, , , mode = '', netns = ''] = process.argv;

/** Bursts of one way before the other has its turn. */
const BURSTS_A_TURN = 16;

const one = await openTap(mode === 'gso');
const other = await openTap(mode === 'gso', { netns });
console.log(`${one.name} ${other.name}`);
void forward(one, other);
void forward(other, one);
process.stdin.on('end', () => process.exit()).resume();

/** Raw bursts carry super-frames and headers, and so they are passed on. */
async function forward(from: TapDevice, to: TapDevice): Promise<never> {
  const source = from.queue(0);
  const sink = to.queue(0);
  for (;;) {
    for (let burst = 0; burst < BURSTS_A_TURN; burst += 1) {
      const batch = source.rxBurst();
      if (batch.count === 0) break;
      send(sink, batch);
    }
    await source.waitReadable();
  }
}

/** A device that is not up yet loses frames, as a wire does. */
function send(sink: TapQueue, batch: FrameBatch): void {
  try {
    for (let sent = 0; sent < batch.count; sent += sink.txBurst(batch, sent));
  } catch (error) {
    if (!(error instanceof core.RtapError) || error.code !== 'EIO') throw error;
  }
}
