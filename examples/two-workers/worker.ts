/**
 * One of the two workers.
 *
 * @module
 */

import { parentPort, workerData } from 'node:worker_threads';
import { receiveQueue } from '@rtap/core';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';

/** The host that both play. */
const host = { mac: parseMacAddress('02:00:00:00:00:02'), ipv4: parseIpAddress('10.0.0.2') };

/** What changes places in an echo, as offsets in the frame; checksums stay true. */
const places = [
  { from: 0, to: 6, length: 6 }, // MAC addresses
  { from: 26, to: 30, length: 4 }, // IP addresses
  { from: 34, to: 36, length: 2 }, // ports
];

/** Turns UDP over IPv4 without options into its echo; returns its length, 0 when it is something else. */
function echo(frame: Uint8Array): number {
  const isUdp = frame[12] === 8 && frame[13] === 0 && frame[14] === 0x45 && frame[23] === 17;
  if (!isUdp) return 0;
  for (const { from, to, length } of places) {
    const kept = frame.slice(from, from + length);
    frame.copyWithin(from, to, to + length);
    frame.set(kept, to);
  }
  return frame.length;
}

const queue = receiveQueue(workerData);
parentPort?.postMessage('ready');
try {
  for await (const batch of queue.batches()) {
    for (let i = 0; i < batch.count; i += 1) {
      // What is neither is dropped: length 0.
      const answered =
        echo(batch.frame(i)) || respond(batch.slab, host, batch.offset(i), batch.length(i));
      batch.setLength(i, answered);
    }
    // On its own queue: the kernel then gives it what else comes of these flows.
    queue.txBurst(batch);
  }
} catch (error) {
  // The device was closed in the middle of it: that is no failure.
  if (queue.state === 'started') throw error;
}
