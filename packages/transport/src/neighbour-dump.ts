/**
 * Which neighbours and entries of forwarding databases to dump, and the requests for it.
 *
 * @module
 */

import { AF_BRIDGE, AF_UNSPEC, NTF_PROXY, RTM_GETNEIGH, RTM_NEWNEIGH } from '@rtap/netlink';
import { decodeNeighbour, encodeNeighbour } from '@rtap/netlink/neighbour';
import type { NeighbourMessage } from '@rtap/netlink/neighbour';
import type { DumpOptions, DumpRequest } from './dump.ts';

/** Which neighbours to dump: see {@link NetlinkClient.neighbours}. */
export interface NeighbourDumpOptions extends DumpOptions {
  /** Only AF_INET, or only AF_INET6; all when left out. */
  readonly family?: number;
  /** Only those of this interface. NDA_IFINDEX */
  readonly index?: number;
  /** Only those of interfaces that have this master, by its index. NDA_MASTER */
  readonly master?: number;
  /** Only those in one of these states: NUD_*, or'ed; all when left out, those in NUD_NOARP too. */
  readonly state?: number;
  /** The addresses that are answered for as for our own, instead of neighbours. NTF_PROXY */
  readonly proxy?: boolean;
}

/** Which entries of forwarding databases to dump: see {@link NetlinkClient.forwardingEntries}. */
export interface ForwardingDumpOptions extends DumpOptions {
  /** Only those of this interface: a port of a bridge, a VXLAN. */
  readonly index?: number;
  /** Only those of this bridge and its ports, by its index. NDA_MASTER */
  readonly master?: number;
  /** Only those of this VLAN. */
  readonly vlan?: number;
}

/** Makes the request. */
export function neighbourDump(options: NeighbourDumpOptions): DumpRequest<NeighbourMessage> {
  const { family = AF_UNSPEC, index, master, state, proxy = false } = options;
  return {
    name: 'RTM_GETNEIGH',
    encode: (header) =>
      encodeNeighbour(
        RTM_GETNEIGH,
        {
          family,
          flags: proxy ? NTF_PROXY : 0,
          ...(index !== undefined && { outputIndex: index }),
          ...(master !== undefined && { master }),
        },
        header,
      ),
    type: RTM_NEWNEIGH,
    decode: (message) => decodeNeighbour(message),
    filter: (neighbour) =>
      (family === AF_UNSPEC ? neighbour.family !== AF_BRIDGE : neighbour.family === family) &&
      (index === undefined || neighbour.index === index) &&
      // An entry that has no state yet is in none of them.
      (state === undefined || (neighbour.state & state) !== 0) &&
      ((neighbour.flags & NTF_PROXY) !== 0) === proxy,
  };
}

/** Makes the request. */
export function forwardingDump(options: ForwardingDumpOptions): DumpRequest<NeighbourMessage> {
  const { index, master, vlan } = options;
  return {
    name: 'RTM_GETNEIGH',
    encode: (header) =>
      encodeNeighbour(
        RTM_GETNEIGH,
        {
          family: AF_BRIDGE,
          ...(index !== undefined && { index }),
          ...(master !== undefined && { master }),
        },
        header,
      ),
    type: RTM_NEWNEIGH,
    decode: (message) => decodeNeighbour(message),
    filter: (entry) =>
      entry.family === AF_BRIDGE &&
      (index === undefined || entry.index === index) &&
      (vlan === undefined || entry.vlan === vlan),
  };
}
