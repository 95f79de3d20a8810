/**
 * Mode `rxonly`: frames are received and dropped.
 *
 * @module
 */

import type { Port } from './port.ts';
import { readQueues } from './read-queues.ts';

/** Receives until the signal is aborted or the interface is gone; native code counts. */
export function receive(port: Port, signal: AbortSignal): Promise<void> {
  return readQueues(port, { superFrames: true, signal }, () => undefined);
}
