/**
 * What can go wrong with the in-memory rtnetlink's answers and events, on demand.
 *
 * @module
 */

import type { Datagram } from '../netlink-transport.ts';

const SEQUENCE_OFFSET = 8;

/** Faults of a {@link MemoryRtnetlink}, each armed for the next time; {@link MemoryRtnetlink.faults}. */
export class MemoryFaults {
  #interruptions = 0;
  #duringDump: (() => void) | undefined;
  #wrongSequence = false;
  #truncation: number | undefined;
  #spoofed: Datagram | undefined;
  #delayed: (() => void)[] | undefined;

  /** The next `times` dumps have NLM_F_DUMP_INTR on one message in their midst, and nowhere else. */
  interruptDumps(times: number): void {
    this.#interruptions = times;
  }

  /** Called once, when the next dump has told half of what there is: what it changes may be told old or new. */
  duringDump(change: () => void): void {
    this.#duringDump = change;
  }

  /** Before the next answer comes the same one with a wrong sequence number. */
  answerWithWrongSequence(): void {
    this.#wrongSequence = true;
  }

  /** The next answer is cut to so many bytes. */
  truncateAnswer(length: number): void {
    this.#truncation = length;
  }

  /** Before the next answer comes the same one from another sender, with these bytes instead of its last ones. */
  spoofAnswer(bytes: Uint8Array, portId: number): void {
    this.#spoofed = { bytes, portId, groups: 0, truncated: false };
  }

  /** Events stay in the kernel until the function it returns is called: answers overtake them. */
  delayEvents(): () => void {
    const delayed: (() => void)[] = [];
    this.#delayed = delayed;
    return () => {
      if (this.#delayed === delayed) this.#delayed = undefined;
      for (const deliver of delayed.splice(0)) deliver();
    };
  }

  /** Whether the dump that begins is to be interrupted. */
  takeInterruption(): boolean {
    if (this.#interruptions === 0) return false;
    this.#interruptions -= 1;
    return true;
  }

  /** A dump has told half of what there is. */
  midDump(): void {
    const change = this.#duringDump;
    this.#duringDump = undefined;
    change?.();
  }

  /** An event: delivered now or later. */
  event(deliver: () => void): void {
    if (this.#delayed === undefined) deliver();
    else this.#delayed.push(deliver);
  }

  /** What is delivered in place of an answer. */
  answer(bytes: Uint8Array): readonly Datagram[] {
    const datagrams: Datagram[] = [];
    const plain = { portId: 0, groups: 0, truncated: false };
    if (this.#wrongSequence) {
      this.#wrongSequence = false;
      const wrong = bytes.slice();
      wrong[SEQUENCE_OFFSET] = (wrong[SEQUENCE_OFFSET] ?? 0) ^ 0xff;
      datagrams.push({ ...plain, bytes: wrong });
    }
    if (this.#spoofed !== undefined) {
      const { bytes: tail, portId } = this.#spoofed;
      this.#spoofed = undefined;
      const spoofed = bytes.slice();
      spoofed.set(tail.subarray(0, spoofed.length), Math.max(spoofed.length - tail.length, 0));
      datagrams.push({ ...plain, bytes: spoofed, portId });
    }
    const length = this.#truncation;
    this.#truncation = undefined;
    const cut = length !== undefined && length < bytes.length;
    datagrams.push({ ...plain, bytes: cut ? bytes.slice(0, length) : bytes, truncated: cut });
    return datagrams;
  }
}
