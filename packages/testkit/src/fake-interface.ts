/**
 * The far side of a fake TAP device: the wire, as the kernel's stack would see it.
 *
 * @module
 */

/** Frames that a queue holds before the kernel drops (the txqueuelen of a TAP device). */
const QUEUE_LENGTH = 1000;

/** One queue's frames on their way to the process. */
export class FakeWire {
  readonly #frames: Uint8Array[] = [];
  #onFrame: (() => void) | undefined;

  /** How many frames wait. */
  get length(): number {
    return this.#frames.length;
  }

  /** Puts a frame in the queue; false when it is full, and the frame dropped. */
  push(frame: Uint8Array): boolean {
    if (this.#frames.length >= QUEUE_LENGTH) return false;
    this.#frames.push(frame.slice());
    this.#onFrame?.();
    return true;
  }

  /** Takes the oldest frame. */
  shift(): Uint8Array | undefined {
    return this.#frames.shift();
  }

  /** Calls the listener for each frame that comes. */
  onFrame(listener: (() => void) | undefined): void {
    this.#onFrame = listener;
  }
}

/** A fake TAP device as the kernel's stack sees it: what the process transmits comes out here, and frames go in. */
export class FakeInterface {
  /** What the process has transmitted and nobody has taken yet, oldest first. */
  readonly transmitted: Uint8Array[] = [];
  /** How many more frames the process can transmit before its queue is full; endless from the beginning. */
  transmitRoom: number = Number.POSITIVE_INFINITY;
  readonly #look: () => { readonly ifindex: number; readonly up: boolean };
  #wires: readonly FakeWire[] = [];
  #listener: ((frame: Uint8Array) => void) | undefined;

  /** Made by the fake kernel. */
  constructor(look: () => { readonly ifindex: number; readonly up: boolean }) {
    this.#look = look;
  }

  /** Its index in the namespace where it is, or was last. */
  get ifindex(): number {
    return this.#look().ifindex;
  }

  /** Whether the link is up: only then frames pass. */
  get up(): boolean {
    return this.#look().up;
  }

  /**
   * Sends a frame to the process, through one of its queues.
   *
   * @returns false when the link is down, there is no such queue, or it is full: the frame is dropped.
   */
  send(frame: Uint8Array, queue: number = 0): boolean {
    return this.up && (this.#wires[queue]?.push(frame) ?? false);
  }

  /** Calls the listener with each frame that the process transmits, instead of keeping it in `transmitted`. */
  onTransmit(listener: ((frame: Uint8Array) => void) | undefined): void {
    this.#listener = listener;
  }

  /** Gives it so many queues; for the fake device. */
  setWires(wires: readonly FakeWire[]): void {
    this.#wires = wires;
  }

  /** Takes a frame from the process; for the fake device. */
  receive(frame: Uint8Array): void {
    this.transmitRoom -= 1;
    const kept = frame.slice();
    if (this.#listener === undefined) this.transmitted.push(kept);
    else this.#listener(kept);
  }
}
