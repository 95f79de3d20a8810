/**
 * The virtio-net header of a frame, as the fake kernel reads it (`struct virtio_net_hdr`, linux/virtio_net.h).
 *
 * @module
 */

import { endianness } from 'node:os';

/** Its length. */
export const HEADER_LENGTH = 10;

const NEEDS_CSUM = 1;
const DATA_VALID = 2;
const GSO_NONE = 0;
const GSO_TCPV4 = 1;
const GSO_UDP = 3;
const GSO_TCPV6 = 4;
const GSO_UDP_L4 = 5;
const GSO_ECN = 0x80;
const KNOWN: ReadonlySet<number> = new Set([GSO_TCPV4, GSO_UDP, GSO_TCPV6, GSO_UDP_L4]);

/** What a header says. */
export interface VirtioNetHeader {
  /** The checksum is still to be made. */
  readonly checksumNeeded: boolean;
  /** The checksum is good. */
  readonly checksumValid: boolean;
  /** The frame is a super-frame, of TCP or of something else. */
  readonly superFrame: 'tcp' | 'other' | undefined;
  /** Whether it is one that the kernel no longer makes: UDP in fragments (VIRTIO_NET_HDR_GSO_UDP). */
  readonly fragments: boolean;
  /** Bytes of payload in each segment of it (`gso_size`). */
  readonly gsoSize: number;
  /** Where what is summed begins in the frame (`csum_start`). */
  readonly checksumStart: number;
  /** Where from there the checksum stands (`csum_offset`). */
  readonly checksumOffset: number;
  /** Whether the kernel takes a frame of so many bytes with this header. */
  readonly accepts: (length: number) => boolean;
}

/** Reads the header that begins at `offset`. */
export function readVirtioNetHeader(bytes: Uint8Array, offset: number): VirtioNetHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_LENGTH);
  const word = (at: number): number => view.getUint16(at, endianness() === 'LE');
  const flags = view.getUint8(0);
  const type = view.getUint8(1);
  const kind = type & ~GSO_ECN;
  const checksumNeeded = (flags & NEEDS_CSUM) !== 0;
  const tcp = kind === GSO_TCPV4 || kind === GSO_TCPV6;
  const other = kind === GSO_NONE ? undefined : 'other';
  return {
    checksumNeeded,
    checksumValid: !checksumNeeded && (flags & DATA_VALID) !== 0,
    superFrame: tcp ? 'tcp' : other,
    fragments: kind === GSO_UDP,
    gsoSize: word(4),
    checksumStart: word(6),
    checksumOffset: word(8),
    accepts: (length) =>
      word(2) <= length &&
      (type === GSO_NONE || (KNOWN.has(kind) && word(4) > 0)) &&
      (!checksumNeeded || word(6) + word(8) + 2 <= length),
  };
}
