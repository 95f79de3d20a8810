/**
 * Recorded conversations, and the comparison of links with what `ip` printed of them.
 *
 * @module
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { messages, type LinkMessage, type NetlinkMessage } from '../src/index.ts';

/** One request of a recorded command, what answered it, and what the command printed. */
export interface Golden {
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly stderr: string;
  readonly sent: Uint8Array;
  readonly received: readonly Uint8Array[];
  readonly printed: readonly Printed[] | null;
  /** What was printed, of tools that have no JSON. */
  readonly text?: string;
  /** Settings of IP of the interface that was asked for, from /proc, by family and file. */
  readonly settings?: Readonly<Record<'ipv4' | 'ipv6', Readonly<Record<string, number>>>>;
  /** Of what the recording kernel lacks: from what the bytes are built. */
  readonly built?: string;
}

/** One step of the recorded events. */
export interface EventGolden {
  readonly action: string;
  readonly received: readonly Uint8Array[];
  /** Of links: what ip showed right after, of those that the step is about. */
  readonly printed: readonly Printed[];
  /** What the monitor printed. */
  readonly text: string;
}

/** An object of `ip -j`. */
export type Printed = Readonly<Record<string, unknown>>;

/** Reads the golden of a name. */
export function golden(name: string): Golden {
  const { sent, received, ...rest } = readJson(name) as Omit<Golden, 'sent' | 'received'> & {
    readonly sent: string;
    readonly received: readonly string[];
  };
  return { ...rest, sent: fromHex(sent), received: received.map(fromHex) };
}

/** Reads all messages that were recorded of a family, by its file: `link`. */
export function recorded(family: string): NetlinkMessage[] {
  const file = join(import.meta.dirname, 'goldens', `${family}.messages.br`);
  return [...messages(new Uint8Array(brotliDecompressSync(readFileSync(file))), 'little')];
}

/** Reads the recorded events: of `ip monitor`, or of `tc monitor`. */
export function eventGoldens(name: 'events' | 'tc_events' = 'events'): EventGolden[] {
  const steps = readJson(name) as readonly (Omit<EventGolden, 'received'> & {
    readonly received: readonly string[];
  })[];
  return steps.map((step) => ({ ...step, received: step.received.map(fromHex) }));
}

/** Bytes of hexadecimal digits; blanks are for the reader. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
}

/** The same bytes with the sequence number of the message header set to 0. */
export function withoutSequence(message: Uint8Array): Uint8Array {
  return message.slice().fill(0, 8, 12);
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'goldens', `${name}.json`), 'utf8'));
}

const FLAGS: readonly (readonly [number, string])[] = [
  [0x8, 'LOOPBACK'],
  [0x2, 'BROADCAST'],
  [0x10, 'POINTOPOINT'],
  [0x1000, 'MULTICAST'],
  [0x80, 'NOARP'],
  [0x200, 'ALLMULTI'],
  [0x100, 'PROMISC'],
  [0x1, 'UP'],
  [0x10000, 'LOWER_UP'],
];

/**
 * What `ip -d -s -s -j link` prints of a link, as far as this package decodes it.
 *
 * @param nameOf Names of interfaces by index, as ip looks them up; of the link's own namespace.
 */
export function printLink(
  link: LinkMessage,
  nameOf: (index: number) => string | undefined,
): Printed {
  const { stats64: stats } = link;
  const noCarrier = (link.flags & 0x1) !== 0 && (link.flags & 0x40) === 0;
  return defined({
    ifindex: link.index,
    ifname: link.name,
    link: link.linkNetnsId === undefined && link.link ? nameOf(link.link) : undefined,
    link_index: link.linkNetnsId === undefined ? undefined : link.link,
    link_netnsid: link.linkNetnsId,
    flags: [
      ...(noCarrier ? ['NO-CARRIER'] : []),
      ...FLAGS.filter(([bit]) => (link.flags & bit) !== 0).map(([, name]) => name),
    ],
    mtu: link.mtu,
    qdisc: link.queueDiscipline,
    master: link.master === undefined ? undefined : nameOf(link.master),
    operstate: link.operState?.toUpperCase(),
    linkmode: link.linkMode === 0 ? 'DEFAULT' : link.linkMode,
    group: link.group === 0 ? 'default' : link.group?.toString(),
    txqlen: link.txQueueLength,
    address: link.address?.length ? mac(link.address) : undefined,
    broadcast: link.broadcast?.length ? mac(link.broadcast) : undefined,
    promiscuity: link.promiscuity,
    allmulti: link.allMulticast,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    info_kind: link.info?.kind,
    info_slave_kind: link.info?.slaveKind,
    num_tx_queues: link.txQueues,
    num_rx_queues: link.rxQueues,
    ifalias: link.alias,
    altnames: link.alternativeNames,
    stats64: stats && {
      rx: defined({
        bytes: Number(stats.rxBytes),
        packets: Number(stats.rxPackets),
        errors: Number(stats.rxErrors),
        dropped: Number(stats.rxDropped),
        over_errors: Number(stats.rxOverErrors),
        multicast: Number(stats.multicast),
        length_errors: Number(stats.rxLengthErrors),
        crc_errors: Number(stats.rxCrcErrors),
        frame_errors: Number(stats.rxFrameErrors),
        fifo_errors: Number(stats.rxFifoErrors),
        missed_errors: Number(stats.rxMissedErrors),
        nohandler: stats.rxNoHandler ? Number(stats.rxNoHandler) : undefined,
      }),
      tx: defined({
        bytes: Number(stats.txBytes),
        packets: Number(stats.txPackets),
        errors: Number(stats.txErrors),
        dropped: Number(stats.txDropped),
        carrier_errors: Number(stats.txCarrierErrors),
        collisions: Number(stats.collisions),
        aborted_errors: Number(stats.txAbortedErrors),
        fifo_errors: Number(stats.txFifoErrors),
        window_errors: Number(stats.txWindowErrors),
        heartbeat_errors: Number(stats.txHeartbeatErrors),
        carrier_changes: link.carrierChanges,
      }),
    },
  });
}

/** What this package does not decode yet, or ip makes up: not compared. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  'link_type',
  'inet6_addr_gen_mode',
  'gso_max_size',
  'gso_max_segs',
  'gro_max_size',
  'tso_max_size',
  'tso_max_segs',
  'linkinfo',
  'parentbus',
  'parentdev',
]);

/** What ip printed, in the shape of {@link printLink}. `withStats`: it was asked for statistics. */
export function comparable(printed: Printed): Printed {
  const info = (printed['linkinfo'] ?? {}) as Printed;
  const kept = Object.entries(printed).filter(([key]) => !NOT_COMPARED.has(key));
  return defined({
    ...Object.fromEntries(kept),
    // M-DOWN says that the peer is down, which is not in the message.
    flags: (printed['flags'] as readonly string[]).filter((flag) => flag !== 'M-DOWN'),
    info_kind: info['info_kind'],
    info_slave_kind: info['info_slave_kind'],
  });
}

function defined(object: Printed): Printed {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function mac(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
