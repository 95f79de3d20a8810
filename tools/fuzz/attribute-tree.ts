/**
 * Attributes as a tree that can be changed, without knowing what they mean: a value that reads as
 * attributes to its end is taken for a nest.
 *
 * @module
 */

const HEADER = 4;
const DEEPEST = 12;

/** An attribute, with what is inside it. */
export interface Node {
  /** With its NLA_F_* bits. */
  type: number;
  value: Uint8Array | Node[];
  /** Added to the length that it tells: a lie when it is not 0. */
  lie: number;
}

/** Reads attributes up to the end; undefined when the bytes are none. */
function readNodes(bytes: Uint8Array, little: boolean, depth = 0): Node[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + HEADER > bytes.length) return undefined;
    const length = view.getUint16(at, little);
    if (length < HEADER || at + length > bytes.length) return undefined;
    const type = view.getUint16(at + 2, little);
    const value = bytes.subarray(at + HEADER, at + length);
    // Text and counters read as attributes by chance only.
    const isNest = value.length >= HEADER && depth < DEEPEST;
    const inside = isNest ? readNodes(value, little, depth + 1) : undefined;
    nodes.push({ type, value: inside ?? value.slice(), lie: 0 });
    at += (length + 3) & ~3;
  }
  return nodes;
}

/** Reads as many attributes as there are, and what is left. */
export function readSome(bytes: Uint8Array, little: boolean): { nodes: Node[]; rest: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const length = view.getUint16(at, little);
    if (length < HEADER || at + length > bytes.length) break;
    at = Math.min((at + length + 3) & ~3, bytes.length);
  }
  return { nodes: readNodes(bytes.subarray(0, at), little) ?? [], rest: bytes.slice(at) };
}

/** Writes them, with lies where they are told. */
export function writeNodes(nodes: readonly Node[], little: boolean): Uint8Array {
  const parts = nodes.map(({ type, value, lie }) => {
    const inside = value instanceof Uint8Array ? value : writeNodes(value, little);
    const bytes = new Uint8Array(HEADER + ((inside.length + 3) & ~3));
    const view = new DataView(bytes.buffer);
    view.setUint16(0, (HEADER + inside.length + lie) & 0xffff, little);
    view.setUint16(2, type & 0xffff, little);
    bytes.set(inside, HEADER);
    return bytes;
  });
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** All lists in it: that one, and those of the nests inside. */
export function listsOf(nodes: Node[]): Node[][] {
  const lists = [nodes];
  for (const { value } of nodes) if (!(value instanceof Uint8Array)) lists.push(...listsOf(value));
  return lists;
}

/** A copy that shares nothing. */
export function copyNode({ type, value, lie }: Node): Node {
  return { type, value: value instanceof Uint8Array ? value.slice() : value.map(copyNode), lie };
}
