/**
 * Where the attributes are in requests of generic netlink.
 *
 * @module
 */

import { ethtoolLinkInfoAttributeNames } from './ethtool-link-info/names.ts';
import { ethtoolLinkStateAttributeNames } from './ethtool-link-state/names.ts';
import { ETHTOOL_MSG_LINKINFO_GET, ETHTOOL_MSG_LINKSTATE_GET } from './constants.ts';
import { genericFamilyAttributeNames } from './generic-family/names.ts';
import type { RequestLayout } from './names.ts';

const genericFamilyLayout: RequestLayout = { headerLength: 4, names: genericFamilyAttributeNames };
const linkStateLayout: RequestLayout = { headerLength: 4, names: ethtoolLinkStateAttributeNames };
const linkInfoLayout: RequestLayout = { headerLength: 4, names: ethtoolLinkInfoAttributeNames };

/**
 * Tells the layout of a request of NETLINK_GENERIC by the name of its family and its command, when
 * it is known here: that of the controller, `nlctrl`, and some of `ethtool`.
 */
export function genericRequestLayout(family: string, command: number): RequestLayout | undefined {
  if (family === 'nlctrl') return genericFamilyLayout;
  if (family !== 'ethtool') return undefined;
  switch (command) {
    case ETHTOOL_MSG_LINKSTATE_GET:
      return linkStateLayout;
    case ETHTOOL_MSG_LINKINFO_GET:
      return linkInfoLayout;
    default:
      return undefined;
  }
}
