/**
 * Writes the encoders.
 *
 * @module
 */

import { byId, isPadding, placed, selected, type Model } from './model.ts';
import type { Attribute, Field, Nest, NumberType, Padding, Struct, Type } from './table.ts';
import { capitals } from './text.ts';

/** Statements that write fields at fixed offsets. `of`: expression that has them as properties. */
function fieldWriters(fields: readonly (Field | Padding)[], of: string, at: string): string {
  return fields
    .map((field) => {
      if (isPadding(field)) return `writer.bytes(new Uint8Array(${field.pad}));`;
      const named = `${at}${field.name}`;
      const path = at === '' ? `'${field.name}'` : `\`${named}\``;
      const value = `${of}.${field.name}`;
      if (typeof field.type === 'object') {
        return `putBytes(writer, ${path}, ${value}, ${field.type.bytes});`;
      }
      if (field.type === 'bool') return `writer.u8(${value} ? 1 : 0);`;
      const big = field.order === 'big' ? ', true' : '';
      return `putNumber(writer, '${field.type}', ${path}, ${value}${big});`;
    })
    .join('\n');
}

/** The function that writes a struct. */
export function structWriter(name: string, struct: Struct): string {
  return `/** Writes a \`struct ${struct.kernel}\`. */
export function write${name}(writer: MessageWriter, value: ${name}, at: string): void {
  ${fieldWriters(struct.fields, 'value', '${at}.')}
}`;
}

/** Statement that writes an attribute of number `id`; `value` is not undefined. */
function write(
  type: Type,
  id: string,
  value: string,
  path: string,
  options: Pick<Attribute, 'order' | 'nul' | 'nested'>,
  model: Model,
): string {
  const nest = (inside: string): string =>
    `writer.beginNest(${id}${options.nested === true ? ', { flag: true }' : ''});
      ${inside}
      writer.endNest();`;
  if (typeof type === 'string') {
    switch (type) {
      case 'bool':
        return `writer.attributeU8(${id}, ${value} ? 1 : 0);`;
      case 'flag':
        return `if (${value}) writer.attributeFlag(${id});`;
      case 'string':
        return `optionalString(writer, ${id}, ${path}, ${value}${options.nul === false ? ', false' : ''});`;
      case 'bytes':
        return `optionalBytes(writer, ${options.nested === true ? `${id} | NLA_F_NESTED` : id}, ${path}, ${value});`;
      case 'uint':
        return nest(
          `putNumber(writer, ${value} > 0xffff_ffffn ? 'u64' : 'uint', ${path}, ${value});`,
        );
      case 'u8':
        return `optionalU8(writer, ${id}, ${path}, ${value});`;
      case 'u32':
        if (options.order !== 'big') return `optionalU32(writer, ${id}, ${path}, ${value});`;
        break;
      case 's32':
        if (options.order !== 'big') return `optionalI32(writer, ${id}, ${path}, ${value});`;
        break;
      default:
    }
    const big = options.order === 'big' ? ', true' : '';
    return nest(`putNumber(writer, '${type}', ${path}, ${value}${big});`);
  }
  if ('enum' in type) {
    return nest(
      `putNumber(writer, '${type.of}', ${path}, numberOf(${capitals(type.enum)}_NAMES, ${path}, ${value}, '${type.enum}')${options.order === 'big' ? ', true' : ''});`,
    );
  }
  if ('struct' in type) return nest(`write${type.struct}(writer, ${value}, ${path});`);
  if ('nest' in type)
    return nest(
      `write${type.nest}(writer, ${value}, \`\${${path}}.\`);`.replaceAll(/\$\{(`[^`]*`)\}/g, '$1'),
    );
  if ('message' in type)
    return nest(`write${model.family.noun}Request(writer, ${value}, \`\${${path}}.\`);`);
  if ('select' in type) throw new Error('a selected nest needs its selector');
  if ('array' in type) {
    const put =
      typeof type.array === 'string'
        ? `putNumber(writer, '${type.array satisfies NumberType}', ${path}, item);`
        : `write${type.array.struct}(writer, item, ${path});`;
    const items =
      type.array === 's32' ? `numbers(${path}, ${value})` : `elements(${path}, ${value})`;
    return nest(`for (const item of ${items}) ${put}`);
  }
  if ('records' in type) {
    return nest(`for (const item of elements(${path}, ${value})) {
        const record = beginRecord(writer);
        write${type.records}(writer, item, \`\${${path}}.\`, record);
      }`);
  }
  const inner = {
    ...(type.nested === true ? { nested: true as const } : {}),
    ...(options.nul === false ? { nul: false as const } : {}),
  };
  if ('id' in type.of) {
    return nest(
      `for (const item of elements(${path}, ${value})) {
        ${write(type.list, String(type.of.id), 'item', path, inner, model)}
      }`,
    );
  }
  return nest(
    `for (const [index, item] of elements(${path}, ${value}).entries()) {
      ${write(type.list, type.of.first === 0 ? 'index' : `index + ${type.of.first}`, 'item', path, inner, model)}
    }`,
  );
}

/** The cases that write properties. `of`: expression of the object, `at`: path of what is above. */
function cases(attributes: readonly Attribute[], of: string, model: Model, choose = true): string {
  const seen = new Set<string>();
  return byId(attributes)
    .flat()
    .filter(({ name }) => !seen.has(name) && seen.add(name))
    .map((attribute) => {
      const { id, kernel, name, type, multiple, widens } = attribute;
      const value = `${of}.${name}`;
      const path = 'at + property';
      const options = attribute;
      void choose;
      let inside: string;
      if (typeof type === 'object' && 'select' in type) {
        inside = `if (${value} !== undefined) {
          const given = ${value};
          const path = ${path};
          if (given instanceof Uint8Array) writer.attributeBytes(${id}, given);
          else {
            writer.beginNest(${id}${attribute.nested === true ? ', { flag: true }' : ''});
            write${type.as}(writer, ${selected(type, (select) => `${of}.${select}`)}, given, \`\${path}.\`);
            writer.endNest();
          }
        }`;
      } else if (widens === true) {
        inside = `if ((${value} ?? 0) > 0xff) ${write(type, String(id), value, path, options, model)}`;
      } else if (multiple === true) {
        inside = `for (const item of elements(${path}, ${value} ?? [])) {
          ${write(type, String(id), 'item', path, options, model)}
        }`;
      } else {
        const statement = write(type, String(id), value, path, options, model);
        inside = statement.startsWith('optional')
          ? statement
          : `if (${value} !== undefined) { ${statement} }`;
      }
      return `case '${name}': // ${kernel}
        ${inside}
        break;`;
    })
    .join('\n');
}

/** The function that writes a nest. */
export function nestWriter(name: string, nest: Nest, model: Model, record: boolean): string {
  const header = nest.header ?? [];
  const fields = header.filter((field) => isPadding(field) || field.name !== 'length');
  const names = placed(fields).map(({ field }) => `case '${field.name}':`);
  return `/** Writes the attributes of ${/^[aeiou]/i.test(name) ? 'an' : 'a'} {@link ${name}}, in the order of its properties. */
export function write${name}(writer: MessageWriter, value: ${name}, at: string${record ? ', record: number' : ''}): void {
  ${fieldWriters(fields, 'value', '${at}')}
  for (const property of propertiesOf(value, at)) {
    switch (property) {
      ${names.length > 0 ? `${names.join(' ')}\n // In front of them.\n break;` : ''}
      ${cases(nest.attributes, 'value', model)}
      case 'unknown':
        for (const attribute of value.unknown ?? []) writer.attribute(attribute);
        break;
      default:
        throw wrongValue(at + property, 'must be a property of ${name}', property);
    }
  }
  ${record ? 'endRecord(writer, record);' : ''}
}`;
}

/** The function that writes the nest that a string beside it chooses. */
export function selectWriter(as: string, choices: Readonly<Record<string, string>>): string {
  return `function write${as}(writer: MessageWriter, kind: string | undefined, value: object, at: string): void {
  switch (kind) {
    ${Object.entries(choices)
      .map(([kind, nest]) => `case '${kind}': write${nest}(writer, value, at); break;`)
      .join('\n')}
    default: throw wrongValue(at.slice(0, -1), 'must be bytes, as its kind is not known', kind);
  }
}`;
}

/** The functions that write a request: header, and properties in their order. */
export function requestWriter(model: Model): string {
  const { noun, header, attributes } = model.family;
  const fields = placed(header.fields).map(({ field }) => field);
  const widened = new Set(attributes.filter(({ widens }) => widens).map(({ name }) => name));
  const puts = header.fields
    .map((field) => {
      if (isPadding(field)) return `writer.bytes(new Uint8Array(${field.pad}));`;
      const path = `\`\${at}${field.name}\``;
      if (typeof field.type === 'object') {
        return `putBytes(writer, ${path}, request.${field.name} ?? new Uint8Array(${field.type.bytes}), ${field.type.bytes});`;
      }
      if (field.type === 'bool') return `writer.u8(request.${field.name} === true ? 1 : 0);`;
      const zero = field.type.endsWith('64') ? '0n' : '0';
      const big = field.order === 'big' ? ', true' : '';
      if (widened.has(field.name)) {
        return `const { ${field.name} = 0 } = request;
  putNumber(writer, 'u32', ${path}, ${field.name}, false, 0);
  writer.u8(${field.name} > 0xff ? 0 : ${field.name});`;
      }
      return `putNumber(writer, '${field.type}', ${path}, request.${field.name} ?? ${zero}${big});`;
    })
    .join('\n')
    .replaceAll(
      /putNumber\(writer, 'u32', (`[^`]*`), (\w+), false, 0\);/g,
      'checkInteger($1, $2, 0, 0xffff_ffff);',
    );
  const plain = fields
    .filter(({ name }) => !widened.has(name))
    .map(({ name }) => `case '${name}':`);
  return `function write${noun}Request(writer: MessageWriter, request: ${noun}Request, at = ''): void {
  write${noun}Header(writer, request, at);
  for (const property of propertiesOf(request, at)) write${noun}Property(writer, property, request, at);
}

function write${noun}Header(writer: MessageWriter, request: ${noun}Request, at: string): void {
  ${puts}
}

function write${noun}Property(writer: MessageWriter, property: string, request: ${noun}Request, at: string): void {
  switch (property) {
    ${plain.join('\n')}
    case 'event':
      // In the headers.
      break;
    ${cases(attributes, 'request', model)}
    case 'raw':
      for (const attribute of request.raw ?? []) writer.attribute(attribute);
      break;
    default:
      throw wrongValue(at === '' ? 'request' : at.slice(0, -1), 'must have properties of ${noun}Request only', property);
  }
}`;
}
