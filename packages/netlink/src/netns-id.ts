/**
 * Ids of network namespaces: RTM_NEWNSID, RTM_DELNSID and RTM_GETNSID, linux/net_namespace.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and
 * what is decoded late reads it then: whoever uses a receive buffer again reads or copies first.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`.
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
import { NLA_HDRLEN, NLA_TYPE_MASK, RTM_DELNSID, RTM_GETNSID, RTM_NEWNSID } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { loadI32, loadU16 } from './load.ts';
import type { NetlinkMessage } from './message.ts';
import {
  optionalI32,
  optionalU32,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { MessageWriter } from './writer.ts';

/** Length of an attribute that holds 32 bits, its header included. */
const WORD = 8;

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
  readonly #body: Uint8Array;
  readonly #little: boolean;

  constructor(event: 'new' | 'delete', body: Uint8Array, little: boolean) {
    this.event = event;
    this.family = body[0]!;
    this.#body = body;
    this.#little = little;
    let unknown: RawAttribute[] | undefined;
    const limit = body.length;
    let offset = 4;
    while (offset < limit) {
      const length = attributeLength(body, offset, limit, little);
      const type = loadU16(body, offset + 2, little);
      const start = offset + NLA_HDRLEN;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < WORD ? 0 : loadI32(body, start, little);
      // Literals, as the engine makes no jump table of names.
      switch (type & NLA_TYPE_MASK) {
        case 1: // NETNSA_NSID
          this.netnsId = length < WORD ? short(start, end, 4) : word;
          break;
        case 2: // NETNSA_PID
          this.pid = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 3: // NETNSA_FD
          this.fd = length < WORD ? short(start, end, 4) : word >>> 0;
          break;
        case 4: // NETNSA_TARGET_NSID
          this.targetNetnsId = length < WORD ? short(start, end, 4) : word;
          break;
        case 5: // NETNSA_CURRENT_NSID
          this.currentNetnsId = length < WORD ? short(start, end, 4) : word;
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
  const { type, body } = message;

  const event = netnsIdEvent(type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWNSID or RTM_DELNSID message', type);
  checkStruct(0, body.length, 4, 'rtgenmsg');
  return new DecodedNetnsId(event, body, endian === 'little');
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
  if (source?.little === little && header.like === undefined)
    return writer.bytes(source.body).finish();
  const plain =
    source === undefined
      ? request
      : readNetnsIdRequest(source.body, 0, source.body.length, source.little);
  if (header.like === undefined) {
    writeNetnsIdRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readNetnsIdRequest(body, 0, body.length, little),
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
  const { type, body } = message;
  if (!isNetnsIdType(type)) throw wrongType('message', 'of a type that encodeNetnsId takes', type);
  return readNetnsIdRequest(body, 0, body.length, endian === 'little');
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readNetnsIdRequest(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): NetnsIdRequest {
  checkStruct(offset, limit, 4, 'rtgenmsg');
  const into: Filled<NetnsIdRequest> = { family: body[offset]! };

  offset += 4;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (type & NLA_TYPE_MASK) {
      case 1: // NETNSA_NSID
        into.netnsId = valueS32(body, start, end, little);
        break;
      case 2: // NETNSA_PID
        into.pid = valueU32(body, start, end, little);
        break;
      case 3: // NETNSA_FD
        into.fd = valueU32(body, start, end, little);
        break;
      case 4: // NETNSA_TARGET_NSID
        into.targetNetnsId = valueS32(body, start, end, little);
        break;
      case 5: // NETNSA_CURRENT_NSID
        into.currentNetnsId = valueS32(body, start, end, little);
        break;
      default:
        keepRaw(into, type, body, start, end);
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
