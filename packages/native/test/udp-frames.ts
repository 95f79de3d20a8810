/** UDP over IPv4, as virtio-net leaves it. */

/** Frames in a slab. */
export interface Frames {
  readonly slab: Uint8Array;
  readonly descriptors: Uint32Array;
}

/** A super-frame: three datagrams of 4 bytes and one of 2. */
export function superFrame(): Frames {
  const slab = new Uint8Array(128);
  slab[0] = 1; // VIRTIO_NET_HDR_F_NEEDS_CSUM
  slab[1] = 5; // VIRTIO_NET_HDR_GSO_UDP_L4
  new Uint16Array(slab.buffer, 2, 4).set([42, 4, 34, 6]);
  const frame = slab.subarray(10, 10 + 42 + 14);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]);
  // 42 bytes, identification 7, from 10.0.0.1 to 10.0.0.2.
  frame.set([0x45, 0, 0, 42, 0, 7, 0, 0, 64, 17, 0x66, 0xba, 10, 0, 0, 1, 10, 0, 0, 2], 14);
  frame.set([0x13, 0x89, 0x9c, 0x40, 0, 22], 34);
  // The sum of both addresses, protocol 17 and 22 bytes.
  frame.set([0x14, 0x2a], 40);
  frame.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], 42);
  return { slab, descriptors: Uint32Array.of(10, frame.length) };
}

/** Where a call writes to. */
export interface Output {
  readonly toSlab: Uint8Array;
  readonly toDescriptors: Uint32Array;
  readonly progress: Uint32Array;
}

export function output(): Output {
  return {
    toSlab: new Uint8Array(65_600),
    toDescriptors: new Uint32Array(16),
    progress: new Uint32Array(3),
  };
}
