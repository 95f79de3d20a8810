/**
 * Routes, made into what `ip route` sends.
 *
 * @module
 */

import {
  AF_INET,
  AF_INET6,
  RTM_DELROUTE,
  RTM_NEWROUTE,
  RTNH_F_ONLINK,
  RTN_ANYCAST,
  RTN_BROADCAST,
  RTN_LOCAL,
  RTN_MULTICAST,
  RTN_NAT,
  RTN_UNICAST,
  RTN_UNSPEC,
  RTPROT_BOOT,
  RTPROT_UNSPEC,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE,
  RT_TABLE_LOCAL,
  RT_TABLE_MAIN,
  hostEndian,
} from '@rtap/netlink';
import { encodeRoute } from '@rtap/netlink/route';
import type { RouteNexthop, RouteRequest } from '@rtap/netlink/route';
import {
  checkIndex,
  checkInteger,
  checkIpAddress,
  checkObject,
  checkPrefixLength,
  invalidArgumentType,
} from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { inOrderOf } from './property-order.ts';
import { change } from './requests.ts';
import type { Route, RouteWay } from './route.ts';

/** Adds, changes or deletes a route. */
export async function changeRoute(
  conversation: Conversation,
  name: 'RTM_NEWROUTE' | 'RTM_DELROUTE',
  flags: number,
  route: Route,
  options: RequestOptions,
): Promise<void> {
  const type = name === 'RTM_DELROUTE' ? RTM_DELROUTE : RTM_NEWROUTE;
  const request = routeRequest(route, type === RTM_DELROUTE);
  await change(conversation, name, flags, (header) => encodeRoute(type, request, header), options);
}

/** The gateway's attribute: RTA_GATEWAY, or RTA_VIA when it is of another family than the route. */
function gatewayAttribute(
  gateway: Uint8Array | undefined,
  family: number,
): { readonly gateway?: Uint8Array; readonly via?: Uint8Array } {
  if (gateway === undefined) return {};
  const own = familyOf(gateway);
  return own === family ? { gateway } : { via: routeVia(own, gateway) };
}

/** `struct rtvia` of linux/rtnetlink.h. */
function routeVia(family: number, address: Uint8Array): Uint8Array {
  const via = new Uint8Array(2 + address.length);
  new DataView(via.buffer).setUint16(0, family, hostEndian === 'little');
  via.set(address, 2);
  return via;
}

/** The family of an address, by its length. */
export function familyOf(address: Uint8Array): number {
  return address.length === 4 ? AF_INET : AF_INET6;
}

/**
 * Makes the request, with what iproute2 adds: family, table, protocol, type and scope.
 *
 * @throws TypeError and RangeError with Node's codes when an address or a length is wrong.
 */
function routeRequest(route: Route, remove: boolean): RouteRequest {
  checkObject('route', route);
  const { destination, source, preferredSource, gateway, ways, type, onlink = false } = route;
  for (const [name, bytes] of Object.entries({ destination, source, preferredSource, gateway })) {
    if (bytes !== undefined) checkIpAddress(`route.${name}`, bytes);
  }
  const destinationLength = checkPrefixLength(
    'route.destinationLength',
    route.destinationLength,
    destination,
  );
  const sourceLength = checkPrefixLength('route.sourceLength', route.sourceLength, source);
  if (route.outputIndex !== undefined) checkIndex('route.outputIndex', route.outputIndex);
  checkWays(ways);
  const known = destination ?? source ?? preferredSource ?? gateway ?? ways?.[0]?.gateway;
  const family = route.family ?? (known === undefined ? AF_INET : familyOf(known));
  const { family: _, type: __, onlink: ___, ways: ____, gateway: _____, ...attributes } = route;
  const request: RouteRequest = {
    ...attributes,
    family,
    destinationLength,
    sourceLength,
    table: route.table ?? (isLocal(type) ? RT_TABLE_LOCAL : RT_TABLE_MAIN),
    protocol: route.protocol ?? (remove ? RTPROT_UNSPEC : RTPROT_BOOT),
    scope: route.scope ?? defaultScope(route, family, remove),
    routeType: type ?? (remove ? RTN_UNSPEC : RTN_UNICAST),
    flags: onlink ? RTNH_F_ONLINK : 0,
    ...gatewayAttribute(gateway, family),
    ...(ways !== undefined && { multipath: ways.map((way) => nexthopOf(way, family)) }),
  };
  const given = Object.fromEntries(
    Object.entries(route).map(([name, value]) =>
      name === 'gateway' && 'via' in request ? ['via', value] : [name, value],
    ),
  );
  return inOrderOf(request, given, ['outputIndex', 'metrics', 'multipath']);
}

function checkWays(ways: unknown): void {
  if (ways === undefined) return;
  if (!Array.isArray(ways)) throw invalidArgumentType('route.ways', 'an array', ways);
  for (const [position, way] of ways.entries()) {
    const at = `route.ways[${position}]`;
    checkObject(at, way);
    const { gateway, outputIndex, weight }: { [K in keyof RouteWay]: unknown } = way;
    if (gateway !== undefined) checkIpAddress(`${at}.gateway`, gateway);
    if (outputIndex !== undefined) checkIndex(`${at}.outputIndex`, outputIndex);
    if (weight !== undefined) checkInteger(`${at}.weight`, weight, 1, 256);
  }
}

function nexthopOf(way: RouteWay, family: number): RouteNexthop {
  const { gateway, outputIndex = 0, weight = 1, onlink = false, ...attributes } = way;
  return {
    flags: onlink ? RTNH_F_ONLINK : 0,
    hops: weight - 1,
    index: outputIndex,
    ...gatewayAttribute(gateway, family),
    ...attributes,
  };
}

/** Whether routes of a type belong in RT_TABLE_LOCAL. */
function isLocal(type: number | undefined): boolean {
  return type === RTN_LOCAL || type === RTN_BROADCAST || type === RTN_NAT || type === RTN_ANYCAST;
}

/** As iproute2 has it (iproute_modify). */
function defaultScope(route: Route, family: number, remove: boolean): number {
  if (family !== AF_INET) return RT_SCOPE_UNIVERSE;
  const { gateway, ways, nexthopId } = route;
  switch (route.type ?? (remove ? RTN_UNSPEC : RTN_UNICAST)) {
    case RTN_LOCAL:
    case RTN_NAT:
      return RT_SCOPE_HOST;
    case RTN_BROADCAST:
    case RTN_MULTICAST:
    case RTN_ANYCAST:
      return RT_SCOPE_LINK;
    case RTN_UNICAST:
    case RTN_UNSPEC: {
      if (remove) return RT_SCOPE_NOWHERE;
      const direct = gateway === undefined && ways === undefined && nexthopId === undefined;
      return direct ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    }
    default:
      return remove ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE;
  }
}
