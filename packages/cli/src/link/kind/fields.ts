/**
 * What belongs to a kind of links: fields as `ip -d -j link show` has them, and how `ip -d link show` says them.
 *
 * @module
 */

import type { KnownLinks } from '../../ip/known-links.ts';

/** A value in JSON; undefined: not there. */
export type ShownValue =
  string | number | boolean | null | undefined | readonly ShownValue[] | ShownFields;

/** Fields by their names, in the order of printing. */
export interface ShownFields {
  /** The value of a field. */
  readonly [name: string]: ShownValue;
}

/** Says a field in words; nothing: an empty string. */
export type Say = (name: string, value: ShownValue, fields: ShownFields) => string;

/** How one kind is shown. */
export interface ShownKind<Data extends object = object> {
  /** Makes its fields; the order is that of both forms. */
  fields(data: Data, links: KnownLinks): ShownFields;
  /** The fields that aren't said by their name and value: by another word, or as a function says them. */
  readonly wording?: Readonly<Record<string, string | Say>>;
  /** Indexes of the links that it tells by their names. */
  refersTo?(data: Data): readonly (number | undefined)[];
}

/** Says all fields. */
export function fieldsText(fields: ShownFields, wording: ShownKind['wording'] = {}): string {
  return Object.entries(fields)
    .map(([name, value]) => {
      const say = wording[name] ?? name;
      return typeof say === 'string' ? said(say, value) : say(name, value, fields);
    })
    .filter((words) => words !== '')
    .join(' ');
}

/** A word with its value; nothing without one. */
export function said(word: string, value: ShownValue): string {
  return value === undefined || value === '' ? '' : `${word} ${valueText(value)}`;
}

/** A value in words: on and off, lists with commas, objects by their values. */
export function valueText(value: ShownValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null) return 'none';
  if (isList(value)) return value.map(valueText).join(',');
  return typeof value === 'object' ? Object.values(value).map(valueText).join(' ') : String(value);
}

function isList(value: ShownValue): value is readonly ShownValue[] {
  return Array.isArray(value);
}

/** Says that something is there, and nothing otherwise. */
export const flag: Say = (name, value) => (value === true ? name : '');

/** Says seconds as a timer, in a column. */
export const timer: Say = (name, value) =>
  typeof value === 'number' ? `${name} ${value.toFixed(2).padStart(7)}` : '';

/** Says whether something is on by a word, or that word with `no` in front. */
export function withOrWithout(word: string): Say {
  return (_, value) => (value === undefined ? '' : value === true ? word : `no${word}`);
}

/** Hundredths of a second as seconds. */
export function seconds(hundredths: bigint | undefined): number | undefined {
  return hundredths === undefined ? undefined : Number(hundredths) / 100;
}

/** A number of 64 bits as one of JSON. */
export function numeric(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** 1 and 0, where ip prints numbers. */
export function bit(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** In hexadecimal as `%#x` prints it: 0 has no prefix. */
export function hexadecimal(value: number | bigint | undefined): string | undefined {
  if (value === undefined) return undefined;
  return Number(value) === 0 ? '0' : `0x${value.toString(16)}`;
}

/** The name of a number; UNKNOWN when it has none. */
export function named(value: number | undefined, names: readonly string[]): string | undefined {
  return value === undefined ? undefined : (names[value] ?? 'UNKNOWN');
}

/** The name of an EtherType; its number in brackets when it has none. */
export function etherType(value: number | undefined): string | undefined {
  if (value === 0x8100) return '802.1Q';
  if (value === 0x88a8) return '802.1ad';
  return value === undefined ? undefined : `[${value}]`;
}
