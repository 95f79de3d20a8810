/**
 * The decoder of link messages: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongType } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkStruct,
  findAttribute,
  NONE,
  push,
  short,
  valueBool,
  valueEnd,
  valueS32,
  valueString,
  valueU16,
  valueU32,
  valueU8,
  valueUint,
} from '../body.ts';
import { RTM_DELLINK, RTM_NEWLINK } from '../constants.ts';
import { type Endian, hostEndian } from '../endian.ts';
import { type BridgePortData, readBridgePortData } from './bridge-port.ts';
import { type BridgeAfSpec, readBridgeAfSpec } from './bridge.ts';
import { type LinkDevlinkPort, readLinkDevlinkPort } from './devlink-port.ts';
import { type LinkDpllPin, readLinkDpllPin } from './dpll-pin.ts';
import { type LinkAfSpec, type LinkInet6, readLinkAfSpec, readLinkInet6 } from './inet.ts';
import { type LinkMap, readLinkMap } from './map.ts';
import { type LinkProtoDownReason, readLinkProtoDownReason } from './proto-down.ts';
import { DecodedLinkInfo } from './read.ts';
import {
  type LinkStatistics,
  type LinkStatistics32,
  readLinkStatistics,
  readLinkStatistics32,
} from './statistics.ts';
import { type LinkInfo, type LinkMessage, OPER_STATE_NAMES, type OperState } from './types.ts';
import {
  type LinkPort,
  readLinkPort,
  readVirtualFunction,
  type VirtualFunction,
} from './virtual-function.ts';
import { type LinkXdp, readLinkXdp } from './xdp.ts';
import { holdsOther, readList } from '../list.ts';
import { type NetlinkMessage, sourceOf } from '../message.ts';
import { type MessageSource, valueBytes } from '../source.ts';

/** The shape is the same for every message, so that code that reads it stays monomorphic. */
export class DecodedLink implements LinkMessage {
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
  #bridgeSpec: BridgeAfSpec | number = 0;
  #afSpec: LinkAfSpec | number = 0;
  #stats64: LinkStatistics | number = 0;
  readonly #unknown: readonly RawAttribute[];
  readonly #source: MessageSource;

  constructor(event: 'new' | 'delete', source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    this.family = view.getUint8(offset);
    this.deviceType = view.getUint16(offset + 2, little);
    this.index = view.getInt32(offset + 4, little);
    this.flags = view.getUint32(offset + 8, little);
    this.change = view.getUint32(offset + 12, little);
    offset += 16;
    let unknown: RawAttribute[] | undefined;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
      const word = length < 8 ? 0 : view.getInt32(start, little);
      switch (type & 0x3fff) {
        case 3: // IFLA_IFNAME
          this.name = valueString(source, start, end);
          break;
        case 4: // IFLA_MTU
          this.mtu = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 50: // IFLA_MIN_MTU
          this.minMtu = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 51: // IFLA_MAX_MTU
          this.maxMtu = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 1: // IFLA_ADDRESS
          this.address = valueBytes(source, start, end);
          break;
        case 2: // IFLA_BROADCAST
          this.broadcast = valueBytes(source, start, end);
          break;
        case 54: // IFLA_PERM_ADDRESS
          this.permanentAddress = valueBytes(source, start, end);
          break;
        case 16: // IFLA_OPERSTATE
          {
            const named = OPER_STATE_NAMES[valueU8(source, start, end)];
            if (named === undefined) unknown = push(unknown, type, source, start, end);
            this.operState = named ?? 'unknown';
          }
          break;
        case 17: // IFLA_LINKMODE
          this.linkMode = valueU8(source, start, end);
          break;
        case 33: // IFLA_CARRIER
          this.carrier = valueBool(source, start, end);
          break;
        case 35: // IFLA_CARRIER_CHANGES
          this.carrierChanges = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 47: // IFLA_CARRIER_UP_COUNT
          this.carrierUpCount = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 48: // IFLA_CARRIER_DOWN_COUNT
          this.carrierDownCount = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 13: // IFLA_TXQLEN
          this.txQueueLength = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 31: // IFLA_NUM_TX_QUEUES
          this.txQueues = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 32: // IFLA_NUM_RX_QUEUES
          this.rxQueues = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 30: // IFLA_PROMISCUITY
          this.promiscuity = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 61: // IFLA_ALLMULTI
          this.allMulticast = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 27: // IFLA_GROUP
          this.group = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 10: // IFLA_MASTER
          this.master = length < 8 ? short(source, start, end, 4) : word >>> 0;
          break;
        case 5: // IFLA_LINK
          this.link = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 37: // IFLA_LINK_NETNSID
          this.linkNetnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 45: // IFLA_NEW_NETNSID
          this.newNetnsId = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 49: // IFLA_NEW_IFINDEX
          this.newIndex = length < 8 ? short(source, start, end, 4) : word;
          break;
        case 6: // IFLA_QDISC
          this.queueDiscipline = valueString(source, start, end);
          break;
        case 20: // IFLA_IFALIAS
          this.alias = valueString(source, start, end);
          break;
        case 52: // IFLA_PROP_LIST
          this.alternativeNames = readList(source, start, end, 53, valueString);
          if (holdsOther(source, start, end, 53)) unknown = push(unknown, type, source, start, end);
          break;
        case 18: // IFLA_LINKINFO
          this.info = new DecodedLinkInfo(source, start, end);
          if (this.info.unknown !== undefined) unknown = push(unknown, type, source, start, end);
          break;
        case 26: // IFLA_AF_SPEC
          if (this.family === 7) {
            this.#bridgeSpec = start;
          } else {
            this.#afSpec = start;
          }
          break;
        case 23: // IFLA_STATS64
          this.#stats64 = start;
          break;
        case 22: // IFLA_VFINFO_LIST
          if (holdsOther(source, start, end, 1)) unknown = push(unknown, type, source, start, end);
          break;
        case 24: // IFLA_VF_PORTS
          if (holdsOther(source, start, end, 1)) unknown = push(unknown, type, source, start, end);
          break;
        case 39: // IFLA_PROTO_DOWN
          break;
        case 40: // IFLA_GSO_MAX_SEGS
          break;
        case 41: // IFLA_GSO_MAX_SIZE
          break;
        case 58: // IFLA_GRO_MAX_SIZE
          break;
        case 63: // IFLA_GSO_IPV4_MAX_SIZE
          break;
        case 64: // IFLA_GRO_IPV4_MAX_SIZE
          break;
        case 59: // IFLA_TSO_MAX_SIZE
          break;
        case 60: // IFLA_TSO_MAX_SEGS
          break;
        case 66: // IFLA_MAX_PACING_OFFLOAD_HORIZON
          break;
        case 67: // IFLA_NETNS_IMMUTABLE
          break;
        case 68: // IFLA_HEADROOM
          break;
        case 69: // IFLA_TAILROOM
          break;
        case 34: // IFLA_PHYS_PORT_ID
          break;
        case 36: // IFLA_PHYS_SWITCH_ID
          break;
        case 38: // IFLA_PHYS_PORT_NAME
          break;
        case 56: // IFLA_PARENT_DEV_NAME
          break;
        case 57: // IFLA_PARENT_DEV_BUS_NAME
          break;
        case 44: // IFLA_EVENT
          break;
        case 19: // IFLA_NET_NS_PID
          break;
        case 28: // IFLA_NET_NS_FD
          break;
        case 46: // IFLA_TARGET_NETNSID
          break;
        case 29: // IFLA_EXT_MASK
          break;
        case 21: // IFLA_NUM_VF
          break;
        case 25: // IFLA_PORT_SELF
          break;
        case 12: // IFLA_PROTINFO
          if (this.family === 7) {
          } else if (this.family === 10) {
          } else {
            unknown = push(unknown, type, source, start, end);
          }
          break;
        case 43: // IFLA_XDP
          break;
        case 55: // IFLA_PROTO_DOWN_REASON
          break;
        case 62: // IFLA_DEVLINK_PORT
          break;
        case 65: // IFLA_DPLL_PIN
          break;
        case 14: // IFLA_MAP
          break;
        case 7: // IFLA_STATS
          break;
        default:
          unknown = push(unknown, type, source, start, end);
      }
      offset += (length + 3) & ~3;
    }
    this.#unknown = unknown ?? NONE;
  }

  get unknown(): readonly RawAttribute[] {
    return this.#unknown;
  }

  get bridgeSpec(): BridgeAfSpec | undefined {
    if (typeof this.#bridgeSpec === 'number') {
      const start = this.#bridgeSpec;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#bridgeSpec = readBridgeAfSpec(source, start, end);
    }
    return this.#bridgeSpec;
  }

  get afSpec(): LinkAfSpec | undefined {
    if (typeof this.#afSpec === 'number') {
      const start = this.#afSpec;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#afSpec = readLinkAfSpec(source, start, end);
    }
    return this.#afSpec;
  }

  get stats64(): LinkStatistics | undefined {
    if (typeof this.#stats64 === 'number') {
      const start = this.#stats64;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#stats64 = readLinkStatistics(source, start, end);
    }
    return this.#stats64;
  }

  get protoDown(): boolean | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 39);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueBool(source, start, end);
  }

  get gsoMaxSegments(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 40);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get gsoMaxSize(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 41);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get groMaxSize(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 58);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get gsoIpv4MaxSize(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 63);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get groIpv4MaxSize(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 64);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get tsoMaxSize(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 59);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get tsoMaxSegments(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 60);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get maxPacingOffloadHorizon(): bigint | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 66);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueUint(source, start, end);
  }

  get netnsImmutable(): boolean | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 67);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueBool(source, start, end);
  }

  get headroom(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 68);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU16(source, start, end);
  }

  get tailroom(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 69);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU16(source, start, end);
  }

  get physicalPortId(): Uint8Array | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 34);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueBytes(source, start, end);
  }

  get physicalSwitchId(): Uint8Array | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 36);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueBytes(source, start, end);
  }

  get physicalPortName(): string | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 38);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueString(source, start, end);
  }

  get parentDeviceName(): string | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 56);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueString(source, start, end);
  }

  get parentDeviceBusName(): string | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 57);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueString(source, start, end);
  }

  get cause(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 44);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get netnsPid(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 19);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get netnsFd(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 28);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get targetNetnsId(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 46);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueS32(source, start, end);
  }

  get extensionMask(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 29);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get virtualFunctionCount(): number | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 21);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return valueU32(source, start, end);
  }

  get virtualFunctions(): readonly VirtualFunction[] | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 22);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readList(source, start, end, 1, readVirtualFunction);
  }

  get virtualPorts(): readonly LinkPort[] | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 24);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readList(source, start, end, 1, readLinkPort);
  }

  get ownPort(): LinkPort | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 25);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkPort(source, start, end);
  }

  get bridgePort(): BridgePortData | undefined {
    if (this.family !== 7) return undefined;
    const source = this.#source;
    const start = findAttribute(source, 16, 12);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readBridgePortData(source, start, end);
  }

  get inet6(): LinkInet6 | undefined {
    if (this.family !== 10) return undefined;
    const source = this.#source;
    const start = findAttribute(source, 16, 12);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkInet6(source, start, end);
  }

  get xdp(): LinkXdp | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 43);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkXdp(source, start, end);
  }

  get protoDownReason(): LinkProtoDownReason | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 55);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkProtoDownReason(source, start, end);
  }

  get devlinkPort(): LinkDevlinkPort | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 62);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkDevlinkPort(source, start, end);
  }

  get dpllPin(): LinkDpllPin | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 65);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkDpllPin(source, start, end);
  }

  get map(): LinkMap | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 14);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkMap(source, start, end);
  }

  get stats(): LinkStatistics32 | undefined {
    const source = this.#source;
    const start = findAttribute(source, 16, 7);
    if (start === 0) return undefined;
    const end = valueEnd(source, start);
    return readLinkStatistics32(source, start, end);
  }

  /** What a message was read from. */
  static source(message: object): MessageSource | undefined {
    return #source in message ? message.#source : undefined;
  }
}

/**
 * Decodes a link message, in one pass.
 *
 * Longer structs and values than known here are accepted, as kernels grow them; `undefined` is
 * what the message does not say. Bytes are views of the datagram. What is a getter is read from
 * the datagram when first asked for, and may throw then.
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
  const event = linkEvent(message.type);
  if (event === undefined)
    throw wrongType('message', 'an RTM_NEWLINK or RTM_DELLINK message', message.type);
  const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, 16, 'ifinfomsg');
  return new DecodedLink(event, source);
}

function linkEvent(type: number): LinkMessage['event'] | undefined {
  switch (type) {
    case RTM_NEWLINK:
      return 'new';
    case RTM_DELLINK:
      return 'delete';
    default:
      return undefined;
  }
}
