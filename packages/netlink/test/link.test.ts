import { describe, expect, it } from 'vitest';
import {
  AF_BRIDGE,
  AF_UNSPEC,
  decodeLink,
  decodeLinkRequest,
  encodeLink,
  IFF_ALLMULTI,
  IFF_RUNNING,
  IFF_UP,
  IFLA_ALT_IFNAME,
  IFLA_IFNAME,
  IFLA_INFO_KIND,
  IFLA_INFO_XSTATS,
  IFLA_LINKINFO,
  IFLA_MTU,
  IFLA_OPERSTATE,
  IFLA_PROP_LIST,
  IFLA_STATS64,
  IFLA_WIRELESS,
  MalformedError,
  MessageWriter,
  messages,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  RTEXT_FILTER_SKIP_STATS,
  RTEXT_FILTER_VF,
  RTM_DELLINK,
  RTM_DELLINKPROP,
  RTM_GETLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTM_NEWLINKPROP,
  RTM_SETLINK,
  type LinkMessage,
  type LinkRequest,
  type LinkStatistics,
  type NetlinkMessage,
} from '../src/index.ts';
import {
  comparable,
  eventGoldens,
  fromHex,
  golden,
  printLink,
  withoutSequence,
  type Printed,
} from './golden.ts';

function only(datagram: Uint8Array): NetlinkMessage {
  const [message, ...rest] = messages(datagram, 'little');
  if (message === undefined || rest.length > 0) throw new Error('not one message');
  return message;
}

function decodeAll(datagrams: readonly Uint8Array[]): LinkMessage[] {
  return datagrams
    .flatMap((datagram) => [...messages(datagram, 'little')])
    .filter((message) => message.type === RTM_NEWLINK || message.type === RTM_DELLINK)
    .map((message) => decodeLink(message, 'little'));
}

/** A link message with the given attributes, of interface 3. */
function build(write: (writer: MessageWriter) => void, type = RTM_NEWLINK): NetlinkMessage {
  const writer = new MessageWriter('little');
  writer.begin(type, 0, 0).u8(0).u8(0).u16(1).i32(3).u32(0x1002).u32(0);
  write(writer);
  return only(writer.finish());
}

describe('decodeLink, judged by ip', () => {
  it.each(['link_get_tap0', 'link_get_ve0', 'link_get_vx4', 'link_dump_full'])('%s', (name) => {
    const { received, printed } = golden(name);
    const links = decodeAll(received);
    expect(links).toHaveLength(printed?.length ?? -1);
    // Of a single link ip asks for the names of others: here they are taken from what it printed.
    const names = new Map(links.map((link) => [link.index, link.name]));
    for (const [index, link] of links.entries()) {
      const truth = printed?.[index] ?? {};
      const other = (truth['master'] ?? truth['link']) as string | undefined;
      const ours = printLink(link, (at) => names.get(at) ?? other);
      expect(ours).toEqual(comparable(truth));
    }
  });

  it('bridge_link_dump: ports of bridges, judged by bridge', () => {
    const { received, printed } = golden('bridge_link_dump');
    const states = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];
    const ports = decodeAll(received)
      .filter(({ bridgePort }) => bridgePort !== undefined)
      .map(({ family, index, name, mtu, bridgePort: port }) => {
        expect(family).toBe(AF_BRIDGE);
        return {
          ifindex: index,
          ifname: name,
          mtu,
          state: states[port?.state ?? -1],
          priority: port?.priority,
          cost: port?.cost,
          hairpin: port?.hairpin,
          guard: port?.guard,
          root_block: port?.protect,
          fastleave: port?.fastLeave,
          learning: port?.learning,
          flood: port?.unicastFlood,
          mcast_flood: port?.multicastFlood,
          bcast_flood: port?.broadcastFlood,
          mcast_router: port?.multicastRouter,
          mcast_to_unicast: port?.multicastToUnicast,
          neigh_suppress: port?.neighbourSuppress,
          vlan_tunnel: port?.vlanTunnel,
          isolated: port?.isolated,
          locked: port?.locked,
        };
      });
    expect(
      printed?.map(({ flags: _flags, link: _link, master: _master, ...port }) => port),
    ).toEqual(ports);
    expect(ports[0]).toMatchObject({ cost: 5, priority: 9, hairpin: true });
  });

  it('reads counters that are not all zero', () => {
    const links = decodeAll(golden('link_dump_full').received);
    expect(links.some((link) => (link.stats64?.rxBytes ?? 0n) > 0n)).toBe(true);
  });

  it('reads a message of 14 KB with 150 alternative names', () => {
    const alternativeNames = Array.from({ length: 150 }, (_, at) =>
      `alternative-name-${at}-`.padEnd(80, 'x'),
    );
    const request = { index: 3, name: 've0', alternativeNames };
    const datagram = encodeLink(RTM_NEWLINK, request, { flags: 0, sequence: 0 }, 'little');
    expect(datagram.length).toBeGreaterThan(13_000);
    expect(decodeLink(only(datagram), 'little')).toMatchObject(request);
  });

  const steps = eventGoldens().filter(({ received }) => decodeAll(received).length > 0);

  it.each(steps.map((step) => [step.action, step] as const))('event: %s', (_, step) => {
    const links = decodeAll(step.received).filter((link) => link.family === AF_UNSPEC);
    expect(links.length).toBeGreaterThan(0);
    for (const truth of step.printed) {
      // The last message of an interface tells how it was when ip looked.
      const last = links.findLast((link) => link.index === truth['ifindex']);
      if (last === undefined) continue;
      const { stats64: _stats, ...ours } = printLink(
        last,
        () => (truth['master'] ?? truth['link']) as string,
      );
      expect(ours).toEqual(comparable(truth) satisfies Printed);
    }
  });
});

describe('decodeLink, events', () => {
  const step = (action: string): LinkMessage[] =>
    decodeAll(eventGoldens().find((event) => event.action === action)?.received ?? []);

  it('tells a port that left its bridge from a link that is gone', () => {
    const events = step('ip link set va-renamed nomaster');
    const deletes = events.filter((link) => link.event === 'delete');
    expect(deletes).toHaveLength(1);
    expect(deletes[0]).toMatchObject({ family: AF_BRIDGE, index: 3, name: 'va-renamed' });
  });

  it('tells a link that moved to another namespace, and its index there', () => {
    const [moved] = step('ip link set ifbn netns rtpeer');
    expect(moved).toMatchObject({ event: 'delete', index: 7, newNetnsId: 0, newIndex: 7 });
  });

  it('tells down, then delete when the last queue of a TAP is closed', () => {
    const [down, gone] = step('close the last queue of tapc');
    expect(down).toMatchObject({ event: 'new', flags: 0x1002, carrier: false, operState: 'down' });
    expect(gone).toMatchObject({ event: 'delete', index: 5, change: 0xffff_ffff });
    expect(gone?.newNetnsId).toBeUndefined();
  });

  it('tells changes of the carrier', () => {
    const [off] = step('ip link set tapc carrier off');
    const [on] = step('ip link set tapc carrier on');
    expect(off).toMatchObject({ flags: 0x1003, carrier: false, carrierChanges: 1 });
    expect(on).toMatchObject({ flags: 0x1_1043, carrier: true, carrierChanges: 2 });
    expect((on?.flags ?? 0) & (IFF_UP | IFF_RUNNING)).toBe(IFF_UP | IFF_RUNNING);
  });
});

describe('decodeLink, attributes by hand', () => {
  const cases: readonly (readonly [string, string, Partial<LinkMessage>])[] = [
    ['IFLA_MTU', '0800 0400 dc050000', { mtu: 1500 }],
    ['a longer value', '0c00 0400 dc050000 01020304', { mtu: 1500 }],
    ['greatest u32', '0800 3300 ffffffff', { maxMtu: 0xffff_ffff }],
    ['IFLA_IFNAME', '0700 0300 6c6f00 00', { name: 'lo' }],
    ['a name without NUL', '0600 0300 6c6f 0000', { name: 'lo' }],
    ['an empty name', '0400 0300', { name: '' }],
    ['UTF-8', '0800 0300 c3a962 00', { name: 'éb' }],
    ['an empty address', '0400 0100', { address: new Uint8Array() }],
    ['IFLA_OPERSTATE', '0500 1000 05 000000', { operState: 'dormant' }],
    ['IFLA_LINK below', '0800 0500 ffffffff', { link: -1 }],
    ['IFLA_NEW_NETNSID', '0800 2d00 ffffffff', { newNetnsId: -1 }],
    ['without last padding', '0500 2100 01', { carrier: true }],
    ['an empty LINKINFO', '0400 1200', { info: {} }],
    ['NLA_F_NESTED', '0c00 1280 0700 0100 74756e 00', { info: { kind: 'tun' } }],
    ['an empty kind', '0800 1200 0400 0100', { info: { kind: '' } }],
    ['IFLA_PERM_ADDRESS', '0a00 3600 020304050607', { permanentAddress: fromHex('020304050607') }],
  ];
  const header = '00 00 0100 03000000 02100000 00000000';

  it.each(cases)('%s', (_, attributes, expected) => {
    const body = fromHex(header + attributes);
    const message = { type: RTM_NEWLINK, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeLink(message, 'little')).toMatchObject(expected);
  });

  const malformed: readonly (readonly [string, string, number])[] = [
    ['a two-byte MTU', '0600 0400 dc05 0000', 36],
    ['an empty MTU', '0400 0400', 36],
    ['an empty carrier', '0400 2100', 36],
    ['an attribute length of 0', '0000 0400', 32],
    ['an attribute length of 2', '0200 0400', 32],
    ['an attribute beyond the end', '0c00 0400 dc050000', 32],
    ['half an attribute header', '0800 0400 dc050000 0800', 40],
    ['a length of 0 inside a nest', '0800 1200 0000 0100', 36],
    ['an attribute beyond its nest', '0800 1200 0800 0100 74756e00', 36],
    ['a length of 2 in the properties', '0800 3400 0200 3500', 36],
  ];

  it.each(malformed)('refuses %s', (_, attributes, offset) => {
    const body = fromHex(header + attributes);
    const message = { type: RTM_NEWLINK, flags: 0, sequence: 0, portId: 0, body };
    expect(() => decodeLink(message, 'little')).toThrow(
      expect.objectContaining({ name: 'MalformedError', code: 'ERR_RTAP_MALFORMED', offset }),
    );
  });

  it('refuses a struct that is too short', () => {
    const message = { type: RTM_NEWLINK, flags: 0, sequence: 0, portId: 0 };
    expect(() => decodeLink({ ...message, body: new Uint8Array(15) })).toThrow(MalformedError);
    expect(decodeLink({ ...message, body: new Uint8Array(16) }).index).toBe(0);
  });

  it('refuses messages of other types', () => {
    for (const type of [RTM_NEWADDR, RTM_GETLINK]) {
      const message = { type, flags: 0, sequence: 0, portId: 0, body: new Uint8Array(16) };
      expect(() => decodeLink(message)).toThrow(
        expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }),
      );
    }
  });

  it('hands out views of the datagram', () => {
    const datagram = encodeLink(
      RTM_NEWLINK,
      { address: fromHex('020000000001') },
      { flags: 0, sequence: 0 },
      'little',
    );
    const { address } = decodeLink(only(datagram), 'little');
    expect(address?.buffer).toBe(datagram.buffer);
  });

  it('gives each message the same shape', () => {
    const shapes = decodeAll(golden('link_dump_full').received).map((link) =>
      Object.keys(link).join(),
    );
    expect(new Set(shapes).size).toBe(1);
  });
});

describe('statistics', () => {
  const block = (count: number): NetlinkMessage =>
    build((writer) => {
      writer.beginNest(IFLA_STATS64);
      for (let at = 1; at <= count; at += 1) writer.u64(2n ** 60n + BigInt(at));
      writer.endNest();
    });

  it('are undefined when there are none', () => {
    expect(decodeLink(build(() => {})).stats64).toBeUndefined();
  });

  it('are read whole', () => {
    const stats = decodeLink(block(25), 'little').stats64;
    expect(stats?.rxPackets).toBe(2n ** 60n + 1n);
    expect(stats?.rxOtherHostDropped).toBe(2n ** 60n + 25n);
  });

  it('are read from an older kernel, and from a newer one', () => {
    const older = decodeLink(block(23), 'little').stats64;
    expect(older?.txCompressed).toBe(2n ** 60n + 23n);
    expect(older?.rxNoHandler).toBe(0n);
    expect(decodeLink(block(30), 'little').stats64).toEqual(
      decodeLink(block(25), 'little').stats64,
    );
    const none = build((writer) => writer.attributeFlag(IFLA_STATS64));
    expect(decodeLink(none, 'little').stats64?.rxPackets).toBe(0n);
  });

  it('are the same object each time', () => {
    const link = decodeLink(block(25), 'little');
    expect(link.stats64).toBe(link.stats64);
  });
});

describe('unknown attributes', () => {
  it('are kept with their flags, what is decoded is not', () => {
    const link = decodeLink(
      build((writer) => {
        writer.attributeU32(IFLA_MTU, 1500).attributeString(IFLA_IFNAME, 'tap0');
        writer.attributeBytes(0x8000 | 1000, Uint8Array.of(1, 2, 3));
        writer.attributeBytes(IFLA_WIRELESS, new Uint8Array(8));
      }),
      'little',
    );
    expect(link.unknown).toEqual([
      { type: 0x8000 | 1000, value: Uint8Array.of(1, 2, 3) },
      { type: IFLA_WIRELESS, value: new Uint8Array(8) },
    ]);
  });

  it('hold what a field does not wholly tell', () => {
    const link = decodeLink(
      build((writer) => {
        writer.attributeU8(IFLA_OPERSTATE, 7);
        writer.beginNest(IFLA_LINKINFO).attributeString(IFLA_INFO_KIND, 'can');
        writer.attributeU32(IFLA_INFO_XSTATS, 1).endNest();
        writer.beginNest(IFLA_PROP_LIST, { flag: true }).attributeString(IFLA_ALT_IFNAME, 'a');
        writer.attributeU8(99, 1).endNest();
      }),
      'little',
    );
    expect(link).toMatchObject({
      operState: 'unknown',
      info: { kind: 'can' },
      alternativeNames: ['a'],
    });
    expect(link.unknown.map(({ type }) => type)).toEqual([
      IFLA_OPERSTATE,
      IFLA_LINKINFO,
      IFLA_PROP_LIST | 0x8000,
    ]);
  });

  it('and the fields make up the whole message', () => {
    for (const message of golden('link_dump_full').received.flatMap((datagram) => [
      ...messages(datagram, 'little'),
    ])) {
      if (message.type !== RTM_NEWLINK) continue;
      const { family, deviceType, index, flags, change, raw, ...fields } = decodeLinkRequest(
        message,
        'little',
      );
      expect(raw).toBeUndefined();
      expect(decodeLink(message, 'little')).toMatchObject({
        family,
        deviceType,
        index,
        flags,
        change,
      });
      expect(decodeLink(message, 'little').unknown).toEqual([]);
      expect(Object.keys(fields)).toHaveLength(countAttributes(message.body));
    }
  });
});

function countAttributes(body: Uint8Array = new Uint8Array()): number {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let count = 0;
  for (let at = 16; at < body.length; at += (view.getUint16(at, true) + 3) & ~3) count += 1;
  return count;
}

describe('encodeLink, judged by iproute2', () => {
  const ack = NLM_F_REQUEST | NLM_F_ACK;
  const create = ack | NLM_F_CREATE | NLM_F_EXCL;
  const statistics = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;
  const cases: readonly (readonly [string, number, number, LinkRequest])[] = [
    ['set_up_tap0', RTM_NEWLINK, ack, { index: 13, flags: IFF_UP, change: IFF_UP }],
    ['set_down', RTM_NEWLINK, ack, { index: 10, change: IFF_UP }],
    ['set_allmulti', RTM_NEWLINK, ack, { index: 12, flags: IFF_ALLMULTI, change: IFF_ALLMULTI }],
    ['set_mtu', RTM_NEWLINK, ack, { index: 13, mtu: 1380 }],
    ['set_mac', RTM_NEWLINK, ack, { index: 13, address: fromHex('02aabbccddee') }],
    ['set_alias', RTM_NEWLINK, ack, { index: 3, alias: 'golden-alias' }],
    ['set_rename', RTM_NEWLINK, ack, { index: 4242, name: 'ifbren' }],
    ['set_nomaster', RTM_NEWLINK, ack, { index: 13, master: 0 }],
    ['set_netns', RTM_NEWLINK, ack, { index: 4242, netnsFd: 4 }],
    ['set_txqlen', RTM_NEWLINK, ack, { index: 12, txQueueLength: 77 }],
    ['link_del_bridge', RTM_DELLINK, ack, { index: 5 }],
    ['err_type', RTM_NEWLINK, create, { name: 'zz', info: { kind: 'nosuchtype' } }],
    [
      'add_macvlan',
      RTM_NEWLINK,
      create,
      {
        address: fromHex('020000000030'),
        link: 3,
        name: 'mv0',
        info: { kind: 'macvlan', data: { mode: 'bridge' } },
      },
    ],
    [
      'add_veth',
      RTM_NEWLINK,
      create,
      {
        mtu: 1400,
        address: fromHex('020000000010'),
        txQueueLength: 333,
        txQueues: 4,
        rxQueues: 4,
        name: 've0',
        info: {
          kind: 'veth',
          data: {
            peer: {
              family: 0,
              deviceType: 0,
              index: 0,
              flags: 0,
              change: 0,
              address: fromHex('020000000011'),
              mtu: 1400,
              name: 've1',
            },
          },
        },
      },
    ],
    [
      'prop_add_altname2',
      RTM_NEWLINKPROP,
      create | 0x800,
      { index: 3, alternativeNames: ['second-altname', 'third-altname'] },
    ],
    ['prop_del_altname', RTM_DELLINKPROP, ack, { index: 3, alternativeNames: ['fourth-altname'] }],
    [
      'bridge_port_set',
      RTM_SETLINK,
      ack,
      { family: AF_BRIDGE, index: 2, bridgePort: { hairpin: true, cost: 5, priority: 9 } },
    ],
    [
      'bridge_vlan_add',
      RTM_SETLINK,
      ack,
      { family: AF_BRIDGE, index: 2, bridgeSpec: { vlans: [{ flags: 2, vid: 5 }] } },
    ],
    ['bridge_link_dump', RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, { family: AF_BRIDGE }],
    [
      'add_vxlan',
      RTM_NEWLINK,
      create,
      {
        address: fromHex('020000000040'),
        name: 'vx4',
        info: {
          kind: 'vxlan',
          data: {
            link: 3,
            ttl: 64,
            tos: 0x16,
            udpChecksum: true,
            id: 42,
            local: fromHex('c0000201'),
            group: fromHex('c0000202'),
            learning: false,
            port: 4789,
          },
        },
      },
    ],
    [
      'add_bridge',
      RTM_NEWLINK,
      create,
      {
        address: fromHex('020000000020'),
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
      },
    ],
    ['err_nodev', RTM_GETLINK, NLM_F_REQUEST, { extensionMask: statistics, name: 'nosuchdev0' }],
    [
      'link_get_tap0',
      RTM_GETLINK,
      NLM_F_REQUEST,
      { family: 17, name: 'tap0', extensionMask: RTEXT_FILTER_VF },
    ],
    [
      'link_dump_full',
      RTM_GETLINK,
      NLM_F_REQUEST | NLM_F_DUMP,
      { family: 17, extensionMask: RTEXT_FILTER_VF },
    ],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    expect(encodeLink(type, request, { flags, sequence: 0 }, 'little')).toEqual(
      withoutSequence(sent),
    );
  });

  it.each(cases)('%s, read back', (name, _type, _flags, request) => {
    const decoded = decodeLinkRequest(only(golden(name).sent), 'little');
    expect(decoded).toEqual({
      family: 0,
      deviceType: 0,
      index: 0,
      flags: 0,
      change: 0,
      ...request,
    });
  });
});

describe('encodeLink', () => {
  const header = { flags: NLM_F_REQUEST, sequence: 0xffff_fffe, portId: 7 };

  it('writes the message header that it is given', () => {
    const message = only(encodeLink(RTM_GETLINK, {}, header, 'little'));
    expect(message).toMatchObject({ ...header, type: RTM_GETLINK, body: new Uint8Array(16) });
  });

  it('leaves out what is undefined', () => {
    const request = { index: 3, mtu: undefined, name: undefined, info: undefined, raw: undefined };
    expect(encodeLink(RTM_NEWLINK, request, header)).toHaveLength(32);
  });

  it('plays the kernel: all that a link message says', () => {
    const stats64 = Object.fromEntries(
      [...Object.keys(decodeLink(build((w) => w.attributeFlag(IFLA_STATS64))).stats64 ?? {})].map(
        (key, at) => [key, 2n ** 63n + BigInt(at)],
      ),
    ) as unknown as LinkStatistics;
    const request: LinkRequest = {
      family: 0,
      deviceType: 1,
      index: 3,
      flags: 0x8000_0001,
      change: 0xffff_ffff,
      name: 'tap0',
      mtu: 1500,
      minMtu: 68,
      maxMtu: 0xffff_ffff,
      address: fromHex('020000000001'),
      broadcast: fromHex('ffffffffffff'),
      permanentAddress: fromHex('020000000002'),
      operState: 'lowerLayerDown',
      linkMode: 1,
      carrier: false,
      carrierChanges: 3,
      carrierUpCount: 2,
      carrierDownCount: 1,
      txQueueLength: 1000,
      txQueues: 4,
      rxQueues: 5,
      promiscuity: 6,
      allMulticast: 7,
      group: 8,
      master: 9,
      link: 10,
      linkNetnsId: 11,
      newNetnsId: 12,
      newIndex: 13,
      queueDiscipline: 'noqueue',
      alias: 'two words',
      alternativeNames: ['a', 'b'],
      info: { kind: 'tun', data: { queues: 1 }, slaveKind: 'bridge', slaveData: { state: 3 } },
      stats64,
    };
    const datagram = encodeLink(RTM_NEWLINK, request, { flags: 0, sequence: 0 });
    const [message] = messages(datagram);
    if (message === undefined) throw new Error('no message');
    const link = decodeLink(message);
    const info = { ...link.info, data: link.info?.data, slaveData: link.info?.slaveData };
    expect({ ...link, stats64: link.stats64, info }).toEqual({ event: 'new', ...request });
    expect(link.unknown).toEqual([]);
    expect(decodeLinkRequest(message)).toEqual(request);
  });

  it('writes the requests of namespaces and raw attributes', () => {
    const request: LinkRequest = {
      index: 3,
      netnsFd: 5,
      netnsPid: 6,
      targetNetnsId: -1,
      extensionMask: 9,
      raw: [{ type: 0x8000 | 1000, value: fromHex('010203') }],
    };
    const message = only(encodeLink(RTM_NEWLINK, request, header, 'little'));
    expect(decodeLinkRequest(message, 'little')).toMatchObject(request);
  });

  const wrong: readonly (readonly [string, LinkRequest, string, string])[] = [
    ['a fraction', { mtu: 1.5 }, 'mtu', 'ERR_OUT_OF_RANGE'],
    ['a number below', { mtu: -1 }, 'mtu', 'ERR_OUT_OF_RANGE'],
    ['a number above', { master: 2 ** 32 }, 'master', 'ERR_OUT_OF_RANGE'],
    ['an index above', { index: 2 ** 31 }, 'index', 'ERR_OUT_OF_RANGE'],
    ['a NUL in a name', { name: 'a\0b' }, 'name', 'ERR_INVALID_ARG_VALUE'],
    ['no number', { mtu: '1500' as unknown as number }, 'mtu', 'ERR_INVALID_ARG_TYPE'],
    ['no bytes', { address: [1] as unknown as Uint8Array }, 'address', 'ERR_INVALID_ARG_TYPE'],
    ['no state', { operState: 'x' as unknown as 'up' }, 'operState', 'ERR_INVALID_ARG_VALUE'],
    ['no property', { mtuu: 1 } as LinkRequest, 'mtuu', 'ERR_INVALID_ARG_VALUE'],
  ];

  it.each(wrong)('refuses %s', (_, request, word, code) => {
    expect(() => encodeLink(RTM_NEWLINK, request, header)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) as unknown }),
    );
  });

  it('refuses other message types', () => {
    expect(() => encodeLink(RTM_NEWADDR, {}, header)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });
});

describe('links that no kernel sends', () => {
  const message = (hex: string): NetlinkMessage => ({
    type: RTM_NEWLINK,
    flags: 0,
    sequence: 0,
    portId: 0,
    body: fromHex('00'.repeat(16) + hex),
  });

  it('may have the data of a kind in front of the kind: the last kind counts', () => {
    // IFLA_LINKINFO { IFLA_INFO_DATA { 1: 00000000 }, IFLA_INFO_KIND dummy, IFLA_INFO_KIND vrf }
    const hex =
      '2400 1200 0c00 0200 0800 0100 0a000000 0900 0100 64756d6d79 000000 0700 0100 76726600';
    const decoded = decodeLink(message(hex), 'little').info;
    const plain = decodeLinkRequest(message(hex), 'little');
    expect([decoded?.kind, decoded?.data]).toEqual(['vrf', { table: 10 }]);
    expect(plain.info).toEqual({ kind: 'vrf', data: { table: 10 } });
    const written = encodeLink(RTM_NEWLINK, plain, { flags: 0, sequence: 0 }, 'little');
    const [again] = messages(written, 'little');
    expect(decodeLinkRequest(again!, 'little')).toEqual(plain);
  });

  it('may have a foreign attribute in a list that is read late: it is in unknown', () => {
    // IFLA_VFINFO_LIST { 0: nothing }, IFLA_VF_PORTS { 2: nothing }
    const link = decodeLink(message('0800 1600 0400 0000 0800 1800 0400 0200'), 'little');
    expect(link.virtualFunctions).toEqual([]);
    expect(link.unknown.map(({ type }) => type)).toEqual([22, 24]);
  });

  it('are refused when a list is wrong behind a foreign attribute, by either decoder', () => {
    const hex = '0c00 1600 0400 0000 0300 0100';
    for (const decode of [decodeLink, decodeLinkRequest]) {
      expect(() => decode(message(hex), 'little')).toThrow(
        expect.objectContaining({ code: 'ERR_RTAP_MALFORMED', offset: 40 }),
      );
    }
  });

  /** Veths that are each the peer of the one around it, from the inside out. */
  const peers = (levels: number): Uint8Array => {
    const attribute = (type: number, value: Uint8Array): Uint8Array => {
      const bytes = new Uint8Array((4 + value.length + 3) & ~3);
      new DataView(bytes.buffer).setUint16(0, 4 + value.length, true);
      new DataView(bytes.buffer).setUint16(2, type, true);
      bytes.set(value, 4);
      return bytes;
    };
    let body = new Uint8Array(16);
    for (let level = 0; level < levels; level += 1) {
      const kind = attribute(1, fromHex('76657468'));
      const data = attribute(2, attribute(1, body));
      const info = attribute(18, Uint8Array.of(...kind, ...data));
      body = Uint8Array.of(...new Uint8Array(16), ...info);
    }
    return body;
  };

  it('may be peers of peers, but not without end', () => {
    const given = { ...message(''), body: peers(8) };
    const plain = decodeLinkRequest(given, 'little');
    const header = { flags: 0, sequence: 0 };
    const written = encodeLink(RTM_NEWLINK, plain, header, 'little');
    expect(written.subarray(16)).toEqual(given.body);
    expect(encodeLink(RTM_NEWLINK, plain, { ...header, like: given }, 'little')).toEqual(written);
    for (const levels of [9, 1000, 1800]) {
      const deep = { ...given, body: peers(levels) };
      const refused = expect.objectContaining({ code: 'ERR_RTAP_MALFORMED' });
      expect(() => decodeLinkRequest(deep, 'little')).toThrow(refused);
      expect(() => decodeLink(deep, 'little').info?.data).toThrow(refused);
    }
  });
});
