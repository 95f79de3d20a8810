/**
 * Statistics of interfaces: RTM_NEWSTATS, linux/if_link.h.
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
import type { RawAttribute } from './attribute.ts';
import {
  attributeLength,
  checkStruct,
  type Filled,
  keep,
  keepRaw,
  NONE,
  padded,
  push,
  valueBool,
  valueEnd,
} from './body.ts';
import { RTM_NEWSTATS } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type LinkStatistics, readLinkStatistics, writeLinkStatistics } from './link/statistics.ts';
import { loadU64 } from './load.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import { propertiesOf, putNumber, type RequestHeader } from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { readStatsBond, type StatsBond, writeStatsBond } from './stats/bond.ts';
import { readStatsBridge, type StatsBridge, writeStatsBridge } from './stats/bridge.ts';
import { MessageWriter } from './writer.ts';

/** What hardware counts. `struct rtnl_hw_stats64` */
export interface StatsHardware {
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Bad packets received. */
  readonly rxErrors: bigint;
  /** Packets that could not be sent. */
  readonly txErrors: bigint;
  /** Packets received but not processed, for want of resources or of a taker. */
  readonly rxDropped: bigint;
  /** Packets dropped on their way out. */
  readonly txDropped: bigint;
  /** Multicast packets received. */
  readonly multicast: bigint;
}

/** Reads a `struct rtnl_hw_stats64`; a longer one is fine. */
function readStatsHardware(source: MessageSource, start: number, end: number): StatsHardware {
  if (end - start < 72) return readStatsHardware(padded(source, start, end, 72), 0, 72);
  const { view, little } = source;
  return {
    rxPackets: loadU64(view, start, little),
    txPackets: loadU64(view, start + 8, little),
    rxBytes: loadU64(view, start + 16, little),
    txBytes: loadU64(view, start + 24, little),
    rxErrors: loadU64(view, start + 32, little),
    txErrors: loadU64(view, start + 40, little),
    rxDropped: loadU64(view, start + 48, little),
    txDropped: loadU64(view, start + 56, little),
    multicast: loadU64(view, start + 64, little),
  };
}

/** Writes a `struct rtnl_hw_stats64`. */
function writeStatsHardware(writer: MessageWriter, value: StatsHardware, at: string): void {
  putNumber(writer, 'u64', `${at}.rxPackets`, value.rxPackets);
  putNumber(writer, 'u64', `${at}.txPackets`, value.txPackets);
  putNumber(writer, 'u64', `${at}.rxBytes`, value.rxBytes);
  putNumber(writer, 'u64', `${at}.txBytes`, value.txBytes);
  putNumber(writer, 'u64', `${at}.rxErrors`, value.rxErrors);
  putNumber(writer, 'u64', `${at}.txErrors`, value.txErrors);
  putNumber(writer, 'u64', `${at}.rxDropped`, value.rxDropped);
  putNumber(writer, 'u64', `${at}.txDropped`, value.txDropped);
  putNumber(writer, 'u64', `${at}.multicast`, value.multicast);
}

/** What MPLS counts of an interface. `struct mpls_link_stats` */
export interface StatsMplsLink {
  /** Packets received. */
  readonly rxPackets: bigint;
  /** Packets sent. */
  readonly txPackets: bigint;
  /** Bytes received. */
  readonly rxBytes: bigint;
  /** Bytes sent. */
  readonly txBytes: bigint;
  /** Bad packets received. */
  readonly rxErrors: bigint;
  /** Packets that could not be sent. */
  readonly txErrors: bigint;
  /** Packets received but not processed, for want of resources or of a taker. */
  readonly rxDropped: bigint;
  /** Packets dropped on their way out. */
  readonly txDropped: bigint;
  /** Packets received for which there was no route. */
  readonly rxNoRoute: bigint;
}

/** Reads a `struct mpls_link_stats`; a longer one is fine. */
function readStatsMplsLink(source: MessageSource, start: number, end: number): StatsMplsLink {
  if (end - start < 72) return readStatsMplsLink(padded(source, start, end, 72), 0, 72);
  const { view, little } = source;
  return {
    rxPackets: loadU64(view, start, little),
    txPackets: loadU64(view, start + 8, little),
    rxBytes: loadU64(view, start + 16, little),
    txBytes: loadU64(view, start + 24, little),
    rxErrors: loadU64(view, start + 32, little),
    txErrors: loadU64(view, start + 40, little),
    rxDropped: loadU64(view, start + 48, little),
    txDropped: loadU64(view, start + 56, little),
    rxNoRoute: loadU64(view, start + 64, little),
  };
}

/** Writes a `struct mpls_link_stats`. */
function writeStatsMplsLink(writer: MessageWriter, value: StatsMplsLink, at: string): void {
  putNumber(writer, 'u64', `${at}.rxPackets`, value.rxPackets);
  putNumber(writer, 'u64', `${at}.txPackets`, value.txPackets);
  putNumber(writer, 'u64', `${at}.rxBytes`, value.rxBytes);
  putNumber(writer, 'u64', `${at}.txBytes`, value.txBytes);
  putNumber(writer, 'u64', `${at}.rxErrors`, value.rxErrors);
  putNumber(writer, 'u64', `${at}.txErrors`, value.txErrors);
  putNumber(writer, 'u64', `${at}.rxDropped`, value.rxDropped);
  putNumber(writer, 'u64', `${at}.txDropped`, value.txDropped);
  putNumber(writer, 'u64', `${at}.rxNoRoute`, value.rxNoRoute);
}

/** What kinds count. */
export interface StatsKinds {
  /** A bridge. LINK_XSTATS_TYPE_BRIDGE */
  readonly bridge?: StatsBridge | undefined;
  /** A bond. LINK_XSTATS_TYPE_BOND */
  readonly bond?: StatsBond | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsKinds(source: MessageSource, offset: number, limit: number): StatsKinds {
  const { view, little } = source;
  const into: Filled<StatsKinds> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // LINK_XSTATS_TYPE_BRIDGE
        into.bridge = readStatsBridge(source, start, end);
        break;
      case 2: // LINK_XSTATS_TYPE_BOND
        into.bond = readStatsBond(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsKinds}, in the order of its properties. */
function writeStatsKinds(writer: MessageWriter, value: StatsKinds, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'bridge': // LINK_XSTATS_TYPE_BRIDGE
        if (value.bridge !== undefined) {
          writer.beginNest(1);
          writeStatsBridge(writer, value.bridge, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'bond': // LINK_XSTATS_TYPE_BOND
        if (value.bond !== undefined) {
          writer.beginNest(2);
          writeStatsBond(writer, value.bond, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsKinds', property);
    }
  }
}

/** What MPLS counts. */
export interface StatsMpls {
  /** Of the interface. MPLS_STATS_LINK */
  readonly link?: StatsMplsLink | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsMpls(source: MessageSource, offset: number, limit: number): StatsMpls {
  const { view, little } = source;
  const into: Filled<StatsMpls> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // MPLS_STATS_LINK
        into.link = readStatsMplsLink(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsMpls}, in the order of its properties. */
function writeStatsMpls(writer: MessageWriter, value: StatsMpls, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'link': // MPLS_STATS_LINK
        if (value.link !== undefined) {
          writer.beginNest(1);
          writeStatsMplsLink(writer, value.link, at + property);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsMpls', property);
    }
  }
}

/** What address families count. */
export interface StatsAddressFamilies {
  /** MPLS. AF_MPLS */
  readonly mpls?: StatsMpls | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsAddressFamilies(
  source: MessageSource,
  offset: number,
  limit: number,
): StatsAddressFamilies {
  const { view, little } = source;
  const into: Filled<StatsAddressFamilies> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 28: // AF_MPLS
        into.mpls = readStatsMpls(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsAddressFamilies}, in the order of its properties. */
function writeStatsAddressFamilies(
  writer: MessageWriter,
  value: StatsAddressFamilies,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'mpls': // AF_MPLS
        if (value.mpls !== undefined) {
          writer.beginNest(28);
          writeStatsMpls(writer, value.mpls, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsAddressFamilies', property);
    }
  }
}

/** What hardware did in place of the kernel. */
export interface StatsOffload {
  /** Counters of what went through the processor all the same. IFLA_OFFLOAD_XSTATS_CPU_HIT */
  readonly cpuHit?: LinkStatistics | undefined;
  /** Which counters of hardware are in use. IFLA_OFFLOAD_XSTATS_HW_S_INFO */
  readonly info?: StatsOffloadInfo | undefined;
  /** Counters of hardware at layer 3. IFLA_OFFLOAD_XSTATS_L3_STATS */
  readonly l3?: StatsHardware | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsOffload(source: MessageSource, offset: number, limit: number): StatsOffload {
  const { view, little } = source;
  const into: Filled<StatsOffload> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_OFFLOAD_XSTATS_CPU_HIT
        into.cpuHit = readLinkStatistics(source, start, end);
        break;
      case 2: // IFLA_OFFLOAD_XSTATS_HW_S_INFO
        into.info = readStatsOffloadInfo(source, start, end);
        break;
      case 3: // IFLA_OFFLOAD_XSTATS_L3_STATS
        into.l3 = readStatsHardware(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsOffload}, in the order of its properties. */
function writeStatsOffload(writer: MessageWriter, value: StatsOffload, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'cpuHit': // IFLA_OFFLOAD_XSTATS_CPU_HIT
        if (value.cpuHit !== undefined) {
          writer.beginNest(1);
          writeLinkStatistics(writer, value.cpuHit, at + property);
          writer.endNest();
        }
        break;
      case 'info': // IFLA_OFFLOAD_XSTATS_HW_S_INFO
        if (value.info !== undefined) {
          writer.beginNest(2, { flag: true });
          writeStatsOffloadInfo(writer, value.info, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'l3': // IFLA_OFFLOAD_XSTATS_L3_STATS
        if (value.l3 !== undefined) {
          writer.beginNest(3);
          writeStatsHardware(writer, value.l3, at + property);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsOffload', property);
    }
  }
}

/** Which counters of hardware are in use. */
export interface StatsOffloadInfo {
  /** Counters at layer 3. IFLA_OFFLOAD_XSTATS_L3_STATS */
  readonly l3?: StatsOffloadUse | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsOffloadInfo(
  source: MessageSource,
  offset: number,
  limit: number,
): StatsOffloadInfo {
  const { view, little } = source;
  const into: Filled<StatsOffloadInfo> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 3: // IFLA_OFFLOAD_XSTATS_L3_STATS
        into.l3 = readStatsOffloadUse(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsOffloadInfo}, in the order of its properties. */
function writeStatsOffloadInfo(writer: MessageWriter, value: StatsOffloadInfo, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'l3': // IFLA_OFFLOAD_XSTATS_L3_STATS
        if (value.l3 !== undefined) {
          writer.beginNest(3, { flag: true });
          writeStatsOffloadUse(writer, value.l3, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsOffloadInfo', property);
    }
  }
}

/** Whether counters of hardware are in use. */
export interface StatsOffloadUse {
  /** Whether somebody asked for them. IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST */
  readonly requested?: boolean | undefined;
  /** Whether hardware provides them. IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED */
  readonly used?: boolean | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsOffloadUse(
  source: MessageSource,
  offset: number,
  limit: number,
): StatsOffloadUse {
  const { view, little } = source;
  const into: Filled<StatsOffloadUse> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST
        into.requested = valueBool(source, start, end);
        break;
      case 2: // IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED
        into.used = valueBool(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsOffloadUse}, in the order of its properties. */
function writeStatsOffloadUse(writer: MessageWriter, value: StatsOffloadUse, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'requested': // IFLA_OFFLOAD_XSTATS_HW_S_INFO_REQUEST
        if (value.requested !== undefined) {
          writer.attributeU8(1, value.requested ? 1 : 0);
        }
        break;
      case 'used': // IFLA_OFFLOAD_XSTATS_HW_S_INFO_USED
        if (value.used !== undefined) {
          writer.attributeU8(2, value.used ? 1 : 0);
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsOffloadUse', property);
    }
  }
}

/** What a statistics message and a statistics request can both say, header apart. */
export interface StatsAttributes {
  /** Counters. IFLA_STATS_LINK_64 */
  readonly stats64?: LinkStatistics | undefined;
  /** What its kind counts. IFLA_STATS_LINK_XSTATS */
  readonly xstats?: StatsKinds | undefined;
  /** What the kind of its master counts of it. IFLA_STATS_LINK_XSTATS_SLAVE */
  readonly slaveXstats?: StatsKinds | undefined;
  /** What hardware did in place of the kernel. IFLA_STATS_LINK_OFFLOAD_XSTATS */
  readonly offload?: StatsOffload | undefined;
  /** What address families count. IFLA_STATS_AF_SPEC */
  readonly addressFamilies?: StatsAddressFamilies | undefined;
}

/** A statistics as the kernel tells it: RTM_NEWSTATS. */
export interface StatsMessage extends StatsAttributes {
  /** `new`: RTM_NEWSTATS. */
  readonly event: 'new';
  /** AF_UNSPEC. */
  readonly family: number;
  /** Index of the interface; 0 in a dump request. */
  readonly index: number;
  /** Which groups are asked for, or are told: bit `n - 1` for the attribute of number `n`. */
  readonly filterMask: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedStats implements StatsMessage {
  event: 'new';
  family: number;
  index: number;
  filterMask: number;
  #stats64: LinkStatistics | number = 0;
  xstats: StatsKinds | undefined = undefined;
  slaveXstats: StatsKinds | undefined = undefined;
  offload: StatsOffload | undefined = undefined;
  addressFamilies: StatsAddressFamilies | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.index = view.getUint32(offset + 4, little);
    this.filterMask = view.getUint32(offset + 8, little);
    offset += 12;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      switch (type & 0x3fff) {
        case 1: // IFLA_STATS_LINK_64
          this.#stats64 = start;
          break;
        case 2: // IFLA_STATS_LINK_XSTATS
          this.xstats = readStatsKinds(source, start, end);
          break;
        case 3: // IFLA_STATS_LINK_XSTATS_SLAVE
          this.slaveXstats = readStatsKinds(source, start, end);
          break;
        case 4: // IFLA_STATS_LINK_OFFLOAD_XSTATS
          this.offload = readStatsOffload(source, start, end);
          break;
        case 5: // IFLA_STATS_AF_SPEC
          this.addressFamilies = readStatsAddressFamilies(source, start, end);
          break;
        default:
          unknown = push(unknown, type, source, start, end);
      }
      offset += (length + 3) & ~3;
    }
    this.unknown = unknown ?? NONE;
  }

  get stats64(): LinkStatistics | undefined {
    if (typeof this.#stats64 === 'number') {
      const start = this.#stats64;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#stats64 = readLinkStatistics(source, start, end);
    }
    return this.#stats64;
  }

  /** What a message was read from. */
  static source(message: object): MessageSource | undefined {
    return #source in message ? message.#source : undefined;
  }
}

/**
 * Decodes a statistics message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram. What is a getter is read from
 * the datagram when first asked for, and may throw then.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeStats, encodeStats, messages, RTM_NEWSTATS } from '@rtap/netlink';
 *
 * const offload = { info: { l3: { requested: true, used: false } } };
 * const header = { flags: 0, sequence: 0 };
 * for (const message of messages(encodeStats(RTM_NEWSTATS, { index: 7, offload }, header))) {
 *   const stats = decodeStats(message);
 *   console.log(stats.index, stats.offload?.info?.l3?.used); // 7 false
 * }
 */
export function decodeStats(message: NetlinkMessage, endian: Endian = hostEndian): StatsMessage {
  const event = statsEvent(message.type);
  if (event === undefined) throw wrongType('message', 'an RTM_NEWSTATS message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 12, 'if_stats_msg');
  return new DecodedStats(event, source);
}

function statsEvent(type: number): StatsMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWSTATS:
      return 'new';
    default:
      return undefined;
  }
}

/**
 * What to say in a statistics request. Only what is given is sent, in the order in which it is
 * given.
 */
export interface StatsRequest extends StatsAttributes {
  /** AF_UNSPEC. @default 0 */
  readonly family?: number | undefined;
  /** Index of the interface; 0 in a dump request. @default 0 */
  readonly index?: number | undefined;
  /**
   * Which groups are asked for, or are told: bit `n - 1` for the attribute of number `n`. @default
   * 0
   */
  readonly filterMask?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a statistics request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeStats} gave is written as it was,
 * byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWSTATS.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeStats, RTM_NEWSTATS } from '@rtap/netlink';
 *
 * // For whoever plays the kernel. What asks for statistics is encodeStatsQuery.
 * const offload = { info: { l3: { requested: true, used: true } } };
 * const header = { flags: 0, sequence: 0 };
 * const answer = encodeStats(RTM_NEWSTATS, { index: 7, filterMask: 8, offload }, header);
 * console.log(answer.length); // 56
 */
export function encodeStats(
  type: number,
  request: StatsRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isStatsType(type)) throw wrongValue('type', 'must be RTM_NEWSTATS', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedStats.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : readStatsRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeStatsRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readStatsRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeStatsHeader(writer, plain, ''),
      writeProperty: (property) => writeStatsProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isStatsType(type: number): boolean {
  switch (type) {
    case RTM_NEWSTATS:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a statistics request, as {@link encodeStats} makes it: for whoever plays the kernel, or
 * wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeStatsRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): StatsRequest {
  if (!isStatsType(message.type))
    throw wrongType('message', 'of a type that encodeStats takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readStatsRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readStatsRequest(source: MessageSource, offset: number, limit: number): StatsRequest {
  checkStruct(source, offset, limit, 12, 'if_stats_msg');
  const { view, little } = source;
  const into: Filled<StatsRequest> = {
    family: view.getUint8(offset),
    index: view.getUint32(offset + 4, little),
    filterMask: view.getUint32(offset + 8, little),
  };

  offset += 12;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_STATS_LINK_64
        into.stats64 = readLinkStatistics(source, start, end);
        break;
      case 2: // IFLA_STATS_LINK_XSTATS
        into.xstats = readStatsKinds(source, start, end);
        break;
      case 3: // IFLA_STATS_LINK_XSTATS_SLAVE
        into.slaveXstats = readStatsKinds(source, start, end);
        break;
      case 4: // IFLA_STATS_LINK_OFFLOAD_XSTATS
        into.offload = readStatsOffload(source, start, end);
        break;
      case 5: // IFLA_STATS_AF_SPEC
        into.addressFamilies = readStatsAddressFamilies(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeStatsRequest(writer: MessageWriter, request: StatsRequest, at = ''): void {
  writeStatsHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeStatsProperty(writer, property, request, at);
}

function writeStatsHeader(writer: MessageWriter, request: StatsRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
  putNumber(writer, 'u32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u32', `${at}filterMask`, request.filterMask ?? 0);
}

function writeStatsProperty(
  writer: MessageWriter,
  property: string,
  request: StatsRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'index':
    case 'filterMask':
    case 'event':
      // In the headers.
      break;
    case 'stats64': // IFLA_STATS_LINK_64
      if (request.stats64 !== undefined) {
        writer.beginNest(1);
        writeLinkStatistics(writer, request.stats64, at + property);
        writer.endNest();
      }
      break;
    case 'xstats': // IFLA_STATS_LINK_XSTATS
      if (request.xstats !== undefined) {
        writer.beginNest(2);
        writeStatsKinds(writer, request.xstats, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'slaveXstats': // IFLA_STATS_LINK_XSTATS_SLAVE
      if (request.slaveXstats !== undefined) {
        writer.beginNest(3);
        writeStatsKinds(writer, request.slaveXstats, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'offload': // IFLA_STATS_LINK_OFFLOAD_XSTATS
      if (request.offload !== undefined) {
        writer.beginNest(4);
        writeStatsOffload(writer, request.offload, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'addressFamilies': // IFLA_STATS_AF_SPEC
      if (request.addressFamilies !== undefined) {
        writer.beginNest(5);
        writeStatsAddressFamilies(writer, request.addressFamilies, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of StatsRequest only',
        property,
      );
  }
}
