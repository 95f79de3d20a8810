/**
 * What a switch has learned.
 *
 * @module
 */

/** For how long an address is believed to be where it was last seen, in milliseconds; IEEE 802.1D says 300 s. */
const AGEING_TIME = 300_000;
/** Most addresses that are kept, so that nobody can fill the memory by inventing some. */
const MOST_ADDRESSES = 8192;

/** MAC addresses, and the ports that they were seen at. */
export class MacTable<Port> {
  readonly #entries = new Map<bigint, { readonly port: Port; readonly seen: number }>();

  /** A frame with this source came from that port. */
  learn(mac: Uint8Array, port: Port): void {
    const key = keyOf(mac);
    // The one that was not heard of for the longest time is the first.
    this.#entries.delete(key);
    if (this.#entries.size === MOST_ADDRESSES) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    this.#entries.set(key, { port, seen: Date.now() });
  }

  /** The port that a frame for this destination goes to; undefined: to all. */
  find(mac: Uint8Array): Port | undefined {
    const entry = this.#entries.get(keyOf(mac));
    return entry !== undefined && Date.now() - entry.seen < AGEING_TIME ? entry.port : undefined;
  }

  /** The port is gone. */
  forget(port: Port): void {
    for (const [key, entry] of this.#entries) if (entry.port === port) this.#entries.delete(key);
  }
}

function keyOf(mac: Uint8Array): bigint {
  return mac.reduce((key, byte) => (key << 8n) | BigInt(byte), 0n);
}
