/**
 * The kernel's own descriptions of netlink families: `Documentation/netlink/specs/*.yaml`, as far as
 * they say what stands on the wire. Nothing of them is kept here: they are read where somebody has
 * them.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

/** An attribute, under its name in the kernel's headers. */
export interface SpecAttribute {
  readonly id: number;
  readonly kernel: string;
  /** End of that name, where the beginning is not told: older specifications leave out prefixes. */
  readonly suffix?: string;
  /** `u32`, `nest`, `binary`, `indexed-array` ... */
  readonly type: string;
  /** Type of the elements of an array. */
  readonly subType?: string;
  readonly big: boolean;
  readonly multiple: boolean;
  /** Shown as an address: its type is a matter of taste. */
  readonly isAddress: boolean;
  readonly nested?: string;
  readonly struct?: string;
  readonly subMessage?: string;
}

/** A member of a struct: a number, bytes, or what means nothing. */
export interface SpecField {
  readonly name: string;
  readonly type: string;
  readonly width: number;
  readonly big: boolean;
}

/** A family, with its sets of attributes and its structs by name. */
export interface Spec {
  readonly name: string;
  readonly sets: ReadonlyMap<string, readonly SpecAttribute[]>;
  readonly structs: ReadonlyMap<string, readonly SpecField[]>;
  /** What a sub-message holds, by the value that selects it. */
  readonly subMessages: ReadonlyMap<string, ReadonlyMap<string, string | undefined>>;
  /** The struct in front of the attributes, by their set. */
  readonly headers: ReadonlyMap<string, string>;
}

type Plain = Readonly<Record<string, unknown>>;

/** Reads the descriptions in a folder. */
export function readSpecs(folder: string): Spec[] {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => readSpec(readFileSync(join(folder, file), 'utf8'), basename(file, '.yaml')));
}

/** Reads one. */
export function readSpec(text: string, file: string): Spec {
  const root = plain(parse(text));
  const name = (string(root['name']) ?? file).replaceAll('_', '-');
  const sets = new Map<string, readonly SpecAttribute[]>();
  const described = list(root['attribute-sets']);
  // Sets that are parts of others take numbers and types from those.
  for (const part of [false, true]) {
    for (const set of described) {
      const parent = string(set['subset-of']);
      const setName = string(set['name']);
      if (setName === undefined || (parent !== undefined) !== part) continue;
      sets.set(setName, readSet(set, name, parent === undefined ? undefined : sets.get(parent)));
    }
  }
  const structs = readStructs(list(root['definitions']));
  const subMessages = new Map(
    list(root['sub-messages']).map((message) => {
      const formats = list(message['formats']).map(
        (format) => [String(format['value']), string(format['attribute-set'])] as const,
      );
      return [string(message['name']) ?? '', new Map(formats)] as const;
    }),
  );
  const operations = plain(root['operations'] ?? {});
  const headers = new Map<string, string>();
  for (const operation of list(operations['list'])) {
    const set = string(operation['attribute-set']);
    const header = string(operation['fixed-header']) ?? string(operations['fixed-header']);
    if (set !== undefined && header !== undefined) headers.set(set, header);
  }
  return { name, sets, structs, subMessages, headers };
}

/** Whether that is the name of an attribute, as far as the specification tells it. */
export function isNameOf(name: string | undefined, { kernel, suffix }: SpecAttribute): boolean {
  if (name === undefined) return false;
  return name === kernel || (suffix !== undefined && `_${name}`.endsWith(`_${suffix}`));
}

function readSet(
  set: Plain,
  family: string,
  parent: readonly SpecAttribute[] | undefined,
): SpecAttribute[] {
  const told = string(set['name-prefix']);
  const prefix = told ?? `${family}-a-${string(set['name']) ?? ''}-`;
  let next = 1;
  return list(set['attributes']).flatMap((one) => {
    const name = string(one['name']) ?? '';
    const inherited = parent?.find(({ kernel }) => kernel.endsWith(`_${kernelName(name)}`));
    if (inherited !== undefined) return [inherited];
    const id = typeof one['value'] === 'number' ? one['value'] : next;
    next = id + 1;
    const nested = string(one['nested-attributes']);
    const struct = string(one['struct']);
    const subMessage = string(one['sub-message']);
    const subType = string(one['sub-type']);
    return [
      {
        id,
        kernel: kernelName(`${prefix}${name}`),
        ...(told === undefined && { suffix: kernelName(name) }),
        type: string(one['type']) ?? 'unused',
        big: one['byte-order'] === 'big-endian',
        multiple: one['multi-attr'] === true,
        isAddress: /^(?:ipv4|ipv6|ipv4-or-v6|mac)$/.test(string(one['display-hint']) ?? ''),
        ...(subType !== undefined && { subType }),
        ...(nested !== undefined && { nested }),
        ...(struct !== undefined && { struct }),
        ...(subMessage !== undefined && { subMessage }),
      },
    ];
  });
}

function readStructs(definitions: readonly Plain[]): Map<string, SpecField[]> {
  const structs = new Map<string, SpecField[]>();
  for (const definition of definitions) {
    const name = string(definition['name']);
    if (name === undefined || definition['type'] !== 'struct') continue;
    const fields = list(definition['members']).flatMap((member): SpecField[] => {
      const inner = structs.get(string(member['struct']) ?? '');
      if (inner !== undefined) return inner;
      const type = string(member['type']) ?? '';
      const length = typeof member['len'] === 'number' ? member['len'] : 0;
      const width = /^[us]\d+$/.test(type) ? Number(type.slice(1)) / 8 : length;
      const big = member['byte-order'] === 'big-endian';
      return [{ name: string(member['name']) ?? '', type, width, big }];
    });
    structs.set(name, fields);
  }
  return structs;
}

function kernelName(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

function plain(value: unknown): Plain {
  if (typeof value !== 'object' || value === null) throw new Error('not a description of a family');
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): Plain[] {
  return Array.isArray(value) ? value.map(plain) : [];
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
