/**
 * Which route a packet takes: what `ip route get` asks.
 *
 * @module
 */

import {
  AF_INET,
  RTM_F_FIB_MATCH,
  RTM_F_LOOKUP_TABLE,
  RTM_GETROUTE,
  RTM_NEWROUTE,
} from '@rtap/netlink';
import { decodeRoute, encodeRoute } from '@rtap/netlink/route';
import type { RouteMessage, RouteRequest } from '@rtap/netlink/route';
import { checkIndex, checkIpAddress, checkObject, checkPrefixLength } from './argument.ts';
import type { Conversation } from './conversation.ts';
import type { RequestOptions } from './exchange.ts';
import { inOrderOf } from './property-order.ts';
import { question } from './requests.ts';
import { familyOf } from './route-operations.ts';

/** A packet to find the route of: see {@link NetlinkClient.getRoute}. */
export interface RouteQuery extends Pick<
  RouteRequest,
  'tos' | 'ipProtocol' | 'sourcePort' | 'destinationPort' | 'uid' | 'mark'
> {
  /** Where it goes: 4 or 16 bytes. RTA_DST */
  readonly destination: Uint8Array;
  /** Where it comes from. RTA_SRC */
  readonly source?: Uint8Array;
  /** The interface that it came by, by its index: it is one to forward then. RTA_IIF */
  readonly inputIndex?: number;
  /** The interface that it is to go by, by its index. RTA_OIF */
  readonly outputIndex?: number;
  /** Whether to tell the route as it stands in the table, instead of what is made of it. RTM_F_FIB_MATCH */
  readonly fibMatch?: boolean;
}

/** Asks for the route of a packet. */
export async function getRoute(
  conversation: Conversation,
  query: RouteQuery,
  options: RequestOptions,
): Promise<RouteMessage> {
  const request = queryRequest(query);
  const answer = await question(
    conversation,
    'RTM_GETROUTE',
    RTM_NEWROUTE,
    (header) => encodeRoute(RTM_GETROUTE, request, header),
    options,
  );
  return decodeRoute(answer);
}

function queryRequest(query: RouteQuery): RouteRequest {
  checkObject('query', query);
  const { destination, source, inputIndex, outputIndex, fibMatch = false, ...attributes } = query;
  checkIpAddress('query.destination', destination);
  if (source !== undefined) checkIpAddress('query.source', source);
  if (inputIndex !== undefined) checkIndex('query.inputIndex', inputIndex);
  if (outputIndex !== undefined) checkIndex('query.outputIndex', outputIndex);
  const family = familyOf(destination);
  const request: RouteRequest = {
    family,
    destinationLength: checkPrefixLength('query.destination', undefined, destination),
    sourceLength: checkPrefixLength('query.source', undefined, source),
    // iproute2 wants to know the table of IPv4; IPv6 tells it anyway.
    flags: (family === AF_INET ? RTM_F_LOOKUP_TABLE : 0) | (fibMatch ? RTM_F_FIB_MATCH : 0),
    destination,
    ...(source !== undefined && { source }),
    ...attributes,
    ...(inputIndex !== undefined && { inputIndex }),
    ...(outputIndex !== undefined && { outputIndex }),
  };
  return inOrderOf(request, query, ['inputIndex', 'outputIndex', 'mark']);
}
