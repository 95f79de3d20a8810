/**
 * What is asked of statistics of interfaces: RTM_GETSTATS and RTM_SETSTATS, linux/if_link.h.
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
  push,
  valueBool,
  valueU32,
} from './body.ts';
import { RTM_GETSTATS, RTM_SETSTATS } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import { optionalU32, propertiesOf, putNumber, type RequestHeader } from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** What to tell of each group: bit `n - 1` for the attribute of number `n` inside. */
export interface StatsFilters {
  /** Mask of `stats64`: it has no parts. IFLA_STATS_LINK_64 */
  readonly stats64?: number | undefined;
  /** Mask of `xstats`. IFLA_STATS_LINK_XSTATS */
  readonly xstats?: number | undefined;
  /** Mask of `slaveXstats`. IFLA_STATS_LINK_XSTATS_SLAVE */
  readonly slaveXstats?: number | undefined;
  /**
   * Mask of `offload`: 1 for `cpuHit`, 2 for `info`, 4 for `l3`. The kernel takes no other mask.
   * IFLA_STATS_LINK_OFFLOAD_XSTATS
   */
  readonly offload?: number | undefined;
  /** Mask of `addressFamilies`. IFLA_STATS_AF_SPEC */
  readonly addressFamilies?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readStatsFilters(source: MessageSource, offset: number, limit: number): StatsFilters {
  const { view, little } = source;
  const into: Filled<StatsFilters> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_STATS_LINK_64
        into.stats64 = valueU32(source, start, end);
        break;
      case 2: // IFLA_STATS_LINK_XSTATS
        into.xstats = valueU32(source, start, end);
        break;
      case 3: // IFLA_STATS_LINK_XSTATS_SLAVE
        into.slaveXstats = valueU32(source, start, end);
        break;
      case 4: // IFLA_STATS_LINK_OFFLOAD_XSTATS
        into.offload = valueU32(source, start, end);
        break;
      case 5: // IFLA_STATS_AF_SPEC
        into.addressFamilies = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link StatsFilters}, in the order of its properties. */
function writeStatsFilters(writer: MessageWriter, value: StatsFilters, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'stats64': // IFLA_STATS_LINK_64
        optionalU32(writer, 1, at + property, value.stats64);
        break;
      case 'xstats': // IFLA_STATS_LINK_XSTATS
        optionalU32(writer, 2, at + property, value.xstats);
        break;
      case 'slaveXstats': // IFLA_STATS_LINK_XSTATS_SLAVE
        optionalU32(writer, 3, at + property, value.slaveXstats);
        break;
      case 'offload': // IFLA_STATS_LINK_OFFLOAD_XSTATS
        optionalU32(writer, 4, at + property, value.offload);
        break;
      case 'addressFamilies': // IFLA_STATS_AF_SPEC
        optionalU32(writer, 5, at + property, value.addressFamilies);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of StatsFilters', property);
    }
  }
}

/** What a statistics query message and a statistics query request can both say, header apart. */
export interface StatsQueryAttributes {
  /**
   * Of RTM_GETSTATS: what to tell of groups that can be told in part. Since Linux 5.19.
   * IFLA_STATS_GET_FILTERS
   */
  readonly filters?: StatsFilters | undefined;
  /**
   * Of RTM_SETSTATS: whether hardware is to count at layer 3. Since Linux 5.18.
   * IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS
   */
  readonly layer3Offload?: boolean | undefined;
}

/** A statistics query as it is asked: RTM_GETSTATS or RTM_SETSTATS. */
export interface StatsQueryMessage extends StatsQueryAttributes {
  /** `get`: RTM_GETSTATS. `set`: RTM_SETSTATS. */
  readonly event: 'get' | 'set';
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
class DecodedStatsQuery implements StatsQueryMessage {
  event: 'get' | 'set';
  family: number;
  index: number;
  filterMask: number;
  filters: StatsFilters | undefined = undefined;
  layer3Offload: boolean | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'get' | 'set', source: MessageSource) {
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
        case 1: // IFLA_STATS_GET_FILTERS
          this.filters = readStatsFilters(source, start, end);
          break;
        case 2: // IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS
          this.layer3Offload = valueBool(source, start, end);
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
 * Decodes a statistics query message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeStatsQuery, encodeStatsQuery, messages, RTM_SETSTATS } from '@rtap/netlink';
 *
 * const said = { index: 7, layer3Offload: true };
 * for (const message of messages(encodeStatsQuery(RTM_SETSTATS, said, { flags: 0, sequence: 0 }))) {
 *   const { event, index, layer3Offload } = decodeStatsQuery(message);
 *   console.log(event, index, layer3Offload); // set 7 true
 * }
 */
export function decodeStatsQuery(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): StatsQueryMessage {
  const event = statsQueryEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_GETSTATS or RTM_SETSTATS message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 12, 'if_stats_msg');
  return new DecodedStatsQuery(event, source);
}

function statsQueryEvent(type: number): StatsQueryMessage['event'] | undefined {
  switch (type) {
    case RTM_GETSTATS:
      return 'get';
    case RTM_SETSTATS:
      return 'set';
    default:
      return undefined;
  }
}

/**
 * What to say in a statistics query request. Only what is given is sent, in the order in which it
 * is given.
 */
export interface StatsQueryRequest extends StatsQueryAttributes {
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
 * Encodes a statistics query request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeStatsQuery} gave is written as it
 * was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_GETSTATS or RTM_SETSTATS.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeStatsQuery, NLM_F_REQUEST, RTM_GETSTATS } from '@rtap/netlink';
 *
 * // Of what hardware does (the fourth group) only which counters of it are in use.
 * const query = { index: 7, filterMask: 1 << 3, filters: { offload: 2 } };
 * const request = encodeStatsQuery(RTM_GETSTATS, query, { flags: NLM_F_REQUEST, sequence: 1 });
 * console.log(request.length); // 40
 */
export function encodeStatsQuery(
  type: number,
  request: StatsQueryRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isStatsQueryType(type))
    throw wrongValue('type', 'must be RTM_GETSTATS or RTM_SETSTATS', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedStatsQuery.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readStatsQueryRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeStatsQueryRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readStatsQueryRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeStatsQueryHeader(writer, plain, ''),
      writeProperty: (property) => writeStatsQueryProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isStatsQueryType(type: number): boolean {
  switch (type) {
    case RTM_GETSTATS:
    case RTM_SETSTATS:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a statistics query request, as {@link encodeStatsQuery} makes it: for whoever plays the
 * kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeStatsQueryRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): StatsQueryRequest {
  if (!isStatsQueryType(message.type))
    throw wrongType('message', 'of a type that encodeStatsQuery takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readStatsQueryRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readStatsQueryRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): StatsQueryRequest {
  checkStruct(source, offset, limit, 12, 'if_stats_msg');
  const { view, little } = source;
  const into: Filled<StatsQueryRequest> = {
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
      case 1: // IFLA_STATS_GET_FILTERS
        into.filters = readStatsFilters(source, start, end);
        break;
      case 2: // IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS
        into.layer3Offload = valueBool(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeStatsQueryRequest(writer: MessageWriter, request: StatsQueryRequest, at = ''): void {
  writeStatsQueryHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeStatsQueryProperty(writer, property, request, at);
}

function writeStatsQueryHeader(
  writer: MessageWriter,
  request: StatsQueryRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
  putNumber(writer, 'u32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u32', `${at}filterMask`, request.filterMask ?? 0);
}

function writeStatsQueryProperty(
  writer: MessageWriter,
  property: string,
  request: StatsQueryRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'index':
    case 'filterMask':
    case 'event':
      // In the headers.
      break;
    case 'filters': // IFLA_STATS_GET_FILTERS
      if (request.filters !== undefined) {
        writer.beginNest(1, { flag: true });
        writeStatsFilters(writer, request.filters, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'layer3Offload': // IFLA_STATS_SET_OFFLOAD_XSTATS_L3_STATS
      if (request.layer3Offload !== undefined) {
        writer.attributeU8(2, request.layer3Offload ? 1 : 0);
      }
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of StatsQueryRequest only',
        property,
      );
  }
}
