/**
 * What holds for every family: exactness, and what hostile bytes may do.
 *
 * @module
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MalformedError,
  MessageWriter,
  messages,
  type Endian,
  type NetlinkMessage,
  type RequestHeader,
} from '../src/index.ts';

/** The functions of a family, and recorded messages of it. */
export interface Family<Message extends Request, Request extends object> {
  readonly decode: (message: NetlinkMessage, endian?: Endian) => Message;
  readonly decodeRequest: (message: NetlinkMessage, endian?: Endian) => Request;
  readonly encode: (
    type: number,
    request: Request,
    header: RequestHeader,
    endian?: Endian,
  ) => Uint8Array;
  /** Messages of the family that decode, little-endian. */
  readonly recorded: readonly NetlinkMessage[];
}

/** The messages of these types in recorded datagrams. */
export function recordedMessages(
  datagrams: readonly Uint8Array[],
  types: readonly number[],
): NetlinkMessage[] {
  return datagrams
    .flatMap((datagram) => [...messages(datagram, 'little')])
    .filter(({ type }) => types.includes(type));
}

/** The first message of a datagram. */
export function firstMessage(datagram: Uint8Array, endian: Endian = 'little'): NetlinkMessage {
  const [message] = messages(datagram, endian);
  if (message === undefined) throw new Error('no message');
  return message;
}

/** An address as text: IPv4 with dots, IPv6 as RFC 5952 wants it, others as a link layer's. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
  }
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  // The URL parser writes IPv6 addresses as RFC 5952 wants it.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Tests that recorded messages come out as they went in, and that others do no harm. */
export function testFamily<Message extends Request, Request extends object>(
  name: string,
  { decode, decodeRequest, encode, recorded }: Family<Message, Request>,
): void {
  /** Decodes in both ways and encodes what came out; tells how often bytes were refused. */
  function survive(message: NetlinkMessage, endian: Endian): number {
    let refused = 0;
    for (const read of [decode, decodeRequest]) {
      try {
        encode(message.type, read(message, endian), { flags: 0, sequence: 0 }, endian);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        expect(error.offset).toBeGreaterThanOrEqual(0);
        refused += 1;
      }
    }
    return refused;
  }

  describe(`${name}: exact and safe`, () => {
    it('writes recorded messages as they were, also from plain objects', () => {
      expect(recorded.length).toBeGreaterThan(0);
      for (const message of recorded) {
        const { type, flags, sequence, portId, body } = message;
        const header = { flags, sequence, portId };
        const whole = new MessageWriter('little').begin(type, flags, sequence, portId).bytes(body);
        const bytes = whole.finish();
        expect(encode(type, decode(message, 'little'), header, 'little')).toEqual(bytes);
        // The kernel and iproute2 do not always agree on NLA_F_NESTED, the meaning stays.
        const plain = decodeRequest(message, 'little');
        const again = firstMessage(encode(type, plain, header, 'little'));
        expect(decodeRequest(again, 'little')).toEqual(plain);
        const big = firstMessage(encode(type, plain, header, 'big'), 'big');
        expect(decodeRequest(big, 'big')).toEqual(plain);
        const like = encode(type, plain, { ...header, like: message }, 'little');
        expect(like).toEqual(bytes);
      }
    });

    it('refuses every prefix that cuts an attribute, and nothing else happens', () => {
      let refused = 0;
      for (const message of recorded) {
        for (let length = 0; length < message.body.length; length += 1) {
          refused += survive({ ...message, body: message.body.subarray(0, length) }, 'little');
        }
      }
      expect(refused).toBeGreaterThan(recorded.length);
    });

    it('survives every byte set to 0, 1, 2 and 255', () => {
      let refused = 0;
      for (const message of recorded.slice(0, 40)) {
        const body = message.body.slice();
        for (const [at, byte] of message.body.entries()) {
          for (const value of [0, 1, 2, 255]) {
            body[at] = value;
            // A changed command of generic netlink is another message, which is the caller's error.
            if (isOther(message, body)) continue;
            refused += survive({ ...message, body }, 'little');
          }
          body[at] = byte;
        }
      }
      expect(refused).toBeGreaterThan(0);
    });

    it('survives any changes, in both byte orders', () => {
      const change = fc.tuple(fc.nat(4096), fc.integer({ min: 0, max: 255 }));
      fc.assert(
        fc.property(
          fc.constantFrom(...recorded),
          fc.array(change, { minLength: 1, maxLength: 8 }),
          fc.constantFrom<Endian>('little', 'big'),
          (message, changes, endian) => {
            const body = message.body.slice();
            for (const [at, value] of changes) body[at % body.length] = value;
            if (!isOther(message, body)) survive({ ...message, body }, endian);
          },
        ),
      );
    });
  });

  function isOther(message: NetlinkMessage, body: Uint8Array): boolean {
    return message.type >= 0x10 && isGeneric(name) && body[0] !== message.body[0];
  }
}

function isGeneric(name: string): boolean {
  return name.startsWith('generic netlink');
}
