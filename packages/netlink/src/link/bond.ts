/**
 * Bond: linux/if_link.h.
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
  valueS32,
  valueU16,
  valueU32,
  valueU8,
} from '../body.ts';
import { holdsOther, readList } from '../list.ts';
import {
  elements,
  optionalBytes,
  optionalI32,
  optionalU32,
  optionalU8,
  propertiesOf,
  putNumber,
} from '../request.ts';
import { type MessageSource, valueBytes } from '../source.ts';
import type { MessageWriter } from '../writer.ts';

/** The active aggregator of a bond: 802.3ad. */
export interface BondAdInfo {
  /** Id of the aggregator. IFLA_BOND_AD_INFO_AGGREGATOR */
  readonly aggregator?: number | undefined;
  /** How many ports it has. IFLA_BOND_AD_INFO_NUM_PORTS */
  readonly ports?: number | undefined;
  /** Own key. IFLA_BOND_AD_INFO_ACTOR_KEY */
  readonly actorKey?: number | undefined;
  /** The partner's key. IFLA_BOND_AD_INFO_PARTNER_KEY */
  readonly partnerKey?: number | undefined;
  /** The partner's address, six bytes. IFLA_BOND_AD_INFO_PARTNER_MAC */
  readonly partnerMac?: Uint8Array | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
function readBondAdInfo(source: MessageSource, offset: number, limit: number): BondAdInfo {
  const { view, little } = source;
  const into: Filled<BondAdInfo> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BOND_AD_INFO_AGGREGATOR
        into.aggregator = valueU16(source, start, end);
        break;
      case 2: // IFLA_BOND_AD_INFO_NUM_PORTS
        into.ports = valueU16(source, start, end);
        break;
      case 3: // IFLA_BOND_AD_INFO_ACTOR_KEY
        into.actorKey = valueU16(source, start, end);
        break;
      case 4: // IFLA_BOND_AD_INFO_PARTNER_KEY
        into.partnerKey = valueU16(source, start, end);
        break;
      case 5: // IFLA_BOND_AD_INFO_PARTNER_MAC
        into.partnerMac = valueBytes(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BondAdInfo}, in the order of its properties. */
function writeBondAdInfo(writer: MessageWriter, value: BondAdInfo, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'aggregator': // IFLA_BOND_AD_INFO_AGGREGATOR
        if (value.aggregator !== undefined) {
          writer.beginNest(1);
          putNumber(writer, 'u16', at + property, value.aggregator);
          writer.endNest();
        }
        break;
      case 'ports': // IFLA_BOND_AD_INFO_NUM_PORTS
        if (value.ports !== undefined) {
          writer.beginNest(2);
          putNumber(writer, 'u16', at + property, value.ports);
          writer.endNest();
        }
        break;
      case 'actorKey': // IFLA_BOND_AD_INFO_ACTOR_KEY
        if (value.actorKey !== undefined) {
          writer.beginNest(3);
          putNumber(writer, 'u16', at + property, value.actorKey);
          writer.endNest();
        }
        break;
      case 'partnerKey': // IFLA_BOND_AD_INFO_PARTNER_KEY
        if (value.partnerKey !== undefined) {
          writer.beginNest(4);
          putNumber(writer, 'u16', at + property, value.partnerKey);
          writer.endNest();
        }
        break;
      case 'partnerMac': // IFLA_BOND_AD_INFO_PARTNER_MAC
        optionalBytes(writer, 5, at + property, value.partnerMac);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BondAdInfo', property);
    }
  }
}

/** Parameters of a bond. */
export interface BondData {
  /**
   * BOND_MODE_* of linux/if_bonding.h: 0 round robin, 1 active backup, 2 XOR, 3 broadcast, 4
   * 802.3ad, 5 TLB, 6 ALB. IFLA_BOND_MODE
   */
  readonly mode?: number | undefined;
  /** Index of the active slave. IFLA_BOND_ACTIVE_SLAVE */
  readonly activeSlave?: number | undefined;
  /** Between looks at links, in milliseconds. IFLA_BOND_MIIMON */
  readonly miiMonitor?: number | undefined;
  /** Before a link counts as up, in milliseconds. IFLA_BOND_UPDELAY */
  readonly upDelay?: number | undefined;
  /** Before a link counts as down, in milliseconds. IFLA_BOND_DOWNDELAY */
  readonly downDelay?: number | undefined;
  /** Whether the carrier tells. IFLA_BOND_USE_CARRIER */
  readonly useCarrier?: boolean | undefined;
  /** Between ARP probes, in milliseconds. IFLA_BOND_ARP_INTERVAL */
  readonly arpInterval?: number | undefined;
  /** IPv4 addresses of ARP probes, 4 bytes each. IFLA_BOND_ARP_IP_TARGET */
  readonly arpTargets?: readonly Uint8Array[] | undefined;
  /** Which probes are judged. IFLA_BOND_ARP_VALIDATE */
  readonly arpValidate?: number | undefined;
  /** Whether 0 one, or 1 all, must answer. IFLA_BOND_ARP_ALL_TARGETS */
  readonly arpAllTargets?: number | undefined;
  /** Index of the slave that is preferred. IFLA_BOND_PRIMARY */
  readonly primary?: number | undefined;
  /**
   * When the primary is chosen again: 0 always, 1 when better, 2 on failure.
   * IFLA_BOND_PRIMARY_RESELECT
   */
  readonly primaryReselect?: number | undefined;
  /** Whose address is used: 0 none, 1 active, 2 follow. IFLA_BOND_FAIL_OVER_MAC */
  readonly failOverMac?: number | undefined;
  /** BOND_XMIT_POLICY_*. IFLA_BOND_XMIT_HASH_POLICY */
  readonly transmitHashPolicy?: number | undefined;
  /** How many IGMP reports follow a fail-over. IFLA_BOND_RESEND_IGMP */
  readonly resendIgmp?: number | undefined;
  /** How many notifications follow a fail-over. IFLA_BOND_NUM_PEER_NOTIF */
  readonly peerNotifications?: number | undefined;
  /** Whether duplicates are kept. IFLA_BOND_ALL_SLAVES_ACTIVE */
  readonly allSlavesActive?: boolean | undefined;
  /** Least links for a carrier. IFLA_BOND_MIN_LINKS */
  readonly minLinks?: number | undefined;
  /** Between learning packets, in seconds. IFLA_BOND_LP_INTERVAL */
  readonly learningPacketInterval?: number | undefined;
  /** Packets before the next slave, in round robin. IFLA_BOND_PACKETS_PER_SLAVE */
  readonly packetsPerSlave?: number | undefined;
  /** 0 slow, 1 fast. IFLA_BOND_AD_LACP_RATE */
  readonly lacpRate?: number | undefined;
  /** 0 stable, 1 bandwidth, 2 count. IFLA_BOND_AD_SELECT */
  readonly aggregatorSelect?: number | undefined;
  /** The active aggregator. IFLA_BOND_AD_INFO */
  readonly aggregatorInfo?: BondAdInfo | undefined;
  /** Own system priority. IFLA_BOND_AD_ACTOR_SYS_PRIO */
  readonly actorSystemPriority?: number | undefined;
  /** Upper bits of the port key. IFLA_BOND_AD_USER_PORT_KEY */
  readonly userPortKey?: number | undefined;
  /** Own system address, six bytes. IFLA_BOND_AD_ACTOR_SYSTEM */
  readonly actorSystem?: Uint8Array | undefined;
  /** Whether TLB shuffles flows. IFLA_BOND_TLB_DYNAMIC_LB */
  readonly dynamicLoadBalancing?: boolean | undefined;
  /** Between notifications, in milliseconds. IFLA_BOND_PEER_NOTIF_DELAY */
  readonly peerNotificationDelay?: number | undefined;
  /** Whether LACP frames are sent unasked. IFLA_BOND_AD_LACP_ACTIVE */
  readonly lacpActive?: boolean | undefined;
  /** How many probes may be missed. IFLA_BOND_MISSED_MAX */
  readonly missedMax?: number | undefined;
  /** IPv6 addresses of probes, 16 bytes each. IFLA_BOND_NS_IP6_TARGET */
  readonly neighbourTargets?: readonly Uint8Array[] | undefined;
  /** Whether receiving and sending are coupled. IFLA_BOND_COUPLED_CONTROL */
  readonly coupledControl?: boolean | undefined;
  /** Whether ARP and neighbour discovery go to all slaves. IFLA_BOND_BROADCAST_NEIGH */
  readonly broadcastNeighbour?: boolean | undefined;
  /** Whether there is no carrier without a partner of LACP. IFLA_BOND_LACP_STRICT */
  readonly lacpStrict?: boolean | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readBondData(source: MessageSource, offset: number, limit: number): BondData {
  const { view, little } = source;
  const into: Filled<BondData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BOND_MODE
        into.mode = valueU8(source, start, end);
        break;
      case 2: // IFLA_BOND_ACTIVE_SLAVE
        into.activeSlave = valueU32(source, start, end);
        break;
      case 3: // IFLA_BOND_MIIMON
        into.miiMonitor = valueU32(source, start, end);
        break;
      case 4: // IFLA_BOND_UPDELAY
        into.upDelay = valueU32(source, start, end);
        break;
      case 5: // IFLA_BOND_DOWNDELAY
        into.downDelay = valueU32(source, start, end);
        break;
      case 6: // IFLA_BOND_USE_CARRIER
        into.useCarrier = valueBool(source, start, end);
        break;
      case 7: // IFLA_BOND_ARP_INTERVAL
        into.arpInterval = valueU32(source, start, end);
        break;
      case 8: // IFLA_BOND_ARP_IP_TARGET
        if (holdsOther(source, start, end, -1, 0)) keep(into, type, source, start, end);
        else into.arpTargets = readList(source, start, end, -1, valueBytes);
        break;
      case 9: // IFLA_BOND_ARP_VALIDATE
        into.arpValidate = valueU32(source, start, end);
        break;
      case 10: // IFLA_BOND_ARP_ALL_TARGETS
        into.arpAllTargets = valueU32(source, start, end);
        break;
      case 11: // IFLA_BOND_PRIMARY
        into.primary = valueU32(source, start, end);
        break;
      case 12: // IFLA_BOND_PRIMARY_RESELECT
        into.primaryReselect = valueU8(source, start, end);
        break;
      case 13: // IFLA_BOND_FAIL_OVER_MAC
        into.failOverMac = valueU8(source, start, end);
        break;
      case 14: // IFLA_BOND_XMIT_HASH_POLICY
        into.transmitHashPolicy = valueU8(source, start, end);
        break;
      case 15: // IFLA_BOND_RESEND_IGMP
        into.resendIgmp = valueU32(source, start, end);
        break;
      case 16: // IFLA_BOND_NUM_PEER_NOTIF
        into.peerNotifications = valueU8(source, start, end);
        break;
      case 17: // IFLA_BOND_ALL_SLAVES_ACTIVE
        into.allSlavesActive = valueBool(source, start, end);
        break;
      case 18: // IFLA_BOND_MIN_LINKS
        into.minLinks = valueU32(source, start, end);
        break;
      case 19: // IFLA_BOND_LP_INTERVAL
        into.learningPacketInterval = valueU32(source, start, end);
        break;
      case 20: // IFLA_BOND_PACKETS_PER_SLAVE
        into.packetsPerSlave = valueU32(source, start, end);
        break;
      case 21: // IFLA_BOND_AD_LACP_RATE
        into.lacpRate = valueU8(source, start, end);
        break;
      case 22: // IFLA_BOND_AD_SELECT
        into.aggregatorSelect = valueU8(source, start, end);
        break;
      case 23: // IFLA_BOND_AD_INFO
        into.aggregatorInfo = readBondAdInfo(source, start, end);
        break;
      case 24: // IFLA_BOND_AD_ACTOR_SYS_PRIO
        into.actorSystemPriority = valueU16(source, start, end);
        break;
      case 25: // IFLA_BOND_AD_USER_PORT_KEY
        into.userPortKey = valueU16(source, start, end);
        break;
      case 26: // IFLA_BOND_AD_ACTOR_SYSTEM
        into.actorSystem = valueBytes(source, start, end);
        break;
      case 27: // IFLA_BOND_TLB_DYNAMIC_LB
        into.dynamicLoadBalancing = valueBool(source, start, end);
        break;
      case 28: // IFLA_BOND_PEER_NOTIF_DELAY
        into.peerNotificationDelay = valueU32(source, start, end);
        break;
      case 29: // IFLA_BOND_AD_LACP_ACTIVE
        into.lacpActive = valueBool(source, start, end);
        break;
      case 30: // IFLA_BOND_MISSED_MAX
        into.missedMax = valueU8(source, start, end);
        break;
      case 31: // IFLA_BOND_NS_IP6_TARGET
        if (holdsOther(source, start, end, -1, 0)) keep(into, type, source, start, end);
        else into.neighbourTargets = readList(source, start, end, -1, valueBytes);
        break;
      case 32: // IFLA_BOND_COUPLED_CONTROL
        into.coupledControl = valueBool(source, start, end);
        break;
      case 33: // IFLA_BOND_BROADCAST_NEIGH
        into.broadcastNeighbour = valueBool(source, start, end);
        break;
      case 34: // IFLA_BOND_LACP_STRICT
        into.lacpStrict = valueBool(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BondData}, in the order of its properties. */
export function writeBondData(writer: MessageWriter, value: BondData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'mode': // IFLA_BOND_MODE
        optionalU8(writer, 1, at + property, value.mode);
        break;
      case 'activeSlave': // IFLA_BOND_ACTIVE_SLAVE
        optionalU32(writer, 2, at + property, value.activeSlave);
        break;
      case 'miiMonitor': // IFLA_BOND_MIIMON
        optionalU32(writer, 3, at + property, value.miiMonitor);
        break;
      case 'upDelay': // IFLA_BOND_UPDELAY
        optionalU32(writer, 4, at + property, value.upDelay);
        break;
      case 'downDelay': // IFLA_BOND_DOWNDELAY
        optionalU32(writer, 5, at + property, value.downDelay);
        break;
      case 'useCarrier': // IFLA_BOND_USE_CARRIER
        if (value.useCarrier !== undefined) {
          writer.attributeU8(6, value.useCarrier ? 1 : 0);
        }
        break;
      case 'arpInterval': // IFLA_BOND_ARP_INTERVAL
        optionalU32(writer, 7, at + property, value.arpInterval);
        break;
      case 'arpTargets': // IFLA_BOND_ARP_IP_TARGET
        if (value.arpTargets !== undefined) {
          writer.beginNest(8);
          for (const [index, item] of elements(at + property, value.arpTargets).entries()) {
            optionalBytes(writer, index, at + property, item);
          }
          writer.endNest();
        }
        break;
      case 'arpValidate': // IFLA_BOND_ARP_VALIDATE
        optionalU32(writer, 9, at + property, value.arpValidate);
        break;
      case 'arpAllTargets': // IFLA_BOND_ARP_ALL_TARGETS
        optionalU32(writer, 10, at + property, value.arpAllTargets);
        break;
      case 'primary': // IFLA_BOND_PRIMARY
        optionalU32(writer, 11, at + property, value.primary);
        break;
      case 'primaryReselect': // IFLA_BOND_PRIMARY_RESELECT
        optionalU8(writer, 12, at + property, value.primaryReselect);
        break;
      case 'failOverMac': // IFLA_BOND_FAIL_OVER_MAC
        optionalU8(writer, 13, at + property, value.failOverMac);
        break;
      case 'transmitHashPolicy': // IFLA_BOND_XMIT_HASH_POLICY
        optionalU8(writer, 14, at + property, value.transmitHashPolicy);
        break;
      case 'resendIgmp': // IFLA_BOND_RESEND_IGMP
        optionalU32(writer, 15, at + property, value.resendIgmp);
        break;
      case 'peerNotifications': // IFLA_BOND_NUM_PEER_NOTIF
        optionalU8(writer, 16, at + property, value.peerNotifications);
        break;
      case 'allSlavesActive': // IFLA_BOND_ALL_SLAVES_ACTIVE
        if (value.allSlavesActive !== undefined) {
          writer.attributeU8(17, value.allSlavesActive ? 1 : 0);
        }
        break;
      case 'minLinks': // IFLA_BOND_MIN_LINKS
        optionalU32(writer, 18, at + property, value.minLinks);
        break;
      case 'learningPacketInterval': // IFLA_BOND_LP_INTERVAL
        optionalU32(writer, 19, at + property, value.learningPacketInterval);
        break;
      case 'packetsPerSlave': // IFLA_BOND_PACKETS_PER_SLAVE
        optionalU32(writer, 20, at + property, value.packetsPerSlave);
        break;
      case 'lacpRate': // IFLA_BOND_AD_LACP_RATE
        optionalU8(writer, 21, at + property, value.lacpRate);
        break;
      case 'aggregatorSelect': // IFLA_BOND_AD_SELECT
        optionalU8(writer, 22, at + property, value.aggregatorSelect);
        break;
      case 'aggregatorInfo': // IFLA_BOND_AD_INFO
        if (value.aggregatorInfo !== undefined) {
          writer.beginNest(23);
          writeBondAdInfo(writer, value.aggregatorInfo, `${at + property}.`);
          writer.endNest();
        }
        break;
      case 'actorSystemPriority': // IFLA_BOND_AD_ACTOR_SYS_PRIO
        if (value.actorSystemPriority !== undefined) {
          writer.beginNest(24);
          putNumber(writer, 'u16', at + property, value.actorSystemPriority);
          writer.endNest();
        }
        break;
      case 'userPortKey': // IFLA_BOND_AD_USER_PORT_KEY
        if (value.userPortKey !== undefined) {
          writer.beginNest(25);
          putNumber(writer, 'u16', at + property, value.userPortKey);
          writer.endNest();
        }
        break;
      case 'actorSystem': // IFLA_BOND_AD_ACTOR_SYSTEM
        optionalBytes(writer, 26, at + property, value.actorSystem);
        break;
      case 'dynamicLoadBalancing': // IFLA_BOND_TLB_DYNAMIC_LB
        if (value.dynamicLoadBalancing !== undefined) {
          writer.attributeU8(27, value.dynamicLoadBalancing ? 1 : 0);
        }
        break;
      case 'peerNotificationDelay': // IFLA_BOND_PEER_NOTIF_DELAY
        optionalU32(writer, 28, at + property, value.peerNotificationDelay);
        break;
      case 'lacpActive': // IFLA_BOND_AD_LACP_ACTIVE
        if (value.lacpActive !== undefined) {
          writer.attributeU8(29, value.lacpActive ? 1 : 0);
        }
        break;
      case 'missedMax': // IFLA_BOND_MISSED_MAX
        optionalU8(writer, 30, at + property, value.missedMax);
        break;
      case 'neighbourTargets': // IFLA_BOND_NS_IP6_TARGET
        if (value.neighbourTargets !== undefined) {
          writer.beginNest(31);
          for (const [index, item] of elements(at + property, value.neighbourTargets).entries()) {
            optionalBytes(writer, index, at + property, item);
          }
          writer.endNest();
        }
        break;
      case 'coupledControl': // IFLA_BOND_COUPLED_CONTROL
        if (value.coupledControl !== undefined) {
          writer.attributeU8(32, value.coupledControl ? 1 : 0);
        }
        break;
      case 'broadcastNeighbour': // IFLA_BOND_BROADCAST_NEIGH
        if (value.broadcastNeighbour !== undefined) {
          writer.attributeU8(33, value.broadcastNeighbour ? 1 : 0);
        }
        break;
      case 'lacpStrict': // IFLA_BOND_LACP_STRICT
        if (value.lacpStrict !== undefined) {
          writer.attributeU8(34, value.lacpStrict ? 1 : 0);
        }
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BondData', property);
    }
  }
}

/** Parameters of a slave of a bond. */
export interface BondSlaveData {
  /** 0 active, 1 backup. IFLA_BOND_SLAVE_STATE */
  readonly state?: number | undefined;
  /** 0 up, 1 going down, 2 down, 3 coming up. IFLA_BOND_SLAVE_MII_STATUS */
  readonly miiStatus?: number | undefined;
  /** How often its link failed. IFLA_BOND_SLAVE_LINK_FAILURE_COUNT */
  readonly linkFailures?: number | undefined;
  /** Its own address. IFLA_BOND_SLAVE_PERM_HWADDR */
  readonly permanentAddress?: Uint8Array | undefined;
  /** Queue that is sent by it. IFLA_BOND_SLAVE_QUEUE_ID */
  readonly queueId?: number | undefined;
  /** Id of its aggregator. IFLA_BOND_SLAVE_AD_AGGREGATOR_ID */
  readonly aggregatorId?: number | undefined;
  /** Own port state, 802.3ad. IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE */
  readonly actorPortState?: number | undefined;
  /** The partner's port state. IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE */
  readonly partnerPortState?: number | undefined;
  /** Priority among slaves. IFLA_BOND_SLAVE_PRIO */
  readonly priority?: number | undefined;
  /** Priority of its port, 802.3ad. IFLA_BOND_SLAVE_ACTOR_PORT_PRIO */
  readonly actorPortPriority?: number | undefined;
  /** Own churn machine. IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE */
  readonly churnActorState?: number | undefined;
  /** The partner's churn machine. IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE */
  readonly churnPartnerState?: number | undefined;
  /** The attributes that are not, or not wholly, in the properties. */
  readonly unknown?: readonly RawAttribute[] | undefined;
}

/** Reads the attributes from `offset` to `limit`. */
export function readBondSlaveData(
  source: MessageSource,
  offset: number,
  limit: number,
): BondSlaveData {
  const { view, little } = source;
  const into: Filled<BondSlaveData> = {};

  while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;
    switch (type & 0x3fff) {
      case 1: // IFLA_BOND_SLAVE_STATE
        into.state = valueU8(source, start, end);
        break;
      case 2: // IFLA_BOND_SLAVE_MII_STATUS
        into.miiStatus = valueU8(source, start, end);
        break;
      case 3: // IFLA_BOND_SLAVE_LINK_FAILURE_COUNT
        into.linkFailures = valueU32(source, start, end);
        break;
      case 4: // IFLA_BOND_SLAVE_PERM_HWADDR
        into.permanentAddress = valueBytes(source, start, end);
        break;
      case 5: // IFLA_BOND_SLAVE_QUEUE_ID
        into.queueId = valueU16(source, start, end);
        break;
      case 6: // IFLA_BOND_SLAVE_AD_AGGREGATOR_ID
        into.aggregatorId = valueU16(source, start, end);
        break;
      case 7: // IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE
        into.actorPortState = valueU8(source, start, end);
        break;
      case 8: // IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE
        into.partnerPortState = valueU16(source, start, end);
        break;
      case 9: // IFLA_BOND_SLAVE_PRIO
        into.priority = valueS32(source, start, end);
        break;
      case 10: // IFLA_BOND_SLAVE_ACTOR_PORT_PRIO
        into.actorPortPriority = valueU16(source, start, end);
        break;
      case 11: // IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE
        into.churnActorState = valueU8(source, start, end);
        break;
      case 12: // IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE
        into.churnPartnerState = valueU8(source, start, end);
        break;
      default:
        keep(into, type, source, start, end);
    }
    offset += (length + 3) & ~3;
  }
  return into;
}

/** Writes the attributes of a {@link BondSlaveData}, in the order of its properties. */
export function writeBondSlaveData(writer: MessageWriter, value: BondSlaveData, at: string): void {
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      case 'state': // IFLA_BOND_SLAVE_STATE
        optionalU8(writer, 1, at + property, value.state);
        break;
      case 'miiStatus': // IFLA_BOND_SLAVE_MII_STATUS
        optionalU8(writer, 2, at + property, value.miiStatus);
        break;
      case 'linkFailures': // IFLA_BOND_SLAVE_LINK_FAILURE_COUNT
        optionalU32(writer, 3, at + property, value.linkFailures);
        break;
      case 'permanentAddress': // IFLA_BOND_SLAVE_PERM_HWADDR
        optionalBytes(writer, 4, at + property, value.permanentAddress);
        break;
      case 'queueId': // IFLA_BOND_SLAVE_QUEUE_ID
        if (value.queueId !== undefined) {
          writer.beginNest(5);
          putNumber(writer, 'u16', at + property, value.queueId);
          writer.endNest();
        }
        break;
      case 'aggregatorId': // IFLA_BOND_SLAVE_AD_AGGREGATOR_ID
        if (value.aggregatorId !== undefined) {
          writer.beginNest(6);
          putNumber(writer, 'u16', at + property, value.aggregatorId);
          writer.endNest();
        }
        break;
      case 'actorPortState': // IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE
        optionalU8(writer, 7, at + property, value.actorPortState);
        break;
      case 'partnerPortState': // IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE
        if (value.partnerPortState !== undefined) {
          writer.beginNest(8);
          putNumber(writer, 'u16', at + property, value.partnerPortState);
          writer.endNest();
        }
        break;
      case 'priority': // IFLA_BOND_SLAVE_PRIO
        optionalI32(writer, 9, at + property, value.priority);
        break;
      case 'actorPortPriority': // IFLA_BOND_SLAVE_ACTOR_PORT_PRIO
        if (value.actorPortPriority !== undefined) {
          writer.beginNest(10);
          putNumber(writer, 'u16', at + property, value.actorPortPriority);
          writer.endNest();
        }
        break;
      case 'churnActorState': // IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE
        optionalU8(writer, 11, at + property, value.churnActorState);
        break;
      case 'churnPartnerState': // IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE
        optionalU8(writer, 12, at + property, value.churnPartnerState);
        break;
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of BondSlaveData', property);
    }
  }
}
