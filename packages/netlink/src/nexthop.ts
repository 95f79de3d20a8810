/**
 * Nexthops, groups of them and buckets of groups: RTM_*NEXTHOP and RTM_*NEXTHOPBUCKET,
 * linux/nexthop.h.
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
  keep,
  keepRaw,
  NONE,
  push,
  short,
  valueU16,
  valueU32,
  valueU64,
  valueUint,
} from './body.ts';
import {
  RTM_DELNEXTHOP,
  RTM_DELNEXTHOPBUCKET,
  RTM_GETNEXTHOP,
  RTM_GETNEXTHOPBUCKET,
  RTM_NEWNEXTHOP,
  RTM_NEWNEXTHOPBUCKET,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { holdsOther, readList, readStructArray } from './list.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  elements,
  optionalBytes,
  optionalU32,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** A nexthop of a group. `struct nexthop_grp` */
export interface NexthopGroupEntry {
  /** Id of the nexthop. */
  readonly id: number;
  /** Weight less one. */
  readonly weight: number;
  /** Upper eight bits of it, where the kernel knows them; else 0. */
  readonly weightHigh: number;
}

/** Reads a `struct nexthop_grp`; a longer one is fine. */
function readNexthopGroupEntry(
  source: MessageSource,
  start: number,
  end: number,
): NexthopGroupEntry {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return {
    id: view.getUint32(start, little),
    weight: view.getUint8(start + 4),
    weightHigh: view.getUint8(start + 5),
  };
}

/** Writes a `struct nexthop_grp`. */
function writeNexthopGroupEntry(writer: MessageWriter, value: NexthopGroupEntry, at: string): void {
  putNumber(writer, 'u32', `${at}.id`, value.id);
  putNumber(writer, 'u8', `${at}.weight`, value.weight);
  putNumber(writer, 'u8', `${at}.weightHigh`, value.weightHigh);
  writer.bytes(new Uint8Array(2));
}

/** What a resilient group has. Times are in hundredths of a second. */
export interface NexthopResilientGroup {
  /** Number of buckets. NHA_RES_GROUP_BUCKETS */
  readonly buckets?: number | undefined;
  /** How long a bucket is without use to be idle. NHA_RES_GROUP_IDLE_TIMER */
  readonly idleTimer?: number | undefined;
  /** How long the group may be out of balance. NHA_RES_GROUP_UNBALANCED_TIMER */
  readonly unbalancedTimer?: number | undefined;
  /** How long the group is out of balance. NHA_RES_GROUP_UNBALANCED_TIME */
  readonly unbalancedTime?: bigint | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readNexthopResilientGroup(
  source: MessageSource,
  offset: number,
  limit: number,
): NexthopResilientGroup {
  const { view, little } = source;
  const into: Filled<NexthopResilientGroup> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NHA_RES_GROUP_BUCKETS
        into.buckets = valueU16(source, start, end);
        break;
      case 2: // NHA_RES_GROUP_IDLE_TIMER
        into.idleTimer = valueU32(source, start, end);
        break;
      case 3: // NHA_RES_GROUP_UNBALANCED_TIMER
        into.unbalancedTimer = valueU32(source, start, end);
        break;
      case 4: // NHA_RES_GROUP_UNBALANCED_TIME
        into.unbalancedTime = valueU64(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link NexthopResilientGroup}, in the order of its properties. */
function writeNexthopResilientGroup(
  writer: MessageWriter,
  value: NexthopResilientGroup,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'buckets': // NHA_RES_GROUP_BUCKETS
        if (value.buckets !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.buckets);
          writer.endNest();
        }
        break;
      case 'idleTimer': // NHA_RES_GROUP_IDLE_TIMER
        optionalU32(writer, 2, at + property, value.idleTimer);
        break;
      case 'unbalancedTimer': // NHA_RES_GROUP_UNBALANCED_TIMER
        optionalU32(writer, 3, at + property, value.unbalancedTimer);
        break;
      case 'unbalancedTime': // NHA_RES_GROUP_UNBALANCED_TIME
        if (value.unbalancedTime !== undefined) {
          writer.beginNest(4);
          putNumber(writer, 'u64', at + property, value.unbalancedTime);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of NexthopResilientGroup', property);
    }
  }
}

/** A bucket of a resilient group. */
export interface NexthopBucket {
  /** Number of the bucket. NHA_RES_BUCKET_INDEX */
  readonly index?: number | undefined;
  /** How long it is without use, in hundredths of a second. NHA_RES_BUCKET_IDLE_TIME */
  readonly idleTime?: bigint | undefined;
  /** Id of its nexthop. NHA_RES_BUCKET_NH_ID */
  readonly nexthopId?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readNexthopBucket(source: MessageSource, offset: number, limit: number): NexthopBucket {
  const { view, little } = source;
  const into: Filled<NexthopBucket> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NHA_RES_BUCKET_INDEX
        into.index = valueU16(source, start, end);
        break;
      case 2: // NHA_RES_BUCKET_IDLE_TIME
        into.idleTime = valueU64(source, start, end);
        break;
      case 3: // NHA_RES_BUCKET_NH_ID
        into.nexthopId = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link NexthopBucket}, in the order of its properties. */
function writeNexthopBucket(writer: MessageWriter, value: NexthopBucket, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'index': // NHA_RES_BUCKET_INDEX
        if (value.index !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.index);
          writer.endNest();
        }
        break;
      case 'idleTime': // NHA_RES_BUCKET_IDLE_TIME
        if (value.idleTime !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u64', at + property, value.idleTime);
          writer.endNest();
        }
        break;
      case 'nexthopId': // NHA_RES_BUCKET_NH_ID
        optionalU32(writer, 3, at + property, value.nexthopId);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of NexthopBucket', property);
    }
  }
}

/** What is counted of a nexthop of a group. */
export interface NexthopGroupStatistics {
  /** Id of the nexthop. NHA_GROUP_STATS_ENTRY_ID */
  readonly id?: number | undefined;
  /** Packets, those of hardware among them. NHA_GROUP_STATS_ENTRY_PACKETS */
  readonly packets?: bigint | undefined;
  /** Packets that hardware forwarded. NHA_GROUP_STATS_ENTRY_PACKETS_HW */
  readonly hardwarePackets?: bigint | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readNexthopGroupStatistics(
  source: MessageSource,
  offset: number,
  limit: number,
): NexthopGroupStatistics {
  const { view, little } = source;
  const into: Filled<NexthopGroupStatistics> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NHA_GROUP_STATS_ENTRY_ID
        into.id = valueU32(source, start, end);
        break;
      case 2: // NHA_GROUP_STATS_ENTRY_PACKETS
        into.packets = valueUint(source, start, end);
        break;
      case 3: // NHA_GROUP_STATS_ENTRY_PACKETS_HW
        into.hardwarePackets = valueUint(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link NexthopGroupStatistics}, in the order of its properties. */
function writeNexthopGroupStatistics(
  writer: MessageWriter,
  value: NexthopGroupStatistics,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'id': // NHA_GROUP_STATS_ENTRY_ID
        optionalU32(writer, 1, at + property, value.id);
        break;
      case 'packets': // NHA_GROUP_STATS_ENTRY_PACKETS
        if (value.packets !== undefined) {
          writer.beginNest(2);
          putNumber(
            writer,
            value.packets > 0xffff_ffffn ? 'u64' : 'uint',
            at + property,
            value.packets,
          );
          writer.endNest();
        }
        break;
      case 'hardwarePackets': // NHA_GROUP_STATS_ENTRY_PACKETS_HW
        if (value.hardwarePackets !== undefined) {
          writer.beginNest(3);
          putNumber(
            writer,
            value.hardwarePackets > 0xffff_ffffn ? 'u64' : 'uint',
            at + property,
            value.hardwarePackets,
          );
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of NexthopGroupStatistics', property);
    }
  }
}

/** What a nexthop message and a nexthop request can both say, header apart. */
export interface NexthopAttributes {
  /** Id; 0: the kernel chooses. NHA_ID */
  readonly id?: number | undefined;
  /** The nexthops of a group. NHA_GROUP */
  readonly group?: readonly NexthopGroupEntry[] | undefined;
  /** How a group spreads packets: NEXTHOP_GRP_TYPE_*. NHA_GROUP_TYPE */
  readonly groupType?: number | undefined;
  /** Packets are dropped. NHA_BLACKHOLE */
  readonly blackhole?: boolean | undefined;
  /** Index of the interface that packets go to. NHA_OIF */
  readonly outputIndex?: number | undefined;
  /** Address of the gateway. 4 or 16 bytes. NHA_GATEWAY */
  readonly gateway?: Uint8Array | undefined;
  /** What packets are put into: LWTUNNEL_ENCAP_* of linux/lwtunnel.h. NHA_ENCAP_TYPE */
  readonly encapType?: number | undefined;
  /** Parameters of what packets are put into: attributes, by `encapType`. NHA_ENCAP */
  readonly encap?: Uint8Array | undefined;
  /** In a dump request: groups only. NHA_GROUPS */
  readonly groupsOnly?: boolean | undefined;
  /** In a dump request: only those whose interface has the master of this index. NHA_MASTER */
  readonly master?: number | undefined;
  /** For the forwarding database of a bridge. NHA_FDB */
  readonly fdb?: boolean | undefined;
  /** Of a resilient group. NHA_RES_GROUP */
  readonly resilientGroup?: NexthopResilientGroup | undefined;
  /** A bucket of a resilient group; in a dump request: which buckets. NHA_RES_BUCKET */
  readonly bucket?: NexthopBucket | undefined;
  /**
   * In a request: what to tell in addition, NHA_OP_FLAG_*; in an answer: what is told. NHA_OP_FLAGS
   */
  readonly operationFlags?: number | undefined;
  /** What is counted of the nexthops of a group. NHA_GROUP_STATS */
  readonly groupStatistics?: readonly NexthopGroupStatistics[] | undefined;
  /** Whether hardware is to count: not 0. NHA_HW_STATS_ENABLE */
  readonly hardwareStatistics?: number | undefined;
  /** Whether hardware counts: not 0. NHA_HW_STATS_USED */
  readonly hardwareStatisticsUsed?: number | undefined;
}

/**
 * A nexthop as the kernel tells it: RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_NEWNEXTHOPBUCKET or
 * RTM_DELNEXTHOPBUCKET.
 */
export interface NexthopMessage extends NexthopAttributes {
  /**
   * `new`: RTM_NEWNEXTHOP. `delete`: RTM_DELNEXTHOP. `newBucket`: RTM_NEWNEXTHOPBUCKET.
   * `deleteBucket`: RTM_DELNEXTHOPBUCKET.
   */
  readonly event: 'new' | 'delete' | 'newBucket' | 'deleteBucket';
  /** AF_INET or AF_INET6; AF_UNSPEC: a group. */
  readonly family: number;
  /** RT_SCOPE_*; only told. */
  readonly scope: number;
  /** Who made it: RTPROT_*. */
  readonly protocol: number;
  /** RTNH_F_*. */
  readonly flags: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedNexthop implements NexthopMessage {
  event: 'new' | 'delete' | 'newBucket' | 'deleteBucket';
  family: number;
  scope: number;
  protocol: number;
  flags: number;
  id: number | undefined = undefined;
  group: readonly NexthopGroupEntry[] | undefined = undefined;
  groupType: number | undefined = undefined;
  blackhole: boolean | undefined = undefined;
  outputIndex: number | undefined = undefined;
  gateway: Uint8Array | undefined = undefined;
  encapType: number | undefined = undefined;
  encap: Uint8Array | undefined = undefined;
  groupsOnly: boolean | undefined = undefined;
  master: number | undefined = undefined;
  fdb: boolean | undefined = undefined;
  resilientGroup: NexthopResilientGroup | undefined = undefined;
  bucket: NexthopBucket | undefined = undefined;
  operationFlags: number | undefined = undefined;
  groupStatistics: readonly NexthopGroupStatistics[] | undefined = undefined;
  hardwareStatistics: number | undefined = undefined;
  hardwareStatisticsUsed: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete' | 'newBucket' | 'deleteBucket', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.scope = view.getUint8(offset + 1);
    this.protocol = view.getUint8(offset + 2);
    this.flags = view.getUint32(offset + 4, little);
    offset += 8;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < 8 ? 0 : view.getInt32(start, little);
      switch (type & 0x3fff) {
        case 1: // NHA_ID
          this.id = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 2: // NHA_GROUP
          this.group = readStructArray(source, start, end, 8, readNexthopGroupEntry);
          break;
        case 3: // NHA_GROUP_TYPE
          this.groupType = valueU16(source, start, end);
          break;
        case 4: // NHA_BLACKHOLE
          this.blackhole = true;
          break;
        case 5: // NHA_OIF
          this.outputIndex = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 6: // NHA_GATEWAY
          this.gateway = valueBytes(source, start, end);
          break;
        case 7: // NHA_ENCAP_TYPE
          this.encapType = valueU16(source, start, end);
          break;
        case 8: // NHA_ENCAP
          this.encap = valueBytes(source, start, end);
          break;
        case 9: // NHA_GROUPS
          this.groupsOnly = true;
          break;
        case 10: // NHA_MASTER
          this.master = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 11: // NHA_FDB
          this.fdb = true;
          break;
        case 12: // NHA_RES_GROUP
          this.resilientGroup = readNexthopResilientGroup(source, start, end);
          break;
        case 13: // NHA_RES_BUCKET
          this.bucket = readNexthopBucket(source, start, end);
          break;
        case 14: // NHA_OP_FLAGS
          this.operationFlags = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 15: // NHA_GROUP_STATS
          this.groupStatistics = readList(source, start, end, 1, readNexthopGroupStatistics);
          if (holdsOther(source, start, end, 1)) unknown = push(unknown, type, source, start, end);
          break;
        case 16: // NHA_HW_STATS_ENABLE
          this.hardwareStatistics = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 17: // NHA_HW_STATS_USED
          this.hardwareStatisticsUsed = length < 8 ? short(source, start, end, 4) : word >>> 0;
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
 * Decodes a nexthop message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeNexthop, encodeNexthop, messages, RTM_NEWNEXTHOP } from '@rtap/netlink';
 *
 * const datagram = encodeNexthop(
 *   RTM_NEWNEXTHOP,
 *   { id: 20, group: [{ id: 11, weight: 2, weightHigh: 0 }] },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const nexthop = decodeNexthop(message);
 *   console.log(nexthop.id, nexthop.group?.[0]?.id); // 20 11
 * }
 */
export function decodeNexthop(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NexthopMessage {
  const event = nexthopEvent(message.type);
  if (event === undefined)
    throw wrongType(
      'message',
      'an RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_NEWNEXTHOPBUCKET or RTM_DELNEXTHOPBUCKET message',
      message.type,
    );
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 8, 'nhmsg');
  return new DecodedNexthop(event, source);
}

function nexthopEvent(type: number): NexthopMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWNEXTHOP:
      return 'new';
    case RTM_DELNEXTHOP:
      return 'delete';
    case RTM_NEWNEXTHOPBUCKET:
      return 'newBucket';
    case RTM_DELNEXTHOPBUCKET:
      return 'deleteBucket';
    default:
      return undefined;
  }
}

/**
 * What to say in a nexthop request. Only what is given is sent, in the order in which it is
 * given.
 */
export interface NexthopRequest extends NexthopAttributes {
  /** AF_INET or AF_INET6; AF_UNSPEC: a group. @default 0 */
  readonly family?: number | undefined;
  /** RT_SCOPE_*; only told. @default 0 */
  readonly scope?: number | undefined;
  /** Who made it: RTPROT_*. @default 0 */
  readonly protocol?: number | undefined;
  /** RTNH_F_*. @default 0 */
  readonly flags?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a nexthop request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeNexthop} gave is written as it
 * was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_NEWNEXTHOPBUCKET, RTM_DELNEXTHOPBUCKET,
 * RTM_GETNEXTHOP or RTM_GETNEXTHOPBUCKET.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeNexthop, NLM_F_ACK, NLM_F_REQUEST, RTM_DELNEXTHOP } from '@rtap/netlink';
 *
 * // ip nexthop del id 20
 * const header = { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 };
 * const request = encodeNexthop(RTM_DELNEXTHOP, { id: 20 }, header);
 * console.log(request.length); // 32
 */
export function encodeNexthop(
  type: number,
  request: NexthopRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isNexthopType(type))
    throw wrongValue(
      'type',
      'must be RTM_NEWNEXTHOP, RTM_DELNEXTHOP, RTM_NEWNEXTHOPBUCKET, RTM_DELNEXTHOPBUCKET, RTM_GETNEXTHOP or RTM_GETNEXTHOPBUCKET',
      type,
    );
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedNexthop.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readNexthopRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeNexthopRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 8,
      little,
      read: (body) => readNexthopRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeNexthopHeader(writer, plain, ''),
      writeProperty: (property) => writeNexthopProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isNexthopType(type: number): boolean {
  switch (type) {
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP:
    case RTM_NEWNEXTHOPBUCKET:
    case RTM_DELNEXTHOPBUCKET:
    case RTM_GETNEXTHOP:
    case RTM_GETNEXTHOPBUCKET:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a nexthop request, as {@link encodeNexthop} makes it: for whoever plays the kernel, or
 * wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeNexthopRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NexthopRequest {
  if (!isNexthopType(message.type))
    throw wrongType('message', 'of a type that encodeNexthop takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readNexthopRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readNexthopRequest(source: MessageSource, offset: number, limit: number): NexthopRequest {
  checkStruct(source, offset, limit, 8, 'nhmsg');
  const { view, little } = source;
  const into: Filled<NexthopRequest> = {
    family: view.getUint8(offset),
    scope: view.getUint8(offset + 1),
    protocol: view.getUint8(offset + 2),
    flags: view.getUint32(offset + 4, little),
  };

  offset += 8;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NHA_ID
        into.id = valueU32(source, start, end);
        break;
      case 2: // NHA_GROUP
        into.group = readStructArray(source, start, end, 8, readNexthopGroupEntry);
        break;
      case 3: // NHA_GROUP_TYPE
        into.groupType = valueU16(source, start, end);
        break;
      case 4: // NHA_BLACKHOLE
        into.blackhole = true;
        break;
      case 5: // NHA_OIF
        into.outputIndex = valueU32(source, start, end);
        break;
      case 6: // NHA_GATEWAY
        into.gateway = valueBytes(source, start, end);
        break;
      case 7: // NHA_ENCAP_TYPE
        into.encapType = valueU16(source, start, end);
        break;
      case 8: // NHA_ENCAP
        into.encap = valueBytes(source, start, end);
        break;
      case 9: // NHA_GROUPS
        into.groupsOnly = true;
        break;
      case 10: // NHA_MASTER
        into.master = valueU32(source, start, end);
        break;
      case 11: // NHA_FDB
        into.fdb = true;
        break;
      case 12: // NHA_RES_GROUP
        into.resilientGroup = readNexthopResilientGroup(source, start, end);
        break;
      case 13: // NHA_RES_BUCKET
        into.bucket = readNexthopBucket(source, start, end);
        break;
      case 14: // NHA_OP_FLAGS
        into.operationFlags = valueU32(source, start, end);
        break;
      case 15: // NHA_GROUP_STATS
        if (holdsOther(source, start, end, 1)) keepRaw(into, type, source, start, end);
        else into.groupStatistics = readList(source, start, end, 1, readNexthopGroupStatistics);
        break;
      case 16: // NHA_HW_STATS_ENABLE
        into.hardwareStatistics = valueU32(source, start, end);
        break;
      case 17: // NHA_HW_STATS_USED
        into.hardwareStatisticsUsed = valueU32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeNexthopRequest(writer: MessageWriter, request: NexthopRequest, at = ''): void {
  writeNexthopHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeNexthopProperty(writer, property, request, at);
}

function writeNexthopHeader(writer: MessageWriter, request: NexthopRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  putNumber(writer, 'u8', `${at}scope`, request.scope ?? 0);
  putNumber(writer, 'u8', `${at}protocol`, request.protocol ?? 0);
  writer.bytes(new Uint8Array(1));
  putNumber(writer, 'u32', `${at}flags`, request.flags ?? 0);
}

function writeNexthopProperty(
  writer: MessageWriter,
  property: string,
  request: NexthopRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'scope':
    case 'protocol':
    case 'flags':
    case 'event':
      // In the headers.
      break;
    case 'id': // NHA_ID
      optionalU32(writer, 1, at + property, request.id);
      break;
    case 'group': // NHA_GROUP
      if (request.group !== undefined) {
        writer.beginNest(2);
        for (const item of elements(at + property, request.group))
          writeNexthopGroupEntry(writer, item, at + property);
        writer.endNest();
      }
      break;
    case 'groupType': // NHA_GROUP_TYPE
      if (request.groupType !== undefined) {
        writer.beginNest(3);
        putNumber(writer, 'u16', at + property, request.groupType);
        writer.endNest();
      }
      break;
    case 'blackhole': // NHA_BLACKHOLE
      if (request.blackhole !== undefined) {
        if (request.blackhole) writer.attributeFlag(4);
      }
      break;
    case 'outputIndex': // NHA_OIF
      optionalU32(writer, 5, at + property, request.outputIndex);
      break;
    case 'gateway': // NHA_GATEWAY
      optionalBytes(writer, 6, at + property, request.gateway);
      break;
    case 'encapType': // NHA_ENCAP_TYPE
      if (request.encapType !== undefined) {
        writer.beginNest(7);
        putNumber(writer, 'u16', at + property, request.encapType);
        writer.endNest();
      }
      break;
    case 'encap': // NHA_ENCAP
      optionalBytes(writer, 8, at + property, request.encap);
      break;
    case 'groupsOnly': // NHA_GROUPS
      if (request.groupsOnly !== undefined) {
        if (request.groupsOnly) writer.attributeFlag(9);
      }
      break;
    case 'master': // NHA_MASTER
      optionalU32(writer, 10, at + property, request.master);
      break;
    case 'fdb': // NHA_FDB
      if (request.fdb !== undefined) {
        if (request.fdb) writer.attributeFlag(11);
      }
      break;
    case 'resilientGroup': // NHA_RES_GROUP
      if (request.resilientGroup !== undefined) {
        writer.beginNest(12, { flag: true });
        writeNexthopResilientGroup(writer, request.resilientGroup, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'bucket': // NHA_RES_BUCKET
      if (request.bucket !== undefined) {
        writer.beginNest(13, { flag: true });
        writeNexthopBucket(writer, request.bucket, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'operationFlags': // NHA_OP_FLAGS
      optionalU32(writer, 14, at + property, request.operationFlags);
      break;
    case 'groupStatistics': // NHA_GROUP_STATS
      if (request.groupStatistics !== undefined) {
        writer.beginNest(15, { flag: true });
        for (const item of elements(at + property, request.groupStatistics)) {
          writer.beginNest(1, { flag: true });
          writeNexthopGroupStatistics(writer, item, `${at + property}.`);
          writer.endNest();
        }
        writer.endNest();
      }
      break;
    case 'hardwareStatistics': // NHA_HW_STATS_ENABLE
      optionalU32(writer, 16, at + property, request.hardwareStatistics);
      break;
    case 'hardwareStatisticsUsed': // NHA_HW_STATS_USED
      optionalU32(writer, 17, at + property, request.hardwareStatisticsUsed);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of NexthopRequest only',
        property,
      );
  }
}
