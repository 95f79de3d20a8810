/**
 * Sending through a packet socket, waiting where there is no room.
 *
 * @module
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { NativeError } from '@rtap/native';
import type { PacketSocket } from '@rtap/native';

/** Sends frames of a slab. */
export class PacketWriter {
  /** How often the interface had no room, and dropped what was tried again then. */
  refused = 0;
  readonly #socket: PacketSocket;
  #wake: (() => void) | undefined;

  constructor(socket: PacketSocket) {
    this.#socket = socket;
  }

  /** Sends what there is room for, at least one frame unless it was woken; returns how many. */
  async send(
    slab: Uint8Array,
    descriptors: Uint32Array,
    from: number,
    count: number,
  ): Promise<number> {
    const sent = this.#try(slab, descriptors, from, count);
    if (sent > 0) return sent;
    // Dropped for lack of room there is nothing to wait for, but the interface's reader may be us.
    if (sent < 0) await nextTurn();
    else await this.#room();
    return 0;
  }

  /** Ends a wait for room. */
  wake(): void {
    this.#wake?.();
  }

  /** How many went; -1 when the interface dropped the first one. */
  #try(slab: Uint8Array, descriptors: Uint32Array, from: number, count: number): number {
    try {
      return this.#socket.txBurst(slab, descriptors, from, count);
    } catch (error) {
      if (!(error instanceof NativeError) || error.code !== 'ENOBUFS') throw error;
      this.refused += 1;
      return -1;
    }
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#socket.onWritable(resolve);
    });
    this.#wake = undefined;
    this.#socket.onWritable(undefined);
  }
}
