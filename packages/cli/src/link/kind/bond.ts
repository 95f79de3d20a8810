/**
 * Bonds and their ports.
 *
 * @module
 */

import { formatIpAddress } from '@rtap/frames';
import type { BondAdInfo, BondData, BondSlaveData } from '@rtap/netlink/link';
import { flagNames } from '../../ip/flag-names.ts';
import { nameAt } from '../../ip/known-links.ts';
import { linkAddressText } from '../../ip/link-types.ts';
import { bit, fieldsText, named, valueText } from './fields.ts';
import type { Say, ShownFields, ShownKind } from './fields.ts';

// Names of numbers from 0: drivers/net/bonding/bond_options.c.
const MODES = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad'].concat([
  'balance-tlb',
  'balance-alb',
]);
const ARP_VALIDATIONS = ['none', 'active', 'backup', 'all'];
const HASH_POLICIES = ['layer2', 'layer3+4', 'layer2+3', 'encap2+3', 'encap3+4', 'vlan+srcmac'];
const SELECTIONS = ['stable', 'bandwidth', 'count', 'actor_port_prio'];

/** BOND_LINK_* of linux/if_bonding.h. */
const MII_STATUSES = ['UP', 'GOING_DOWN', 'DOWN', 'GOING_BACK'];

/** LACP_STATE_* of linux/if_bonding.h. */
const PORT_STATES: Readonly<Record<string, number>> = {
  active: 1,
  short_timeout: 2,
  aggregating: 4,
  in_sync: 8,
  collecting: 16,
  distributing: 32,
  defaulted: 64,
  expired: 128,
};

function addresses(list: readonly Uint8Array[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0
    ? undefined
    : list.map((address) => formatIpAddress(address));
}

function aggregatorInfo(info: BondAdInfo): ShownFields {
  return {
    aggregator: info.aggregator,
    num_ports: info.ports,
    actor_key: info.actorKey,
    partner_key: info.partnerKey,
    partner_mac: info.partnerMac && linkAddressText(info.partnerMac),
  };
}

/** Of kind `bond`. */
export const bond: ShownKind<BondData> = {
  fields: (data, links) => ({
    mode: named(data.mode, MODES),
    active_slave: data.activeSlave ? nameAt(links, data.activeSlave) : undefined,
    miimon: data.miiMonitor,
    updelay: data.upDelay,
    downdelay: data.downDelay,
    peer_notify_delay: data.peerNotificationDelay,
    use_carrier: bit(data.useCarrier),
    arp_interval: data.arpInterval,
    arp_missed_max: data.missedMax,
    arp_ip_target: addresses(data.arpTargets),
    ns_ip6_target: addresses(data.neighbourTargets),
    arp_validate: data.arpValidate === 0 ? null : named(data.arpValidate, ARP_VALIDATIONS),
    arp_all_targets: named(data.arpAllTargets, ['any', 'all']),
    primary: data.primary ? nameAt(links, data.primary) : undefined,
    primary_reselect: named(data.primaryReselect, ['always', 'better', 'failure']),
    fail_over_mac: named(data.failOverMac, ['none', 'active', 'follow']),
    xmit_hash_policy: named(data.transmitHashPolicy, HASH_POLICIES),
    resend_igmp: data.resendIgmp,
    num_peer_notif: data.peerNotifications,
    all_slaves_active: bit(data.allSlavesActive),
    lacp_strict: data.lacpStrict,
    min_links: data.minLinks,
    lp_interval: data.learningPacketInterval,
    packets_per_slave: data.packetsPerSlave,
    ad_lacp_active: named(bit(data.lacpActive), ['off', 'on']),
    ad_lacp_rate: named(data.lacpRate, ['slow', 'fast']),
    coupled_control: data.coupledControl,
    broadcast_neighbor: data.broadcastNeighbour,
    ad_select: named(data.aggregatorSelect, SELECTIONS),
    ad_info: data.aggregatorInfo && aggregatorInfo(data.aggregatorInfo),
    ad_actor_sys_prio: data.actorSystemPriority,
    ad_user_port_key: data.userPortKey,
    ad_actor_system: data.actorSystem && linkAddressText(data.actorSystem),
    tlb_dynamic_lb: bit(data.dynamicLoadBalancing),
  }),
  wording: {
    num_peer_notif: 'num_grat_arp',
    ad_lacp_active: 'lacp_active',
    ad_lacp_rate: 'lacp_rate',
    ad_info: (_, value) =>
      typeof value === 'object' && value !== null
        ? fieldsText(
            Object.fromEntries(Object.entries(value).map(([name, of]) => [`ad_${name}`, of])),
          )
        : '',
  },
  refersTo: ({ activeSlave, primary }) => [activeSlave, primary],
};

const inBrackets: Say = (name, value) =>
  value === undefined ? '' : `${name} <${valueText(value)}>`;

function portState(state: number | undefined): readonly string[] | undefined {
  return state === undefined ? undefined : flagNames(state, PORT_STATES);
}

/** Of slave kind `bond`. */
export const bondPort: ShownKind<BondSlaveData> = {
  fields: (data) => ({
    state: ['ACTIVE', 'BACKUP'][data.state ?? -1],
    mii_status: MII_STATUSES[data.miiStatus ?? -1],
    link_failure_count: data.linkFailures,
    perm_hwaddr: data.permanentAddress && linkAddressText(data.permanentAddress),
    queue_id: data.queueId,
    prio: data.priority,
    ad_aggregator_id: data.aggregatorId,
    ad_actor_oper_port_state: data.actorPortState,
    ad_actor_oper_port_state_str: portState(data.actorPortState),
    ad_partner_oper_port_state: data.partnerPortState,
    ad_partner_oper_port_state_str: portState(data.partnerPortState),
    ad_actor_port_prio: data.actorPortPriority,
  }),
  wording: {
    ad_actor_oper_port_state_str: inBrackets,
    ad_partner_oper_port_state_str: inBrackets,
  },
};
