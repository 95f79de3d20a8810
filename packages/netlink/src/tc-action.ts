/**
 * Actions of traffic control: RTM_*ACTION, linux/rtnetlink.h.
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
  valueString,
  valueU32,
} from './body.ts';
import { RTM_DELACTION, RTM_GETACTION, RTM_NEWACTION } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
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

/**
 * What a traffic control action message and a traffic control action request can both say, header
 * apart.
 */
export interface TrafficControlActionAttributes {
  /**
   * The actions: attributes numbered from 0 or 1 on, each with attributes TCA_ACT_* inside.
   * TCA_ROOT_TAB
   */
  readonly actions?: Uint8Array | undefined;
  /** In a dump request: TCA_ACT_FLAG_*; 1 for many actions in a message. TCA_ROOT_FLAGS */
  readonly dumpFlags?: TrafficControlFlags | undefined;
  /** Of an answer to a dump: how many actions it holds. TCA_ROOT_COUNT */
  readonly count?: number | undefined;
  /**
   * In a dump request: only actions that were used within so many milliseconds. TCA_ROOT_TIME_DELTA
   */
  readonly timeDelta?: number | undefined;
  /** What the kernel warns of. TCA_ROOT_EXT_WARN_MSG */
  readonly warning?: string | undefined;
}

/**
 * A traffic control action as the kernel tells it: RTM_NEWACTION, RTM_DELACTION or RTM_GETACTION.
 */
export interface TrafficControlActionMessage extends TrafficControlActionAttributes {
  /** `new`: RTM_NEWACTION. `delete`: RTM_DELACTION. `get`: RTM_GETACTION. */
  readonly event: 'new' | 'delete' | 'get';
  /** AF_UNSPEC. */
  readonly family: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedTrafficControlAction implements TrafficControlActionMessage {
  event: 'new' | 'delete' | 'get';
  family: number;
  actions: Uint8Array | undefined = undefined;
  dumpFlags: TrafficControlFlags | undefined = undefined;
  count: number | undefined = undefined;
  timeDelta: number | undefined = undefined;
  warning: string | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete' | 'get', source: MessageSource) {
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
        case 1: // TCA_ROOT_TAB
          this.actions = valueBytes(source, start, end);
          break;
        case 2: // TCA_ROOT_FLAGS
          this.dumpFlags = readTrafficControlFlags(source, start, end);
          break;
        case 3: // TCA_ROOT_COUNT
          this.count = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 4: // TCA_ROOT_TIME_DELTA
          this.timeDelta = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // TCA_ROOT_EXT_WARN_MSG
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
 * Decodes a traffic control action message, in one pass.
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
 *   AttributeReader,
 *   decodeTrafficControlAction,
 *   encodeTrafficControlAction,
 *   messages,
 *   RTM_GETACTION,
 * } from '@rtap/netlink';
 *
 * // One action, number 1, of kind gact (TCA_ACT_KIND): attributes in attributes.
 * const actions = Uint8Array.from([14, 0, 1, 0, 9, 0, 1, 0, 103, 97, 99, 116, 0, 0, 0, 0]);
 * const answer = { family: 0, count: 1, actions };
 * const header = { flags: 0, sequence: 0 };
 * for (const message of messages(encodeTrafficControlAction(RTM_GETACTION, answer, header, 'little'), 'little')) {
 *   const told = decodeTrafficControlAction(message, 'little');
 *   const table = new AttributeReader(told.actions ?? new Uint8Array(), 'little');
 *   while (table.next()) {
 *     const action = table.nest();
 *     action.next();
 *     console.log(told.count, table.type, action.string()); // 1 1 gact
 *   }
 * }
 */
export function decodeTrafficControlAction(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): TrafficControlActionMessage {
  const event = trafficControlActionEvent(message.type);
  if (event === undefined)
    throw wrongType(
      'message',
      'an RTM_NEWACTION, RTM_DELACTION or RTM_GETACTION message',
      message.type,
    );
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 4, 'tcamsg');
  return new DecodedTrafficControlAction(event, source);
}

function trafficControlActionEvent(type: number): TrafficControlActionMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWACTION:
      return 'new';
    case RTM_DELACTION:
      return 'delete';
    case RTM_GETACTION:
      return 'get';
    default:
      return undefined;
  }
}

/**
 * What to say in a traffic control action request. Only what is given is sent, in the order in
 * which it is given.
 */
export interface TrafficControlActionRequest extends TrafficControlActionAttributes {
  /** AF_UNSPEC. @default 0 */
  readonly family?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a traffic control action request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeTrafficControlAction} gave is
 * written as it was, byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWACTION, RTM_DELACTION or RTM_GETACTION.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import {
 *   encodeTrafficControlAction,
 *   MessageWriter,
 *   NLM_F_DUMP,
 *   NLM_F_REQUEST,
 *   NLMSG_HDRLEN,
 *   RTM_GETACTION,
 * } from '@rtap/netlink';
 *
 * // tc actions ls action mirred: a table of one entry, of which only the kind is told.
 * const writer = new MessageWriter().begin(0, 0, 0).beginNest(1).attributeString(1, 'mirred');
 * const actions = writer.endNest().finish().subarray(NLMSG_HDRLEN);
 * const header = { flags: NLM_F_REQUEST | NLM_F_DUMP, sequence: 1 };
 * const ask = { actions, dumpFlags: { value: 1, selector: 1 } };
 * console.log(encodeTrafficControlAction(RTM_GETACTION, ask, header).length); // 52
 */
export function encodeTrafficControlAction(
  type: number,
  request: TrafficControlActionRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isTrafficControlActionType(type))
    throw wrongValue('type', 'must be RTM_NEWACTION, RTM_DELACTION or RTM_GETACTION', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedTrafficControlAction.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined
      ? request
      : readTrafficControlActionRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeTrafficControlActionRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readTrafficControlActionRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeTrafficControlActionHeader(writer, plain, ''),
      writeProperty: (property) => writeTrafficControlActionProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isTrafficControlActionType(type: number): boolean {
  switch (type) {
    case RTM_NEWACTION:
    case RTM_DELACTION:
    case RTM_GETACTION:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a traffic control action request, as {@link encodeTrafficControlAction} makes it: for
 * whoever plays the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeTrafficControlActionRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): TrafficControlActionRequest {
  if (!isTrafficControlActionType(message.type))
    throw wrongType('message', 'of a type that encodeTrafficControlAction takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readTrafficControlActionRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readTrafficControlActionRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): TrafficControlActionRequest {
  checkStruct(source, offset, limit, 4, 'tcamsg');
  const { view, little } = source;
  const into: Filled<TrafficControlActionRequest> = { family: view.getUint8(offset) };

  offset += 4;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // TCA_ROOT_TAB
        into.actions = valueBytes(source, start, end);
        break;
      case 2: // TCA_ROOT_FLAGS
        into.dumpFlags = readTrafficControlFlags(source, start, end);
        break;
      case 3: // TCA_ROOT_COUNT
        into.count = valueU32(source, start, end);
        break;
      case 4: // TCA_ROOT_TIME_DELTA
        into.timeDelta = valueU32(source, start, end);
        break;
      case 5: // TCA_ROOT_EXT_WARN_MSG
        into.warning = valueString(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeTrafficControlActionRequest(
  writer: MessageWriter,
  request: TrafficControlActionRequest,
  at = '',
): void {
  writeTrafficControlActionHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeTrafficControlActionProperty(writer, property, request, at);
}

function writeTrafficControlActionHeader(
  writer: MessageWriter,
  request: TrafficControlActionRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(3));
}

function writeTrafficControlActionProperty(
  writer: MessageWriter,
  property: string,
  request: TrafficControlActionRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'event':
      // In the headers.
      break;
    case 'actions': // TCA_ROOT_TAB
      optionalBytes(writer, 1, at + property, request.actions);
      break;
    case 'dumpFlags': // TCA_ROOT_FLAGS
      if (request.dumpFlags !== undefined) {
        writer.beginNest(2);
        writeTrafficControlFlags(writer, request.dumpFlags, at + property);
        writer.endNest();
      }
      break;
    case 'count': // TCA_ROOT_COUNT
      optionalU32(writer, 3, at + property, request.count);
      break;
    case 'timeDelta': // TCA_ROOT_TIME_DELTA
      optionalU32(writer, 4, at + property, request.timeDelta);
      break;
    case 'warning': // TCA_ROOT_EXT_WARN_MSG
      optionalString(writer, 5, at + property, request.warning);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of TrafficControlActionRequest only',
        property,
      );
  }
}
