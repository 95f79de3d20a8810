/**
 * Bridges.
 *
 * @module
 */

import type { BridgeData } from '@rtap/netlink/link';
import { linkAddressText } from '../../ip/link-types.ts';
import { bit, etherType, hexadecimal, numeric, seconds, timer } from './fields.ts';
import type { ShownKind } from './fields.ts';

/** The id of a bridge: priority in four digits, and the address without leading zeros. */
export function bridgeId(id: Uint8Array | undefined): string | undefined {
  if (id === undefined) return undefined;
  const digits = Array.from(id, (byte) => byte.toString(16));
  const priority = digits.slice(0, 2).map((byte) => byte.padStart(2, '0'));
  return `${priority.join('')}.${digits.slice(2).join(':')}`;
}

/** Of kind `bridge`. */
export const bridge: ShownKind<BridgeData> = {
  fields(data) {
    const { values = 0, mask = 0 } = data.booleanOptions ?? {};
    /** BR_BOOLOPT_* of linux/if_bridge.h. */
    const option = (position: number): number | undefined =>
      (mask >>> position) & 1 ? (values >>> position) & 1 : undefined;
    return {
      forward_delay: data.forwardDelay,
      hello_time: data.helloTime,
      max_age: data.maxAge,
      ageing_time: data.ageingTime,
      stp_state: data.stpState,
      priority: data.priority,
      vlan_filtering: bit(data.vlanFiltering),
      vlan_protocol: etherType(data.vlanProtocol),
      bridge_id: bridgeId(data.bridgeId),
      root_id: bridgeId(data.rootId),
      root_port: data.rootPort,
      root_path_cost: data.rootPathCost,
      topology_change: bit(data.topologyChange),
      topology_change_detected: bit(data.topologyChangeDetected),
      hello_timer: seconds(data.helloTimer),
      tcn_timer: seconds(data.topologyChangeNotificationTimer),
      topology_change_timer: seconds(data.topologyChangeTimer),
      gc_timer: seconds(data.garbageCollectionTimer),
      fdb_n_learned: data.learnedAddresses,
      fdb_max_learned: data.maxLearnedAddresses,
      vlan_default_pvid: data.vlanDefaultPvid,
      vlan_stats_enabled: bit(data.vlanStatistics),
      vlan_stats_per_port: bit(data.vlanStatisticsPerPort),
      group_fwd_mask: hexadecimal(data.groupForwardMask),
      group_addr: data.groupAddress && linkAddressText(data.groupAddress),
      mcast_snooping: bit(data.multicastSnooping),
      no_linklocal_learn: option(0),
      mcast_vlan_snooping: option(1),
      mst_enabled: option(2),
      mdb_offload_fail_notification: option(3),
      fdb_local_vlan_0: option(4),
      mcast_router: data.multicastRouter,
      mcast_query_use_ifaddr: bit(data.multicastQueryUseAddress),
      mcast_querier: bit(data.multicastQuerier),
      mcast_hash_elasticity: data.multicastHashElasticity,
      mcast_hash_max: data.multicastHashMax,
      mcast_last_member_cnt: data.multicastLastMemberCount,
      mcast_startup_query_cnt: data.multicastStartupQueryCount,
      mcast_last_member_intvl: numeric(data.multicastLastMemberInterval),
      mcast_membership_intvl: numeric(data.multicastMembershipInterval),
      mcast_querier_intvl: numeric(data.multicastQuerierInterval),
      mcast_query_intvl: numeric(data.multicastQueryInterval),
      mcast_query_response_intvl: numeric(data.multicastQueryResponseInterval),
      mcast_startup_query_intvl: numeric(data.multicastStartupQueryInterval),
      mcast_stats_enabled: bit(data.multicastStatistics),
      mcast_igmp_version: data.igmpVersion,
      mcast_mld_version: data.mldVersion,
      nf_call_iptables: bit(data.callIptables),
      nf_call_ip6tables: bit(data.callIp6tables),
      nf_call_arptables: bit(data.callArptables),
    };
  },
  wording: {
    root_id: 'designated_root',
    hello_timer: timer,
    tcn_timer: timer,
    topology_change_timer: timer,
    gc_timer: timer,
    group_addr: 'group_address',
    mcast_last_member_cnt: 'mcast_last_member_count',
    mcast_startup_query_cnt: 'mcast_startup_query_count',
    mcast_last_member_intvl: 'mcast_last_member_interval',
    mcast_membership_intvl: 'mcast_membership_interval',
    mcast_querier_intvl: 'mcast_querier_interval',
    mcast_query_intvl: 'mcast_query_interval',
    mcast_query_response_intvl: 'mcast_query_response_interval',
    mcast_startup_query_intvl: 'mcast_startup_query_interval',
  },
};
