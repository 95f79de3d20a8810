/**
 * Counters of links: linux/if_link.h.
 *
 * @module
 */

import { field, type Field, type Struct } from '../table.ts';

const COUNTERS: readonly (readonly [name: string, doc: string])[] = [
  ['rxPackets', 'Packets received.'],
  ['txPackets', 'Packets sent.'],
  ['rxBytes', 'Bytes received.'],
  ['txBytes', 'Bytes sent.'],
  ['rxErrors', 'Bad packets received.'],
  ['txErrors', 'Packets that could not be sent.'],
  ['rxDropped', 'Packets received but not processed, for want of resources or of a taker.'],
  ['txDropped', 'Packets dropped on their way out.'],
  ['multicast', 'Multicast packets received.'],
  ['collisions', 'Collisions.'],
  ['rxLengthErrors', 'Received with a wrong length.'],
  ['rxOverErrors', 'Receiver ring overflows.'],
  ['rxCrcErrors', 'Received with a wrong checksum.'],
  ['rxFrameErrors', 'Received with a frame alignment error.'],
  ['rxFifoErrors', 'Receiver FIFO overruns.'],
  ['rxMissedErrors', 'Missed by the receiver.'],
  ['txAbortedErrors', 'Aborted by the transmitter.'],
  ['txCarrierErrors', 'Not sent for want of a carrier.'],
  ['txFifoErrors', 'Transmitter FIFO errors.'],
  ['txHeartbeatErrors', 'Heartbeat errors.'],
  ['txWindowErrors', 'Late collisions.'],
  ['rxCompressed', 'Compressed packets received.'],
  ['txCompressed', 'Compressed packets sent.'],
  ['rxNoHandler', 'Received with nobody to take them. Since Linux 4.6.'],
];

function counters(type: 'u32' | 'u64'): Field[] {
  return COUNTERS.map(([name, doc]) => field(name, type, doc));
}

/** `struct rtnl_link_stats64`. Kernels add counters at its end. */
export const linkStatistics: Struct = {
  doc: 'The counters of an interface. One that the kernel does not have yet is 0n.',
  kernel: 'rtnl_link_stats64',
  least: 0,
  file: 'link/statistics',
  fields: [
    ...counters('u64'),
    field(
      'rxOtherHostDropped',
      'u64',
      'Received and dropped as for another host. Since Linux 5.19.',
    ),
  ],
};

/** `struct rtnl_link_stats`. */
export const linkStatistics32: Struct = {
  doc: 'The counters of an interface in 32 bits: they wrap. One that the kernel does not have is 0.',
  kernel: 'rtnl_link_stats',
  least: 0,
  file: 'link/statistics',
  fields: counters('u32'),
};
