/**
 * Families of generic netlink, as their controller tells them: CTRL_CMD_NEWFAMILY and
 * CTRL_CMD_GETFAMILY, linux/genetlink.h.
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
  short,
  valueString,
  valueU16,
  valueU32,
} from './body.ts';
import {
  CTRL_CMD_DELFAMILY,
  CTRL_CMD_DELMCAST_GRP,
  CTRL_CMD_NEWFAMILY,
  CTRL_CMD_NEWMCAST_GRP,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { holdsOther, readList } from './list.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  elements,
  optionalString,
  optionalU32,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** A command that a generic netlink family takes. */
export interface GenericOperation {
  /** Number of the command. CTRL_ATTR_OP_ID */
  readonly command?: number | undefined;
  /**
   * What it can, and who may: GENL_ADMIN_PERM, GENL_CMD_CAP_*, GENL_UNS_ADMIN_PERM.
   * CTRL_ATTR_OP_FLAGS
   */
  readonly flags?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readGenericOperation(
  source: MessageSource,
  offset: number,
  limit: number,
): GenericOperation {
  const { view, little } = source;
  const into: Filled<GenericOperation> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // CTRL_ATTR_OP_ID
        into.command = valueU32(source, start, end);
        break;
      case 2: // CTRL_ATTR_OP_FLAGS
        into.flags = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link GenericOperation}, in the order of its properties. */
function writeGenericOperation(writer: MessageWriter, value: GenericOperation, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'command': // CTRL_ATTR_OP_ID
        optionalU32(writer, 1, at + property, value.command);
        break;
      case 'flags': // CTRL_ATTR_OP_FLAGS
        optionalU32(writer, 2, at + property, value.flags);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of GenericOperation', property);
    }
  }
}

/** A multicast group of a generic netlink family. */
export interface GenericGroup {
  /** Name. CTRL_ATTR_MCAST_GRP_NAME */
  readonly name?: string | undefined;
  /** Number by which a socket joins it. CTRL_ATTR_MCAST_GRP_ID */
  readonly id?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readGenericGroup(source: MessageSource, offset: number, limit: number): GenericGroup {
  const { view, little } = source;
  const into: Filled<GenericGroup> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // CTRL_ATTR_MCAST_GRP_NAME
        into.name = valueString(source, start, end);
        break;
      case 2: // CTRL_ATTR_MCAST_GRP_ID
        into.id = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link GenericGroup}, in the order of its properties. */
function writeGenericGroup(writer: MessageWriter, value: GenericGroup, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'name': // CTRL_ATTR_MCAST_GRP_NAME
        optionalString(writer, 1, at + property, value.name);
        break;
      case 'id': // CTRL_ATTR_MCAST_GRP_ID
        optionalU32(writer, 2, at + property, value.id);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of GenericGroup', property);
    }
  }
}

/**
 * What a generic netlink family message and a generic netlink family request can both say, header
 * apart.
 */
export interface GenericFamilyAttributes {
  /** Type of the messages of the family. CTRL_ATTR_FAMILY_ID */
  readonly id?: number | undefined;
  /** Name, of at most 15 bytes. CTRL_ATTR_FAMILY_NAME */
  readonly name?: string | undefined;
  /** Version of the family. CTRL_ATTR_VERSION */
  readonly familyVersion?: number | undefined;
  /** Bytes of the family's own fixed header. CTRL_ATTR_HDRSIZE */
  readonly headerSize?: number | undefined;
  /**
   * Highest number of an attribute; 0 where each command has attributes of its own.
   * CTRL_ATTR_MAXATTR
   */
  readonly maxAttribute?: number | undefined;
  /** The commands that it takes. CTRL_ATTR_OPS */
  readonly operations?: readonly GenericOperation[] | undefined;
  /** The multicast groups that it tells its events to. CTRL_ATTR_MCAST_GROUPS */
  readonly groups?: readonly GenericGroup[] | undefined;
  /** Command whose policy is asked for. CTRL_ATTR_OP */
  readonly operation?: number | undefined;
}

/**
 * A generic netlink family as the kernel tells it: CTRL_CMD_NEWFAMILY, CTRL_CMD_DELFAMILY,
 * CTRL_CMD_NEWMCAST_GRP or CTRL_CMD_DELMCAST_GRP.
 */
export interface GenericFamilyMessage extends GenericFamilyAttributes {
  /**
   * `new`: CTRL_CMD_NEWFAMILY. `delete`: CTRL_CMD_DELFAMILY. `newGroup`: CTRL_CMD_NEWMCAST_GRP.
   * `deleteGroup`: CTRL_CMD_DELMCAST_GRP.
   */
  readonly event: 'new' | 'delete' | 'newGroup' | 'deleteGroup';
  /** CTRL_CMD_*. */
  readonly command: number;
  /** Version of the controller: 2. It takes any in requests. */
  readonly version: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedGenericFamily implements GenericFamilyMessage {
  event: 'new' | 'delete' | 'newGroup' | 'deleteGroup';
  command: number;
  version: number;
  id: number | undefined = undefined;
  name: string | undefined = undefined;
  familyVersion: number | undefined = undefined;
  headerSize: number | undefined = undefined;
  maxAttribute: number | undefined = undefined;
  operations: readonly GenericOperation[] | undefined = undefined;
  groups: readonly GenericGroup[] | undefined = undefined;
  operation: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete' | 'newGroup' | 'deleteGroup', source: MessageSource) {
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
        case 1: // CTRL_ATTR_FAMILY_ID
          this.id = valueU16(source, start, end);
          break;
        case 2: // CTRL_ATTR_FAMILY_NAME
          this.name = valueString(source, start, end);
          break;
        case 3: // CTRL_ATTR_VERSION
          this.familyVersion = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 4: // CTRL_ATTR_HDRSIZE
          this.headerSize = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // CTRL_ATTR_MAXATTR
          this.maxAttribute = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 6: // CTRL_ATTR_OPS
          this.operations = readList(source, start, end, -1, readGenericOperation);
          if (holdsOther(source, start, end, -1, 1))
            unknown = push(unknown, type, source, start, end);
          break;
        case 7: // CTRL_ATTR_MCAST_GROUPS
          this.groups = readList(source, start, end, -1, readGenericGroup);
          if (holdsOther(source, start, end, -1, 1))
            unknown = push(unknown, type, source, start, end);
          break;
        case 10: // CTRL_ATTR_OP
          this.operation = length < 8 ? short(source, start, end, 4) : word >>> 0;
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
 * Decodes a generic netlink family message, in one pass.
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
 *   CTRL_CMD_NEWFAMILY,
 *   decodeGenericFamily,
 *   encodeGenericFamily,
 *   GENL_ID_CTRL,
 *   messages,
 * } from '@rtap/netlink';
 *
 * const said = { command: CTRL_CMD_NEWFAMILY, name: 'ethtool', id: 21 };
 * const datagram = encodeGenericFamily(GENL_ID_CTRL, said, { flags: 0, sequence: 0 });
 * for (const message of messages(datagram)) {
 *   console.log(decodeGenericFamily(message).id); // 21
 * }
 */
export function decodeGenericFamily(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): GenericFamilyMessage {
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 4, 'genlmsghdr');
  const event = genericFamilyEvent(source.view.getUint8(source.start));
  if (event === undefined)
    throw wrongType(
      'message',
      'a CTRL_CMD_NEWFAMILY, CTRL_CMD_DELFAMILY, CTRL_CMD_NEWMCAST_GRP or CTRL_CMD_DELMCAST_GRP message',
      source.view.getUint8(source.start),
    );

  return new DecodedGenericFamily(event, source);
}

function genericFamilyEvent(type: number): GenericFamilyMessage['event'] | undefined {
  switch (type) {
    case CTRL_CMD_NEWFAMILY:
      return 'new';
    case CTRL_CMD_DELFAMILY:
      return 'delete';
    case CTRL_CMD_NEWMCAST_GRP:
      return 'newGroup';
    case CTRL_CMD_DELMCAST_GRP:
      return 'deleteGroup';
    default:
      return undefined;
  }
}

/**
 * What to say in a generic netlink family request. Only what is given is sent, in the order in
 * which it is given.
 */
export interface GenericFamilyRequest extends GenericFamilyAttributes {
  /** CTRL_CMD_*. */
  readonly command: number;
  /** Version of the controller: 2. It takes any in requests. @default 0 */
  readonly version?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a generic netlink family request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeGenericFamily} gave is written as
 * it was, byte by byte. The bytes are the caller's.
 *
 * @param type Number of the family.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import {
 *   CTRL_CMD_GETFAMILY,
 *   encodeGenericFamily,
 *   GENL_ID_CTRL,
 *   NLM_F_REQUEST,
 * } from '@rtap/netlink';
 *
 * // Which type have the messages of ethtool?
 * const ask = { command: CTRL_CMD_GETFAMILY, version: 1, name: 'ethtool' };
 * const header = { flags: NLM_F_REQUEST, sequence: 1 };
 * console.log(encodeGenericFamily(GENL_ID_CTRL, ask, header).length); // 32
 */
export function encodeGenericFamily(
  type: number,
  request: GenericFamilyRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedGenericFamily.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain =
    source === undefined ? request : readGenericFamilyRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeGenericFamilyRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 4,
      little,
      read: (body) => readGenericFamilyRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeGenericFamilyHeader(writer, plain, ''),
      writeProperty: (property) => writeGenericFamilyProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

/**
 * Decodes a generic netlink family request, as {@link encodeGenericFamily} makes it: for whoever
 * plays the kernel, or wants a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeGenericFamilyRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): GenericFamilyRequest {
  const source = sourceOf(message, endian === 'little');
  return readGenericFamilyRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readGenericFamilyRequest(
  source: MessageSource,
  offset: number,
  limit: number,
): GenericFamilyRequest {
  checkStruct(source, offset, limit, 4, 'genlmsghdr');
  const { view, little } = source;
  const into: Filled<GenericFamilyRequest> = {
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
      case 1: // CTRL_ATTR_FAMILY_ID
        into.id = valueU16(source, start, end);
        break;
      case 2: // CTRL_ATTR_FAMILY_NAME
        into.name = valueString(source, start, end);
        break;
      case 3: // CTRL_ATTR_VERSION
        into.familyVersion = valueU32(source, start, end);
        break;
      case 4: // CTRL_ATTR_HDRSIZE
        into.headerSize = valueU32(source, start, end);
        break;
      case 5: // CTRL_ATTR_MAXATTR
        into.maxAttribute = valueU32(source, start, end);
        break;
      case 6: // CTRL_ATTR_OPS
        if (holdsOther(source, start, end, -1, 1)) keepRaw(into, type, source, start, end);
        else into.operations = readList(source, start, end, -1, readGenericOperation);
        break;
      case 7: // CTRL_ATTR_MCAST_GROUPS
        if (holdsOther(source, start, end, -1, 1)) keepRaw(into, type, source, start, end);
        else into.groups = readList(source, start, end, -1, readGenericGroup);
        break;
      case 10: // CTRL_ATTR_OP
        into.operation = valueU32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeGenericFamilyRequest(
  writer: MessageWriter,
  request: GenericFamilyRequest,
  at = '',
): void {
  writeGenericFamilyHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeGenericFamilyProperty(writer, property, request, at);
}

function writeGenericFamilyHeader(
  writer: MessageWriter,
  request: GenericFamilyRequest,
  at: string,
): void {
  putNumber(writer, 'u8', `${at}command`, request.command ?? 0);
  putNumber(writer, 'u8', `${at}version`, request.version ?? 0);
  writer.bytes(new Uint8Array(2));
}

function writeGenericFamilyProperty(
  writer: MessageWriter,
  property: string,
  request: GenericFamilyRequest,
  at: string,
): void {
  switch (property) {
    case 'command':
    case 'version':
    case 'event':
      // In the headers.
      break;
    case 'id': // CTRL_ATTR_FAMILY_ID
      if (request.id !== undefined) {
        writer.beginNest(1);
        putNumber(writer, 'u16', at + property, request.id);
        writer.endNest();
      }
      break;
    case 'name': // CTRL_ATTR_FAMILY_NAME
      optionalString(writer, 2, at + property, request.name);
      break;
    case 'familyVersion': // CTRL_ATTR_VERSION
      optionalU32(writer, 3, at + property, request.familyVersion);
      break;
    case 'headerSize': // CTRL_ATTR_HDRSIZE
      optionalU32(writer, 4, at + property, request.headerSize);
      break;
    case 'maxAttribute': // CTRL_ATTR_MAXATTR
      optionalU32(writer, 5, at + property, request.maxAttribute);
      break;
    case 'operations': // CTRL_ATTR_OPS
      if (request.operations !== undefined) {
        writer.beginNest(6);
        for (const [index, item] of elements(at + property, request.operations).entries()) {
          writer.beginNest(index + 1);
          writeGenericOperation(writer, item, `${at + property}.`);
          writer.endNest();
        }
        writer.endNest();
      }
      break;
    case 'groups': // CTRL_ATTR_MCAST_GROUPS
      if (request.groups !== undefined) {
        writer.beginNest(7);
        for (const [index, item] of elements(at + property, request.groups).entries()) {
          writer.beginNest(index + 1);
          writeGenericGroup(writer, item, `${at + property}.`);
          writer.endNest();
        }
        writer.endNest();
      }
      break;
    case 'operation': // CTRL_ATTR_OP
      optionalU32(writer, 10, at + property, request.operation);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of GenericFamilyRequest only',
        property,
      );
  }
}
