import { describe, expect, it } from 'vitest';
import {
  attributePath,
  decodeAcknowledgement,
  linkAttributeNames,
  MalformedError,
  MessageWriter,
  messages,
  NetlinkError,
  NLMSG_DONE,
  NLMSG_ERROR,
  RTM_NEWLINK,
  RTM_NEWROUTE,
  type NetlinkMessage,
} from '../src/index.ts';
import { fromHex, golden } from './golden.ts';

const CAPPED = 0x100;
const TLVS = 0x200;

/** A request for a veth: IFNAME at 32, MTU at 40, LINKINFO at 48, KIND at 52, DATA at 60. */
const request = new MessageWriter('little')
  .begin(RTM_NEWLINK, 0x605, 9)
  .bytes(new Uint8Array(16))
  .attributeString(3, 've0')
  .attributeU32(4, 1400)
  .beginNest(18)
  .attributeString(1, 'veth', { nul: false })
  .beginNest(2)
  .attributeU32(1, 5)
  .endNest()
  .endNest()
  .finish();

/** An acknowledgement of `request` as netlink_ack() makes it. */
function acknowledge(
  error: number,
  flags: number,
  attributes: (writer: MessageWriter) => unknown = () => {},
  repeated = request,
): NetlinkMessage {
  const writer = new MessageWriter('little').begin(NLMSG_ERROR, flags, 9).i32(error);
  writer.bytes(flags & CAPPED ? repeated.subarray(0, 16) : repeated);
  attributes(writer);
  const [message] = messages(writer.finish(), 'little');
  if (message === undefined) throw new Error('no message');
  return message;
}

function done(flags: number, write: (writer: MessageWriter) => unknown): NetlinkMessage {
  const writer = new MessageWriter('little').begin(NLMSG_DONE, flags, 9);
  write(writer);
  const [message] = messages(writer.finish(), 'little');
  if (message === undefined) throw new Error('no message');
  return message;
}

describe('decodeAcknowledgement, judged by ip', () => {
  const errnos: Readonly<Record<string, readonly [number, string]>> = {
    err_eperm: [1, 'EPERM'],
    err_nodev: [19, 'ENODEV'],
    err_type: [95, 'EOPNOTSUPP'],
    err_mtu_big: [22, 'EINVAL'],
    err_altname_dup: [17, 'EEXIST'],
    addr_add6_home: [22, 'EINVAL'],
    set_nsid: [17, 'EEXIST'],
  };

  it.each(Object.keys(errnos))('%s', (name) => {
    const { received, stderr, sent } = golden(name);
    const [message] = messages(received.at(-1) ?? new Uint8Array(), 'little');
    if (message === undefined) throw new Error('no message');
    const acknowledgement = decodeAcknowledgement(message, sent, 'little');
    expect(acknowledgement.errno).toBe(errnos[name]?.[0]);
    const error = new NetlinkError(acknowledgement, { syscall: 'RTM_X' });
    expect(error.code).toBe(errnos[name]?.[1]);
    // ip prints the kernel's words as `Error: <words>.`, and those of libc when there are none.
    const [, words] = /^Error: (.*)\.$/m.exec(stderr) ?? [];
    const [, text] = /^RTNETLINK answers: (.*)$/m.exec(stderr) ?? [];
    expect(acknowledgement.message).toBe(words);
    if (text !== undefined) expect(error.message.toLowerCase()).toContain(text.toLowerCase());
  });

  it.each(['set_mtu', 'set_up_tap0', 'add_veth', 'prop_add_altname2', 'addr_del'])(
    '%s succeeds',
    (name) => {
      const { received, exitCode, sent } = golden(name);
      const [message] = messages(received.at(-1) ?? new Uint8Array(), 'little');
      if (message === undefined) throw new Error('no message');
      expect(exitCode).toBe(0);
      expect(decodeAcknowledgement(message, sent, 'little')).toEqual({
        errno: 0,
        sequence: new DataView(sent.buffer).getUint32(8, true),
      });
    },
  );

  it('a dump ends without an error, but with a warning', () => {
    // ethtool asked for all links: of the loopback the kernel has no link settings.
    const datagram = golden('ethtool_link_info_dump').received.at(-1) ?? new Uint8Array();
    const message = [...messages(datagram, 'little')].at(-1);
    expect(message?.type).toBe(NLMSG_DONE);
    expect(decodeAcknowledgement(message!, undefined, 'little')).toMatchObject({
      errno: 0,
      message: 'failed to retrieve link settings',
    });
  });

  it('a dump ends without an error', () => {
    const datagram = golden('link_dump_full').received.at(-1) ?? new Uint8Array();
    const [message] = messages(datagram, 'little');
    if (message === undefined) throw new Error('no message');
    expect(decodeAcknowledgement(message, undefined, 'little').errno).toBe(0);
  });
});

describe('decodeAcknowledgement', () => {
  const words = (writer: MessageWriter): MessageWriter => writer.attributeString(1, 'no such kind');

  it('reads an error without more', () => {
    expect(decodeAcknowledgement(acknowledge(-19, 0), undefined, 'little')).toEqual({
      errno: 19,
      sequence: 9,
    });
    expect(decodeAcknowledgement(acknowledge(-19, CAPPED), request, 'little').errno).toBe(19);
  });

  it('reads the kernel’s words, the request repeated whole or capped', () => {
    for (const flags of [TLVS, TLVS | CAPPED]) {
      const acknowledgement = decodeAcknowledgement(
        acknowledge(-95, flags, words),
        undefined,
        'little',
      );
      expect(acknowledgement).toEqual({ errno: 95, sequence: 9, message: 'no such kind' });
    }
  });

  it('reads a warning of a success', () => {
    const message = acknowledge(0, TLVS | CAPPED, (w) => w.attributeString(1, 'bytes leftover'));
    expect(decodeAcknowledgement(message, request, 'little')).toEqual({
      errno: 0,
      sequence: 9,
      message: 'bytes leftover',
    });
  });

  it('reads the error of a dump, and its words', () => {
    const message = done(TLVS, (w) => w.i32(-22).attributeString(1, 'Invalid filter'));
    expect(decodeAcknowledgement(message, undefined, 'little')).toEqual({
      errno: 22,
      sequence: 9,
      message: 'Invalid filter',
    });
    expect(
      decodeAcknowledgement(
        done(0, () => {}),
        undefined,
        'little',
      ).errno,
    ).toBe(0);
  });

  const offsets: readonly (readonly [number, string | undefined])[] = [
    [32, 'ifname'],
    [40, 'mtu'],
    [48, 'linkinfo'],
    [52, 'linkinfo.kind'],
    [60, 'linkinfo.data'],
    [64, 'linkinfo.data.peer'],
    [0, undefined],
    [16, undefined],
    [72, undefined],
    [0xffff_ffff, undefined],
  ];

  it.each(offsets)('finds the attribute at offset %i: %s', (offset, attribute) => {
    const at = (w: MessageWriter): MessageWriter => w.attributeU32(2, offset);
    const expected = { errno: 22, offset, ...(attribute !== undefined && { attribute }) };
    // In the repeated request, and in the caller's when it is not repeated.
    const whole = decodeAcknowledgement(acknowledge(-22, TLVS, at), undefined, 'little');
    expect(whole).toEqual({ ...expected, sequence: 9 });
    const capped = acknowledge(-22, TLVS | CAPPED, at);
    expect(decodeAcknowledgement(capped, request, 'little')).toEqual({ ...expected, sequence: 9 });
    expect(decodeAcknowledgement(capped, undefined, 'little').attribute).toBeUndefined();
  });

  it('knows no path of a request that it has no layout of', () => {
    const route = request.slice();
    route[4] = RTM_NEWROUTE;
    const message = acknowledge(-22, TLVS, (w) => w.attributeU32(2, 32), route);
    expect(decodeAcknowledgement(message, undefined, 'little').attribute).toBeUndefined();
    const layoutOf = (): { headerLength: number; names: { 3: string } } => ({
      headerLength: 16,
      names: { 3: 'gateway' },
    });
    const acknowledgement = decodeAcknowledgement(message, undefined, 'little', layoutOf);
    expect(acknowledgement.attribute).toBe('gateway');
  });

  it('tells what is missing, in the request and in a nest', () => {
    const flags = TLVS | CAPPED;
    const top = acknowledge(-22, flags, (w) => w.attributeU32(5, 28));
    expect(decodeAcknowledgement(top, request, 'little')).toMatchObject({
      missingType: 28,
      missingAttribute: 'net-ns-fd',
    });
    const nested = acknowledge(-22, flags, (w) => w.attributeU32(5, 4).attributeU32(6, 48));
    expect(decodeAcknowledgement(nested, request, 'little')).toMatchObject({
      missingType: 4,
      missingNest: 48,
      missingAttribute: 'linkinfo.slave-kind',
    });
    const nowhere = acknowledge(-22, flags, (w) => w.attributeU32(5, 4).attributeU32(6, 49));
    expect(decodeAcknowledgement(nowhere, request, 'little').missingAttribute).toBeUndefined();
  });

  it('reads the policy', () => {
    const message = acknowledge(-34, TLVS | CAPPED, (w) => {
      w.attributeU32(2, 40).beginNest(4, { flag: true });
      w.attributeU32(1, 4)
        .attributeU64(4, 68n)
        .attributeU64(5, 2n ** 64n - 1n);
      return w.attributeU32(6, 4).attributeU32(7, 8).attributeU8(11, 0).endNest();
    });
    expect(decodeAcknowledgement(message, request, 'little')).toMatchObject({
      attribute: 'mtu',
      policy: {
        type: 4,
        minimum: 68n,
        maximum: 2n ** 64n - 1n,
        minimumLength: 4,
        maximumLength: 8,
        unknown: [{ type: 11, value: Uint8Array.of(0) }],
      },
    });
    const signed = acknowledge(-34, TLVS | CAPPED, (w) =>
      w
        .beginNest(4)
        .attributeU64(2, 2n ** 64n - 5n)
        .attributeU64(3, 5n)
        .attributeU64(12, 3n)
        .endNest(),
    );
    expect(decodeAcknowledgement(signed, request, 'little').policy).toEqual({
      minimum: -5n,
      maximum: 5n,
      mask: 3n,
    });
  });

  it('reads the cookie and keeps what it does not know', () => {
    const message = acknowledge(0, TLVS | CAPPED, (w) =>
      w.attributeBytes(3, Uint8Array.of(1, 2)).attributeU8(99, 7),
    );
    expect(decodeAcknowledgement(message, undefined, 'little')).toMatchObject({
      cookie: Uint8Array.of(1, 2),
      unknown: [{ type: 99, value: Uint8Array.of(7) }],
    });
  });

  it('reads big-endian ones', () => {
    const bytes = fromHex('ffffffed 00000010 0010 0005 00000009 00000000 0008 0002 00000020');
    const flags = TLVS | CAPPED;
    const message = { type: NLMSG_ERROR, flags, sequence: 9, portId: 0, body: bytes };
    expect(decodeAcknowledgement(message, undefined, 'big')).toMatchObject({
      errno: 19,
      offset: 32,
    });
  });

  const malformed: readonly (readonly [string, number, number, string])[] = [
    ['an error without a number', NLMSG_ERROR, 0, 'ffffff'],
    ['an empty error', NLMSG_ERROR, 0, ''],
    ['an error without a header', NLMSG_ERROR, 0, 'edffffff 10000000'],
    ['a repeated request of length 0', NLMSG_ERROR, 0, `edffffff ${'00'.repeat(16)}`],
    ['one that is longer', NLMSG_ERROR, 0, `edffffff 20000000 ${'00'.repeat(12)}`],
    ['half a number at the end of a dump', NLMSG_DONE, 0, '0000'],
    ['a bad attribute', NLMSG_DONE, TLVS, '00000000 0200 0100'],
    ['a bad attribute in a nest', NLMSG_DONE, TLVS, '00000000 0800 0400 0000 0000'],
    ['an offset that is too short', NLMSG_DONE, TLVS, '00000000 0600 0200 0000 0000'],
  ];

  it.each(malformed)('refuses %s', (_, type, flags, hex) => {
    const message = { type, flags, sequence: 0, portId: 0, body: fromHex(hex) };
    expect(() => decodeAcknowledgement(message, undefined, 'little')).toThrow(MalformedError);
  });

  it('refuses other messages', () => {
    const message = {
      type: RTM_NEWLINK,
      flags: 0,
      sequence: 0,
      portId: 0,
      body: new Uint8Array(20),
    };
    expect(() => decodeAcknowledgement(message)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }),
    );
  });
});

describe('attributePath', () => {
  it('finds no path in bytes that are wrong', () => {
    const layout = { headerLength: 16, names: linkAttributeNames };
    for (let length = 0; length <= request.length; length += 1) {
      for (let offset = 0; offset < 90; offset += 1) {
        const path = attributePath(request.subarray(0, length), offset, layout, true);
        expect(path === undefined || length === request.length || length >= offset + 4).toBe(true);
      }
    }
  });
});
