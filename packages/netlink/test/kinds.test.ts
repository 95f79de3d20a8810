import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeLink,
  decodeLinkRequest,
  encodeLink,
  linkAttributeNames,
  MessageWriter,
  messages,
  RTM_NEWLINK,
  type BondData,
  type BridgeData,
  type BridgePortData,
  type Endian,
  type LinkInfo,
  type LinkMessage,
  type MacvlanData,
  type TunData,
  type VxlanData,
} from '../src/index.ts';
import { fromHex, golden, type Printed } from './golden.ts';

const { received, printed } = golden('link_dump_full');
const links = received
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

function ip4(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.join('.');
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
      hello_timer: seconds(data.helloTimer),
      gc_timer: seconds(data.garbageCollectionTimer),
      group_fwd_mask: `0x${data.groupForwardMask?.toString(16)}`,
      mcast_snooping: Number(data.multicastSnooping),
      mcast_router: data.multicastRouter,
      mcast_hash_max: data.multicastHashMax,
      mcast_membership_intvl: Number(data.multicastMembershipInterval),
      mcast_query_intvl: Number(data.multicastQueryInterval),
    }).toEqual(
      expect.objectContaining(
        Object.fromEntries(
          [
            'forward_delay',
            'hello_time',
            'max_age',
            'ageing_time',
            'stp_state',
            'priority',
            'vlan_filtering',
            'bridge_id',
            'root_id',
            'hello_timer',
            'gc_timer',
            'group_fwd_mask',
            'mcast_snooping',
            'mcast_router',
            'mcast_hash_max',
            'mcast_membership_intvl',
            'mcast_query_intvl',
          ].map((key) => [key, truth[key]]),
        ),
      ),
    );
    expect(data.unknown).toBeUndefined();
  });

  it.each(['ve1', 'tap0'])('of a port of a bridge: %s', (name) => {
    const { link, slave } = both(name);
    const port = link.info?.slaveData as BridgePortData;
    const states = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];
    expect(slave).toMatchObject({
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
      bridge_id: bridgeId(port.bridgeId),
      forward_delay_timer: seconds(port.forwardDelayTimer),
      multicast_router: port.multicastRouter,
      mcast_flood: port.multicastFlood,
      bcast_flood: port.broadcastFlood,
      isolated: port.isolated,
      locked: port.locked,
    });
    expect(port.unknown).toBeUndefined();
  });

  it.each(['vx4', 'vx6', 'vxe'])('of a VXLAN: %s', (name) => {
    const { link, truth } = both(name);
    const data = link.info?.data as VxlanData;
    expect(truth).toMatchObject({
      id: data.id,
      port: data.port,
      port_range: data.portRange,
      learning: data.learning,
      ttl: data.ttl,
      ageing: data.ageing,
      udp_csum: data.udpChecksum,
      udp_zero_csum6_rx: data.udpZeroChecksum6Rx,
    });
    expect(truth['remote']).toBe(ip4(data.group));
    expect(truth['local']).toBe(ip4(data.local));
    expect(truth['external'] ?? false).toBe(data.collectMetadata ?? false);
    expect(truth['gbp'] ?? false).toBe(data.groupBasedPolicy ?? false);
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

/** Bytes of kinds that the recording kernel lacks: built from linux/if_link.h, not recorded. */
describe('INFO_DATA by the headers', () => {
  const decode = (kind: string, data: string): LinkInfo['data'] => {
    const writer = new MessageWriter('little').begin(RTM_NEWLINK, 0, 0).bytes(new Uint8Array(16));
    writer.beginNest(18).attributeString(1, kind).attributeBytes(2, fromHex(data)).endNest();
    const [message] = messages(writer.finish(), 'little');
    expect(decodeLinkRequest(message!, 'little').info?.data).toEqual(
      decodeLink(message!, 'little').info?.data,
    );
    return decodeLink(message!, 'little').info?.data;
  };

  it('of a VLAN', () => {
    expect(
      decode('vlan', '0600 0500 8100 0000 0600 0100 6400 0000 0c00 0200 01000000 ffffffff'),
    ).toEqual({ protocol: 0x8100, id: 100, flags: { flags: 1, mask: 0xffff_ffff } });
  });

  it('of a VRF', () => {
    expect(decode('vrf', '0800 0100 0a000000')).toEqual({ table: 10 });
  });

  it('of a bond', () => {
    const hex =
      '0500 0100 04 000000 0800 0300 64000000 1400 0800 0800 0000 0a000001 0800 0100 0a000002 0c00 1700 0600 0100 0300 0000';
    expect(decode('bond', hex)).toEqual({
      mode: 4,
      miiMonitor: 100,
      arpTargets: [fromHex('0a000001'), fromHex('0a000002')],
      aggregatorInfo: { aggregator: 3 },
    } satisfies BondData);
  });

  it('of a kind that nobody knows: bytes', () => {
    expect(decode('nosuch', '0102')).toEqual(fromHex('0102'));
  });

  it('keeps a number that has no name', () => {
    expect(decode('macvlan', '0800 0100 03000000')).toEqual({
      unknown: [{ type: 1, value: fromHex('03000000') }],
    });
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
  });
});
