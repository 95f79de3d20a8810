/**
 * One port of the switch.
 *
 * @module
 */

import { RtapError } from '@rtap/core';
import type { FrameBatch, TapDevice } from '@rtap/core';

/** A device, and the frames that are to go out of it. */
export class Port {
  readonly tap: TapDevice;
  readonly #out: FrameBatch;

  constructor(tap: TapDevice) {
    this.tap = tap;
    this.#out = tap.createBatch();
  }

  /** Takes a frame and its virtio-net header. */
  put(frame: Uint8Array, header: Uint8Array): void {
    if (!this.#out.push(frame)) {
      this.flush();
      if (!this.#out.push(frame)) return;
    }
    this.#out.header(this.#out.count - 1).set(header);
  }

  /** Sends what it has; while the link is down it is dropped, as on any switch. */
  flush(): void {
    const out = this.#out;
    try {
      let sent = 0;
      while (sent < out.count) sent += this.tap.queue(0).txBurst(out, sent);
    } catch (error) {
      if (!(error instanceof RtapError)) throw error;
    }
    out.clear();
  }
}
