import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeLink,
  decodeLinkState,
  encodeLink,
  IFF_UP,
  MalformedError,
  messages,
  NLMSG_DONE,
  RTM_DELLINK,
  RTM_GETLINK,
  RTM_NEWLINK,
  type Endian,
  type LinkRequest,
  type LinkStateMessage,
  type NetlinkMessage,
} from '../src/index.ts';
import { recorded } from './golden.ts';

const links = recorded('link').filter(({ type }) => type === RTM_NEWLINK || type === RTM_DELLINK);

/** The same, by the decoder of everything. */
function picked(message: NetlinkMessage, endian: Endian): LinkStateMessage {
  const { event, family, index, flags, name, mtu, address, ...rest } = decodeLink(message, endian);
  const { operState, carrier, carrierChanges, newNetnsId, newIndex } = rest;
  const who = { event, family, index, flags, name, mtu, address };
  return { ...who, operState, carrier, carrierChanges, newNetnsId, newIndex };
}

function only(type: number, request: LinkRequest, endian: Endian = 'little'): NetlinkMessage {
  const [message] = messages(encodeLink(type, request, { flags: 0, sequence: 0 }, endian), endian);
  return message ?? expect.unreachable();
}

describe('decodeLinkState', () => {
  it('says what decodeLink says, of all recorded messages', () => {
    expect(links.length).toBeGreaterThan(100);
    for (const message of links) {
      expect({ ...decodeLinkState(message, 'little') }).toEqual(picked(message, 'little'));
    }
    const said = links.map((message) => decodeLinkState(message, 'little'));
    for (const name of [
      'event',
      'name',
      'mtu',
      'operState',
      'carrier',
      'carrierChanges',
    ] as const) {
      expect(new Set(said.map((link) => link[name])).size).toBeGreaterThan(1);
    }
  });

  it.each(['little', 'big'] as const)('reads each of its properties, in %s endian', (endian) => {
    const link = {
      family: 7,
      index: 0x1234_5678,
      flags: IFF_UP,
      name: 'rtap0',
      mtu: 0x9000_0001,
      address: Uint8Array.of(2, 0, 0, 0, 0, 1),
      operState: 'lowerLayerDown',
      carrier: true,
      carrierChanges: 0xffff_fffe,
      newNetnsId: -1,
      newIndex: 9,
    } as const;
    const state = decodeLinkState(only(RTM_DELLINK, link, endian), endian);
    expect({ ...state }).toEqual({ event: 'delete', ...link });
  });

  it('leaves out what is not told', () => {
    const state = decodeLinkState(only(RTM_NEWLINK, { index: 1 }), 'little');
    expect({ ...state }).toEqual({ event: 'new', family: 0, index: 1, flags: 0 });
  });

  it('hands out a view of the address', () => {
    const address = Uint8Array.of(2, 0, 0, 0, 0, 1);
    const message = only(RTM_NEWLINK, { index: 1, address });
    expect(decodeLinkState(message, 'little').address?.buffer).toBe(message.body.buffer);
  });

  it('refuses what is no link message', () => {
    const error = expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' });
    for (const type of [RTM_GETLINK, NLMSG_DONE, 20]) {
      const message = { ...only(RTM_NEWLINK, { index: 1 }), type };
      expect(() => decodeLinkState(message, 'little')).toThrow(error);
    }
  });

  it('agrees with decodeLink about broken messages, unless what is broken is none of its', () => {
    const change = fc.tuple(fc.nat(4096), fc.integer({ min: 0, max: 255 }));
    let agreed = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...links),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.constantFrom<Endian>('little', 'big'),
        fc.nat(4096),
        (message, changes, endian, cut) => {
          const body = message.body.slice(0, cut % 3 === 0 ? cut : undefined);
          for (const [at, value] of changes) if (body.length > 0) body[at % body.length] = value;
          const broken = { ...message, body };
          let state: LinkStateMessage;
          try {
            state = decodeLinkState(broken, endian);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
            expect(() => decodeLink(broken, endian)).toThrow(MalformedError);
            refused += 1;
            return;
          }
          let all: LinkStateMessage;
          try {
            all = picked(broken, endian);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
            return;
          }
          expect({ ...state }).toEqual(all);
          agreed += 1;
        },
      ),
      { numRuns: 3000 },
    );
    expect(agreed).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });
});
