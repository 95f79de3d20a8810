/**
 * The table of neighbours.
 *
 * @module
 */

import {
  AF_BRIDGE,
  NTF_PROXY,
  NUD_NOARP,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
  RTNLGRP_NEIGH,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeNeighbour, encodeNeighbour } from '@rtap/netlink/neighbour';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { TableFamily } from './table-family.ts';

/**
 * Neighbours, told by interface, family and network address; without entries of forwarding databases.
 *
 * Without what the kernel makes without a word, too: entries that are answered for (NTF_PROXY), and those that
 * need no resolving, of multicast, broadcast and loopback addresses and on interfaces without addresses
 * (NUD_NOARP, with no address of one station).
 */
export const neighbourFamily: TableFamily<NeighbourMessage> = Object.freeze({
  groups: [RTNLGRP_NEIGH],
  name: 'RTM_GETNEIGH',
  added: RTM_NEWNEIGH,
  removed: RTM_DELNEIGH,
  encode: (header: RequestHeader) => encodeNeighbour(RTM_GETNEIGH, {}, header),
  decode: (message: NetlinkMessage) => decodeNeighbour(message),
  key: ({ index, family, destination }: NeighbourMessage) =>
    `${index} ${family} ${destination?.join('.') ?? ''}`,
  whole: ({ family, flags }: NeighbourMessage) => family !== AF_BRIDGE && (flags & NTF_PROXY) === 0,
  member: ({ state, linkLayerAddress }: NeighbourMessage) =>
    (state & NUD_NOARP) === 0 || isStation(linkLayerAddress),
  dumpsOthers: false,
  // neigh_dump_table counts the entries of a bucket.
  dumpsByPosition: true,
});

/** Whether a link-layer address is that of one station: not of a group, and not none. */
function isStation(address: Uint8Array = new Uint8Array(0)): boolean {
  return ((address[0] ?? 0) & 1) === 0 && address.some((byte) => byte !== 0);
}
