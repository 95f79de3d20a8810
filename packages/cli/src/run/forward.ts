/**
 * Modes `io` and `macswap`: frames go out of the other device, or back out of the only one.
 *
 * @module
 */

import { splice } from '@rtap/core';
import type { Port } from './port.ts';
import { readQueues } from './read-queues.ts';

/** Bytes of a MAC address. */
const MAC_LENGTH = 6;

/**
 * Forwards what one device receives until the signal is aborted or its interface is gone. Super-frames pass as they
 * are, with the header that says what is left undone. Queue i gives to queue i, or i modulo the other's number.
 */
export function forward(
  from: Port,
  to: Port,
  options: { readonly swap: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { swap, signal } = options;
  const queues = to.tap.queueCount;
  return readQueues(from, { superFrames: true, signal }, (batch, queue) => {
    if (swap) {
      for (let index = 0; index < batch.count; index += 1) {
        swapAddresses(batch.slab, batch.offset(index));
      }
    }
    to.send(queue % queues, batch);
  });
}

/**
 * Forwards both ways on a native thread, until the signal is aborted; when one of the two interfaces is gone the other
 * one's frames are dropped and counted, as without a splice.
 */
export async function forwardSpliced(a: Port, b: Port, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const spliced = splice(a.tap, b.tap, { signal });
  a.droppedBySplice = () => spliced.counters().bToA.dropped;
  b.droppedBySplice = () => spliced.counters().aToB.dropped;
  const { error } = await spliced.closed;
  if (error !== undefined) throw error;
  await Promise.all([
    forward(a, b, { swap: false, signal }),
    forward(b, a, { swap: false, signal }),
  ]);
}

function swapAddresses(bytes: Uint8Array, destination: number): void {
  const source = destination + MAC_LENGTH;
  for (let at = 0; at < MAC_LENGTH; at += 1) {
    const byte = bytes[destination + at] ?? 0;
    bytes[destination + at] = bytes[source + at] ?? 0;
    bytes[source + at] = byte;
  }
}
