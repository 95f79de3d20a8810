/**
 * Entries of forwarding databases as `bridge fdb` takes them, made into what it sends.
 *
 * @module
 */

import {
  AF_BRIDGE,
  NTF_MASTER,
  NTF_SELF,
  NUD_NOARP,
  NUD_PERMANENT,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from '@rtap/netlink';
import { decodeNeighbour, encodeNeighbour } from '@rtap/netlink/neighbour';
import type { NeighbourMessage, NeighbourRequest } from '@rtap/netlink/neighbour';
import {
  checkIndex,
  checkInteger,
  checkIpAddress,
  checkObject,
  invalidArgumentType,
} from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { change, question } from './requests.ts';

/** Bytes of a MAC address. */
const MAC_LENGTH = 6;

/** An entry of the forwarding database of a bridge or a VXLAN: see {@link NetlinkClient.addForwardingEntry}. */
export interface ForwardingEntry {
  /** The interface that frames are sent by: a port of the bridge, or the VXLAN. */
  readonly index: number;
  /** The address that frames are sent to: the six bytes of a MAC address. NDA_LLADDR */
  readonly linkLayerAddress: Uint8Array;
  /** NUD_*. Left out: NUD_NOARP and NUD_PERMANENT; `static` is NUD_NOARP and NUD_REACHABLE, `dynamic` NUD_REACHABLE. */
  readonly state?: number;
  /** NTF_*, such as NTF_MASTER: the bridge's own database. NTF_SELF, the interface's, when neither is given. */
  readonly flags?: number;
  /** Address of the tunnel end: 4 or 16 bytes. NDA_DST */
  readonly destination?: Uint8Array;
  /** VLAN id. NDA_VLAN */
  readonly vlan?: number;
  /** Id of a nexthop, instead of `destination`. NDA_NH_ID */
  readonly nexthopId?: number;
  /** UDP port of the tunnel end. NDA_PORT */
  readonly port?: number;
  /** VXLAN network identifier of the tunnel end. NDA_VNI */
  readonly vni?: number;
  /** VXLAN network identifier of the source. NDA_SRC_VNI */
  readonly sourceVni?: number;
  /** Index of the interface to the tunnel end. NDA_IFINDEX */
  readonly outputIndex?: number;
}

/** Which entry: see {@link NetlinkClient.getForwardingEntry}. */
export interface WhichForwardingEntry {
  /** The MAC address. */
  readonly linkLayerAddress: Uint8Array;
  /** The bridge whose database is meant, by its index. NDA_MASTER */
  readonly master?: number;
  /** The interface whose own database is meant, by its index. */
  readonly index?: number;
  /** VLAN id. NDA_VLAN */
  readonly vlan?: number;
}

/** Adds, changes or deletes an entry. */
export async function changeForwardingEntry(
  conversation: Conversation,
  name: 'RTM_NEWNEIGH' | 'RTM_DELNEIGH',
  flags: number,
  entry: ForwardingEntry,
  options: RequestOptions,
): Promise<void> {
  const type = name === 'RTM_DELNEIGH' ? RTM_DELNEIGH : RTM_NEWNEIGH;
  const request = forwardingRequest(entry);
  await change(
    conversation,
    name,
    flags,
    (header) => encodeNeighbour(type, request, header),
    options,
  );
}

/** Asks for one entry. */
export async function getForwardingEntry(
  conversation: Conversation,
  which: WhichForwardingEntry,
  options: RequestOptions,
): Promise<NeighbourMessage> {
  checkObject('which', which);
  checkMac('which.linkLayerAddress', which.linkLayerAddress);
  const { linkLayerAddress, master, index, vlan } = which;
  if (index !== undefined) checkIndex('which.index', index);
  if (master !== undefined) checkIndex('which.master', master);
  const request: NeighbourRequest = {
    family: AF_BRIDGE,
    ...(index !== undefined && { index, flags: NTF_SELF }),
    linkLayerAddress,
    ...(master !== undefined && { master }),
    ...(vlan !== undefined && { vlan }),
  };
  const answer = await question(
    conversation,
    'RTM_GETNEIGH',
    RTM_NEWNEIGH,
    (header) => encodeNeighbour(RTM_GETNEIGH, request, header),
    options,
  );
  return decodeNeighbour(answer);
}

function checkMac(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) {
    throw invalidArgumentType(name, 'an instance of Uint8Array', value);
  }
  checkInteger(`${name}.length`, value.length, MAC_LENGTH, MAC_LENGTH);
}

/** Makes the request, with its attributes in iproute2's order. */
function forwardingRequest(entry: ForwardingEntry): NeighbourRequest {
  checkObject('entry', entry);
  checkIndex('entry.index', entry.index);
  checkMac('entry.linkLayerAddress', entry.linkLayerAddress);
  const { index, linkLayerAddress, destination, flags = 0 } = entry;
  const { vlan, nexthopId, port, vni, sourceVni, outputIndex } = entry;
  if (destination !== undefined) checkIpAddress('entry.destination', destination);
  return {
    family: AF_BRIDGE,
    index,
    state: entry.state ?? NUD_NOARP | NUD_PERMANENT,
    flags: (flags & (NTF_SELF | NTF_MASTER)) === 0 ? flags | NTF_SELF : flags,
    linkLayerAddress,
    ...(destination !== undefined && { destination }),
    ...(vlan !== undefined && { vlan }),
    ...(nexthopId !== undefined && { nexthopId }),
    ...(port !== undefined && { port }),
    ...(vni !== undefined && { vni }),
    ...(sourceVni !== undefined && { sourceVni }),
    ...(outputIndex !== undefined && { outputIndex }),
  };
}
