/**
 * Makes an input smaller that breaks something, as long as it breaks the same.
 *
 * @module
 */

import { endianOf, type Input, type Part } from './input.ts';
import { copyNode, listsOf, readSome, writeNodes, type Node } from './attribute-tree.ts';
import { outcomeOf, type Target } from './target.ts';
import { signature } from './violation.ts';

/** Tries, so that it ends soon. */
const MOST_TRIES = 3000;

/** The smallest input that could be found with the same signature. */
export async function minimise(target: Target, input: Input, wanted: string): Promise<Input> {
  let best = input;
  let tries = 0;
  for (let before: Input | undefined; before !== best && tries < MOST_TRIES;) {
    before = best;
    for (const smaller of candidates(best, target.headerOf)) {
      tries += 1;
      if (tries > MOST_TRIES) break;
      // Each try begins with the best so far.
      // oxlint-disable-next-line no-await-in-loop
      const error = await outcomeOf(target, smaller);
      if (error === undefined || signature(error) !== wanted) continue;
      best = smaller;
      break;
    }
  }
  return best;
}

/** @yields smaller inputs, those that are much smaller first. */
function* candidates(input: Input, headerOf: (part: Part) => number): Generator<Input> {
  for (let at = input.length - 1; at >= 0 && input.length > 1; at -= 1) {
    yield input.toSpliced(at, 1);
  }
  for (const [at, part] of input.entries()) {
    for (const smaller of smallerParts(part, headerOf(part))) yield input.with(at, smaller);
  }
}

/** @yields smaller parts, with less of their attributes, values and bytes. */
function* smallerParts({ control, bytes }: Part, start: number): Generator<Part> {
  for (let cut = bytes.length >> 1; cut >= 1; cut >>= 1) {
    yield { control, bytes: bytes.slice(0, bytes.length - cut) };
  }
  const little = endianOf({ control, bytes }) === 'little';
  const { nodes, rest } = readSome(bytes.subarray(start), little);
  const head = bytes.subarray(0, start);
  const write = (changed: readonly Node[]): Part => ({
    control,
    bytes: new Uint8Array(Buffer.concat([head, writeNodes(changed, little), rest])),
  });
  const count = listsOf(nodes).length;
  for (let list = 0; list < count; list += 1) {
    const { length } = listsOf(nodes)[list] ?? [];
    for (let size = length; size >= 1; size >>= 1) {
      for (let at = 0; at + size <= length; at += size) {
        const copy = nodes.map(copyNode);
        listsOf(copy)[list]?.splice(at, size);
        yield write(copy);
      }
    }
    for (let at = 0; at < length; at += 1) {
      const copy = nodes.map(copyNode);
      const node = listsOf(copy)[list]?.[at];
      if (node === undefined || !(node.value instanceof Uint8Array)) continue;
      const { value } = node;
      for (let cut = value.length; cut >= 1; cut >>= 1) {
        node.value = value.subarray(0, value.length - cut);
        yield write(copy);
      }
    }
  }
  for (const [at, byte] of bytes.entries()) {
    if (byte !== 0 && at >= 4) yield { control, bytes: bytes.with(at, 0) };
  }
}
