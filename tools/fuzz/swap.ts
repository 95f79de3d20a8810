/**
 * Copies of recorded messages as a machine of the other byte order would have sent them, told by the
 * tables.
 *
 * @module
 */

import { withoutEnding } from '../../packages/netlink/src/body.ts';
import { fieldWidth, isPadding } from '../nlgen/model.ts';
import type { Attribute, Family, Field, Padding, Type } from '../nlgen/table.ts';

const HEADER = 4;

/** Rewrites a little-endian body; it must be one that decodes. */
export function swapBody(family: Family, body: Uint8Array): Uint8Array {
  const swapper = new Swapper(family, body);
  swapper.message(0, body.length);
  return swapper.bytes;
}

/** Strings and header fields of a level, that others depend on. */
type Values = ReadonlyMap<string, string | number>;

class Swapper {
  readonly bytes: Uint8Array;
  readonly #family: Family;
  readonly #view: DataView;

  constructor(family: Family, body: Uint8Array) {
    this.#family = family;
    this.bytes = body.slice();
    this.#view = new DataView(this.bytes.buffer);
  }

  message(from: number, to: number): void {
    const { header, attributes } = this.#family;
    const values = new Map<string, number>();
    const [first] = header.fields;
    if (first !== undefined && !isPadding(first)) values.set(first.name, this.bytes[from] ?? 0);
    this.#level(attributes, this.#fields(header.fields, from, to), to, values);
  }

  #reverse(at: number, width: number): void {
    this.bytes.subarray(at, at + width).reverse();
  }

  #fields(fields: readonly (Field | Padding)[], from: number, to: number): number {
    let at = from;
    for (const field of fields) {
      const width = fieldWidth(field);
      const isNumber = !isPadding(field) && typeof field.type !== 'object' && field.order !== 'big';
      if (isNumber && at + width <= to) this.#reverse(at, width);
      at += width;
    }
    return Math.min(at, to);
  }

  #level(rows: readonly Attribute[], from: number, to: number, fixed: Values): void {
    const values = new Map(fixed);
    this.#each(from, to, (type, start, end, isBig) => {
      const row = rows.find(({ id, when }) => {
        const value = when === undefined ? undefined : values.get(when.field);
        const isMeant = when === undefined || when.is.some((one) => one === value);
        return id === type && isMeant;
      });
      if (row?.type === 'string') {
        const text = Buffer.from(this.bytes.subarray(start, end)).toString();
        values.set(row.name, text.replace(/\0.*$/s, ''));
      }
      if (row !== undefined)
        this.#value(row.type, isBig || row.order === 'big', start, end, values);
    });
  }

  /** Swaps the headers of attributes, and tells what was in them. */
  #each(
    from: number,
    to: number,
    inside: (type: number, start: number, end: number, isBig: boolean) => void,
  ): void {
    for (let at = from; at + HEADER <= to;) {
      const length = this.#view.getUint16(at, true);
      const type = this.#view.getUint16(at + 2, true);
      this.#reverse(at, 2);
      this.#reverse(at + 2, 2);
      inside(type & 0x3fff, at + HEADER, at + length, (type & 0x4000) !== 0);
      at += (length + 3) & ~3;
    }
  }

  #value(type: Type, big: boolean, start: number, end: number, values: Values): void {
    const { nests = {}, structs = {} } = this.#family;
    if (typeof type === 'string') {
      if (!big) this.#reverse(start, type === 'uint' ? end - start : widthOf(type));
    } else if ('enum' in type) {
      this.#reverse(start, widthOf(type.of));
    } else if ('struct' in type) {
      this.#fields(structs[type.struct]?.fields ?? [], start, end);
    } else if ('nest' in type) {
      this.#nest(type.nest, start, end);
    } else if ('message' in type) {
      this.message(start, end);
    } else if ('array' in type) {
      const of = type.array;
      const fields = typeof of === 'object' ? (structs[of.struct]?.fields ?? []) : [number(of)];
      const width = fields.reduce((sum, field) => sum + fieldWidth(field), 0);
      for (let at = start; at + width <= end; at += width) this.#fields(fields, at, end);
    } else if ('list' in type) {
      this.#each(start, end, (_, from, to) => this.#value(type.list, big, from, to, values));
    } else if ('records' in type) {
      for (let at = start; at + HEADER <= end;) {
        const length = this.#view.getUint16(at, true);
        this.#nest(type.records, at, at + length);
        at += (length + 3) & ~3;
      }
    } else {
      const kind =
        values.get(type.select) ??
        (type.or && withoutEnding(String(values.get(type.or.select) ?? ''), type.or.ending));
      const nest = type.choices[String(kind)];
      if (nest !== undefined && nests[nest] !== undefined) this.#nest(nest, start, end);
    }
  }

  #nest(name: string, start: number, end: number): void {
    const nest = this.#family.nests?.[name];
    this.#level(
      nest?.attributes ?? [],
      this.#fields(nest?.header ?? [], start, end),
      end,
      new Map(),
    );
  }
}

function number(type: Field['type']): Field {
  return { name: '', type, doc: '' };
}

function widthOf(type: Extract<Type, string>): number {
  return /\d/.test(type) ? Number(type.slice(1)) / 8 : 0;
}
