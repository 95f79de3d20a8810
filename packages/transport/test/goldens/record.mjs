#!/usr/bin/env node
/**
 * Records what `ip` and `bridge` send: runs each command under strace in a throw-away network namespace and writes
 * a line a request to `recorded.jsonl`. Needs root, iproute2 and strace; see README.md.
 *
 * @module
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

// Again inside of a namespace, which goes away with the process.
if (process.argv[2] !== 'inside') {
  const again = ['--net', '--mount', process.execPath, import.meta.filename, 'inside'];
  process.exit(spawnSync('unshare', again, { stdio: 'inherit' }).status ?? 1);
}

/** Interfaces: `va` has index 2, `vb` 3, both up with IPv4 and IPv6 addresses; `br0` 4, `pt` 5 its port, `vx0` 6. */
const SETUP = `
  ip link set lo up
  ip link add name va index 2 type veth peer name vb index 3
  ip link set va up addrgenmode none
  ip link set vb up addrgenmode none
  ip address add 192.0.2.1/24 dev va
  ip address add 198.51.100.1/24 dev vb
  ip address add 2001:db8::1/64 dev va nodad
  ip address add 2001:db8:1::1/64 dev vb nodad
  ip link add br0 index 4 type bridge
  ip link add pt index 5 type ifb
  ip link set pt master br0
  ip link add vx0 index 6 type vxlan id 42 dstport 4789 local 192.0.2.1 dev va
`;

/** A command a line. One that the kernel refuses is recorded all the same. PID: a process in this namespace. */
const COMMANDS = `
  ip link set dev va promisc on
  ip link set dev va promisc off
  ip link set dev va arp off
  ip link set dev va multicast off
  ip link set dev va allmulticast on
  ip link set dev va dynamic on
  ip link set dev pt carrier off
  ip link set dev pt master br0
  ip link set dev pt nomaster
  ip link set dev pt group 7
  ip link set dev pt alias port
  ip link set dev pt address 02:00:00:00:00:05
  ip link set dev pt broadcast ff:ff:ff:ff:ff:fe
  ip link set dev pt netns PID
  ip link set dev pt addrgenmode eui64
  ip link set dev pt mode dormant
  ip link set dev pt state down
  ip link set dev pt protodown on
  ip link set dev pt gso_max_size 30000
  ip link set dev pt gso_max_segs 100
  ip link set dev pt xdp off
  ip link set dev br0 type bridge stp_state 1 forward_delay 400
  ip link set dev pt type bridge_slave hairpin on mcast_router 2 isolated on cost 7
  ip link set dev pt down
  ip link set dev pt name pq
  ip link set dev pq name pt
  ip link set dev pt up mtu 1400 txqueuelen 9 alias many
  ip link property add dev pt altname port-one
  ip link property del dev pt altname port-one
  ip link add v1 type veth peer name v2
  ip link add ifb9 numtxqueues 2 type ifb
  ip link add br9 type bridge vlan_filtering 1
  ip link add link va name va.5 type vlan id 5 protocol 802.1ad
  ip link add link va name mt9 type macvtap mode vepa
  ip link add link va name mv9 type macvlan mode private
  ip link add vx9 type vxlan id 9 remote 192.0.2.9 dstport 4789 dev va ttl 5 nolearning
  ip link add bond9 type bond mode active-backup miimon 100
  ip link add vrf9 type vrf table 1009
  ip link add dummy9 type dummy
  ip link add ifb8 index 88 mtu 1300 txqueuelen 5 address 02:00:00:00:00:88 type ifb
  ip link del dev ifb9
  ip address replace 192.0.2.1/24 dev va
  ip address add 192.0.2.7/24 brd 192.0.2.255 dev va label va:7
  ip address add 192.0.2.8/24 dev va valid_lft 100 preferred_lft 50
  ip address add 127.0.0.9/8 dev lo
  ip address add 2001:db8::8/64 dev va nodad noprefixroute
  ip address replace 2001:db8::8/64 dev va metric 5
  ip address del 192.0.2.7/24 dev va
  ip address del 2001:db8::8/64 dev va
  ip address del 127.0.0.9/8 dev lo
  ip route add 10.0.0.0/8 via 192.0.2.2
  ip route add 10.1.0.0/16 dev va
  ip route add 10.2.0.0/16 via 192.0.2.2 dev va src 192.0.2.1 metric 7
  ip route add 10.3.0.0/16 via 192.0.2.2 table 1000
  ip route add 10.3.0.0/16 via 192.0.2.2 table 100
  ip route add 10.4.0.0/16 via 192.0.2.2 mtu 1400 advmss 1300 initcwnd 20 hoplimit 9
  ip route add 10.5.0.0/16 via 192.0.2.2 mtu lock 1400 window 1000 initrwnd 30 quickack 1
  ip route add 10.6.0.0/16 via 192.0.2.2 rtt 100ms rttvar 50ms ssthresh 3 cwnd 4 reordering 5 rto_min 20ms features ecn fastopen_no_cookie 1
  ip route add 10.7.0.0/16 via 203.0.113.9 dev va onlink
  ip route add 10.8.0.0/16 dev va scope link proto static tos 0x10
  ip route add 10.9.0.0/16 via 192.0.2.2 realms 3/4
  ip route add local 10.10.0.1 dev va
  ip route add broadcast 10.10.0.255 dev va
  ip route add unreachable 10.11.0.0/16
  ip route add prohibit 10.12.0.0/16
  ip route add blackhole 10.13.0.0/16
  ip route add throw 10.14.0.0/16 table 1000
  ip route add default via 192.0.2.2
  ip route add 10.15.0.0/16 via inet6 2001:db8::2 dev va
  ip route add 10.16.0.0/16 nexthop via 192.0.2.2 dev va weight 3 nexthop via 198.51.100.2 dev vb onlink
  ip route add 10.17.0.0/16 metric 5 nexthop via 192.0.2.2 nexthop via 198.51.100.2 dev vb weight 2
  ip route append 10.0.0.0/8 via 192.0.2.3
  ip route prepend 10.0.0.0/8 via 192.0.2.4
  ip route replace 10.0.0.0/8 via 192.0.2.5
  ip route change 10.0.0.0/8 via 192.0.2.6
  ip route replace 10.0.0.0/8 via 192.0.2.2 dev va proto dhcp scope global
  ip route del 10.0.0.0/8
  ip route del 10.0.0.0/8 via 192.0.2.3 dev va
  ip route del 10.3.0.0/16 table 1000
  ip route del 10.16.0.0/16 nexthop via 192.0.2.2 dev va weight 3 nexthop via 198.51.100.2 dev vb onlink
  ip route del blackhole 10.13.0.0/16
  ip route del local 10.10.0.1 dev va
  ip route del default via 192.0.2.2
  ip -6 route add 2001:db8:a::/48 via 2001:db8::2
  ip -6 route add 2001:db8:b::/48 via 2001:db8::2 dev va metric 9 pref high
  ip -6 route add 2001:db8:c::/48 dev va expires 100
  ip -6 route add 2001:db8:d::/48 from 2001:db8:9::/64 via 2001:db8::2
  ip -6 route add 2001:db8:e::/48 nexthop via 2001:db8::2 nexthop via 2001:db8:1::2 weight 4
  ip -6 route append 2001:db8:e::/48 via 2001:db8::9
  ip -6 route replace 2001:db8:a::/48 via 2001:db8::7 table 2000
  ip -6 route add unreachable 2001:db8:f::/48
  ip -6 route add default via fe80::1 dev va
  ip -6 route del 2001:db8:e::/48 via 2001:db8::9
  ip -6 route del default via fe80::1 dev va
  ip route get 192.0.2.9
  ip route get 192.0.2.9 from 192.0.2.1 oif va
  ip route get 192.0.2.9 from 198.51.100.9 iif vb
  ip route get 192.0.2.9 mark 5 uid 1000
  ip route get 192.0.2.9 ipproto tcp sport 1000 dport 443
  ip route get fibmatch 192.0.2.9
  ip route get 2001:db8::9
  ip route get 192.0.2.9 tos 0x10
  ip route show
  ip -6 route show
  ip route show table 1000
  ip route show table all
  ip route show dev va
  ip route show proto kernel
  ip route show type blackhole
  ip -6 route show cache
  ip neigh add 192.0.2.20 lladdr 02:00:00:00:00:20 dev va
  ip neigh add 192.0.2.21 lladdr 02:00:00:00:00:21 dev va nud stale
  ip neigh add 192.0.2.22 lladdr 02:00:00:00:00:22 dev va nud reachable protocol static
  ip neigh add 192.0.2.23 dev va nud noarp
  ip neigh add 192.0.2.24 lladdr 02:00:00:00:00:24 dev va router extern_learn
  ip neigh add 192.0.2.25 dev va use
  ip neigh add 192.0.2.26 dev va managed
  ip neigh add 192.0.2.27 dev va managed extern_learn
  ip neigh add 192.0.2.29 lladdr 02:00:00:00:00:29 dev va managed protocol boot
  ip neigh add proxy 192.0.2.28 dev va
  ip neigh add proxy 2001:db8::28 dev va router
  ip neigh add 2001:db8::20 lladdr 02:00:00:00:00:20 dev va nud permanent
  ip neigh replace 192.0.2.20 lladdr 02:00:00:00:00:30 dev va
  ip neigh change 192.0.2.20 lladdr 02:00:00:00:00:31 dev va nud stale
  ip neigh del 192.0.2.20 dev va
  ip neigh del 192.0.2.21 lladdr 02:00:00:00:00:21 dev va
  ip neigh del proxy 192.0.2.28 dev va
  ip neigh get 192.0.2.22 dev va
  ip neigh get proxy 2001:db8::28 dev va
  ip neigh show
  ip -4 neigh show
  ip neigh show dev va
  ip neigh show dev va nud permanent
  ip neigh show master br0
  ip neigh show proxy
  ip neigh show proxy dev va
  ip neigh show nomaster
  bridge fdb add 02:00:00:00:01:01 dev pt
  bridge fdb add 02:00:00:00:01:02 dev pt master
  bridge fdb add 02:00:00:00:01:03 dev pt master static
  bridge fdb add 02:00:00:00:01:04 dev pt master dynamic
  bridge fdb add 02:00:00:00:01:05 dev pt master static vlan 7
  bridge fdb add 02:00:00:00:01:06 dev pt self local
  bridge fdb add 02:00:00:00:01:07 dev pt master static sticky extern_learn
  bridge fdb add 02:00:00:00:01:08 dev vx0 dst 192.0.2.9
  bridge fdb add 02:00:00:00:01:09 dev vx0 dst 192.0.2.9 port 4790 vni 43 via va
  bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.10
  bridge fdb append 00:00:00:00:00:00 dev vx0 dst 2001:db8::10
  bridge fdb replace 02:00:00:00:01:03 dev pt master static
  bridge fdb del 02:00:00:00:01:03 dev pt master
  bridge fdb del 02:00:00:00:01:08 dev vx0 dst 192.0.2.9
  bridge fdb get 02:00:00:00:01:02 br br0
  bridge fdb show
  bridge fdb show dev pt
  bridge fdb show br br0
  bridge fdb show brport pt
  ip rule add lookup 100
  ip rule add from 10.0.0.0/8 table 1000 priority 900
  ip rule add to 10.0.0.0/8 fwmark 0x5/0xff lookup main priority 901
  ip rule add iif va oif vb lookup 100 priority 902
  ip rule add tos 0x10 lookup 100 priority 903 protocol static
  ip rule add not from 10.1.0.0/16 lookup 100 priority 904
  ip rule add from all suppress_prefixlength 0 lookup main priority 905
  ip rule add from all suppress_ifgroup 3 lookup main priority 906
  ip rule add from 10.2.0.0/16 blackhole priority 907
  ip rule add from 10.2.0.0/16 unreachable priority 908
  ip rule add from 10.2.0.0/16 prohibit priority 909
  ip rule add priority 910 goto 920
  ip rule add priority 920 nop
  ip rule add l3mdev priority 921
  ip rule add uidrange 1000-2000 lookup 100 priority 922
  ip rule add ipproto udp sport 53 dport 1000-2000 lookup 100 priority 923
  ip rule add tun_id 77 lookup 100 priority 924
  ip rule add realms 3/4 lookup 100 priority 925
  ip -6 rule add from 2001:db8::/32 lookup 100
  ip rule del priority 900
  ip rule del from 10.2.0.0/16 blackhole priority 907
  ip rule del lookup 100
  ip -6 rule del from 2001:db8::/32 lookup 100
  ip rule show
  ip -6 rule show
  ip nexthop add id 1 via 192.0.2.2 dev va
  ip nexthop add id 2 dev vb
  ip nexthop add via 192.0.2.3 dev va
  ip nexthop add id 3 blackhole
  ip nexthop add id 4 via 2001:db8::2 dev va protocol static
  ip nexthop add id 5 via 203.0.113.9 dev va onlink
  ip nexthop add id 6 via 192.0.2.6 fdb
  ip -6 nexthop add id 7 blackhole
  ip nexthop add id 10 group 1/2
  ip nexthop add id 11 group 1,3/2,255 type mpath
  ip nexthop add id 12 group 1/2 type resilient buckets 16 idle_timer 60 unbalanced_timer 30
  ip nexthop add id 13 group 6 fdb
  ip nexthop replace id 1 via 192.0.2.4 dev va
  ip nexthop replace id 10 group 2/1
  ip nexthop get id 1
  ip nexthop show
  ip nexthop show dev va
  ip nexthop show master br0
  ip nexthop show groups
  ip nexthop show fdb
  ip -6 nexthop show
  ip route add 10.18.0.0/16 nhid 1
  ip route add 10.19.0.0/16 nhid 10 metric 3
  ip route del 10.19.0.0/16 nhid 10
  ip -6 route add 2001:db8:12::/48 nhid 4
  ip nexthop del id 13
  ip route show root 10.0.0.0/8
  ip netns list-id
  ip link set dev pt netns /proc/self/ns/net
`;

/** The bytes that were sent, from strace's dump of what is written. */
function sent(trace) {
  const datagrams = [];
  let current;
  for (const line of trace.split('\n')) {
    const call = /^(sendto|sendmsg)\(/.exec(line);
    if (call !== null) {
      current = [];
      datagrams.push(current);
      continue;
    }
    const dump = /^ \| [0-9a-f]+ {2}((?:[0-9a-f]{2} {1,2})+)/.exec(line);
    if (dump !== null) current?.push(...dump[1].trim().split(/ +/));
  }
  return datagrams.map((bytes) => bytes.join(''));
}

const lines = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
for (const line of lines(SETUP)) execFileSync('/bin/sh', ['-ec', line], { stdio: 'inherit' });

const records = [];
for (const line of lines(COMMANDS)) {
  const argv = line.replace('PID', String(process.pid)).split(' ');
  const args = ['-qq', '-e', 'trace=sendto,sendmsg', '-e', 'write=all', '-e', 'signal=none'];
  const { stderr } = spawnSync('strace', [...args, ...argv], { encoding: 'utf8' });
  const requests = sent(stderr);
  if (requests.length === 0) throw new Error(`${line} sent nothing\n${stderr}`);
  for (const hex of requests) {
    // The sequence number is the time: as 0 it doesn't differ from one recording to the next.
    const bytes = Buffer.from(hex, 'hex').fill(0, 8, 12);
    const [type, flags] = [bytes.readUInt16LE(4), bytes.readUInt16LE(6)];
    records.push(JSON.stringify({ case: line, argv, type, flags, hex: bytes.toString('hex') }));
  }
}
writeFileSync(new URL('recorded.jsonl', import.meta.url), `${records.join('\n')}\n`);
process.stdout.write(`${records.length} requests\n`);
