import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import { hex, toHex } from './captured.ts';
import * as router from './captured-router.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
const ip = frames.parseIpAddress;
const text = frames.formatIpAddress;
const fe80 = ip('fe80::1');
const allNodes = ip('ff02::1');

describe('ICMP errors', () => {
  test.each([
    ['time exceeded', router.TIME_EXCEEDED, { type: 'time-exceeded', code: 0 }, 1],
    ['port', router.PORT_UNREACHABLE, { type: 'destination-unreachable', code: 3, mtu: 0 }, 17],
    [
      'MTU',
      router.FRAGMENTATION_NEEDED,
      { type: 'destination-unreachable', code: 4, mtu: 1300 },
      1,
    ],
    ['redirect', router.REDIRECT, { type: 'redirect', code: 1 }, 1],
  ] as const)('captured: %s, read and built again', (_, frame, fields, protocol) => {
    const error = frames.readIcmpError(frame, 34)!;
    expect(error).toMatchObject({ ...fields, pointer: 0, payloadOffset: 42 });
    expect(frames.checksum(frame, 34)).toBe(0);
    const about = new frames.Ipv4Header();
    expect(about.readStart(frame, error.payloadOffset, error.payloadLength)).toBe(true);
    expect(about.protocol).toBe(protocol);
    expect(text(about.source)).toBe('192.0.2.1');
    const quoted = frame.subarray(error.payloadOffset);
    const built = frames.buildIcmpError({ ...error, gateway: error.gateway, quoted });
    expect(toHex(built)).toBe(toHex(frame.subarray(34)));
  });

  test('the gateway of a redirect', () => {
    expect(text(frames.readIcmpError(router.REDIRECT, 34)!.gateway!)).toBe('192.0.2.77');
    expect(frames.readIcmpError(router.TIME_EXCEEDED, 34)!.gateway).toBeUndefined();
  });

  test('a parameter problem points at a byte; only code 0 does', () => {
    const quoted = new Uint8Array(20);
    const fields = { type: 'parameter-problem', pointer: 9, quoted } as const;
    const message = frames.buildIcmpError(fields);
    expect(toHex(message.subarray(4, 8))).toBe('09000000');
    expect(frames.readIcmpError(message)).toMatchObject({ type: 'parameter-problem', pointer: 9 });
    const other = frames.readIcmpError(frames.buildIcmpError({ ...fields, code: 1 }));
    expect(other!.pointer).toBe(0);
  });

  test('extensions behind the quoted packet are not quoted (RFC 4884)', () => {
    const message = frames.buildIcmpError({ type: 'time-exceeded', quoted: new Uint8Array(200) });
    message[5] = 32;
    expect(frames.readIcmpError(message)).toMatchObject({ payloadLength: 128 });
    message[5] = 255;
    expect(frames.readIcmpError(message)).toMatchObject({ payloadLength: 200 });
    const six = hex(`0300 0000 10000000 ${'00'.repeat(136)}`);
    expect(frames.readIcmpv6Error(six)).toMatchObject({ payloadLength: 128 });
    six[0] = 2;
    expect(frames.readIcmpv6Error(six)).toMatchObject({ payloadLength: 136, mtu: 0x10000000 });
  });

  test('no more is quoted than fits into 576 or 1280 bytes', () => {
    const quoted = new Uint8Array(3000).fill(0xab);
    expect(frames.buildIcmpError({ type: 'time-exceeded', quoted })).toHaveLength(556);
    const six = { source: fe80, destination: allNodes, type: 'packet-too-big', quoted } as const;
    expect(frames.buildIcmpv6Error(six)).toHaveLength(1240);
  });

  test('others are not read', () => {
    expect(frames.readIcmpError(router.TIME_EXCEEDED, 34, 7)).toBeUndefined();
    for (const type of [0, 4, 8, 13]) {
      expect(frames.readIcmpError(Uint8Array.of(type, ...new Uint8Array(20)))).toBeUndefined();
    }
    for (const type of [0, 5, 128, 137]) {
      expect(frames.readIcmpv6Error(Uint8Array.of(type, ...new Uint8Array(40)))).toBeUndefined();
    }
  });

  test('refuses a field that the type does not have', () => {
    const quoted = new Uint8Array(0);
    const fails = (fields: Omit<frames.IcmpErrorFields, 'quoted'>): void => {
      expect(() => frames.buildIcmpError({ ...fields, quoted })).toThrow(outOfRange);
    };
    fails({ type: 'destination-unreachable', code: 3, mtu: 1300 });
    fails({ type: 'time-exceeded', pointer: 1 });
    fails({ type: 'redirect' });
    fails({ type: 'time-exceeded', gateway: ip('192.0.2.1') });
    fails({ type: 'time-exceeded', code: 256 });
    // @ts-expect-error there is no such type
    fails({ type: 'toString' });
    const six = { source: fe80, destination: allNodes, quoted };
    for (const more of [{ mtu: 1 }, { pointer: 1 }, { code: -1 }]) {
      const fields = { ...six, type: 'time-exceeded', ...more } as const;
      expect(() => frames.buildIcmpv6Error(fields)).toThrow(outOfRange);
    }
  });
});

describe('ICMPv6 errors', () => {
  test.each([
    ['time exceeded', router.TIME_EXCEEDED6, { type: 'time-exceeded', code: 0 }, 58],
    ['port', router.PORT_UNREACHABLE6, { type: 'destination-unreachable', code: 4 }, 17],
  ] as const)('captured: %s, read and built again', (_, frame, fields, protocol) => {
    const error = frames.readIcmpv6Error(frame, 54)!;
    expect(error).toMatchObject({ ...fields, mtu: 0, pointer: 0, payloadOffset: 62 });
    const about = new frames.Ipv6UpperLayer();
    expect(about.readStart(frame, error.payloadOffset, error.payloadLength)).toBe(true);
    expect(about.protocol).toBe(protocol);
    const { source, destination } = frames.readIpv6(frame, 14)!;
    const quoted = frame.subarray(62);
    const built = frames.buildIcmpv6Error({ source, destination, ...error, quoted });
    expect(toHex(built)).toBe(toHex(frame.subarray(54)));
  });

  test('the MTU and the pointer have 32 bits', () => {
    const fields = { source: fe80, destination: allNodes, quoted: hex('60') };
    const tooBig = frames.buildIcmpv6Error({ ...fields, type: 'packet-too-big', mtu: 0xfffffffe });
    expect(frames.readIcmpv6Error(tooBig)).toMatchObject({ mtu: 0xfffffffe, pointer: 0 });
    const type = 'parameter-problem';
    const problem = frames.buildIcmpv6Error({ ...fields, type, pointer: 0x80000001 });
    expect(frames.readIcmpv6Error(problem)).toMatchObject({ type, mtu: 0, pointer: 0x80000001 });
  });
});

describe('router discovery', () => {
  const everyOption: readonly frames.NeighbourOption[] = [
    { kind: 'source-mac', mac: hex('020000000001') },
    { kind: 'target-mac', mac: hex('020000000002') },
    {
      kind: 'prefix',
      prefix: ip('2001:db8::'),
      length: 64,
      onLink: true,
      autonomous: false,
      validLifetime: 0xffffffff,
      preferredLifetime: 7,
    },
    { kind: 'redirected-packet', packet: new Uint8Array(48).fill(0x60) },
    { kind: 'mtu', mtu: 1400 },
    { kind: 'unknown', number: 25, data: hex(`0000 00000e10 ${'11'.repeat(16)}`) },
  ];

  test('a captured solicitation, read and built again', () => {
    const frame = router.ROUTER_SOLICITATION;
    const message = frames.readRouterDiscovery(frame, 54)!;
    expect(message).toMatchObject({ type: 'router-solicitation', checksum: 0x192b });
    const options = [{ kind: 'source-mac', mac: hex('02005e005301') }] as const;
    expect(message.options).toEqual(options);
    const { source, destination } = frames.readIpv6(frame, 14)!;
    const built = frames.buildRouterSolicitation({ source, destination, options });
    expect(toHex(built)).toBe(toHex(frame.subarray(54)));
  });

  test('a captured redirect, read and built again', () => {
    const frame = router.REDIRECT6;
    const message = frames.readRouterDiscovery(frame, 54)!;
    expect(message.type).toBe('redirect');
    expect(text(message.target!)).toBe('2001:db8::77');
    expect(text(message.destination!)).toBe('2001:db8::77');
    const { options } = message;
    expect(options.map(({ kind }) => kind)).toEqual(['target-mac', 'redirected-packet']);
    const { source, destination } = frames.readIpv6(frame, 14)!;
    const addresses = { target: message.target!, redirected: message.destination! };
    const built = frames.buildIcmpv6Redirect({ source, destination, ...addresses, options });
    expect(toHex(built)).toBe(toHex(frame.subarray(54)));
  });

  test('an advertisement with every option', () => {
    const fields = {
      hopLimit: 63,
      managed: true,
      otherConfiguration: false,
      routerLifetime: 0xfffe,
      reachableTime: 0x80000000,
      retransmitTimer: 3,
    };
    const addresses = { source: fe80, destination: allNodes };
    const built = frames.buildRouterAdvertisement({
      ...addresses,
      ...fields,
      options: everyOption,
    });
    const message = frames.readRouterDiscovery(built)!;
    expect(message).toMatchObject({ type: 'router-advertisement', ...fields, target: undefined });
    expect(message.options).toEqual(everyOption);
  });

  test.each([
    ['of length zero', '0500 0000 0000 0000'],
    ['beyond the message', '0502 0000 0000 0000'],
    ['cut off', '0501 0000'],
    ['of another length than its kind’s', '0102 0000 0000 0000 0000 0000 0000 0000'],
    ['that is a prefix of one unit', '0301 0000 0000 0000'],
  ])('an option %s is refused', (_, option) => {
    expect(frames.readRouterDiscovery(hex(`8500 0000 00000000 ${option}`))).toBeUndefined();
  });

  test('others, other codes and too few bytes are not read', () => {
    expect(frames.readRouterDiscovery(hex('8501 0000 00000000'))).toBeUndefined();
    expect(frames.readRouterDiscovery(hex('8700 0000 00000000'))).toBeUndefined();
    expect(frames.readRouterDiscovery(hex('8600 0000 00000000 000000'))).toBeUndefined();
    expect(frames.readRouterDiscovery(hex('8900 0000 00000000'))).toBeUndefined();
    expect(frames.readRouterDiscovery(hex('8500 0000 00000000'))?.options).toEqual([]);
  });

  test('refuses options that do not fit', () => {
    const fields = { source: fe80, destination: allNodes };
    for (const option of [
      { kind: 'mtu', mtu: -1 },
      { kind: 'source-mac', mac: hex('01') },
      { kind: 'unknown', number: 25, data: hex('0000') },
      { kind: 'unknown', number: 25, data: new Uint8Array(7) },
    ] as const) {
      expect(() => frames.buildRouterSolicitation({ ...fields, options: [option] })).toThrow(
        outOfRange,
      );
    }
  });
});

describe('multicast listener reports', () => {
  test('captured, read and built again', () => {
    const frame = router.MLD_REPORT;
    const upper = frames.readIpv6UpperLayer(frame, 14)!;
    const { payloadOffset, payloadLength } = upper;
    const report = frames.readMulticastListenerReport(frame, payloadOffset, payloadLength)!;
    expect(report.version).toBe(2);
    const said = report.records.map(({ kind, group }) => `${kind} ${text(group)}`);
    expect(said).toEqual([
      'change-to-exclude ff02::1:ff00:53fe',
      'change-to-exclude ff05::2',
      'change-to-exclude ff02::2',
    ]);
    const { source, destination } = frames.readIpv6(frame, 14)!;
    const built = frames.buildMulticastListenerReport({ source, destination, ...report });
    expect(toHex(built)).toBe(toHex(frame.subarray(62)));
    const nextHeader = frames.IPPROTO_ICMPV6;
    const options = [{ type: 5, data: hex('0000') }];
    const payload = frames.buildIpv6Options({ nextHeader, options, payload: built });
    expect(toHex(payload)).toBe(toHex(frame.subarray(54)));
  });

  test('sources, auxiliary data, unknown kinds', () => {
    const group = toHex(allNodes);
    const bytes = hex(`8f00 0000 0000 0003 0501 0001 ${group} ${toHex(fe80)} aabbccdd
      0900 0000 ${group} 0600 0000 ${group}`);
    expect(frames.readMulticastListenerReport(bytes)!.records).toEqual([
      { kind: 'allow-new-sources', group: allNodes, sources: [fe80] },
      { kind: 'block-old-sources', group: allNodes, sources: [] },
    ]);
    for (let end = 0; end < bytes.length; end++) {
      expect(frames.readMulticastListenerReport(bytes, 0, end)).toBeUndefined();
    }
  });

  test('version 1, by its meaning in version 2', () => {
    const report = hex(`8300 0000 0000 0000 ${toHex(allNodes)}`);
    const record = { group: allNodes, sources: [] };
    expect(frames.readMulticastListenerReport(report)).toMatchObject({
      version: 1,
      records: [{ kind: 'mode-is-exclude', ...record }],
    });
    report[0] = 132;
    expect(frames.readMulticastListenerReport(report)!.records[0]!.kind).toBe('change-to-include');
    expect(frames.readMulticastListenerReport(report, 0, 23)).toBeUndefined();
  });
});

test('the readers of all these: any bytes, cut anywhere, give nothing or what lies within', () => {
  const readers = [
    frames.readIcmpError,
    frames.readIcmpv6Error,
    frames.readRouterDiscovery,
    frames.readMulticastListenerReport,
    frames.readTcp,
    frames.readIpv6UpperLayer,
  ];
  const captured = Object.values(router).flatMap((frame) => [
    frame.subarray(14),
    frame.subarray(34),
    frame.subarray(54),
    frame.subarray(62),
  ]);
  const sample = fc.oneof(fc.constantFrom(...captured), fc.uint8Array({ maxLength: 120 }));
  fc.assert(
    fc.property(sample, fc.nat(20), fc.nat(140), fc.nat(), (packet, from, length, noise) => {
      const slab = packet.slice();
      if (slab.length > 0) slab[noise % Math.min(slab.length, 80)] = noise >>> 8;
      for (const start of [0, from]) {
        for (const count of [length, slab.length - start]) {
          for (const read of readers) {
            const message = read(slab, start, count);
            if (message === undefined) continue;
            if ('options' in message && message instanceof frames.RouterDiscoveryMessage) {
              expect(message.options.length).toBeLessThanOrEqual(count / 8);
            }
            if (!('payloadLength' in message)) continue;
            expect(message.payloadLength).toBeGreaterThanOrEqual(0);
            expect(message.payloadOffset + message.payloadLength).toBeLessThanOrEqual(
              start + count,
            );
          }
        }
      }
    }),
    { numRuns: 2000 },
  );
});
