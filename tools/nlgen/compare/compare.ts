/**
 * Compares a table with the kernel's own description of the family.
 *
 * @module
 */

import { byId, fieldWidth, isPadding, structWidth } from '../model.ts';
import type { Attribute, Family, Field, Nest, NumberType, Padding, Type } from '../table.ts';
import { isNameOf, type Spec, type SpecAttribute, type SpecField } from './kernel-spec.ts';

/** What the two do not agree on. */
export interface Finding {
  /**
   * `lacks`: the table has no row. `more`: the specification has none. `name`, `type`, `struct`: both
   * have it, and differ.
   */
  readonly kind: 'lacks' | 'more' | 'name' | 'type' | 'struct';
  /** Names in the kernel's headers: `link: IFLA_LINKINFO > IFLA_INFO_DATA(vlan) > IFLA_VLAN_ID`. */
  readonly where: string;
  readonly ours: string;
  readonly spec: string;
}

/** What of the tables has a counterpart, and where they differ. */
export interface Comparison {
  /** The specification's name and set: `rt-link link-attrs`; undefined when there is none. */
  readonly counterpart: string | undefined;
  readonly findings: readonly Finding[];
}

/** What a table says of a value. */
type Value = Pick<Attribute, 'type' | 'order' | 'multiple'>;

/** A level of attributes of a table. */
type Level = Pick<Nest, 'attributes' | 'others'>;

/** Compares a family with that set of all specifications which has most of its names. */
export function compare(family: Family, specs: readonly Spec[]): Comparison {
  const [best] = specs
    .flatMap((spec) =>
      [...spec.sets].map(([set, attributes]) => ({
        spec,
        set,
        common: namesInCommon(family, attributes),
      })),
    )
    .toSorted((a, b) => b.common - a.common);
  if (best === undefined || best.common * 2 < family.attributes.length) {
    return { counterpart: undefined, findings: [] };
  }
  const comparer = new Comparer(family, best.spec);
  comparer.header(best.set);
  comparer.level(family, best.set, `${family.file}: `);
  return { counterpart: `${best.spec.name} ${best.set}`, findings: comparer.findings };
}

/** How many attributes have the same number and name in both. */
function namesInCommon(level: Level, attributes: readonly SpecAttribute[]): number {
  const names = new Map(level.attributes.map(({ id, kernel }) => [id, kernel]));
  return attributes.filter((attribute) => isNameOf(names.get(attribute.id), attribute)).length;
}

class Comparer {
  readonly findings: Finding[] = [];
  readonly #family: Family;
  readonly #spec: Spec;

  constructor(family: Family, spec: Spec) {
    this.#family = family;
    this.#spec = spec;
  }

  header(set: string): void {
    const name = this.#spec.headers.get(set);
    const fields = name === undefined ? undefined : this.#spec.structs.get(name);
    if (fields === undefined) return;
    const { header, file } = this.#family;
    this.#struct(header.fields, fields, `${file}: struct ${header.kernel}`);
  }

  level(ours: Level, set: string, at: string): void {
    const attributes = this.#spec.sets.get(set) ?? [];
    const rows = new Map(byId(ours.attributes).map((group) => [group[0]?.id, group]));
    for (const attribute of attributes) {
      const [row] = rows.get(attribute.id) ?? [];
      const where = `${at}${row?.kernel ?? ours.others?.[attribute.id] ?? attribute.kernel}`;
      const isNothing = ['pad', 'unused'].includes(attribute.type);
      if (row === undefined) {
        const other = ours.others?.[attribute.id];
        if (other !== undefined && !isNameOf(other, attribute) && !isNothing) {
          this.#add('name', where, other, attribute.kernel);
        }
        if (isNothing || attribute.id === 0) continue;
        const named = other === undefined ? 'nothing' : 'its name only';
        this.#add('lacks', where, named, `${attribute.id}, ${typeOf(attribute)}`);
        continue;
      }
      if (!isNameOf(row.kernel, attribute)) {
        this.#add('name', where, `${row.id} ${row.kernel}`, attribute.kernel);
      }
      const meant = this.#meant(rows.get(attribute.id) ?? [], attribute);
      for (const one of meant) this.#attribute(one, attribute, where);
    }
    const known = new Set(attributes.map(({ id }) => id));
    for (const row of ours.attributes) {
      if (known.has(row.id)) continue;
      this.#add('more', `${at}${row.kernel}`, `${row.id}, ${describe(row)}`, 'nothing');
    }
  }

  /**
   * Specifications have one meaning a number. Where a table has several, by the header, it is the nest
   * that has most of the names.
   */
  #meant(rows: readonly Attribute[], attribute: SpecAttribute): readonly Attribute[] {
    const inside = this.#spec.sets.get(attribute.nested ?? '');
    if (rows.length < 2 || inside === undefined) return rows;
    const common = ({ type }: Attribute): number => {
      const name = typeof type === 'object' && 'nest' in type ? type.nest : '';
      const nest = this.#family.nests?.[name];
      return nest === undefined ? 0 : namesInCommon(nest, inside);
    };
    return rows.toSorted((a, b) => common(b) - common(a)).slice(0, 1);
  }

  #attribute(row: Attribute, attribute: SpecAttribute, where: string): void {
    if ((row.multiple === true) !== attribute.multiple && typeOfList(row.type) === undefined) {
      this.#add('type', where, describe(row), typeOf(attribute));
      return;
    }
    this.#value(row, attribute, where);
  }

  /** Compares a type with what an attribute is said to hold. */
  #value(row: Value, attribute: SpecAttribute, where: string): void {
    const { type, order } = row;
    const big = order === 'big';
    const differ = (): void => this.#add('type', where, describe(row), typeOf(attribute));
    const { structs = {}, nests = {} } = this.#family;
    if (type === 'bytes') {
      if (attribute.isAddress || (attribute.type === 'binary' && !isDescribed(attribute))) return;
      differ();
      return;
    }
    const number = typeof type === 'string' ? type : 'enum' in type ? type.of : undefined;
    if (number !== undefined) {
      const wire = number === 'bool' ? 'u8' : number;
      const isSame = wire === attribute.type && (big === attribute.big || wire.endsWith('8'));
      if (!isSame) differ();
      return;
    }
    if (typeof type !== 'object') return;
    if ('struct' in type) {
      const struct = structs[type.struct];
      const fields = this.#spec.structs.get(attribute.struct ?? '');
      if (attribute.type === 'bitfield32' && struct?.kernel === 'nla_bitfield32') return;
      if (attribute.type !== 'binary') differ();
      else if (struct !== undefined && fields !== undefined) {
        this.#struct(struct.fields, fields, where);
      }
      return;
    }
    if ('nest' in type) {
      const nest = nests[type.nest];
      if (attribute.type !== 'nest') differ();
      else if (nest !== undefined && attribute.nested !== undefined) {
        this.level(nest, attribute.nested, `${where} > `);
      }
      return;
    }
    if ('list' in type) {
      this.#list(type, attribute, where, differ);
      return;
    }
    if ('select' in type) {
      this.#choices(type.choices, attribute, where, differ);
      return;
    }
    if ('array' in type) {
      const of = type.array;
      const isSame =
        attribute.type === 'binary' &&
        (typeof of === 'object' ? attribute.subType === undefined : attribute.subType === of);
      if (!isSame) differ();
      return;
    }
    if (attribute.type !== 'binary') differ();
  }

  #list(
    type: Extract<Type, { readonly list: Type }>,
    attribute: SpecAttribute,
    where: string,
    differ: () => void,
  ): void {
    const { nests = {} } = this.#family;
    if ('first' in type.of) {
      const inner = type.list;
      if (attribute.type !== 'indexed-array') differ();
      else if (typeof inner === 'object' && 'nest' in inner && attribute.nested !== undefined) {
        const nest = nests[inner.nest];
        if (nest !== undefined) this.level(nest, attribute.nested, `${where}[] > `);
      } else {
        const element = { ...attribute, type: attribute.subType ?? '' };
        this.#value(elementOf(inner, attribute.big), element, `${where}[]`);
      }
      return;
    }
    const { id, kernel } = type.of;
    const element = this.#spec.sets.get(attribute.nested ?? '')?.find((one) => one.id === id);
    if (attribute.type !== 'nest' || element === undefined) {
      differ();
      return;
    }
    if (!isNameOf(kernel, element))
      this.#add('name', `${where} > ${kernel}`, kernel, element.kernel);
    this.#value(elementOf(type.list, element.big), element, `${where} > ${kernel}`);
  }

  #choices(
    choices: Readonly<Record<string, string>>,
    attribute: SpecAttribute,
    where: string,
    differ: () => void,
  ): void {
    const formats = this.#spec.subMessages.get(attribute.subMessage ?? '');
    if (formats === undefined) {
      differ();
      return;
    }
    for (const [value, set] of formats) {
      const nest = this.#family.nests?.[choices[value] ?? ''];
      if (nest === undefined) this.#add('lacks', `${where}(${value})`, 'bytes', set ?? 'a struct');
      else if (set !== undefined) this.level(nest, set, `${where}(${value}) > `);
    }
    for (const [value, nest] of Object.entries(choices)) {
      if (!formats.has(value)) this.#add('more', `${where}(${value})`, nest, 'nothing');
    }
  }

  #struct(ours: readonly (Field | Padding)[], theirs: readonly SpecField[], where: string): void {
    const mine = layout(ours);
    const others = specLayout(theirs);
    const width = theirs.reduce((sum, field) => sum + field.width, 0);
    if (structWidth(ours) !== width) {
      this.#add('struct', where, `${structWidth(ours)} bytes`, `${width} bytes`);
    }
    for (const [offset, { name, text }] of others) {
      const field = mine.get(offset);
      if (field === undefined) this.#add('struct', `${where}.${name}`, 'nothing', text);
      else if (field.text !== text) this.#add('struct', `${where}.${name}`, field.text, text);
    }
    for (const [offset, { name, text }] of mine) {
      if (!others.has(offset)) this.#add('struct', `${where}.${name}`, text, 'nothing');
    }
  }

  #add(kind: Finding['kind'], where: string, ours: string, spec: string): void {
    this.findings.push({ kind, where, ours, spec });
  }
}

/** Fields by their offset. */
type Layout = Map<number, { readonly name: string; readonly text: string }>;

function layout(fields: readonly (Field | Padding)[]): Layout {
  const found: Layout = new Map();
  let offset = 0;
  for (const field of fields) {
    if (!isPadding(field)) {
      const { type, order } = field;
      const text = typeof type === 'object' ? `${type.bytes} bytes` : type === 'bool' ? 'u8' : type;
      found.set(offset, { name: field.name, text: order === 'big' ? `${text} big` : text });
    }
    offset += fieldWidth(field);
  }
  return found;
}

function specLayout(fields: readonly SpecField[]): Layout {
  const found: Layout = new Map();
  let offset = 0;
  for (const { name, type, width, big } of fields) {
    const text = /^[us]\d+$/.test(type) ? type : `${width} bytes`;
    const isNothing = type === 'pad' || /^(?:pad|reserved|unused)\d*$/.test(name);
    if (!isNothing) found.set(offset, { name, text: big ? `${text} big` : text });
    offset += width;
  }
  return found;
}

/** Whether more is said of the value than that it is bytes. */
function isDescribed({ struct, nested, subType }: SpecAttribute): boolean {
  return (struct ?? nested ?? subType) !== undefined;
}

function typeOfList(type: Type): Type | undefined {
  return typeof type === 'object' && 'list' in type ? type.list : undefined;
}

/** An element of a list, in the order that the specification has: tables tell none. */
function elementOf(type: Type, big: boolean): Value {
  return { type, ...(big && { order: 'big' }) };
}

/** A type of a table, in the words of the specifications. */
function describe({ type, order, multiple }: Value): string {
  const more = `${order === 'big' ? ' big' : ''}${multiple === true ? ', several' : ''}`;
  return `${describeType(type)}${more}`;
}

function describeType(type: Type): string {
  if (typeof type === 'string') return type;
  if ('enum' in type) return type.of;
  if ('struct' in type) return `struct ${type.struct}`;
  if ('nest' in type) return `nest ${type.nest}`;
  if ('list' in type) return `list of ${describeType(type.list)}`;
  if ('array' in type) return `array of ${arrayOf(type.array)}`;
  if ('records' in type) return `records ${type.records}`;
  return 'message' in type ? 'message' : `by ${type.select}`;
}

function arrayOf(of: NumberType | { readonly struct: string }): string {
  return typeof of === 'object' ? of.struct : of;
}

function typeOf(attribute: SpecAttribute): string {
  const { type, subType, big, multiple, nested, struct, subMessage } = attribute;
  const inside = [subType, nested, struct, subMessage].filter((one) => one !== undefined);
  return [type, ...inside, ...(big ? ['big'] : []), ...(multiple ? ['several'] : [])].join(' ');
}
