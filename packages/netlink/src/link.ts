/**
 * Links: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK, linux/if_link.h.
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
  findAttribute,
  keep,
  keepRaw,
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
} from './body.ts';
import {
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_SETLINK,
} from './constants.ts';
import { type Endian, hostEndian } from './endian.ts';
import { writeLike } from './like.ts';
import {
  type BondData,
  type BondSlaveData,
  readBondData,
  readBondSlaveData,
  writeBondData,
  writeBondSlaveData,
} from './link/bond.ts';
import {
  type BridgePortData,
  readBridgePortData,
  writeBridgePortData,
} from './link/bridge-port.ts';
import {
  type BridgeAfSpec,
  type BridgeData,
  readBridgeAfSpec,
  readBridgeData,
  writeBridgeAfSpec,
  writeBridgeData,
} from './link/bridge.ts';
import {
  type LinkDevlinkPort,
  readLinkDevlinkPort,
  writeLinkDevlinkPort,
} from './link/devlink-port.ts';
import { type LinkDpllPin, readLinkDpllPin, writeLinkDpllPin } from './link/dpll-pin.ts';
import {
  type LinkAfSpec,
  type LinkInet6,
  readLinkAfSpec,
  readLinkInet6,
  writeLinkAfSpec,
  writeLinkInet6,
} from './link/inet.ts';
import { type MacvlanData, readMacvlanData, writeMacvlanData } from './link/macvlan.ts';
import { type LinkMap, readLinkMap, writeLinkMap } from './link/map.ts';
import {
  type LinkProtoDownReason,
  readLinkProtoDownReason,
  writeLinkProtoDownReason,
} from './link/proto-down.ts';
import {
  type LinkStatistics,
  type LinkStatistics32,
  readLinkStatistics,
  readLinkStatistics32,
  writeLinkStatistics,
  writeLinkStatistics32,
} from './link/statistics.ts';
import { readTunData, type TunData, writeTunData } from './link/tun.ts';
import {
  type LinkPort,
  readLinkPort,
  readVirtualFunction,
  type VirtualFunction,
  writeLinkPort,
  writeVirtualFunction,
} from './link/virtual-function.ts';
import { readVlanData, type VlanData, writeVlanData } from './link/vlan.ts';
import {
  readVrfData,
  readVrfPortData,
  type VrfData,
  type VrfPortData,
  writeVrfData,
  writeVrfPortData,
} from './link/vrf.ts';
import { readVxlanData, type VxlanData, writeVxlanData } from './link/vxlan.ts';
import { type LinkXdp, readLinkXdp, writeLinkXdp } from './link/xdp.ts';
import { holdsOther, readList } from './list.ts';
import { type NetlinkMessage, sourceOf } from './message.ts';
import {
  elements,
  numberOf,
  optionalBytes,
  optionalI32,
  optionalString,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
  type RequestHeader,
} from './request.ts';
import { bodySource, type MessageSource, valueBytes } from './source.ts';
import { MessageWriter } from './writer.ts';

/** Operational state: IF_OPER_* of linux/if.h, ifOperStatus of RFC 2863. */
export type OperState =
  'unknown' | 'notPresent' | 'down' | 'lowerLayerDown' | 'testing' | 'dormant' | 'up';

/** By number, from 0. */
const OPER_STATE_NAMES: readonly OperState[] = [
  'unknown',
  'notPresent',
  'down',
  'lowerLayerDown',
  'testing',
  'dormant',
  'up',
];

/** Parameters of a virtual Ethernet pair. The kernel tells none. */
export interface VethData {
  /** The other end, as a request. VETH_INFO_PEER */
  readonly peer?: LinkRequest | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readVethData(source: MessageSource, offset: number, limit: number): VethData {
  const { view, little } = source;
  const into: Filled<VethData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // VETH_INFO_PEER
        into.peer = readLinkRequest(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VethData}, in the order of its properties. */
function writeVethData(writer: MessageWriter, value: VethData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'peer': // VETH_INFO_PEER
        if (value.peer !== undefined) {
          writer.beginNest(1);
          writeLinkRequest(writer, value.peer, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VethData', property);
    }
  }
}

/** Kind of an interface and what belongs to the kind. */
export interface LinkInfo {
  /** Kind: `tun`, `veth`, `bridge` ... IFLA_INFO_KIND */
  readonly kind?: string | undefined;
  /** Parameters of the kind; of a kind that is not known here: their bytes. IFLA_INFO_DATA */
  readonly data?: LinkInfoData[keyof LinkInfoData] | Uint8Array | undefined;
  /** Kind of the master of this port: `bridge`, `bond` ... IFLA_INFO_SLAVE_KIND */
  readonly slaveKind?: string | undefined;
  /** Parameters of the port; of a kind that is not known here: their bytes. IFLA_INFO_SLAVE_DATA */
  readonly slaveData?: LinkInfoSlaveData[keyof LinkInfoSlaveData] | Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Types of `data`, by `kind`. */
export interface LinkInfoData {
  /** Of kind `bond`. */
  readonly bond: BondData;
  /** Of kind `bridge`. */
  readonly bridge: BridgeData;
  /** Of kind `macvlan`. */
  readonly macvlan: MacvlanData;
  /** Of kind `macvtap`. */
  readonly macvtap: MacvlanData;
  /** Of kind `tun`. */
  readonly tun: TunData;
  /** Of kind `veth`. */
  readonly veth: VethData;
  /** Of kind `vlan`. */
  readonly vlan: VlanData;
  /** Of kind `vrf`. */
  readonly vrf: VrfData;
  /** Of kind `vxlan`. */
  readonly vxlan: VxlanData;
}

/** Types of `slaveData`, by `slaveKind`. */
export interface LinkInfoSlaveData {
  /** Of kind `bond`. */
  readonly bond: BondSlaveData;
  /** Of kind `bridge`. */
  readonly bridge: BridgePortData;
  /** Of kind `vrf`. */
  readonly vrf: VrfPortData;
}

/** Reads the attributes from `offset` to `limit`. */
function readLinkInfo(source: MessageSource, offset: number, limit: number): LinkInfo {
  const { view, little } = source;
  const into: Filled<LinkInfo> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_INFO_KIND
        into.kind = valueString(source, start, end);
        break;
      case 2: // IFLA_INFO_DATA
        into.data = readLinkInfoData(into.kind, source, start, end);
        break;
      case 4: // IFLA_INFO_SLAVE_KIND
        into.slaveKind = valueString(source, start, end);
        break;
      case 5: // IFLA_INFO_SLAVE_DATA
        into.slaveData = readLinkInfoSlaveData(into.slaveKind, source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

class DecodedLinkInfo implements LinkInfo {
  kind: string | undefined = undefined;
  #data: LinkInfoData[keyof LinkInfoData] | Uint8Array | number = 0;
  slaveKind: string | undefined = undefined;
  #slaveData: LinkInfoSlaveData[keyof LinkInfoSlaveData] | Uint8Array | number = 0;
  unknown: RawAttribute[] | undefined = undefined;
  readonly #source: MessageSource;

  constructor(source: MessageSource, offset: number, limit: number) {
    this.#source = source;
    const { view, little } = source;
    while (offset < limit) {
      const length = attributeLength(source, offset, limit);
      const type = view.getUint16(offset + 2, little);
      const start = offset + 4;
      const end = offset + length;
      switch (type & 0x3fff) {
        case 1: // IFLA_INFO_KIND
          this.kind = valueString(source, start, end);
          break;
        case 2: // IFLA_INFO_DATA
          this.#data = start;
          break;
        case 4: // IFLA_INFO_SLAVE_KIND
          this.slaveKind = valueString(source, start, end);
          break;
        case 5: // IFLA_INFO_SLAVE_DATA
          this.#slaveData = start;
          break;
        default:
          this.unknown = push(this.unknown, type, source, start, end);
      }
      offset += (length + 3) & ~3;
    }
  }

  get data(): LinkInfoData[keyof LinkInfoData] | Uint8Array | undefined {
    if (typeof this.#data === 'number') {
      const start = this.#data;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#data = readLinkInfoData(this.kind, source, start, end);
    }
    return this.#data;
  }

  get slaveData(): LinkInfoSlaveData[keyof LinkInfoSlaveData] | Uint8Array | undefined {
    if (typeof this.#slaveData === 'number') {
      const start = this.#slaveData;
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#slaveData = readLinkInfoSlaveData(this.slaveKind, source, start, end);
    }
    return this.#slaveData;
  }
}

/** Writes the attributes of a {@link LinkInfo}, in the order of its properties. */
function writeLinkInfo(writer: MessageWriter, value: LinkInfo, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'kind': // IFLA_INFO_KIND
        optionalString(writer, 1, at + property, value.kind, false);
        break;
      case 'data': // IFLA_INFO_DATA
        if (value.data !== undefined) {
          const given = value.data;
          const path = at + property;
          if (given instanceof Uint8Array) writer.attributeBytes(2, given);
          else {
            writer.beginNest(2);
            writeLinkInfoData(writer, value.kind, given, `${path}.`);
            writer.endNest();
          }
        }
        break;
      case 'slaveKind': // IFLA_INFO_SLAVE_KIND
        optionalString(writer, 4, at + property, value.slaveKind, false);
        break;
      case 'slaveData': // IFLA_INFO_SLAVE_DATA
        if (value.slaveData !== undefined) {
          const given = value.slaveData;
          const path = at + property;
          if (given instanceof Uint8Array) writer.attributeBytes(5, given);
          else {
            writer.beginNest(5);
            writeLinkInfoSlaveData(writer, value.slaveKind, given, `${path}.`);
            writer.endNest();
          }
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkInfo', property);
    }
  }
}

/** Reads what belongs to a kind; of one that is not known: the bytes. */
function readLinkInfoData(
  kind: string | undefined,
  source: MessageSource,
  start: number,
  end: number,
): LinkInfoData[keyof LinkInfoData] | Uint8Array {
  switch (kind) {
    case 'bond':
      return readBondData(source, start, end);
    case 'bridge':
      return readBridgeData(source, start, end);
    case 'macvlan':
      return readMacvlanData(source, start, end);
    case 'macvtap':
      return readMacvlanData(source, start, end);
    case 'tun':
      return readTunData(source, start, end);
    case 'veth':
      return readVethData(source, start, end);
    case 'vlan':
      return readVlanData(source, start, end);
    case 'vrf':
      return readVrfData(source, start, end);
    case 'vxlan':
      return readVxlanData(source, start, end);
    default:
      return valueBytes(source, start, end);
  }
}

function writeLinkInfoData(
  writer: MessageWriter,
  kind: string | undefined,
  value: object,
  at: string,
): void {
  switch (kind) {
    case 'bond':
      writeBondData(writer, value, at);
      break;
    case 'bridge':
      writeBridgeData(writer, value, at);
      break;
    case 'macvlan':
      writeMacvlanData(writer, value, at);
      break;
    case 'macvtap':
      writeMacvlanData(writer, value, at);
      break;
    case 'tun':
      writeTunData(writer, value, at);
      break;
    case 'veth':
      writeVethData(writer, value, at);
      break;
    case 'vlan':
      writeVlanData(writer, value, at);
      break;
    case 'vrf':
      writeVrfData(writer, value, at);
      break;
    case 'vxlan':
      writeVxlanData(writer, value, at);
      break;
    default:
      throw wrongValue(at.slice(0, -1), 'must be bytes, as its kind is not known', kind);
  }
}

/** Reads what belongs to a kind; of one that is not known: the bytes. */
function readLinkInfoSlaveData(
  kind: string | undefined,
  source: MessageSource,
  start: number,
  end: number,
): LinkInfoSlaveData[keyof LinkInfoSlaveData] | Uint8Array {
  switch (kind) {
    case 'bond':
      return readBondSlaveData(source, start, end);
    case 'bridge':
      return readBridgePortData(source, start, end);
    case 'vrf':
      return readVrfPortData(source, start, end);
    default:
      return valueBytes(source, start, end);
  }
}

function writeLinkInfoSlaveData(
  writer: MessageWriter,
  kind: string | undefined,
  value: object,
  at: string,
): void {
  switch (kind) {
    case 'bond':
      writeBondSlaveData(writer, value, at);
      break;
    case 'bridge':
      writeBridgePortData(writer, value, at);
      break;
    case 'vrf':
      writeVrfPortData(writer, value, at);
      break;
    default:
      throw wrongValue(at.slice(0, -1), 'must be bytes, as its kind is not known', kind);
  }
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
  /**
   * Operational state; a number beyond RFC 2863's is `unknown`, and in `unknown` of the message.
   * IFLA_OPERSTATE
   */
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
  /**
   * Id of the namespace that the interface moves to: of a delete that is a move. IFLA_NEW_NETNSID
   */
  readonly newNetnsId?: number | undefined;
  /**
   * Its index there: of a delete that is a move; in a request: the index to get. IFLA_NEW_IFINDEX
   */
  readonly newIndex?: number | undefined;
  /** Queueing discipline. IFLA_QDISC */
  readonly queueDiscipline?: string | undefined;
  /** Alias, for people. IFLA_IFALIAS */
  readonly alias?: string | undefined;
  /** Alternative names. IFLA_PROP_LIST */
  readonly alternativeNames?: readonly string[] | undefined;
  /** Kind and what belongs to it. IFLA_LINKINFO */
  readonly info?: LinkInfo | undefined;
  /** What a message of family AF_BRIDGE says of a port and its VLANs. IFLA_AF_SPEC */
  readonly bridgeSpec?: BridgeAfSpec | undefined;
  /** What address families say. IFLA_AF_SPEC */
  readonly afSpec?: LinkAfSpec | undefined;
  /** Counters. IFLA_STATS64 */
  readonly stats64?: LinkStatistics | undefined;
  /** Whether a protocol holds it down. IFLA_PROTO_DOWN */
  readonly protoDown?: boolean | undefined;
  /** Most segments of a super-frame that it sends. IFLA_GSO_MAX_SEGS */
  readonly gsoMaxSegments?: number | undefined;
  /** Most bytes of a super-frame that it sends. IFLA_GSO_MAX_SIZE */
  readonly gsoMaxSize?: number | undefined;
  /** Most bytes of a super-frame that is put together of received ones. IFLA_GRO_MAX_SIZE */
  readonly groMaxSize?: number | undefined;
  /** As `gsoMaxSize`, of IPv4. IFLA_GSO_IPV4_MAX_SIZE */
  readonly gsoIpv4MaxSize?: number | undefined;
  /** As `groMaxSize`, of IPv4. IFLA_GRO_IPV4_MAX_SIZE */
  readonly groIpv4MaxSize?: number | undefined;
  /** Most bytes of a super-frame that the hardware takes. IFLA_TSO_MAX_SIZE */
  readonly tsoMaxSize?: number | undefined;
  /** Most segments of one. IFLA_TSO_MAX_SEGS */
  readonly tsoMaxSegments?: number | undefined;
  /** How far ahead the hardware can pace, in nanoseconds. IFLA_MAX_PACING_OFFLOAD_HORIZON */
  readonly maxPacingOffloadHorizon?: bigint | undefined;
  /** Whether it cannot move to another namespace. IFLA_NETNS_IMMUTABLE */
  readonly netnsImmutable?: boolean | undefined;
  /** Bytes that it wants in front of a packet. IFLA_HEADROOM */
  readonly headroom?: number | undefined;
  /** Bytes that it wants behind a packet. IFLA_TAILROOM */
  readonly tailroom?: number | undefined;
  /** Id of the physical port. IFLA_PHYS_PORT_ID */
  readonly physicalPortId?: Uint8Array | undefined;
  /** Id of the switch. IFLA_PHYS_SWITCH_ID */
  readonly physicalSwitchId?: Uint8Array | undefined;
  /** Name of the physical port. IFLA_PHYS_PORT_NAME */
  readonly physicalPortName?: string | undefined;
  /** Name of the device that it is of. IFLA_PARENT_DEV_NAME */
  readonly parentDeviceName?: string | undefined;
  /** Name of that device's bus. IFLA_PARENT_DEV_BUS_NAME */
  readonly parentDeviceBusName?: string | undefined;
  /** What caused a notification: IFLA_EVENT_*. IFLA_EVENT */
  readonly cause?: number | undefined;
  /** In a request: network namespace to move to, as that of a process. IFLA_NET_NS_PID */
  readonly netnsPid?: number | undefined;
  /**
   * In a request: network namespace to move to, as a file descriptor of the sender. IFLA_NET_NS_FD
   */
  readonly netnsFd?: number | undefined;
  /** Id of the namespace that a request is about. IFLA_TARGET_NETNSID */
  readonly targetNetnsId?: number | undefined;
  /** In a request: what to tell in addition and what to leave out: RTEXT_FILTER_*. IFLA_EXT_MASK */
  readonly extensionMask?: number | undefined;
  /** Number of virtual functions. IFLA_NUM_VF */
  readonly virtualFunctionCount?: number | undefined;
  /** Virtual functions. IFLA_VFINFO_LIST */
  readonly virtualFunctions?: readonly VirtualFunction[] | undefined;
  /** Port profiles of virtual functions. IFLA_VF_PORTS */
  readonly virtualPorts?: readonly LinkPort[] | undefined;
  /** Port profile of the link itself. IFLA_PORT_SELF */
  readonly ownPort?: LinkPort | undefined;
  /** What a message of family AF_BRIDGE says of a port. IFLA_PROTINFO */
  readonly bridgePort?: BridgePortData | undefined;
  /** What a message of family AF_INET6 says. IFLA_PROTINFO */
  readonly inet6?: LinkInet6 | undefined;
  /** XDP programs. IFLA_XDP */
  readonly xdp?: LinkXdp | undefined;
  /** Why a protocol holds it down. IFLA_PROTO_DOWN_REASON */
  readonly protoDownReason?: LinkProtoDownReason | undefined;
  /** Devlink port. IFLA_DEVLINK_PORT */
  readonly devlinkPort?: LinkDevlinkPort | undefined;
  /** DPLL pin. IFLA_DPLL_PIN */
  readonly dpllPin?: LinkDpllPin | undefined;
  /** Where its hardware is. IFLA_MAP */
  readonly map?: LinkMap | undefined;
  /** Counters in 32 bits. IFLA_STATS */
  readonly stats?: LinkStatistics32 | undefined;
}

/** A link as the kernel tells it: RTM_NEWLINK or RTM_DELLINK. */
export interface LinkMessage extends LinkAttributes {
  /** `new`: RTM_NEWLINK. `delete`: RTM_DELLINK. */
  readonly event: 'new' | 'delete';
  /** AF_UNSPEC; AF_BRIDGE of a message of the bridge: its delete is a port that left its bridge. */
  readonly family: number;
  /** Device type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. */
  readonly deviceType: number;
  /** Index, by which the kernel tells interfaces apart; 0 in a request: told by name, or new. */
  readonly index: number;
  /** IFF_*; in a request: to be set, of those in `change`. */
  readonly flags: number;
  /** The flags that have changed, or are to change; 0xffffffff when everything has. */
  readonly change: number;
  /** The attributes that are not, or not wholly, in the properties. */
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
        case 22: // IFLA_VFINFO_LIST
          break;
        case 24: // IFLA_VF_PORTS
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

/**
 * What to say in a link request. Only what is given is sent, in the order in which it is given.
 */
export interface LinkRequest extends LinkAttributes {
  /**
   * AF_UNSPEC; AF_BRIDGE of a message of the bridge: its delete is a port that left its bridge.
   * @default 0
   */
  readonly family?: number | undefined;
  /** Device type: ARPHRD_* of linux/if_arp.h, 1 for Ethernet. @default 0 */
  readonly deviceType?: number | undefined;
  /**
   * Index, by which the kernel tells interfaces apart; 0 in a request: told by name, or new.
   * @default 0
   */
  readonly index?: number | undefined;
  /** IFF_*; in a request: to be set, of those in `change`. @default 0 */
  readonly flags?: number | undefined;
  /** The flags that have changed, or are to change; 0xffffffff when everything has. @default 0 */
  readonly change?: number | undefined;
  /** Further attributes, sent as they are. */
  readonly raw?: readonly RawAttribute[] | undefined;
}

/**
 * Encodes a link request.
 *
 * Nothing is added to what is given. Attributes stand in the order of the properties of
 * `request`, and are as iproute2 writes them. What {@link decodeLink} gave is written as it was,
 * byte by byte. The bytes are the caller's.
 *
 * @param type RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK, RTM_NEWLINKPROP or
 * RTM_DELLINKPROP.
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
  if (!isLinkType(type))
    throw wrongValue(
      'type',
      'must be RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK, RTM_NEWLINKPROP or RTM_DELLINKPROP',
      type,
    );
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = DecodedLink.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : readLinkRequest(source, source.start, source.end);
  if (header.like === undefined) {
    writeLinkRequest(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: 16,
      little,
      read: (body) => readLinkRequest(bodySource(body, little), 0, body.length),
      writeHeader: () => writeLinkHeader(writer, plain, ''),
      writeProperty: (property) => writeLinkProperty(writer, property, plain, ''),
    });
  }
  return writer.finish();
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

/**
 * Decodes a link request, as {@link encodeLink} makes it: for whoever plays the kernel, or wants
 * a message as plain data.
 *
 * Properties stand in the order of the wire, and nothing is read late. What is not in the
 * properties, or not wholly, is in `raw`. Bytes are views of the datagram.
 *
 * @param endian Byte order. Default: that of the host.
 * @throws `MalformedError` when the bytes are wrong or a value is too short.
 * @throws TypeError (`ERR_INVALID_ARG_TYPE`) when the message is of another type.
 */
export function decodeLinkRequest(
  message: NetlinkMessage,
  endian: Endian = hostEndian,
): LinkRequest {
  if (!isLinkType(message.type))
    throw wrongType('message', 'of a type that encodeLink takes', message.type);
  const source = sourceOf(message, endian === 'little');
  return readLinkRequest(source, source.start, source.end);
}

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
function readLinkRequest(source: MessageSource, offset: number, limit: number): LinkRequest {
  checkStruct(source, offset, limit, 16, 'ifinfomsg');
  const { view, little } = source;
  const into: Filled<LinkRequest> = {
    family: view.getUint8(offset),
    deviceType: view.getUint16(offset + 2, little),
    index: view.getInt32(offset + 4, little),
    flags: view.getUint32(offset + 8, little),
    change: view.getUint32(offset + 12, little),
  };

  offset += 16;
  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 3: // IFLA_IFNAME
        into.name = valueString(source, start, end);
        break;
      case 4: // IFLA_MTU
        into.mtu = valueU32(source, start, end);
        break;
      case 50: // IFLA_MIN_MTU
        into.minMtu = valueU32(source, start, end);
        break;
      case 51: // IFLA_MAX_MTU
        into.maxMtu = valueU32(source, start, end);
        break;
      case 1: // IFLA_ADDRESS
        into.address = valueBytes(source, start, end);
        break;
      case 2: // IFLA_BROADCAST
        into.broadcast = valueBytes(source, start, end);
        break;
      case 54: // IFLA_PERM_ADDRESS
        into.permanentAddress = valueBytes(source, start, end);
        break;
      case 16: // IFLA_OPERSTATE
        {
          const named = OPER_STATE_NAMES[valueU8(source, start, end)];
          if (named === undefined) keepRaw(into, type, source, start, end);
          else into.operState = named;
        }
        break;
      case 17: // IFLA_LINKMODE
        into.linkMode = valueU8(source, start, end);
        break;
      case 33: // IFLA_CARRIER
        into.carrier = valueBool(source, start, end);
        break;
      case 35: // IFLA_CARRIER_CHANGES
        into.carrierChanges = valueU32(source, start, end);
        break;
      case 47: // IFLA_CARRIER_UP_COUNT
        into.carrierUpCount = valueU32(source, start, end);
        break;
      case 48: // IFLA_CARRIER_DOWN_COUNT
        into.carrierDownCount = valueU32(source, start, end);
        break;
      case 13: // IFLA_TXQLEN
        into.txQueueLength = valueU32(source, start, end);
        break;
      case 31: // IFLA_NUM_TX_QUEUES
        into.txQueues = valueU32(source, start, end);
        break;
      case 32: // IFLA_NUM_RX_QUEUES
        into.rxQueues = valueU32(source, start, end);
        break;
      case 30: // IFLA_PROMISCUITY
        into.promiscuity = valueU32(source, start, end);
        break;
      case 61: // IFLA_ALLMULTI
        into.allMulticast = valueU32(source, start, end);
        break;
      case 27: // IFLA_GROUP
        into.group = valueU32(source, start, end);
        break;
      case 10: // IFLA_MASTER
        into.master = valueU32(source, start, end);
        break;
      case 5: // IFLA_LINK
        into.link = valueS32(source, start, end);
        break;
      case 37: // IFLA_LINK_NETNSID
        into.linkNetnsId = valueS32(source, start, end);
        break;
      case 45: // IFLA_NEW_NETNSID
        into.newNetnsId = valueS32(source, start, end);
        break;
      case 49: // IFLA_NEW_IFINDEX
        into.newIndex = valueS32(source, start, end);
        break;
      case 6: // IFLA_QDISC
        into.queueDiscipline = valueString(source, start, end);
        break;
      case 20: // IFLA_IFALIAS
        into.alias = valueString(source, start, end);
        break;
      case 52: // IFLA_PROP_LIST
        if (holdsOther(source, start, end, 53)) keepRaw(into, type, source, start, end);
        else into.alternativeNames = readList(source, start, end, 53, valueString);
        break;
      case 18: // IFLA_LINKINFO
        into.info = readLinkInfo(source, start, end);
        break;
      case 26: // IFLA_AF_SPEC
        if (into.family === 7) {
          into.bridgeSpec = readBridgeAfSpec(source, start, end);
        } else {
          into.afSpec = readLinkAfSpec(source, start, end);
        }
        break;
      case 23: // IFLA_STATS64
        into.stats64 = readLinkStatistics(source, start, end);
        break;
      case 39: // IFLA_PROTO_DOWN
        into.protoDown = valueBool(source, start, end);
        break;
      case 40: // IFLA_GSO_MAX_SEGS
        into.gsoMaxSegments = valueU32(source, start, end);
        break;
      case 41: // IFLA_GSO_MAX_SIZE
        into.gsoMaxSize = valueU32(source, start, end);
        break;
      case 58: // IFLA_GRO_MAX_SIZE
        into.groMaxSize = valueU32(source, start, end);
        break;
      case 63: // IFLA_GSO_IPV4_MAX_SIZE
        into.gsoIpv4MaxSize = valueU32(source, start, end);
        break;
      case 64: // IFLA_GRO_IPV4_MAX_SIZE
        into.groIpv4MaxSize = valueU32(source, start, end);
        break;
      case 59: // IFLA_TSO_MAX_SIZE
        into.tsoMaxSize = valueU32(source, start, end);
        break;
      case 60: // IFLA_TSO_MAX_SEGS
        into.tsoMaxSegments = valueU32(source, start, end);
        break;
      case 66: // IFLA_MAX_PACING_OFFLOAD_HORIZON
        into.maxPacingOffloadHorizon = valueUint(source, start, end);
        break;
      case 67: // IFLA_NETNS_IMMUTABLE
        into.netnsImmutable = valueBool(source, start, end);
        break;
      case 68: // IFLA_HEADROOM
        into.headroom = valueU16(source, start, end);
        break;
      case 69: // IFLA_TAILROOM
        into.tailroom = valueU16(source, start, end);
        break;
      case 34: // IFLA_PHYS_PORT_ID
        into.physicalPortId = valueBytes(source, start, end);
        break;
      case 36: // IFLA_PHYS_SWITCH_ID
        into.physicalSwitchId = valueBytes(source, start, end);
        break;
      case 38: // IFLA_PHYS_PORT_NAME
        into.physicalPortName = valueString(source, start, end);
        break;
      case 56: // IFLA_PARENT_DEV_NAME
        into.parentDeviceName = valueString(source, start, end);
        break;
      case 57: // IFLA_PARENT_DEV_BUS_NAME
        into.parentDeviceBusName = valueString(source, start, end);
        break;
      case 44: // IFLA_EVENT
        into.cause = valueU32(source, start, end);
        break;
      case 19: // IFLA_NET_NS_PID
        into.netnsPid = valueU32(source, start, end);
        break;
      case 28: // IFLA_NET_NS_FD
        into.netnsFd = valueU32(source, start, end);
        break;
      case 46: // IFLA_TARGET_NETNSID
        into.targetNetnsId = valueS32(source, start, end);
        break;
      case 29: // IFLA_EXT_MASK
        into.extensionMask = valueU32(source, start, end);
        break;
      case 21: // IFLA_NUM_VF
        into.virtualFunctionCount = valueU32(source, start, end);
        break;
      case 22: // IFLA_VFINFO_LIST
        if (holdsOther(source, start, end, 1)) keepRaw(into, type, source, start, end);
        else into.virtualFunctions = readList(source, start, end, 1, readVirtualFunction);
        break;
      case 24: // IFLA_VF_PORTS
        if (holdsOther(source, start, end, 1)) keepRaw(into, type, source, start, end);
        else into.virtualPorts = readList(source, start, end, 1, readLinkPort);
        break;
      case 25: // IFLA_PORT_SELF
        into.ownPort = readLinkPort(source, start, end);
        break;
      case 12: // IFLA_PROTINFO
        if (into.family === 7) {
          into.bridgePort = readBridgePortData(source, start, end);
        } else if (into.family === 10) {
          into.inet6 = readLinkInet6(source, start, end);
        } else {
          keepRaw(into, type, source, start, end);
        }
        break;
      case 43: // IFLA_XDP
        into.xdp = readLinkXdp(source, start, end);
        break;
      case 55: // IFLA_PROTO_DOWN_REASON
        into.protoDownReason = readLinkProtoDownReason(source, start, end);
        break;
      case 62: // IFLA_DEVLINK_PORT
        into.devlinkPort = readLinkDevlinkPort(source, start, end);
        break;
      case 65: // IFLA_DPLL_PIN
        into.dpllPin = readLinkDpllPin(source, start, end);
        break;
      case 14: // IFLA_MAP
        into.map = readLinkMap(source, start, end);
        break;
      case 7: // IFLA_STATS
        into.stats = readLinkStatistics32(source, start, end);
        break;
      default:
        keepRaw(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }

  return into;
}

function writeLinkRequest(writer: MessageWriter, request: LinkRequest, at = ''): void {
  writeLinkHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeLinkProperty(writer, property, request, at);
}

function writeLinkHeader(writer: MessageWriter, request: LinkRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(1));
  putNumber(writer, 'u16', `${at}deviceType`, request.deviceType ?? 0);
  putNumber(writer, 's32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u32', `${at}flags`, request.flags ?? 0);
  putNumber(writer, 'u32', `${at}change`, request.change ?? 0);
}

function writeLinkProperty(
  writer: MessageWriter,
  property: string,
  request: LinkRequest,
  at: string,
): void {
  switch (property) {
    case 'family':
    case 'deviceType':
    case 'index':
    case 'flags':
    case 'change':
    case 'event':
      // In the headers.
      break;
    case 'name': // IFLA_IFNAME
      optionalString(writer, 3, at + property, request.name);
      break;
    case 'mtu': // IFLA_MTU
      optionalU32(writer, 4, at + property, request.mtu);
      break;
    case 'minMtu': // IFLA_MIN_MTU
      optionalU32(writer, 50, at + property, request.minMtu);
      break;
    case 'maxMtu': // IFLA_MAX_MTU
      optionalU32(writer, 51, at + property, request.maxMtu);
      break;
    case 'address': // IFLA_ADDRESS
      optionalBytes(writer, 1, at + property, request.address);
      break;
    case 'broadcast': // IFLA_BROADCAST
      optionalBytes(writer, 2, at + property, request.broadcast);
      break;
    case 'permanentAddress': // IFLA_PERM_ADDRESS
      optionalBytes(writer, 54, at + property, request.permanentAddress);
      break;
    case 'operState': // IFLA_OPERSTATE
      if (request.operState !== undefined) {
        writer.beginNest(16);
        putNumber(
          writer,
          'u8',
          at + property,
          numberOf(OPER_STATE_NAMES, at + property, request.operState, 'OperState'),
        );
        writer.endNest();
      }
      break;
    case 'linkMode': // IFLA_LINKMODE
      optionalU8(writer, 17, at + property, request.linkMode);
      break;
    case 'carrier': // IFLA_CARRIER
      if (request.carrier !== undefined) {
        writer.attributeU8(33, request.carrier ? 1 : 0);
      }
      break;
    case 'carrierChanges': // IFLA_CARRIER_CHANGES
      optionalU32(writer, 35, at + property, request.carrierChanges);
      break;
    case 'carrierUpCount': // IFLA_CARRIER_UP_COUNT
      optionalU32(writer, 47, at + property, request.carrierUpCount);
      break;
    case 'carrierDownCount': // IFLA_CARRIER_DOWN_COUNT
      optionalU32(writer, 48, at + property, request.carrierDownCount);
      break;
    case 'txQueueLength': // IFLA_TXQLEN
      optionalU32(writer, 13, at + property, request.txQueueLength);
      break;
    case 'txQueues': // IFLA_NUM_TX_QUEUES
      optionalU32(writer, 31, at + property, request.txQueues);
      break;
    case 'rxQueues': // IFLA_NUM_RX_QUEUES
      optionalU32(writer, 32, at + property, request.rxQueues);
      break;
    case 'promiscuity': // IFLA_PROMISCUITY
      optionalU32(writer, 30, at + property, request.promiscuity);
      break;
    case 'allMulticast': // IFLA_ALLMULTI
      optionalU32(writer, 61, at + property, request.allMulticast);
      break;
    case 'group': // IFLA_GROUP
      optionalU32(writer, 27, at + property, request.group);
      break;
    case 'master': // IFLA_MASTER
      optionalU32(writer, 10, at + property, request.master);
      break;
    case 'link': // IFLA_LINK
      optionalI32(writer, 5, at + property, request.link);
      break;
    case 'linkNetnsId': // IFLA_LINK_NETNSID
      optionalI32(writer, 37, at + property, request.linkNetnsId);
      break;
    case 'newNetnsId': // IFLA_NEW_NETNSID
      optionalI32(writer, 45, at + property, request.newNetnsId);
      break;
    case 'newIndex': // IFLA_NEW_IFINDEX
      optionalI32(writer, 49, at + property, request.newIndex);
      break;
    case 'queueDiscipline': // IFLA_QDISC
      optionalString(writer, 6, at + property, request.queueDiscipline);
      break;
    case 'alias': // IFLA_IFALIAS
      optionalString(writer, 20, at + property, request.alias, false);
      break;
    case 'alternativeNames': // IFLA_PROP_LIST
      if (request.alternativeNames !== undefined) {
        writer.beginNest(52, { flag: true });
        for (const item of elements(at + property, request.alternativeNames)) {
          optionalString(writer, 53, at + property, item);
        }
        writer.endNest();
      }
      break;
    case 'info': // IFLA_LINKINFO
      if (request.info !== undefined) {
        writer.beginNest(18);
        writeLinkInfo(writer, request.info, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'bridgeSpec': // IFLA_AF_SPEC
      if (request.bridgeSpec !== undefined) {
        writer.beginNest(26);
        writeBridgeAfSpec(writer, request.bridgeSpec, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'afSpec': // IFLA_AF_SPEC
      if (request.afSpec !== undefined) {
        writer.beginNest(26);
        writeLinkAfSpec(writer, request.afSpec, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'stats64': // IFLA_STATS64
      if (request.stats64 !== undefined) {
        writer.beginNest(23);
        writeLinkStatistics(writer, request.stats64, at + property);
        writer.endNest();
      }
      break;
    case 'protoDown': // IFLA_PROTO_DOWN
      if (request.protoDown !== undefined) {
        writer.attributeU8(39, request.protoDown ? 1 : 0);
      }
      break;
    case 'gsoMaxSegments': // IFLA_GSO_MAX_SEGS
      optionalU32(writer, 40, at + property, request.gsoMaxSegments);
      break;
    case 'gsoMaxSize': // IFLA_GSO_MAX_SIZE
      optionalU32(writer, 41, at + property, request.gsoMaxSize);
      break;
    case 'groMaxSize': // IFLA_GRO_MAX_SIZE
      optionalU32(writer, 58, at + property, request.groMaxSize);
      break;
    case 'gsoIpv4MaxSize': // IFLA_GSO_IPV4_MAX_SIZE
      optionalU32(writer, 63, at + property, request.gsoIpv4MaxSize);
      break;
    case 'groIpv4MaxSize': // IFLA_GRO_IPV4_MAX_SIZE
      optionalU32(writer, 64, at + property, request.groIpv4MaxSize);
      break;
    case 'tsoMaxSize': // IFLA_TSO_MAX_SIZE
      optionalU32(writer, 59, at + property, request.tsoMaxSize);
      break;
    case 'tsoMaxSegments': // IFLA_TSO_MAX_SEGS
      optionalU32(writer, 60, at + property, request.tsoMaxSegments);
      break;
    case 'maxPacingOffloadHorizon': // IFLA_MAX_PACING_OFFLOAD_HORIZON
      if (request.maxPacingOffloadHorizon !== undefined) {
        writer.beginNest(66);
        putNumber(
          writer,
          request.maxPacingOffloadHorizon > 0xffff_ffffn ? 'u64' : 'uint',
          at + property,
          request.maxPacingOffloadHorizon,
        );
        writer.endNest();
      }
      break;
    case 'netnsImmutable': // IFLA_NETNS_IMMUTABLE
      if (request.netnsImmutable !== undefined) {
        writer.attributeU8(67, request.netnsImmutable ? 1 : 0);
      }
      break;
    case 'headroom': // IFLA_HEADROOM
      if (request.headroom !== undefined) {
        writer.beginNest(68);
        putNumber(writer, 'u16', at + property, request.headroom);
        writer.endNest();
      }
      break;
    case 'tailroom': // IFLA_TAILROOM
      if (request.tailroom !== undefined) {
        writer.beginNest(69);
        putNumber(writer, 'u16', at + property, request.tailroom);
        writer.endNest();
      }
      break;
    case 'physicalPortId': // IFLA_PHYS_PORT_ID
      optionalBytes(writer, 34, at + property, request.physicalPortId);
      break;
    case 'physicalSwitchId': // IFLA_PHYS_SWITCH_ID
      optionalBytes(writer, 36, at + property, request.physicalSwitchId);
      break;
    case 'physicalPortName': // IFLA_PHYS_PORT_NAME
      optionalString(writer, 38, at + property, request.physicalPortName);
      break;
    case 'parentDeviceName': // IFLA_PARENT_DEV_NAME
      optionalString(writer, 56, at + property, request.parentDeviceName);
      break;
    case 'parentDeviceBusName': // IFLA_PARENT_DEV_BUS_NAME
      optionalString(writer, 57, at + property, request.parentDeviceBusName);
      break;
    case 'cause': // IFLA_EVENT
      optionalU32(writer, 44, at + property, request.cause);
      break;
    case 'netnsPid': // IFLA_NET_NS_PID
      optionalU32(writer, 19, at + property, request.netnsPid);
      break;
    case 'netnsFd': // IFLA_NET_NS_FD
      optionalU32(writer, 28, at + property, request.netnsFd);
      break;
    case 'targetNetnsId': // IFLA_TARGET_NETNSID
      optionalI32(writer, 46, at + property, request.targetNetnsId);
      break;
    case 'extensionMask': // IFLA_EXT_MASK
      optionalU32(writer, 29, at + property, request.extensionMask);
      break;
    case 'virtualFunctionCount': // IFLA_NUM_VF
      optionalU32(writer, 21, at + property, request.virtualFunctionCount);
      break;
    case 'virtualFunctions': // IFLA_VFINFO_LIST
      if (request.virtualFunctions !== undefined) {
        writer.beginNest(22);
        for (const item of elements(at + property, request.virtualFunctions)) {
          writer.beginNest(1);
          writeVirtualFunction(writer, item, `${at + property}.`);
          writer.endNest();
        }
        writer.endNest();
      }
      break;
    case 'virtualPorts': // IFLA_VF_PORTS
      if (request.virtualPorts !== undefined) {
        writer.beginNest(24);
        for (const item of elements(at + property, request.virtualPorts)) {
          writer.beginNest(1);
          writeLinkPort(writer, item, `${at + property}.`);
          writer.endNest();
        }
        writer.endNest();
      }
      break;
    case 'ownPort': // IFLA_PORT_SELF
      if (request.ownPort !== undefined) {
        writer.beginNest(25);
        writeLinkPort(writer, request.ownPort, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'bridgePort': // IFLA_PROTINFO
      if (request.bridgePort !== undefined) {
        writer.beginNest(12, { flag: true });
        writeBridgePortData(writer, request.bridgePort, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'inet6': // IFLA_PROTINFO
      if (request.inet6 !== undefined) {
        writer.beginNest(12);
        writeLinkInet6(writer, request.inet6, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'xdp': // IFLA_XDP
      if (request.xdp !== undefined) {
        writer.beginNest(43);
        writeLinkXdp(writer, request.xdp, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'protoDownReason': // IFLA_PROTO_DOWN_REASON
      if (request.protoDownReason !== undefined) {
        writer.beginNest(55);
        writeLinkProtoDownReason(writer, request.protoDownReason, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'devlinkPort': // IFLA_DEVLINK_PORT
      if (request.devlinkPort !== undefined) {
        writer.beginNest(62, { flag: true });
        writeLinkDevlinkPort(writer, request.devlinkPort, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'dpllPin': // IFLA_DPLL_PIN
      if (request.dpllPin !== undefined) {
        writer.beginNest(65, { flag: true });
        writeLinkDpllPin(writer, request.dpllPin, `${at + property}.`);
        writer.endNest();
      }
      break;
    case 'map': // IFLA_MAP
      if (request.map !== undefined) {
        writer.beginNest(14);
        writeLinkMap(writer, request.map, at + property);
        writer.endNest();
      }
      break;
    case 'stats': // IFLA_STATS
      if (request.stats !== undefined) {
        writer.beginNest(7);
        writeLinkStatistics32(writer, request.stats, at + property);
        writer.endNest();
      }
      break;
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(
        at === '' ? 'request' : at.slice(0, -1),
        'must have properties of LinkRequest only',
        property,
      );
  }
}
