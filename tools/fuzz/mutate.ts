/**
 * Changes to messages that keep most of their structure, so that what is deep inside is reached too.
 *
 * @module
 */

import { copyNode, listsOf, readSome, writeNodes, type Node } from './attribute-tree.ts';
import { BIG, endianOf, type Input, type Part } from './input.ts';
import type { Random } from './random.ts';

/** The longest message: attributes of more than 64 KiB cannot be told. */
const LONGEST = 0x1_0000;
const MESSAGE_HEADER = 16;
const NUMBERS = [
  0, 1, 2, 3, 4, 5, 7, 8, 16, 20, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff,
] as const;

/** A change of a list of attributes; `other` is a list of another message. */
type Change = (nodes: Node[], at: number, random: Random, other: () => Node | undefined) => void;

const changes: readonly Change[] = [
  // Twice.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined) nodes.splice(random.below(nodes.length + 1), 0, copyNode(node));
  },
  // Gone.
  (nodes, at) => void nodes.splice(at, 1),
  // In another place.
  (nodes, at, random) => {
    const [node] = nodes.splice(at, 1);
    if (node !== undefined) nodes.splice(random.below(nodes.length + 1), 0, node);
  },
  // Inside one of its own or another type.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node === undefined) return;
    const type = random.once(2) ? node.type : random.below(70);
    nodes[at] = { type, value: [node], lie: 0 };
  },
  // What is inside in its place.
  (nodes, at) => {
    const value = nodes[at]?.value;
    if (Array.isArray(value)) nodes.splice(at, 1, ...value);
  },
  // Cut short.
  (nodes, at, random) =>
    change(nodes[at], (value) => value.subarray(0, random.below(value.length + 1))),
  // Longer.
  (nodes, at, random) =>
    change(nodes[at], (value) => {
      const more = random.once(8) ? random.below(300) : random.below(12);
      return Uint8Array.from([...value, ...random.bytes(more)]);
    }),
  // Of another type.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined)
      node.type = (node.type & 0xc000) | random.below(random.once(4) ? 0x4000 : 70);
  },
  // The next type.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined) node.type = (node.type + (random.once(2) ? 1 : 0xffff)) & 0xffff;
  },
  // With other NLA_F_* bits.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined) node.type ^= random.pick([0x8000, 0x4000, 0xc000]);
  },
  // Another number.
  (nodes, at, random) =>
    change(nodes[at], (value) => {
      const bytes = value.slice();
      const number = random.pick(NUMBERS);
      const at8 = random.below(Math.max(bytes.length, 1));
      if (bytes.length > at8) bytes[at8] = number & 0xff;
      if (bytes.length > at8 + 1) bytes[at8 + 1] = number >> 8;
      return bytes;
    }),
  // Other bytes, as long.
  (nodes, at, random) => change(nodes[at], (value) => random.bytes(value.length)),
  // One that another message has.
  (nodes, at, _random, other) => {
    const node = other();
    if (node !== undefined) nodes.splice(at, 0, copyNode(node));
  },
  // What another message has, under this type.
  (nodes, at, _random, other) => {
    const node = nodes[at];
    const taken = other();
    if (node !== undefined && taken !== undefined) node.value = copyNode(taken).value;
  },
  // A length that is not so.
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined)
      node.lie = random.once(2) ? random.below(9) - 4 : random.below(0x1_0000);
  },
  // A string without an end, or that is not UTF-8.
  (nodes, at, random) =>
    change(nodes[at], (value) => {
      const length = random.once(3) ? 1 + random.below(300) : value.length;
      return new Uint8Array(length).fill(random.pick([0x61, 0x80, 0xc3, 0xff, 0xed]));
    }),
];

/** Dear ones, made now and then: very many, and very deep. */
const growths: readonly Change[] = [
  (nodes, at, random) => {
    const node = nodes[at];
    if (node === undefined) return;
    const count = random.below(2000);
    for (let more = 0; more < count; more += 1) nodes.splice(at, 0, copyNode(node));
  },
  (nodes, at, random) => {
    const node = nodes[at];
    if (node !== undefined) node.value = nested(node, random.below(2000));
  },
];

/** The node inside itself so many times, as bytes: lists in lists would be too deep to be written. */
function nested({ type, value }: Node, depth: number): Uint8Array {
  const inside = value instanceof Uint8Array ? value : new Uint8Array(8);
  const bytes = new Uint8Array(4 * depth + inside.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < 4 * depth; at += 4) {
    view.setUint16(at, bytes.length - at, true);
    view.setUint16(at + 2, type, true);
  }
  bytes.set(inside, 4 * depth);
  return bytes;
}

function change(node: Node | undefined, edit: (value: Uint8Array) => Uint8Array): void {
  if (node?.value instanceof Uint8Array) node.value = edit(node.value);
}

/**
 * Changes an input. `headerOf` tells how long the struct in front of the attributes is; `pool` has
 * other inputs, of which parts are taken.
 */
export function mutate(
  input: Input,
  random: Random,
  pool: readonly Input[],
  headerOf: (part: Part) => number,
): Input {
  const parts = [...input];
  const at = random.below(parts.length);
  const part = parts[at];
  if (part === undefined) return input;
  if (parts.length > 1 && random.once(6)) {
    const moved = parts.splice(at, 1);
    if (random.once(2)) parts.splice(random.below(parts.length + 1), 0, ...moved);
    return parts;
  }
  if (random.once(20)) {
    const other = random.pick(pool) ?? [];
    return [
      ...parts.slice(0, at),
      ...other.slice(random.below(other.length)),
      ...parts.slice(at),
    ].slice(0, 12);
  }
  parts[at] = mutatePart(part, random, headerOf, () => {
    const [first] = random.pick(pool) ?? [];
    if (first === undefined) return undefined;
    const { nodes } = readSome(first.bytes.subarray(headerOf(first)), endianOf(first) === 'little');
    return random.pick(random.pick(listsOf(nodes)) ?? []);
  });
  return parts;
}

function mutatePart(
  part: Part,
  random: Random,
  headerOf: (part: Part) => number,
  other: () => Node | undefined,
): Part {
  let { control } = part;
  if (random.once(40)) control ^= 1 << random.below(4);
  const little = (control & BIG) === 0;
  let bytes = part.bytes.slice();
  const start = Math.min(headerOf(part), bytes.length);
  const kind = random.below(20);
  if (kind === 0) {
    bytes = bytes.slice(0, random.below(bytes.length + 1));
  } else if (kind === 1) {
    for (let flips = random.below(4); flips >= 0; flips -= 1) {
      const at = random.below(bytes.length);
      bytes[at] = random.once(2) ? random.below(256) : (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
  } else if (kind === 2 && start > 0) {
    // The headers, where one byte decides about much.
    bytes[random.below(start)] = random.once(2) ? random.below(256) : random.below(16);
  } else {
    const { nodes, rest } = readSome(bytes.subarray(start), little);
    for (let steps = random.below(4); steps >= 0; steps -= 1) {
      const list = random.pick(listsOf(nodes)) ?? nodes;
      const edit = random.pick(random.once(400) ? growths : changes);
      edit?.(list, random.below(Math.max(list.length, 1)), random, other);
    }
    const written = [bytes.subarray(0, start), writeNodes(nodes, little), rest];
    const length = written.reduce((sum, one) => sum + one.length, 0);
    bytes = new Uint8Array(length);
    written.reduce((to, one) => (bytes.set(one, to), to + one.length), 0);
  }
  bytes = bytes.slice(0, LONGEST);
  if (bytes.length >= MESSAGE_HEADER && !random.once(30)) {
    new DataView(bytes.buffer).setUint32(0, bytes.length, little);
  }
  return { control, bytes };
}
