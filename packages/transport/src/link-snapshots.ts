/**
 * RTM_GETLINK on a subscription's own socket.
 *
 * Asked there, and not on a socket of its own, the answer stands among the events exactly where the kernel
 * took it: all before it is older, all after it is newer, and no merging by guess is needed. One message is
 * asked for an interface, never a dump, so reading the socket never waits for the kernel's lock.
 *
 * @module
 */

import { RTEXT_FILTER_SKIP_STATS, RTM_GETLINK, NLM_F_REQUEST } from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { NetlinkSubscriptionTransport } from './netlink-transport.ts';

/** A snapshot that somebody waits for. */
export interface PendingSnapshot {
  /** The interface. */
  readonly ifindex: number;
  /** Called when the answer has been delivered. */
  readonly resolve: () => void;
  /** Called when there will be no answer. */
  readonly reject: (error: unknown) => void;
}

/** So many answers fit in any receive buffer together (each is 1 to 4 KB of it). */
const ASKED_AT_ONCE = 16;

/** The snapshots asked for on one subscription socket, a few at a time. */
export class LinkSnapshots {
  readonly #socket: NetlinkSubscriptionTransport;
  readonly #waiting: PendingSnapshot[] = [];
  readonly #asked = new Map<number, PendingSnapshot>();
  #sequence = 0;
  #held = false;

  constructor(socket: NetlinkSubscriptionTransport) {
    this.#socket = socket;
  }

  /** Asks for the state of an interface. */
  ask(snapshot: PendingSnapshot): void {
    this.#waiting.push(snapshot);
    this.#pump();
  }

  /** Sends nothing until {@link resume}: the kernel drops answers to a socket that isn't drained yet after an overrun. */
  hold(): void {
    this.#held = true;
  }

  /** Sends what had to wait. */
  resume(): void {
    this.#held = false;
    this.#pump();
  }

  /**
   * Asks again for all that is not answered yet: the answers may be among what was lost. What comes in for
   * the first question is no answer any more, because it may be older than the loss.
   */
  askAgain(): void {
    this.#waiting.unshift(...this.#asked.values());
    this.#asked.clear();
  }

  /** Takes the snapshot that a message with this sequence number answers. */
  take(sequence: number): PendingSnapshot | undefined {
    const snapshot = this.#asked.get(sequence);
    this.#asked.delete(sequence);
    return snapshot;
  }

  /** Asks for the next ones, once all that were asked together are answered. */
  settled(): void {
    this.#pump();
  }

  /** Gives up on every snapshot. */
  reject(error: unknown): void {
    const all = [...this.#asked.values(), ...this.#waiting];
    this.#asked.clear();
    this.#waiting.length = 0;
    for (const snapshot of all) snapshot.reject(error);
  }

  #pump(): void {
    if (this.#held || this.#asked.size > 0 || this.#waiting.length === 0) return;
    const requests: Uint8Array[] = [];
    const asked: number[] = [];
    for (const snapshot of this.#waiting.splice(0, ASKED_AT_ONCE)) {
      // 0 is what events carry.
      this.#sequence = (this.#sequence % 0xffff_ffff) + 1;
      this.#asked.set(this.#sequence, snapshot);
      asked.push(this.#sequence);
      requests.push(
        encodeLink(
          RTM_GETLINK,
          { index: snapshot.ifindex, extensionMask: RTEXT_FILTER_SKIP_STATS },
          { flags: NLM_F_REQUEST, sequence: this.#sequence },
        ),
      );
    }
    this.#socket.send(concatenate(requests)).catch((error: unknown) => {
      for (const sequence of asked) this.take(sequence)?.reject(error);
      this.#pump();
    });
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
