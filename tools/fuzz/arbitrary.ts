/**
 * Values of any family for property tests, made of its table: a new row is covered by being there.
 *
 * @module
 */

import fc from 'fast-check';

import { isPadding } from '../nlgen/model.ts';
import type { Attribute, Family, Field, Nest, NumberType, Padding, Type } from '../nlgen/table.ts';

type Values = Readonly<Record<string, unknown>>;

/** So deep do nests go that hold themselves: a veth in its peer. */
const DEEPEST = 2;

const text = fc
  .string({ unit: 'binary', maxLength: 20 })
  .map((value) => value.replaceAll('\0', ''));
const shortBytes = fc.uint8Array({ maxLength: 20 });

/**
 * What an encoder of the family takes.
 *
 * @param commands Of generic netlink: the commands of the family, one of which it will be.
 */
export function requestOf(family: Family, commands: readonly number[]): fc.Arbitrary<Values> {
  return new Arbitraries(family, commands).message(0);
}

class Arbitraries {
  readonly #family: Family;
  readonly #commands: readonly number[];

  constructor(family: Family, commands: readonly number[]) {
    this.#family = family;
    this.#commands = commands;
  }

  message(depth: number): fc.Arbitrary<Values> {
    const { header, attributes } = this.#family;
    const widened = attributes.filter(({ widens }) => widens === true);
    const fields = Object.fromEntries(
      fieldsOf(header.fields).map((field) => [
        field.name,
        widened.some(({ name }) => name === field.name)
          ? numberOf('u32')
          : this.#headerField(field),
      ]),
    );
    const commands = this.#commands;
    const fixed = fc.record({
      ...fields,
      ...(commands.length > 0 && { command: fc.constantFrom(...commands) }),
    });
    return fixed.chain((values) =>
      this.#attributes(
        attributes.filter(({ widens }) => widens !== true),
        values,
        'raw',
        depth,
      ).map((rest) => ({ ...values, ...rest })),
    );
  }

  /** A field of the header: mostly a value that attributes depend on, where any does. */
  #headerField({ name, type }: Field): fc.Arbitrary<unknown> {
    const meant = this.#family.attributes.flatMap(({ when }) =>
      when?.field === name ? when.is : [],
    );
    const any = fieldValue(type);
    return meant.length === 0 ? any : fc.oneof(any, fc.constantFrom(...meant, 0, 2));
  }

  #attributes(
    rows: readonly Attribute[],
    fixed: Values,
    rest: 'raw' | 'unknown',
    depth: number,
  ): fc.Arbitrary<Values> {
    const byName: Record<string, fc.Arbitrary<unknown>> = {};
    const taken = new Set<number>();
    const selects: Attribute[] = [];
    for (const row of [...rows].toSorted(
      (a, b) => Number(b.when !== undefined) - Number(a.when !== undefined),
    )) {
      const { when } = row;
      if (when !== undefined && !when.is.some((one) => one === fixed[when.field])) continue;
      // Rows with a condition come first; one without holds where none of them does.
      if (taken.has(row.id)) continue;
      taken.add(row.id);
      if (typeof row.type === 'object' && 'select' in row.type) selects.push(row);
      else byName[row.name] = this.#row(row, depth);
    }
    const known = new Set(rows.map(({ id }) => id));
    const raw = fc.record({
      type: fc.integer({ min: 0x1000, max: 0x3fff }).filter((id) => !known.has(id)),
      value: shortBytes,
    });
    byName[rest] = fc.array(raw, { minLength: 1, maxLength: 2 });
    // Few of many, so that messages stay short.
    const names = Object.keys(byName);
    const some = fc.subarray(names, { maxLength: Math.min(names.length, 12) });
    const plain = some.chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((name) => [name, byName[name] ?? fc.constant(0)]))),
    );
    return selects.reduce<fc.Arbitrary<Values>>(
      (before, row) => before.chain((values) => this.#select(row, values, depth)),
      plain,
    );
  }

  /** Adds the string that selects, and what it selects, in this order. */
  #select(row: Attribute, values: Values, depth: number): fc.Arbitrary<Values> {
    const { type, name } = row;
    if (typeof type !== 'object' || !('select' in type)) return fc.constant(values);
    const { [type.select]: given, ...others } = values;
    const other =
      typeof given === 'string' && !Object.hasOwn(type.choices, given) ? given : 'other';
    const kinds = Object.entries(type.choices).map(([kind, nest]) =>
      this.#nest(nest, depth + 1).map((data) => ({ [type.select]: kind, [name]: data })),
    );
    return fc
      .oneof(
        { weight: 1, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constant({ [type.select]: other }) },
        {
          weight: 1,
          arbitrary: shortBytes.map((data) => ({ [type.select]: other, [name]: data })),
        },
        { weight: 1, arbitrary: shortBytes.map((data) => ({ [name]: data })) },
        ...kinds.map((arbitrary) => ({ weight: 2, arbitrary })),
      )
      .map((selected) => ({ ...others, ...selected }));
  }

  #row({ type, multiple }: Attribute, depth: number): fc.Arbitrary<unknown> {
    const value = this.#value(type, depth);
    return multiple === true ? fc.array(value, { minLength: 1, maxLength: 3 }) : value;
  }

  #value(type: Type, depth: number): fc.Arbitrary<unknown> {
    if (typeof type === 'string') return simple(type);
    if ('enum' in type) {
      const names = Object.values(this.#family.enums?.[type.enum]?.names ?? {});
      return fc.constantFrom(...names);
    }
    if ('struct' in type) return this.#struct(type.struct);
    if ('nest' in type) return this.#nest(type.nest, depth + 1);
    if ('message' in type)
      return depth > DEEPEST ? fc.constant(this.#empty()) : this.message(depth + 1);
    if ('array' in type) {
      const of = type.array;
      const element: fc.Arbitrary<unknown> =
        typeof of === 'object' ? this.#struct(of.struct) : numberOf(of);
      const items = fc.array(element, { maxLength: 4 });
      // As decoders give them.
      return of === 's32'
        ? fc.array(fc.integer(), { maxLength: 4 }).map((list) => Int32Array.from(list))
        : items;
    }
    if ('list' in type) return fc.array(this.#value(type.list, depth + 1), { maxLength: 3 });
    if ('records' in type) return fc.array(this.#nest(type.records, depth + 1), { maxLength: 3 });
    throw new Error('a selected nest stands in a nest');
  }

  /** A message that says nothing. */
  #empty(): Values {
    return Object.fromEntries(
      fieldsOf(this.#family.header.fields).map(({ name, type }) => [
        name,
        typeof type === 'object' ? new Uint8Array(type.bytes) : type.endsWith('64') ? 0n : 0,
      ]),
    );
  }

  #struct(name: string): fc.Arbitrary<Values> {
    const fields = fieldsOf(this.#family.structs?.[name]?.fields ?? []);
    return fc.record(
      Object.fromEntries(fields.map((field) => [field.name, fieldValue(field.type)])),
    );
  }

  #nest(name: string, depth: number): fc.Arbitrary<Values> {
    const nest: Nest | undefined = this.#family.nests?.[name];
    if (nest === undefined) throw new Error(`there is no nest ${name}`);
    // Records have their length in front, which the encoder fills in.
    const fields = fieldsOf(nest.header ?? []).filter((field) => field.name !== 'length');
    const fixed = fc.record(
      Object.fromEntries(fields.map((field) => [field.name, fieldValue(field.type)])),
    );
    return fixed.chain((values) =>
      this.#attributes(nest.attributes, values, 'unknown', depth).map((rest) => ({
        ...values,
        ...rest,
      })),
    );
  }
}

function fieldsOf(fields: readonly (Field | Padding)[]): Field[] {
  return fields.filter((field): field is Field => !isPadding(field));
}

function fieldValue(type: Field['type']): fc.Arbitrary<unknown> {
  if (typeof type === 'object')
    return fc.uint8Array({ minLength: type.bytes, maxLength: type.bytes });
  return type === 'bool' ? fc.boolean() : numberOf(type);
}

function numberOf(type: NumberType): fc.Arbitrary<number | bigint> {
  const bits = Number(type.slice(1));
  const isSigned = type.startsWith('s');
  if (bits === 64) {
    return isSigned
      ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
      : fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  }
  const span = 2 ** bits;
  return fc.integer({ min: isSigned ? -span / 2 : 0, max: (isSigned ? span / 2 : span) - 1 });
}

function simple(type: Extract<Type, string>): fc.Arbitrary<unknown> {
  switch (type) {
    case 'bool':
      return fc.boolean();
    case 'flag':
      return fc.constant(true);
    case 'string':
      return text;
    case 'bytes':
      return shortBytes;
    case 'uint':
      return fc.oneof(
        fc.bigInt({ min: 0n, max: 2n ** 32n }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      );
    default:
      return numberOf(type);
  }
}
