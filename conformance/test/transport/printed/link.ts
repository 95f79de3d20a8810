/**
 * Links as `ip -N -j -d -s -s link show` prints them, made of what we have decoded.
 *
 * @module
 */

import {
  IFF_ALLMULTI,
  IFF_AUTOMEDIA,
  IFF_BROADCAST,
  IFF_DEBUG,
  IFF_DORMANT,
  IFF_DYNAMIC,
  IFF_ECHO,
  IFF_LOOPBACK,
  IFF_LOWER_UP,
  IFF_MASTER,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_NOTRAILERS,
  IFF_POINTOPOINT,
  IFF_PORTSEL,
  IFF_PROMISC,
  IFF_RUNNING,
  IFF_SLAVE,
  IFF_UP,
} from '@rtap/netlink';
import type { LinkMessage } from '@rtap/netlink/link';
import type { LinkStatistics, LinkXdp } from '@rtap/netlink';
import { flagNames, mac, number } from './text.ts';
import { refuseUnknown } from './unknown.ts';

/** In the order of printing. */
const FLAGS = {
  LOOPBACK: IFF_LOOPBACK,
  BROADCAST: IFF_BROADCAST,
  POINTOPOINT: IFF_POINTOPOINT,
  MULTICAST: IFF_MULTICAST,
  NOARP: IFF_NOARP,
  ALLMULTI: IFF_ALLMULTI,
  PROMISC: IFF_PROMISC,
  MASTER: IFF_MASTER,
  SLAVE: IFF_SLAVE,
  DEBUG: IFF_DEBUG,
  DYNAMIC: IFF_DYNAMIC,
  AUTOMEDIA: IFF_AUTOMEDIA,
  PORTSEL: IFF_PORTSEL,
  NOTRAILERS: IFF_NOTRAILERS,
  UP: IFF_UP,
  LOWER_UP: IFF_LOWER_UP,
  DORMANT: IFF_DORMANT,
  ECHO: IFF_ECHO,
};

const LINK_MODES = ['DEFAULT', 'DORMANT', 'TESTING'];
const ADDRESS_GENERATION_MODES = ['eui64', 'none', 'stable_secret', 'random'];

/** All links of a dump, told by index: iproute2 prints the names of others. */
export type Links = ReadonlyMap<number, LinkMessage>;

function linkFlags(link: LinkMessage, links: Links): string[] {
  const below = link.linkNetnsId === undefined ? links.get(link.link ?? 0) : undefined;
  const noCarrier = (link.flags & IFF_UP) !== 0 && (link.flags & IFF_RUNNING) === 0;
  return [
    ...(noCarrier ? ['NO-CARRIER'] : []),
    ...flagNames(link.flags & ~IFF_RUNNING, FLAGS),
    ...(below !== undefined && (below.flags & IFF_UP) === 0 ? ['M-DOWN'] : []),
  ];
}

/** Counters; those of a link have the changes of its carrier among them. */
export function printedStatistics(stats: LinkStatistics, carrierChanges?: number): object {
  return {
    rx: {
      bytes: number(stats.rxBytes),
      packets: number(stats.rxPackets),
      errors: number(stats.rxErrors),
      dropped: number(stats.rxDropped),
      over_errors: number(stats.rxOverErrors),
      multicast: number(stats.multicast),
      compressed: number(stats.rxCompressed || undefined),
      length_errors: number(stats.rxLengthErrors),
      crc_errors: number(stats.rxCrcErrors),
      frame_errors: number(stats.rxFrameErrors),
      fifo_errors: number(stats.rxFifoErrors),
      missed_errors: number(stats.rxMissedErrors),
      nohandler: number(stats.rxNoHandler || undefined),
      otherhost_dropped: number(stats.rxOtherHostDropped || undefined),
    },
    tx: {
      bytes: number(stats.txBytes),
      packets: number(stats.txPackets),
      errors: number(stats.txErrors),
      dropped: number(stats.txDropped),
      carrier_errors: number(stats.txCarrierErrors),
      collisions: number(stats.collisions),
      compressed: number(stats.txCompressed || undefined),
      aborted_errors: number(stats.txAbortedErrors),
      fifo_errors: number(stats.txFifoErrors),
      window_errors: number(stats.txWindowErrors),
      heartbeat_errors: number(stats.txHeartbeatErrors),
      carrier_changes: carrierChanges,
    },
  };
}

/** XDP programs by XDP_ATTACHED_*: 0 none, 1 driver, 2 generic, 3 hardware, 4 several. */
function xdp({ attached = 0, ...of }: LinkXdp): object | undefined {
  if (attached === 0) return undefined;
  const programs = [of.driverProgramId, of.genericProgramId, of.hardwareProgramId];
  return {
    mode: attached,
    prog: of.programId === undefined ? undefined : { id: of.programId },
    attached: programs
      .map((id, position) => ({ mode: position + 1, prog: { id } }))
      .filter(({ prog }) => prog.id !== undefined),
  };
}

/** Reasons by their numbers. */
function reasons(value: number): string[] | undefined {
  const all = Array.from({ length: 32 }, (_, reason) => reason);
  return value === 0 ? undefined : all.filter((reason) => (value >>> reason) & 1).map(String);
}

/**
 * What ip printed, without what we don't make of a message: the data of kinds, which `rtap link show -d` is judged for,
 * and of XDP programs what ip asks bpf(2) for.
 */
export function comparable(printed: unknown): unknown {
  return JSON.parse(JSON.stringify(printed), (key, value) =>
    key === 'prog' ? { id: value.id } : /^info_(?:slave_)?data$/.test(key) ? undefined : value,
  );
}

/** One link, as printed. */
export function printedLink(link: LinkMessage, links: Links): object {
  const { info, stats64 } = link;
  const nameOf = (index: number | undefined): string | undefined =>
    index === undefined ? undefined : links.get(index)?.name;
  const elsewhere = link.linkNetnsId !== undefined;
  refuseUnknown(link);
  return {
    ifindex: link.index,
    link: elsewhere || link.link === 0 ? undefined : nameOf(link.link),
    link_index: elsewhere ? link.link : undefined,
    link_netnsid: link.linkNetnsId,
    ifname: link.name,
    flags: linkFlags(link, links),
    mtu: link.mtu,
    xdp: link.xdp && xdp(link.xdp),
    qdisc: link.queueDiscipline,
    master: nameOf(link.master),
    operstate: link.operState?.toUpperCase(),
    linkmode: LINK_MODES[link.linkMode ?? -1],
    group: String(link.group),
    txqlen: link.txQueueLength || undefined,
    link_type: `[${link.deviceType}]`,
    address: mac(link.address),
    broadcast: mac(link.broadcast),
    permaddr: mac(link.permanentAddress),
    proto_down: link.protoDown || undefined,
    proto_down_reason: reasons(link.protoDownReason?.value ?? 0),
    promiscuity: link.promiscuity,
    allmulti: link.allMulticast,
    min_mtu: link.minMtu,
    max_mtu: link.maxMtu,
    linkinfo: info && { info_kind: info.kind, info_slave_kind: info.slaveKind },
    inet6_addr_gen_mode: ADDRESS_GENERATION_MODES[link.afSpec?.inet6?.addressGenerationMode ?? -1],
    num_tx_queues: link.txQueues,
    num_rx_queues: link.rxQueues,
    gso_max_size: link.gsoMaxSize,
    gso_max_segs: link.gsoMaxSegments,
    tso_max_size: link.tsoMaxSize,
    tso_max_segs: link.tsoMaxSegments,
    gro_max_size: link.groMaxSize,
    phys_port_name: link.physicalPortName,
    phys_port_id: mac(link.physicalPortId)?.replaceAll(':', ''),
    phys_switch_id: mac(link.physicalSwitchId)?.replaceAll(':', ''),
    parentbus: link.parentDeviceBusName,
    parentdev: link.parentDeviceName,
    ifalias: link.alias,
    altnames: link.alternativeNames,
    stats64: stats64 && printedStatistics(stats64, link.carrierChanges),
  };
}
