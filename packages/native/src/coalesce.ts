/**
 * Super-frames, made of what is sent.
 *
 * @module
 */

import { checkCount } from './argument.ts';
import { binding } from './load.ts';
import type { NativeBinding } from './load.ts';

let coalesce: ReturnType<NativeBinding['coalesceBurst']> | undefined;

/**
 * Puts consecutive segments of a flow together, of the frames `from` to `from + count - 1`: what
 * `segmentBurst` takes apart. A kernel takes one super-frame many times as fast as its segments.
 *
 * The rules are those of the kernel's generic receive offload (`tcp_gro_receive`,
 * `udp_gro_receive_segment`): TCP and UDP over IPv4 and IPv6, behind VLAN tags too; the next sequence
 * number, the next identification or the same one in packets that are never fragmented, all other
 * headers equal; payloads of one size, the last one may be shorter; FIN and PSH in the last one alone.
 * A checksum has to be right: it is summed, unless VIRTIO_NET_HDR_F_DATA_VALID says so or
 * VIRTIO_NET_HDR_F_NEEDS_CSUM leaves it to be made. Any other frame goes out exactly as it came, its
 * header too. The frames of a flow stay in their order; those of different flows may be mixed, and
 * need not. A super-frame is of what one call is given.
 *
 * The output is packed as `segmentBurst` packs it. A super-frame's header has its type, `gso_size`,
 * `hdr_len` and where its checksum is to be made: the sum of the pseudo-header stands there. The call
 * ends when `max` frames are written or no more fit; what is left is for the next call, with `from`
 * moved on by the consumed frames. A call always comes a step further.
 *
 * @param progress - `PROGRESS_WORDS` elements or more, by `progressWord`.
 * @returns how many frames were written.
 * @throws TypeError, RangeError for arrays that don't fit: detached, `toSlab` of less than 65,600 bytes
 * (a super-frame) or in the same memory as `slab`, fewer descriptors than `from + count`.
 */
export function coalesceBurst(
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
  coalesce ??= binding().coalesceBurst();
  return coalesce(slab, descriptors, from, count, toSlab, toDescriptors, max, progress);
}
