/**
 * Details of kinds that a kernel may lack, or that its `ip` doesn't know yet, as iproute2's ip/iplink_*.c print them.
 *
 * @module
 */

import { PassThrough } from 'node:stream';
import { decodeLink, encodeLink, messages, RTM_NEWLINK } from '@rtap/netlink';
import type { LinkInfo, LinkMessage, LinkRequest } from '@rtap/netlink/link';
import { describe, expect, it } from 'vitest';
import { colorsOf } from '../src/frame/colors.ts';
import { linkText } from '../src/link/link-text.ts';
import { shownLink } from '../src/link/shown-link.ts';

/** Reads a link from the bytes of a message. */
function read(link: LinkRequest): LinkMessage {
  const bytes = encodeLink(RTM_NEWLINK, { deviceType: 1, ...link }, { flags: 0, sequence: 0 });
  const [message] = messages(bytes);
  return decodeLink(message!);
}

const mac = (last: number): Uint8Array => Uint8Array.of(2, 0, 0, 0, 0, last);

const links = new Map(
  ['lo', 'eth0', 'eth1'].map((name, position) => {
    const index = position + 1;
    return [index, read({ index, name })];
  }),
);

/** Both forms of the details of a link. */
function shown(link: LinkRequest): {
  readonly json: Record<string, unknown>;
  readonly text: string;
} {
  const details = shownLink(read({ index: 9, name: 'nine', ...link }), { links, details: true });
  return {
    json: JSON.parse(JSON.stringify(details)),
    text: linkText(details, colorsOf(new PassThrough())),
  };
}

/** Both forms of `linkinfo`: the text behind the line of the address. */
function shownInfo(info: LinkInfo): { readonly json: unknown; readonly text: string } {
  const { json, text } = shown({ promiscuity: 0, info });
  return { json: json['linkinfo'], text: text.slice(text.indexOf('promiscuity 0') + 14) };
}

describe('linkinfo', () => {
  it('of a VLAN', () => {
    const data = {
      protocol: 0x88a8,
      id: 5,
      flags: { flags: 0x3f, mask: 0xffff_ffff },
      ingressQos: [
        { from: 1, to: 2 },
        { from: 3, to: 4 },
      ],
      egressQos: [{ from: 5, to: 6 }],
    };
    const { json, text } = shownInfo({ kind: 'vlan', data });
    expect(json).toEqual({
      info_kind: 'vlan',
      info_data: {
        protocol: '802.1ad',
        id: 5,
        flags: ['REORDER_HDR', 'GVRP', 'MVRP', 'LOOSE_BINDING', 'BRIDGE_BINDING', '20'],
        ingress_qos: [
          { from: 1, to: 2 },
          { from: 3, to: 4 },
        ],
        egress_qos: [{ from: 5, to: 6 }],
      },
    });
    expect(text).toBe(
      [
        '    vlan protocol 802.1ad id 5 <REORDER_HDR,GVRP,MVRP,LOOSE_BINDING,BRIDGE_BINDING,20>',
        '      ingress-qos-map { 1:2 3:4 }',
        '      egress-qos-map { 5:6 }',
      ].join('\n'),
    );
    expect(shownInfo({ kind: 'vlan', data: { protocol: 0x8100, id: 0 } }).text).toBe(
      '    vlan protocol 802.1Q id 0',
    );
  });

  it('of a bond', () => {
    const data = {
      ...{ mode: 4, activeSlave: 2, miiMonitor: 100, upDelay: 200, downDelay: 300 },
      ...{ peerNotificationDelay: 400, useCarrier: true, arpInterval: 0, missedMax: 2 },
      arpTargets: [Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)],
      neighbourTargets: [Uint8Array.of(0xfe, 0x80, ...Array.from({ length: 13 }, () => 0), 1)],
      ...{ arpValidate: 0, arpAllTargets: 1, primary: 3, primaryReselect: 2, failOverMac: 1 },
      ...{ transmitHashPolicy: 5, resendIgmp: 1, peerNotifications: 7, allSlavesActive: false },
      ...{ lacpStrict: true, minLinks: 1, learningPacketInterval: 1, packetsPerSlave: 1 },
      ...{ lacpActive: true, lacpRate: 1, coupledControl: true, broadcastNeighbour: false },
      aggregatorSelect: 9,
      aggregatorInfo: { aggregator: 1, ports: 2, actorKey: 9, partnerKey: 10, partnerMac: mac(5) },
      ...{ actorSystemPriority: 65_535, userPortKey: 3, actorSystem: mac(6) },
      dynamicLoadBalancing: true,
    };
    const { json, text } = shownInfo({ kind: 'bond', data });
    const expected = {
      ...{ mode: '802.3ad', active_slave: 'eth0', miimon: 100, updelay: 200, downdelay: 300 },
      ...{ peer_notify_delay: 400, use_carrier: 1, arp_interval: 0, arp_missed_max: 2 },
      ...{ arp_ip_target: ['192.0.2.1', '192.0.2.2'], ns_ip6_target: ['fe80::1'] },
      ...{ arp_validate: null, arp_all_targets: 'all', primary: 'eth1' },
      ...{ primary_reselect: 'failure', fail_over_mac: 'active', xmit_hash_policy: 'vlan+srcmac' },
      ...{ resend_igmp: 1, num_peer_notif: 7, all_slaves_active: 0, lacp_strict: true },
      ...{ min_links: 1, lp_interval: 1, packets_per_slave: 1, ad_lacp_active: 'on' },
      ...{ ad_lacp_rate: 'fast', coupled_control: true, broadcast_neighbor: false },
      ad_select: 'UNKNOWN',
      ad_info: {
        ...{ aggregator: 1, num_ports: 2, actor_key: 9, partner_key: 10 },
        partner_mac: '02:00:00:00:00:05',
      },
      ...{ ad_actor_sys_prio: 65_535, ad_user_port_key: 3, ad_actor_system: '02:00:00:00:00:06' },
      tlb_dynamic_lb: 1,
    };
    expect(JSON.stringify(json)).toBe(JSON.stringify({ info_kind: 'bond', info_data: expected }));
    expect(text).toBe(
      '    bond mode 802.3ad active_slave eth0 miimon 100 updelay 200 downdelay 300 ' +
        'peer_notify_delay 400 use_carrier 1 arp_interval 0 arp_missed_max 2 ' +
        'arp_ip_target 192.0.2.1,192.0.2.2 ns_ip6_target fe80::1 arp_validate none ' +
        'arp_all_targets all primary eth1 primary_reselect failure fail_over_mac active ' +
        'xmit_hash_policy vlan+srcmac resend_igmp 1 num_grat_arp 7 all_slaves_active 0 ' +
        'lacp_strict on min_links 1 lp_interval 1 packets_per_slave 1 lacp_active on ' +
        'lacp_rate fast coupled_control on broadcast_neighbor off ad_select UNKNOWN ' +
        'ad_aggregator 1 ad_num_ports 2 ad_actor_key 9 ad_partner_key 10 ' +
        'ad_partner_mac 02:00:00:00:00:05 ad_actor_sys_prio 65535 ad_user_port_key 3 ' +
        'ad_actor_system 02:00:00:00:00:06 tlb_dynamic_lb 1',
    );
    expect(
      shownInfo({ kind: 'bond', data: { activeSlave: 0, arpTargets: [], arpValidate: 3 } }).json,
    ).toEqual({ info_kind: 'bond', info_data: { arp_validate: 'all' } });
  });

  it('of a port of a bond', () => {
    const slaveData = {
      ...{ state: 1, miiStatus: 3, linkFailures: 2, permanentAddress: mac(7), queueId: 4 },
      ...{ priority: -5, aggregatorId: 1, actorPortState: 0x3d, partnerPortState: 0 },
      actorPortPriority: 255,
    };
    const { json, text } = shownInfo({ kind: 'veth', slaveKind: 'bond', slaveData });
    expect(json).toEqual({
      info_kind: 'veth',
      info_slave_kind: 'bond',
      info_slave_data: {
        ...{ state: 'BACKUP', mii_status: 'GOING_BACK', link_failure_count: 2 },
        ...{ perm_hwaddr: '02:00:00:00:00:07', queue_id: 4, prio: -5, ad_aggregator_id: 1 },
        ad_actor_oper_port_state: 0x3d,
        ad_actor_oper_port_state_str: [
          ...['active', 'aggregating', 'in_sync', 'collecting', 'distributing'],
        ],
        ad_partner_oper_port_state: 0,
        ad_partner_oper_port_state_str: [],
        ad_actor_port_prio: 255,
      },
    });
    expect(text).toBe(
      '    veth\n' +
        '    bond_slave state BACKUP mii_status GOING_BACK link_failure_count 2 ' +
        'perm_hwaddr 02:00:00:00:00:07 queue_id 4 prio -5 ad_aggregator_id 1 ' +
        'ad_actor_oper_port_state 61 ' +
        'ad_actor_oper_port_state_str <active,aggregating,in_sync,collecting,distributing> ' +
        'ad_partner_oper_port_state 0 ad_partner_oper_port_state_str <> ad_actor_port_prio 255',
    );
  });

  it('of a VRF and its ports', () => {
    expect(shownInfo({ kind: 'vrf', data: { table: 77 } })).toEqual({
      json: { info_kind: 'vrf', info_data: { table: 77 } },
      text: '    vrf table 77',
    });
    expect(shownInfo({ kind: 'dummy', slaveKind: 'vrf', slaveData: { table: 77 } })).toEqual({
      json: { info_kind: 'dummy', info_slave_kind: 'vrf', info_slave_data: { table: 77 } },
      text: '    dummy\n    vrf_slave table 77',
    });
  });

  it('of a bridge with VLANs and all that is new', () => {
    const data = {
      vlanFiltering: true,
      vlanProtocol: 0x88a8,
      learnedAddresses: 3,
      maxLearnedAddresses: 1024,
      vlanDefaultPvid: 1,
      vlanStatistics: true,
      vlanStatisticsPerPort: false,
      groupForwardMask: 0,
      booleanOptions: { values: 0b11100, mask: 0b10111 },
    };
    expect(shownInfo({ kind: 'bridge', data })).toEqual({
      json: {
        info_kind: 'bridge',
        info_data: {
          ...{ vlan_filtering: 1, vlan_protocol: '802.1ad', fdb_n_learned: 3 },
          ...{ fdb_max_learned: 1024, vlan_default_pvid: 1, vlan_stats_enabled: 1 },
          ...{ vlan_stats_per_port: 0, group_fwd_mask: '0', no_linklocal_learn: 0 },
          ...{ mcast_vlan_snooping: 0, mst_enabled: 1, fdb_local_vlan_0: 1 },
        },
      },
      text:
        '    bridge vlan_filtering 1 vlan_protocol 802.1ad fdb_n_learned 3 fdb_max_learned 1024 ' +
        'vlan_default_pvid 1 vlan_stats_enabled 1 vlan_stats_per_port 0 group_fwd_mask 0 ' +
        'no_linklocal_learn 0 mcast_vlan_snooping 0 mst_enabled 1 fdb_local_vlan_0 1',
    });
  });

  it('of a port of a bridge with all that is new', () => {
    const slaveData = {
      ...{ multicastRouter: 1, neighbourVlanSuppress: true, groupForwardMask: 0 },
      ...{ macAuthenticationBypass: true, backupPort: 4, backupNextHop: 10 },
    };
    expect(shownInfo({ slaveKind: 'bridge', slaveData })).toEqual({
      json: {
        info_slave_kind: 'bridge',
        info_slave_data: {
          ...{ multicast_router: 1, neigh_vlan_suppress: true, group_fwd_mask: '0' },
          ...{ group_fwd_mask_str: '0x0', mab: true, backup_port: 'if4', backup_nhid: 10 },
        },
      },
      text:
        '    bridge_slave mcast_router 1 neigh_vlan_suppress on group_fwd_mask 0 ' +
        'group_fwd_mask_str 0x0 mab on backup_port if4 backup_nhid 10',
    });
  });

  it('of MACVLAN and VXLAN with all that is new', () => {
    expect(shownInfo({ kind: 'macvtap', data: { mode: 'vepa', broadcastCutoff: -1 } })).toEqual({
      json: { info_kind: 'macvtap', info_data: { mode: 'vepa', bclim: -1 } },
      text: '    macvtap mode vepa bclim -1',
    });
    const data = { id: 5, ttl: 0, udpChecksum: true, localBypass: false };
    expect(shownInfo({ kind: 'vxlan', data })).toEqual({
      json: {
        info_kind: 'vxlan',
        info_data: { id: 5, ttl: 0, udp_csum: true, localbypass: false },
      },
      text: '    vxlan id 5 ttl auto udpcsum nolocalbypass',
    });
    // What packets are to have of those inside, only words tell.
    const inherited = { id: 5, tos: 1, ttlInherit: true, ttl: 0, labelPolicy: 1, label: 0 };
    expect(shownInfo({ kind: 'vxlan', data: inherited })).toEqual({
      json: { info_kind: 'vxlan', info_data: { id: 5, tos: '0x1' } },
      text: '    vxlan id 5 tos inherit ttl inherit flowlabel inherit',
    });
    const reservedBits = Uint8Array.of(0xf7, 0xff, 0xff, 0xff, 0, 0, 0, 0xff);
    const fixed = { id: 5, ttl: 64, labelPolicy: 0, label: 0x123, limit: 9, reservedBits };
    expect(shownInfo({ kind: 'vxlan', data: fixed })).toEqual({
      json: {
        info_kind: 'vxlan',
        info_data: {
          ...{ id: 5, ttl: 64, label: '0x123', limit: 9 },
          reserved_bits: '0xf7ffffff000000ff',
        },
      },
      text: '    vxlan id 5 ttl 64 flowlabel 0x123 maxaddr 9 reserved_bits 0xf7ffffff000000ff',
    });
  });

  it('of what was not told: nothing', () => {
    expect(shownInfo({ kind: 'vxlan', data: { id: 5 } })).toEqual({
      json: { info_kind: 'vxlan', info_data: { id: 5 } },
      text: '    vxlan id 5',
    });
    for (const kind of ['bond', 'bridge', 'macvlan', 'tun', 'vlan', 'vrf'] as const) {
      expect(shownInfo({ kind, data: {} })).toEqual({
        json: { info_kind: kind, info_data: {} },
        text: `    ${kind}`,
      });
    }
    for (const slaveKind of ['bond', 'bridge', 'vrf'] as const) {
      expect(shownInfo({ slaveKind, slaveData: {} })).toEqual({
        json: { info_slave_kind: slaveKind, info_slave_data: {} },
        text: `    ${slaveKind}_slave`,
      });
    }
  });

  it('of a TUN device whose type has no name', () => {
    expect(shownInfo({ kind: 'tun', data: { type: 0 } }).text).toBe('    tun type UNKNOWN:0');
    expect(shownInfo({ kind: 'tun', data: { type: 3 } }).text).toBe('    tun type UNKNOWN:3');
  });

  it('of a kind that is not known: its name', () => {
    expect(shownInfo({ kind: 'constructor', data: Uint8Array.of(4, 0, 1, 0) })).toEqual({
      json: { info_kind: 'constructor' },
      text: '    constructor',
    });
  });
});

it('tells what hardware has', () => {
  const { json, text } = shown({
    promiscuity: 0,
    ...{ allMulticast: 0, minMtu: 68, maxMtu: 9000, netnsImmutable: true },
    ...{ groMaxSize: 65_536, gsoIpv4MaxSize: 65_537, groIpv4MaxSize: 65_538 },
    ...{ physicalPortName: 'p0', physicalPortId: mac(8), physicalSwitchId: mac(9).subarray(4) },
    ...{ parentDeviceBusName: 'pci', parentDeviceName: '0000:01:00.0', dpllPin: { id: 12 } },
    ...{ protoDown: true, protoDownReason: { value: 0x8000_0009 } },
  });
  expect(json).toMatchObject({
    ...{ proto_down: true, proto_down_reason: ['0', '3', '31'], 'netns-immutable': true },
    ...{ gro_max_size: 65_536, gso_ipv4_max_size: 65_537, gro_ipv4_max_size: 65_538 },
    ...{ phys_port_name: 'p0', phys_port_id: '020000000008', phys_switch_id: '0009' },
    ...{ parentbus: 'pci', parentdev: '0000:01:00.0', dpll_pin: 12 },
  });
  expect(text).toContain(
    'protodown on protodown_reason <0,3,31> promiscuity 0 allmulti 0 minmtu 68 maxmtu 9000 ' +
      'netns-immutable gro_max_size 65536 gso_ipv4_max_size 65537 gro_ipv4_max_size 65538 ' +
      'portname p0 portid 020000000008 switchid 0009 parentbus pci parentdev 0000:01:00.0 ' +
      'dpll-pin 12',
  );
});
