/**
 * Addresses: RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR, linux/if_addr.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram.
 *
 * @module
 */

import { checkInteger, wrongType, wrongValue } from './argument.ts';
import type { RawAttribute } from './attribute.ts';
import { attributeLength, checkHeader, checkValue, valueI32, valueU32, valueU8 } from './body.ts';
import {
  IFA_ADDRESS,
  IFA_ANYCAST,
  IFA_BROADCAST,
  IFA_CACHEINFO,
  IFA_FLAGS,
  IFA_LABEL,
  IFA_LOCAL,
  IFA_MULTICAST,
  IFA_PROTO,
  IFA_RT_PRIORITY,
  IFA_TARGET_NETNSID,
  NLA_HDRLEN,
  NLA_TYPE_MASK,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
} from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { loadString, loadU16, loadU32 } from './load.ts';
import type { NetlinkMessage } from './message.ts';
import {
  optionalBytes,
  optionalI32,
  optionalString,
  optionalU32,
  optionalU8,
  type RequestHeader,
} from './request.ts';
import { MessageWriter } from './writer.ts';

/** Length of `struct ifaddrmsg`. */
const HEADER_LENGTH = 8;
/** Length of `struct ifa_cacheinfo`. */
const CACHE_INFO_LENGTH = 16;

/** Lifetimes of an address: `struct ifa_cacheinfo`. */
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
}

/** An address as the kernel tells it: RTM_NEWADDR or RTM_DELADDR. */
export interface AddressMessage extends AddressAttributes {
  /** `new`: RTM_NEWADDR, the address is there, new or changed. `delete`: RTM_DELADDR. */
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
  /** The attributes that are not in the fields. */
  readonly unknown: readonly RawAttribute[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Decodes an address message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is what
 * the message does not say. `address` and other bytes are views of the datagram.
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
  const { type, body } = message;
  if (type !== RTM_NEWADDR && type !== RTM_DELADDR) {
    throw wrongType('message', 'an RTM_NEWADDR or RTM_DELADDR message', type);
  }
  return readAddress(type === RTM_NEWADDR ? 'new' : 'delete', body, endian === 'little');
}

function readAddress(
  event: 'new' | 'delete',
  body: Uint8Array,
  little: boolean,
): Mutable<AddressMessage> {
  checkHeader(body, HEADER_LENGTH, 'ifaddrmsg');
  const unknown: RawAttribute[] = [];
  const address: Mutable<AddressMessage> = {
    event,
    family: body[0]!,
    prefixLength: body[1]!,
    flags: body[2]!,
    scope: body[3]!,
    index: loadU32(body, 4, little),
    address: undefined,
    local: undefined,
    label: undefined,
    broadcast: undefined,
    anycast: undefined,
    multicast: undefined,
    cacheInfo: undefined,
    routePriority: undefined,
    targetNetnsId: undefined,
    protocol: undefined,
    unknown,
  };
  const limit = body.length;
  let offset = HEADER_LENGTH;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case IFA_ADDRESS:
        address.address = body.subarray(start, end);
        break;
      case IFA_LOCAL:
        address.local = body.subarray(start, end);
        break;
      case IFA_LABEL:
        address.label = loadString(body, start, end);
        break;
      case IFA_BROADCAST:
        address.broadcast = body.subarray(start, end);
        break;
      case IFA_ANYCAST:
        address.anycast = body.subarray(start, end);
        break;
      case IFA_CACHEINFO:
        checkValue(start, end, CACHE_INFO_LENGTH);
        address.cacheInfo = {
          preferred: loadU32(body, start, little),
          valid: loadU32(body, start + 4, little),
          created: loadU32(body, start + 8, little),
          updated: loadU32(body, start + 12, little),
        };
        break;
      case IFA_MULTICAST:
        address.multicast = body.subarray(start, end);
        break;
      case IFA_FLAGS:
        address.flags = valueU32(body, start, end, little);
        break;
      case IFA_RT_PRIORITY:
        address.routePriority = valueU32(body, start, end, little);
        break;
      case IFA_TARGET_NETNSID:
        address.targetNetnsId = valueI32(body, start, end, little);
        break;
      case IFA_PROTO:
        address.protocol = valueU8(body, start, end);
        break;
      default:
        unknown.push({ type, value: body.subarray(start, end) });
    }
    offset += (length + 3) & ~3;
  }
  return address;
}

/**
 * What to say in an address request. Only what is given is sent, in the order in which it is given.
 */
export interface AddressRequest extends AddressAttributes {
  /** AF_INET or AF_INET6. @default AF_UNSPEC */
  readonly family?: number | undefined;
  /** Length of the prefix in bits. @default 0 */
  readonly prefixLength?: number | undefined;
  /** IFA_F_*: in the header when they fit into eight bits, else in IFA_FLAGS. @default 0 */
  readonly flags?: number | undefined;
  /** RT_SCOPE_*. @default RT_SCOPE_UNIVERSE */
  readonly scope?: number | undefined;
  /** Index of the interface. @default 0 */
  readonly index?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes an address request.
 *
 * Nothing is added to what is given: for an address of one's own without a peer, the kernel wants
 * `local` and `address`, the same. Attributes stand in the order of the properties of `request`.
 * The bytes are the caller's.
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
  if (type !== RTM_NEWADDR && type !== RTM_DELADDR && type !== RTM_GETADDR) {
    throw wrongValue('type', 'must be RTM_*ADDR', type);
  }
  const { family = 0, prefixLength = 0, flags = 0, scope = 0, index = 0 } = request;
  checkInteger('family', family, 0, 0xff);
  checkInteger('prefixLength', prefixLength, 0, 0xff);
  checkInteger('flags', flags, 0, 0xffff_ffff);
  checkInteger('scope', scope, 0, 0xff);
  checkInteger('index', index, 0, 0xffff_ffff);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  writer.u8(family).u8(prefixLength);
  writer
    .u8(flags > 0xff ? 0 : flags)
    .u8(scope)
    .u32(index);
  for (const property of Object.keys(request)) writeProperty(writer, property, request);
  return writer.finish();
}

function writeProperty(writer: MessageWriter, property: string, request: AddressRequest): void {
  switch (property) {
    case 'family':
    case 'prefixLength':
    case 'scope':
    case 'index':
      // In the fixed header.
      break;
    case 'flags':
      if ((request.flags ?? 0) > 0xff) optionalU32(writer, IFA_FLAGS, property, request.flags);
      break;
    case 'address':
      optionalBytes(writer, IFA_ADDRESS, property, request.address);
      break;
    case 'local':
      optionalBytes(writer, IFA_LOCAL, property, request.local);
      break;
    case 'label':
      optionalString(writer, IFA_LABEL, property, request.label);
      break;
    case 'broadcast':
      optionalBytes(writer, IFA_BROADCAST, property, request.broadcast);
      break;
    case 'anycast':
      optionalBytes(writer, IFA_ANYCAST, property, request.anycast);
      break;
    case 'multicast':
      optionalBytes(writer, IFA_MULTICAST, property, request.multicast);
      break;
    case 'cacheInfo':
      if (request.cacheInfo !== undefined) {
        const { preferred, valid, created, updated } = request.cacheInfo;
        writer.beginNest(IFA_CACHEINFO).u32(preferred).u32(valid).u32(created).u32(updated);
        writer.endNest();
      }
      break;
    case 'routePriority':
      optionalU32(writer, IFA_RT_PRIORITY, property, request.routePriority);
      break;
    case 'targetNetnsId':
      optionalI32(writer, IFA_TARGET_NETNSID, property, request.targetNetnsId);
      break;
    case 'protocol':
      optionalU8(writer, IFA_PROTO, property, request.protocol);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue('request', 'must have properties of AddressRequest only', property);
  }
}

/**
 * Decodes an address request, as {@link encodeAddress} makes it: for whoever plays the kernel.
 *
 * What is not in the fields is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeAddressRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): AddressRequest {
  const { type, body } = message;
  if (type !== RTM_NEWADDR && type !== RTM_DELADDR && type !== RTM_GETADDR) {
    throw wrongType('message', 'an RTM_*ADDR message', type);
  }
  const { event: _, unknown, ...fields } = readAddress('new', body, endian === 'little');
  return { ...fields, raw: unknown.length > 0 ? unknown : undefined };
}
