/**
 * The link table of the in-memory rtnetlink, and how its entries are told.
 *
 * @module
 */

import {
  IFF_ALLMULTI,
  IFF_BROADCAST,
  IFF_LOWER_UP,
  IFF_MULTICAST,
  IFF_PROMISC,
  IFF_RUNNING,
  IFF_UP,
  RTM_DELLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import type { LinkStatistics } from '@rtap/netlink/link';

/** ARPHRD_ETHER (linux/if_arp.h). */
const ARPHRD_ETHER = 1;
const EVERYTHING = 0xffff_ffff;
/** Least MTU of a TAP device (ETH_MIN_MTU). */
export const MIN_MTU = 68;
/** Greatest MTU of a TAP device (MAX_MTU of drivers/net/tun.c, less the Ethernet header). */
export const MAX_MTU = 65_521;

const NOTHING_COUNTED: LinkStatistics = {
  rxPackets: 0n,
  txPackets: 0n,
  rxBytes: 0n,
  txBytes: 0n,
  rxErrors: 0n,
  txErrors: 0n,
  rxDropped: 0n,
  txDropped: 0n,
  multicast: 0n,
  collisions: 0n,
  rxLengthErrors: 0n,
  rxOverErrors: 0n,
  rxCrcErrors: 0n,
  rxFrameErrors: 0n,
  rxFifoErrors: 0n,
  rxMissedErrors: 0n,
  txAbortedErrors: 0n,
  txCarrierErrors: 0n,
  txFifoErrors: 0n,
  txHeartbeatErrors: 0n,
  txWindowErrors: 0n,
  rxCompressed: 0n,
  txCompressed: 0n,
  rxNoHandler: 0n,
  rxOtherHostDropped: 0n,
};

/** What can be said of an interface when it is made or changed. */
export interface MemoryLinkOptions {
  /** Its name, 1 to 15 bytes. */
  readonly name?: string;
  /** Largest frame payload, in bytes. */
  readonly mtu?: number;
  /** Hardware address, 6 bytes. */
  readonly address?: Uint8Array;
  /** Whether it is set up (IFF_UP). */
  readonly up?: boolean;
  /** Whether the carrier is there. */
  readonly carrier?: boolean;
  /** Whether it is set to take all frames (IFF_PROMISC). */
  readonly promiscuous?: boolean;
  /** Whether it is set to take all multicast frames (IFF_ALLMULTI). */
  readonly allMulticast?: boolean;
  /** Length of its transmit queue, in packets. */
  readonly txQueueLength?: number;
  /** Index of its master; 0: none. */
  readonly master?: number;
  /** Whether it can be a master, as a bridge can and a TAP device can't; true when left out. */
  readonly takesPorts?: boolean;
}

/** An interface of the in-memory rtnetlink. */
export interface MemoryLink extends Required<MemoryLinkOptions> {
  /** Its index. */
  readonly ifindex: number;
  /** How often the carrier has changed. */
  readonly carrierChanges: number;
}

/** Where an interface goes when it leaves for another namespace. */
export interface MemoryLinkMove {
  /** Its index there. */
  readonly ifindex: number;
  /** The id of that namespace in the one it leaves. */
  readonly netnsId: number;
}

/** The flags that the kernel shows for an interface. */
export function flagsOf(link: MemoryLink): number {
  const running = link.up && link.carrier ? IFF_RUNNING : 0;
  return (
    IFF_BROADCAST |
    IFF_MULTICAST |
    (link.promiscuous ? IFF_PROMISC : 0) |
    (link.allMulticast ? IFF_ALLMULTI : 0) |
    (link.up ? IFF_UP : 0) |
    (link.up && link.carrier ? IFF_LOWER_UP : 0) |
    running
  );
}

/** A TAP device knows nothing of it until its carrier has changed once. */
function operStateOf({ up, carrier, carrierChanges }: MemoryLink): 'up' | 'down' | 'unknown' {
  if (!up || !carrier) return 'down';
  return carrierChanges === 0 ? 'unknown' : 'up';
}

/** The message that tells of an interface, as the kernel sends it: RTM_NEWLINK, all attributes that rtap looks at. */
export function linkMessage(
  link: MemoryLink,
  header: {
    readonly sequence: number;
    readonly portId: number;
    readonly flags?: number;
    readonly statistics?: Partial<LinkStatistics> | undefined;
  },
): Uint8Array {
  const { statistics } = header;
  return encodeLink(
    RTM_NEWLINK,
    {
      index: link.ifindex,
      deviceType: ARPHRD_ETHER,
      flags: flagsOf(link),
      change: 0,
      name: link.name,
      mtu: link.mtu,
      minMtu: MIN_MTU,
      maxMtu: MAX_MTU,
      txQueueLength: link.txQueueLength,
      ...(link.master > 0 && { master: link.master }),
      address: link.address,
      carrier: link.carrier,
      operState: operStateOf(link),
      carrierChanges: link.carrierChanges,
      ...(statistics === undefined ? {} : { stats64: { ...NOTHING_COUNTED, ...statistics } }),
    },
    { flags: header.flags ?? 0, sequence: header.sequence, portId: header.portId },
  );
}

/** The message that tells that an interface is gone, or where it went. */
export function farewellMessage(link: MemoryLink, move?: MemoryLinkMove): Uint8Array {
  return encodeLink(
    RTM_DELLINK,
    {
      index: link.ifindex,
      deviceType: ARPHRD_ETHER,
      flags: flagsOf(link),
      change: EVERYTHING,
      name: link.name,
      ...(move === undefined ? {} : { newNetnsId: move.netnsId, newIndex: move.ifindex }),
    },
    { flags: 0, sequence: 0, portId: 0 },
  );
}
