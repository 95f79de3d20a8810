/**
 * What a family promises of any message: a result or a refusal, the same bytes back, nothing lost.
 *
 * @module
 */

import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';

import type { Endian, NetlinkMessage } from '../../packages/netlink/src/index.ts';
import { structWidth } from '../nlgen/model.ts';
import type { Family } from '../nlgen/table.ts';
import { arbitraryRequest, codecOf, kindOf, type FamilyCodec } from './family-codec.ts';
import { BIG, endianOf, messageOf, partOf, type Input } from './input.ts';
import { gettersOf, look } from './look.ts';
import { recordedMessages } from './recorded.ts';
import { swapBody } from './swap.ts';
import type { Target } from './target.ts';
import { attempt, Violation } from './violation.ts';

const HEADER = 16;
/** Most values that a byte may become: a short struct of 25 counters in an attribute of 4 bytes. */
const VALUES_A_BYTE = 16;
/** Seeds made of the table, beside what was recorded: no machine has all kinds. */
const MADE = 60;

/** The target of a family. */
export function familyTarget(table: Family): Target {
  const codec = codecOf(table);
  return {
    name: table.file,
    seeds: () => seeds(codec),
    headerOf: () => HEADER + structWidth(table.header.fields),
    run: (input) => {
      const [part] = input;
      const message = part && messageOf(part);
      if (part === undefined || message === undefined) return;
      checkMessage(codec, message, endianOf(part));
    },
  };
}

function seeds(codec: FamilyCodec): Input[] {
  const { table } = codec;
  const recorded = recordedMessages(codec);
  const made = fc
    .sample(arbitraryRequest(codec), { seed: 1, numRuns: MADE })
    .map((request): Input => {
      const [type = 0] = table.messages.generic === true ? [0x10] : codec.events;
      const bytes = codec.encode(type, request, { flags: 0, sequence: 0 }, 'little');
      return [{ control: 0, bytes }];
    });
  return [
    ...recorded.flatMap((message): Input[] => [
      [partOf(message)],
      [partOf({ ...message, body: swapBody(table, message.body) }, BIG)],
    ]),
    ...made,
  ];
}

/**
 * Decodes, looks at everything, encodes again; throws a {@link Violation}.
 *
 * @returns Whether the message was taken; undefined when it is none of the family.
 */
export function checkMessage(
  codec: FamilyCodec,
  message: NetlinkMessage,
  endian: Endian,
): boolean | undefined {
  const kind = kindOf(codec, message);
  if (kind === undefined) return undefined;
  const { body } = message;
  const length = HEADER + body.length;
  const before = body.slice();
  // As a decoder has it: in the middle of a datagram.
  const given: NetlinkMessage = { ...message, body: within(body) };
  const plain = attempt('decodeRequest', length, () => codec.decodeRequest(given, endian));
  const decoded =
    kind === 'event' ? attempt('decode', length, () => codec.decode(given, endian)) : undefined;
  if (decoded !== undefined) checkDecoded(codec, given, endian, decoded);
  if (plain !== undefined) {
    // What is kept as bytes is not looked into.
    if (!('raw' in plain)) {
      if (kind === 'event' && decoded === undefined) {
        throw new Violation('decodeRequest takes what decode refuses');
      }
      if (decoded !== undefined) compare(decoded, plain, length);
    }
    checkPlain(codec, given, endian, plain);
  }
  if (!isDeepStrictEqual(before, given.body.slice())) throw new Violation('the bytes were changed');
  return plain !== undefined;
}

/** The same bytes with others around them that would be noticed. */
function within(body: Uint8Array): Uint8Array {
  const datagram = new Uint8Array(HEADER + body.length + HEADER).fill(0xa5);
  datagram.set(body, HEADER);
  return datagram.subarray(HEADER, HEADER + body.length);
}

function checkSize(value: object, body: Uint8Array, what: string): void {
  const { values, bytes } = look(value, body, what);
  const most = VALUES_A_BYTE * (HEADER + body.length) + 512;
  if (values > most || bytes > most) {
    throw new Violation(`${what} makes ${values} values and ${bytes} bytes of ${body.length}`);
  }
}

function checkDecoded(
  codec: FamilyCodec,
  { type, body }: NetlinkMessage,
  endian: Endian,
  decoded: object,
): void {
  checkSize(decoded, body, 'decode');
  const written = codec.encode(type, decoded, { flags: 0, sequence: 0 }, endian);
  if (!isDeepStrictEqual(written.slice(HEADER), body.slice())) {
    throw new Violation('what was decoded is not encoded as it was');
  }
}

/** What both say is the same, but for what is in the list of the unknown. */
function compare(decoded: object, plain: object, length: number): void {
  const said = new Map<string, unknown>(Object.entries(decoded));
  for (const [name, get] of gettersOf(decoded)) said.set(name, attempt(name, length, get));
  const unknown = said.get('unknown');
  if (Array.isArray(unknown) && unknown.length > 0) return;
  for (const [name, value] of Object.entries(plain)) {
    if (!said.has(name)) throw new Violation(`decode has no ${name}`);
    if (!isSame(said.get(name), value)) throw new Violation(`decode has another ${name}`);
  }
}

/** Whether two values say the same, whatever their classes; `undefined` is nothing. */
function isSame(one: unknown, other: unknown): boolean {
  const isPlain = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
  if (!isPlain(one) || !isPlain(other)) return isDeepStrictEqual(one, other);
  const said = new Map<string, unknown>(Object.entries(one));
  for (const [name, get] of gettersOf(one)) said.set(name, get());
  const names = new Set([...said.keys(), ...Object.keys(other)]);
  const others = new Map<string, unknown>(Object.entries(other));
  return [...names].every((name) => isSame(said.get(name), others.get(name)));
}

function checkPlain(
  codec: FamilyCodec,
  message: NetlinkMessage,
  endian: Endian,
  plain: object,
): void {
  const { type, body } = message;
  checkSize(plain, body, 'decodeRequest');
  const header = { flags: 0, sequence: 0 };
  const like = encoded(body, () => codec.encode(type, plain, { ...header, like: message }, endian));
  if (like !== undefined && !isDeepStrictEqual(like.slice(HEADER), body.slice())) {
    throw new Violation('a message like itself is another');
  }
  const written = encoded(body, () => codec.encode(type, plain, header, endian));
  if (written === undefined) return;
  checkSame(codec, type, written, endian, plain, 'encoded and decoded');
  if (hasUnknown(plain)) return;
  const other = endian === 'little' ? 'big' : 'little';
  const turned = codec.encode(type, plain, header, other);
  checkSame(codec, type, turned, other, plain, 'encoded and decoded in the other byte order');
}

/** What is not UTF-8 grows when it is written, up to more than an attribute can hold. */
function encoded(body: Uint8Array, run: () => Uint8Array): Uint8Array | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError && body.length > 0x4000 && 'code' in error) return undefined;
    throw new Violation(`encode threw ${String(error)}`, { cause: error });
  }
}

function checkSame(
  codec: FamilyCodec,
  type: number,
  bytes: Uint8Array,
  endian: Endian,
  plain: object,
  what: string,
): void {
  const message = { type, flags: 0, sequence: 0, portId: 0, body: bytes.subarray(HEADER) };
  let again: object;
  try {
    again = codec.decodeRequest(message, endian);
  } catch (error) {
    throw new Violation(`${what}: refused`, { cause: error });
  }
  if (!isDeepStrictEqual(again, plain)) throw new Violation(`${what}: another value`);
}

/** Whether anywhere in it there are attributes that are kept as bytes, in the order that they had. */
function hasUnknown(value: unknown): boolean {
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const one = todo.pop();
    if (typeof one !== 'object' || one === null || one instanceof Uint8Array) continue;
    if ('raw' in one || 'unknown' in one) return true;
    todo.push(...Object.values(one));
  }
  return false;
}
