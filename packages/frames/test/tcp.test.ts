import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as frames from '../src/index.ts';
import { A, B, hex, toHex } from './captured.ts';
import * as router from './captured-router.ts';
import { pseudoHeader, referenceChecksum } from './reference.ts';

const outOfRange = expect.objectContaining({ name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const SACK_TEST = [{ left: 0xffffffff, right: 2 }];
const ports = { source: A.ipv4, destination: B.ipv4, sourcePort: 1, destinationPort: 2 };
const addresses = fc
  .constantFrom(4, 16)
  .chain((n) =>
    fc.tuple(
      fc.uint8Array({ minLength: n, maxLength: n }),
      fc.uint8Array({ minLength: n, maxLength: n }),
    ),
  );

const option: fc.Arbitrary<frames.TcpOption> = fc.oneof(
  fc.constant({ kind: 'no-operation' } as const),
  fc.record({ kind: fc.constant('maximum-segment-size' as const), value: u16 }),
  fc.record({ kind: fc.constant('window-scale' as const), shift: u8 }),
  fc.constant({ kind: 'sack-permitted' } as const),
  fc.record({
    kind: fc.constant('sack' as const),
    blocks: fc.array(fc.record({ left: u32, right: u32 }), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('timestamps' as const), value: u32, echoReply: u32 }),
  fc.record({
    kind: fc.constant('unknown' as const),
    number: fc.integer({ min: 9, max: 255 }),
    data: fc.uint8Array({ maxLength: 8 }),
  }),
);

test('a captured SYN', () => {
  const ip = frames.readIpv4(router.TCP_SYN, 14)!;
  const header = frames.readTcp(router.TCP_SYN, ip.payloadOffset, ip.payloadLength)!;
  expect(header).toMatchObject({
    destinationPort: 9,
    sequence: 4287036810,
    acknowledgement: 0,
    headerLength: 40,
    flags: 2,
    window: 65520,
    payloadLength: 0,
    maximumSegmentSize: 1260,
    windowScale: 10,
    sackPermitted: true,
    timestampValue: 4193490072,
    timestampEchoReply: 0,
  });
  expect(frames.readTcpOptions(header.options)).toEqual([
    { kind: 'maximum-segment-size', value: 1260 },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 4193490072, echoReply: 0 },
    { kind: 'no-operation' },
    { kind: 'window-scale', shift: 10 },
  ]);
  const { payloadOffset, payloadLength, pseudoHeaderSum } = ip;
  expect(frames.checksum(router.TCP_SYN, payloadOffset, payloadLength, pseudoHeaderSum)).toBe(0);
});

test('a captured RST without options', () => {
  const header = frames.readTcp(router.TCP_RST, 34)!;
  expect(header).toMatchObject({ rst: true, ack: true, syn: false, acknowledgement: 4287036811 });
  expect(header.maximumSegmentSize).toBeUndefined();
  expect(header.timestampValue).toBeUndefined();
  expect(header.sackPermitted).toBe(false);
});

test.each([
  ['TCP_SYN', router.TCP_SYN, 34],
  ['TCP_RST', router.TCP_RST, 34],
  ['TCP_SYN_ACK6', router.TCP_SYN_ACK6, 54],
  ['TCP_DATA6', router.TCP_DATA6, 54],
] as const)('built of what was read, %s is the captured one', (_, frame, at) => {
  const header = frames.readTcp(frame, at)!;
  const ip = at === 34 ? frames.readIpv4(frame, 14)! : frames.readIpv6(frame, 14)!;
  const built = frames.buildTcp({
    source: ip.source,
    destination: ip.destination,
    ...header,
    ...flagsOf(header),
    options: frames.readTcpOptions(header.options),
    payload: frame.subarray(header.payloadOffset),
  });
  expect(toHex(built)).toBe(toHex(frame.subarray(at)));
});

function flagsOf(header: Readonly<frames.TcpHeader>): Record<string, boolean> {
  const { fin, syn, rst, psh, ack, urg, ece, cwr, ae } = header;
  return { fin, syn, rst, psh, ack, urg, ece, cwr, ae };
}

test.each([
  ['fin', 1],
  ['syn', 2],
  ['rst', 4],
  ['psh', 8],
  ['ack', 16],
  ['urg', 32],
  ['ece', 64],
  ['cwr', 128],
  ['ae', 256],
] as const)('the flag %s is %s', (flag, bit) => {
  const header = frames.readTcp(frames.buildTcp({ ...ports, sequence: 0, [flag]: true }))!;
  expect(header.flags).toBe(bit);
  const set = Object.entries(flagsOf(header)).filter(([, on]) => on);
  expect(set).toEqual([[flag, true]]);
});

test('reading gives what was built, and the reference agrees on the checksum', () => {
  const fields = fc.record({
    sourcePort: u16,
    destinationPort: u16,
    sequence: u32,
    acknowledgement: u32,
    fin: fc.boolean(),
    syn: fc.boolean(),
    psh: fc.boolean(),
    urg: fc.boolean(),
    ae: fc.boolean(),
    window: u16,
    urgentPointer: u16,
    options: fc.array(option, { maxLength: 2 }),
    payload: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(addresses, fields, ([source, destination], given) => {
      const segment = frames.buildTcp({ source, destination, ...given });
      const header = frames.readTcp(segment)!;
      const { options, payload, ...plain } = given;
      expect(header).toMatchObject(plain);
      expect(frames.readTcpOptions(header.options)).toEqual(options);
      expect(segment.slice(header.payloadOffset)).toEqual(payload);
      const before = pseudoHeader(source, destination, 6, segment.length);
      expect(referenceChecksum(before, segment)).toBe(0);
    }),
  );
});

test.each([
  ['a length of zero', '0101 0200 0204 05b4', 2],
  ['a length of one', '02010204', 0],
  ['a length beyond the header', '01 0206 05', 1],
  ['no length', '01 01 01 02', 3],
  ['the end of the list', '01 00 0204 05b4 0000', 1],
])('%s ends the options', (_, bytes, count) => {
  expect(frames.readTcpOptions(hex(bytes))).toHaveLength(count);
  const padded = hex(bytes.replaceAll(' ', '').padEnd(16, '0'));
  const header = frames.readTcp(
    Uint8Array.of(...new Uint8Array(12), 0x70, ...new Uint8Array(7), ...padded),
  )!;
  expect(header.maximumSegmentSize).toBeUndefined();
});

test('an option of a length that is not its kind’s is kept as unknown', () => {
  expect(frames.readTcpOptions(hex('0203 05 0306 000000 00 0503 01'))).toEqual([
    { kind: 'unknown', number: 2, data: hex('05') },
    { kind: 'unknown', number: 3, data: hex('00000000') },
    { kind: 'unknown', number: 5, data: hex('01') },
  ]);
});

test('not read: a header that goes beyond the segment, or is shorter than a header', () => {
  const segment = frames.buildTcp({ ...ports, sequence: 1 });
  expect(frames.readTcp(segment, 0, 19)).toBeUndefined();
  segment[12] = 0x40;
  expect(frames.readTcp(segment)).toBeUndefined();
  segment[12] = 0x60;
  expect(frames.readTcp(segment)).toBeUndefined();
});

test('refuses what does not fit', () => {
  const fails = (more: object): void => {
    expect(() => frames.buildTcp({ ...ports, sequence: 0, ...more })).toThrow(outOfRange);
  };
  fails({ sequence: 2 ** 32 });
  fails({ sequence: -1 });
  fails({ window: 65536 });
  fails({ destination: B.ipv6 });
  fails({ options: [{ kind: 'sack', blocks: [] }] });
  fails({ options: Array.from({ length: 5 }, () => ({ kind: 'sack', blocks: SACK_TEST })) });
  fails({ options: [{ kind: 'window-scale', shift: 256 }] });
  fails({ options: [{ kind: 'end' }] });
  fails({ payload: new Uint8Array(65516) });
});
