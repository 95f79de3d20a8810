/**
 * Neighbours: RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH, linux/neighbour.h.
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
  valueBigEndianU16,
  valueS32,
  valueU16,
  valueU32,
  valueU8,
} from './body.ts';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  optionalBytes,
  optionalI32,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** How a neighbour is used. Times are in hundredths of a second. `struct nda_cacheinfo` */
export interface NeighbourCacheInfo {
  /** Since it was confirmed. */
  readonly confirmed: number;
  /** Since it was used. */
  readonly used: number;
  /** Since it was changed. */
  readonly updated: number;
  /** How many hold it. */
  readonly references: number;
}

/** Reads a `struct nda_cacheinfo`; a longer one is fine. */
function readNeighbourCacheInfo(
  source: MessageSource,
  start: number,
  end: number,
): NeighbourCacheInfo {
  checkValue(source, start, end, 16);

  const { view, little } = source;
  return {
    confirmed: view.getUint32(start, little),
    used: view.getUint32(start + 4, little),
    updated: view.getUint32(start + 8, little),
    references: view.getUint32(start + 12, little),
  };
}

/** Writes a `struct nda_cacheinfo`. */
function writeNeighbourCacheInfo(
  writer: MessageWriter,
  value: NeighbourCacheInfo,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.confirmed`, value.confirmed);
  putNumber(writer, 'u32', `${at}.used`, value.used);
  putNumber(writer, 'u32', `${at}.updated`, value.updated);
  putNumber(writer, 'u32', `${at}.references`, value.references);
}

/** More of an entry of a forwarding database. */
export interface NeighbourFdb {
  /** Whether activity is told: FDB_NOTIFY_BIT, FDB_NOTIFY_INACTIVE_BIT. NFEA_ACTIVITY_NOTIFY */
  readonly activityNotify?: number | undefined;
  /** A change does not count as use. NFEA_DONT_REFRESH */
  readonly dontRefresh?: boolean | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readNeighbourFdb(source: MessageSource, offset: number, limit: number): NeighbourFdb {
  const { view, little } = source;
  const into: Filled<NeighbourFdb> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NFEA_ACTIVITY_NOTIFY
        into.activityNotify = valueU8(source, start, end);
        break;
      case 2: // NFEA_DONT_REFRESH
        into.dontRefresh = true;
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link NeighbourFdb}, in the order of its properties. */
function writeNeighbourFdb(writer: MessageWriter, value: NeighbourFdb, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'activityNotify': // NFEA_ACTIVITY_NOTIFY
        optionalU8(writer, 1, at + property, value.activityNotify);
        break;
      case 'dontRefresh': // NFEA_DONT_REFRESH
        if (value.dontRefresh !== undefined) {
          if (value.dontRefresh) writer.attributeFlag(2);
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of NeighbourFdb', property);
    }
  }
}

/** What a neighbour message and a neighbour request can both say, header apart. */
export interface NeighbourAttributes {
  /**
   * Network address of the neighbour; of a forwarding database: of the tunnel end. 4 or 16 bytes.
   * NDA_DST
   */
  readonly destination?: Uint8Array | undefined;
  /** Link-layer address of the neighbour. NDA_LLADDR */
  readonly linkLayerAddress?: Uint8Array | undefined;
  /** When it was used last, and by how many. NDA_CACHEINFO */
  readonly cacheInfo?: NeighbourCacheInfo | undefined;
  /** Probes sent and not answered. NDA_PROBES */
  readonly probes?: number | undefined;
  /** VLAN id. NDA_VLAN */
  readonly vlan?: number | undefined;
  /** UDP port of the tunnel end. NDA_PORT */
  readonly port?: number | undefined;
  /** VXLAN network identifier. NDA_VNI */
  readonly vni?: number | undefined;
  /**
   * Index of the interface to the tunnel end; in a dump request: of the interface to tell about.
   * NDA_IFINDEX
   */
  readonly outputIndex?: number | undefined;
  /** Index of the master of the interface. NDA_MASTER */
  readonly master?: number | undefined;
  /** Id of the network namespace of the tunnel. NDA_LINK_NETNSID */
  readonly linkNetnsId?: number | undefined;
  /** VXLAN network identifier of the source. NDA_SRC_VNI */
  readonly sourceVni?: number | undefined;
  /** Who made the entry: RTPROT_* of linux/rtnetlink.h. NDA_PROTOCOL */
  readonly protocol?: number | undefined;
  /** Id of a nexthop. NDA_NH_ID */
  readonly nexthopId?: number | undefined;
  /** More of an entry of a forwarding database. NDA_FDB_EXT_ATTRS */
  readonly fdb?: NeighbourFdb | undefined;
  /** NTF_EXT_*. NDA_FLAGS_EXT */
  readonly extendedFlags?: number | undefined;
  /** Which bits of the state a request is about. NDA_NDM_STATE_MASK */
  readonly stateMask?: number | undefined;
  /** Which bits of the flags a request is about. NDA_NDM_FLAGS_MASK */
  readonly flagsMask?: number | undefined;
}

/** A neighbour as the kernel tells it: RTM_NEWNEIGH or RTM_DELNEIGH. */
export interface NeighbourMessage extends NeighbourAttributes {
  /** `new`: RTM_NEWNEIGH. `delete`: RTM_DELNEIGH. */
  readonly event: 'new' | 'delete';
  /** AF_INET or AF_INET6; AF_BRIDGE: an entry of a forwarding database. */
  readonly family: number;
  /** Index of the interface. */
  readonly index: number;
  /** NUD_*. */
  readonly state: number;
  /** NTF_*. */
  readonly flags: number;
  /** RTN_* of linux/rtnetlink.h. */
  readonly neighbourType: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedNeighbour implements NeighbourMessage {
  event: 'new' | 'delete';
  family: number;
  index: number;
  state: number;
  flags: number;
  neighbourType: number;
  destination: Uint8Array | undefined = undefined;
  linkLayerAddress: Uint8Array | undefined = undefined;
  cacheInfo: NeighbourCacheInfo | undefined = undefined;
  probes: number | undefined = undefined;
  vlan: number | undefined = undefined;
  port: number | undefined = undefined;
  vni: number | undefined = undefined;
  outputIndex: number | undefined = undefined;
  master: number | undefined = undefined;
  linkNetnsId: number | undefined = undefined;
  sourceVni: number | undefined = undefined;
  protocol: number | undefined = undefined;
  nexthopId: number | undefined = undefined;
  fdb: NeighbourFdb | undefined = undefined;
  extendedFlags: number | undefined = undefined;
  stateMask: number | undefined = undefined;
  flagsMask: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.index = view.getInt32(offset + 4, little);
    this.state = view.getUint16(offset + 8, little);
    this.flags = view.getUint8(offset + 10);
    this.neighbourType = view.getUint8(offset + 11);
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
        case 1: // NDA_DST
          this.destination = valueBytes(source, start, end);
          break;
        case 2: // NDA_LLADDR
          this.linkLayerAddress = valueBytes(source, start, end);
          break;
        case 3: // NDA_CACHEINFO
          this.cacheInfo = readNeighbourCacheInfo(source, start, end);
          break;
        case 4: // NDA_PROBES
          this.probes = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // NDA_VLAN
          this.vlan = valueU16(source, start, end);
          break;
        case 6: // NDA_PORT
          this.port = valueBigEndianU16(source, start, end);
          break;
        case 7: // NDA_VNI
          this.vni = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 8: // NDA_IFINDEX
          this.outputIndex = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 9: // NDA_MASTER
          this.master = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 10: // NDA_LINK_NETNSID
          this.linkNetnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 11: // NDA_SRC_VNI
          this.sourceVni = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 12: // NDA_PROTOCOL
          this.protocol = valueU8(source, start, end);
          break;
        case 13: // NDA_NH_ID
          this.nexthopId = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 14: // NDA_FDB_EXT_ATTRS
          this.fdb = readNeighbourFdb(source, start, end);
          break;
        case 15: // NDA_FLAGS_EXT
          this.extendedFlags = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 16: // NDA_NDM_STATE_MASK
          this.stateMask = valueU16(source, start, end);
          break;
        case 17: // NDA_NDM_FLAGS_MASK
          this.flagsMask = valueU8(source, start, end);
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
 * Decodes a neighbour message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import {
 *   AF_INET,
 *   decodeNeighbour,
 *   encodeNeighbour,
 *   messages,
 *   NUD_REACHABLE,
 *   RTM_NEWNEIGH,
 * } from '@rtap/netlink';
 *
 * const destination = Uint8Array.of(10, 0, 0, 2);
 * const linkLayerAddress = Uint8Array.of(2, 0, 0, 0, 0, 2);
 * const datagram = encodeNeighbour(
 *   RTM_NEWNEIGH,
 *   { family: AF_INET, index: 3, state: NUD_REACHABLE, destination, linkLayerAddress },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const neighbour = decodeNeighbour(message);
 *   console.log(neighbour.destination?.join('.'), neighbour.state === NUD_REACHABLE); // 10.0.0.2 true
 * }
 */
export function decodeNeighbour(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NeighbourMessage {
  const event = neighbourEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWNEIGH or RTM_DELNEIGH message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 12, 'ndmsg');
  return new DecodedNeighbour(event, source);
}

function neighbourEvent(type: number): NeighbourMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWNEIGH:
      return 'new';
    case RTM_DELNEIGH:
      return 'delete';
    default:
      return undefined;
  }
}

/**
 * What to say in a neighbour request. Only what is given is sent, in the order in which it is
 * given.
 */
export interface NeighbourRequest extends NeighbourAttributes {
  /** AF_INET or AF_INET6; AF_BRIDGE: an entry of a forwarding database. @default 0 */
  readonly family?: number | undefined;
  /** Index of the interface. @default 0 */
  readonly index?: number | undefined;
  /** NUD_*. @default 0 */
  readonly state?: number | undefined;
  /** NTF_*. @default 0 */
  readonly flags?: number | undefined;
  /** RTN_* of linux/rtnetlink.h. @default 0 */
  readonly neighbourType?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a neighbour request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeNeighbour} gave is written as it
 * was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWNEIGH, RTM_DELNEIGH or RTM_GETNEIGH.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { AF_INET, encodeNeighbour, NLM_F_ACK, NLM_F_REQUEST, RTM_DELNEIGH } from '@rtap/netlink';
 *
 * // ip neigh del 10.0.0.2 dev INTERFACE, for the interface with index 3
 * const request = encodeNeighbour(
 *   RTM_DELNEIGH,
 *   { family: AF_INET, index: 3, destination: Uint8Array.of(10, 0, 0, 2) },
 *   { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 },
 * );
 * console.log(request.length); // 36
 */
export function encodeNeighbour(
  type: number,
  request: NeighbourRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isNeighbourType(type))
    throw wrongValue('type', 'must be RTM_NEWNEIGH, RTM_DELNEIGH or RTM_GETNEIGH', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedNeighbour.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readNeighbourRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeNeighbourRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readNeighbourRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeNeighbourHeader(writer, plain, ''),
      writeProperty: (property) => writeNeighbourProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isNeighbourType(type: number): boolean {
  switch (type) {
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
    case RTM_GETNEIGH:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a neighbour request, as {@link encodeNeighbour} makes it: for whoever plays the kernel,
 * or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeNeighbourRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NeighbourRequest {
  if (!isNeighbourType(message.type))
    throw wrongType('message', 'of a type that encodeNeighbour takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readNeighbourRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readNeighbourRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): NeighbourRequest {
  checkStruct(source, offset, limit, 12, 'ndmsg');
  const { view, little } = source;
  const into: Filled<NeighbourRequest> = {
    family: view.getUint8(offset),
    index: view.getInt32(offset + 4, little),
    state: view.getUint16(offset + 8, little),
    flags: view.getUint8(offset + 10),
    neighbourType: view.getUint8(offset + 11),
  };

  offset += 12;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NDA_DST
        into.destination = valueBytes(source, start, end);
        break;
      case 2: // NDA_LLADDR
        into.linkLayerAddress = valueBytes(source, start, end);
        break;
      case 3: // NDA_CACHEINFO
        into.cacheInfo = readNeighbourCacheInfo(source, start, end);
        break;
      case 4: // NDA_PROBES
        into.probes = valueU32(source, start, end);
        break;
      case 5: // NDA_VLAN
        into.vlan = valueU16(source, start, end);
        break;
      case 6: // NDA_PORT
        into.port = valueBigEndianU16(source, start, end);
        break;
      case 7: // NDA_VNI
        into.vni = valueU32(source, start, end);
        break;
      case 8: // NDA_IFINDEX
        into.outputIndex = valueU32(source, start, end);
        break;
      case 9: // NDA_MASTER
        into.master = valueU32(source, start, end);
        break;
      case 10: // NDA_LINK_NETNSID
        into.linkNetnsId = valueS32(source, start, end);
        break;
      case 11: // NDA_SRC_VNI
        into.sourceVni = valueU32(source, start, end);
        break;
      case 12: // NDA_PROTOCOL
        into.protocol = valueU8(source, start, end);
        break;
      case 13: // NDA_NH_ID
        into.nexthopId = valueU32(source, start, end);
        break;
      case 14: // NDA_FDB_EXT_ATTRS
        into.fdb = readNeighbourFdb(source, start, end);
        break;
      case 15: // NDA_FLAGS_EXT
        into.extendedFlags = valueU32(source, start, end);
        break;
      case 16: // NDA_NDM_STATE_MASK
        into.stateMask = valueU16(source, start, end);
        break;
      case 17: // NDA_NDM_FLAGS_MASK
        into.flagsMask = valueU8(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeNeighbourRequest(writer: MessageWriter, request: NeighbourRequest, at = ''): void {
  writeNeighbourHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeNeighbourProperty(writer, property, request, at);
}

function writeNeighbourHeader(writer: MessageWriter, request: NeighbourRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
  putNumber(writer, 's32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u16', `${at}state`, request.state ?? 0);
  putNumber(writer, 'u8', `${at}flags`, request.flags ?? 0);
  putNumber(writer, 'u8', `${at}neighbourType`, request.neighbourType ?? 0);
}

function writeNeighbourProperty(
  writer: MessageWriter,
  property: string,
  request: NeighbourRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'index':
    case 'state':
    case 'flags':
    case 'neighbourType':
    case 'event':
      // In the headers.
      break;
    case 'destination': // NDA_DST
      optionalBytes(writer, 1, at + property, request.destination);
      break;
    case 'linkLayerAddress': // NDA_LLADDR
      optionalBytes(writer, 2, at + property, request.linkLayerAddress);
      break;
    case 'cacheInfo': // NDA_CACHEINFO
      if (request.cacheInfo !== undefined) {
        writer.beginNest(3);
        writeNeighbourCacheInfo(writer, request.cacheInfo, at + property);
        writer.endNest();
      }
      break;
    case 'probes': // NDA_PROBES
      optionalU32(writer, 4, at + property, request.probes);
      break;
    case 'vlan': // NDA_VLAN
      if (request.vlan !== undefined) {
        writer.beginNest(5);
        putNumber(writer, 'u16', at + property, request.vlan);
        writer.endNest();
      }
      break;
    case 'port': // NDA_PORT
      if (request.port !== undefined) {
        writer.beginNest(6);
        putNumber(writer, 'u16', at + property, request.port, true);
        writer.endNest();
      }
      break;
    case 'vni': // NDA_VNI
      optionalU32(writer, 7, at + property, request.vni);
      break;
    case 'outputIndex': // NDA_IFINDEX
      optionalU32(writer, 8, at + property, request.outputIndex);
      break;
    case 'master': // NDA_MASTER
      optionalU32(writer, 9, at + property, request.master);
      break;
    case 'linkNetnsId': // NDA_LINK_NETNSID
      optionalI32(writer, 10, at + property, request.linkNetnsId);
      break;
    case 'sourceVni': // NDA_SRC_VNI
      optionalU32(writer, 11, at + property, request.sourceVni);
      break;
    case 'protocol': // NDA_PROTOCOL
      optionalU8(writer, 12, at + property, request.protocol);
      break;
    case 'nexthopId': // NDA_NH_ID
      optionalU32(writer, 13, at + property, request.nexthopId);
      break;
    case 'fdb': // NDA_FDB_EXT_ATTRS
      if (request.fdb !== undefined) {
        writer.beginNest(14, { flag: true });
        writeNeighbourFdb(writer, request.fdb, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'extendedFlags': // NDA_FLAGS_EXT
      optionalU32(writer, 15, at + property, request.extendedFlags);
      break;
    case 'stateMask': // NDA_NDM_STATE_MASK
      if (request.stateMask !== undefined) {
        writer.beginNest(16);
        putNumber(writer, 'u16', at + property, request.stateMask);
        writer.endNest();
      }
      break;
    case 'flagsMask': // NDA_NDM_FLAGS_MASK
      optionalU8(writer, 17, at + property, request.flagsMask);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of NeighbourRequest only',
        property,
      );
  }
}
