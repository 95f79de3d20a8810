/**
 * Bridge: linux/if_link.h.
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
  valueBigEndianU16,
  valueBool,
  valueU16,
  valueU32,
  valueU64,
  valueU8,
} from '../body.ts';
import { holdsOther, readList } from '../list.ts';
import {
  elements,
  optionalBytes,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
} from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Options of a bridge that are on or off. `struct br_boolopt_multi` */
export interface BridgeBooleanOptions {
  /** BR_BOOLOPT_* of linux/if_bridge.h, as bits: which are on. */
  readonly values: number;
  /** Which of them are told, or to be set. */
  readonly mask: number;
}

/** Reads a `struct br_boolopt_multi`; a longer one is fine. */
function readBridgeBooleanOptions(
  source: MessageSource,
  start: number,
  end: number,
): BridgeBooleanOptions {
  checkValue(source, start, end, 8);

  const { view, little } = source;
  return { values: view.getUint32(start, little), mask: view.getUint32(start + 4, little) };
}

/** Writes a `struct br_boolopt_multi`. */
function writeBridgeBooleanOptions(
  writer: MessageWriter,
  value: BridgeBooleanOptions,
  at: string,
): void {
  putNumber(writer, 'u32', `${at}.values`, value.values);
  putNumber(writer, 'u32', `${at}.mask`, value.mask);
}

/** A VLAN of a port. `struct bridge_vlan_info` */
export interface BridgeVlanInfo {
  /** BRIDGE_VLAN_INFO_* of linux/if_bridge.h. */
  readonly flags: number;
  /** VLAN id. */
  readonly vid: number;
}

/** Reads a `struct bridge_vlan_info`; a longer one is fine. */
function readBridgeVlanInfo(source: MessageSource, start: number, end: number): BridgeVlanInfo {
  checkValue(source, start, end, 4);

  const { view, little } = source;
  return { flags: view.getUint16(start, little), vid: view.getUint16(start + 2, little) };
}

/** Writes a `struct bridge_vlan_info`. */
function writeBridgeVlanInfo(writer: MessageWriter, value: BridgeVlanInfo, at: string): void {
  putNumber(writer, 'u16', `${at}.flags`, value.flags);
  putNumber(writer, 'u16', `${at}.vid`, value.vid);
}

/** Who sends the queries of IGMP and MLD that a bridge sees. */
export interface BridgeQuerierState {
  /** IPv4 address, 4 bytes. BRIDGE_QUERIER_IP_ADDRESS */
  readonly address?: Uint8Array | undefined;
  /** Index of the port that it is behind. BRIDGE_QUERIER_IP_PORT */
  readonly port?: number | undefined;
  /**
   * Until another querier is not believed in any more, in hundredths of a second.
   * BRIDGE_QUERIER_IP_OTHER_TIMER
   */
  readonly otherTimer?: bigint | undefined;
  /** IPv6 address, 16 bytes. BRIDGE_QUERIER_IPV6_ADDRESS */
  readonly address6?: Uint8Array | undefined;
  /** As `port`, of MLD. BRIDGE_QUERIER_IPV6_PORT */
  readonly port6?: number | undefined;
  /** As `otherTimer`, of MLD. BRIDGE_QUERIER_IPV6_OTHER_TIMER */
  readonly otherTimer6?: bigint | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readBridgeQuerierState(
  source: MessageSource,
  offset: number,
  limit: number,
): BridgeQuerierState {
  const { view, little } = source;
  const into: Filled<BridgeQuerierState> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // BRIDGE_QUERIER_IP_ADDRESS
        into.address = valueBytes(source, start, end);
        break;
      case 2: // BRIDGE_QUERIER_IP_PORT
        into.port = valueU32(source, start, end);
        break;
      case 3: // BRIDGE_QUERIER_IP_OTHER_TIMER
        into.otherTimer = valueU64(source, start, end);
        break;
      case 5: // BRIDGE_QUERIER_IPV6_ADDRESS
        into.address6 = valueBytes(source, start, end);
        break;
      case 6: // BRIDGE_QUERIER_IPV6_PORT
        into.port6 = valueU32(source, start, end);
        break;
      case 7: // BRIDGE_QUERIER_IPV6_OTHER_TIMER
        into.otherTimer6 = valueU64(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgeQuerierState}, in the order of its properties. */
function writeBridgeQuerierState(
  writer: MessageWriter,
  value: BridgeQuerierState,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'address': // BRIDGE_QUERIER_IP_ADDRESS
        optionalBytes(writer, 1, at + property, value.address);
        break;
      case 'port': // BRIDGE_QUERIER_IP_PORT
        optionalU32(writer, 2, at + property, value.port);
        break;
      case 'otherTimer': // BRIDGE_QUERIER_IP_OTHER_TIMER
        if (value.otherTimer !== undefined) {
          writer.beginNest(3);
          putNumber(writer, 'u64', at + property, value.otherTimer);
          writer.endNest();
        }
        break;
      case 'address6': // BRIDGE_QUERIER_IPV6_ADDRESS
        optionalBytes(writer, 5, at + property, value.address6);
        break;
      case 'port6': // BRIDGE_QUERIER_IPV6_PORT
        optionalU32(writer, 6, at + property, value.port6);
        break;
      case 'otherTimer6': // BRIDGE_QUERIER_IPV6_OTHER_TIMER
        if (value.otherTimer6 !== undefined) {
          writer.beginNest(7);
          putNumber(writer, 'u64', at + property, value.otherTimer6);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgeQuerierState', property);
    }
  }
}

/** Parameters of a bridge. */
export interface BridgeData {
  /** Forward delay, in hundredths of a second. IFLA_BR_FORWARD_DELAY */
  readonly forwardDelay?: number | undefined;
  /** Hello time, in hundredths of a second. IFLA_BR_HELLO_TIME */
  readonly helloTime?: number | undefined;
  /** Greatest age of a message, in hundredths of a second. IFLA_BR_MAX_AGE */
  readonly maxAge?: number | undefined;
  /** How long addresses are kept, in hundredths of a second. IFLA_BR_AGEING_TIME */
  readonly ageingTime?: number | undefined;
  /** Spanning tree: 0 off, 1 the kernel, 2 user space. IFLA_BR_STP_STATE */
  readonly stpState?: number | undefined;
  /** Priority of the bridge. IFLA_BR_PRIORITY */
  readonly priority?: number | undefined;
  /** Whether VLANs are told apart. IFLA_BR_VLAN_FILTERING */
  readonly vlanFiltering?: boolean | undefined;
  /** EtherType of VLANs: 0x8100 or 0x88a8. IFLA_BR_VLAN_PROTOCOL */
  readonly vlanProtocol?: number | undefined;
  /** Which link-local groups are forwarded, as bits. IFLA_BR_GROUP_FWD_MASK */
  readonly groupForwardMask?: number | undefined;
  /** Id of the root: priority (2 bytes) and address (6). IFLA_BR_ROOT_ID */
  readonly rootId?: Uint8Array | undefined;
  /** Id of the bridge: priority (2 bytes) and address (6). IFLA_BR_BRIDGE_ID */
  readonly bridgeId?: Uint8Array | undefined;
  /** Number of the port towards the root. IFLA_BR_ROOT_PORT */
  readonly rootPort?: number | undefined;
  /** Cost of the path to the root. IFLA_BR_ROOT_PATH_COST */
  readonly rootPathCost?: number | undefined;
  /** Whether the topology changes. IFLA_BR_TOPOLOGY_CHANGE */
  readonly topologyChange?: boolean | undefined;
  /** Whether this bridge found a change. IFLA_BR_TOPOLOGY_CHANGE_DETECTED */
  readonly topologyChangeDetected?: boolean | undefined;
  /** Until the next hello, in hundredths of a second. IFLA_BR_HELLO_TIMER */
  readonly helloTimer?: bigint | undefined;
  /** Until the next notification, in hundredths of a second. IFLA_BR_TCN_TIMER */
  readonly topologyChangeNotificationTimer?: bigint | undefined;
  /** Until the change is over, in hundredths of a second. IFLA_BR_TOPOLOGY_CHANGE_TIMER */
  readonly topologyChangeTimer?: bigint | undefined;
  /** Until old addresses are removed, in hundredths of a second. IFLA_BR_GC_TIMER */
  readonly garbageCollectionTimer?: bigint | undefined;
  /** Group address of the spanning tree, six bytes. IFLA_BR_GROUP_ADDR */
  readonly groupAddress?: Uint8Array | undefined;
  /** In a request: forget all addresses. IFLA_BR_FDB_FLUSH */
  readonly flush?: boolean | undefined;
  /** Multicast router: 0 off, 1 learnt, 2 on. IFLA_BR_MCAST_ROUTER */
  readonly multicastRouter?: number | undefined;
  /** Whether it snoops on IGMP and MLD. IFLA_BR_MCAST_SNOOPING */
  readonly multicastSnooping?: boolean | undefined;
  /** Whether queries bear its own address. IFLA_BR_MCAST_QUERY_USE_IFADDR */
  readonly multicastQueryUseAddress?: boolean | undefined;
  /** Whether it sends queries. IFLA_BR_MCAST_QUERIER */
  readonly multicastQuerier?: boolean | undefined;
  /** Of no use today. IFLA_BR_MCAST_HASH_ELASTICITY */
  readonly multicastHashElasticity?: number | undefined;
  /** Most multicast groups. IFLA_BR_MCAST_HASH_MAX */
  readonly multicastHashMax?: number | undefined;
  /** Queries before a group is left. IFLA_BR_MCAST_LAST_MEMBER_CNT */
  readonly multicastLastMemberCount?: number | undefined;
  /** Queries at the start. IFLA_BR_MCAST_STARTUP_QUERY_CNT */
  readonly multicastStartupQueryCount?: number | undefined;
  /**
   * Between queries before a group is left, in hundredths of a second.
   * IFLA_BR_MCAST_LAST_MEMBER_INTVL
   */
  readonly multicastLastMemberInterval?: bigint | undefined;
  /** How long a membership lasts, in hundredths of a second. IFLA_BR_MCAST_MEMBERSHIP_INTVL */
  readonly multicastMembershipInterval?: bigint | undefined;
  /**
   * How long another querier is believed in, in hundredths of a second. IFLA_BR_MCAST_QUERIER_INTVL
   */
  readonly multicastQuerierInterval?: bigint | undefined;
  /** Between queries, in hundredths of a second. IFLA_BR_MCAST_QUERY_INTVL */
  readonly multicastQueryInterval?: bigint | undefined;
  /** How long answers may take, in hundredths of a second. IFLA_BR_MCAST_QUERY_RESPONSE_INTVL */
  readonly multicastQueryResponseInterval?: bigint | undefined;
  /** Between queries at the start, in hundredths of a second. IFLA_BR_MCAST_STARTUP_QUERY_INTVL */
  readonly multicastStartupQueryInterval?: bigint | undefined;
  /** Whether IPv4 goes through iptables. IFLA_BR_NF_CALL_IPTABLES */
  readonly callIptables?: boolean | undefined;
  /** Whether IPv6 goes through ip6tables. IFLA_BR_NF_CALL_IP6TABLES */
  readonly callIp6tables?: boolean | undefined;
  /** Whether ARP goes through arptables. IFLA_BR_NF_CALL_ARPTABLES */
  readonly callArptables?: boolean | undefined;
  /** VLAN of frames without a tag, of new ports; 0: none. IFLA_BR_VLAN_DEFAULT_PVID */
  readonly vlanDefaultPvid?: number | undefined;
  /** Whether it counts by VLAN. IFLA_BR_VLAN_STATS_ENABLED */
  readonly vlanStatistics?: boolean | undefined;
  /** Whether it counts IGMP and MLD. IFLA_BR_MCAST_STATS_ENABLED */
  readonly multicastStatistics?: boolean | undefined;
  /** Version of IGMP. IFLA_BR_MCAST_IGMP_VERSION */
  readonly igmpVersion?: number | undefined;
  /** Version of MLD. IFLA_BR_MCAST_MLD_VERSION */
  readonly mldVersion?: number | undefined;
  /** Whether it counts by VLAN and port. IFLA_BR_VLAN_STATS_PER_PORT */
  readonly vlanStatisticsPerPort?: boolean | undefined;
  /** Further options. IFLA_BR_MULTI_BOOLOPT */
  readonly booleanOptions?: BridgeBooleanOptions | undefined;
  /** Who sends queries. IFLA_BR_MCAST_QUERIER_STATE */
  readonly multicastQuerierState?: BridgeQuerierState | undefined;
  /** How many addresses it has learnt. IFLA_BR_FDB_N_LEARNED */
  readonly learnedAddresses?: number | undefined;
  /** Most addresses that it learns; 0: no limit. IFLA_BR_FDB_MAX_LEARNED */
  readonly maxLearnedAddresses?: number | undefined;
  /**
   * Who runs the spanning tree: 0 user space if it can, 1 user space, 2 the kernel.
   * IFLA_BR_STP_MODE
   */
  readonly stpMode?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readBridgeData(source: MessageSource, offset: number, limit: number): BridgeData {
  const { view, little } = source;
  const into: Filled<BridgeData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BR_FORWARD_DELAY
        into.forwardDelay = valueU32(source, start, end);
        break;
      case 2: // IFLA_BR_HELLO_TIME
        into.helloTime = valueU32(source, start, end);
        break;
      case 3: // IFLA_BR_MAX_AGE
        into.maxAge = valueU32(source, start, end);
        break;
      case 4: // IFLA_BR_AGEING_TIME
        into.ageingTime = valueU32(source, start, end);
        break;
      case 5: // IFLA_BR_STP_STATE
        into.stpState = valueU32(source, start, end);
        break;
      case 6: // IFLA_BR_PRIORITY
        into.priority = valueU16(source, start, end);
        break;
      case 7: // IFLA_BR_VLAN_FILTERING
        into.vlanFiltering = valueBool(source, start, end);
        break;
      case 8: // IFLA_BR_VLAN_PROTOCOL
        into.vlanProtocol = valueBigEndianU16(source, start, end);
        break;
      case 9: // IFLA_BR_GROUP_FWD_MASK
        into.groupForwardMask = valueU16(source, start, end);
        break;
      case 10: // IFLA_BR_ROOT_ID
        into.rootId = valueBytes(source, start, end);
        break;
      case 11: // IFLA_BR_BRIDGE_ID
        into.bridgeId = valueBytes(source, start, end);
        break;
      case 12: // IFLA_BR_ROOT_PORT
        into.rootPort = valueU16(source, start, end);
        break;
      case 13: // IFLA_BR_ROOT_PATH_COST
        into.rootPathCost = valueU32(source, start, end);
        break;
      case 14: // IFLA_BR_TOPOLOGY_CHANGE
        into.topologyChange = valueBool(source, start, end);
        break;
      case 15: // IFLA_BR_TOPOLOGY_CHANGE_DETECTED
        into.topologyChangeDetected = valueBool(source, start, end);
        break;
      case 16: // IFLA_BR_HELLO_TIMER
        into.helloTimer = valueU64(source, start, end);
        break;
      case 17: // IFLA_BR_TCN_TIMER
        into.topologyChangeNotificationTimer = valueU64(source, start, end);
        break;
      case 18: // IFLA_BR_TOPOLOGY_CHANGE_TIMER
        into.topologyChangeTimer = valueU64(source, start, end);
        break;
      case 19: // IFLA_BR_GC_TIMER
        into.garbageCollectionTimer = valueU64(source, start, end);
        break;
      case 20: // IFLA_BR_GROUP_ADDR
        into.groupAddress = valueBytes(source, start, end);
        break;
      case 21: // IFLA_BR_FDB_FLUSH
        into.flush = true;
        break;
      case 22: // IFLA_BR_MCAST_ROUTER
        into.multicastRouter = valueU8(source, start, end);
        break;
      case 23: // IFLA_BR_MCAST_SNOOPING
        into.multicastSnooping = valueBool(source, start, end);
        break;
      case 24: // IFLA_BR_MCAST_QUERY_USE_IFADDR
        into.multicastQueryUseAddress = valueBool(source, start, end);
        break;
      case 25: // IFLA_BR_MCAST_QUERIER
        into.multicastQuerier = valueBool(source, start, end);
        break;
      case 26: // IFLA_BR_MCAST_HASH_ELASTICITY
        into.multicastHashElasticity = valueU32(source, start, end);
        break;
      case 27: // IFLA_BR_MCAST_HASH_MAX
        into.multicastHashMax = valueU32(source, start, end);
        break;
      case 28: // IFLA_BR_MCAST_LAST_MEMBER_CNT
        into.multicastLastMemberCount = valueU32(source, start, end);
        break;
      case 29: // IFLA_BR_MCAST_STARTUP_QUERY_CNT
        into.multicastStartupQueryCount = valueU32(source, start, end);
        break;
      case 30: // IFLA_BR_MCAST_LAST_MEMBER_INTVL
        into.multicastLastMemberInterval = valueU64(source, start, end);
        break;
      case 31: // IFLA_BR_MCAST_MEMBERSHIP_INTVL
        into.multicastMembershipInterval = valueU64(source, start, end);
        break;
      case 32: // IFLA_BR_MCAST_QUERIER_INTVL
        into.multicastQuerierInterval = valueU64(source, start, end);
        break;
      case 33: // IFLA_BR_MCAST_QUERY_INTVL
        into.multicastQueryInterval = valueU64(source, start, end);
        break;
      case 34: // IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
        into.multicastQueryResponseInterval = valueU64(source, start, end);
        break;
      case 35: // IFLA_BR_MCAST_STARTUP_QUERY_INTVL
        into.multicastStartupQueryInterval = valueU64(source, start, end);
        break;
      case 36: // IFLA_BR_NF_CALL_IPTABLES
        into.callIptables = valueBool(source, start, end);
        break;
      case 37: // IFLA_BR_NF_CALL_IP6TABLES
        into.callIp6tables = valueBool(source, start, end);
        break;
      case 38: // IFLA_BR_NF_CALL_ARPTABLES
        into.callArptables = valueBool(source, start, end);
        break;
      case 39: // IFLA_BR_VLAN_DEFAULT_PVID
        into.vlanDefaultPvid = valueU16(source, start, end);
        break;
      case 41: // IFLA_BR_VLAN_STATS_ENABLED
        into.vlanStatistics = valueBool(source, start, end);
        break;
      case 42: // IFLA_BR_MCAST_STATS_ENABLED
        into.multicastStatistics = valueBool(source, start, end);
        break;
      case 43: // IFLA_BR_MCAST_IGMP_VERSION
        into.igmpVersion = valueU8(source, start, end);
        break;
      case 44: // IFLA_BR_MCAST_MLD_VERSION
        into.mldVersion = valueU8(source, start, end);
        break;
      case 45: // IFLA_BR_VLAN_STATS_PER_PORT
        into.vlanStatisticsPerPort = valueBool(source, start, end);
        break;
      case 46: // IFLA_BR_MULTI_BOOLOPT
        into.booleanOptions = readBridgeBooleanOptions(source, start, end);
        break;
      case 47: // IFLA_BR_MCAST_QUERIER_STATE
        into.multicastQuerierState = readBridgeQuerierState(source, start, end);
        break;
      case 48: // IFLA_BR_FDB_N_LEARNED
        into.learnedAddresses = valueU32(source, start, end);
        break;
      case 49: // IFLA_BR_FDB_MAX_LEARNED
        into.maxLearnedAddresses = valueU32(source, start, end);
        break;
      case 50: // IFLA_BR_STP_MODE
        into.stpMode = valueU32(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgeData}, in the order of its properties. */
export function writeBridgeData(writer: MessageWriter, value: BridgeData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'forwardDelay': // IFLA_BR_FORWARD_DELAY
        optionalU32(writer, 1, at + property, value.forwardDelay);
        break;
      case 'helloTime': // IFLA_BR_HELLO_TIME
        optionalU32(writer, 2, at + property, value.helloTime);
        break;
      case 'maxAge': // IFLA_BR_MAX_AGE
        optionalU32(writer, 3, at + property, value.maxAge);
        break;
      case 'ageingTime': // IFLA_BR_AGEING_TIME
        optionalU32(writer, 4, at + property, value.ageingTime);
        break;
      case 'stpState': // IFLA_BR_STP_STATE
        optionalU32(writer, 5, at + property, value.stpState);
        break;
      case 'priority': // IFLA_BR_PRIORITY
        if (value.priority !== undefined) {
          writer.beginNest(6);
          putNumber(writer, 'u16', at + property, value.priority);
          writer.endNest();
        }
        break;
      case 'vlanFiltering': // IFLA_BR_VLAN_FILTERING
        if (value.vlanFiltering !== undefined) {
          writer.attributeU8(7, value.vlanFiltering ? 1 : 0);
        }
        break;
      case 'vlanProtocol': // IFLA_BR_VLAN_PROTOCOL
        if (value.vlanProtocol !== undefined) {
          writer.beginNest(8);
          putNumber(writer, 'u16', at + property, value.vlanProtocol, true);
          writer.endNest();
        }
        break;
      case 'groupForwardMask': // IFLA_BR_GROUP_FWD_MASK
        if (value.groupForwardMask !== undefined) {
          writer.beginNest(9);
          putNumber(writer, 'u16', at + property, value.groupForwardMask);
          writer.endNest();
        }
        break;
      case 'rootId': // IFLA_BR_ROOT_ID
        optionalBytes(writer, 10, at + property, value.rootId);
        break;
      case 'bridgeId': // IFLA_BR_BRIDGE_ID
        optionalBytes(writer, 11, at + property, value.bridgeId);
        break;
      case 'rootPort': // IFLA_BR_ROOT_PORT
        if (value.rootPort !== undefined) {
          writer.beginNest(12);
          putNumber(writer, 'u16', at + property, value.rootPort);
          writer.endNest();
        }
        break;
      case 'rootPathCost': // IFLA_BR_ROOT_PATH_COST
        optionalU32(writer, 13, at + property, value.rootPathCost);
        break;
      case 'topologyChange': // IFLA_BR_TOPOLOGY_CHANGE
        if (value.topologyChange !== undefined) {
          writer.attributeU8(14, value.topologyChange ? 1 : 0);
        }
        break;
      case 'topologyChangeDetected': // IFLA_BR_TOPOLOGY_CHANGE_DETECTED
        if (value.topologyChangeDetected !== undefined) {
          writer.attributeU8(15, value.topologyChangeDetected ? 1 : 0);
        }
        break;
      case 'helloTimer': // IFLA_BR_HELLO_TIMER
        if (value.helloTimer !== undefined) {
          writer.beginNest(16);
          putNumber(writer, 'u64', at + property, value.helloTimer);
          writer.endNest();
        }
        break;
      case 'topologyChangeNotificationTimer': // IFLA_BR_TCN_TIMER
        if (value.topologyChangeNotificationTimer !== undefined) {
          writer.beginNest(17);
          putNumber(writer, 'u64', at + property, value.topologyChangeNotificationTimer);
          writer.endNest();
        }
        break;
      case 'topologyChangeTimer': // IFLA_BR_TOPOLOGY_CHANGE_TIMER
        if (value.topologyChangeTimer !== undefined) {
          writer.beginNest(18);
          putNumber(writer, 'u64', at + property, value.topologyChangeTimer);
          writer.endNest();
        }
        break;
      case 'garbageCollectionTimer': // IFLA_BR_GC_TIMER
        if (value.garbageCollectionTimer !== undefined) {
          writer.beginNest(19);
          putNumber(writer, 'u64', at + property, value.garbageCollectionTimer);
          writer.endNest();
        }
        break;
      case 'groupAddress': // IFLA_BR_GROUP_ADDR
        optionalBytes(writer, 20, at + property, value.groupAddress);
        break;
      case 'flush': // IFLA_BR_FDB_FLUSH
        if (value.flush !== undefined) {
          if (value.flush) writer.attributeFlag(21);
        }
        break;
      case 'multicastRouter': // IFLA_BR_MCAST_ROUTER
        optionalU8(writer, 22, at + property, value.multicastRouter);
        break;
      case 'multicastSnooping': // IFLA_BR_MCAST_SNOOPING
        if (value.multicastSnooping !== undefined) {
          writer.attributeU8(23, value.multicastSnooping ? 1 : 0);
        }
        break;
      case 'multicastQueryUseAddress': // IFLA_BR_MCAST_QUERY_USE_IFADDR
        if (value.multicastQueryUseAddress !== undefined) {
          writer.attributeU8(24, value.multicastQueryUseAddress ? 1 : 0);
        }
        break;
      case 'multicastQuerier': // IFLA_BR_MCAST_QUERIER
        if (value.multicastQuerier !== undefined) {
          writer.attributeU8(25, value.multicastQuerier ? 1 : 0);
        }
        break;
      case 'multicastHashElasticity': // IFLA_BR_MCAST_HASH_ELASTICITY
        optionalU32(writer, 26, at + property, value.multicastHashElasticity);
        break;
      case 'multicastHashMax': // IFLA_BR_MCAST_HASH_MAX
        optionalU32(writer, 27, at + property, value.multicastHashMax);
        break;
      case 'multicastLastMemberCount': // IFLA_BR_MCAST_LAST_MEMBER_CNT
        optionalU32(writer, 28, at + property, value.multicastLastMemberCount);
        break;
      case 'multicastStartupQueryCount': // IFLA_BR_MCAST_STARTUP_QUERY_CNT
        optionalU32(writer, 29, at + property, value.multicastStartupQueryCount);
        break;
      case 'multicastLastMemberInterval': // IFLA_BR_MCAST_LAST_MEMBER_INTVL
        if (value.multicastLastMemberInterval !== undefined) {
          writer.beginNest(30);
          putNumber(writer, 'u64', at + property, value.multicastLastMemberInterval);
          writer.endNest();
        }
        break;
      case 'multicastMembershipInterval': // IFLA_BR_MCAST_MEMBERSHIP_INTVL
        if (value.multicastMembershipInterval !== undefined) {
          writer.beginNest(31);
          putNumber(writer, 'u64', at + property, value.multicastMembershipInterval);
          writer.endNest();
        }
        break;
      case 'multicastQuerierInterval': // IFLA_BR_MCAST_QUERIER_INTVL
        if (value.multicastQuerierInterval !== undefined) {
          writer.beginNest(32);
          putNumber(writer, 'u64', at + property, value.multicastQuerierInterval);
          writer.endNest();
        }
        break;
      case 'multicastQueryInterval': // IFLA_BR_MCAST_QUERY_INTVL
        if (value.multicastQueryInterval !== undefined) {
          writer.beginNest(33);
          putNumber(writer, 'u64', at + property, value.multicastQueryInterval);
          writer.endNest();
        }
        break;
      case 'multicastQueryResponseInterval': // IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
        if (value.multicastQueryResponseInterval !== undefined) {
          writer.beginNest(34);
          putNumber(writer, 'u64', at + property, value.multicastQueryResponseInterval);
          writer.endNest();
        }
        break;
      case 'multicastStartupQueryInterval': // IFLA_BR_MCAST_STARTUP_QUERY_INTVL
        if (value.multicastStartupQueryInterval !== undefined) {
          writer.beginNest(35);
          putNumber(writer, 'u64', at + property, value.multicastStartupQueryInterval);
          writer.endNest();
        }
        break;
      case 'callIptables': // IFLA_BR_NF_CALL_IPTABLES
        if (value.callIptables !== undefined) {
          writer.attributeU8(36, value.callIptables ? 1 : 0);
        }
        break;
      case 'callIp6tables': // IFLA_BR_NF_CALL_IP6TABLES
        if (value.callIp6tables !== undefined) {
          writer.attributeU8(37, value.callIp6tables ? 1 : 0);
        }
        break;
      case 'callArptables': // IFLA_BR_NF_CALL_ARPTABLES
        if (value.callArptables !== undefined) {
          writer.attributeU8(38, value.callArptables ? 1 : 0);
        }
        break;
      case 'vlanDefaultPvid': // IFLA_BR_VLAN_DEFAULT_PVID
        if (value.vlanDefaultPvid !== undefined) {
          writer.beginNest(39);
          putNumber(writer, 'u16', at + property, value.vlanDefaultPvid);
          writer.endNest();
        }
        break;
      case 'vlanStatistics': // IFLA_BR_VLAN_STATS_ENABLED
        if (value.vlanStatistics !== undefined) {
          writer.attributeU8(41, value.vlanStatistics ? 1 : 0);
        }
        break;
      case 'multicastStatistics': // IFLA_BR_MCAST_STATS_ENABLED
        if (value.multicastStatistics !== undefined) {
          writer.attributeU8(42, value.multicastStatistics ? 1 : 0);
        }
        break;
      case 'igmpVersion': // IFLA_BR_MCAST_IGMP_VERSION
        optionalU8(writer, 43, at + property, value.igmpVersion);
        break;
      case 'mldVersion': // IFLA_BR_MCAST_MLD_VERSION
        optionalU8(writer, 44, at + property, value.mldVersion);
        break;
      case 'vlanStatisticsPerPort': // IFLA_BR_VLAN_STATS_PER_PORT
        if (value.vlanStatisticsPerPort !== undefined) {
          writer.attributeU8(45, value.vlanStatisticsPerPort ? 1 : 0);
        }
        break;
      case 'booleanOptions': // IFLA_BR_MULTI_BOOLOPT
        if (value.booleanOptions !== undefined) {
          writer.beginNest(46);
          writeBridgeBooleanOptions(writer, value.booleanOptions, at + property);
          writer.endNest();
        }
        break;
      case 'multicastQuerierState': // IFLA_BR_MCAST_QUERIER_STATE
        if (value.multicastQuerierState !== undefined) {
          writer.beginNest(47, { flag: true });
          writeBridgeQuerierState(writer, value.multicastQuerierState, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'learnedAddresses': // IFLA_BR_FDB_N_LEARNED
        optionalU32(writer, 48, at + property, value.learnedAddresses);
        break;
      case 'maxLearnedAddresses': // IFLA_BR_FDB_MAX_LEARNED
        optionalU32(writer, 49, at + property, value.maxLearnedAddresses);
        break;
      case 'stpMode': // IFLA_BR_STP_MODE
        optionalU32(writer, 50, at + property, value.stpMode);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgeData', property);
    }
  }
}

/** Which VLAN of a port goes into which tunnel. */
export interface BridgeVlanTunnel {
  /** Id of the tunnel. IFLA_BRIDGE_VLAN_TUNNEL_ID */
  readonly id?: number | undefined;
  /** VLAN id. IFLA_BRIDGE_VLAN_TUNNEL_VID */
  readonly vid?: number | undefined;
  /** BRIDGE_VLAN_INFO_*. IFLA_BRIDGE_VLAN_TUNNEL_FLAGS */
  readonly flags?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readBridgeVlanTunnel(
  source: MessageSource,
  offset: number,
  limit: number,
): BridgeVlanTunnel {
  const { view, little } = source;
  const into: Filled<BridgeVlanTunnel> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BRIDGE_VLAN_TUNNEL_ID
        into.id = valueU32(source, start, end);
        break;
      case 2: // IFLA_BRIDGE_VLAN_TUNNEL_VID
        into.vid = valueU16(source, start, end);
        break;
      case 3: // IFLA_BRIDGE_VLAN_TUNNEL_FLAGS
        into.flags = valueU16(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgeVlanTunnel}, in the order of its properties. */
function writeBridgeVlanTunnel(writer: MessageWriter, value: BridgeVlanTunnel, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'id': // IFLA_BRIDGE_VLAN_TUNNEL_ID
        optionalU32(writer, 1, at + property, value.id);
        break;
      case 'vid': // IFLA_BRIDGE_VLAN_TUNNEL_VID
        if (value.vid !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u16', at + property, value.vid);
          writer.endNest();
        }
        break;
      case 'flags': // IFLA_BRIDGE_VLAN_TUNNEL_FLAGS
        if (value.flags !== undefined) {
          writer.beginNest(3);
          putNumber(writer, 'u16', at + property, value.flags);
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgeVlanTunnel', property);
    }
  }
}

/** State of a port in one of multiple spanning trees. */
export interface BridgeSpanningTree {
  /** Number of the spanning tree. IFLA_BRIDGE_MST_ENTRY_MSTI */
  readonly instance?: number | undefined;
  /** BR_STATE_* of linux/if_bridge.h. IFLA_BRIDGE_MST_ENTRY_STATE */
  readonly state?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readBridgeSpanningTree(
  source: MessageSource,
  offset: number,
  limit: number,
): BridgeSpanningTree {
  const { view, little } = source;
  const into: Filled<BridgeSpanningTree> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BRIDGE_MST_ENTRY_MSTI
        into.instance = valueU16(source, start, end);
        break;
      case 2: // IFLA_BRIDGE_MST_ENTRY_STATE
        into.state = valueU8(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgeSpanningTree}, in the order of its properties. */
function writeBridgeSpanningTree(
  writer: MessageWriter,
  value: BridgeSpanningTree,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'instance': // IFLA_BRIDGE_MST_ENTRY_MSTI
        if (value.instance !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.instance);
          writer.endNest();
        }
        break;
      case 'state': // IFLA_BRIDGE_MST_ENTRY_STATE
        optionalU8(writer, 2, at + property, value.state);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgeSpanningTree', property);
    }
  }
}

/** What messages of family AF_BRIDGE say in IFLA_AF_SPEC. */
export interface BridgeAfSpec {
  /** BRIDGE_FLAGS_*: 1 the master, 2 the device itself. IFLA_BRIDGE_FLAGS */
  readonly flags?: number | undefined;
  /** BRIDGE_MODE_*: 0 VEB, 1 VEPA. IFLA_BRIDGE_MODE */
  readonly mode?: number | undefined;
  /** VLANs. IFLA_BRIDGE_VLAN_INFO */
  readonly vlans?: readonly BridgeVlanInfo[] | undefined;
  /** Which VLANs go into which tunnels. IFLA_BRIDGE_VLAN_TUNNEL_INFO */
  readonly vlanTunnels?: readonly BridgeVlanTunnel[] | undefined;
  /** State of the port in multiple spanning trees. IFLA_BRIDGE_MST */
  readonly spanningTrees?: readonly BridgeSpanningTree[] | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readBridgeAfSpec(
  source: MessageSource,
  offset: number,
  limit: number,
): BridgeAfSpec {
  const { view, little } = source;
  const into: Filled<BridgeAfSpec> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 0: // IFLA_BRIDGE_FLAGS
        into.flags = valueU16(source, start, end);
        break;
      case 1: // IFLA_BRIDGE_MODE
        into.mode = valueU16(source, start, end);
        break;
      case 2: // IFLA_BRIDGE_VLAN_INFO
        (into.vlans ??= []).push(readBridgeVlanInfo(source, start, end));
        break;
      case 3: // IFLA_BRIDGE_VLAN_TUNNEL_INFO
        (into.vlanTunnels ??= []).push(readBridgeVlanTunnel(source, start, end));
        break;
      case 6: // IFLA_BRIDGE_MST
        if (holdsOther(source, start, end, 1)) keep(into, type, source, start, end);
        else into.spanningTrees = readList(source, start, end, 1, readBridgeSpanningTree);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgeAfSpec}, in the order of its properties. */
export function writeBridgeAfSpec(writer: MessageWriter, value: BridgeAfSpec, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'flags': // IFLA_BRIDGE_FLAGS
        if (value.flags !== undefined) {
          writer.beginNest(0);
          putNumber(writer, 'u16', at + property, value.flags);
          writer.endNest();
        }
        break;
      case 'mode': // IFLA_BRIDGE_MODE
        if (value.mode !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.mode);
          writer.endNest();
        }
        break;
      case 'vlans': // IFLA_BRIDGE_VLAN_INFO
        for (const item of elements(at + property, value.vlans ?? [])) {
          writer.beginNest(2);
          writeBridgeVlanInfo(writer, item, at + property);
          writer.endNest();
        }
        break;
      case 'vlanTunnels': // IFLA_BRIDGE_VLAN_TUNNEL_INFO
        for (const item of elements(at + property, value.vlanTunnels ?? [])) {
          writer.beginNest(3);
          writeBridgeVlanTunnel(writer, item, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'spanningTrees': // IFLA_BRIDGE_MST
        if (value.spanningTrees !== undefined) {
          writer.beginNest(6, { flag: true });
          for (const item of elements(at + property, value.spanningTrees)) {
            writer.beginNest(1, { flag: true });
            writeBridgeSpanningTree(writer, item, `${at + property}.`);
            writer.endNest();
          }
          writer.endNest();
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgeAfSpec', property);
    }
  }
}
