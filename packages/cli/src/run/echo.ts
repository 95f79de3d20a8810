/**
 * Mode `icmpecho`: whoever is asked for answers.
 *
 * @module
 */

import { parseMacAddress } from '@rtap/frames';
import { EchoResponder } from './echo-responder.ts';
import type { Port } from './port.ts';
import { readQueues } from './read-queues.ts';

/**
 * Answers ARP, neighbour discovery and echo requests for any address until the signal is aborted or the interface is
 * gone. Each frame becomes its answer where it lies, and the batch goes back out of its queue.
 */
export function echo(port: Port, signal: AbortSignal): Promise<void> {
  const responder = new EchoResponder(neighbourOf(port.tap.macAddress));
  return readQueues(port, { signal }, (batch, queue) => {
    for (let index = 0; index < batch.count; index += 1) {
      const offset = batch.offset(index);
      batch.setLength(index, responder.answer(batch.slab, offset, batch.length(index)));
    }
    port.send(queue, batch);
  });
}

/** The MAC address at this process's end of the cable: the interface's own with another first byte, of local scope. */
function neighbourOf(macAddress: string | undefined): Uint8Array {
  const mac = parseMacAddress(macAddress ?? '02:00:00:00:00:00');
  mac[0] = mac[0] === 0x02 ? 0x06 : 0x02;
  return mac;
}
