/**
 * What tcpdump makes of the frames that `@rtap/frames` builds and answers with: it parses each layer
 * by itself and verifies every checksum.
 *
 * @module
 */

import { spawnSync } from 'node:child_process';
import * as frames from '@rtap/frames';
import { expect, test, type TestContext } from 'vitest';

const A = {
  mac: frames.parseMacAddress('02:00:5e:00:53:01'),
  ipv4: frames.parseIpAddress('192.0.2.1'),
  ipv6: frames.parseIpAddress('2001:db8::1'),
};
const B = {
  mac: frames.parseMacAddress('02:00:5e:00:53:02'),
  ipv4: frames.parseIpAddress('192.0.2.2'),
  ipv6: frames.parseIpAddress('2001:db8::2'),
};
const NOBODY = new Uint8Array(16);
const ALL_NODES = frames.parseIpAddress('ff02::1');
const LINK_LOCAL = frames.parseIpAddress('fe80::1');
const payload = new TextEncoder().encode('odd length');

function ethernet(
  etherType: number,
  packet: Uint8Array,
  options: Partial<frames.EthernetFields> = {},
): Uint8Array {
  const addresses = { destination: B.mac, source: A.mac };
  return frames.buildEthernet({ ...addresses, etherType, payload: packet, ...options });
}

function ipv4(
  protocol: number,
  message: Uint8Array,
  options: Partial<frames.Ipv4Fields> = {},
): Uint8Array {
  const fields = { source: A.ipv4, destination: B.ipv4, protocol, payload: message };
  return frames.buildIpv4({ ...fields, ...options });
}

function ipv6(
  nextHeader: number,
  message: Uint8Array,
  options: Partial<frames.Ipv6Fields> = {},
): Uint8Array {
  const fields = { source: A.ipv6, destination: B.ipv6, nextHeader, payload: message };
  return frames.buildIpv6({ ...fields, ...options });
}

const echo = { type: 'request', identifier: 4660, sequence: 7, payload } as const;
const udp = { sourcePort: 40000, destinationPort: 9, payload } as const;

const echo4 = ethernet(
  frames.ETH_P_IP,
  ipv4(frames.IPPROTO_ICMP, frames.buildIcmpEcho(echo), {
    identification: 513,
    dontFragment: true,
    typeOfService: 0xb8,
    timeToLive: 3,
  }),
);
const echo6 = ethernet(
  frames.ETH_P_IPV6,
  ipv6(
    frames.IPPROTO_ICMPV6,
    frames.buildIcmpv6Echo({ ...echo, source: A.ipv6, destination: B.ipv6 }),
    { flowLabel: 0x12345, trafficClass: 0xb8, hopLimit: 3 },
  ),
);
const arp = ethernet(
  frames.ETH_P_ARP,
  frames.buildArp({
    operation: 'request',
    senderMac: A.mac,
    senderIp: A.ipv4,
    targetIp: B.ipv4,
  }),
  { destination: frames.parseMacAddress('ff:ff:ff:ff:ff:ff') },
);

function solicitation(source: Uint8Array, mac?: Uint8Array): Uint8Array {
  const destination = frames.solicitedNodeAddress(B.ipv6);
  return ethernet(
    frames.ETH_P_IPV6,
    ipv6(
      frames.IPPROTO_ICMPV6,
      frames.buildNeighbourSolicitation({ source, target: B.ipv6, mac }),
      { source, destination, hopLimit: 255 },
    ),
    { destination: frames.multicastMacAddress(destination) },
  );
}

function advertisement(): Uint8Array {
  const fields = { source: A.ipv6, destination: ALL_NODES };
  return ethernet(
    frames.ETH_P_IPV6,
    ipv6(
      frames.IPPROTO_ICMPV6,
      frames.buildNeighbourAdvertisement({
        ...fields,
        target: A.ipv6,
        mac: A.mac,
        router: true,
        override: true,
      }),
      { ...fields, hopLimit: 255 },
    ),
    { destination: frames.multicastMacAddress(ALL_NODES) },
  );
}

const addresses4 = { source: A.ipv4, destination: B.ipv4 };
const addresses6 = { source: A.ipv6, destination: B.ipv6 };
const tcp = {
  sourcePort: 40000,
  destinationPort: 80,
  sequence: 4294967295,
  syn: true,
  ece: true,
  cwr: true,
  window: 64240,
  options: [
    { kind: 'maximum-segment-size', value: 1460 },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 4294967294, echoReply: 1 },
    { kind: 'no-operation' },
    { kind: 'window-scale', shift: 7 },
  ],
} as const;
const sack = {
  ...tcp,
  syn: false,
  ece: false,
  cwr: false,
  ack: true,
  psh: true,
  acknowledgement: 7,
  options: [{ kind: 'sack', blocks: [{ left: 5, right: 9 }] }],
  payload,
} as const;

/** ICMPv6 to its neighbour: what discovery is believed with. */
function icmpv6(message: Uint8Array, destination: Uint8Array, hopLimit = 255): Uint8Array {
  return ethernet(
    frames.ETH_P_IPV6,
    ipv6(frames.IPPROTO_ICMPV6, message, { source: LINK_LOCAL, destination, hopLimit }),
    { destination: destination[0] === 0xff ? frames.multicastMacAddress(destination) : B.mac },
  );
}

const quoted4 = ipv4(frames.IPPROTO_UDP, frames.buildUdp({ ...udp, ...addresses4 }));
const quoted6 = ipv6(frames.IPPROTO_UDP, frames.buildUdp({ ...udp, ...addresses6 }));

function icmpError(fields: Omit<frames.IcmpErrorFields, 'quoted'>): Uint8Array {
  const message = frames.buildIcmpError({ ...fields, quoted: quoted4 });
  return ethernet(frames.ETH_P_IP, ipv4(frames.IPPROTO_ICMP, message));
}

function icmpv6Error(
  fields: Pick<frames.Icmpv6ErrorFields, 'type' | 'code' | 'mtu' | 'pointer'>,
): Uint8Array {
  const message = frames.buildIcmpv6Error({ ...fields, ...addresses6, quoted: quoted6 });
  return ethernet(frames.ETH_P_IPV6, ipv6(frames.IPPROTO_ICMPV6, message));
}

function mldReport(): Uint8Array {
  const addresses = { source: LINK_LOCAL, destination: frames.parseIpAddress('ff02::16') };
  const group = frames.solicitedNodeAddress(B.ipv6);
  const records = [{ kind: 'change-to-exclude', group, sources: [] }] as const;
  const report = frames.buildMulticastListenerReport({ ...addresses, records });
  const options = [{ type: 5, data: Uint8Array.of(0, 0) }];
  const nextHeader = frames.IPPROTO_ICMPV6;
  const behind = frames.buildIpv6Options({ nextHeader, options, payload: report });
  return ethernet(
    frames.ETH_P_IPV6,
    ipv6(frames.IPPROTO_HOPOPTS, behind, { ...addresses, hopLimit: 1 }),
  );
}

/** A datagram whose checksum was left to the device, finished as one finishes it. */
function completed(): Uint8Array {
  const frame = ethernet(frames.ETH_P_IP, quoted4);
  const sum = frames.pseudoHeaderSum(A.ipv4, B.ipv4, frames.IPPROTO_UDP, frame.length - 34);
  frames.writePartialChecksum(frame, 34, 6, sum);
  frames.completeChecksum(frame, 34, 6);
  return frame;
}

function answer(request: Uint8Array): Uint8Array {
  const room = new Uint8Array(request.length + 8);
  room.set(request);
  const length = frames.respond(room, B, 0, request.length, room.length);
  if (length === 0) throw new Error('not answered');
  return room.subarray(0, length);
}

/** A classic pcap file (magic number 0xa1b2c3d4, LINKTYPE_ETHERNET) that holds one frame. */
function pcap(frame: Uint8Array): Uint8Array {
  const file = new Uint8Array(24 + 16 + frame.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 0xffff);
  view.setUint32(20, 1);
  view.setUint32(32, frame.length);
  view.setUint32(36, frame.length);
  file.set(frame, 40);
  return file;
}

/** What tcpdump prints for a frame, in one line; skips the test where it is not installed. */
function judge(ctx: TestContext, frame: Uint8Array, options = ['-e', '-vv']): string {
  const { error, status, stdout, stderr } = spawnSync(
    'tcpdump',
    ['-r', '-', '-n', '-t', ...options],
    { input: pcap(frame), encoding: 'utf8' },
  );
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') {
    ctx.skip('tcpdump is not installed: apt-get install tcpdump');
  }
  if (error !== undefined) throw error;
  expect([status, stderr.includes('truncated')]).toEqual([0, false]);
  return stdout.replaceAll(/\s+/g, ' ').trim();
}

/** What it prints about a checksum or a length that is wrong. */
const COMPLAINT = /bad|wrong|invalid|truncated|\[\|/i;

test.for<readonly [string, Uint8Array, readonly string[]]>([
  [
    'an ARP request',
    arp,
    [
      '02:00:5e:00:53:01 > ff:ff:ff:ff:ff:ff, ethertype ARP (0x0806), length 42:',
      'Request who-has 192.0.2.2 tell 192.0.2.1, length 28',
    ],
  ],
  ['the answer to it', answer(arp), ['Reply 192.0.2.2 is-at 02:00:5e:00:53:02, length 28']],
  [
    'an ICMP echo request',
    echo4,
    [
      '(tos 0xb8, ttl 3, id 513, offset 0, flags [DF], proto ICMP (1), length 38)',
      '192.0.2.1 > 192.0.2.2: ICMP echo request, id 4660, seq 7, length 18',
    ],
  ],
  [
    'the answer to it',
    answer(echo4),
    [
      '02:00:5e:00:53:02 > 02:00:5e:00:53:01, ethertype IPv4',
      '(tos 0xb8, ttl 64, id 513, offset 0, flags [DF], proto ICMP (1), length 38)',
      '192.0.2.2 > 192.0.2.1: ICMP echo reply, id 4660, seq 7, length 18',
    ],
  ],
  [
    'an ICMPv6 echo request',
    echo6,
    [
      '(class 0xb8, flowlabel 0x12345, hlim 3, next-header ICMPv6 (58) payload length: 18)',
      '2001:db8::1 > 2001:db8::2: [icmp6 sum ok] ICMP6, echo request, id 4660, seq 7',
    ],
  ],
  [
    'the answer to it',
    answer(echo6),
    [
      '(class 0xb8, flowlabel 0x12345, hlim 64, next-header ICMPv6 (58) payload length: 18)',
      '2001:db8::2 > 2001:db8::1: [icmp6 sum ok] ICMP6, echo reply, id 4660, seq 7',
    ],
  ],
  [
    'a neighbour solicitation',
    solicitation(A.ipv6, A.mac),
    [
      '02:00:5e:00:53:01 > 33:33:ff:00:00:02,',
      'hlim 255,',
      '2001:db8::1 > ff02::1:ff00:2: [icmp6 sum ok] ICMP6, neighbor solicitation, length 32, ' +
        'who has 2001:db8::2',
      'source link-address option (1), length 8 (1): 02:00:5e:00:53:01',
    ],
  ],
  [
    'the answer to it',
    answer(solicitation(A.ipv6, A.mac)),
    [
      '02:00:5e:00:53:02 > 02:00:5e:00:53:01,',
      'hlim 255,',
      '2001:db8::2 > 2001:db8::1: [icmp6 sum ok] ICMP6, neighbor advertisement, length 32, ' +
        'tgt is 2001:db8::2, Flags [solicited, override]',
      'destination link-address option (2), length 8 (1): 02:00:5e:00:53:02',
    ],
  ],
  [
    'the answer to duplicate detection',
    answer(solicitation(NOBODY)),
    [
      '02:00:5e:00:53:02 > 33:33:00:00:00:01,',
      'hlim 255,',
      '2001:db8::2 > ff02::1: [icmp6 sum ok] ICMP6, neighbor advertisement, length 32, ' +
        'tgt is 2001:db8::2, Flags [override]',
      'destination link-address option (2), length 8 (1): 02:00:5e:00:53:02',
    ],
  ],
  [
    'a neighbour advertisement',
    advertisement(),
    ['[icmp6 sum ok] ICMP6, neighbor advertisement', 'Flags [router, override]'],
  ],
  [
    'UDP over IPv4, padded, in a VLAN',
    ethernet(
      frames.ETH_P_IP,
      ipv4(frames.IPPROTO_UDP, frames.buildUdp({ ...udp, source: A.ipv4, destination: B.ipv4 })),
      { vlan: { identifier: 7, priority: 5, dropEligible: true }, minimumLength: 90 },
    ),
    [
      'ethertype 802.1Q (0x8100), length 90: vlan 7, p 5, DEI, ethertype IPv4',
      '192.0.2.1.40000 > 192.0.2.2.9: [udp sum ok] UDP, length 10',
    ],
  ],
  [
    'UDP over IPv6',
    ethernet(
      frames.ETH_P_IPV6,
      ipv6(frames.IPPROTO_UDP, frames.buildUdp({ ...udp, source: A.ipv6, destination: B.ipv6 })),
    ),
    ['2001:db8::1.40000 > 2001:db8::2.9: [udp sum ok] UDP, length 10'],
  ],
  [
    'a fragment with options',
    ethernet(
      frames.ETH_P_IP,
      ipv4(frames.IPPROTO_UDP, payload, {
        options: Uint8Array.of(1, 1, 1, 0),
        moreFragments: true,
        fragmentOffset: 1480,
      }),
    ),
    ['offset 1480, flags [+], proto UDP (17), length 34, options (NOP,NOP,NOP,EOL))'],
  ],
  [
    'a TCP SYN with options over IPv4',
    ethernet(frames.ETH_P_IP, ipv4(frames.IPPROTO_TCP, frames.buildTcp({ ...tcp, ...addresses4 }))),
    [
      '192.0.2.1.40000 > 192.0.2.2.80: Flags [SEW], cksum 0x',
      '(correct), seq 4294967295, win 64240,',
      'options [mss 1460,sackOK,TS val 4294967294 ecr 1,nop,wscale 7], length 0',
    ],
  ],
  [
    'TCP data with SACK over IPv6',
    ethernet(
      frames.ETH_P_IPV6,
      ipv6(frames.IPPROTO_TCP, frames.buildTcp({ ...sack, ...addresses6 })),
    ),
    [
      'Flags [P.], cksum 0x',
      '(correct), seq 4294967295:9, ack 7, win 64240, options [sack 1 {',
      ',eol], length 10',
    ],
  ],
  ['a checksum begun and completed', completed(), ['[udp sum ok] UDP, length 10']],
  [
    'fragmentation needed',
    icmpError({ type: 'destination-unreachable', code: 4, mtu: 1300 }),
    [
      'ICMP 192.0.2.2 unreachable - need to frag (mtu 1300), length 46',
      '192.0.2.1.40000 > 192.0.2.2.9:',
    ],
  ],
  [
    'port unreachable',
    icmpError({ type: 'destination-unreachable', code: 3 }),
    ['ICMP 192.0.2.2 udp port 9 unreachable, length 46'],
  ],
  ['time exceeded', icmpError({ type: 'time-exceeded' }), ['ICMP time exceeded in-transit']],
  [
    'a parameter problem',
    icmpError({ type: 'parameter-problem', pointer: 9 }),
    ['ICMP parameter problem - octet 9'],
  ],
  [
    'a redirect',
    icmpError({ type: 'redirect', code: 1, gateway: A.ipv4 }),
    ['ICMP redirect 192.0.2.2 to host 192.0.2.1'],
  ],
  [
    'packet too big',
    icmpv6Error({ type: 'packet-too-big', mtu: 1300 }),
    ['[icmp6 sum ok] ICMP6, packet too big, mtu 1300'],
  ],
  [
    'port unreachable of IPv6',
    icmpv6Error({ type: 'destination-unreachable', code: 4 }),
    ['[icmp6 sum ok] ICMP6, destination unreachable, unreachable port, 2001:db8::2 udp port 9'],
  ],
  [
    'a parameter problem of IPv6',
    icmpv6Error({ type: 'parameter-problem', code: 1, pointer: 40 }),
    ['[icmp6 sum ok] ICMP6, parameter problem, next header - octet 40'],
  ],
  [
    'a router advertisement',
    icmpv6(
      frames.buildRouterAdvertisement({
        source: LINK_LOCAL,
        destination: ALL_NODES,
        managed: true,
        routerLifetime: 1800,
        options: [
          { kind: 'source-mac', mac: A.mac },
          { kind: 'mtu', mtu: 1400 },
          {
            kind: 'prefix',
            prefix: frames.parseIpAddress('2001:db8::'),
            length: 64,
            onLink: true,
            autonomous: true,
            validLifetime: 7200,
            preferredLifetime: 0xffffffff,
          },
        ],
      }),
      ALL_NODES,
    ),
    [
      '[icmp6 sum ok] ICMP6, router advertisement',
      'hop limit 64, Flags [managed], pref medium, router lifetime 1800s',
      'source link-address option (1), length 8 (1): 02:00:5e:00:53:01',
      'mtu option (5), length 8 (1): 1400',
      'prefix info option (3), length 32 (4): 2001:db8::/64, Flags [onlink, auto], valid time 7200s, ' +
        'pref. time infinity',
    ],
  ],
  [
    'an MLD report',
    mldReport(),
    [
      'HBH (rtalert: 0x0000)',
      'multicast listener report v2, 1 group record(s) [gaddr ff02::1:ff00:2 to_ex',
    ],
  ],
  [
    'a fragment of IPv6',
    ethernet(
      frames.ETH_P_IPV6,
      ipv6(
        frames.IPPROTO_FRAGMENT,
        frames.buildIpv6Fragment({
          nextHeader: frames.IPPROTO_UDP,
          identification: 0xdeadbeef,
          fragmentOffset: 1448,
          moreFragments: true,
          payload: new Uint8Array(16),
        }),
      ),
    ),
    ['frag (0xdeadbeef:1448|16)'],
  ],
  [
    'a router alert of IPv4',
    ethernet(
      frames.ETH_P_IP,
      ipv4(frames.IPPROTO_UDP, frames.buildUdp({ ...udp, ...addresses4 }), {
        options: frames.buildIpv4Options([{ kind: 'router-alert', value: 0 }]),
      }),
    ),
    ['options (RA))', '[udp sum ok]'],
  ],
])('tcpdump reads %s', ([, frame, expected], ctx) => {
  const printed = judge(ctx, frame);
  for (const part of expected) expect(printed).toContain(part);
  expect(printed).not.toMatch(COMPLAINT);
});

test.for<readonly [string, Uint8Array, number]>([
  ['an IPv4 header', echo4, 24],
  ['an ICMP message', echo4, 36],
  ['an ICMPv6 message', echo6, 56],
])('tcpdump complains when the checksum of %s is wrong', ([, frame, at], ctx) => {
  const wrong = frame.slice();
  wrong[at] = frame[at]! ^ 0xff;
  expect(judge(ctx, wrong)).toMatch(COMPLAINT);
});

test.for<readonly [string, Uint8Array]>([
  ['an ARP request', arp],
  ['an ARP reply', answer(arp)],
  ['ICMP echo', echo4],
  ['ICMPv6 echo', echo6],
  ['a neighbour solicitation', solicitation(A.ipv6, A.mac)],
  ['a neighbour advertisement', answer(solicitation(A.ipv6, A.mac))],
  ['UDP', completed()],
  ['packet too big', icmpv6Error({ type: 'packet-too-big', mtu: 1300 })],
  ['an MLD report', mldReport()],
  [
    'TCP',
    ethernet(frames.ETH_P_IP, ipv4(frames.IPPROTO_TCP, frames.buildTcp({ ...tcp, ...addresses4 }))),
  ],
])('describeFrame says what tcpdump says of %s', ([, frame], ctx) => {
  expect(frames.describeFrame(frame)).toBe(judge(ctx, frame, ['-S']));
});
