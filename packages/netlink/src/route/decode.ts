/**
 * The decoder of route messages: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongType } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkStruct,
  NONE,
  push,
  short,
  valueBigEndianU16,
  valueBigEndianU32,
  valueBool,
  valueU16,
  valueU64,
  valueU8,
} from '../body.ts';
import { RTM_DELROUTE, RTM_NEWROUTE } from '../constants.ts';
import { type Endian, hostEndian } from '../endian.ts';
import { readRecords } from '../list.ts';
import { type NetlinkMessage, sourceOf } from '../message.ts';
import {
  readRouteCacheInfo,
  readRouteMetrics,
  readRouteMulticastStatistics,
  readRouteNexthop,
} from './read.ts';
import type {
  RouteCacheInfo,
  RouteMessage,
  RouteMetrics,
  RouteMulticastStatistics,
  RouteNexthop,
} from './types.ts';
import { type MessageSource, valueBytes } from '../source.ts';

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
export class DecodedRoute implements RouteMessage {
  event: 'new' | 'delete';
  family: number;
  destinationLength: number;
  sourceLength: number;
  tos: number;
  table: number;
  protocol: number;
  scope: number;
  routeType: number;
  flags: number;
  destination: Uint8Array | undefined = undefined;
  source: Uint8Array | undefined = undefined;
  inputIndex: number | undefined = undefined;
  outputIndex: number | undefined = undefined;
  gateway: Uint8Array | undefined = undefined;
  priority: number | undefined = undefined;
  preferredSource: Uint8Array | undefined = undefined;
  metrics: RouteMetrics | undefined = undefined;
  multipath: readonly RouteNexthop[] | undefined = undefined;
  flow: number | undefined = undefined;
  cacheInfo: RouteCacheInfo | undefined = undefined;
  mark: number | undefined = undefined;
  multicastStatistics: RouteMulticastStatistics | undefined = undefined;
  via: Uint8Array | undefined = undefined;
  newDestination: Uint8Array | undefined = undefined;
  preference: number | undefined = undefined;
  encapType: number | undefined = undefined;
  encap: Uint8Array | undefined = undefined;
  multicastExpires: bigint | undefined = undefined;
  expires: number | undefined = undefined;
  uid: number | undefined = undefined;
  ttlPropagate: boolean | undefined = undefined;
  ipProtocol: number | undefined = undefined;
  sourcePort: number | undefined = undefined;
  destinationPort: number | undefined = undefined;
  nexthopId: number | undefined = undefined;
  flowLabel: number | undefined = undefined;
  deleteReason: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.destinationLength = view.getUint8(offset + 1);
    this.sourceLength = view.getUint8(offset + 2);
    this.tos = view.getUint8(offset + 3);
    this.table = view.getUint8(offset + 4);
    this.protocol = view.getUint8(offset + 5);
    this.scope = view.getUint8(offset + 6);
    this.routeType = view.getUint8(offset + 7);
    this.flags = view.getUint32(offset + 8, little);
    offset += 12;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < 8 ? 0 : view.getInt32(start, little);
      switch (type & 0x3fff) {
        case 1: // RTA_DST
          this.destination = valueBytes(source, start, end);
          break;
        case 2: // RTA_SRC
          this.source = valueBytes(source, start, end);
          break;
        case 3: // RTA_IIF
          this.inputIndex = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 4: // RTA_OIF
          this.outputIndex = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // RTA_GATEWAY
          this.gateway = valueBytes(source, start, end);
          break;
        case 6: // RTA_PRIORITY
          this.priority = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 7: // RTA_PREFSRC
          this.preferredSource = valueBytes(source, start, end);
          break;
        case 8: // RTA_METRICS
          this.metrics = readRouteMetrics(source, start, end);
          break;
        case 9: // RTA_MULTIPATH
          this.multipath = readRecords(source, start, end, readRouteNexthop);
          break;
        case 11: // RTA_FLOW
          this.flow = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 12: // RTA_CACHEINFO
          this.cacheInfo = readRouteCacheInfo(source, start, end);
          break;
        case 15: // RTA_TABLE
          this.table = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 16: // RTA_MARK
          this.mark = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 17: // RTA_MFC_STATS
          this.multicastStatistics = readRouteMulticastStatistics(source, start, end);
          break;
        case 18: // RTA_VIA
          this.via = valueBytes(source, start, end);
          break;
        case 19: // RTA_NEWDST
          this.newDestination = valueBytes(source, start, end);
          break;
        case 20: // RTA_PREF
          this.preference = valueU8(source, start, end);
          break;
        case 21: // RTA_ENCAP_TYPE
          this.encapType = valueU16(source, start, end);
          break;
        case 22: // RTA_ENCAP
          this.encap = valueBytes(source, start, end);
          break;
        case 23: // RTA_EXPIRES
          if (this.family === 128 || this.family === 129) {
            this.multicastExpires = valueU64(source, start, end);
          } else {
            this.expires = length < 8 ? short(source, start, end, 4) : word >>> 0;
          }
          break;
        case 25: // RTA_UID
          this.uid = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 26: // RTA_TTL_PROPAGATE
          this.ttlPropagate = valueBool(source, start, end);
          break;
        case 27: // RTA_IP_PROTO
          this.ipProtocol = valueU8(source, start, end);
          break;
        case 28: // RTA_SPORT
          this.sourcePort = valueBigEndianU16(source, start, end);
          break;
        case 29: // RTA_DPORT
          this.destinationPort = valueBigEndianU16(source, start, end);
          break;
        case 30: // RTA_NH_ID
          this.nexthopId = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 31: // RTA_FLOWLABEL
          this.flowLabel = valueBigEndianU32(source, start, end);
          break;
        case 32: // RTA_DEL_REASON
          this.deleteReason = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        default:
          unknown = push(unknown, type, source, start, end);
      }
      offset += (length + 3) & ~3;
    }
    this.unknown = unknown ?? NONE;
  }

  /** What a message was read from. */
  static source(message: object): MessageSource | undefined {
    return #source in message ? message.#source : undefined;
  }
}

/**
 * Decodes a route message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { AF_INET, decodeRoute, encodeRoute, messages, RTM_NEWROUTE } from '@rtap/netlink';
 *
 * const destination = Uint8Array.of(10, 1, 0, 0);
 * const datagram = encodeRoute(
 *   RTM_NEWROUTE,
 *   { family: AF_INET, destinationLength: 16, table: 4000, destination, outputIndex: 3 },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const route = decodeRoute(message);
 *   console.log(route.destination?.join('.'), route.destinationLength, route.table); // 10.1.0.0 16 4000
 * }
 */
export function decodeRoute(message: NetlinkMessage, endian: Endian = hostEndian): RouteMessage {
  const event = routeEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWROUTE or RTM_DELROUTE message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 12, 'rtmsg');
  return new DecodedRoute(event, source);
}

function routeEvent(type: number): RouteMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWROUTE:
      return 'new';
    case RTM_DELROUTE:
      return 'delete';
    default:
      return undefined;
  }
}
