import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AttributeReader,
  decodeAcknowledgement,
  decodeAddress,
  decodeAddressRequest,
  decodeLink,
  decodeLinkRequest,
  encodeAddress,
  encodeLink,
  MalformedError,
  messages,
  NLMSG_DONE,
  NLMSG_ERROR,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  type AddressRequest,
  type Endian,
  type LinkRequest,
  type NetlinkMessage,
} from '../src/index.ts';
import { eventGoldens, golden, recorded } from './golden.ts';

/** Recorded datagrams of every kind that is decoded, none longer than a few kilobytes. */
const goldens: readonly Uint8Array[] = [
  ...golden('link_get_tap0').received,
  ...golden('link_get_vx4').received,
  ...golden('addr_dump').received,
  ...golden('err_type').received,
  ...golden('err_mtu_big').received,
  ...golden('set_mtu').received,
  golden('add_veth').sent,
  golden('prop_add_altname2').sent,
  golden('addr_add6_home').sent,
  ...(eventGoldens().at(-1)?.received ?? []),
];

/** How often bytes were refused: to see that a test met bad bytes at all. */
let refused = 0;
/** Whether to read all that is read late too: dear, when most of it is refused. */
let late = false;

/** Decodes all that there is; whatever is not a MalformedError goes through. */
function decode(datagram: Uint8Array, endian: Endian = 'little'): void {
  attempt(() => {
    for (const message of messages(datagram, endian)) decodeMessage(message, endian);
  });
}

function decodeMessage(message: NetlinkMessage, endian: Endian): void {
  switch (message.type) {
    case NLMSG_ERROR:
    case NLMSG_DONE:
      attempt(() => decodeAcknowledgement(message, undefined, endian));
      attempt(() => decodeAcknowledgement(message, golden('add_veth').sent, endian));
      break;
    case RTM_NEWLINK:
    case RTM_DELLINK:
      attempt(() => {
        const link = decodeLink(message, endian);
        if (late) readLate(link);
        if (late && link.info !== undefined) readLate(link.info);
        return [link.stats64, link.unknown];
      });
      attempt(() => decodeLinkRequest(message, endian));
      break;
    case RTM_NEWADDR:
    case RTM_DELADDR:
      attempt(() => decodeAddress(message, endian));
      attempt(() => decodeAddressRequest(message, endian));
      break;
    default:
  }
}

/** Reads whatever is read late: getters stand in the class. */
function readLate(decoded: object): void {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(decoded)));
  for (const [, { get }] of getters) if (get !== undefined) attempt(() => get.call(decoded));
}

/** One recorded link of each kind. */
function kinds(): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const message of recorded('link')) {
    if (message.type !== RTM_NEWLINK && message.type !== RTM_DELLINK) continue;
    const link = decodeLink(message, 'little');
    const kind = `${link.family} ${link.info?.kind} ${link.info?.slaveKind}`;
    found.set(kind, encodeLink(message.type, link, message, 'little'));
  }
  return [...found.values()];
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    refused += 1;
  }
}

describe('every kind of link', () => {
  const all = kinds();

  beforeEach(() => {
    refused = 0;
    late = true;
  });

  afterEach(() => {
    late = false;
  });

  it('decodes, with its prefixes and with bytes changed', () => {
    expect(all.length).toBeGreaterThan(8);
    for (const datagram of all) {
      const [message] = messages(datagram, 'little');
      for (let length = 0; length < message!.body.length; length += 9) {
        decodeMessage({ ...message!, body: message!.body.subarray(0, length) }, 'little');
      }
      const copy = datagram.slice();
      for (const [at, byte] of datagram.entries()) {
        if (at < 16 || at % 3 !== 0) continue;
        copy[at] = [0, 3, 255][(at / 3) % 3] ?? 0;
        decode(copy);
        copy[at] = byte;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

describe('hostile bytes give a result or a MalformedError', () => {
  beforeEach(() => {
    refused = 0;
  });

  it('recorded datagrams as they are are not refused', () => {
    for (const datagram of goldens) decode(datagram);
    expect(refused).toBe(0);
  });

  it('every prefix of recorded datagrams', () => {
    for (const datagram of goldens) {
      for (let length = 0; length < datagram.length; length += 1) {
        decode(datagram.subarray(0, length));
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('every prefix of recorded messages whose length says so', () => {
    for (const datagram of goldens) {
      for (const message of messages(datagram, 'little')) {
        for (let length = 0; length < message.body.length; length += 1) {
          decodeMessage({ ...message, body: message.body.subarray(0, length) }, 'little');
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('every byte of recorded datagrams set to 0, 1, 2 and 255', () => {
    for (const datagram of goldens) {
      const copy = datagram.slice();
      for (const [at, byte] of datagram.entries()) {
        for (const value of [0, 1, 2, 255]) {
          copy[at] = value;
          decode(copy);
        }
        copy[at] = byte;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it('recorded datagrams with bytes changed anywhere', () => {
    const change = fc.tuple(fc.nat(4096), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...goldens),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.constantFrom<Endian>('little', 'big'),
        (datagram, changes, endian) => {
          const copy = datagram.slice();
          for (const [at, value] of changes) copy[at % copy.length] = value;
          decode(copy, endian);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('any bytes as attributes and as messages', () => {
    const type = fc.constantFrom(NLMSG_ERROR, NLMSG_DONE, RTM_NEWLINK, RTM_DELADDR, RTM_NEWADDR);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        type,
        fc.integer({ min: 0, max: 0xffff }),
        (body, messageType, flags) => {
          decode(body);
          decodeMessage({ type: messageType, flags, sequence: 0, portId: 0, body }, 'little');
          const reader = new AttributeReader(body, 'little');
          let count = 0;
          while (reader.next()) count += 1;
          expect(count).toBeLessThanOrEqual(body.length / 4);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const bytes = fc.uint8Array({ maxLength: 32 });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const i32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const u8 = fc.integer({ min: 0, max: 0xff });
// Without NUL, which ends a string on the wire.
const text = fc
  .string({ unit: 'binary', maxLength: 80 })
  .map((value) => value.replaceAll('\0', ''));
const endian = fc.constantFrom<Endian>('little', 'big');
const raw = fc.array(
  fc.record({ type: fc.integer({ min: 100, max: 0xffff }).filter(isUnknown), value: bytes }),
  { minLength: 1, maxLength: 3 },
);

function isUnknown(type: number): boolean {
  return (type & 0x3fff) >= 100;
}

describe('decode after encode is the same', () => {
  it('for links', () => {
    const request: fc.Arbitrary<LinkRequest> = fc.record(
      {
        family: u8,
        deviceType: fc.integer({ min: 0, max: 0xffff }),
        index: i32,
        flags: u32,
        change: u32,
        name: text,
        mtu: u32,
        address: bytes,
        broadcast: bytes,
        operState: fc.constantFrom('unknown', 'down', 'up'),
        linkMode: u8,
        carrier: fc.boolean(),
        carrierChanges: u32,
        txQueueLength: u32,
        master: u32,
        link: i32,
        newNetnsId: i32,
        newIndex: i32,
        queueDiscipline: text,
        alias: text,
        alternativeNames: fc.array(text, { maxLength: 4 }),
        info: fc.oneof(
          fc.record({ kind: text, data: bytes, slaveKind: text, slaveData: bytes }),
          fc.record({
            kind: fc.constant('tun' as const),
            data: fc.record({ owner: u32, multiQueue: fc.boolean() }),
          }),
        ),
        netnsFd: u32,
        netnsPid: u32,
        targetNetnsId: i32,
        extensionMask: u32,
        raw,
      },
      { requiredKeys: ['family', 'deviceType', 'index', 'flags', 'change'] },
    );
    fc.assert(
      fc.property(request, u32, endian, (link, sequence, order) => {
        const datagram = encodeLink(RTM_NEWLINK, link, { flags: 1, sequence }, order);
        const [message] = messages(datagram, order);
        if (message === undefined) throw new Error('no message');
        expect(message.sequence).toBe(sequence);
        const decoded = decodeLinkRequest(message, order);
        expect(decoded).toEqual(link);
      }),
    );
  });

  it('for addresses', () => {
    const request: fc.Arbitrary<AddressRequest> = fc.record(
      {
        family: u8,
        prefixLength: u8,
        flags: u32,
        scope: u8,
        index: u32,
        address: bytes,
        local: bytes,
        label: text,
        broadcast: bytes,
        cacheInfo: fc.record({ preferred: u32, valid: u32, created: u32, updated: u32 }),
        routePriority: u32,
        targetNetnsId: i32,
        protocol: u8,
        raw,
      },
      { requiredKeys: ['family', 'prefixLength', 'flags', 'scope', 'index'] },
    );
    fc.assert(
      fc.property(request, endian, (address, order) => {
        const header = { flags: 0, sequence: 0 };
        const [message] = messages(encodeAddress(RTM_NEWADDR, address, header, order), order);
        if (message === undefined) throw new Error('no message');
        expect(decodeAddressRequest(message, order)).toEqual(address);
      }),
    );
  });
});
