import type { NetworkNamespace } from '@rtap/native';
import {
  AF_BRIDGE,
  AF_INET,
  AF_INET6,
  NTF_PROXY,
  RTM_GETNEIGH,
  RTM_GETNEXTHOP,
  RTM_GETNSID,
  RTM_GETROUTE,
  RTM_GETRULE,
  RTM_GETSTATS,
  RTM_NEWNEIGH,
  RTM_NEWNEXTHOP,
  RTM_NEWNSID,
  RTM_NEWROUTE,
  RTM_NEWRULE,
  RTM_NEWSTATS,
  decodeNeighbour,
  decodeNetnsId,
  decodeNexthop,
  decodeRoute,
  decodeRule,
  decodeStats,
  encodeNeighbour,
  encodeNetnsId,
  encodeNexthop,
  encodeRoute,
  encodeRule,
  encodeStatsQuery,
} from '@rtap/netlink';
import type { NexthopMessage } from '@rtap/netlink';
import { createTestNamespace, ipJson, run } from '@rtap/testkit';
import { test } from '@rtap/testkit/vitest';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect } from 'vitest';
import { batch } from './ip-batch.ts';
import { printedAddress } from './printed/address.ts';
import { judge } from './printed/differences.ts';
import { printedForwarding } from './printed/forwarding.ts';
import { comparable, printedLink, printedStatistics } from './printed/link.ts';
import { printedNeighbour } from './printed/neighbour.ts';
import { printedNetnsId } from './printed/netns-id.ts';
import { printedNexthop } from './printed/nexthop.ts';
import { printedRoute } from './printed/route.ts';
import { printedRule } from './printed/rule.ts';

/** Two pairs that are up, with addresses. */
const ground: readonly string[] = [
  'link add v0 type veth peer name v1',
  'link add v2 type veth peer name v3',
  ...['v0', 'v1', 'v2', 'v3'].map((name) => `link set ${name} up`),
  'address add 10.0.0.1/24 brd + dev v0 label v0:one metric 77',
  'address add 192.168.7.1/28 dev v2',
  'address add 2001:db8::1/64 dev v0 nodad',
];

const addresses: readonly string[] = [
  'address add 10.0.0.9/32 peer 10.1.0.9/32 dev v0 scope link',
  'address add 10.0.0.2/24 dev v0 noprefixroute valid_lft 1000 preferred_lft 500',
  'address add 10.3.0.3/24 brd 10.3.0.77 dev v0 scope link',
  'address add 2001:db8::2/64 peer 2001:db8::3 dev v0 nodad valid_lft 3000 preferred_lft 0',
  'address add 2001:db8:1::2/64 dev v0 home nodad mngtmpaddr noprefixroute',
  'address add 2001:db8:2::2/64 dev v0 optimistic',
  'address add fd00::5/64 dev v1',
];

const nexthops: readonly string[] = [
  'nexthop add id 1 via 10.0.0.201 dev v0',
  'nexthop add id 2 via 192.168.7.4 dev v2 proto static',
  'nexthop add id 3 blackhole',
  'nexthop add id 4 group 1,3/2,7',
  'nexthop add id 5 dev v2',
  'nexthop add id 6 via fe80::8 dev v2 onlink',
  'nexthop add id 7 group 1/2',
  'nexthop add id 8 group 1/2,7 type resilient buckets 8 idle_timer 50 unbalanced_timer 100',
  'nexthop add id 9 via 10.0.0.202 fdb',
  'nexthop add id 10 group 9 fdb',
  'nexthop add id 4000000000 group 1,100/2,255 proto 99',
];

const routes: readonly string[] = [
  `route add 10.2.0.0/16 via 10.0.0.200 dev v0 proto static metric 100 mtu lock 1400 advmss 1300 rtt 30ms
    rttvar 20ms window 5000 ssthresh 10 cwnd lock 9 initcwnd 11 initrwnd 12 reordering 4 hoplimit 55
    rto_min 250ms quickack 1 congctl cubic features ecn fastopen_no_cookie 1`,
  `route add 10.3.0.0/16 proto 99 src 10.0.0.1 tos 0x10 nexthop via 10.0.0.200 dev v0 weight 3
    nexthop via 192.168.7.3 dev v2 weight 250`,
  'route add 10.4.0.0/16 via inet6 fe80::77 dev v0',
  'route add 10.5.0.0/16 via 10.77.0.1 dev v0 onlink realm 4/5',
  'route add 10.5.1.0/24 via 10.0.0.7 realm 6',
  'route add blackhole 10.6.0.0/16 metric 5',
  'route add unreachable 10.7.0.0/16 table 500',
  'route add prohibit 10.8.0.0/16',
  'route add throw 10.9.0.0/16 table 501',
  'route add 10.10.1.1 dev v2 scope link table 1234567',
  'route add multicast 239.1.0.0/16 dev v0',
  'route add default via 10.0.0.254',
  'route add 10.20.0.0/16 nhid 4',
  'route add 10.21.0.0/16 nhid 1',
  'route add 10.22.0.0/16 nexthop via inet6 fe80::5 dev v0 nexthop via 192.168.7.3 dev v2 onlink',
  '-6 route add 2001:db8:10::/48 via fe80::9 dev v0 metric 9 pref high expires 1000 mtu 1300 hoplimit 3',
  '-6 route add 2001:db8:11::/48 proto static nexthop via fe80::9 dev v0 weight 4 nexthop via fe80::10 dev v2',
  '-6 route add unreachable 2001:db8:12::/48',
  '-6 route add blackhole 2001:db8:13::/48 table 77',
  '-6 route add 2001:db8:16::/48 via fe80::9 dev v0 pref low',
  '-6 route add 2001:db8:20::/48 nhid 6',
  '-6 route add ::/0 via fe80::9 dev v2 metric 12',
];

const rules: readonly string[] = [
  'rule add from 10.0.0.0/24 to 10.2.0.0/16 iif v0 oif v2 table 500 priority 100 tos 0x10',
  'rule add fwmark 0x5/0xff lookup 12345678 priority 101 realms 3/4',
  'rule add not from all uidrange 1000-2000 ipproto tcp sport 80 dport 1000-2000 lookup main priority 102 protocol 77',
  'rule add goto 32766 priority 103',
  'rule add goto 9999 priority 104',
  'rule add blackhole priority 105 tun_id 77',
  'rule add lookup main suppress_prefixlength 0 suppress_ifgroup 5 priority 106',
  'rule add unreachable iif gone0 priority 108',
  'rule add prohibit from 1.2.3.4 priority 109',
  'rule add nop oif gone1 priority 110',
  'rule add l3mdev priority 1000',
  '-6 rule add from 2001:db8::/32 lookup 77 fwmark 9 priority 111',
  '-6 rule add to 2001:db8:9::9 dport 53 ipproto udp lookup 77 priority 112',
];

const neighbours: readonly string[] = [
  'neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev v0 nud permanent',
  'neigh add 10.0.0.51 lladdr 02:00:00:00:00:51 dev v0 nud stale protocol 99',
  'neigh add 10.0.0.52 lladdr 02:00:00:00:00:52 dev v0 nud noarp',
  'neigh add 10.0.0.53 lladdr 02:00:00:00:00:53 dev v0 nud reachable router',
  'neigh add 10.0.0.54 dev v0 use',
  'neigh add 10.0.0.55 lladdr 02:00:00:00:00:51 dev v0 nud delay extern_learn',
  'neigh add 10.0.0.56 lladdr 02:00:00:00:00:51 dev v0 nud failed',
  'neigh add 10.0.0.57 dev v0 managed',
  'neigh add fe80::77 lladdr 02:00:00:00:00:77 dev v0 router nud stale',
  'neigh add proxy 10.0.0.99 dev v0 protocol 5',
  'neigh add proxy 2001:db8::99 dev v0 router',
];

/** Bridges and tunnels, and what they forward. */
const tunnels: readonly string[] = [
  'link add br0 type bridge',
  'link set v0 master br0',
  'link set br0 up',
  'link add vx4 type vxlan id 42 dev v3 dstport 4789',
  'link add vx6 type vxlan id 43 local 2001:db8::1 dstport 4790',
  'link add vxe type vxlan external dstport 4791',
  'nexthop add id 9 via 10.0.0.202 fdb',
  'nexthop add id 10 group 9 fdb',
];

const forwarding: readonly string[] = [
  'fdb add 02:00:00:00:00:01 dev vx4 dst 10.0.0.2',
  'fdb add 02:00:00:00:00:11 dev vx4 dst 10.0.0.3 port 5000 vni 77 via v1',
  'fdb append 00:00:00:00:00:00 dev vx4 dst 10.0.0.5',
  'fdb append 00:00:00:00:00:00 dev vx4 dst 10.0.0.6 port 5001',
  'fdb add 02:00:00:00:00:02 dev vx6 dst 2001:db8::9',
  'fdb add 02:00:00:00:00:03 dev vx4 dst 10.0.0.4 router',
  'fdb add 02:00:00:00:00:04 dev vxe dst 10.0.0.4 src_vni 99 vni 98',
  'fdb add 02:00:00:00:00:05 dev v0 master static',
  'fdb add 02:00:00:00:00:06 dev v0 master dynamic',
  'fdb add 02:00:00:00:00:07 dev v0 master static sticky',
  'fdb add 02:00:00:00:00:08 dev v0 master permanent',
  'fdb add 02:00:00:00:00:09 dev v0 master extern_learn',
  'fdb add 02:00:00:00:00:0a dev vx4 nhid 10',
  'fdb add 33:33:00:00:00:77 dev v1 self',
];

/** A namespace with all of it. */
async function world(...parts: readonly (readonly string[])[]): Promise<NetworkNamespace> {
  const netns = await createTestNamespace();
  try {
    const lines = [...ground, ...parts.flat()].map((line) => line.replaceAll(/\s+/g, ' '));
    const isSix = (line: string): boolean => line.startsWith('-6 ');
    await batch(
      netns,
      lines.filter((line) => !isSix(line)),
    );
    await batch(
      netns,
      lines.filter(isSix).map((line) => line.slice(3)),
      ['ip', '-6'],
    );
    return netns;
  } catch (error) {
    await netns.close();
    throw error;
  }
}

/** The names of the namespace's interfaces. */
async function namesOf(client: NetlinkClient): Promise<(index?: number) => string | undefined> {
  const links = await client.links().toArray();
  const names = new Map(links.map((link) => [link.index, link.name]));
  return (index) => (index === undefined ? undefined : names.get(index));
}

const nexthopsOf = (client: NetlinkClient): Promise<NexthopMessage[]> =>
  client
    .dump({
      name: 'RTM_GETNEXTHOP',
      encode: (header) => encodeNexthop(RTM_GETNEXTHOP, {}, header),
      type: RTM_NEWNEXTHOP,
      decode: (message) => decodeNexthop(message),
    })
    .toArray();

/** What tells elements apart, as printed. */
const by =
  (...fields: readonly string[]) =>
  (element: object): string =>
    fields.map((field) => String(Object(element)[field])).join(' ');

const FAMILIES = [
  ['-4', AF_INET],
  ['-6', AF_INET6],
] as const;

describe('families of rtnetlink, as ip prints them', () => {
  test('addresses', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await world(addresses);
    await using client = await NetlinkClient.open({ netns });
    const { differences: found, printed } = await judge(
      async () => comparable(await ipJson(netns, ['-N', '-d', '-s', '-s', 'address', 'show'])),
      async () => {
        const links = await client.links().toArray();
        const all = await client.addresses().toArray();
        const byIndex = new Map(links.map((link) => [link.index, link]));
        return links.map((link) => ({
          ...printedLink(link, byIndex),
          linkmode: undefined,
          inet6_addr_gen_mode: undefined,
          addr_info: all.filter(({ index }) => index === link.index).map(printedAddress),
        }));
      },
      by('ifname'),
    );
    expect(found).toEqual([]);
    const infos = printed.flatMap((link) => Object(link).addr_info);
    expect(infos.length).toBeGreaterThanOrEqual(addresses.length + 5);
  });

  test.for(FAMILIES)(
    'routes, of every table, ip %s',
    async ([option, family], { netns: _, judges }) => {
      judges('ip');
      await using netns = await world(nexthops, routes);
      await using client = await NetlinkClient.open({ netns });
      const nameOf = await namesOf(client);
      const hops = new Map((await nexthopsOf(client)).map((hop) => [hop.id, hop]));
      const { differences: found, printed } = await judge(
        () => ipJson(netns, ['-N', option, '-d', '-s', 'route', 'show', 'table', 'all']),
        async () => {
          const all = await client
            .dump({
              name: 'RTM_GETROUTE',
              encode: (header) => encodeRoute(RTM_GETROUTE, { family }, header),
              type: RTM_NEWROUTE,
              decode: (message) => decodeRoute(message),
            })
            .toArray();
          return all.map((route) =>
            printedRoute(route, nameOf, (id) => {
              const hop = hops.get(id);
              return hop && printedNexthop(hop, nameOf);
            }),
          );
        },
        by('type', 'dst', 'from', 'tos', 'metric', 'table', 'dev'),
      );
      expect(found).toEqual([]);
      const wanted = routes.filter((line) => line.startsWith('-6') === (family === AF_INET6));
      expect(printed.length).toBeGreaterThanOrEqual(wanted.length);
    },
  );

  test('nexthops and groups of them', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await world(nexthops);
    await using client = await NetlinkClient.open({ netns });
    const nameOf = await namesOf(client);
    const { differences: found, printed } = await judge(
      () => ipJson(netns, ['-N', '-d', 'nexthop', 'show']),
      async () => (await nexthopsOf(client)).map((hop) => printedNexthop(hop, nameOf)),
      by('id'),
    );
    expect(found).toEqual([]);
    expect(printed).toHaveLength(nexthops.length);
  });

  test.for(FAMILIES)('rules, ip %s', async ([option, family], { netns: _, judges }) => {
    judges('ip');
    await using netns = await world(rules);
    await using client = await NetlinkClient.open({ netns });
    const { differences: found, printed } = await judge(
      () => ipJson(netns, ['-N', option, '-d', 'rule', 'show']),
      async () => {
        const all = await client
          .dump({
            name: 'RTM_GETRULE',
            encode: (header) => encodeRule(RTM_GETRULE, { family }, header),
            type: RTM_NEWRULE,
            decode: (message) => decodeRule(message),
          })
          .toArray();
        return all.map(printedRule);
      },
      by('priority'),
    );
    expect(found).toEqual([]);
    const wanted = rules.filter((line) => line.startsWith('-6') === (family === AF_INET6));
    expect(printed.length).toBe(wanted.length + (family === AF_INET6 ? 2 : 3));
  });

  test.for([
    ['neighbours', ['neighbour', 'show', 'nud', 'all'], 0],
    ['neighbours that are answered for', ['neighbour', 'show', 'proxy'], NTF_PROXY],
  ] as const)('%s', async ([, command, flags], { netns: _, judges }) => {
    judges('ip');
    await using netns = await world(neighbours);
    await using client = await NetlinkClient.open({ netns });
    const nameOf = await namesOf(client);
    const { differences: found, printed } = await judge(
      () => ipJson(netns, ['-N', '-d', '-s', ...command]),
      async () => {
        const all = await client
          .dump({
            name: 'RTM_GETNEIGH',
            encode: (header) => encodeNeighbour(RTM_GETNEIGH, { flags }, header),
            type: RTM_NEWNEIGH,
            decode: (message) => decodeNeighbour(message),
          })
          .toArray();
        return all.map((one) => printedNeighbour(one, nameOf));
      },
      by('dst', 'dev'),
    );
    expect(found).toEqual([]);
    const wanted = neighbours.filter((line) => line.includes('proxy') === (flags === NTF_PROXY));
    expect(printed.length).toBeGreaterThanOrEqual(wanted.length);
  });

  test('forwarding databases', async ({ netns: _, judges }) => {
    judges('ip', 'bridge');
    await using netns = await world(tunnels);
    await batch(netns, forwarding, ['bridge']);
    await using client = await NetlinkClient.open({ netns });
    const nameOf = await namesOf(client);
    const { differences: found, printed } = await judge(
      async () => {
        const { code, stdout, stderr } = await run(netns, 'bridge', [
          '-j',
          '-d',
          '-s',
          'fdb',
          'show',
        ]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        return JSON.parse(stdout);
      },
      async () => {
        const all = await client
          .dump({
            name: 'RTM_GETNEIGH',
            encode: (header) => encodeNeighbour(RTM_GETNEIGH, { family: AF_BRIDGE }, header),
            type: RTM_NEWNEIGH,
            decode: (message) => decodeNeighbour(message),
          })
          .toArray();
        return all.map((one) => printedForwarding(one, nameOf));
      },
      by('mac', 'ifname', 'dst', 'flags'),
    );
    expect(found).toEqual([]);
    expect(printed.length).toBeGreaterThanOrEqual(forwarding.length);
    expect(printed).toContainEqual(
      expect.objectContaining({ dst: '10.0.0.3', port: 5000, vni: 77, viaIf: 'v1' }),
    );
  });

  test('statistics of links', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await world();
    await using client = await NetlinkClient.open({ netns });
    const nameOf = await namesOf(client);
    const { differences: found, printed } = await judge(
      () => ipJson(netns, ['-s', '-s', 'stats', 'show', 'group', 'link']),
      async () => {
        const all = await client
          .dump({
            name: 'RTM_GETSTATS',
            encode: (header) => encodeStatsQuery(RTM_GETSTATS, { filterMask: 1 }, header),
            type: RTM_NEWSTATS,
            decode: (message) => decodeStats(message),
          })
          .toArray();
        return all.map((one) => ({
          ifindex: one.index,
          ifname: nameOf(one.index),
          group: 'link',
          stats64: one.stats64 && printedStatistics(one.stats64),
        }));
      },
      by('ifname'),
    );
    expect(found).toEqual([]);
    expect(printed).toHaveLength(5);
  });

  test('ids of namespaces', async ({ netns: _, judges }) => {
    judges('ip');
    await using netns = await world();
    await using one = await createTestNamespace();
    await using other = await createTestNamespace();
    await using client = await NetlinkClient.open({ netns });
    await client.moveLink({ name: 'v1' }, one);
    await client.moveLink({ name: 'v3' }, other);
    const { differences: found, printed } = await judge(
      () => ipJson(netns, ['netns', 'list-id']),
      async () => {
        const all = await client
          .dump({
            name: 'RTM_GETNSID',
            encode: (header) => encodeNetnsId(RTM_GETNSID, {}, header),
            type: RTM_NEWNSID,
            decode: (message) => decodeNetnsId(message),
          })
          .toArray();
        return all.map(printedNetnsId);
      },
      by('nsid'),
    );
    expect(found).toEqual([]);
    expect(printed).toHaveLength(2);
  });
});
