/**
 * Traffic control: queueing disciplines, classes, filters and chains of filters, RTM_*QDISC,
 * RTM_*TCLASS, RTM_*TFILTER and RTM_*CHAIN, linux/rtnetlink.h.
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
  checkValue,
  type Filled,
  keepRaw,
  NONE,
  padded,
  push,
  short,
  valueBool,
  valueString,
  valueU32,
} from './body.ts';
import {
  RTM_DELCHAIN,
  RTM_DELQDISC,
  RTM_DELTCLASS,
  RTM_DELTFILTER,
  RTM_GETCHAIN,
  RTM_GETQDISC,
  RTM_GETTCLASS,
  RTM_GETTFILTER,
  RTM_NEWCHAIN,
  RTM_NEWQDISC,
  RTM_NEWTCLASS,
  RTM_NEWTFILTER,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { loadU64 } from './load.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  optionalBytes,
  optionalString,
  optionalU32,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import {
  readTrafficControlFlags,
  type TrafficControlFlags,
  writeTrafficControlFlags,
} from './tc/flags.ts';
import { MessageWriter } from './writer.ts';

/** Counters and rates. Those of 32 bits wrap. `struct tc_stats` */
export interface TrafficControlStatistics {
  /** Bytes that went through. */
  readonly bytes: bigint;
  /** Packets that went through. */
  readonly packets: number;
  /** Packets dropped for want of resources. */
  readonly drops: number;
  /** How often a limit held something back. */
  readonly overlimits: number;
  /** Rate in bytes a second, where it is estimated. */
  readonly bytesPerSecond: number;
  /** Rate in packets a second, where it is estimated. */
  readonly packetsPerSecond: number;
  /** Packets that wait. */
  readonly queueLength: number;
  /** Bytes that wait. */
  readonly backlog: number;
}

/** Reads a `struct tc_stats`; a longer one is fine. */
function readTrafficControlStatistics(
  source: MessageSource,
  start: number,
  end: number,
): TrafficControlStatistics {
  checkValue(source, start, end, 36);
  if (end - start < 40) return readTrafficControlStatistics(padded(source, start, end, 40), 0, 40);
  const { view, little } = source;
  return {
    bytes: loadU64(view, start, little),
    packets: view.getUint32(start + 8, little),
    drops: view.getUint32(start + 12, little),
    overlimits: view.getUint32(start + 16, little),
    bytesPerSecond: view.getUint32(start + 20, little),
    packetsPerSecond: view.getUint32(start + 24, little),
    queueLength: view.getUint32(start + 28, little),
    backlog: view.getUint32(start + 32, little),
  };
}

/** Writes a `struct tc_stats`. */
function writeTrafficControlStatistics(
  writer: MessageWriter,
  value: TrafficControlStatistics,
  at: string,
): void {
  putNumber(writer, 'u64', `${at}.bytes`, value.bytes);
  putNumber(writer, 'u32', `${at}.packets`, value.packets);
  putNumber(writer, 'u32', `${at}.drops`, value.drops);
  putNumber(writer, 'u32', `${at}.overlimits`, value.overlimits);
  putNumber(writer, 'u32', `${at}.bytesPerSecond`, value.bytesPerSecond);
  putNumber(writer, 'u32', `${at}.packetsPerSecond`, value.packetsPerSecond);
  putNumber(writer, 'u32', `${at}.queueLength`, value.queueLength);
  putNumber(writer, 'u32', `${at}.backlog`, value.backlog);
  writer.bytes(new Uint8Array(4));
}

/** How rates are estimated. `struct gnet_estimator` */
export interface TrafficControlEstimator {
  /** Sampling period: one second times two to the power of it; from -2 on. */
  readonly interval: number;
  /** Logarithm of the weight of the window. */
  readonly ewmaLog: number;
}

/** Reads a `struct gnet_estimator`; a longer one is fine. */
function readTrafficControlEstimator(
  source: MessageSource,
  start: number,
  end: number,
): TrafficControlEstimator {
  checkValue(source, start, end, 2);

  const { view } = source;
  return { interval: view.getInt8(start), ewmaLog: view.getUint8(start + 1) };
}

/** Writes a `struct gnet_estimator`. */
function writeTrafficControlEstimator(
  writer: MessageWriter,
  value: TrafficControlEstimator,
  at: string,
): void {
  putNumber(writer, 's8', `${at}.interval`, value.interval);
  putNumber(writer, 'u8', `${at}.ewmaLog`, value.ewmaLog);
}

/** What a traffic control message and a traffic control request can both say, header apart. */
export interface TrafficControlAttributes {
  /** Kind: `fq_codel`, `htb`, `u32`. TCA_KIND */
  readonly kind?: string | undefined;
  /** What its kind has: mostly attributes. TCA_OPTIONS */
  readonly options?: Uint8Array | undefined;
  /** Counters. TCA_STATS */
  readonly stats?: TrafficControlStatistics | undefined;
  /** Counters of its kind: a struct. TCA_XSTATS */
  readonly xstats?: Uint8Array | undefined;
  /** In a request: how rates are estimated. TCA_RATE */
  readonly rate?: TrafficControlEstimator | undefined;
  /** Counters: attributes TCA_STATS_*. TCA_STATS2 */
  readonly stats2?: Uint8Array | undefined;
  /** Table of sizes: attributes TCA_STAB_*. TCA_STAB */
  readonly sizeTable?: Uint8Array | undefined;
  /** In a dump request: also hidden ones. TCA_DUMP_INVISIBLE */
  readonly dumpInvisible?: boolean | undefined;
  /** The chain, or that which a filter is in. TCA_CHAIN */
  readonly chain?: number | undefined;
  /** Whether hardware does it. TCA_HW_OFFLOAD */
  readonly offloaded?: boolean | undefined;
  /** Block of filters for what comes in. TCA_INGRESS_BLOCK */
  readonly ingressBlock?: number | undefined;
  /** Block of filters for what goes out. TCA_EGRESS_BLOCK */
  readonly egressBlock?: number | undefined;
  /**
   * In a dump request: how much is told; 1 for only the basics (TCA_DUMP_FLAGS_TERSE).
   * TCA_DUMP_FLAGS
   */
  readonly dumpFlags?: TrafficControlFlags | undefined;
  /** What the kernel warns of. TCA_EXT_WARN_MSG */
  readonly warning?: string | undefined;
}

/**
 * A traffic control as the kernel tells it: RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS,
 * RTM_DELTCLASS, RTM_NEWTFILTER, RTM_DELTFILTER, RTM_NEWCHAIN, RTM_DELCHAIN or RTM_GETCHAIN.
 */
export interface TrafficControlMessage extends TrafficControlAttributes {
  /**
   * `newQdisc`: RTM_NEWQDISC. `deleteQdisc`: RTM_DELQDISC. `newClass`: RTM_NEWTCLASS.
   * `deleteClass`: RTM_DELTCLASS. `newFilter`: RTM_NEWTFILTER. `deleteFilter`: RTM_DELTFILTER.
   * `newChain`: RTM_NEWCHAIN. `deleteChain`: RTM_DELCHAIN. `getChain`: RTM_GETCHAIN.
   */
  readonly event:
    | 'newQdisc'
    | 'deleteQdisc'
    | 'newClass'
    | 'deleteClass'
    | 'newFilter'
    | 'deleteFilter'
    | 'newChain'
    | 'deleteChain'
    | 'getChain';
  /** AF_UNSPEC. */
  readonly family: number;
  /** Index of the interface; 0 in a dump request: all. */
  readonly index: number;
  /**
   * Its handle: major number in the upper 16 bits, minor in the lower ones. Of a filter: as its
   * kind likes it.
   */
  readonly handle: number;
  /** Handle of what it is attached to, or TC_H_ROOT, TC_H_INGRESS. */
  readonly parent: number;
  /**
   * Of a filter: priority in the upper 16 bits, ETH_P_* in network byte order in the lower ones. Of
   * others, only told: references to it, or the handle of the discipline below.
   */
  readonly info: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedTrafficControl implements TrafficControlMessage {
  event:
    | 'newQdisc'
    | 'deleteQdisc'
    | 'newClass'
    | 'deleteClass'
    | 'newFilter'
    | 'deleteFilter'
    | 'newChain'
    | 'deleteChain'
    | 'getChain';
  family: number;
  index: number;
  handle: number;
  parent: number;
  info: number;
  kind: string | undefined = undefined;
  options: Uint8Array | undefined = undefined;
  stats: TrafficControlStatistics | undefined = undefined;
  xstats: Uint8Array | undefined = undefined;
  rate: TrafficControlEstimator | undefined = undefined;
  stats2: Uint8Array | undefined = undefined;
  sizeTable: Uint8Array | undefined = undefined;
  dumpInvisible: boolean | undefined = undefined;
  chain: number | undefined = undefined;
  offloaded: boolean | undefined = undefined;
  ingressBlock: number | undefined = undefined;
  egressBlock: number | undefined = undefined;
  dumpFlags: TrafficControlFlags | undefined = undefined;
  warning: string | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(
    event:
      | 'newQdisc'
      | 'deleteQdisc'
      | 'newClass'
      | 'deleteClass'
      | 'newFilter'
      | 'deleteFilter'
      | 'newChain'
      | 'deleteChain'
      | 'getChain',
    source: MessageSource,
  ) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.index = view.getInt32(offset + 4, little);
    this.handle = view.getUint32(offset + 8, little);
    this.parent = view.getUint32(offset + 12, little);
    this.info = view.getUint32(offset + 16, little);
    offset += 20;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < 8 ? 0 : view.getInt32(start, little);
      switch (type & 0x3fff) {
        case 1: // TCA_KIND
          this.kind = valueString(source, start, end);
          break;
        case 2: // TCA_OPTIONS
          this.options = valueBytes(source, start, end);
          break;
        case 3: // TCA_STATS
          this.stats = readTrafficControlStatistics(source, start, end);
          break;
        case 4: // TCA_XSTATS
          this.xstats = valueBytes(source, start, end);
          break;
        case 5: // TCA_RATE
          this.rate = readTrafficControlEstimator(source, start, end);
          break;
        case 7: // TCA_STATS2
          this.stats2 = valueBytes(source, start, end);
          break;
        case 8: // TCA_STAB
          this.sizeTable = valueBytes(source, start, end);
          break;
        case 10: // TCA_DUMP_INVISIBLE
          this.dumpInvisible = true;
          break;
        case 11: // TCA_CHAIN
          this.chain = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 12: // TCA_HW_OFFLOAD
          this.offloaded = valueBool(source, start, end);
          break;
        case 13: // TCA_INGRESS_BLOCK
          this.ingressBlock = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 14: // TCA_EGRESS_BLOCK
          this.egressBlock = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 15: // TCA_DUMP_FLAGS
          this.dumpFlags = readTrafficControlFlags(source, start, end);
          break;
        case 16: // TCA_EXT_WARN_MSG
          this.warning = valueString(source, start, end);
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
 * Decodes a traffic control message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeTrafficControl, encodeTrafficControl, messages, RTM_NEWQDISC } from '@rtap/netlink';
 *
 * const request = { index: 7, handle: 0x10000, kind: 'fq_codel' };
 * const datagram = encodeTrafficControl(RTM_NEWQDISC, request, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   const { event, kind } = decodeTrafficControl(message);
 *   console.log(event, kind); // newQdisc fq_codel
 * }
 */
export function decodeTrafficControl(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): TrafficControlMessage {
  const event = trafficControlEvent(message.type);
  if (event === undefined)
    throw wrongType(
      'message',
      'an RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS, RTM_DELTCLASS, RTM_NEWTFILTER, RTM_DELTFILTER, RTM_NEWCHAIN, RTM_DELCHAIN or RTM_GETCHAIN message',
      message.type,
    );
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 20, 'tcmsg');
  return new DecodedTrafficControl(event, source);
}

function trafficControlEvent(type: number): TrafficControlMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWQDISC:
      return 'newQdisc';
    case RTM_DELQDISC:
      return 'deleteQdisc';
    case RTM_NEWTCLASS:
      return 'newClass';
    case RTM_DELTCLASS:
      return 'deleteClass';
    case RTM_NEWTFILTER:
      return 'newFilter';
    case RTM_DELTFILTER:
      return 'deleteFilter';
    case RTM_NEWCHAIN:
      return 'newChain';
    case RTM_DELCHAIN:
      return 'deleteChain';
    case RTM_GETCHAIN:
      return 'getChain';
    default:
      return undefined;
  }
}

/**
 * What to say in a traffic control request. Only what is given is sent, in the order in which it
 * is given.
 */
export interface TrafficControlRequest extends TrafficControlAttributes {
  /** AF_UNSPEC. @default 0 */
  readonly family?: number | undefined;
  /** Index of the interface; 0 in a dump request: all. @default 0 */
  readonly index?: number | undefined;
  /**
   * Its handle: major number in the upper 16 bits, minor in the lower ones. Of a filter: as its
   * kind likes it. @default 0
   */
  readonly handle?: number | undefined;
  /** Handle of what it is attached to, or TC_H_ROOT, TC_H_INGRESS. @default 0 */
  readonly parent?: number | undefined;
  /**
   * Of a filter: priority in the upper 16 bits, ETH_P_* in network byte order in the lower ones. Of
   * others, only told: references to it, or the handle of the discipline below. @default 0
   */
  readonly info?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a traffic control request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeTrafficControl} gave is written
 * as it was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS, RTM_DELTCLASS, RTM_NEWTFILTER,
 * RTM_DELTFILTER, RTM_NEWCHAIN, RTM_DELCHAIN, RTM_GETCHAIN, RTM_GETQDISC, RTM_GETTCLASS or
 * RTM_GETTFILTER.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeTrafficControl, NLM_F_ACK, NLM_F_REQUEST, RTM_DELQDISC, TC_H_ROOT } from '@rtap/netlink';
 *
 * // tc qdisc del dev ... root
 * const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 };
 * const request = encodeTrafficControl(RTM_DELQDISC, { index: 7, parent: TC_H_ROOT }, header);
 * console.log(request.length); // 36
 */
export function encodeTrafficControl(
  type: number,
  request: TrafficControlRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isTrafficControlType(type))
    throw wrongValue(
      'type',
      'must be RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWTCLASS, RTM_DELTCLASS, RTM_NEWTFILTER, RTM_DELTFILTER, RTM_NEWCHAIN, RTM_DELCHAIN, RTM_GETCHAIN, RTM_GETQDISC, RTM_GETTCLASS or RTM_GETTFILTER',
      type,
    );
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedTrafficControl.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readTrafficControlRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeTrafficControlRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 20,
      little,
      read: (body) => readTrafficControlRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeTrafficControlHeader(writer, plain, ''),
      writeProperty: (property) => writeTrafficControlProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isTrafficControlType(type: number): boolean {
  switch (type) {
    case RTM_NEWQDISC:
    case RTM_DELQDISC:
    case RTM_NEWTCLASS:
    case RTM_DELTCLASS:
    case RTM_NEWTFILTER:
    case RTM_DELTFILTER:
    case RTM_NEWCHAIN:
    case RTM_DELCHAIN:
    case RTM_GETCHAIN:
    case RTM_GETQDISC:
    case RTM_GETTCLASS:
    case RTM_GETTFILTER:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a traffic control request, as {@link encodeTrafficControl} makes it: for whoever plays
 * the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeTrafficControlRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): TrafficControlRequest {
  if (!isTrafficControlType(message.type))
    throw wrongType('message', 'of a type that encodeTrafficControl takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readTrafficControlRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readTrafficControlRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): TrafficControlRequest {
  checkStruct(source, offset, limit, 20, 'tcmsg');
  const { view, little } = source;
  const into: Filled<TrafficControlRequest> = {
    family: view.getUint8(offset),
    index: view.getInt32(offset + 4, little),
    handle: view.getUint32(offset + 8, little),
    parent: view.getUint32(offset + 12, little),
    info: view.getUint32(offset + 16, little),
  };

  offset += 20;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // TCA_KIND
        into.kind = valueString(source, start, end);
        break;
      case 2: // TCA_OPTIONS
        into.options = valueBytes(source, start, end);
        break;
      case 3: // TCA_STATS
        into.stats = readTrafficControlStatistics(source, start, end);
        break;
      case 4: // TCA_XSTATS
        into.xstats = valueBytes(source, start, end);
        break;
      case 5: // TCA_RATE
        into.rate = readTrafficControlEstimator(source, start, end);
        break;
      case 7: // TCA_STATS2
        into.stats2 = valueBytes(source, start, end);
        break;
      case 8: // TCA_STAB
        into.sizeTable = valueBytes(source, start, end);
        break;
      case 10: // TCA_DUMP_INVISIBLE
        into.dumpInvisible = true;
        break;
      case 11: // TCA_CHAIN
        into.chain = valueU32(source, start, end);
        break;
      case 12: // TCA_HW_OFFLOAD
        into.offloaded = valueBool(source, start, end);
        break;
      case 13: // TCA_INGRESS_BLOCK
        into.ingressBlock = valueU32(source, start, end);
        break;
      case 14: // TCA_EGRESS_BLOCK
        into.egressBlock = valueU32(source, start, end);
        break;
      case 15: // TCA_DUMP_FLAGS
        into.dumpFlags = readTrafficControlFlags(source, start, end);
        break;
      case 16: // TCA_EXT_WARN_MSG
        into.warning = valueString(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeTrafficControlRequest(
  writer: MessageWriter,
  request: TrafficControlRequest,
  at = '',
): void {
  writeTrafficControlHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeTrafficControlProperty(writer, property, request, at);
}

function writeTrafficControlHeader(
  writer: MessageWriter,
  request: TrafficControlRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
  putNumber(writer, 's32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u32', `${at}handle`, request.handle ?? 0);
  putNumber(writer, 'u32', `${at}parent`, request.parent ?? 0);
  putNumber(writer, 'u32', `${at}info`, request.info ?? 0);
}

function writeTrafficControlProperty(
  writer: MessageWriter,
  property: string,
  request: TrafficControlRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'index':
    case 'handle':
    case 'parent':
    case 'info':
    case 'event':
      // In the headers.
      break;
    case 'kind': // TCA_KIND
      optionalString(writer, 1, at + property, request.kind);
      break;
    case 'options': // TCA_OPTIONS
      optionalBytes(writer, 2, at + property, request.options);
      break;
    case 'stats': // TCA_STATS
      if (request.stats !== undefined) {
        writer.beginNest(3);
        writeTrafficControlStatistics(writer, request.stats, at + property);
        writer.endNest();
      }
      break;
    case 'xstats': // TCA_XSTATS
      optionalBytes(writer, 4, at + property, request.xstats);
      break;
    case 'rate': // TCA_RATE
      if (request.rate !== undefined) {
        writer.beginNest(5);
        writeTrafficControlEstimator(writer, request.rate, at + property);
        writer.endNest();
      }
      break;
    case 'stats2': // TCA_STATS2
      optionalBytes(writer, 7, at + property, request.stats2);
      break;
    case 'sizeTable': // TCA_STAB
      optionalBytes(writer, 8, at + property, request.sizeTable);
      break;
    case 'dumpInvisible': // TCA_DUMP_INVISIBLE
      if (request.dumpInvisible !== undefined) {
        if (request.dumpInvisible) writer.attributeFlag(10);
      }
      break;
    case 'chain': // TCA_CHAIN
      optionalU32(writer, 11, at + property, request.chain);
      break;
    case 'offloaded': // TCA_HW_OFFLOAD
      if (request.offloaded !== undefined) {
        writer.attributeU8(12, request.offloaded ? 1 : 0);
      }
      break;
    case 'ingressBlock': // TCA_INGRESS_BLOCK
      optionalU32(writer, 13, at + property, request.ingressBlock);
      break;
    case 'egressBlock': // TCA_EGRESS_BLOCK
      optionalU32(writer, 14, at + property, request.egressBlock);
      break;
    case 'dumpFlags': // TCA_DUMP_FLAGS
      if (request.dumpFlags !== undefined) {
        writer.beginNest(15);
        writeTrafficControlFlags(writer, request.dumpFlags, at + property);
        writer.endNest();
      }
      break;
    case 'warning': // TCA_EXT_WARN_MSG
      optionalString(writer, 16, at + property, request.warning);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of TrafficControlRequest only',
        property,
      );
  }
}
