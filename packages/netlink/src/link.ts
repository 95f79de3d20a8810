/**
 * Links: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK, linux/if_link.h.
 *
 * Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and
 * what is decoded late (`stats64`, `unknown`) reads it then: whoever uses a receive buffer again
 * reads or copies first.
 *
 * @module
 */

import { checkInteger, wrongType, wrongValue } from './argument.ts';
import { AttributeReader, type RawAttribute } from './attribute.ts';
import { attributeLength, checkHeader, collectAttributes, short } from './body.ts';
import {
  IFLA_ADDRESS,
  IFLA_ALLMULTI,
  IFLA_ALT_IFNAME,
  IFLA_BROADCAST,
  IFLA_CARRIER,
  IFLA_CARRIER_CHANGES,
  IFLA_CARRIER_DOWN_COUNT,
  IFLA_CARRIER_UP_COUNT,
  IFLA_EXT_MASK,
  IFLA_GROUP,
  IFLA_IFALIAS,
  IFLA_IFNAME,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_INFO_SLAVE_DATA,
  IFLA_INFO_SLAVE_KIND,
  IFLA_LINK,
  IFLA_LINK_NETNSID,
  IFLA_LINKINFO,
  IFLA_LINKMODE,
  IFLA_MASTER,
  IFLA_MAX_MTU,
  IFLA_MIN_MTU,
  IFLA_MTU,
  IFLA_NET_NS_FD,
  IFLA_NET_NS_PID,
  IFLA_NEW_IFINDEX,
  IFLA_NEW_NETNSID,
  IFLA_NUM_RX_QUEUES,
  IFLA_NUM_TX_QUEUES,
  IFLA_OPERSTATE,
  IFLA_PERM_ADDRESS,
  IFLA_PROMISCUITY,
  IFLA_PROP_LIST,
  IFLA_QDISC,
  IFLA_STATS64,
  IFLA_TARGET_NETNSID,
  IFLA_TXQLEN,
  NLA_HDRLEN,
  NLA_TYPE_MASK,
  NLMSG_HDRLEN,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_SETLINK,
} from './constants.ts';
import { hostEndian, type Endian } from './endian.ts';
import { loadI32, loadString, loadU16, loadU32 } from './load.ts';
import type { NetlinkMessage } from './message.ts';
import {
  optionalBytes,
  optionalI32,
  optionalString,
  optionalU32,
  optionalU8,
  type RequestHeader,
} from './request.ts';
import { readStatistics, STATISTICS_FIELDS, type LinkStatistics } from './statistics.ts';
import { MessageWriter } from './writer.ts';

/** Length of `struct ifinfomsg`. */
const HEADER_LENGTH = 16;
/** Length of an attribute that holds 32 bits, its header included. */
const WORD = 8;
/** Length of an attribute that holds 8 bits, its header included. */
const BYTE = 5;

/** Operational state: IF_OPER_* of linux/if.h, ifOperStatus of RFC 2863. */
export type OperState =
  'unknown' | 'notPresent' | 'down' | 'lowerLayerDown' | 'testing' | 'dormant' | 'up';

/** By number, from 0. */
const OPER_STATES: readonly OperState[] = [
  'unknown',
  'notPresent',
  'down',
  'lowerLayerDown',
  'testing',
  'dormant',
  'up',
];

/** Kind of an interface and what belongs to the kind: IFLA_LINKINFO. */
export interface LinkInfo {
  /** Kind: `tun`, `veth`, `bridge` ... */
  readonly kind?: string | undefined;
  /** Attributes of the kind, not decoded. */
  readonly data?: Uint8Array | undefined;
  /** Kind of the master of this port: `bridge`, `bond` ... */
  readonly slaveKind?: string | undefined;
  /** Attributes of the port, not decoded. */
  readonly slaveData?: Uint8Array | undefined;
}

/** What a link message and a link request can both say, header apart. */
export interface LinkAttributes {
  /** Name. IFLA_IFNAME */
  readonly name?: string | undefined;
  /** Maximum transmission unit in bytes, Ethernet header not counted. IFLA_MTU */
  readonly mtu?: number | undefined;
  /** Least MTU that can be set. IFLA_MIN_MTU */
  readonly minMtu?: number | undefined;
  /** Greatest MTU that can be set; 0: no limit. IFLA_MAX_MTU */
  readonly maxMtu?: number | undefined;
  /** Link-layer address, such as six bytes of a MAC address. IFLA_ADDRESS */
  readonly address?: Uint8Array | undefined;
  /** Link-layer broadcast address. IFLA_BROADCAST */
  readonly broadcast?: Uint8Array | undefined;
  /** Link-layer address that the hardware came with. IFLA_PERM_ADDRESS */
  readonly permanentAddress?: Uint8Array | undefined;
  /** Operational state; a number beyond RFC 2863's is `unknown`. IFLA_OPERSTATE */
  readonly operState?: OperState | undefined;
  /** Link mode: 0 default, 1 dormant, 2 testing. IFLA_LINKMODE */
  readonly linkMode?: number | undefined;
  /** Whether there is a carrier. IFLA_CARRIER */
  readonly carrier?: boolean | undefined;
  /** How often the carrier came or went. IFLA_CARRIER_CHANGES */
  readonly carrierChanges?: number | undefined;
  /** How often it came. IFLA_CARRIER_UP_COUNT */
  readonly carrierUpCount?: number | undefined;
  /** How often it went. IFLA_CARRIER_DOWN_COUNT */
  readonly carrierDownCount?: number | undefined;
  /** Length of the transmit queue in packets. IFLA_TXQLEN */
  readonly txQueueLength?: number | undefined;
  /** Number of transmit queues. IFLA_NUM_TX_QUEUES */
  readonly txQueues?: number | undefined;
  /** Number of receive queues. IFLA_NUM_RX_QUEUES */
  readonly rxQueues?: number | undefined;
  /** How many want the interface promiscuous. IFLA_PROMISCUITY */
  readonly promiscuity?: number | undefined;
  /** How many want all multicast. IFLA_ALLMULTI */
  readonly allMulticast?: number | undefined;
  /** Group. IFLA_GROUP */
  readonly group?: number | undefined;
  /** Index of the master, such as a bridge; 0 in a request: none. IFLA_MASTER */
  readonly master?: number | undefined;
  /** Index of the interface below or of the peer, in `linkNetnsId`. IFLA_LINK */
  readonly link?: number | undefined;
  /** Id of the namespace that `link` is in, when it is another one. IFLA_LINK_NETNSID */
  readonly linkNetnsId?: number | undefined;
  /** Id of the namespace that the interface moves to: of a delete that is a move. IFLA_NEW_NETNSID */
  readonly newNetnsId?: number | undefined;
  /** Its index there: of a delete that is a move; in a request: the index to get. IFLA_NEW_IFINDEX */
  readonly newIndex?: number | undefined;
  /** Queueing discipline. IFLA_QDISC */
  readonly queueDiscipline?: string | undefined;
  /** Alias, for people. IFLA_IFALIAS */
  readonly alias?: string | undefined;
  /** Alternative names. IFLA_PROP_LIST */
  readonly alternativeNames?: readonly string[] | undefined;
  /** Kind and what belongs to it. IFLA_LINKINFO */
  readonly info?: LinkInfo | undefined;
}

/** A link as the kernel tells it: RTM_NEWLINK or RTM_DELLINK. */
export interface LinkMessage extends LinkAttributes {
  /** `new`: RTM_NEWLINK, the link is there, new or changed. `delete`: RTM_DELLINK. */
  readonly event: 'new' | 'delete';
  /** AF_UNSPEC; AF_BRIDGE of a message of the bridge: its delete is a port that left its bridge. */
  readonly family: number;
  /** Device type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. */
  readonly deviceType: number;
  /** Index, by which the kernel tells interfaces apart. */
  readonly index: number;
  /** IFF_*. */
  readonly flags: number;
  /** The flags that have changed; 0xffffffff when everything has. */
  readonly change: number;
  /** Counters. A getter: they are read from the datagram when first asked for. IFLA_STATS64 */
  readonly stats64: LinkStatistics | undefined;
  /**
   * The attributes that are not, or not wholly, in the fields: among them those with an operational
   * state that has no name here. A getter: read from the datagram when first asked for.
   */
  readonly unknown: readonly RawAttribute[];
}

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class DecodedLink implements LinkMessage {
  event: 'new' | 'delete';
  family: number;
  deviceType: number;
  index: number;
  flags: number;
  change: number;
  name: string | undefined = undefined;
  mtu: number | undefined = undefined;
  minMtu: number | undefined = undefined;
  maxMtu: number | undefined = undefined;
  address: Uint8Array | undefined = undefined;
  broadcast: Uint8Array | undefined = undefined;
  permanentAddress: Uint8Array | undefined = undefined;
  operState: OperState | undefined = undefined;
  linkMode: number | undefined = undefined;
  carrier: boolean | undefined = undefined;
  carrierChanges: number | undefined = undefined;
  carrierUpCount: number | undefined = undefined;
  carrierDownCount: number | undefined = undefined;
  txQueueLength: number | undefined = undefined;
  txQueues: number | undefined = undefined;
  rxQueues: number | undefined = undefined;
  promiscuity: number | undefined = undefined;
  allMulticast: number | undefined = undefined;
  group: number | undefined = undefined;
  master: number | undefined = undefined;
  link: number | undefined = undefined;
  linkNetnsId: number | undefined = undefined;
  newNetnsId: number | undefined = undefined;
  newIndex: number | undefined = undefined;
  queueDiscipline: string | undefined = undefined;
  alias: string | undefined = undefined;
  alternativeNames: readonly string[] | undefined = undefined;
  info: LinkInfo | undefined = undefined;
  readonly #body: Uint8Array;
  readonly #little: boolean;
  #statsStart = 0;
  #statsEnd = 0;
  #stats: LinkStatistics | undefined = undefined;
  #unknown: readonly RawAttribute[] | undefined = undefined;

  constructor(event: 'new' | 'delete', body: Uint8Array, little: boolean) {
    this.event = event;
    this.family = body[0]!;
    this.deviceType = loadU16(body, 2, little);
    this.index = loadI32(body, 4, little);
    this.flags = loadU32(body, 8, little);
    this.change = loadU32(body, 12, little);
    this.#body = body;
    this.#little = little;
  }

  get stats64(): LinkStatistics | undefined {
    if (this.#stats === undefined && this.#statsStart > 0) {
      this.#stats = readStatistics(this.#body, this.#statsStart, this.#statsEnd, this.#little);
    }
    return this.#stats;
  }

  get unknown(): readonly RawAttribute[] {
    const body = this.#body;
    this.#unknown ??= collectAttributes(body, HEADER_LENGTH, this.#little, (type, start, end) =>
      isUnknown(body, type & NLA_TYPE_MASK, start, end, this.#little),
    );
    return this.#unknown;
  }

  setStatistics(start: number, end: number): void {
    this.#statsStart = start;
    this.#statsEnd = end;
  }
}

/**
 * Decodes a link message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is what
 * the message does not say. `address` and other bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 *
 * @example
 * import { decodeLink, encodeLink, IFF_RUNNING, IFF_UP, messages, RTM_NEWLINK } from '@rtap/netlink';
 *
 * const datagram = encodeLink(
 *   RTM_NEWLINK,
 *   { index: 3, flags: IFF_UP | IFF_RUNNING, name: 'tap0', mtu: 1500, operState: 'up' },
 *   { flags: 0, sequence: 0 },
 * );
 * for (const message of messages(datagram)) {
 *   const link = decodeLink(message);
 *   console.log(link.name, link.mtu, link.operState); // tap0 1500 up
 * }
 */
export function decodeLink(message: NetlinkMessage, endian: Endian = hostEndian): LinkMessage {
  const { type, body } = message;
  if (type !== RTM_NEWLINK && type !== RTM_DELLINK) {
    throw wrongType('message', 'an RTM_NEWLINK or RTM_DELLINK message', type);
  }
  return readLink(type === RTM_NEWLINK ? 'new' : 'delete', body, endian === 'little');
}

function readLink(event: 'new' | 'delete', body: Uint8Array, little: boolean): DecodedLink {
  checkHeader(body, HEADER_LENGTH, 'ifinfomsg');
  const link = new DecodedLink(event, body, little);
  const limit = body.length;
  let offset = HEADER_LENGTH;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
    const word = length < WORD ? 0 : loadI32(body, start, little);
    // Literals, as the engine makes no jump table of names: a third of the whole time.
    switch (loadU16(body, offset + 2, little) & NLA_TYPE_MASK) {
      case 1: // IFLA_ADDRESS
        link.address = body.subarray(start, end);
        break;
      case 2: // IFLA_BROADCAST
        link.broadcast = body.subarray(start, end);
        break;
      case 3: // IFLA_IFNAME
        link.name = loadString(body, start, end);
        break;
      case 4: // IFLA_MTU
        link.mtu = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 5: // IFLA_LINK
        link.link = length < WORD ? short(start, end, 4) : word;
        break;
      case 6: // IFLA_QDISC
        link.queueDiscipline = loadString(body, start, end);
        break;
      case 10: // IFLA_MASTER
        link.master = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 13: // IFLA_TXQLEN
        link.txQueueLength = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 16: // IFLA_OPERSTATE
        link.operState =
          OPER_STATES[length < BYTE ? short(start, end, 1) : body[start]!] ?? 'unknown';
        break;
      case 17: // IFLA_LINKMODE
        link.linkMode = length < BYTE ? short(start, end, 1) : body[start];
        break;
      case 18: // IFLA_LINKINFO
        link.info = readInfo(body, start, end, little);
        break;
      case 20: // IFLA_IFALIAS
        link.alias = loadString(body, start, end);
        break;
      case 23: // IFLA_STATS64
        link.setStatistics(start, end);
        break;
      case 27: // IFLA_GROUP
        link.group = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 30: // IFLA_PROMISCUITY
        link.promiscuity = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 31: // IFLA_NUM_TX_QUEUES
        link.txQueues = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 32: // IFLA_NUM_RX_QUEUES
        link.rxQueues = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 33: // IFLA_CARRIER
        link.carrier = (length < BYTE ? short(start, end, 1) : body[start]) !== 0;
        break;
      case 35: // IFLA_CARRIER_CHANGES
        link.carrierChanges = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 37: // IFLA_LINK_NETNSID
        link.linkNetnsId = length < WORD ? short(start, end, 4) : word;
        break;
      case 45: // IFLA_NEW_NETNSID
        link.newNetnsId = length < WORD ? short(start, end, 4) : word;
        break;
      case 47: // IFLA_CARRIER_UP_COUNT
        link.carrierUpCount = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 48: // IFLA_CARRIER_DOWN_COUNT
        link.carrierDownCount = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 49: // IFLA_NEW_IFINDEX
        link.newIndex = length < WORD ? short(start, end, 4) : word;
        break;
      case 50: // IFLA_MIN_MTU
        link.minMtu = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 51: // IFLA_MAX_MTU
        link.maxMtu = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      case 52: // IFLA_PROP_LIST
        link.alternativeNames = readAlternativeNames(body, start, end, little);
        break;
      case 54: // IFLA_PERM_ADDRESS
        link.permanentAddress = body.subarray(start, end);
        break;
      case 61: // IFLA_ALLMULTI
        link.allMulticast = length < WORD ? short(start, end, 4) : word >>> 0;
        break;
      default:
    }
    offset += (length + 3) & ~3;
  }
  return link;
}

function readInfo(body: Uint8Array, offset: number, limit: number, little: boolean): LinkInfo {
  let kind: string | undefined;
  let data: Uint8Array | undefined;
  let slaveKind: string | undefined;
  let slaveData: Uint8Array | undefined;
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;
    switch (loadU16(body, offset + 2, little) & NLA_TYPE_MASK) {
      case IFLA_INFO_KIND:
        kind = loadString(body, start, end);
        break;
      case IFLA_INFO_DATA:
        data = body.subarray(start, end);
        break;
      case IFLA_INFO_SLAVE_KIND:
        slaveKind = loadString(body, start, end);
        break;
      case IFLA_INFO_SLAVE_DATA:
        slaveData = body.subarray(start, end);
        break;
      default:
    }
    offset += (length + 3) & ~3;
  }
  return { kind, data, slaveKind, slaveData };
}

function readAlternativeNames(
  body: Uint8Array,
  offset: number,
  limit: number,
  little: boolean,
): string[] {
  const names: string[] = [];
  while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    if ((loadU16(body, offset + 2, little) & NLA_TYPE_MASK) === IFLA_ALT_IFNAME) {
      names.push(loadString(body, offset + NLA_HDRLEN, offset + length));
    }
    offset += (length + 3) & ~3;
  }
  return names;
}

/** Whether a field does not hold all that this attribute says. */
function isUnknown(
  body: Uint8Array,
  type: number,
  start: number,
  end: number,
  little: boolean,
): boolean {
  switch (type) {
    case IFLA_ADDRESS:
    case IFLA_BROADCAST:
    case IFLA_IFNAME:
    case IFLA_MTU:
    case IFLA_LINK:
    case IFLA_QDISC:
    case IFLA_MASTER:
    case IFLA_TXQLEN:
    case IFLA_LINKMODE:
    case IFLA_IFALIAS:
    case IFLA_STATS64:
    case IFLA_GROUP:
    case IFLA_PROMISCUITY:
    case IFLA_NUM_TX_QUEUES:
    case IFLA_NUM_RX_QUEUES:
    case IFLA_CARRIER:
    case IFLA_CARRIER_CHANGES:
    case IFLA_LINK_NETNSID:
    case IFLA_NEW_NETNSID:
    case IFLA_CARRIER_UP_COUNT:
    case IFLA_CARRIER_DOWN_COUNT:
    case IFLA_NEW_IFINDEX:
    case IFLA_MIN_MTU:
    case IFLA_MAX_MTU:
    case IFLA_PERM_ADDRESS:
    case IFLA_ALLMULTI:
      return false;
    case IFLA_OPERSTATE:
      return OPER_STATES[body[start]!] === undefined;
    case IFLA_LINKINFO:
      return holdsOther(body, start, end, little, isInfoField);
    case IFLA_PROP_LIST:
      return holdsOther(body, start, end, little, (inner) => inner === IFLA_ALT_IFNAME);
    default:
      return true;
  }
}

function isInfoField(type: number): boolean {
  return (
    type === IFLA_INFO_KIND ||
    type === IFLA_INFO_DATA ||
    type === IFLA_INFO_SLAVE_KIND ||
    type === IFLA_INFO_SLAVE_DATA
  );
}

function holdsOther(
  body: Uint8Array,
  start: number,
  end: number,
  little: boolean,
  isField: (type: number) => boolean,
): boolean {
  const other = collectAttributes(
    body.subarray(0, end),
    start,
    little,
    (type) => !isField(type & NLA_TYPE_MASK),
  );
  return other.length > 0;
}

/** What to say in a link request. Only what is given is sent, in the order in which it is given. */
export interface LinkRequest extends LinkAttributes {
  /** @default AF_UNSPEC */
  readonly family?: number | undefined;
  /** Device type. @default 0 */
  readonly deviceType?: number | undefined;
  /** Index of the interface; 0: told by name, or new. @default 0 */
  readonly index?: number | undefined;
  /** IFF_* to be set, of those in `change`. @default 0 */
  readonly flags?: number | undefined;
  /** The flags that are to change. @default 0 */
  readonly change?: number | undefined;
  /** Network namespace to move to, as a file descriptor of the sender. IFLA_NET_NS_FD */
  readonly netnsFd?: number | undefined;
  /** Network namespace to move to, as that of a process. IFLA_NET_NS_PID */
  readonly netnsPid?: number | undefined;
  /** Id of the namespace that the request is about. IFLA_TARGET_NETNSID */
  readonly targetNetnsId?: number | undefined;
  /** What to tell in addition and what to leave out: RTEXT_FILTER_*. IFLA_EXT_MASK */
  readonly extensionMask?: number | undefined;
  /** Counters: for who plays the kernel. IFLA_STATS64 */
  readonly stats64?: LinkStatistics | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a link request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of `request`,
 * and are as iproute2 writes them: `alias` and kinds without a NUL, IFLA_LINKINFO without
 * NLA_F_NESTED, IFLA_PROP_LIST with it. The bytes are the caller's.
 *
 * @param type RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK or RTM_SETLINK; RTM_NEWLINKPROP or
 * RTM_DELLINKPROP for alternative names.
 * @param endian Byte order. Default: that of the host.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`) or RangeError
 * (`ERR_OUT_OF_RANGE`) when something cannot be written.
 *
 * @example
 * import { encodeLink, IFF_UP, NLM_F_ACK, NLM_F_REQUEST, RTM_NEWLINK } from '@rtap/netlink';
 *
 * // ip link set dev INTERFACE up, for the interface with index 3
 * const request = encodeLink(
 *   RTM_NEWLINK,
 *   { index: 3, flags: IFF_UP, change: IFF_UP },
 *   { flags: NLM_F_REQUEST | NLM_F_ACK, sequence: 1 },
 * );
 * console.log(request.length); // 32
 */
export function encodeLink(
  type: number,
  request: LinkRequest,
  header: RequestHeader,
  endian: Endian = hostEndian,
): Uint8Array {
  if (!isLinkType(type)) throw wrongValue('type', 'must be RTM_*LINK or RTM_*LINKPROP', type);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const { family = 0, deviceType = 0, index = 0, flags = 0, change = 0 } = request;
  checkInteger('family', family, 0, 0xff);
  checkInteger('deviceType', deviceType, 0, 0xffff);
  checkInteger('index', index, -0x8000_0000, 0x7fff_ffff);
  checkInteger('flags', flags, 0, 0xffff_ffff);
  checkInteger('change', change, 0, 0xffff_ffff);
  writer.u8(family).u8(0).u16(deviceType).i32(index).u32(flags).u32(change);
  for (const property of Object.keys(request)) writeProperty(writer, property, request);
  return writer.finish();
}

/**
 * Decodes a link request, as {@link encodeLink} makes it: for whoever plays the kernel.
 *
 * What is not in the fields, or not wholly, is in `raw`. Bytes are views of the datagram, and the
 * counters are read at once.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeLinkRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): LinkRequest {
  const { type, body } = message;
  if (!isLinkType(type)) throw wrongType('message', 'an RTM_*LINK or RTM_*LINKPROP message', type);
  const link = readLink('new', body, endian === 'little');
  let netnsFd: number | undefined;
  let netnsPid: number | undefined;
  let targetNetnsId: number | undefined;
  let extensionMask: number | undefined;
  const rest = body.subarray(HEADER_LENGTH);
  const attributes = new AttributeReader(rest, endian, NLMSG_HDRLEN + HEADER_LENGTH);
  while (attributes.next()) {
    switch (attributes.type) {
      case IFLA_NET_NS_FD:
        netnsFd = attributes.u32();
        break;
      case IFLA_NET_NS_PID:
        netnsPid = attributes.u32();
        break;
      case IFLA_TARGET_NETNSID:
        targetNetnsId = attributes.i32();
        break;
      case IFLA_EXT_MASK:
        extensionMask = attributes.u32();
        break;
      default:
    }
  }
  attributes.finish();
  const raw = link.unknown.filter((attribute) => !isRequestField(attribute.type & NLA_TYPE_MASK));
  const { event: _, ...fields } = link;
  return {
    ...fields,
    stats64: link.stats64,
    netnsFd,
    netnsPid,
    targetNetnsId,
    extensionMask,
    raw: raw.length > 0 ? raw : undefined,
  };
}

function isLinkType(type: number): boolean {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
    case RTM_GETLINK:
    case RTM_SETLINK:
    case RTM_NEWLINKPROP:
    case RTM_DELLINKPROP:
      return true;
    default:
      return false;
  }
}

function isRequestField(type: number): boolean {
  switch (type) {
    case IFLA_NET_NS_FD:
    case IFLA_NET_NS_PID:
    case IFLA_TARGET_NETNSID:
    case IFLA_EXT_MASK:
      return true;
    default:
      return false;
  }
}

function writeProperty(writer: MessageWriter, property: string, request: LinkRequest): void {
  switch (property) {
    case 'family':
    case 'deviceType':
    case 'index':
    case 'flags':
    case 'change':
      // In the fixed header.
      break;
    case 'name':
      optionalString(writer, IFLA_IFNAME, property, request.name);
      break;
    case 'mtu':
      optionalU32(writer, IFLA_MTU, property, request.mtu);
      break;
    case 'minMtu':
      optionalU32(writer, IFLA_MIN_MTU, property, request.minMtu);
      break;
    case 'maxMtu':
      optionalU32(writer, IFLA_MAX_MTU, property, request.maxMtu);
      break;
    case 'address':
      optionalBytes(writer, IFLA_ADDRESS, property, request.address);
      break;
    case 'broadcast':
      optionalBytes(writer, IFLA_BROADCAST, property, request.broadcast);
      break;
    case 'permanentAddress':
      optionalBytes(writer, IFLA_PERM_ADDRESS, property, request.permanentAddress);
      break;
    case 'operState':
      if (request.operState !== undefined) {
        const state = OPER_STATES.indexOf(request.operState);
        if (state < 0) throw wrongValue('operState', 'must be an OperState', request.operState);
        writer.attributeU8(IFLA_OPERSTATE, state);
      }
      break;
    case 'linkMode':
      optionalU8(writer, IFLA_LINKMODE, property, request.linkMode);
      break;
    case 'carrier':
      if (request.carrier !== undefined) writer.attributeU8(IFLA_CARRIER, request.carrier ? 1 : 0);
      break;
    case 'carrierChanges':
      optionalU32(writer, IFLA_CARRIER_CHANGES, property, request.carrierChanges);
      break;
    case 'carrierUpCount':
      optionalU32(writer, IFLA_CARRIER_UP_COUNT, property, request.carrierUpCount);
      break;
    case 'carrierDownCount':
      optionalU32(writer, IFLA_CARRIER_DOWN_COUNT, property, request.carrierDownCount);
      break;
    case 'txQueueLength':
      optionalU32(writer, IFLA_TXQLEN, property, request.txQueueLength);
      break;
    case 'txQueues':
      optionalU32(writer, IFLA_NUM_TX_QUEUES, property, request.txQueues);
      break;
    case 'rxQueues':
      optionalU32(writer, IFLA_NUM_RX_QUEUES, property, request.rxQueues);
      break;
    case 'promiscuity':
      optionalU32(writer, IFLA_PROMISCUITY, property, request.promiscuity);
      break;
    case 'allMulticast':
      optionalU32(writer, IFLA_ALLMULTI, property, request.allMulticast);
      break;
    case 'group':
      optionalU32(writer, IFLA_GROUP, property, request.group);
      break;
    case 'master':
      optionalU32(writer, IFLA_MASTER, property, request.master);
      break;
    case 'link':
      optionalI32(writer, IFLA_LINK, property, request.link);
      break;
    case 'linkNetnsId':
      optionalI32(writer, IFLA_LINK_NETNSID, property, request.linkNetnsId);
      break;
    case 'newNetnsId':
      optionalI32(writer, IFLA_NEW_NETNSID, property, request.newNetnsId);
      break;
    case 'newIndex':
      optionalI32(writer, IFLA_NEW_IFINDEX, property, request.newIndex);
      break;
    case 'queueDiscipline':
      optionalString(writer, IFLA_QDISC, property, request.queueDiscipline);
      break;
    case 'alias':
      optionalString(writer, IFLA_IFALIAS, property, request.alias, false);
      break;
    case 'alternativeNames':
      if (request.alternativeNames !== undefined) {
        writer.beginNest(IFLA_PROP_LIST, { flag: true });
        for (const name of request.alternativeNames) writer.attributeString(IFLA_ALT_IFNAME, name);
        writer.endNest();
      }
      break;
    case 'info':
      if (request.info !== undefined) writeInfo(writer, request.info);
      break;
    case 'netnsFd':
      optionalU32(writer, IFLA_NET_NS_FD, property, request.netnsFd);
      break;
    case 'netnsPid':
      optionalU32(writer, IFLA_NET_NS_PID, property, request.netnsPid);
      break;
    case 'targetNetnsId':
      optionalI32(writer, IFLA_TARGET_NETNSID, property, request.targetNetnsId);
      break;
    case 'extensionMask':
      optionalU32(writer, IFLA_EXT_MASK, property, request.extensionMask);
      break;
    case 'stats64':
      if (request.stats64 !== undefined) writeStatistics(writer, request.stats64);
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue('request', 'must have properties of LinkRequest only', property);
  }
}

function writeInfo(writer: MessageWriter, info: LinkInfo): void {
  writer.beginNest(IFLA_LINKINFO);
  optionalString(writer, IFLA_INFO_KIND, 'info.kind', info.kind, false);
  optionalBytes(writer, IFLA_INFO_DATA, 'info.data', info.data);
  optionalString(writer, IFLA_INFO_SLAVE_KIND, 'info.slaveKind', info.slaveKind, false);
  optionalBytes(writer, IFLA_INFO_SLAVE_DATA, 'info.slaveData', info.slaveData);
  writer.endNest();
}

function writeStatistics(writer: MessageWriter, statistics: LinkStatistics): void {
  writer.beginNest(IFLA_STATS64);
  for (const field of STATISTICS_FIELDS) writer.u64(statistics[field]);
  writer.endNest();
}
