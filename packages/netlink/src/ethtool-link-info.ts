/**
 * Ports and transceivers of links: ETHTOOL_MSG_LINKINFO_GET, linux/ethtool_netlink.h.
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
import { attributeLength, checkStruct, type Filled, keepRaw, NONE, push, valueU8 } from './body.ts';
import { ETHTOOL_MSG_LINKINFO_GET_REPLY, ETHTOOL_MSG_LINKINFO_NTF } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { type EthtoolHeader, readEthtoolHeader, writeEthtoolHeader } from './ethtool/header.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import { optionalU8, propertiesOf, putNumber, type RequestHeader } from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/**
 * What an ethtool link info message and an ethtool link info request can both say, header apart.
 */
export interface EthtoolLinkInfoAttributes {
  /** The interface. None in requests: all interfaces (NLM_F_DUMP). ETHTOOL_A_LINKINFO_HEADER */
  readonly header?: EthtoolHeader | undefined;
  /** Connector: PORT_* of linux/ethtool.h. ETHTOOL_A_LINKINFO_PORT */
  readonly port?: number | undefined;
  /** Address of the PHY. ETHTOOL_A_LINKINFO_PHYADDR */
  readonly phyAddress?: number | undefined;
  /** Whether the pairs are crossed: ETH_TP_MDI_* of linux/ethtool.h. ETHTOOL_A_LINKINFO_TP_MDIX */
  readonly mdix?: number | undefined;
  /**
   * Whether they are to be crossed: ETH_TP_MDI_* of linux/ethtool.h.
   * ETHTOOL_A_LINKINFO_TP_MDIX_CTRL
   */
  readonly mdixControl?: number | undefined;
  /** Where the transceiver is: XCVR_* of linux/ethtool.h. ETHTOOL_A_LINKINFO_TRANSCEIVER */
  readonly transceiver?: number | undefined;
}

/**
 * An ethtool link info as the kernel tells it: ETHTOOL_MSG_LINKINFO_GET_REPLY or
 * ETHTOOL_MSG_LINKINFO_NTF.
 */
export interface EthtoolLinkInfoMessage extends EthtoolLinkInfoAttributes {
  /** `reply`: ETHTOOL_MSG_LINKINFO_GET_REPLY. `change`: ETHTOOL_MSG_LINKINFO_NTF. */
  readonly event: 'reply' | 'change';
  /** ETHTOOL_MSG_*. Requests and answers count apart. */
  readonly command: number;
  /** Version of the family: 1. */
  readonly version: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedEthtoolLinkInfo implements EthtoolLinkInfoMessage {
  event: 'reply' | 'change';
  command: number;
  version: number;
  header: EthtoolHeader | undefined = undefined;
  port: number | undefined = undefined;
  phyAddress: number | undefined = undefined;
  mdix: number | undefined = undefined;
  mdixControl: number | undefined = undefined;
  transceiver: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'reply' | 'change', source: MessageSource) {
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
      switch (type & 0x3fff) {
        case 1: // ETHTOOL_A_LINKINFO_HEADER
          this.header = readEthtoolHeader(source, start, end);
          break;
        case 2: // ETHTOOL_A_LINKINFO_PORT
          this.port = valueU8(source, start, end);
          break;
        case 3: // ETHTOOL_A_LINKINFO_PHYADDR
          this.phyAddress = valueU8(source, start, end);
          break;
        case 4: // ETHTOOL_A_LINKINFO_TP_MDIX
          this.mdix = valueU8(source, start, end);
          break;
        case 5: // ETHTOOL_A_LINKINFO_TP_MDIX_CTRL
          this.mdixControl = valueU8(source, start, end);
          break;
        case 6: // ETHTOOL_A_LINKINFO_TRANSCEIVER
          this.transceiver = valueU8(source, start, end);
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
 * Decodes an ethtool link info message, in one pass.
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
 *   decodeEthtoolLinkInfo,
 *   encodeEthtoolLinkInfo,
 *   ETHTOOL_MSG_LINKINFO_GET_REPLY,
 *   messages,
 * } from '@rtap/netlink';
 *
 * const family = 21; // What decodeGenericFamily told.
 * const said = { command: ETHTOOL_MSG_LINKINFO_GET_REPLY, version: 1, port: 3 };
 * const datagram = encodeEthtoolLinkInfo(family, said, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   console.log(decodeEthtoolLinkInfo(message).port); // 3
 * }
 */
export function decodeEthtoolLinkInfo(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): EthtoolLinkInfoMessage {
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 4, 'genlmsghdr');
  const event = ethtoolLinkInfoEvent(source.view.getUint8(source.start));
  if (event === undefined)
    throw wrongType(
      'message',
      'an ETHTOOL_MSG_LINKINFO_GET_REPLY or ETHTOOL_MSG_LINKINFO_NTF message',
      source.view.getUint8(source.start),
    );

  return new DecodedEthtoolLinkInfo(event, source);
}

function ethtoolLinkInfoEvent(type: number): EthtoolLinkInfoMessage['event'] | undefined {
  switch (type) {
    case ETHTOOL_MSG_LINKINFO_GET_REPLY:
      return 'reply';
    case ETHTOOL_MSG_LINKINFO_NTF:
      return 'change';
    default:
      return undefined;
  }
}

/**
 * What to say in an ethtool link info request. Only what is given is sent, in the order in which
 * it is given.
 */
export interface EthtoolLinkInfoRequest extends EthtoolLinkInfoAttributes {
  /** ETHTOOL_MSG_*. Requests and answers count apart. */
  readonly command: number;
  /** Version of the family: 1. @default 0 */
  readonly version?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes an ethtool link info request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeEthtoolLinkInfo} gave is written
 * as it was, byte by byte. The bytes are the caller's.
 *
 * @param type Number of the family.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeEthtoolLinkInfo, ETHTOOL_MSG_LINKINFO_GET, NLM_F_REQUEST } from '@rtap/netlink';
 *
 * const family = 21; // What decodeGenericFamily told.
 * const ask = { command: ETHTOOL_MSG_LINKINFO_GET, version: 1, header: { name: 'tap0' } };
 * const header = { flags: NLM_F_REQUEST, sequence: 1 };
 * console.log(encodeEthtoolLinkInfo(family, ask, header).length); // 36
 */
export function encodeEthtoolLinkInfo(
  type: number,
  request: EthtoolLinkInfoRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedEthtoolLinkInfo.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readEthtoolLinkInfoRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeEthtoolLinkInfoRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readEthtoolLinkInfoRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeEthtoolLinkInfoHeader(writer, plain, ''),
      writeProperty: (property) => writeEthtoolLinkInfoProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

/**
 * Decodes an ethtool link info request, as {@link encodeEthtoolLinkInfo} makes it: for whoever
 * plays the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeEthtoolLinkInfoRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): EthtoolLinkInfoRequest {
  const source = sourceOf(message, endian === 'little');
  return readEthtoolLinkInfoRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readEthtoolLinkInfoRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): EthtoolLinkInfoRequest {
  checkStruct(source, offset, limit, 4, 'genlmsghdr');
  const { view, little } = source;
  const into: Filled<EthtoolLinkInfoRequest> = {
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
      case 1: // ETHTOOL_A_LINKINFO_HEADER
        into.header = readEthtoolHeader(source, start, end);
        break;
      case 2: // ETHTOOL_A_LINKINFO_PORT
        into.port = valueU8(source, start, end);
        break;
      case 3: // ETHTOOL_A_LINKINFO_PHYADDR
        into.phyAddress = valueU8(source, start, end);
        break;
      case 4: // ETHTOOL_A_LINKINFO_TP_MDIX
        into.mdix = valueU8(source, start, end);
        break;
      case 5: // ETHTOOL_A_LINKINFO_TP_MDIX_CTRL
        into.mdixControl = valueU8(source, start, end);
        break;
      case 6: // ETHTOOL_A_LINKINFO_TRANSCEIVER
        into.transceiver = valueU8(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeEthtoolLinkInfoRequest(
  writer: MessageWriter,
  request: EthtoolLinkInfoRequest,
  at = '',
): void {
  writeEthtoolLinkInfoHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeEthtoolLinkInfoProperty(writer, property, request, at);
}

function writeEthtoolLinkInfoHeader(
  writer: MessageWriter,
  request: EthtoolLinkInfoRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}command`, request.command ?? 0);
  putNumber(writer, 'u8', `${at}version`, request.version ?? 0);
  writer.bytes(new Uint8Array(2));
}

function writeEthtoolLinkInfoProperty(
  writer: MessageWriter,
  property: string,
  request: EthtoolLinkInfoRequest,
  at: string,
): void {
  switch (property) {
    case 'command':
    case 'version':
    case 'event':
      // In the headers.
      break;
    case 'header': // ETHTOOL_A_LINKINFO_HEADER
      if (request.header !== undefined) {
        writer.beginNest(1, { flag: true });
        writeEthtoolHeader(writer, request.header, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'port': // ETHTOOL_A_LINKINFO_PORT
      optionalU8(writer, 2, at + property, request.port);
      break;
    case 'phyAddress': // ETHTOOL_A_LINKINFO_PHYADDR
      optionalU8(writer, 3, at + property, request.phyAddress);
      break;
    case 'mdix': // ETHTOOL_A_LINKINFO_TP_MDIX
      optionalU8(writer, 4, at + property, request.mdix);
      break;
    case 'mdixControl': // ETHTOOL_A_LINKINFO_TP_MDIX_CTRL
      optionalU8(writer, 5, at + property, request.mdixControl);
      break;
    case 'transceiver': // ETHTOOL_A_LINKINFO_TRANSCEIVER
      optionalU8(writer, 6, at + property, request.transceiver);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of EthtoolLinkInfoRequest only',
        property,
      );
  }
}
