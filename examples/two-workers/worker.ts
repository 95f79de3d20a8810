/**
 * One of the two workers.
 *
 * @module
 */

import { parentPort, workerData } from 'node:worker_threads';
import { receiveQueue, RtapError } from '@rtap/core';
import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';
import { echo } from './echo.ts';

/** The host that both play. */
const host = { mac: parseMacAddress('02:00:00:00:00:02'), ipv4: parseIpAddress('10.0.0.2') };

const queue = receiveQueue(workerData);
parentPort?.postMessage('ready');
try {
  for await (const batch of queue.batches()) {
    for (let i = 0; i < batch.count; i += 1) {
      // What is neither is dropped: length 0.
      const answered =
        echo(batch.frame(i), host) || respond(batch.slab, host, batch.offset(i), batch.length(i));
      batch.setLength(i, answered);
    }
    try {
      // On its own queue: the kernel then gives it what else comes of these flows.
      queue.txBurst(batch);
    } catch (error) {
      // While the link is down answers are lost, as on a wire.
      if (!(error instanceof RtapError && error.code === 'EIO')) throw error;
    }
  }
} catch (error) {
  // The device was closed in the middle of it: that is no failure.
  if (queue.state === 'started') throw error;
}
