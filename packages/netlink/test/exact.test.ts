import { describe, expect, it } from 'vitest';
import {
  AttributeReader,
  decodeAddress,
  decodeAddressRequest,
  decodeLink,
  decodeLinkRequest,
  decodeNeighbour,
  decodeNeighbourRequest,
  decodeNetnsId,
  decodeNetnsIdRequest,
  decodeNexthop,
  decodeNexthopRequest,
  decodeRoute,
  decodeRouteRequest,
  decodeRule,
  decodeRuleRequest,
  decodeStats,
  decodeStatsQuery,
  decodeStatsQueryRequest,
  decodeStatsRequest,
  decodeTrafficControl,
  decodeTrafficControlAction,
  decodeTrafficControlActionRequest,
  decodeTrafficControlRequest,
  encodeAddress,
  encodeLink,
  encodeNeighbour,
  encodeNetnsId,
  encodeNexthop,
  encodeRoute,
  encodeRule,
  encodeStats,
  encodeStatsQuery,
  encodeTrafficControl,
  encodeTrafficControlAction,
  IFA_FLAGS,
  IFLA_IFALIAS,
  IFLA_LINKINFO,
  MessageWriter,
  messages,
  NLM_F_REQUEST,
  NLMSG_HDRLEN,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  type Endian,
  type LinkRequest,
  type NetlinkMessage,
  type RequestHeader,
} from '../src/index.ts';
import { fromHex, recorded } from './golden.ts';

const links = recorded('link');
const addresses = recorded('address');
const isLink = ({ type }: NetlinkMessage): boolean => type === RTM_NEWLINK || type === RTM_DELLINK;
const isAddress = ({ type }: NetlinkMessage): boolean =>
  type === RTM_NEWADDR || type === RTM_DELADDR;

/** The body of an encoded message. */
function body(message: Uint8Array): string {
  return Buffer.from(message.subarray(NLMSG_HDRLEN)).toString('hex');
}

function hex({ body: bytes }: NetlinkMessage): string {
  return Buffer.from(bytes).toString('hex');
}

/** Attributes of a link's body with their flags, but for those with a string that may have a NUL. */
function attributes(bytes: Uint8Array): unknown[] {
  const reader = new AttributeReader(bytes.subarray(16), 'little');
  const found: unknown[] = [];
  while (reader.next()) {
    const hasString = reader.type === IFLA_LINKINFO || reader.type === IFLA_IFALIAS;
    found.push(hasString ? reader.type : reader.raw());
  }
  return found;
}

describe('decode, then encode: the same bytes', () => {
  it('of all recorded links, as they were read', () => {
    expect(links.filter(isLink).length).toBeGreaterThan(200);
    for (const message of links.filter(isLink)) {
      const link = decodeLink(message, 'little');
      expect(body(encodeLink(message.type, link, message, 'little'))).toBe(hex(message));
    }
  });

  it('of all recorded requests, as plain data', () => {
    const requests = links.filter(({ flags }) => (flags & NLM_F_REQUEST) !== 0);
    expect(requests.length).toBeGreaterThan(30);
    for (const message of requests) {
      // As plain as can be: nothing but what can be seen.
      const plain = structuredClone(decodeLinkRequest(message, 'little'));
      expect(body(encodeLink(message.type, plain, message, 'little'))).toBe(hex(message));
    }
  });

  it('of all recorded links as plain data, but for the NUL that the kernel writes and ip does not', () => {
    for (const message of links) {
      const plain = structuredClone(decodeLinkRequest(message, 'little'));
      const written = encodeLink(message.type, plain, message, 'little');
      expect(plain.raw).toBeUndefined();
      expect(attributes(written.subarray(NLMSG_HDRLEN))).toEqual(attributes(message.body));
      const like = encodeLink(message.type, plain, { ...message, like: message }, 'little');
      expect(body(like)).toBe(hex(message));
    }
  });

  it('of all recorded addresses', () => {
    expect(addresses.length).toBeGreaterThan(10);
    for (const message of addresses) {
      const request = decodeAddressRequest(message, 'little');
      const like = { ...message, like: message };
      expect(body(encodeAddress(message.type, request, like, 'little'))).toBe(hex(message));
      if (!isAddress(message)) continue;
      const address = decodeAddress(message, 'little');
      expect(body(encodeAddress(message.type, address, message, 'little'))).toBe(hex(message));
    }
  });

  it('and of addresses as plain data, but for flags that the header can hold', () => {
    for (const message of addresses) {
      const request = decodeAddressRequest(message, 'little');
      const written = encodeAddress(message.type, structuredClone(request), message, 'little');
      const [again] = messages(written, 'little');
      expect(decodeAddressRequest(again!, 'little')).toEqual(request);
      const flags = hex(message).includes(`08000${IFA_FLAGS}00`);
      if (!flags) expect(body(written)).toBe(hex(message));
    }
  });
});

describe('all recorded messages of a family', () => {
  const families = {
    route: [decodeRoute, decodeRouteRequest, encodeRoute],
    neighbour: [decodeNeighbour, decodeNeighbourRequest, encodeNeighbour],
    rule: [decodeRule, decodeRuleRequest, encodeRule],
    nexthop: [decodeNexthop, decodeNexthopRequest, encodeNexthop],
    'netns-id': [decodeNetnsId, decodeNetnsIdRequest, encodeNetnsId],
    stats: [decodeStats, decodeStatsRequest, encodeStats],
    'stats-query': [decodeStatsQuery, decodeStatsQueryRequest, encodeStatsQuery],
    tc: [decodeTrafficControl, decodeTrafficControlRequest, encodeTrafficControl],
    'tc-action': [
      decodeTrafficControlAction,
      decodeTrafficControlActionRequest,
      encodeTrafficControlAction,
    ],
  } as const;
  type Decode = (message: NetlinkMessage, endian: Endian) => object;
  type Encode = (
    type: number,
    request: object,
    header: RequestHeader,
    endian: Endian,
  ) => Uint8Array;

  it.each(Object.entries(families))('%s: are written as they were', (file, functions) => {
    const [decode, decodeRequest, encode] = functions as unknown as readonly [
      Decode,
      Decode,
      Encode,
    ];
    const all = recorded(file);
    expect(all.length).toBeGreaterThan(3);
    let told = 0;
    for (const message of all) {
      const plain = structuredClone(decodeRequest(message, 'little'));
      // What iproute2 and the kernel said is known here, but for the padding of 64-bit values.
      expect('raw' in plain ? plain.raw : undefined).toBeUndefined();
      const like = { ...message, like: message };
      expect(body(encode(message.type, plain, like, 'little'))).toBe(hex(message));
      const [other] = messages(encode(message.type, plain, message, 'big'), 'big');
      expect(decodeRequest(other!, 'big')).toEqual(plain);
      if (!isTold(decode, message)) continue;
      told += 1;
      const read = decode(message, 'little');
      expect(body(encode(message.type, read, message, 'little'))).toBe(hex(message));
    }
    expect(told).toBeGreaterThan(3);
  });

  /** Whether a message is one that the kernel tells; the rest only ask. */
  function isTold(decode: Decode, message: NetlinkMessage): boolean {
    try {
      decode(message, 'little');
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  }
});

/** A link message with oddities of all kinds. */
const odd: NetlinkMessage = {
  type: RTM_NEWLINK,
  flags: 0,
  sequence: 0,
  portId: 0,
  body: fromHex(
    `00 77 0100 03000000 43100100 00000000
     0c00 0480 dc050000 01020304
     0600 e803 aabb ffff
     0900 0300 7461703000 eeeeee
     1100 1280 0700 0180 74756eff 0500 0300 09`,
  ),
};

describe('a message that is like another one', () => {
  it('keeps all of it where nothing differs', () => {
    const request = decodeLinkRequest(odd, 'little');
    expect(request).toMatchObject({ name: 'tap0', mtu: 1500, info: { kind: 'tun' } });
    expect(body(encodeLink(RTM_NEWLINK, request, { ...odd, like: odd }, 'little'))).toBe(hex(odd));
    const link = decodeLink(odd, 'little');
    expect(body(encodeLink(RTM_NEWLINK, link, odd, 'little'))).toBe(hex(odd));
  });

  const change = (changes: LinkRequest): string => {
    const request = { ...decodeLinkRequest(odd, 'little'), ...changes };
    return body(encodeLink(RTM_NEWLINK, request, { ...odd, like: odd }, 'little'));
  };

  it('writes anew what differs, in its place', () => {
    expect(change({ name: 'tap1' })).toBe(hex(odd).replace('7461703000eeeeee', '7461703100000000'));
    expect(change({ mtu: 1400 })).toBe(
      hex(odd).replace('0c000480dc05000001020304', '0800040078050000'),
    );
    expect(change({ index: 4 })).toBe(hex(odd).replace('0077010003000000', '0000010004000000'));
  });

  it('leaves out what is left out, and adds what is new', () => {
    expect(change({ mtu: undefined })).toBe(hex(odd).replace('0c000480dc05000001020304', ''));
    expect(change({ master: 7 })).toBe(`${hex(odd)}00000008000a0007000000`);
  });
});

describe('encoded in the other byte order', () => {
  it.each<[Endian, Endian]>([
    ['little', 'big'],
    ['big', 'little'],
  ])('%s to %s', (_, to) => {
    for (const message of links) {
      const request = decodeLinkRequest(message, 'little');
      const [other] = messages(encodeLink(message.type, request, message, to), to);
      expect(decodeLinkRequest(other!, to)).toEqual(request);
      if (!isLink(message)) continue;
      const [copy] = messages(
        encodeLink(message.type, decodeLink(message, 'little'), message, to),
        to,
      );
      expect(decodeLinkRequest(copy!, to)).toEqual(request);
    }
  });
});

describe('a decoded message', () => {
  it('can be a request: what is read late is written too', () => {
    const writer = new MessageWriter('little').begin(RTM_NEWLINK, 0, 0).bytes(new Uint8Array(16));
    const [message] = messages(writer.attributeU32(41, 65536).finish(), 'little');
    const link = decodeLink(message!, 'little');
    expect(link.gsoMaxSize).toBe(65536);
    expect(body(encodeLink(RTM_NEWLINK, link, message!, 'little'))).toBe(hex(message!));
  });
});
