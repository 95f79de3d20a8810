/**
 * Encoder and decoders of a family, found by its table: those of a new family are there at once.
 *
 * @module
 */

import type fc from 'fast-check';

import * as netlink from '../../packages/netlink/src/index.ts';
import type { Endian, NetlinkMessage, RequestHeader } from '../../packages/netlink/src/index.ts';
import type { Family } from '../nlgen/table.ts';
import { requestOf } from './arbitrary.ts';

/** The constants and functions of the package, by name. */
const everything: Readonly<Record<string, unknown>> = netlink;

/** Functions of a family. */
export interface FamilyCodec {
  readonly table: Family;
  readonly decode: (message: NetlinkMessage, endian: Endian) => object;
  readonly decodeRequest: (message: NetlinkMessage, endian: Endian) => object;
  readonly encode: (
    type: number,
    request: object,
    header: RequestHeader,
    endian: Endian,
  ) => Uint8Array;
  /** Numbers of messages that `decode` takes, and of those that only the others take. */
  readonly events: readonly number[];
  readonly requests: readonly number[];
}

export function codecOf(table: Family): FamilyCodec {
  const { noun, messages } = table;
  const decode = functionOf(`decode${noun}`);
  const decodeRequest = functionOf(`decode${noun}Request`);
  const encode = functionOf(`encode${noun}`);
  return {
    table,
    decode: (...given) => object(decode(...given)),
    decodeRequest: (...given) => object(decodeRequest(...given)),
    encode: (...given) => {
      const bytes = encode(...given);
      if (!(bytes instanceof Uint8Array)) throw new Error('not bytes');
      return bytes;
    },
    events: Object.keys(messages.events).map(numberOf),
    requests: messages.requests.map(numberOf),
  };
}

/** Arbitrary requests of a family, of any command in generic netlink. */
export function arbitraryRequest({ table, events, requests }: FamilyCodec): fc.Arbitrary<object> {
  return requestOf(table, table.messages.generic === true ? [...events, ...requests] : []);
}

/** Whether a message is one of the family; `event`: also one that `decode` takes. */
export function kindOf(
  { table, events, requests }: FamilyCodec,
  { type, body }: NetlinkMessage,
): 'event' | 'request' | undefined {
  const number = table.messages.generic === true ? (body[0] ?? -1) : type;
  if (events.includes(number)) return 'event';
  return requests.includes(number) ? 'request' : undefined;
}

function functionOf(name: string): (...given: readonly unknown[]) => unknown {
  const found = everything[name];
  if (typeof found !== 'function') throw new Error(`@rtap/netlink has no function ${name}`);
  return (...given) => Reflect.apply(found, undefined, given) as unknown;
}

function numberOf(name: string): number {
  const found = everything[name];
  if (typeof found !== 'number') throw new Error(`@rtap/netlink has no constant ${name}`);
  return found;
}

function object(value: unknown): object {
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  return value;
}
