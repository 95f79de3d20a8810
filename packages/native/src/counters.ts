/**
 * The counters of a queue, as native code writes them.
 *
 * @module
 */

/**
 * Which counter stands where in the words that a burst adds to.
 *
 * A word is only ever added to, and wraps around at 2^64; a burst adds at its end. Names are those of
 * DPDK's rtap driver where it has them, without the queue's number.
 *
 * Every frame is in one class of size: `size_64_packets` (up to 64 bytes, shorter ones too, as in RMON,
 * RFC 2819) to `size_1519_to_max_packets`, or `size_super_frame_packets` when its header has a GSO type,
 * whatever its size. Sizes are those of frames as they are read and written: from the Ethernet header on,
 * without the 4 bytes of frame check sequence that RMON counts and a TAP device doesn't have. And every
 * frame is in one class of destination: broadcast, another multicast, or unicast.
 */
export const counterOffset = {
  /** Frames received. */
  rx_packets: 0,
  /** Bytes received: those of frames, without virtio-net headers. */
  rx_bytes: 1,
  /** Super-frames of a kind that the header has no word for, and reads that failed. */
  rx_errors: 2,
  /** Frames sent. */
  tx_packets: 3,
  /** Bytes sent. */
  tx_bytes: 4,
  /** Frames refused as bad. */
  tx_errors: 5,
  /** Received, of up to 64 bytes. */
  rx_size_64_packets: 6,
  /** Received, of 65 to 127 bytes. */
  rx_size_65_to_127_packets: 7,
  /** Received, of 128 to 255 bytes. */
  rx_size_128_to_255_packets: 8,
  /** Received, of 256 to 511 bytes. */
  rx_size_256_to_511_packets: 9,
  /** Received, of 512 to 1,023 bytes. */
  rx_size_512_to_1023_packets: 10,
  /** Received, of 1,024 to 1,518 bytes. */
  rx_size_1024_to_1518_packets: 11,
  /** Received, of more bytes. */
  rx_size_1519_to_max_packets: 12,
  /** Super-frames received, of any kind and size. */
  rx_size_super_frame_packets: 13,
  /** Received, to ff:ff:ff:ff:ff:ff. */
  rx_broadcast_packets: 14,
  /** Received, to another group address. */
  rx_multicast_packets: 15,
  /** Received, to a single station. */
  rx_unicast_packets: 16,
  /** Super-frames of TCP received (VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_TCPV6). */
  rx_lro_packets: 17,
  /** Received, with a checksum that the kernel vouches for (VIRTIO_NET_HDR_F_DATA_VALID alone). */
  rx_checksum_good: 18,
  /** Received, with a checksum that is still to be made (VIRTIO_NET_HDR_F_NEEDS_CSUM). */
  rx_checksum_none: 19,
  /** Stays 0: the kernel has no word for it. */
  rx_checksum_bad: 20,
  /** Stays 0: nothing is allocated for a frame, so nothing runs out. */
  rx_mbuf_alloc_failed: 21,
  /** Sent, of up to 64 bytes. */
  tx_size_64_packets: 22,
  /** Sent, of 65 to 127 bytes. */
  tx_size_65_to_127_packets: 23,
  /** Sent, of 128 to 255 bytes. */
  tx_size_128_to_255_packets: 24,
  /** Sent, of 256 to 511 bytes. */
  tx_size_256_to_511_packets: 25,
  /** Sent, of 512 to 1,023 bytes. */
  tx_size_512_to_1023_packets: 26,
  /** Sent, of 1,024 to 1,518 bytes. */
  tx_size_1024_to_1518_packets: 27,
  /** Sent, of more bytes. */
  tx_size_1519_to_max_packets: 28,
  /** Super-frames sent, of any kind and size. */
  tx_size_super_frame_packets: 29,
  /** Sent, to ff:ff:ff:ff:ff:ff. */
  tx_broadcast_packets: 30,
  /** Sent, to another group address. */
  tx_multicast_packets: 31,
  /** Sent, to a single station. */
  tx_unicast_packets: 32,
  /** Super-frames of TCP sent. */
  tx_tso_packets: 33,
  /** Sent, with a checksum that the kernel is to make (VIRTIO_NET_HDR_F_NEEDS_CSUM). */
  tx_checksum_offload: 34,
  /** Stays 0: a frame that was gathered from several parts is one piece when it is sent. */
  tx_multiseg_packets: 35,
} as const;

/** The name of a counter of a queue. */
export type QueueCounterName = keyof typeof counterOffset;

/** How many words the counters of a queue are. */
export const COUNTER_WORDS = 36;
