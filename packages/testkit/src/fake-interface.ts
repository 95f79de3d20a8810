/**
 * The far side of a fake TAP device: the wire, as the kernel's stack would see it.
 *
 * @module
 */

import type { LinkStatistics } from '@rtap/netlink/link';
import { HEADER_LENGTH } from './virtio-net-header.ts';

const EMPTY_HEADER = new Uint8Array(HEADER_LENGTH);

/** A frame on its way to the process, and its virtio-net header. */
export interface FakeFrame {
  /** From its Ethernet header on. */
  readonly frame: Uint8Array;
  /** 10 bytes, in the byte order of the host. */
  readonly header: Uint8Array;
}

/** What the link table says of an interface. */
export interface FakeInterfaceState {
  /** Its index. */
  readonly ifindex: number;
  /** Whether it is set up. */
  readonly up: boolean;
  /** Whether the carrier is there. */
  readonly carrier: boolean;
  /** Frames that a queue holds before the kernel drops. */
  readonly txQueueLength: number;
}

/** One queue's frames on their way to the process. */
export class FakeWire {
  readonly #frames: FakeFrame[] = [];
  #onFrame: (() => void) | undefined;
  #onTaken: ((frame: Uint8Array) => void) | undefined;

  /** How many frames wait. */
  get length(): number {
    return this.#frames.length;
  }

  /** Puts a frame in the queue, which holds so many; false when it is full, and the frame dropped. */
  push({ frame, header }: FakeFrame, most: number): boolean {
    if (this.#frames.length >= most) return false;
    this.#frames.push({ frame: frame.slice(), header: header.slice() });
    this.#onFrame?.();
    return true;
  }

  /** Takes the oldest frame. */
  shift(): FakeFrame | undefined {
    const next = this.#frames.shift();
    if (next !== undefined) this.#onTaken?.(next.frame);
    return next;
  }

  /** Calls the listener for each frame that comes. */
  onFrame(listener: (() => void) | undefined): void {
    this.#onFrame = listener;
  }

  /** Calls the listener for each frame that is taken. */
  onTaken(listener: (frame: Uint8Array) => void): void {
    this.#onTaken = listener;
  }
}

/** A fake TAP device as the kernel's stack sees it: what the process transmits comes out here, and frames go in. */
export class FakeInterface {
  /** What the process has transmitted and nobody has taken yet, oldest first. */
  readonly transmitted: Uint8Array[] = [];
  /** How many more frames the process can transmit before its queue is full; endless from the beginning. */
  transmitRoom: number = Number.POSITIVE_INFINITY;
  readonly #statistics = {
    rxPackets: 0n,
    rxBytes: 0n,
    rxFrameErrors: 0n,
    txPackets: 0n,
    txBytes: 0n,
    txDropped: 0n,
  };
  readonly #look: () => FakeInterfaceState;
  #wires: readonly FakeWire[] = [];
  #listener: ((frame: Uint8Array) => void) | undefined;

  /** Made by the fake kernel. */
  constructor(look: () => FakeInterfaceState) {
    this.#look = look;
  }

  /** Its index in the namespace where it is, or was last. */
  get ifindex(): number {
    return this.#look().ifindex;
  }

  /** Whether the link is set up: only then the process can send. */
  get up(): boolean {
    return this.#look().up;
  }

  /**
   * Sends a frame to the process, through one of its queues.
   *
   * @param header - its virtio-net header, 10 bytes: an empty one when left out.
   * @returns false when the link is down or has no carrier, there is no such queue, or it holds as many frames as the
   *   transmit queue length says: the frame is dropped.
   */
  send(frame: Uint8Array, queue: number = 0, header: Uint8Array = EMPTY_HEADER): boolean {
    if (header.length !== HEADER_LENGTH) {
      throw new RangeError(`a virtio-net header has ${HEADER_LENGTH} bytes, not ${header.length}`);
    }
    const wire = this.#wires[queue];
    const { up, carrier, txQueueLength } = this.#look();
    if (!up || wire === undefined) return false;
    const taken = carrier && wire.push({ frame, header }, txQueueLength);
    if (!taken) this.#statistics.txDropped += 1n;
    return taken;
  }

  /**
   * What the kernel has counted, as `ip -s link` shows it: `rx` is what the process sent, `tx` what it received,
   * `txDropped` what found its queue full, or no carrier.
   */
  get statistics(): Partial<LinkStatistics> {
    return { ...this.#statistics };
  }

  /** Calls the listener with each frame that the process transmits, instead of keeping it in `transmitted`. */
  onTransmit(listener: ((frame: Uint8Array) => void) | undefined): void {
    this.#listener = listener;
  }

  /** Gives it so many queues; for the fake device. */
  setWires(wires: readonly FakeWire[]): void {
    this.#wires = wires;
    for (const wire of wires) {
      wire.onTaken((frame) => {
        this.#statistics.txPackets += 1n;
        this.#statistics.txBytes += BigInt(frame.length);
      });
    }
  }

  /** Takes a frame from the process; for the fake device. */
  receive(frame: Uint8Array): void {
    this.transmitRoom -= 1;
    this.#statistics.rxPackets += 1n;
    this.#statistics.rxBytes += BigInt(frame.length);
    const kept = frame.slice();
    if (this.#listener === undefined) this.transmitted.push(kept);
    else this.#listener(kept);
  }
  /** Counts a frame with a header that the kernel doesn't take; for the fake device. */
  refuse(): void {
    this.#statistics.rxFrameErrors += 1n;
  }
}
