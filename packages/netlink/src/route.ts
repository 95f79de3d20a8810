/**
 * Routes: RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE, linux/rtnetlink.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and
 * what is decoded late reads it then: whoever uses a receive buffer again reads or copies first.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
 *
 * @module
 */

import { checkInteger, checkObject, wrongType, wrongValue } from './argument.ts';
import type { RawAttribute } from './attribute.ts';
import {
  attributeLength,
  checkStruct,
  checkValue,
  type Filled,
  keep,
  keepRaw,
  NONE,
  push,
  short,
  valueU16,
  valueU32,
  valueU64,
  valueU8,
} from './body.ts';
import {
  NLA_HDRLEN,
  NLA_TYPE_MASK,
  RTM_DELROUTE,
  RTM_GETROUTE,
  RTM_NEWROUTE,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { readRecords } from './list.ts';
import { loadI32, loadString, loadU16, loadU32, loadU64 } from './load.ts';
import type { NetlinkMessage } from './message.ts';
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
  type RequestHeader,
} from './request.ts';
import { MessageWriter } from './writer.ts';

/** How a route is used. `struct rta_cacheinfo` */
export interface RouteCacheInfo {
  /** How many hold it. */
  readonly references: number;
  /** Hundredths of a second since it was used. */
  readonly lastUse: number;
  /** Hundredths of a second until it goes away; 0: never. */
  readonly expires: number;
  /** Error that it gives, as errno, or its negative. */
  readonly error: number;
  /** How often it was used. */
  readonly used: number;
  /** Not used any more. */
  readonly id: number;
  /** Not used any more. */
  readonly timestamp: number;
  /** Not used any more. */
  readonly timestampAge: number;
}

/** Reads a `struct rta_cacheinfo`; a longer one is fine. */
function readRouteCacheInfo(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): RouteCacheInfo {
  checkValue(start, end, 32);
  return {
    references: loadU32(body, start, little),
    lastUse: loadU32(body, start + 4, little),
    expires: loadI32(body, start + 8, little),
    error: loadU32(body, start + 12, little),
    used: loadU32(body, start + 16, little),
    id: loadU32(body, start + 20, little),
    timestamp: loadU32(body, start + 24, little),
    timestampAge: loadU32(body, start + 28, little),
  };
}

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

/** Counters of a multicast route. `struct rta_mfc_stats` */
export interface RouteMulticastStatistics {
  /** Packets. */
  readonly packets: bigint;
  /** Bytes. */
  readonly bytes: bigint;
  /** Packets from an unexpected interface. */
  readonly wrongInterface: bigint;
}

/** Reads a `struct rta_mfc_stats`; a longer one is fine. */
function readRouteMulticastStatistics(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
): RouteMulticastStatistics {
  checkValue(start, end, 24);
  return {
    packets: loadU64(body, start, little),
    bytes: loadU64(body, start + 8, little),
    wrongInterface: loadU64(body, start + 16, little),
  };
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

/** One of the ways of a multipath route. */
export interface RouteNexthop {
  /** RTNH_F_*. */
  readonly flags: number;
  /** Weight less one. */
  readonly hops: number;
  /** Index of the interface; 0: told by the gateway. */
  readonly index: number;
  /** Address of the gateway, of the family of the route. 4 or 16 bytes. RTA_GATEWAY */
  readonly gateway?: Uint8Array | undefined;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number | undefined;
  /**
   * Gateway of another family: `struct rtvia`, the family as u16 of the machine's byte order, and
   * its address. RTA_VIA
   */
  readonly via?: Uint8Array | undefined;
  /** Destination that packets get: MPLS labels. RTA_NEWDST */
  readonly newDestination?: Uint8Array | undefined;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. RTA_ENCAP_TYPE */
  readonly encapType?: number | undefined;
  /** Parameters of what packets are put into: attributes, by `encapType`. RTA_ENCAP */
  readonly encap?: Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readRouteNexthop(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): RouteNexthop {
  checkValue(offset, limit, 8);
  const into: Filled<RouteNexthop> = {
    flags: body[offset + 2]!,
    hops: body[offset + 3]!,
    index: loadI32(body, offset + 4, little),
  };
  offset += 8;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 5: // RTA_GATEWAY
        into.gateway = body.subarray(start, end);
        break;
      case 11: // RTA_FLOW
        into.flow = valueU32(body, start, end, little);
        break;
      case 18: // RTA_VIA
        into.via = body.subarray(start, end);
        break;
      case 19: // RTA_NEWDST
        into.newDestination = body.subarray(start, end);
        break;
      case 21: // RTA_ENCAP_TYPE
        into.encapType = valueU16(body, start, end, little);
        break;
      case 22: // RTA_ENCAP
        into.encap = body.subarray(start, end);
        break;
      default:
        keep(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
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

/** What is known of the path of a route. */
export interface RouteMetrics {
  /** Bits, by the numbers of the metrics: which the kernel must not change. RTAX_LOCK */
  readonly lock?: number | undefined;
  /** Maximum transmission unit. RTAX_MTU */
  readonly mtu?: number | undefined;
  /** Greatest window of TCP that is told, in bytes. RTAX_WINDOW */
  readonly window?: number | undefined;
  /** Round-trip time in eighths of a millisecond. RTAX_RTT */
  readonly roundTripTime?: number | undefined;
  /** Variance of the round-trip time in quarters of a millisecond. RTAX_RTTVAR */
  readonly roundTripTimeVariance?: number | undefined;
  /** Threshold of slow start in segments. RTAX_SSTHRESH */
  readonly slowStartThreshold?: number | undefined;
  /** Greatest congestion window in segments. RTAX_CWND */
  readonly congestionWindow?: number | undefined;
  /** Maximum segment size that is told. RTAX_ADVMSS */
  readonly advertisedMss?: number | undefined;
  /** How far packets may be out of order. RTAX_REORDERING */
  readonly reordering?: number | undefined;
  /** Hop limit. RTAX_HOPLIMIT */
  readonly hopLimit?: number | undefined;
  /** Congestion window at the start in segments. RTAX_INITCWND */
  readonly initialCongestionWindow?: number | undefined;
  /** RTAX_FEATURE_*. RTAX_FEATURES */
  readonly features?: number | undefined;
  /** Least time until TCP sends again, in milliseconds. RTAX_RTO_MIN */
  readonly minRetransmissionTimeout?: number | undefined;
  /** Receive window at the start in segments. RTAX_INITRWND */
  readonly initialReceiveWindow?: number | undefined;
  /** Not 0: TCP acknowledges at once. RTAX_QUICKACK */
  readonly quickAck?: number | undefined;
  /** Algorithm of congestion control. RTAX_CC_ALGO */
  readonly congestionControl?: string | undefined;
  /** Not 0: TCP Fast Open needs no cookie. RTAX_FASTOPEN_NO_COOKIE */
  readonly fastOpenNoCookie?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readRouteMetrics(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): RouteMetrics {
  const into: Filled<RouteMetrics> = {};

  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // RTAX_LOCK
        into.lock = valueU32(body, start, end, little);
        break;
      case 2: // RTAX_MTU
        into.mtu = valueU32(body, start, end, little);
        break;
      case 3: // RTAX_WINDOW
        into.window = valueU32(body, start, end, little);
        break;
      case 4: // RTAX_RTT
        into.roundTripTime = valueU32(body, start, end, little);
        break;
      case 5: // RTAX_RTTVAR
        into.roundTripTimeVariance = valueU32(body, start, end, little);
        break;
      case 6: // RTAX_SSTHRESH
        into.slowStartThreshold = valueU32(body, start, end, little);
        break;
      case 7: // RTAX_CWND
        into.congestionWindow = valueU32(body, start, end, little);
        break;
      case 8: // RTAX_ADVMSS
        into.advertisedMss = valueU32(body, start, end, little);
        break;
      case 9: // RTAX_REORDERING
        into.reordering = valueU32(body, start, end, little);
        break;
      case 10: // RTAX_HOPLIMIT
        into.hopLimit = valueU32(body, start, end, little);
        break;
      case 11: // RTAX_INITCWND
        into.initialCongestionWindow = valueU32(body, start, end, little);
        break;
      case 12: // RTAX_FEATURES
        into.features = valueU32(body, start, end, little);
        break;
      case 13: // RTAX_RTO_MIN
        into.minRetransmissionTimeout = valueU32(body, start, end, little);
        break;
      case 14: // RTAX_INITRWND
        into.initialReceiveWindow = valueU32(body, start, end, little);
        break;
      case 15: // RTAX_QUICKACK
        into.quickAck = valueU32(body, start, end, little);
        break;
      case 16: // RTAX_CC_ALGO
        into.congestionControl = loadString(body, start, end);
        break;
      case 17: // RTAX_FASTOPEN_NO_COOKIE
        into.fastOpenNoCookie = valueU32(body, start, end, little);
        break;
      default:
        keep(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
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

/** Length of an attribute that holds 32 bits, its header included. */
const WORD = 8;

/** What a route message and a route request can both say, header apart. */
export interface RouteAttributes {
  /** Destination. 4 or 16 bytes. RTA_DST */
  readonly destination?: Uint8Array | undefined;
  /** Source. 4 or 16 bytes. RTA_SRC */
  readonly source?: Uint8Array | undefined;
  /** Index of the interface that packets come from. RTA_IIF */
  readonly inputIndex?: number | undefined;
  /** Index of the interface that packets go to. RTA_OIF */
  readonly outputIndex?: number | undefined;
  /** Address of the gateway, of the family of the route. 4 or 16 bytes. RTA_GATEWAY */
  readonly gateway?: Uint8Array | undefined;
  /** Metric. RTA_PRIORITY */
  readonly priority?: number | undefined;
  /** Source address that packets get. 4 or 16 bytes. RTA_PREFSRC */
  readonly preferredSource?: Uint8Array | undefined;
  /** What is known of the path. RTA_METRICS */
  readonly metrics?: RouteMetrics | undefined;
  /** The ways that packets are spread over. RTA_MULTIPATH */
  readonly multipath?: readonly RouteNexthop[] | undefined;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. RTA_FLOW */
  readonly flow?: number | undefined;
  /** How the route is used. RTA_CACHEINFO */
  readonly cacheInfo?: RouteCacheInfo | undefined;
  /** Mark of the packet to find a route for. RTA_MARK */
  readonly mark?: number | undefined;
  /** Counters of a multicast route. RTA_MFC_STATS */
  readonly multicastStatistics?: RouteMulticastStatistics | undefined;
  /**
   * Gateway of another family: `struct rtvia`, the family as u16 of the machine's byte order, and
   * its address. RTA_VIA
   */
  readonly via?: Uint8Array | undefined;
  /** Destination that packets get: MPLS labels. RTA_NEWDST */
  readonly newDestination?: Uint8Array | undefined;
  /** Preference of an IPv6 router (RFC 4191): 0 medium, 1 high, 3 low. RTA_PREF */
  readonly preference?: number | undefined;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. RTA_ENCAP_TYPE */
  readonly encapType?: number | undefined;
  /** Parameters of what packets are put into: attributes, by `encapType`. RTA_ENCAP */
  readonly encap?: Uint8Array | undefined;
  /** Of a multicast route: hundredths of a second until it goes away. RTA_EXPIRES */
  readonly multicastExpires?: bigint | undefined;
  /** Seconds until it goes away. RTA_EXPIRES */
  readonly expires?: number | undefined;
  /** User to find a route for. RTA_UID */
  readonly uid?: number | undefined;
  /** Whether the TTL of MPLS goes to the packet inside. RTA_TTL_PROPAGATE */
  readonly ttlPropagate?: boolean | undefined;
  /** IP protocol to find a route for. RTA_IP_PROTO */
  readonly ipProtocol?: number | undefined;
  /** Source port to find a route for. RTA_SPORT */
  readonly sourcePort?: number | undefined;
  /** Destination port to find a route for. RTA_DPORT */
  readonly destinationPort?: number | undefined;
  /** Id of a nexthop. RTA_NH_ID */
  readonly nexthopId?: number | undefined;
  /** Flow label of IPv6 to find a route for, 20 bits. RTA_FLOWLABEL */
  readonly flowLabel?: number | undefined;
  /**
   * Of a delete that is told: why the route was deleted, RT_DEL_REASON_*; 0 or none: not told.
   * RTA_DEL_REASON
   */
  readonly deleteReason?: number | undefined;
}

/** A route as the kernel tells it: RTM_NEWROUTE or RTM_DELROUTE. */
export interface RouteMessage extends RouteAttributes {
  /** `new`: RTM_NEWROUTE. `delete`: RTM_DELROUTE. */
  readonly event: 'new' | 'delete';
  /** AF_INET, AF_INET6 or another family that has routes. */
  readonly family: number;
  /**
   * Length of the prefix of the destination in bits; 0 without `destination`: the default route.
   */
  readonly destinationLength: number;
  /** Length of the prefix of the source in bits. */
  readonly sourceLength: number;
  /** Type of service. */
  readonly tos: number;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of RTA_TABLE, when it is there, else of the header.
   */
  readonly table: number;
  /** Who made the route: RTPROT_*. */
  readonly protocol: number;
  /** RT_SCOPE_*. */
  readonly scope: number;
  /** RTN_*. */
  readonly routeType: number;
  /** RTM_F_* and RTNH_F_*. */
  readonly flags: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedRoute implements RouteMessage {
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
  readonly #body: Uint8Array;
  readonly #little: boolean;

  constructor(event: 'new' | 'delete', body: Uint8Array, little: boolean) {
    this.event = event;
    this.family = body[0]!;
    this.destinationLength = body[1]!;
    this.sourceLength = body[2]!;
    this.tos = body[3]!;
    this.table = body[4]!;
    this.protocol = body[5]!;
    this.scope = body[6]!;
    this.routeType = body[7]!;
    this.flags = loadU32(body, 8, little);
    this.#body = body;
    this.#little = little;
    let unknown: RawAttribute[] | undefined;
    const limit = body.length;
    let offset = 12;
    while (offset < limit) {
      const length = attributeLength(body, offset, limit, little);
      const type = loadU16(body, offset + 2, little);
      const start = offset + NLA_HDRLEN;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < WORD ? 0 : loadI32(body, start, little);
      // Literals, as the engine makes no jump table of names.
      switch (type & NLA_TYPE_MASK) {
        case 1: // RTA_DST
          this.destination = body.subarray(start, end);
          break;
        case 2: // RTA_SRC
          this.source = body.subarray(start, end);
          break;
        case 3: // RTA_IIF
          this.inputIndex = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 4: // RTA_OIF
          this.outputIndex = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 5: // RTA_GATEWAY
          this.gateway = body.subarray(start, end);
          break;
        case 6: // RTA_PRIORITY
          this.priority = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 7: // RTA_PREFSRC
          this.preferredSource = body.subarray(start, end);
          break;
        case 8: // RTA_METRICS
          this.metrics = readRouteMetrics(body, start, end, little);
          break;
        case 9: // RTA_MULTIPATH
          this.multipath = readRecords(body, start, end, little, readRouteNexthop);
          break;
        case 11: // RTA_FLOW
          this.flow = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 12: // RTA_CACHEINFO
          this.cacheInfo = readRouteCacheInfo(body, start, end, little);
          break;
        case 15: // RTA_TABLE
          this.table = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 16: // RTA_MARK
          this.mark = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 17: // RTA_MFC_STATS
          this.multicastStatistics = readRouteMulticastStatistics(body, start, end, little);
          break;
        case 18: // RTA_VIA
          this.via = body.subarray(start, end);
          break;
        case 19: // RTA_NEWDST
          this.newDestination = body.subarray(start, end);
          break;
        case 20: // RTA_PREF
          this.preference = valueU8(body, start, end);
          break;
        case 21: // RTA_ENCAP_TYPE
          this.encapType = valueU16(body, start, end, little);
          break;
        case 22: // RTA_ENCAP
          this.encap = body.subarray(start, end);
          break;
        case 23: // RTA_EXPIRES
          if (this.family === 128 || this.family === 129) {
            this.multicastExpires = valueU64(body, start, end, little);
          } else {
            this.expires = length < WORD ? short(start, end, 4) : word >>> 0;
          }
          break;
        case 25: // RTA_UID
          this.uid = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 26: // RTA_TTL_PROPAGATE
          this.ttlPropagate = valueU8(body, start, end) !== 0;
          break;
        case 27: // RTA_IP_PROTO
          this.ipProtocol = valueU8(body, start, end);
          break;
        case 28: // RTA_SPORT
          this.sourcePort = valueU16(body, start, end, false);
          break;
        case 29: // RTA_DPORT
          this.destinationPort = valueU16(body, start, end, false);
          break;
        case 30: // RTA_NH_ID
          this.nexthopId = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 31: // RTA_FLOWLABEL
          this.flowLabel = valueU32(body, start, end, false);
          break;
        case 32: // RTA_DEL_REASON
          this.deleteReason = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        default:
          unknown = push(unknown, type, body, start, end);
      }
      offset += (length + 3) & ~3;
    }
    this.unknown = unknown ?? NONE;
  }

  /** The bytes that a message was read from, and whether their byte order is little. */
  static source(message: object): { body: Uint8Array; little: boolean } | undefined {
    return #body in message ? { body: message.#body, little: message.#little } : undefined;
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
  const { type, body } = message;

  const event = routeEvent(type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWROUTE or RTM_DELROUTE message', type);
  checkStruct(0, body.length, 12, 'rtmsg');
  return new DecodedRoute(event, body, endian === 'little');
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

/**
 * What to say in a route request. Only what is given is sent, in the order in which it is given.
 */
export interface RouteRequest extends RouteAttributes {
  /** AF_INET, AF_INET6 or another family that has routes. @default 0 */
  readonly family?: number | undefined;
  /**
   * Length of the prefix of the destination in bits; 0 without `destination`: the default route.
   * @default 0
   */
  readonly destinationLength?: number | undefined;
  /** Length of the prefix of the source in bits. @default 0 */
  readonly sourceLength?: number | undefined;
  /** Type of service. @default 0 */
  readonly tos?: number | undefined;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of RTA_TABLE, when it is there, else of the header.
   * @default 0
   */
  readonly table?: number | undefined;
  /** Who made the route: RTPROT_*. @default 0 */
  readonly protocol?: number | undefined;
  /** RT_SCOPE_*. @default 0 */
  readonly scope?: number | undefined;
  /** RTN_*. @default 0 */
  readonly routeType?: number | undefined;
  /** RTM_F_* and RTNH_F_*. @default 0 */
  readonly flags?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

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
  if (source?.little === little && header.like === undefined)
    return writer.bytes(source.body).finish();
  const plain =
    source === undefined
      ? request
      : readRouteRequest(source.body, 0, source.body.length, source.little);
  if (header.like === undefined) {
    writeRouteRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readRouteRequest(body, 0, body.length, little),
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
  const { type, body } = message;
  if (!isRouteType(type)) throw wrongType('message', 'of a type that encodeRoute takes', type);
  return readRouteRequest(body, 0, body.length, endian === 'little');
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readRouteRequest(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): RouteRequest {
  checkStruct(offset, limit, 12, 'rtmsg');
  const into: Filled<RouteRequest> = {
    family: body[offset]!,
    destinationLength: body[offset + 1]!,
    sourceLength: body[offset + 2]!,
    tos: body[offset + 3]!,
    protocol: body[offset + 5]!,
    scope: body[offset + 6]!,
    routeType: body[offset + 7]!,
    flags: loadU32(body, offset + 8, little),
  };
  const base = offset;
  offset += 12;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // RTA_DST
        into.destination = body.subarray(start, end);
        break;
      case 2: // RTA_SRC
        into.source = body.subarray(start, end);
        break;
      case 3: // RTA_IIF
        into.inputIndex = valueU32(body, start, end, little);
        break;
      case 4: // RTA_OIF
        into.outputIndex = valueU32(body, start, end, little);
        break;
      case 5: // RTA_GATEWAY
        into.gateway = body.subarray(start, end);
        break;
      case 6: // RTA_PRIORITY
        into.priority = valueU32(body, start, end, little);
        break;
      case 7: // RTA_PREFSRC
        into.preferredSource = body.subarray(start, end);
        break;
      case 8: // RTA_METRICS
        into.metrics = readRouteMetrics(body, start, end, little);
        break;
      case 9: // RTA_MULTIPATH
        into.multipath = readRecords(body, start, end, little, readRouteNexthop);
        break;
      case 11: // RTA_FLOW
        into.flow = valueU32(body, start, end, little);
        break;
      case 12: // RTA_CACHEINFO
        into.cacheInfo = readRouteCacheInfo(body, start, end, little);
        break;
      case 15: // RTA_TABLE
        into.table = valueU32(body, start, end, little);
        break;
      case 16: // RTA_MARK
        into.mark = valueU32(body, start, end, little);
        break;
      case 17: // RTA_MFC_STATS
        into.multicastStatistics = readRouteMulticastStatistics(body, start, end, little);
        break;
      case 18: // RTA_VIA
        into.via = body.subarray(start, end);
        break;
      case 19: // RTA_NEWDST
        into.newDestination = body.subarray(start, end);
        break;
      case 20: // RTA_PREF
        into.preference = valueU8(body, start, end);
        break;
      case 21: // RTA_ENCAP_TYPE
        into.encapType = valueU16(body, start, end, little);
        break;
      case 22: // RTA_ENCAP
        into.encap = body.subarray(start, end);
        break;
      case 23: // RTA_EXPIRES
        if (into.family === 128 || into.family === 129) {
          into.multicastExpires = valueU64(body, start, end, little);
        } else {
          into.expires = valueU32(body, start, end, little);
        }
        break;
      case 25: // RTA_UID
        into.uid = valueU32(body, start, end, little);
        break;
      case 26: // RTA_TTL_PROPAGATE
        into.ttlPropagate = valueU8(body, start, end) !== 0;
        break;
      case 27: // RTA_IP_PROTO
        into.ipProtocol = valueU8(body, start, end);
        break;
      case 28: // RTA_SPORT
        into.sourcePort = valueU16(body, start, end, false);
        break;
      case 29: // RTA_DPORT
        into.destinationPort = valueU16(body, start, end, false);
        break;
      case 30: // RTA_NH_ID
        into.nexthopId = valueU32(body, start, end, little);
        break;
      case 31: // RTA_FLOWLABEL
        into.flowLabel = valueU32(body, start, end, false);
        break;
      case 32: // RTA_DEL_REASON
        into.deleteReason = valueU32(body, start, end, little);
        break;
      default:
        keepRaw(into, type, body, start, end);
    }
    offset += (length + 3) & ~3;
  }
  into.table ??= body[base + 4]!;
  return into;
}

function writeRouteRequest(writer: MessageWriter, request: RouteRequest, at = ''): void {
  writeRouteHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeRouteProperty(writer, property, request, at);
}

function writeRouteHeader(writer: MessageWriter, request: RouteRequest, at: string): void {
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

function writeRouteProperty(
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
