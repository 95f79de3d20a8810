/**
 * Bridge-port: linux/if_link.h.
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
  type Filled,
  keep,
  valueBool,
  valueU16,
  valueU32,
  valueU64,
  valueU8,
} from '../body.ts';
import { optionalBytes, optionalU32, optionalU8, propertiesOf, putNumber } from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** Parameters of a port of a bridge. */
export interface BridgePortData {
  /**
   * BR_STATE_* of linux/if_bridge.h: 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking.
   * IFLA_BRPORT_STATE
   */
  readonly state?: number | undefined;
  /** Priority of the port. IFLA_BRPORT_PRIORITY */
  readonly priority?: number | undefined;
  /** Cost of the path. IFLA_BRPORT_COST */
  readonly cost?: number | undefined;
  /** Whether frames may leave by the port that they came in by. IFLA_BRPORT_MODE */
  readonly hairpin?: boolean | undefined;
  /** Whether BPDUs shut the port. IFLA_BRPORT_GUARD */
  readonly guard?: boolean | undefined;
  /** Whether it may not become the root port. IFLA_BRPORT_PROTECT */
  readonly protect?: boolean | undefined;
  /** Whether multicast groups are left at once. IFLA_BRPORT_FAST_LEAVE */
  readonly fastLeave?: boolean | undefined;
  /** Whether it learns addresses. IFLA_BRPORT_LEARNING */
  readonly learning?: boolean | undefined;
  /** Whether unknown unicast is flooded to it. IFLA_BRPORT_UNICAST_FLOOD */
  readonly unicastFlood?: boolean | undefined;
  /** Proxy ARP. IFLA_BRPORT_PROXYARP */
  readonly proxyArp?: boolean | undefined;
  /** Whether the device tells what it learnt. IFLA_BRPORT_LEARNING_SYNC */
  readonly learningSync?: boolean | undefined;
  /** Proxy ARP for Wi-Fi. IFLA_BRPORT_PROXYARP_WIFI */
  readonly proxyArpWifi?: boolean | undefined;
  /** Id of the designated root: priority (2 bytes) and address (6). IFLA_BRPORT_ROOT_ID */
  readonly rootId?: Uint8Array | undefined;
  /** Id of the designated bridge: priority (2 bytes) and address (6). IFLA_BRPORT_BRIDGE_ID */
  readonly bridgeId?: Uint8Array | undefined;
  /** Designated port. IFLA_BRPORT_DESIGNATED_PORT */
  readonly designatedPort?: number | undefined;
  /** Designated cost. IFLA_BRPORT_DESIGNATED_COST */
  readonly designatedCost?: number | undefined;
  /** Id of the port. IFLA_BRPORT_ID */
  readonly id?: number | undefined;
  /** Number of the port. IFLA_BRPORT_NO */
  readonly number?: number | undefined;
  /** Whether a change is to be acknowledged. IFLA_BRPORT_TOPOLOGY_CHANGE_ACK */
  readonly topologyChangeAck?: boolean | undefined;
  /** Whether a configuration message waits. IFLA_BRPORT_CONFIG_PENDING */
  readonly configPending?: boolean | undefined;
  /** Until the last message is too old, in hundredths of a second. IFLA_BRPORT_MESSAGE_AGE_TIMER */
  readonly messageAgeTimer?: bigint | undefined;
  /** Until the next state, in hundredths of a second. IFLA_BRPORT_FORWARD_DELAY_TIMER */
  readonly forwardDelayTimer?: bigint | undefined;
  /** Until the next message may be sent, in hundredths of a second. IFLA_BRPORT_HOLD_TIMER */
  readonly holdTimer?: bigint | undefined;
  /** In a request: forget the addresses of the port. IFLA_BRPORT_FLUSH */
  readonly flush?: boolean | undefined;
  /**
   * Multicast router: 0 off, 1 learnt, 2 on, 3 learnt by a message. IFLA_BRPORT_MULTICAST_ROUTER
   */
  readonly multicastRouter?: number | undefined;
  /** Whether multicast is flooded to it. IFLA_BRPORT_MCAST_FLOOD */
  readonly multicastFlood?: boolean | undefined;
  /** Whether multicast is sent as unicast. IFLA_BRPORT_MCAST_TO_UCAST */
  readonly multicastToUnicast?: boolean | undefined;
  /** Whether VLANs are mapped to tunnels. IFLA_BRPORT_VLAN_TUNNEL */
  readonly vlanTunnel?: boolean | undefined;
  /** Whether broadcast is flooded to it. IFLA_BRPORT_BCAST_FLOOD */
  readonly broadcastFlood?: boolean | undefined;
  /** Which link-local groups are forwarded, as bits. IFLA_BRPORT_GROUP_FWD_MASK */
  readonly groupForwardMask?: number | undefined;
  /** Whether ARP and neighbour discovery are answered for others. IFLA_BRPORT_NEIGH_SUPPRESS */
  readonly neighbourSuppress?: boolean | undefined;
  /** Whether it cannot talk to other isolated ports. IFLA_BRPORT_ISOLATED */
  readonly isolated?: boolean | undefined;
  /** Index of the port that takes over. IFLA_BRPORT_BACKUP_PORT */
  readonly backupPort?: number | undefined;
  /** Whether the MRP ring is open. IFLA_BRPORT_MRP_RING_OPEN */
  readonly mrpRingOpen?: boolean | undefined;
  /** Whether the MRP interconnection is open. IFLA_BRPORT_MRP_IN_OPEN */
  readonly mrpInterconnectOpen?: boolean | undefined;
  /** Most hosts that are tracked explicitly. IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT */
  readonly multicastHostsLimit?: number | undefined;
  /** How many are. IFLA_BRPORT_MCAST_EHT_HOSTS_CNT */
  readonly multicastHostsCount?: number | undefined;
  /** Whether only known addresses may send. IFLA_BRPORT_LOCKED */
  readonly locked?: boolean | undefined;
  /** MAC authentication bypass. IFLA_BRPORT_MAB */
  readonly macAuthenticationBypass?: boolean | undefined;
  /** How many multicast groups it is in. IFLA_BRPORT_MCAST_N_GROUPS */
  readonly multicastGroups?: number | undefined;
  /** Most of them; 0: no limit. IFLA_BRPORT_MCAST_MAX_GROUPS */
  readonly multicastMaxGroups?: number | undefined;
  /** As `neighbourSuppress`, by VLAN. IFLA_BRPORT_NEIGH_VLAN_SUPPRESS */
  readonly neighbourVlanSuppress?: boolean | undefined;
  /** Id of the nexthop to the backup port. IFLA_BRPORT_BACKUP_NHID */
  readonly backupNextHop?: number | undefined;
  /**
   * Whether gratuitous ARP and neighbour advertisements go through all the same.
   * IFLA_BRPORT_NEIGH_FORWARD_GRAT
   */
  readonly neighbourForwardGratuitous?: boolean | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readBridgePortData(
  source: MessageSource,
  offset: number,
  limit: number,
): BridgePortData {
  const { view, little } = source;
  const into: Filled<BridgePortData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BRPORT_STATE
        into.state = valueU8(source, start, end);
        break;
      case 2: // IFLA_BRPORT_PRIORITY
        into.priority = valueU16(source, start, end);
        break;
      case 3: // IFLA_BRPORT_COST
        into.cost = valueU32(source, start, end);
        break;
      case 4: // IFLA_BRPORT_MODE
        into.hairpin = valueBool(source, start, end);
        break;
      case 5: // IFLA_BRPORT_GUARD
        into.guard = valueBool(source, start, end);
        break;
      case 6: // IFLA_BRPORT_PROTECT
        into.protect = valueBool(source, start, end);
        break;
      case 7: // IFLA_BRPORT_FAST_LEAVE
        into.fastLeave = valueBool(source, start, end);
        break;
      case 8: // IFLA_BRPORT_LEARNING
        into.learning = valueBool(source, start, end);
        break;
      case 9: // IFLA_BRPORT_UNICAST_FLOOD
        into.unicastFlood = valueBool(source, start, end);
        break;
      case 10: // IFLA_BRPORT_PROXYARP
        into.proxyArp = valueBool(source, start, end);
        break;
      case 11: // IFLA_BRPORT_LEARNING_SYNC
        into.learningSync = valueBool(source, start, end);
        break;
      case 12: // IFLA_BRPORT_PROXYARP_WIFI
        into.proxyArpWifi = valueBool(source, start, end);
        break;
      case 13: // IFLA_BRPORT_ROOT_ID
        into.rootId = valueBytes(source, start, end);
        break;
      case 14: // IFLA_BRPORT_BRIDGE_ID
        into.bridgeId = valueBytes(source, start, end);
        break;
      case 15: // IFLA_BRPORT_DESIGNATED_PORT
        into.designatedPort = valueU16(source, start, end);
        break;
      case 16: // IFLA_BRPORT_DESIGNATED_COST
        into.designatedCost = valueU16(source, start, end);
        break;
      case 17: // IFLA_BRPORT_ID
        into.id = valueU16(source, start, end);
        break;
      case 18: // IFLA_BRPORT_NO
        into.number = valueU16(source, start, end);
        break;
      case 19: // IFLA_BRPORT_TOPOLOGY_CHANGE_ACK
        into.topologyChangeAck = valueBool(source, start, end);
        break;
      case 20: // IFLA_BRPORT_CONFIG_PENDING
        into.configPending = valueBool(source, start, end);
        break;
      case 21: // IFLA_BRPORT_MESSAGE_AGE_TIMER
        into.messageAgeTimer = valueU64(source, start, end);
        break;
      case 22: // IFLA_BRPORT_FORWARD_DELAY_TIMER
        into.forwardDelayTimer = valueU64(source, start, end);
        break;
      case 23: // IFLA_BRPORT_HOLD_TIMER
        into.holdTimer = valueU64(source, start, end);
        break;
      case 24: // IFLA_BRPORT_FLUSH
        into.flush = true;
        break;
      case 25: // IFLA_BRPORT_MULTICAST_ROUTER
        into.multicastRouter = valueU8(source, start, end);
        break;
      case 27: // IFLA_BRPORT_MCAST_FLOOD
        into.multicastFlood = valueBool(source, start, end);
        break;
      case 28: // IFLA_BRPORT_MCAST_TO_UCAST
        into.multicastToUnicast = valueBool(source, start, end);
        break;
      case 29: // IFLA_BRPORT_VLAN_TUNNEL
        into.vlanTunnel = valueBool(source, start, end);
        break;
      case 30: // IFLA_BRPORT_BCAST_FLOOD
        into.broadcastFlood = valueBool(source, start, end);
        break;
      case 31: // IFLA_BRPORT_GROUP_FWD_MASK
        into.groupForwardMask = valueU16(source, start, end);
        break;
      case 32: // IFLA_BRPORT_NEIGH_SUPPRESS
        into.neighbourSuppress = valueBool(source, start, end);
        break;
      case 33: // IFLA_BRPORT_ISOLATED
        into.isolated = valueBool(source, start, end);
        break;
      case 34: // IFLA_BRPORT_BACKUP_PORT
        into.backupPort = valueU32(source, start, end);
        break;
      case 35: // IFLA_BRPORT_MRP_RING_OPEN
        into.mrpRingOpen = valueBool(source, start, end);
        break;
      case 36: // IFLA_BRPORT_MRP_IN_OPEN
        into.mrpInterconnectOpen = valueBool(source, start, end);
        break;
      case 37: // IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
        into.multicastHostsLimit = valueU32(source, start, end);
        break;
      case 38: // IFLA_BRPORT_MCAST_EHT_HOSTS_CNT
        into.multicastHostsCount = valueU32(source, start, end);
        break;
      case 39: // IFLA_BRPORT_LOCKED
        into.locked = valueBool(source, start, end);
        break;
      case 40: // IFLA_BRPORT_MAB
        into.macAuthenticationBypass = valueBool(source, start, end);
        break;
      case 41: // IFLA_BRPORT_MCAST_N_GROUPS
        into.multicastGroups = valueU32(source, start, end);
        break;
      case 42: // IFLA_BRPORT_MCAST_MAX_GROUPS
        into.multicastMaxGroups = valueU32(source, start, end);
        break;
      case 43: // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
        into.neighbourVlanSuppress = valueBool(source, start, end);
        break;
      case 44: // IFLA_BRPORT_BACKUP_NHID
        into.backupNextHop = valueU32(source, start, end);
        break;
      case 45: // IFLA_BRPORT_NEIGH_FORWARD_GRAT
        into.neighbourForwardGratuitous = valueBool(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BridgePortData}, in the order of its properties. */
export function writeBridgePortData(
  writer: MessageWriter,
  value: BridgePortData,
  at: string,
): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'state': // IFLA_BRPORT_STATE
        optionalU8(writer, 1, at + property, value.state);
        break;
      case 'priority': // IFLA_BRPORT_PRIORITY
        if (value.priority !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u16', at + property, value.priority);
          writer.endNest();
        }
        break;
      case 'cost': // IFLA_BRPORT_COST
        optionalU32(writer, 3, at + property, value.cost);
        break;
      case 'hairpin': // IFLA_BRPORT_MODE
        if (value.hairpin !== undefined) {
          writer.attributeU8(4, value.hairpin ? 1 : 0);
        }
        break;
      case 'guard': // IFLA_BRPORT_GUARD
        if (value.guard !== undefined) {
          writer.attributeU8(5, value.guard ? 1 : 0);
        }
        break;
      case 'protect': // IFLA_BRPORT_PROTECT
        if (value.protect !== undefined) {
          writer.attributeU8(6, value.protect ? 1 : 0);
        }
        break;
      case 'fastLeave': // IFLA_BRPORT_FAST_LEAVE
        if (value.fastLeave !== undefined) {
          writer.attributeU8(7, value.fastLeave ? 1 : 0);
        }
        break;
      case 'learning': // IFLA_BRPORT_LEARNING
        if (value.learning !== undefined) {
          writer.attributeU8(8, value.learning ? 1 : 0);
        }
        break;
      case 'unicastFlood': // IFLA_BRPORT_UNICAST_FLOOD
        if (value.unicastFlood !== undefined) {
          writer.attributeU8(9, value.unicastFlood ? 1 : 0);
        }
        break;
      case 'proxyArp': // IFLA_BRPORT_PROXYARP
        if (value.proxyArp !== undefined) {
          writer.attributeU8(10, value.proxyArp ? 1 : 0);
        }
        break;
      case 'learningSync': // IFLA_BRPORT_LEARNING_SYNC
        if (value.learningSync !== undefined) {
          writer.attributeU8(11, value.learningSync ? 1 : 0);
        }
        break;
      case 'proxyArpWifi': // IFLA_BRPORT_PROXYARP_WIFI
        if (value.proxyArpWifi !== undefined) {
          writer.attributeU8(12, value.proxyArpWifi ? 1 : 0);
        }
        break;
      case 'rootId': // IFLA_BRPORT_ROOT_ID
        optionalBytes(writer, 13, at + property, value.rootId);
        break;
      case 'bridgeId': // IFLA_BRPORT_BRIDGE_ID
        optionalBytes(writer, 14, at + property, value.bridgeId);
        break;
      case 'designatedPort': // IFLA_BRPORT_DESIGNATED_PORT
        if (value.designatedPort !== undefined) {
          writer.beginNest(15);
          putNumber(writer, 'u16', at + property, value.designatedPort);
          writer.endNest();
        }
        break;
      case 'designatedCost': // IFLA_BRPORT_DESIGNATED_COST
        if (value.designatedCost !== undefined) {
          writer.beginNest(16);
          putNumber(writer, 'u16', at + property, value.designatedCost);
          writer.endNest();
        }
        break;
      case 'id': // IFLA_BRPORT_ID
        if (value.id !== undefined) {
          writer.beginNest(17);
          putNumber(writer, 'u16', at + property, value.id);
          writer.endNest();
        }
        break;
      case 'number': // IFLA_BRPORT_NO
        if (value.number !== undefined) {
          writer.beginNest(18);
          putNumber(writer, 'u16', at + property, value.number);
          writer.endNest();
        }
        break;
      case 'topologyChangeAck': // IFLA_BRPORT_TOPOLOGY_CHANGE_ACK
        if (value.topologyChangeAck !== undefined) {
          writer.attributeU8(19, value.topologyChangeAck ? 1 : 0);
        }
        break;
      case 'configPending': // IFLA_BRPORT_CONFIG_PENDING
        if (value.configPending !== undefined) {
          writer.attributeU8(20, value.configPending ? 1 : 0);
        }
        break;
      case 'messageAgeTimer': // IFLA_BRPORT_MESSAGE_AGE_TIMER
        if (value.messageAgeTimer !== undefined) {
          writer.beginNest(21);
          putNumber(writer, 'u64', at + property, value.messageAgeTimer);
          writer.endNest();
        }
        break;
      case 'forwardDelayTimer': // IFLA_BRPORT_FORWARD_DELAY_TIMER
        if (value.forwardDelayTimer !== undefined) {
          writer.beginNest(22);
          putNumber(writer, 'u64', at + property, value.forwardDelayTimer);
          writer.endNest();
        }
        break;
      case 'holdTimer': // IFLA_BRPORT_HOLD_TIMER
        if (value.holdTimer !== undefined) {
          writer.beginNest(23);
          putNumber(writer, 'u64', at + property, value.holdTimer);
          writer.endNest();
        }
        break;
      case 'flush': // IFLA_BRPORT_FLUSH
        if (value.flush !== undefined) {
          if (value.flush) writer.attributeFlag(24);
        }
        break;
      case 'multicastRouter': // IFLA_BRPORT_MULTICAST_ROUTER
        optionalU8(writer, 25, at + property, value.multicastRouter);
        break;
      case 'multicastFlood': // IFLA_BRPORT_MCAST_FLOOD
        if (value.multicastFlood !== undefined) {
          writer.attributeU8(27, value.multicastFlood ? 1 : 0);
        }
        break;
      case 'multicastToUnicast': // IFLA_BRPORT_MCAST_TO_UCAST
        if (value.multicastToUnicast !== undefined) {
          writer.attributeU8(28, value.multicastToUnicast ? 1 : 0);
        }
        break;
      case 'vlanTunnel': // IFLA_BRPORT_VLAN_TUNNEL
        if (value.vlanTunnel !== undefined) {
          writer.attributeU8(29, value.vlanTunnel ? 1 : 0);
        }
        break;
      case 'broadcastFlood': // IFLA_BRPORT_BCAST_FLOOD
        if (value.broadcastFlood !== undefined) {
          writer.attributeU8(30, value.broadcastFlood ? 1 : 0);
        }
        break;
      case 'groupForwardMask': // IFLA_BRPORT_GROUP_FWD_MASK
        if (value.groupForwardMask !== undefined) {
          writer.beginNest(31);
          putNumber(writer, 'u16', at + property, value.groupForwardMask);
          writer.endNest();
        }
        break;
      case 'neighbourSuppress': // IFLA_BRPORT_NEIGH_SUPPRESS
        if (value.neighbourSuppress !== undefined) {
          writer.attributeU8(32, value.neighbourSuppress ? 1 : 0);
        }
        break;
      case 'isolated': // IFLA_BRPORT_ISOLATED
        if (value.isolated !== undefined) {
          writer.attributeU8(33, value.isolated ? 1 : 0);
        }
        break;
      case 'backupPort': // IFLA_BRPORT_BACKUP_PORT
        optionalU32(writer, 34, at + property, value.backupPort);
        break;
      case 'mrpRingOpen': // IFLA_BRPORT_MRP_RING_OPEN
        if (value.mrpRingOpen !== undefined) {
          writer.attributeU8(35, value.mrpRingOpen ? 1 : 0);
        }
        break;
      case 'mrpInterconnectOpen': // IFLA_BRPORT_MRP_IN_OPEN
        if (value.mrpInterconnectOpen !== undefined) {
          writer.attributeU8(36, value.mrpInterconnectOpen ? 1 : 0);
        }
        break;
      case 'multicastHostsLimit': // IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
        optionalU32(writer, 37, at + property, value.multicastHostsLimit);
        break;
      case 'multicastHostsCount': // IFLA_BRPORT_MCAST_EHT_HOSTS_CNT
        optionalU32(writer, 38, at + property, value.multicastHostsCount);
        break;
      case 'locked': // IFLA_BRPORT_LOCKED
        if (value.locked !== undefined) {
          writer.attributeU8(39, value.locked ? 1 : 0);
        }
        break;
      case 'macAuthenticationBypass': // IFLA_BRPORT_MAB
        if (value.macAuthenticationBypass !== undefined) {
          writer.attributeU8(40, value.macAuthenticationBypass ? 1 : 0);
        }
        break;
      case 'multicastGroups': // IFLA_BRPORT_MCAST_N_GROUPS
        optionalU32(writer, 41, at + property, value.multicastGroups);
        break;
      case 'multicastMaxGroups': // IFLA_BRPORT_MCAST_MAX_GROUPS
        optionalU32(writer, 42, at + property, value.multicastMaxGroups);
        break;
      case 'neighbourVlanSuppress': // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
        if (value.neighbourVlanSuppress !== undefined) {
          writer.attributeU8(43, value.neighbourVlanSuppress ? 1 : 0);
        }
        break;
      case 'backupNextHop': // IFLA_BRPORT_BACKUP_NHID
        optionalU32(writer, 44, at + property, value.backupNextHop);
        break;
      case 'neighbourForwardGratuitous': // IFLA_BRPORT_NEIGH_FORWARD_GRAT
        if (value.neighbourForwardGratuitous !== undefined) {
          writer.attributeU8(45, value.neighbourForwardGratuitous ? 1 : 0);
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BridgePortData', property);
    }
  }
}
