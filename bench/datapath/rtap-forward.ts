/**
 * The forwarder of rtap: passes all that comes from one device on to the other, both ways, as `c/forwarder.c` does.
 *
 *     rtap-forward.ts DIST none|gso|segments|joined|splice-1|splice-2 NAMESPACE
 *
 * DIST is the file of the built `@rtap/core`. With segments JavaScript sees frames for the wire, none longer than the
 * MTU; with joined it sees them too, and puts them together again before they are sent; with splice-1 and splice-2 it
 * sees nothing, and so many native threads forward. Prints `NAME NAME`, or `absent` and why; ends with its input.
 *
 * @module
 */

import type { FrameBatch, TapDevice, TapQueue } from '@rtap/core';

import { core, importNative } from './built.ts';

const [, , , mode = '', netns = ''] = process.argv;

/** Bursts of one way before the other has its turn. */
const BURSTS_A_TURN = 16;

const offloads = mode === 'none' ? 'none' : 'auto';
const one = await core.openTap({ offloads });
const other = await core.openTap({ offloads, netns });
const forward = { segments: forwardSegments, joined: forwardJoined }[mode] ?? forwardRaw;
const { granted, reason } = one.info().offloads;
if (offloads === 'auto' && !granted.includes('tso4')) {
  console.log(`absent ${reason ?? 'no offload of TCP'}`);
} else {
  console.log(`${one.name} ${other.name}`);
  if (mode.startsWith('splice')) {
    core.splice(one, other, { threads: mode === 'splice-1' ? 1 : 2 });
  } else {
    void forward(one, other);
    void forward(other, one);
  }
}
process.stdin.on('end', () => process.exit()).resume();

/** Raw bursts carry super-frames and headers, and so they are passed on. */
async function forwardRaw(from: TapDevice, to: TapDevice): Promise<never> {
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

async function forwardSegments(from: TapDevice, to: TapDevice): Promise<void> {
  const sink = to.queue(0);
  for await (const batch of from.batches()) send(sink, batch);
}

async function forwardJoined(from: TapDevice, to: TapDevice): Promise<void> {
  const { coalesceBurst, progressWord, PROGRESS_WORDS } = await importNative();
  const sink = to.queue(0);
  const joined = to.createBatch();
  const progress = new Uint32Array(PROGRESS_WORDS);
  for await (const { slab, descriptors, count } of from.batches()) {
    for (let done = 0; done < count; done += progress[progressWord.consumed] ?? count) {
      const made = coalesceBurst(
        slab,
        descriptors,
        done,
        count - done,
        joined.slab,
        joined.descriptors,
        core.BATCH_FRAMES,
        progress,
      );
      joined.filled(made);
      send(sink, joined);
    }
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
