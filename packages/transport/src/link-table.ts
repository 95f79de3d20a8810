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
import type { TableFamily } from './table-family.ts';

/** Interfaces, told by their index. */
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
});
