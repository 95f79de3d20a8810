/**
 * The 32 cases of the reference's test suite (DPDK net/rtap v6, app/test/test_pmd_rtap.c), and their twins.
 *
 * @module
 */

/** What stands in the catalogue: a case of the reference, or a defect of it. */
export interface Entry {
  /** `case 6`, `L4`, `D12`. */
  readonly id: string;
  /** What the reference asserts, or does wrong. */
  readonly reference: string;
  /** What the test here asserts, or what rtap does instead: of a defect it is the name of the test. */
  readonly rtap: string;
  /** Whether there is a test of it; `open` says what it awaits, `n/a` why it can't happen here. */
  readonly status: 'tested' | `open: ${string}` | `n/a: ${string}`;
}

/** A case, which has a name of its own. */
export interface Case extends Entry {
  /** The reference's name for it. */
  readonly name: string;
}

function twin(
  number: number,
  name: string,
  reference: string,
  rtap: string,
  status: Entry['status'] = 'tested',
): Case {
  return { id: `case ${number}`, name, reference, rtap, status };
}

export const cases: readonly Case[] = [
  twin(
    0,
    'ethdev_configure_ports',
    'both ports configure and start',
    'the same, ip shows queues and link at every step',
  ),
  twin(
    1,
    'dev_info',
    'maxima are not 0, one MAC address',
    'every field is what ip and the namespace say',
  ),
  twin(
    2,
    'link_status',
    'asking succeeds; the values are printed',
    'status is what ip shows, in every state and for each cause',
  ),
  twin(3, 'link_up_down', 'status follows', 'ip agrees, one event a change, none for a repetition'),
  twin(
    4,
    'get_stats',
    'all 0 after a reset',
    'all 0 at first, then exactly the traffic, as ip counts it',
  ),
  twin(
    5,
    'stats_reset',
    'the same again',
    'three rounds of traffic and reset, those of ip and xstats untouched',
  ),
  twin(
    6,
    'stats_imissed',
    '0 after a reset; missing nothing is a warning',
    'received and missed add up to sent, missed is what ip shows, twice',
  ),
  twin(7, 'promiscuous', 'reads back what was set', 'ip shows the flag; twice is once; no event'),
  twin(8, 'allmulticast', 'reads back what was set', 'ip shows the flag; twice is once; no event'),
  twin(
    9,
    'mac_address',
    'reads back what was set',
    'ip shows it, also after stop and start; groups and zeros are refused',
  ),
  twin(
    10,
    'mtu',
    'reads back 9000; failing is a warning',
    'smallest to largest, a frame of each size comes whole, beyond is refused',
  ),
  twin(
    11,
    'multiqueue',
    '1, 2, 4 queues, statistics are 0',
    '1, 2, 4, 128 queues by ip; frames pass each, counted by each',
  ),
  twin(
    12,
    'multiqueue_reduce',
    '4, 2, 1 queues, statistics are 0',
    'the same with frames; a queue that is gone is refused',
  ),
  twin(
    13,
    'multiqueue_mismatch',
    'other numbers of rx than of tx are refused',
    'queues are pairs: numbers that are none are refused, nothing changes',
  ),
  twin(
    14,
    'queue_reconfigure',
    '2 queues, back to 1',
    'twice, with frames; address and ifindex stay',
  ),
  twin(
    15,
    'rx_inject',
    "a packet socket's frame arrives",
    "the kernel's own frame arrives, byte by byte, counted as ip does",
  ),
  twin(
    16,
    'tx_capture',
    'a packet socket sees the frame',
    'tcpdump sees each byte of each length from each queue',
  ),
  twin(
    17,
    'tx_multiseg',
    '3 segments leave in order',
    'parts leave as one frame: 3, one for each byte, empty ones',
  ),
  twin(
    18,
    'rx_multiseg',
    'a frame larger than its buffers arrives',
    'no buffers, one piece: frames up to 65,535 bytes, more than a slab holds',
  ),
  twin(19, 'offload_config', 'four capabilities, checksums configure', 'offloads are asked for'),
  twin(
    20,
    'tx_csum_offload',
    'a frame is sent; its checksum is printed',
    'the checksum on the wire is right',
  ),
  twin(
    21,
    'lsc_interrupt',
    'a callback within 500 ms, or polling',
    'exactly one event a change, switched on and off at run time',
  ),
  twin(
    22,
    'rxq_interrupt',
    'the frame arrives; the wake-up is optional',
    'a wait ends by the frame, and not before',
  ),
  twin(
    23,
    'xstats_get_names',
    'names exist',
    "all of the reference's names, for each queue, no more by traffic",
  ),
  twin(24, 'xstats_get_values', 'as many values as names', 'each value is what the traffic was'),
  twin(
    25,
    'xstats_reset',
    'all 0 after a reset',
    'after traffic and misses; stats go on; new traffic counts from 0',
  ),
  twin(
    26,
    'xstats_packet_sizes',
    'classes are not 0, or a warning',
    'both sides of each border, sent and received, exactly',
  ),
  twin(27, 'xstats_packet_types', 'each is not 0', 'sent and received, exactly'),
  twin(28, 'xstats_multiqueue', 'names of both queues', 'each queue counts its own'),
  twin(
    29,
    'xstats_offload_stats',
    'a counter that does not exist, or a warning',
    'the offloads are counted',
  ),
  twin(
    30,
    'fd_leak',
    'as many files after a life',
    'the same files and netlink sockets after five, with traffic',
  ),
  twin(
    31,
    'command_line_port',
    'a port that was there configures',
    "an administrator's interface is adopted, used and left",
  ),
];
