/**
 * Writes the files of a family.
 *
 * @module
 */

import { importsOf } from './imports.ts';
import { isLate, mentioned, Model, placed, propertyType, structWidth } from './model.ts';
import { constantsCode, namesCode } from './names.ts';
import {
  enumCode,
  fieldType,
  messageClass,
  nestClass,
  nestReader,
  requestReader,
  selectReader,
  structReader,
} from './read.ts';
import type { Attribute, Enum, Family, Nest, Struct } from './table.ts';
import { docstring, listed, upperFirst } from './text.ts';
import { nestWriter, requestWriter, selectWriter, structWriter } from './write.ts';

const MARK =
  'Written by tools/nlgen from its table: change that, and run `npm run nlgen`. Numbers stand as ' +
  'literals (4: NLA_HDRLEN, 0x3fff: NLA_TYPE_MASK), as an engine can rely on those, and on no import.';

/** The files of a family, by their path in `packages/netlink/src`, not formatted yet. */
export function familyFiles(family: Family): Map<string, string> {
  const model = new Model(family);
  const { file, source } = family;
  const code = linked(familyCode(model));
  const files = new Map<string, string>();
  for (const [path, text] of code) {
    const title = path === file ? family.title : `${titleOf(path, family)}: ${source}.`;
    const whole = path === file && family.split === true ? `${reexports(path, code)}${text}` : text;
    files.set(`${path}.ts`, finish(path, title, whole, model, code));
  }
  for (const [name, what, text] of [
    ['names', 'Names', namesCode(model)],
    ['constants', 'Numbers', constantsCode(model)],
  ] as const) {
    const title = `${what} of the attributes of ${family.words.one} messages: ${source}.`;
    files.set(`${file}/${name}.ts`, finish(`${file}/${name}`, title, text, model, new Map()));
  }
  return files;
}

function titleOf(path: string, { file, words }: Family): string {
  switch (path) {
    case `${file}/types`:
      return `What ${words.one} messages say`;
    case `${file}/decode`:
      return `The decoder of ${words.one} messages`;
    case `${file}/read`:
      return `Readers of what is inside of ${words.one} messages, and of requests`;
    case `${file}/write`:
      return `Writers of what is inside of ${words.one} messages, and of requests`;
    default:
      return upperFirst(path.slice(path.lastIndexOf('/') + 1));
  }
}

/** The code of a family by path, in the order of the table. */
function familyCode(model: Model): Map<string, string> {
  const { family } = model;
  const { nests = {}, structs = {}, enums = {}, file } = family;
  const parts = new Map<string, string[]>([[file, []]]);
  const add = (path: string, ...code: string[]): void => {
    parts.set(path, [...(parts.get(path) ?? []), ...code]);
  };
  /** Where a part of what has no file of its own goes. */
  const to = (part: string, own?: string): string =>
    own ?? (family.split === true ? `${file}/${part}` : file);
  for (const [name, table] of Object.entries(enums)) {
    add(to('types', table.file), enumType(name, table), enumCode(name, table));
  }
  for (const [name, struct] of Object.entries(structs)) {
    if (struct.borrowed) continue;
    add(to('types', struct.file), structType(name, struct));
    add(to('read', struct.file), structReader(name, struct));
    add(to('write', struct.file), structWriter(name, struct));
  }
  for (const [name, nest] of Object.entries(nests)) {
    add(to('types', nest.file), nestType(name, nest, model), ...selectTypes(nest));
    add(to('read', nest.file), nestReader(name, nest, model));
    if (isLate(nest)) {
      add(
        to('read', nest.file),
        nestClass(name, nest, model, (row) => propertyType(row, family)),
      );
    }
    add(to('write', nest.file), nestWriter(name, nest, model, isRecord(name, model)));
    for (const { type } of nest.attributes) {
      if (typeof type !== 'object' || !('select' in type)) continue;
      add(to('read', nest.file), selectReader(type.as, type.choices));
      add(to('write', nest.file), selectWriter(type.as, type.choices));
    }
  }
  const { common, message, decode, request, encode, decodeRequest } = mainCode(model);
  add(to('types'), common, message);
  add(
    to('decode'),
    messageClass(model, (row) => propertyType(row, family)),
    decode,
  );
  add(to('types'), request);
  add(file, encode, decodeRequest);
  add(to('read'), requestReader(model));
  add(to('write'), requestWriter(model));
  return new Map([...parts].map(([path, code]) => [path, code.join('\n\n')]));
}

/** The same code, with just those helpers exported that another file uses. */
function linked(code: ReadonlyMap<string, string>): Map<string, string> {
  const texts = [...code];
  return new Map(
    texts.map(([path, text]) => [
      path,
      text.replaceAll(
        /^(?:export )?(const|function|class) (\w+)/gm,
        (whole, kind: string, name: string) => {
          if (/^(?:decode|encode)/.test(name)) return whole;
          const word = new RegExp(`\\b${name}\\b`);
          const used = texts.some(([other, others]) => other !== path && word.test(others));
          return `${used ? 'export ' : ''}${kind} ${name}`;
        },
      ),
    ]),
  );
}

/** What the entry of a family in several files hands on: the decoder, and all types. */
function reexports(entry: string, code: ReadonlyMap<string, string>): string {
  return [...code]
    .filter(([path]) => path !== entry)
    .map(([path, text]) => {
      const names = [...text.matchAll(/^export (function|interface|type) (\w+)/gm)].flatMap(
        ([, kind, name = '']) =>
          kind === 'function' ? (name.startsWith('decode') ? [name] : []) : [`type ${name}`],
      );
      if (names.length === 0) return '';
      const all = names.every((name) => name.startsWith('type '));
      const list = names.map((name) => (all ? name.slice(5) : name)).join(', ');
      return `export ${all ? 'type ' : ''}{ ${list} } from './${path}.ts';\n`;
    })
    .concat('\n')
    .join('');
}

function finish(
  path: string,
  title: string,
  code: string,
  model: Model,
  others: ReadonlyMap<string, string>,
): string {
  const header = `${title}\n\n${path === model.family.file ? ABOUT : ''}${MARK}\n\n@module`;
  return `${docstring(header)}\n\n${importsOf(path, code, model, others)}\n\n${code}\n`;
}

const ABOUT =
  'Pure: bytes in, values out, and back. Bytes in what is decoded are views of the datagram, and ' +
  'what is decoded late reads it then: whoever uses a receive buffer again reads or copies first.\n\n';

function isRecord(name: string, model: Model): boolean {
  const all = [
    model.family.attributes,
    ...Object.values(model.family.nests ?? {}).map((nest) => nest.attributes),
  ];
  return all.some((rows) =>
    rows.some(
      ({ type }) => typeof type === 'object' && 'records' in type && mentioned(type).includes(name),
    ),
  );
}

function enumType(name: string, { doc, names, fallback }: Enum): string {
  const words = [...new Set([...Object.values(names), fallback])];
  return `${docstring(doc)}\nexport type ${name} = ${words.map((word) => `'${word}'`).join(' | ')};`;
}

function structType(name: string, struct: Struct): string {
  const fields = placed(struct.fields).map(
    ({ field }) => `${docstring(field.doc)}\nreadonly ${field.name}: ${fieldType(field)};`,
  );
  return `${docstring(`${struct.doc} \`struct ${struct.kernel}\``)}\nexport interface ${name} {\n${fields.join('\n')}\n}`;
}

/** Properties of an interface. */
function properties(attributes: readonly Attribute[], family: Family): string[] {
  const seen = new Set<string>();
  return attributes
    .filter(({ name, widens }) => widens !== true && !seen.has(name) && seen.add(name))
    .map((row) => {
      const type = propertyType(row, family);
      return `${docstring(`${row.doc} ${row.kernel}`)}\nreadonly ${row.name}?: ${type} | undefined;`;
    });
}

function nestType(name: string, nest: Nest, model: Model): string {
  const fields = placed(nest.header ?? [])
    .filter(({ field }) => field.name !== 'length')
    .map(({ field }) => `${docstring(field.doc)}\nreadonly ${field.name}: ${fieldType(field)};`);
  return `${docstring(nest.doc)}
export interface ${name} {
${[...fields, ...properties(nest.attributes, model.family)].join('\n')}
/** The attributes that are not, or not wholly, in the properties. */
readonly unknown?: readonly RawAttribute[] | undefined;
}`;
}

function selectTypes(nest: Nest): string[] {
  return nest.attributes.flatMap(({ type, name }) => {
    if (typeof type !== 'object' || !('select' in type)) return [];
    const rows = Object.entries(type.choices).map(
      ([kind, to]) => `/** Of kind \`${kind}\`. */\nreadonly ${kind}: ${to};`,
    );
    return [
      `${docstring(`Types of \`${name}\`, by \`${type.select}\`.`)}\nexport interface ${type.as} {\n${rows.join('\n')}\n}`,
    ];
  });
}

/** What is there once in a family: types of messages and requests, decode, encode. */
function mainCode(
  model: Model,
): Record<'common' | 'message' | 'decode' | 'request' | 'encode' | 'decodeRequest', string> {
  const { family } = model;
  const { noun, words, header, attributes, messages, examples } = family;
  const width = structWidth(header.fields);
  const fields = placed(header.fields).map(({ field }) => field);
  const events = Object.entries(messages.events);
  const eventTypes = [...new Set(events.map(([, event]) => event))];
  const generic = messages.generic === true;
  const types = [...events.map(([type]) => type), ...messages.requests];
  const late = attributes.some(({ lazy }) => lazy);

  const common = `${docstring(`What ${words.a} message and ${words.a} request can both say, header apart.`)}
export interface ${noun}Attributes {
${properties(attributes, family).join('\n')}
}`;
  const message = `${docstring(
    `${upperFirst(words.a)} ${words.told ?? 'as the kernel tells it'}: ${listed(
      events.map(([type]) => type),
      'or',
    )}.`,
  )}
export interface ${noun}Message extends ${noun}Attributes {
${docstring(events.map(([type, event]) => `\`${event}\`: ${type}.`).join(' '))}
readonly event: ${eventTypes.map((event) => `'${event}'`).join(' | ')};
${fields.map((field) => `${docstring(field.doc)}\nreadonly ${field.name}: ${fieldType(field)};`).join('\n')}
/** The attributes that are not, or not wholly, in the properties. */
readonly unknown: readonly RawAttribute[];
}`;
  const request = `${docstring(`What to say in ${words.a} request. Only what is given is sent, in the order in which it is given.`)}
export interface ${noun}Request extends ${noun}Attributes {
${fields
  .map((field) => {
    const needed = generic && field.name === 'command';
    const bare = `${field.doc}${needed ? '' : ` @default ${defaultOf(fieldType(field))}`}`;
    return `${docstring(bare)}\nreadonly ${field.name}${needed ? '' : '?'}: ${fieldType(field)}${needed ? '' : ' | undefined'};`;
  })
  .join('\n')}
/** Further attributes, sent as they are. */
readonly raw?: readonly RawAttribute[] | undefined;
}`;
  const what = listed(
    events.map(([type]) => type),
    'or',
  );
  const article = /^[AEIOR]/.test(what) ? 'an' : 'a';
  const test = generic
    ? `const event = ${eventName(noun)}(source.view.getUint8(source.start));`
    : `const event = ${eventName(noun)}(message.type);`;
  const sourceAndCheck = `const source = sourceOf(message, endian === 'little');
  checkStruct(source, source.start, source.end, ${width}, '${header.kernel}');`;
  const decode = `${docstring(
    `Decodes ${words.a} message, in one pass.

Longer structs and values than known here are accepted, as kernels grow them; \`undefined\` is what the message does not say. Bytes are views of the datagram.${late ? ' What is a getter is read from the datagram when first asked for, and may throw then.' : ''}

@param endian Byte order. Default: that of the host.
@throws \`MalformedError\` when the bytes are wrong or a value is too short.
@throws TypeError (\`ERR_INVALID_ARG_TYPE\`) when the message is of another type.`,
    examples.decode,
  )}
export function decode${noun}(message: NetlinkMessage, endian: Endian = hostEndian): ${noun}Message {
  ${generic ? sourceAndCheck : ''}
  ${test}
  if (event === undefined) throw wrongType('message', '${article} ${what} message', ${generic ? 'source.view.getUint8(source.start)' : 'message.type'});
  ${generic ? '' : sourceAndCheck}
  return new Decoded${noun}(event, source);
}

function ${eventName(noun)}(type: number): ${noun}Message['event'] | undefined {
  switch (type) {
    ${events.map(([type, event]) => `case ${type}: return '${event}';`).join('\n')}
    default: return undefined;
  }
}`;
  const isType = generic
    ? ''
    : `function is${noun}Type(type: number): boolean {
  switch (type) {
    ${types.map((type) => `case ${type}:`).join('\n')}
      return true;
    default:
      return false;
  }
}`;
  const encode = `${docstring(
    `Encodes ${words.a} request.

Nothing is added to what is given. Attributes stand in the order of the properties of \`request\`, and are as iproute2 writes them. What {@link decode${noun}} gave is written as it was, byte by byte. The bytes are the caller's.

@param type ${generic ? 'Number of the family.' : `${listed(types, 'or')}.`}
@param endian Byte order. Default: that of the host.
@throws TypeError (\`ERR_INVALID_ARG_TYPE\`, \`ERR_INVALID_ARG_VALUE\`) or RangeError (\`ERR_OUT_OF_RANGE\`) when something cannot be written.`,
    examples.encode,
  )}
export function encode${noun}(type: number, request: ${noun}Request, header: RequestHeader, endian: Endian = hostEndian): Uint8Array {
  ${generic ? '' : `if (!is${noun}Type(type)) throw wrongValue('type', 'must be ${listed(types, 'or')}', type);`}
  checkObject('request', request);
  const writer = new MessageWriter(endian);
  writer.begin(type, header.flags, header.sequence, header.portId ?? 0);
  const little = endian === 'little';
  const source = Decoded${noun}.source(request);
  if (source?.little === little && header.like === undefined) {
    return writer.bytes(valueBytes(source, source.start, source.end)).finish();
  }
  const plain = source === undefined ? request : read${noun}Request(source, source.start, source.end);
  if (header.like === undefined) {
    write${noun}Request(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: ${width},
      little,
      read: (body) => read${noun}Request(bodySource(body, little), 0, body.length),
      writeHeader: () => write${noun}Header(writer, plain, ''),
      writeProperty: (property) => write${noun}Property(writer, property, plain, ''),
    });
  }
  return writer.finish();
}`;
  const decodeRequest = `${docstring(
    `Decodes ${words.a} request, as {@link encode${noun}} makes it: for whoever plays the kernel, or wants a message as plain data.

Properties stand in the order of the wire, and nothing is read late. What is not in the properties, or not wholly, is in \`raw\`. Bytes are views of the datagram.

@param endian Byte order. Default: that of the host.
@throws \`MalformedError\` when the bytes are wrong or a value is too short.
@throws TypeError (\`ERR_INVALID_ARG_TYPE\`) when the message is of another type.`,
  )}
export function decode${noun}Request(message: NetlinkMessage, endian: Endian = hostEndian): ${noun}Request {
  ${generic ? '' : `if (!is${noun}Type(message.type)) throw wrongType('message', 'of a type that encode${noun} takes', message.type);`}
  const source = sourceOf(message, endian === 'little');
  return read${noun}Request(source, source.start, source.end);
}`;
  return {
    common,
    message,
    decode,
    request,
    encode: [encode, ...(isType === '' ? [] : [isType])].join('\n\n'),
    decodeRequest,
  };
}

function eventName(noun: string): string {
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}Event`;
}

function defaultOf(type: string): string {
  switch (type) {
    case 'bigint':
      return '0n';
    case 'boolean':
      return 'false';
    case 'Uint8Array':
      return 'zeros';
    default:
      return '0';
  }
}
