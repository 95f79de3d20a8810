import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import * as captured from './captured.ts';
import { A, B, hex, toHex } from './captured.ts';
import { pseudoHeader, referenceChecksum } from './reference.ts';

/** The answer to a frame, which stays as it is; undefined when there is none and nothing changed. */
function answerTo(
  frame: Uint8Array,
  host: frames.ResponderHost,
  room = frame.length,
): Uint8Array | undefined {
  const slab = new Uint8Array(room);
  slab.set(frame);
  const length = frames.respond(slab, host, 0, frame.length, room);
  if (length > 0) return slab.subarray(0, length);
  expect(toHex(slab.subarray(0, frame.length))).toBe(toHex(frame));
  return undefined;
}

/** A copy with bytes written over it. */
function patched(frame: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = frame.slice();
  copy.set(values, at);
  return copy;
}

/** An IPv4 frame whose header checksum is made right again by the reference. */
function patchedIpv4(frame: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = patched(patched(frame, at, ...values), 24, 0, 0);
  const sum = referenceChecksum(copy.subarray(14, 14 + (copy[14]! & 15) * 4));
  return patched(copy, 24, sum >> 8, sum & 0xff);
}

/** An ICMPv6 frame with its checksum made right again by the reference. */
function patchedIcmpv6(frame: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = patched(patched(frame, at, ...values), 56, 0, 0);
  const message = copy.subarray(54, 54 + copy[19]!);
  const before = pseudoHeader(copy.subarray(22, 38), copy.subarray(38, 54), 58, message.length);
  const sum = referenceChecksum(before, message);
  return patched(copy, 56, sum >> 8, sum & 0xff);
}

/** A frame with an 802.1Q tag put in. */
function tagged(frame: Uint8Array, tag: string): Uint8Array {
  return Uint8Array.of(...frame.subarray(0, 12), ...hex(tag), ...frame.subarray(12));
}

/** A frame with bytes put behind it. */
function padded(frame: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length).fill(0xa5);
  copy.set(frame);
  return copy;
}

/** A neighbour solicitation of any kind in its frame. */
function solicitation(
  source: Uint8Array,
  options: { destination?: Uint8Array; mac?: Uint8Array } = {},
): Uint8Array {
  const destination = options.destination ?? frames.solicitedNodeAddress(B.ipv6);
  const multicast = destination[0] === 0xff;
  return frames.buildEthernet({
    destination: multicast ? frames.multicastMacAddress(destination) : B.mac,
    source: A.mac,
    etherType: frames.ETH_P_IPV6,
    payload: frames.buildIpv6({
      source,
      destination,
      nextHeader: frames.IPPROTO_ICMPV6,
      hopLimit: 255,
      payload: frames.buildNeighbourSolicitation({ source, target: B.ipv6, ...options }),
    }),
  });
}

const NOBODY = new Uint8Array(16);

describe('ARP', () => {
  test('is answered as Linux does, byte for byte', () => {
    expect(toHex(answerTo(captured.ARP_REQUEST, B)!)).toBe(toHex(captured.ARP_REPLY));
  });

  test('to our own MAC address, padded or tagged, is answered too', () => {
    const unicast = patched(captured.ARP_REQUEST, 0, ...B.mac);
    expect(toHex(answerTo(unicast, B)!)).toBe(toHex(captured.ARP_REPLY));
    expect(toHex(answerTo(padded(captured.ARP_REQUEST, 60), B)!)).toBe(toHex(captured.ARP_REPLY));
    const tag = '8100 e007';
    expect(toHex(answerTo(tagged(captured.ARP_REQUEST, tag), B)!)).toBe(
      toHex(tagged(captured.ARP_REPLY, tag)),
    );
  });

  test('of a probe (RFC 5227) is answered to the prober', () => {
    const answer = answerTo(patched(captured.ARP_REQUEST, 28, 0, 0, 0, 0), B)!;
    expect(toHex(answer.subarray(0, 6))).toBe(toHex(A.mac));
    expect(toHex(answer.subarray(38))).toBe('00000000');
  });

  test.each<[string, Uint8Array]>([
    ['a reply', captured.ARP_REPLY],
    ['for another address', patched(captured.ARP_REQUEST, 41, 3)],
    ['to another MAC address', patched(captured.ARP_REQUEST, 0, 2, 0, 0x5e, 0, 0x53, 3)],
    ['to a group', patched(captured.ARP_REQUEST, 0, 0x33, 0x33, 0, 0, 0, 1)],
    ['from a group', patched(captured.ARP_REQUEST, 6, 3)],
    ['in the name of a group', patched(captured.ARP_REQUEST, 22, 3)],
    ['from ourselves', patched(captured.ARP_REQUEST, 6, ...B.mac)],
    ['cut off', captured.ARP_REQUEST.subarray(0, 41)],
    ['for other hardware', patched(captured.ARP_REQUEST, 15, 6)],
    ['in two tags', tagged(tagged(captured.ARP_REQUEST, '8100 0007'), '8100 0008')],
    ['in a service tag', tagged(captured.ARP_REQUEST, '88a8 0007')],
  ])('%s is not answered', (_, frame) => {
    expect(answerTo(frame, B)).toBeUndefined();
  });

  test('is not answered by a host without IPv4', () => {
    expect(answerTo(captured.ARP_REQUEST, { mac: B.mac, ipv6: B.ipv6 })).toBeUndefined();
  });
});

describe('ICMP echo', () => {
  test('is answered as Linux does, but for the IP identification and DF of the request', () => {
    const linux = patchedIpv4(captured.ECHO_REPLY, 18, 0xc0, 0x56, 0x40, 0x00);
    expect(toHex(answerTo(captured.ECHO_REQUEST, B)!)).toBe(toHex(linux));
  });

  test('has a TTL of 64, whatever the request had', () => {
    const answer = answerTo(patchedIpv4(captured.ECHO_REQUEST, 22, 1), B)!;
    expect(frames.readIpv4(answer, 14)!.timeToLive).toBe(64);
  });

  test('has the reserved flag cleared', () => {
    const answer = answerTo(patchedIpv4(captured.ECHO_REQUEST, 20, 0xc0), B)!;
    expect(answer[20]).toBe(0x40);
  });

  test('with options is answered without them', () => {
    const answer = answerTo(captured.ECHO_REQUEST_RECORD_ROUTE, B)!;
    expect(answer).toHaveLength(98);
    const ip = frames.readIpv4(answer, 14)!;
    expect(ip).toMatchObject({ headerLength: 20, totalLength: 84 });
    expect(referenceChecksum(answer.subarray(14, 34))).toBe(0);
    expect(referenceChecksum(answer.subarray(34))).toBe(0);
    expect(toHex(answer.subarray(42))).toBe(toHex(captured.ECHO_REQUEST_RECORD_ROUTE.subarray(82)));
  });

  test('in a padded frame is answered by the length of the IP header', () => {
    const answer = answerTo(captured.ECHO_REQUEST, B)!;
    expect(toHex(answerTo(padded(captured.ECHO_REQUEST, 75), B)!)).toBe(toHex(answer));
  });

  test('in a tagged frame is answered with the tag', () => {
    const answer = answerTo(captured.ECHO_REQUEST, B)!;
    const tag = '8100 2fff';
    expect(toHex(answerTo(tagged(captured.ECHO_REQUEST, tag), B)!)).toBe(
      toHex(tagged(answer, tag)),
    );
  });

  test.each<[string, Uint8Array]>([
    ['to broadcast', captured.ECHO_REQUEST_BROADCAST],
    ['to the broadcast MAC address', patched(captured.ECHO_REQUEST, 0, ...Array(6).fill(0xff))],
    ['to another MAC address', patched(captured.ECHO_REQUEST, 5, 3)],
    ['to another address', patchedIpv4(captured.ECHO_REQUEST, 33, 3)],
    ['to a group', patchedIpv4(captured.ECHO_REQUEST, 30, 224, 0, 0, 1)],
    ['from broadcast', patchedIpv4(captured.ECHO_REQUEST, 26, 255, 255, 255, 255)],
    ['from a group', patchedIpv4(captured.ECHO_REQUEST, 26, 224, 0, 0, 1)],
    ['from nobody', patchedIpv4(captured.ECHO_REQUEST, 26, 0, 0, 0, 0)],
    ['from a loopback address', patchedIpv4(captured.ECHO_REQUEST, 26, 127, 0, 0, 1)],
    ['a first fragment', patchedIpv4(captured.ECHO_REQUEST, 20, 0x20, 0)],
    ['a later fragment', patchedIpv4(captured.ECHO_REQUEST, 20, 0, 1)],
    ['a wrong header checksum', patched(captured.ECHO_REQUEST, 22, 63)],
    ['a wrong message checksum', patched(captured.ECHO_REQUEST, 59, 0x12)],
    ['a reply', patched(captured.ECHO_REPLY, 0, ...B.mac)],
    ['another protocol', patchedIpv4(captured.ECHO_REQUEST, 23, 17)],
    ['longer than the frame', patchedIpv4(captured.ECHO_REQUEST, 17, 47)],
    ['cut off', captured.ECHO_REQUEST.subarray(0, 59)],
    ['a loose source route', patchedIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 35, 131)],
    ['a strict source route', patchedIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 35, 137)],
    ['an option of length 0', patchedIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 36, 0)],
    ['an option of length 1', patchedIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 36, 1)],
    ['an option beyond the header', patchedIpv4(captured.ECHO_REQUEST_RECORD_ROUTE, 36, 40)],
  ])('%s is not answered', (_, frame) => {
    expect(answerTo(frame, B)).toBeUndefined();
  });

  test('of a message too short for an echo is not answered', () => {
    const message = hex('0800 f7ff 0000');
    const frame = frames.buildEthernet({
      destination: B.mac,
      source: A.mac,
      etherType: frames.ETH_P_IP,
      payload: frames.buildIpv4({
        source: A.ipv4,
        destination: B.ipv4,
        protocol: 1,
        payload: message,
      }),
      minimumLength: 60,
    });
    expect(answerTo(frame, B)).toBeUndefined();
  });

  test('whose answer is nothing but zeros has the checksum ffff', () => {
    const frame = frames.buildEthernet({
      destination: B.mac,
      source: A.mac,
      etherType: frames.ETH_P_IP,
      payload: frames.buildIpv4({
        source: A.ipv4,
        destination: B.ipv4,
        protocol: 1,
        payload: frames.buildIcmpEcho({ type: 'request', identifier: 0, sequence: 0 }),
      }),
    });
    expect(toHex(answerTo(frame, B)!.subarray(34))).toBe('0000ffff00000000');
  });

  test('is answered for any payload, as the builder would have made it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1500 }),
        fc.nat(0xffff),
        fc.nat(10),
        (payload, identifier, words) => {
          const message = { identifier, sequence: 7, payload };
          const ip = { protocol: 1, identification: identifier };
          const options = new Uint8Array(words * 4).fill(1); // no operation
          const frame = frames.buildEthernet({
            destination: B.mac,
            source: A.mac,
            etherType: frames.ETH_P_IP,
            payload: frames.buildIpv4({
              ...ip,
              source: A.ipv4,
              destination: B.ipv4,
              options,
              payload: frames.buildIcmpEcho({ type: 'request', ...message }),
            }),
          });
          const expected = frames.buildEthernet({
            destination: A.mac,
            source: B.mac,
            etherType: frames.ETH_P_IP,
            payload: frames.buildIpv4({
              ...ip,
              source: B.ipv4,
              destination: A.ipv4,
              payload: frames.buildIcmpEcho({ type: 'reply', ...message }),
            }),
          });
          expect(toHex(answerTo(frame, B)!)).toBe(toHex(expected));
        },
      ),
    );
  });
});

describe('ICMPv6 echo', () => {
  test('is answered as Linux does, but for the flow label of the request', () => {
    const linux = patched(captured.ECHO6_REPLY, 14, ...captured.ECHO6_REQUEST.subarray(14, 18));
    expect(toHex(answerTo(captured.ECHO6_REQUEST, B)!)).toBe(toHex(linux));
    expect(toHex(answerTo(padded(captured.ECHO6_REQUEST, 90), B)!)).toBe(toHex(linux));
    const tag = '8100 0001';
    expect(toHex(answerTo(tagged(captured.ECHO6_REQUEST, tag), B)!)).toBe(
      toHex(tagged(linux, tag)),
    );
  });

  test('has a hop limit of 64, whatever the request had', () => {
    expect(answerTo(patched(captured.ECHO6_REQUEST, 21, 255), B)![21]).toBe(64);
  });

  test.each<[string, Uint8Array]>([
    ['to all nodes', captured.ECHO6_REQUEST_MULTICAST],
    ['to the MAC address of all nodes', patched(captured.ECHO6_REQUEST, 0, 0x33, 0x33)],
    ['to another address', patchedIcmpv6(captured.ECHO6_REQUEST, 53, 3)],
    ['from a group', patchedIcmpv6(captured.ECHO6_REQUEST, 22, 0xff)],
    ['from nobody', patchedIcmpv6(captured.ECHO6_REQUEST, 22, ...NOBODY)],
    ['from loopback', patchedIcmpv6(captured.ECHO6_REQUEST, 22, ...NOBODY.subarray(1), 1)],
    ['a wrong checksum', patched(captured.ECHO6_REQUEST, 78, 0x11)],
    ['another code', patchedIcmpv6(captured.ECHO6_REQUEST, 55, 1)],
    ['a fragment', patched(captured.ECHO6_REQUEST, 20, 44)],
    ['with hop-by-hop options', patched(captured.ECHO6_REQUEST, 20, 0)],
    ['cut off', captured.ECHO6_REQUEST.subarray(0, 78)],
    ['a length of 0', patched(captured.ECHO6_REQUEST, 18, 0, 0)],
    ['a reply', patched(captured.ECHO6_REPLY, 0, ...B.mac)],
  ])('%s is not answered', (_, frame) => {
    expect(answerTo(frame, B)).toBeUndefined();
  });

  test('is not answered by a host without IPv6', () => {
    expect(answerTo(captured.ECHO6_REQUEST, { mac: B.mac, ipv4: B.ipv4 })).toBeUndefined();
  });

  test('is answered for any payload, as the builder would have made it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), fc.nat(0xffff), (payload, sequence) => {
        const make = (type: 'request' | 'reply', from: typeof A, to: typeof A): Uint8Array =>
          frames.buildEthernet({
            destination: to.mac,
            source: from.mac,
            etherType: frames.ETH_P_IPV6,
            payload: frames.buildIpv6({
              source: from.ipv6,
              destination: to.ipv6,
              nextHeader: frames.IPPROTO_ICMPV6,
              payload: frames.buildIcmpv6Echo({
                source: from.ipv6,
                destination: to.ipv6,
                type,
                identifier: 1,
                sequence,
                payload,
              }),
            }),
          });
        expect(toHex(answerTo(make('request', A, B), B)!)).toBe(toHex(make('reply', B, A)));
      }),
    );
  });
});

describe('neighbour solicitation', () => {
  test('is answered as Linux does, byte for byte', () => {
    expect(toHex(answerTo(captured.SOLICITATION, B)!)).toBe(toHex(captured.ADVERTISEMENT));
    const tag = '8100 0007';
    expect(toHex(answerTo(tagged(captured.SOLICITATION, tag), B)!)).toBe(
      toHex(tagged(captured.ADVERTISEMENT, tag)),
    );
  });

  test('to our own address and MAC address is answered', () => {
    const answer = answerTo(captured.SOLICITATION_UNICAST, A)!;
    const message = frames.readNeighbourDiscovery(answer, 54)!;
    expect(message).toMatchObject({ type: 'advertisement', solicited: true, override: true });
    expect(toHex(message.mac!)).toBe(toHex(A.mac));
    const ip = frames.readIpv6(answer, 14)!;
    expect(ip.hopLimit).toBe(255);
    expect(frames.formatIpAddress(ip.destination)).toBe('fe80::5eff:fe00:5302');
    expect(frames.checksum(answer, 54, 32, ip.pseudoHeaderSum)).toBe(0);
  });

  test('goes to the MAC address that the solicitation tells, not the frame’s', () => {
    const mac = hex('02005e005344');
    const answer = answerTo(patchedIcmpv6(captured.SOLICITATION, 80, ...mac), B)!;
    expect(toHex(answer.subarray(0, 6))).toBe(toHex(mac));
  });

  test('is answered the same whatever its traffic class, flow label and reserved bits', () => {
    const frame = patched(captured.SOLICITATION, 14, 0x6c, 0x01, 0x23, 0x45);
    const reserved = patchedIcmpv6(frame, 58, 0xff, 0xff, 0xff, 0xff);
    expect(toHex(answerTo(reserved, B)!)).toBe(toHex(captured.ADVERTISEMENT));
  });

  /** RFC 4861 section 7.2.4: to all nodes, solicited flag 0, as the builders make it. */
  const toAllNodes = (): Uint8Array => {
    const destination = frames.parseIpAddress('ff02::1');
    return frames.buildEthernet({
      destination: hex('333300000001'),
      source: B.mac,
      etherType: frames.ETH_P_IPV6,
      payload: frames.buildIpv6({
        source: B.ipv6,
        destination,
        nextHeader: frames.IPPROTO_ICMPV6,
        hopLimit: 255,
        payload: frames.buildNeighbourAdvertisement({
          source: B.ipv6,
          destination,
          target: B.ipv6,
          mac: B.mac,
          override: true,
        }),
      }),
    });
  };

  test('for duplicates is answered to all nodes and as unsolicited', () => {
    const host = { ...B, mac: hex('02005e005307') };
    const expected = patchedIcmpv6(patched(toAllNodes(), 6, ...host.mac), 80, ...host.mac);
    expect(toHex(answerTo(captured.SOLICITATION_DUPLICATE, host)!)).toBe(toHex(expected));
  });

  test('without options makes a longer answer, if there is room', () => {
    const frame = solicitation(NOBODY);
    expect(frame).toHaveLength(78);
    expect(toHex(answerTo(frame, B, 86)!)).toBe(toHex(toAllNodes()));
    expect(toHex(answerTo(padded(frame, 86), B)!)).toBe(toHex(toAllNodes()));
  });

  test('without options and room is answered without the MAC address where that is of use', () => {
    const answer = answerTo(solicitation(NOBODY), B, 85)!;
    expect(answer).toHaveLength(78);
    const ip = frames.readIpv6(answer, 14)!;
    expect(frames.checksum(answer, 54, 24, ip.pseudoHeaderSum)).toBe(0);
    const message = frames.readNeighbourDiscovery(answer, 54)!;
    expect(message).toMatchObject({ type: 'advertisement', solicited: false, override: true });
    expect(message.mac).toBeUndefined();
    expect(answerTo(solicitation(A.ipv6, { destination: B.ipv6 }), B)).toHaveLength(78);
    expect(answerTo(solicitation(A.ipv6), B)).toBeUndefined();
    expect(answerTo(solicitation(A.ipv6), B, 86)).toHaveLength(86);
  });

  const toUs = solicitation(A.ipv6, { destination: B.ipv6, mac: A.mac });
  const toGroupMac = patched(toUs, 0, ...captured.SOLICITATION.subarray(0, 6));
  const nobodyWithMac = solicitation(NOBODY, { mac: A.mac });

  test.each<[string, Uint8Array]>([
    ['a hop limit of 254', patched(captured.SOLICITATION, 21, 254)],
    ['a wrong checksum', patched(captured.SOLICITATION, 85, 9)],
    ['another code', patchedIcmpv6(captured.SOLICITATION, 55, 1)],
    ['for another target', patchedIcmpv6(captured.SOLICITATION, 77, 3)],
    ['to all nodes', patchedIcmpv6(captured.SOLICITATION, 48, 0, 0, 0, 0, 0, 1)],
    ['to another group', patchedIcmpv6(captured.SOLICITATION, 53, 3)],
    ['to a group of another scope', patchedIcmpv6(captured.SOLICITATION, 39, 5)],
    ['to a group that ends alike', patchedIcmpv6(captured.SOLICITATION, 49, 2)],
    ['to a group that ends and starts alike', patchedIcmpv6(captured.SOLICITATION, 40, 1)],
    ['to the MAC address of all nodes', patched(captured.SOLICITATION, 2, 0, 0, 0, 1)],
    ['to another MAC address', patched(captured.SOLICITATION, 0, ...A.mac)],
    ['to our address and our group’s MAC address', toGroupMac],
    ['an option of length 0', patchedIcmpv6(captured.SOLICITATION, 79, 0)],
    ['an option of two units', patchedIcmpv6(captured.SOLICITATION, 79, 2)],
    ['the MAC address of a group', patchedIcmpv6(captured.SOLICITATION, 80, 3)],
    ['from a group', patchedIcmpv6(captured.SOLICITATION, 22, 0xff)],
    ['from loopback', patchedIcmpv6(captured.SOLICITATION, 22, ...NOBODY.subarray(1), 1)],
    ['from nobody with a MAC address', nobodyWithMac],
    ['from nobody to a unicast address', solicitation(NOBODY, { destination: B.ipv6 })],
    ['too short', patchedIcmpv6(captured.SOLICITATION, 19, 16)],
    ['cut off', captured.SOLICITATION.subarray(0, 85)],
    ['an advertisement', patched(captured.ADVERTISEMENT, 0, ...B.mac)],
  ])('%s is not answered', (_, frame) => {
    expect(answerTo(frame, B, frame.length + 8)).toBeUndefined();
  });
});

describe('any frame', () => {
  const packets = Object.values(captured).filter((value) => value instanceof Uint8Array);
  const requests = [
    captured.ARP_REQUEST,
    captured.ECHO_REQUEST,
    captured.ECHO6_REQUEST,
    captured.SOLICITATION,
  ];

  test('never throws, never writes outside its room, and is unchanged when unanswered', () => {
    const change = fc.tuple(fc.nat(150), fc.nat(255));
    const sample = fc.oneof(fc.constantFrom(...packets), fc.uint8Array({ maxLength: 100 }));
    let answered = 0;
    fc.assert(
      fc.property(
        sample,
        fc.boolean(),
        fc.array(change, { maxLength: 3 }),
        fc.oneof(fc.constant(0), fc.nat(100)),
        fc.nat(12),
        (packet, tag, changes, cut, spare) => {
          const frame = (tag && packet.length > 12 ? tagged(packet, '8100 0001') : packet).slice();
          for (const [at, value] of changes) frame[at] = value; // beyond the end: nothing happens
          const length = Math.max(0, frame.length - cut);
          const slab = new Uint8Array(64 + frame.length + spare + 64).fill(0x5a);
          slab.set(frame.subarray(0, length), 64);
          const before = slab.slice();
          const room = length + spare;
          const answer = frames.respond(slab, B, 64, length, room);
          if (answer > 0) answered += 1;
          expect(answer).toBeLessThanOrEqual(room);
          expect(toHex(slab.subarray(0, 64))).toBe(toHex(before.subarray(0, 64)));
          const end = 64 + answer;
          const rest = Math.max(end, 64 + length);
          expect(toHex(slab.subarray(rest))).toBe(toHex(before.subarray(rest)));
          if (answer === 0) expect(toHex(slab)).toBe(toHex(before));
        },
      ),
      { numRuns: 5000 },
    );
    expect(answered).toBeGreaterThan(50);
  });

  test('cut off anywhere is not answered', () => {
    for (const frame of requests) {
      expect(answerTo(frame, B)).toBeDefined();
      for (let length = 0; length < frame.length; length++) {
        expect(answerTo(frame.subarray(0, length), B)).toBeUndefined();
      }
    }
  });

  test.each<[string, Uint8Array, (bit: number) => boolean]>([
    // Bits that no rule covers: the source MAC address (but not its group bit), and the padding.
    ['ICMP echo', padded(captured.ECHO_REQUEST, 64), (bit) => bit >= 60 * 8],
    // ... and the traffic class and flow label of IPv6.
    ['ICMPv6 echo', captured.ECHO6_REQUEST, (bit) => bit >= 14 * 8 + 4 && bit < 18 * 8],
    ['a solicitation', captured.SOLICITATION, (bit) => bit >= 14 * 8 + 4 && bit < 18 * 8],
  ])('%s: a flipped bit is refused wherever it matters', (_, frame, free) => {
    const source = (bit: number): boolean => bit >= 48 && bit < 96 && bit !== 55;
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const byte = bit >> 3;
      const answer = answerTo(patched(frame, byte, frame[byte]! ^ (0x80 >> (bit & 7))), B);
      // The hop limit of an ICMPv6 echo request may be any.
      const hop = frame === captured.ECHO6_REQUEST && byte === 21;
      expect([bit, answer !== undefined]).toEqual([bit, source(bit) || free(bit) || hop]);
    }
  });

  test('is answered without an allocation', () => {
    setFlagsFromString('--expose-gc');
    const gc: unknown = runInNewContext('gc');
    if (typeof gc !== 'function') throw new Error('no gc');
    const all = [...requests, captured.SOLICITATION_DUPLICATE, captured.UDP];
    const slab = new Uint8Array(256);
    const host = { ...B, mac: hex('02005e005307') };
    const frames14 = all.map((frame, i) => (i === 1 || i === 2 ? patched(frame, 5, 7) : frame));
    const rounds = (count: number): number => {
      let bytes = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < frames14.length; j++) {
          const frame = frames14[j]!;
          slab.set(frame, 64);
          bytes += frames.respond(slab, host, 64, frame.length);
        }
      }
      return bytes;
    };
    // 42 + 60 + 79 + 86 + 86: each of them but UDP is answered.
    expect(rounds(1)).toBe(353);
    rounds(20_000);
    gc();
    const before = process.memoryUsage().heapUsed;
    rounds(5_000);
    const grown = process.memoryUsage().heapUsed - before;
    // The smallest object has 12 bytes; 30,000 frames would make 360,000.
    expect(grown).toBeLessThan(100_000);
  });

  test('wrong arguments are refused with Node’s codes', () => {
    const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    const frame = captured.ARP_REQUEST.slice();
    const mac = new Uint8Array(5);
    expect(() => frames.respond(frame, { mac })).toThrow(outOfRange);
    expect(() => frames.respond(frame, { ...B, ipv4: B.ipv6 })).toThrow(outOfRange);
    expect(() => frames.respond(frame, { ...B, ipv6: B.ipv4 })).toThrow(outOfRange);
    expect(() => frames.respond(frame, B, 43)).toThrow(outOfRange);
    expect(() => frames.respond(frame, B, 0, 43)).toThrow(outOfRange);
    expect(() => frames.respond(frame, B, 0, 42, 43)).toThrow(outOfRange);
    expect(() => frames.respond(frame, B, 0, 42, 41)).toThrow(outOfRange);
    expect(toHex(frame)).toBe(toHex(captured.ARP_REQUEST));
  });
});
