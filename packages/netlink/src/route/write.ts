/**
 * Writers of what is inside of route messages, and of requests: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { checkInteger, wrongValue } from '../argument.ts';
import {
  beginRecord,
  elements,
  endRecord,
  optionalBytes,
  optionalString,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
} from '../request.ts';
import type {
  RouteCacheInfo,
  RouteMetrics,
  RouteMulticastStatistics,
  RouteNexthop,
  RouteRequest,
} from './types.ts';
import type { MessageWriter } from '../writer.ts';

/** Writes a `struct rta_cacheinfo`. */
function writeRouteCacheInfo(writer: MessageWriter, value: RouteCacheInfo, at: string): void {
  putNumber(writer, 'u32', `${at}.references`, value.references);
  putNumber(writer, 'u32', `${at}.lastUse`, value.lastUse);
  putNumber(writer, 's32', `${at}.expires`, value.expires);
  putNumber(writer, 'u32', `${at}.error`, value.error);
  putNumber(writer, 'u32', `${at}.used`, value.used);
  putNumber(writer, 'u32', `${at}.id`, value.id);
  putNumber(writer, 'u32', `${at}.timestamp`, value.timestamp);
  putNumber(writer, 'u32', `${at}.timestampAge`, value.timestampAge);
}

/** Writes a `struct rta_mfc_stats`. */
function writeRouteMulticastStatistics(
  writer: MessageWriter,
  value: RouteMulticastStatistics,
  at: string,
): void {
  putNumber(writer, 'u64', `${at}.packets`, value.packets);
  putNumber(writer, 'u64', `${at}.bytes`, value.bytes);
  putNumber(writer, 'u64', `${at}.wrongInterface`, value.wrongInterface);
}

/** Writes the attributes of a {@link RouteNexthop}, in the order of its properties. */
function writeRouteNexthop(
  writer: MessageWriter,
  value: RouteNexthop,
  at: string,
  record: number,
): void {
  putNumber(writer, 'u8', `${at}flags`, value.flags);
  putNumber(writer, 'u8', `${at}hops`, value.hops);
  putNumber(writer, 's32', `${at}index`, value.index);
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'flags':
      case 'hops':
      case 'index':
        // In front of them.
        break;
      case 'gateway': // RTA_GATEWAY
        optionalBytes(writer, 5, at + property, value.gateway);
        break;
      case 'flow': // RTA_FLOW
        optionalU32(writer, 11, at + property, value.flow);
        break;
      case 'via': // RTA_VIA
        optionalBytes(writer, 18, at + property, value.via);
        break;
      case 'newDestination': // RTA_NEWDST
        optionalBytes(writer, 19, at + property, value.newDestination);
        break;
      case 'encapType': // RTA_ENCAP_TYPE
        if (value.encapType !== undefined) {
          writer.beginNest(21);
          putNumber(writer, 'u16', at + property, value.encapType);
          writer.endNest();
        }
        break;
      case 'encap': // RTA_ENCAP
        optionalBytes(writer, 22, at + property, value.encap);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of RouteNexthop', property);
    }
  }
  endRecord(writer, record);
}

/** Writes the attributes of a {@link RouteMetrics}, in the order of its properties. */
function writeRouteMetrics(writer: MessageWriter, value: RouteMetrics, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'lock': // RTAX_LOCK
        optionalU32(writer, 1, at + property, value.lock);
        break;
      case 'mtu': // RTAX_MTU
        optionalU32(writer, 2, at + property, value.mtu);
        break;
      case 'window': // RTAX_WINDOW
        optionalU32(writer, 3, at + property, value.window);
        break;
      case 'roundTripTime': // RTAX_RTT
        optionalU32(writer, 4, at + property, value.roundTripTime);
        break;
      case 'roundTripTimeVariance': // RTAX_RTTVAR
        optionalU32(writer, 5, at + property, value.roundTripTimeVariance);
        break;
      case 'slowStartThreshold': // RTAX_SSTHRESH
        optionalU32(writer, 6, at + property, value.slowStartThreshold);
        break;
      case 'congestionWindow': // RTAX_CWND
        optionalU32(writer, 7, at + property, value.congestionWindow);
        break;
      case 'advertisedMss': // RTAX_ADVMSS
        optionalU32(writer, 8, at + property, value.advertisedMss);
        break;
      case 'reordering': // RTAX_REORDERING
        optionalU32(writer, 9, at + property, value.reordering);
        break;
      case 'hopLimit': // RTAX_HOPLIMIT
        optionalU32(writer, 10, at + property, value.hopLimit);
        break;
      case 'initialCongestionWindow': // RTAX_INITCWND
        optionalU32(writer, 11, at + property, value.initialCongestionWindow);
        break;
      case 'features': // RTAX_FEATURES
        optionalU32(writer, 12, at + property, value.features);
        break;
      case 'minRetransmissionTimeout': // RTAX_RTO_MIN
        optionalU32(writer, 13, at + property, value.minRetransmissionTimeout);
        break;
      case 'initialReceiveWindow': // RTAX_INITRWND
        optionalU32(writer, 14, at + property, value.initialReceiveWindow);
        break;
      case 'quickAck': // RTAX_QUICKACK
        optionalU32(writer, 15, at + property, value.quickAck);
        break;
      case 'congestionControl': // RTAX_CC_ALGO
        optionalString(writer, 16, at + property, value.congestionControl, false);
        break;
      case 'fastOpenNoCookie': // RTAX_FASTOPEN_NO_COOKIE
        optionalU32(writer, 17, at + property, value.fastOpenNoCookie);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of RouteMetrics', property);
    }
  }
}

export function writeRouteRequest(writer: MessageWriter, request: RouteRequest, at = ''): void {
  writeRouteHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeRouteProperty(writer, property, request, at);
}

export function writeRouteHeader(writer: MessageWriter, request: RouteRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  putNumber(writer, 'u8', `${at}destinationLength`, request.destinationLength ?? 0);
  putNumber(writer, 'u8', `${at}sourceLength`, request.sourceLength ?? 0);
  putNumber(writer, 'u8', `${at}tos`, request.tos ?? 0);
  const { table = 0 } = request;
  checkInteger(`${at}table`, table, 0, 0xffff_ffff);
  writer.u8(table > 0xff ? 0 : table);
  putNumber(writer, 'u8', `${at}protocol`, request.protocol ?? 0);
  putNumber(writer, 'u8', `${at}scope`, request.scope ?? 0);
  putNumber(writer, 'u8', `${at}routeType`, request.routeType ?? 0);
  putNumber(writer, 'u32', `${at}flags`, request.flags ?? 0);
}

export function writeRouteProperty(
  writer: MessageWriter,
  property: string,
  request: RouteRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'destinationLength':
    case 'sourceLength':
    case 'tos':
    case 'protocol':
    case 'scope':
    case 'routeType':
    case 'flags':
    case 'event':
      // In the headers.
      break;
    case 'destination': // RTA_DST
      optionalBytes(writer, 1, at + property, request.destination);
      break;
    case 'source': // RTA_SRC
      optionalBytes(writer, 2, at + property, request.source);
      break;
    case 'inputIndex': // RTA_IIF
      optionalU32(writer, 3, at + property, request.inputIndex);
      break;
    case 'outputIndex': // RTA_OIF
      optionalU32(writer, 4, at + property, request.outputIndex);
      break;
    case 'gateway': // RTA_GATEWAY
      optionalBytes(writer, 5, at + property, request.gateway);
      break;
    case 'priority': // RTA_PRIORITY
      optionalU32(writer, 6, at + property, request.priority);
      break;
    case 'preferredSource': // RTA_PREFSRC
      optionalBytes(writer, 7, at + property, request.preferredSource);
      break;
    case 'metrics': // RTA_METRICS
      if (request.metrics !== undefined) {
        writer.beginNest(8);
        writeRouteMetrics(writer, request.metrics, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'multipath': // RTA_MULTIPATH
      if (request.multipath !== undefined) {
        writer.beginNest(9);
        for (const item of elements(at + property, request.multipath)) {
          const record = beginRecord(writer);
          writeRouteNexthop(writer, item, `${at + property}.`, record);
        }
        writer.endNest();
      }
      break;
    case 'flow': // RTA_FLOW
      optionalU32(writer, 11, at + property, request.flow);
      break;
    case 'cacheInfo': // RTA_CACHEINFO
      if (request.cacheInfo !== undefined) {
        writer.beginNest(12);
        writeRouteCacheInfo(writer, request.cacheInfo, at + property);
        writer.endNest();
      }
      break;
    case 'table': // RTA_TABLE
      if ((request.table ?? 0) > 0xff) optionalU32(writer, 15, at + property, request.table);
      break;
    case 'mark': // RTA_MARK
      optionalU32(writer, 16, at + property, request.mark);
      break;
    case 'multicastStatistics': // RTA_MFC_STATS
      if (request.multicastStatistics !== undefined) {
        writer.beginNest(17);
        writeRouteMulticastStatistics(writer, request.multicastStatistics, at + property);
        writer.endNest();
      }
      break;
    case 'via': // RTA_VIA
      optionalBytes(writer, 18, at + property, request.via);
      break;
    case 'newDestination': // RTA_NEWDST
      optionalBytes(writer, 19, at + property, request.newDestination);
      break;
    case 'preference': // RTA_PREF
      optionalU8(writer, 20, at + property, request.preference);
      break;
    case 'encapType': // RTA_ENCAP_TYPE
      if (request.encapType !== undefined) {
        writer.beginNest(21);
        putNumber(writer, 'u16', at + property, request.encapType);
        writer.endNest();
      }
      break;
    case 'encap': // RTA_ENCAP
      optionalBytes(writer, 22, at + property, request.encap);
      break;
    case 'multicastExpires': // RTA_EXPIRES
      if (request.multicastExpires !== undefined) {
        writer.beginNest(23);
        putNumber(writer, 'u64', at + property, request.multicastExpires);
        writer.endNest();
      }
      break;
    case 'expires': // RTA_EXPIRES
      optionalU32(writer, 23, at + property, request.expires);
      break;
    case 'uid': // RTA_UID
      optionalU32(writer, 25, at + property, request.uid);
      break;
    case 'ttlPropagate': // RTA_TTL_PROPAGATE
      if (request.ttlPropagate !== undefined) {
        writer.attributeU8(26, request.ttlPropagate ? 1 : 0);
      }
      break;
    case 'ipProtocol': // RTA_IP_PROTO
      optionalU8(writer, 27, at + property, request.ipProtocol);
      break;
    case 'sourcePort': // RTA_SPORT
      if (request.sourcePort !== undefined) {
        writer.beginNest(28);
        putNumber(writer, 'u16', at + property, request.sourcePort, true);
        writer.endNest();
      }
      break;
    case 'destinationPort': // RTA_DPORT
      if (request.destinationPort !== undefined) {
        writer.beginNest(29);
        putNumber(writer, 'u16', at + property, request.destinationPort, true);
        writer.endNest();
      }
      break;
    case 'nexthopId': // RTA_NH_ID
      optionalU32(writer, 30, at + property, request.nexthopId);
      break;
    case 'flowLabel': // RTA_FLOWLABEL
      if (request.flowLabel !== undefined) {
        writer.beginNest(31);
        putNumber(writer, 'u32', at + property, request.flowLabel, true);
        writer.endNest();
      }
      break;
    case 'deleteReason': // RTA_DEL_REASON
      optionalU32(writer, 32, at + property, request.deleteReason);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of RouteRequest only',
        property,
      );
  }
}
