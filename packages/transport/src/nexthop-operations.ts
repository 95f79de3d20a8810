/**
 * Nexthops as `ip nexthop` takes them, made into what it sends.
 *
 * @module
 */

import {
  AF_INET,
  AF_UNSPEC,
  RTM_DELNEXTHOP,
  RTM_GETNEXTHOP,
  RTM_NEWNEXTHOP,
  RTNH_F_ONLINK,
} from '@rtap/netlink';
import { decodeNexthop, encodeNexthop } from '@rtap/netlink/nexthop';
import type {
  NexthopAttributes,
  NexthopGroupEntry,
  NexthopMessage,
  NexthopRequest,
} from '@rtap/netlink/nexthop';
import {
  checkIndex,
  checkInteger,
  checkIpAddress,
  checkObject,
  invalidArgumentType,
} from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { inOrderOf } from './property-order.ts';
import { change, question } from './requests.ts';
import { familyOf } from './route-operations.ts';

const LARGEST_ID = 0xffff_ffff;
/** Linux 6.12 has weights of 16 bits, those before of 8. */
const LARGEST_WEIGHT = 0x1_0000;

/** One of the nexthops of a group. */
export interface NexthopGroupMember {
  /** Its id. */
  readonly id: number;
  /** How many of all packets go this way, 1 to 65,536; 1 when left out. Kernels before 6.12 know 256. */
  readonly weight?: number;
}

/**
 * A nexthop or a group of them: see {@link NetlinkClient.addNexthop}.
 *
 * Attributes are sent in the order of the properties, as iproute2 follows its arguments.
 */
export interface Nexthop extends Pick<
  NexthopAttributes,
  'blackhole' | 'fdb' | 'encapType' | 'encap' | 'groupType' | 'resilientGroup'
> {
  /** Its id. Left out: the kernel chooses. NHA_ID */
  readonly id?: number;
  /** AF_INET or AF_INET6. Left out: that of the gateway; AF_INET without, AF_UNSPEC of a group. */
  readonly family?: number;
  /** The gateway: 4 or 16 bytes. NHA_GATEWAY */
  readonly gateway?: Uint8Array;
  /** Index of the interface. NHA_OIF */
  readonly outputIndex?: number;
  /** The gateway is on the link, whatever the addresses say. RTNH_F_ONLINK */
  readonly onlink?: boolean;
  /** Who makes it: RTPROT_*; RTPROT_UNSPEC when left out. */
  readonly protocol?: number;
  /** The nexthops of a group. NHA_GROUP */
  readonly group?: readonly NexthopGroupMember[];
}

/** Adds or replaces a nexthop. */
export async function changeNexthop(
  conversation: Conversation,
  flags: number,
  nexthop: Nexthop,
  options: RequestOptions,
): Promise<void> {
  const request = nexthopRequest(nexthop);
  await change(
    conversation,
    'RTM_NEWNEXTHOP',
    flags,
    (header) => encodeNexthop(RTM_NEWNEXTHOP, request, header),
    options,
  );
}

/** Deletes a nexthop. */
export async function removeNexthop(
  conversation: Conversation,
  id: number,
  options: RequestOptions,
): Promise<void> {
  checkInteger('id', id, 1, LARGEST_ID);
  await change(
    conversation,
    'RTM_DELNEXTHOP',
    0,
    (header) => encodeNexthop(RTM_DELNEXTHOP, { id }, header),
    options,
  );
}

/** Asks for one nexthop. */
export async function getNexthop(
  conversation: Conversation,
  id: number,
  options: RequestOptions,
): Promise<NexthopMessage> {
  checkInteger('id', id, 1, LARGEST_ID);
  const answer = await question(
    conversation,
    'RTM_GETNEXTHOP',
    RTM_NEWNEXTHOP,
    (header) => encodeNexthop(RTM_GETNEXTHOP, { id }, header),
    options,
  );
  return decodeNexthop(answer);
}

/** Makes the request, with what iproute2 adds: the family. */
function nexthopRequest(nexthop: Nexthop): NexthopRequest {
  checkObject('nexthop', nexthop);
  const { gateway, outputIndex, id, onlink = false, group, ...attributes } = nexthop;
  if (id !== undefined) checkInteger('nexthop.id', id, 1, LARGEST_ID);
  if (gateway !== undefined) checkIpAddress('nexthop.gateway', gateway);
  if (outputIndex !== undefined) checkIndex('nexthop.outputIndex', outputIndex);
  const usual = group === undefined ? AF_INET : AF_UNSPEC;
  const request: NexthopRequest = {
    ...attributes,
    family: nexthop.family ?? (gateway === undefined ? usual : familyOf(gateway)),
    flags: onlink ? RTNH_F_ONLINK : 0,
    ...(id !== undefined && { id }),
    ...(gateway !== undefined && { gateway }),
    ...(outputIndex !== undefined && { outputIndex }),
    ...(group !== undefined && { group: groupOf(group) }),
  };
  return inOrderOf(request, nexthop);
}

function groupOf(group: unknown): readonly NexthopGroupEntry[] {
  if (!Array.isArray(group)) throw invalidArgumentType('nexthop.group', 'an array', group);
  return group.map((member: unknown, position) => {
    const at = `nexthop.group[${position}]`;
    checkObject(at, member);
    const { id, weight = 1 }: { id?: unknown; weight?: unknown } = member;
    const less = checkInteger(`${at}.weight`, weight, 1, LARGEST_WEIGHT) - 1;
    return {
      id: checkInteger(`${at}.id`, id, 1, LARGEST_ID),
      weight: less & 0xff,
      weightHigh: less >> 8,
    };
  });
}
