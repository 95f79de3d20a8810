/**
 * A link as `ip -j link show` prints it.
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
import { flagNames } from '../ip/flag-names.ts';
import { nameAt } from '../ip/known-links.ts';
import type { KnownLinks } from '../ip/known-links.ts';
import { linkAddressText, linkTypeName } from '../ip/link-types.ts';
import { groups, protodownReasons } from '../ip/named-numbers.ts';
import { shownDetails } from './shown-details.ts';
import type { ShownDetails } from './shown-details.ts';

/** In the order of printing. */
const FLAGS: Readonly<Record<string, number>> = {
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

/** What `ip -j link show` prints of a link; what isn't known of it is not there. */
export interface ShownLink extends ShownDetails {
  /** Index. */
  readonly ifindex: number;
  /** Name of the interface below or of the peer, in the same namespace; null when there could be one and is none. */
  readonly link?: string | null | undefined;
  /** Index of that interface, when it is in another namespace. */
  readonly link_index?: number | undefined;
  /** Name. */
  readonly ifname: string;
  /** IFF_*; NO-CARRIER when it is up without IFF_RUNNING, M-DOWN when the interface below is down. */
  readonly flags: readonly string[];
  /** MTU in bytes. */
  readonly mtu?: number | undefined;
  /** Queueing discipline. */
  readonly qdisc?: string | undefined;
  /** Name of the master. */
  readonly master?: string | undefined;
  /** Operational state (RFC 2863). */
  readonly operstate?: string | undefined;
  /** Link mode: DEFAULT, DORMANT. */
  readonly linkmode?: string | undefined;
  /** Group. */
  readonly group?: string | undefined;
  /** Length of the transmit queue in packets. */
  readonly txqlen?: number | undefined;
  /** Type of the device. */
  readonly link_type: string;
  /** Link-layer address. */
  readonly address?: string | undefined;
  /** Link-layer broadcast address; of a point-to-point link the peer's. */
  readonly broadcast?: string | undefined;
  /** Address that the hardware came with, when it has another one now. */
  readonly permaddr?: string | undefined;
  /** Id of the namespace that `link_index` is in. */
  readonly link_netnsid?: number | undefined;
  /** Whether a protocol holds it down. */
  readonly proto_down?: true | undefined;
  /** Why one does, each by its name or number. */
  readonly proto_down_reason?: readonly string[] | undefined;
  /** Alias, for people. */
  readonly ifalias?: string | undefined;
  /** Alternative names. */
  readonly altnames?: readonly string[] | undefined;
}

/** What a link is shown with. */
export interface LinkContext {
  /** The interfaces that it may refer to. */
  readonly links: KnownLinks;
  /** Whether to show details. */
  readonly details: boolean;
}

/** Makes what is printed of a link, in ip's order. */
export function shownLink(link: LinkMessage, context: LinkContext): ShownLink {
  const { links, details } = context;
  const { deviceType, address, permanentAddress } = link;
  const text = (bytes: Uint8Array | undefined): string | undefined =>
    bytes && linkAddressText(bytes, deviceType);
  const permanent = text(permanentAddress);
  return {
    ifindex: link.index,
    ...peer(link, links),
    ifname: link.name ?? `if${link.index}`,
    flags: linkFlags(link, links),
    mtu: link.mtu,
    qdisc: link.queueDiscipline,
    master: link.master === undefined ? undefined : nameAt(links, link.master),
    operstate: link.operState?.toUpperCase(),
    linkmode: LINK_MODES[link.linkMode ?? -1],
    group: link.group === undefined ? undefined : groups.nameOf(link.group),
    // Nothing is said of a queue that has no length.
    txqlen: link.txQueueLength === 0 ? undefined : link.txQueueLength,
    link_type: linkTypeName(deviceType),
    address: text(address),
    broadcast: text(link.broadcast),
    permaddr: permanent === text(address) ? undefined : permanent,
    link_netnsid: link.linkNetnsId,
    proto_down: link.protoDown === true ? true : undefined,
    proto_down_reason: reasons(link.protoDownReason?.value ?? 0),
    ...(details && shownDetails(link, links)),
    ifalias: link.alias,
    altnames: link.alternativeNames,
  };
}

/** The interface below, or the other end of a pair. */
function peer(link: LinkMessage, links: KnownLinks): Pick<ShownLink, 'link' | 'link_index'> {
  if (link.link === undefined) return {};
  if (link.link === 0) return { link: null };
  return link.linkNetnsId === undefined
    ? { link: nameAt(links, link.link) }
    : { link_index: link.link };
}

/** The bits of a mask, by the names of the reasons that they stand for. */
function reasons(mask: number): readonly string[] | undefined {
  if (mask === 0) return undefined;
  const all = Array.from({ length: 32 }, (_, reason) => reason);
  return all
    .filter((reason) => (mask >>> reason) & 1)
    .map((reason) => protodownReasons.nameOf(reason));
}

function linkFlags(link: LinkMessage, links: KnownLinks): string[] {
  const noCarrier = (link.flags & IFF_UP) !== 0 && (link.flags & IFF_RUNNING) === 0;
  const below = link.linkNetnsId === undefined ? links.get(link.link ?? 0) : undefined;
  return [
    ...(noCarrier ? ['NO-CARRIER'] : []),
    ...flagNames(link.flags & ~IFF_RUNNING, FLAGS),
    ...(below !== undefined && (below.flags & IFF_UP) === 0 ? ['M-DOWN'] : []),
  ];
}
