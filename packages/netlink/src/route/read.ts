/**
 * Readers of what is inside of route messages, and of requests: linux/rtnetlink.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import {
  attributeLength,
  checkStruct,
  checkValue,
  type Filled,
  keep,
  keepRaw,
  valueBigEndianU16,
  valueBigEndianU32,
  valueBool,
  valueString,
  valueU16,
  valueU32,
  valueU64,
  valueU8,
} from '../body.ts';
import { readRecords } from '../list.ts';
import { loadU64 } from '../load.ts';
import type {
  RouteCacheInfo,
  RouteMetrics,
  RouteMulticastStatistics,
  RouteNexthop,
  RouteRequest,
} from './types.ts';
import { type MessageSource, valueBytes } from '../source.ts';

/** Reads a `struct rta_cacheinfo`; a longer one is fine. */
export function readRouteCacheInfo(
  source: MessageSource,
  start: number,
  end: number,
): RouteCacheInfo {
  checkValue(source, start, end, 32);

  const { view, little } = source;
  return {
    references: view.getUint32(start, little),
    lastUse: view.getUint32(start + 4, little),
    expires: view.getInt32(start + 8, little),
    error: view.getUint32(start + 12, little),
    used: view.getUint32(start + 16, little),
    id: view.getUint32(start + 20, little),
    timestamp: view.getUint32(start + 24, little),
    timestampAge: view.getUint32(start + 28, little),
  };
}

/** Reads a `struct rta_mfc_stats`; a longer one is fine. */
export function readRouteMulticastStatistics(
  source: MessageSource,
  start: number,
  end: number,
): RouteMulticastStatistics {
  checkValue(source, start, end, 24);

  const { view, little } = source;
  return {
    packets: loadU64(view, start, little),
    bytes: loadU64(view, start + 8, little),
    wrongInterface: loadU64(view, start + 16, little),
  };
}

/** Reads the attributes from `offset` to `limit`. */
export function readRouteNexthop(
  source: MessageSource,
  offset: number,
  limit: number,
): RouteNexthop {
  checkValue(source, offset, limit, 8);
  const { view, little } = source;
  const into: Filled<RouteNexthop> = {
    flags: view.getUint8(offset + 2),
    hops: view.getUint8(offset + 3),
    index: view.getInt32(offset + 4, little),
  };
  offset += 8;

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 5: // RTA_GATEWAY
        into.gateway = valueBytes(source, start, end);
        break;
      case 11: // RTA_FLOW
        into.flow = valueU32(source, start, end);
        break;
      case 18: // RTA_VIA
        into.via = valueBytes(source, start, end);
        break;
      case 19: // RTA_NEWDST
        into.newDestination = valueBytes(source, start, end);
        break;
      case 21: // RTA_ENCAP_TYPE
        into.encapType = valueU16(source, start, end);
        break;
      case 22: // RTA_ENCAP
        into.encap = valueBytes(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Reads the attributes from `offset` to `limit`. */
export function readRouteMetrics(
  source: MessageSource,
  offset: number,
  limit: number,
): RouteMetrics {
  const { view, little } = source;
  const into: Filled<RouteMetrics> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // RTAX_LOCK
        into.lock = valueU32(source, start, end);
        break;
      case 2: // RTAX_MTU
        into.mtu = valueU32(source, start, end);
        break;
      case 3: // RTAX_WINDOW
        into.window = valueU32(source, start, end);
        break;
      case 4: // RTAX_RTT
        into.roundTripTime = valueU32(source, start, end);
        break;
      case 5: // RTAX_RTTVAR
        into.roundTripTimeVariance = valueU32(source, start, end);
        break;
      case 6: // RTAX_SSTHRESH
        into.slowStartThreshold = valueU32(source, start, end);
        break;
      case 7: // RTAX_CWND
        into.congestionWindow = valueU32(source, start, end);
        break;
      case 8: // RTAX_ADVMSS
        into.advertisedMss = valueU32(source, start, end);
        break;
      case 9: // RTAX_REORDERING
        into.reordering = valueU32(source, start, end);
        break;
      case 10: // RTAX_HOPLIMIT
        into.hopLimit = valueU32(source, start, end);
        break;
      case 11: // RTAX_INITCWND
        into.initialCongestionWindow = valueU32(source, start, end);
        break;
      case 12: // RTAX_FEATURES
        into.features = valueU32(source, start, end);
        break;
      case 13: // RTAX_RTO_MIN
        into.minRetransmissionTimeout = valueU32(source, start, end);
        break;
      case 14: // RTAX_INITRWND
        into.initialReceiveWindow = valueU32(source, start, end);
        break;
      case 15: // RTAX_QUICKACK
        into.quickAck = valueU32(source, start, end);
        break;
      case 16: // RTAX_CC_ALGO
        into.congestionControl = valueString(source, start, end);
        break;
      case 17: // RTAX_FASTOPEN_NO_COOKIE
        into.fastOpenNoCookie = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
export function readRouteRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): RouteRequest {
  checkStruct(source, offset, limit, 12, 'rtmsg');
  const { view, little } = source;
  const into: Filled<RouteRequest> = {
    family: view.getUint8(offset),
    destinationLength: view.getUint8(offset + 1),
    sourceLength: view.getUint8(offset + 2),
    tos: view.getUint8(offset + 3),
    protocol: view.getUint8(offset + 5),
    scope: view.getUint8(offset + 6),
    routeType: view.getUint8(offset + 7),
    flags: view.getUint32(offset + 8, little),
  };
  const base = offset;
  offset += 12;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // RTA_DST
        into.destination = valueBytes(source, start, end);
        break;
      case 2: // RTA_SRC
        into.source = valueBytes(source, start, end);
        break;
      case 3: // RTA_IIF
        into.inputIndex = valueU32(source, start, end);
        break;
      case 4: // RTA_OIF
        into.outputIndex = valueU32(source, start, end);
        break;
      case 5: // RTA_GATEWAY
        into.gateway = valueBytes(source, start, end);
        break;
      case 6: // RTA_PRIORITY
        into.priority = valueU32(source, start, end);
        break;
      case 7: // RTA_PREFSRC
        into.preferredSource = valueBytes(source, start, end);
        break;
      case 8: // RTA_METRICS
        into.metrics = readRouteMetrics(source, start, end);
        break;
      case 9: // RTA_MULTIPATH
        into.multipath = readRecords(source, start, end, readRouteNexthop);
        break;
      case 11: // RTA_FLOW
        into.flow = valueU32(source, start, end);
        break;
      case 12: // RTA_CACHEINFO
        into.cacheInfo = readRouteCacheInfo(source, start, end);
        break;
      case 15: // RTA_TABLE
        into.table = valueU32(source, start, end);
        break;
      case 16: // RTA_MARK
        into.mark = valueU32(source, start, end);
        break;
      case 17: // RTA_MFC_STATS
        into.multicastStatistics = readRouteMulticastStatistics(source, start, end);
        break;
      case 18: // RTA_VIA
        into.via = valueBytes(source, start, end);
        break;
      case 19: // RTA_NEWDST
        into.newDestination = valueBytes(source, start, end);
        break;
      case 20: // RTA_PREF
        into.preference = valueU8(source, start, end);
        break;
      case 21: // RTA_ENCAP_TYPE
        into.encapType = valueU16(source, start, end);
        break;
      case 22: // RTA_ENCAP
        into.encap = valueBytes(source, start, end);
        break;
      case 23: // RTA_EXPIRES
        if (into.family === 128 || into.family === 129) {
          into.multicastExpires = valueU64(source, start, end);
        } else {
          into.expires = valueU32(source, start, end);
        }
        break;
      case 25: // RTA_UID
        into.uid = valueU32(source, start, end);
        break;
      case 26: // RTA_TTL_PROPAGATE
        into.ttlPropagate = valueBool(source, start, end);
        break;
      case 27: // RTA_IP_PROTO
        into.ipProtocol = valueU8(source, start, end);
        break;
      case 28: // RTA_SPORT
        into.sourcePort = valueBigEndianU16(source, start, end);
        break;
      case 29: // RTA_DPORT
        into.destinationPort = valueBigEndianU16(source, start, end);
        break;
      case 30: // RTA_NH_ID
        into.nexthopId = valueU32(source, start, end);
        break;
      case 31: // RTA_FLOWLABEL
        into.flowLabel = valueBigEndianU32(source, start, end);
        break;
      case 32: // RTA_DEL_REASON
        into.deleteReason = valueU32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  into.table ??= view.getUint8(base + 4);
  return into;
}
