/**
 * Routes: RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE, linux/rtnetlink.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and
 * what is decoded late reads it then: whoever uses a receive buffer again reads or copies first.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { checkObject, wrongType, wrongValue } from './argument.ts';
import { RTM_DELROUTE, RTM_GETROUTE, RTM_NEWROUTE } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import type { RequestHeader } from './request.ts';
import { DecodedRoute } from './route/decode.ts';
import { readRouteRequest } from './route/read.ts';
import type { RouteRequest } from './route/types.ts';
import { writeRouteHeader, writeRouteProperty, writeRouteRequest } from './route/write.ts';
import { bodySource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

export type {
  RouteCacheInfo,
  RouteMulticastStatistics,
  RouteNexthop,
  RouteMetrics,
  RouteAttributes,
  RouteMessage,
  RouteRequest,
} from './route/types.ts';
export { decodeRoute } from './route/decode.ts';

/**
 * Encodes a route request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeRoute} gave is written as it was,
 * byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWROUTE, RTM_DELROUTE or RTM_GETROUTE.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import {
 *   AF_INET,
 *   encodeRoute,
 *   NLM_F_ACK,
 *   NLM_F_CREATE,
 *   NLM_F_EXCL,
 *   NLM_F_REQUEST,
 *   RT_TABLE_MAIN,
 *   RTM_NEWROUTE,
 *   RTN_UNICAST,
 *   RTPROT_BOOT,
 * } from '@rtap/netlink';
 *
 * // ip route add default via 10.0.0.254
 * const request = encodeRoute(
 *   RTM_NEWROUTE,
 *   {
 *     family: AF_INET,
 *     table: RT_TABLE_MAIN,
 *     protocol: RTPROT_BOOT,
 *     routeType: RTN_UNICAST,
 *     gateway: Uint8Array.of(10, 0, 0, 254),
 *   },
 *   { flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, sequence: 1 },
 * );
 * console.log(request.length); // 36
 */
export function encodeRoute(
  type: number,
  request: RouteRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isRouteType(type))
    throw wrongValue('type', 'must be RTM_NEWROUTE, RTM_DELROUTE or RTM_GETROUTE', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedRoute.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : readRouteRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeRouteRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readRouteRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeRouteHeader(writer, plain, ''),
      writeProperty: (property) => writeRouteProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isRouteType(type: number): boolean {
  switch (type) {
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
    case RTM_GETROUTE:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a route request, as {@link encodeRoute} makes it: for whoever plays the kernel, or
 * wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeRouteRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): RouteRequest {
  if (!isRouteType(message.type))
    throw wrongType('message', 'of a type that encodeRoute takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readRouteRequest(source, source.start, source.end);
}
