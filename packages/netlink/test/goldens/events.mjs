/**
 * What is recorded of events: scenes of actions, each scene in a network namespace of its own.
 *
 * `monitor` hears all of a scene, and tells it as text. `setUp` comes before it listens. Of each
 * action the datagrams that it got are kept, and what the monitor printed of them. `hold` opens a
 * queue of a TAP interface, `release` closes it.
 *
 * @module
 */

export const eventScenes = [
  {
    golden: 'events',
    monitor: 'ip -d monitor all',
    setUp: [
      'ip netns add rtpeer',
      'ip link set lo up',
      'ip link add va address 02:00:00:00:00:01 type veth peer name vb address 02:00:00:00:00:02',
      'ip link add br0 address 02:00:00:00:00:03 type bridge',
      { hold: 'tapc' },
      'ip link set tapc address 02:00:00:00:00:05',
      'ip link add ifbm address 02:00:00:00:00:06 type ifb',
      'ip link add ifbn address 02:00:00:00:00:04 type ifb',
      'ip link set va name va-renamed',
      'ip link set vb up',
      'ip link set va-renamed up',
      'ip link set va-renamed master br0',
      'ip link set tapc up',
    ],
    actions: [
      'ip link set tapc carrier off',
      'ip link set tapc carrier on',
      'ip link set tapc down',
      'ip link set tapc up',
      { release: 'tapc' },
      'ip link set va-renamed nomaster',
      'ip link property add dev va-renamed altname a-very-long-alternative-interface-name',
      'ip link set ifbn netns rtpeer',
      'ip link del ifbm',
      'ip addr add 192.0.2.1/24 dev va-renamed',
      'ip addr add 2001:db8::1/64 nodad dev va-renamed',
      'ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev va-renamed nud permanent',
      'bridge fdb add 02:00:00:00:00:0a dev br0 self permanent',
      'ip neigh del 192.0.2.9 dev va-renamed',
      'ip nexthop add id 11 via 192.0.2.200 dev va-renamed',
      'ip nexthop add id 12 via 192.0.2.201 dev va-renamed',
      'ip nexthop add id 20 group 11,3/12,7',
      'ip nexthop add id 21 group 11/12 type resilient buckets 2',
      'ip nexthop replace id 20 group 11',
      'ip route add 10.1.0.0/16 via 192.0.2.254 dev va-renamed metric 100 mtu 1300',
      'ip route add 10.2.0.0/16 nhid 20',
      'ip -6 route add 2001:db8:1::/48 via 2001:db8::2 dev va-renamed',
      'ip route del 10.1.0.0/16',
      'ip nexthop del id 20',
      'ip rule add from 10.0.0.0/8 lookup 4000 prio 1000',
      'ip -6 rule add to 2001:db8::/32 lookup 4001 prio 1001',
      'ip rule del prio 1000',
      'ip addr del 192.0.2.1/24 dev va-renamed',
      'ip netns add rtother',
      'ip netns set rtother 77',
      'ip netns del rtother',
    ],
  },
  {
    golden: 'tc_events',
    monitor: 'tc monitor',
    setUp: [
      'ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02',
      'ip link set v0 up',
      'ip link set v1 up',
    ],
    actions: [
      'tc qdisc add dev v0 root handle 2: htb default 1',
      'tc class add dev v0 parent 2: classid 2:1 htb rate 1mbit',
      'tc filter add dev v0 parent 2: protocol ip prio 6 u32 match ip dst 10.0.0.0/8 flowid 2:1',
      'tc qdisc add dev v1 clsact',
      'tc chain add dev v1 ingress chain 7',
      'tc actions add action mirred egress mirror dev v0 index 5',
      'tc actions del action mirred index 5',
      'tc chain del dev v1 ingress chain 7',
      'tc filter del dev v0 parent 2: protocol ip prio 6',
      'tc class del dev v0 classid 2:1',
      'tc qdisc del dev v0 root',
    ],
  },
];
