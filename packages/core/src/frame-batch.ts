/**
 * Frames in a slab, told by descriptors.
 *
 * @module
 */

import { checkInteger, invalidArgumentType, outOfRange } from './argument.ts';
import { inspectBatch, showAs } from './inspect.ts';

/** Bytes of the virtio-net header that stands before each frame (`struct virtio_net_hdr`, linux/virtio_net.h). */
export const VIRTIO_NET_HEADER_LENGTH = 10;
/** Frames stand at such boundaries, header included. */
const ALIGNMENT = 64;
/** Room for a super-frame, its Ethernet header, a VLAN tag and the virtio-net header, in whole blocks. */
export const RX_ROOM: number =
  Math.ceil((VIRTIO_NET_HEADER_LENGTH + 65_535 + 14 + 4) / ALIGNMENT) * ALIGNMENT;
/** Size of a queue's slab, in bytes: a few super-frames, or thousands of small frames, and it stays in the cache. */
export const SLAB_BYTES: number = 640 * 1024;
/** Shortest frame: an Ethernet header. */
const SHORTEST_FRAME = 14;
const WORDS_PER_DESCRIPTOR = 2;

/**
 * A burst of frames: one slab of bytes, and for each frame its offset and length.
 *
 * A batch that `rxBurst` returned belongs to its queue and is valid until the next `rxBurst` there; nothing is
 * freed by hand. {@link FrameBatch.frame} gives views of the slab, {@link FrameBatch.copy} bytes to keep. Frames
 * may be changed, shortened and dropped in place, and the batch handed to any queue's `txBurst`.
 */
export class FrameBatch {
  static {
    showAs(FrameBatch.prototype, (batch, depth, options) => {
      return inspectBatch(batch, depth, options);
    });
  }

  /** The bytes: frames with their headers, packed at 64-byte boundaries. */
  readonly slab: Uint8Array;
  /** Two words a frame: offset of its first byte in the slab (its header stands before it), and its length. */
  readonly descriptors: Uint32Array;
  #count = 0;
  #end = 0;

  /** Made by `createBatch` and by queues. */
  constructor(slab: Uint8Array, descriptors: Uint32Array) {
    this.slab = slab;
    this.descriptors = descriptors;
  }

  /** How many frames there are; dropped ones count. */
  get count(): number {
    return this.#count;
  }

  /** Where a frame begins in the slab, its Ethernet header first. */
  offset(index: number): number {
    return this.descriptors[this.#word(index)] ?? 0;
  }

  /** Length of a frame in bytes, without its header; 0 when it was dropped. */
  length(index: number): number {
    return this.descriptors[this.#word(index) + 1] ?? 0;
  }

  /** A view of a frame, from its Ethernet header on: valid as long as the batch. */
  frame(index: number): Uint8Array {
    const word = this.#word(index);
    const offset = this.descriptors[word] ?? 0;
    return this.slab.subarray(offset, offset + (this.descriptors[word + 1] ?? 0));
  }

  /** A copy of a frame, to keep. */
  copy(index: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.frame(index));
  }

  /** A view of a frame's virtio-net header, 10 bytes, in the byte order of the host. */
  header(index: number): Uint8Array {
    const offset = this.offset(index);
    return this.slab.subarray(offset - VIRTIO_NET_HEADER_LENGTH, offset);
  }

  /** Shortens a frame in place; 0 drops it: `txBurst` skips it. */
  setLength(index: number, length: number): void {
    const word = this.#word(index);
    checkInteger('length', length, 0, this.descriptors[word + 1] ?? 0);
    this.descriptors[word + 1] = length;
  }

  /**
   * Appends a frame, gathered from its parts, with an empty header.
   *
   * @returns false when it doesn't fit any more.
   * @throws RangeError for fewer than 14 bytes, which is no Ethernet frame.
   */
  push(...parts: readonly Uint8Array[]): boolean {
    let length = 0;
    for (const part of parts) {
      if (!(part instanceof Uint8Array)) {
        throw invalidArgumentType('parts', 'instances of Uint8Array', part);
      }
      length += part.length;
    }
    if (length < SHORTEST_FRAME) throw outOfRange('parts', '>= 14 bytes together', length);
    const offset = this.#end + VIRTIO_NET_HEADER_LENGTH;
    const word = this.#count * WORDS_PER_DESCRIPTOR;
    if (offset + length > this.slab.length || word >= this.descriptors.length) return false;
    this.slab.fill(0, this.#end, offset);
    let at = offset;
    for (const part of parts) {
      this.slab.set(part, at);
      at += part.length;
    }
    this.descriptors[word] = offset;
    this.descriptors[word + 1] = length;
    this.#count += 1;
    this.#end = Math.ceil(at / ALIGNMENT) * ALIGNMENT;
    return true;
  }

  /** Takes all frames out, so that it can be filled again. */
  clear(): void {
    this.#count = 0;
    this.#end = 0;
  }

  /**
   * Says how many frames native code has just put in.
   *
   * @internal
   */
  filled(count: number): void {
    this.#count = count;
    // What is pushed behind received frames starts after the last one.
    const last = (count - 1) * WORDS_PER_DESCRIPTOR;
    const end = count === 0 ? 0 : (this.descriptors[last] ?? 0) + (this.descriptors[last + 1] ?? 0);
    this.#end = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
  }

  #word(index: number): number {
    if (index >= 0 && index < this.#count && Number.isInteger(index)) {
      return index * WORDS_PER_DESCRIPTOR;
    }
    throw outOfRange('index', `an integer >= 0 and < ${this.#count}`, index);
  }
}

/** Most frames of a batch: as many as fit in the slab at 128 bytes each, the least that a received one takes. */
export const BATCH_FRAMES: number = SLAB_BYTES / 128;

/**
 * Makes an empty batch to fill with {@link FrameBatch.push}.
 *
 * @param slabBytes - room for frames and their headers.
 * @param frames - how many there can be.
 */
export function createFrameBatch(
  slabBytes: number = SLAB_BYTES,
  frames: number = BATCH_FRAMES,
): FrameBatch {
  return new FrameBatch(new Uint8Array(slabBytes), new Uint32Array(frames * WORDS_PER_DESCRIPTOR));
}
