/**
 * Writers of what is inside of link messages, and of requests: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import { withoutEnding } from '../body.ts';
import { writeBondData, writeBondSlaveData } from './bond.ts';
import { writeBridgePortData } from './bridge-port.ts';
import { writeBridgeAfSpec, writeBridgeData } from './bridge.ts';
import { writeLinkDevlinkPort } from './devlink-port.ts';
import { writeLinkDpllPin } from './dpll-pin.ts';
import { writeLinkAfSpec, writeLinkInet6 } from './inet.ts';
import { writeMacvlanData } from './macvlan.ts';
import { writeLinkMap } from './map.ts';
import { writeLinkProtoDownReason } from './proto-down.ts';
import { writeLinkStatistics, writeLinkStatistics32 } from './statistics.ts';
import { writeTunData } from './tun.ts';
import { type LinkInfo, type LinkRequest, OPER_STATE_NAMES, type VethData } from './types.ts';
import { writeLinkPort, writeVirtualFunction } from './virtual-function.ts';
import { writeVlanData } from './vlan.ts';
import { writeVrfData, writeVrfPortData } from './vrf.ts';
import { writeVxlanData } from './vxlan.ts';
import { writeLinkXdp } from './xdp.ts';
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
} from '../request.ts';
import type { MessageWriter } from '../writer.ts';

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
            writeLinkInfoSlaveData(
              writer,
              value.slaveKind ?? withoutEnding(value.kind, '_slave'),
              given,
              `${path}.`,
            );
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

export function writeLinkRequest(writer: MessageWriter, request: LinkRequest, at = ''): void {
  writeLinkHeader(writer, request, at);
  for (const property of propertiesOf(request, at))
    writeLinkProperty(writer, property, request, at);
}

export function writeLinkHeader(writer: MessageWriter, request: LinkRequest, at: string): void {
  putNumber(writer, 'u8', `${at}family`, request.family ?? 0);
  writer.bytes(new Uint8Array(1));
  putNumber(writer, 'u16', `${at}deviceType`, request.deviceType ?? 0);
  putNumber(writer, 's32', `${at}index`, request.index ?? 0);
  putNumber(writer, 'u32', `${at}flags`, request.flags ?? 0);
  putNumber(writer, 'u32', `${at}change`, request.change ?? 0);
}

export function writeLinkProperty(
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
