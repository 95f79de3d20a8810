import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import * as captured from './captured.ts';
import { A, B, hex, toHex } from './captured.ts';
import { pseudoHeader, referenceChecksum } from './reference.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const payload = fc.uint8Array({ maxLength: 120 });

/** Every reader of the package, over the same three arguments. */
const readers = [
  frames.readEthernet,
  frames.readArp,
  frames.readIpv4,
  frames.readIpv6,
  frames.readIcmpEcho,
  frames.readIcmpv6Echo,
  frames.readNeighbourDiscovery,
  frames.readUdp,
];

describe('Ethernet', () => {
  test('a captured frame', () => {
    const header = frames.readEthernet(captured.ARP_REPLY)!;
    expect(header).toMatchObject({ etherType: 0x0806, payloadOffset: 14, payloadLength: 28 });
    expect(toHex(header.destination)).toBe('02005e005301');
    expect(toHex(header.source)).toBe('02005e005302');
    expect(header.vlan).toBeUndefined();
  });

  test('a tagged frame: VLAN 5, priority 3', () => {
    const frame = hex('ffffffffffff 02005e005301 8100 6005 0806 0001');
    const header = frames.readEthernet(frame)!;
    expect(header).toMatchObject({ etherType: 0x0806, payloadOffset: 18, payloadLength: 2 });
    expect(header.vlan).toEqual({
      identifier: 5,
      priority: 3,
      dropEligible: false,
      protocol: 0x8100,
    });
  });

  test('two tags: the outer one, and the inner one is the payload', () => {
    const frame = hex('ffffffffffff 02005e005301 88a8 f064 8100 00c8 0800');
    const header = frames.readEthernet(frame)!;
    expect(header).toMatchObject({ etherType: 0x8100, payloadOffset: 18 });
    expect(header.vlan).toEqual({
      identifier: 100,
      priority: 7,
      dropEligible: true,
      protocol: 0x88a8,
    });
  });

  test('too short: below 14 bytes, or below 18 with a tag', () => {
    expect(frames.readEthernet(captured.ARP_REPLY.subarray(0, 13))).toBeUndefined();
    const tagged = hex('ffffffffffff 02005e005301 8100 6005 08');
    expect(frames.readEthernet(tagged)).toBeUndefined();
    expect(frames.readEthernet(new Uint8Array(64), 60)).toBeUndefined();
    expect(frames.readEthernet(new Uint8Array(64), 0, 65)).toBeUndefined();
    expect(frames.readEthernet(new Uint8Array(64), -1, 20)).toBeUndefined();
  });

  test('the built frame, byte by byte, padded when asked', () => {
    const fields = { destination: B.mac, source: A.mac, etherType: 0x88b5, payload: hex('0102') };
    expect(toHex(frames.buildEthernet(fields))).toBe('02005e00530202005e00530188b50102');
    const vlan = { identifier: 0xabc, priority: 5, dropEligible: true };
    expect(toHex(frames.buildEthernet({ ...fields, vlan }))).toBe(
      '02005e00530202005e0053018100babc88b50102',
    );
    const padded = frames.buildEthernet({ ...fields, minimumLength: 60 });
    expect(toHex(padded)).toBe('02005e00530202005e00530188b50102'.padEnd(120, '0'));
  });

  test('reading gives what was built', () => {
    const vlan = fc.record({
      identifier: fc.nat(0xfff),
      priority: fc.nat(7),
      dropEligible: fc.boolean(),
      protocol: fc.constantFrom(0x8100, 0x88a8),
    });
    const fields = fc.record({
      destination: bytes(6),
      source: bytes(6),
      etherType: u16.filter((type) => type !== 0x8100 && type !== 0x88a8),
      vlan: fc.option(vlan, { nil: undefined }),
      payload,
    });
    fc.assert(
      fc.property(fields, fc.nat(40), (given, before) => {
        const built = frames.buildEthernet(given);
        const slab = new Uint8Array(before + built.length + 7).fill(0x81);
        slab.set(built, before);
        const header = frames.readEthernet(slab, before, built.length)!;
        const { destination, source, etherType, vlan: tag } = header;
        const end = header.payloadOffset + header.payloadLength;
        const read = { destination, source, etherType, vlan: tag };
        expect({ ...read, payload: slab.slice(header.payloadOffset, end) }).toEqual(given);
      }),
    );
  });
});

describe('ARP', () => {
  test('captured packets', () => {
    const request = frames.readArp(captured.ARP_REQUEST, 14)!;
    expect(request.operation).toBe('request');
    expect(toHex(request.senderMac)).toBe(toHex(A.mac));
    expect(toHex(request.senderIp)).toBe(toHex(A.ipv4));
    expect(toHex(request.targetMac)).toBe('000000000000');
    expect(toHex(request.targetIp)).toBe(toHex(B.ipv4));
    expect(frames.readArp(captured.ARP_REPLY, 14)!.operation).toBe('reply');
  });

  test('built, they are the captured ones', () => {
    const request = frames.buildArp({
      operation: 'request',
      senderMac: A.mac,
      senderIp: A.ipv4,
      targetIp: B.ipv4,
    });
    expect(toHex(request)).toBe(toHex(captured.ARP_REQUEST.subarray(14)));
    const reply = frames.buildArp({
      operation: 'reply',
      senderMac: B.mac,
      senderIp: B.ipv4,
      targetMac: A.mac,
      targetIp: A.ipv4,
    });
    expect(toHex(reply)).toBe(toHex(captured.ARP_REPLY.subarray(14)));
  });

  test.each([
    ['hardware', 1, 6],
    ['protocol', 2, 0x86],
    ['hardware length', 4, 8],
    ['protocol length', 5, 16],
    ['operation', 7, 3],
    ['operation (high byte)', 6, 1],
  ])('another %s is not read', (_, at, value) => {
    const packet = captured.ARP_REQUEST.slice(14);
    packet[at] = value;
    expect(frames.readArp(packet)).toBeUndefined();
  });
});

describe('IPv4', () => {
  test('a captured header', () => {
    const header = frames.readIpv4(captured.ECHO_REQUEST, 14)!;
    expect(header).toMatchObject({
      headerLength: 20,
      typeOfService: 0,
      totalLength: 46,
      identification: 49238,
      dontFragment: true,
      moreFragments: false,
      fragmentOffset: 0,
      timeToLive: 64,
      protocol: 1,
      checksum: 0xf674,
      payloadOffset: 34,
      payloadLength: 26,
    });
    expect(toHex(header.source)).toBe(toHex(A.ipv4));
    expect(toHex(header.destination)).toBe(toHex(B.ipv4));
    expect(header.options).toHaveLength(0);
  });

  test('a captured header with options', () => {
    const header = frames.readIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 14)!;
    expect(header).toMatchObject({ headerLength: 60, payloadOffset: 74, payloadLength: 64 });
    expect(toHex(header.options)).toBe('01072708c0000201'.padEnd(80, '0'));
  });

  test('the length is the packet’s, not the padded frame’s', () => {
    const frame = new Uint8Array(80);
    frame.set(captured.ECHO_REQUEST);
    expect(frames.readIpv4(frame, 14)).toMatchObject({ totalLength: 46, payloadLength: 26 });
  });

  test.each([
    ['version 6', 0, 0x65],
    ['a header of 16 bytes', 0, 0x44],
    ['a header longer than the packet', 0, 0x4c],
    ['a packet longer than what is there', 3, 47],
    ['a packet shorter than its header', 3, 19],
  ])('%s is not read', (_, at, value) => {
    const packet = captured.ECHO_REQUEST.slice(14);
    packet[at] = value;
    expect(frames.readIpv4(packet)).toBeUndefined();
  });

  test('built, it is the captured one', () => {
    const packet = frames.buildIpv4({
      source: A.ipv4,
      destination: B.ipv4,
      protocol: 1,
      identification: 49239,
      dontFragment: true,
      options: hex('01072708c0000201'.padEnd(80, '0')),
      payload: captured.ECHO_REQUEST_RECORD_ROUTE.subarray(74),
    });
    expect(toHex(packet)).toBe(toHex(captured.ECHO_REQUEST_RECORD_ROUTE.subarray(14)));
  });

  test('reading gives what was built, and the reference agrees on the checksum', () => {
    const fields = fc.record({
      source: bytes(4),
      destination: bytes(4),
      protocol: u8,
      typeOfService: u8,
      identification: u16,
      dontFragment: fc.boolean(),
      moreFragments: fc.boolean(),
      fragmentOffset: fc.nat(0x1fff).map((units) => units * 8),
      timeToLive: u8,
      options: fc.nat(10).chain((words) => bytes(words * 4)),
      payload,
    });
    fc.assert(
      fc.property(fields, (given) => {
        const packet = frames.buildIpv4(given);
        const header = frames.readIpv4(packet)!;
        const { source, destination, options } = header;
        const { payload: data, ...numbers } = given;
        expect({ ...header, source, destination, options }).toMatchObject(numbers);
        expect(packet.slice(header.payloadOffset)).toEqual(data);
        const unfilled = packet.slice(0, header.headerLength);
        unfilled.fill(0, 10, 12);
        expect(header.checksum).toBe(referenceChecksum(unfilled));
      }),
    );
  });

  test('refuses what does not fit', () => {
    const fields = { source: A.ipv4, destination: B.ipv4, protocol: 1 };
    const fails = (more: object): void => {
      expect(() => frames.buildIpv4({ ...fields, ...more })).toThrow(outOfRange);
    };
    fails({ source: A.ipv6 });
    fails({ protocol: 256 });
    fails({ fragmentOffset: 4 });
    fails({ fragmentOffset: 65536 });
    fails({ options: new Uint8Array(3) });
    fails({ options: new Uint8Array(44) });
    fails({ payload: new Uint8Array(65516) });
    fails({ timeToLive: -1 });
    fails({ identification: 1.5 });
    expect(frames.buildIpv4({ ...fields, payload: new Uint8Array(65515) })).toHaveLength(65535);
  });
});

describe('IPv6', () => {
  test('a captured header', () => {
    const header = frames.readIpv6(captured.ECHO6_REQUEST, 14)!;
    expect(header).toMatchObject({
      trafficClass: 0,
      flowLabel: 0x34050,
      nextHeader: 58,
      hopLimit: 64,
      payloadOffset: 54,
      payloadLength: 25,
    });
    expect(toHex(header.source)).toBe(toHex(A.ipv6));
    expect(toHex(header.destination)).toBe(toHex(B.ipv6));
  });

  test('another version, or more than is there, is not read', () => {
    const packet = captured.ECHO6_REQUEST.slice(14);
    expect(frames.readIpv6(packet.subarray(0, packet.length - 1))).toBeUndefined();
    packet[0] = 0x40;
    expect(frames.readIpv6(packet)).toBeUndefined();
  });

  test('reading gives what was built', () => {
    const fields = fc.record({
      source: bytes(16),
      destination: bytes(16),
      nextHeader: u8,
      hopLimit: u8,
      trafficClass: u8,
      flowLabel: fc.nat(0xfffff),
      payload,
    });
    fc.assert(
      fc.property(fields, (given) => {
        const packet = frames.buildIpv6(given);
        const header = frames.readIpv6(packet)!;
        const { source, destination } = header;
        const { payload: data, ...numbers } = given;
        expect({ ...header, source, destination }).toMatchObject(numbers);
        expect(packet.slice(header.payloadOffset)).toEqual(data);
      }),
    );
  });

  test('built, it is the captured one', () => {
    const packet = frames.buildIpv6({
      source: A.ipv6,
      destination: B.ipv6,
      nextHeader: 58,
      flowLabel: 0x34050,
      payload: captured.ECHO6_REQUEST.subarray(54),
    });
    expect(toHex(packet)).toBe(toHex(captured.ECHO6_REQUEST.subarray(14)));
  });
});

describe('echo', () => {
  test('captured ICMP messages, read and built', () => {
    const request = frames.readIcmpEcho(captured.ECHO_REQUEST, 34)!;
    expect(request).toMatchObject({
      type: 'request',
      checksum: 0x623f,
      identifier: 8633,
      sequence: 1,
      payloadOffset: 42,
      payloadLength: 18,
    });
    const reply = frames.buildIcmpEcho({
      type: 'reply',
      identifier: 8633,
      sequence: 1,
      payload: captured.ECHO_REQUEST.subarray(request.payloadOffset),
    });
    expect(toHex(reply)).toBe(toHex(captured.ECHO_REPLY.subarray(34)));
  });

  test('captured ICMPv6 messages, read and built', () => {
    const request = frames.readIcmpv6Echo(captured.ECHO6_REQUEST, 54)!;
    expect(request).toMatchObject({ type: 'request', identifier: 8635, payloadLength: 17 });
    const reply = frames.buildIcmpv6Echo({
      source: B.ipv6,
      destination: A.ipv6,
      type: 'reply',
      identifier: 8635,
      sequence: 1,
      payload: captured.ECHO6_REQUEST.subarray(request.payloadOffset),
    });
    expect(toHex(reply)).toBe(toHex(captured.ECHO6_REPLY.subarray(54)));
  });

  test('one family’s types are not the other’s, nor is another code an echo', () => {
    expect(frames.readIcmpEcho(captured.ECHO6_REQUEST, 54)).toBeUndefined();
    expect(frames.readIcmpv6Echo(captured.ECHO_REQUEST, 34)).toBeUndefined();
    const message = captured.ECHO_REQUEST.slice(34);
    message[1] = 1;
    expect(frames.readIcmpEcho(message)).toBeUndefined();
    expect(frames.readIcmpEcho(captured.ECHO_REQUEST, 34, 7)).toBeUndefined();
  });

  test('reading gives what was built, and the reference agrees on the checksum', () => {
    const fields = fc.record({
      type: fc.constantFrom<'request' | 'reply'>('request', 'reply'),
      identifier: u16,
      sequence: u16,
      payload,
      source: bytes(16),
      destination: bytes(16),
    });
    fc.assert(
      fc.property(fields, (given) => {
        const { type, identifier, sequence, source, destination } = given;
        const icmp = frames.buildIcmpEcho(given);
        const icmpv6 = frames.buildIcmpv6Echo(given);
        const expected = { type, identifier, sequence, payloadLength: given.payload.length };
        expect(frames.readIcmpEcho(icmp)).toMatchObject(expected);
        expect(frames.readIcmpv6Echo(icmpv6)).toMatchObject(expected);
        const before = pseudoHeader(source, destination, 58, icmpv6.length);
        expect(referenceChecksum(icmp)).toBe(0);
        expect(referenceChecksum(before, icmpv6)).toBe(0);
      }),
    );
  });

  test('a reply of nothing but zeros has the checksum ffff', () => {
    const reply = frames.buildIcmpEcho({ type: 'reply', identifier: 0, sequence: 0 });
    expect(toHex(reply)).toBe('0000ffff00000000');
  });
});

describe('neighbour discovery', () => {
  test('captured messages', () => {
    const solicitation = frames.readNeighbourDiscovery(captured.SOLICITATION, 54)!;
    expect(solicitation).toMatchObject({ type: 'solicitation', checksum: 0x6b26 });
    expect(toHex(solicitation.target)).toBe(toHex(B.ipv6));
    expect(toHex(solicitation.mac!)).toBe(toHex(A.mac));
    const advertisement = frames.readNeighbourDiscovery(captured.ADVERTISEMENT, 54)!;
    expect(advertisement).toMatchObject({
      type: 'advertisement',
      router: false,
      solicited: true,
      override: true,
    });
    expect(toHex(advertisement.target)).toBe(toHex(B.ipv6));
    expect(toHex(advertisement.mac!)).toBe(toHex(B.mac));
    // A nonce is another option than the one asked for.
    expect(frames.readNeighbourDiscovery(captured.SOLICITATION_DUPLICATE, 54)!.mac).toBe(undefined);
  });

  test('built, they are the captured ones', () => {
    const solicitation = frames.buildNeighbourSolicitation({
      source: A.ipv6,
      target: B.ipv6,
      mac: A.mac,
    });
    expect(toHex(solicitation)).toBe(toHex(captured.SOLICITATION.subarray(54)));
    const advertisement = frames.buildNeighbourAdvertisement({
      source: B.ipv6,
      destination: A.ipv6,
      target: B.ipv6,
      mac: B.mac,
      solicited: true,
      override: true,
    });
    expect(toHex(advertisement)).toBe(toHex(captured.ADVERTISEMENT.subarray(54)));
    const unicast = frames.buildNeighbourSolicitation({
      source: frames.parseIpAddress('fe80::5eff:fe00:5302'),
      destination: A.ipv6,
      target: A.ipv6,
      mac: B.mac,
    });
    expect(toHex(unicast)).toBe(toHex(captured.SOLICITATION_UNICAST.subarray(54)));
  });

  test.each([
    ['router', 0x80],
    ['solicited', 0x40],
    ['override', 0x20],
  ] as const)('the %s flag is %s', (flag, bit) => {
    const message = frames.buildNeighbourAdvertisement({
      source: B.ipv6,
      destination: A.ipv6,
      target: B.ipv6,
      [flag]: true,
    });
    expect(message[4]).toBe(bit);
    const none = { router: false, solicited: false, override: false };
    expect(frames.readNeighbourDiscovery(message)).toMatchObject({ ...none, [flag]: true });
  });

  test.each([
    ['of length zero', '0100 0000 0000 0000'],
    ['of length zero behind a good one', '0101 0200 5e00 5301 0500 0000 0000 0000'],
    ['beyond the message', '0102 0200 5e00 5301'],
    ['of another type beyond the message', '0502 0200 5e00 5301'],
    ['cut off', '0101 0200 5e00'],
    ['cut off after its type', '05'],
    ['of two units for a MAC address', '0102 0200 5e00 5301 0000 0000 0000 0000'],
  ])('an option %s is refused', (_, option) => {
    const message = Uint8Array.of(...captured.SOLICITATION.subarray(54, 78), ...hex(option));
    expect(frames.readNeighbourDiscovery(message)).toBeUndefined();
  });

  test('what are flags in an advertisement is reserved in a solicitation', () => {
    const message = captured.SOLICITATION.slice(54);
    message[4] = 0xe0;
    const flags = { router: false, solicited: false, override: false };
    expect(frames.readNeighbourDiscovery(message)).toMatchObject(flags);
  });

  test('options before the MAC address are passed over, the first MAC address counts', () => {
    const options = hex(`0e01 408c 5446 884c fd02 ${'00'.repeat(14)}
      0101 0200 5e00 5301 0101 0200 5e00 5309`);
    const message = Uint8Array.of(...captured.SOLICITATION.subarray(54, 78), ...options);
    expect(toHex(frames.readNeighbourDiscovery(message)!.mac!)).toBe(toHex(A.mac));
  });

  test('a multicast target, another code, another type, too few bytes are refused', () => {
    const message = captured.SOLICITATION.slice(54);
    const changed = (at: number, value: number): Uint8Array => {
      const copy = message.slice();
      copy[at] = value;
      return copy;
    };
    expect(frames.readNeighbourDiscovery(changed(8, 0xff))).toBeUndefined();
    expect(frames.readNeighbourDiscovery(changed(1, 1))).toBeUndefined();
    expect(frames.readNeighbourDiscovery(changed(0, 134))).toBeUndefined();
    expect(frames.readNeighbourDiscovery(message, 0, 23)).toBeUndefined();
    expect(frames.readNeighbourDiscovery(message, 0, 24)).toBeDefined();
  });
});

describe('UDP', () => {
  test('a captured datagram', () => {
    const ip = frames.readIpv4(captured.UDP, 14)!;
    const header = frames.readUdp(captured.UDP, ip.payloadOffset, ip.payloadLength)!;
    expect(header).toMatchObject({
      sourcePort: 4096,
      destinationPort: 9,
      checksum: 0x8422,
      payloadOffset: 42,
      payloadLength: 5,
    });
  });

  test('built, its checksum is the one that tcpdump wanted', () => {
    const fields = { sourcePort: 4096, destinationPort: 9, payload: hex('72 74 61 70 21') };
    const ipv4 = frames.buildUdp({ ...fields, source: A.ipv4, destination: B.ipv4 });
    expect(toHex(ipv4)).toBe('10000009000d76e27274617021');
    const ipv6 = frames.buildUdp({ ...fields, source: A.ipv6, destination: B.ipv6 });
    expect(toHex(ipv6)).toBe('10000009000d9f717274617021');
  });

  test('a checksum that comes out as zero is written as ffff (RFC 768)', () => {
    const fields = { source: A.ipv4, destination: B.ipv4, sourcePort: 4096, destinationPort: 9 };
    const without = frames.buildUdp({ ...fields, payload: hex('0000') });
    // A payload of the checksum itself makes the sum ffff.
    const zero = frames.buildUdp({ ...fields, payload: without.slice(6, 8) });
    expect(toHex(zero.subarray(6, 8))).toBe('ffff');
    expect(referenceChecksum(pseudoHeader(A.ipv4, B.ipv4, 17, 10), zero)).toBe(0);
  });

  test('the datagram’s own length counts, within what is there', () => {
    const datagram = hex('1000 0009 000a 0000 0102 ffff');
    expect(frames.readUdp(datagram)).toMatchObject({ payloadLength: 2 });
    expect(frames.readUdp(datagram, 0, 9)).toBeUndefined();
    datagram[5] = 7;
    expect(frames.readUdp(datagram)).toBeUndefined();
  });

  test('reading gives what was built, and the reference agrees on the checksum', () => {
    const addresses = fc.constantFrom(4, 16).chain((n) => fc.tuple(bytes(n), bytes(n)));
    fc.assert(
      fc.property(addresses, u16, u16, payload, (pair, sourcePort, destinationPort, data) => {
        const [source, destination] = pair;
        const ports = { sourcePort, destinationPort };
        const datagram = frames.buildUdp({ source, destination, ...ports, payload: data });
        const expected = { ...ports, payloadOffset: 8, payloadLength: data.length };
        expect(frames.readUdp(datagram)).toMatchObject(expected);
        const before = pseudoHeader(source, destination, 17, datagram.length);
        expect(referenceChecksum(before, datagram)).toBe(0);
      }),
    );
  });
});

describe('all readers', () => {
  const packets = Object.values(captured).filter((value) => value instanceof Uint8Array);

  test('give nothing or what lies within the range, for any bytes cut anywhere', () => {
    const sample = fc.oneof(fc.constantFrom(...packets), fc.uint8Array({ maxLength: 120 }));
    fc.assert(
      fc.property(sample, fc.nat(120), fc.nat(140), fc.nat(), (packet, from, length, noise) => {
        const slab = packet.slice();
        if (slab.length > 0) slab[noise % slab.length] = noise >>> 8;
        for (const read of readers) {
          const header = read(slab, from, length);
          if (header === undefined) continue;
          expect(from + length).toBeLessThanOrEqual(slab.length);
          if (!('payloadLength' in header)) continue;
          expect(header.payloadLength).toBeGreaterThanOrEqual(0);
          expect(header.payloadOffset + header.payloadLength).toBeLessThanOrEqual(from + length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('an address asked of a header that read nothing is empty', () => {
    expect(new frames.EthernetHeader().source).toHaveLength(0);
    expect(new frames.EthernetHeader().vlan).toBeUndefined();
  });

  test('a header serves again, and keeps what it had when there is nothing to read', () => {
    const header = new frames.Ipv4Header();
    expect(header.read(captured.ECHO_REQUEST, 14)).toBe(true);
    expect(header.read(captured.ECHO6_REQUEST, 14)).toBe(false);
    expect(header.identification).toBe(49238);
    expect(header.read(captured.ECHO_REPLY, 14)).toBe(true);
    expect(toHex(header.source)).toBe(toHex(B.ipv4));
  });

  test('the headers’ pseudo-header sums verify the captured checksums', () => {
    const ip = frames.readIpv6(captured.ECHO6_REPLY, 14)!;
    const { payloadOffset, payloadLength, pseudoHeaderSum } = ip;
    const of = (frame: Uint8Array): number =>
      frames.checksum(frame, payloadOffset, payloadLength, pseudoHeaderSum);
    expect(of(captured.ECHO6_REPLY)).toBe(0);
    const wrong = captured.ECHO6_REPLY.slice();
    wrong[wrong.length - 1] = 0x11;
    expect(of(wrong)).not.toBe(0);
    const ipv4 = frames.readIpv4(captured.UDP, 14)!;
    expect(frames.checksum(captured.UDP, 0, 0, ipv4.pseudoHeaderSum)).toBe(0xffff - 0x8422);
  });
});
