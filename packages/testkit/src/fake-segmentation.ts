/**
 * Segmentation and checksums of the fake kernel: plain and slow, what `segmentBurst` and `completeChecksums` of
 * `@rtap/native` do in native code.
 *
 * @module
 */

import { checksum, completeChecksum, pseudoHeaderSum, writePartialChecksum } from '@rtap/frames';
import { progressWord } from '@rtap/native';
import type { Kernel } from '@rtap/native';
import { HEADER_LENGTH as HEADER, readVirtioNetHeader } from './virtio-net-header.ts';

const ALIGNMENT = 64;
const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
const [CWR, PSH, FIN] = [0x80, 0x08, 0x01];

/** As `Kernel.segmentBurst`. */
export const fakeSegmentBurst: Kernel['segmentBurst'] = (
  slab,
  descriptors,
  from,
  count,
  toSlab,
  toDescriptors,
  max,
  progress,
) => {
  let [written, consumed, refused, at] = [0, 0, 0, 0];
  let skip = progress[progressWord.offset] ?? 0;
  const room = (length: number): boolean =>
    written < max &&
    2 * written + 1 < toDescriptors.length &&
    at + HEADER + length <= toSlab.length;
  burst: for (; consumed < count; consumed += 1) {
    const found = frameAt(slab, descriptors, from + consumed);
    if (found === undefined) continue;
    const segments = segmentsOf(found);
    if (segments === undefined) refused += 1;
    let payload = 0;
    for (const segment of segments ?? []) {
      const begin = payload;
      payload += segment.payload;
      if (begin < skip) continue;
      if (!room(segment.bytes.length)) {
        progress[progressWord.offset] = begin;
        break burst;
      }
      toSlab.fill(0, at, at + HEADER);
      toSlab[at] = segment.flags;
      toSlab.set(segment.bytes, at + HEADER);
      toDescriptors[2 * written] = at + HEADER;
      toDescriptors[2 * written + 1] = segment.bytes.length;
      at = Math.ceil((at + HEADER + segment.bytes.length) / ALIGNMENT) * ALIGNMENT;
      written += 1;
    }
    progress[progressWord.offset] = skip = 0;
  }
  progress[progressWord.consumed] = consumed;
  progress[progressWord.refused] = refused;
  return written;
};

/** As `Kernel.coalesceBurst`, which may leave any frame as it is: this one does. */
export const fakeCoalesceBurst: Kernel['coalesceBurst'] = (
  slab,
  descriptors,
  from,
  count,
  toSlab,
  toDescriptors,
  max,
  progress,
) => {
  let [written, consumed, at] = [0, 0, 0];
  for (; consumed < count; consumed += 1) {
    const offset = descriptors[2 * (from + consumed)] ?? 0;
    const length = descriptors[2 * (from + consumed) + 1] ?? 0;
    if (length === 0) continue;
    if (written === max || at + HEADER + length > toSlab.length) break;
    toSlab.set(slab.subarray(offset - HEADER, offset + length), at);
    toDescriptors.set([at + HEADER, length], 2 * written);
    at = Math.ceil((at + HEADER + length) / ALIGNMENT) * ALIGNMENT;
    written += 1;
  }
  progress[progressWord.consumed] = consumed;
  progress[progressWord.refused] = 0;
  return written;
};

/** As `Kernel.completeChecksums`. */
export const fakeCompleteChecksums: Kernel['completeChecksums'] = (
  slab,
  descriptors,
  from,
  count,
  progress,
) => {
  let [consumed, refused] = [0, 0];
  for (; consumed < count; consumed += 1) {
    const found = frameAt(slab, descriptors, from + consumed);
    if (found === undefined) continue;
    if (found.header.superFrame !== undefined) break;
    const [segment] = segmentsOf(found) ?? [];
    if (segment === undefined) {
      descriptors[2 * (from + consumed) + 1] = 0;
      refused += 1;
      continue;
    }
    const offset = descriptors[2 * (from + consumed)] ?? 0;
    slab.set(segment.bytes, offset);
    slab.fill(0, offset - HEADER, offset);
    slab[offset - HEADER] = segment.flags;
  }
  progress[progressWord.consumed] = consumed;
  progress[progressWord.refused] = refused;
  return consumed;
};

interface Found {
  readonly frame: Uint8Array;
  readonly header: ReturnType<typeof readVirtioNetHeader>;
}

interface Segment {
  readonly bytes: Uint8Array;
  /** How many bytes of the super-frame's payload it has; 1 for a whole frame. */
  readonly payload: number;
  /** Those of its virtio-net header. */
  readonly flags: number;
}

/** A frame of a slab; undefined: it was dropped. */
function frameAt(slab: Uint8Array, descriptors: Uint32Array, index: number): Found | undefined {
  const offset = descriptors[2 * index] ?? 0;
  const length = descriptors[2 * index + 1] ?? 0;
  if (length === 0) return undefined;
  return {
    frame: slab.slice(offset, offset + length),
    header: readVirtioNetHeader(slab, offset - HEADER),
  };
}

/** What goes on the wire; undefined: the header is not true of the frame. */
function segmentsOf({ frame, header }: Found): readonly Segment[] | undefined {
  const { checksumNeeded, checksumStart, checksumOffset, superFrame, gsoSize } = header;
  if (checksumNeeded && checksumStart + checksumOffset + 2 > frame.length) return undefined;
  if (superFrame === undefined) {
    if (checksumNeeded) completeChecksum(frame, checksumStart, checksumOffset);
    return [{ bytes: frame, payload: 1, flags: header.checksumValid ? 2 : 0 }];
  }
  const transport = checksumStart;
  const network = networkOffset(frame);
  if (!checksumNeeded || network === undefined || gsoSize === 0 || header.fragments) {
    return undefined;
  }
  const tcp = superFrame === 'tcp';
  const headers = transport + (tcp ? ((frame[transport + 12] ?? 0) >> 4) * 4 : 8);
  const payload = frame.subarray(headers);
  const segments: Segment[] = [];
  for (let offset = 0; offset < payload.length; offset += gsoSize) {
    const part = payload.subarray(offset, offset + gsoSize);
    const bytes = new Uint8Array(headers + part.length);
    bytes.set(frame.subarray(0, headers));
    bytes.set(part, headers);
    fillNetwork(bytes, network, offset / gsoSize);
    if (tcp) fillTcp(bytes, transport, offset, offset + gsoSize >= payload.length);
    else setU16(bytes, transport + 4, bytes.length - transport);
    const protocol = tcp ? IPPROTO_TCP : IPPROTO_UDP;
    const sum = pseudoHeader(bytes, network, protocol, bytes.length - transport);
    writePartialChecksum(bytes, transport, checksumOffset, sum);
    completeChecksum(bytes, transport, checksumOffset);
    segments.push({ bytes, payload: part.length, flags: 0 });
  }
  return segments;
}

/** Where the IP header begins: behind the Ethernet header and VLAN tags. */
function networkOffset(frame: Uint8Array): number | undefined {
  for (let at = 12; at + 2 <= frame.length; at += 4) {
    const type = getU16(frame, at);
    if (type === 0x0800 || type === 0x86dd) return at + 2;
    if (type !== 0x8100 && type !== 0x88a8) return undefined;
  }
  return undefined;
}

function fillNetwork(bytes: Uint8Array, network: number, number: number): void {
  if (isIpv6(bytes, network)) {
    setU16(bytes, network + 4, bytes.length - network - 40);
    return;
  }
  const header = bytes.subarray(network, network + ((bytes[network] ?? 0) & 0x0f) * 4);
  setU16(header, 2, bytes.length - network);
  setU16(header, 4, (getU16(header, 4) + number) & 0xffff);
  setU16(header, 10, 0);
  setU16(header, 10, checksum(header));
}

function fillTcp(bytes: Uint8Array, transport: number, offset: number, last: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + transport);
  view.setUint32(4, (view.getUint32(4) + offset) >>> 0);
  let flags = view.getUint8(13);
  if (!last) flags &= ~(FIN | PSH);
  if (offset > 0) flags &= ~CWR;
  view.setUint8(13, flags);
}

function pseudoHeader(
  bytes: Uint8Array,
  network: number,
  protocol: number,
  length: number,
): number {
  const [at, size] = isIpv6(bytes, network) ? [network + 8, 16] : [network + 12, 4];
  const source = bytes.subarray(at, at + size);
  const destination = bytes.subarray(at + size, at + 2 * size);
  return pseudoHeaderSum(source, destination, protocol, length);
}

function isIpv6(bytes: Uint8Array, network: number): boolean {
  return (bytes[network] ?? 0) >> 4 === 6;
}

function getU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}
