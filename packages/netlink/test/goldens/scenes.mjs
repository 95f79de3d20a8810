/**
 * What is recorded: scenes of commands, each scene in a network namespace of its own.
 *
 * A string is a command that sets something up. An object is a command whose conversation is kept:
 * `golden` (name of the file), `run`, and of its requests the one at `request`, counted from the end
 * when negative (default: the last one). `fails`: it has to fail, or, `may`, the kernel may refuse
 * it, as the request is what is kept. `text`: what it prints is kept as text. `write`: a file to write.
 * `number`: a folder of settings, each of which gets a value of its own, where the kernel takes it;
 * `settings`: those of an interface are kept, as /proc tells them. `pause`: seconds in which the kernel does something by itself. Interfaces get their indexes in the
 * order in which they are made, so new ones go to the end.
 *
 * Scenes that `mayBeBuilt` stop at what the kernel lacks, and give bytes that built.mjs has made.
 *
 * @module
 */

const ROUTE = 'ip route add';

export const scenes = [
  {
    name: 'host',
    steps: [
      { write: ['/proc/sys/net/ipv6/conf/default/accept_dad', '0'] },
      { write: ['/proc/sys/net/ipv6/conf/all/accept_dad', '0'] },
      'ip netns add rtpeer',
      {
        golden: 'add_veth',
        run: 'ip link add ve0 mtu 1400 address 02:00:00:00:00:10 txqueuelen 333 numtxqueues 4 numrxqueues 4 type veth peer name ve1 address 02:00:00:00:00:11 mtu 1400',
      },
      'ip link add vp0 address 02:00:00:00:00:12 type veth peer name vp1 netns rtpeer',
      {
        golden: 'add_bridge',
        run: 'ip link add br0 address 02:00:00:00:00:20 type bridge stp_state 1 forward_delay 400 hello_time 200 max_age 2000 ageing_time 30000 priority 4096 mcast_snooping 1 group_fwd_mask 8',
      },
      'ip link set lo up',
      'ip link set ve0 up',
      'ip link set ve1 master br0',
      'ip addr add 192.0.2.1/24 broadcast 192.0.2.255 label ve0:lbl dev ve0',
      'ip addr add 2001:db8::1/64 nodad dev ve0',
      {
        golden: 'add_vxlan',
        run: 'ip link add vx4 address 02:00:00:00:00:40 type vxlan id 42 local 192.0.2.1 remote 192.0.2.2 dstport 4789 dev ve0 ttl 64 tos 0x16 nolearning udpcsum',
      },
      'ip link add vx6 address 02:00:00:00:00:41 type vxlan id 77 group ff05::100 dstport 8472 srcport 10000 20000 dev ve0 udp6zerocsumrx',
      'ip link add vxe address 02:00:00:00:00:42 type vxlan external gbp dstport 4790 nolearning',
      {
        golden: 'add_macvlan',
        run: 'ip link add link ve0 name mv0 address 02:00:00:00:00:30 type macvlan mode bridge',
      },
      'ip link add link ve0 name mv1 address 02:00:00:00:00:31 type macvlan mode private',
      'ip link add link ve0 name mt0 address 02:00:00:00:00:32 type macvtap mode vepa',
      'ip link add ifb0 address 02:00:00:00:00:50 type ifb',
      'ip tuntap add tap0 mode tap multi_queue',
      'ip tuntap add tun0 mode tun user nobody group nogroup',
      'ip link add ifbidx index 4242 address 02:00:00:00:00:51 type ifb',
      'ip link set tap0 master br0',
      ...['ve1', 'vp0', 'br0', 'vx4', 'mv0', 'mv1', 'ifb0'].map((name) => `ip link set ${name} up`),
      { golden: 'set_up_tap0', run: 'ip link set dev tap0 up' },
      'ip link set tun0 up',
      { golden: 'set_down', run: 'ip link set dev mv1 down' },
      { golden: 'set_mtu', run: 'ip link set dev tap0 mtu 1380' },
      { golden: 'set_mac', run: 'ip link set dev tap0 address 02:aa:bb:cc:dd:ee' },
      { golden: 'set_alias', run: 'ip link set dev ve0 alias golden-alias' },
      { golden: 'set_txqlen', run: 'ip link set dev ifb0 txqueuelen 77' },
      { golden: 'set_allmulti', run: 'ip link set dev ifb0 allmulticast on' },
      'ip link set dev ifb0 group 17',
      'ip link set dev ve0 gro_max_size 30000',
      'ip link property add dev ve0 altname ve0-a-long-alternative-name-beyond-ifnamsiz',
      {
        golden: 'prop_add_altname2',
        run: 'ip link property add dev ve0 altname second-altname altname third-altname',
      },
      'ip link property add dev ve0 altname fourth-altname',
      {
        golden: 'prop_del_altname',
        run: 'ip link property del dev ve0 altname fourth-altname',
      },
      { golden: 'bridge_port_set', run: 'bridge link set dev ve1 cost 5 priority 9 hairpin on' },
      { golden: 'bridge_vlan_add', run: 'bridge vlan add vid 5 pvid dev ve1', may: true },
      {
        golden: 'set_nsid',
        run: 'ip netns set rtpeer 555',
        fails: true,
      },
      // Before it lists all, ip asks for the id of each namespace with a name, the newest first.
      'ip netns add rtother',
      { golden: 'nsid_list', run: 'ip -j netns list-id', request: 2 },
      { golden: 'nsid_get', run: 'ip -j netns list-id', request: 1 },
      { golden: 'nsid_none', run: 'ip -j netns list-id', request: 0 },
      { golden: 'nsid_add', run: 'ip netns set rtother 9' },
      'ip addr add 198.51.100.9/32 dev mv0',
      'ip addr add 203.0.113.1/28 dev br0',
      {
        golden: 'addr_add4_peer',
        run: 'ip addr add 10.9.0.1 peer 10.9.0.2/32 dev tun0 metric 42',
      },
      {
        golden: 'addr_add6_home',
        run: 'ip addr add 2001:db8:1::5/128 dev mv0 home nodad mngtmpaddr',
        fails: true,
      },
      { golden: 'nexthop_add', run: 'ip nexthop add id 11 via 192.0.2.200 dev ve0' },
      'ip nexthop add id 12 via 192.0.2.201 dev ve0',
      { golden: 'nexthop_group', run: 'ip nexthop add id 20 group 11,3/12,7' },
      { golden: 'err_nh_group', run: 'ip nexthop add id 30 group 999', fails: true },
      {
        golden: 'nexthop_resilient',
        run: 'ip nexthop add id 21 group 11/12 type resilient buckets 4 idle_timer 60 unbalanced_timer 300',
      },
      'ip nexthop add id 13 blackhole',
      'ip nexthop add id 14 via 2001:db8::20 dev ve0',
      'ip nexthop add id 15 via 192.0.2.15 fdb',
      { golden: 'nexthop_get', run: 'ip -j nexthop get id 20' },
      { golden: 'nexthop_dump', run: 'ip -d -j nexthop show', request: 0 },
      { golden: 'nexthop_buckets', run: 'ip -j nexthop bucket show id 21', request: 0 },
      { golden: 'nexthop_bucket_get', run: 'ip -j nexthop bucket get id 21 index 2' },
      { golden: 'nexthop_del', run: 'ip nexthop del id 15' },
      {
        golden: 'route_add4',
        run: `${ROUTE} 10.1.0.0/16 via 192.0.2.254 dev ve0 metric 100 mtu 1300 advmss 1200 proto static`,
      },
      'ip route replace 10.1.0.0/16 via 192.0.2.252 dev ve0 metric 100',
      'ip route add 10.2.0.0/16 dev br0 src 203.0.113.1 table 4000',
      {
        golden: 'route_add4_mp',
        run: `${ROUTE} 10.3.0.0/16 nexthop via 192.0.2.253 dev ve0 weight 3 nexthop via 203.0.113.2 dev br0 weight 5`,
      },
      { golden: 'route_add_blackhole', run: `${ROUTE} blackhole 10.4.0.0/16` },
      { golden: 'route_add_unreach', run: `${ROUTE} unreachable 10.5.0.0/16 metric 9` },
      { golden: 'route_add_via6', run: `${ROUTE} 10.6.0.0/16 via inet6 2001:db8::9 dev ve0` },
      { golden: 'route_add_nhid', run: `${ROUTE} 10.7.0.0/16 nhid 20` },
      'ip -6 route add 2001:db8:10::/48 via 2001:db8::2 dev ve0 metric 77 pref high',
      'ip -6 route add 2001:db8:11::/48 nexthop via 2001:db8::3 dev ve0 weight 2 nexthop via 2001:db8::4 dev ve0 weight 4',
      'ip -6 route add 2001:db8:12::/48 encap seg6 mode encap segs 2001:db8:ff::1,2001:db8:ff::2 dev ve0',
      {
        golden: 'rule_add_ports',
        run: 'ip rule add ipproto tcp sport 1000-2000 dport 443 uidrange 1000-2000 lookup 4001 prio 1001',
      },
      { golden: 'rule_add6', run: 'ip -6 rule add from 2001:db8::/32 lookup 4000 prio 1002' },
      'ip rule add from 10.0.0.0/8 to 10.1.0.0/16 iif ve0 fwmark 0x10/0xff lookup 4000 prio 1003 suppress_prefixlength 16',
      'ip rule add not tos 0x10 oif ve0 goto 32766 prio 1004',
      'ip rule add blackhole prio 1005 from 10.99.0.0/16 realms 3/4',
      { golden: 'rule_dump4', run: 'ip -d -j rule show', request: 0 },
      { golden: 'rule_dump6', run: 'ip -d -6 -j rule show', request: 0 },
      { golden: 'rule_del', run: 'ip rule del prio 1005' },
      'ip neigh add 192.0.2.50 lladdr 02:11:22:33:44:55 dev ve0 nud permanent',
      'ip neigh add 192.0.2.51 lladdr 02:11:22:33:44:56 dev ve0 nud stale',
      'ip neigh add proxy 192.0.2.60 dev ve0',
      {
        golden: 'neigh_add6',
        run: 'ip neigh add 2001:db8::50 lladdr 02:11:22:33:44:66 dev ve0 nud stale router',
      },
      'bridge fdb add 02:77:77:77:77:77 dev vx4 dst 192.0.2.99 port 4790 vni 43',
      { golden: 'fdb_add', run: 'bridge fdb add 02:88:88:88:88:88 dev ve1 master static' },
      { golden: 'fdb_get', run: 'bridge -j -s fdb get 02:88:88:88:88:88 br br0' },
      { golden: 'tc_clsact', run: 'tc qdisc add dev mv0 clsact' },
      {
        golden: 'err_qdisc',
        run: 'tc qdisc add dev ve0 root handle 1: nosuchqdisc',
        fails: true,
      },
      // The bridge says hello every two seconds.
      { pause: 5 },

      { golden: 'link_get_tap0', run: 'ip -d -s -s -j link show dev tap0', request: -2 },
      { golden: 'link_get_ve0', run: 'ip -d -s -s -j link show dev ve0', request: -2 },
      { golden: 'link_get_vx4', run: 'ip -d -s -s -j link show dev vx4', request: -2 },
      { golden: 'link_dump_full', run: 'ip -d -s -s -j link show' },
      { golden: 'bridge_link_dump', run: 'bridge -d -j link show' },
      { golden: 'addr_dump', run: 'ip -d -s -j addr show' },
      { golden: 'route_dump4', run: 'ip -d -4 -j route show table all', request: 0 },
      { golden: 'route_dump6', run: 'ip -d -6 -j route show table all', request: 0 },
      { golden: 'route_dump_t4000', run: 'ip -d -j route show table 4000', request: 0 },
      { golden: 'route_get4', run: 'ip -d -j route get 10.1.2.3 from 192.0.2.1', request: 0 },
      { golden: 'route_get6', run: 'ip -d -6 -j route get 2001:db8:10::5', request: 0 },
      { golden: 'neigh_dump', run: 'ip -d -s -j neigh show' },
      { golden: 'neigh_proxy_dump', run: 'ip -j neigh show proxy' },
      { golden: 'neigh_get', run: 'ip neigh get 192.0.2.50 dev ve0', request: 1, text: true },
      { golden: 'bridge_fdb', run: 'bridge -j -d -s fdb show' },
      { golden: 'stats_show', run: 'ip -j stats show', request: 0 },
      {
        golden: 'stats_get',
        run: 'ip -j stats show dev ve1 group link group xstats_slave',
        request: 1,
      },
      {
        golden: 'stats_filter',
        run: 'ip -j stats show dev ve0 group offload subgroup hw_stats_info',
        request: 1,
      },
      { golden: 'stats_set', run: 'ip stats set dev ve0 l3_stats on', may: true },

      {
        golden: 'err_altname_dup',
        run: 'ip link property add dev br0 altname second-altname',
        fails: true,
      },
      {
        golden: 'err_eperm',
        run: 'setpriv --bounding-set -all --inh-caps -all --reuid 65534 --clear-groups ip link set dev ve0 mtu 1300',
        fails: true,
      },
      { golden: 'err_mtu_big', run: 'ip link set dev br0 mtu 99999999', fails: true },
      { golden: 'err_neigh_del', run: 'ip neigh del 192.0.2.199 dev ve0', fails: true },
      { golden: 'err_nodev', run: 'ip link show dev nosuchdev0', fails: true },
      { golden: 'err_route_del', run: 'ip route del 10.250.0.0/16', fails: true },
      { golden: 'err_type', run: 'ip link add zz type nosuchtype', fails: true },
      { golden: 'fdb_del', run: 'bridge fdb del 02:88:88:88:88:88 dev ve1 master' },
      { golden: 'neigh_del', run: 'ip neigh del 192.0.2.50 dev ve0' },
      { golden: 'neigh_flush', run: 'ip neigh flush dev ve0', request: 1 },
      { golden: 'route_del', run: 'ip route del 10.4.0.0/16' },
      { golden: 'addr_del', run: 'ip addr del 203.0.113.1/28 dev br0' },
      { golden: 'set_nomaster', run: 'ip link set dev tap0 nomaster' },
      { golden: 'set_rename', run: 'ip link set dev ifbidx name ifbren' },
      { golden: 'set_netns', run: 'ip link set dev ifbren netns rtpeer' },
      { golden: 'link_del_bridge', run: 'ip link del dev br0' },
    ],
  },
  {
    name: 'settings',
    steps: [
      'ip link add ve0 type veth peer name ve1',
      { number: '/proc/sys/net/ipv4/conf/ve0' },
      { number: '/proc/sys/net/ipv6/conf/ve0' },
      { golden: 'link_settings', run: 'ip -d link show dev ve0', request: -2, settings: 've0' },
    ],
  },
  {
    name: 'generic',
    steps: [
      'ip link add ve0 type veth peer name ve1',
      'ip link set ve0 up',
      'ip link set ve1 up',
      { golden: 'genl_ctrl', run: 'genl -d ctrl list', text: true },
      { golden: 'genl_get', run: 'genl -d ctrl get name ethtool', text: true },
      { golden: 'ethtool_link_state', run: 'ethtool ve0', request: 5, text: true },
      { golden: 'ethtool_link_info', run: 'ethtool ve0', request: 2, text: true },
      { golden: 'ethtool_link_state_dump', run: 'ethtool *', request: 5, text: true },
      { golden: 'ethtool_link_info_dump', run: 'ethtool *', request: 2, text: true },
    ],
  },
  {
    name: 'traffic',
    steps: [
      'ip link add v0 type veth peer name v1',
      'ip link set lo up',
      'ip link set v0 up',
      'ip link set v1 up',
      'tc qdisc add dev lo root handle 2: htb default 1',
      {
        golden: 'tc_class_add',
        run: 'tc class add dev lo parent 2: classid 2:1 htb rate 1mbit ceil 2mbit',
      },
      'tc qdisc add dev v0 clsact',
      {
        golden: 'tc_filter_add',
        run: 'tc filter add dev lo parent 2: protocol ip prio 6 u32 match ip dst 10.0.0.0/8 flowid 2:1',
      },
      ['tc filter add dev lo parent 2: protocol ip prio 8 bpf flowid 2:1 bytecode', '1,6 0 0 0,'],
      'ping -c 2 -W 1 127.0.0.1',
      { golden: 'tc_qdisc_show', run: 'tc -s -j qdisc show' },
      { golden: 'tc_class_show', run: 'tc -s class show dev lo', text: true },
      { golden: 'tc_filter_show', run: 'tc -s -j filter show dev lo parent 2:' },
      { golden: 'tc_chain_add', run: 'tc chain add dev v0 ingress chain 7' },
      'tc filter add dev v0 ingress protocol ip prio 3 chain 9 u32 match ip dst 10.0.0.0/8 action mirred egress redirect dev v0',
      { golden: 'tc_chain_show', run: 'tc -j chain show dev v0 ingress' },
      { golden: 'tc_chain_get', run: 'tc chain get dev v0 ingress chain 7', text: true },
      { golden: 'tc_chain_del', run: 'tc chain del dev v0 ingress chain 7' },
      {
        golden: 'tc_action_add',
        run: 'tc actions add action mirred egress mirror dev v0 index 5',
      },
      { golden: 'tc_action_list', run: 'tc -s -j actions ls action mirred', request: 0 },
      { golden: 'tc_action_get', run: 'tc -s -j actions get action mirred index 5', request: 0 },
      { golden: 'tc_action_del', run: 'tc actions del action mirred index 5' },
      { golden: 'tc_filter_del', run: 'tc filter del dev lo parent 2: protocol ip prio 8' },
      'tc filter del dev lo parent 2: protocol ip prio 6',
      { golden: 'tc_class_del', run: 'tc class del dev lo classid 2:1' },
      { golden: 'tc_qdisc_del', run: 'tc qdisc del dev v0 clsact' },
    ],
  },
  ...kind('kind_vlan', 'vlan7', [
    'ip link add v0 type veth peer name v1',
    'ip link add link v0 name vlan7 type vlan protocol 802.1ad id 100 gvrp on ingress-qos-map 1:2 3:4 egress-qos-map 5:6',
  ]),
  ...kind('kind_vrf', 'vrf7', ['ip link add vrf7 type vrf table 4010']),
  ...kind('kind_vrf_slave', 'port7', [
    'ip link add vrf7 type vrf table 4010',
    'ip link add port7 type veth peer name v1',
    'ip link set port7 master vrf7',
  ]),
  ...kind('kind_bond', 'bond7', [
    'ip link add bond7 type bond mode 802.3ad miimon 100 updelay 200 downdelay 300 peer_notify_delay 400 min_links 2 xmit_hash_policy layer3+4 lacp_rate fast ad_select count ad_user_port_key 16',
  ]),
  ...kind('kind_bond_slave', 'port7', [
    'ip link add bond7 type bond mode active-backup miimon 100',
    'ip link add port7 type veth peer name v1',
    'ip link set port7 master bond7',
  ]),
];

/** A scene of a kind that a kernel may lack: then the golden is what built.mjs has. */
function kind(name, link, steps) {
  const show = { golden: name, run: `ip -d link show dev ${link}`, request: 2, text: true };
  return [{ name, mayBeBuilt: true, steps: [...steps, show] }];
}
