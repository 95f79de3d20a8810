/**
 * A host at 10.0.0.2 that answers pings and echoes UDP, on two cores: each of two workers has a queue.
 *
 * @module
 */

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { openTap } from '@rtap/core';

const tap = await openTap({ queues: 2, addresses: ['10.0.0.1/24'] });

const workers = [0, 1].map(
  (index) =>
    new Worker(new URL('worker.ts', import.meta.url), { workerData: tap.queue(index).transfer() }),
);
await Promise.all(workers.map((worker) => once(worker, 'message')));
console.log(`${tap.name} is up: ping 10.0.0.2, end with Ctrl-C`);

// The workers' loops end when the device is closed or gone, and the workers with them.
process.once('SIGINT', () => void tap.close());
await Promise.all(workers.map((worker) => once(worker, 'exit')));
for (const index of [0, 1]) {
  const { rxPackets, txPackets } = tap.queue(index).counters;
  console.log(`worker ${index}: ${rxPackets} frames received, ${txPackets} sent`);
}
await tap.close();
