/**
 * What belongs to the kind of a link, as `ip -j -d link show` prints it, made of what we have decoded.
 *
 * @module
 */

import type {
  BridgeData,
  BridgePortData,
  LinkInfo,
  LinkInfoData,
  LinkInfoSlaveData,
  MacvlanData,
  TunData,
  VlanData,
  VrfData,
  VxlanData,
} from '@rtap/netlink';
import { bit, hex, ip, mac, number, seconds } from './text.ts';

/** The name of an interface by its index. */
export type NameOf = (index: number | undefined) => string | undefined;

type Printers<Kinds> = {
  readonly [Kind in keyof Kinds]?: (data: Kinds[Kind], nameOf: NameOf) => object;
};

const ETHER_TYPES: Readonly<Record<number, string>> = { 0x8100: '802.1Q', 0x88a8: '802.1ad' };
const PORT_STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** Priority in four digits, and the address without leading zeros. */
function bridgeId(id: Uint8Array | undefined): string | undefined {
  if (id === undefined) return undefined;
  const digits = Array.from(id, (byte) => byte.toString(16));
  return `${mac(id.subarray(0, 2))?.replace(':', '')}.${digits.slice(2).join(':')}`;
}

function bridge(data: BridgeData): object {
  const options = data.booleanOptions;
  const option = (number_: number): number | undefined =>
    options && (options.values >>> number_) & 1;
  return {
    forward_delay: data.forwardDelay,
    hello_time: data.helloTime,
    max_age: data.maxAge,
    ageing_time: data.ageingTime,
    stp_state: data.stpState,
    priority: data.priority,
    vlan_filtering: bit(data.vlanFiltering),
    vlan_protocol: ETHER_TYPES[data.vlanProtocol ?? 0],
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
    vlan_default_pvid: data.vlanDefaultPvid,
    vlan_stats_enabled: bit(data.vlanStatistics),
    vlan_stats_per_port: bit(data.vlanStatisticsPerPort),
    group_fwd_mask: hex(data.groupForwardMask),
    group_addr: mac(data.groupAddress),
    mcast_snooping: bit(data.multicastSnooping),
    no_linklocal_learn: option(0),
    mcast_vlan_snooping: option(1),
    mcast_router: data.multicastRouter,
    mcast_query_use_ifaddr: bit(data.multicastQueryUseAddress),
    mcast_querier: bit(data.multicastQuerier),
    mcast_hash_elasticity: data.multicastHashElasticity,
    mcast_hash_max: data.multicastHashMax,
    mcast_last_member_cnt: data.multicastLastMemberCount,
    mcast_startup_query_cnt: data.multicastStartupQueryCount,
    mcast_last_member_intvl: number(data.multicastLastMemberInterval),
    mcast_membership_intvl: number(data.multicastMembershipInterval),
    mcast_querier_intvl: number(data.multicastQuerierInterval),
    mcast_query_intvl: number(data.multicastQueryInterval),
    mcast_query_response_intvl: number(data.multicastQueryResponseInterval),
    mcast_startup_query_intvl: number(data.multicastStartupQueryInterval),
    mcast_stats_enabled: bit(data.multicastStatistics),
    mcast_igmp_version: data.igmpVersion,
    mcast_mld_version: data.mldVersion,
    nf_call_iptables: bit(data.callIptables),
    nf_call_ip6tables: bit(data.callIp6tables),
    nf_call_arptables: bit(data.callArptables),
  };
}

/** Link-local groups by name; those without one in hexadecimal, first. */
function groupNames(mask: number): string {
  const lldp = 1 << 14;
  const rest = mask & ~lldp;
  const named = (mask & lldp) === 0 ? [] : ['lldp'];
  return [...(rest !== 0 || mask === 0 ? [`0x${rest.toString(16)}`] : []), ...named].join();
}

function bridgePort(data: BridgePortData, nameOf: NameOf): object {
  return {
    state: PORT_STATES[data.state ?? -1],
    priority: data.priority,
    cost: data.cost,
    hairpin: data.hairpin,
    guard: data.guard,
    root_block: data.protect,
    fastleave: data.fastLeave,
    learning: data.learning,
    flood: data.unicastFlood,
    id: hex(data.id),
    no: hex(data.number),
    designated_port: data.designatedPort,
    designated_cost: data.designatedCost,
    bridge_id: bridgeId(data.bridgeId),
    root_id: bridgeId(data.rootId),
    hold_timer: seconds(data.holdTimer),
    message_age_timer: seconds(data.messageAgeTimer),
    forward_delay_timer: seconds(data.forwardDelayTimer),
    topology_change_ack: bit(data.topologyChangeAck),
    config_pending: bit(data.configPending),
    proxy_arp: data.proxyArp,
    proxy_arp_wifi: data.proxyArpWifi,
    multicast_router: data.multicastRouter,
    mcast_flood: data.multicastFlood,
    bcast_flood: data.broadcastFlood,
    mcast_to_unicast: data.multicastToUnicast,
    neigh_suppress: data.neighbourSuppress,
    group_fwd_mask: hex(data.groupForwardMask),
    group_fwd_mask_str: groupNames(data.groupForwardMask ?? 0),
    vlan_tunnel: data.vlanTunnel,
    isolated: data.isolated,
    locked: data.locked,
    backup_port: nameOf(data.backupPort),
  };
}

/** MACVLAN_FLAG_NOPROMISC and MACVLAN_FLAG_NODST. */
function macvlan({ flags = 0, ...data }: MacvlanData): object {
  return {
    mode: data.mode,
    nopromisc: (flags & 1) !== 0 || undefined,
    nodst: (flags & 2) !== 0 || undefined,
    bcqueuelen: data.broadcastQueueLength,
    usedbcqueuelen: data.broadcastQueueLengthUsed,
    macaddr_count: data.addressCount || undefined,
    macaddr_data: data.addresses?.map(mac),
  };
}

function tun(data: TunData): object {
  return {
    type: ['tun', 'tap'][(data.type ?? 0) - 1],
    pi: data.packetInformation,
    vnet_hdr: data.virtioHeader,
    multi_queue: data.multiQueue,
    numqueues: data.queues,
    numdisabled: data.disabledQueues,
    persist: data.persist,
    user: data.owner,
    group: data.group,
  };
}

/** VLAN_FLAG_*. */
const VLAN_FLAGS = ['REORDER_HDR', 'GVRP', 'LOOSE_BINDING', 'MVRP', 'BRIDGE_BINDING'];

function vlan(data: VlanData): object {
  const flags = data.flags?.flags ?? 0;
  return {
    protocol: ETHER_TYPES[data.protocol ?? 0],
    id: data.id,
    flags: VLAN_FLAGS.filter((_, position) => (flags >>> position) & 1),
    ingress_qos: data.ingressQos,
    egress_qos: data.egressQos,
  };
}

function vxlan(data: VxlanData, nameOf: NameOf): object {
  const group = data.group ?? data.group6;
  const several = group && (group.length === 4 ? (group[0] ?? 0) >>> 4 === 0xe : group[0] === 0xff);
  const six = group?.length === 16 ? '6' : '';
  return {
    external: data.collectMetadata || undefined,
    vnifilter: data.vniFilter || undefined,
    id: data.id,
    [`${several ? 'group' : 'remote'}${six}`]: ip(group),
    local: ip(data.local),
    local6: ip(data.local6),
    link: nameOf(data.link || undefined),
    port_range: data.portRange,
    port: data.port,
    learning: data.learning,
    proxy: data.proxy || undefined,
    rsc: data.routeShortCircuit || undefined,
    l2miss: data.layer2Miss || undefined,
    l3miss: data.layer3Miss || undefined,
    tos: hex(data.tos || undefined),
    ttl: data.ttlInherit ? undefined : data.ttl,
    df: ['unset', 'set', 'inherit'][data.dontFragment ?? -1],
    label: hex(data.label || undefined),
    ageing: data.ageing,
    limit: data.limit || undefined,
    udp_csum: data.udpChecksum,
    udp_zero_csum6_tx: data.udpZeroChecksum6Tx,
    udp_zero_csum6_rx: data.udpZeroChecksum6Rx,
    remcsum_tx: data.remoteChecksumTx || undefined,
    remcsum_rx: data.remoteChecksumRx || undefined,
    gbp: data.groupBasedPolicy,
    gpe: data.genericProtocolExtension,
  };
}

const vrf = ({ table }: VrfData): object => ({ table });

const kinds: Printers<LinkInfoData> = { bridge, macvlan, macvtap: macvlan, tun, vlan, vrf, vxlan };
const slaveKinds: Printers<LinkInfoSlaveData> = { bridge: bridgePort, vrf };

/** Has the printer of the kind print; data without a printer are left out, and so a difference if ip prints any. */
function print(
  printers: object,
  kind: string | undefined,
  data: unknown,
  nameOf: NameOf,
): object | undefined {
  if (kind === undefined || data === undefined || !Object.hasOwn(printers, kind)) return undefined;
  return Object(printers)[kind](data, nameOf);
}

/** `info_data`. */
export function printedData(info: LinkInfo, nameOf: NameOf): object | undefined {
  return print(kinds, info.kind, info.data, nameOf);
}

/** `info_slave_data`. */
export function printedSlaveData(info: LinkInfo, nameOf: NameOf): object | undefined {
  return print(slaveKinds, info.slaveKind, info.slaveData, nameOf);
}
