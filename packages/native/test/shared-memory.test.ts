import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { expect, test } from 'vitest';

import { coalesceBurst, completeChecksums, segmentBurst } from '../src/index.ts';
import { output, superFrame } from './udp-frames.ts';

/** Writes noise over the start of shared memory until it is told to stop. */
const SCRIBBLER = `
const { parentPort, workerData } = require('node:worker_threads');
const bytes = new Uint8Array(workerData.memory);
const stop = new Int32Array(workerData.stop);
let noise = 1;
parentPort.postMessage('writing');
while (Atomics.load(stop, 0) === 0) {
  for (let i = 0; i < 1000; i += 1) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    bytes[(noise >>> 8) % 80] = noise >>> 24;
  }
}
`;

test('memory that somebody else writes meanwhile breaks nothing', async () => {
  const { slab, descriptors } = superFrame();
  const memory = new SharedArrayBuffer(slab.length);
  const stop = new SharedArrayBuffer(4);
  const shared = new Uint8Array(memory);
  const { toSlab, toDescriptors, progress } = output();
  const worker = new Worker(SCRIBBLER, { eval: true, workerData: { memory, stop } });
  const exit = once(worker, 'exit');
  await once(worker, 'message');
  try {
    for (let round = 0; round < 5000; round += 1) {
      for (const burst of [segmentBurst, coalesceBurst]) {
        shared.set(slab);
        progress.fill(0);
        const written = burst(shared, descriptors, 0, 1, toSlab, toDescriptors, 8, progress);
        for (let word = 0; word < 2 * written; word += 2) {
          const end = (toDescriptors[word] ?? 0) + (toDescriptors[word + 1] ?? 0);
          expect(end).toBeLessThanOrEqual(toSlab.length);
        }
      }
      shared.set(slab);
      completeChecksums(shared, Uint32Array.from(descriptors), 0, 1, progress);
    }
  } finally {
    Atomics.store(new Int32Array(stop), 0, 1);
  }
  expect(await exit).toEqual([0]);
});
