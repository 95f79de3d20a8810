/**
 * Neighbours as `ip neigh` takes them, made into what it sends.
 *
 * @module
 */

import {
  NTF_EXT_MANAGED,
  NTF_PROXY,
  NUD_NONE,
  NUD_PERMANENT,
  RTM_DELNEIGH,
  RTM_GETNEIGH,
  RTM_NEWNEIGH,
} from '@rtap/netlink';
import { decodeNeighbour, encodeNeighbour } from '@rtap/netlink/neighbour';
import type { NeighbourMessage, NeighbourRequest } from '@rtap/netlink/neighbour';
import { checkIndex, checkIpAddress, checkObject } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { change, question } from './requests.ts';
import { familyOf } from './route-operations.ts';

/** Which neighbour: see {@link NetlinkClient.getNeighbour}. */
export interface WhichNeighbour {
  /** The interface. */
  readonly index: number;
  /** Its network address: 4 or 16 bytes. NDA_DST */
  readonly destination: Uint8Array;
  /** Whether an entry is meant whose address is answered for, as for our own. NTF_PROXY */
  readonly proxy?: boolean;
}

/** A neighbour: see {@link NetlinkClient.addNeighbour}. */
export interface Neighbour extends WhichNeighbour {
  /** Its link-layer address. NDA_LLADDR */
  readonly linkLayerAddress?: Uint8Array;
  /** NUD_*. Left out: NUD_PERMANENT; NUD_NONE of a managed one. */
  readonly state?: number;
  /** NTF_* besides NTF_PROXY: NTF_ROUTER, NTF_EXT_LEARNED, NTF_USE. */
  readonly flags?: number;
  /** NTF_EXT_*, such as NTF_EXT_MANAGED. NDA_FLAGS_EXT */
  readonly extendedFlags?: number;
  /** Who makes it: RTPROT_*. NDA_PROTOCOL */
  readonly protocol?: number;
}

/** Adds, changes or deletes a neighbour. */
export async function changeNeighbour(
  conversation: Conversation,
  name: 'RTM_NEWNEIGH' | 'RTM_DELNEIGH',
  flags: number,
  neighbour: Neighbour,
  options: RequestOptions,
): Promise<void> {
  const type = name === 'RTM_DELNEIGH' ? RTM_DELNEIGH : RTM_NEWNEIGH;
  const request = neighbourRequest(neighbour);
  await change(
    conversation,
    name,
    flags,
    (header) => encodeNeighbour(type, request, header),
    options,
  );
}

/** Asks for one neighbour. */
export async function getNeighbour(
  conversation: Conversation,
  which: WhichNeighbour,
  options: RequestOptions,
): Promise<NeighbourMessage> {
  checkWhichNeighbour('which', which);
  const { index, destination, proxy = false } = which;
  const request = {
    family: familyOf(destination),
    index,
    flags: proxy ? NTF_PROXY : 0,
    destination,
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

function checkWhichNeighbour(name: string, which: WhichNeighbour): void {
  checkObject(name, which);
  checkIndex(`${name}.index`, which.index);
  checkIpAddress(`${name}.destination`, which.destination);
}

/** Makes the request, with its attributes in iproute2's order. */
function neighbourRequest(neighbour: Neighbour): NeighbourRequest {
  checkWhichNeighbour('neighbour', neighbour);
  const { index, destination, proxy = false, flags = 0, extendedFlags = 0 } = neighbour;
  const { linkLayerAddress, protocol } = neighbour;
  const managed = (extendedFlags & NTF_EXT_MANAGED) !== 0;
  return {
    family: familyOf(destination),
    index,
    state: neighbour.state ?? (managed ? NUD_NONE : NUD_PERMANENT),
    flags: flags | (proxy ? NTF_PROXY : 0),
    ...(protocol !== undefined && { protocol }),
    destination,
    ...(extendedFlags !== 0 && { extendedFlags }),
    ...(linkLayerAddress !== undefined && { linkLayerAddress }),
  };
}
