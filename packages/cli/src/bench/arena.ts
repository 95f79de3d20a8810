/**
 * Where workloads are measured: devices in a namespace of their own, and a socket to fill them with frames.
 *
 * @module
 */

import { openTap } from '@rtap/core';
import type { NetworkNamespace, TapDevice } from '@rtap/core';
import { openPacketSocket } from '@rtap/native';
import type { PacketSocket } from '@rtap/native';
import { createOwnNamespace } from '../own-namespace.ts';
import { FILLING, frameOf } from './queue-work.ts';

/** The kernel's address in the arena, and the net that it can ping. */
const ADDRESS = '10.77.0.1/24';

/** Two devices and what fills the first one's queue. */
export class Arena {
  readonly netns: NetworkNamespace;
  readonly first: TapDevice;
  readonly second: TapDevice;
  readonly #filler: PacketSocket;

  private constructor(
    netns: NetworkNamespace,
    devices: readonly [TapDevice, TapDevice],
    filler: PacketSocket,
  ) {
    this.netns = netns;
    [this.first, this.second] = devices;
    this.#filler = filler;
  }

  /** Makes it. */
  static async open(signal: AbortSignal): Promise<Arena> {
    const netns = await createOwnNamespace();
    const opened: { close(): Promise<void> }[] = [netns];
    try {
      const first = await openTap({ netns, addresses: [ADDRESS], signal });
      opened.unshift(first);
      const second = await openTap({ netns, signal });
      opened.unshift(second);
      const { ifindex } = first;
      const filler = await openPacketSocket({ netns, ifindex, sendOnly: true, qdiscBypass: true });
      return new Arena(netns, [first, second], filler);
    } catch (error) {
      // oxlint-disable-next-line no-await-in-loop -- the namespace comes last
      for (const each of opened) await each.close();
      throw error;
    }
  }

  /** Has the kernel send so many frames out of the first device. */
  fill(frames: Frames): void {
    let sent = 0;
    while (sent < FILLING) {
      sent += this.#filler.txBurst(frames.slab, frames.descriptors, sent, FILLING - sent);
    }
  }

  /** Takes it down. */
  async close(): Promise<void> {
    await Promise.all([this.first.close(), this.second.close(), this.#filler.close()]);
    await this.netns.close();
  }
}

/** As many frames of a size as fill a queue, all at the same place. */
export interface Frames {
  readonly slab: Uint8Array;
  readonly descriptors: Uint32Array;
}

/** Makes them. */
export function framesOf(size: number): Frames {
  const descriptors = new Uint32Array(2 * FILLING);
  for (let index = 0; index < FILLING; index += 1) descriptors[2 * index + 1] = size;
  return { slab: frameOf(size), descriptors };
}
