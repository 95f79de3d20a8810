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

const MARK = 'Written by tools/nlgen from its table: change that, and run `npm run nlgen`.';

/** The files of a family, by their path in `packages/netlink/src`, not formatted yet. */
export function familyFiles(family: Family): Map<string, string> {
  const model = new Model(family);
  const { nests = {}, structs = {}, enums = {}, file, source } = family;
  /** Code by file, in the order of the table. */
  const code = new Map<string, string[]>([[file, []]]);
  const add = (to: string, ...parts: string[]): void => {
    const list = code.get(to);
    if (list === undefined) code.set(to, parts);
    else list.push(...parts);
  };
  for (const [name, table] of Object.entries(enums))
    add(table.file ?? file, enumType(name, table), enumCode(name, table));
  for (const [name, struct] of Object.entries(structs)) {
    if (struct.borrowed) continue;
    add(
      model.fileOf(name),
      structType(name, struct),
      structReader(name, struct),
      structWriter(name, struct),
    );
  }
  for (const [name, nest] of Object.entries(nests)) {
    const to = model.fileOf(name);
    add(to, nestType(name, nest, model), ...selectTypes(nest, model));
    add(to, nestReader(name, nest, model));
    if (isLate(nest))
      add(
        to,
        nestClass(name, nest, model, (row) => propertyType(row, family)),
      );
    add(to, nestWriter(name, nest, model, isRecord(name, model)), ...selectCode(nest));
  }
  add(file, ...mainCode(model));

  const files = new Map<string, string>();
  const joined = [...code].map(([path, parts]) => [path, parts.join('\n\n')] as const);
  for (const [path, text] of joined) {
    const others = joined.filter(([other]) => other !== path).map(([, other]) => other);
    const title =
      path === file
        ? family.title
        : `${upperFirst(path.slice(path.lastIndexOf('/') + 1))}: ${source}.`;
    files.set(`${path}.ts`, finish(path, title, onlyNeeded(text, others), model));
  }
  files.set(
    `${file}/names.ts`,
    finish(
      `${file}/names`,
      `Names of the attributes of ${family.words.one} messages: ${source}.`,
      namesCode(model),
      model,
    ),
  );
  files.set(
    `${file}/constants.ts`,
    finish(
      `${file}/constants`,
      `Numbers of the attributes of ${family.words.one} messages: ${source}.`,
      constantsCode(model),
      model,
    ),
  );
  return files;
}

/** The same code, without the exports of functions that no other file uses. */
function onlyNeeded(code: string, others: readonly string[]): string {
  return code.replaceAll(
    /^export (function (read\w+|write\w+))/gm,
    (whole, kept: string, name: string) =>
      others.some((other) => new RegExp(`\\b${name}\\b`).test(other)) ? whole : kept,
  );
}

function finish(path: string, title: string, code: string, model: Model): string {
  const header = `${title}\n\n${path === model.family.file ? ABOUT : ''}${MARK}\n\n@module`;
  return `${docstring(header)}\n\n${importsOf(path, code, model)}\n\n${code}\n`;
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

function selectTypes(nest: Nest, model: Model): string[] {
  void model;
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

function selectCode(nest: Nest): string[] {
  return nest.attributes.flatMap(({ type }) => {
    if (typeof type !== 'object' || !('select' in type)) return [];
    return [selectReader(type.as, type.choices), selectWriter(type.as, type.choices)];
  });
}

/** What only the main file has: types of messages and requests, decode, encode. */
function mainCode(model: Model): string[] {
  const { family } = model;
  const { noun, words, header, attributes, messages, examples, unknown } = family;
  const width = structWidth(header.fields);
  const fields = placed(header.fields).map(({ field }) => field);
  const events = Object.entries(messages.events);
  const eventTypes = [...new Set(events.map(([, event]) => event))];
  const generic = messages.generic === true;
  const types = [...events.map(([type]) => type), ...messages.requests];
  const hasWords = attributes.some(
    ({ type, order, lazy }) => (type === 'u32' || type === 's32') && order !== 'big' && !lazy,
  );
  const late = attributes.some(({ lazy }) => lazy);

  const constants = [
    ...(hasWords
      ? ['/** Length of an attribute that holds 32 bits, its header included. */\nconst WORD = 8;']
      : []),
  ];
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
    ? `const event = body.length > 0 ? ${eventName(noun)}(body[0]!) : undefined;`
    : `const event = ${eventName(noun)}(type);`;
  const decode = `${docstring(
    `Decodes ${words.a} message, in one pass.

Longer structs and values than known here are accepted, as kernels grow them; \`undefined\` is what the message does not say. Bytes are views of the datagram.${late ? ' What is a getter is read from the datagram when first asked for, and may throw then.' : ''}

@param endian Byte order. Default: that of the host.
@throws \`MalformedError\` when the bytes are wrong or a value is too short.
@throws TypeError (\`ERR_INVALID_ARG_TYPE\`) when the message is of another type.`,
    examples.decode,
  )}
export function decode${noun}(message: NetlinkMessage, endian: Endian = hostEndian): ${noun}Message {
  const { ${generic ? '' : 'type, '}body } = message;
  ${generic ? `checkStruct(0, body.length, ${width}, '${header.kernel}');` : ''}
  ${test}
  if (event === undefined) throw wrongType('message', '${article} ${what} message', ${generic ? 'body[0]' : 'type'});
  ${generic ? '' : `checkStruct(0, body.length, ${width}, '${header.kernel}');`}
  return new Decoded${noun}(event, body, endian === 'little');
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
  if (source?.little === little && header.like === undefined) return writer.bytes(source.body).finish();
  const plain = source === undefined ? request : read${noun}Request(source.body, 0, source.body.length, source.little);
  if (header.like === undefined) {
    write${noun}Request(writer, plain);
  } else {
    writeLike(writer, header.like.body, plain, {
      headerLength: ${width},
      little,
      read: (body) => read${noun}Request(body, 0, body.length, little),
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
  const { ${generic ? '' : 'type, '}body } = message;
  ${generic ? '' : `if (!is${noun}Type(type)) throw wrongType('message', 'of a type that encode${noun} takes', type);`}
  return read${noun}Request(body, 0, body.length, endian === 'little');
}`;
  void unknown;
  return [
    ...constants,
    common,
    message,
    messageClass(model, (row) => propertyType(row, family)),
    decode,
    request,
    encode,
    isType,
    decodeRequest,
    requestReader(model),
    requestWriter(model),
  ];
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
