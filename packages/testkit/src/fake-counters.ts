/**
 * What a fake queue counts: the words of the real one, by its rules, told in another language.
 *
 * @module
 */

import { counterOffset } from '@rtap/native';
import type { QueueCounterName } from '@rtap/native';
import type { VirtioNetHeader } from './virtio-net-header.ts';

type Direction = 'rx' | 'tx';

/** The largest size of each class, and its name. */
const SIZES = [
  [64, 'size_64_packets'],
  [127, 'size_65_to_127_packets'],
  [255, 'size_128_to_255_packets'],
  [511, 'size_256_to_511_packets'],
  [1023, 'size_512_to_1023_packets'],
  [1518, 'size_1024_to_1518_packets'],
  [Number.POSITIVE_INFINITY, 'size_1519_to_max_packets'],
] as const;

/** Adds to a word. */
export function addTo(counters: BigUint64Array, name: QueueCounterName, amount = 1): void {
  const word = counterOffset[name];
  counters[word] = (counters[word] ?? 0n) + BigInt(amount);
}

/** Counts a frame, one that has passed. */
export function countFrame(
  counters: BigUint64Array,
  direction: Direction,
  frame: Uint8Array,
  header: VirtioNetHeader,
): void {
  addTo(counters, `${direction}_packets`);
  addTo(counters, `${direction}_bytes`, frame.length);
  addTo(counters, `${direction}_${sizeOf(frame, header)}`);
  addTo(counters, `${direction}_${destinationOf(frame)}_packets`);
  if (header.superFrame === 'tcp') {
    addTo(counters, direction === 'rx' ? 'rx_lro_packets' : 'tx_tso_packets');
  }
  if (header.checksumNeeded) {
    addTo(counters, direction === 'rx' ? 'rx_checksum_none' : 'tx_checksum_offload');
  }
  if (header.checksumValid && direction === 'rx') addTo(counters, 'rx_checksum_good');
}

function sizeOf(
  frame: Uint8Array,
  { superFrame }: VirtioNetHeader,
): (typeof SIZES)[number][1] | 'size_super_frame_packets' {
  if (superFrame !== undefined) return 'size_super_frame_packets';
  for (const [largest, name] of SIZES) if (frame.length <= largest) return name;
  return 'size_1519_to_max_packets';
}

function destinationOf(frame: Uint8Array): 'broadcast' | 'multicast' | 'unicast' {
  const address = frame.subarray(0, 6);
  if (address.every((byte) => byte === 0xff)) return 'broadcast';
  return ((address[0] ?? 0) & 1) === 1 ? 'multicast' : 'unicast';
}
