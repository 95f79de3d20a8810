/**
 * Routing rules: RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE, linux/fib_rules.h.
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
  valueBigEndianU32,
  valueBigEndianU64,
  valueBool,
  valueString,
  valueU16,
  valueU32,
  valueU8,
} from './body.ts';
import { RTM_DELRULE, RTM_GETRULE, RTM_NEWRULE } from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  optionalBytes,
  optionalString,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** Users that a rule is for. `struct fib_rule_uid_range` */
export interface RuleUidRange {
  /** The first. */
  readonly start: number;
  /** The last. */
  readonly end: number;
}

/** Reads a `struct fib_rule_uid_range`; a longer one is fine. */
function readRuleUidRange(source: MessageSource, start: number, end: number): RuleUidRange {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { start: view.getUint32(start, little), end: view.getUint32(start + 4, little) };
}

/** Writes a `struct fib_rule_uid_range`. */
function writeRuleUidRange(writer: MessageWriter, value: RuleUidRange, at: string): void {
  putNumber(writer, 'u32', `${at}.start`, value.start);
  putNumber(writer, 'u32', `${at}.end`, value.end);
}

/** Ports that a rule is for. `struct fib_rule_port_range` */
export interface RulePortRange {
  /** The first. */
  readonly start: number;
  /** The last. */
  readonly end: number;
}

/** Reads a `struct fib_rule_port_range`; a longer one is fine. */
function readRulePortRange(source: MessageSource, start: number, end: number): RulePortRange {
  checkValue(source, start, end, 4);

  const { view, little } = source;
  return { start: view.getUint16(start, little), end: view.getUint16(start + 2, little) };
}

/** Writes a `struct fib_rule_port_range`. */
function writeRulePortRange(writer: MessageWriter, value: RulePortRange, at: string): void {
  putNumber(writer, 'u16', `${at}.start`, value.start);
  putNumber(writer, 'u16', `${at}.end`, value.end);
}

/** What a rule message and a rule request can both say, header apart. */
export interface RuleAttributes {
  /** Destination. 4 or 16 bytes. FRA_DST */
  readonly destination?: Uint8Array | undefined;
  /** Source. 4 or 16 bytes. FRA_SRC */
  readonly source?: Uint8Array | undefined;
  /** Name of the interface that packets come from. FRA_IIFNAME */
  readonly inputName?: string | undefined;
  /** Priority of the rule to go on with. FRA_GOTO */
  readonly goto?: number | undefined;
  /** Priority. FRA_PRIORITY */
  readonly priority?: number | undefined;
  /** Mark of the packet. FRA_FWMARK */
  readonly mark?: number | undefined;
  /** Realms: of the source in the upper 16 bits, of the destination in the lower. FRA_FLOW */
  readonly flow?: number | undefined;
  /** Id of the tunnel that packets come from. FRA_TUN_ID */
  readonly tunnelId?: bigint | undefined;
  /**
   * Routes by way of interfaces of this group do not count; 0xffffffff: of none.
   * FRA_SUPPRESS_IFGROUP
   */
  readonly suppressGroup?: number | undefined;
  /**
   * Routes whose prefix is as long or shorter do not count; 0xffffffff: all count.
   * FRA_SUPPRESS_PREFIXLEN
   */
  readonly suppressPrefixLength?: number | undefined;
  /** Which bits of the mark count. FRA_FWMASK */
  readonly markMask?: number | undefined;
  /** Name of the interface that a socket is bound to. FRA_OIFNAME */
  readonly outputName?: string | undefined;
  /** Whether the table is that of the VRF of the interface. FRA_L3MDEV */
  readonly masterTable?: boolean | undefined;
  /** Users. FRA_UID_RANGE */
  readonly uidRange?: RuleUidRange | undefined;
  /** Who made the rule: RTPROT_*. FRA_PROTOCOL */
  readonly protocol?: number | undefined;
  /** IP protocol. FRA_IP_PROTO */
  readonly ipProtocol?: number | undefined;
  /** Source ports. FRA_SPORT_RANGE */
  readonly sourcePorts?: RulePortRange | undefined;
  /** Destination ports. FRA_DPORT_RANGE */
  readonly destinationPorts?: RulePortRange | undefined;
  /** DSCP, 6 bits. FRA_DSCP */
  readonly dscp?: number | undefined;
  /** Flow label of IPv6, 20 bits. FRA_FLOWLABEL */
  readonly flowLabel?: number | undefined;
  /** Which bits of the flow label count. FRA_FLOWLABEL_MASK */
  readonly flowLabelMask?: number | undefined;
  /** Which bits of the source port count. FRA_SPORT_MASK */
  readonly sourcePortMask?: number | undefined;
  /** Which bits of the destination port count. FRA_DPORT_MASK */
  readonly destinationPortMask?: number | undefined;
  /** Which bits of the DSCP count. FRA_DSCP_MASK */
  readonly dscpMask?: number | undefined;
}

/** A rule as the kernel tells it: RTM_NEWRULE or RTM_DELRULE. */
export interface RuleMessage extends RuleAttributes {
  /** `new`: RTM_NEWRULE. `delete`: RTM_DELRULE. */
  readonly event: 'new' | 'delete';
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** Length of the prefix of the destination in bits. */
  readonly destinationLength: number;
  /** Length of the prefix of the source in bits. */
  readonly sourceLength: number;
  /** Type of service. */
  readonly tos: number;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of FRA_TABLE, when it is there, else of the header.
   */
  readonly table: number;
  /** FR_ACT_*. */
  readonly action: number;
  /** FIB_RULE_*. */
  readonly flags: number;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedRule implements RuleMessage {
  event: 'new' | 'delete';
  family: number;
  destinationLength: number;
  sourceLength: number;
  tos: number;
  table: number;
  action: number;
  flags: number;
  destination: Uint8Array | undefined = undefined;
  source: Uint8Array | undefined = undefined;
  inputName: string | undefined = undefined;
  goto: number | undefined = undefined;
  priority: number | undefined = undefined;
  mark: number | undefined = undefined;
  flow: number | undefined = undefined;
  tunnelId: bigint | undefined = undefined;
  suppressGroup: number | undefined = undefined;
  suppressPrefixLength: number | undefined = undefined;
  markMask: number | undefined = undefined;
  outputName: string | undefined = undefined;
  masterTable: boolean | undefined = undefined;
  uidRange: RuleUidRange | undefined = undefined;
  protocol: number | undefined = undefined;
  ipProtocol: number | undefined = undefined;
  sourcePorts: RulePortRange | undefined = undefined;
  destinationPorts: RulePortRange | undefined = undefined;
  dscp: number | undefined = undefined;
  flowLabel: number | undefined = undefined;
  flowLabelMask: number | undefined = undefined;
  sourcePortMask: number | undefined = undefined;
  destinationPortMask: number | undefined = undefined;
  dscpMask: number | undefined = undefined;
  unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.destinationLength = view.getUint8(offset + 1);
    this.sourceLength = view.getUint8(offset + 2);
    this.tos = view.getUint8(offset + 3);
    this.table = view.getUint8(offset + 4);
    this.action = view.getUint8(offset + 7);
    this.flags = view.getUint32(offset + 8, little);
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
        case 1: // FRA_DST
          this.destination = valueBytes(source, start, end);
          break;
        case 2: // FRA_SRC
          this.source = valueBytes(source, start, end);
          break;
        case 3: // FRA_IIFNAME
          this.inputName = valueString(source, start, end);
          break;
        case 4: // FRA_GOTO
          this.goto = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 6: // FRA_PRIORITY
          this.priority = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 10: // FRA_FWMARK
          this.mark = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 11: // FRA_FLOW
          this.flow = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 12: // FRA_TUN_ID
          this.tunnelId = valueBigEndianU64(source, start, end);
          break;
        case 13: // FRA_SUPPRESS_IFGROUP
          this.suppressGroup = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 14: // FRA_SUPPRESS_PREFIXLEN
          this.suppressPrefixLength = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 15: // FRA_TABLE
          this.table = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 16: // FRA_FWMASK
          this.markMask = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 17: // FRA_OIFNAME
          this.outputName = valueString(source, start, end);
          break;
        case 19: // FRA_L3MDEV
          this.masterTable = valueBool(source, start, end);
          break;
        case 20: // FRA_UID_RANGE
          this.uidRange = readRuleUidRange(source, start, end);
          break;
        case 21: // FRA_PROTOCOL
          this.protocol = valueU8(source, start, end);
          break;
        case 22: // FRA_IP_PROTO
          this.ipProtocol = valueU8(source, start, end);
          break;
        case 23: // FRA_SPORT_RANGE
          this.sourcePorts = readRulePortRange(source, start, end);
          break;
        case 24: // FRA_DPORT_RANGE
          this.destinationPorts = readRulePortRange(source, start, end);
          break;
        case 25: // FRA_DSCP
          this.dscp = valueU8(source, start, end);
          break;
        case 26: // FRA_FLOWLABEL
          this.flowLabel = valueBigEndianU32(source, start, end);
          break;
        case 27: // FRA_FLOWLABEL_MASK
          this.flowLabelMask = valueBigEndianU32(source, start, end);
          break;
        case 28: // FRA_SPORT_MASK
          this.sourcePortMask = valueU16(source, start, end);
          break;
        case 29: // FRA_DPORT_MASK
          this.destinationPortMask = valueU16(source, start, end);
          break;
        case 30: // FRA_DSCP_MASK
          this.dscpMask = valueU8(source, start, end);
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
 * Decodes a rule message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { AF_INET, decodeRule, encodeRule, messages, RTM_NEWRULE } from '@rtap/netlink';
 *
 * const datagram = encodeRule(
 *   RTM_NEWRULE,
 *   { family: AF_INET, table: 4000, priority: 1000, mark: 1 },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const rule = decodeRule(message);
 *   console.log(rule.priority, rule.mark, rule.table); // 1000 1 4000
 * }
 */
export function decodeRule(message: NetlinkMessage, endian: Endian = hostEndian): RuleMessage {
  const event = ruleEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWRULE or RTM_DELRULE message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 12, 'fib_rule_hdr');
  return new DecodedRule(event, source);
}

function ruleEvent(type: number): RuleMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWRULE:
      return 'new';
    case RTM_DELRULE:
      return 'delete';
    default:
      return undefined;
  }
}

/**
 * What to say in a rule request. Only what is given is sent, in the order in which it is given.
 */
export interface RuleRequest extends RuleAttributes {
  /** AF_INET or AF_INET6. @default 0 */
  readonly family?: number | undefined;
  /** Length of the prefix of the destination in bits. @default 0 */
  readonly destinationLength?: number | undefined;
  /** Length of the prefix of the source in bits. @default 0 */
  readonly sourceLength?: number | undefined;
  /** Type of service. @default 0 */
  readonly tos?: number | undefined;
  /**
   * RT_TABLE_*, or a number of 32 bits: that of FRA_TABLE, when it is there, else of the header.
   * @default 0
   */
  readonly table?: number | undefined;
  /** FR_ACT_*. @default 0 */
  readonly action?: number | undefined;
  /** FIB_RULE_*. @default 0 */
  readonly flags?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a rule request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeRule} gave is written as it was,
 * byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWRULE, RTM_DELRULE or RTM_GETRULE.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { AF_INET, encodeRule, FR_ACT_TO_TBL, NLM_F_REQUEST, RTM_DELRULE } from '@rtap/netlink';
 *
 * // ip rule del priority 1000 lookup 100
 * const request = encodeRule(
 *   RTM_DELRULE,
 *   { family: AF_INET, table: 100, action: FR_ACT_TO_TBL, priority: 1000 },
 *   { flags: NLM_F_REQUEST, sequence: 1 },
 * );
 * console.log(request.length); // 36
 */
export function encodeRule(
  type: number,
  request: RuleRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isRuleType(type))
    throw wrongValue('type', 'must be RTM_NEWRULE, RTM_DELRULE or RTM_GETRULE', type);
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedRule.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : readRuleRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeRuleRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 12,
      little,
      read: (body) => readRuleRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeRuleHeader(writer, plain, ''),
      writeProperty: (property) => writeRuleProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
}

function isRuleType(type: number): boolean {
  switch (type) {
    case RTM_NEWRULE:
    case RTM_DELRULE:
    case RTM_GETRULE:
      return true;
    default:
      return false;
  }
}

/**
 * Decodes a rule request, as {@link encodeRule} makes it: for whoever plays the kernel, or wants
 * a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeRuleRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): RuleRequest {
  if (!isRuleType(message.type))
    throw wrongType('message', 'of a type that encodeRule takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readRuleRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readRuleRequest(source: MessageSource, offset: number, limit: number): RuleRequest {
  checkStruct(source, offset, limit, 12, 'fib_rule_hdr');
  const { view, little } = source;
  const into: Filled<RuleRequest> = {
    family: view.getUint8(offset),
    destinationLength: view.getUint8(offset + 1),
    sourceLength: view.getUint8(offset + 2),
    tos: view.getUint8(offset + 3),
    action: view.getUint8(offset + 7),
    flags: view.getUint32(offset + 8, little),
  };
  const base = offset;
  offset += 12;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // FRA_DST
        into.destination = valueBytes(source, start, end);
        break;
      case 2: // FRA_SRC
        into.source = valueBytes(source, start, end);
        break;
      case 3: // FRA_IIFNAME
        into.inputName = valueString(source, start, end);
        break;
      case 4: // FRA_GOTO
        into.goto = valueU32(source, start, end);
        break;
      case 6: // FRA_PRIORITY
        into.priority = valueU32(source, start, end);
        break;
      case 10: // FRA_FWMARK
        into.mark = valueU32(source, start, end);
        break;
      case 11: // FRA_FLOW
        into.flow = valueU32(source, start, end);
        break;
      case 12: // FRA_TUN_ID
        into.tunnelId = valueBigEndianU64(source, start, end);
        break;
      case 13: // FRA_SUPPRESS_IFGROUP
        into.suppressGroup = valueU32(source, start, end);
        break;
      case 14: // FRA_SUPPRESS_PREFIXLEN
        into.suppressPrefixLength = valueU32(source, start, end);
        break;
      case 15: // FRA_TABLE
        into.table = valueU32(source, start, end);
        break;
      case 16: // FRA_FWMASK
        into.markMask = valueU32(source, start, end);
        break;
      case 17: // FRA_OIFNAME
        into.outputName = valueString(source, start, end);
        break;
      case 19: // FRA_L3MDEV
        into.masterTable = valueBool(source, start, end);
        break;
      case 20: // FRA_UID_RANGE
        into.uidRange = readRuleUidRange(source, start, end);
        break;
      case 21: // FRA_PROTOCOL
        into.protocol = valueU8(source, start, end);
        break;
      case 22: // FRA_IP_PROTO
        into.ipProtocol = valueU8(source, start, end);
        break;
      case 23: // FRA_SPORT_RANGE
        into.sourcePorts = readRulePortRange(source, start, end);
        break;
      case 24: // FRA_DPORT_RANGE
        into.destinationPorts = readRulePortRange(source, start, end);
        break;
      case 25: // FRA_DSCP
        into.dscp = valueU8(source, start, end);
        break;
      case 26: // FRA_FLOWLABEL
        into.flowLabel = valueBigEndianU32(source, start, end);
        break;
      case 27: // FRA_FLOWLABEL_MASK
        into.flowLabelMask = valueBigEndianU32(source, start, end);
        break;
      case 28: // FRA_SPORT_MASK
        into.sourcePortMask = valueU16(source, start, end);
        break;
      case 29: // FRA_DPORT_MASK
        into.destinationPortMask = valueU16(source, start, end);
        break;
      case 30: // FRA_DSCP_MASK
        into.dscpMask = valueU8(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  into.table ??= view.getUint8(base + 4);
  return into;
}

function writeRuleRequest(writer: MessageWriter, request: RuleRequest, at = ''): void {
  writeRuleHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeRuleProperty(writer, property, request, at);
}

function writeRuleHeader(writer: MessageWriter, request: RuleRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  putNumber(writer, 'u8', `${at}destinationLength`, request.destinationLength ?? 0);
  putNumber(writer, 'u8', `${at}sourceLength`, request.sourceLength ?? 0);
  putNumber(writer, 'u8', `${at}tos`, request.tos ?? 0);
  const { table = 0 } = request;
  checkInteger(`${at}table`, table, 0, 0xffff_ffff);
  writer.u8(table > 0xff ? 0 : table);
  writer.bytes(new Uint8Array(2));
  putNumber(writer, 'u8', `${at}action`, request.action ?? 0);
  putNumber(writer, 'u32', `${at}flags`, request.flags ?? 0);
}

function writeRuleProperty(
  writer: MessageWriter,
  property: string,
  request: RuleRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'destinationLength':
    case 'sourceLength':
    case 'tos':
    case 'action':
    case 'flags':
    case 'event':
      // In the headers.
      break;
    case 'destination': // FRA_DST
      optionalBytes(writer, 1, at + property, request.destination);
      break;
    case 'source': // FRA_SRC
      optionalBytes(writer, 2, at + property, request.source);
      break;
    case 'inputName': // FRA_IIFNAME
      optionalString(writer, 3, at + property, request.inputName);
      break;
    case 'goto': // FRA_GOTO
      optionalU32(writer, 4, at + property, request.goto);
      break;
    case 'priority': // FRA_PRIORITY
      optionalU32(writer, 6, at + property, request.priority);
      break;
    case 'mark': // FRA_FWMARK
      optionalU32(writer, 10, at + property, request.mark);
      break;
    case 'flow': // FRA_FLOW
      optionalU32(writer, 11, at + property, request.flow);
      break;
    case 'tunnelId': // FRA_TUN_ID
      if (request.tunnelId !== undefined) {
        writer.beginNest(12);
        putNumber(writer, 'u64', at + property, request.tunnelId, true);
        writer.endNest();
      }
      break;
    case 'suppressGroup': // FRA_SUPPRESS_IFGROUP
      optionalU32(writer, 13, at + property, request.suppressGroup);
      break;
    case 'suppressPrefixLength': // FRA_SUPPRESS_PREFIXLEN
      optionalU32(writer, 14, at + property, request.suppressPrefixLength);
      break;
    case 'table': // FRA_TABLE
      if ((request.table ?? 0) > 0xff) optionalU32(writer, 15, at + property, request.table);
      break;
    case 'markMask': // FRA_FWMASK
      optionalU32(writer, 16, at + property, request.markMask);
      break;
    case 'outputName': // FRA_OIFNAME
      optionalString(writer, 17, at + property, request.outputName);
      break;
    case 'masterTable': // FRA_L3MDEV
      if (request.masterTable !== undefined) {
        writer.attributeU8(19, request.masterTable ? 1 : 0);
      }
      break;
    case 'uidRange': // FRA_UID_RANGE
      if (request.uidRange !== undefined) {
        writer.beginNest(20);
        writeRuleUidRange(writer, request.uidRange, at + property);
        writer.endNest();
      }
      break;
    case 'protocol': // FRA_PROTOCOL
      optionalU8(writer, 21, at + property, request.protocol);
      break;
    case 'ipProtocol': // FRA_IP_PROTO
      optionalU8(writer, 22, at + property, request.ipProtocol);
      break;
    case 'sourcePorts': // FRA_SPORT_RANGE
      if (request.sourcePorts !== undefined) {
        writer.beginNest(23);
        writeRulePortRange(writer, request.sourcePorts, at + property);
        writer.endNest();
      }
      break;
    case 'destinationPorts': // FRA_DPORT_RANGE
      if (request.destinationPorts !== undefined) {
        writer.beginNest(24);
        writeRulePortRange(writer, request.destinationPorts, at + property);
        writer.endNest();
      }
      break;
    case 'dscp': // FRA_DSCP
      optionalU8(writer, 25, at + property, request.dscp);
      break;
    case 'flowLabel': // FRA_FLOWLABEL
      if (request.flowLabel !== undefined) {
        writer.beginNest(26);
        putNumber(writer, 'u32', at + property, request.flowLabel, true);
        writer.endNest();
      }
      break;
    case 'flowLabelMask': // FRA_FLOWLABEL_MASK
      if (request.flowLabelMask !== undefined) {
        writer.beginNest(27);
        putNumber(writer, 'u32', at + property, request.flowLabelMask, true);
        writer.endNest();
      }
      break;
    case 'sourcePortMask': // FRA_SPORT_MASK
      if (request.sourcePortMask !== undefined) {
        writer.beginNest(28);
        putNumber(writer, 'u16', at + property, request.sourcePortMask);
        writer.endNest();
      }
      break;
    case 'destinationPortMask': // FRA_DPORT_MASK
      if (request.destinationPortMask !== undefined) {
        writer.beginNest(29);
        putNumber(writer, 'u16', at + property, request.destinationPortMask);
        writer.endNest();
      }
      break;
    case 'dscpMask': // FRA_DSCP_MASK
      optionalU8(writer, 30, at + property, request.dscpMask);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of RuleRequest only',
        property,
      );
  }
}
