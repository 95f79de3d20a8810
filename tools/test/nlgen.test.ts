import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import * as netlink from '../../packages/netlink/src/index.ts';
import { generate, outdated } from '../nlgen/main.ts';
import { address } from '../nlgen/spec/address.ts';
import { families } from '../nlgen/spec/index.ts';
import { link } from '../nlgen/spec/link.ts';
import type { Attribute, Family, Field, Padding, Type } from '../nlgen/table.ts';

const sources = join(import.meta.dirname, '../../packages/netlink/src');

describe('the generated families', () => {
  let files: Map<string, string>;
  let folder: string;

  beforeAll(async () => {
    files = await generate(families);
    folder = mkdtempSync(join(tmpdir(), 'rtap-nlgen-'));
    for (const path of files.keys()) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), readFileSync(join(sources, path)));
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are what the tables give', () => {
    expect(files.size).toBeGreaterThan(5);
    expect(outdated(files, sources)).toEqual([]);
    expect(outdated(files, folder)).toEqual([]);
  });

  it('are found out when they were changed by hand', () => {
    const path = join(folder, 'address.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replace('case 9:', 'case 99:'));
    expect(outdated(files, folder)).toEqual(['address.ts']);
  });

  it('are found out when they are not there', () => {
    rmSync(join(folder, 'link'), { recursive: true });
    expect(outdated(files, folder)).toContain('link/names.ts');
  });

  it('are found out when the table was changed', async () => {
    const attributes = address.attributes.map((row) =>
      row.name === 'protocol' ? { ...row, type: 'u16' as const } : row,
    );
    expect(outdated(await generate([{ ...address, attributes }]), sources)).toEqual([
      'address.ts',
      'address/constants.ts',
    ]);
  });
});

/** Rewrites little-endian bodies as a big-endian machine would have sent them, told by the table. */
class Swapper {
  readonly #family: Family;
  readonly #bytes: Uint8Array;

  constructor(family: Family, body: Uint8Array) {
    this.#family = family;
    this.#bytes = body.slice();
  }

  message(from = 0, to: number = this.#bytes.length): Uint8Array {
    const { header, attributes } = this.#family;
    const start = this.#fields(header.fields, from);
    const first = { family: this.#bytes[from] ?? 0 };
    this.#level(attributes, start, to, first);
    return this.#bytes;
  }

  #reverse(at: number, width: number): void {
    this.#bytes.subarray(at, at + width).reverse();
  }

  #fields(fields: readonly (Field | Padding)[], from: number): number {
    let at = from;
    for (const one of fields) {
      const type = 'pad' in one ? { bytes: one.pad } : one.type;
      const width = typeof type === 'object' ? type.bytes : widthOf(type);
      if (!('pad' in one) && typeof type !== 'object' && one.order !== 'big') {
        this.#reverse(at, width);
      }
      at += width;
    }
    return at;
  }

  #level(
    rows: readonly Attribute[],
    from: number,
    to: number,
    header: Readonly<Record<string, number>> = {},
  ): void {
    const strings = new Map<string, string>();
    for (let at = from; at + 4 <= to;) {
      const { length, type } = this.#attribute(at);
      const row = rows.find(
        ({ id, when }) =>
          id === type && (when === undefined || when.is.includes(header[when.field] ?? -1)),
      );
      const end = at + length;
      if (row?.type === 'string') {
        const text = Buffer.from(this.#bytes.subarray(at + 4, end)).toString();
        strings.set(row.name, text.replace(/\0$/, ''));
      }
      if (row !== undefined) this.#value(row.type, row.order === 'big', at + 4, end, strings);
      at += (length + 3) & ~3;
    }
  }

  /** Reads an attribute's header, then swaps it. */
  #attribute(at: number): { length: number; type: number } {
    const view = new DataView(this.#bytes.buffer);
    const found = { length: view.getUint16(at, true), type: view.getUint16(at + 2, true) & 0x3fff };
    this.#reverse(at, 2);
    this.#reverse(at + 2, 2);
    return found;
  }

  #value(
    type: Type,
    big: boolean,
    start: number,
    end: number,
    strings: ReadonlyMap<string, string>,
  ): void {
    const { nests = {}, structs = {} } = this.#family;
    if (typeof type === 'string') {
      if (!big) this.#reverse(start, type === 'uint' ? end - start : widthOf(type));
    } else if ('enum' in type) {
      this.#reverse(start, widthOf(type.of));
    } else if ('struct' in type) {
      this.#fields(structs[type.struct]?.fields ?? [], start);
    } else if ('nest' in type) {
      const nest = nests[type.nest];
      this.#level(nest?.attributes ?? [], this.#fields(nest?.header ?? [], start), end);
    } else if ('message' in type) {
      this.message(start, end);
    } else if ('array' in type) {
      const of = type.array;
      const fields =
        typeof of === 'object'
          ? (structs[of.struct]?.fields ?? [])
          : [{ name: '', type: of, doc: '' }];
      for (let at = start; at < end;) at = this.#fields(fields, at);
    } else if ('list' in type) {
      for (let at = start; at + 4 <= end;) {
        const { length } = this.#attribute(at);
        this.#value(type.list, false, at + 4, at + length, strings);
        at += (length + 3) & ~3;
      }
    } else if ('select' in type) {
      const nest = type.choices[strings.get(type.select) ?? ''];
      if (nest !== undefined) this.#value({ nest }, false, start, end, strings);
    } else {
      const nest = nests[type.records];
      const view = new DataView(this.#bytes.buffer);
      for (let at = start; at + 4 <= end;) {
        const length = view.getUint16(at, true);
        this.#level(nest?.attributes ?? [], this.#fields(nest?.header ?? [], at), at + length);
        at += (length + 3) & ~3;
      }
    }
  }
}

function widthOf(type: Extract<Type, string>): number {
  return /\d/.test(type) ? Number(type.slice(1)) / 8 : 0;
}

function recorded(name: string): netlink.NetlinkMessage[] {
  const file = join(sources, '../test/goldens', `${name}.messages.br`);
  return [...netlink.messages(new Uint8Array(brotliDecompressSync(readFileSync(file))), 'little')];
}

describe('recorded messages, as a big-endian machine would have sent them', () => {
  it('decode to the same links', () => {
    for (const message of recorded('link')) {
      const big = { ...message, body: new Swapper(link, message.body).message() };
      const request = netlink.decodeLinkRequest(message, 'little');
      expect(netlink.decodeLinkRequest(big, 'big')).toEqual(request);
      // And what was written in that order is that.
      const like = netlink.encodeLink(message.type, request, { ...big, like: big }, 'big');
      expect(like.subarray(netlink.NLMSG_HDRLEN)).toEqual(big.body);
    }
  });

  it.each(
    families
      .filter(({ messages, file }) => messages.generic !== true && file !== 'link')
      .map((family) => [family.file, family] as const),
  )('decode to the same: %s', (file, family) => {
    const name = `decode${family.noun}Request`;
    const decode = (
      netlink as unknown as Readonly<Record<string, typeof netlink.decodeAddressRequest>>
    )[name]!;
    const all = recorded(file);
    expect(all.length).toBeGreaterThan(3);
    for (const message of all) {
      const big = { ...message, body: new Swapper(family, message.body).message() };
      expect(big.body).toHaveLength(message.body.length);
      expect(decode(big, 'big')).toEqual(decode(message, 'little'));
    }
  });
});

/** What no tool of iproute2 and no kernel says, so that nobody can record it. */
const NEVER_SAID = new Set(['RTM_DELNEXTHOPBUCKET']);

describe('recordings', () => {
  const folder = join(sources, '../test/goldens');
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const numbers = netlink as unknown as Readonly<Record<string, number>>;

  it('hold every message type of every table', () => {
    const said = new Set<number>();
    for (const file of files) {
      const steps: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      for (const step of Array.isArray(steps) ? steps : [steps]) {
        const { sent, received, built } = step as Golden;
        if (built !== undefined) continue;
        for (const datagram of [sent ?? '', ...received]) {
          const bytes = new Uint8Array(Buffer.from(datagram, 'hex'));
          for (const { type } of netlink.messages(bytes, 'little')) said.add(type);
        }
      }
    }
    const missing = families
      .filter(({ messages }) => messages.generic !== true)
      .flatMap(({ messages }) => [...Object.keys(messages.events), ...messages.requests])
      .filter((type) => !NEVER_SAID.has(type) && !said.has(numbers[type] ?? -1));
    expect(missing).toEqual([]);
  });

  it('are all made by the recorder', () => {
    const scenes = ['scenes.mjs', 'events.mjs']
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
    const made = [...scenes.matchAll(/golden: '(\w+)'|kind\('(\w+)'/g)].map(
      ([, golden, kind]) => `${golden ?? kind}.json`,
    );
    expect(made.toSorted()).toEqual(files.toSorted());
  });
});

interface Golden {
  readonly sent?: string;
  readonly received: readonly string[];
  readonly built?: string;
}
