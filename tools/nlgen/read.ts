/**
 * Writes the decoders.
 *
 * @module
 */

import { byId, isLate, placed, selected, structWidth, type Model } from './model.ts';
import type { Attribute, Enum, Field, Nest, NumberType, Struct, Type } from './table.ts';
import { capitals } from './text.ts';

const HERE = 'source, start, end';
/** How readers take what they read. */
const RANGE = 'source: MessageSource, offset: number, limit: number';
const VALUE = 'source: MessageSource, start: number, end: number';

/** Expression of a number at an offset that is known to be there. */
function load(type: NumberType | 'bool', offset: string, big: boolean): string {
  const order = big ? '' : ', little';
  switch (type) {
    case 'bool':
      return `view.getUint8(${offset}) !== 0`;
    case 'u8':
      return `view.getUint8(${offset})`;
    case 's8':
      return `view.getInt8(${offset})`;
    case 's64':
      return `view.getBigInt64(${offset}${order})`;
    case 'u64':
      return `loadU64(view, ${offset}, ${big ? 'false' : 'little'})`;
    default:
      return `view.get${type.startsWith('s') ? 'Int' : 'Uint'}${type.slice(1)}(${offset}${order})`;
  }
}

/** Expression of a field at `base`. */
function loadField(field: Field, base: string, offset: number): string {
  const at = offset === 0 ? base : `${base} + ${offset}`;
  if (typeof field.type === 'object') {
    return `valueBytes(source, ${at}, ${base} + ${offset + field.type.bytes})`;
  }
  return load(field.type, at, field.order === 'big');
}

/** Declarations of what loads need: `view` and `little`, as far as `code` uses them. */
function unpacked(code: string, of = 'source'): string {
  const names = ['view', 'little'].filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return names.length === 0 ? '' : `const { ${names.join(', ')} } = ${of};`;
}

/** Expression of a value from `start` to `end`. */
function value(type: Type, big: boolean, model: Model): string {
  if (typeof type === 'object' && 'list' in type) {
    const id = 'id' in type.of ? String(type.of.id) : '-1';
    return `readList(${HERE}, ${id}, ${reader(type.list, false)})`;
  }
  if (typeof type === 'object' && 'records' in type) {
    return `readRecords(${HERE}, read${type.records})`;
  }
  if (typeof type === 'object' && 'array' in type) {
    if (typeof type.array === 'object') {
      const size = structWidth(model.struct(type.array.struct).fields);
      return `readStructArray(${HERE}, ${size}, read${type.array.struct})`;
    }
    if (type.array !== 's32' && type.array !== 'u64') {
      // No attribute of rtnetlink is: list.ts gets a function when the first one is.
      throw new Error(`no array of ${type.array} yet`);
    }
    return `read${type.array.toUpperCase()}Array(${HERE})`;
  }
  if (type === 'flag') return 'true';
  if (typeof type === 'object' && 'message' in type) {
    return `read${model.family.noun}Request(inside(source, start), start, end)`;
  }
  return `${reader(type, big)}(${HERE})`;
}

/** Name of the function that reads a value from `start` to `end`. */
function reader(type: Type, big: boolean): string {
  if (typeof type === 'string') return simple(type, big);
  if ('struct' in type) return `read${type.struct}`;
  if ('nest' in type) return `read${type.nest}`;
  if ('message' in type) throw new Error('a message inside is read by value()');
  throw new Error('there is no one function that reads it');
}

function simple(type: Extract<Type, string>, big: boolean): string {
  switch (type) {
    case 'bool':
      return 'valueBool';
    case 'string':
      return 'valueString';
    case 'bytes':
      return 'valueBytes';
    case 'uint':
      return 'valueUint';
    case 'u8':
      return 'valueU8';
    case 'flag':
    case 's8':
    case 's16':
    case 's64':
      // No attribute of rtnetlink is: body.ts gets a function when the first one is.
      throw new Error(`no attribute of type ${type} yet`);
    default:
      return `value${big ? 'BigEndian' : ''}${type.toUpperCase()}`;
  }
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
  const width = structWidth(struct.fields);
  const least = struct.least ?? width;
  const lines = placed(struct.fields).map(
    ({ field, offset }) => `${field.name}: ${loadField(field, 'start', offset)},`,
  );
  const longer = `if (end - start < ${width}) return read${name}(padded(${HERE}, ${width}), 0, ${width});`;
  return `/** Reads a \`struct ${struct.kernel}\`; a longer one is fine. */
export function read${name}(${VALUE}): ${name} {
  ${least > 0 ? `checkValue(${HERE}, ${least});` : ''}
  ${least < width ? longer : ''}
  ${unpacked(lines.join('\n'))}
  return { ${lines.join('\n')} };
}`;
}

/** The statements of one case: `target` gets the property. */
function assign(
  attribute: Attribute,
  target: string,
  model: Model,
  keep: string,
  level: readonly Attribute[] = [],
): string {
  const { type, name, order } = attribute;
  const big = order === 'big';
  if (typeof type === 'object' && 'select' in type) {
    // It may stand behind: the last one counts, as for the kernel.
    const last = (select: string): string =>
      `lastString(source, first, limit, ${level.find((row) => row.name === select)?.id})`;
    return `${target}.${name} = read${type.as}(${selected(type, last)}, ${HERE});`;
  }
  if (typeof type === 'object' && 'enum' in type) {
    return `{
      const named = ${capitals(type.enum)}_NAMES[${value(type.of, big, model)}];
      if (named === undefined) ${keep}
      else ${target}.${name} = named;
    }`;
  }
  if (attribute.multiple === true) {
    return `(${target}.${name} ??= []).push(${value(type, big, model)});`;
  }
  if (typeof type === 'object' && 'list' in type) {
    return `if (${notAll(type)}) ${keep}
    else ${target}.${name} = ${value(type, big, model)};`;
  }
  return `${target}.${name} = ${value(type, big, model)};`;
}

/** Expression of whether a list holds more than its property says. */
function notAll({ of }: Extract<Type, { readonly list: Type }>): string {
  const which = 'id' in of ? String(of.id) : `-1, ${of.first}`;
  return `holdsOther(${HERE}, ${which})`;
}

/** The cases of a switch over the attributes of a level. */
function cases(
  attributes: readonly Attribute[],
  one: (attribute: Attribute) => string,
  target: string,
  keep: string,
): string {
  const groups = byId(attributes);
  // What is looked for later stands together, at the end.
  const sorted = [
    ...groups.filter((rows) => !rows.every(isSought)),
    ...groups.filter((rows) => rows.every(isSought)),
  ];
  const code = sorted
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
  return code.endsWith('break;') || code === ''
    ? code
    : `${code}\n// Looked for when somebody asks.\nbreak;`;
}

function isSought({ lazy, type }: Attribute): boolean {
  return lazy === 'sought' && !(typeof type === 'object' && 'list' in type);
}

function elseChain(parts: readonly string[]): string {
  return parts
    .map((part, index) => (index === 0 || part.startsWith('if') ? part : `{ ${part} }`))
    .join(' else ');
}

/** A walk over attributes from `offset` to `limit`. */
function walk(inside: string, extra = ''): string {
  return `while (offset < limit) {
    const length = attributeLength(source, offset, limit);
    const type = view.getUint16(offset + 2, little);
    const start = offset + 4;
    const end = offset + length;${extra}
    switch (type & 0x3fff) {
      ${inside}
    }
    offset += (length + 3) & ~3;
  }`;
}

/** The function that reads a nest into a plain object, in wire order. */
export function nestReader(name: string, nest: Nest, model: Model): string {
  const header = nest.header ?? [];
  const width = structWidth(header);
  const keep = 'keep(into, type, source, start, end);';
  const inside = cases(
    nest.attributes,
    (row) => assign(row, 'into', model, keep, nest.attributes),
    'into',
    keep,
  );
  const selects = nest.attributes.some(({ type }) => typeof type === 'object' && 'select' in type);
  const fields = placed(header)
    .filter(({ field }) => field.name !== 'length')
    .map(({ field, offset }) => `${field.name}: ${loadField(field, 'offset', offset)},`);
  return `/** Reads the attributes from \`offset\` to \`limit\`. */
export function read${name}(${RANGE}): ${name} {
  ${width > 0 ? `checkValue(source, offset, limit, ${width});` : ''}
  const { view, little } = source;
  const into: Filled<${name}> = { ${fields.join(' ')} };
  ${width > 0 ? `offset += ${width};` : ''}
  ${selects ? 'const first = offset;' : ''}
  ${walk(`${inside}
      default:
        keep(into, type, source, start, end);`)}
  return into;
}`;
}

/** The function that reads the whole message as a request: plain, in wire order. */
export function requestReader(model: Model): string {
  const { noun, header, attributes } = model.family;
  const width = structWidth(header.fields);
  const keep = 'keepRaw(into, type, source, start, end);';
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
function read${noun}Request(${RANGE}): ${noun}Request {
  checkStruct(source, offset, limit, ${width}, '${header.kernel}');
  const { view, little } = source;
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
      ? `read${type.as}(${selected(type, (select) => `this.${select}`)}, ${HERE})`
      : value(type, attribute.order === 'big', model);
  if (attribute.lazy === 'sought') {
    const tests = attribute.when?.is.map((is) => `this.${attribute.when?.field} !== ${is}`) ?? [];
    const others = model.family.attributes.filter(
      (row) => row.id === attribute.id && row !== attribute,
    );
    const taken = others.flatMap(
      (row) => row.when?.is.map((is) => `this.${row.when?.field} === ${is}`) ?? [],
    );
    const guard = attribute.when === undefined ? taken.join(' || ') : tests.join(' && ');
    return `get ${name}(): ${source} | undefined {
    ${guard === '' ? '' : `if (${guard}) return undefined;`}
    const source = this.#source;
    const start = findAttribute(source, ${structWidth(model.family.header.fields)}, ${attribute.id});
    if (start === 0) return undefined;
    ${/\bend\b/.test(read) ? 'const end = valueEnd(source, start);' : ''}
    return ${read};
  }`;
  }
  return `get ${name}(): ${source} | undefined {
    if (typeof this.#${name} === 'number') {
      const start = this.#${name};
      if (start === 0) return undefined;
      const source = this.#source;
      const end = valueEnd(source, start);
      this.#${name} = ${read};
    }
    return this.#${name};
  }`;
}

/** One case of a class: direct loads of what is most frequent. */
function classCase(attribute: Attribute, model: Model): string {
  const { name, type, order, lazy } = attribute;
  if (lazy === 'sought' && typeof type === 'object' && 'list' in type) {
    return `if (${notAll(type)}) unknown = push(unknown, type, source, start, end);`;
  }
  if (lazy === 'sought') return '';
  if (lazy === true) return `this.#${name} = start;`;
  if (type === 'u32' && order !== 'big') {
    return `this.${name} = length < 8 ? short(source, start, end, 4) : word >>> 0;`;
  }
  if (type === 's32' && order !== 'big') {
    return `this.${name} = length < 8 ? short(source, start, end, 4) : word;`;
  }
  const keep = 'unknown = push(unknown, type, source, start, end);';
  if (typeof type === 'object' && 'enum' in type) {
    const fallback = model.enum(type.enum).fallback;
    return `{
      const named = ${capitals(type.enum)}_NAMES[${value(type.of, order === 'big', model)}];
      if (named === undefined) ${keep}
      this.${name} = named ?? '${fallback}';
    }`;
  }
  if (typeof type === 'object' && 'list' in type) {
    return `this.${name} = ${value(type, order === 'big', model)};
    if (${notAll(type)}) ${keep}`;
  }
  if (typeof type === 'object' && 'nest' in type && isLate(model.nest(type.nest))) {
    return `this.${name} = new Decoded${type.nest}(${HERE});
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
    .filter(
      ({ name, widens, lazy }) =>
        widens !== true && lazy !== 'sought' && !names.has(name) && names.add(name),
    )
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
  const keep = 'this.unknown = push(this.unknown, type, source, start, end);';
  const inside = cases(
    nest.attributes,
    (row) => (row.lazy === true ? `this.#${row.name} = start;` : assign(row, 'this', model, keep)),
    'this',
    keep,
  );
  return `class Decoded${name} implements ${name} {
  ${members(nest.attributes, typeOf)}
  unknown: RawAttribute[] | undefined = undefined;
  readonly #source: MessageSource;

  constructor(${RANGE}) {
    this.#source = source;
    const { view, little } = source;
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
    'unknown = push(unknown, type, source, start, end);',
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
  readonly #source: MessageSource;

  constructor(event: ${eventType}, source: MessageSource) {
    this.event = event;
    this.#source = source;
    const { view, little, end: limit } = source;
    let offset = source.start;
    ${fields.map(({ field, offset }) => `this.${field.name} = ${loadField(field, 'offset', offset)};`).join('\n')}
    offset += ${width};
    let unknown: RawAttribute[] | undefined;
    ${walk(
      `${inside}
      default:
        unknown = push(unknown, type, source, start, end);`,
      words
        ? `
    // Most values are 32 bits wide: one load here is faster than one a case, as it is inlined.
    const word = length < 8 ? 0 : view.getInt32(start, little);`
        : '',
    )}
    this.${hidden ? '#' : ''}unknown = unknown ?? NONE;
  }

  ${hidden ? 'get unknown(): readonly RawAttribute[] { return this.#unknown; }\n' : ''}
  ${lazy.map((attribute) => getter(attribute, model, typeOf(attribute))).join('\n\n')}

  /** What a message was read from. */
  static source(message: object): MessageSource | undefined {
    return #source in message ? message.#source : undefined;
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
function read${as}(kind: string | undefined, ${VALUE}): ${as}[keyof ${as}] | Uint8Array {
  switch (kind) {
    ${Object.entries(choices)
      .map(([kind, nest]) => `case '${kind}': return read${nest}(${HERE});`)
      .join('\n')}
    default: return valueBytes(${HERE});
  }
}`;
}
