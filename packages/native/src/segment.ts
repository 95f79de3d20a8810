/**
 * Frames for the wire, made of what a kernel gave.
 *
 * A frame is described as in `KernelQueue`: two words say where it begins and how long it is, and the
 * 10 bytes before it are its virtio-net header (`struct virtio_net_hdr`, linux/virtio_net.h).
 *
 * @module
 */

import { checkCount } from './argument.ts';
import { binding } from './load.ts';
import type { NativeBinding } from './load.ts';

let segment: ReturnType<NativeBinding['segmentBurst']> | undefined;
let complete: ReturnType<NativeBinding['completeChecksums']> | undefined;

/**
 * Makes frames for the wire of the frames `from` to `from + count - 1`: super-frames become the frames
 * that the kernel's own segmentation makes of them (`skb_gso_segment`), of `gso_size` bytes of payload
 * each, and checksums that were left to be made are made.
 *
 * They are packed into another slab from its start, each header at a multiple of 64 bytes, and told by
 * `toDescriptors`. Their headers are empty, but for VIRTIO_NET_HDR_F_DATA_VALID where the kernel
 * vouched for a frame that was copied as it is. TCP and UDP over IPv4 and IPv6, behind VLAN tags too:
 * IPv4's identification counts up, CWR stands in the first segment alone, FIN and PSH in the last.
 *
 * Every header is checked against its frame before it is believed; `hdr_len` never is. Dropped frames
 * (length 0) are passed over. The call ends when `max` frames are written or no more fit; what is left
 * waits: `progress` tells where, and the same `progress` with `from` moved on by the consumed frames
 * goes on there. A call always comes a step further.
 *
 * @param progress - `PROGRESS_WORDS` elements or more, by `progressWord`. `offset` is read,
 * so it has to be 0 to begin with.
 * @returns how many frames were written.
 * @throws TypeError, RangeError for arrays that don't fit: detached, `toSlab` of less than 65,600 bytes
 * (a super-frame) or in the same memory as `slab`, fewer descriptors than `from + count`.
 */
export function segmentBurst(
  slab: Uint8Array,
  descriptors: Uint32Array,
  from: number,
  count: number,
  toSlab: Uint8Array,
  toDescriptors: Uint32Array,
  max: number,
  progress: Uint32Array,
): number {
  checkCount('from', from);
  checkCount('count', count);
  checkCount('max', max);
  segment ??= binding().segmentBurst();
  return segment(slab, descriptors, from, count, toSlab, toDescriptors, max, progress);
}

/**
 * Makes the checksums of the frames `from` to `from + count - 1` in place, and stops at the first
 * super-frame: what is before it is ready for the wire.
 *
 * A frame whose header asks for a checksum (VIRTIO_NET_HDR_F_NEEDS_CSUM) gets it, and its header is
 * emptied. One whose header is not true of it is dropped: its length becomes 0.
 *
 * @param progress - `PROGRESS_WORDS` elements or more, by `progressWord`: `consumed` is what
 * is returned, `refused` how many were dropped.
 * @returns how many frames were gone through; `count` when there is no super-frame among them.
 * @throws TypeError, RangeError for arrays that don't fit: detached, or fewer descriptors than
 * `from + count`.
 */
export function completeChecksums(
  slab: Uint8Array,
  descriptors: Uint32Array,
  from: number,
  count: number,
  progress: Uint32Array,
): number {
  checkCount('from', from);
  checkCount('count', count);
  complete ??= binding().completeChecksums();
  return complete(slab, descriptors, from, count, progress);
}
