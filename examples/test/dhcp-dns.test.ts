/**
 * What the DHCP and DNS server makes of frames, whatever is in them.
 *
 * @module
 */

import * as frames from '@rtap/frames';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Leases } from '../dhcp-dns/leases.ts';
import { Server } from '../dhcp-dns/server.ts';
import { RUNS, edited, hostileFrames, isSound, patched, tagged } from './hostile.ts';

const HOST = {
  mac: frames.parseMacAddress('02:00:00:00:00:01'),
  ipv4: frames.parseIpAddress('10.0.0.1'),
};
const MAC = frames.parseMacAddress('02:00:00:00:00:99');
const ALL_MACS = frames.parseMacAddress('ff:ff:ff:ff:ff:ff');
const NOBODY = frames.parseIpAddress('0.0.0.0');
const ALL = frames.parseIpAddress('255.255.255.255');
const CLIENT = frames.parseIpAddress('10.0.0.10');
const [DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE] = [1, 2, 3, 4, 5, 6, 7];

/** Options of a client, as codes and values. */
type Options = readonly (readonly [code: number, value: readonly number[]])[];
const wish = (...address: readonly number[]): Options[number] => [50, address];
const named = (name: string): Options[number] => [12, [...Buffer.from(name)]];

interface Message {
  readonly mac?: Uint8Array;
  /** What the client says that its address is. */
  readonly current?: readonly number[];
  readonly relay?: readonly number[];
  readonly broadcast?: boolean;
  readonly options?: Options;
}

/** A client's message (RFC 2131 section 2). */
function message(type: number, more: Message = {}): Uint8Array {
  const { mac = MAC, current = [], relay = [], broadcast = false, options = [] } = more;
  const all: Options = [[53, [type]], ...options];
  const text = all.flatMap(([code, value]) => [code, value.length, ...value]);
  const bytes = new Uint8Array(Math.max(300, 241 + text.length));
  bytes.set([1, 1, 6, 3, 0x12, 0x34, 0x56, 0x78, 0, 5, broadcast ? 0x80 : 0]);
  bytes.set(current, 12);
  bytes.set(relay, 24);
  bytes.set(mac, 28);
  bytes.set([99, 130, 83, 99, ...text, 255], 236);
  return bytes;
}

interface Datagram {
  readonly mac?: Uint8Array;
  readonly source?: Uint8Array;
  readonly destination?: Uint8Array;
  readonly sourcePort?: number;
}

function frameOf(payload: Uint8Array, destinationPort: number, more: Datagram = {}): Uint8Array {
  const { mac = HOST.mac, source = CLIENT, destination = HOST.ipv4, sourcePort = 4000 } = more;
  const ends = { source, destination };
  const udp = frames.buildUdp({ ...ends, sourcePort, destinationPort, payload });
  const packet = frames.buildIpv4({ ...ends, protocol: frames.IPPROTO_UDP, payload: udp });
  const etherType = frames.ETH_P_IP;
  return frames.buildEthernet({ source: MAC, destination: mac, etherType, payload: packet });
}

/** As a client sends it that has no address yet. */
function dhcpFrame(type: number, more: Message = {}): Uint8Array {
  const ends = { mac: ALL_MACS, source: NOBODY, destination: ALL, sourcePort: 68 };
  return frameOf(message(type, more), 67, ends);
}

/** A query for a name, or for what is not quite one. */
function query(
  name: string | readonly number[],
  type = 1,
  more: readonly number[] = [],
): Uint8Array {
  const labels = typeof name === 'string' ? nameBytes(name) : name;
  return Uint8Array.of(0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, type, 0, 1, ...more);
}

function nameBytes(name: string): readonly number[] {
  const labels = name === '' ? [] : name.split('.');
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label)]), 0];
}

/** A server, with what it has said. */
function serve(): { readonly server: Server; readonly said: string[] } {
  const said: string[] = [];
  const leases = new Leases(CLIENT, 100);
  return { server: new Server(HOST, leases, (line) => said.push(line)), said };
}

/** What is told by an answer of DHCP. */
function told(frame: Uint8Array | undefined) {
  if (frame === undefined) return undefined;
  const bytes = frame.subarray(42);
  const options = new Map<number, readonly number[]>();
  for (let at = 240; bytes[at] !== 255; at += 2 + bytes[at + 1]!) {
    expect(at).toBeLessThan(bytes.length);
    options.set(bytes[at]!, [...bytes.subarray(at + 2, at + 2 + bytes[at + 1]!)]);
  }
  return {
    type: options.get(53)?.[0],
    address: frames.formatIpAddress(bytes.subarray(16, 20)),
    to: frames.formatIpAddress(frame.subarray(30, 34)),
    mac: frames.formatMacAddress(frame.subarray(0, 6)),
    options,
    bytes,
  };
}

/** Has a client take the address that it is offered. */
function lend(server: Server, client: Message): string {
  const offer = told(server.answer(dhcpFrame(DISCOVER, client)));
  const address = frames.parseIpAddress(offer!.address);
  const options = [wish(...address), ...(client.options ?? [])];
  const lease = told(server.answer(dhcpFrame(REQUEST, { ...client, options })));
  expect(lease).toMatchObject({ type: ACK, address: offer!.address });
  return offer!.address;
}

const macOf = (index: number): Uint8Array =>
  Uint8Array.of(2, 1, index >>> 24, index >>> 16, index >>> 8, index);

/** Asks for a name; the code and the address of the answer. */
function resolve(server: Server, asked: Uint8Array): unknown {
  const frame = server.answer(frameOf(asked, 53));
  if (frame === undefined) return undefined;
  expect(isSound(frame)).toBe(true);
  const answer = frame.subarray(42);
  const code = answer[3]! & 0x0f;
  return answer[7] === 1 ? [code, frames.formatIpAddress(answer.subarray(-4))] : [code];
}

afterEach(() => {
  vi.useRealTimers();
});

test('any frame has a sound answer, or none', () => {
  const valid = [
    dhcpFrame(DISCOVER, { options: [named('laptop'), [61, [1, ...MAC]]] }),
    dhcpFrame(REQUEST, { options: [wish(10, 0, 0, 10), named('laptop')] }),
    dhcpFrame(REQUEST, { broadcast: true, options: [wish(10, 0, 0, 99)] }),
    frameOf(message(REQUEST, { current: [10, 0, 0, 10] }), 67, { sourcePort: 68 }),
    dhcpFrame(DECLINE, { options: [wish(10, 0, 0, 10)] }),
    dhcpFrame(RELEASE, { current: [10, 0, 0, 10] }),
    frameOf(query('gateway.lan'), 53),
    frameOf(query('laptop.lan', 28), 53),
    frameOf(query('laptop.lan', 1, [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]), 53),
  ];
  const met = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(hostileFrames(valid), { maxLength: 6 }), (all) => {
      const { server } = serve();
      lend(server, { options: [named('laptop')] });
      for (const frame of all) {
        const before = frame.slice();
        const answer = server.answer(frame);
        expect(Buffer.compare(frame, before)).toBe(0);
        if (answer === undefined) continue;
        expect(isSound(frame) && isSound(answer)).toBe(true);
        const ip = frames.readIpv4(answer, 14)!;
        const udp = frames.readUdp(answer, ip.payloadOffset, ip.payloadLength)!;
        const question = frame.subarray(22 + frames.readIpv4(frame, 14)!.headerLength);
        expect([answer.subarray(6, 12), ip.source]).toEqual([HOST.mac, HOST.ipv4]);
        expect(ip.totalLength).toBeLessThanOrEqual(576);
        const toAll = Buffer.compare(ip.destination, ALL) === 0;
        const mac = answer.subarray(0, 6);
        if (toAll) expect(mac).toEqual(ALL_MACS);
        else expect([(mac[0] ?? 0) & 1, ip.destination[0]! < 224]).toEqual([0, true]);
        if (udp.sourcePort === 67) {
          const { type, address, bytes } = told(answer)!;
          met.set(`DHCP ${type}`, (met.get(`DHCP ${type}`) ?? 0) + 1);
          expect([udp.destinationPort, bytes[0]]).toEqual([68, 2]);
          expect(bytes.subarray(4, 8)).toEqual(question.subarray(4, 8));
          expect([OFFER, ACK, NAK]).toContain(type);
          const last = Number(/^10\.0\.0\.(\d+)$/.exec(address)?.[1]);
          if (type === NAK) expect(address).toBe('0.0.0.0');
          else expect(last >= 10 && last < 110).toBe(true);
        } else {
          expect([udp.sourcePort, toAll]).toEqual([53, false]);
          const reply = answer.subarray(42);
          expect(reply.subarray(0, 2)).toEqual(question.subarray(0, 2));
          expect(reply[2]! & 0x80).toBe(0x80);
          const code = `DNS ${reply[3]! & 0x0f}`;
          met.set(code, (met.get(code) ?? 0) + 1);
        }
      }
    }),
    RUNS,
  );
  // All that there is to say was said.
  const kinds = ['DHCP 2', 'DHCP 5', 'DHCP 6', 'DNS 0', 'DNS 1', 'DNS 3', 'DNS 4', 'DNS 5'];
  expect([...met.keys()].toSorted()).toEqual(kinds);
});

test('a frame that is cut off anywhere has no answer', () => {
  for (const whole of [frameOf(query('gateway.lan'), 53), dhcpFrame(DISCOVER)]) {
    expect(serve().server.answer(whole)).toBeDefined();
    for (let length = 0; length < whole.length; length += 1) {
      expect(serve().server.answer(whole.subarray(0, length))).toBeUndefined();
    }
  }
});

const question = query('gateway.lan');
test.each<[string, Uint8Array]>([
  ['for another station', frameOf(question, 53, { mac: MAC })],
  ['for another host', frameOf(question, 53, { destination: CLIENT })],
  ['for all hosts', frameOf(question, 53, { destination: ALL })],
  ['from all hosts', frameOf(question, 53, { source: ALL })],
  ['from a group', frameOf(question, 53, { source: frames.parseIpAddress('224.0.0.1') })],
  ['from loopback', frameOf(question, 53, { source: frames.parseIpAddress('127.0.0.1') })],
  ['from nobody', frameOf(question, 53, { source: NOBODY })],
  ['from the server itself', frameOf(question, 53, { source: HOST.ipv4 })],
  ['from no port', frameOf(question, 53, { sourcePort: 0 })],
  ['from a group of stations', patched(frameOf(question, 53), 6, 3)],
  ['behind a VLAN tag', tagged(frameOf(question, 53))],
  ['in the first fragment', patched(frameOf(question, 53), 20, 0x20)],
  ['in the last fragment', patched(frameOf(question, 53), 21, 1)],
  ['whose header has a wrong checksum', edited(frameOf(question, 53), 22, 9)],
  ['with a wrong checksum', edited(frameOf(question, 53), 42, 9)],
  ['that is longer than its packet', patched(frameOf(question, 53), 38, 0, 60)],
  ['that is shorter than a header', patched(frameOf(question, 53), 38, 0, 7)],
  ['for another port', frameOf(question, 54)],
])('a datagram %s has no answer', (_, frame) => {
  expect(serve().server.answer(frame)).toBeUndefined();
});

test('a datagram that is shorter than its packet is answered, padded or not', () => {
  const frame = frameOf(question, 53);
  const longer = patched(Uint8Array.from([...frame, 1, 2, 3]), 17, frame.length - 14 + 3);
  expect(serve().server.answer(longer)).toBeDefined();
  expect(serve().server.answer(Uint8Array.from([...frame, 1, 2, 3]))).toBeDefined();
});

test('a datagram without a checksum is answered', () => {
  const frame = edited(frameOf(question, 53), 40, 0, 0);
  expect(serve().server.answer(frame)).toBeDefined();
});

describe('DHCP', () => {
  test('lends each of 100 addresses to one client, whoever asks', () => {
    vi.useFakeTimers({ now: 0 });
    const { server } = serve();
    expect(lend(server, {})).toBe('10.0.0.10');
    const offered: string[] = [];
    for (let index = 0; index < 10_000; index += 1) {
      const offer = told(server.answer(dhcpFrame(DISCOVER, { mac: macOf(index) })));
      if (offer !== undefined) offered.push(offer.address);
    }
    expect(offered.toSorted()).toEqual(
      Array.from({ length: 99 }, (_, index) => `10.0.0.${11 + index}`).toSorted(),
    );
    expect(lend(server, {})).toBe('10.0.0.10');
    // Nobody has taken them.
    vi.setSystemTime(60_000);
    expect(told(server.answer(dhcpFrame(DISCOVER, { mac: macOf(20_000) })))?.type).toBe(OFFER);
  });

  test('leaves alone for ten minutes what a client has found in use', () => {
    vi.useFakeTimers({ now: 0 });
    const { server } = serve();
    expect(lend(server, {})).toBe('10.0.0.10');
    // Only who has it can say so.
    server.answer(dhcpFrame(DECLINE, { mac: macOf(1), options: [wish(10, 0, 0, 10)] }));
    expect(lend(server, {})).toBe('10.0.0.10');
    server.answer(dhcpFrame(DECLINE, { options: [wish(10, 0, 0, 10)] }));
    expect(lend(server, {})).toBe('10.0.0.11');
    const first = { mac: macOf(2), options: [wish(10, 0, 0, 10)] };
    expect(told(server.answer(dhcpFrame(DISCOVER, first)))?.address).toBe('10.0.0.12');
    vi.setSystemTime(599_999);
    const next = { mac: macOf(4), options: [wish(10, 0, 0, 10)] };
    expect(told(server.answer(dhcpFrame(DISCOVER, next)))?.address).not.toBe('10.0.0.10');
    vi.setSystemTime(600_000);
    const other = { mac: macOf(3), options: [wish(10, 0, 0, 10)] };
    expect(told(server.answer(dhcpFrame(DISCOVER, other)))?.address).toBe('10.0.0.10');
  });

  test('takes back what a client releases, and from nobody else', () => {
    const { server } = serve();
    expect(lend(server, {})).toBe('10.0.0.10');
    server.answer(dhcpFrame(RELEASE, { mac: macOf(1), current: [10, 0, 0, 10] }));
    expect(lend(server, { mac: macOf(1) })).toBe('10.0.0.11');
    server.answer(dhcpFrame(RELEASE, { current: [10, 0, 0, 10] }));
    expect(lend(server, { mac: macOf(2) })).toBe('10.0.0.10');
  });

  test('renews at the address of who has it, and nowhere else', () => {
    const { server } = serve();
    lend(server, {});
    const renew = told(
      server.answer(dhcpFrame(REQUEST, { current: [10, 0, 0, 10], broadcast: true })),
    );
    expect(renew).toMatchObject({ type: ACK, to: '10.0.0.10', mac: '02:00:00:00:00:99' });
    for (const current of [
      [8, 8, 8, 8],
      [127, 0, 0, 1],
      [224, 0, 0, 1],
      [10, 0, 0, 1],
    ]) {
      const options = [wish(10, 0, 0, 10)];
      const again = told(server.answer(dhcpFrame(REQUEST, { current, options })));
      expect(again).toMatchObject({ type: ACK, to: '10.0.0.10' });
      const offer = told(server.answer(dhcpFrame(DISCOVER, { current })));
      expect(offer).toMatchObject({ type: OFFER, to: '10.0.0.10' });
    }
    // An address of another one.
    const foreign = { mac: macOf(1), current: [10, 0, 0, 10] };
    const refusal = told(server.answer(dhcpFrame(REQUEST, foreign)));
    expect(refusal).toMatchObject({ type: NAK, address: '0.0.0.0', to: '255.255.255.255' });
  });

  test('says what the client said of itself, and begins to count anew', () => {
    const { server } = serve();
    const identifier = Array.from({ length: 255 }, (_, index) => index);
    const offer = told(server.answer(dhcpFrame(DISCOVER, { options: [[61, identifier]] })))!;
    expect(offer.options.get(61)).toEqual(identifier);
    expect(offer.bytes.length).toBeLessThanOrEqual(548);
    // Hops and seconds are the server's own.
    expect([offer.bytes[3], offer.bytes[8], offer.bytes[9]]).toEqual([0, 0, 0]);
    expect(told(server.answer(dhcpFrame(DISCOVER)))?.options.has(61)).toBe(false);
  });

  test('gives a name to one client at a time', () => {
    vi.useFakeTimers({ now: 0 });
    const { server } = serve();
    const [first, second] = [macOf(1), macOf(2)].map((mac) => ({
      mac,
      options: [named('laptop')],
    }));
    lend(server, first!);
    lend(server, second!);
    expect(resolve(server, query('laptop.lan'))).toEqual([0, '10.0.0.10']);
    // The first is gone for long, the second is still there, and has the name by then.
    vi.setSystemTime(3_500_000);
    lend(server, second!);
    vi.setSystemTime(3_700_000);
    lend(server, second!);
    expect(resolve(server, query('laptop.lan'))).toEqual([0, '10.0.0.11']);
    server.answer(dhcpFrame(DISCOVER, first));
    expect(resolve(server, query('laptop.lan'))).toEqual([0, '10.0.0.11']);
    lend(server, first!);
    expect(resolve(server, query('laptop.lan'))).toEqual([0, '10.0.0.11']);
  });

  test.each(['a.b', '-a', 'a-', '', 'a b', 'a'.repeat(64), 'ä', 'a\0', '*', '\n'])(
    'knows no client by the name %j',
    (name) => {
      const { server, said } = serve();
      lend(server, { options: [named(name)] });
      expect(said).toEqual(['OFFER 10.0.0.10', 'ACK 10.0.0.10']);
    },
  );

  test('nobody takes the name of the server', () => {
    const { server } = serve();
    lend(server, { options: [named('gateway')] });
    expect(resolve(server, query('gateway.lan'))).toEqual([0, '10.0.0.1']);
  });

  /** A message in the frame of a client that has no address yet. */
  const raw = (bytes: Uint8Array): Uint8Array =>
    frameOf(bytes, 67, { mac: ALL_MACS, source: NOBODY, destination: ALL, sourcePort: 68 });
  const discover = message(DISCOVER);
  test.each<[string, Uint8Array]>([
    ['a type of no bytes', raw(edited(discover, 240, 53, 0, 255))],
    ['a type of two bytes', raw(edited(discover, 240, 53, 2, 1, 1, 255))],
    ['a type of the future', dhcpFrame(200)],
    ['an OFFER', dhcpFrame(OFFER)],
    ['an ACK', dhcpFrame(ACK)],
    ['no type', raw(edited(discover, 240, 255))],
    ['a wish of three bytes', dhcpFrame(DISCOVER, { options: [wish(10, 0, 0)] })],
    ['a wish of nothing', dhcpFrame(DISCOVER, { options: [wish()] })],
    ['an identifier of one byte', dhcpFrame(DISCOVER, { options: [[61, [1]]] })],
    ['an identifier of nothing', dhcpFrame(DISCOVER, { options: [[61, []]] })],
    ['another server', dhcpFrame(DISCOVER, { options: [[54, [10, 0, 0, 2]]] })],
    ['a server of two bytes', dhcpFrame(DISCOVER, { options: [[54, [10, 0]]] })],
    ['an option beyond the end', raw(edited(discover, 243, 60, 250))],
    ['an option cut off behind its code', raw(edited(discover, 243, 60).subarray(0, 244))],
    ['no cookie', raw(edited(discover, 236, 0, 0, 0, 0))],
    ['a relay', dhcpFrame(DISCOVER, { relay: [10, 0, 1, 1] })],
    ['a group as its MAC address', dhcpFrame(DISCOVER, { mac: ALL_MACS })],
    ['no MAC address', dhcpFrame(DISCOVER, { mac: new Uint8Array(6) })],
    ['hardware that is no Ethernet', raw(edited(discover, 1, 32))],
    ['a MAC address of 16 bytes', raw(edited(discover, 2, 16))],
    ['the operation of a server', raw(edited(discover, 0, 2))],
    ['a request for nothing', dhcpFrame(REQUEST)],
    ['239 bytes', raw(discover.subarray(0, 239))],
  ])('does not answer %s', (_, frame) => {
    expect(serve().server.answer(frame)).toBeUndefined();
  });

  test('reads options behind padding, without an end', () => {
    const { server } = serve();
    const frame = raw(edited(discover, 240, 0, 0, 0, 60, 0, 53, 1, 1).subarray(0, 248));
    expect(told(server.answer(frame))).toMatchObject({ type: OFFER });
  });
});

describe('DNS', () => {
  const label = (length: number): readonly number[] => [length, ...new Uint8Array(length).fill(97)];
  const [lan, long] = [nameBytes('lan'), [...label(63), ...label(63), ...label(63)]];
  // An additional record.
  const edns = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
  const withEdns = edited(query('gateway.lan', 1, edns), 11, 1);
  test.each<[string, Uint8Array, unknown]>([
    ['a name', query('gateway.lan'), [0, '10.0.0.1']],
    ['a name in large letters', query('GateWay.LAN'), [0, '10.0.0.1']],
    ['a name that nobody has', query('no.lan'), [3]],
    ['the domain', query('lan'), [0]],
    ['IPv6 of a name', query('gateway.lan', 28), [0]],
    ['any record of a name', query('gateway.lan', 255), [0, '10.0.0.1']],
    ['a type that is not known', query('gateway.lan', 99), [0]],
    ['a name, with EDNS', withEdns, [0, '10.0.0.1']],
    ['with noise behind it', query('gateway.lan', 1, [1, 2, 3]), [0, '10.0.0.1']],
    ['a name of another domain', query('example.com'), [5]],
    ['a name that ends like ours', query('gatewaylan'), [5]],
    ['the root', query(''), [5]],
    ['one label with a dot in it', query([11, ...Buffer.from('gateway.lan'), 0]), [5]],
    ['a dot in a label of ours', query([3, ...Buffer.from('a.b'), ...lan]), [3]],
    ['another class', edited(question, question.length - 1, 3), [5]],
    ['any class', edited(question, question.length - 1, 255), [0, '10.0.0.1']],
    ['a name of 255 bytes', query([...long, ...label(57), ...lan]), [3]],
    ['a name of 256 bytes', query([...long, ...label(58), ...lan]), [1]],
    ['a name of many bytes', query([...long, ...long, ...long, ...lan]), [1]],
    ['a label of 64 bytes', query([...label(64), ...lan]), [1]],
    ['a pointer', query([0xc0, 12]), [1]],
    ['a pointer behind a label', query([...label(3), 0xc0, 12]), [1]],
    ['a label beyond the end', query([40, 97, 97]), [1]],
    ['a name without an end', query('gateway.lan').subarray(0, 24), [1]],
    ['no type', query('gateway.lan').subarray(0, 26), [1]],
    ['nothing, of one question', query('gateway.lan').subarray(0, 12), [1]],
    ['two questions', edited(question, 4, 0, 2), [1]],
    ['no question', edited(question, 4, 0, 0), [1]],
    ['the server for its status', edited(question, 2, 0x10), [4]],
    ['nothing, but answers', edited(question, 2, 0x81), undefined],
    ['less than a header', query('gateway.lan').subarray(0, 11), undefined],
  ])('asked for %s', (_, asked, expected) => {
    expect(resolve(serve().server, asked)).toEqual(expected);
  });

  test('answers with the question alone, or with no question that it could not read', () => {
    const { server } = serve();
    const good = server.answer(frameOf(withEdns, 53))!.subarray(42);
    expect([...good.subarray(2, 12)]).toEqual([0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
    const bad = server.answer(frameOf(query([0xc0, 12], 1, edns), 53))!.subarray(42);
    expect([...bad]).toEqual([0xab, 0xcd, 0x81, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
