/**
 * Finds out what generated code has to import: names that it uses and does not make.
 *
 * @module
 */

import { posix } from 'node:path';

import type { Model } from './model.ts';

/** Where the names of the hand-written core are, by module in `packages/netlink/src`. */
const CORE: Readonly<Record<string, readonly string[]>> = {
  'argument.ts': ['checkInteger', 'checkObject', 'wrongType', 'wrongValue'],
  'attribute.ts': ['RawAttribute'],
  'body.ts': [
    'attributeLength',
    'checkStruct',
    'checkValue',
    'Filled',
    'findAttribute',
    'keep',
    'keepRaw',
    'NONE',
    'push',
    'padded',
    'lastString',
    'short',
    'valueBigEndianU16',
    'valueBigEndianU32',
    'valueBigEndianU64',
    'valueBool',
    'valueEnd',
    'valueS32',
    'valueString',
    'valueU16',
    'valueU32',
    'valueU64',
    'valueU8',
    'valueUint',
    'withoutEnding',
  ],
  'endian.ts': ['Endian', 'hostEndian'],
  'like.ts': ['writeLike'],
  'list.ts': [
    'holdsOther',
    'readList',
    'readRecords',
    'readS32Array',
    'readStructArray',
    'readU64Array',
  ],
  'load.ts': ['loadU64'],
  'message.ts': ['NetlinkMessage', 'sourceOf'],
  'names.ts': ['AttributeNames', 'EVERY'],
  'request.ts': [
    'beginRecord',
    'elements',
    'endRecord',
    'numberOf',
    'numbers',
    'optionalBytes',
    'optionalI32',
    'optionalString',
    'optionalU32',
    'optionalU8',
    'propertiesOf',
    'putBytes',
    'putNumber',
    'RequestHeader',
  ],
  'source.ts': ['bodySource', 'inside', 'MessageSource', 'valueBytes'],
  'writer.ts': ['MessageWriter'],
};

/** Names that are types. */
const TYPES: ReadonlySet<string> = new Set([
  'AttributeNames',
  'Endian',
  'Filled',
  'MessageSource',
  'NetlinkMessage',
  'RawAttribute',
  'RequestHeader',
]);

/** What a file of a family has for the others. */
const DECLARATION = /^export (const|function|class|interface|type) (\w+)/gm;

/** Names of linux/netlink.h and message types stand in `constants.ts`. */
const CONSTANT = /^(?:RTM_|NLA_|CTRL_CMD_|ETHTOOL_MSG_)\w+$/;

/** The import declarations of a file; `others` is the code of the family's files by path. */
export function importsOf(
  file: string,
  code: string,
  model: Model,
  others: ReadonlyMap<string, string>,
): string {
  const bare = code
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/^export (?:type )?\{[^}]*\} from .*$/gm, '')
    .replaceAll(/'[^'\n]*'/g, "''")
    .replaceAll(/(?<!\.)\.#?\w+/g, '');
  const used = new Set(bare.match(/[A-Za-z_]\w*/g));
  const made = new Set(
    [...bare.matchAll(/^(?:export )?(?:const|function|interface|type|class) (\w+)/gm)].map(
      ([, name]) => name,
    ),
  );
  const wanted = new Map<string, Set<string>>();
  const want = (module: string, name: string): void => {
    wanted.set(module, (wanted.get(module) ?? new Set()).add(name));
  };
  for (const [module, names] of Object.entries(CORE)) {
    for (const name of names) {
      if (!used.has(name) || made.has(name)) continue;
      const isType =
        TYPES.has(name) || (name === 'MessageWriter' && !bare.includes('new MessageWriter'));
      want(module, isType ? `type ${name}` : name);
    }
  }
  for (const [path, text] of others) {
    if (path === file) continue;
    for (const [, kind, name = ''] of text.matchAll(DECLARATION)) {
      if (!used.has(name) || made.has(name)) continue;
      want(`${path}.ts`, kind === 'interface' || kind === 'type' ? `type ${name}` : name);
    }
  }
  for (const [name, { borrowed }] of Object.entries(model.family.structs ?? {})) {
    if (borrowed !== true) continue;
    for (const word of [name, `read${name}`, `write${name}`]) {
      if (!used.has(word) || made.has(word)) continue;
      want(`${model.fileOf(name)}.ts`, word === name ? `type ${word}` : word);
    }
  }
  for (const name of used) if (CONSTANT.test(name) && !made.has(name)) want('constants.ts', name);
  return [...wanted]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, names]) => {
      const path = posix.relative(posix.dirname(`${file}.ts`), module);
      const from = path.startsWith('.') ? path : `./${path}`;
      const sorted = [...names].toSorted((a, b) => bareName(a).localeCompare(bareName(b)));
      const all = sorted.every((name) => name.startsWith('type '));
      const list = all ? sorted.map(bareName) : sorted;
      return `import ${all ? 'type ' : ''}{ ${list.join(', ')} } from '${from}';`;
    })
    .join('\n');
}

function bareName(name: string): string {
  return name.replace(/^type /, '');
}
