/**
 * The table of routes.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  RTM_DELADDR,
  RTM_DELNEXTHOP,
  RTM_DELROUTE,
  RTM_F_CLONED,
  RTM_GETROUTE,
  RTM_NEWADDR,
  RTM_NEWNEXTHOP,
  RTM_NEWROUTE,
  RTNLGRP_IPV4_IFADDR,
  RTNLGRP_IPV4_ROUTE,
  RTNLGRP_IPV6_IFADDR,
  RTNLGRP_IPV6_ROUTE,
  RTNLGRP_LINK,
  RTNLGRP_NEXTHOP,
} from '@rtap/netlink';
import type { NetlinkMessage, RequestHeader } from '@rtap/netlink';
import { decodeRoute, encodeRoute } from '@rtap/netlink/route';
import type { RouteMessage } from '@rtap/netlink/route';
import { linkCauses } from './link-causes.ts';
import { routeGroup, routeKey, routeState } from './route-identity.ts';
import { ipv4RouteEffect, ipv6RouteEffect } from './route-effect.ts';
import type { TableFamily } from './table-family.ts';

/**
 * Routes of IPv4 and IPv6 in all tables.
 *
 * The kernel tells nothing of IPv4 routes that go because their interface goes down or is deleted, or an
 * address or a nexthop goes; nor of what becomes of the ways of a multipath route then, of either family. It
 * tells of the interface, the address, the nexthop: that is what leads to a new dump here.
 */
export const routeFamily: TableFamily<RouteMessage> = Object.freeze({
  groups: [RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE],
  name: 'RTM_GETROUTE',
  added: RTM_NEWROUTE,
  removed: RTM_DELROUTE,
  encode: (header: RequestHeader) => encodeRoute(RTM_GETROUTE, {}, header),
  decode: (message: NetlinkMessage) => decodeRoute(message),
  key: routeKey,
  whole: ({ family, flags }: RouteMessage) =>
    (family === AF_INET || family === AF_INET6) && (flags & RTM_F_CLONED) === 0,
  dumpsOthers: false,
  related: {
    of: routeGroup,
    effect: (message, group, replayed) =>
      message.item.family === AF_INET
        ? ipv4RouteEffect(message, group, replayed)
        : ipv6RouteEffect(message, group),
  },
  silent: {
    groups: [RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_NEXTHOP],
    listen: routeCauses,
    state: routeState,
  },
} satisfies TableFamily<RouteMessage>);

function routeCauses(): (message: NetlinkMessage) => boolean {
  const byLink = linkCauses();
  return (message) => {
    switch (message.type) {
      case RTM_DELADDR:
      case RTM_DELNEXTHOP:
      // A group that has lost one of its nexthops is told so.
      case RTM_NEWNEXTHOP:
        return true;
      case RTM_NEWADDR:
        // Dead ways of IPv4 live again; IPv6 addresses that are told again and again change nothing.
        return message.body[0] === AF_INET;
      default:
        return byLink(message);
    }
  };
}
