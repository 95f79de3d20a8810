/**
 * Writes the decoders.
 *
 * @module
 */

import { byId, isLate, placed, structWidth, type Model } from './model.ts';
import type { Attribute, Enum, Field, Nest, NumberType, Struct, Type } from './table.ts';
import { capitals, lowerFirst } from './text.ts';

const HERE = 'body, start, end, little';

/** Expression of a number at an offset that is known to be there. */
function load(type: NumberType | 'bool', offset: string, big: boolean): string {
  const order = big ? 'false' : 'little';
  switch (type) {
    case 'bool':
      return `body[${offset}] !== 0`;
    case 'u8':
      return `body[${offset}]!`;
    case 's8':
      return `(body[${offset}]! << 24) >> 24`;
    case 's16':
      return `(loadU16(body, ${offset}, ${order}) << 16) >> 16`;
    case 's32':
      return `loadI32(body, ${offset}, ${order})`;
    case 's64':
      return `BigInt.asIntN(64, loadU64(body, ${offset}, ${order}))`;
    default:
      return `load${type.toUpperCase()}(body, ${offset}, ${order})`;
  }
}

/** Expression of a field at `base`. */
export function loadField(field: Field, base: string, offset: number): string {
  const at = offset === 0 ? base : base === '0' ? String(offset) : `${base} + ${offset}`;
  if (typeof field.type === 'object') {
    const to = base === '0' ? offset + field.type.bytes : `${base} + ${offset + field.type.bytes}`;
    return `body.subarray(${at}, ${to})`;
  }
  return load(field.type, at, field.order === 'big');
}

/** Expression of a value from `start` to `end`. */
function value(type: Type, big: boolean, model: Model): string {
  if (typeof type === 'string') return simple(type, big);
  if ('enum' in type) return `${lowerFirst(type.enum)}Of(${simple(type.of, big)})`;
  if ('struct' in type) return `read${type.struct}(${HERE})`;
  if ('nest' in type) return `read${type.nest}(${HERE})`;
  if ('message' in type) return `read${model.family.noun}Request(${HERE})`;
  if ('records' in type) return `readRecords(${HERE}, read${type.records})`;
  if ('array' in type) return array(type.array, model);
  if ('list' in type) {
    const id = 'id' in type.of ? String(type.of.id) : '-1';
    const read = renamed(value(type.list, false, model));
    return `readList(${HERE}, ${id}, (from, to) => ${read.startsWith('{') ? `(${read})` : read})`;
  }
  throw new Error('a selected nest is no value of its own');
}

function simple(type: Extract<Type, string>, big: boolean): string {
  const order = big ? 'false' : 'little';
  switch (type) {
    case 'flag':
      return 'true';
    case 'bool':
      return 'valueU8(body, start, end) !== 0';
    case 'string':
      return 'loadString(body, start, end)';
    case 'bytes':
      return 'body.subarray(start, end)';
    case 'u8':
    case 's8':
      return `value${type.toUpperCase()}(body, start, end)`;
    default:
      return `value${type.toUpperCase()}(body, start, end, ${order})`;
  }
}

/** The expression of a value, for one inside of another: the names of the outer one are taken. */
function renamed(expression: string): string {
  return expression.replaceAll(/\bstart\b/g, 'from').replaceAll(/\bend\b/g, 'to');
}

function array(of: NumberType | { readonly struct: string }, model: Model): string {
  if (typeof of === 'object') {
    const size = structWidth(model.struct(of.struct).fields);
    return `readArray(start, end, ${size}, (from, to) => ${renamed(`read${of.struct}(${HERE})`)})`;
  }
  const size = { u8: 1, s8: 1, u16: 2, s16: 2, u32: 4, s32: 4, u64: 8, s64: 8 }[of];
  return `readArray(start, end, ${size}, (from) => ${load(of, 'from', false)})`;
}

/** The table of an enum's names and the function that looks a name up. */
export function enumCode(name: string, table: Enum): string {
  const numbers = Object.keys(table.names).map(Number);
  const dense = numbers.every((number, index) => number === index);
  const names = Object.entries(table.names);
  const plain = dense
    ? `readonly ${name}[] = [${names.map(([, word]) => `'${word}'`).join(', ')}]`
    : `Readonly<Record<number, ${name}>> = { ${names.map(([number, word]) => `${number}: '${word}'`).join(', ')} }`;
  return `/** By number${dense ? ', from 0' : ''}. */
const ${capitals(name)}_NAMES: ${plain};`;
}

/** The function that reads a struct. */
export function structReader(name: string, struct: Struct): string {
  const fields = placed(struct.fields);
  const width = structWidth(struct.fields);
  const least = struct.least ?? width;
  const lines = fields.map(({ field, offset }) => {
    const read = loadField(field, 'start', offset);
    const last = offset + (structWidth([field]) || 0);
    if (last <= least) return `${field.name}: ${read},`;
    const zero = typeof field.type === 'object' ? 'new Uint8Array()' : zeroOf(field.type);
    return `${field.name}: end - start < ${last} ? ${zero} : ${read},`;
  });
  const swaps = / little\b/.test(lines.join(' '));
  return `/** Reads a \`struct ${struct.kernel}\`; a longer one is fine. */
export function read${name}(body: Uint8Array, start: number, end: number, ${swaps ? '' : '_'}little: boolean): ${name} {
  ${least > 0 ? `checkValue(start, end, ${least});` : ''}
  return { ${lines.join('\n')} };
}`;
}

function zeroOf(type: NumberType | 'bool'): string {
  if (type === 'bool') return 'false';
  return type.endsWith('64') ? '0n' : '0';
}

/** The statements of one case: `target` gets the property. */
function assign(attribute: Attribute, target: string, model: Model, keep: string): string {
  const { type, name, order } = attribute;
  const big = order === 'big';
  if (typeof type === 'object' && 'select' in type) {
    return `${target}.${name} = read${type.as}(${target}.${type.select}, ${HERE});`;
  }
  if (typeof type === 'object' && 'enum' in type) {
    return `{
      const named = ${capitals(type.enum)}_NAMES[${simple(type.of, big)}];
      if (named === undefined) ${keep}
      else ${target}.${name} = named;
    }`;
  }
  if (attribute.multiple === true) {
    return `(${target}.${name} ??= []).push(${value(type, big, model)});`;
  }
  if (typeof type === 'object' && 'list' in type) {
    const id = 'id' in type.of ? String(type.of.id) : '-1';
    return `if (holdsOther(${HERE}, ${id}${'first' in type.of ? `, ${type.of.first}` : ''})) ${keep}
    else ${target}.${name} = ${value(type, big, model)};`;
  }
  return `${target}.${name} = ${value(type, big, model)};`;
}

/** The cases of a switch over the attributes of a level. */
function cases(
  attributes: readonly Attribute[],
  one: (attribute: Attribute) => string,
  target: string,
  keep: string,
): string {
  return byId(attributes)
    .map((rows) => {
      const [first] = rows;
      if (first === undefined) return '';
      const conditions = rows.map((row) => {
        const test = row.when?.is
          .map((is) => `${target}.${row.when?.field} === ${is}`)
          .join(' || ');
        return test === undefined ? one(row) : `if (${test}) { ${one(row)} }`;
      });
      const fallback = rows.every((row) => row.when !== undefined) ? [keep] : [];
      const chain = [...conditions, ...fallback];
      const body =
        rows.length === 1 && first.when === undefined ? chain.join('') : elseChain(chain);
      return `case ${first.id}: // ${first.kernel}
        ${body}
        break;`;
    })
    .join('\n');
}

function elseChain(parts: readonly string[]): string {
  return parts
    .map((part, index) => (index === 0 || part.startsWith('if') ? part : `{ ${part} }`))
    .join(' else ');
}

/** A walk over attributes from `offset` to `limit`. */
function walk(inside: string, extra = ''): string {
  return `while (offset < limit) {
    const length = attributeLength(body, offset, limit, little);
    const type = loadU16(body, offset + 2, little);
    const start = offset + NLA_HDRLEN;
    const end = offset + length;${extra}
    switch (type & NLA_TYPE_MASK) {
      ${inside}
    }
    offset += (length + 3) & ~3;
  }`;
}

/** The function that reads a nest into a plain object, in wire order. */
export function nestReader(name: string, nest: Nest, model: Model): string {
  const header = nest.header ?? [];
  const width = structWidth(header);
  const keep = 'keep(into, type, body, start, end);';
  const inside = cases(nest.attributes, (row) => assign(row, 'into', model, keep), 'into', keep);
  const fields = placed(header)
    .filter(({ field }) => field.name !== 'length')
    .map(({ field, offset }) => `${field.name}: ${loadField(field, 'offset', offset)},`);
  return `/** Reads the attributes from \`offset\` to \`limit\`. */
export function read${name}(body: Uint8Array, offset: number, limit: number, little: boolean): ${name} {
  ${width > 0 ? `checkValue(offset, limit, ${width});` : ''}
  const into: Filled<${name}> = { ${fields.join(' ')} };
  ${width > 0 ? `offset += ${width};` : ''}
  ${walk(`${inside}
      default:
        keep(into, type, body, start, end);`)}
  return into;
}`;
}

/** The function that reads the whole message as a request: plain, in wire order. */
export function requestReader(model: Model): string {
  const { noun, header, attributes } = model.family;
  const width = structWidth(header.fields);
  const keep = 'keepRaw(into, type, body, start, end);';
  const widened = new Set(attributes.filter(({ widens }) => widens).map(({ name }) => name));
  const fields = placed(header.fields);
  const plain = fields
    .filter(({ field }) => !widened.has(field.name))
    .map(({ field, offset }) => `${field.name}: ${loadField(field, 'offset', offset)},`);
  const late = fields
    .filter(({ field }) => widened.has(field.name))
    .map(({ field, offset }) => `into.${field.name} ??= ${loadField(field, 'base', offset)};`);
  const inside = cases(attributes, (row) => assign(row, 'into', model, keep), 'into', keep);
  return `/** Reads the body of a message from \`offset\` to \`limit\` into a plain object, in wire order. */
function read${noun}Request(body: Uint8Array, offset: number, limit: number, little: boolean): ${noun}Request {
  checkStruct(offset, limit, ${width}, '${header.kernel}');
  const into: Filled<${noun}Request> = { ${plain.join(' ')} };
  ${late.length > 0 ? 'const base = offset;' : ''}
  offset += ${width};
  ${walk(`${inside}
      default:
        ${keep}`)}
  ${late.join('\n')}
  return into;
}`;
}

/** Whether reading it at once would cost too much. */
function getter(attribute: Attribute, model: Model, source: string): string {
  const { name, type, doc } = attribute;
  void doc;
  const read =
    typeof type === 'object' && 'select' in type
      ? `read${type.as}(this.${type.select}, ${HERE})`
      : value(type, attribute.order === 'big', model);
  return `get ${name}(): ${source} | undefined {
    if (typeof this.#${name} === 'number') {
      const start = this.#${name};
      if (start === 0) return undefined;
      const body = this.#body;
      const little = this.#little;
      const end = valueEnd(body, start, little);
      this.#${name} = ${read};
    }
    return this.#${name};
  }`;
}

/** One case of a class: direct loads of what is most frequent. */
function classCase(attribute: Attribute, model: Model): string {
  const { name, type, order, lazy } = attribute;
  if (lazy === true) return `this.#${name} = start;`;
  if (type === 'u32' && order !== 'big') {
    return `this.${name} = length < WORD ? short(start, end, 4) : word >>> 0;`;
  }
  if (type === 's32' && order !== 'big') {
    return `this.${name} = length < WORD ? short(start, end, 4) : word;`;
  }
  const keep = 'unknown = push(unknown, type, body, start, end);';
  if (typeof type === 'object' && 'enum' in type) {
    const fallback = model.enum(type.enum).fallback;
    return `{
      const named = ${capitals(type.enum)}_NAMES[${simple(type.of, order === 'big')}];
      if (named === undefined) ${keep}
      this.${name} = named ?? '${fallback}';
    }`;
  }
  if (typeof type === 'object' && 'list' in type) {
    const id = 'id' in type.of ? String(type.of.id) : '-1';
    return `this.${name} = ${value(type, order === 'big', model)};
    if (holdsOther(${HERE}, ${id}${'first' in type.of ? `, ${type.of.first}` : ''})) ${keep}`;
  }
  if (typeof type === 'object' && 'nest' in type && isLate(model.nest(type.nest))) {
    return `this.${name} = new Decoded${type.nest}(body, start, end, little);
    if (this.${name}.unknown !== undefined) ${keep}`;
  }
  return assign(attribute, 'this', model, keep);
}

function members(
  attributes: readonly Attribute[],
  typeOf: (attribute: Attribute) => string,
): string {
  const names = new Set<string>();
  return attributes
    .filter(({ name, widens }) => widens !== true && !names.has(name) && names.add(name))
    .map((attribute) => {
      const { name, lazy, multiple } = attribute;
      const type = typeOf(attribute);
      if (lazy === true) return `#${name}: ${type} | number = 0;`;
      const open = multiple === true ? type.replace(/^readonly /, '') : type;
      return `${name}: ${open} | undefined = undefined;`;
    })
    .join('\n');
}

/** The class of a nest that has what is read late. */
export function nestClass(
  name: string,
  nest: Nest,
  model: Model,
  typeOf: (a: Attribute) => string,
): string {
  const lazy = nest.attributes.filter((attribute) => attribute.lazy);
  const keep = 'this.unknown = push(this.unknown, type, body, start, end);';
  const inside = cases(
    nest.attributes,
    (row) => (row.lazy === true ? `this.#${row.name} = start;` : assign(row, 'this', model, keep)),
    'this',
    keep,
  );
  return `class Decoded${name} implements ${name} {
  ${members(nest.attributes, typeOf)}
  unknown: RawAttribute[] | undefined = undefined;
  readonly #body: Uint8Array;
  readonly #little: boolean;

  constructor(body: Uint8Array, offset: number, limit: number, little: boolean) {
    this.#body = body;
    this.#little = little;
    ${walk(`${inside}
      default:
        ${keep}`)}
  }

  ${lazy.map((attribute) => getter(attribute, model, typeOf(attribute))).join('\n\n')}
}`;
}

/** The class of a message: one pass, one switch. */
export function messageClass(model: Model, typeOf: (a: Attribute) => string): string {
  const { noun, header, attributes, unknown, messages } = model.family;
  const width = structWidth(header.fields);
  const fields = placed(header.fields);
  const words = attributes.some(
    ({ type, order, lazy }) => (type === 'u32' || type === 's32') && order !== 'big' && !lazy,
  );
  const inside = cases(
    attributes,
    (row) => classCase(row, model),
    'this',
    'unknown = push(unknown, type, body, start, end);',
  );
  const hidden = unknown === 'lazy';
  const eventType = [...new Set(Object.values(messages.events))]
    .map((event) => `'${event}'`)
    .join(' | ');
  const lazy = attributes.filter((attribute) => attribute.lazy);
  return `/** The shape is the same for every message, so that code that reads it stays monomorphic. */
class Decoded${noun} implements ${noun}Message {
  event: ${eventType};
  ${fields.map(({ field }) => `${field.name}: ${fieldType(field)};`).join('\n')}
  ${members(attributes, typeOf)}
  ${hidden ? 'readonly #unknown: readonly RawAttribute[];' : 'unknown: readonly RawAttribute[];'}
  readonly #body: Uint8Array;
  readonly #little: boolean;

  constructor(event: ${eventType}, body: Uint8Array, little: boolean) {
    this.event = event;
    ${fields.map(({ field, offset }) => `this.${field.name} = ${loadField(field, '0', offset)};`).join('\n')}
    this.#body = body;
    this.#little = little;
    let unknown: RawAttribute[] | undefined;
    const limit = body.length;
    let offset = ${width};
    ${walk(
      `${inside}
      default:
        unknown = push(unknown, type, body, start, end);`,
      words
        ? `
    // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
    const word = length < WORD ? 0 : loadI32(body, start, little);
    // Literals, as the engine makes no jump table of names.`
        : '',
    )}
    this.${hidden ? '#' : ''}unknown = unknown ?? NONE;
  }

  ${hidden ? 'get unknown(): readonly RawAttribute[] { return this.#unknown; }\n' : ''}
  ${lazy.map((attribute) => getter(attribute, model, typeOf(attribute))).join('\n\n')}

  /** The bytes that a message was read from, and whether their byte order is little. */
  static source(message: object): { body: Uint8Array; little: boolean } | undefined {
    return #body in message ? { body: message.#body, little: message.#little } : undefined;
  }
}`;
}

/** TypeScript's type of a header's field. */
export function fieldType(field: Field): string {
  if (typeof field.type === 'object') return 'Uint8Array';
  if (field.type === 'bool') return 'boolean';
  return field.type.endsWith('64') ? 'bigint' : 'number';
}

/** The function that reads a nest chosen by a string beside it. */
export function selectReader(as: string, choices: Readonly<Record<string, string>>): string {
  return `/** Reads what belongs to a kind; of one that is not known: the bytes. */
function read${as}(kind: string | undefined, body: Uint8Array, start: number, end: number, little: boolean): ${as}[keyof ${as}] | Uint8Array {
  switch (kind) {
    ${Object.entries(choices)
      .map(([kind, nest]) => `case '${kind}': return read${nest}(body, start, end, little);`)
      .join('\n')}
    default: return body.subarray(start, end);
  }
}`;
}
