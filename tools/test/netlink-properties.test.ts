import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  AttributeReader,
  attributePath,
  decodeAcknowledgement,
  MessageWriter,
  messages,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_HDRLEN,
  NLMSGERR_ATTR_COOKIE,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
  NLMSGERR_ATTR_POLICY,
  routeRequestLayout,
  RTM_NEWLINK,
  type Endian,
  type NetlinkMessage,
} from '../../packages/netlink/src/index.ts';
import { arbitraryRequest, codecOf, type FamilyCodec } from '../fuzz/family-codec.ts';
import { checkMessage } from '../fuzz/family-target.ts';
import { recordedMessages } from '../fuzz/recorded.ts';
import { swapBody } from '../fuzz/swap.ts';
import { structWidth } from '../nlgen/model.ts';
import { families } from '../nlgen/spec/index.ts';

const byteOrder = fc.constantFrom<Endian>('little', 'big');
const header = { flags: 5, sequence: 7 };

function firstOf(datagram: Uint8Array, endian: Endian): NetlinkMessage {
  const [message] = messages(datagram, endian);
  if (message === undefined) throw new Error('no message');
  return message;
}

/** A type that `decode` takes; in generic netlink any is fine. */
function typeOf({ table, events }: FamilyCodec): number {
  return table.messages.generic === true ? 0x1234 : (events[0] ?? 0);
}

/** Short messages: made by the table, and recorded. */
function samples(codec: FamilyCodec): NetlinkMessage[] {
  const made = fc
    .sample(arbitraryRequest(codec), { seed: 3, numRuns: 12 })
    .map((request) => firstOf(codec.encode(typeOf(codec), request, header, 'little'), 'little'));
  const recorded = recordedMessages(codec).toSorted((a, b) => a.body.length - b.body.length);
  return [...made, ...recorded.slice(0, 3)].filter(({ body }) => body.length < 600);
}

describe.each(families.map((table) => [table.file, codecOf(table)] as const))('%s', (_, codec) => {
  const { table } = codec;

  it('decodes what was encoded to the same, in both byte orders', () => {
    fc.assert(
      fc.property(arbitraryRequest(codec), byteOrder, (request, endian) => {
        const bytes = codec.encode(typeOf(codec), request, header, endian);
        expect(codec.decodeRequest(firstOf(bytes, endian), endian)).toEqual(request);
      }),
    );
  });

  it('holds all that it promises of messages that were made', () => {
    fc.assert(
      fc.property(arbitraryRequest(codec), byteOrder, (request, endian) => {
        const bytes = codec.encode(typeOf(codec), request, header, endian);
        expect(checkMessage(codec, firstOf(bytes, endian), endian)).toBe(true);
      }),
    );
  });

  it('and of those that were recorded, and of their copies in the other byte order', () => {
    const recorded = recordedMessages(codec);
    expect(recorded.length).toBeGreaterThan(0);
    for (const message of recorded) {
      expect(checkMessage(codec, message, 'little')).toBe(true);
      const big = { ...message, body: swapBody(table, message.body) };
      expect(checkMessage(codec, big, 'big')).toBe(true);
      expect(codec.decodeRequest(big, 'big')).toEqual(codec.decodeRequest(message, 'little'));
    }
  });

  it('and of every prefix', () => {
    const seen = new Set<boolean | undefined>();
    for (const { message, endian } of inBothOrders(codec)) {
      for (let length = 0; length <= message.body.length; length += 1) {
        const body = message.body.subarray(0, length);
        seen.add(checkMessage(codec, { ...message, body }, endian));
      }
    }
    expect(seen).toContain(true);
    expect(seen).toContain(false);
  });

  it('and with any byte changed', () => {
    const seen = new Set<boolean | undefined>();
    for (const { message, endian } of inBothOrders(codec)) {
      for (const [at, byte] of message.body.entries()) {
        for (const other of [0, 1, 255, byte ^ 0x80]) {
          seen.add(checkMessage(codec, { ...message, body: message.body.with(at, other) }, endian));
        }
      }
    }
    expect(seen).toContain(true);
    expect(seen).toContain(false);
  });

  it('tells the path of each attribute of a request, and of nothing else', () => {
    const layout = routeRequestLayout(typeOf(codec));
    // Statistics are asked for by other attributes than they are told by.
    if (layout === undefined || table.messages.generic === true || table.file === 'stats') return;
    const start = NLMSG_HDRLEN + structWidth(table.header.fields);
    fc.assert(
      fc.property(arbitraryRequest(codec), byteOrder, (request, endian) => {
        const bytes = codec.encode(typeOf(codec), request, header, endian);
        const reader = new AttributeReader(bytes.subarray(start), endian, start);
        while (reader.next()) {
          const { type, offset } = reader;
          const row = table.attributes.find(({ id }) => id === type);
          const name = row?.kernel.slice(table.prefix.length).toLowerCase().replaceAll('_', '-');
          const path = attributePath(bytes, offset, layout, endian === 'little');
          expect(path).toBe(name ?? String(type));
        }
        for (let offset = 0; offset < bytes.length + 8; offset += 1) {
          const path = attributePath(bytes, offset, layout, endian === 'little');
          if (offset < start || offset >= bytes.length) expect(path).toBeUndefined();
        }
      }),
      { numRuns: 30 },
    );
  });
});

function inBothOrders(codec: FamilyCodec): { message: NetlinkMessage; endian: Endian }[] {
  return samples(codec).flatMap((message) => [
    { message, endian: 'little' },
    { message: { ...message, body: swapBody(codec.table, message.body) }, endian: 'big' },
  ]);
}

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.string({ unit: 'binary', maxLength: 40 }).map((all) => all.replaceAll('\0', ''));

describe('acknowledgements', () => {
  const told = fc.record(
    {
      message: text,
      offset: u32,
      cookie: fc.uint8Array({ maxLength: 20 }),
      missingType: u32,
      policy: fc.record(
        { type: u32, minimumLength: u32, maximum: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
        { requiredKeys: ['type'] },
      ),
    },
    { requiredKeys: [] },
  );

  it.each([
    ['whole', NLMSG_ERROR, 0],
    ['capped', NLMSG_ERROR, NLM_F_CAPPED],
    ['of a dump', NLMSG_DONE, 0],
  ])('%s say what was written, in both byte orders', (_, type, capped) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0x7fff_ffff }),
        fc.uint8Array({ maxLength: 30 }),
        told,
        byteOrder,
        (errno, body, extension, endian) => {
          const request = new MessageWriter(endian).begin(RTM_NEWLINK, 5, 9).bytes(body).finish();
          const writer = new MessageWriter(endian)
            .begin(type, NLM_F_ACK_TLVS | capped, 9)
            .i32(-errno);
          if (type === NLMSG_ERROR) {
            // The kernel repeats the request only when it refuses it, and its header always.
            const isWhole = capped === 0 && errno !== 0;
            writer.bytes(isWhole ? request : request.subarray(0, NLMSG_HDRLEN));
            writer.bytes(new Uint8Array(isWhole ? -request.length & 3 : 0));
          }
          const { message, offset, cookie, missingType, policy } = extension;
          if (message !== undefined) writer.attributeString(NLMSGERR_ATTR_MSG, message);
          if (offset !== undefined) writer.attributeU32(NLMSGERR_ATTR_OFFS, offset);
          if (cookie !== undefined) writer.attributeBytes(NLMSGERR_ATTR_COOKIE, cookie);
          if (missingType !== undefined) writer.attributeU32(NLMSGERR_ATTR_MISS_TYPE, missingType);
          if (policy !== undefined) {
            writer.beginNest(NLMSGERR_ATTR_POLICY, { flag: true }).attributeU32(1, policy.type);
            if (policy.minimumLength !== undefined) writer.attributeU32(6, policy.minimumLength);
            if (policy.maximum !== undefined) writer.attributeU64(5, policy.maximum);
            writer.endNest();
          }
          const answer = firstOf(writer.finish(), endian);
          const acknowledgement = decodeAcknowledgement(answer, undefined, endian, () => undefined);
          expect(acknowledgement).toEqual({ errno, sequence: 9, ...extension });
        },
      ),
    );
  });
});

/** An attribute, or a nest of some. */
interface Written {
  readonly type: number;
  readonly kind: 'u8' | 'u16' | 'u32' | 'i32' | 'u64' | 'string' | 'bytes' | 'flag' | 'nest';
  readonly value: unknown;
}

const { list } = fc.letrec<{ list: Written[]; one: Written }>((tie) => {
  const type = fc.integer({ min: 0, max: 0x3fff });
  const of = (kind: Written['kind'], value: fc.Arbitrary<unknown>): fc.Arbitrary<Written> =>
    fc.record({ type, kind: fc.constant(kind), value });
  return {
    list: fc.array(tie('one'), { maxLength: 5 }),
    one: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      of('u8', fc.integer({ min: 0, max: 0xff })),
      of('u16', fc.integer({ min: 0, max: 0xffff })),
      of('u32', u32),
      of('i32', fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })),
      of('u64', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
      of('string', text),
      of('bytes', fc.uint8Array({ maxLength: 20 })),
      of('flag', fc.constant(undefined)),
      of('nest', tie('list')),
    ),
  };
});

function write(writer: MessageWriter, attributes: readonly Written[]): void {
  for (const { type, kind, value } of attributes) {
    if (kind === 'u8') writer.attributeU8(type, value as number);
    else if (kind === 'u16') writer.attributeU16(type, value as number);
    else if (kind === 'u32') writer.attributeU32(type, value as number);
    else if (kind === 'i32') writer.attributeI32(type, value as number);
    else if (kind === 'u64') writer.attributeU64(type, value as bigint);
    else if (kind === 'string') writer.attributeString(type, value as string);
    else if (kind === 'bytes') writer.attributeBytes(type, value as Uint8Array);
    else if (kind === 'flag') writer.attributeFlag(type);
    else {
      writer.beginNest(type, { flag: true });
      write(writer, value as readonly Written[]);
      writer.endNest();
    }
  }
}

function read(reader: AttributeReader, like: readonly Written[]): Written[] {
  const found: Written[] = [];
  while (reader.next()) {
    const kind = like[found.length]?.kind ?? 'bytes';
    const inside = (like[found.length]?.value ?? []) as readonly Written[];
    const value =
      kind === 'nest' ? read(reader.nest(), inside) : kind === 'flag' ? undefined : reader[kind]();
    if (kind === 'flag') expect(reader.length).toBe(0);
    expect(reader.nested).toBe(kind === 'nest');
    found.push({ type: reader.type, kind, value });
  }
  return found;
}

describe('AttributeReader', () => {
  it('reads what MessageWriter wrote, in both byte orders', () => {
    fc.assert(
      fc.property(list, byteOrder, (attributes, endian) => {
        const writer = new MessageWriter(endian).begin(RTM_NEWLINK, 0, 0);
        write(writer, attributes);
        const reader = new AttributeReader(writer.finish().subarray(NLMSG_HDRLEN), endian);
        expect(read(reader, attributes)).toEqual(attributes);
        reader.finish();
      }),
    );
  });
});
