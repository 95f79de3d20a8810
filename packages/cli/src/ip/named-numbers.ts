/**
 * Numbers that iproute2 has names for, some of them in files that administrators may extend.
 *
 * @module
 */

import { readdirSync, readFileSync } from 'node:fs';
import { usageError } from '../frame/cli-error.ts';

/** Where iproute2 keeps names: the administrator's before the distribution's. */
const FOLDERS = ['/etc/iproute2', '/usr/share/iproute2'];

/** Names of numbers of one kind, such as routing tables. */
export class NamedNumbers {
  readonly #kind: string;
  readonly #file: string;
  readonly #builtIn: Readonly<Record<number, string>>;
  readonly #largest: number;
  #names: ReadonlyMap<number, string> | undefined;

  /** Names that are always there, and those in a file of iproute2's; the file is read on first use. */
  constructor(
    kind: string,
    file: string,
    builtIn: Readonly<Record<number, string>>,
    largest: number,
  ) {
    this.#kind = kind;
    this.#file = file;
    this.#builtIn = builtIn;
    this.#largest = largest;
  }

  /** The name of a number; the number itself when it has none, in decimal or as `text` writes it. */
  nameOf(value: number, text: (value: number) => string = String): string {
    return this.#all().get(value) ?? text(value);
  }

  /** The number that a name or a number in text means. */
  parse(text: string): number {
    for (const [value, name] of this.#all()) if (name === text) return value;
    const value = /^(?:\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (value <= this.#largest) return value;
    throw usageError(`"${text}" is no ${this.#kind}`, `a name or a number up to ${this.#largest}`);
  }

  #all(): ReadonlyMap<number, string> {
    if (this.#names !== undefined) return this.#names;
    const names = new Map(
      Object.entries(this.#builtIn).map(([value, name]) => [Number(value), name]),
    );
    for (const [value, name] of namesInFiles(this.#file)) names.set(value, name);
    this.#names = names;
    return names;
  }
}

/** What the first folder says that has the file, and all `*.conf` of the folder beside it. */
function namesInFiles(file: string): readonly (readonly [number, string])[] {
  const main = FOLDERS.map((folder) => read(`${folder}/${file}`)).find(
    (text) => text !== undefined,
  );
  const more = FOLDERS.flatMap((folder) =>
    list(`${folder}/${file}.d`)
      .filter((name) => name.endsWith('.conf') && !name.startsWith('.'))
      .map((name) => read(`${folder}/${file}.d/${name}`) ?? ''),
  );
  return [main ?? '', ...more].flatMap((text) =>
    Array.from(
      text.matchAll(/^[ \t]*(0x[\da-f]+|\d+)[ \t]+([^\s#]+)/gim),
      ([, value, name = '']) => [Number(value), name] as const,
    ),
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Groups of interfaces. */
export const groups: NamedNumbers = new NamedNumbers(
  'group',
  'group',
  { 0: 'default' },
  0x7fff_ffff,
);

/** Why a protocol holds a link down. */
export const protodownReasons: NamedNumbers = new NamedNumbers(
  'reason',
  'protodown_reasons',
  {},
  31,
);

/** Routing tables. */
export const tables: NamedNumbers = new NamedNumbers(
  'table',
  'rt_tables',
  { 253: 'default', 254: 'main', 255: 'local' },
  0xffff_ffff,
);

/** Scopes of addresses and routes. */
export const scopes: NamedNumbers = new NamedNumbers(
  'scope',
  'rt_scopes',
  { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' },
  255,
);

/** Who made a route. */
export const protocols: NamedNumbers = new NamedNumbers(
  'protocol',
  'rt_protos',
  {
    ...{ 0: 'unspec', 1: 'redirect', 2: 'kernel', 3: 'boot', 4: 'static', 8: 'gated', 9: 'ra' },
    ...{ 10: 'mrt', 11: 'zebra', 12: 'bird', 13: 'dnrouted', 14: 'xorp', 15: 'ntk', 16: 'dhcp' },
    ...{ 18: 'keepalived', 42: 'babel', 186: 'bgp', 187: 'isis', 188: 'ospf', 189: 'rip' },
    192: 'eigrp',
  },
  255,
);

/** Realms of routes. */
export const realms: NamedNumbers = new NamedNumbers('realm', 'rt_realms', { 0: 'cosmos' }, 65_535);

/** Types of service. */
export const services: NamedNumbers = new NamedNumbers('type of service', 'rt_dsfield', {}, 255);
