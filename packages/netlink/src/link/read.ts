/**
 * Readers of what is inside of link messages, and of requests: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkStruct,
  type Filled,
  keep,
  keepRaw,
  lastString,
  push,
  valueBool,
  valueEnd,
  valueS32,
  valueString,
  valueU16,
  valueU32,
  valueU8,
  valueUint,
  withoutEnding,
} from '../body.ts';
import { readBondData, readBondSlaveData } from './bond.ts';
import { readBridgePortData } from './bridge-port.ts';
import { readBridgeAfSpec, readBridgeData } from './bridge.ts';
import { readLinkDevlinkPort } from './devlink-port.ts';
import { readLinkDpllPin } from './dpll-pin.ts';
import { readLinkAfSpec, readLinkInet6 } from './inet.ts';
import { readMacvlanData } from './macvlan.ts';
import { readLinkMap } from './map.ts';
import { readLinkProtoDownReason } from './proto-down.ts';
import { readLinkStatistics, readLinkStatistics32 } from './statistics.ts';
import { readTunData } from './tun.ts';
import {
  type LinkInfo,
  type LinkInfoData,
  type LinkInfoSlaveData,
  type LinkRequest,
  OPER_STATE_NAMES,
  type VethData,
} from './types.ts';
import { readLinkPort, readVirtualFunction } from './virtual-function.ts';
import { readVlanData } from './vlan.ts';
import { readVrfData, readVrfPortData } from './vrf.ts';
import { readVxlanData } from './vxlan.ts';
import { readLinkXdp } from './xdp.ts';
import { holdsOther, readList } from '../list.ts';
import { inside, type MessageSource, valueBytes } from '../source.ts';

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
        into.peer = readLinkRequest(inside(source, start), start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Reads the attributes from `offset` to `limit`. */
function readLinkInfo(source: MessageSource, offset: number, limit: number): LinkInfo {
  const { view, little } = source;
  const into: Filled<LinkInfo> = {};

  const first = offset;
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
        into.data = readLinkInfoData(lastString(source, first, limit, 1), source, start, end);
        break;
      case 4: // IFLA_INFO_SLAVE_KIND
        into.slaveKind = valueString(source, start, end);
        break;
      case 5: // IFLA_INFO_SLAVE_DATA
        into.slaveData = readLinkInfoSlaveData(
          lastString(source, first, limit, 4) ??
            withoutEnding(lastString(source, first, limit, 1), '_slave'),
          source,
          start,
          end,
        );
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

export class DecodedLinkInfo implements LinkInfo {
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
      this.#slaveData = readLinkInfoSlaveData(
        this.slaveKind ?? withoutEnding(this.kind, '_slave'),
        source,
        start,
        end,
      );
    }
    return this.#slaveData;
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

/** Reads the body of a message from `offset` to `limit` into a plain object, in wire order. */
export function readLinkRequest(source: MessageSource, offset: number, limit: number): LinkRequest {
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
      case 22: // IFLA_VFINFO_LIST
        if (holdsOther(source, start, end, 1)) keepRaw(into, type, source, start, end);
        else into.virtualFunctions = readList(source, start, end, 1, readVirtualFunction);
        break;
      case 24: // IFLA_VF_PORTS
        if (holdsOther(source, start, end, 1)) keepRaw(into, type, source, start, end);
        else into.virtualPorts = readList(source, start, end, 1, readLinkPort);
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
