/**
 * State of links, as ethtool has it: ETHTOOL_MSG_LINKSTATE_GET, linux/ethtool_netlink.h.
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
  valueBool,
  valueU32,
  valueU8,
} from './body.ts';
import { ETHTOOL_MSG_LINKSTATE_GET_REPLY } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { type EthtoolHeader, readEthtoolHeader, writeEthtoolHeader } from './ethtool/header.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import { optionalU32, optionalU8, propertiesOf, putNumber, type RequestHeader } from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/**
 * What an ethtool link state message and an ethtool link state request can both say, header
 * apart.
 */
export interface EthtoolLinkStateAttributes {
  /** The interface. None in requests: all interfaces (NLM_F_DUMP). ETHTOOL_A_LINKSTATE_HEADER */
  readonly header?: EthtoolHeader | undefined;
  /** Whether there is a link. ETHTOOL_A_LINKSTATE_LINK */
  readonly link?: boolean | undefined;
  /** Signal quality index. ETHTOOL_A_LINKSTATE_SQI */
  readonly signalQuality?: number | undefined;
  /** Highest signal quality. ETHTOOL_A_LINKSTATE_SQI_MAX */
  readonly maxSignalQuality?: number | undefined;
  /**
   * Why there is no link: ETHTOOL_LINK_EXT_STATE_* of linux/ethtool.h.
   * ETHTOOL_A_LINKSTATE_EXT_STATE
   */
  readonly extendedState?: number | undefined;
  /**
   * More of the reason: ETHTOOL_LINK_EXT_SUBSTATE_* of linux/ethtool.h.
   * ETHTOOL_A_LINKSTATE_EXT_SUBSTATE
   */
  readonly extendedSubstate?: number | undefined;
  /** How often the link went down, as the device counts it. ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT */
  readonly linkDownCount?: number | undefined;
}

/** An ethtool link state as the kernel tells it: ETHTOOL_MSG_LINKSTATE_GET_REPLY. */
export interface EthtoolLinkStateMessage extends EthtoolLinkStateAttributes {
  /** `reply`: ETHTOOL_MSG_LINKSTATE_GET_REPLY. */
  readonly event: 'reply';
  /** ETHTOOL_MSG_*. Requests and answers count apart. */
  readonly command: number;
  /** Version of the family: 1. */
  readonly version: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedEthtoolLinkState implements EthtoolLinkStateMessage {
  event: 'reply';
  command: number;
  version: number;
  header: EthtoolHeader | undefined = undefined;
  link: boolean | undefined = undefined;
  signalQuality: number | undefined = undefined;
  maxSignalQuality: number | undefined = undefined;
  extendedState: number | undefined = undefined;
  extendedSubstate: number | undefined = undefined;
  linkDownCount: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'reply', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.command = view.getUint8(offset);
    this.version = view.getUint8(offset + 1);
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
        case 1: // ETHTOOL_A_LINKSTATE_HEADER
          this.header = readEthtoolHeader(source, start, end);
          break;
        case 2: // ETHTOOL_A_LINKSTATE_LINK
          this.link = valueBool(source, start, end);
          break;
        case 3: // ETHTOOL_A_LINKSTATE_SQI
          this.signalQuality = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 4: // ETHTOOL_A_LINKSTATE_SQI_MAX
          this.maxSignalQuality = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // ETHTOOL_A_LINKSTATE_EXT_STATE
          this.extendedState = valueU8(source, start, end);
          break;
        case 6: // ETHTOOL_A_LINKSTATE_EXT_SUBSTATE
          this.extendedSubstate = valueU8(source, start, end);
          break;
        case 7: // ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT
          this.linkDownCount = length < 8 ? short(source, start, end, 4) : word >>> 0;
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
 * Decodes an ethtool link state message, in one pass.
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
 *   decodeEthtoolLinkState,
 *   encodeEthtoolLinkState,
 *   ETHTOOL_MSG_LINKSTATE_GET_REPLY,
 *   messages,
 * } from '@rtap/netlink';
 *
 * const family = 21; // What decodeGenericFamily told.
 * const said = { command: ETHTOOL_MSG_LINKSTATE_GET_REPLY, version: 1, link: true };
 * const datagram = encodeEthtoolLinkState(family, said, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   console.log(decodeEthtoolLinkState(message).link); // true
 * }
 */
export function decodeEthtoolLinkState(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): EthtoolLinkStateMessage {
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 4, 'genlmsghdr');
  const event = ethtoolLinkStateEvent(source.view.getUint8(source.start));
  if (event === undefined)
    throw wrongType(
      'message',
      'an ETHTOOL_MSG_LINKSTATE_GET_REPLY message',
      source.view.getUint8(source.start),
    );

  return new DecodedEthtoolLinkState(event, source);
}

function ethtoolLinkStateEvent(type: number): EthtoolLinkStateMessage['event'] | undefined {
  switch (type) {
    case ETHTOOL_MSG_LINKSTATE_GET_REPLY:
      return 'reply';
    default:
      return undefined;
  }
}

/**
 * What to say in an ethtool link state request. Only what is given is sent, in the order in which
 * it is given.
 */
export interface EthtoolLinkStateRequest extends EthtoolLinkStateAttributes {
  /** ETHTOOL_MSG_*. Requests and answers count apart. */
  readonly command: number;
  /** Version of the family: 1. @default 0 */
  readonly version?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes an ethtool link state request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeEthtoolLinkState} gave is written
 * as it was, byte by byte. The bytes are the caller's.
 *
 * @param type Number of the family.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeEthtoolLinkState, ETHTOOL_MSG_LINKSTATE_GET, NLM_F_REQUEST } from '@rtap/netlink';
 *
 * const family = 21; // What decodeGenericFamily told.
 * const ask = { command: ETHTOOL_MSG_LINKSTATE_GET, version: 1, header: { name: 'tap0' } };
 * const header = { flags: NLM_F_REQUEST, sequence: 1 };
 * console.log(encodeEthtoolLinkState(family, ask, header).length); // 36
 */
export function encodeEthtoolLinkState(
  type: number,
  request: EthtoolLinkStateRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedEthtoolLinkState.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readEthtoolLinkStateRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeEthtoolLinkStateRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readEthtoolLinkStateRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeEthtoolLinkStateHeader(writer, plain, ''),
      writeProperty: (property) => writeEthtoolLinkStateProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

/**
 * Decodes an ethtool link state request, as {@link encodeEthtoolLinkState} makes it: for whoever
 * plays the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeEthtoolLinkStateRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): EthtoolLinkStateRequest {
  const source = sourceOf(message, endian === 'little');
  return readEthtoolLinkStateRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readEthtoolLinkStateRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): EthtoolLinkStateRequest {
  checkStruct(source, offset, limit, 4, 'genlmsghdr');
  const { view, little } = source;
  const into: Filled<EthtoolLinkStateRequest> = {
    command: view.getUint8(offset),
    version: view.getUint8(offset + 1),
  };

  offset += 4;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // ETHTOOL_A_LINKSTATE_HEADER
        into.header = readEthtoolHeader(source, start, end);
        break;
      case 2: // ETHTOOL_A_LINKSTATE_LINK
        into.link = valueBool(source, start, end);
        break;
      case 3: // ETHTOOL_A_LINKSTATE_SQI
        into.signalQuality = valueU32(source, start, end);
        break;
      case 4: // ETHTOOL_A_LINKSTATE_SQI_MAX
        into.maxSignalQuality = valueU32(source, start, end);
        break;
      case 5: // ETHTOOL_A_LINKSTATE_EXT_STATE
        into.extendedState = valueU8(source, start, end);
        break;
      case 6: // ETHTOOL_A_LINKSTATE_EXT_SUBSTATE
        into.extendedSubstate = valueU8(source, start, end);
        break;
      case 7: // ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT
        into.linkDownCount = valueU32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeEthtoolLinkStateRequest(
  writer: MessageWriter,
  request: EthtoolLinkStateRequest,
  at = '',
): void {
  writeEthtoolLinkStateHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeEthtoolLinkStateProperty(writer, property, request, at);
}

function writeEthtoolLinkStateHeader(
  writer: MessageWriter,
  request: EthtoolLinkStateRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}command`, request.command ?? 0);
  putNumber(writer, 'u8', `${at}version`, request.version ?? 0);
  writer.bytes(new Uint8Array(2));
}

function writeEthtoolLinkStateProperty(
  writer: MessageWriter,
  property: string,
  request: EthtoolLinkStateRequest,
  at: string,
): void {
  switch (property) {
    case 'command':
    case 'version':
    case 'event':
      // In the headers.
      break;
    case 'header': // ETHTOOL_A_LINKSTATE_HEADER
      if (request.header !== undefined) {
        writer.beginNest(1, { flag: true });
        writeEthtoolHeader(writer, request.header, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'link': // ETHTOOL_A_LINKSTATE_LINK
      if (request.link !== undefined) {
        writer.attributeU8(2, request.link ? 1 : 0);
      }
      break;
    case 'signalQuality': // ETHTOOL_A_LINKSTATE_SQI
      optionalU32(writer, 3, at + property, request.signalQuality);
      break;
    case 'maxSignalQuality': // ETHTOOL_A_LINKSTATE_SQI_MAX
      optionalU32(writer, 4, at + property, request.maxSignalQuality);
      break;
    case 'extendedState': // ETHTOOL_A_LINKSTATE_EXT_STATE
      optionalU8(writer, 5, at + property, request.extendedState);
      break;
    case 'extendedSubstate': // ETHTOOL_A_LINKSTATE_EXT_SUBSTATE
      optionalU8(writer, 6, at + property, request.extendedSubstate);
      break;
    case 'linkDownCount': // ETHTOOL_A_LINKSTATE_EXT_DOWN_CNT
      optionalU32(writer, 7, at + property, request.linkDownCount);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of EthtoolLinkStateRequest only',
        property,
      );
  }
}
