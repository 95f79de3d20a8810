/**
 * Reading all queues of a device, each for itself so that it is known where frames came from.
 *
 * @module
 */

import type { BatchOptions, FrameBatch } from '@rtap/core';
import type { Port } from './port.ts';

/** Hands over each batch with its queue, until the signal is aborted or the interface is gone. */
export async function readQueues(
  port: Port,
  options: BatchOptions & { readonly signal: AbortSignal },
  take: (batch: FrameBatch, queue: number) => void,
): Promise<void> {
  const { signal } = options;
  if (signal.aborted || !port.present) return;
  const queues = Array.from({ length: port.tap.queueCount }, (_, index) => index);
  await Promise.all(queues.map((queue) => readQueue(port, queue, options, take)));
}

async function readQueue(
  port: Port,
  queue: number,
  options: BatchOptions & { readonly signal: AbortSignal },
  take: (batch: FrameBatch, queue: number) => void,
): Promise<void> {
  try {
    for await (const batch of port.tap.queue(queue).batches(options)) take(batch, queue);
  } catch (error) {
    if (!options.signal.aborted && port.present) throw error;
  }
}
