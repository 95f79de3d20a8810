import {
  IFA_F_NODAD,
  IFA_F_NOPREFIXROUTE,
  IFF_ALLMULTI,
  IFF_DYNAMIC,
  IFF_MULTICAST,
  IFF_NOARP,
  IFF_PROMISC,
  IFF_UP,
} from '@rtap/netlink';
import type { LinkRequest } from '@rtap/netlink/link';
import type { NetlinkClient } from '@rtap/transport';
import { describe, expect, it } from 'vitest';
import { address, recorded, sentBy, to } from './recorded.ts';

type Meanings = Readonly<Record<string, (client: NetlinkClient) => Promise<unknown>>>;

const [LOOPBACK, A, BRIDGE, PORT] = [1, 2, 4, 5];

/** A link as `ip link add` orders its attributes. */
const linked = (link: number, name: string, info: LinkRequest['info']): LinkRequest => ({
  link,
  name,
  info,
});
const on = (
  index: number,
  prefix: string,
): { index: number; local: Uint8Array; prefixLength: number } => {
  const { destination: local, destinationLength: prefixLength } = to(prefix);
  return { index, local, prefixLength };
};

/** The same meaning as that of each recorded command, by our methods. */
const links: Meanings = {
  'ip link set dev va promisc on': (c) => c.setLinkFlags({ index: A }, IFF_PROMISC, true),
  'ip link set dev va promisc off': (c) => c.setLinkFlags({ index: A }, IFF_PROMISC, false),
  'ip link set dev va arp off': (c) => c.setLinkFlags({ index: A }, IFF_NOARP, true),
  'ip link set dev va multicast off': (c) => c.setLinkFlags({ index: A }, IFF_MULTICAST, false),
  'ip link set dev va allmulticast on': (c) => c.setLinkFlags({ index: A }, IFF_ALLMULTI, true),
  'ip link set dev va dynamic on': (c) => c.setLinkFlags({ index: A }, IFF_DYNAMIC, true),
  'ip link set dev pt carrier off': (c) => c.setLinkCarrier({ index: PORT }, false),
  'ip link set dev pt master br0': (c) => c.setLinkMaster({ index: PORT }, { index: BRIDGE }),
  'ip link set dev pt nomaster': (c) => c.setLinkMaster({ index: PORT }, undefined),
  'ip link set dev pt group 7': (c) => c.setLinkGroup({ index: PORT }, 7),
  'ip link set dev pt alias port': (c) => c.setLinkAlias({ index: PORT }, 'port'),
  'ip link set dev pt address 02:00:00:00:00:05': (c) =>
    c.setLinkAddress({ index: PORT }, address('02:00:00:00:00:05')),
  'ip link set dev pt broadcast ff:ff:ff:ff:ff:fe': (c) =>
    c.setLink({ index: PORT, broadcast: address('ff:ff:ff:ff:ff:fe') }),
  'ip link set dev pt addrgenmode eui64': (c) =>
    c.setLink({ index: PORT, afSpec: { inet6: { addressGenerationMode: 0 } } }),
  'ip link set dev pt mode dormant': (c) => c.setLink({ index: PORT, linkMode: 1 }),
  'ip link set dev pt state down': (c) => c.setLink({ index: PORT, operState: 'down' }),
  'ip link set dev pt protodown on': (c) => c.setLink({ index: PORT, protoDown: true }),
  'ip link set dev pt gso_max_size 30000': (c) => c.setLink({ index: PORT, gsoMaxSize: 30000 }),
  'ip link set dev pt gso_max_segs 100': (c) => c.setLink({ index: PORT, gsoMaxSegments: 100 }),
  'ip link set dev pt type bridge_slave hairpin on mcast_router 2 isolated on cost 7': (c) =>
    c.setLink({
      index: PORT,
      info: {
        kind: 'bridge_slave',
        slaveData: { hairpin: true, multicastRouter: 2, isolated: true, cost: 7 },
      },
    }),
  'ip link set dev br0 type bridge stp_state 1 forward_delay 400': (c) =>
    c.setLink({
      index: BRIDGE,
      info: { kind: 'bridge', data: { stpState: 1, forwardDelay: 400 } },
    }),
  'ip link set dev pt down': (c) => c.setLinkDown({ index: PORT }),
  'ip link set dev pt name pq': (c) => c.renameLink({ index: PORT }, 'pq'),
  'ip link set dev pq name pt': (c) => c.renameLink({ index: PORT }, 'pt'),
  'ip link set dev pt up mtu 1400 txqueuelen 9 alias many': (c) =>
    c.setLink({
      index: PORT,
      flags: IFF_UP,
      change: IFF_UP,
      mtu: 1400,
      txQueueLength: 9,
      alias: 'many',
    }),
  'ip link property add dev pt altname port-one': (c) =>
    c.addAlternativeNames({ index: PORT }, ['port-one']),
  'ip link property del dev pt altname port-one': (c) =>
    c.deleteAlternativeNames({ index: PORT }, ['port-one']),
  'ip link add v1 type veth peer name v2': (c) =>
    c.addLink({ name: 'v1', info: { kind: 'veth', data: { peer: { name: 'v2' } } } }),
  'ip link add ifb9 numtxqueues 2 type ifb': (c) =>
    c.addLink({ txQueues: 2, name: 'ifb9', info: { kind: 'ifb' } }),
  'ip link add br9 type bridge vlan_filtering 1': (c) =>
    c.addLink({ name: 'br9', info: { kind: 'bridge', data: { vlanFiltering: true } } }),
  'ip link add link va name va.5 type vlan id 5 protocol 802.1ad': (c) =>
    c.addLink(linked(A, 'va.5', { kind: 'vlan', data: { id: 5, protocol: 0x88a8 } })),
  'ip link add link va name mt9 type macvtap mode vepa': (c) =>
    c.addLink(linked(A, 'mt9', { kind: 'macvtap', data: { mode: 'vepa' } })),
  'ip link add link va name mv9 type macvlan mode private': (c) =>
    c.addLink(linked(A, 'mv9', { kind: 'macvlan', data: { mode: 'private' } })),
  'ip link add bond9 type bond mode active-backup miimon 100': (c) =>
    c.addLink({ name: 'bond9', info: { kind: 'bond', data: { mode: 1, miiMonitor: 100 } } }),
  'ip link add vrf9 type vrf table 1009': (c) =>
    c.addLink({ name: 'vrf9', info: { kind: 'vrf', data: { table: 1009 } } }),
  'ip link add dummy9 type dummy': (c) => c.addLink({ name: 'dummy9', info: { kind: 'dummy' } }),
  'ip link add ifb8 index 88 mtu 1300 txqueuelen 5 address 02:00:00:00:00:88 type ifb': (c) =>
    c.addLink({
      index: 88,
      mtu: 1300,
      txQueueLength: 5,
      address: address('02:00:00:00:00:88'),
      name: 'ifb8',
      info: { kind: 'ifb' },
    }),
  'ip link del dev ifb9': (c) => c.deleteLink({ index: 9 }),
};

const addresses: Meanings = {
  'ip address replace 192.0.2.1/24 dev va': (c) => c.replaceAddress(on(A, '192.0.2.1/24')),
  'ip address add 192.0.2.7/24 brd 192.0.2.255 dev va label va:7': (c) =>
    c.addAddress({ ...on(A, '192.0.2.7/24'), broadcast: address('192.0.2.255'), label: 'va:7' }),
  'ip address add 192.0.2.8/24 dev va valid_lft 100 preferred_lft 50': (c) =>
    c.addAddress({ ...on(A, '192.0.2.8/24'), lifetime: { preferred: 50, valid: 100 } }),
  'ip address add 127.0.0.9/8 dev lo': (c) => c.addAddress(on(LOOPBACK, '127.0.0.9/8')),
  'ip address add 2001:db8::8/64 dev va nodad noprefixroute': (c) =>
    c.addAddress({ ...on(A, '2001:db8::8/64'), flags: IFA_F_NODAD | IFA_F_NOPREFIXROUTE }),
  'ip address replace 2001:db8::8/64 dev va metric 5': (c) =>
    c.replaceAddress({ ...on(A, '2001:db8::8/64'), metric: 5 }),
  'ip address del 192.0.2.7/24 dev va': (c) => c.deleteAddress(on(A, '192.0.2.7/24')),
  'ip address del 2001:db8::8/64 dev va': (c) => c.deleteAddress(on(A, '2001:db8::8/64')),
  'ip address del 127.0.0.9/8 dev lo': (c) => c.deleteAddress(on(LOOPBACK, '127.0.0.9/8')),
};

const more: Meanings = {
  'ip link set dev pt xdp off': (c) => c.setLink({ index: PORT, xdp: { fd: -1, flags: 1 } }),
  'ip link add vx9 type vxlan id 9 remote 192.0.2.9 dstport 4789 dev va ttl 5 nolearning': (c) =>
    c.addLink({
      name: 'vx9',
      info: {
        kind: 'vxlan',
        data: {
          link: A,
          ttl: 5,
          id: 9,
          group: address('192.0.2.9'),
          learning: false,
          port: 4789,
        },
      },
    }),
};

describe("links and addresses: iproute2's bytes for the same meaning", () => {
  const theirs = recorded('recorded.jsonl');
  const meanings: Meanings = { ...links, ...more, ...addresses };

  it.each(Object.entries(meanings))('%s', async (command, perform) => {
    expect(await sentBy(perform)).toEqual(theirs.get(command));
  });

  it('leaves no recorded command out', () => {
    const commands = [...theirs.keys()].filter((command) => /^ip (?:link|address)/.test(command));
    expect(Object.keys(meanings).toSorted()).toEqual(
      commands.filter((command) => !command.includes(' netns ')).toSorted(),
    );
  });
});
