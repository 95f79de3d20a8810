/**
 * What answers the pings: this process, in TypeScript.
 *
 * @module
 */

import { parseIpAddress, parseMacAddress, respond } from '@rtap/frames';
import type { TapDevice } from '@rtap/core';

/** The host that this process plays. */
export const HOST = {
  mac: '02:72:74:61:70:02',
  ipv4: '10.77.0.2',
  ipv6: 'fd77::2',
} as const;

/** What was answered so far. */
export interface ResponderCounts {
  /** Frames looked at. */
  frames: number;
  /** Frames answered. */
  answered: number;
}

/**
 * Answers ARP, neighbour solicitation and ICMP echo until the device ends.
 *
 * Each frame is turned into its answer where it lies in the receive slab, and the same batch is sent back.
 */
export async function answer(tap: TapDevice, counts: ResponderCounts): Promise<void> {
  const host = {
    mac: parseMacAddress(HOST.mac),
    ipv4: parseIpAddress(HOST.ipv4),
    ipv6: parseIpAddress(HOST.ipv6),
  };
  for await (const batch of tap.batches()) {
    for (let index = 0; index < batch.count; index += 1) {
      const length = respond(batch.slab, host, batch.offset(index), batch.length(index));
      batch.setLength(index, length);
      counts.frames += 1;
      if (length > 0) counts.answered += 1;
    }
    send(tap, batch);
  }
}

function send(
  tap: TapDevice,
  batch: Parameters<ReturnType<TapDevice['queue']>['txBurst']>[0],
): void {
  try {
    tap.queue(0).txBurst(batch);
  } catch (error) {
    // The link went down meanwhile: there is nobody to answer.
    if (!(error instanceof Error && 'code' in error && error.code === 'EIO')) throw error;
  }
}
