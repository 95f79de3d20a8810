import { describe, expect, it } from 'vitest';
import {
  AF_INET,
  AF_INET6,
  decodeAddress,
  decodeAddressRequest,
  encodeAddress,
  IFA_F_HOMEADDRESS,
  IFA_F_MANAGETEMPADDR,
  IFA_F_NODAD,
  messages,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  RT_SCOPE_HOST,
  RT_SCOPE_LINK,
  RTM_DELADDR,
  RTM_GETADDR,
  RTM_NEWADDR,
  RTM_NEWLINK,
  type AddressMessage,
  type AddressRequest,
  type NetlinkMessage,
} from '../src/index.ts';
import { fromHex, golden, withoutSequence, type Printed } from './golden.ts';

const SCOPES = new Map([
  [0, 'global'],
  [RT_SCOPE_LINK, 'link'],
  [RT_SCOPE_HOST, 'host'],
]);

/** What `ip -d -j addr` prints of an address, as far as it is compared. */
function print(address: AddressMessage): Printed {
  const local = address.local ?? address.address;
  const peer = address.local && String(address.local) !== String(address.address);
  return {
    family: address.family === AF_INET ? 'inet' : 'inet6',
    local: local && ip(local),
    address: peer && address.address ? ip(address.address) : undefined,
    prefixlen: address.prefixLength,
    metric: address.routePriority,
    broadcast: address.broadcast && ip(address.broadcast),
    scope: SCOPES.get(address.scope),
    label: address.label,
    valid_life_time: address.cacheInfo?.valid,
    preferred_life_time: address.cacheInfo?.preferred,
  };
}

function ip(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // The URL parser writes IPv6 addresses as RFC 5952 wants it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function only(datagram: Uint8Array): NetlinkMessage {
  const [message] = messages(datagram, 'little');
  if (message === undefined) throw new Error('no message');
  return message;
}

describe('decodeAddress, judged by ip', () => {
  const { received, printed } = golden('addr_dump');
  const addresses = received
    .flatMap((datagram) => [...messages(datagram, 'little')])
    .filter((message) => message.type === RTM_NEWADDR)
    .map((message) => decodeAddress(message, 'little'));

  it('tells all addresses of a dump', () => {
    expect(addresses.length).toBeGreaterThan(5);
    const compared = new Set(Object.keys(print(addresses[0]!)));
    for (const link of printed ?? []) {
      const truth = (link['addr_info'] as readonly Printed[]).map((address) =>
        Object.fromEntries(Object.entries(address).filter(([key]) => compared.has(key))),
      );
      const ours = addresses.filter((address) => address.index === link['ifindex']).map(print);
      expect(ours).toEqual(truth);
    }
  });

  it('keeps what it does not know', () => {
    expect(addresses.flatMap((address) => address.unknown)).toEqual([]);
    const body = fromHex('02 18 80 00 03000000 0600 6440 0102 0000');
    const message = { type: RTM_DELADDR, flags: 0, sequence: 0, portId: 0, body };
    expect(decodeAddress(message, 'little')).toMatchObject({
      event: 'delete',
      family: AF_INET,
      prefixLength: 24,
      flags: 0x80,
      index: 3,
      unknown: [{ type: 0x4064, value: Uint8Array.of(1, 2) }],
    });
  });
});

describe('decodeAddress', () => {
  const message = (hex: string): NetlinkMessage => ({
    type: RTM_NEWADDR,
    flags: 0,
    sequence: 0,
    portId: 0,
    body: fromHex(`02 18 80 00 03000000 ${hex}`),
  });

  it('takes all flags from IFA_FLAGS', () => {
    expect(decodeAddress(message('0800 0800 80020000'), 'little').flags).toBe(0x280);
  });

  it('takes a longer cacheinfo', () => {
    const hex = '1800 0600 01000000 02000000 03000000 04000000 05000000';
    expect(decodeAddress(message(hex), 'little').cacheInfo).toEqual({
      preferred: 1,
      valid: 2,
      created: 3,
      updated: 4,
    });
  });

  const malformed: readonly (readonly [string, string, number])[] = [
    ['a cacheinfo that is too short', '1000 0600 01000000 02000000 03000000', 28],
    ['flags that are too short', '0600 0800 8002 0000', 28],
    ['an empty protocol', '0400 0b00', 28],
    ['a length of 0', '0000 0100', 24],
    ['a length of 2', '0200 0100', 24],
    ['an attribute beyond the end', '0900 0100 01020304', 24],
  ];

  it.each(malformed)('refuses %s', (_, hex, offset) => {
    expect(() => decodeAddress(message(hex), 'little')).toThrow(
      expect.objectContaining({ code: 'ERR_RTAP_MALFORMED', offset }),
    );
  });

  it('refuses a short struct and other messages', () => {
    const short = { ...message(''), body: new Uint8Array(7) };
    expect(() => decodeAddress(short)).toThrow(
      expect.objectContaining({ code: 'ERR_RTAP_MALFORMED', offset: 16 }),
    );
    expect(() => decodeAddress({ ...message(''), type: RTM_NEWLINK })).toThrow(TypeError);
    expect(() => decodeAddress({ ...message(''), type: RTM_GETADDR })).toThrow(TypeError);
  });
});

describe('encodeAddress, judged by iproute2', () => {
  const ack = NLM_F_REQUEST | NLM_F_ACK;
  const create = ack | NLM_F_CREATE | NLM_F_EXCL;
  const home = fromHex('20010db8000100000000000000000005');
  const bridge = fromHex('cb007101');
  const cases: readonly (readonly [string, number, number, AddressRequest])[] = [
    [
      'addr_add4_peer',
      RTM_NEWADDR,
      create,
      {
        family: AF_INET,
        prefixLength: 32,
        index: 14,
        local: fromHex('0a090001'),
        address: fromHex('0a090002'),
        routePriority: 42,
      },
    ],
    [
      'addr_add6_home',
      RTM_NEWADDR,
      create,
      {
        family: AF_INET6,
        prefixLength: 128,
        index: 9,
        local: home,
        flags: IFA_F_HOMEADDRESS | IFA_F_NODAD | IFA_F_MANAGETEMPADDR,
        address: home,
      },
    ],
    [
      'addr_del',
      RTM_DELADDR,
      ack,
      { family: AF_INET, prefixLength: 28, index: 5, local: bridge, address: bridge },
    ],
    ['addr_dump', RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, {}],
  ];

  it.each(cases)('%s', (name, type, flags, request) => {
    const { sent } = golden(name);
    const header = { flags, sequence: 0 };
    expect(encodeAddress(type, request, header, 'little')).toEqual(withoutSequence(sent));
    const fixed = { family: 0, prefixLength: 0, flags: 0, scope: 0, index: 0 };
    expect(decodeAddressRequest(only(sent), 'little')).toEqual({ ...fixed, ...request });
  });
});

describe('encodeAddress', () => {
  const header = { flags: 0, sequence: 1 };

  it('says all that a message says', () => {
    const request: AddressRequest = {
      family: AF_INET,
      prefixLength: 24,
      flags: 0x80,
      scope: RT_SCOPE_LINK,
      index: 3,
      address: fromHex('0a000002'),
      local: fromHex('0a000001'),
      label: 'tap0:1',
      broadcast: fromHex('0a0000ff'),
      anycast: fromHex('01'),
      multicast: fromHex('02'),
      cacheInfo: { preferred: 1, valid: 0xffff_ffff, created: 3, updated: 4 },
      routePriority: 5,
      targetNetnsId: -1,
      protocol: 6,
    };
    const [message] = messages(encodeAddress(RTM_NEWADDR, request, header));
    if (message === undefined) throw new Error('no message');
    expect(decodeAddress(message)).toEqual({ event: 'new', ...request, unknown: [] });
  });

  const wrong: readonly (readonly [AddressRequest, string, string])[] = [
    [{ prefixLength: 256 }, 'prefixLength', 'ERR_OUT_OF_RANGE'],
    [{ flags: -1 }, 'flags', 'ERR_OUT_OF_RANGE'],
    [{ protocol: 256 }, 'protocol', 'ERR_OUT_OF_RANGE'],
    [{ label: 'a\0' }, 'label', 'ERR_INVALID_ARG_VALUE'],
    [{ local: '10.0.0.1' as unknown as Uint8Array }, 'local', 'ERR_INVALID_ARG_TYPE'],
    [{ prefix: 1 } as AddressRequest, 'prefix', 'ERR_INVALID_ARG_VALUE'],
  ];

  it.each(wrong)('refuses %o', (request, word, code) => {
    expect(() => encodeAddress(RTM_NEWADDR, request, header)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) as unknown }),
    );
  });

  it('refuses other message types', () => {
    expect(() => encodeAddress(RTM_NEWLINK, {}, header)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }),
    );
  });
});
