/**
 * Links of all kinds that there are, as commands of `ip`.
 *
 * @module
 */

/** Kinds that every kernel has which runs these tests, with settings that aren't the default's. */
export const everyKind: readonly string[] = [
  'link add base type veth peer name other',
  'link add promiscuous type veth peer name opposite',
  `link add br0 type bridge priority 4096 forward_delay 800 hello_time 300 max_age 1000 ageing_time 12300
    group_fwd_mask 8 group_address 01:80:c2:00:00:0d mcast_snooping 1 mcast_querier 1 mcast_router 2
    mcast_stats_enabled 1 mcast_query_use_ifaddr 1 no_linklocal_learn 1 mcast_igmp_version 3 mcast_mld_version 2
    mcast_hash_max 128 mcast_last_member_count 3 mcast_startup_query_count 4 mcast_last_member_interval 101
    mcast_membership_interval 26001 mcast_querier_interval 25501 mcast_query_interval 12501
    mcast_query_response_interval 1001 mcast_startup_query_interval 3125`,
  'link add br1 type bridge stp_state 1 mcast_snooping 0',
  'link add port type veth peer name end',
  'link set port master br0',
  'link set br0 up',
  'link set port up',
  'link set end up',
  `link set port type bridge_slave state 2 priority 9 cost 77 guard on hairpin on fastleave on root_block on
    learning off flood off proxy_arp on proxy_arp_wifi on mcast_router 2 mcast_flood off bcast_flood off
    mcast_to_unicast on group_fwd_mask 16392 neigh_suppress on vlan_tunnel on isolated on locked on`,
  'link add spare type veth peer name spared',
  'link set spare master br0',
  'link set spare type bridge_slave backup_port port',
  'link set spared master br1',
  'link set spared up',
  'link set spare up',
  'link set br1 up',
  'link add link base name mv-private type macvlan mode private',
  'link add link base name mv-vepa type macvlan mode vepa',
  'link add link base name mv-bridge type macvlan mode bridge bcqueuelen 2000',
  'link add link base name mv-source type macvlan mode source macaddr set 02:00:00:00:00:01 02:00:00:00:00:02',
  'link add link promiscuous name mv-passthru type macvlan mode passthru nopromisc',
  'link add link base name tap-bridge type macvtap mode bridge',
  'link add link base name tap-private type macvtap mode private',
  'link set mv-vepa up',
  'link set mv-bridge protodown on protodown_reason 3 on',
  'link set mv-bridge protodown_reason 7 on',
  `link add vx-all type vxlan id 42 local 192.0.2.1 remote 192.0.2.2 dev base ttl 5 tos 4 dstport 4790
    srcport 1000 2000 ageing 33 maxaddress 99 nolearning proxy rsc l2miss l3miss noudpcsum udp6zerocsumtx
    udp6zerocsumrx df set`,
  'link add vx-group type vxlan id 41 group 239.1.1.1 dev base dstport 4794 tos inherit df inherit',
  `link add vx-six type vxlan id 43 local 2001:db8::1 group ff05::100 dev base ttl inherit dstport 4791
    flowlabel 0x12345 gbp`,
  'link add vx-remote type vxlan id 46 remote 2001:db8::2 dstport 4795',
  'link add vx-external type vxlan external dstport 4799 vnifilter',
  'link add vx-gpe type vxlan external dstport 4796 gpe',
  'link add vx-checksum type vxlan id 45 dstport 4793 remcsumtx remcsumrx',
  'link add ifb0 type ifb',
].map((line) => line.replaceAll(/\s+/g, ' '));

/** Kinds that a kernel may lack, each with what makes a link of it. */
export const otherKinds: readonly (readonly [kind: string, line: string])[] = [
  ['dummy', 'link add of-dummy type dummy'],
  ['nlmon', 'link add of-nlmon type nlmon'],
  ['vrf', 'link add of-vrf type vrf table 77'],
  [
    'vlan',
    'link add link lo name of-vlan type vlan id 5 protocol 802.1ad gvrp on ingress-qos-map 1:2 egress-qos-map 3:4',
  ],
  ['bond', 'link add of-bond type bond mode 802.3ad miimon 100 lacp_rate fast'],
];
