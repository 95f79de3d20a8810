/**
 * The table of interfaces.
 *
 * @module
 */

import {
  AF_UNSPEC,
  RTEXT_FILTER_VF,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTNLGRP_LINK,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeLink, encodeLink } from '@rtap/netlink/link';
import type { LinkMessage } from '@rtap/netlink/link';
import { pairCauses } from './link-causes.ts';
import type { TableFamily } from './table-family.ts';

/** Interfaces, told by their index; the first of a pair is told before it has its peer, and not again then. */
export const linkFamily: TableFamily<LinkMessage> = Object.freeze({
  groups: [RTNLGRP_LINK],
  name: 'RTM_GETLINK',
  added: RTM_NEWLINK,
  removed: RTM_DELLINK,
  encode: (header: RequestHeader, targetNetnsId?: number) =>
    encodeLink(RTM_GETLINK, { extensionMask: RTEXT_FILTER_VF, targetNetnsId }, header),
  decode: (message: NetlinkMessage) => decodeLink(message),
  key: (link: LinkMessage) => link.index,
  // A message of the bridge is about a port, and one of wireless extensions says nothing of the rest.
  whole: (link: LinkMessage) =>
    link.family === AF_UNSPEC && (link.event === 'delete' || link.name !== undefined),
  silent: { groups: [], listen: pairCauses, state: linkState },
});

function linkState(link: LinkMessage): string {
  const { name, flags, mtu, master, address, operState, carrier, alias, group } = link;
  const own = [name, flags, mtu, master, address?.join('.'), operState, carrier, alias, group];
  return [...own, link.link, link.linkNetnsId, link.txQueueLength].join(' ');
}
