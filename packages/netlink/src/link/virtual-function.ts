/**
 * Virtual-function: linux/if_link.h.
 *
 * Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as
 * literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no
 * import.
 *
 * @module
 */

import { wrongValue } from '../argument.ts';
import type { RawAttribute } from '../attribute.ts';
import {
  attributeLength,
  checkValue,
  type Filled,
  keep,
  valueS32,
  valueString,
  valueU16,
  valueU64,
  valueU8,
} from '../body.ts';
import { holdsOther, readList } from '../list.ts';
import { loadU64 } from '../load.ts';
import {
  elements,
  optionalBytes,
  optionalI32,
  optionalString,
  optionalU8,
  propertiesOf,
  putBytes,
  putNumber,
} from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Address of a virtual function. `struct ifla_vf_mac` */
export interface VirtualFunctionMac {
  /** Number of the virtual function. */
  readonly vf: number;
  /** Link-layer address, filled up with zeros. */
  readonly address: Uint8Array;
}

/** Reads a `struct ifla_vf_mac`; a longer one is fine. */
function readVirtualFunctionMac(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionMac {
  checkValue(source, start, end, 36);

  const { view, little } = source;
  return { vf: view.getUint32(start, little), address: valueBytes(source, start + 4, start + 36) };
}

/** Writes a `struct ifla_vf_mac`. */
function writeVirtualFunctionMac(
  writer: MessageWriter,
  value: VirtualFunctionMac,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putBytes(writer, `${at}.address`, value.address, 32);
}

/** VLAN of a virtual function. `struct ifla_vf_vlan` */
export interface VirtualFunctionVlan {
  /** Number of the virtual function. */
  readonly vf: number;
  /** VLAN id; 0: none. */
  readonly vlan: number;
  /** Priority. */
  readonly qos: number;
}

/** Reads a `struct ifla_vf_vlan`; a longer one is fine. */
function readVirtualFunctionVlan(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionVlan {
  checkValue(source, start, end, 12);

  const { view, little } = source;
  return {
    vf: view.getUint32(start, little),
    vlan: view.getUint32(start + 4, little),
    qos: view.getUint32(start + 8, little),
  };
}

/** Writes a `struct ifla_vf_vlan`. */
function writeVirtualFunctionVlan(
  writer: MessageWriter,
  value: VirtualFunctionVlan,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.vlan`, value.vlan);
  putNumber(writer, 'u32', `${at}.qos`, value.qos);
}

/** VLAN of a virtual function, with its protocol. `struct ifla_vf_vlan_info` */
export interface VirtualFunctionVlanInfo {
  /** Number of the virtual function. */
  readonly vf: number;
  /** VLAN id; 0: none. */
  readonly vlan: number;
  /** Priority. */
  readonly qos: number;
  /** EtherType: 0x8100 or 0x88a8. */
  readonly protocol: number;
}

/** Reads a `struct ifla_vf_vlan_info`; a longer one is fine. */
function readVirtualFunctionVlanInfo(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionVlanInfo {
  checkValue(source, start, end, 16);

  const { view, little } = source;
  return {
    vf: view.getUint32(start, little),
    vlan: view.getUint32(start + 4, little),
    qos: view.getUint32(start + 8, little),
    protocol: view.getUint16(start + 12),
  };
}

/** Writes a `struct ifla_vf_vlan_info`. */
function writeVirtualFunctionVlanInfo(
  writer: MessageWriter,
  value: VirtualFunctionVlanInfo,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.vlan`, value.vlan);
  putNumber(writer, 'u32', `${at}.qos`, value.qos);
  putNumber(writer, 'u16', `${at}.protocol`, value.protocol, true);
  writer.bytes(new Uint8Array(2));
}

/** Greatest rate of a virtual function. `struct ifla_vf_tx_rate` */
export interface VirtualFunctionTxRate {
  /** Number of the virtual function. */
  readonly vf: number;
  /** In Mbit/s; 0: no limit. */
  readonly rate: number;
}

/** Reads a `struct ifla_vf_tx_rate`; a longer one is fine. */
function readVirtualFunctionTxRate(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionTxRate {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { vf: view.getUint32(start, little), rate: view.getUint32(start + 4, little) };
}

/** Writes a `struct ifla_vf_tx_rate`. */
function writeVirtualFunctionTxRate(
  writer: MessageWriter,
  value: VirtualFunctionTxRate,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.rate`, value.rate);
}

/** Rates of a virtual function. `struct ifla_vf_rate` */
export interface VirtualFunctionRate {
  /** Number of the virtual function. */
  readonly vf: number;
  /** Least, in Mbit/s. */
  readonly minTxRate: number;
  /** Greatest, in Mbit/s; 0: no limit. */
  readonly maxTxRate: number;
}

/** Reads a `struct ifla_vf_rate`; a longer one is fine. */
function readVirtualFunctionRate(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionRate {
  checkValue(source, start, end, 12);

  const { view, little } = source;
  return {
    vf: view.getUint32(start, little),
    minTxRate: view.getUint32(start + 4, little),
    maxTxRate: view.getUint32(start + 8, little),
  };
}

/** Writes a `struct ifla_vf_rate`. */
function writeVirtualFunctionRate(
  writer: MessageWriter,
  value: VirtualFunctionRate,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.minTxRate`, value.minTxRate);
  putNumber(writer, 'u32', `${at}.maxTxRate`, value.maxTxRate);
}

/** A setting of a virtual function. `struct ifla_vf_spoofchk` */
export interface VirtualFunctionSetting {
  /** Number of the virtual function. */
  readonly vf: number;
  /** 0 off, 1 on, 0xffffffff not told. */
  readonly setting: number;
}

/** Reads a `struct ifla_vf_spoofchk`; a longer one is fine. */
function readVirtualFunctionSetting(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionSetting {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { vf: view.getUint32(start, little), setting: view.getUint32(start + 4, little) };
}

/** Writes a `struct ifla_vf_spoofchk`. */
function writeVirtualFunctionSetting(
  writer: MessageWriter,
  value: VirtualFunctionSetting,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.setting`, value.setting);
}

/** Link state of a virtual function. `struct ifla_vf_link_state` */
export interface VirtualFunctionLinkState {
  /** Number of the virtual function. */
  readonly vf: number;
  /** 0 that of the port, 1 up, 2 down. */
  readonly linkState: number;
}

/** Reads a `struct ifla_vf_link_state`; a longer one is fine. */
function readVirtualFunctionLinkState(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionLinkState {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { vf: view.getUint32(start, little), linkState: view.getUint32(start + 4, little) };
}

/** Writes a `struct ifla_vf_link_state`. */
function writeVirtualFunctionLinkState(
  writer: MessageWriter,
  value: VirtualFunctionLinkState,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  putNumber(writer, 'u32', `${at}.linkState`, value.linkState);
}

/** InfiniBand GUID of a virtual function. `struct ifla_vf_guid` */
export interface VirtualFunctionGuid {
  /** Number of the virtual function. */
  readonly vf: number;
  /** GUID. */
  readonly guid: bigint;
}

/** Reads a `struct ifla_vf_guid`; a longer one is fine. */
function readVirtualFunctionGuid(
  source: MessageSource,
  start: number,
  end: number,
): VirtualFunctionGuid {
  checkValue(source, start, end, 16);

  const { view, little } = source;
  return { vf: view.getUint32(start, little), guid: loadU64(view, start + 8, little) };
}

/** Writes a `struct ifla_vf_guid`. */
function writeVirtualFunctionGuid(
  writer: MessageWriter,
  value: VirtualFunctionGuid,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.vf`, value.vf);
  writer.bytes(new Uint8Array(4));
  putNumber(writer, 'u64', `${at}.guid`, value.guid);
}

/** Counters of a virtual function. */
export interface VirtualFunctionStatistics {
  /** Packets received. IFLA_VF_STATS_RX_PACKETS */
  readonly rxPackets?: bigint | undefined;
  /** Packets sent. IFLA_VF_STATS_TX_PACKETS */
  readonly txPackets?: bigint | undefined;
  /** Bytes received. IFLA_VF_STATS_RX_BYTES */
  readonly rxBytes?: bigint | undefined;
  /** Bytes sent. IFLA_VF_STATS_TX_BYTES */
  readonly txBytes?: bigint | undefined;
  /** Broadcast packets received. IFLA_VF_STATS_BROADCAST */
  readonly broadcast?: bigint | undefined;
  /** Multicast packets received. IFLA_VF_STATS_MULTICAST */
  readonly multicast?: bigint | undefined;
  /** Received and dropped. IFLA_VF_STATS_RX_DROPPED */
  readonly rxDropped?: bigint | undefined;
  /** Not sent. IFLA_VF_STATS_TX_DROPPED */
  readonly txDropped?: bigint | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readVirtualFunctionStatistics(
  source: MessageSource,
  offset: number,
  limit: number,
): VirtualFunctionStatistics {
  const { view, little } = source;
  const into: Filled<VirtualFunctionStatistics> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 0: // IFLA_VF_STATS_RX_PACKETS
        into.rxPackets = valueU64(source, start, end);
        break;
      case 1: // IFLA_VF_STATS_TX_PACKETS
        into.txPackets = valueU64(source, start, end);
        break;
      case 2: // IFLA_VF_STATS_RX_BYTES
        into.rxBytes = valueU64(source, start, end);
        break;
      case 3: // IFLA_VF_STATS_TX_BYTES
        into.txBytes = valueU64(source, start, end);
        break;
      case 4: // IFLA_VF_STATS_BROADCAST
        into.broadcast = valueU64(source, start, end);
        break;
      case 5: // IFLA_VF_STATS_MULTICAST
        into.multicast = valueU64(source, start, end);
        break;
      case 7: // IFLA_VF_STATS_RX_DROPPED
        into.rxDropped = valueU64(source, start, end);
        break;
      case 8: // IFLA_VF_STATS_TX_DROPPED
        into.txDropped = valueU64(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VirtualFunctionStatistics}, in the order of its properties. */
function writeVirtualFunctionStatistics(
  writer: MessageWriter,
  value: VirtualFunctionStatistics,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'rxPackets': // IFLA_VF_STATS_RX_PACKETS
        if (value.rxPackets !== undefined) {
          writer.beginNest(0);
          putNumber(writer, 'u64', at + property, value.rxPackets);
          writer.endNest();
        }
        break;
      case 'txPackets': // IFLA_VF_STATS_TX_PACKETS
        if (value.txPackets !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u64', at + property, value.txPackets);
          writer.endNest();
        }
        break;
      case 'rxBytes': // IFLA_VF_STATS_RX_BYTES
        if (value.rxBytes !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u64', at + property, value.rxBytes);
          writer.endNest();
        }
        break;
      case 'txBytes': // IFLA_VF_STATS_TX_BYTES
        if (value.txBytes !== undefined) {
          writer.beginNest(3);
          putNumber(writer, 'u64', at + property, value.txBytes);
          writer.endNest();
        }
        break;
      case 'broadcast': // IFLA_VF_STATS_BROADCAST
        if (value.broadcast !== undefined) {
          writer.beginNest(4);
          putNumber(writer, 'u64', at + property, value.broadcast);
          writer.endNest();
        }
        break;
      case 'multicast': // IFLA_VF_STATS_MULTICAST
        if (value.multicast !== undefined) {
          writer.beginNest(5);
          putNumber(writer, 'u64', at + property, value.multicast);
          writer.endNest();
        }
        break;
      case 'rxDropped': // IFLA_VF_STATS_RX_DROPPED
        if (value.rxDropped !== undefined) {
          writer.beginNest(7);
          putNumber(writer, 'u64', at + property, value.rxDropped);
          writer.endNest();
        }
        break;
      case 'txDropped': // IFLA_VF_STATS_TX_DROPPED
        if (value.txDropped !== undefined) {
          writer.beginNest(8);
          putNumber(writer, 'u64', at + property, value.txDropped);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(
          at + property,
          'must be a property of VirtualFunctionStatistics',
          property,
        );
    }
  }
}

/** A virtual function of a link. */
export interface VirtualFunction {
  /** Address. IFLA_VF_MAC */
  readonly mac?: VirtualFunctionMac | undefined;
  /** VLAN. IFLA_VF_VLAN */
  readonly vlan?: VirtualFunctionVlan | undefined;
  /** Greatest rate. IFLA_VF_TX_RATE */
  readonly txRate?: VirtualFunctionTxRate | undefined;
  /** Whether source addresses are checked. IFLA_VF_SPOOFCHK */
  readonly spoofCheck?: VirtualFunctionSetting | undefined;
  /** Link state. IFLA_VF_LINK_STATE */
  readonly linkState?: VirtualFunctionLinkState | undefined;
  /** Rates. IFLA_VF_RATE */
  readonly rate?: VirtualFunctionRate | undefined;
  /** Whether RSS may be asked for. IFLA_VF_RSS_QUERY_EN */
  readonly rssQuery?: VirtualFunctionSetting | undefined;
  /** Counters. IFLA_VF_STATS */
  readonly statistics?: VirtualFunctionStatistics | undefined;
  /** Whether it is trusted. IFLA_VF_TRUST */
  readonly trust?: VirtualFunctionSetting | undefined;
  /** Node GUID. IFLA_VF_IB_NODE_GUID */
  readonly nodeGuid?: VirtualFunctionGuid | undefined;
  /** Port GUID. IFLA_VF_IB_PORT_GUID */
  readonly portGuid?: VirtualFunctionGuid | undefined;
  /** VLANs. IFLA_VF_VLAN_LIST */
  readonly vlans?: readonly VirtualFunctionVlanInfo[] | undefined;
  /** Link-layer broadcast address, filled up to 32 bytes with zeros. IFLA_VF_BROADCAST */
  readonly broadcast?: Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readVirtualFunction(
  source: MessageSource,
  offset: number,
  limit: number,
): VirtualFunction {
  const { view, little } = source;
  const into: Filled<VirtualFunction> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_VF_MAC
        into.mac = readVirtualFunctionMac(source, start, end);
        break;
      case 2: // IFLA_VF_VLAN
        into.vlan = readVirtualFunctionVlan(source, start, end);
        break;
      case 3: // IFLA_VF_TX_RATE
        into.txRate = readVirtualFunctionTxRate(source, start, end);
        break;
      case 4: // IFLA_VF_SPOOFCHK
        into.spoofCheck = readVirtualFunctionSetting(source, start, end);
        break;
      case 5: // IFLA_VF_LINK_STATE
        into.linkState = readVirtualFunctionLinkState(source, start, end);
        break;
      case 6: // IFLA_VF_RATE
        into.rate = readVirtualFunctionRate(source, start, end);
        break;
      case 7: // IFLA_VF_RSS_QUERY_EN
        into.rssQuery = readVirtualFunctionSetting(source, start, end);
        break;
      case 8: // IFLA_VF_STATS
        into.statistics = readVirtualFunctionStatistics(source, start, end);
        break;
      case 9: // IFLA_VF_TRUST
        into.trust = readVirtualFunctionSetting(source, start, end);
        break;
      case 10: // IFLA_VF_IB_NODE_GUID
        into.nodeGuid = readVirtualFunctionGuid(source, start, end);
        break;
      case 11: // IFLA_VF_IB_PORT_GUID
        into.portGuid = readVirtualFunctionGuid(source, start, end);
        break;
      case 12: // IFLA_VF_VLAN_LIST
        if (holdsOther(source, start, end, 1)) keep(into, type, source, start, end);
        else into.vlans = readList(source, start, end, 1, readVirtualFunctionVlanInfo);
        break;
      case 13: // IFLA_VF_BROADCAST
        into.broadcast = valueBytes(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link VirtualFunction}, in the order of its properties. */
export function writeVirtualFunction(
  writer: MessageWriter,
  value: VirtualFunction,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'mac': // IFLA_VF_MAC
        if (value.mac !== undefined) {
          writer.beginNest(1);
          writeVirtualFunctionMac(writer, value.mac, at + property);
          writer.endNest();
        }
        break;
      case 'vlan': // IFLA_VF_VLAN
        if (value.vlan !== undefined) {
          writer.beginNest(2);
          writeVirtualFunctionVlan(writer, value.vlan, at + property);
          writer.endNest();
        }
        break;
      case 'txRate': // IFLA_VF_TX_RATE
        if (value.txRate !== undefined) {
          writer.beginNest(3);
          writeVirtualFunctionTxRate(writer, value.txRate, at + property);
          writer.endNest();
        }
        break;
      case 'spoofCheck': // IFLA_VF_SPOOFCHK
        if (value.spoofCheck !== undefined) {
          writer.beginNest(4);
          writeVirtualFunctionSetting(writer, value.spoofCheck, at + property);
          writer.endNest();
        }
        break;
      case 'linkState': // IFLA_VF_LINK_STATE
        if (value.linkState !== undefined) {
          writer.beginNest(5);
          writeVirtualFunctionLinkState(writer, value.linkState, at + property);
          writer.endNest();
        }
        break;
      case 'rate': // IFLA_VF_RATE
        if (value.rate !== undefined) {
          writer.beginNest(6);
          writeVirtualFunctionRate(writer, value.rate, at + property);
          writer.endNest();
        }
        break;
      case 'rssQuery': // IFLA_VF_RSS_QUERY_EN
        if (value.rssQuery !== undefined) {
          writer.beginNest(7);
          writeVirtualFunctionSetting(writer, value.rssQuery, at + property);
          writer.endNest();
        }
        break;
      case 'statistics': // IFLA_VF_STATS
        if (value.statistics !== undefined) {
          writer.beginNest(8);
          writeVirtualFunctionStatistics(writer, value.statistics, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'trust': // IFLA_VF_TRUST
        if (value.trust !== undefined) {
          writer.beginNest(9);
          writeVirtualFunctionSetting(writer, value.trust, at + property);
          writer.endNest();
        }
        break;
      case 'nodeGuid': // IFLA_VF_IB_NODE_GUID
        if (value.nodeGuid !== undefined) {
          writer.beginNest(10);
          writeVirtualFunctionGuid(writer, value.nodeGuid, at + property);
          writer.endNest();
        }
        break;
      case 'portGuid': // IFLA_VF_IB_PORT_GUID
        if (value.portGuid !== undefined) {
          writer.beginNest(11);
          writeVirtualFunctionGuid(writer, value.portGuid, at + property);
          writer.endNest();
        }
        break;
      case 'vlans': // IFLA_VF_VLAN_LIST
        if (value.vlans !== undefined) {
          writer.beginNest(12);
          for (const item of elements(at + property, value.vlans)) {
            writer.beginNest(1);
            writeVirtualFunctionVlanInfo(writer, item, at + property);
            writer.endNest();
          }
          writer.endNest();
        }
        break;
      case 'broadcast': // IFLA_VF_BROADCAST
        optionalBytes(writer, 13, at + property, value.broadcast);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of VirtualFunction', property);
    }
  }
}

/** A port profile of a link or virtual function: IEEE 802.1Qbg. */
export interface LinkPort {
  /** Number of the virtual function. IFLA_PORT_VF */
  readonly vf?: number | undefined;
  /** Name of the profile. IFLA_PORT_PROFILE */
  readonly profile?: string | undefined;
  /** `struct ifla_port_vsi`. IFLA_PORT_VSI_TYPE */
  readonly vsiType?: Uint8Array | undefined;
  /** UUID of the instance. IFLA_PORT_INSTANCE_UUID */
  readonly instanceUuid?: Uint8Array | undefined;
  /** UUID of the host. IFLA_PORT_HOST_UUID */
  readonly hostUuid?: Uint8Array | undefined;
  /** PORT_REQUEST_*. IFLA_PORT_REQUEST */
  readonly request?: number | undefined;
  /** PORT_*_RESPONSE_*. IFLA_PORT_RESPONSE */
  readonly response?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readLinkPort(source: MessageSource, offset: number, limit: number): LinkPort {
  const { view, little } = source;
  const into: Filled<LinkPort> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_PORT_VF
        into.vf = valueS32(source, start, end);
        break;
      case 2: // IFLA_PORT_PROFILE
        into.profile = valueString(source, start, end);
        break;
      case 3: // IFLA_PORT_VSI_TYPE
        into.vsiType = valueBytes(source, start, end);
        break;
      case 4: // IFLA_PORT_INSTANCE_UUID
        into.instanceUuid = valueBytes(source, start, end);
        break;
      case 5: // IFLA_PORT_HOST_UUID
        into.hostUuid = valueBytes(source, start, end);
        break;
      case 6: // IFLA_PORT_REQUEST
        into.request = valueU8(source, start, end);
        break;
      case 7: // IFLA_PORT_RESPONSE
        into.response = valueU16(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link LinkPort}, in the order of its properties. */
export function writeLinkPort(writer: MessageWriter, value: LinkPort, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'vf': // IFLA_PORT_VF
        optionalI32(writer, 1, at + property, value.vf);
        break;
      case 'profile': // IFLA_PORT_PROFILE
        optionalString(writer, 2, at + property, value.profile);
        break;
      case 'vsiType': // IFLA_PORT_VSI_TYPE
        optionalBytes(writer, 3, at + property, value.vsiType);
        break;
      case 'instanceUuid': // IFLA_PORT_INSTANCE_UUID
        optionalBytes(writer, 4, at + property, value.instanceUuid);
        break;
      case 'hostUuid': // IFLA_PORT_HOST_UUID
        optionalBytes(writer, 5, at + property, value.hostUuid);
        break;
      case 'request': // IFLA_PORT_REQUEST
        optionalU8(writer, 6, at + property, value.request);
        break;
      case 'response': // IFLA_PORT_RESPONSE
        if (value.response !== undefined) {
          writer.beginNest(7);
          putNumber(writer, 'u16', at + property, value.response);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of LinkPort', property);
    }
  }
}
