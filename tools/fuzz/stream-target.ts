/**
 * Datagrams of any bytes: where their messages are, and an {@link AttributeReader} over all of them.
 *
 * @module
 */

import { AttributeReader, MalformedError, messages } from '../../packages/netlink/src/index.ts';
import type { Endian, NetlinkMessage } from '../../packages/netlink/src/index.ts';
import { endianOf, type Input } from './input.ts';
import { conversations } from './recorded.ts';
import type { Target } from './target.ts';
import { attempt, Violation } from './violation.ts';

const HEADER = 16;
const DEEPEST = 64;

/** Parts: the messages of one datagram. */
export const streamTarget: Target = {
  name: 'stream',
  seeds: () =>
    conversations().flatMap(({ sent, received }): Input[] =>
      [...(sent === undefined ? [] : [sent]), ...received.slice(0, 3)]
        .filter((datagram) => datagram.length < 4096)
        .map((bytes) => [{ control: 0, bytes }]),
    ),
  headerOf: () => HEADER,
  run: check,
};

function check(input: Input): void {
  const [first] = input;
  if (first === undefined) return;
  const endian = endianOf(first);
  const datagram = join(input);
  const iterator = messages(datagram, endian);
  const found: NetlinkMessage[] = [];
  attempt('messages', datagram.length, () => {
    for (const message of iterator) found.push(message);
  });
  if (iterator.next().done !== true) throw new Violation('messages goes on behind an error');
  const bytes = found.reduce((sum, { body }) => sum + HEADER + body.length, 0);
  if (bytes > datagram.length)
    throw new Violation(`messages of ${bytes} bytes in ${datagram.length}`);
  for (const { body } of found) checkAttributes(body, endian);
  checkAttributes(datagram, endian);
}

function join(input: Input): Uint8Array {
  const whole = new Uint8Array(
    input.reduce((sum, { bytes }) => ((sum + 3) & ~3) + bytes.length, 0),
  );
  let at = 0;
  for (const { bytes } of input) {
    at = (at + 3) & ~3;
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/** Reads attributes with every getter, and what is inside them. */
function checkAttributes(bytes: Uint8Array, endian: Endian): void {
  const reader = new AttributeReader(bytes, endian, 100);
  let steps = 0;
  walk(reader, 0);
  if (reader.error !== undefined) {
    const { error } = reader;
    attempt('AttributeReader', 100 + bytes.length, () => reader.finish());
    if (error.offset < 100) throw new Violation(`offset ${error.offset} is in front of the bytes`);
    if (reader.next() || reader.u32() !== 0 || reader.bytes().length > 0) {
      throw new Violation('a reader goes on behind its error');
    }
  } else {
    reader.finish();
  }

  function walk(attributes: AttributeReader, depth: number): void {
    while (attributes.next()) {
      steps += 1;
      if (steps > DEEPEST * (bytes.length + 1)) throw new Violation('a reader does not end');
      const { length, offset } = attributes;
      if (length < 0 || offset < 100 || offset + 4 + length > 100 + bytes.length) {
        throw new Violation(`an attribute of ${length} bytes at ${offset} in ${bytes.length}`);
      }
      if (attributes.raw().value.length !== length)
        throw new Violation('a value of another length');
      attributes.string();
      if (length >= 1) attributes.u8();
      if (length >= 2) attributes.u16();
      if (length >= 4) attributes.u32();
      if (length >= 4) attributes.i32();
      if (length >= 8) attributes.u64();
      if (attributes.error !== undefined) throw new Violation('what fits is refused');
      if (depth < DEEPEST && holdsAttributes(attributes.bytes(), endian)) {
        walk(attributes.nest(), depth + 1);
      }
    }
  }
}

/** Whether bytes can be read as attributes to their end. */
function holdsAttributes(bytes: Uint8Array, endian: Endian): boolean {
  const reader = new AttributeReader(bytes, endian);
  while (reader.next());
  try {
    reader.finish();
    return bytes.length > 0;
  } catch (error) {
    // Now and then it is read all the same, so that errors inside are met.
    return error instanceof MalformedError && bytes.length % 16 === 12;
  }
}
