import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AF_BRIDGE,
  attributePath,
  decodeLink,
  decodeLinkRequest,
  encodeLink,
  linkAttributeNames,
  MessageWriter,
  messages,
  RTM_NEWLINK,
  type BondData,
  type BondSlaveData,
  type BridgeData,
  type BridgePortData,
  type Endian,
  type LinkInfo,
  type LinkMessage,
  type MacvlanData,
  type TunData,
  type VlanData,
  type VrfData,
  type VrfPortData,
  type VxlanData,
} from '../src/index.ts';
import { addressText } from './family.ts';
import { fromHex, golden, type Printed } from './golden.ts';

const dump = golden('link_dump_full');
const { printed } = dump;
const links = dump.received
  .flatMap((datagram) => [...messages(datagram, 'little')])
  .filter((message) => message.type === RTM_NEWLINK)
  .map((message) => decodeLink(message, 'little'));

/** What ip printed of a link, and the link. */
function both(name: string): { link: LinkMessage; truth: Printed; slave: Printed } {
  const info = printed?.find((link) => link['ifname'] === name)?.['linkinfo'] as Printed;
  const link = links.find((one) => one.name === name);
  if (link === undefined) throw new Error(`no ${name}`);
  return {
    link,
    truth: (info['info_data'] ?? {}) as Printed,
    slave: (info['info_slave_data'] ?? {}) as Printed,
  };
}

/** What ip prints of the id of a bridge. */
function bridgeId(bytes: Uint8Array | undefined): string {
  const [high = 0, low = 0, ...mac] = bytes ?? [];
  const priority = high.toString(16).padStart(2, '0') + low.toString(16).padStart(2, '0');
  return `${priority}.${mac.map((byte) => byte.toString(16)).join(':')}`;
}

const seconds = (hundredths: bigint | undefined): number => Number(hundredths) / 100;

describe('INFO_DATA, judged by ip', () => {
  it('of a bridge', () => {
    const { link, truth } = both('br0');
    const data = link.info?.data as BridgeData;
    const { booleanOptions: options } = data;
    const option = (bit: number): number => ((options?.values ?? 0) >>> bit) & 1;
    expect({
      forward_delay: data.forwardDelay,
      hello_time: data.helloTime,
      max_age: data.maxAge,
      ageing_time: data.ageingTime,
      stp_state: data.stpState,
      priority: data.priority,
      vlan_filtering: Number(data.vlanFiltering),
      bridge_id: bridgeId(data.bridgeId),
      root_id: bridgeId(data.rootId),
      root_port: data.rootPort,
      root_path_cost: data.rootPathCost,
      topology_change: Number(data.topologyChange),
      topology_change_detected: Number(data.topologyChangeDetected),
      hello_timer: seconds(data.helloTimer),
      tcn_timer: seconds(data.topologyChangeNotificationTimer),
      topology_change_timer: seconds(data.topologyChangeTimer),
      gc_timer: seconds(data.garbageCollectionTimer),
      group_fwd_mask: `0x${data.groupForwardMask?.toString(16)}`,
      group_addr: addressText(data.groupAddress!),
      mcast_snooping: Number(data.multicastSnooping),
      no_linklocal_learn: option(0),
      mcast_vlan_snooping: option(1),
      mcast_router: data.multicastRouter,
      mcast_query_use_ifaddr: Number(data.multicastQueryUseAddress),
      mcast_querier: Number(data.multicastQuerier),
      mcast_hash_elasticity: data.multicastHashElasticity,
      mcast_hash_max: data.multicastHashMax,
      mcast_last_member_cnt: data.multicastLastMemberCount,
      mcast_startup_query_cnt: data.multicastStartupQueryCount,
      mcast_last_member_intvl: Number(data.multicastLastMemberInterval),
      mcast_membership_intvl: Number(data.multicastMembershipInterval),
      mcast_querier_intvl: Number(data.multicastQuerierInterval),
      mcast_query_intvl: Number(data.multicastQueryInterval),
      mcast_query_response_intvl: Number(data.multicastQueryResponseInterval),
      mcast_startup_query_intvl: Number(data.multicastStartupQueryInterval),
      mcast_stats_enabled: Number(data.multicastStatistics),
      mcast_igmp_version: data.igmpVersion,
      mcast_mld_version: data.mldVersion,
      nf_call_iptables: Number(data.callIptables),
      nf_call_ip6tables: Number(data.callIp6tables),
      nf_call_arptables: Number(data.callArptables),
    }).toEqual(truth);
    expect(data.unknown).toBeUndefined();
  });

  it.each(['ve1', 'tap0'])('of a port of a bridge: %s', (name) => {
    const { link, slave } = both(name);
    const port = link.info?.slaveData as BridgePortData;
    const states = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];
    expect({
      state: states[port.state ?? -1],
      priority: port.priority,
      cost: port.cost,
      hairpin: port.hairpin,
      guard: port.guard,
      root_block: port.protect,
      fastleave: port.fastLeave,
      learning: port.learning,
      flood: port.unicastFlood,
      id: `0x${port.id?.toString(16)}`,
      no: `0x${port.number?.toString(16)}`,
      designated_port: port.designatedPort,
      designated_cost: port.designatedCost,
      bridge_id: bridgeId(port.bridgeId),
      root_id: bridgeId(port.rootId),
      hold_timer: seconds(port.holdTimer),
      message_age_timer: seconds(port.messageAgeTimer),
      forward_delay_timer: seconds(port.forwardDelayTimer),
      topology_change_ack: Number(port.topologyChangeAck),
      config_pending: Number(port.configPending),
      proxy_arp: port.proxyArp,
      proxy_arp_wifi: port.proxyArpWifi,
      multicast_router: port.multicastRouter,
      mcast_flood: port.multicastFlood,
      bcast_flood: port.broadcastFlood,
      mcast_to_unicast: port.multicastToUnicast,
      neigh_suppress: port.neighbourSuppress,
      group_fwd_mask: port.groupForwardMask?.toString(16),
      group_fwd_mask_str: `0x${port.groupForwardMask?.toString(16)}`,
      vlan_tunnel: port.vlanTunnel,
      isolated: port.isolated,
      locked: port.locked,
    }).toEqual(slave);
    expect(port.unknown).toBeUndefined();
  });

  it.each(['vx4', 'vx6', 'vxe'])('of a VXLAN: %s', (name) => {
    const { link, truth } = both(name);
    const data = link.info?.data as VxlanData;
    const text = (address: Uint8Array | undefined) => address && addressText(address);
    const tos = data.tos === 0 ? undefined : `0x${data.tos?.toString(16)}`;
    const below = links.find(({ index }) => index === data.link);
    expect({
      external: data.collectMetadata,
      id: data.id,
      remote: text(data.group),
      group6: text(data.group6),
      local: text(data.local),
      link: below?.name,
      port: data.port,
      port_range: data.portRange,
      learning: data.learning,
      tos,
      ttl: data.ttl,
      df: ['unset', 'set', 'inherit'][data.dontFragment ?? -1],
      ageing: data.ageing,
      udp_csum: data.udpChecksum,
      udp_zero_csum6_tx: data.udpZeroChecksum6Tx,
      udp_zero_csum6_rx: data.udpZeroChecksum6Rx,
      gbp: data.groupBasedPolicy,
    }).toEqual({
      // What ip does not print is undefined here, or a false one of few words.
      ...{ external: false, remote: undefined, group6: undefined, local: undefined },
      ...{ link: undefined, tos: undefined, gbp: undefined },
      ...truth,
    });
    expect(data.unknown).toBeUndefined();
  });

  it.each(['mv0', 'mv1', 'mt0'])('of a MACVLAN or MACVTAP: %s', (name) => {
    const { link, truth } = both(name);
    const data = link.info?.data as MacvlanData;
    expect(truth).toEqual({
      mode: data.mode,
      bcqueuelen: data.broadcastQueueLength,
      usedbcqueuelen: data.broadcastQueueLengthUsed,
    });
  });

  it.each(['tap0', 'tun0'])('of a TUN or TAP: %s', (name) => {
    const { link, truth } = both(name);
    const data = link.info?.data as TunData;
    expect(truth).toMatchObject({
      type: data.type === 2 ? 'tap' : 'tun',
      pi: data.packetInformation,
      vnet_hdr: data.virtioHeader,
      multi_queue: data.multiQueue,
      persist: data.persist,
    });
    expect(truth['numqueues']).toBe(data.queues);
    expect('user' in truth).toBe(data.owner !== undefined);
  });
});

describe('what else a link says, judged by ip', () => {
  it('super-frames and address generation', () => {
    for (const [index, link] of links.entries()) {
      const modes = ['eui64', 'none', 'stable_secret', 'random'];
      expect(printed?.[index]).toMatchObject({
        gso_max_size: link.gsoMaxSize,
        gso_max_segs: link.gsoMaxSegments,
        gro_max_size: link.groMaxSize,
        tso_max_size: link.tsoMaxSize,
        tso_max_segs: link.tsoMaxSegments,
        inet6_addr_gen_mode: modes[link.afSpec?.inet6?.addressGenerationMode ?? -1],
      });
    }
  });

  it('settings and counters of IP', () => {
    const lo = links.find((link) => link.name === 'lo');
    // The first counter says how many there are.
    expect(lo?.afSpec?.inet6?.statistics?.[0]).toBe(
      BigInt(lo?.afSpec?.inet6?.statistics?.length ?? 0),
    );
    expect(lo?.afSpec?.inet?.conf?.length).toBeGreaterThan(30);
    // IPv6 on loopback has the MTU of the link in its second setting up (mtu6).
    expect(lo?.afSpec?.inet6?.conf?.[2]).toBe(lo?.mtu);
    expect(lo?.xdp).toEqual({ attached: 0 });
  });

  it('settings of IP wherever they lie, in either byte order', () => {
    const conf = Int32Array.of(1, -1, 0x7fff_ffff);
    for (const endian of ['little', 'big'] as const) {
      const request = { afSpec: { inet: { conf } } };
      const bytes = encodeLink(RTM_NEWLINK, request, { flags: 0, sequence: 0 }, endian);
      for (const shift of [0, 1, 2, 3]) {
        const shifted = Uint8Array.of(...new Uint8Array(shift), ...bytes).subarray(shift);
        const [message] = messages(shifted, endian);
        expect(decodeLink(message!, endian).afSpec?.inet?.conf).toEqual(conf);
      }
    }
    const wrong = { afSpec: { inet: { conf: [1] as unknown as Int32Array } } };
    expect(() => encodeLink(RTM_NEWLINK, wrong, { flags: 0, sequence: 0 })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });
});

/** Recorded, or built from linux/if_link.h where the kernel lacked the kind: see goldens/README.md. */
describe('kinds that a kernel may lack, judged by ip', () => {
  const show = (name: string): { link: LinkMessage; text: string } => {
    const { received, text = '' } = golden(name);
    const [message] = messages(received[0]!, 'little');
    expect(message?.type).toBe(RTM_NEWLINK);
    return {
      link: decodeLink(message!, 'little'),
      text: text.replaceAll(/\s+/g, ' '),
    };
  };
  const onOff = (value: boolean | undefined): string => (value === true ? 'on' : 'off');
  const bits = (flags: number | undefined, names: readonly string[]): string =>
    names.filter((_, bit) => ((flags ?? 0) & (1 << bit)) !== 0).join(',');

  it('a VLAN', () => {
    const { link, text } = show('kind_vlan');
    const data = link.info?.data as VlanData;
    const map = (pairs: VlanData['egressQos']): string =>
      `{ ${(pairs ?? []).map(({ from, to }) => `${from}:${to} `).join('')}}`;
    const protocol = { 0x8100: '802.1Q', 0x88a8: '802.1ad' }[data.protocol ?? 0];
    const flags = bits(data.flags?.flags, ['REORDER_HDR', 'GVRP', 'LOOSE_BINDING', 'MVRP']);
    expect(text).toContain(
      [
        ` vlan protocol ${protocol} id ${data.id} <${flags}>`,
        `ingress-qos-map ${map(data.ingressQos)}`,
        `egress-qos-map ${map(data.egressQos)}`,
      ].join(' '),
    );
    expect(data.ingressQos?.length).toBe(2);
    expect(data.unknown).toBeUndefined();
  });

  it('a VRF and its port', () => {
    const { link, text } = show('kind_vrf');
    const data = link.info?.data as VrfData;
    expect(text).toContain(` vrf table ${data.table} `);
    const port = show('kind_vrf_slave');
    expect(port.link.info?.slaveKind).toBe('vrf');
    const slaveData = port.link.info?.slaveData as VrfPortData;
    expect(port.text).toContain(` vrf_slave table ${slaveData.table} `);
  });

  it('a bond', () => {
    const { link, text } = show('kind_bond');
    const data = link.info?.data as BondData;
    const one = (value: number | undefined, ...names: readonly string[]) => names[value ?? -1];
    const info = data.aggregatorInfo;
    const address = (bytes: Uint8Array | undefined) => bytes && addressText(bytes);
    const said: Readonly<Record<string, string | number | undefined>> = {
      ' bond mode': one(
        data.mode,
        'balance-rr',
        'active-backup',
        'balance-xor',
        'broadcast',
        '802.3ad',
      ),
      miimon: data.miiMonitor,
      updelay: data.upDelay,
      downdelay: data.downDelay,
      peer_notify_delay: data.peerNotificationDelay,
      use_carrier: Number(data.useCarrier),
      arp_interval: data.arpInterval,
      arp_missed_max: data.missedMax,
      arp_ip_target: data.arpTargets?.map(addressText).join(','),
      ns_ip6_target: data.neighbourTargets?.map(addressText).join(','),
      arp_validate: one(data.arpValidate, 'none', 'active', 'backup', 'all'),
      arp_all_targets: one(data.arpAllTargets, 'any', 'all'),
      primary_reselect: one(data.primaryReselect, 'always', 'better', 'failure'),
      fail_over_mac: one(data.failOverMac, 'none', 'active', 'follow'),
      xmit_hash_policy: one(data.transmitHashPolicy, 'layer2', 'layer3+4', 'layer2+3'),
      resend_igmp: data.resendIgmp,
      num_grat_arp: data.peerNotifications,
      all_slaves_active: Number(data.allSlavesActive),
      min_links: data.minLinks,
      lp_interval: data.learningPacketInterval,
      packets_per_slave: data.packetsPerSlave,
      lacp_active: onOff(data.lacpActive),
      lacp_rate: one(data.lacpRate, 'slow', 'fast'),
      ad_select: one(data.aggregatorSelect, 'stable', 'bandwidth', 'count'),
      ad_aggregator: info?.aggregator,
      ad_num_ports: info?.ports,
      ad_actor_key: info?.actorKey,
      ad_partner_key: info?.partnerKey,
      ad_partner_mac: address(info?.partnerMac),
      ad_actor_sys_prio: data.actorSystemPriority,
      ad_user_port_key: data.userPortKey,
      ad_actor_system: address(data.actorSystem),
      tlb_dynamic_lb: Number(data.dynamicLoadBalancing),
    };
    for (const [name, value] of Object.entries(said)) {
      if (value !== undefined && value !== '') expect(text).toContain(`${name} ${value} `);
    }
    expect(Object.values(said).filter((value) => value !== undefined).length).toBeGreaterThan(20);
    expect(data.unknown).toBeUndefined();
  });

  it('a slave of a bond', () => {
    const { link, text } = show('kind_bond_slave');
    expect(link.info?.slaveKind).toBe('bond');
    const data = link.info?.slaveData as BondSlaveData;
    const port = ['active', 'short_timeout', 'aggregating', 'in_sync', 'collecting'].concat(
      'distributing',
      'defaulted',
      'expired',
    );
    const state = (name: string, value: number | undefined): string =>
      `${name} ${value} ${name}_str <${bits(value, port)}>`;
    expect(text).toContain(
      [
        ` bond_slave state ${['ACTIVE', 'BACKUP'][data.state ?? -1]}`,
        `mii_status ${['UP', 'GOING_DOWN', 'DOWN', 'GOING_BACK'][data.miiStatus ?? -1]}`,
        `link_failure_count ${data.linkFailures}`,
        `perm_hwaddr ${addressText(data.permanentAddress!)}`,
        `queue_id ${data.queueId}`,
        `prio ${data.priority}`,
        ...(data.aggregatorId === undefined ? [] : [`ad_aggregator_id ${data.aggregatorId}`]),
        ...(data.actorPortState === undefined
          ? []
          : [state('ad_actor_oper_port_state', data.actorPortState)]),
        ...(data.partnerPortState === undefined
          ? []
          : [state('ad_partner_oper_port_state', data.partnerPortState)]),
      ].join(' '),
    );
    expect(data.unknown).toBeUndefined();
  });

  it.each(['kind_vlan', 'kind_vrf', 'kind_vrf_slave', 'kind_bond', 'kind_bond_slave'])(
    '%s: encoded as it was',
    (name) => {
      const [message] = messages(golden(name).received[0]!, 'little');
      const plain = decodeLinkRequest(message!, 'little');
      const like = { ...message!, like: message! };
      expect(encodeLink(RTM_NEWLINK, plain, like, 'little')).toEqual(golden(name).received[0]);
    },
  );
});

/** Bytes by hand. */
describe('INFO_DATA', () => {
  const decode = (kind: string, data: string): LinkInfo['data'] => {
    const writer = new MessageWriter('little').begin(RTM_NEWLINK, 0, 0).bytes(new Uint8Array(16));
    writer.beginNest(18).attributeString(1, kind).attributeBytes(2, fromHex(data)).endNest();
    const [message] = messages(writer.finish(), 'little');
    expect(decodeLinkRequest(message!, 'little').info?.data).toEqual(
      decodeLink(message!, 'little').info?.data,
    );
    return decodeLink(message!, 'little').info?.data;
  };

  it('of a kind that nobody knows: bytes', () => {
    expect(decode('nosuch', '0102')).toEqual(fromHex('0102'));
  });

  it('of what Linux 6.10 and later added', () => {
    const numbers = '0500 2000 01 000000 0500 2100 01 000000 0500 2200 01 000000';
    expect(decode('bond', numbers)).toEqual({
      coupledControl: true,
      broadcastNeighbour: true,
      lacpStrict: true,
    } satisfies BondData);
    const querier = '1400 2f80 0800 0100 c0000201 0800 0200 05000000';
    expect(decode('bridge', `${querier} 0800 3200 02000000`)).toEqual({
      multicastQuerierState: { address: fromHex('c0000201'), port: 5 },
      stpMode: 2,
    } satisfies BridgeData);
  });

  it('keeps a number that has no name', () => {
    expect(decode('macvlan', '0800 0100 03000000')).toEqual({
      unknown: [{ type: 1, value: fromHex('03000000') }],
    });
  });
});

describe('IFLA_AF_SPEC of a bridge, by hand', () => {
  it('tells VLANs, tunnels and spanning trees', () => {
    // linux/if_bridge.h: bridge_vlan_info; a nest of id, vid and flags a tunnel; MST entries.
    const spec = fromHex(
      `0800 0200 0200 0500
       1c00 0380 0800 0100 90010000 0600 0200 0500 0000 0600 0300 0000 0000
       1800 0680 1400 0180 0600 0100 0700 0000 0500 0200 03 000000`,
    );
    const writer = new MessageWriter('little').begin(RTM_NEWLINK, 0, 0);
    writer.u8(AF_BRIDGE).bytes(new Uint8Array(15)).attributeBytes(26, spec);
    const [message] = messages(writer.finish(), 'little');
    const bridgeSpec = {
      vlans: [{ flags: 2, vid: 5 }],
      vlanTunnels: [{ id: 400, vid: 5, flags: 0 }],
      spanningTrees: [{ instance: 7, state: 3 }],
    };
    expect(decodeLink(message!, 'little').bridgeSpec).toEqual(bridgeSpec);
    const plain = decodeLinkRequest(message!, 'little');
    expect(plain).toMatchObject({ family: AF_BRIDGE, bridgeSpec });
    const again = encodeLink(
      RTM_NEWLINK,
      plain,
      { flags: 0, sequence: 0, like: message! },
      'little',
    );
    expect(messages(again, 'little').next().value).toEqual(message);
  });
});

describe('kinds', () => {
  const u8 = fc.nat(0xff);
  const u32 = fc.nat(0x7fff_ffff).map((value) => value * 2);
  const mac = fc.uint8Array({ minLength: 6, maxLength: 6 });
  const optional = { requiredKeys: [] as [] };
  const info = fc.oneof(
    fc.record({
      kind: fc.constant('bond'),
      data: fc.record(
        {
          mode: u8,
          arpTargets: fc.array(fc.uint8Array({ minLength: 4, maxLength: 4 }), { maxLength: 4 }),
          aggregatorInfo: fc.record({ aggregator: u8, partnerMac: mac }),
          lacpActive: fc.boolean(),
        },
        optional,
      ),
    }),
    fc.record({
      kind: fc.constant('vxlan'),
      data: fc.record(
        {
          id: u32,
          port: fc.nat(0xffff),
          portRange: fc.record({ low: fc.nat(0xffff), high: fc.nat(0xffff) }),
          label: u32,
          groupBasedPolicy: fc.constant(true),
        },
        optional,
      ),
    }),
    fc.record({
      kind: fc.constant('vlan'),
      data: fc.record(
        {
          id: fc.nat(4095),
          protocol: fc.nat(0xffff),
          egressQos: fc.array(fc.record({ from: u32, to: u32 }), { maxLength: 3 }),
        },
        optional,
      ),
    }),
    fc.record({
      slaveKind: fc.constant('bridge'),
      slaveData: fc.record({ cost: u32, holdTimer: fc.bigInt(0n, 2n ** 64n - 1n) }, optional),
    }),
  );

  it('decode after encode is the same', () => {
    fc.assert(
      fc.property(info, fc.constantFrom<Endian>('little', 'big'), (value, endian) => {
        const header = { flags: 0, sequence: 0 };
        const [message] = messages(
          encodeLink(RTM_NEWLINK, { info: value }, header, endian),
          endian,
        );
        expect(decodeLinkRequest(message!, endian).info).toEqual(value);
        const late = decodeLink(message!, endian).info;
        expect(late?.data).toEqual('data' in value ? value.data : undefined);
        expect(late?.slaveData).toEqual('slaveData' in value ? value.slaveData : undefined);
      }),
    );
  });

  it.each([
    [{ kind: 'vxlan', data: { id: -1 } }, 'info.data.id', 'ERR_OUT_OF_RANGE'],
    [{ kind: 'vxlan', data: { idd: 1 } }, 'info.data.idd', 'ERR_INVALID_ARG_VALUE'],
    [{ kind: 'nosuch', data: { id: 1 } }, 'info.data', 'ERR_INVALID_ARG_VALUE'],
    [{ kind: 'macvlan', data: { mode: 'x' } }, 'info.data.mode', 'ERR_INVALID_ARG_VALUE'],
    [{ kind: 'bond', data: { arpTargets: 1 } }, 'info.data.arpTargets', 'ERR_INVALID_ARG_TYPE'],
    [{ kind: 'tun', data: 5 }, 'info.data', 'ERR_INVALID_ARG_TYPE'],
  ])('refuses %j', (value, word, code) => {
    expect(() =>
      encodeLink(RTM_NEWLINK, { info: value as unknown as LinkInfo }, { flags: 0, sequence: 0 }),
    ).toThrow(expect.objectContaining({ code, message: expect.stringContaining(word) as unknown }));
  });

  it('have paths of their own', () => {
    const header = { flags: 0, sequence: 0 };
    const layout = { headerLength: 16, names: linkAttributeNames };
    const path = (value: LinkInfo, last: number): string | undefined => {
      const request = encodeLink(RTM_NEWLINK, { info: value }, header, 'little');
      return attributePath(request, request.length - last, layout, true);
    };
    expect(path({ kind: 'vxlan', data: { id: 1 } }, 8)).toBe('linkinfo.data.id');
    expect(path({ kind: 'vrf', data: { table: 1 } }, 8)).toBe('linkinfo.data.table');
    expect(path({ kind: 'veth', data: { peer: { mtu: 1 } } }, 8)).toBe('linkinfo.data.peer.mtu');
    expect(path({ kind: 'nosuch', data: fromHex('0400 0100') }, 4)).toBe('linkinfo.data.1');
    for (const kind of [{ slaveKind: 'bridge' }, { kind: 'bridge_slave' }]) {
      expect(path({ ...kind, slaveData: { cost: 7 } }, 8)).toBe('linkinfo.slave-data.cost');
    }
    // The kind of the port itself says nothing of its master's.
    const slaveData = fromHex('0800 0300 07000000');
    expect(path({ kind: 'bridge', slaveData }, 8)).toBe('linkinfo.slave-data.3');
  });
});
