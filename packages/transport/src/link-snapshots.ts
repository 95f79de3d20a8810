/**
 * RTM_GETLINK on a subscription's own socket.
 *
 * Asked there, and not on a socket of its own, the answer stands among the events exactly where the kernel
 * took it: all before it is older, all after it is newer, and no merging by guess is needed. One message is
 * asked for an interface, never a dump, so reading the socket never waits for the kernel's lock.
 *
 * @module
 */

import {
  NLM_F_ACK,
  NLM_F_REQUEST,
  RTEXT_FILTER_SKIP_STATS,
  RTM_GETLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { LinkRequest } from '@rtap/netlink/link';
import { tellSent } from './channels.ts';
import type { NetlinkSubscriptionTransport } from './netlink-transport.ts';

/** A snapshot that somebody waits for. */
export interface PendingSnapshot {
  /** The interface. */
  readonly ifindex: number;
  /**
   * What is to be changed before it is asked for, by a request of its own in the same datagram. When its
   * acknowledgement is lost it goes out again, so it must be one that may be done twice.
   */
  readonly changes?: LinkRequest;
  /** What an error calls the interface. */
  readonly about?: string;
  /** Called when the answer has been delivered. */
  readonly resolve: () => void;
  /** Called when there will be no answer. */
  readonly reject: (error: unknown) => void;
}

/** A request to change an interface that is on its way. */
export interface Change {
  /** Whose. */
  readonly snapshot: PendingSnapshot;
  /** Its bytes. */
  readonly request: Uint8Array;
  /** The sequence number of the question behind it. */
  readonly question: number;
}

/** So many answers fit in any receive buffer together (each is 1 to 4 KB of it). */
const ASKED_AT_ONCE = 16;

/** The snapshots asked for on one subscription socket, a few at a time. */
export class LinkSnapshots {
  readonly #socket: NetlinkSubscriptionTransport;
  readonly #waiting: PendingSnapshot[] = [];
  readonly #asked = new Map<number, PendingSnapshot>();
  /** Changes that are not acknowledged yet, and the questions that went out behind them. */
  readonly #changing = new Map<number, Change>();
  /** Those that were. */
  readonly #changed = new WeakSet<PendingSnapshot>();
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
    this.#changing.clear();
  }

  /** Takes the snapshot that a message with this sequence number answers. */
  take(sequence: number): PendingSnapshot | undefined {
    const snapshot = this.#asked.get(sequence);
    this.#asked.delete(sequence);
    return snapshot;
  }

  /** Takes the change that an acknowledgement with this sequence number is for; refused, its question goes with it. */
  acknowledge(sequence: number, refused: boolean): Change | undefined {
    const change = this.#changing.get(sequence);
    if (change === undefined) return undefined;
    this.#changing.delete(sequence);
    this.#changed.add(change.snapshot);
    if (refused) this.#asked.delete(change.question);
    return change;
  }

  /** Asks for the next ones, once all that were asked together are answered. */
  settled(): void {
    this.#pump();
  }

  /** Gives up on every snapshot. */
  reject(error: unknown): void {
    const all = [...this.#asked.values(), ...this.#waiting];
    this.#asked.clear();
    this.#changing.clear();
    this.#waiting.length = 0;
    for (const snapshot of all) snapshot.reject(error);
  }

  #pump(): void {
    if (this.#held || this.#asked.size > 0 || this.#waiting.length === 0) return;
    const requests: Uint8Array[] = [];
    const asked: number[] = [];
    for (const snapshot of this.#waiting.splice(0, ASKED_AT_ONCE)) {
      const { ifindex: index, changes } = snapshot;
      if (changes !== undefined && !this.#changed.has(snapshot)) {
        const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: this.#nextSequence() };
        const request = encodeLink(RTM_NEWLINK, { ...changes, index }, header);
        const question = nextSequence(header.sequence);
        this.#changing.set(header.sequence, { snapshot, request, question });
        requests.push(request);
      }
      const sequence = this.#nextSequence();
      this.#asked.set(sequence, snapshot);
      asked.push(sequence);
      const extensionMask = RTEXT_FILTER_SKIP_STATS;
      requests.push(
        encodeLink(RTM_GETLINK, { index, extensionMask }, { flags: NLM_F_REQUEST, sequence }),
      );
    }
    const datagram = concatenate(requests);
    tellSent(this.#socket, datagram);
    this.#socket.send(datagram).catch((error: unknown) => {
      this.#changing.clear();
      for (const sequence of asked) this.take(sequence)?.reject(error);
      this.#pump();
    });
  }

  #nextSequence(): number {
    this.#sequence = nextSequence(this.#sequence);
    return this.#sequence;
  }
}

/** 0 is what events carry. */
function nextSequence(sequence: number): number {
  return (sequence % 0xffff_ffff) + 1;
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
