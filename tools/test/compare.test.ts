import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { compare, type Finding } from '../nlgen/compare/compare.ts';
import { readSpec } from '../nlgen/compare/kernel-spec.ts';
import { reasonFor } from '../nlgen/compare/known.ts';
import { report } from '../nlgen/compare/report.ts';
import { field, row, type Family } from '../nlgen/table.ts';

/** A family that there is not. */
const pond: Family = {
  file: 'pond',
  noun: 'Pond',
  words: { one: 'pond', a: 'a pond' },
  title: 'Ponds.',
  source: 'linux/pond.h',
  prefix: 'POND_',
  messages: { events: { RTM_NEWPOND: 'new' }, requests: [] },
  header: {
    kernel: 'pondmsg',
    fields: [field('depth', 'u16', 'Depth.'), { pad: 2 }, field('index', 's32', 'Index.')],
  },
  attributes: [
    row(1, 'POND_NAME', 'name', 'string', 'Name.'),
    row(2, 'POND_AREA', 'area', 'u32', 'Area.'),
    row(3, 'POND_PORT', 'port', 'u16', 'Port.', { order: 'big' }),
    row(4, 'POND_KIND', 'kind', 'string', 'Kind.'),
    row(
      5,
      'POND_DATA',
      'data',
      { select: 'kind', as: 'PondData', choices: { salt: 'SaltData', bog: 'BogData' } },
      'Data.',
    ),
    row(6, 'POND_FISH', 'fish', { list: { nest: 'Fish' }, of: { first: 1 } }, 'Fish.'),
    row(7, 'POND_COUNTERS', 'counters', { struct: 'PondCounters' }, 'Counters.'),
    row(8, 'POND_ALIAS', 'alias', { list: 'string', of: { id: 1, kernel: 'POND_ALT' } }, 'Names.'),
    row(12, 'POND_LILIES', 'lilies', 'u8', 'Lilies.'),
  ],
  others: { 9: 'POND_PAD', 10: 'POND_FROGS' },
  nests: {
    SaltData: {
      doc: '',
      prefix: 'POND_SALT_',
      attributes: [row(1, 'POND_SALT_LEVEL', 'level', 'u8', 'Level.')],
    },
    BogData: { doc: '', prefix: 'POND_BOG_', attributes: [] },
    Fish: {
      doc: '',
      prefix: 'POND_FISH_',
      attributes: [row(1, 'POND_FISH_NAME', 'name', 'string', 'Name.', { multiple: true })],
    },
  },
  structs: {
    PondCounters: {
      doc: '',
      kernel: 'pond_counters',
      fields: [field('rises', 'u32', ''), { pad: 4 }, field('falls', 'u64', '')],
    },
  },
  examples: { decode: [], encode: [] },
};

/** Its specification, which says the same. */
const same = `
name: pond
definitions:
  - { name: pondmsg, type: struct, members: [
      { name: depth, type: u16 }, { name: pad1, type: pad, len: 2 }, { name: index, type: s32 } ] }
  - { name: pond-counters, type: struct, members: [
      { name: rises, type: u32 }, { name: pad1, type: binary, len: 4 }, { name: falls, type: u64 } ] }
attribute-sets:
  - name: pond-attrs
    name-prefix: pond-
    attributes:
      - { name: name, type: string }
      - { name: area, type: u32 }
      - { name: port, type: u16, byte-order: big-endian }
      - { name: kind, type: string }
      - { name: data, type: sub-message, sub-message: data-msg, selector: kind }
      - { name: fish, type: indexed-array, sub-type: nest, nested-attributes: fish }
      - { name: counters, type: binary, struct: pond-counters }
      - { name: alias, type: nest, nested-attributes: alias }
      - { name: pad, type: pad }
      - { name: lilies, type: u8, value: 12 }
  - { name: salt, name-prefix: pond-salt-, attributes: [ { name: level, type: u8 } ] }
  - { name: bog, name-prefix: pond-bog-, attributes: [] }
  - { name: fish, name-prefix: pond-fish-, attributes: [ { name: name, type: string, multi-attr: true } ] }
  - { name: alias, name-prefix: pond-, attributes: [ { name: alt, type: string, multi-attr: true } ] }
sub-messages:
  - { name: data-msg, formats: [ { value: salt, attribute-set: salt }, { value: bog, attribute-set: bog } ] }
operations:
  list:
    - { name: newpond, attribute-set: pond-attrs, fixed-header: pondmsg }
`;

function findings(text: string): string[] {
  return compare(pond, [readSpec(text, 'pond')]).findings.map(
    ({ kind, where, ours, spec }) => `${kind} ${where}: ${ours}, ${spec}`,
  );
}

describe('a table and a specification', () => {
  it('that say the same have nothing between them', () => {
    expect(compare(pond, [readSpec(same, 'pond')])).toEqual({
      counterpart: 'pond pond-attrs',
      findings: [],
    });
  });

  it.each<[what: string, from: string, to: string, found: string[]]>([
    [
      'an attribute that the table lacks',
      '{ name: lilies, type: u8, value: 12 }',
      '{ name: frogs, type: u16 }\n      - { name: moles, type: u64, value: 13 }',
      [
        'lacks pond: POND_FROGS: its name only, 10, u16',
        'lacks pond: POND_MOLES: nothing, 13, u64',
        'more pond: POND_LILIES: 12, u8, nothing',
      ],
    ],
    [
      'another name for a number',
      'name: area, type',
      'name: size, type',
      ['name pond: POND_AREA: 2 POND_AREA, POND_SIZE'],
    ],
    ['another width', 'area, type: u32', 'area, type: u16', ['type pond: POND_AREA: u32, u16']],
    [
      'another byte order',
      'type: u16, byte-order: big-endian',
      'type: u16',
      ['type pond: POND_PORT: u16 big, u16'],
    ],
    [
      'bytes for a nest',
      'alias, type: nest, nested-attributes: alias',
      'alias, type: binary',
      ['type pond: POND_ALIAS: list of string, binary'],
    ],
    [
      'another type inside a list',
      'pond-fish-, attributes: [ { name: name, type: string',
      'pond-fish-, attributes: [ { name: name, type: u8',
      ['type pond: POND_FISH[] > POND_FISH_NAME: string, several, u8 several'],
    ],
    [
      'one where there are several',
      'type: string, multi-attr: true } ] }\n  - { name: alias',
      'type: string } ] }\n  - { name: alias',
      ['type pond: POND_FISH[] > POND_FISH_NAME: string, several, string'],
    ],
    [
      'a kind that the table lacks, and one that it has beyond',
      'value: bog',
      'value: fen',
      ['lacks pond: POND_DATA(fen): bytes, bog', 'more pond: POND_DATA(bog): BogData, nothing'],
    ],
    [
      'another type inside a kind',
      'name: level, type: u8',
      'name: level, type: s8',
      ['type pond: POND_DATA(salt) > POND_SALT_LEVEL: u8, s8'],
    ],
    [
      'a shorter struct',
      '{ name: pad1, type: binary, len: 4 }, { name: falls',
      '{ name: falls',
      [
        'struct pond: POND_COUNTERS: 16 bytes, 12 bytes',
        'struct pond: POND_COUNTERS.falls: nothing, u64',
        'struct pond: POND_COUNTERS.falls: u64, nothing',
      ],
    ],
    [
      'another field in the header',
      'name: index, type: s32',
      'name: index, type: u32',
      ['struct pond: struct pondmsg.index: s32, u32'],
    ],
  ])('differ by %s', (_, from, to, found) => {
    expect(same).toContain(from);
    expect(findings(same.replace(from, to))).toEqual(found);
  });

  it('of which the older leaves out prefixes are compared by the ends of names', () => {
    const old = same.replaceAll(/ {4}name-prefix: .*\n/g, '').replaceAll(/name-prefix: \S+, /g, '');
    expect(old).not.toContain('prefix');
    expect(findings(old)).toEqual([]);
    expect(findings(old.replace('name: area', 'name: size'))).toEqual([
      'name pond: POND_AREA: 2 POND_AREA, POND_A_POND_ATTRS_SIZE',
    ]);
  });

  it('take a part of another set for what that says', () => {
    const part = same
      .replace('nested-attributes: alias }', 'nested-attributes: part }')
      .replace(
        'sub-messages:',
        '  - { name: part, subset-of: alias, attributes: [ { name: alt } ] }\nsub-messages:',
      );
    expect(part).toContain('subset-of');
    expect(findings(part)).toEqual([]);
  });

  it('have no counterpart where names have nothing in common', () => {
    const other = same.replaceAll('pond-', 'lake-');
    expect(compare(pond, [readSpec(other, 'lake')])).toEqual({
      counterpart: undefined,
      findings: [],
    });
  });
});

describe('the report of a folder', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rtap-specs-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('counts news, and tells the rest with its reason', () => {
    writeFileSync(join(folder, 'pond.yaml'), same);
    expect(report([pond], folder).news).toBe(0);
    writeFileSync(join(folder, 'pond.yaml'), same.replace('area, type: u32', 'area, type: u16'));
    const { lines, news } = report([pond], folder);
    expect(news).toBe(1);
    expect(lines).toEqual([
      'pond: pond pond-attrs',
      '  type   pond: POND_AREA; table: u32; specification: u16',
      '1 specifications, 1 news, 0 known differences',
    ]);
  });

  it('is refused where there is none', () => {
    expect(() => report([pond], join(folder, 'nowhere'))).toThrow('there is no folder');
  });

  it('knows reasons by the place', () => {
    const finding = (where: string): Finding => ({ kind: 'type', where, ours: '', spec: '' });
    expect(reasonFor(finding('neighbour: NDA_PORT'))).toBe('the spec is wrong: __be16');
    expect(reasonFor(finding('link: IFLA_PORT_SELF > IFLA_PORT_VF'))).toContain('vague');
    expect(reasonFor(finding('neighbour: NDA_PORTS'))).toBeUndefined();
  });
});
