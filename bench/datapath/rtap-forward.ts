/**
 * The forwarder of rtap: passes all that comes from one device on to the other, both ways, as `c/forwarder.c` does.
 *
 *     rtap-forward.ts DIST none|gso NAMESPACE
 *
 * DIST is the file of the built `@rtap/core`. Prints `NAME NAME`, or `absent` and why; ends with its input.
 *
 * @module
 */

import { pathToFileURL } from 'node:url';

import type * as Core from '@rtap/core';
import type { FrameBatch, OpenTapOptions, TapDevice, TapQueue } from '@rtap/core';

const [, , dist = '', mode = '', netns = ''] = process.argv;
const core: typeof Core = await import(pathToFileURL(dist).href);

/** Bursts of one way before the other has its turn. */
const BURSTS_A_TURN = 16;

const one = await open();
const other = await open({ netns });
if (mode === 'gso' && !('offloads' in one.info())) {
  console.log('absent this @rtap/core has no offloads');
} else {
  console.log(`${one.name} ${other.name}`);
  void forward(one, other);
  void forward(other, one);
}
process.stdin.on('end', () => process.exit()).resume();

async function open(where: OpenTapOptions = {}): Promise<TapDevice> {
  const options: OpenTapOptions & { readonly offloads: string } = {
    ...where,
    offloads: mode === 'gso' ? 'auto' : 'none',
  };
  return core.openTap(options);
}

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
