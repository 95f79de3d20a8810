/**
 * Questions about a table that several parts of the generator ask.
 *
 * @module
 */

import type {
  Attribute,
  Enum,
  Family,
  Field,
  Nest,
  NumberType,
  Padding,
  Struct,
  Type,
} from './table.ts';

/** Bytes of a number. */
const WIDTHS: Readonly<Record<NumberType, number>> = {
  u8: 1,
  s8: 1,
  u16: 2,
  s16: 2,
  u32: 4,
  s32: 4,
  u64: 8,
  s64: 8,
};

/** A family with lookups that fail loudly. */
export class Model {
  readonly family: Family;

  constructor(family: Family) {
    this.family = family;
    const seen = new Set<string>();
    for (const { id, name, when } of family.attributes) {
      const key = `${id} ${when === undefined ? '' : when.is.join()}`;
      if (seen.has(key)) throw new Error(`${family.file}: two rows for ${name}, attribute ${id}`);
      seen.add(key);
    }
  }

  nest(name: string): Nest {
    return required(this.family.nests?.[name], `nest ${name} of ${this.family.file}`);
  }

  struct(name: string): Struct {
    return required(this.family.structs?.[name], `struct ${name} of ${this.family.file}`);
  }

  enum(name: string): Enum {
    return required(this.family.enums?.[name], `enum ${name} of ${this.family.file}`);
  }

  /** The file in which the code of a nest or struct stands. */
  fileOf(name: string): string {
    const { nests, structs, file } = this.family;
    return nests?.[name]?.file ?? structs?.[name]?.file ?? file;
  }
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}

/** Whether a field of a fixed header or struct is no field. */
export function isPadding(field: Field | Padding): field is Padding {
  return 'pad' in field;
}

/** Bytes of a field. */
export function fieldWidth(field: Field | Padding): number {
  if (isPadding(field)) return field.pad;
  if (typeof field.type === 'object') return field.type.bytes;
  return field.type === 'bool' ? 1 : WIDTHS[field.type];
}

/** Fields with their offsets, padding left out. */
export function placed(fields: readonly (Field | Padding)[]): { field: Field; offset: number }[] {
  let offset = 0;
  const found: { field: Field; offset: number }[] = [];
  for (const field of fields) {
    if (!isPadding(field)) found.push({ field, offset });
    offset += fieldWidth(field);
  }
  return found;
}

/** Bytes of all fields. */
export function structWidth(fields: readonly (Field | Padding)[]): number {
  return fields.reduce((sum, field) => sum + fieldWidth(field), 0);
}

/** Whether a nest is read into a class, as it has what is read late. */
export function isLate(nest: Nest): boolean {
  return nest.attributes.some(({ lazy }) => lazy);
}

/** Rows of an id, in the order of the table. */
export function byId(attributes: readonly Attribute[]): Attribute[][] {
  const groups = new Map<number, Attribute[]>();
  for (const attribute of attributes) {
    const group = groups.get(attribute.id);
    if (group === undefined) groups.set(attribute.id, [attribute]);
    else group.push(attribute);
  }
  return [...groups.values()];
}

/** Expression of the string that selects a nest; `read` makes one of what is beside it. */
export function selected(
  { select, or }: Extract<Type, { readonly select: string }>,
  read: (select: string) => string,
): string {
  return or === undefined
    ? read(select)
    : `${read(select)} ?? withoutEnding(${read(or.select)}, '${or.ending}')`;
}

/** Names of nests and structs that a type mentions. */
export function mentioned(type: Type): string[] {
  if (typeof type === 'string') return [];
  if ('struct' in type) return [type.struct];
  if ('nest' in type) return [type.nest];
  if ('records' in type) return [type.records];
  if ('list' in type) return mentioned(type.list);
  if ('array' in type) return typeof type.array === 'string' ? [] : [type.array.struct];
  if ('select' in type) return Object.values(type.choices);
  return [];
}

/** TypeScript's type of a value. */
function typeName(type: Type, family: Family): string {
  if (typeof type === 'string') return simpleType(type);
  if ('enum' in type) return type.enum;
  if ('struct' in type) return type.struct;
  if ('nest' in type) return type.nest;
  if ('message' in type) return `${family.noun}Request`;
  if ('array' in type) {
    if (type.array === 's32') return 'Int32Array';
    return `readonly ${typeof type.array === 'string' ? simpleType(type.array) : type.array.struct}[]`;
  }
  if ('list' in type) {
    const item = typeName(type.list, family);
    return `readonly ${/[ |]/.test(item) ? `(${item})` : item}[]`;
  }
  if ('records' in type) return `readonly ${type.records}[]`;
  return `${type.as}[keyof ${type.as}] | Uint8Array`;
}

function simpleType(type: Extract<Type, string>): string {
  switch (type) {
    case 'u64':
    case 's64':
    case 'uint':
      return 'bigint';
    case 'bool':
    case 'flag':
      return 'boolean';
    case 'string':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    default:
      return 'number';
  }
}

/** TypeScript's type of an attribute's property. */
export function propertyType(attribute: Attribute, family: Family): string {
  const type = typeName(attribute.type, family);
  if (attribute.multiple !== true) return type;
  return `readonly ${/[ |]/.test(type) ? `(${type})` : type}[]`;
}
