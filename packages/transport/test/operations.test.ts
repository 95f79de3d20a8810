import { readFileSync } from 'node:fs';
import {
  AF_INET,
  AF_INET6,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_NODAD,
  IFF_ALLMULTI,
  NTF_ROUTER,
  NUD_STALE,
  RTN_BLACKHOLE,
  RTN_UNREACHABLE,
  RTPROT_STATIC,
  NLM_F_DUMP,
  RTM_GETLINK,
  RTM_NEWLINK,
} from '@rtap/netlink';
import { encodeLink } from '@rtap/netlink/link';
import { NetlinkClient } from '@rtap/transport';
import { describe, expect, it } from 'vitest';
import { address, recorded, sentBy, to } from './recorded.ts';
import { PORT, acknowledgement, datagram, done, scripted } from './scripted.ts';
import type { Scripted } from './scripted.ts';

interface Golden {
  readonly case: string;
  readonly argv: readonly string[];
  readonly hex: string;
}

// What iproute2 6.1 sent, recorded; less its first question of each command, whether the kernel checks strictly.
const goldens = readFileSync(new URL('goldens/requests.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden);

/** A kernel that does whatever it is asked, and knows each name by the index that it had when recorded. */
function obedient(indexes: Readonly<Record<string, number>>): Scripted {
  return scripted((sequence, request) => {
    const type = new DataView(request.buffer).getUint16(4, true);
    const flags = new DataView(request.buffer).getUint16(6, true);
    if ((flags & NLM_F_DUMP) === NLM_F_DUMP && type % 4 === 2) return [datagram(done(sequence))];
    if (type !== RTM_GETLINK) return [datagram(acknowledgement(sequence))];
    const name = Object.keys(indexes).find((known) => Buffer.from(request).includes(`${known}\0`));
    const index = indexes[name ?? ''] ?? 0;
    const answer = encodeLink(RTM_NEWLINK, { index }, { flags: 0, sequence, portId: PORT });
    return [datagram(answer)];
  });
}

function withoutSequence(hex: string): string {
  return `${hex.slice(0, 16)}********${hex.slice(24)}`;
}

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const home = bytes(0x20, 1, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5);
const bridge = { index: 5, local: bytes(203, 0, 113, 1), prefixLength: 28 };

/** The same meaning, by our methods. */
const meanings: Readonly<
  Record<
    string,
    readonly [Readonly<Record<string, number>>, (client: NetlinkClient) => Promise<unknown>]
  >
> = {
  set_up_tap0: [{ tap0: 13 }, (client) => client.setLinkUp({ name: 'tap0' })],
  set_down: [{ mv1: 10 }, (client) => client.setLinkDown({ name: 'mv1' })],
  set_mtu: [{ tap0: 13 }, (client) => client.setLinkMtu({ name: 'tap0' }, 1380)],
  set_mac: [
    { tap0: 13 },
    (client) => client.setLinkAddress({ name: 'tap0' }, bytes(0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee)),
  ],
  set_rename: [{ ifbidx: 4242 }, (client) => client.renameLink({ name: 'ifbidx' }, 'ifbren')],
  set_txqlen: [{ ifb0: 12 }, (client) => client.setLinkTransmitQueueLength({ name: 'ifb0' }, 77)],
  set_alias: [{ ve0: 3 }, (client) => client.setLinkAlias({ name: 've0' }, 'golden-alias')],
  set_group: [{ ifb0: 12 }, (client) => client.setLinkGroup({ name: 'ifb0' }, 17)],
  set_allmulti: [
    { ifb0: 12 },
    (client) => client.setLinkFlags({ name: 'ifb0' }, IFF_ALLMULTI, true),
  ],
  set_nomaster: [{ tap0: 13 }, (client) => client.setLinkMaster({ name: 'tap0' }, undefined)],
  err_loop: [{ br0: 5 }, (client) => client.setLinkMaster({ name: 'br0' }, { index: 5 })],
  prop_add_altname2: [
    { ve0: 3 },
    (client) => client.addAlternativeNames({ name: 've0' }, ['second-altname', 'third-altname']),
  ],
  link_del_bridge: [{ br0: 5 }, (client) => client.deleteLink({ name: 'br0' })],
  add_ifb_index: [
    {},
    (client) => client.addLink({ index: 4242, name: 'ifbidx', info: { kind: 'ifb' } }),
  ],
  addr_add4_peer: [
    {},
    (client) =>
      client.addAddress({
        index: 14,
        local: bytes(10, 9, 0, 1),
        peer: bytes(10, 9, 0, 2),
        metric: 42,
      }),
  ],
  addr_add6_home: [
    {},
    (client) =>
      client.addAddress({
        index: 9,
        local: home,
        flags: IFA_F_HOMEADDRESS | IFA_F_NODAD | IFA_F_MANAGETEMPADDR,
      }),
  ],
  addr_add_br: [{}, (client) => client.addAddress(bridge)],
  addr_del: [{}, (client) => client.deleteAddress(bridge)],
  addr_dump: [
    {},
    async (client) => [await client.links().toArray(), await client.addresses().toArray()],
  ],
  addr_dump6: [{}, async (client) => client.addresses({ family: AF_INET6 }).toArray()],
};

const via = (text: string): { gateway: Uint8Array } => ({ gateway: address(text) });
const setUp =
  (index: number) =>
  (c: NetlinkClient): Promise<unknown> =>
    c.setLinkUp({ index });

/** The same meaning once more, of interfaces by the index that they had. */
const withIndexes: Readonly<Record<string, (client: NetlinkClient) => Promise<unknown>>> = {
  add_bridge: (c) =>
    c.addLink({
      address: address('02:00:00:00:00:20'),
      name: 'br0',
      info: {
        kind: 'bridge',
        data: {
          stpState: 1,
          forwardDelay: 400,
          helloTime: 200,
          maxAge: 2000,
          ageingTime: 30_000,
          priority: 4096,
          multicastSnooping: true,
          groupForwardMask: 8,
        },
      },
    }),
  add_veth: (c) =>
    c.addLink({
      mtu: 1400,
      address: address('02:00:00:00:00:10'),
      txQueueLength: 333,
      txQueues: 4,
      rxQueues: 4,
      name: 've0',
      info: {
        kind: 'veth',
        data: { peer: { address: address('02:00:00:00:00:11'), mtu: 1400, name: 've1' } },
      },
    }),
  add_macvlan: (c) =>
    c.addLink({
      address: address('02:00:00:00:00:30'),
      link: 3,
      name: 'mv0',
      info: { kind: 'macvlan', data: { mode: 'bridge' } },
    }),
  add_macvlan_private: (c) =>
    c.addLink({ link: 3, name: 'mv1', info: { kind: 'macvlan', data: { mode: 'private' } } }),
  bridge_fdb: (c) => c.forwardingEntries().toArray(),
  err_addr_del: (c) =>
    c.deleteAddress({ index: 3, local: address('192.0.2.123'), prefixLength: 24 }),
  err_master_lo: (c) => c.setLinkMaster({ index: 1 }, { index: 5 }),
  err_mtu_big: (c) => c.setLinkMtu({ index: 5 }, 99_999_999),
  err_neigh_del: (c) => c.deleteNeighbour({ index: 3, destination: address('192.0.2.199') }),
  err_nh_group: (c) => c.addNexthop({ id: 30, group: [{ id: 999 }] }),
  err_rename_up: (c) => c.renameLink({ index: 3 }, 'br0'),
  err_route_del: (c) => c.deleteRoute(to('10.250.0.0/16')),
  err_route_dup: (c) =>
    c.addRoute({
      ...to('10.1.0.0/16'),
      ...via('192.0.2.252'),
      outputIndex: 3,
      priority: 100,
    }),
  err_route_nexthop: (c) => c.addRoute({ ...to('10.99.0.0/16'), ...via('172.31.255.1') }),
  err_type: (c) => c.addLink({ name: 'zz', info: { kind: 'nosuchtype' } }),
  err_vxlan_dup: (c) =>
    c.addLink({
      name: 'zz',
      info: {
        kind: 'vxlan',
        data: {
          link: 3,
          id: 42,
          local: address('192.0.2.1'),
          group: address('192.0.2.2'),
          learning: true,
          port: 4789,
        },
      },
    }),
  neigh_add6: (c) =>
    c.addNeighbour({
      index: 3,
      destination: address('2001:db8::50'),
      linkLayerAddress: address('02:11:22:33:44:66'),
      state: NUD_STALE,
      flags: NTF_ROUTER,
    }),
  neigh_get: (c) => c.getNeighbour({ index: 3, destination: address('192.0.2.50') }),
  nexthop_add: (c) => c.addNexthop({ id: 11, ...via('192.0.2.200'), outputIndex: 3 }),
  nexthop_add2: (c) => c.addNexthop({ id: 12, ...via('192.0.2.201'), outputIndex: 3 }),
  nexthop_group: (c) =>
    c.addNexthop({
      id: 20,
      group: [
        { id: 11, weight: 3 },
        { id: 12, weight: 7 },
      ],
    }),
  route_add4: (c) =>
    c.addRoute({
      ...to('10.1.0.0/16'),
      ...via('192.0.2.254'),
      outputIndex: 3,
      priority: 100,
      metrics: { mtu: 1300, advertisedMss: 1200 },
      protocol: RTPROT_STATIC,
    }),
  route_add4_mp: (c) =>
    c.addRoute({
      ...to('10.3.0.0/16'),
      ways: [
        { ...via('192.0.2.253'), outputIndex: 3, weight: 3 },
        { ...via('203.0.113.2'), outputIndex: 5, weight: 5 },
      ],
    }),
  route_add_blackhole: (c) => c.addRoute({ ...to('10.4.0.0/16'), type: RTN_BLACKHOLE }),
  route_add_nhid: (c) => c.addRoute({ ...to('10.7.0.0/16'), nexthopId: 20 }),
  route_add_unreach: (c) =>
    c.addRoute({ ...to('10.5.0.0/16'), type: RTN_UNREACHABLE, priority: 9 }),
  route_add_via6: (c) =>
    c.addRoute({ ...to('10.6.0.0/16'), ...via('2001:db8::9'), outputIndex: 3 }),
  route_dump6: (c) => c.routes({ family: AF_INET6 }).toArray(),
  route_dump_t4000: (c) => c.routes({ family: AF_INET, table: 4000 }).toArray(),
  rule_add6: (c) =>
    c.addRule({
      source: address('2001:db8::'),
      sourceLength: 32,
      table: 4000,
      priority: 1002,
    }),
  rule_add_ports: (c) =>
    c.addRule({
      ipProtocol: 6,
      sourcePorts: { start: 1000, end: 2000 },
      destinationPorts: { start: 443, end: 443 },
      uidRange: { start: 1000, end: 2000 },
      table: 4001,
      priority: 1001,
    }),
  rule_dump6: (c) => c.rules({ family: AF_INET6 }).toArray(),
  set_gro: (c) => c.setLink({ index: 3, groMaxSize: 30_000 }),
  set_up_br0: setUp(5),
  set_up_lo: setUp(1),
  set_up_tun0: setUp(14),
  set_up_ve1: setUp(2),
  set_up_vp0: setUp(4),
};

/** Compared in tests of their own, or as part of others (a dump of routes asks for a nexthop in between). */
const elsewhere = ['set_netns', 'set_nsid', 'nsid_list', 'route_dump4'];

describe("operations: iproute2's bytes for the same meaning", () => {
  it.each(Object.entries(meanings))('%s', async (name, [indexes, perform]) => {
    const socket = obedient(indexes);
    const client = new NetlinkClient(socket);
    await perform(client);
    const ours = socket.sent.map((request) =>
      withoutSequence(Buffer.from(request).toString('hex')),
    );
    const theirs = goldens
      .filter((golden) => golden.case === name)
      .map(({ hex }) => {
        // A dump of addresses has 128 bytes of padding behind the message: the length of the header counts.
        const length = Buffer.from(hex, 'hex').readUInt32LE(0);
        return withoutSequence(hex.slice(0, 2 * length));
      })
      // Neither what is given by its index, nor the length of a MAC address is asked for.
      .filter((hex) => !(name in asksMore) || ours.includes(hex) || hex.slice(8, 12) !== '1200');
    expect(theirs.length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
    await client.close();
  });

  const theirs = recorded('requests.jsonl');

  it.each(Object.entries(withIndexes))('%s', async (name, perform) => {
    expect(await sentBy(perform)).toEqual(theirs.get(name));
  });

  it('leaves no recording out', () => {
    const ours = [...Object.keys(meanings), ...Object.keys(withIndexes), ...elsewhere];
    expect(new Set(ours)).toEqual(new Set(theirs.keys()));
  });

  it('moves an interface to a namespace by a descriptor, or by a process', async () => {
    const socket = obedient({ ifbren: 4242 });
    const client = new NetlinkClient(socket);
    await client.moveLink({ name: 'ifbren' }, '/proc/self/ns/net');
    await client.moveLink({ index: 4242 }, { pid: process.pid });
    const golden = goldens.filter((line) => line.case === 'set_netns').at(-1)?.hex ?? '';
    const [, byDescriptor, byProcess] = socket.sent.map((request) => Buffer.from(request));
    // But for the number of the descriptor.
    expect(withoutSequence(byDescriptor?.toString('hex') ?? '').slice(0, 72)).toBe(
      withoutSequence(golden).slice(0, 72),
    );
    expect(byDescriptor).toHaveLength(golden.length / 2);
    // IFLA_NET_NS_PID is 19.
    expect(byProcess?.readUInt16LE(34)).toBe(19);
    expect(byProcess?.readUInt32LE(36)).toBe(process.pid);
    await client.close();
  });

  it('gives a namespace an id, and asks for it', async () => {
    const golden = Buffer.from(goldens.find((line) => line.case === 'set_nsid')?.hex ?? '', 'hex');
    // NETNSA_FD (3) with the descriptor, NETNSA_NSID (1) with the id.
    const [set = ''] = await sentBy((c) => c.setNetnsId('/proc/self/ns/net', 555));
    const ours = Buffer.from(set.replaceAll('.', '0'), 'hex');
    expect(ours).toHaveLength(golden.length);
    expect(ours.subarray(0, 8)).toEqual(golden.subarray(0, 8));
    expect(ours.subarray(16, 24)).toEqual(golden.subarray(16, 24));
    expect(ours.subarray(28)).toEqual(golden.subarray(28));
    const [get = ''] = await sentBy((c) => c.getNetnsId({ pid: 7 }));
    // RTM_GETNSID is 90, NETNSA_PID 2.
    expect(get.slice(8, 16)).toBe('5a000100');
    expect(get.slice(32)).toBe('000000000800020007000000');
    await expect(sentBy((c) => c.setNetnsId({ pid: 7 }, -1))).rejects.toThrow(RangeError);
  });

  it('takes alternative names away, and adds what iproute2 does to an address of loopback', async () => {
    const socket = obedient({});
    const client = new NetlinkClient(socket);
    await client.deleteAlternativeNames({ index: 3 }, ['second-altname']);
    await client.addAddress({ index: 1, local: bytes(127, 0, 0, 2), prefixLength: 8 });
    const [names, loopback] = socket.sent.map((request) => Buffer.from(request));
    expect([names?.readUInt16LE(4), names?.readUInt16LE(6)]).toEqual([109, 5]);
    // ifaddrmsg: family, prefix, flags, scope (RT_SCOPE_HOST).
    expect([...(loopback?.subarray(16, 20) ?? [])]).toEqual([AF_INET, 8, 0, 254]);
    await expect(client.addAddress({ index: 1, local: bytes(1, 2) })).rejects.toMatchObject({
      code: 'ERR_OUT_OF_RANGE',
    });
    await client.close();
  });
});

/** Of these, iproute2 asks what is known here already. */
const asksMore: Readonly<Record<string, true>> = {
  set_mac: true,
  err_loop: true,
  addr_add4_peer: true,
  addr_add6_home: true,
  addr_add_br: true,
  addr_del: true,
  addr_dump6: true,
};
