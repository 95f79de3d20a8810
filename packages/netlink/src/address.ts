/**
 * Addresses: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR, linux/if_addr.h.
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

import { checkInteger, checkObject, wrongType, wrongValue } from './argument.ts';
import type { RawAttribute } from './attribute.ts';
import {
  attributeLength,
  checkStruct,
  checkValue,
  type Filled,
  keepRaw,
  NONE,
  push,
  short,
  valueS32,
  valueString,
  valueU32,
  valueU8,
} from './body.ts';
import { RTM_DELADDR, RTM_GETADDR, RTM_NEWADDR } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  optionalBytes,
  optionalI32,
  optionalString,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** Lifetimes of an address. `struct ifa_cacheinfo` */
export interface AddressCacheInfo {
  /** Seconds it is preferred; 0xffffffff: for ever. */
  readonly preferred: number;
  /** Seconds it is valid; 0xffffffff: for ever. */
  readonly valid: number;
  /** When it was made, in hundredths of a second since boot. */
  readonly created: number;
  /** When it was changed, in hundredths of a second since boot. */
  readonly updated: number;
}

/** Reads a `struct ifa_cacheinfo`; a longer one is fine. */
function readAddressCacheInfo(source: MessageSource, start: number, end: number): AddressCacheInfo {
  checkValue(source, start, end, 16);

  const { view, little } = source;
  return {
    preferred: view.getUint32(start, little),
    valid: view.getUint32(start + 4, little),
    created: view.getUint32(start + 8, little),
    updated: view.getUint32(start + 12, little),
  };
}

/** Writes a `struct ifa_cacheinfo`. */
function writeAddressCacheInfo(writer: MessageWriter, value: AddressCacheInfo, at: string): void {
  putNumber(writer, 'u32', `${at}.preferred`, value.preferred);
  putNumber(writer, 'u32', `${at}.valid`, value.valid);
  putNumber(writer, 'u32', `${at}.created`, value.created);
  putNumber(writer, 'u32', `${at}.updated`, value.updated);
}

/** What an address message and an address request can both say, header apart. */
export interface AddressAttributes {
  /** Address; of a point-to-point link: that of the peer. 4 or 16 bytes. IFA_ADDRESS */
  readonly address?: Uint8Array | undefined;
  /** Local address; IPv6 leaves it out unless there is a peer. 4 or 16 bytes. IFA_LOCAL */
  readonly local?: Uint8Array | undefined;
  /** Label; IPv4 only. IFA_LABEL */
  readonly label?: string | undefined;
  /** Broadcast address; IPv4 only. IFA_BROADCAST */
  readonly broadcast?: Uint8Array | undefined;
  /** Anycast address; IPv6 only. IFA_ANYCAST */
  readonly anycast?: Uint8Array | undefined;
  /** Multicast address. IFA_MULTICAST */
  readonly multicast?: Uint8Array | undefined;
  /** Lifetimes. IFA_CACHEINFO */
  readonly cacheInfo?: AddressCacheInfo | undefined;
  /** Metric of the prefix route. IFA_RT_PRIORITY */
  readonly routePriority?: number | undefined;
  /** Id of the namespace that the request is about. IFA_TARGET_NETNSID */
  readonly targetNetnsId?: number | undefined;
  /** Who set the address: IFAPROT_* of linux/if_addr.h, or one's own. IFA_PROTO */
  readonly protocol?: number | undefined;
  /** How many use a multicast address. IFA_MC_USERS */
  readonly multicastUsers?: number | undefined;
}

/** An address as the kernel tells it: RTM_NEWADDR or RTM_DELADDR. */
export interface AddressMessage extends AddressAttributes {
  /** `new`: RTM_NEWADDR. `delete`: RTM_DELADDR. */
  readonly event: 'new' | 'delete';
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** Length of the prefix in bits. */
  readonly prefixLength: number;
  /** IFA_F_*: those of IFA_FLAGS, when it is there, else the eight of the header. */
  readonly flags: number;
  /** RT_SCOPE_*. */
  readonly scope: number;
  /** Index of the interface. */
  readonly index: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedAddress implements AddressMessage {
  event: 'new' | 'delete';
  family: number;
  prefixLength: number;
  flags: number;
  scope: number;
  index: number;
  address: Uint8Array | undefined = undefined;
  local: Uint8Array | undefined = undefined;
  label: string | undefined = undefined;
  broadcast: Uint8Array | undefined = undefined;
  anycast: Uint8Array | undefined = undefined;
  multicast: Uint8Array | undefined = undefined;
  cacheInfo: AddressCacheInfo | undefined = undefined;
  routePriority: number | undefined = undefined;
  targetNetnsId: number | undefined = undefined;
  protocol: number | undefined = undefined;
  multicastUsers: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.prefixLength = view.getUint8(offset + 1);
    this.flags = view.getUint8(offset + 2);
    this.scope = view.getUint8(offset + 3);
    this.index = view.getUint32(offset + 4, little);
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
        case 1: // IFA_ADDRESS
          this.address = valueBytes(source, start, end);
          break;
        case 2: // IFA_LOCAL
          this.local = valueBytes(source, start, end);
          break;
        case 3: // IFA_LABEL
          this.label = valueString(source, start, end);
          break;
        case 4: // IFA_BROADCAST
          this.broadcast = valueBytes(source, start, end);
          break;
        case 5: // IFA_ANYCAST
          this.anycast = valueBytes(source, start, end);
          break;
        case 7: // IFA_MULTICAST
          this.multicast = valueBytes(source, start, end);
          break;
        case 6: // IFA_CACHEINFO
          this.cacheInfo = readAddressCacheInfo(source, start, end);
          break;
        case 8: // IFA_FLAGS
          this.flags = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 9: // IFA_RT_PRIORITY
          this.routePriority = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 10: // IFA_TARGET_NETNSID
          this.targetNetnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 11: // IFA_PROTO
          this.protocol = valueU8(source, start, end);
          break;
        case 12: // IFA_MC_USERS
          this.multicastUsers = length < 8 ? short(source, start, end, 4) : word >>> 0;
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
 * Decodes an address message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { AF_INET, decodeAddress, encodeAddress, messages, RTM_NEWADDR } from '@rtap/netlink';
 *
 * const local = Uint8Array.of(10, 0, 0, 1);
 * const datagram = encodeAddress(
 *   RTM_NEWADDR,
 *   { family: AF_INET, prefixLength: 24, index: 3, local, address: local },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const address = decodeAddress(message);
 *   console.log(address.local?.join('.'), address.prefixLength, address.index); // 10.0.0.1 24 3
 * }
 */
export function decodeAddress(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): AddressMessage {
  const event = addressEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWADDR or RTM_DELADDR message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 8, 'ifaddrmsg');
  return new DecodedAddress(event, source);
}

function addressEvent(type: number): AddressMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWADDR:
      return 'new';
    case RTM_DELADDR:
      return 'delete';
    default:
      return undefined;
  }
}

/**
 * What to say in an address request. Only what is given is sent, in the order in which it is
 * given.
 */
export interface AddressRequest extends AddressAttributes {
  /** AF_INET or AF_INET6. @default 0 */
  readonly family?: number | undefined;
  /** Length of the prefix in bits. @default 0 */
  readonly prefixLength?: number | undefined;
  /** IFA_F_*: those of IFA_FLAGS, when it is there, else the eight of the header. @default 0 */
  readonly flags?: number | undefined;
  /** RT_SCOPE_*. @default 0 */
  readonly scope?: number | undefined;
  /** Index of the interface. @default 0 */
  readonly index?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes an address request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeAddress} gave is written as it
 * was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWADDR, RTM_DELADDR or RTM_GETADDR.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { AF_INET, encodeAddress, NLM_F_ACK, NLM_F_REQUEST, RTM_DELADDR } from '@rtap/netlink';
 *
 * // ip addr del 10.0.0.1/24 dev INTERFACE, for the interface with index 3
 * const local = Uint8Array.of(10, 0, 0, 1);
 * const request = encodeAddress(
 *   RTM_DELADDR,
 *   { family: AF_INET, prefixLength: 24, index: 3, local, address: local },
 *   { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 },
 * );
 * console.log(request.length); // 40
 */
export function encodeAddress(
  type: number,
  request: AddressRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isAddressType(type))
    throw wrongValue('type', 'must be RTM_NEWADDR, RTM_DELADDR or RTM_GETADDR', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedAddress.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readAddressRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeAddressRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 8,
      little,
      read: (body) => readAddressRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeAddressHeader(writer, plain, ''),
      writeProperty: (property) => writeAddressProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isAddressType(type: number): boolean {
  switch (type) {
    case RTM_NEWADDR:
    case RTM_DELADDR:
    case RTM_GETADDR:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes an address request, as {@link encodeAddress} makes it: for whoever plays the kernel, or
 * wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeAddressRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): AddressRequest {
  if (!isAddressType(message.type))
    throw wrongType('message', 'of a type that encodeAddress takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readAddressRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readAddressRequest(source: MessageSource, offset: number, limit: number): AddressRequest {
  checkStruct(source, offset, limit, 8, 'ifaddrmsg');
  const { view, little } = source;
  const into: Filled<AddressRequest> = {
    family: view.getUint8(offset),
    prefixLength: view.getUint8(offset + 1),
    scope: view.getUint8(offset + 3),
    index: view.getUint32(offset + 4, little),
  };
  const base = offset;
  offset += 8;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFA_ADDRESS
        into.address = valueBytes(source, start, end);
        break;
      case 2: // IFA_LOCAL
        into.local = valueBytes(source, start, end);
        break;
      case 3: // IFA_LABEL
        into.label = valueString(source, start, end);
        break;
      case 4: // IFA_BROADCAST
        into.broadcast = valueBytes(source, start, end);
        break;
      case 5: // IFA_ANYCAST
        into.anycast = valueBytes(source, start, end);
        break;
      case 7: // IFA_MULTICAST
        into.multicast = valueBytes(source, start, end);
        break;
      case 6: // IFA_CACHEINFO
        into.cacheInfo = readAddressCacheInfo(source, start, end);
        break;
      case 8: // IFA_FLAGS
        into.flags = valueU32(source, start, end);
        break;
      case 9: // IFA_RT_PRIORITY
        into.routePriority = valueU32(source, start, end);
        break;
      case 10: // IFA_TARGET_NETNSID
        into.targetNetnsId = valueS32(source, start, end);
        break;
      case 11: // IFA_PROTO
        into.protocol = valueU8(source, start, end);
        break;
      case 12: // IFA_MC_USERS
        into.multicastUsers = valueU32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  into.flags ??= view.getUint8(base + 2);
  return into;
}

function writeAddressRequest(writer: MessageWriter, request: AddressRequest, at = ''): void {
  writeAddressHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeAddressProperty(writer, property, request, at);
}

function writeAddressHeader(writer: MessageWriter, request: AddressRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  putNumber(writer, 'u8', `${at}prefixLength`, request.prefixLength ?? 0);
  const { flags = 0 } = request;
  checkInteger(`${at}flags`, flags, 0, 0xffff_ffff);
  writer.u8(flags > 0xff ? 0 : flags);
  putNumber(writer, 'u8', `${at}scope`, request.scope ?? 0);
  putNumber(writer, 'u32', `${at}index`, request.index ?? 0);
}

function writeAddressProperty(
  writer: MessageWriter,
  property: string,
  request: AddressRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'prefixLength':
    case 'scope':
    case 'index':
    case 'event':
      // In the headers.
      break;
    case 'address': // IFA_ADDRESS
      optionalBytes(writer, 1, at + property, request.address);
      break;
    case 'local': // IFA_LOCAL
      optionalBytes(writer, 2, at + property, request.local);
      break;
    case 'label': // IFA_LABEL
      optionalString(writer, 3, at + property, request.label);
      break;
    case 'broadcast': // IFA_BROADCAST
      optionalBytes(writer, 4, at + property, request.broadcast);
      break;
    case 'anycast': // IFA_ANYCAST
      optionalBytes(writer, 5, at + property, request.anycast);
      break;
    case 'multicast': // IFA_MULTICAST
      optionalBytes(writer, 7, at + property, request.multicast);
      break;
    case 'cacheInfo': // IFA_CACHEINFO
      if (request.cacheInfo !== undefined) {
        writer.beginNest(6);
        writeAddressCacheInfo(writer, request.cacheInfo, at + property);
        writer.endNest();
      }
      break;
    case 'flags': // IFA_FLAGS
      if ((request.flags ?? 0) > 0xff) optionalU32(writer, 8, at + property, request.flags);
      break;
    case 'routePriority': // IFA_RT_PRIORITY
      optionalU32(writer, 9, at + property, request.routePriority);
      break;
    case 'targetNetnsId': // IFA_TARGET_NETNSID
      optionalI32(writer, 10, at + property, request.targetNetnsId);
      break;
    case 'protocol': // IFA_PROTO
      optionalU8(writer, 11, at + property, request.protocol);
      break;
    case 'multicastUsers': // IFA_MC_USERS
      optionalU32(writer, 12, at + property, request.multicastUsers);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of AddressRequest only',
        property,
      );
  }
}
