/**
 * Writes the tables of names, for paths, and the numbers as constants.
 *
 * @module
 */

import { structWidth, type Model } from './model.ts';
import type { Attribute, Type } from './table.ts';
import { docstring, lowerFirst, pathName } from './text.ts';

/** The file of names of a family. */
export function namesCode(model: Model): string {
  const { noun, attributes, others, prefix, nests = {}, words, source } = model.family;
  const tables = Object.entries(nests).map(
    ([name, nest]) =>
      `const ${lowerFirst(name)}Names: AttributeNames = {\n${entries(nest.attributes, nest.prefix, model, nest.others)}\n};`,
  );
  const about = `Names of the attributes of ${words.one} messages: those of ${source} without \`${prefix}\`, small, with dashes.`;
  const all = ordered(tables);
  const level = entries(attributes, prefix, model, others);
  const needed: string[] = [];
  // From the end, as a table that nobody needs needs none itself.
  for (const table of all.toReversed()) {
    const name = /^const (\w+)/.exec(table)?.[1] ?? '';
    const mention = new RegExp(`\\b${name}\\b`);
    if ([...needed, level].some((text) => mention.test(text))) needed.unshift(table);
  }
  return `${needed.join('\n\n')}

${docstring(about)}
export const ${lowerFirst(noun)}AttributeNames: AttributeNames = {
${level}
};`;
}

/** Tables after those that they mention. */
function ordered(tables: readonly string[]): string[] {
  const byName = new Map(tables.map((table) => [/^const (\w+)/.exec(table)?.[1] ?? '', table]));
  const done = new Set<string>();
  const sorted: string[] = [];
  const visit = (name: string, table: string): void => {
    if (done.has(name)) return;
    done.add(name);
    for (const [other, text] of byName) {
      if (other !== name && new RegExp(`\\b${other}\\b`).test(table)) visit(other, text);
    }
    sorted.push(table);
  };
  for (const [name, table] of byName) visit(name, table);
  return sorted;
}

function entries(
  attributes: readonly Attribute[],
  prefix: string,
  model: Model,
  others: Readonly<Record<number, string>> = {},
): string {
  const seen = new Set<number>();
  const named = Object.entries(others).map(
    ([id, kernel]) => [Number(id), `${id}: '${pathName(kernel, prefix)}',`] as const,
  );
  // Of rows that a field of the header chooses among, the last one: mostly, that is what is sent.
  const rows = attributes
    .toReversed()
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .map((attribute) => {
      const name = pathName(attribute.kernel, prefix);
      return [
        attribute.id,
        entry(attribute.id, name, attribute.type, attribute, attributes, model),
      ] as const;
    });
  return [...rows, ...named]
    .toSorted(([a], [b]) => a - b)
    .map(([, text]) => text)
    .join('\n');
}

function entry(
  id: number,
  name: string,
  type: Type,
  attribute: Attribute,
  beside: readonly Attribute[],
  model: Model,
): string {
  if (typeof type === 'object' && 'message' in type) {
    const width = structWidth(model.family.header.fields);
    return `get ${id}(): readonly [string, AttributeNames, number] { return ['${name}', ${lowerFirst(model.family.noun)}AttributeNames, ${width}]; },`;
  }
  const inner = below(type, attribute, beside, model);
  return inner === undefined ? `${id}: '${name}',` : `${id}: ['${name}', ${inner}],`;
}

/** The table of what is inside. */
function below(
  type: Type,
  attribute: Attribute,
  beside: readonly Attribute[],
  model: Model,
): string | undefined {
  if (typeof type === 'string') return undefined;
  if ('nest' in type) {
    const width = structWidth(model.nest(type.nest).header ?? []);
    return `${lowerFirst(type.nest)}Names${width > 0 ? `, ${width}` : ''}`;
  }
  if ('select' in type) {
    const idOf = (select: string): number => {
      const selector = beside.find(({ name }) => name === select);
      if (selector !== undefined) return selector.id;
      throw new Error(`nothing beside ${attribute.name} is called ${select}`);
    };
    const { select, or } = type;
    const other = or && `or: ${idOf(or.select)}, ending: '${or.ending}', `;
    const choices = Object.entries(type.choices).map(
      ([kind, nest]) => `${kind}: ${lowerFirst(nest)}Names`,
    );
    return `{ selector: ${idOf(select)}, ${other ?? ''}choices: { ${choices.join(', ')} } }`;
  }
  if ('list' in type) {
    const inner = below(type.list, attribute, beside, model);
    if (!('id' in type.of)) return inner === undefined ? undefined : `{ [EVERY]: ['', ${inner}] }`;
    const name = pathName(type.of.kernel, model.family.prefix);
    return inner === undefined
      ? `{ ${type.of.id}: '${name}' }`
      : `{ ${type.of.id}: ['${name}', ${inner}] }`;
  }
  return undefined;
}

/** The numbers of a family's attributes as constants. */
export function constantsCode(model: Model): string {
  const { attributes, nests = {}, source } = model.family;
  const seen = new Set<string>();
  const groups = [
    { about: `Attributes: ${source}`, rows: attributes, others: model.family.others ?? {} },
    ...Object.entries(nests)
      .filter(([, nest]) => nest.numbers !== false)
      .map(([name, nest]) => ({
        about: `Inside: ${name}`,
        rows: nest.attributes,
        others: nest.others ?? {},
      })),
  ];
  return groups
    .map(({ about, rows, others }) => {
      const lines = rows.flatMap((row) => {
        const { type } = row;
        const inner =
          typeof type === 'object' && 'list' in type && 'id' in type.of
            ? [
                `/** ${sentence(row.doc)} One of the list. */\nexport const ${type.of.kernel} = ${type.of.id};`,
              ]
            : [];
        const own = `${docstring(`${sentence(row.doc)} ${kindOf(type)}.`)}\nexport const ${row.kernel} = ${row.id};`;
        return [own, ...inner];
      });
      for (const [id, kernel] of Object.entries(others)) {
        lines.push(`/** Not decoded here. */\nexport const ${kernel} = ${id};`);
      }
      const fresh = lines.filter((line) => {
        const name = /export const (\w+)/.exec(line)?.[1] ?? '';
        return !name.startsWith('AF_') && !seen.has(name) && seen.add(name);
      });
      return fresh.length === 0 ? '' : `// ${about}\n\n${fresh.join('\n')}`;
    })
    .join('\n\n');
}

function sentence(doc: string): string {
  return /^.*?\.(?= [A-Z]|$)/.exec(doc.split('\n')[0] ?? '')?.[0] ?? doc;
}

function kindOf(type: Type): string {
  if (typeof type === 'string') {
    return (
      { bool: 'u8, 0 or 1', flag: 'Without a value', string: 'String', bytes: 'Bytes' }[
        type as string
      ] ?? type
    );
  }
  if ('enum' in type) return type.of;
  if ('struct' in type) return 'Struct';
  if ('array' in type) return 'Array';
  return 'Nested';
}
