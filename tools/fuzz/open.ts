/**
 * What is known to be wrong and not mended yet: the fuzzer passes it over, to find other things. A test in
 * `tools/test/fuzz.test.ts` says when it is mended and can go from here.
 *
 * @module
 */

import type { Endian } from '../../packages/netlink/src/index.ts';
import { structWidth } from '../nlgen/model.ts';
import type { Attribute, Family } from '../nlgen/table.ts';
import { readNodes, type Node } from './attribute-tree.ts';

/**
 * Whether what depends on a string stands in front of it, or of another one that counts: readers of plain
 * requests then go by the string that they have seen, and not by the last one.
 */
export function hasLateSelector(family: Family, body: Uint8Array, endian: Endian): boolean {
  const start = structWidth(family.header.fields);
  const nodes = readNodes(body.subarray(start), endian === 'little') ?? [];
  return isLate(family, family.attributes, nodes);
}

function isLate(family: Family, rows: readonly Attribute[], nodes: readonly Node[]): boolean {
  return nodes.some(({ type, value }, at) =>
    rows.some((row) => {
      if (row.id !== (type & 0x3fff) || typeof row.type !== 'object') return false;
      if ('select' in row.type) {
        const { select } = row.type;
        const selector = rows.find(({ name }) => name === select)?.id;
        return nodes.slice(at).some((behind) => (behind.type & 0x3fff) === selector);
      }
      const nest = 'nest' in row.type ? family.nests?.[row.type.nest] : undefined;
      return nest !== undefined && Array.isArray(value) && isLate(family, nest.attributes, value);
    }),
  );
}
