/**
 * Ids of network namespaces: RTM_NEWNSID, RTM_DELNSID and RTM_GETNSID, linux/net_namespace.h.
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
  keepRaw,
  NONE,
  push,
  short,
  valueS32,
  valueU32,
} from './body.ts';
import { RTM_DELNSID, RTM_GETNSID, RTM_NEWNSID } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  optionalI32,
  optionalU32,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/**
 * What a network namespace id message and a network namespace id request can both say, header
 * apart.
 */
export interface NetnsIdAttributes {
  /** Id that the namespace of the socket has for the other one; -1: none. NETNSA_NSID */
  readonly netnsId?: number | undefined;
  /** The other namespace, told by a process in it. NETNSA_PID */
  readonly pid?: number | undefined;
  /** The other namespace, told by a file descriptor. NETNSA_FD */
  readonly fd?: number | undefined;
  /** Id of the namespace to ask instead of that of the socket. NETNSA_TARGET_NSID */
  readonly targetNetnsId?: number | undefined;
  /**
   * Id that the namespace of the socket has for it, when another namespace is asked.
   * NETNSA_CURRENT_NSID
   */
  readonly currentNetnsId?: number | undefined;
}

/** A network namespace id as the kernel tells it: RTM_NEWNSID or RTM_DELNSID. */
export interface NetnsIdMessage extends NetnsIdAttributes {
  /** `new`: RTM_NEWNSID. `delete`: RTM_DELNSID. */
  readonly event: 'new' | 'delete';
  /** AF_UNSPEC. */
  readonly family: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedNetnsId implements NetnsIdMessage {
  event: 'new' | 'delete';
  family: number;
  netnsId: number | undefined = undefined;
  pid: number | undefined = undefined;
  fd: number | undefined = undefined;
  targetNetnsId: number | undefined = undefined;
  currentNetnsId: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    offset += 4;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < 8 ? 0 : view.getInt32(start, little);
      switch (type & 0x3fff) {
        case 1: // NETNSA_NSID
          this.netnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 2: // NETNSA_PID
          this.pid = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 3: // NETNSA_FD
          this.fd = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 4: // NETNSA_TARGET_NSID
          this.targetNetnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 5: // NETNSA_CURRENT_NSID
          this.currentNetnsId = length < 8 ? short(source, start, end, 4) : word;
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
 * Decodes a network namespace id message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeNetnsId, encodeNetnsId, messages, RTM_NEWNSID } from '@rtap/netlink';
 *
 * const datagram = encodeNetnsId(RTM_NEWNSID, { netnsId: 7 }, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   console.log(decodeNetnsId(message).netnsId); // 7
 * }
 */
export function decodeNetnsId(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NetnsIdMessage {
  const event = netnsIdEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWNSID or RTM_DELNSID message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 4, 'rtgenmsg');
  return new DecodedNetnsId(event, source);
}

function netnsIdEvent(type: number): NetnsIdMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWNSID:
      return 'new';
    case RTM_DELNSID:
      return 'delete';
    default:
      return undefined;
  }
}

/**
 * What to say in a network namespace id request. Only what is given is sent, in the order in
 * which it is given.
 */
export interface NetnsIdRequest extends NetnsIdAttributes {
  /** AF_UNSPEC. @default 0 */
  readonly family?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a network namespace id request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeNetnsId} gave is written as it
 * was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWNSID, RTM_DELNSID or RTM_GETNSID.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeNetnsId, NLM_F_REQUEST, RTM_GETNSID } from '@rtap/netlink';
 *
 * // Which id has the namespace that file descriptor 5 is open on?
 * const request = encodeNetnsId(RTM_GETNSID, { fd: 5 }, { flags: NLM_F_REQUEST, sequence: 1 });
 * console.log(request.length); // 28
 */
export function encodeNetnsId(
  type: number,
  request: NetnsIdRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isNetnsIdType(type))
    throw wrongValue('type', 'must be RTM_NEWNSID, RTM_DELNSID or RTM_GETNSID', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedNetnsId.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readNetnsIdRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeNetnsIdRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readNetnsIdRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeNetnsIdHeader(writer, plain, ''),
      writeProperty: (property) => writeNetnsIdProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isNetnsIdType(type: number): boolean {
  switch (type) {
    case RTM_NEWNSID:
    case RTM_DELNSID:
    case RTM_GETNSID:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a network namespace id request, as {@link encodeNetnsId} makes it: for whoever plays
 * the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeNetnsIdRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): NetnsIdRequest {
  if (!isNetnsIdType(message.type))
    throw wrongType('message', 'of a type that encodeNetnsId takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readNetnsIdRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readNetnsIdRequest(source: MessageSource, offset: number, limit: number): NetnsIdRequest {
  checkStruct(source, offset, limit, 4, 'rtgenmsg');
  const { view, little } = source;
  const into: Filled<NetnsIdRequest> = { family: view.getUint8(offset) };

  offset += 4;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // NETNSA_NSID
        into.netnsId = valueS32(source, start, end);
        break;
      case 2: // NETNSA_PID
        into.pid = valueU32(source, start, end);
        break;
      case 3: // NETNSA_FD
        into.fd = valueU32(source, start, end);
        break;
      case 4: // NETNSA_TARGET_NSID
        into.targetNetnsId = valueS32(source, start, end);
        break;
      case 5: // NETNSA_CURRENT_NSID
        into.currentNetnsId = valueS32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeNetnsIdRequest(writer: MessageWriter, request: NetnsIdRequest, at = ''): void {
  writeNetnsIdHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeNetnsIdProperty(writer, property, request, at);
}

function writeNetnsIdHeader(writer: MessageWriter, request: NetnsIdRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
}

function writeNetnsIdProperty(
  writer: MessageWriter,
  property: string,
  request: NetnsIdRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'event':
      // In the headers.
      break;
    case 'netnsId': // NETNSA_NSID
      optionalI32(writer, 1, at + property, request.netnsId);
      break;
    case 'pid': // NETNSA_PID
      optionalU32(writer, 2, at + property, request.pid);
      break;
    case 'fd': // NETNSA_FD
      optionalU32(writer, 3, at + property, request.fd);
      break;
    case 'targetNetnsId': // NETNSA_TARGET_NSID
      optionalI32(writer, 4, at + property, request.targetNetnsId);
      break;
    case 'currentNetnsId': // NETNSA_CURRENT_NSID
      optionalI32(writer, 5, at + property, request.currentNetnsId);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of NetnsIdRequest only',
        property,
      );
  }
}
