/**
 * What the NAT gateway makes of frames, whatever is in them.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Nat } from '../nat-gateway/nat.ts';
import { RUNS, edited, hostileFrames, isSound, patched, tagged } from './hostile.ts';

const ROUTER = {
  mac: frames.parseMacAddress('02:00:00:00:00:01'),
  ipv4: frames.parseIpAddress('10.0.0.1'),
};
const OUTER = {
  mac: frames.parseMacAddress('02:00:00:00:00:02'),
  ipv4: frames.parseIpAddress('192.0.2.2'),
};
const KERNEL = frames.parseMacAddress('02:00:00:00:00:99');
const INSIDE = frames.parseIpAddress('10.0.0.2');
const REMOTE = frames.parseIpAddress('198.51.100.7');
const { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } = frames;
const PORTS = 60_999 - 32_768 + 1;

interface Packet {
  readonly source?: Uint8Array;
  readonly destination?: Uint8Array;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly ip?: Partial<frames.Ipv4Fields>;
}

function frameTo(
  mac: Uint8Array,
  protocol: number,
  { source = INSIDE, destination = REMOTE, ip = {} }: Packet,
  payload: Uint8Array,
): Uint8Array {
  const packet = frames.buildIpv4({ source, destination, protocol, payload, ...ip });
  const etherType = frames.ETH_P_IP;
  return frames.buildEthernet({ destination: mac, source: KERNEL, etherType, payload: packet });
}

/** From the inside to the router, unless the packet says otherwise. */
function udp(packet: Packet = {}, mac = ROUTER.mac): Uint8Array {
  const { source = INSIDE, destination = REMOTE, sourcePort = 5000, destinationPort = 53 } = packet;
  const ends = { source, destination, sourcePort, destinationPort };
  const datagram = frames.buildUdp({ ...ends, payload: Uint8Array.of(1, 2, 3) });
  return frameTo(mac, IPPROTO_UDP, packet, datagram);
}

function tcp(
  packet: Packet = {},
  flags: Partial<frames.TcpFields> = { syn: true },
  mac = ROUTER.mac,
): Uint8Array {
  const { source = INSIDE, destination = REMOTE, sourcePort = 5000, destinationPort = 80 } = packet;
  const ends = { source, destination, sourcePort, destinationPort };
  const segment = frames.buildTcp({ ...ends, sequence: 1, ...flags });
  return frameTo(mac, IPPROTO_TCP, packet, segment);
}

function echo(
  packet: Packet = {},
  type: 'request' | 'reply' = 'request',
  identifier = 5000,
  mac = ROUTER.mac,
): Uint8Array {
  const message = frames.buildIcmpEcho({ type, identifier, sequence: 1 });
  return frameTo(mac, IPPROTO_ICMP, packet, message);
}

/** An error about a packet, of which so many bytes are quoted. */
function icmpError(about: Uint8Array, packet: Packet, mac: Uint8Array, bytes = 548): Uint8Array {
  const quoted = about.subarray(14, 14 + bytes);
  const message = frames.buildIcmpError({ type: 'destination-unreachable', code: 3, quoted });
  return frameTo(mac, IPPROTO_ICMP, packet, message);
}

/** The port outside that a frame has got. */
function outerPort(frame: Uint8Array): number {
  const at = frame[23] === IPPROTO_ICMP ? 38 : 34;
  return ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
}

/** Answers of the remote host to a frame that has gone out. */
const fromRemote = (destination = OUTER.ipv4): Packet => ({ source: REMOTE, destination });

afterEach(() => {
  vi.useRealTimers();
});

describe('any frame', () => {
  test('is left as it is, or goes on with true checksums and nothing of the inside', () => {
    const out = [udp(), tcp(), echo(), icmpError(udp(fromRemote(INSIDE)), {}, ROUTER.mac)];
    // Those that answer the first flows that there are.
    const port = 32_768;
    const back = { ...fromRemote(), destinationPort: port };
    const sent = udp({ source: OUTER.ipv4, sourcePort: port });
    const into = [
      udp(back, OUTER.mac),
      tcp(back, { ack: true }, OUTER.mac),
      echo(back, 'reply', port, OUTER.mac),
      icmpError(sent, back, OUTER.mac),
    ];
    let went = 0;
    let came = 0;
    const outward = fc.tuple(fc.constant(true), hostileFrames(out));
    const inward = fc.tuple(fc.constant(false), hostileFrames(into));
    const traffic = fc.array(fc.oneof(outward, inward), { maxLength: 6 });
    fc.assert(
      fc.property(traffic, (all) => {
        const nat = new Nat(ROUTER, OUTER);
        for (const frame of [udp(), tcp(), echo()]) nat.outward(frame);
        for (const [isOutward, frame] of all) {
          const before = frame.slice();
          const flows = nat.flows;
          const goesOn = isOutward ? nat.outward(frame) : nat.inward(frame);
          if (!goesOn) {
            expect(Buffer.compare(frame, before)).toBe(0);
            expect(nat.flows).toBe(flows);
            continue;
          }
          if (isOutward) went += 1;
          else came += 1;
          const [was, is] = [frames.readIpv4(before, 14)!, frames.readIpv4(frame, 14)!];
          expect([is.timeToLive, is.totalLength]).toEqual([was.timeToLive - 1, was.totalLength]);
          expect(isSound(frame)).toBe(isSound(before));
          expect(frames.checksum(frame, 14, 20)).toBe(0);
          expect(is.payloadLength).toBeGreaterThanOrEqual(8);
          if (isOutward) {
            expect([is.source, is.destination]).toEqual([OUTER.ipv4, was.destination]);
            expect(was.source[0]).toBe(10);
          } else {
            expect([is.source, is.destination[0]]).toEqual([was.source, 10]);
          }
          expect(nat.flows).toBeLessThanOrEqual(flows + (isOutward ? 1 : 0));
        }
      }),
      RUNS,
    );
    expect(went).toBeGreaterThan(500);
    expect(came).toBeGreaterThan(500);
  });

  test('cut off anywhere goes nowhere, and makes no flow', () => {
    for (const whole of [
      udp(),
      tcp(),
      echo(),
      icmpError(udp(fromRemote(INSIDE)), {}, ROUTER.mac),
    ]) {
      for (let length = 0; length < whole.length; length += 1) {
        const nat = new Nat(ROUTER, OUTER);
        expect([nat.outward(whole.slice(0, length)), nat.flows]).toEqual([false, 0]);
      }
    }
  });
});

describe('a packet from the inside', () => {
  test.each<[string, Uint8Array]>([
    ['for another station', udp({}, KERNEL)],
    ['for all stations', udp({}, frames.parseMacAddress('ff:ff:ff:ff:ff:ff'))],
    ['behind a VLAN tag', tagged(udp())],
    ['with a wrong header checksum', edited(udp(), 24, 0, 0)],
    ['at the end of its life', udp({ ip: { timeToLive: 1 } })],
    ['with no life left', udp({ ip: { timeToLive: 0 } })],
    ['that is the first of fragments', udp({ ip: { moreFragments: true } })],
    ['that is the last of fragments', udp({ ip: { fragmentOffset: 8 } })],
    ['with options', udp({ ip: { options: Uint8Array.of(1, 1, 1, 0) } })],
    ['with a source route', udp({ ip: { options: Uint8Array.of(131, 7, 4, 10, 0, 0, 3, 0) } })],
    ['with a source that is not inside', udp({ source: REMOTE })],
    ['with the outer address', udp({ source: OUTER.ipv4 })],
    ['to the inside', udp({ destination: frames.parseIpAddress('10.9.9.9') })],
    ['to the outer address', udp({ destination: OUTER.ipv4 })],
    ['to a group', udp({ destination: frames.parseIpAddress('224.0.0.251') })],
    ['to all', udp({ destination: frames.parseIpAddress('255.255.255.255') })],
    ['to loopback', udp({ destination: frames.parseIpAddress('127.0.0.1') })],
    ['to nobody', udp({ destination: frames.parseIpAddress('0.0.0.0') })],
    ['UDP that is longer than the packet', patched(udp(), 38, 0, 12)],
    ['UDP that is shorter than its header', patched(udp(), 38, 0, 7)],
    ['TCP with a data offset of 4', patched(tcp(), 46, 0x40)],
    ['TCP with a data offset beyond the end', patched(tcp(), 46, 0xf0)],
    ['TCP cut off', frameTo(ROUTER.mac, IPPROTO_TCP, {}, tcp().subarray(34, 53))],
    ['UDP cut off', frameTo(ROUTER.mac, IPPROTO_UDP, {}, udp().subarray(34, 41))],
    ['nothing at all of UDP', frameTo(ROUTER.mac, IPPROTO_UDP, {}, new Uint8Array(0))],
    ['ICMP cut off', frameTo(ROUTER.mac, IPPROTO_ICMP, {}, Uint8Array.of(8, 0, 0xf7, 0xff))],
    ['an echo reply', echo({}, 'reply')],
    ['a redirect', patched(echo(), 34, 5)],
    ['another protocol', frameTo(ROUTER.mac, 47, {}, new Uint8Array(20))],
  ])('%s does not go on', (_, frame) => {
    const nat = new Nat(ROUTER, OUTER);
    const before = frame.slice();
    expect([nat.outward(frame), nat.flows]).toEqual([false, 0]);
    expect(frame).toEqual(before);
  });

  test('is translated, and its answer back; a checksum that is wrong stays wrong', () => {
    const cases: readonly [() => Uint8Array, (port: number) => Uint8Array][] = [
      [udp, (port) => udp({ ...fromRemote(), destinationPort: port }, OUTER.mac)],
      [tcp, (port) => tcp({ ...fromRemote(), destinationPort: port }, { ack: true }, OUTER.mac)],
      [echo, (port) => echo(fromRemote(), 'reply', port, OUTER.mac)],
    ];
    for (const [make, answerTo] of cases) {
      for (const flaw of [0, 1]) {
        const frame = make();
        frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ flaw;
        const nat = new Nat(ROUTER, OUTER);
        expect(nat.outward(frame)).toBe(true);
        expect(isSound(frame)).toBe(flaw === 0);
        const answer = answerTo(outerPort(frame));
        expect(nat.inward(answer)).toBe(true);
        expect([isSound(answer), frames.readIpv4(answer, 14)?.destination]).toEqual([true, INSIDE]);
        const place = answer[23] === IPPROTO_ICMP ? 38 : 36;
        expect([...answer.subarray(place, place + 2)]).toEqual([5000 >> 8, 5000 & 0xff]);
      }
    }
  });

  test('of UDP without a checksum stays without', () => {
    const frame = udp();
    frame.set([0, 0], 40);
    expect(new Nat(ROUTER, OUTER).outward(frame)).toBe(true);
    expect([...frame.subarray(40, 42)]).toEqual([0, 0]);
  });
});

describe('a packet from the outside', () => {
  /** A gateway with a flow of each protocol, all with the same port outside. */
  function withFlows() {
    const nat = new Nat(ROUTER, OUTER);
    const sent = [udp(), tcp(), echo()];
    for (const frame of sent) expect(nat.outward(frame)).toBe(true);
    return { nat, sent, port: outerPort(sent[0]!) };
  }
  const back = (more: Packet = {}): Packet => ({
    ...fromRemote(),
    destinationPort: 32_768,
    ...more,
  });

  test.each<[string, Uint8Array]>([
    ['for a port that nobody has', udp(back({ destinationPort: 32_769 }), OUTER.mac)],
    ['for another address', udp(back({ destination: REMOTE }), OUTER.mac)],
    ['for another station', udp(back(), KERNEL)],
    ['behind a VLAN tag', tagged(udp(back(), OUTER.mac))],
    ['with a source that is inside', udp(back({ source: INSIDE }), OUTER.mac)],
    ['with the outer address itself', udp(back({ source: OUTER.ipv4 }), OUTER.mac)],
    ['from a group', udp(back({ source: frames.parseIpAddress('224.0.0.1') }), OUTER.mac)],
    ['an echo request', echo(back(), 'request', 32_768, OUTER.mac)],
    ['at the end of its life', udp(back({ ip: { timeToLive: 1 } }), OUTER.mac)],
    ['that is a fragment', udp(back({ ip: { moreFragments: true } }), OUTER.mac)],
    ['TCP with a data offset of 4', patched(tcp(back(), { ack: true }, OUTER.mac), 46, 0x40)],
  ])('%s does not come in', (_, frame) => {
    const { nat, port } = withFlows();
    expect(port).toBe(32_768);
    const before = frame.slice();
    expect(nat.inward(frame)).toBe(false);
    expect(frame).toEqual(before);
  });

  test.each<[string, number, number]>([
    ['UDP', 0, 28],
    ['UDP, whole', 0, 548],
    ['TCP, 8 bytes of it', 1, 28],
    ['TCP, whole', 1, 548],
    ['an echo request', 2, 548],
  ])('an error about %s comes in with what it quotes', (_, index, bytes) => {
    const { nat, sent } = withFlows();
    const router = frames.parseIpAddress('203.0.113.1');
    const error = icmpError(
      sent[index]!,
      { source: router, destination: OUTER.ipv4 },
      OUTER.mac,
      bytes,
    );
    expect(nat.inward(error)).toBe(true);
    expect(isSound(error)).toBe(true);
    const ip = frames.readIpv4(error, 14)!;
    expect([ip.source, ip.destination]).toEqual([router, INSIDE]);
    const quoted = error.subarray(42);
    expect(frames.checksum(quoted, 0, 20)).toBe(0);
    expect([quoted.slice(12, 16), quoted.slice(16, 20)]).toEqual([INSIDE, REMOTE]);
    const place = index === 2 ? 24 : 20;
    expect([...quoted.subarray(place, place + 2)]).toEqual([5000 >> 8, 5000 & 0xff]);
    // The packet as it was sent, but for its lifetime.
    if (bytes > 28)
      expect(isSound(Uint8Array.from([...error.subarray(0, 14), ...quoted]))).toBe(true);
  });

  test.each<[string, (sent: Uint8Array) => Uint8Array]>([
    ['a packet of somebody else', (sent) => patched(sent, 26, ...REMOTE)],
    ['a later fragment', (sent) => patched(sent, 20, 0, 1)],
    ['less than 8 bytes', (sent) => sent.subarray(0, 14 + 27)],
    ['a header with a wrong checksum', (sent) => edited(sent, 24, 0, 0)],
    ['what is not IPv4', (sent) => edited(sent, 14, 0x65)],
    ['a header that is longer than it', (sent) => edited(sent.subarray(0, 50), 14, 0x4f)],
    ['nothing', (sent) => sent.subarray(0, 14)],
  ])('an error that quotes %s does not come in', (_, quote) => {
    const { nat, sent } = withFlows();
    const error = icmpError(quote(sent[0]!), fromRemote(), OUTER.mac);
    const before = error.slice();
    expect(nat.inward(error)).toBe(false);
    expect(error).toEqual(before);
  });

  test('an error leaves alone what stands behind it', () => {
    const { nat, sent } = withFlows();
    const error = icmpError(sent[1]!, fromRemote(), OUTER.mac, 28);
    const padded = Uint8Array.from([...error, ...new Uint8Array(20).fill(7)]);
    expect(nat.inward(padded)).toBe(true);
    expect([...padded.subarray(-20)]).toEqual(Array.from({ length: 20 }, () => 7));
  });

  test('an error with a wrong checksum does not come in', () => {
    const { nat, sent } = withFlows();
    const error = icmpError(sent[0]!, fromRemote(), OUTER.mac);
    error[36] = (error[36] ?? 0) ^ 1;
    expect(nat.inward(error)).toBe(false);
  });

  test('that was refused inside is told so outside', () => {
    const { nat, port } = withFlows();
    const question = udp({ ...fromRemote(), destinationPort: port }, OUTER.mac);
    const asked = question.slice();
    expect(nat.inward(question)).toBe(true);
    const error = icmpError(question, {}, ROUTER.mac);
    expect(nat.outward(error)).toBe(true);
    expect(isSound(error)).toBe(true);
    expect(frames.readIpv4(error, 14)?.source).toEqual(OUTER.ipv4);
    // It quotes what was sent, but for the lifetime, and what is summed with that.
    const life = [8, 10, 11];
    const [told, sent] = [error.subarray(42), asked.subarray(14)].map((bytes) =>
      [...bytes].filter((_, at) => !life.includes(at)),
    );
    expect(told).toEqual(sent);
    // One about what has never come in stays inside.
    const other = icmpError(udp({ ...fromRemote(INSIDE), destinationPort: 7 }), {}, ROUTER.mac);
    expect(nat.outward(other)).toBe(false);
  });
});

describe('flows', () => {
  const address = (index: number): Uint8Array => Uint8Array.of(10, 1, index >> 8, index);

  test('are as many as there are ports, and a connection that stands outlives a flood', () => {
    const nat = new Nat(ROUTER, OUTER);
    const first = tcp();
    nat.outward(first);
    const port = outerPort(first);
    const answer = (): Uint8Array =>
      tcp({ ...fromRemote(), destinationPort: port }, { ack: true }, OUTER.mac);
    expect(nat.inward(answer())).toBe(true);
    const taken = new Set<number>();
    for (let index = 0; index < 2.5 * PORTS; index += 1) {
      const frame = tcp({ source: address(index & 0xffff), sourcePort: 1 + (index >> 16) });
      expect(nat.outward(frame)).toBe(true);
      taken.add(outerPort(frame));
    }
    expect(nat.flows).toBe(PORTS);
    expect(taken).not.toContain(port);
    expect(Math.min(...[...taken].slice(0, 1000))).toBeGreaterThanOrEqual(32_768);
    expect(taken.size).toBe(PORTS - 1);
    expect(nat.inward(answer())).toBe(true);
    // Each protocol has ports of its own.
    expect(nat.outward(udp())).toBe(true);
    expect(nat.flows).toBe(PORTS + 1);
  });

  test('end when nothing is heard of them, TCP without an answer after four minutes', () => {
    vi.useFakeTimers({ now: 0 });
    const nat = new Nat(ROUTER, OUTER);
    const frame = tcp();
    nat.outward(frame);
    const back = { ...fromRemote(), destinationPort: outerPort(frame) };
    const answer = (flags: Partial<frames.TcpFields>): boolean =>
      nat.inward(tcp(back, flags, OUTER.mac));
    vi.setSystemTime(239_000);
    expect(answer({ syn: true, ack: true })).toBe(true);
    // It stands now.
    vi.setSystemTime(239_000 + 7_439_000);
    expect(answer({ ack: true })).toBe(true);
    expect(answer({ fin: true, ack: true })).toBe(true);
    // It is being closed, and the next one from the same port opened.
    nat.outward(tcp());
    expect(answer({ syn: true, ack: true })).toBe(true);
    let now = 239_000 + 7_439_000 + 7_439_000;
    vi.setSystemTime(now);
    expect(answer({ rst: true })).toBe(true);
    now += 240_000;
    vi.setSystemTime(now);
    expect(answer({ ack: true })).toBe(false);
    nat.sweep();
    expect(nat.flows).toBe(0);
    // One that nobody answers.
    nat.outward(tcp());
    vi.setSystemTime(now + 240_000);
    nat.sweep();
    expect(nat.flows).toBe(0);
  });
});
