/**
 * The table of nexthops.
 *
 * @module
 */

import {
  RTM_DELNEXTHOP,
  RTM_GETNEXTHOP,
  RTM_NEWNEXTHOP,
  RTNLGRP_LINK,
  RTNLGRP_NEXTHOP,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeNexthop, encodeNexthop } from '@rtap/netlink/nexthop';
import type { NexthopMessage } from '@rtap/netlink/nexthop';
import { linkCauses } from './link-causes.ts';
import type { TableFamily } from './table-family.ts';

/** Nexthops and groups of them, told by their id; those of an interface that goes down go without a word. */
export const nexthopFamily: TableFamily<NexthopMessage> = Object.freeze({
  groups: [RTNLGRP_NEXTHOP],
  name: 'RTM_GETNEXTHOP',
  added: RTM_NEWNEXTHOP,
  removed: RTM_DELNEXTHOP,
  encode: (header: RequestHeader) => encodeNexthop(RTM_GETNEXTHOP, {}, header),
  decode: (message: NetlinkMessage) => decodeNexthop(message),
  key: ({ id }: NexthopMessage) => id ?? 0,
  dumpsOthers: false,
  silent: { groups: [RTNLGRP_LINK], listen: linkCauses, state: nexthopState },
});

function nexthopState(nexthop: NexthopMessage): string {
  const { family, flags, protocol, group, groupType, gateway, outputIndex } = nexthop;
  const members = group?.map(({ id, weight, weightHigh }) => `${id},${weight},${weightHigh}`);
  const way = [gateway?.join('.'), outputIndex, nexthop.blackhole, nexthop.encap?.join('.')];
  return [family, flags, protocol, groupType, members?.join('/'), ...way].join(' ');
}
