/**
 * How much work a message makes: counted in blocks of code that ran, so that no clock is the judge.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  decodeAcknowledgement,
  MalformedError,
  MessageWriter,
  messages,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_ERROR,
  NLMSGERR_ATTR_MISS_TYPE,
  NLMSGERR_ATTR_OFFS,
  type NetlinkMessage,
} from '../../packages/netlink/src/index.ts';
import { Coverage } from '../fuzz/coverage.ts';
import { codecOf, type FamilyCodec } from '../fuzz/family-codec.ts';
import { look } from '../fuzz/look.ts';
import { structWidth } from '../nlgen/model.ts';
import { families } from '../nlgen/spec/index.ts';
import type { Attribute, Type } from '../nlgen/table.ts';

const LARGE = 16_384;
const SMALL = LARGE / 4;
/** Of four times the bytes: linear work is 4 times as much, quadratic 16 times. */
const MOST = 6;

let coverage: Coverage;

beforeAll(() => {
  coverage = new Coverage(['packages/netlink/src/']);
});

afterAll(() => coverage.stop());

/** Blocks of the package's code that ran. */
function workOf(run: () => unknown): number {
  coverage.take();
  try {
    run();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
  }
  return coverage.take().work;
}

/** Decodes in both ways, reads all, encodes in all ways. */
function everything(codec: FamilyCodec, message: NetlinkMessage): void {
  const { type, body } = message;
  const header = { flags: 0, sequence: 0 };
  const plain = codec.decodeRequest(message, 'little');
  codec.encode(type, plain, header, 'little');
  codec.encode(type, plain, { ...header, like: message }, 'little');
  const decoded = codec.decode(message, 'little');
  // As many values as bytes, a few times over: a short struct of counters in four bytes is the most.
  const { values } = look(decoded, body, 'decode');
  expect(values).toBeLessThan(16 * body.length);
  codec.encode(type, decoded, header, 'big');
}

/** A value of a type as short as it may be, and what can be in it many times. */
function shortest(codec: FamilyCodec, type: Type): Uint8Array {
  const { structs = {}, nests = {} } = codec.table;
  if (typeof type === 'string') {
    const bits = /\d+/.exec(type)?.[0];
    return new Uint8Array(
      bits !== undefined ? Number(bits) / 8 : type === 'uint' ? 4 : type === 'bool' ? 1 : 0,
    );
  }
  if ('enum' in type) return shortest(codec, type.of);
  if ('struct' in type) return new Uint8Array(structWidth(structs[type.struct]?.fields ?? []));
  if ('nest' in type) return new Uint8Array(structWidth(nests[type.nest]?.header ?? []));
  if ('message' in type) return new Uint8Array(structWidth(codec.table.header.fields));
  return new Uint8Array();
}

/** Attributes of a type with a value, up to so many bytes. */
function repeated(type: number, value: Uint8Array, size: number): Uint8Array {
  const width = 4 + ((value.length + 3) & ~3);
  const bytes = new Uint8Array(Math.max(1, Math.floor(size / width)) * width);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += width) {
    view.setUint16(at, 4 + value.length, true);
    view.setUint16(at + 2, type, true);
    bytes.set(value, at + 4);
  }
  return bytes;
}

/** What a row may hold very often: elements of a list, attributes of a nest, bytes. */
function long(codec: FamilyCodec, { type }: Attribute, size: number): Uint8Array {
  if (typeof type === 'object' && 'list' in type) {
    return repeated('id' in type.of ? type.of.id : 1, shortest(codec, type.list), size);
  }
  const nest =
    typeof type === 'object' && 'nest' in type ? codec.table.nests?.[type.nest] : undefined;
  if (nest === undefined) return new Uint8Array(size).fill(0xc3);
  const many = nest.attributes.find(({ multiple }) => multiple === true) ?? nest.attributes[0];
  const fields = new Uint8Array(structWidth(nest.header ?? []));
  if (many === undefined) return fields;
  const inside = repeated(many.id, shortest(codec, many.type), size);
  return Uint8Array.from([...fields, ...inside]);
}

type Pattern = (codec: FamilyCodec, row: Attribute, size: number) => Uint8Array;

/** Ways to fill a message of so many bytes. */
const patterns: Readonly<Record<string, Pattern>> = {
  'very many': (codec, row, size) => repeated(row.id, shortest(codec, row.type), size),
  'a very long one': (codec, row, size) => repeated(row.id, long(codec, row, size), 1),
  'very many, the last of them very long': (codec, row, size) =>
    Uint8Array.from([
      ...repeated(row.id, shortest(codec, row.type), size / 2),
      ...repeated(row.id, long(codec, row, size / 2), 1),
    ]),
  'very many of a hundred bytes': (_codec, row, size) =>
    repeated(row.id, new Uint8Array(101).fill(0xc3), size),
  'very many that are not known': (_codec, _row, size) => repeated(0x1fff, new Uint8Array(), size),
};

describe.each(families.map((table) => [table.file, codecOf(table)] as const))('%s', (_, codec) => {
  const { table, events } = codec;
  const isGeneric = table.messages.generic === true;

  function messageOf(row: Attribute, pattern: Pattern, size: number): NetlinkMessage {
    const fixed = new Uint8Array(structWidth(table.header.fields));
    fixed[0] = isGeneric ? (events[0] ?? 0) : (row.when?.is[0] ?? 0);
    const body = Uint8Array.from([...fixed, ...pattern(codec, row, size)]);
    const type = isGeneric ? 0x20 : (events[0] ?? 0);
    return { type, flags: 0, sequence: 0, portId: 0, body };
  }

  it.each(Object.entries(patterns))('does no more than in proportion: %s', (name, pattern) => {
    const rows = name.endsWith('known') ? table.attributes.slice(0, 1) : table.attributes;
    for (const row of rows) {
      const small = workOf(() => everything(codec, messageOf(row, pattern, SMALL)));
      const large = workOf(() => everything(codec, messageOf(row, pattern, LARGE)));
      expect(small, row.kernel).toBeGreaterThan(0);
      expect(large / small, row.kernel).toBeLessThan(MOST);
      // Every value that is looked for late is one walk more.
      expect(large / LARGE, row.kernel).toBeLessThan(64 + 3 * table.attributes.length);
    }
  });
});

describe('acknowledgements', () => {
  it('find an attribute in proportion, however deep and however many', () => {
    const deep = (size: number): Uint8Array => {
      const bytes = new Uint8Array(16 + size);
      const view = new DataView(bytes.buffer);
      for (let at = 16; at < bytes.length; at += 4) {
        view.setUint16(at, bytes.length - at, true);
        view.setUint16(at + 2, 18, true);
      }
      return bytes;
    };
    const flat = (size: number): Uint8Array =>
      Uint8Array.from([...new Uint8Array(16), ...repeated(18, new Uint8Array(), size)]);
    for (const make of [deep, flat]) {
      const [small = 0, large = 0] = [SMALL, LARGE].map((size) => {
        const request = new MessageWriter('little').begin(16, 5, 1).bytes(make(size)).finish();
        const answer = new MessageWriter('little')
          .begin(NLMSG_ERROR, NLM_F_ACK_TLVS | NLM_F_CAPPED, 1)
          .i32(-22)
          .bytes(request.subarray(0, 16))
          .attributeU32(NLMSGERR_ATTR_OFFS, request.length - 4)
          .attributeU32(NLMSGERR_ATTR_MISS_TYPE, 3)
          .finish();
        const [message] = messages(answer, 'little');
        return workOf(() => {
          const { attribute } = decodeAcknowledgement(message!, request, 'little');
          expect(attribute).toMatch(/^linkinfo/);
        });
      });
      expect(small).toBeGreaterThan(100);
      expect(large / small).toBeLessThan(MOST);
    }
  });
});
